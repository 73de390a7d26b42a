import { describe, expect, it } from 'vitest'
import { customers, idempotencyKeys } from '../../db/shard/schema.ts'
import { ADMIN, bodyOf, call, newCustomer, newMsp, newStaff } from '../test/stage.ts'

const CUSTOMERS = '/api/msp-portal/customers'

const stage = async () => {
  const msp = await newMsp()
  const technician = await newStaff(msp)
  const post = (name: unknown, key: string, as: { cookie: string } = technician) =>
    call(ADMIN, 'POST', CUSTOMERS, { as, body: { name }, headers: { 'idempotency-key': key } })
  const names = async () => (await msp.scope.list(customers)).map(({ name }) => name)
  return { msp, technician, post, names }
}

describe('An Idempotency-Key', () => {
  it('makes a second request be answered as the first, and says so', async () => {
    const { post, names } = await stage()
    const first = await post('Proseware', 'k')
    const again = await post('Proseware', 'k')
    expect([first.status, again.status]).toEqual([201, 201])
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await bodyOf(again)).toEqual(await bodyOf(first))
    expect(await names()).toEqual(['Proseware'])
  })

  it('lets one of many at once through, and answers all of them alike', async () => {
    const { post, names } = await stage()
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('Proseware', 'k')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    const ids = await Promise.all(answers.map(async (answer) => (await bodyOf(answer)).id))
    expect(new Set(ids).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)
    expect(await names()).toEqual(['Proseware'])
  })

  it('is refused for another request', async () => {
    const { post, names } = await stage()
    await post('Proseware', 'k')
    const other = await post('Litware', 'k')
    expect(other.status).toBe(422)
    expect(await names()).toEqual(['Proseware'])
  })

  it('is free again when the first request failed', async () => {
    const { post, names, msp } = await stage()
    expect((await post('', 'k')).status).toBe(422)
    expect(await msp.scope.list(idempotencyKeys)).toEqual([])
    const again = await post('Proseware', 'k')
    expect(again.status).toBe(201)
    expect(again.headers.get('idempotency-replayed')).toBeNull()
    expect(await names()).toEqual(['Proseware'])
  })

  it('is one’s own: a colleague’s, another MSP’s and another address’s are others', async () => {
    const { post, names, msp, technician } = await stage()
    const elsewhere = await stage()
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    await post('Proseware', 'k')
    expect((await post('Litware', 'k', await newStaff(msp))).status).toBe(201)
    expect((await elsewhere.post('Contoso', 'k')).status).toBe(201)
    const contact = await call(ADMIN, 'POST', `${CUSTOMERS}/${customerId}/contacts`, {
      as: technician,
      body: { name: 'Dana' },
      headers: { 'idempotency-key': 'k' },
    })
    expect(contact.status).toBe(201)
    expect((await names()).toSorted()).toEqual(['Fabrikam', 'Litware', 'Proseware'])
    expect(await elsewhere.names()).toEqual(['Contoso'])
  })

  it('does not show an answer to somebody who may not have it any more', async () => {
    const { post, msp, technician } = await stage()
    await post('Proseware', 'k')
    expect((await post('Proseware', 'k', await newStaff(msp, 'viewer'))).status).toBe(403)
    await call(ADMIN, 'DELETE', '/api/auth/session', { as: technician })
    expect((await post('Proseware', 'k')).status).toBe(401)
  })

  it.each([
    ['spaces', 'a b'],
    ['more than 200 characters', 'a'.repeat(201)],
    ['letters beyond ASCII', 'clé'],
  ])('with %s is refused', async (_, key) => {
    const { post, names } = await stage()
    expect((await post('Proseware', key)).status).toBe(422)
    expect(await names()).toEqual([])
  })

  it('is stored as a hash, so that nobody can replay what they read', async () => {
    const { post, msp } = await stage()
    await post('Proseware', 'my-own-key')
    expect(JSON.stringify(await msp.scope.list(idempotencyKeys))).not.toContain('my-own-key')
  })

  it('means nothing to a PUT, which may be repeated anyway', async () => {
    const { msp, technician } = await stage()
    const { customerId } = await newCustomer(msp)
    const headers = { 'idempotency-key': 'k' }
    for (const name of ['One', 'Other']) {
      const put = await call(ADMIN, 'PUT', `${CUSTOMERS}/${customerId}`, { as: technician, body: { name }, headers })
      expect(await bodyOf(put)).toMatchObject({ name })
    }
    expect(await msp.scope.list(idempotencyKeys)).toEqual([])
  })
})

describe('An ETag', () => {
  it('names the version that was read, and a change of it is taken once', async () => {
    const { msp, technician } = await stage()
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    const path = `${CUSTOMERS}/${customerId}`
    const put = (name: string, ifMatch?: string) =>
      call(ADMIN, 'PUT', path, {
        as: technician,
        body: { name },
        headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
      })
    const read = await call(ADMIN, 'GET', path, { as: technician })
    const etag = read.headers.get('etag') ?? ''
    expect(etag).toBe('"v1"')
    const changed = await put('First', etag)
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).toBe('"v2"')
    const late = await put('Second', etag)
    expect(late.status).toBe(412)
    expect((await bodyOf(late)).code).toBe('stale')
    for (const foreign of [
      '"v9"',
      '"x"',
      'v2',
      '"v2',
      '"v-1"',
      'W/"v2"',
      '"v1", "v9", W/"v2"',
      '"*"',
      '*, *',
      ',',
      ', ,',
      `"v${'9'.repeat(400)}"`,
    ])
      expect((await put('Third', foreign)).status, foreign).toBe(412)
    expect((await bodyOf(await call(ADMIN, 'GET', path, { as: technician }))).name).toBe('First')
    expect((await put('Fourth', '"v9", "v2"')).status).toBe(200)
    expect((await put('Fifth', '*')).status).toBe(200)
    // A program may go without.
    expect((await put('Sixth')).status).toBe(200)
  })

  it('lets one of two changes at once through', async () => {
    const { msp, technician } = await stage()
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    const put = (name: string) =>
      call(ADMIN, 'PUT', `${CUSTOMERS}/${customerId}`, {
        as: technician,
        body: { name },
        headers: { 'if-match': '"v1"' },
      })
    const statuses = (await Promise.all(['One', 'Other'].map(put))).map(({ status }) => status)
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 412])
  })
})
