import type { z } from '@hono/zod-openapi'
import type { FieldError } from './problem.ts'

/** A JSON Pointer (RFC 6901) along these names. */
export const pointerOf = (...names: readonly string[]): string =>
  names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** What does not fit its shape, field by field. */
export const faultsIn = ({ issues }: Pick<z.ZodError, 'issues'>): FieldError[] =>
  issues.flatMap((issue) => {
    const path = issue.path.map(String)
    const places = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path]
    return places.map((names) => ({ pointer: pointerOf(...names), detail: issue.message }))
  })
