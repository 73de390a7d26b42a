import type { z } from '@hono/zod-openapi'
import { asc } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { groupMembers, tenantGroups, tenantUsers } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import {
  BUSINESS_PREMIUM,
  distributionList,
  notAllowed,
  people,
  person,
  throttled,
  unavailable,
} from '../../test/microsoft.ts'
import {
  aliveJobs,
  connectedTenant,
  dyingShard,
  environmentWith,
  partsJob,
  readBeside,
  stageMicrosoft,
  sync,
  tenantRow,
  tenantScope,
} from '../../test/tenants.ts'
import type { Connected } from '../../test/tenants.ts'
import { ADMIN, call, environment, newStaff } from '../../test/stage.ts'
import { sweep } from '../../work.ts'
import type { Tenant } from './tenants.schema.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const LEASE_MS = 60_000
const { microsoft, clock } = stageMicrosoft({ troubled: true })

const ids = (count: number) => people(count).map(({ id }) => id)

const synced = async (more: Parameters<typeof microsoft.tenant>[0] = {}): Promise<Connected> => {
  const connected = await connectedTenant(microsoft.tenant(more))
  await sync(connected)
  clock.forward(60_000)
  return connected
}

const signInsOf = async (connected: Connected) =>
  (await tenantScope(connected).list(tenantUsers, { orderBy: [asc(tenantUsers.id)] })).map(
    ({ displayName, signInKnown, lastSignInAt }) =>
      `${displayName}: ${signInKnown ? (lastSignInAt === null ? 'none' : new Date(lastSignInAt).toISOString()) : 'not known'}`,
  )

const groupsOf = async (connected: Connected) => {
  const tenant = tenantScope(connected)
  const groups = await tenant.list(tenantGroups, { orderBy: [asc(tenantGroups.id)] })
  const members = await tenant.list(groupMembers, { orderBy: [asc(groupMembers.id)] })
  return groups.map(({ id, displayName, kind }) => [
    displayName,
    kind,
    members.filter(({ groupId }) => groupId === id).map((member) => Number(member.id.slice(-12))),
  ])
}

describe('When people last signed in', () => {
  const three = [
    person(1, { lastSignInDateTime: '2026-11-17T08:00:00Z' }),
    person(2, { lastSignInDateTime: '2026-06-01T08:00:00Z' }),
    person(3),
  ]

  it('is read page by page, and says of whom Microsoft knows of no sign-in', async () => {
    const connected = await synced({ people: three, pageSize: 1 })
    expect(await signInsOf(connected)).toEqual(['Person 1: not known', 'Person 2: not known', 'Person 3: not known'])
    await readBeside(connected)
    expect(await signInsOf(connected)).toEqual([
      'Person 1: 2026-11-17T08:00:00.000Z',
      'Person 2: 2026-06-01T08:00:00.000Z',
      'Person 3: none',
    ])
    expect(await tenantRow(connected)).toMatchObject({
      signInsAsOf: expect.any(Number) as number,
      signInsUnknownSince: null,
    })
  })

  it('is asked for once a day at most, and stays when people change', async () => {
    const connected = await synced({ people: three })
    await readBeside(connected)
    const asked = () => microsoft.asked.filter(({ url }) => url.search.includes('signInActivity')).length
    const before = asked()
    clock.forward(23 * HOUR)
    connected.microsoftTenant.change(person(1).id, {
      jobTitle: 'Joiner',
      lastSignInDateTime: '2026-11-18T20:00:00Z',
    })
    connected.microsoftTenant.join(person(4))
    await sync(connected)
    await readBeside(connected)
    expect(asked()).toBe(before)
    expect(await signInsOf(connected)).toContain('Person 1: 2026-11-17T08:00:00.000Z')
    expect(await signInsOf(connected), 'who came since is not known yet').toContain('Person 4: not known')
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await signInsOf(connected)).toContain('Person 1: 2026-11-18T20:00:00.000Z')
    expect(await signInsOf(connected)).toContain('Person 4: none')
  })

  it.each([
    [
      'the tenant has no Entra ID P1',
      'licence',
      (connected: Connected) => (connected.microsoftTenant.hasEntraP1 = false),
    ],
    ['the permission is missing', 'permission', () => microsoft.interrupt('/users?', notAllowed, 100)],
    [
      'Microsoft leaves it out for everybody',
      'licence',
      (connected: Connected) => {
        for (const { id } of three) connected.microsoftTenant.people.set(id, person(Number(id.slice(-12))))
      },
    ],
  ])('is not known, since when and why, where %s', async (_name, why, happens) => {
    const connected = await synced({ people: three, groups: [distributionList(1, ids(2))] })
    happens(connected)
    await readBeside(connected)
    const { signInsUnknownSince, ...row } = await tenantRow(connected)
    expect(row).toMatchObject({ signInsUnknownWhy: why, signInsAsOf: null, state: 'connected' })
    expect(signInsUnknownSince).toBeGreaterThan(0)
    expect(await groupsOf(connected), 'groups do not depend on it').toHaveLength(1)
    expect(await partsJob(connected)).toMatchObject({ state: 'done' })
    clock.forward(DAY)
    await readBeside(connected)
    expect((await tenantRow(connected)).signInsUnknownSince, 'since then').toBe(signInsUnknownSince)
    microsoft.calm()
    connected.microsoftTenant.hasEntraP1 = true
    connected.microsoftTenant.change(person(1).id, { lastSignInDateTime: '2026-11-18T20:00:00Z' })
    clock.forward(DAY)
    await readBeside(connected)
    expect(await tenantRow(connected)).toMatchObject({ signInsUnknownSince: null, signInsUnknownWhy: null })
  })

  it('goes on from the page it had reached', async () => {
    const connected = await synced({ people: people(9, { lastSignInDateTime: '2026-11-17T08:00:00Z' }), pageSize: 1 })
    microsoft.interrupt('$skiptoken=5', () => throttled(90))
    await readBeside(connected)
    expect(await partsJob(connected)).toMatchObject({ state: 'waiting' })
    expect((await signInsOf(connected)).filter((one) => !one.includes('not known'))).toHaveLength(5)
    const asked = microsoft.asked.length
    clock.forward(95_000)
    await readBeside(connected)
    expect(await signInsOf(connected)).not.toContain('Person 9: not known')
    const first = microsoft.asked.slice(asked).find(({ url }) => url.search.includes('signInActivity'))
    expect(first?.url.searchParams.get('$skiptoken')).toBe('5')
  })
})

