import { and, asc, eq, gt, gte, isNull, sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { Refused } from '../../db/connect.ts'
import type { Shard, Statement } from '../../db/connect.ts'
import {
  activities,
  contacts,
  customers,
  customerWords,
  idempotencyKeys,
  invitations,
  jobs,
  msps,
  portals,
  seatCounts,
  securityAlerts,
  securityScores,
  sessions,
  staff,
  subscriptions,
  syncRuns,
  tenants,
  tenantUsers,
} from '../../db/shard/schema.ts'
import { moveClock, now } from '../clock.ts'
import { shardNamed } from '../env.ts'
import { Problem } from '../http/problem.ts'
import { environment, newContact, newCustomer, newMsp, newPortal, newStaff, newTenant } from '../test/stage.ts'
import type { StagedCustomer, StagedMsp } from '../test/stage.ts'
import { pastTheFence } from '../test/tripwire.ts'
import { FenceBreach } from './fence.ts'
import { newId } from './ids.ts'
import { plan } from './plan.ts'
import type { Asked } from './plan.ts'
import { forMsp } from './scope.ts'
import type { ContactReads, Ground, JobHint, MspReads } from './scope.ts'

afterEach(() => moveClock(undefined))

const note = (action: `${string}.${string}`) => ({ action, subject: { kind: 'thing', id: 'thing', name: 'Thing' } })

/** A ground of one's own, which remembers what went through it. */
const groundOf = (msp: StagedMsp, more: Partial<Ground> = {}) => {
  const hints: JobHint[] = []
  const sent: Statement[][] = []
  const shard = shardNamed(environment, msp.shard)
  const watched: Shard = {
    name: shard.name,
    read: (statement) => {
      sent.push([statement])
      return shard.read(statement)
    },
    batch: (statements) => {
      sent.push(statements)
      return shard.batch(statements)
    },
  }
  const ground: Ground = {
    shard: watched,
    actor: { kind: 'staff', id: 'tess', name: 'Tess Technician' },
    now,
    requestId: 'request-1',
    hint: (jobHints) => void hints.push(...jobHints),
    ...more,
  }
  return { ground, hints, sent, msp: forMsp(ground, msp.mspId) }
}

/** What a refused read was refused for: drizzle wraps it. */
const breach = expect.any(FenceBreach) as FenceBreach

const entriesOf = (msp: StagedMsp, action: string) =>
  msp.scope.list(activities, { where: eq(activities.action, action), orderBy: [asc(activities.id)] })

const person = (shown: Partial<typeof tenantUsers.$inferInsert> & { id: string }) => ({
  displayName: shown.id,
  userPrincipalName: `${shown.id}@fabrikam.example`,
  isGuest: false,
  signInAllowed: true,
  isLicensed: true,
  skuIds: [],
  seenInRun: 'run',
  ...shown,
})

/**
 * Three MSPs with the same names throughout: Northwind, its double on the same shard and its double on the other one.
 * Each has Fabrikam and Fabrikam's double, and each of those a portal with a contact, and a tenant with one person.
 */
const lookAlikes = async () => {
  const northwind = await newMsp('Northwind IT', 'shard-1')
  const double = await newMsp('Northwind IT', 'shard-1')
  const remote = await newMsp('Northwind IT', 'shard-2')
  return {
    northwind: await cast(northwind),
    double: await cast(double),
    remote: await cast(remote),
  }
}

const cast = async (msp: StagedMsp) => {
  const member = await newStaff(msp)
  const belowOf = async (customer: StagedCustomer) => {
    const portal = await newPortal(customer)
    const contact = await newContact(portal)
    const tenant = await newTenant(customer, { name: 'Fabrikam' })
    const scope = msp.scope.forCustomer(customer.customerId)
    const inTenant = scope.forTenant(tenant.id)
    await inTenant.record(inTenant.putAll(tenantUsers, [person({ id: 'same-entra-id' })]))
    return { customer, customerId: customer.customerId, portal, contact, tenant, scope, inTenant }
  }
  return {
    msp,
    scope: msp.scope,
    member,
    fabrikam: await belowOf(await newCustomer(msp, 'Fabrikam')),
    twin: await belowOf(await newCustomer(msp, 'Fabrikam')),
  }
}

describe('An MSP’s scope', () => {
  it('finds its own and calls everything of another MSP missing, on the same shard and on the other one', async () => {
    const { northwind, double, remote } = await lookAlikes()
    const { scope } = northwind
    await expect(scope.find(customers, northwind.fabrikam.customerId, 'customer')).resolves.toMatchObject({
      name: 'Fabrikam',
    })
    for (const stranger of [double, remote]) {
      for (const [table, id] of [
        [customers, stranger.fabrikam.customerId],
        [contacts, stranger.fabrikam.contact.id],
        [tenants, stranger.fabrikam.tenant.id],
        [staff, stranger.member.id],
        [msps, stranger.msp.mspId],
      ] as const) {
        await expect(scope.find(table, id, 'thing')).rejects.toMatchObject({ code: 'missing' })
        await expect(scope.first(table, eq(table.id, id))).resolves.toBeUndefined()
      }
    }
  })

  it('lists, views, joins and counts its own only, whatever the condition says', async () => {
    const { northwind } = await lookAlikes()
    const { scope, msp } = northwind
    const everything = sql`1 = 1 or 1 = 1`
    for (const table of [customers, contacts, tenants, staff, portals, sessions, tenantUsers]) {
      const rows = await scope.list(table, { where: everything })
      expect(rows.length).toBeGreaterThan(0)
      expect(new Set(rows.map(({ mspId }) => mspId))).toEqual(new Set([msp.mspId]))
    }
    const named = scope.view(customers, 'named')
    expect(await scope.select({ id: named.id, of: named.mspId }).from(named)).toHaveLength(2)
    const people = scope.view(contacts, 'people')
    const pairs = await scope
      .select({ customer: named.id, contact: people.id })
      .from(named)
      .innerJoin(people, eq(people.customerId, named.id))
      .orderBy(asc(named.id))
    expect(pairs).toEqual(
      [northwind.fabrikam, northwind.twin]
        .map((below) => ({ customer: below.customerId, contact: below.contact.id }))
        .toSorted((one, other) => one.customer.localeCompare(other.customer)),
    )
    const [counted, again] = await scope.readAll([
      scope
        .select({ of: sql<number>`count(*)`.as('of') })
        .from(customers)
        .where(scope.mine(customers, everything)),
      scope
        .select({ of: sql<number>`count(*)`.as('of') })
        .from(contacts)
        .where(scope.mine(contacts, everything)),
    ])
    expect([counted, again]).toEqual([[{ of: 2 }], [{ of: 2 }]])
  })

  it('changes and removes nothing of another MSP, even with a row of theirs in hand', async () => {
    const { northwind, double } = await lookAlikes()
    const theirs = await double.scope.find(customers, double.fabrikam.customerId, 'customer')
    const session = await double.scope.first(sessions, undefined)
    expect(session).toBeDefined()
    const { scope } = northwind
    await expect(
      scope.commit(note('theft.tried'), scope.change(customers, theirs, { name: 'Ours' })),
    ).rejects.toMatchObject({
      code: 'stale',
    })
    await expect(scope.commit(note('theft.tried'), scope.remove(customers, theirs))).rejects.toMatchObject({
      code: 'stale',
    })
    await expect(
      scope.record(scope.changeWhere(sessions, session?.id ?? '', undefined, { expiresAt: 0 })),
    ).rejects.toMatchObject({ code: 'stale' })
    await scope.record(scope.removeWhere(sessions, eq(sessions.id, session?.id ?? '')))
    await scope.record(scope.changeAll(sessions, sql`1 = 1`, { seenAt: 1 }))
    expect(await double.scope.find(customers, double.fabrikam.customerId, 'customer')).toEqual(theirs)
    expect(await double.scope.first(sessions, eq(sessions.id, session?.id ?? ''))).toEqual(session)
    expect(await entriesOf(northwind.msp, 'theft.tried')).toEqual([])
  })

  it('cannot be made to write for another MSP by a row that names one', async () => {
    const { northwind, double } = await lookAlikes()
    const smuggled = { id: newId(now()), name: 'Smuggled', sortName: 'smuggled', createdAt: 1, mspId: double.msp.mspId }
    await northwind.scope.commit(note('customer.added'), northwind.scope.add(customers, smuggled))
    await expect(northwind.scope.find(customers, smuggled.id, 'customer')).resolves.toMatchObject({ name: 'Smuggled' })
    await expect(double.scope.find(customers, smuggled.id, 'customer')).rejects.toMatchObject({ code: 'missing' })
    const before = await northwind.scope.find(customers, smuggled.id, 'customer')
    const given = { name: 'Given away', mspId: double.msp.mspId }
    await expect(
      northwind.scope.commit(note('customer.given'), northwind.scope.change(customers, before, given)),
    ).rejects.toThrow(FenceBreach)
    await expect(northwind.scope.find(customers, smuggled.id, 'customer')).resolves.toEqual(before)
  })

  it('refuses a select that forgot its owner', async () => {
    const { northwind } = await lookAlikes()
    const { scope } = northwind
    await expect(scope.select().from(customers)).rejects.toMatchObject({ cause: breach })
    await expect(scope.readAll([scope.select().from(customers).where(eq(customers.name, 'Fabrikam'))])).rejects.toThrow(
      FenceBreach,
    )
  })
})

describe('A customer’s scope', () => {
  it('finds and lists its own and calls everything of another customer missing', async () => {
    const { northwind } = await lookAlikes()
    const { fabrikam, twin, msp } = northwind
    const { scope } = fabrikam
    for (const [table, own, foreign] of [
      [customers, fabrikam.customerId, twin.customerId],
      [contacts, fabrikam.contact.id, twin.contact.id],
      [tenants, fabrikam.tenant.id, twin.tenant.id],
    ] as const) {
      await expect(scope.find(table, own, 'thing')).resolves.toMatchObject({ id: own, mspId: msp.mspId })
      await expect(scope.find(table, foreign, 'thing')).rejects.toMatchObject({ code: 'missing' })
      expect((await scope.list(table, { where: sql`1 or 1` })).map(({ id }) => id)).toEqual([own])
    }
    const people = await scope.list(tenantUsers, { where: sql`1 or 1` })
    expect(people.map(({ tenantId }) => tenantId)).toEqual([fabrikam.tenant.id])
    expect(await scope.select({ id: contacts.id }).from(contacts).where(scope.mine(contacts))).toEqual([
      { id: fabrikam.contact.id },
    ])
    const view = scope.view(tenantUsers, 'people')
    expect(await scope.select({ tenantId: view.tenantId }).from(view)).toEqual([{ tenantId: fabrikam.tenant.id }])
  })

  it('does not know of another MSP’s customer by its id', async () => {
    const { northwind, double } = await lookAlikes()
    const wrong = northwind.scope.forCustomer(double.fabrikam.customerId)
    await expect(wrong.find(customers, double.fabrikam.customerId, 'customer')).rejects.toMatchObject({
      code: 'missing',
    })
    expect(await wrong.list(contacts)).toEqual([])
    expect(await wrong.list(tenantUsers)).toEqual([])
    expect((await wrong.list(msps)).map(({ id }) => id)).toEqual([northwind.msp.mspId])
  })

  it('changes nothing of another customer, and cannot point at what is theirs', async () => {
    const { northwind } = await lookAlikes()
    const { fabrikam, twin } = northwind
    const { scope } = fabrikam
    const theirs = await twin.scope.find(contacts, twin.contact.id, 'contact')
    await expect(
      scope.commit(note('contact.stolen'), scope.change(contacts, theirs, { name: 'Ours' })),
    ).rejects.toMatchObject({ code: 'stale' })
    await scope.commit(note('contact.renamed'), scope.changeAll(contacts, sql`1 or 1`, { jobTitle: 'Renamed' }))
    expect(await twin.scope.find(contacts, twin.contact.id, 'contact')).toEqual(theirs)
    const invitation = { id: newId(now()), tokenHash: 'hash', createdAt: 1, expiresAt: 2 }
    await expect(
      scope.commit(note('contact.invited'), scope.add(invitations, { ...invitation, contactId: theirs.id })),
    ).rejects.toMatchObject({ name: 'Refused', kind: 'foreign_key' })
    await scope.commit(
      note('contact.invited'),
      scope.add(invitations, { ...invitation, contactId: fabrikam.contact.id }),
    )
    expect(await scope.list(invitations)).toHaveLength(1)
  })

  it('refuses a select over all of its MSP’s customers', async () => {
    const { northwind } = await lookAlikes()
    const { scope } = northwind.fabrikam
    await expect(scope.select().from(contacts).where(eq(contacts.mspId, northwind.msp.mspId))).rejects.toMatchObject({
      cause: breach,
    })
    await expect(scope.select().from(staff).where(eq(staff.mspId, northwind.msp.mspId))).rejects.toMatchObject({
      cause: breach,
    })
  })
})

describe('A tenant’s scope', () => {
  it('reads and writes the rows of its tenant only', async () => {
    const { northwind } = await lookAlikes()
    const { fabrikam } = northwind
    const second = await newTenant(fabrikam.customer, { name: 'Fabrikam' })
    const inSecond = fabrikam.scope.forTenant(second.id)
    await inSecond.record(inSecond.putAll(tenantUsers, [person({ id: 'same-entra-id', displayName: 'Second' })]))
    expect((await inSecond.list(tenantUsers, { where: sql`1 or 1` })).map(({ displayName }) => displayName)).toEqual([
      'Second',
    ])
    await inSecond.record(inSecond.changeAll(tenantUsers, undefined, { displayName: 'Third' }))
    await expect(fabrikam.inTenant.find(tenantUsers, 'same-entra-id', 'person')).resolves.toMatchObject({
      displayName: 'same-entra-id',
    })
    await inSecond.record(inSecond.removeWhere(tenantUsers, sql`1 or 1`))
    expect(await inSecond.list(tenantUsers)).toEqual([])
    expect(await fabrikam.inTenant.list(tenantUsers)).toHaveLength(1)
  })

  it('is empty, and takes nothing in, when the tenant is another customer’s or another MSP’s', async () => {
    const { northwind, double } = await lookAlikes()
    for (const { tenant, inTenant } of [northwind.twin, double.fabrikam]) {
      const wrong = northwind.fabrikam.scope.forTenant(tenant.id)
      expect(await wrong.list(tenantUsers)).toEqual([])
      await expect(wrong.find(tenantUsers, 'same-entra-id', 'person')).rejects.toMatchObject({ code: 'missing' })
      const run = { id: newId(now()), kind: 'full', state: 'running', step: 'people', startedAt: 1 } as const
      for (const write of [
        wrong.changeAll(tenantUsers, undefined, { displayName: 'Changed' }),
        wrong.removeWhere(tenantUsers, undefined),
        wrong.putAll(tenantUsers, [person({ id: 'same-entra-id', displayName: 'Overwritten' })]),
        wrong.putAll(tenantUsers, [person({ id: 'planted' })]),
        wrong.add(syncRuns, run),
      ]) {
        await expect(wrong.record(write)).rejects.toMatchObject({ code: 'stale' })
      }
      expect((await inTenant.list(tenantUsers)).map(({ displayName }) => displayName)).toEqual(['same-entra-id'])
      expect(await inTenant.list(syncRuns)).toEqual([])
    }
  })
})

describe('A contact’s scope', () => {
  const staged = async () => {
    const { northwind } = await lookAlikes()
    const { fabrikam } = northwind
    const colleague = await newContact(fabrikam.portal, ['portal_admin'])
    const { inTenant } = fabrikam
    const [asOf, tenantId] = [1, fabrikam.tenant.id]
    await inTenant.record(
      inTenant.putAll(securityScores, [{ id: '2026-01-01', currentHundredths: 1, maxHundredths: 2, asOf }]),
      inTenant.putAll(securityAlerts, [{ id: 'a', title: 'Alert', severity: 'high', status: 'new', asOf }]),
      inTenant.putAll(subscriptions, [
        { id: 's', skuId: 'sku', skuPartNumber: 'SPB', status: 'Enabled', seatCount: 1, isTrial: false, asOf },
      ]),
    )
    const scopeOf = (contactId: string, isPortalAdmin: boolean) =>
      fabrikam.scope.forContact({ contactId, isPortalAdmin, isPortalUser: true })
    return {
      northwind,
      fabrikam,
      colleague,
      tenantId,
      user: scopeOf(fabrikam.contact.id, false),
      admin: scopeOf(colleague.id, true),
    }
  }

  it('shows a portal user their own row, and a portal admin every colleague’s', async () => {
    const { user, admin, fabrikam, colleague, northwind } = await staged()
    await expect(user.find(contacts, fabrikam.contact.id, 'contact')).resolves.toMatchObject({
      id: fabrikam.contact.id,
    })
    await expect(user.find(contacts, colleague.id, 'contact')).rejects.toMatchObject({ code: 'missing' })
    expect((await user.list(contacts, { where: sql`1 or 1` })).map(({ id }) => id)).toEqual([fabrikam.contact.id])
    expect((await admin.list(contacts)).map(({ id }) => id).toSorted()).toEqual(
      [fabrikam.contact.id, colleague.id].toSorted(),
    )
    await expect(admin.find(contacts, northwind.twin.contact.id, 'contact')).rejects.toMatchObject({ code: 'missing' })
  })

  it('hides security and renewals from portal users and shows them to portal admins', async () => {
    const { user, admin } = await staged()
    for (const table of [securityScores, securityAlerts, subscriptions]) {
      expect(await user.list(table)).toEqual([])
      expect(await user.select({ id: table.id }).from(table).where(user.mine(table))).toEqual([])
      expect(await admin.list(table)).toHaveLength(1)
    }
    expect(await user.list(tenantUsers)).toHaveLength(1)
  })

  it('hides every table whose visibility nobody has declared', async () => {
    const { admin, fabrikam } = await staged()
    const invitation = { id: newId(now()), contactId: fabrikam.contact.id, tokenHash: 'h', createdAt: 1, expiresAt: 2 }
    await fabrikam.scope.commit(note('contact.invited'), fabrikam.scope.add(invitations, invitation))
    expect(await fabrikam.scope.list(invitations)).toHaveLength(1)
    expect(await admin.list(invitations)).toEqual([])
    await expect(admin.find(invitations, invitation.id, 'invitation')).rejects.toMatchObject({ code: 'missing' })
  })

  it('reads only: it has no way to write', async () => {
    const { user } = await staged()
    for (const verb of [
      'add',
      'change',
      'changeWhere',
      'changeAll',
      'remove',
      'removeWhere',
      'putAll',
      'commit',
      'record',
    ])
      expect(user).not.toHaveProperty(verb)
  })
})

describe('A plan', () => {
  const peoplePlan = plan((contact: ContactReads, asked: Asked<'notBefore'>) => [
    contact
      .select({ id: contacts.id })
      .from(contacts)
      .where(contact.mine(contacts, gte(contacts.createdAt, asked('notBefore'))))
      .orderBy(asc(contacts.id)),
    contact.select({ id: tenants.id, name: tenants.name }).from(tenants).where(contact.mine(tenants)),
  ])

  it('tells every owner and every contact of their own, whoever followed it first', async () => {
    const { northwind, double, remote } = await lookAlikes()
    for (const { customerId, contact, tenant, scope } of [northwind, double, remote].flatMap(({ fabrikam, twin }) => [
      fabrikam,
      twin,
    ])) {
      const roles = { isPortalAdmin: false, isPortalUser: true }
      const answers = await scope.forContact({ contactId: contact.id, ...roles }).follow(peoplePlan, { notBefore: 0 })
      expect(answers, customerId).toEqual([[{ id: contact.id }], [{ id: tenant.id, name: 'Fabrikam' }]])
    }
  })

  it('knows the roles of who follows it', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const [one, other] = [await newContact(portal), await newContact(portal)]
    const seenBy = async (isPortalAdmin: boolean) => {
      const scope = portal.msp.scope.forCustomer(portal.customerId)
      const as = scope.forContact({ contactId: one.id, isPortalAdmin, isPortalUser: true })
      const [seen] = await as.follow(peoplePlan, { notBefore: 0 })
      return seen.map(({ id }) => id)
    }
    expect(await seenBy(false)).toEqual([one.id])
    expect(await seenBy(true)).toEqual([one.id, other.id].toSorted())
    expect(await seenBy(false)).toEqual([one.id])
  })

  it('is asked anew with every value', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const contact = await newContact(portal)
    const scope = portal.msp.scope.forCustomer(portal.customerId)
    const as = scope.forContact({ contactId: contact.id, isPortalAdmin: false, isPortalUser: true })
    const [all] = await as.follow(peoplePlan, { notBefore: 0 })
    const [none] = await as.follow(peoplePlan, { notBefore: now() + 1_000_000 })
    expect([all, none]).toEqual([[{ id: contact.id }], []])
  })

  it('does not take an owner’s place from what it is asked with', async () => {
    const { northwind, double } = await lookAlikes()
    const asking = plan((msp: MspReads, asked: Asked<'mspId'>) => [
      msp
        .select({ id: customers.id })
        .from(customers)
        .where(eq(customers.mspId, asked('mspId'))),
    ])
    const [seen] = await northwind.scope.follow(asking, { mspId: double.msp.mspId })
    expect(seen.map(({ id }) => id)).toEqual(
      [northwind.fabrikam, northwind.twin].map(({ customerId }) => customerId).toSorted(),
    )
  })

  it('that forgot its owner is refused', async () => {
    const { northwind } = await lookAlikes()
    const forgetful = plan((msp: MspReads) => [msp.select({ id: customers.id }).from(customers)])
    await expect(northwind.scope.follow(forgetful, {})).rejects.toThrow(FenceBreach)
  })
})

