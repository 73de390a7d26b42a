import type { z } from '@hono/zod-openapi'
import { asc, eq } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { activities } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { holdQueue } from '../../test/held-queue.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newMsp,
  newNotice,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import type { StagedContact } from '../../test/stage.ts'
import type { NoticeInPortal } from './in-portal.ts'
import { audienceChange } from './notices.ts'
import type { Notice, NoticeSummary } from './notices.schema.ts'

holdQueue()
afterEach(() => moveClock(undefined))

const NOTICES = '/api/msp-portal/notices'
const HOUR_MS = 3_600_000

const newScene = async () => {
  const msp = await newMsp()
  const technician = await newStaff(msp, 'technician')
  const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    call(ADMIN, method, path, { as: technician, ...(body === undefined ? {} : { body }), ...(headers && { headers }) })
  const create = (more: object = {}) => ask('POST', NOTICES, { ...inputOf(), ...more })
  const created = async (more: object = {}) => {
    const answer = await create(more)
    expect(answer.status, await answer.clone().text()).toBe(201)
    return bodyOf<z.infer<typeof Notice>>(answer)
  }
  const listed = async (query = '') =>
    bodyOf<{ items: z.infer<typeof NoticeSummary>[]; nextCursor: string | null }>(
      await ask('GET', `${NOTICES}${query}`),
    )
  const contactOf = async (name: string) => newContact(await newPortal(await newCustomer(msp, name)), ['portal_user'])
  return { msp, ask, create, created, listed, contactOf }
}

const inputOf = () => ({
  title: 'Maintenance on Sunday',
  text: 'Mail may be slow.\nFrom 8:00 to 10:00.',
  startsAt: new Date(now()).toISOString(),
  endsAt: new Date(now() + HOUR_MS).toISOString(),
  customerIds: null as string[] | null,
})

const shownTo = async (contact: StagedContact): Promise<z.infer<typeof NoticeInPortal>[]> => {
  const { customerId, host } = contact.portal
  const answer = await call(host, 'GET', `/api/portal/customers/${customerId}/dashboard`, { as: contact })
  expect(answer.status, await answer.clone().text()).toBe(200)
  return (await bodyOf<{ notices: z.infer<typeof NoticeInPortal>[] }>(answer)).notices
}
const titlesFor = async (contact: StagedContact) => (await shownTo(contact)).map(({ title }) => title)

const forThese = (...letters: string[]) => ({
  row: { forAll: false },
  recipients: letters.map((letter) => ({ id: letter, name: `Customer ${letter}` })),
})

it.each([
  ['one who came in', forThese('A'), forThese('A', 'B'), 'Customer A', 'Customer B, Customer A'],
  ['nobody', forThese('A', 'B'), forThese('A', 'B'), null, null],
  [
    'one among many, who comes first',
    forThese('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'),
    forThese('A', 'B', 'C', 'D', 'E', 'F', 'G', 'I'),
    'Customer H, Customer A, Customer B, Customer C, Customer D and 3 more',
    'Customer I, Customer A, Customer B, Customer C, Customer D and 3 more',
  ],
  [
    'as many as are named without counting the rest',
    forThese('A'),
    forThese('A', 'B', 'C', 'D', 'E', 'F'),
    'Customer A',
    'Customer B, Customer C, Customer D, Customer E, Customer F, Customer A',
  ],
  ['all', forThese('A'), { ...forThese(), row: { forAll: true } }, 'Customer A', 'All customers'],
])('Another audience of a notice is told in words: %s', (_, was, is, before, after) => {
  expect(audienceChange(was, is)).toEqual(
    before === null ? [] : [{ table: 'notices', field: 'shownTo', before, after }],
  )
})

