import type { Client, InValue } from '@libsql/client'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import type { SqliteRemoteDatabase } from 'drizzle-orm/sqlite-proxy'

export type Statement = { sql: string; params: unknown[] }
export type StatementResult = { rows: unknown[][]; changedRowCount: number }

/**
 * One database that MSPs live in: D1 or libSQL, where the two drivers differ. Every call is one round trip.
 * `batch` is the only transaction there is: all statements or none, in order.
 */
export interface Shard {
  readonly name: string
  read(statement: Statement): Promise<unknown[][]>
  batch(statements: Statement[]): Promise<StatementResult[]>
}

/** The one drizzle type for both kinds of shard. */
export type Database = SqliteRemoteDatabase

/** A shard whose every statement is shown to `inspect` before it runs, which may throw. */
export const inspected = (shard: Shard, inspect: (statement: Statement) => void): Shard => ({
  name: shard.name,
  read: async (statement) => {
    inspect(statement)
    return shard.read(statement)
  },
  batch: async (statements) => {
    statements.forEach(inspect)
    return shard.batch(statements)
  },
})

/** A drizzle over a shard. */
export const databaseOver = (shard: Shard): Database =>
  drizzle(
    async (sql, params: unknown[], method) => {
      const rows = await shard.read({ sql, params })
      // drizzle wants the row itself for `get`; undefined, not an empty row, means that there is none.
      return { rows: method === 'get' ? (rows[0] as unknown[]) : rows }
    },
    async (queries) => {
      const results = await shard.batch(queries.map(({ sql, params }) => ({ sql, params: params as unknown[] })))
      return results.map(({ rows }, position) => ({
        rows: queries[position]?.method === 'get' ? (rows[0] as unknown[]) : rows,
      }))
    },
  )

export const d1Shard = (name: string, d1: D1Database): Shard => ({
  name,
  read: ({ sql, params }) =>
    told(() =>
      d1
        .prepare(sql)
        .bind(...params)
        .raw<unknown[]>(),
    ),
  batch: async (statements) => {
    const results = await told(() =>
      d1.batch<Record<string, unknown>>(statements.map(({ sql, params }) => d1.prepare(sql).bind(...params))),
    )
    return results.map(({ results: rows, meta }, position) => ({
      rows: rows.map((row) => inColumnOrder(row, statements[position]?.sql ?? '')),
      changedRowCount: meta.changes,
    }))
  },
})

export const libsqlShard = (name: string, client: Client): Shard => ({
  name,
  read: async ({ sql, params }) =>
    (await told(() => client.execute({ sql, args: params as InValue[] }))).rows.map((row) => Array.from(row)),
  batch: async (statements) => {
    const results = await told(() =>
      client.batch(
        statements.map(({ sql, params }) => ({ sql, args: params as InValue[] })),
        // Reads wait for no writer, nor make one wait.
        statements.every(isSelect) ? 'read' : 'write',
      ),
    )
    return results.map(({ rows, rowsAffected }, position) => ({
      rows: rows.map((row) => Array.from(row)),
      // The driver counts nothing for a write that returns its rows: there the rows are the count.
      changedRowCount: isSelect(statements[position]) ? 0 : Math.max(rowsAffected, rows.length),
    }))
  },
})

const isSelect = (statement: Statement | undefined): boolean => /^\s*select\b/i.test(statement?.sql ?? '')

/** A constraint that refused a statement, in words both drivers share. */
export class Refused extends Error {
  readonly kind: 'unique' | 'foreign_key' | 'guard' | 'append_only' | 'check'
  /** For `unique`: the columns, as `table.column`. */
  readonly columns: string[]

  constructor(kind: Refused['kind'], columns: string[], cause: unknown) {
    super(`The database refused it: ${kind} ${columns.join(', ')}`.trim(), { cause })
    this.name = 'Refused'
    this.kind = kind
    this.columns = columns
  }
}

const told = async <T>(run: () => Promise<T>): Promise<T> => {
  try {
    return await run()
  } catch (error) {
    throw refusalIn(error) ?? error
  }
}

const refusalIn = (error: unknown): Refused | undefined => {
  const text =
    error instanceof Error ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}` : ''
  const unique = /UNIQUE constraint failed: ([\w., ]+)/.exec(text)?.[1]
  if (unique !== undefined)
    return new Refused(
      'unique',
      unique.split(',').map((column) => column.trim().split(' ')[0] ?? ''),
      error,
    )
  if (text.includes('FOREIGN KEY constraint failed')) return new Refused('foreign_key', [], error)
  if (text.includes('append-only')) return new Refused('append_only', [], error)
  if (text.includes('malformed JSON')) return new Refused('guard', [], error)
  if (/(CHECK|NOT NULL) constraint failed/.test(text)) return new Refused('check', [], error)
  return undefined
}

/** D1 answers batches as objects: two columns of one name would melt into one, silently. */
const inColumnOrder = (row: Record<string, unknown>, sql: string): unknown[] => {
  const values = Object.values(row)
  const selected = columnCountOf(sql)
  if (selected !== undefined && selected !== values.length) {
    throw new Error(`A batched select names a column twice; give each an alias: ${sql}`)
  }
  return values
}

const counted = new Map<string, number | undefined>()

/** How many columns the outermost select list has; undefined when that cannot be told (`*`, no select). */
export const columnCountOf = (sql: string): number | undefined => {
  if (counted.has(sql)) return counted.get(sql)
  if (counted.size > 500) counted.clear()
  const count = countColumns(sql)
  counted.set(sql, count)
  return count
}

const countColumns = (sql: string): number | undefined => {
  const list = /^\s*select\s+(?:distinct\s+)?/i.exec(sql)
  if (list === null) return undefined
  let depth = 0
  let count = 1
  for (let position = list[0].length; position < sql.length; position += 1) {
    const character = sql[position] ?? ''
    if (character === "'" || character === '"') {
      position = sql.indexOf(character, position + 1)
      if (position < 0) return undefined
    } else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (depth === 0 && character === ',') count += 1
    else if (depth === 0 && character === '*') return undefined
    else if (depth === 0 && /\sfrom\s/iy.test(sql.slice(position, position + 6))) return count
  }
  return count
}
