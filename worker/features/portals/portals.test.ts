import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { activities, customers } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newContact, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import { newId } from '../../tenancy/ids.ts'

const queue = holdQueue()
const newPrefix = () => `p${newId(now()).slice(-12)}`
const pathOf = (customerId: string) => `/api/msp-portal/customers/${customerId}/portal`

type Refusal = { detail: string; errors: { pointer: string; detail: string }[] }

/** A customer with an open portal, a technician, and a contact who is signed in to it. */
const newScene = async () => {
  const msp = await newMsp()
  const technician = await newStaff(msp)
  const prefix = newPrefix()
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'), prefix)
  const path = pathOf(portal.customerId)
  const save = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
    call(ADMIN, 'PUT', path, { as: technician, body: { prefix, ...body }, headers })
  const read = async () => bodyOf(await call(ADMIN, 'GET', path, { as: technician }))
  const summary = () => msp.scope.find(customers, portal.customerId, 'customer')
  return { msp, technician, prefix, portal, path, save, read, summary }
}

describe('A portal', () => {
  it('is given to a customer with its name, homepage and colours, and read back as it was given', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp)
    const prefix = newPrefix()
    expect((await call(ADMIN, 'GET', pathOf(customerId), { as: technician })).status).toBe(404)
    const body = {
      prefix,
      displayName: ' Fabrikam ',
      homepage: 'https://fabrikam.example/',
      primaryColour: '#0B7',
      accentColour: '0b7a75',
    }
    const saved = await call(ADMIN, 'PUT', pathOf(customerId), { as: technician, body })
    expect([saved.status, saved.headers.get('etag')]).toEqual([200, '"v1"'])
    const read = await call(ADMIN, 'GET', pathOf(customerId), { as: technician })
    expect(read.headers.get('etag')).toBe('"v1"')
    expect(await bodyOf(read)).toEqual({
      state: 'enabled',
      prefix,
      host: `${prefix}.portal.test`,
      url: `https://${prefix}.portal.test`,
      addressState: 'preparing',
      displayName: 'Fabrikam',
      homepage: 'https://fabrikam.example/',
      primaryColour: '#00bb77',
      accentColour: '#0b7a75',
      logo: null,
      signInPolicy: null,
      directory: {
        guestsShown: false,
        attributes: ['mail', 'jobTitle', 'department', 'businessPhone', 'licences', 'signInAllowed'],
      },
      version: 1,
    })
    expect(await msp.scope.find(customers, customerId, 'customer')).toMatchObject({
      portalState: 'enabled',
      portalHost: `${prefix}.portal.test`,
    })
  })

  it('goes back to its MSP’s defaults where something is left out', async () => {
    const { save, read } = await newScene()
    await save({ displayName: 'Fabrikam', primaryColour: '#0b7a75' })
    expect(await read()).toMatchObject({ displayName: 'Fabrikam', primaryColour: '#0b7a75' })
    await save({})
    expect(await read()).toMatchObject({ displayName: null, primaryColour: null, homepage: null })
  })

  it('leaves an entry of who changed what, before and after', async () => {
    const { msp, technician, save, portal } = await newScene()
    await save({ displayName: 'Fabrikam' })
    await save({ displayName: 'Fabrikam & Daughters' })
    const entries = await msp.scope.list(activities, { where: eq(activities.action, 'portal.changed') })
    expect(entries.toSorted((one, other) => one.at - other.at).at(-1)).toMatchObject({
      actorName: technician.name,
      customerId: portal.customerId,
      changes: [{ table: 'portals', field: 'displayName', before: 'Fabrikam', after: 'Fabrikam & Daughters' }],
    })
  })

  it('is not overwritten by somebody who read an older version', async () => {
    const { save, read } = await newScene()
    expect((await save({ displayName: 'First' }, { 'if-match': '"v1"' })).status).toBe(200)
    expect((await save({ displayName: 'Second' }, { 'if-match': '"v1"' })).status).toBe(412)
    expect((await save({ displayName: 'Second' }, { 'if-match': '"v99"' })).status).toBe(412)
    expect(await read()).toMatchObject({ displayName: 'First', version: 2 })
    expect((await save({ displayName: 'Third' }, { 'if-match': '*' })).status).toBe(200)
    expect((await save({ displayName: 'Fourth' })).status).toBe(200)
  })

  it('is saved once by two who save from one version at the same moment', async () => {
    const { save, read } = await newScene()
    const responses = await Promise.all(
      ['One', 'Other'].map((displayName) => save({ displayName }, { 'if-match': '"v1"' })),
    )
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 412]))
    expect(await read()).toMatchObject({ displayName: responses[0]?.status === 200 ? 'One' : 'Other', version: 2 })
  })

  it.each([
    ['homepage', 'javascript:alert(1)', 'Enter a web address that begins with https://'],
    ['homepage', 'JAVASCRIPT://fabrikam.example/%0Aalert(1)', 'Enter a web address that begins with https://'],
    ['homepage', 'data:text/html,<script>', 'Enter a web address that begins with https://'],
    ['homepage', '//fabrikam.example', 'Enter a web address that begins with https://'],
    ['homepage', 'fabrikam.example', 'Enter a web address that begins with https://'],
    ['homepage', `https://fabrikam.example/${'a'.repeat(500)}`, ''],
    ['displayName', '   ', 'Enter a name, or leave it to the default.'],
    ['displayName', 'a'.repeat(81), ''],
    ['primaryColour', 'teal', 'Enter a colour such as #0b7a75.'],
    ['primaryColour', '#12345', 'Enter a colour such as #0b7a75.'],
    ['accentColour', 'red;}body{display:none', ''],
    ['accentColour', 7, ''],
    ['state', 'disabled', 'This field is not known here.'],
    ['mspId', 'another', 'This field is not known here.'],
  ])('is refused a %s of %j, at that field', async (field, value, detail) => {
    const { save, read } = await newScene()
    const response = await save({ [field]: value })
    expect(response.status).toBe(422)
    const { errors } = await bodyOf<Refusal>(response)
    expect(errors.map(({ pointer }) => pointer)).toEqual([`/${field}`])
    expect(errors[0]?.detail).toContain(detail)
    expect(await read()).toMatchObject({ version: 1 })
  })

  it('is changed by technicians and above, and read by viewers', async () => {
    const { msp, path, prefix } = await newScene()
    for (const [role, status] of [
      ['viewer', 403],
      ['technician', 200],
      ['admin', 200],
      ['owner', 200],
    ] as const) {
      const as = await newStaff(msp, role)
      expect((await call(ADMIN, 'PUT', path, { as, body: { prefix } })).status, role).toBe(status)
      expect((await call(ADMIN, 'GET', path, { as })).status, role).toBe(200)
    }
  })
})