describe('Groups', () => {
  const three = [
    distributionList(1, ids(5)),
    distributionList(2, ids(2), { displayName: 'Sawmill', groupTypes: ['Unified'] }),
    distributionList(3, ids(3), { displayName: 'Payments', securityEnabled: true }),
    distributionList(4, ids(3), { displayName: 'VPN', mailEnabled: false, securityEnabled: true }),
  ]

  it('that people write to are kept with their members, a large one over several pages; those that open doors are not', async () => {
    const connected = await synced({ people: people(5), groups: three, linksPerPage: 2 })
    await readBeside(connected)
    expect(await groupsOf(connected)).toEqual([
      ['List 1', 'distribution', [1, 2, 3, 4, 5]],
      ['Sawmill', 'microsoft_365', [1, 2]],
    ])
    expect(await tenantRow(connected)).toMatchObject({
      groupsAsOf: expect.any(Number) as number,
      groupsUnknownSince: null,
    })
  })

  it('are read by what changed afterwards', async () => {
    const connected = await synced({ people: people(5), groups: three })
    await readBeside(connected)
    const [list, sawmill, payments] = three.map(({ id }) => id)
    connected.microsoftTenant.groupChanges = [
      {
        id: list,
        displayName: 'All of us',
        'members@delta': [
          { '@odata.type': '#microsoft.graph.user', id: person(1).id, '@removed': { reason: 'deleted' } },
          { '@odata.type': '#microsoft.graph.user', id: person(9).id },
        ],
      },
      { id: payments, 'members@delta': [{ '@odata.type': '#microsoft.graph.user', id: person(9).id }] },
      { id: sawmill, '@removed': { reason: 'changed' } },
    ]
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await groupsOf(connected)).toEqual([['All of us', 'distribution', [2, 3, 4, 5, 9]]])
    expect(await tenantScope(connected).list(groupMembers), 'nobody is left of a group that is gone').toHaveLength(5)
  })

  it('are read whole again when the token has expired: who and what is missing then is gone', async () => {
    const connected = await synced({ people: people(5), groups: three })
    await readBeside(connected)
    connected.microsoftTenant.expireTokens()
    connected.microsoftTenant.groups = [distributionList(1, ids(2))]
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await groupsOf(connected)).toEqual([['List 1', 'distribution', [1, 2]]])
    expect(await tenantScope(connected).list(groupMembers)).toHaveLength(2)
  })

  it('stay when Microsoft lists none at all', async () => {
    const connected = await synced({ people: people(5), groups: three })
    await readBeside(connected)
    connected.microsoftTenant.expireTokens()
    connected.microsoftTenant.groups = []
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await groupsOf(connected)).toHaveLength(2)
  })

  it('are not known while the permission is missing, which leaves sign-ins alone, and are read once it is given', async () => {
    const connected = await synced({
      people: people(2, { lastSignInDateTime: '2026-11-17T08:00:00Z' }),
      groups: three,
    })
    microsoft.interrupt('/groups', notAllowed, 100)
    await readBeside(connected)
    const { groupsUnknownSince, ...row } = await tenantRow(connected)
    expect(groupsUnknownSince).toBeGreaterThan(0)
    expect(row).toMatchObject({ groupsAsOf: null, signInsUnknownSince: null, state: 'connected' })
    expect(row.signInsAsOf).toBeGreaterThan(0)
    microsoft.calm()
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await groupsOf(connected)).toHaveLength(2)
    expect(await tenantRow(connected)).toMatchObject({ groupsUnknownSince: null })
  })

  it('end as though nothing had happened when the Worker is killed between any two of its writes', async () => {
    const setUp = async () => {
      const connected = await synced({ people: people(30), groups: three, linksPerPage: 1, pageSize: 3 })
      await readBeside(connected)
      connected.microsoftTenant.expireTokens()
      connected.microsoftTenant.groups = [
        distributionList(1, ids(25)),
        distributionList(5, ids(3), { displayName: 'New', groupTypes: ['unified'] }),
      ]
      clock.forward(DAY)
      return connected
    }
    const undisturbed = await setUp()
    await readBeside(undisturbed)
    const expected = await groupsOf(undisturbed)
    expect(expected.map(([name]) => name)).toEqual(['List 1', 'New'])
    let deathCount = 0
    for (let hasDied = true; hasDied;) {
      clock.setTo('2026-11-18T12:00:00Z')
      const connected = await setUp()
      const seen = { died: false }
      await readBeside(connected, environmentWith(connected, dyingShard(deathCount + 1, seen))).catch(() => undefined)
      hasDied = seen.died
      if (hasDied) deathCount += 1
      clock.forward(LEASE_MS + 1_000)
      for (let turn = 0; turn < 2; turn += 1) await readBeside(connected)
      expect(await groupsOf(connected), `killed at write ${deathCount}`).toEqual(expected)
      expect(await signInsOf(connected), `killed at write ${deathCount}`).not.toContain('Person 30: not known')
    }
    expect(deathCount).toBeGreaterThanOrEqual(6)
  }, 60_000)
})