describe('A notice', () => {
  it('for all is shown to every customer of this MSP, with its words as they were written', async () => {
    const { created, contactOf } = await newScene()
    const [dana, lee] = [await contactOf('Fabrikam'), await contactOf('Tailspin')]
    const stranger = await newContact(await newPortal(await newCustomer(await newMsp())), ['portal_admin'])
    const notice = await created({ kind: 'warning' })
    expect(await shownTo(dana)).toEqual([
      {
        id: notice.id,
        version: 1,
        kind: 'warning',
        title: 'Maintenance on Sunday',
        text: 'Mail may be slow.\nFrom 8:00 to 10:00.',
        startsAt: notice.startsAt,
        endsAt: notice.endsAt,
      },
    ])
    expect(await titlesFor(lee)).toEqual(['Maintenance on Sunday'])
    expect(await shownTo(stranger)).toEqual([])
  })

  it('for some is shown to them alone, also to customers of the same shard', async () => {
    const { created, contactOf, ask } = await newScene()
    const [dana, lee] = [await contactOf('Fabrikam'), await contactOf('Tailspin')]
    const notice = await created({ customerIds: [dana.portal.customerId] })
    expect(notice.customers).toEqual([{ id: dana.portal.customerId, name: 'Fabrikam' }])
    expect(await titlesFor(dana)).toEqual(['Maintenance on Sunday'])
    expect(await shownTo(lee)).toEqual([])
    const body = { ...inputOf(), title: 'Elsewhere', customerIds: [lee.portal.customerId] }
    expect((await ask('PUT', `${NOTICES}/${notice.id}`, body, { 'if-match': '"v1"' })).status).toBe(200)
    expect(await shownTo(dana)).toEqual([])
    expect(await titlesFor(lee)).toEqual(['Elsewhere'])
  })

  it('tells in the activity whom it was for and is for now, by name', async () => {
    const { msp, ask, create, created } = await newScene()
    const [dana, lee] = [await newCustomer(msp, 'Fabrikam'), await newCustomer(msp, 'Tailspin')]
    const { id } = await created({ customerIds: [dana.customerId] })
    const change = (customerIds: string[] | null) => ask('PUT', `${NOTICES}/${id}`, { ...input, customerIds })
    const input = inputOf()
    expect((await change([lee.customerId, dana.customerId])).status).toBe(200)
    expect((await change(null)).status).toBe(200)
    expect((await ask('DELETE', `${NOTICES}/${id}`)).status).toBe(204)
    expect((await create({ customerIds: null })).status).toBe(201)
    const entries = await msp.scope.list(activities, { orderBy: [asc(activities.id)] })
    const told = entries
      .filter(({ action }) => action.startsWith('notice.'))
      .flatMap(({ changes }) => changes.filter(({ field }) => field === 'shownTo' || field === 'forAll'))
    expect(told.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['shownTo', null, 'Fabrikam'],
      ['shownTo', 'Fabrikam', 'Tailspin, Fabrikam'],
      ['shownTo', 'Fabrikam, Tailspin', 'All customers'],
      ['shownTo', 'All customers', null],
      ['shownTo', null, 'All customers'],
    ])
  })

  it('is shown from its beginning until its end, by the clock', async () => {
    const { created, contactOf, listed } = await newScene()
    const dana = await contactOf('Fabrikam')
    const noon = now()
    moveClock(() => noon)
    await created({ startsAt: new Date(noon + 1000).toISOString(), endsAt: new Date(noon + 2000).toISOString() })
    const at = async (moment: number) => {
      moveClock(() => moment)
      return [(await shownTo(dana)).length, (await listed()).items[0]?.state]
    }
    expect(await at(noon + 999)).toEqual([0, 'scheduled'])
    expect(await at(noon + 1000)).toEqual([1, 'showing'])
    expect(await at(noon + 1999)).toEqual([1, 'showing'])
    expect(await at(noon + 2000)).toEqual([0, 'over'])
  })

  it('that is deleted is gone from portals, whomever it was for', async () => {
    const { msp, created, contactOf, ask, listed } = await newScene()
    const dana = await contactOf('Fabrikam')
    const notice = await created({ customerIds: [dana.portal.customerId] })
    expect((await ask('DELETE', `${NOTICES}/${notice.id}`)).status).toBe(204)
    expect(await shownTo(dana)).toEqual([])
    expect((await listed()).items).toEqual([])
    expect((await ask('GET', `${NOTICES}/${notice.id}`)).status).toBe(404)
    const entries = await msp.scope.list(activities, { where: eq(activities.subjectId, notice.id) })
    expect(entries.map(({ action }) => action).toSorted()).toEqual(['notice.created', 'notice.deleted'])
  })

  it('does not keep a customer from being deleted, and goes on for the others', async () => {
    const { msp, created, contactOf, ask } = await newScene()
    const lee = await contactOf('Tailspin')
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    const notice = await created({ customerIds: [customerId, lee.portal.customerId] })
    const admin = await newStaff(msp, 'admin')
    expect((await call(ADMIN, 'DELETE', `/api/msp-portal/customers/${customerId}`, { as: admin })).status).toBe(204)
    expect(await titlesFor(lee)).toEqual(['Maintenance on Sunday'])
    const left = await bodyOf<z.infer<typeof Notice>>(await ask('GET', `${NOTICES}/${notice.id}`))
    expect(left.customers).toEqual([{ id: lee.portal.customerId, name: 'Tailspin' }])
  })

  it('whose only customer was deleted says that nobody is shown it, until it is given another or is over', async () => {
    const { msp, created, contactOf, ask, listed } = await newScene()
    const lee = await contactOf('Tailspin')
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    const endsAt = new Date(now() + HOUR_MS / 2).toISOString()
    const notice = await created({ customerIds: [customerId], endsAt })
    expect(notice.state).toBe('showing')
    const admin = await newStaff(msp, 'admin')
    expect((await call(ADMIN, 'DELETE', `/api/msp-portal/customers/${customerId}`, { as: admin })).status).toBe(204)
    const told = async () => {
      const one = await bodyOf<z.infer<typeof Notice>>(await ask('GET', `${NOTICES}/${notice.id}`))
      return [one.state, (await listed()).items[0]?.state]
    }
    expect(await told()).toEqual(['nobody', 'nobody'])
    const body = { ...inputOf(), startsAt: notice.startsAt, endsAt: notice.endsAt }
    await ask('PUT', `${NOTICES}/${notice.id}`, { ...body, customerIds: [lee.portal.customerId] })
    expect(await told()).toEqual(['showing', 'showing'])
    const end = Date.parse(notice.endsAt)
    moveClock(() => end)
    expect((await listed()).items[0]?.state).toBe('over')
  })

  it('is refused in words when one of its customers is deleted while it is made', async () => {
    const { msp, create } = await newScene()
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    const admin = await newStaff(msp, 'admin')
    const shard = shardNamed(environment, msp.shard)
    const batch = shard.batch.bind(shard)
    vi.spyOn(shard, 'batch').mockImplementation(async (statements) => {
      if (statements.some(({ sql }) => sql.startsWith('insert into "notices"'))) {
        vi.restoreAllMocks()
        await call(ADMIN, 'DELETE', `/api/msp-portal/customers/${customerId}`, { as: admin })
      }
      return batch(statements)
    })
    const answer = await create({ customerIds: [customerId] })
    expect(answer.status).toBe(422)
    expect(await bodyOf(answer)).toMatchObject({ errors: [{ pointer: '/customerIds' }] })
  })

  it('is refused when it says nothing, too much, to nobody, to somebody else’s customer or at no time', async () => {
    const { create } = await newScene()
    const stranger = await newCustomer(await newMsp())
    for (const [more, pointer] of [
      [{ title: ' ' }, '/title'],
      [{ text: '\n' }, '/text'],
      [{ text: 'x'.repeat(2001) }, '/text'],
      [{ text: 'a\u0000b' }, undefined],
      [{ text: 'a\u202eb' }, '/text'],
      [{ kind: 'alarm' }, '/kind'],
      [{ customerIds: [] }, '/customerIds'],
      [{ customerIds: [stranger.customerId] }, '/customerIds'],
      [{ startsAt: 'tomorrow' }, '/startsAt'],
      [{ startsAt: '0001-01-01T00:00:00Z' }, '/startsAt'],
      [{ startsAt: '1999-12-31T23:59:59Z' }, '/startsAt'],
      [{ endsAt: '2101-01-01T00:00:00Z' }, '/endsAt'],
      [{ endsAt: '9999-12-31T23:59:59-23:59' }, '/endsAt'],
      [{ endsAt: new Date(now() - HOUR_MS).toISOString() }, '/endsAt'],
      [
        { startsAt: new Date(now() - 2 * HOUR_MS).toISOString(), endsAt: new Date(now() - HOUR_MS).toISOString() },
        '/endsAt',
      ],
    ] as const) {
      const answer = await create(more)
      const { errors } = await bodyOf<{ errors?: { pointer: string }[] }>(answer)
      expect([400, 422], JSON.stringify(more)).toContain(answer.status)
      expect(errors?.[0]?.pointer, JSON.stringify(more)).toBe(pointer)
    }
    expect((await create({ text: 'x'.repeat(2000) })).status).toBe(201)
  })

  it('of the earliest and the latest day is answered as it was asked for, and can be saved as it was answered', async () => {
    const { ask, created } = await newScene()
    const [startsAt, endsAt] = ['2000-01-01T00:00:00.000Z', '2100-12-31T23:59:59.999Z']
    const made = await created({ startsAt, endsAt })
    expect(made).toMatchObject({ startsAt, endsAt })
    const body = { ...inputOf(), startsAt: made.startsAt, endsAt: made.endsAt }
    const saved = await ask('PUT', `${NOTICES}/${made.id}`, body)
    expect(await bodyOf(saved)).toMatchObject({ startsAt, endsAt, version: 1 })
  })

  it('is changed by one of two at once', async () => {
    const { ask, created } = await newScene()
    const { id } = await created()
    const change = (title: string) => ask('PUT', `${NOTICES}/${id}`, { ...inputOf(), title }, { 'if-match': '"v1"' })
    const statuses = (await Promise.all([change('One'), change('Other')])).map(({ status }) => status)
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 412])
  })
})

