import { getTableConfig, SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import type { AnySQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { is, SQL } from 'drizzle-orm'

/** Names that hold what lets somebody in; what is kept of such a thing is a hash, or sealed. */
const SECRET_LOOKING = /secret|token|password|passphrase|verifier|nonce|credential|(^|_)(code|pin|otp|cookie)(_|$)/
/** Says which Worker holds a job; it opens nothing. */
const NO_SECRETS = new Set(['jobs.lease_token'])
/** A stored answer is kept for a day and keeps no customer from going; what was done to a customer outlives it. */
const NO_POINTERS = new Set(['idempotency_keys.customer_id', 'activities.customer_id'])
/** Their rows stay, so nobody has to look for those that point at them. */
const NEVER_GO = new Set(['staff'])
const POINTERS = new Set(['customer_id', 'tenant_id', 'staff_id', 'contact_id'])

/** What is wrong with how shard tables are declared, as sentences; nothing when a row can never leave its owner. */
export const shapeBreaches = (tables: SQLiteTable[]): string[] =>
  tables.flatMap((table) => {
    const { name, columns, foreignKeys, indexes, checks } = getTableConfig(table)
    const breaches: string[] = []
    const columnNames = columns.map((column) => column.name)
    const key = primaryKeyOf(table)
    if (key[0] !== 'msp_id') breaches.push(`${name} is not keyed by its MSP first.`)
    if (!key.includes('id')) breaches.push(`${name} has no id in its key.`)
    if (columnNames.includes('tenant_id') && columnNames.includes('customer_id'))
      breaches.push(`${name} hangs on a tenant and on a customer: a merge would have to rewrite it.`)
    if (checks.length > 0) breaches.push(`${name} has a check, which this comparison does not know.`)
    for (const column of columns) {
      const where = `${name}.${column.name}`
      const isSecret = column.getSQLType() === 'text' && SECRET_LOOKING.test(column.name) && !NO_SECRETS.has(where)
      if (isSecret && !/_(hash|sealed)$/.test(column.name)) breaches.push(`${where} looks like a secret kept as it is.`)
      if (column.isUnique) breaches.push(`${where} is unique among all MSPs.`)
      const isPointer = POINTERS.has(column.name) && !NO_POINTERS.has(where)
      if (isPointer && !foreignKeys.some((pointer) => pointer.reference().columns.includes(column)))
        breaches.push(`${where} points at nothing that the database checks.`)
    }
    if (name !== 'msps' && foreignKeys.length === 0) breaches.push(`${name} hangs on nothing.`)
    for (const pointer of foreignKeys) {
      const { columns: from, foreignColumns: to, foreignTable } = pointer.reference()
      const parent = getTableConfig(foreignTable)
      const told = `${name} → ${parent.name}`
      if (from[0]?.name !== 'msp_id' || to[0]?.name !== 'msp_id') breaches.push(`${told} may leave the MSP.`)
      const isBelowCustomer = parent.columns.some((column) => column.name === 'customer_id' && column.notNull)
      const carries = from.some((column, at) => column.name === 'customer_id' && to[at]?.name === 'customer_id')
      if (isBelowCustomer && columnNames.includes('customer_id') && !carries)
        breaches.push(`${told} may leave the customer.`)
      const leads = [key, ...indexes.filter(({ config }) => config.where === undefined).map(namesIn)]
      const wanted = from.at(-1)?.name ?? ''
      const isFound = NEVER_GO.has(parent.name) || leads.some((lead) => lead.slice(0, from.length).includes(wanted))
      // Whenever a row of the parent goes or changes hands, SQLite looks for those that point at it.
      if (!isFound) breaches.push(`${told} is looked for among all rows: no whole index begins with it.`)
      if (pointer.onDelete !== 'restrict') breaches.push(`${told} does not restrict deletion.`)
      if (pointer.onUpdate !== 'cascade') breaches.push(`${told} does not follow its parent.`)
    }
    for (const index of indexes) {
      const [first] = index.config.columns
      if (index.config.unique && (first === undefined || is(first, SQL) || first.name !== 'msp_id'))
        breaches.push(`${index.config.name} is unique among all MSPs.`)
    }
    return breaches
  })

const namesIn = ({ config }: { config: { columns: object[] } }): string[] =>
  config.columns.map((column) => ('name' in column ? String(column.name) : ''))

export type Shape = {
  name: string
  columns: { name: string; type: string; notNull: boolean; default: string | null }[]
  primaryKey: string[]
  indexes: { name: string; unique: boolean; columns: string[]; where: string | null }[]
  foreignKeys: { from: string[]; table: string; to: string[]; onDelete: string; onUpdate: string }[]
}

const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name)
const byText = (one: unknown, other: unknown) => JSON.stringify(one).localeCompare(JSON.stringify(other))

/** The tables as the code declares them. */
export const declaredShapes = (tables: SQLiteTable[]): Shape[] => {
  const dialect = new SQLiteSyncDialect()
  return tables
    .map((table) => {
      const { name, columns, foreignKeys, indexes } = getTableConfig(table)
      return {
        name,
        columns: columns.map((column) => ({
          name: column.name,
          type: column.getSQLType(),
          notNull: column.notNull,
          default: defaultOf(column),
        })),
        primaryKey: primaryKeyOf(table),
        indexes: indexes
          .map(({ config }) => ({
            name: config.name,
            unique: config.unique,
            columns: config.columns.map((column) => (is(column, SQL) ? dialect.sqlToQuery(column).sql : column.name)),
            where: config.where === undefined ? null : dialect.sqlToQuery(config.where).sql,
          }))
          .toSorted(byName),
        foreignKeys: foreignKeys
          .map((pointer) => {
            const { columns: from, foreignColumns: to, foreignTable } = pointer.reference()
            return {
              from: from.map((column) => column.name),
              table: getTableConfig(foreignTable).name,
              to: to.map((column) => column.name),
              onDelete: pointer.onDelete ?? 'no action',
              onUpdate: pointer.onUpdate ?? 'no action',
            }
          })
          .toSorted(byText),
      }
    })
    .toSorted(byName)
}

/** The tables as SQLite itself describes them after the migrations. */
export const migratedShapes = async (d1: D1Database): Promise<Shape[]> => {
  const all = async <T>(sql: string) => (await d1.prepare(sql).all<T>()).results
  const tables = await all<{ name: string }>(
    `select name from sqlite_schema where type = 'table' and name not glob 'sqlite_*' and name not glob '_cf_*' and name <> 'd1_migrations' order by name`,
  )
  const partial = new Map(
    (
      await all<{ name: string; sql: string }>(
        `select name, sql from sqlite_schema where type = 'index' and sql is not null`,
      )
    ).map(({ name, sql }) => [name, /\bwhere (.*)$/is.exec(sql)?.[1] ?? null]),
  )
  const shapes: Shape[] = []
  for (const { name } of tables) {
    const columns = await all<{ name: string; type: string; notnull: number; dflt_value: string | null; pk: number }>(
      `pragma table_xinfo("${name}")`,
    )
    const indexes = await all<{ name: string; unique: number; origin: string }>(`pragma index_list("${name}")`)
    const pointers = await all<{
      id: number
      seq: number
      table: string
      from: string
      to: string
      on_update: string
      on_delete: string
    }>(`pragma foreign_key_list("${name}")`)
    shapes.push({
      name,
      columns: columns.map((column) => ({
        name: column.name,
        type: column.type.toLowerCase(),
        notNull: column.notnull === 1,
        default: column.dflt_value,
      })),
      primaryKey: columns
        .filter(({ pk }) => pk > 0)
        .toSorted((one, other) => one.pk - other.pk)
        .map((column) => column.name),
      indexes: (
        await Promise.all(
          indexes
            .filter(({ origin }) => origin !== 'pk')
            .map(async (index) => ({
              name: index.name,
              unique: index.unique === 1,
              columns: (await all<{ name: string; coll: string; key: number }>(`pragma index_xinfo("${index.name}")`))
                .filter(({ key }) => key === 1)
                .map(({ name, coll }) => (coll === 'BINARY' ? name : `${name} collate ${coll.toLowerCase()}`)),
              where: partial.get(index.name) ?? null,
            })),
        )
      ).toSorted(byName),
      foreignKeys: [...new Set(pointers.map(({ id }) => id))]
        .flatMap((id) => {
          const parts = pointers.filter((part) => part.id === id).toSorted((one, other) => one.seq - other.seq)
          const [first] = parts
          if (first === undefined) return []
          return [
            {
              from: parts.map(({ from }) => from),
              table: first.table,
              to: parts.map(({ to }) => to),
              onDelete: first.on_delete.toLowerCase(),
              onUpdate: first.on_update.toLowerCase(),
            },
          ]
        })
        .toSorted(byText),
    })
  }
  return shapes
}

const primaryKeyOf = (table: SQLiteTable): string[] => {
  const { columns, primaryKeys } = getTableConfig(table)
  const [composite] = primaryKeys
  return (composite?.columns ?? columns.filter(({ primary }) => primary)).map(({ name }) => name)
}

const defaultOf = (column: AnySQLiteColumn): string | null => {
  const value: unknown = column.default
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return `'${JSON.stringify(value)}'`
}
