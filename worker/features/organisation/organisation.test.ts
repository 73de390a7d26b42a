import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { activities } from '../../../db/shard/schema.ts'
import { ADMIN, bodyOf, call, newMsp, newStaff } from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'

const base = '/api/msp-portal/settings'

type Refusal = { errors: { pointer: string; detail: string }[] }

/** For each page of the settings: what one may save there, and what the activity calls it. */
const pages = {
  organisation: {
    action: 'settings.organisation_changed',
    body: {
      name: 'Northwind IT',
      helpPhone: '01632 960 200',
      helpEmail: 'Help@Northwind.example',
      helpHours: 'Mon–Fri 8–18',
      address: '1 High Street',
      timeZone: 'Australia/Sydney',
      locale: 'en-AU',
      currency: 'AUD',
    },
  },
  brand: {
    action: 'settings.brand_changed',
    body: { primaryColour: '#0b7a75', accentColour: '#b3261e', homepage: 'https://northwind.example/' },
  },
  mail: {
    action: 'settings.mail_changed',
    body: { fromName: 'Northwind help desk', replyTo: 'help@northwind.example' },
  },
} as const
type Page = keyof typeof pages
const all = Object.keys(pages) as Page[]

const newScene = async (page: Page) => {
  const msp = await newMsp()
  const admin = await newStaff(msp, 'admin')
  const read = () => call(ADMIN, 'GET', `${base}/${page}`, { as: admin })
  const save = (more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    call(ADMIN, 'PUT', `${base}/${page}`, { as: admin, body: { ...pages[page].body, ...more }, headers })
  return { msp, admin, read, save }
}

const entriesOf = (msp: StagedMsp, page: Page) =>
  msp.scope.list(activities, { where: eq(activities.action, pages[page].action) })

describe('The settings', () => {
  it.each(all)('of %s are read by everybody and saved by admins and owners', async (page) => {
    const { msp } = await newScene(page)
    const statuses = []
    for (const role of ['viewer', 'technician', 'admin', 'owner'] as const) {
      const as = await newStaff(msp, role)
      const read = await call(ADMIN, 'GET', `${base}/${page}`, { as })
      const saved = await call(ADMIN, 'PUT', `${base}/${page}`, { as, body: pages[page].body })
      statuses.push([role, read.status, saved.status])
    }
    expect(statuses).toEqual([
      ['viewer', 200, 403],
      ['technician', 200, 403],
      ['admin', 200, 200],
      ['owner', 200, 200],
    ])
  })

  it.each(all)('of %s are kept as they were given, for this MSP alone', async (page) => {
    const { read, save } = await newScene(page)
    const neighbour = await newScene(page)
    const untouched = await bodyOf(await neighbour.read())
    const saved = await save()
    expect([saved.status, saved.headers.get('etag')]).toEqual([200, '"v2"'])
    const answer = await bodyOf(saved)
    const { helpEmail, ...rest } = { helpEmail: undefined, ...pages[page].body }
    expect(answer).toMatchObject({
      ...rest,
      ...(helpEmail === undefined ? {} : { helpEmail: 'help@northwind.example' }),
    })
    expect(await bodyOf(await read())).toEqual(answer)
    expect(await bodyOf(await neighbour.read())).toEqual(untouched)
  })

  it.each(all)('of %s are not overwritten by somebody who read an older version', async (page) => {
    const { read, save } = await newScene(page)
    expect((await read()).headers.get('etag')).toBe('"v1"')
    expect((await save({}, { 'if-match': '"v1"' })).status).toBe(200)
    expect((await save({}, { 'if-match': '"v1"' })).status).toBe(412)
    const another = { organisation: 'name', brand: 'homepage', mail: 'fromName' }[page]
    const responses = await Promise.all(
      ['https://one.example/', 'https://other.example/'].map((text) =>
        save({ [another]: text }, { 'if-match': '"v2"' }),
      ),
    )
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 412]))
    expect((await read()).headers.get('etag')).toBe('"v3"')
  })

  it.each(all)('of %s leave an entry of who changed what, before and after', async (page) => {
    const { msp, admin, save } = await newScene(page)
    await save()
    const [entry, ...others] = await entriesOf(msp, page)
    expect(others).toEqual([])
    expect(entry).toMatchObject({ actorId: admin.id, customerId: null, subjectKind: 'organisation' })
    const changed = Object.fromEntries(
      (entry?.changes ?? []).map(({ field, before, after }) => [field, [before, after]]),
    )
    expect(changed).toEqual(
      {
        organisation: {
          helpPhone: ['01632 960 100', '01632 960 200'],
          helpEmail: [null, 'help@northwind.example'],
          helpHours: [null, 'Mon–Fri 8–18'],
          address: [null, '1 High Street'],
          timeZone: ['Europe/London', 'Australia/Sydney'],
          locale: ['en-GB', 'en-AU'],
          currency: ['GBP', 'AUD'],
        },
        brand: {
          primaryColour: ['#3a5488', '#0b7a75'],
          accentColour: ['#8a6d1f', '#b3261e'],
          homepage: [null, 'https://northwind.example/'],
        },
        mail: {
          mailFromName: ['Northwind IT', 'Northwind help desk'],
          mailReplyTo: [null, 'help@northwind.example'],
        },
      }[page],
    )
  })

  it.each([
    ['organisation', 'name', ' ', 'Enter the name your customers know.'],
    ['organisation', 'name', 'a'.repeat(121), ''],
    ['organisation', 'timeZone', 'Europe/Atlantis', 'Choose a time zone such as Europe/London.'],
    ['organisation', 'timeZone', '', 'Choose a time zone such as Europe/London.'],
    ['organisation', 'timeZone', null, ''],
    ['organisation', 'locale', 'tlh', ''],
    ['organisation', 'locale', 'de-DE', ''],
    ['organisation', 'currency', 'pounds', 'Use the three letters of a currency, such as GBP.'],
    ['organisation', 'helpEmail', 'help', 'Enter an e-mail address such as name@company.com.'],
    ['organisation', 'helpPhone', '1'.repeat(41), 'At most 40 characters.'],
    ['organisation', 'version', 7, 'This field is not known here.'],
    ['brand', 'primaryColour', 'teal', 'Enter a colour such as #0b7a75.'],
    ['brand', 'accentColour', null, ''],
    ['brand', 'homepage', 'javascript:alert(1)', 'Enter a web address that begins with https://'],
    ['brand', 'logoKey', 'x', 'This field is not known here.'],
    ['mail', 'fromName', '  ', 'Enter the name that mails come from.'],
    ['mail', 'fromName', 'Northwind\r\nBcc: all@northwind.example', 'such as a line break'],
    ['mail', 'replyTo', 'help', 'Enter an e-mail address such as name@company.com.'],
    ['mail', 'fromAddress', 'ceo@bank.example', 'This field is not known here.'],
  ] as const)('of %s refuse a %s of %j, at that field', async (page, field, value, detail) => {
    const { msp, save, read } = await newScene(page)
    const response = await save({ [field]: value })
    expect(response.status).toBe(422)
    const { errors } = await bodyOf<Refusal>(response)
    expect(errors.map(({ pointer }) => pointer)).toEqual([`/${field}`])
    expect(errors[0]?.detail).toContain(detail)
    expect((await read()).headers.get('etag')).toBe('"v1"')
    expect(await entriesOf(msp, page)).toEqual([])
  })

  it('of mail say from which address mails leave, which is the deployment’s', async () => {
    const { read } = await newScene('mail')
    expect(await bodyOf(await read())).toMatchObject({
      fromName: 'Northwind IT',
      fromAddress: 'portal@mail.portal.test',
    })
  })

  it('that are left out are emptied, where they may be', async () => {
    const { admin, save, read } = await newScene('organisation')
    await save()
    const { name, timeZone, locale, currency } = pages.organisation.body
    await call(ADMIN, 'PUT', `${base}/organisation`, { as: admin, body: { name, timeZone, locale, currency } })
    expect(await bodyOf(await read())).toMatchObject({
      helpPhone: null,
      helpEmail: null,
      helpHours: null,
      address: null,
    })
  })
})
