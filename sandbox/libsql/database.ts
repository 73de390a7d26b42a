import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, StatementSync } from 'node:sqlite'

/** What Hrana calls a value: integers travel as text, since they have 64 bits. */
export type Value =
  | { type: 'null' }
  | { type: 'integer'; value: string }
  | { type: 'float'; value: number }
  | { type: 'text'; value: string }
  | { type: 'blob'; base64: string }

export type Stmt = {
  sql: string
  args: Value[]
  namedArgs: { name: string; value: Value }[]
  wantRows: boolean
}
export type StmtResult = {
  cols: { name: string; decltype: string | null }[]
  rows: Value[][]
  affected_row_count: number
  last_insert_rowid: string | null
}

/** What a statement fails with: SQLite's own words, and the name of its primary result code. */
export class SqlError extends Error {
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

const STATEMENT_COUNT_MAX = 500

/** One connection to a file, as a stream of Hrana has it. */
export class Connection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(file: string) {
    this.#database = new DatabaseSync(file)
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000')
  }

  execute({ sql, args, namedArgs, wantRows }: Stmt): StmtResult {
    return told(() => {
      const statement = this.#prepared(sql)
      const columns = statement.columns()
      const bound = args.map(fromValue)
      const names = Object.fromEntries(namedArgs.map(({ name, value }) => [name, fromValue(value)]))
      const before = this.#totalChanges()
      const rows = columns.length === 0 ? [] : (statement.all(names, ...bound) as unknown as unknown[][])
      if (columns.length === 0) statement.run(names, ...bound)
      const isChanged = this.#totalChanges() !== before
      return {
        cols: columns.map(({ name, type }) => ({ name, decltype: type })),
        rows: wantRows ? rows.map((row) => row.map(toValue)) : [],
        affected_row_count: isChanged ? Number(this.#one('select changes()')) : 0,
        last_insert_rowid: isChanged ? String(this.#one('select last_insert_rowid()')) : null,
      }
    })
  }

  /** Several statements, of which nobody reads what they answer. */
  run(sql: string): void {
    told(() => this.#database.exec(sql))
  }

  get isAutocommit(): boolean {
    return !this.#database.isTransaction
  }

  close(): void {
    this.#database.close()
  }

  #totalChanges(): unknown {
    return this.#one('select total_changes()')
  }

  #one(sql: string): unknown {
    return (this.#prepared(sql).get() as unknown as unknown[])[0]
  }

  #prepared(text: string): StatementSync {
    // What only libSQL knows: SQLite takes every transaction for one that may write until it does.
    const sql = text.replace(/^begin transaction readonly$/i, 'begin')
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    statement.setReturnArrays(true)
    statement.setReadBigInts(true)
    if (this.#statements.size >= STATEMENT_COUNT_MAX) this.#statements.clear()
    this.#statements.set(sql, statement)
    return statement
  }
}

const fromValue = (value: Value): SQLInputValue => {
  switch (value.type) {
    case 'null':
      return null
    case 'integer':
      return BigInt(value.value)
    case 'float':
    case 'text':
      return value.value
    case 'blob':
      return new Uint8Array(Buffer.from(value.base64, 'base64'))
  }
}

const toValue = (value: unknown): Value => {
  if (typeof value === 'bigint') return { type: 'integer', value: String(value) }
  if (typeof value === 'number') return { type: 'float', value }
  if (typeof value === 'string') return { type: 'text', value }
  // Hrana's base64 comes without the signs that fill it up.
  if (value instanceof Uint8Array)
    return { type: 'blob', base64: Buffer.from(value).toString('base64').replace(/=+$/, '') }
  return { type: 'null' }
}

/** SQLite's primary result codes ("Result and Error Codes"), as far as statements fail with them. */
const codes: Record<number, string> = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  13: 'SQLITE_FULL',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  25: 'SQLITE_RANGE',
}

const told = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const primary = ((error as { errcode?: number }).errcode ?? 1) & 0xff
    throw new SqlError(error.message, codes[primary] ?? 'SQLITE_UNKNOWN')
  }
}
