import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, contacts, jobs } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newContact, newCustomer, newKey, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedContact } from '../../test/stage.ts'
import { INVITATION_PAUSE_MS } from '../contacts/index.ts'

holdQueue()
afterEach(() => moveClock(undefined))

type Shown = {
  id: string
  name: string
  email: string
  roles: string[]
  state: string
  isYou: boolean
  version: number
}
type Refusal = { detail: string; errors?: { pointer: string; detail: string }[] }

/** A portal with two admins, Ada and Ben, and Tom, a portal user; and Fay, a contact of the MSP who was offered nothing. */
const newCompany = async () => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const ada = await newContact(portal, ['portal_admin'])
  const ben = await newContact(portal, ['portal_admin'])
  const tom = await newContact(portal, ['portal_user'])
  const fay = await newContact(portal, [], { access: 'none' })
  const path = `/api/portal/customers/${portal.customerId}/people`
  const as = (person: StagedContact, method: string, to = '', body?: unknown, headers = {}) =>
    call(portal.host, method, `${path}${to}`, { as: person, headers, ...(body === undefined ? {} : { body }) })
  const list = async (person = ada) => (await bodyOf<{ items: Shown[] }>(await as(person, 'GET'))).items
  const row = (person: { id: string }) => msp.scope.find(contacts, person.id, 'contact')
  const invite = (body: Record<string, unknown>, person = ada) =>
    as(person, 'POST', '', { name: 'Lucy', email: 'lucy@fabrikam.example', roles: ['portal_user'], ...body })
  return { msp, portal, ada, ben, tom, fay, path, as, list, row, invite }
}

describe('The people of a company', () => {
  it('are those who have, or were offered, access, without what the MSP keeps to itself', async () => {
    const { msp, portal, ada, tom, fay, list, as } = await newCompany()
    const customer = msp.scope.forCustomer(portal.customerId)
    await customer.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: tom.id, name: tom.name } },
      customer.changeAll(contacts, eq(contacts.id, tom.id), {
        phone: '01632 960 144',
        jobTitle: 'Pays late',
        licencePermission: 'admin',
      }),
    )
    const people = await list()
    expect(people.map(({ id }) => id)).not.toContain(fay.id)
    expect(people).toHaveLength(3)
    expect(people.find(({ isYou }) => isYou)?.id).toBe(ada.id)
    const text = await (await as(ada, 'GET')).text()
    for (const kept of ['01632 960 144', 'Pays late', 'licence', fay.name]) expect(text).not.toContain(kept)
  })

  it('are told to an API key of the MSP, which changes nothing of them', async () => {
    const { msp, path, tom } = await newCompany()
    const key = await newKey(msp, await newStaff(msp, 'owner'))
    const read = await call(ADMIN, 'GET', path, { bearer: key.bearer, site: null })
    expect((await bodyOf<{ items: Shown[] }>(read)).items).toHaveLength(3)
    const blocked = await call(ADMIN, 'PUT', `${path}/${tom.id}/block`, { bearer: key.bearer, site: null })
    expect(blocked.status).toBe(404)
  })

  it('are nobody’s but the portal admins’', async () => {
    const { tom, ada, as, row } = await newCompany()
    expect((await as(tom, 'GET')).status).toBe(403)
    expect((await as(tom, 'PUT', `/${ada.id}/block`)).status).toBe(403)
    expect((await as(tom, 'PUT', `/${tom.id}/roles`, { roles: ['portal_admin'] })).status).toBe(403)
    expect(await row(tom)).toMatchObject({ isPortalAdmin: false })
  })
})

