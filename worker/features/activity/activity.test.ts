import { afterEach, describe, expect, it } from 'vitest'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newContact, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedCustomer } from '../../test/stage.ts'

holdQueue()
afterEach(() => moveClock(undefined))

type Entry = {
  id: string
  at: string
  actor: { kind: string; name: string }
  action: string
  subject: { kind: string; id: string; name: string }
  changes: { field: string; before: unknown; after: unknown }[]
}
type Listed = { items: Entry[]; nextCursor: string | null }

const newScene = async () => {
  const msp = await newMsp()
  return sceneOf(await newCustomer(msp, 'Fabrikam'), await newStaff(msp))
}

const sceneOf = (customer: StagedCustomer, technician: { cookie: string; name: string }) => {
  const path = `/api/msp-portal/customers/${customer.customerId}`
  const list = async (query = '') =>
    bodyOf<Listed>(await call(ADMIN, 'GET', `${path}/activity${query}`, { as: technician }))
  const rename = async (name: string) => {
    expect((await call(ADMIN, 'PUT', path, { as: technician, body: { name } })).status).toBe(200)
  }
  return { msp: customer.msp, customer, technician, path, list, rename }
}

describe('A customer’s activity', () => {
  it('says who did what and when, before and after, newest first', async () => {
    const { customer, technician, list, rename } = await newScene()
    const noon = now() + 60_000
    moveClock(() => noon)
    await rename('Fabrikam Dental')
    moveClock(() => noon + 1)
    await rename('Fabrikam Dental Group')
    const { items } = await list()
    expect(items.slice(0, 2)).toEqual([
      {
        id: items[0]?.id,
        at: new Date(noon + 1).toISOString(),
        actor: { kind: 'staff', name: technician.name },
        action: 'customer.changed',
        subject: { kind: 'customer', id: customer.customerId, name: 'Fabrikam Dental Group' },
        mergedFrom: null,
        changes: [{ field: 'name', before: 'Fabrikam Dental', after: 'Fabrikam Dental Group' }],
      },
      expect.objectContaining({ changes: [{ field: 'name', before: 'Fabrikam', after: 'Fabrikam Dental' }] }),
    ])
  })

  it('goes on page by page, each entry once, also when something happens meanwhile', async () => {
    const { list, rename } = await newScene()
    const start = now()
    for (let count = 1; count <= 5; count += 1) {
      moveClock(() => start + count)
      await rename(`Name ${count}`)
    }
    const first = await list('?limit=2')
    moveClock(() => start + 6)
    await rename('Name 6')
    const names = first.items.map(({ subject }) => subject.name)
    let { nextCursor } = first
    while (nextCursor !== null) {
      const page: Listed = await list(`?limit=2&cursor=${nextCursor}`)
      names.push(...page.items.map(({ subject }) => subject.name))
      nextCursor = page.nextCursor
    }
    expect(names.slice(0, 5)).toEqual(['Name 5', 'Name 4', 'Name 3', 'Name 2', 'Name 1'])
    expect(new Set(names).size).toBe(names.length)
    expect(names).not.toContain('Name 6')
  })

  it('is of this customer alone', async () => {
    const { msp, technician, list, rename } = await newScene()
    const sibling = sceneOf(await newCustomer(msp, 'Tailspin'), technician)
    await rename('Fabrikam Dental')
    await sibling.rename('Tailspin Toys')
    await call(ADMIN, 'PUT', '/api/msp-portal/settings/mail', {
      as: await newStaff(msp, 'owner'),
      body: { fromName: 'Help desk' },
    })
    const own = await list()
    expect(own.items.map(({ action }) => action)).toContain('customer.changed')
    const subjects = new Set(own.items.map(({ subject }) => subject.id))
    for (const entry of (await sibling.list()).items) expect(subjects).not.toContain(entry.subject.id)
    expect(own.items.map(({ action }) => action)).not.toContain('settings.mail_changed')
  })

  it('shows what contacts and the system did as theirs, and secrets as dots', async () => {
    const { msp, technician } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const { path, list } = sceneOf(portal, technician)
    const { id } = await newContact(portal, ['portal_user'], { access: 'none' })
    expect((await call(ADMIN, 'POST', `${path}/contacts/${id}/invitation`, { as: technician })).status).toBe(202)
    const { items } = await list()
    const invited = items.find(({ action }) => action === 'contact.invited')
    expect(invited?.changes).toContainEqual({ field: 'access', before: 'none', after: 'invited' })
    expect(invited?.changes.find(({ field }) => field === 'tokenHash')).toEqual({
      field: 'tokenHash',
      before: null,
      after: '•••',
    })
    expect(new Set(items.map(({ actor }) => actor.kind))).toEqual(new Set(['staff', 'system']))
  })

  it('is refused for page markers and sizes that are none', async () => {
    const { path, technician } = await newScene()
    for (const query of ['cursor=rubbish', 'limit=0', 'limit=201', 'limit=ten', 'customer=all'])
      expect((await call(ADMIN, 'GET', `${path}/activity?${query}`, { as: technician })).status, query).toBe(422)
  })

  it('cannot be written, changed or taken away over the API', async () => {
    const { msp, path, list, rename } = await newScene()
    await rename('Fabrikam Dental')
    const before = await list()
    const owner = await newStaff(msp, 'owner')
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect((await call(ADMIN, method, `${path}/activity`, { as: owner, body: {} })).status, method).toBe(405)
    expect(await list()).toEqual(before)
  })
})
