import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { shardNamed } from '../env.ts'
import contract from '../contract/openapi.json'
import { fakeAssets } from '../test/fake-assets.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newMsp,
  newPortal,
  newStaff,
} from '../test/stage.ts'
import type { StagedContact, StagedMsp } from '../test/stage.ts'

const SIGN_IN = 'auth.portal.test'
const page =
  '<!doctype html><html><head><!--head--></head><body><!--boot--><script nonce="__NONCE__"></script></body></html>'
fakeAssets({ 'admin.html': page, 'portal.html': page, 'openapi.json': JSON.stringify(contract) })

let msp: StagedMsp
let technician: { cookie: string }
let contact: StagedContact
beforeAll(async () => {
  msp = await newMsp('Northwind Secret Name')
  technician = await newStaff(msp)
  contact = await newContact(await newPortal(await newCustomer(msp, 'Fabrikam Secret Name')), ['portal_admin'])
})
afterEach(() => {
  vi.restoreAllMocks()
})

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const CUSTOMERS = '/api/msp-portal/customers'

/** An answer but for what names the request itself. */
const seen = async (answer: Response) => {
  const requestId = answer.headers.get('x-request-id') ?? ''
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: (await answer.text()).replaceAll(requestId, '<request>'),
  }
}

/** Breaks the next read of this MSP's shard, as a bug or a lost connection would. */
const breakShard = () => {
  vi.spyOn(shardNamed(environment, msp.shard), 'read').mockRejectedValue(
    new Error('password=hunter2 at table customers'),
  )
  return vi.spyOn(console, 'error').mockImplementation(() => {})
}

describe('Every answer', () => {
  const kinds: [string, number, () => Promise<Response>][] = [
    ['a page of the admin area', 200, () => call(ADMIN, 'GET', '/customers')],
    ['a page of a portal', 200, () => call(contact.portal.host, 'GET', '/')],
    ['an icon', 200, () => call(contact.portal.host, 'GET', '/favicon.svg')],
    ['an unknown host', 404, () => call('nobody.portal.test', 'GET', '/')],
    ['a sign of life', 200, () => call(ADMIN, 'GET', '/healthz')],
    ['the API', 200, () => call(ADMIN, 'GET', CUSTOMERS, { as: technician })],
    ['something added', 201, () => call(ADMIN, 'POST', CUSTOMERS, { as: technician, body: { name: 'A' } })],
    ['signing out', 204, () => call(ADMIN, 'DELETE', '/api/auth/session')],
    ['a redirect', 303, () => call(ADMIN, 'GET', '/microsoft/connected?code=x')],
    ['the API’s document', 200, () => call(ADMIN, 'GET', '/api/openapi.json')],
    ['the API’s page', 200, () => call(ADMIN, 'GET', '/api/docs')],
    ['bad input', 422, () => call(ADMIN, 'POST', CUSTOMERS, { as: technician, body: {} })],
    [
      'a body that is none',
      400,
      () =>
        call(ADMIN, 'POST', CUSTOMERS, { as: technician, raw: '{', headers: { 'content-type': 'application/json' } }),
    ],
    ['nobody', 401, () => call(ADMIN, 'GET', CUSTOMERS)],
    [
      'another site',
      403,
      () => call(ADMIN, 'POST', CUSTOMERS, { as: technician, body: { name: 'A' }, site: 'cross-site' }),
    ],
    ['nothing there', 404, () => call(ADMIN, 'GET', '/api/nothing')],
    ['a method nobody takes', 405, () => call(ADMIN, 'PATCH', CUSTOMERS, { as: technician })],
    [
      'a bug',
      500,
      async () => {
        breakShard()
        return call(ADMIN, 'GET', CUSTOMERS, { as: technician })
      },
    ],
  ]

  it.each(kinds)('carries the safety headers and names its request: %s', async (_, status, ask) => {
    const answer = await ask()
    expect(answer.status, await answer.clone().text()).toBe(status)
    const header = (name: string) => answer.headers.get(name)
    expect(header('x-request-id')).toMatch(UUID)
    expect(header('x-content-type-options')).toBe('nosniff')
    expect(header('referrer-policy')).toBe('strict-origin-when-cross-origin')
    expect(header('strict-transport-security')).toMatch(/^max-age=\d{8}/)
    expect(header('cross-origin-opener-policy')).toBe('same-origin')
    expect(header('content-security-policy')).toContain(`default-src 'none'`)
    expect(header('content-security-policy')).toMatch(/frame-ancestors 'none'|; sandbox$/)
    expect(header('x-frame-options')).toBe('DENY')
    expect(header('content-security-policy')).not.toMatch(/unsafe|\*/)
    expect(header('cache-control')).toMatch(/^(no-store(, no-transform)?$|private, )/)
    expect(header('access-control-allow-origin')).toBeNull()
    expect(header('x-powered-by')).toBeNull()
  })

  it.each(kinds.filter(([, status]) => status >= 400).filter(([name]) => name !== 'an unknown host'))(
    'that says no is a problem that a program can read: %s',
    async (_, status, ask) => {
      const answer = await ask()
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      const problem = await bodyOf(answer)
      expect(problem).toMatchObject({
        status,
        requestId: answer.headers.get('x-request-id'),
        title: expect.any(String) as string,
      })
      expect(problem.type).toBe(`/problems/${String(problem.code)}`)
      const known = ['type', 'title', 'status', 'detail', 'code', 'requestId', 'errors']
      expect(Object.keys(problem).filter((key) => !known.includes(key))).toEqual([])
    },
  )

  it('has a request id and a nonce of its own', async () => {
    const [one, other] = await Promise.all([call(ADMIN, 'GET', '/'), call(ADMIN, 'GET', '/')])
    expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'))
    expect(one.headers.get('content-security-policy')).not.toBe(other.headers.get('content-security-policy'))
  })

  it('does not take its request id from the caller', async () => {
    const given = '11111111-1111-4111-8111-111111111111'
    const answer = await call(ADMIN, 'GET', '/healthz', { headers: { 'x-request-id': given } })
    expect(answer.headers.get('x-request-id')).not.toBe(given)
  })
})

