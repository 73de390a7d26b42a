import { and, asc, count, eq, inArray, isNull, max, or, sql } from 'drizzle-orm'
import { alias, union } from 'drizzle-orm/sqlite-core'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { describe, expect, it } from 'vitest'
import {
  contacts,
  customers,
  customerWords,
  jobs,
  msps,
  seatCounts,
  sessions,
  staff,
  syncRuns,
  tenants,
  tenantUsers,
} from '../../db/shard/schema.ts'
import { checkStatement, FenceBreach } from './fence.ts'
import type { Owner } from './fence.ts'

/** Two MSPs; the second must never come into a statement of the first. */
const MSP = 'msp-northwind'
const OTHER_MSP = 'msp-northwand'
const CUSTOMER = 'customer-fabrikam'
const OTHER_CUSTOMER = 'customer-fabrikan'
const TENANT = 'tenant-fabrikam'
const OTHER_TENANT = 'tenant-fabrikan'

const ofMsp: Owner = { mspId: MSP }
const ofCustomer: Owner = { mspId: MSP, customerId: CUSTOMER }
const ofTenant: Owner = { mspId: MSP, customerId: CUSTOMER, tenantId: TENANT }

/** Builds statements exactly as drizzle does; nothing runs. */
const db = drizzle(() => Promise.resolve({ rows: [] }))
type Built = { toSQL(): { sql: string; params: unknown[] } }
const check = (built: Built, owner: Owner) => () => checkStatement(built.toSQL(), owner)

const theirTenants = () =>
  db
    .select({ id: tenants.id })
    .from(tenants)
    .where(and(eq(tenants.mspId, MSP), eq(tenants.customerId, CUSTOMER)))

