// Migrations run once on databases that hold people's data, so what may stand in them is checked before they are ever applied.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fingerprint, migrationsOf } from './migrations.mjs'
import { inRoot } from './paths.mjs'

/** The fingerprints of migrations that have left this checkout; see `sealMigrations`. */
const sealFile = inRoot('migrations', 'sealed.json')

const roles = /** @type {const} */ (['directory', 'shard'])

/** @typedef {{ name: string, sql: string }} Migration */

/**
 * @param {Migration[]} migrations in the order of their names
 * @returns {string[]} sentences, one per breach
 */
export function breachesIn(migrations) {
  return migrations.flatMap(({ name, sql }, position) => {
    const expected = String(position + 1).padStart(4, '0')
    return [
      ...(/^\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.sql$/.test(name)
        ? []
        : [`${name} is not named like 0002_what_it_is_for.sql.`]),
      ...(name.startsWith(expected) ? [] : [`${name} should carry the number ${expected}: no gaps, no duplicates.`]),
      ...forbiddenIn(sql, migrations).map((reason) => `${name} ${reason}`),
    ]
  })
}

/**
 * A table that nothing points at may be rebuilt: copied into a new one, dropped, and the new one given its name, all in one migration.
 * @param {string} code
 * @param {Migration[]} migrations
 */
function withoutRebuildsOfLeaves(code, migrations) {
  return code.replace(
    /\bdrop\s+table\s+"(\w+)"\s*;\s*alter\s+table\s+"\w+"\s+rename\s+to\s+"\1"\s*;/gi,
    (rebuild, table) =>
      migrations.some(({ sql }) => new RegExp(`\\breferences\\s+["\`\\[]?${table}\\b`, 'i').test(sql)) ? rebuild : '',
  )
}

/**
 * What SQLite answers with success while it deletes or orphans the children of a table (PRAGMA foreign_keys=OFF is ignored by D1).
 * @param {string} sql
 * @param {Migration[]} migrations
 */
function forbiddenIn(sql, migrations) {
  const written = sql.replace(/--.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '')
  const code = withoutRebuildsOfLeaves(written, migrations)
  const rules = /** @type {const} */ ([
    [/\bdrop\s+table\b/i, 'drops a table. Tables are left to rest: expand, then contract by no longer using them.'],
    [
      /\balter\s+table\s+\S+\s+rename\s+to\b/i,
      'renames a table, which is how a parent is rebuilt and its children lost.',
    ],
    [
      /\bpragma\s+(foreign_keys|defer_foreign_keys|legacy_alter_table|writable_schema)\b/i,
      'sets a PRAGMA that D1 ignores or that loosens foreign keys.',
    ],
    [
      /\b(begin\s+transaction|commit\s*;|rollback\s*;|savepoint)\b/i,
      'opens a transaction. A migration already is one.',
    ],
  ])
  const reasons = rules.filter(([pattern]) => pattern.test(code)).map(([, reason]) => reason)
  return written.trim() === '' ? [...reasons, 'is empty.'] : reasons
}

/**
 * A migration that others may have applied must never change: it is compared with its fingerprint in migrations/sealed.json.
 * @param {Record<string, string>} sealed
 * @param {Migration[]} migrations
 * @param {string} role
 */
export function changedIn(sealed, migrations, role) {
  return Object.entries(sealed)
    .filter(([key]) => key.startsWith(`${role}/`))
    .flatMap(([key, print]) => {
      const migration = migrations.find(({ name }) => key === `${role}/${name}`)
      if (migration === undefined) return [`${key} is sealed but gone. Databases that ran it still remember it.`]
      return fingerprint(migration.sql) === print
        ? []
        : [`${key} is sealed but has changed. Write a new migration instead.`]
    })
}

/** @returns {string[]} every breach in the repository */
export function allMigrationBreaches() {
  const sealed = readSeals()
  return roles.flatMap((role) => {
    const migrations = migrationsOf(role)
    return [
      ...breachesIn(migrations).map((breach) => `migrations/${role}/${breach}`),
      ...changedIn(sealed, migrations, role).map((breach) => `migrations/${breach}`),
    ]
  })
}

/** Seals every migration there is. A deployment does this after it has applied them; from then on they are history. */
export function sealMigrations() {
  const prints = roles.flatMap((role) =>
    migrationsOf(role).map(({ name, sql }) => [`${role}/${name}`, fingerprint(sql)]),
  )
  writeFileSync(sealFile, `${JSON.stringify(Object.fromEntries(prints), null, 2)}\n`)
}

/** @returns {Record<string, string>} */
function readSeals() {
  return existsSync(sealFile) ? JSON.parse(readFileSync(sealFile, 'utf8')) : {}
}
