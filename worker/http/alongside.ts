import type { Context } from 'hono'
import type { Answers, Select } from '../tenancy/plan.ts'
import type { MspScope } from '../tenancy/scope.ts'

/** What a route reads in the session's own round trip. */
export type Reads = (msp: MspScope, parameters: Readonly<Record<string, string>>) => readonly Select[]

/**
 * What a write starts from, where its address alone says what that is: read together with the session, which saves a round
 * trip. It is asked before it is known who asks, so its answer is nothing until the route has let somebody in. Columns of one
 * select need names of their own.
 */
export const alongside = <const Selects extends readonly Select[]>(
  reads: (msp: MspScope, parameters: Readonly<Record<string, string>>) => Selects,
) => ({
  reads,
  in: (c: Context): Answers<Selects> => c.get(ALONGSIDE) as Answers<Selects>,
})

/** The name under which a request keeps what was read of it. */
export const ALONGSIDE = 'alongside'