describe('The fence lets through what drizzle makes of an MSP’s own', () => {
  const view = db.select().from(contacts).where(eq(contacts.mspId, MSP)).as('view')
  const c = alias(customers, 'c')
  const legitimate: [string, Built][] = [
    ['a select', db.select().from(customers).where(eq(customers.mspId, MSP)).orderBy(asc(customers.name)).limit(3)],
    [
      'conditions of every other kind beside the owner’s',
      db
        .select()
        .from(customers)
        .where(
          and(
            eq(customers.mspId, MSP),
            or(eq(customers.name, 'A'), isNull(customers.email)),
            inArray(customers.state, ['active', 'archived']),
            sql`(${customers.sortName}, ${customers.id}) > (${'a'}, ${'b'})`,
            sql`${customers.id} in (select value from json_each(${'[]'}))`,
          ),
        ),
    ],
    [
      'a join through equalities',
      db
        .select({ host: sessions.host, role: staff.role, name: msps.name })
        .from(sessions)
        .innerJoin(staff, and(eq(staff.mspId, sessions.mspId), eq(staff.id, sessions.staffId)))
        .innerJoin(msps, eq(msps.mspId, sessions.mspId))
        .where(and(eq(sessions.mspId, MSP), eq(sessions.id, 'hash'))),
    ],
    [
      'a chain of equalities named from its far end',
      db
        .select()
        .from(customers)
        .innerJoin(contacts, eq(contacts.mspId, customers.mspId))
        .innerJoin(sessions, eq(sessions.mspId, contacts.mspId))
        .where(eq(customers.mspId, MSP)),
    ],
    [
      'a left join whose ON binds what it brings',
      db
        .select()
        .from(customers)
        .leftJoin(contacts, and(eq(contacts.mspId, customers.mspId), eq(contacts.customerId, customers.id)))
        .where(eq(customers.mspId, MSP)),
    ],
    ['an alias', db.select().from(c).where(eq(c.mspId, MSP))],
    ['a view', db.select().from(view).where(eq(view.name, 'Dana'))],
    [
      'a join with a view',
      db
        .select({ name: customers.name, person: view.name })
        .from(customers)
        .innerJoin(view, eq(view.customerId, customers.id))
        .where(eq(customers.mspId, MSP)),
    ],
    [
      'a union of bound sides',
      union(
        db.select({ name: customers.name }).from(customers).where(eq(customers.mspId, MSP)),
        db.select({ name: contacts.name }).from(contacts).where(eq(contacts.mspId, MSP)),
      ),
    ],
    [
      'a correlated count in the select list',
      db
        .select({
          name: customers.name,
          people: sql`(${db
            .select({ of: count() })
            .from(contacts)
            .where(and(eq(contacts.mspId, customers.mspId), eq(contacts.customerId, customers.id)))})`,
        })
        .from(customers)
        .where(eq(customers.mspId, MSP)),
    ],
    [
      'a grouped subquery',
      db
        .select()
        .from(syncRuns)
        .where(
          and(
            eq(syncRuns.mspId, MSP),
            inArray(
              syncRuns.id,
              db
                .select({ id: max(syncRuns.id) })
                .from(syncRuns)
                .where(eq(syncRuns.mspId, MSP))
                .groupBy(syncRuns.tenantId),
            ),
          ),
        ),
    ],
    [
      'an insert of several rows',
      db.insert(customerWords).values([
        { mspId: MSP, id: 'word', customerId: CUSTOMER, word: 'fab' },
        { mspId: MSP, id: 'word', customerId: CUSTOMER, word: 'rikam' },
      ]),
    ],
    [
      'an insert that gives way, and answers',
      db
        .insert(customerWords)
        .values({ mspId: MSP, id: 'word', customerId: CUSTOMER, word: 'fab' })
        .onConflictDoNothing()
        .returning({ word: customerWords.word }),
    ],
    [
      'an insert that overwrites by the whole key',
      db
        .insert(customerWords)
        .values({ mspId: MSP, id: 'word', customerId: CUSTOMER, word: 'fab' })
        .onConflictDoUpdate({
          target: [customerWords.mspId, customerWords.word, customerWords.customerId, customerWords.id],
          set: { word: sql`excluded.word` },
        }),
    ],
    [
      'an update',
      db
        .update(customers)
        .set({ name: 'A', tenantCount: sql`tenant_count + 1` })
        .where(eq(customers.mspId, MSP))
        .returning({ id: customers.id }),
    ],
    ['a deletion', db.delete(sessions).where(and(eq(sessions.mspId, MSP), eq(sessions.id, 'hash')))],
    [
      'a deletion of what another table names',
      db.delete(sessions).where(
        and(
          eq(sessions.mspId, MSP),
          inArray(
            sessions.staffId,
            db
              .select({ id: staff.id })
              .from(staff)
              .where(and(eq(staff.mspId, MSP), eq(staff.disabled, true))),
          ),
        ),
      ),
    ],
  ]

  it.each(legitimate)('%s', (_, built) => {
    expect(check(built, ofMsp)).not.toThrow()
  })

  it.each([
    ['the guard of a write', `select case when changes() = 1 then 1 else json('stale') end`, []],
    [
      'rows that travel as one JSON parameter',
      `insert into "customer_words" ("msp_id", "id", "customer_id", "word") select ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') from json_each(?) where true on conflict ("msp_id", "word", "customer_id", "id") do update set "word" = excluded."word" where excluded."word" <> '' returning "word"`,
      [MSP, '[]'],
    ],
    [
      'two owners at once, which nobody is',
      `select * from customers where msp_id = ? and msp_id = ?`,
      [OTHER_MSP, MSP],
    ],
    ['names without quotes', `SELECT Name FROM Customers AS C WHERE C.Msp_Id = ? AND (C.State = ?)`, [MSP, 'active']],
  ])('%s', (_, text, params) => {
    expect(() => checkStatement({ sql: text, params }, ofMsp)).not.toThrow()
  })
})

