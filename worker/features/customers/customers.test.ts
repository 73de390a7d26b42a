import { describe, expect, it } from 'vitest'
import { ADMIN, bodyOf, call, newCustomer, newMsp, newStaff } from '../../test/stage.ts'

describe('Customers', () => {
  it('are added by a technician and then stand in the list', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp, 'technician')
    const added = await call(ADMIN, 'POST', '/api/msp-portal/customers', {
      as: technician,
      body: { name: 'Fabrikam Dental', email: 'Dana@Fabrikam.example', notes: 'Ask first.' },
    })
    expect(added.status, await added.clone().text()).toBe(201)
    expect(added.headers.get('etag')).toBe('"v1"')
    const customer = await bodyOf<{ id: string; email: string }>(added)
    expect(customer.email).toBe('dana@fabrikam.example')
    const list = await bodyOf<{ items: { id: string }[] }>(
      await call(ADMIN, 'GET', '/api/msp-portal/customers', { as: technician }),
    )
    expect(list.items.map(({ id }) => id)).toEqual([customer.id])
  })

  it('are found by the beginning of any word, whatever its accents', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp, 'technician')
    for (const name of ['Käserei Müller', 'Fourth Coffee']) {
      await call(ADMIN, 'POST', '/api/msp-portal/customers', { as: technician, body: { name } })
    }
    const find = async (q: string) =>
      (
        await bodyOf<{ items: { name: string }[] }>(
          await call(ADMIN, 'GET', `/api/msp-portal/customers?q=${encodeURIComponent(q)}`, { as: technician }),
        )
      ).items.map(({ name }) => name)
    expect(await find('mull')).toEqual(['Käserei Müller'])
    expect(await find('coffee fourth')).toEqual(['Fourth Coffee'])
    expect(await find('zz')).toEqual([])
  })

  it('page by keyset in both directions of a sort', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    for (const name of ['C', 'A', 'B', 'D', 'E']) await newCustomer(msp, name)
    for (const [sort, expected] of [
      ['name', 'ABCDE'],
      ['-name', 'EDCBA'],
    ] as const) {
      let cursor: string | null = null
      let seen = ''
      do {
        const query: string = `sort=${sort}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`
        const page: { items: { name: string }[]; nextCursor: string | null } = await bodyOf(
          await call(ADMIN, 'GET', `/api/msp-portal/customers?${query}`, { as: viewer }),
        )
        seen += page.items.map(({ name }) => name).join('')
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seen).toBe(expected)
    }
  })

  it('sorted by health stand by name within a level, on every page', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    for (const name of ['B', 'A', 'C']) await newCustomer(msp, name)
    for (const [sort, expected] of [
      ['health', 'ABC'],
      ['-health', 'CBA'],
    ] as const) {
      let cursor: string | null = null
      let seen = ''
      do {
        const query: string = `sort=${sort}&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`
        const page: { items: { name: string }[]; nextCursor: string | null } = await bodyOf(
          await call(ADMIN, 'GET', `/api/msp-portal/customers?${query}`, { as: viewer }),
        )
        seen += page.items.map(({ name }) => name).join('')
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seen).toBe(expected)
    }
  })

  it('refuse a page marker of another list', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    for (const [sort, key] of [
      ['health', 3],
      ['name', ['a', 'b']],
    ] as const) {
      const cursor = Buffer.from(JSON.stringify([sort, key, 'id'])).toString('base64url')
      const answer = await call(ADMIN, 'GET', `/api/msp-portal/customers?sort=${sort}&cursor=${cursor}`, { as: viewer })
      expect(answer.status).toBe(422)
    }
  })

  it('are not overwritten by somebody who read an older version', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp, 'Fourth Coffee')
    const path = `/api/msp-portal/customers/${customerId}`
    const put = (name: string, version: string) =>
      call(ADMIN, 'PUT', path, { as: technician, body: { name }, headers: { 'if-match': version } })
    expect((await put('Fourth Coffee Ltd', '"v1"')).status).toBe(200)
    expect((await put('Fifth Coffee', '"v1"')).status).toBe(412)
    expect((await bodyOf(await call(ADMIN, 'GET', path, { as: technician }))).name).toBe('Fourth Coffee Ltd')
  })

  it('are added once when the same request comes twice', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const post = (name: string) =>
      call(ADMIN, 'POST', '/api/msp-portal/customers', {
        as: technician,
        body: { name },
        headers: { 'idempotency-key': 'once' },
      })
    const [one, other] = await Promise.all([post('Proseware'), post('Proseware')])
    expect([one.status, other.status]).toEqual([201, 201])
    expect(await bodyOf(one)).toEqual(await bodyOf(other))
    expect((await post('Another')).status).toBe(422)
    const list = await bodyOf<{ items: unknown[] }>(
      await call(ADMIN, 'GET', '/api/msp-portal/customers', { as: technician }),
    )
    expect(list.items).toHaveLength(1)
  })
})