describe('A commit', () => {
  const staged = async () => {
    const msp = await newMsp()
    const customer = await newCustomer(msp, 'Fabrikam')
    const { ground, hints, sent, msp: scope } = groundOf(msp)
    const row = await scope.find(customers, customer.customerId, 'customer')
    return { msp, customer, ground, hints, sent, scope, row }
  }

  it('says who did what to whom, with before and after', async () => {
    moveClock(() => 1_800_000_000_000)
    const { msp, scope, row } = await staged()
    await scope.commit(
      {
        action: 'customer.renamed',
        subject: { kind: 'customer', id: row.id, name: 'Fabrikam Ltd' },
        customerId: row.id,
      },
      scope.change(customers, row, { name: 'Fabrikam Ltd', email: row.email, phone: '01632' }),
    )
    expect(await entriesOf(msp, 'customer.renamed')).toEqual([
      {
        mspId: msp.mspId,
        id: expect.stringMatching(/^[0-9a-z]{36}$/),
        customerId: row.id,
        at: 1_800_000_000_000,
        actorKind: 'staff',
        actorId: 'tess',
        actorName: 'Tess Technician',
        topic: 'customer',
        action: 'customer.renamed',
        subjectKind: 'customer',
        subjectId: row.id,
        subjectName: 'Fabrikam Ltd',
        changes: [
          { table: 'customers', field: 'name', before: 'Fabrikam', after: 'Fabrikam Ltd' },
          { table: 'customers', field: 'phone', before: null, after: '01632' },
        ],
        requestId: 'request-1',
      },
    ])
  })

  it('raises the version, and refuses a change of an older one, with all that stands beside it', async () => {
    const { msp, scope, row, hints } = await staged()
    await scope.commit(note('customer.changed'), scope.change(customers, row, { name: 'First' }))
    await expect(scope.find(customers, row.id, 'customer')).resolves.toMatchObject({ name: 'First', version: 2 })
    const late = scope.commit(
      note('customer.changed_late'),
      scope.add(customers, { id: 'beside', name: 'Beside', sortName: 'beside', createdAt: 1 }),
      scope.change(customers, row, { name: 'Second' }),
      scope.later({ kind: 'test', payload: {}, naturalKey: 'late', subjectName: 'Late' }),
    )
    await expect(late).rejects.toThrow(Problem)
    await expect(late).rejects.toMatchObject({ code: 'stale', status: 412 })
    await expect(scope.find(customers, row.id, 'customer')).resolves.toMatchObject({ name: 'First', version: 2 })
    await expect(scope.find(customers, 'beside', 'customer')).rejects.toMatchObject({ code: 'missing' })
    expect(await scope.list(jobs)).toEqual([])
    expect(await entriesOf(msp, 'customer.changed_late')).toEqual([])
    expect(hints).toEqual([])
  })

  it('of two changes of one version at once, makes one', async () => {
    const { scope, row } = await staged()
    const results = await Promise.allSettled(
      ['One', 'Other'].map((name) => scope.commit(note('customer.raced'), scope.change(customers, row, { name }))),
    )
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('refuses to remove what was changed or is gone', async () => {
    const { scope, row } = await staged()
    await scope.commit(note('customer.changed'), scope.change(customers, row, { name: 'First' }))
    await expect(scope.commit(note('customer.removed'), scope.remove(customers, row))).rejects.toMatchObject({
      code: 'stale',
    })
    const current = await scope.find(customers, row.id, 'customer')
    await scope.commit(note('customer.removed'), scope.remove(customers, current))
    await expect(scope.find(customers, row.id, 'customer')).rejects.toMatchObject({ code: 'missing' })
    await expect(scope.commit(note('customer.removed'), scope.remove(customers, current))).rejects.toMatchObject({
      code: 'stale',
    })
  })

  it('records what a removed row held, and nothing for a change that sets nothing', async () => {
    const { msp, scope, row } = await staged()
    await scope.commit(note('customer.touched'), scope.change(customers, row, {}))
    expect((await entriesOf(msp, 'customer.touched')).map(({ changes }) => changes)).toEqual([[]])
    await scope.commit(note('customer.removed'), scope.remove(customers, { ...row, version: 2 }))
    const [entry] = await entriesOf(msp, 'customer.removed')
    expect(entry?.changes).toContainEqual({ table: 'customers', field: 'name', before: 'Fabrikam', after: null })
  })

  it('spends a single-use secret once', async () => {
    const msp = await newMsp()
    const contact = await newContact(await newPortal(await newCustomer(msp)))
    const scope = msp.scope.forCustomer(contact.portal.customerId)
    const id = newId(now())
    await scope.commit(
      note('contact.invited'),
      scope.add(invitations, { id, contactId: contact.id, tokenHash: 'hash', createdAt: 1, expiresAt: 10 }),
    )
    const spend = () =>
      scope.commit(
        note('invitation.spent'),
        scope.changeWhere(invitations, id, and(isNull(invitations.consumedAt), gt(invitations.expiresAt, 5)), {
          consumedAt: 6,
        }),
      )
    await spend()
    await expect(spend()).rejects.toMatchObject({ code: 'stale' })
    expect(await entriesOf(msp, 'invitation.spent')).toHaveLength(1)
  })

  it('shows no secret in its entry, neither before nor after', async () => {
    const msp = await newMsp()
    const member = await newStaff(msp, 'technician', 'scrypt$old-hash')
    const row = await msp.scope.find(staff, member.id, 'staff')
    await msp.scope.commit(
      note('staff.password_set'),
      msp.scope.change(staff, row, { passwordHash: 'scrypt$new-hash' }),
    )
    const [entry] = await entriesOf(msp, 'staff.password_set')
    expect(entry?.changes).toEqual([{ table: 'staff', field: 'passwordHash', before: '•••', after: '•••' }])
    expect(JSON.stringify(await msp.scope.list(activities))).not.toMatch(/old-hash|new-hash/)
  })

  it('brings its jobs with it, hints at them once it has happened, and adds none twice while one is alive', async () => {
    const { scope, row, hints, msp } = await staged()
    const work = { kind: 'test', payload: { of: 1 }, naturalKey: 'key', subjectName: 'Key' }
    await scope.commit(note('customer.queued'), scope.change(customers, row, { notes: 'x' }), scope.later(work))
    const [job, ...more] = await scope.list(jobs)
    expect(more).toEqual([])
    expect(job).toMatchObject({ state: 'waiting', naturalKey: 'key', payload: { of: 1 } })
    expect(hints).toEqual([{ shard: msp.shard, mspId: msp.mspId, jobId: job?.id }])
    await scope.record(scope.later(work))
    expect(await scope.list(jobs)).toHaveLength(1)
  })

  it('cannot be made without an entry', async () => {
    const { scope, row, sent } = await staged()
    sent.length = 0
    await scope.commit(note('customer.changed'), scope.change(customers, row, { name: 'Named' }))
    expect(sent).toHaveLength(1)
    expect(sent[0]?.at(-1)?.sql).toMatch(/^insert into "activities"/)
    // @ts-expect-error a write without a note is no commit
    const silent = () => scope.commit(scope.change(customers, row, { name: 'Silent' }))
    await expect(silent()).rejects.toThrow(Error)
    await expect(scope.find(customers, row.id, 'customer')).resolves.toMatchObject({ name: 'Named' })
  })

  it('cannot be made by waiting for a described write', async () => {
    const { scope, row, sent } = await staged()
    sent.length = 0
    const write = scope.change(customers, row, { name: 'Awaited' })
    await Promise.resolve(write)
    expect(write).not.toHaveProperty('then')
    expect(sent).toEqual([])
  })

  it('refuses quiet writes of audited tables', async () => {
    const { scope, row } = await staged()
    for (const write of [
      scope.change(customers, row, { name: 'Quiet' }),
      scope.changeAll(customers, undefined, { name: 'Quiet' }),
      scope.removeWhere(customers, undefined),
      scope.add(staff, { id: 'quiet', name: 'Quiet', email: 'q@x.example', role: 'owner', createdAt: 1 }),
    ]) {
      await expect(scope.record(write)).rejects.toThrow(/is audited/)
    }
    await expect(scope.find(customers, row.id, 'customer')).resolves.toEqual(row)
  })

  it('describes in one scope what no other scope can carry out', async () => {
    const { northwind, double } = await lookAlikes()
    const row = await northwind.scope.find(customers, northwind.fabrikam.customerId, 'customer')
    const write = northwind.scope.change(customers, row, { name: 'Carried over' })
    await expect(double.scope.commit(note('customer.smuggled'), write)).rejects.toThrow(FenceBreach)
    await expect(northwind.twin.scope.commit(note('customer.smuggled'), write)).rejects.toThrow(FenceBreach)
    const contact = await northwind.fabrikam.scope.find(contacts, northwind.fabrikam.contact.id, 'contact')
    const inFabrikam = northwind.fabrikam.scope.change(contacts, contact, { name: 'Carried over' })
    await expect(northwind.twin.scope.commit(note('contact.smuggled'), inFabrikam)).rejects.toThrow(FenceBreach)
    await expect(northwind.scope.find(customers, row.id, 'customer')).resolves.toEqual(row)
    await expect(northwind.scope.find(contacts, contact.id, 'contact')).resolves.toEqual(contact)
    // The MSP's own scope reaches below: it may.
    await northwind.scope.commit(note('contact.changed'), inFabrikam)
    await expect(northwind.scope.find(contacts, contact.id, 'contact')).resolves.toMatchObject({ name: 'Carried over' })
  })

  it('is answered once for one Idempotency-Key: the second one’s batch fails on the key and changes nothing', async () => {
    const { msp, customer } = await staged()
    const claimOf = () => ({ key: 'key-hash', bodyHash: 'body-hash', settled: false })
    const added = { id: newId(now()), name: 'Once', sortName: 'once', createdAt: 1 }
    const answer = { status: 201 as const, body: { id: added.id } }
    const first = claimOf()
    const { msp: one } = groundOf(msp, { idempotency: first })
    await one.commit({ ...note('customer.added'), answer }, one.add(customers, added))
    expect(first.settled).toBe(true)
    expect(await msp.scope.list(idempotencyKeys)).toMatchObject([
      { id: 'key-hash', bodyHash: 'body-hash', status: 201, answer: { id: added.id } },
    ])
    const { msp: other } = groundOf(msp, { idempotency: claimOf() })
    const again = other.commit(
      { ...note('customer.added'), answer },
      other.add(customers, { ...added, id: newId(now()) }),
    )
    await expect(again).rejects.toMatchObject({
      kind: 'unique',
      columns: ['idempotency_keys.msp_id', 'idempotency_keys.id'],
    })
    expect((await msp.scope.list(customers)).map(({ id }) => id).toSorted()).toEqual(
      [customer.customerId, added.id].toSorted(),
    )
    expect(await entriesOf(msp, 'customer.added')).toHaveLength(1)
  })

  it('gives the key back when it fails, so that the request may be tried again', async () => {
    const { msp, row } = await staged()
    const claim = { key: 'key-hash', bodyHash: 'body-hash', settled: false }
    const { msp: scope } = groundOf(msp, { idempotency: claim })
    const answer = { status: 201 as const, body: null }
    await expect(
      scope.commit(
        { ...note('customer.changed'), answer },
        scope.change(customers, { ...row, version: 7 }, { name: 'X' }),
      ),
    ).rejects.toMatchObject({ code: 'stale' })
    expect(claim.settled).toBe(false)
    expect(await msp.scope.list(idempotencyKeys)).toEqual([])
  })

  it('must say what a repeated request is answered, when one may be repeated', async () => {
    const { msp, row } = await staged()
    const { msp: scope } = groundOf(msp, { idempotency: { key: 'k', bodyHash: 'b', settled: false } })
    await expect(scope.commit(note('customer.changed'), scope.change(customers, row, { name: 'X' }))).rejects.toThrow(
      /does not say what a repeated request is answered/,
    )
    await expect(msp.scope.find(customers, row.id, 'customer')).resolves.toEqual(row)
  })
})

describe('The database itself', () => {
  it('refuses to change or remove an activity, whoever asks', async () => {
    const msp = await newMsp()
    const [entry] = await msp.scope.list(activities)
    expect(entry).toBeDefined()
    const shard = shardNamed(environment, msp.shard)
    for (const statement of [
      { sql: `update activities set action = 'nothing.happened' where msp_id = ?`, params: [msp.mspId] },
      { sql: `delete from activities where msp_id = ?`, params: [msp.mspId] },
    ]) {
      await expect(pastTheFence(() => shard.batch([statement]))).rejects.toMatchObject({
        name: 'Refused',
        kind: 'append_only',
      })
    }
    await expect(
      msp.scope.commit(note('history.rewritten'), msp.scope.changeAll(activities, undefined, { action: 'x' })),
    ).rejects.toThrow(Refused)
    await expect(
      msp.scope.commit(note('history.removed'), msp.scope.removeWhere(activities, undefined)),
    ).rejects.toThrow(Refused)
    expect(await msp.scope.list(activities)).toEqual([entry])
  })

  it('refuses a pointer from one MSP into another, or from one customer into another', async () => {
    const { northwind, double } = await lookAlikes()
    const [ours, theirs] = [northwind.scope, double.fabrikam.customerId]
    const contact = { id: newId(now()), name: 'Dana', escalationPosition: 0, createdAt: 1 }
    await expect(
      ours.commit(note('contact.added'), ours.add(contacts, { ...contact, customerId: theirs })),
    ).rejects.toMatchObject({
      kind: 'foreign_key',
    })
    const below = ours.forCustomer(theirs)
    await expect(below.commit(note('contact.added'), below.add(contacts, contact))).rejects.toMatchObject({
      kind: 'foreign_key',
    })
    const session = { id: 'h', host: 'x', createdAt: 1, seenAt: 1, expiresAt: 1 }
    await expect(ours.record(ours.add(sessions, { ...session, staffId: double.member.id }))).rejects.toMatchObject({
      kind: 'foreign_key',
    })
    await expect(
      ours.record(
        ours.add(sessions, {
          ...session,
          customerId: northwind.fabrikam.customerId,
          contactId: northwind.twin.contact.id,
        }),
      ),
    ).rejects.toMatchObject({ kind: 'foreign_key' })
  })

  it('refuses to remove a row that others hang on', async () => {
    const { northwind } = await lookAlikes()
    const row = await northwind.scope.find(customers, northwind.fabrikam.customerId, 'customer')
    await expect(
      northwind.scope.commit(note('customer.removed'), northwind.scope.remove(customers, row)),
    ).rejects.toMatchObject({ kind: 'foreign_key' })
  })

  it('keeps the same id of two MSPs apart', async () => {
    const one = await newMsp('Northwind IT', 'shard-1')
    const other = await newMsp('Northwind IT', 'shard-1')
    const shared = { id: 'the-same-id', sortName: 'x', createdAt: 1 }
    await one.scope.commit(note('customer.added'), one.scope.add(customers, { ...shared, name: 'One’s' }))
    await other.scope.commit(note('customer.added'), other.scope.add(customers, { ...shared, name: 'Other’s' }))
    await expect(one.scope.find(customers, 'the-same-id', 'customer')).resolves.toMatchObject({ name: 'One’s' })
    await expect(other.scope.find(customers, 'the-same-id', 'customer')).resolves.toMatchObject({ name: 'Other’s' })
  })
})

describe('A commit of several notes', () => {
  it('writes an entry for each, all or none', async () => {
    const msp = await newMsp()
    const { msp: scope } = groundOf(msp)
    const [one, other] = [await newCustomer(msp, 'One'), await newCustomer(msp, 'Other')]
    const told = (customer: StagedCustomer, name: string) => ({
      action: 'customer.archived' as const,
      subject: { kind: 'customer', id: customer.customerId, name },
      customerId: customer.customerId,
      changes: [{ table: 'customers', field: 'state', before: 'active', after: 'archived' }],
    })
    const notes: [ReturnType<typeof told>, ...ReturnType<typeof told>[]] = [told(one, 'One'), told(other, 'Other')]
    const archived = scope.changeAll(customers, undefined, { state: 'archived' })
    const entries = () =>
      scope.list(activities, {
        where: eq(activities.action, 'customer.archived'),
        orderBy: [asc(activities.subjectName)],
      })
    const failing = scope.changeWhere(customers, one.customerId, sql`false`, { phone: '1' })
    await expect(scope.commitEach(notes, archived, failing)).rejects.toMatchObject({ code: 'stale' })
    expect(await entries()).toEqual([])
    await scope.commitEach(notes, archived)
    expect(
      (await entries()).map(({ subjectName, customerId, changes, actorName }) => ({
        subjectName,
        customerId,
        changes,
        actorName,
      })),
    ).toEqual([
      { subjectName: 'One', customerId: one.customerId, changes: notes[0].changes, actorName: 'Tess Technician' },
      { subjectName: 'Other', customerId: other.customerId, changes: notes[1]?.changes, actorName: 'Tess Technician' },
    ])
  })
})

describe('Rows that travel as one parameter', () => {
  it('are put, put again and told apart by their whole key', async () => {
    const { northwind } = await lookAlikes()
    const { scope } = northwind.fabrikam
    const words = (...list: string[]) => list.map((word) => ({ id: 'word', word }))
    await scope.commit(note('words.put'), scope.putAll(customerWords, words('fab', 'rikam')))
    await scope.commit(note('words.put'), scope.putAll(customerWords, words('rikam', 'ltd')))
    await scope.commit(note('words.put'), scope.putAll(customerWords, []))
    expect((await scope.list(customerWords)).map(({ word }) => word).toSorted()).toEqual(['fab', 'ltd', 'rikam'])
    expect(await northwind.twin.scope.list(customerWords)).toEqual([])
    const { inTenant } = northwind.fabrikam
    const seats = {
      skuPartNumber: 'SPB',
      assignedCount: 1,
      suspendedCount: 0,
      status: 'Enabled',
      hidden: false,
      asOf: 1,
    }
    await inTenant.record(inTenant.putAll(seatCounts, [{ id: 'sku', boughtCount: 1, ...seats }]))
    await inTenant.record(inTenant.putAll(seatCounts, [{ id: 'sku', boughtCount: 2, ...seats }]))
    expect((await inTenant.list(seatCounts)).map(({ boughtCount }) => boughtCount)).toEqual([2])
  })

  it('keep their owner when an MSP puts them again under another', async () => {
    const { northwind } = await lookAlikes()
    const { scope, fabrikam, twin } = northwind
    const job = {
      id: 'job',
      kind: 'test',
      payload: {},
      naturalKey: 'k',
      state: 'done' as const,
      dueAt: 1,
      createdAt: 1,
    }
    const put = (customerId: string, subjectName: string) =>
      scope.record(scope.putAll(jobs, [{ ...job, customerId, subjectName }]))
    await put(fabrikam.customerId, 'First')
    await put(twin.customerId, 'Second')
    expect(await scope.list(jobs)).toMatchObject([{ customerId: fabrikam.customerId, subjectName: 'Second' }])
  })

  it('may be thousands', async () => {
    const { northwind } = await lookAlikes()
    const { inTenant } = northwind.fabrikam
    await inTenant.record(
      inTenant.putAll(
        tenantUsers,
        Array.from({ length: 2000 }, (_, at) => person({ id: `p${at}` })),
      ),
    )
    expect(await inTenant.list(tenantUsers)).toHaveLength(2001)
  })
})
