import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { breachesIn, changedIn } from './migration-rules.mjs'

const harmless = 'create table a (id text primary key);'

test('migrations numbered in a row and named by intention pass', () => {
  assert.deepEqual(
    breachesIn([
      { name: '0001_ground_floor.sql', sql: harmless },
      { name: '0002_tickets_remember_their_board.sql', sql: 'alter table a add column board text;' },
    ]),
    [],
  )
})

for (const [what, name] of [
  ['a name without an intention', '0001.sql'],
  ['capitals', '0001_Ground.sql'],
  ['a gap', '0002_ground_floor.sql'],
]) {
  test(`${what} is a breach`, () => assert.equal(breachesIn([{ name: String(name), sql: harmless }]).length >= 1, true))
}

test('two migrations with one number are a breach', () => {
  const breaches = breachesIn([
    { name: '0001_ground_floor.sql', sql: harmless },
    { name: '0001_other.sql', sql: harmless },
  ])
  assert.match(breaches.join(), /0001_other.sql should carry the number 0002/)
})

for (const sql of [
  'drop table a;',
  'DROP TABLE IF EXISTS a;',
  'alter table "a_new" rename to "a";',
  'pragma foreign_keys = off;',
  'begin transaction; select 1; commit;',
  '-- nothing but words',
]) {
  test(`a migration may not say: ${sql}`, () => assert.equal(breachesIn([{ name: '0001_x.sql', sql }]).length, 1))
}

for (const sql of [
  'create table a (id text); -- never drop table a',
  'alter table a rename column b to c;',
  "create trigger t before delete on a begin select raise(abort, 'append only'); end;",
]) {
  test(`a migration may say: ${sql}`, () => assert.deepEqual(breachesIn([{ name: '0001_x.sql', sql }]), []))
}

const rebuild = 'create table b (id text); drop table "a"; alter table "b" rename to "a";'

test('a table that nothing points at may be rebuilt in one migration', () =>
  assert.deepEqual(breachesIn([{ name: '0001_x.sql', sql: rebuild }]), []))

test('a table that others point at may not be rebuilt', () => {
  const child = { name: '0001_x.sql', sql: 'create table c (a_id text references "a" (id));' }
  assert.equal(breachesIn([child, { name: '0002_x.sql', sql: rebuild }]).length, 2)
})

test('a sealed migration may neither change nor disappear', () => {
  const sealed = { 'shard/0001_x.sql': createHash('sha256').update(harmless).digest('hex') }
  assert.deepEqual(changedIn(sealed, [{ name: '0001_x.sql', sql: harmless }], 'shard'), [])
  assert.match(changedIn(sealed, [{ name: '0001_x.sql', sql: `${harmless} ` }], 'shard').join(), /has changed/)
  assert.match(changedIn(sealed, [], 'shard').join(), /is gone|but gone/)
})
