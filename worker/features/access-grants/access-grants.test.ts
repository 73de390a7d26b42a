import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { wordsOfContact, wordsOfCustomer } from '../../../db/customer-words.ts'
import {
  accessGrantPeople,
  activities,
  contacts,
  customers,
  customerWords,
  invitations,
  jobs,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { newId } from '../../tenancy/ids.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
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

  it('is refused to a viewer, for nobody and for more than may be', async () => {
    const { msp, grant } = await newScene()
    const body = { contactIds: ['x'] }
    const viewer = await newStaff(msp, 'viewer')
    expect((await call(ADMIN, 'POST', '/api/msp-portal/access-grants', { as: viewer, body })).status).toBe(403)
    expect((await grant([])).status).toBe(422)
    expect((await grant(Array.from({ length: 5001 }, () => 'x'))).status).toBe(422)
  })
})