describe('Closing a portal', () => {
  it('puts everybody out at their next click, and once it is open they sign in again', async () => {
    const { technician, path, portal, summary, read } = await newScene()
    const contact = await newContact(portal)
    const enter = async () => (await call(portal.host, 'GET', '/api/auth/session', { as: contact })).status
    expect(await enter()).toBe(200)
    expect((await call(ADMIN, 'PUT', `${path}/closure`, { as: technician })).status).toBe(204)
    expect([await enter(), (await summary()).portalState, (await read())['state']]).toEqual([
      401,
      'disabled',
      'disabled',
    ])
    expect((await call(ADMIN, 'DELETE', `${path}/closure`, { as: technician })).status).toBe(204)
    // The sessions of then are gone.
    expect([await enter(), (await summary()).portalState]).toEqual([401, 'enabled'])
    expect((await call(portal.host, 'GET', '/favicon.svg')).status).toBe(200)
  })

  it('twice is closing it once', async () => {
    const { msp, technician, path } = await newScene()
    for (let count = 0; count < 2; count += 1)
      expect((await call(ADMIN, 'PUT', `${path}/closure`, { as: technician })).status).toBe(204)
    for (let count = 0; count < 2; count += 1)
      expect((await call(ADMIN, 'DELETE', `${path}/closure`, { as: technician })).status).toBe(204)
    const actions = (await msp.scope.list(activities)).map(({ action }) => action)
    expect(actions.filter((action) => action === 'portal.closed')).toHaveLength(1)
    expect(actions.filter((action) => action === 'portal.opened')).toHaveLength(1)
  })

  it('leaves it closed when its settings are saved, also at a new address', async () => {
    const { technician, path, save, summary, read } = await newScene()
    await call(ADMIN, 'PUT', `${path}/closure`, { as: technician })
    const prefix = newPrefix()
    expect((await save({ prefix })).status).toBe(200)
    await queue.deliver()
    expect(await read()).toMatchObject({ state: 'disabled', prefix, addressState: 'active' })
    expect(await summary()).toMatchObject({ portalState: 'disabled', portalHost: `${prefix}.portal.test` })
  })

  it('is not possible where there is none', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const path = pathOf((await newCustomer(msp)).customerId)
    expect((await call(ADMIN, 'PUT', `${path}/closure`, { as: technician })).status).toBe(404)
    expect((await call(ADMIN, 'DELETE', `${path}/closure`, { as: technician })).status).toBe(404)
  })
})

describe('The tones of two colours', () => {
  it('are told before anything is saved, all of them readable', async () => {
    const viewer = await newStaff(await newMsp(), 'viewer')
    const body = { primaryColour: '#ffff00', accentColour: '#fefefe' }
    const response = await call(ADMIN, 'POST', '/api/msp-portal/tones', { as: viewer, body })
    expect(response.status).toBe(200)
    const { tones } = await bodyOf<{ tones: { theme: string; contrast: number; required: number }[] }>(response)
    expect(new Set(tones.map(({ theme }) => theme))).toEqual(new Set(['light', 'dark']))
    expect(tones.filter(({ contrast, required }) => contrast < required)).toEqual([])
  })

  it('are refused for what is no colour', async () => {
    const viewer = await newStaff(await newMsp(), 'viewer')
    const body = { primaryColour: 'yellow', accentColour: '' }
    const response = await call(ADMIN, 'POST', '/api/msp-portal/tones', { as: viewer, body })
    const { errors } = await bodyOf<Refusal>(response)
    expect([response.status, errors.map(({ pointer }) => pointer)]).toEqual([422, ['/primaryColour', '/accentColour']])
  })
})