describe('What mailboxes are for', () => {
  const blocked = (number: number, userPurpose?: string) =>
    person(number, {
      accountEnabled: false,
      mail: `person${number}@tenant.example`,
      ...(userPurpose === undefined ? {} : { userPurpose }),
    })
  const cast = [
    person(1, { mail: 'person1@tenant.example', userPurpose: 'user' }),
    blocked(2, 'shared'),
    blocked(3, 'user'),
    blocked(4),
    blocked(5, 'room'),
    person(6, { accountEnabled: false }),
    person(7, { accountEnabled: false, mail: 'guest@elsewhere.example', userType: 'Guest' }),
  ]
  const purposesOf = async (connected: Connected) =>
    (await tenantScope(connected).list(tenantUsers, { orderBy: [asc(tenantUsers.id)] })).flatMap(
      ({ displayName, mailboxPurpose, standing }) =>
        mailboxPurpose === null ? [] : [`${displayName}: ${mailboxPurpose}, ${standing}`],
    )
  const askedFor = () =>
    microsoft.askedFor('/users/').flatMap(({ url }) => (url.search.includes('mailboxSettings') ? [url.pathname] : []))
  const known = ['Person 2: shared, 2', 'Person 3: user, 0', 'Person 4: none, 0', 'Person 5: room, 2']

  it('is asked of members who cannot sign in and have an address, once', async () => {
    const connected = await synced({ people: cast })
    const before = askedFor().length
    await readBeside(connected)
    expect(await purposesOf(connected)).toEqual(known)
    expect(askedFor().length - before).toBe(4)
    const row = await tenantRow(connected)
    expect(row).toMatchObject({ blockedUserCount: 5, mailboxCount: 2, mailboxesUnknownSince: null })
    expect(row.mailboxesAsOf).toBeGreaterThan(0)
    clock.forward(29 * DAY)
    await sync(connected)
    await readBeside(connected)
    expect(askedFor().length - before, 'nothing has changed').toBe(4)
  })

  it('is asked again after a month, and of whom something changed; of whoever may sign in nothing is known', async () => {
    const connected = await synced({ people: cast })
    await readBeside(connected)
    const before = askedFor().length
    connected.microsoftTenant.change(person(2).id, { accountEnabled: true })
    connected.microsoftTenant.change(person(3).id, {
      assignedLicenses: [{ skuId: BUSINESS_PREMIUM }],
      userPurpose: 'shared',
    })
    connected.microsoftTenant.leave(person(5).id)
    clock.forward(HOUR)
    await sync(connected)
    expect(await tenantRow(connected)).toMatchObject({ blockedUserCount: 3, mailboxCount: 0 })
    clock.forward(HOUR)
    await readBeside(connected)
    expect(await purposesOf(connected)).toEqual(['Person 3: shared, 2', 'Person 4: none, 0'])
    expect(await tenantRow(connected)).toMatchObject({ mailboxCount: 1 })
    expect(askedFor().slice(before)).toEqual([expect.stringContaining(person(3).id)])
    connected.microsoftTenant.change(person(4).id, { userPurpose: 'shared' })
    clock.forward(31 * DAY)
    await readBeside(connected)
    expect(await purposesOf(connected)).toEqual(['Person 3: shared, 2', 'Person 4: shared, 2'])
  })

  it('is not known while the permission is missing, which is no trouble, and is read once it is given', async () => {
    const connected = await synced({ people: cast, groups: [distributionList(1, ids(2))] })
    microsoft.interrupt('mailboxSettings', notAllowed, 100)
    const before = askedFor().length
    await readBeside(connected)
    const { mailboxesUnknownSince } = await tenantRow(connected)
    expect(mailboxesUnknownSince).toBeGreaterThan(0)
    expect(askedFor().length - before, 'it is asked once').toBe(1)
    expect(await partsJob(connected)).toMatchObject({ state: 'done' })
    expect(await groupsOf(connected)).toHaveLength(1)
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await tenantRow(connected)).toMatchObject({ mailboxesUnknownSince, mailboxesAsOf: null })
    microsoft.calm()
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await purposesOf(connected)).toEqual(known)
    expect(await tenantRow(connected)).toMatchObject({ mailboxesUnknownSince: null })
  })

  const refusedByExchange = () => Response.json({ error: { code: 'ErrorAccessDenied' } }, { status: 403 })

  it('is not known of one that Exchange lets nobody read, which holds up none of the others', async () => {
    const connected = await synced({ people: cast })
    microsoft.interrupt(person(2).id, refusedByExchange, 100)
    await readBeside(connected)
    expect(await purposesOf(connected)).toEqual(['Person 2: unknown, 0', ...known.slice(1)])
    expect(await tenantRow(connected)).toMatchObject({
      mailboxesUnknownSince: null,
      mailboxesAsOf: expect.any(Number) as number,
    })
    connected.microsoftTenant.change(person(3).id, { displayName: 'Person 3 again' })
    clock.forward(31 * DAY)
    microsoft.interrupt(person(3).id, refusedByExchange, 100)
    microsoft.interrupt(person(4).id, refusedByExchange, 100)
    await readBeside(connected)
    expect(await tenantRow(connected)).toMatchObject({ mailboxesUnknownSince: null })
  })

  it('is not known while Exchange refuses all of them, as it does without the permission', async () => {
    const connected = await synced({ people: cast })
    microsoft.interrupt('mailboxSettings', refusedByExchange, 100)
    await readBeside(connected)
    expect(await purposesOf(connected)).toEqual([])
    expect((await tenantRow(connected)).mailboxesUnknownSince).toBeGreaterThan(0)
    microsoft.calm()
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await purposesOf(connected)).toEqual(known)
    expect(await tenantRow(connected)).toMatchObject({ mailboxesUnknownSince: null })
  })

  it('is found out although the first of them are all refused, as a policy of Exchange may have it', async () => {
    const many = Array.from({ length: 25 }, (_, at) => blocked(at + 1, 'shared'))
    const connected = await synced({ people: many })
    for (const { id } of many.slice(0, 22)) microsoft.interrupt(id, refusedByExchange, 100)
    await readBeside(connected)
    const told = (await purposesOf(connected)).map((line) => line.replace(/^.*: /, ''))
    expect(told.filter((one) => one === 'unknown, 0')).toHaveLength(22)
    expect(told.filter((one) => one === 'shared, 2')).toHaveLength(3)
    expect(await tenantRow(connected)).toMatchObject({ mailboxCount: 3, mailboxesUnknownSince: null })
  })

  it('is asked of one that was told before where only others are refused, to tell that from a missing permission', async () => {
    const connected = await synced({ people: cast })
    await readBeside(connected)
    connected.microsoftTenant.change(person(3).id, { assignedLicenses: [{ skuId: BUSINESS_PREMIUM }] })
    clock.forward(HOUR)
    await sync(connected)
    microsoft.interrupt(person(3).id, refusedByExchange, 100)
    clock.forward(HOUR)
    await readBeside(connected)
    expect(await purposesOf(connected)).toContain('Person 3: unknown, 0')
    expect(await tenantRow(connected)).toMatchObject({ mailboxesUnknownSince: null })
  })

  it('that was told before Microsoft asked to slow down is kept, and goes on from there', async () => {
    const connected = await synced({ people: cast })
    microsoft.interrupt(person(4).id, () => throttled(90))
    await readBeside(connected)
    expect(await purposesOf(connected)).toEqual(known.slice(0, 2))
    const before = askedFor().length
    clock.forward(95_000)
    await readBeside(connected)
    expect(await purposesOf(connected)).toEqual(known)
    expect(askedFor().length - before).toBe(2)
  })
})