describe('Notices', () => {
  it('stand in a portal with warnings first, then the newest, and never more than twenty', async () => {
    const { msp, contactOf } = await newScene()
    const dana = await contactOf('Fabrikam')
    const noon = now()
    for (let number = 1; number <= 21; number += 1)
      await newNotice(msp, null, { title: `Notice ${number}`, startsAt: noon - 1000 + number })
    await newNotice(msp, [dana.portal.customerId], { title: 'Warning', kind: 'warning', startsAt: noon - 5000 })
    const titles = await titlesFor(dana)
    expect(titles.slice(0, 3)).toEqual(['Warning', 'Notice 21', 'Notice 20'])
    expect(titles).toHaveLength(20)
  })

  it('are listed page by page, the last to begin first, with how many customers they are for', async () => {
    const { msp, listed, contactOf } = await newScene()
    const [dana, lee] = [await contactOf('Fabrikam'), await contactOf('Tailspin')]
    const noon = now()
    await newNotice(msp, null, { title: 'All', startsAt: noon - 3 })
    await newNotice(msp, [dana.portal.customerId, lee.portal.customerId], { title: 'Two', startsAt: noon - 2 })
    await newNotice(msp, [dana.portal.customerId], { title: 'One', startsAt: noon - 1 })
    const first = await listed('?limit=2')
    const second = await listed(`?limit=2&cursor=${first.nextCursor}`)
    const told = [...first.items, ...second.items].map(({ title, customerCount }) => [title, customerCount])
    expect(told).toEqual([
      ['One', 1],
      ['Two', 2],
      ['All', null],
    ])
    expect(second.nextCursor).toBeNull()
  })

  it('are never more than two hundred that are not over, also when one that is over is given a new end', async () => {
    const { msp, ask, create } = await newScene()
    const open = await Promise.all(Array.from({ length: 200 }, () => newNotice(msp)))
    expect((await create()).status).toBe(409)
    const over = await newNotice(msp, null, { startsAt: now() - 2, endsAt: now() - 1 })
    expect((await create()).status).toBe(409)
    expect((await ask('PUT', `${NOTICES}/${over.id}`, inputOf())).status).toBe(409)
    expect((await ask('PUT', `${NOTICES}/${open[0]?.id}`, inputOf())).status).toBe(200)
  })

  it('are never more than two hundred, however many are made at once', async () => {
    const { msp, create } = await newScene()
    await Promise.all(Array.from({ length: 199 }, () => newNotice(msp)))
    const statuses = (await Promise.all([create(), create(), create()])).map(({ status }) => status)
    expect(statuses.toSorted((one, other) => one - other)).toEqual([201, 409, 409])
  })

  it('are refused for page markers that are none', async () => {
    const { ask } = await newScene()
    const marker = (key: unknown) => btoa(JSON.stringify(['-startsAt', key, 'x']))
    for (const key of [['a', 'b'], [], 'yesterday'])
      expect((await ask('GET', `${NOTICES}?cursor=${marker(key)}`)).status, JSON.stringify(key)).toBe(422)
  })
})
