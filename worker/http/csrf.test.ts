import { beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, bodyOf, call, newContact, newCustomer, newMsp, newPortal, newStaff } from '../test/stage.ts'
import type { StagedContact } from '../test/stage.ts'
import { comesFromHere, isNotForeign } from './csrf.ts'

const HERE = 'https://admin.portal.test'

describe('A change by cookie', () => {
  it.each([
    ['a page of this host', { origin: HERE, secFetchSite: undefined }, true],
    [
      'a page of this host, in an old browser’s silence on its origin',
      { origin: undefined, secFetchSite: 'same-origin' },
      true,
    ],
    ['a sibling portal', { origin: 'https://fabrikam.portal.test', secFetchSite: 'same-site' }, false],
    ['a sibling portal that says no origin', { origin: undefined, secFetchSite: 'same-site' }, false],
    ['another site', { origin: 'https://evil.example', secFetchSite: 'cross-site' }, false],
    ['this host without TLS', { origin: 'http://admin.portal.test', secFetchSite: undefined }, false],
    ['this host at another port', { origin: 'https://admin.portal.test:8443', secFetchSite: undefined }, false],
    [
      'a host whose name begins like this one',
      { origin: 'https://admin.portal.test.evil.example', secFetchSite: undefined },
      false,
    ],
    ['a sandboxed frame', { origin: 'null', secFetchSite: undefined }, false],
    ['a sandboxed frame that claims to be here', { origin: 'null', secFetchSite: 'same-origin' }, false],
    ['an address typed by hand', { origin: undefined, secFetchSite: 'none' }, false],
    ['a program that says nothing', { origin: undefined, secFetchSite: undefined }, false],
    ['an empty origin', { origin: '', secFetchSite: 'same-origin' }, false],
  ])('from %s', (_, spoken, allowed) => {
    expect(comesFromHere(spoken, HERE)).toBe(allowed)
  })
})

describe('A change without a cookie', () => {
  it.each([
    ['a page of this host', { origin: HERE, secFetchSite: 'same-origin' }, true],
    ['a program that says nothing', { origin: undefined, secFetchSite: undefined }, true],
    ['a sibling portal', { origin: 'https://fabrikam.portal.test', secFetchSite: undefined }, false],
    ['a sibling portal that says no origin', { origin: undefined, secFetchSite: 'same-site' }, false],
    ['another site', { origin: undefined, secFetchSite: 'cross-site' }, false],
    ['a sandboxed frame', { origin: 'null', secFetchSite: 'same-origin' }, false],
  ])('from %s', (_, spoken, allowed) => {
    expect(isNotForeign(spoken, HERE)).toBe(allowed)
  })
})

describe('The Worker', () => {
  let technician: { cookie: string }
  let contact: StagedContact
  beforeAll(async () => {
    const msp = await newMsp()
    technician = await newStaff(msp)
    contact = await newContact(await newPortal(await newCustomer(msp)), ['portal_admin'])
  })
  const add = (site: string | null, headers: Record<string, string> = {}) =>
    call(ADMIN, 'POST', '/api/msp-portal/customers', { as: technician, body: { name: 'Added' }, site, headers })

  it('takes a change from its own page, whether told by Origin or by Sec-Fetch-Site', async () => {
    expect((await add('same-origin')).status).toBe(201)
    expect((await add(null, { origin: HERE })).status).toBe(201)
  })

  it('refuses a change that a sibling portal’s page sends with the technician’s cookie', async () => {
    const answer = await add(null, { origin: `https://${contact.portal.host}` })
    expect(answer.status).toBe(403)
    expect((await bodyOf(answer)).code).toBe('forbidden')
    expect((await add('same-site')).status).toBe(403)
  })

  it('refuses a change by cookie that does not say where it comes from', async () => {
    expect((await add(null)).status).toBe(403)
  })

  it('answers a read, wherever the link was followed', async () => {
    for (const site of [null, 'cross-site', 'same-site', 'none']) {
      expect((await call(ADMIN, 'GET', '/api/msp-portal/customers', { as: technician, site })).status).toBe(200)
    }
  })

  it('signs nobody in or out on behalf of another page', async () => {
    const { host } = contact.portal
    const origin = 'https://evil.example'
    const body = { email: contact.email, password: 'any' }
    for (const [method, sent] of [
      ['PUT', { body }],
      ['DELETE', { as: contact }],
    ] as const) {
      const answer = await call(host, method, '/api/auth/session', { ...sent, site: null, headers: { origin } })
      expect(answer.status).toBe(403)
    }
    expect((await call(host, 'GET', '/api/auth/session', { as: contact })).status).toBe(200)
  })
})