describe('What is read beside the sync', () => {
  const partsOf = async (connected: Connected) =>
    (await aliveJobs(connected.customer.msp)).filter(({ kind }) => kind === 'tenant.parts')

  it('is due after the first good sync, and every two hours from then on', async () => {
    const connected = await connectedTenant(microsoft.tenant())
    await sweep(environment)
    expect(await partsOf(connected), 'not before people are known').toEqual([])
    await sync(connected)
    await sweep(environment)
    await sweep(environment)
    expect(await partsOf(connected)).toHaveLength(1)
    await readBeside(connected)
    await sweep(environment)
    expect(await partsOf(connected)).toEqual([])
    clock.forward(2 * HOUR)
    await sweep(environment)
    expect(await partsOf(connected)).toHaveLength(1)
  })

  it('fails by itself: the sync goes on, and it comes again later', async () => {
    const connected = await synced({ groups: [distributionList(1, ids(2))] })
    microsoft.interrupt('/groups', unavailable, 100)
    for (let attempt = 0; attempt < 30; attempt += 1) {
      await readBeside(connected)
      if ((await partsJob(connected)).state === 'parked') break
      clock.forward(HOUR)
    }
    expect(await partsJob(connected)).toMatchObject({ state: 'parked' })
    expect((await tenantRow(connected)).partsDueAt).toBeGreaterThan(now() + 5 * HOUR)
    await sync(connected)
    expect(await tenantRow(connected)).toMatchObject({ state: 'connected', healthRank: 2 })
  })

  it('of a tenant that was removed is read no more', async () => {
    const connected = await synced()
    const technician = await newStaff(connected.customer.msp)
    const path = `/api/msp-portal/customers/${connected.customer.customerId}/tenants/${connected.tenantId}`
    expect((await call(ADMIN, 'DELETE', path, { as: technician })).status).toBe(204)
    const asked = microsoft.asked.length
    await readBeside(connected)
    expect(microsoft.asked.length).toBe(asked)
    expect(await partsJob(connected)).toMatchObject({ state: 'done' })
  })
})

it('Staff read of a tenant what is not known, and since when', async () => {
  const connected = await synced({ people: people(2), hasEntraP1: false })
  await readBeside(connected)
  const path = `/api/msp-portal/customers/${connected.customer.customerId}/tenants`
  const answer = await call(ADMIN, 'GET', path, { as: await newStaff(connected.customer.msp, 'viewer') })
  const { items } = await answer.json<{ items: z.infer<typeof Tenant>[] }>()
  expect(items).toMatchObject([
    {
      signIns: { asOf: null, unknownSince: expect.any(String) as string, unknownWhy: 'licence' },
      groups: { asOf: expect.any(String) as string, unknownSince: null },
      mailboxes: { asOf: expect.any(String) as string, unknownSince: null },
      managers: { asOf: expect.any(String) as string, unknownSince: null },
    },
  ])
})