describe('The fence lets through what drizzle makes of a customer’s and a tenant’s own', () => {
  const legitimate: [string, Built, Owner][] = [
    [
      'a select of the customer’s table',
      db
        .select()
        .from(contacts)
        .where(and(eq(contacts.mspId, MSP), eq(contacts.customerId, CUSTOMER))),
      ofCustomer,
    ],
    [
      'the customer itself',
      db
        .select()
        .from(customers)
        .where(and(eq(customers.mspId, MSP), eq(customers.id, CUSTOMER))),
      ofCustomer,
    ],
    ['a look at its MSP', db.select().from(msps).where(eq(msps.mspId, MSP)), ofCustomer],
    [
      'what was read from its tenants',
      db
        .select()
        .from(tenantUsers)
        .where(and(eq(tenantUsers.mspId, MSP), inArray(tenantUsers.tenantId, theirTenants()))),
      ofCustomer,
    ],
    [
      'what was read from its tenants, by a join with them',
      db
        .select()
        .from(tenants)
        .innerJoin(seatCounts, and(eq(seatCounts.mspId, tenants.mspId), eq(seatCounts.tenantId, tenants.id)))
        .where(and(eq(tenants.mspId, MSP), eq(tenants.customerId, CUSTOMER))),
      ofCustomer,
    ],
    [
      'a job that concerns it',
      db
        .select()
        .from(jobs)
        .where(and(eq(jobs.mspId, MSP), eq(jobs.customerId, CUSTOMER))),
      ofCustomer,
    ],
    [
      'one tenant’s people',
      db
        .select()
        .from(tenantUsers)
        .where(and(eq(tenantUsers.mspId, MSP), eq(tenantUsers.tenantId, TENANT))),
      ofTenant,
    ],
    [
      'one tenant’s people, overwritten by their whole key',
      db
        .insert(seatCounts)
        .values({
          mspId: MSP,
          tenantId: TENANT,
          id: 'sku',
          skuPartNumber: 'SPB',
          boughtCount: 1,
          assignedCount: 1,
          suspendedCount: 0,
          status: 'Enabled',
          hidden: false,
          asOf: 1,
        })
        .onConflictDoUpdate({ target: [seatCounts.mspId, seatCounts.tenantId, seatCounts.id], set: { asOf: 1 } }),
      ofTenant,
    ],
  ]

  it.each(legitimate)('%s', (_, built, owner) => {
    expect(check(built, owner)).not.toThrow()
  })
})

describe('The fence lets rows change hands', () => {
  const move = { sql: `update contacts set customer_id = ? where msp_id = ? and customer_id = ?`, params: [] }
  const params = [OTHER_CUSTOMER, MSP, CUSTOMER]

  it('for the MSP, from one of its customers to another', () => {
    const built = db
      .update(contacts)
      .set({ customerId: OTHER_CUSTOMER })
      .where(and(eq(contacts.mspId, MSP), eq(contacts.customerId, CUSTOMER), inArray(contacts.id, ['dana'])))
    expect(check(built, ofMsp)).not.toThrow()
  })

  it('for nobody below it, neither who has them nor who gets them', () => {
    for (const owner of [ofCustomer, { mspId: MSP, customerId: OTHER_CUSTOMER }, ofTenant])
      expect(() => checkStatement({ ...move, params }, owner)).toThrow(FenceBreach)
  })

  it('never for another MSP', () => {
    expect(() => checkStatement({ ...move, params }, { mspId: OTHER_MSP })).toThrow(FenceBreach)
  })
})