describe('Inviting somebody of the company', () => {
  it('adds them with their roles, and the mail is on its way', async () => {
    const { invite, list, msp, ada } = await newCompany()
    const answer = await invite({ email: 'Lucy@Fabrikam.example', roles: ['portal_user', 'portal_admin'] })
    expect(answer.status, await answer.clone().text()).toBe(202)
    expect((await list()).find(({ name }) => name === 'Lucy')).toMatchObject({
      email: 'lucy@fabrikam.example',
      state: 'unconfirmed',
      roles: ['portal_user', 'portal_admin'],
    })
    expect(await msp.scope.list(jobs)).toHaveLength(1)
    expect(await msp.scope.list(activities, { where: eq(activities.action, 'contact.invited') })).toMatchObject([
      { actorKind: 'contact', actorId: ada.id },
    ])
  })

  it('gives access to whom the MSP has among its contacts, under the name it has', async () => {
    const { invite, list, fay } = await newCompany()
    expect((await invite({ name: 'Somebody', email: fay.email })).status).toBe(202)
    expect((await list()).find(({ id }) => id === fay.id)).toMatchObject({ name: fay.name, state: 'unconfirmed' })
  })

  it.each([
    [{ name: ' ' }, '/name'],
    [{ email: 'nothing' }, '/email'],
    [{ email: '' }, '/email'],
    [{ roles: [] }, '/roles'],
    [{ roles: ['owner'] }, '/roles/0'],
    [{ licencePermission: 'admin' }, '/licencePermission'],
    [{ isTheAdmin: true }, '/isTheAdmin'],
  ])('is refused with %j at %s', async (body, pointer) => {
    const { invite, list } = await newCompany()
    const answer = await invite(body)
    expect(answer.status).toBe(422)
    expect((await bodyOf<Refusal>(answer)).errors).toMatchObject([{ pointer }])
    expect(await list()).toHaveLength(3)
  })

  it('who is here already is refused at the e-mail, and twenty at once add one', async () => {
    const { invite, list, tom } = await newCompany()
    expect((await bodyOf<Refusal>(await invite({ email: tom.email }))).errors).toMatchObject([{ pointer: '/email' }])
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => invite({})))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    expect(new Set(statuses)).toEqual(new Set([202, 422]))
    expect(await list()).toHaveLength(4)
  })

  it('again sends another mail to who has not come yet, and to nobody else', async () => {
    const { invite, as, ada, tom, fay, msp } = await newCompany()
    const { id } = await bodyOf<Shown>(await invite({}))
    const later = now() + INVITATION_PAUSE_MS
    moveClock(() => later)
    expect((await as(ada, 'POST', `/${id}/invitation`)).status).toBe(202)
    expect(await msp.scope.list(jobs)).toHaveLength(2)
    expect((await as(ada, 'POST', `/${tom.id}/invitation`)).status).toBe(409)
    expect((await as(ada, 'POST', `/${fay.id}/invitation`)).status).toBe(404)
  })

  it('again waits a few minutes, also once kept out and let in, so that nobody is flooded with mails', async () => {
    const { invite, as, ada, msp } = await newCompany()
    const at = now()
    moveClock(() => at)
    const { id } = await bodyOf<Shown>(await invite({}))
    moveClock(() => at + INVITATION_PAUSE_MS - 1000)
    const refused = await as(ada, 'POST', `/${id}/invitation`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await as(ada, 'PUT', `/${id}/block`)).status).toBe(204)
    expect((await as(ada, 'DELETE', `/${id}/block`)).status).toBe(204)
    expect((await invite({})).status).toBe(429)
    expect(await msp.scope.list(jobs)).toHaveLength(1)
    moveClock(() => at + INVITATION_PAUSE_MS)
    const statuses = (await Promise.all(Array.from({ length: 60 }, () => invite({})))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    expect(await msp.scope.list(jobs)).toHaveLength(2)
  })

  it('is not called by an address of the web', async () => {
    const { invite } = await newCompany()
    const answer = await invite({ name: 'You won, see http://prize.example' })
    expect((await bodyOf<Refusal>(answer)).errors).toMatchObject([{ pointer: '/name' }])
  })
})

