import { and, eq, inArray } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { wordsOfContact, wordsOfCustomer } from '../../../db/customer-words.ts'
import {
  accessGrantPeople,
  activities,
  apiKeys,
  contacts,
  customers,
  customerWords,
  invitations,
  jobs,
  portals,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { newId } from '../../tenancy/ids.ts'
import { deliverOne, holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newCustomer, newKey, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedCustomer, StagedMsp } from '../../test/stage.ts'

const queue = holdQueue()

type Item = { id: string; name: string; customerName: string; obstacle: string | null }
type List = { items: Item[]; nextCursor: string | null; truncated: boolean }
type Grant = {
  id: string
  state: string
  totalCount: number
  doneCount: number
  grantedCount: number
  skipped: { because: string; count: number }[]
  startedBy: string
}

/** Contacts of a customer, found by their names as any are. */
const newPeople = async (
  customer: StagedCustomer,
  people: Partial<typeof contacts.$inferInsert>[],
): Promise<string[]> => {
  const scope = customer.msp.scope.forCustomer(customer.customerId)
  const rows = people.map((person, escalationPosition) => {
    const id = newId(now())
    return {
      id,
      name: `Person ${id.slice(-6)}`,
      email: `${id}@customer.example`,
      access: 'none' as const,
      escalationPosition,
      createdAt: now(),
      ...person,
    }
  })
  const words = rows.flatMap((row) =>
    wordsOfContact({ name: row.name, email: row.email ?? null }).map((word) => ({ id: row.id, word })),
  )
  await scope.commit(
    { action: 'stage.people', subject: { kind: 'customer', id: customer.customerId, name: customer.name } },
    scope.putAll(customerWords, words),
    ...rows.map((row) => scope.add(contacts, row)),
    scope.putAll(
      customerWords,
      wordsOfCustomer({ name: customer.name, email: null, psaId: null }).map((word) => ({
        id: customer.customerId,
        word,
      })),
    ),
  )
  return rows.map(({ id }) => id)
}

const newScene = async () => {
  const msp = await newMsp()
  const technician = await newStaff(msp)
  const list = async (query = '') =>
    bodyOf<List>(await call(ADMIN, 'GET', `/api/msp-portal/contacts${query}`, { as: technician }))
  const grant = (contactIds: string[], headers = {}) =>
    call(ADMIN, 'POST', '/api/msp-portal/access-grants', { as: technician, body: { contactIds }, headers })
  const read = async (id: string) =>
    bodyOf<Grant>(await call(ADMIN, 'GET', `/api/msp-portal/access-grants/${id}`, { as: technician }))
  return { msp, technician, list, grant, read }
}

/** Contacts of so many customers, each with as many, found by their names as any are. */
const newThousands = async (
  msp: StagedMsp,
  nameOf: (customer: number, person: number) => string,
  extent = [10, 200],
) => {
  const [customerCount = 0, eachCount = 0] = extent
  const numbers = (length: number) => Array.from({ length }, (_, number) => number)
  const owners = numbers(customerCount).map((number) => ({
    id: newId(now()),
    name: `School ${number}`,
    sortName: `school ${number}`,
    createdAt: now(),
    portalState: 'enabled' as const,
  }))
  const people = owners.flatMap(({ id: customerId }, customer) =>
    numbers(eachCount).map((person) => {
      const id = newId(now())
      const name = nameOf(customer, person)
      return { id, customerId, name, email: `${id}@customer.example`, escalationPosition: person, createdAt: now() }
    }),
  )
  await msp.scope.commit(
    { action: 'stage.thousands', subject: { kind: 'customer', id: 'many', name: 'Many' } },
    msp.scope.putAll(customers, owners),
    msp.scope.putAll(
      portals,
      owners.map(({ id }) => ({
        id,
        customerId: id,
        state: 'enabled' as const,
        prefix: id,
        host: `${id}.portal.test`,
        addressState: 'active' as const,
        createdAt: now(),
      })),
    ),
    msp.scope.putAll(contacts, people),
    msp.scope.putAll(customerWords, [
      ...owners.flatMap(({ id, name }) =>
        wordsOfCustomer({ name, email: null, psaId: null }).map((word) => ({ id, customerId: id, word })),
      ),
      ...people.flatMap(({ id, customerId, name, email }) =>
        wordsOfContact({ name, email }).map((word) => ({ id, customerId, word })),
      ),
    ]),
  )
  return people
}

/** Whom an open portal lets in, and one of each who cannot get access. */
const newCrowd = async (msp: StagedMsp) => {
  const open = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const put = async (customer: StagedCustomer, set: Partial<typeof customers.$inferInsert>) => {
    const scope = msp.scope.forCustomer(customer.customerId)
    await scope.commit(
      { action: 'stage.customer', subject: { kind: 'customer', id: customer.customerId, name: customer.name } },
      scope.changeAll(customers, undefined, set),
    )
    return customer
  }
  const [fay = '', noMail = '', invited = '', active = '', blocked = ''] = await newPeople(open, [
    { name: 'Fay' },
    { email: null },
    { access: 'invited' },
    { access: 'active' },
    { access: 'disabled' },
  ])
  const [portalless = ''] = await newPeople(await newCustomer(msp, 'Without'), [{}])
  const archivedOf = await put(await newPortal(await newCustomer(msp, 'Away')), { state: 'archived' })
  const [archived = ''] = await newPeople(archivedOf, [{}])
  const disabledOf = await put(await newPortal(await newCustomer(msp, 'Shut')), { state: 'disabled' })
  const [shut = ''] = await newPeople(disabledOf, [{}])
  const closedOf = await put(await newPortal(await newCustomer(msp, 'Closed')), { portalState: 'disabled' })
  const [closed = ''] = await newPeople(closedOf, [{}])
  return { open, fay, others: { noMail, invited, active, blocked, portalless, archived, shut, closed } }
}

describe('The contacts of all customers', () => {
  it('are listed by name, page by page, each once', async () => {
    const { msp, list } = await newScene()
    const [one, other] = [await newCustomer(msp, 'One'), await newCustomer(msp, 'Other')]
    await newPeople(one, [{ name: 'bea' }, { name: 'Ann' }, { name: 'Cid' }, { name: 'Bea' }])
    await newPeople(other, [{ name: 'Abe' }, { name: 'Bea' }, { name: 'Dan' }])
    const names: string[] = []
    const ids = new Set<string>()
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: List = await list(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      for (const { id, name } of page.items) {
        names.push(name.toLowerCase())
        ids.add(id)
      }
      cursor = page.nextCursor
    }
    expect(names).toEqual(['abe', 'ann', 'bea', 'bea', 'bea', 'cid', 'dan'])
    expect(ids.size).toBe(7)
  })

  it('are found by words of their own and of their customer, and only those of this MSP', async () => {
    const { msp, list } = await newScene()
    const fabrikam = await newCustomer(msp, 'Fabrikam Dental')
    await newPeople(fabrikam, [{ name: 'Dana Reyes', email: 'dana@fabrikam.example' }, { name: 'Tom Okafor' }])
    await newPeople(await newCustomer(msp, 'Tailspin'), [{ name: 'Dana Berg', email: null }])
    await newPeople(await newCustomer(await newMsp(), 'Fabrikam'), [{ name: 'Dana Stranger' }])
    const found = async (q: string) => (await list(`?q=${encodeURIComponent(q)}`)).items.map(({ name }) => name)
    expect(await found('dana')).toEqual(['Dana Berg', 'Dana Reyes'])
    expect(await found('fabrikam')).toEqual(['Dana Reyes', 'Tom Okafor'])
    expect(await found('fabr dan')).toEqual(['Dana Reyes'])
    expect(await found('okaf')).toEqual(['Tom Okafor'])
    expect(await found('nobody')).toEqual([])
    const path = '/api/msp-portal/contacts?q=a'
    expect((await call(ADMIN, 'GET', path, { as: await newStaff(msp, 'viewer') })).status).toBe(422)
  })

  describe('whose words are all common', () => {
    let find: (q: string) => Promise<List>
    beforeAll(async () => {
      const { msp, list } = await newScene()
      const names = (customer: number, person: number) =>
        customer === 4 && person === 0
          ? 'Anna Smith'
          : customer < 2
            ? `Anna ${customer * 150 + person}`
            : `Bo Smith ${person}`
      await newThousands(msp, names, [5, 150])
      find = (q) => list(`?limit=200&q=${encodeURIComponent(q)}`)
    })

    it('are found by the rarest of what is typed, whichever word is the longest', async () => {
      expect(await find('customer anna 217')).toMatchObject({ items: [{ name: 'Anna 217' }], truncated: false })
      expect(await find('school 4 smith anna')).toMatchObject({ items: [{ name: 'Anna Smith' }], truncated: false })
      expect(await find('school 4 zoe')).toMatchObject({ items: [], truncated: false })
    })

    it('are found by the beginning of their name, though no word of it is rare', async () => {
      expect((await find('anna smi')).items.map(({ name }) => name)).toEqual(['Anna Smith'])
      expect((await find('ANNA  Smith')).items.map(({ name }) => name)).toEqual(['Anna Smith'])
    })

    it('are said to be more than were looked at', async () => expect((await find('smith')).truncated).toBe(true))

    it('come with their customer, when it is called just so', async () =>
      expect((await find('School 3')).items.filter(({ customerName }) => customerName === 'School 3')).toHaveLength(
        150,
      ))
  })

  it('say of each why they would not get access', async () => {
    const { msp, list } = await newScene()
    const { fay, others } = await newCrowd(msp)
    const items = (await list('?limit=200')).items
    const why = (id: string) => items.find((item) => item.id === id)?.obstacle
    expect(why(fay)).toBeNull()
    expect(Object.fromEntries(Object.entries(others).map(([name, id]) => [name, why(id)]))).toEqual({
      noMail: 'no_email',
      invited: 'already_invited',
      active: 'already_enabled',
      blocked: 'blocked',
      portalless: 'no_portal',
      archived: 'archived_customer',
      shut: 'disabled_customer',
      closed: 'portal_closed',
    })
  })
})

describe('Giving access to many', () => {
  it('invites who can get it as portal users, and counts the others by the reason', async () => {
    const { msp, technician, grant, read } = await newScene()
    const { fay, others } = await newCrowd(msp)
    const answer = await grant([fay, fay, ...Object.values(others), 'made-up'])
    expect(answer.status, await answer.clone().text()).toBe(202)
    const begun = await bodyOf<Grant>(answer)
    expect(begun).toMatchObject({ state: 'running', totalCount: 10, doneCount: 0 })
    await queue.deliver()
    expect(await read(begun.id)).toMatchObject({
      state: 'done',
      doneCount: 10,
      grantedCount: 1,
      startedBy: technician.name,
      skipped: [
        { because: 'no_email', count: 1 },
        { because: 'already_invited', count: 1 },
        { because: 'already_enabled', count: 1 },
        { because: 'blocked', count: 1 },
        { because: 'archived_customer', count: 1 },
        { because: 'disabled_customer', count: 1 },
        { because: 'no_portal', count: 1 },
        { because: 'portal_closed', count: 1 },
        { because: 'missing', count: 1 },
      ],
    })
    expect(await msp.scope.find(contacts, fay, 'contact')).toMatchObject({ access: 'invited', isPortalUser: true })
    expect(await msp.scope.list(invitations)).toHaveLength(1)
    expect(await msp.scope.list(accessGrantPeople), 'who was named is not kept').toEqual([])
    const told = await msp.scope.list(activities, { where: eq(activities.action, 'contact.invited') })
    expect(told).toMatchObject([{ actorName: technician.name, subjectId: fay }])
  })

  it('decides each when it is their turn, and takes nobody of another MSP', async () => {
    const { msp, technician, grant, read } = await newScene()
    const { open, fay } = await newCrowd(msp)
    const foreign = await newCrowd(await newMsp())
    const { id } = await bodyOf<Grant>(await grant([fay, foreign.fay]))
    const closure = `/api/msp-portal/customers/${open.customerId}/portal/closure`
    expect((await call(ADMIN, 'PUT', closure, { as: technician })).status).toBe(204)
    await queue.deliver()
    expect(await read(id)).toMatchObject({
      grantedCount: 0,
      skipped: [
        { because: 'portal_closed', count: 1 },
        { because: 'missing', count: 1 },
      ],
    })
    expect(await foreign.open.msp.scope.find(contacts, foreign.fay, 'contact')).toMatchObject({ access: 'none' })
  })

  it.each([
    ['is blocked', 'block', undefined],
    ['became a viewer', 'role', { role: 'viewer' }],
  ])('comes to nobody any more once whoever began it %s', async (_, what, body) => {
    const { msp, technician, grant } = await newScene()
    const { fay } = await newCrowd(msp)
    const { id } = await bodyOf<Grant>(await grant([fay]))
    const owner = await newStaff(msp, 'owner')
    const answer = await call(ADMIN, 'PUT', `/api/msp-portal/staff/${technician.id}/${what}`, {
      as: owner,
      ...(body === undefined ? {} : { body }),
    })
    expect(answer.ok).toBe(true)
    await queue.deliver()
    const told = await bodyOf<Grant>(await call(ADMIN, 'GET', `/api/msp-portal/access-grants/${id}`, { as: owner }))
    expect(told).toMatchObject({
      state: 'done',
      grantedCount: 0,
      skipped: [{ because: 'starter_may_not', count: 1 }],
    })
    expect(await msp.scope.find(contacts, fay, 'contact')).toMatchObject({ access: 'none' })
    expect(await msp.scope.list(invitations)).toEqual([])
  })

  it('goes on for a key that may, and no longer once it is revoked', async () => {
    const { msp, technician } = await newScene()
    const { fay, open } = await newCrowd(msp)
    const [ben = ''] = await newPeople(open, [{}])
    const key = await newKey(msp, technician, ['contacts:write'])
    const start = (contactId: string) =>
      call(ADMIN, 'POST', '/api/msp-portal/access-grants', {
        bearer: key.bearer,
        site: null,
        body: { contactIds: [contactId] },
      })
    expect((await start(fay)).status).toBe(202)
    await queue.deliver()
    expect(await msp.scope.find(contacts, fay, 'contact')).toMatchObject({ access: 'invited' })
    expect((await start(ben)).status).toBe(202)
    await msp.scope.commit(
      { action: 'stage.api_key', subject: { kind: 'api_key', id: key.id, name: key.name } },
      msp.scope.changeAll(apiKeys, eq(apiKeys.id, key.id), { revokedAt: now() }),
    )
    await queue.deliver()
    expect(await msp.scope.find(contacts, ben, 'contact')).toMatchObject({ access: 'none' })
  })

  it('comes to everybody once, however many there are and however often it is asked or delivered', async () => {
    const { msp, grant, read } = await newScene()
    const portal = await newPortal(await newCustomer(msp, 'Contoso'))
    const ids = await newPeople(
      portal,
      Array.from({ length: 60 }, () => ({})),
    )
    const key = { 'idempotency-key': 'once' }
    const [first, again] = [await grant(ids, key), await grant(ids, key)]
    const { id } = await bodyOf<Grant>(first)
    expect((await bodyOf<Grant>(again)).id).toBe(id)
    const other = await bodyOf<Grant>(await grant(ids))
    await queue.deliver()
    const [one, two] = [await read(id), await read(other.id)]
    expect([one.state, two.state]).toEqual(['done', 'done'])
    expect(one.grantedCount + two.grantedCount).toBe(60)
    expect(await msp.scope.list(invitations)).toHaveLength(60)
    expect(await msp.scope.list(jobs, { where: eq(jobs.kind, 'mail.send') })).toHaveLength(60)
  }, 60_000)

  it('comes to all two thousand that a search finds, each reviewed in one answer', async () => {
    const { msp, technician, grant, read } = await newScene()
    await newThousands(msp, (_, person) => `${person === 0 ? 'Head' : 'Teacher'} ${person}`)
    const candidates = async (q: string, as = technician) =>
      call(ADMIN, 'GET', `/api/msp-portal/access-candidates?q=${encodeURIComponent(q)}`, { as })
    const found = await bodyOf<{ items: Item[]; truncated: boolean }>(await candidates('school'))
    expect(found).toMatchObject({ truncated: false })
    expect(new Set(found.items.map(({ id }) => id)).size).toBe(2_000)
    const teachers = await bodyOf<{ items: Item[] }>(await candidates('teacher school'))
    expect(teachers.items).toHaveLength(1_990)
    expect(await bodyOf(await candidates(''))).toMatchObject({ truncated: false, items: { length: 2_000 } })
    expect((await candidates('a')).status).toBe(422)

    const { id } = await bodyOf<Grant>(await grant(found.items.map((item) => item.id)))
    // Only its own job: the mails are not sent, and not left for the sweeps of other tests either.
    const ofGrant = and(eq(jobs.kind, 'access_grant.run'), inArray(jobs.state, ['waiting', 'running']))
    for (let job = await msp.scope.first(jobs, ofGrant); job !== undefined; job = await msp.scope.first(jobs, ofGrant))
      await deliverOne({ shard: msp.shard, mspId: msp.mspId, jobId: job.id })
    await msp.scope.record(msp.scope.removeWhere(jobs, eq(jobs.kind, 'mail.send')))
    expect(await read(id)).toMatchObject({ state: 'done', grantedCount: 2_000, skipped: [] })
    expect(await msp.scope.list(invitations)).toHaveLength(2_000)
  }, 240_000)

  it('is refused to a viewer, for nobody and for more than may be', async () => {
    const { msp, grant } = await newScene()
    const body = { contactIds: ['x'] }
    const viewer = await newStaff(msp, 'viewer')
    expect((await call(ADMIN, 'POST', '/api/msp-portal/access-grants', { as: viewer, body })).status).toBe(403)
    expect((await grant([])).status).toBe(422)
    expect((await grant(Array.from({ length: 5001 }, () => 'x'))).status).toBe(422)
  })
})