describe('The fence refuses, in an MSP’s scope,', () => {
  const escapes: [string, string, unknown[]][] = [
    // Not bound at all, or not in a way that must hold.
    ['a select without its owner', `select * from customers`, []],
    ['a select bound to another column only', `select * from customers where id = ?`, [MSP]],
    ['a select of another MSP’s', `select * from customers where msp_id = ?`, [OTHER_MSP]],
    ['an owner written into the text', `select * from customers where msp_id = '${MSP}'`, []],
    ['a column compared with itself', `select * from customers where msp_id = msp_id`, []],
    ['an owner beside an or', `select * from customers where msp_id = ? or 1 = 1`, [MSP]],
    ['an owner within an or', `select * from customers where (msp_id = ? or name = ?)`, [MSP, 'A']],
    ['a negated owner', `select * from customers where not (msp_id = ?)`, [MSP]],
    ['a negated owner without parentheses', `select * from customers where not msp_id = ?`, [MSP]],
    ['an owner that is not so', `select * from customers where msp_id <> ?`, [MSP]],
    ['an owner in a list', `select * from customers where msp_id in (?, ?)`, [MSP, OTHER_MSP]],
    ['an owner by pattern', `select * from customers where msp_id like ?`, [MSP]],
    ['an equality that is asked about', `select * from customers where msp_id = ? is false`, [MSP]],
    ['an equality that is compared', `select * from customers where msp_id = ? = 0`, [MSP]],
    ['an owner in another collation', `select * from customers where msp_id = ? collate nocase`, [MSP]],
    [
      'an owner within a case',
      `select * from customers where case when 0 and msp_id = ? and 1 then 0 else 1 end`,
      [MSP],
    ],
    ['an owner between two ands', `select * from customers where name between ? and msp_id = ?`, ['a', MSP]],
    [
      'an owner that belongs to a select inside the condition',
      `select * from customers where (select 1 from msps where msps.msp_id = ? and msp_id = ? and 1)`,
      [MSP, MSP],
    ],
    ['an owner in the having clause', `select name from customers group by name having msp_id = ?`, [MSP]],
    [
      'an or behind "is not distinct from"',
      `select * from customers where msp_id = ? and name is not distinct from name or 1 = 1`,
      [MSP],
    ],
    [
      'an or behind a name that looks like a clause',
      `select *, 1 as window from customers where msp_id = ? and window or 1 = 1`,
      [MSP],
    ],

    // Joins.
    [
      'a join that brings an unbound table',
      `select * from customers join contacts on contacts.customer_id = customers.id where customers.msp_id = ?`,
      [MSP],
    ],
    ['a comma that brings an unbound table', `select * from customers, contacts where customers.msp_id = ?`, [MSP]],
    [
      'a comma whose owner might be either’s',
      `select * from customers, contacts where msp_id = ? and customers.msp_id = ?`,
      [MSP, MSP],
    ],
    [
      'a left join whose ON binds the left table only',
      `select * from customers left join contacts on customers.msp_id = ? and contacts.msp_id = customers.msp_id`,
      [MSP],
    ],
    [
      'a left join whose equality is to bind the left table',
      `select * from customers left join contacts on contacts.msp_id = ? and contacts.msp_id = customers.msp_id`,
      [MSP],
    ],
    [
      'a right join, whose ON binds nothing of what it brings',
      `select * from json_each(?) as j right join contacts on contacts.msp_id = ?`,
      ['[]', MSP],
    ],
    ['a full join', `select * from json_each(?) as j full outer join contacts on contacts.msp_id = ?`, ['[]', MSP]],
    ['a natural join', `select * from customers natural join contacts where customers.msp_id = ?`, [MSP]],
    ['a join by USING', `select * from customers join contacts using (msp_id) where customers.msp_id = ?`, [MSP]],
    ['a join in parentheses', `select * from (customers join contacts) where customers.msp_id = ?`, [MSP]],
    ['a table in parentheses', `select * from (customers) where msp_id = ?`, [MSP]],
    [
      'one table twice with one of them bound',
      `select * from customers as one, customers as two where one.msp_id = ?`,
      [MSP],
    ],
    [
      'an alias that stands for something else nearby',
      `select * from contacts as c where c.msp_id = ? and exists (select 1 from (select ? as msp_id) as c, tenants where tenants.msp_id = c.msp_id)`,
      [MSP, OTHER_MSP],
    ],

    // Selects inside.
    [
      'the second side of a union',
      `select name from customers where msp_id = ? union select name from contacts`,
      [MSP],
    ],
    [
      'the third side of a union',
      `select 1 union all select name from customers where msp_id = ? union all select name from contacts`,
      [MSP],
    ],
    [
      'another MSP’s side of a union',
      `select name from customers where msp_id = ? union select name from contacts where msp_id = ?`,
      [MSP, OTHER_MSP],
    ],
    [
      'a select in the select list',
      `select (select name from contacts limit 1) from customers where msp_id = ?`,
      [MSP],
    ],
    [
      'a select in a function of the select list',
      `select max((select count(*) from contacts)) as x from customers where msp_id = ?`,
      [MSP],
    ],
    [
      'a select in the condition',
      `select * from customers where msp_id = ? and id in (select customer_id from contacts)`,
      [MSP],
    ],
    ['a select in EXISTS', `select * from customers where msp_id = ? and exists (select 1 from contacts)`, [MSP]],
    ['a table in place of a list', `select * from customers where msp_id = ? and id in contacts`, [MSP]],
    [
      'a named table of a database in place of a list',
      `select * from customers where msp_id = ? and id in main.contacts`,
      [MSP],
    ],
    ['a quoted table in place of a list', `select * from customers where msp_id = ? and id in 'contacts'`, [MSP]],
    [
      'a select in ORDER BY',
      `select * from customers where msp_id = ? order by (select count(*) from contacts)`,
      [MSP],
    ],
    ['a select in LIMIT', `select * from customers where msp_id = ? limit (select count(*) from contacts)`, [MSP]],
    ['a select in FROM', `select * from (select * from customers) as c where c.msp_id = ?`, [MSP]],
    [
      'a select in ON',
      `select * from customers join json_each(?) as j on j.value in (select id from contacts) where customers.msp_id = ?`,
      ['[]', MSP],
    ],
    ['a select in json_each', `select * from json_each((select json_group_array(name) from customers))`, []],
    ['a common table', `with all_of_them as (select * from customers) select * from all_of_them`, []],
    [
      'a common table that takes a table’s name',
      `with customers as (select 1) select * from customers where msp_id = ?`,
      [MSP],
    ],
    ['a deletion behind a common table', `with x as (select 1) delete from customers where msp_id = ?`, [MSP]],

    // Names in disguise.
    ['another case', `SELECT * FROM CuStOmErS`, []],
    ['another case in quotes', `select * from "Customers"`, []],
    ['backticks', 'select * from `customers`', []],
    ['brackets', `select * from [customers]`, []],
    ['a string in place of a table', `select * from 'customers'`, []],
    ['the database before the table', `select * from main.customers`, []],
    ['the database before the table, in quotes', `select * from "main"."customers"`, []],
    ['the table as another database’s', `delete from temp.customers`, []],
    ['a condition in a block comment', `select * from customers /* where msp_id = ? */ limit length(?)`, [MSP]],
    ['a condition in a line comment', `select * from customers -- where msp_id = ?`, [MSP]],
    ['a table behind a comment', `select * from/**/customers`, []],
    ['a quote that does not end', `select * from "customers where msp_id = ?`, [MSP]],
    ['a zero character', `select * from customers \u0000 where msp_id = ?`, [MSP]],
    ['a space only JavaScript knows', `select * from\u00a0customers`, []],
    ['a second statement', `select 1; delete from customers where msp_id = ?`, [MSP]],
    ['parentheses that do not match', `select * from customers where (msp_id = ?`, [MSP]],
    ['parentheses that close too often', `select * from customers where msp_id = ?)`, [MSP]],

    // Parameters in disguise.
    ['a numbered parameter', `select * from customers where msp_id = ?1`, [MSP]],
    [
      'a numbered parameter that shifts the others',
      `select * from customers where name = ?2 and msp_id = ?`,
      ['A', MSP, OTHER_MSP],
    ],
    ['a named parameter', `select * from customers where msp_id = :msp`, [MSP]],
    ['a parameter named with @', `select * from customers where msp_id = @msp`, [MSP]],
    ['a parameter named with $', `select * from customers where msp_id = $msp`, [MSP]],

    // What is not MSPs’ at all.
    ['the table of tables', `select * from sqlite_master`, []],
    ['the migrations', `select * from d1_migrations`, []],
    ['a pragma that looks like a table', `select * from pragma_table_info('customers')`, []],
    ['a table nobody declared', `select * from secrets where msp_id = ?`, [MSP]],
    ['a pragma', `pragma foreign_keys = off`, []],
    ['a dropped trigger', `drop trigger activities_never_change`, []],
    ['a dropped table', `drop table customers`, []],
    ['an attached database', `attach database 'x' as y`, []],
    ['a made view', `create view v as select * from customers where msp_id = ?`, [MSP]],
    ['nothing', ``, []],

    // Writes.
    ['an insert for another MSP', `insert into sessions (msp_id, id) values (?, ?)`, [OTHER_MSP, 'x']],
    ['an insert without an owner', `insert into sessions (id) values (?)`, ['x']],
    ['an insert without columns', `insert into sessions values (?, ?)`, [MSP, 'x']],
    ['an insert of defaults', `insert into sessions default values`, []],
    ['an insert of a written owner', `insert into sessions (msp_id, id) values ('${MSP}', ?)`, ['x']],
    ['an insert of a computed owner', `insert into sessions (msp_id, id) values (lower(?), ?)`, [MSP, 'x']],
    [
      'an insert with one foreign row',
      `insert into sessions (msp_id, id) values (?, ?), (?, ?)`,
      [MSP, 'x', OTHER_MSP, 'y'],
    ],
    [
      'an insert with one row whose owner is written',
      `insert into sessions (msp_id, id) values (?, ?), ('${OTHER_MSP}', ?)`,
      [MSP, 'x', 'y'],
    ],
    [
      'an insert that names the owner twice',
      `insert into sessions (msp_id, id, msp_id) values (?, ?, ?)`,
      [OTHER_MSP, 'x', MSP],
    ],
    [
      'an insert from a select with the owner in another place',
      `insert into sessions (id, msp_id) select ?, value from json_each(?)`,
      [MSP, '[]'],
    ],
    [
      'an insert from a select of more columns than named',
      `insert into sessions (msp_id, id) select *, ? from json_each(?)`,
      [MSP, '[]'],
    ],
    [
      'an insert from another MSP’s rows',
      `insert into sessions (msp_id, id) select ?, name from customers where msp_id = ?`,
      [MSP, OTHER_MSP],
    ],
    ['an insert from an unbound table', `insert into sessions (msp_id, id) select ?, name from customers`, [MSP]],
    [
      'an insert from a union with a foreign side',
      `insert into sessions (msp_id, id) select ?, value from json_each(?) union select '${OTHER_MSP}', 'x'`,
      [MSP, '[]'],
    ],
    [
      'an insert that overwrites whatever it meets',
      `insert into sessions (msp_id, id) values (?, ?) on conflict do update set host = 'x'`,
      [MSP, 'x'],
    ],
    [
      'an insert that overwrites by a key without the owner',
      `insert into sessions (msp_id, id) values (?, ?) on conflict (id) do update set host = 'x'`,
      [MSP, 'x'],
    ],
    [
      'an insert that overwrites by an unbound select',
      `insert into sessions (msp_id, id) values (?, ?) on conflict (msp_id, id) do update set host = (select host from portals)`,
      [MSP, 'x'],
    ],
    [
      'an insert of a foreign select',
      `insert into sessions (msp_id, id) values (?, (select name from contacts))`,
      [MSP],
    ],
    ['an insert under another name', `insert into sessions as s (msp_id, id) values (?, ?)`, [MSP, 'x']],
    [
      'an insert that answers with an unbound select',
      `insert into sessions (msp_id, id) values (?, ?) returning (select name from contacts)`,
      [MSP, 'x'],
    ],
    ['a replacement', `replace into sessions (msp_id, id) values (?, ?)`, [MSP, 'x']],
    ['an insert or replace', `insert or replace into sessions (msp_id, id) values (?, ?)`, [MSP, 'x']],
    ['an insert into a table nobody declared', `insert into d1_migrations (name) values (?)`, ['x']],
    ['an update without its owner', `update customers set name = ?`, ['A']],
    ['an update of another MSP’s', `update customers set name = ? where msp_id = ?`, ['A', OTHER_MSP]],
    ['an update bound to what it sets', `update customers set name = ?, email = ? where name = ?`, [MSP, MSP, 'A']],
    ['an update of quoted names without its owner', `update "customers" set "name" = ? where "id" = ?`, ['A', MSP]],
    ['an update that gives rows away', `update customers set msp_id = ? where msp_id = ?`, [OTHER_MSP, MSP]],
    ['an update that keeps the owner', `update customers set msp_id = ? where msp_id = ?`, [MSP, MSP]],
    [
      'an update that gives rows to another customer',
      `update contacts set name = ?, customer_id = ? where msp_id = ?`,
      ['A', 'x', MSP],
    ],
    [
      'an update that gives rows to another tenant',
      `update seat_counts set "tenant_id" = ? where msp_id = ?`,
      ['x', MSP],
    ],
    [
      'a move of everybody’s rows, whoever has them',
      `update contacts set customer_id = ? where msp_id = ?`,
      [OTHER_CUSTOMER, MSP],
    ],
    [
      'a move within another MSP',
      `update contacts set customer_id = ? where msp_id = ? and customer_id = ?`,
      [OTHER_CUSTOMER, OTHER_MSP, CUSTOMER],
    ],
    [
      'a move to what a select finds',
      `update contacts set customer_id = (select id from customers where msp_id = ?) where msp_id = ? and customer_id = ?`,
      [MSP, MSP, CUSTOMER],
    ],
    [
      'a move that sets something else as well',
      `update contacts set customer_id = ?, name = ? where msp_id = ? and customer_id = ?`,
      [OTHER_CUSTOMER, 'A', MSP, CUSTOMER],
    ],
    [
      'a move of rows that belong to a tenant',
      `update tenant_users set customer_id = ? where msp_id = ? and customer_id = ?`,
      [OTHER_CUSTOMER, MSP, CUSTOMER],
    ],
    [
      'an overwriting insert that moves',
      `insert into contacts (msp_id, id, customer_id) values (?, ?, ?) on conflict (msp_id, id) do update set customer_id = ?`,
      [MSP, 'x', CUSTOMER, OTHER_CUSTOMER],
    ],
    ['an update of an id', `update customers set id = ? where msp_id = ?`, ['x', MSP]],
    [
      'an update of several columns at once',
      `update customers set (name, msp_id) = (?, ?) where msp_id = ?`,
      ['A', OTHER_MSP, MSP],
    ],
    [
      'an upsert that gives rows away',
      `insert into sessions (msp_id, id) values (?, ?) on conflict (msp_id, id) do update set msp_id = ?`,
      [MSP, 'x', OTHER_MSP],
    ],
    [
      'an update from another table',
      `update customers set name = contacts.name from contacts where customers.msp_id = ? and contacts.msp_id = ?`,
      [MSP, MSP],
    ],
    ['an update of a foreign value', `update customers set name = (select name from contacts) where msp_id = ?`, [MSP]],
    ['an update or replace', `update or replace customers set name = ? where msp_id = ?`, ['A', MSP]],
    [
      'an update that answers with an unbound select',
      `update customers set name = ? where msp_id = ? returning (select name from contacts)`,
      ['A', MSP],
    ],
    ['a deletion without its owner', `delete from customers`, []],
    ['a deletion of another MSP’s', `delete from customers where msp_id = ?`, [OTHER_MSP]],
    [
      'a deletion of what an unbound select names',
      `delete from customers where msp_id = ? and id in (select customer_id from contacts)`,
      [MSP],
    ],
    [
      'a deletion that answers with an unbound select',
      `delete from customers where msp_id = ? returning (select name from contacts)`,
      [MSP],
    ],
  ]

  it.each(escapes)('%s', (_, text, params) => {
    expect(() => checkStatement({ sql: text, params }, ofMsp)).toThrow(FenceBreach)
  })

  it('every one of these again, when it was seen before', () => {
    for (const [name, text, params] of escapes) {
      expect(() => checkStatement({ sql: text, params }, ofMsp), name).toThrow(FenceBreach)
    }
  })

  it('a statement that was fine for somebody else', () => {
    const text = `select name from customers where msp_id = ?`
    expect(() => checkStatement({ sql: text, params: [MSP] }, ofMsp)).not.toThrow()
    expect(() => checkStatement({ sql: text, params: [MSP] }, { mspId: OTHER_MSP })).toThrow(FenceBreach)
  })
})