describe('A bug', () => {
  it('says nothing to the caller but where to look it up, and the log has the rest', async () => {
    const logged = breakShard()
    const answer = await call(ADMIN, 'GET', CUSTOMERS, { as: technician })
    const requestId = answer.headers.get('x-request-id')
    expect(await answer.json()).toEqual({
      type: '/problems/bug',
      title: 'Something went wrong on our side',
      status: 500,
      code: 'bug',
      requestId,
    })
    expect(JSON.stringify(logged.mock.calls)).toContain(requestId)
  })

  it('in one request leaves the next one alone', async () => {
    breakShard()
    expect((await call(ADMIN, 'GET', CUSTOMERS, { as: technician })).status).toBe(500)
    vi.restoreAllMocks()
    expect((await call(ADMIN, 'GET', CUSTOMERS, { as: technician })).status).toBe(200)
  })
})

describe('A host', () => {
  it.each([
    ['that nobody has', 'nobody.portal.test'],
    ['of the bare suffix', 'portal.test'],
    ['below a portal', 'deep.down.portal.test'],
    ['that is ours with a dot at its end', 'admin.portal.test.'],
    ['that begins like ours', 'admin.portal.test.evil.example'],
    ['that ends like ours', 'evil-admin.portal.test'],
    ['by number', '127.0.0.1'],
  ])('%s is answered by one neutral page without any brand', async (_, host) => {
    const neutral = await seen(await call('nobody-at-all.portal.test', 'GET', '/'))
    for (const path of ['/', '/healthz', CUSTOMERS, '/api/docs', '/favicon.svg']) {
      const answer = await call(host, 'GET', path, { as: technician })
      expect(answer.status, path).toBe(404)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      const text = await answer.text()
      expect(text).not.toMatch(/northwind|fabrikam|portico|portal/i)
      const nonce = /nonce="([0-9a-f]+)"/
      expect(text.replace(nonce, '')).toBe(neutral.body.replace(nonce, ''))
    }
    expect((await call(host, 'POST', CUSTOMERS, { as: technician, body: { name: 'A' } })).status).toBe(404)
  })

  it('is what the request was sent to, whatever forwarding headers say', async () => {
    const headers = {
      'x-forwarded-host': ADMIN,
      'x-forwarded-proto': 'https',
      forwarded: `host=${ADMIN}`,
      'x-original-host': ADMIN,
    }
    expect((await call('nobody.portal.test', 'GET', CUSTOMERS, { as: technician, headers })).status).toBe(404)
    expect((await call(contact.portal.host, 'GET', CUSTOMERS, { as: technician, headers })).status).toBe(404)
    const elsewhere = { 'x-forwarded-host': 'nobody.portal.test' }
    expect((await call(ADMIN, 'GET', CUSTOMERS, { as: technician, headers: elsewhere })).status).toBe(200)
    const origin = { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }
    const forged = { as: technician, body: { name: 'A' }, site: null, headers: origin }
    expect((await call(ADMIN, 'POST', CUSTOMERS, forged)).status).toBe(403)
  })

  it('that is ours says that it lives, and nothing of who lives there', async () => {
    for (const host of [ADMIN, SIGN_IN, contact.portal.host]) {
      const answer = await call(host, 'GET', '/healthz')
      expect(answer.status).toBe(200)
      expect(await answer.json()).toEqual({ ok: true })
    }
  })

  it('knows people of its own only', async () => {
    const { host } = contact.portal
    const other = await newContact(await newPortal(await newCustomer(msp)), ['portal_admin'])
    const dashboard = `/api/portal/customers/${contact.portal.customerId}/dashboard`
    expect((await call(host, 'GET', dashboard, { as: contact })).status).toBe(200)
    for (const stranger of [other, technician]) {
      expect((await call(host, 'GET', dashboard, { as: stranger })).status).toBe(401)
      expect((await call(host, 'GET', '/api/auth/session', { as: stranger })).status).toBe(401)
    }
    expect((await call(ADMIN, 'GET', CUSTOMERS, { as: contact })).status).toBe(401)
    expect((await call(ADMIN, 'GET', '/api/auth/session', { as: contact })).status).toBe(401)
  })

  it.each([
    ['nothing', ''],
    ['noise', 'x'],
    ['a shard that is not there', `shard-9.x.${'a'.repeat(43)}`],
    ['a directory in place of a shard', `directory.x.${'a'.repeat(43)}`],
    ['an MSP that is not there', `shard-1.nobody.${'a'.repeat(43)}`],
    ['a part too many', `shard-1.x.${'a'.repeat(43)}.y`],
    ['a name of every object', `__proto__.constructor.${'a'.repeat(43)}`],
    ['quotes', `shard-1.' or 1=1 --.${'a'.repeat(43)}`],
  ])('takes a session cookie of %s for nobody', async (_, value) => {
    const answer = await call(ADMIN, 'GET', CUSTOMERS, { as: { cookie: `__Host-session=${value}` } })
    expect(answer.status).toBe(401)
  })
})

