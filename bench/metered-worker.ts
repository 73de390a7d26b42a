// Runs in workerd, around the built product: every D1 binding is counted at its door, so nothing the product does to a
// database goes unseen. Exists in the bench alone; the product knows nothing of it.
import { AsyncLocalStorage } from 'node:async_hooks'
import product from './built-worker.js'
import type { Bindings, Context } from './built-worker.js'

export type Count = {
  /** Round trips: calls that went to a database, a batch being one. */
  calls: number
  /** Those of them that have come back. */
  answeredCalls: number
  /** Statements sent, each of a batch counted. */
  statements: number
  rowsRead: number
  rowsWritten: number
  /** What was sent, call by call; kept for requests only. */
  sent: { sql: string; params: unknown[] }[][]
}

type Meta = { rows_read: number; rows_written: number }
type Result = { results: Record<string, unknown>[]; meta: Meta }
type Statement = {
  bind(...params: unknown[]): Statement
  raw(): Promise<unknown[][]>
  all(): Promise<Result>
  run(): Promise<Result>
  first(column?: string): Promise<unknown>
}
type Database = {
  prepare(sql: string): Statement
  batch(statements: Statement[]): Promise<Result[]>
}

const current = new AsyncLocalStorage<Count>()
const fresh = (): Count => ({ calls: 0, answeredCalls: 0, statements: 0, rowsRead: 0, rowsWritten: 0, sent: [] })

/** What queue and cron did since they were last asked. */
const behind = { queue: fresh(), scheduled: fresh() }

/** What one request cost, told apart by when: for `calls` the answer waited. */
export type RequestCount = Count & {
  /** While the body of the answer was read. */ callsInBody: number
  callsLater: number
}

/** By the name that its answer carries, since what was sent is too long for a header; kept until it is asked for once. */
const requests = new Map<string, RequestCount>()

const note = (sent: { sql: string; params: unknown[] }[]): Count => {
  const count = current.getStore()
  if (count === undefined) throw new Error(`A statement outside of any handler: ${sent[0]?.sql ?? ''}`)
  count.calls += 1
  count.statements += sent.length
  if (count !== behind.queue && count !== behind.scheduled) count.sent.push(sent)
  return count
}

const back = <T>(count: Count, answer: T): T => {
  count.answeredCalls += 1
  return answer
}

const add = (count: Count, { rows_read: read, rows_written: written }: Meta) => {
  if (typeof read !== 'number' || typeof written !== 'number')
    throw new Error('D1 no longer tells rows read and written.')
  count.rowsRead += read
  count.rowsWritten += written
}

const insides = new WeakMap<Statement, { statement: Statement; sql: string; params: unknown[] }>()

const meteredStatement = (statement: Statement, sql: string, params: unknown[]): Statement => {
  const counted = async (): Promise<Result> => {
    const count = note([{ sql, params }])
    const result = back(count, await statement.all())
    add(count, result.meta)
    return result
  }
  const metered: Statement = {
    bind: (...values) => meteredStatement(statement.bind(...values), sql, values),
    all: counted,
    run: counted,
    raw: async () => {
      // raw() does not tell what it cost, and all() melts columns of one name; a plain read may be asked twice.
      if (!/^\s*(?:select|with)\b/i.test(sql)) throw new Error(`raw() with a statement that is no read: ${sql}`)
      const count = note([{ sql, params }])
      const rows = back(count, await statement.raw())
      add(count, (await statement.all()).meta)
      return rows
    },
    first: async (column) => {
      const [row] = (await counted()).results
      return row === undefined ? null : column === undefined ? row : row[column]
    },
  }
  insides.set(metered, { statement, sql, params })
  return metered
}

const metered = (database: Database): Database => {
  const known: Database = {
    prepare: (sql) => meteredStatement(database.prepare(sql), sql, []),
    batch: async (statements) => {
      const inside = statements.map((each) => {
        const found = insides.get(each)
        if (found === undefined) throw new Error('A statement that was prepared elsewhere.')
        return found
      })
      const count = note(inside.map(({ sql, params }) => ({ sql, params })))
      const results = back(count, await database.batch(inside.map(({ statement }) => statement)))
      for (const { meta } of results) add(count, meta)
      return results
    },
  }
  return new Proxy(known, {
    get: (target, name) => {
      // What is not counted must not work either: otherwise the figures would be too good.
      if (name === 'prepare') return target.prepare
      if (name === 'batch') return target.batch
      throw new Error(`The meter does not know D1's ${String(name)}.`)
    },
  })
}

/** One set of bindings for the life of the isolate: the product keeps what it learned by their identity. */
const meteredBindings = new WeakMap<Bindings, Bindings>()
const bindingsOf = (bindings: Bindings): Bindings => {
  const known = meteredBindings.get(bindings)
  if (known !== undefined) return known
  const made = Object.fromEntries(
    Object.entries(bindings).map(([name, value]) => [
      name,
      name === 'DIRECTORY' || name.startsWith('SHARD_') ? metered(value as Database) : value,
    ]),
  )
  meteredBindings.set(bindings, made)
  return made
}

const taken = (name: string): Response => {
  const count = requests.get(name)
  requests.delete(name)
  return count === undefined ? new Response('No such request.', { status: 404 }) : Response.json(count)
}

export default {
  async fetch(request: Request, bindings: Bindings, context: Context): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/bench/meter') {
      const name = searchParams.get('request')
      if (name !== null) return taken(name)
      const told = Response.json(behind)
      if (request.method === 'DELETE') Object.assign(behind, { queue: fresh(), scheduled: fresh() })
      return told
    }
    const count = fresh()
    const later: Promise<unknown>[] = []
    const waiting = { waitUntil: (work: Promise<unknown>) => void later.push(work) }
    const response = await current.run(count, () => product.fetch(request, bindingsOf(bindings), waiting))
    // What has not come back by now, the answer did not wait for.
    const answered = count.answeredCalls
    // A streamed body may ask the database while it is read, on behalf of the same request.
    const body = await current.run(count, () => response.arrayBuffer())
    const read = count.answeredCalls
    await Promise.allSettled(later)
    context.waitUntil(Promise.resolve())
    const name = crypto.randomUUID()
    requests.set(name, { ...count, calls: answered, callsInBody: read - answered, callsLater: count.calls - read })
    const headers = new Headers(response.headers)
    headers.set('x-bench-request', name)
    const isEmpty = [101, 204, 205, 304].includes(response.status)
    return new Response(isEmpty ? null : body, { status: response.status, headers })
  },

  async queue(
    batch: { queue: string; messages: readonly unknown[] },
    bindings: Bindings,
    context: Context,
  ): Promise<void> {
    await current.run(behind.queue, () => product.queue(batch, bindingsOf(bindings), context))
  },

  async scheduled(event: unknown, bindings: Bindings, context: Context): Promise<void> {
    await current.run(behind.scheduled, () => product.scheduled(event, bindingsOf(bindings), context))
  },
}