describe('The fence refuses, in a customer’s scope,', () => {
  const escapes: [string, string, unknown[]][] = [
    ['the whole MSP’s contacts', `select * from contacts where msp_id = ?`, [MSP]],
    [
      'another customer’s contacts',
      `select * from contacts where msp_id = ? and customer_id = ?`,
      [MSP, OTHER_CUSTOMER],
    ],
    ['another customer', `select * from customers where msp_id = ? and id = ?`, [MSP, OTHER_CUSTOMER]],
    ['every customer', `select * from customers where msp_id = ?`, [MSP]],
    ['the MSP’s staff', `select * from staff where msp_id = ?`, [MSP]],
    ['another MSP’s name', `select * from msps where msp_id = ?`, [OTHER_MSP]],
    ['a change of its MSP', `update msps set name = ? where msp_id = ?`, ['A', MSP]],
    ['a deletion of its MSP', `delete from msps where msp_id = ?`, [MSP]],
    ['a new MSP', `insert into msps (msp_id, id) values (?, ?)`, [MSP, MSP]],
    ['the MSP’s jobs', `select * from jobs where msp_id = ?`, [MSP]],
    ['jobs that concern nobody', `select * from jobs where msp_id = ? and customer_id is null`, [MSP]],
    [
      'a job for another customer',
      `insert into jobs (msp_id, id, customer_id) values (?, ?, ?)`,
      [MSP, 'x', OTHER_CUSTOMER],
    ],
    ['a job for nobody', `insert into jobs (msp_id, id) values (?, ?)`, [MSP, 'x']],
    ['every tenant’s people', `select * from tenant_users where msp_id = ?`, [MSP]],
    [
      'one tenant’s people by its id',
      `select * from tenant_users where msp_id = ? and tenant_id = ?`,
      [MSP, OTHER_TENANT],
    ],
    [
      'people of another customer’s tenants',
      `select * from tenant_users where msp_id = ? and tenant_id in (select id from tenants where msp_id = ? and customer_id = ?)`,
      [MSP, MSP, OTHER_CUSTOMER],
    ],
    [
      'people of every tenant of the MSP',
      `select * from tenant_users where msp_id = ? and tenant_id in (select id from tenants where msp_id = ?)`,
      [MSP, MSP],
    ],
    [
      'people of tenants it does not have',
      `select * from tenant_users where msp_id = ? and tenant_id not in (select id from tenants where msp_id = ? and customer_id = ?)`,
      [MSP, MSP, CUSTOMER],
    ],
    [
      'people of a tenant that is only called so',
      `select * from tenant_users where msp_id = ? and tenant_id in (select ? as id from tenants where msp_id = ? and customer_id = ?)`,
      [MSP, OTHER_TENANT, MSP, CUSTOMER],
    ],
    [
      'people of a tenant that stands beside its own',
      `select * from tenant_users where msp_id = ? and tenant_id in (select x.id from tenants, (select ? as id) as x where tenants.msp_id = ? and tenants.customer_id = ?)`,
      [MSP, OTHER_TENANT, MSP, CUSTOMER],
    ],
    [
      'people of a tenant added by a union',
      `select * from tenant_users where msp_id = ? and tenant_id in (select id from tenants where msp_id = ? and customer_id = ? union select ?)`,
      [MSP, MSP, CUSTOMER, OTHER_TENANT],
    ],
    [
      'people that a left join does not tie to its tenants',
      `select * from tenant_users left join tenants on tenants.id = tenant_users.tenant_id and tenants.msp_id = ? and tenants.customer_id = ? where tenant_users.msp_id = ?`,
      [MSP, CUSTOMER, MSP],
    ],
    [
      'an insert that overwrites another customer’s row of that id',
      `insert into contacts (msp_id, id, customer_id) values (?, ?, ?) on conflict (msp_id, id) do update set name = 'x'`,
      [MSP, 'x', CUSTOMER],
    ],
    [
      'an insert among a tenant’s people',
      `insert into tenant_users (msp_id, id, tenant_id) values (?, ?, ?)`,
      [MSP, 'x', TENANT],
    ],
    ['a customer of another id', `insert into customers (msp_id, id) values (?, ?)`, [MSP, OTHER_CUSTOMER]],
  ]

  it.each(escapes)('%s', (_, text, params) => {
    expect(() => checkStatement({ sql: text, params }, ofCustomer)).toThrow(FenceBreach)
  })
})