describe('An address that is none', () => {
  it('is answered alike, whoever asks and wherever', async () => {
    const first = await seen(await call(ADMIN, 'GET', '/api/nothing'))
    expect(first.status).toBe(404)
    for (const [host, path, as] of [
      [ADMIN, '/api/msp-portal/nothing', technician],
      [ADMIN, '/api', technician],
      [ADMIN, '/nothing.js', undefined],
      [SIGN_IN, '/api/nothing', undefined],
      [contact.portal.host, '/api/portal/nothing', contact],
      [contact.portal.host, CUSTOMERS, technician],
      [contact.portal.host, '/api/docs', contact],
      [contact.portal.host, '/api/openapi.json', undefined],
      [SIGN_IN, '/api/docs', undefined],
    ] as const) {
      expect(await seen(await call(host, 'GET', path, as === undefined ? {} : { as })), `${host}${path}`).toEqual(first)
    }
  })

  it.each([
    '%00',
    '%E0%A4%A',
    '%2e%2e%2fstaff',
    '..%2f..',
    'a'.repeat(2000),
    `'%20or%201=1`,
    '%F0%9F%92%A9',
    '__proto__',
  ])('as an id is as missing as any other: %s', async (id) => {
    const answer = await call(ADMIN, 'GET', `${CUSTOMERS}/${id}`, { as: technician })
    expect(answer.status, await answer.clone().text()).toBe(404)
    expect((await bodyOf(answer)).code).toBe('missing')
  })
})

