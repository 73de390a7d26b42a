import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@libsql/client/web'
import { inRoot } from './paths.mjs'
import { Refusal } from './words.mjs'

/** Which folder of migrations each database follows; the names are the bindings in wrangler.toml. */
export const databaseRoles = /** @type {const} */ ({ DIRECTORY: 'directory', SHARD_1: 'shard', SHARD_2: 'shard' })

/** @typedef {keyof typeof databaseRoles} DatabaseName */

/** @type {DatabaseName[]} */
export const databaseNames = ['DIRECTORY', 'SHARD_1', 'SHARD_2']

// Word for word wrangler's own table, so that `wrangler d1 migrations list` and this runner agree about what was applied.
const createTable =
  'create table if not exists d1_migrations(id integer primary key autoincrement, name text unique, applied_at timestamp default current_timestamp not null)'

/**
 * Brings one local database up to date. Each migration is one batch together with its own record: it happens whole or not at all.
 * @param {import('./system.mjs').LocalDatabase} database
 * @param {DatabaseName} name
 * @param {string} folder the state folder, where the text that was applied is remembered
 * @returns {Promise<string[]>} the names of the migrations that were applied
 */
export async function migrate(database, name, folder) {
  const memory = join(folder, 'state', 'migrations.json')
  /** @type {Record<string, string>} */
  const prints = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {}
  await database.prepare(createTable).run()
  const { results } = await database.prepare('select name from d1_migrations').all()
  const applied = new Set(results.map((row) => String(row['name'])))
  const known = migrationsOf(databaseRoles[name])
  const unknown = [...applied].filter((migration) => !known.some((each) => each.name === migration))
  if (unknown.length > 0) {
    throw new Refusal(
      `The local database ${name} has migrations this checkout does not know (${unknown.join(', ')}). Switch back, or forget the local data with: npm start -- --fresh`,
    )
  }
  const edited = known.find(
    (migration) =>
      applied.has(migration.name) &&
      (prints[`${name}/${migration.name}`] ?? fingerprint(migration.sql)) !== fingerprint(migration.sql),
  )
  if (edited !== undefined) {
    throw new Refusal(
      `Migration ${edited.name} has changed since the local database ${name} ran it. Forget the local data with: npm start -- --fresh`,
    )
  }
  const due = known.filter((migration) => !applied.has(migration.name))
  for (const migration of due) {
    try {
      // As one text: Miniflare blocks for each statement that is prepared, some five hundred times otherwise.
      await database.batch([database.prepare(`${migration.sql}\n${recordOf(migration)}`)])
    } catch (error) {
      throw new Refusal(
        `Migration ${migration.name} failed on ${name}: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  for (const { name: migration, sql } of known) prints[`${name}/${migration}`] = fingerprint(sql)
  writeFileSync(memory, JSON.stringify(prints, null, 2))
  return due.map((migration) => migration.name)
}

/**
 * Brings a shard behind a libSQL server up to date, by the same record. Each migration is one transaction of the server's.
 * @param {string} name
 * @param {{ url: string, authToken?: string }} address
 * @returns {Promise<string[]>} the names of the migrations that were applied
 */
export async function migrateLibsql(name, address) {
  const client = createClient(address)
  try {
    await client.execute(createTable)
    const { rows } = await client.execute('select name from d1_migrations')
    const applied = new Set(rows.map((row) => row['name']))
    const due = migrationsOf('shard').filter((migration) => !applied.has(migration.name))
    for (const migration of due) {
      try {
        await client.executeMultiple(`begin immediate;\n${migration.sql}\n${recordOf(migration)}\ncommit;`)
      } catch (error) {
        throw new Refusal(
          `Migration ${migration.name} failed on ${name}: ${error instanceof Error ? error.message : String(error)}`,
        )
      }
    }
    return due.map((migration) => migration.name)
  } finally {
    client.close()
  }
}

/** @param {{ name: string }} migration */
const recordOf = ({ name }) => `insert into d1_migrations (name) values ('${name}');`

/** @param {string} sql */
export function fingerprint(sql) {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')
}

/** @param {'directory' | 'shard'} role */
export function migrationsOf(role) {
  const folder = inRoot('migrations', role)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }))
}
