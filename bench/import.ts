import { setTimeout as wait } from 'node:timers/promises'
import { atMost, told } from './budget.ts'
import type { Part } from './budget.ts'
import { mustCall } from './client.ts'
import type { Count } from './metered-worker.ts'
import { takeQueueCost } from './metered.ts'
import { newSecret, plantMsp, rows } from './population.ts'
import type { Msp } from './population.ts'
import { hosts } from './runtime.ts'
import type { Runtime } from './runtime.ts'

const rowCount = 10_000
const secondsMax = 30
const waitSecondsMax = 240
const path = '/api/msp-portal/customer-imports'

type Shown = {
  id: string
  state: string
  trouble: string | null
  counts: { create: number; update: number; unchanged: number; error: number }
  columns: { field: string | null }[]
}
type Passed = { seconds: number; cost: Count; shown: Shown; progressCount: number }

/** A file of 10,000 customers, uploaded, checked and run; the same again, which changes nothing; and all of it undone. */
export const imports = async (runtime: Runtime, say: (line: string) => void): Promise<Part> => {
  const msp = await plantMsp(runtime, 'import', 100)
  const file = Buffer.from(csvOf(rowCount))
  const first = await importOnce(runtime, msp, file)
  say(`import of ${rowCount} customers: ${total(first).toFixed(1)} s`)
  expectCounts(first.run.shown, { create: rowCount })
  const [found] = await rows(
    await runtime.database('SHARD_1'),
    `select count(*) as found from customers where msp_id = ?`,
    msp.mspId,
  )
  if (found?.['found'] !== rowCount + 100)
    throw new Error(`There are ${String(found?.['found'])} customers after the import.`)
  const again = await checkOnce(runtime, msp, file)
  expectCounts(again.shown, { unchanged: rowCount })
  const undo = await pass(runtime, msp, first.run.shown.id, 'undo', 'undone')
  const statements = first.check.cost.statements + first.run.cost.statements
  return {
    lines: [
      atMost(
        `CSV import of ${rowCount} customers`,
        total(first),
        secondsMax,
        's',
        `check ${first.check.seconds.toFixed(1)} s, run ${first.run.seconds.toFixed(1)} s`,
      ),
      told('… rows per second, check and run together', Math.round(rowCount / total(first)).toString()),
      told('… D1 statements', String(statements), `${first.check.cost.calls + first.run.cost.calls} round trips`),
      told(
        '… rows written per customer',
        ((first.check.cost.rowsWritten + first.run.cost.rowsWritten) / rowCount).toFixed(1),
      ),
      told('… times that progress was seen to move', String(first.check.progressCount + first.run.progressCount)),
      told(
        'the same file again, all unchanged',
        `${again.seconds.toFixed(1)} s`,
        `${again.cost.statements} statements`,
      ),
      told('undoing it', `${undo.seconds.toFixed(1)} s`, `${undo.cost.statements} statements`),
    ],
    figures: { first, again, undo },
  }
}

const total = ({ check, run }: { check: Passed; run: Passed }): number => check.seconds + run.seconds

const csvOf = (count: number): string =>
  [
    'Name,E-mail,Phone,Address,Notes,PSA id',
    ...Array.from(
      { length: count },
      (_, at) =>
        `"Imported Dental ${at}, Ltd",office@imported${at}.example,01632 ${at},"${at} Mill Lane\nAshford",Backup runs at night,P${at}`,
    ),
    '',
  ].join('\r\n')

const importOnce = async (runtime: Runtime, msp: Msp, file: Buffer) => {
  const check = await checkOnce(runtime, msp, file)
  return { check, run: await pass(runtime, msp, check.shown.id, 'run', 'done') }
}

/** From the first request to the last row's decision. */
const checkOnce = async (runtime: Runtime, msp: Msp, file: Buffer): Promise<Passed> => {
  const ask = askerOf(runtime, msp)
  await takeQueueCost(runtime)
  const startedAt = performance.now()
  const { id } = await ask('POST', '', JSON.stringify({ fileName: 'customers.csv' }))
  const { columns } = await ask('PUT', `/${id}/file`, file, { 'content-type': 'text/csv' })
  await ask('PUT', `/${id}/columns`, JSON.stringify({ columns: columns.map(({ field }) => field) }))
  return until(runtime, msp, id, 'checked', startedAt)
}

const pass = async (runtime: Runtime, msp: Msp, id: string, verb: string, state: string): Promise<Passed> => {
  await takeQueueCost(runtime)
  const startedAt = performance.now()
  await askerOf(runtime, msp)('POST', `/${id}/${verb}`)
  return until(runtime, msp, id, state, startedAt)
}

const until = async (runtime: Runtime, msp: Msp, id: string, state: string, startedAt: number): Promise<Passed> => {
  const seen = new Set<string>()
  for (;;) {
    const shown = await askerOf(runtime, msp)('GET', `/${id}`)
    const seconds = (performance.now() - startedAt) / 1000
    if (shown.state === state) return { seconds, cost: await takeQueueCost(runtime), shown, progressCount: seen.size }
    if (shown.trouble !== null || seconds > waitSecondsMax)
      throw new Error(`The import is not ${state}: ${JSON.stringify({ ...shown, columns: [] })}`)
    seen.add(JSON.stringify(shown))
    await wait(250)
  }
}

const askerOf =
  (runtime: Runtime, msp: Msp) =>
  async (
    method: string,
    below: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Shown> => {
    const { body: answer } = await mustCall(runtime.client, {
      host: hosts.admin,
      path: `${path}${below}`,
      method,
      cookie: msp.staffCookie,
      headers: { ...headers, ...(method === 'POST' ? { 'idempotency-key': newSecret() } : {}) },
      ...(body === undefined ? {} : { body }),
    })
    return JSON.parse(answer.toString()) as Shown
  }

const expectCounts = ({ counts }: Shown, expected: Partial<Shown['counts']>): void => {
  for (const [name, count] of Object.entries(expected))
    if (Reflect.get(counts, name) !== count) throw new Error(`Expected ${count} to ${name}: ${JSON.stringify(counts)}`)
}
