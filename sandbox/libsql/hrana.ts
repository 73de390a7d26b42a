import { z } from 'zod'
import { SqlError } from './database.ts'
import type { Connection, Stmt, StmtResult } from './database.ts'

/** Hrana 2 over HTTP ("The Hrana protocol specification, version 2", HTTP): the streams of one server, and what is asked of them. */

const Value = z.discriminatedUnion('type', [
  z.object({ type: z.literal('null') }),
  z.object({ type: z.literal('integer'), value: z.string().regex(/^-?\d+$/) }),
  z.object({ type: z.literal('float'), value: z.number() }),
  z.object({ type: z.literal('text'), value: z.string() }),
  z.object({ type: z.literal('blob'), base64: z.string() }),
])
const Text = { sql: z.string().nullish(), sql_id: z.number().int().nullish() }
const Stmt = z.object({
  ...Text,
  args: z.array(Value).default([]),
  named_args: z.array(z.object({ name: z.string(), value: Value })).default([]),
  want_rows: z.boolean().default(true),
})
type Condition =
  | { type: 'ok' | 'error'; step: number }
  | { type: 'not'; cond: Condition }
  | { type: 'and' | 'or'; conds: Condition[] }
const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.object({ type: z.enum(['ok', 'error']), step: z.number().int() }),
    z.object({ type: z.literal('not'), cond: Condition }),
    z.object({ type: z.enum(['and', 'or']), conds: z.array(Condition) }),
  ]),
)
const Batch = z.object({ steps: z.array(z.object({ condition: Condition.nullish(), stmt: Stmt })) })
const StreamRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('close') }),
  z.object({ type: z.literal('execute'), stmt: Stmt }),
  z.object({ type: z.literal('batch'), batch: Batch }),
  z.object({ type: z.literal('sequence'), ...Text }),
  z.object({ type: z.literal('store_sql'), sql_id: z.number().int(), sql: z.string() }),
  z.object({ type: z.literal('close_sql'), sql_id: z.number().int() }),
])
type StreamRequest = z.infer<typeof StreamRequest>
export const Pipeline = z.object({ baton: z.string().nullish(), requests: z.array(StreamRequest) })

type Failure = { message: string; code: string }
type BatchResult = { step_results: (StmtResult | null)[]; step_errors: (Failure | null)[] }
type StreamResult = { type: 'ok'; response: object } | { type: 'error'; error: Failure }

/** A baton that names no stream: it was closed, or is of another server. */
export class NoSuchStream extends Error {}

type Stream = { connection: Connection; texts: Map<number, string> }

/** Streams keep a connection while they are open; one that is closed gives it back, without what it had not committed. */
export class Streams {
  readonly #open: () => Connection
  readonly #idle: Connection[] = []
  readonly #streams = new Map<string, Stream>()

  constructor(open: () => Connection) {
    this.#open = open
  }

  /** Answers a pipeline: each request in its turn, also after one that failed. */
  answer({ baton, requests }: z.infer<typeof Pipeline>): {
    baton: string | null
    base_url: null
    results: StreamResult[]
  } {
    const stream = baton == null ? { connection: this.#take(), texts: new Map() } : this.#resumed(baton)
    let isOpen = true
    const results = requests.map((request) => {
      if (request.type !== 'close') return resultOf(stream, request)
      isOpen = false
      return { type: 'ok' as const, response: { type: 'close' } }
    })
    if (!isOpen) {
      this.#giveBack(stream.connection)
      return { baton: null, base_url: null, results }
    }
    const next = crypto.randomUUID()
    this.#streams.set(next, stream)
    return { baton: next, base_url: null, results }
  }

  close(): void {
    for (const { connection } of this.#streams.values()) connection.close()
    for (const connection of this.#idle) connection.close()
    this.#streams.clear()
    this.#idle.length = 0
  }

  #take(): Connection {
    return this.#idle.pop() ?? this.#open()
  }

  /** Each baton is good for one request. */
  #resumed(baton: string): Stream {
    const stream = this.#streams.get(baton)
    if (stream === undefined) throw new NoSuchStream('This baton names no stream.')
    this.#streams.delete(baton)
    return stream
  }

  #giveBack(connection: Connection): void {
    if (!connection.isAutocommit) connection.run('rollback')
    this.#idle.push(connection)
  }
}

const resultOf = (stream: Stream, request: Exclude<StreamRequest, { type: 'close' }>): StreamResult => {
  try {
    return { type: 'ok', response: responseTo(stream, request) }
  } catch (error) {
    return { type: 'error', error: failureIn(error) }
  }
}

const responseTo = ({ connection, texts }: Stream, request: Exclude<StreamRequest, { type: 'close' }>): object => {
  switch (request.type) {
    case 'execute':
      return { type: 'execute', result: connection.execute(statementIn(request.stmt, texts)) }
    case 'batch':
      return { type: 'batch', result: batchResult(connection, request.batch, texts) }
    case 'sequence':
      connection.run(textIn(request, texts))
      return { type: 'sequence' }
    case 'store_sql':
      texts.set(request.sql_id, request.sql)
      return { type: 'store_sql' }
    case 'close_sql':
      texts.delete(request.sql_id)
      return { type: 'close_sql' }
  }
}

/** Steps whose condition does not hold are left out; one that fails stops none of the others by itself. */
const batchResult = (connection: Connection, { steps }: z.infer<typeof Batch>, texts: Stream['texts']): BatchResult => {
  const results: BatchResult['step_results'] = []
  const errors: BatchResult['step_errors'] = []
  const holds = (condition: Condition): boolean => {
    switch (condition.type) {
      case 'ok':
        return results[condition.step] != null
      case 'error':
        return errors[condition.step] != null
      case 'not':
        return !holds(condition.cond)
      case 'and':
        return condition.conds.every(holds)
      case 'or':
        return condition.conds.some(holds)
    }
  }
  for (const { condition, stmt } of steps) {
    let result: StmtResult | null = null
    let error: Failure | null = null
    if (condition == null || holds(condition)) {
      try {
        result = connection.execute(statementIn(stmt, texts))
      } catch (failed) {
        error = failureIn(failed)
      }
    }
    results.push(result)
    errors.push(error)
  }
  return { step_results: results, step_errors: errors }
}

const statementIn = (
  { args, named_args: namedArgs, want_rows: wantRows, ...text }: z.infer<typeof Stmt>,
  texts: Stream['texts'],
): Stmt => ({
  sql: textIn(text, texts),
  args,
  namedArgs,
  wantRows,
})

const textIn = (
  of: { sql?: string | null | undefined; sql_id?: number | null | undefined },
  texts: Stream['texts'],
): string => {
  const sql = of.sql ?? texts.get(of.sql_id ?? -1)
  if (sql === undefined) throw new SqlError('There is no SQL text of this id.', 'SQL_NOT_FOUND')
  return sql
}

const failureIn = (error: unknown): Failure => {
  if (error instanceof SqlError) return { message: error.message, code: error.code }
  throw error
}