describe('What a portal admin changes', () => {
  it('counts at the person’s next click', async () => {
    const { as, ada, tom, portal, list } = await newCompany()
    expect((await as(ada, 'PUT', `/${tom.id}/roles`, { roles: ['portal_admin'] })).status).toBe(200)
    // With other roles they come in anew.
    expect((await call(portal.host, 'GET', '/api/auth/session', { as: tom })).status).toBe(401)
    expect((await list()).find(({ id }) => id === tom.id)?.roles).toEqual(['portal_admin'])
    expect((await as(ada, 'PUT', `/${tom.id}/block`)).status).toBe(204)
    expect((await call(portal.host, 'GET', '/api/auth/session', { as: tom })).status).toBe(401)
    expect((await as(ada, 'DELETE', `/${tom.id}/block`)).status).toBe(204)
  })

  it('is never whether somebody gets in again whom the MSP keeps out, also not one whom the company kept out first', async () => {
    const { msp, portal, as, ada, tom, ben, list, row } = await newCompany()
    const technician = await newStaff(msp)
    const byStaff = (method: string, { id }: { id: string }) =>
      call(ADMIN, method, `/api/msp-portal/customers/${portal.customerId}/contacts/${id}/block`, { as: technician })
    expect((await as(ada, 'PUT', `/${ben.id}/block`)).status).toBe(204)
    for (const person of [tom, ben]) {
      expect((await byStaff('PUT', person)).status).toBe(204)
      expect((await as(ada, 'PUT', `/${person.id}/block`)).status, 'to block again does not make it theirs').toBe(204)
      const refused = await as(ada, 'DELETE', `/${person.id}/block`)
      expect([refused.status, (await bodyOf<Refusal>(refused)).detail]).toEqual([
        409,
        `Your IT provider keeps ${person.name} out. Only they can enable this access again.`,
      ])
      expect(await row(person)).toMatchObject({ access: 'disabled' })
      expect((await list()).find(({ id }) => id === person.id)).toMatchObject({ isBlockedByProvider: true })
    }
    expect((await byStaff('DELETE', tom)).status).toBe(204)
    expect((await list()).find(({ id }) => id === tom.id)).toMatchObject({
      state: 'active',
      isBlockedByProvider: false,
    })
    expect((await as(ada, 'PUT', `/${tom.id}/block`)).status).toBe(204)
    expect((await as(ada, 'DELETE', `/${tom.id}/block`)).status, 'and then it is the company’s again').toBe(204)
  })

  it('is never the company’s last admin, also not themself', async () => {
    const { as, ada, ben, row } = await newCompany()
    expect((await as(ada, 'PUT', `/${ben.id}/block`)).status).toBe(204)
    for (const [method, to, body] of [
      ['PUT', `/${ada.id}/block`, undefined],
      ['PUT', `/${ada.id}/roles`, { roles: ['portal_user'] }],
    ] as const)
      expect((await as(ada, method, to, body)).status).toBe(409)
    expect(await row(ada)).toMatchObject({ isPortalAdmin: true, access: 'active' })
  })

  it('is never the main admin', async () => {
    const { as, ada, ben, msp, portal } = await newCompany()
    const customer = msp.scope.forCustomer(portal.customerId)
    await customer.commit(
      { action: 'stage.admin', subject: { kind: 'contact', id: ben.id, name: ben.name } },
      customer.changeAll(contacts, eq(contacts.id, ben.id), { isTheAdmin: true }),
    )
    expect((await as(ada, 'PUT', `/${ben.id}/block`)).status).toBe(409)
    expect((await as(ada, 'PUT', `/${ben.id}/roles`, { roles: ['portal_user'] })).status).toBe(409)
    expect((await as(ada, 'PUT', `/${ben.id}/roles`, { roles: ['portal_user', 'portal_admin'] })).status).toBe(200)
  })

  it('by two admins against each other at once leaves one', async () => {
    const { as, ada, ben, msp } = await newCompany()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0
          ? as(ada, 'PUT', `/${ben.id}/block`)
          : as(ben, 'PUT', `/${ada.id}/roles`, { roles: ['portal_user'] }),
      ),
    )
    expect(answers.some(({ status }) => status === 204 || status === 200)).toBe(true)
    const left = (await msp.scope.list(contacts)).filter((one) => one.isPortalAdmin && one.access === 'active')
    expect(left).toHaveLength(1)
  })

  it('is refused for somebody of another company, somebody made up, and who has not seen the newest', async () => {
    const { as, ada, tom, msp } = await newCompany()
    const stranger = await newContact(await newPortal(await newCustomer(msp)))
    for (const id of [stranger.id, 'made-up'])
      for (const [method, to, body] of [
        ['PUT', 'block', undefined],
        ['DELETE', 'block', undefined],
        ['PUT', 'roles', { roles: ['portal_user'] }],
        ['POST', 'invitation', undefined],
      ] as const)
        expect((await as(ada, method, `/${id}/${to}`, body)).status, `${method} ${to}`).toBe(404)
    expect((await as(ada, 'PUT', `/${tom.id}/block`, undefined, { 'if-match': '"v9"' })).status).toBe(412)
  })
})
