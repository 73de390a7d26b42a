import { inArray } from 'drizzle-orm'
import { expect } from 'vitest'
import type { Shard } from '../../db/connect.ts'
import { customers, jobs } from '../../db/shard/schema.ts'
import { consume } from '../work.ts'
import { now } from '../clock.ts'
import type { Environment } from '../env.ts'
import { ADMIN, bodyOf, call, environment, newMsp, newStaff } from './stage.ts'
import type { StagedMsp } from './stage.ts'

export const path = '/api/msp-portal/customer-imports'

export type Shown = {
  id: string
  state: string
  fileName: string
  encoding: string | null
  delimiter: string | null
  columns: { heading: string; kind: string; field: string | null; samples: string[] }[]
  rowCount: number | null
  counts: Record<'create' | 'update' | 'unchanged' | 'skip' | 'error', number>
  progress: { done: number; total: number | null } | null
  isRecheck: boolean
  trouble: string | null
  undoLeftCount: number
  undoGoneCount: number
  undoableUntil: string | null
}
export type ShownRow = {
  id: string
  line: number
  decision: string
  values: Record<string, string>
  customer: { id: string; name: string } | null
  changes: { field: string; before: unknown; after: unknown }[]
  errors: { field: string | null; column: string | null; line: number; reason: string; sameAsLine: number | null }[]
  candidates: { id: string; name: string }[]
  undoing: string | null
  undoReason: string | null
  version: number
}
export type Detail = { detail: string; errors?: { pointer: string; detail: string }[] }

/** An MSP with an admin who imports. The queue is held by the test's file: jobs run when it says so. */
export const newScene = async (given?: StagedMsp) => {
  const msp = given ?? (await newMsp())
  const admin = await newStaff(msp, 'admin')
  const ask = (method: string, below = '', body?: unknown, headers: Record<string, string> = {}) =>
    call(ADMIN, method, `${path}${below}`, { as: admin, headers, ...(body === undefined ? {} : { body }) })

  const begin = async (fileName = 'customers.csv') => {
    const answer = await ask('POST', '', { fileName })
    expect(answer.status).toBe(201)
    return (await bodyOf<Shown>(answer)).id
  }
  const send = (id: string, file: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
    const raw = typeof file === 'string' ? Uint8Array.from(new TextEncoder().encode(file)) : file
    return call(ADMIN, 'PUT', `${path}/${id}/file`, {
      as: admin,
      raw,
      headers: { 'content-type': 'text/csv', 'content-length': String(raw.byteLength), ...headers },
    })
  }
  const uploaded = async (file: string | Uint8Array<ArrayBuffer>, fileName?: string) => {
    const id = await begin(fileName)
    const answer = await send(id, file)
    expect(answer.status, await answer.clone().text()).toBe(200)
    return bodyOf<Shown>(answer)
  }
  /** Has the rows checked with the columns as they were guessed. */
  const check = async ({ id, columns }: Shown) => {
    const answer = await ask('PUT', `/${id}/columns`, { columns: columns.map(({ field }) => field) })
    expect(answer.status, await answer.clone().text()).toBe(202)
  }
  const read = async (id: string) => bodyOf<Shown>(await ask('GET', `/${id}`))
  const rows = async (id: string, query = '') =>
    (await bodyOf<{ items: ShownRow[] }>(await ask('GET', `/${id}/rows?limit=200${query}`))).items
  const checked = async (file: string | Uint8Array<ArrayBuffer>) => {
    const shown = await uploaded(file)
    await check(shown)
    await work(msp)
    return read(shown.id)
  }
  const run = async (id: string) => {
    const answer = await ask('POST', `/${id}/run`)
    expect(answer.status, await answer.clone().text()).toBe(202)
    await work(msp)
    return read(id)
  }
  return {
    msp,
    admin,
    ask,
    begin,
    send,
    uploaded,
    check,
    read,
    rows,
    checked,
    run,
    imported: async (file: string) => run((await checked(file)).id),
    undo: async (id: string) => {
      const answer = await ask('PUT', `/${id}/reversal`)
      expect(answer.status, await answer.clone().text()).toBe(202)
      await work(msp)
      return read(id)
    },
    refusal: async (answer: Response) => ({ status: answer.status, detail: (await bodyOf<Detail>(answer)).detail }),
    names: async () => (await msp.scope.list(customers, { orderBy: [customers.sortName] })).map(({ name }) => name),
  }
}
export type Scene = Awaited<ReturnType<typeof newScene>>

/** Runs what waits for this MSP, turn after turn, to the end. */
export const work = async ({ mspId, shard, scope }: StagedMsp, on: Environment = environment): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) {
    const open = await scope.list(jobs, { where: inArray(jobs.state, ['waiting', 'running']) })
    const due = open.filter(({ dueAt, leaseUntil }) => dueAt <= now() && (leaseUntil ?? 0) < now())
    if (due.length === 0) return
    for (const { id } of due) {
      const later: Promise<unknown>[] = []
      await consume(on, { shard, mspId, jobId: id }, (more) => later.push(more()))
      await Promise.all(later)
    }
  }
  throw new Error('The work goes on and on.')
}

/** The environment with another shard in place of this MSP's own. */
export const environmentWith = ({ shard: own }: StagedMsp, wrap: (shard: Shard) => Shard): Environment => ({
  ...environment,
  shards: new Map([...environment.shards].map(([name, shard]) => [name, name === own ? wrap(shard) : shard])),
})