describe('The fence refuses, in a tenant’s scope,', () => {
  const escapes: [string, string, unknown[]][] = [
    ['another tenant’s people', `select * from tenant_users where msp_id = ? and tenant_id = ?`, [MSP, OTHER_TENANT]],
    ['every tenant’s people', `select * from tenant_users where msp_id = ?`, [MSP]],
    [
      'people of all its customer’s tenants',
      `select * from tenant_users where msp_id = ? and tenant_id in (select id from tenants where msp_id = ? and customer_id = ?)`,
      [MSP, MSP, CUSTOMER],
    ],
    ['another customer’s tenants', `select * from tenants where msp_id = ? and customer_id = ?`, [MSP, OTHER_CUSTOMER]],
    [
      'a person of another tenant',
      `insert into tenant_users (msp_id, id, tenant_id) values (?, ?, ?)`,
      [MSP, 'x', OTHER_TENANT],
    ],
    [
      'an insert that overwrites another tenant’s run of that id',
      `insert into sync_runs (msp_id, id, tenant_id) values (?, ?, ?) on conflict (msp_id, id) do update set state = 'done'`,
      [MSP, 'x', TENANT],
    ],
    ['the MSP’s staff', `select * from staff where msp_id = ?`, [MSP]],
  ]

  it.each(escapes)('%s', (_, text, params) => {
    expect(() => checkStatement({ sql: text, params }, ofTenant)).toThrow(FenceBreach)
  })
})