describe('A method', () => {
  it.each([
    [CUSTOMERS, ['PUT', 'PATCH', 'DELETE', 'PROPFIND'], 'GET, HEAD, OPTIONS, POST'],
    [`${CUSTOMERS}/made-up`, ['POST', 'PATCH'], 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['/api/msp-portal/tones', ['GET', 'HEAD', 'PUT'], 'OPTIONS, POST'],
    ['/api/auth/session', ['POST'], 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['/api/openapi.json', ['POST', 'PUT'], 'GET, HEAD, OPTIONS'],
    ['/api/docs', ['DELETE'], 'GET, HEAD, OPTIONS'],
    ['/healthz', ['POST', 'DELETE'], 'GET, HEAD, OPTIONS'],
  ])('that an address does not take is told those that it takes, whoever asks: %s', async (path, methods, allow) => {
    for (const method of methods) {
      for (const as of [technician, undefined]) {
        const answer = await call(ADMIN, method, path, { site: 'cross-site', ...(as === undefined ? {} : { as }) })
        expect(answer.status, method).toBe(405)
        expect(answer.headers.get('allow')).toBe(allow)
        if (method !== 'HEAD') expect((await bodyOf(answer)).code).toBe('method_not_allowed')
      }
    }
  })

  it('is as missing as the address, where the address is none', async () => {
    const nothing = await seen(await call(ADMIN, 'GET', '/api/nothing'))
    for (const [host, method, path] of [
      [contact.portal.host, 'PATCH', CUSTOMERS],
      [contact.portal.host, 'OPTIONS', CUSTOMERS],
      [contact.portal.host, 'POST', '/api/docs'],
      [SIGN_IN, 'POST', '/api/auth/session'],
      [SIGN_IN, 'POST', `/api/portal/customers/${contact.portal.customerId}/dashboard`],
      [ADMIN, 'PATCH', '/api/nothing'],
      [ADMIN, 'OPTIONS', '/api/nothing'],
      [ADMIN, 'PUT', '/nothing'],
      [ADMIN, 'POST', `${CUSTOMERS}/a/b/c`],
    ] as const) {
      const answer = await call(host, method, path, { as: technician })
      expect(answer.headers.get('allow')).toBeNull()
      expect(await seen(answer), `${method} ${host}${path}`).toEqual(nothing)
    }
  })

  it('of HEAD is answered as GET without the body', async () => {
    const { customerId } = contact.portal
    for (const [host, path, as] of [
      [ADMIN, CUSTOMERS, technician],
      [ADMIN, `${CUSTOMERS}/${customerId}`, technician],
      [ADMIN, '/api/auth/session', undefined],
      [ADMIN, '/api/openapi.json', undefined],
      [ADMIN, '/api/docs', undefined],
      [ADMIN, '/healthz', undefined],
      [ADMIN, '/', undefined],
      [contact.portal.host, `/api/portal/customers/${customerId}/dashboard`, contact],
    ] as const) {
      const options = as === undefined ? {} : { as }
      const [head, get] = await Promise.all([call(host, 'HEAD', path, options), call(host, 'GET', path, options)])
      expect(await head.text()).toBe('')
      expect(head.status, path).toBe(get.status)
      const told = ({ headers }: Response) => [headers.get('content-type'), headers.get('etag')]
      expect(told(head), path).toEqual(told(get))
    }
  })

  it('of OPTIONS is told what an address takes, and allows no other site anything', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    for (const path of [CUSTOMERS, `${CUSTOMERS}/made-up`, '/api/auth/session', '/healthz']) {
      const answer = await call(ADMIN, 'OPTIONS', path, { as: technician, site: 'cross-site', headers })
      expect(answer.status, path).toBe(204)
      expect(answer.headers.get('allow')).toContain('OPTIONS')
      expect(await answer.text()).toBe('')
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })
})

describe('The API’s own pages', () => {
  it('stand at the admin host, for anybody, and load nothing from elsewhere', async () => {
    const document = await call(ADMIN, 'GET', '/api/openapi.json')
    expect(document.status).toBe(200)
    expect(await bodyOf(document)).toMatchObject({ openapi: '3.1.0' })
    const docs = await call(ADMIN, 'GET', '/api/docs')
    const text = await docs.text()
    expect(docs.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text).toContain(CUSTOMERS)
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    expect(text).not.toMatch(/<script/)
  })
})
