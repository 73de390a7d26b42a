import { eq, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import {
  activities,
  contacts,
  ticketEntries,
  ticketFiles,
  ticketNews,
  ticketPeople,
  tickets,
} from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { rowsReadBy } from '../../test/meter.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newKey,
  newMsp,
  newPortal,
  newStaff,
  newTenant,
  newUser,
} from '../../test/stage.ts'
import type { CallOptions, StagedMsp } from '../../test/stage.ts'
import { sweep } from '../../work.ts'
import { plantTickets } from '../../test/tickets.ts'

holdQueue()
afterEach(() => moveClock(undefined))

const API = '/api/msp-portal'
const HOUR = 3_600_000
const DAY = 24 * HOUR

type Named = { id: string; name: string }
type Shown = {
  id: string
  number: number
  subject: string
  state: string
  priority: { priority: string; name: string }
  category: Named
  customer: Named
  requester: (Named & { email: string | null }) | null
  assignee: (Named & { isBlocked: boolean }) | null
  watchers: Named[]
  about: { tenant: Named; user: Named | null } | null
  due: { what: string; at: string } | null
  firstAnsweredAt: string | null
  mergedInto: { id: string; number: number } | null
  version: number
}
type Entry = {
  id: string
  kind: string
  text: string
  author: { kind: string; name: string }
  event: { type: string; [key: string]: unknown } | null
  files: { id: string; name: string }[]
}
type Page<Item> = { items: Item[]; nextCursor: string | null; truncated: boolean }

const newDesk = async (given?: StagedMsp) => {
  const msp = given ?? (await newMsp())
  const marcus = await newStaff(msp, 'technician')
  const customer = await newCustomer(msp, 'Fabrikam Dental')
  const portal = await newPortal(customer)
  const dana = await newContact(portal, ['portal_admin'])
  const tom = await newContact(portal, ['portal_user'])
  const ask = (method: string, path: string, options: CallOptions = {}) =>
    call(ADMIN, method, `${API}${path}`, { as: marcus, ...options })
  const input = {
    subject: 'The printer prints nothing',
    description: 'White pages.',
    category: 'network',
    priority: 'normal',
  }
  const raise = async (more: object = {}, of = customer) => {
    const answer = await ask('POST', `/customers/${of.customerId}/tickets`, { body: { ...input, ...more } })
    expect(answer.status, await answer.clone().text()).toBe(201)
    return bodyOf<Shown>(answer)
  }
  const read = async ({ id }: { id: string }) => bodyOf<Shown>(await ask('GET', `/tickets/${id}`))
  const entriesOf = async ({ id }: { id: string }) =>
    (await bodyOf<Page<Entry>>(await ask('GET', `/tickets/${id}/entries`))).items.toReversed()
  const facts = (ticket: Shown, more: object = {}) => ({
    subject: ticket.subject,
    category: ticket.category.id,
    priority: ticket.priority.priority,
    assignee: ticket.assignee?.id ?? null,
    requester: ticket.requester?.id ?? null,
    about: null,
    ...more,
  })
  const say = (ticket: { id: string }, body: object, where = 'answers') =>
    ask('POST', `/tickets/${ticket.id}/${where}`, { body })
  const list = async (query: string) => {
    const answer = await ask('GET', `/tickets?${query}`)
    expect(answer.status, query).toBe(200)
    return bodyOf<Page<Shown>>(answer)
  }
  return { msp, marcus, customer, portal, dana, tom, ask, input, raise, read, entriesOf, facts, say, list }
}

let uploadCount = 0
const upload = async ({ ask, customer }: Awaited<ReturnType<typeof newDesk>>, name = 'White page.png') => {
  const answer = await ask(
    'PUT',
    `/customers/${customer.customerId}/ticket-files/uploads/u${(uploadCount += 1)}?name=${encodeURIComponent(name)}`,
    {
      raw: 'just text',
      headers: { 'content-type': 'application/octet-stream', 'content-length': '9' },
    },
  )
  expect(answer.status, await answer.clone().text()).toBe(200)
  return (await bodyOf<{ id: string }>(answer)).id
}

/** What a portal answers a contact. */
const inPortal = (
  { portal }: Awaited<ReturnType<typeof newDesk>>,
  as: { cookie: string },
  method: string,
  path: string,
  body?: object,
) =>
  call(portal.host, method, `/api/portal/customers/${portal.customerId}${path}`, {
    as,
    ...(body === undefined ? {} : { body }),
  })

describe('A ticket that staff write down', () => {
  it('has a number of its MSP, whom it is for, who watches it, and what it is about', async () => {
    const { customer, dana, tom, marcus, raise, read, entriesOf } = await newDesk()
    const tenant = await newTenant(customer, { name: 'Fabrikam' })
    const userId = await newUser(customer, tenant.id)
    const made = await raise({
      requester: dana.id,
      watchers: [tom.id, dana.id],
      assignee: marcus.id,
      about: { tenantId: tenant.id, userId },
      priority: 'high',
    })
    expect(made).toMatchObject({
      number: 1001,
      state: 'new',
      priority: { priority: 'high', name: 'High' },
      category: { id: 'network', name: 'Internet, Wi-Fi and printing' },
      customer: { id: customer.customerId, name: 'Fabrikam Dental' },
      requester: { id: dana.id, name: dana.name },
      assignee: { id: marcus.id, name: marcus.name, isBlocked: false },
      watchers: [{ id: tom.id, name: tom.name }],
      about: { tenant: { id: tenant.id, name: 'Fabrikam' }, user: { id: userId, name: 'Dana Whitfield' } },
      due: { what: 'first_answer' },
    })
    expect(await read(made)).toEqual({ ...made, requester: { ...made.requester, email: dana.email } })
    expect(await entriesOf(made)).toMatchObject([
      { kind: 'comment', text: 'White pages.', author: { name: marcus.name } },
    ])
  })

  it('is one ticket with one number, however often the same request comes at once', async () => {
    const { ask, customer, input, list } = await newDesk()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        ask('POST', `/customers/${customer.customerId}/tickets`, {
          body: input,
          headers: { 'idempotency-key': 'one' },
        }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    const bodies = await Promise.all(answers.map((answer) => bodyOf<Shown>(answer)))
    expect(new Set(bodies.map(({ id, number }) => `${id} ${number}`)).size).toBe(1)
    expect((await list('view=all')).items).toHaveLength(1)
  })

  it('gets numbers without doubles or gaps, however many are written at once', async () => {
    const { raise } = await newDesk()
    const made = await Promise.all(Array.from({ length: 12 }, () => raise()))
    expect(made.map(({ number }) => number).toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 12 }, (_, place) => 1001 + place),
    )
  })

  it('names nobody and nothing of another customer', async () => {
    const desk = await newDesk()
    const { msp, ask, customer, input } = desk
    const other = await newPortal(await newCustomer(msp, 'Contoso'))
    const stranger = await newContact(other)
    const tenant = await newTenant(other)
    const viewer = await newStaff(msp, 'viewer')
    for (const [more, pointer] of [
      [{ requester: stranger.id }, '/requester'],
      [{ watchers: [stranger.id] }, '/watchers'],
      [{ about: { tenantId: tenant.id } }, '/about/tenantId'],
      [{ assignee: viewer.id }, '/assignee'],
      [{ category: 'made-up' }, '/category'],
      [{ files: ['made-up'] }, '/files'],
      [{ subject: ' ' }, '/subject'],
      [{ description: 'x'.repeat(20_001) }, '/description'],
    ] as const) {
      const answer = await ask('POST', `/customers/${customer.customerId}/tickets`, { body: { ...input, ...more } })
      expect(answer.status, pointer).toBe(422)
      expect((await bodyOf<{ errors: { pointer: string }[] }>(answer)).errors[0]?.pointer).toBe(pointer)
    }
  })
})

describe('The list of tickets', () => {
  it('shows across customers what is open, whose it is, what waits, what is due and what ended', async () => {
    const { msp, marcus, raise, say, ask, list } = await newDesk()
    const contoso = await newCustomer(msp, 'Contoso')
    const mine = await raise({ subject: 'Mine', assignee: marcus.id })
    const free = await raise({ subject: 'Free', priority: 'urgent' }, contoso)
    const waits = await raise({ subject: 'Waits' })
    const done = await raise({ subject: 'Done' })
    await say(waits, { text: 'Which one?', next: 'wait' })
    await ask('PUT', `/tickets/${done.id}/resolution`)
    const subjects = async (query: string) => (await list(query)).items.map(({ subject }) => subject)
    expect(await subjects('view=open')).toEqual(['Waits', 'Free', 'Mine'])
    expect(await subjects('view=mine')).toEqual(['Mine'])
    expect(await subjects('view=unassigned')).toEqual(['Waits', 'Free'])
    expect(await subjects('view=waiting')).toEqual(['Waits'])
    expect(await subjects('view=due')).toEqual(['Free', 'Mine'])
    expect(await subjects('view=overdue')).toEqual([])
    expect(await subjects('view=ended')).toEqual(['Done'])
    expect(await subjects(`view=open&customerId=${contoso.customerId}`)).toEqual(['Free'])
    expect(await subjects('view=open&q=FR')).toEqual(['Free'])
    expect(await subjects(`view=all&q=%23${done.number}`)).toEqual(['Done'])
    expect(await subjects(`view=open&q=%23${done.number}`)).toEqual([])
    expect((await list('view=open&q=free')).items[0]?.customer.name).toBe('Contoso')
    expect((await ask('GET', `/tickets?view=mine&customerId=${contoso.customerId}`)).status).toBe(422)
    expect((await ask('GET', '/tickets?view=open&customerId=made-up')).status).toBe(404)
    const due = now() + HOUR + 1
    moveClock(() => due)
    const overdue = await ask('GET', '/tickets?view=overdue', { as: await newStaff(msp) })
    expect((await bodyOf<Page<Shown>>(overdue)).items.map(({ subject }) => subject)).toEqual(['Free'])
    expect(free.due).toMatchObject({ what: 'first_answer' })
    expect(mine.number).toBeLessThan(free.number)
  })

  it('comes in pages, none of them twice', async () => {
    const { raise, list } = await newDesk()
    for (let count = 0; count < 5; count += 1) await raise({ subject: `Number ${count}` })
    for (const query of ['view=open', 'view=due', 'view=all&q=number']) {
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: Page<Shown> = await list(`${query}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
        seen.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor
      }
      expect(new Set(seen).size, query).toBe(5)
      expect(seen, query).toHaveLength(5)
    }
  })

  it('reads as many rows of five hundred tickets as of ten thousand, in every view, for one customer and for words', async () => {
    const { msp, marcus, portal, tom, customer, ask } = await newDesk()
    const ofCustomer = `customerId=${customer.customerId}`
    const asked = [
      ...['open', 'mine', 'unassigned', 'waiting', 'due', 'overdue', 'ended', 'all'].map((view) => `view=${view}`),
      ...['open', 'ended', 'all'].map((view) => `view=${view}&${ofCustomer}`),
      'view=open&q=printer',
      'view=all&q=printer%20page',
      `view=all&q=printer&${ofCustomer}`,
      'view=all&q=%232100',
    ]
    const costs = async () => {
      const rows: Record<string, number> = {}
      for (const query of asked)
        rows[query] = await rowsReadBy(msp.shard, async () => {
          expect((await ask('GET', `/tickets?limit=20&${query}`)).status, query).toBe(200)
        })
      return rows
    }
    await plantTickets(msp, portal, tom, 500, 'Printer page', marcus)
    const few = await costs()
    await plantTickets(msp, portal, tom, 9_500, 'Printer page', marcus)
    expect(await costs()).toEqual(few)
  })
})

describe('An answer', () => {
  it('is read by the customer, and a note never is', async () => {
    const desk = await newDesk()
    const { raise, say, entriesOf, dana } = desk
    const ticket = await raise({ requester: dana.id })
    expect((await say(ticket, { text: 'We look at it.' })).status).toBe(201)
    expect((await say(ticket, { text: 'They never pay.' }, 'notes')).status).toBe(201)
    expect((await entriesOf(ticket)).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'comment White pages.',
      'comment We look at it.',
      'event ',
      'note They never pay.',
    ])
    const theirs = await inPortal(desk, dana, 'GET', `/tickets/${ticket.id}/entries`)
    expect(await theirs.text()).not.toContain('They never pay')
  })

  it.each([
    ['nothing', 'in_progress', true],
    ['wait', 'waiting_on_customer', false],
    ['resolve', 'resolved', false],
  ])('with %s next leaves the ticket %s', async (next, state, isDue) => {
    const { raise, say, read } = await newDesk()
    const ticket = await raise()
    await say(ticket, { text: 'Done?', next })
    const after = await read(ticket)
    expect(after).toMatchObject({ state })
    expect(after.firstAnsweredAt).not.toBeNull()
    expect(after.due !== null).toBe(isDue)
  })

  it('takes files along that its writer uploaded, and nobody else’s', async () => {
    const desk = await newDesk()
    const { msp, raise, say, entriesOf, ask } = desk
    const ticket = await raise()
    const fileId = await upload(desk)
    const rosa = await newStaff(msp, 'technician')
    const foreign = await ask('POST', `/tickets/${ticket.id}/answers`, {
      as: rosa,
      body: { text: '', files: [fileId] },
    })
    expect(foreign.status).toBe(422)
    expect((await say(ticket, { text: '', files: [fileId] })).status).toBe(201)
    expect((await say(ticket, { text: '', files: [fileId] })).status).toBe(422)
    expect((await entriesOf(ticket))[1]?.files).toMatchObject([{ id: fileId, name: 'White page.png' }])
    const saved = await ask('GET', `/tickets/${ticket.id}/files/${fileId}/content`)
    expect([saved.status, await saved.text()]).toEqual([200, 'just text'])
    expect(saved.headers.get('content-disposition')).toContain('attachment')
    expect((await ask('GET', `/tickets/${ticket.id}/files/${fileId}/view`)).status).toBe(404)
  })

  it('and all else that staff type is kept as text, whatever it would be elsewhere, and refused when it is a megabyte', async () => {
    const { msp, dana, raise, say, ask, entriesOf, facts } = await newDesk()
    const script = "<script>alert(1)</script><img src=x onerror=alert(2)> ${7*7} ' or 1=1 --"
    const ticket = await raise({ subject: script, description: script, requester: dana.id })
    expect(ticket.subject).toBe(script)
    const renamed = await ask('PUT', `/tickets/${ticket.id}`, { body: facts(ticket, { subject: `${script}!` }) })
    expect((await bodyOf<Shown>(renamed)).subject).toBe(`${script}!`)
    for (const where of ['answers', 'notes']) expect((await say(ticket, { text: script }, where)).status).toBe(201)
    const texts = (await entriesOf(ticket)).flatMap(({ text }) => (text === '' ? [] : [text]))
    expect(texts).toEqual([script, script, script])
    const rosa = await newStaff(msp, 'admin')
    const reply = await ask('POST', '/canned-replies', {
      as: rosa,
      body: { title: script, text: '<b>{requester}</b>' },
    })
    expect(await bodyOf(reply)).toMatchObject({ title: script, text: '<b>{requester}</b>' })
    for (const where of ['answers', 'notes'])
      expect((await say(ticket, { text: 'x'.repeat(1024 * 1024) }, where)).status).toBe(413)
  })

  it('says something or brings a file', async () => {
    const { raise, say } = await newDesk()
    const ticket = await raise()
    expect((await say(ticket, { text: ' ' })).status).toBe(422)
    expect((await say(ticket, { text: ' ' }, 'notes')).status).toBe(422)
  })

  it('is refused in a closed ticket, which a note is not', async () => {
    const { raise, say, ask } = await newDesk()
    const ticket = await raise()
    expect((await ask('PUT', `/tickets/${ticket.id}/closure`)).status).toBe(200)
    expect((await say(ticket, { text: 'One more thing.' })).status).toBe(409)
    expect((await say(ticket, { text: 'For us.' }, 'notes')).status).toBe(201)
  })

  it('is taken with those that others write in the same moment', async () => {
    const { raise, say, entriesOf } = await newDesk()
    const ticket = await raise()
    const answers = await Promise.all(Array.from({ length: 8 }, (_, place) => say(ticket, { text: `Answer ${place}` })))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201))
    const entries = await entriesOf(ticket)
    expect(entries.filter(({ kind }) => kind === 'comment')).toHaveLength(9)
    expect(entries.filter(({ kind }) => kind === 'event')).toHaveLength(1)
  })
})

describe('A conversation', () => {
  it('costs staff what is shown of it, however many other tickets their MSP has', async () => {
    const { msp, raise, ask } = await newDesk()
    const ticket = await raise()
    const cost = () => rowsReadBy(msp.shard, () => ask('GET', `/tickets/${ticket.id}/entries`))
    const before = await cost()
    const elsewhere = await newCustomer(msp)
    for (let count = 0; count < 20; count += 1) await raise({}, elsewhere)
    expect(await cost()).toBe(before)
  })
})

describe('What becomes of a ticket', () => {
  it('is said by nouns, each of them twice without another entry', async () => {
    const { raise, ask, entriesOf } = await newDesk()
    const ticket = await raise()
    for (const [method, noun, state] of [
      ['PUT', 'progress', 'in_progress'],
      ['PUT', 'waiting', 'waiting_on_customer'],
      ['PUT', 'resolution', 'resolved'],
      ['PUT', 'closure', 'closed'],
      ['DELETE', 'closure', 'in_progress'],
    ] as const)
      for (const again of [false, true]) {
        const answer = await ask(method, `/tickets/${ticket.id}/${noun}`)
        expect(await bodyOf<Shown>(answer), `${noun} ${again}`).toMatchObject({ state })
      }
    expect((await entriesOf(ticket)).flatMap(({ event }) => (event === null ? [] : [event['to']]))).toEqual([
      'in_progress',
      'waiting_on_customer',
      'resolved',
      'closed',
      'in_progress',
    ])
    await ask('PUT', `/tickets/${ticket.id}/closure`)
    expect((await ask('PUT', `/tickets/${ticket.id}/waiting`)).status).toBe(409)
  })

  it('is told in its history when its facts are replaced, and not when nothing is new', async () => {
    const { marcus, dana, tom, raise, ask, entriesOf, facts, list, portal, msp } = await newDesk()
    const ticket = await raise({ requester: dana.id, watchers: [tom.id] })
    const body = facts(ticket, {
      subject: 'The scanner scans nothing',
      priority: 'urgent',
      category: 'other',
      assignee: marcus.id,
      requester: tom.id,
    })
    const put = () => ask('PUT', `/tickets/${ticket.id}`, { body })
    const changed = await bodyOf<Shown>(await put())
    expect(changed).toMatchObject({
      version: 2,
      priority: { priority: 'urgent' },
      requester: { id: tom.id },
      watchers: [],
    })
    expect(await bodyOf<Shown>(await put())).toEqual(changed)
    expect((await entriesOf(ticket)).flatMap(({ event }) => (event === null ? [] : [event.type])).toSorted()).toEqual(
      ['subject', 'category', 'priority', 'assignee', 'requester'].toSorted(),
    )
    expect((await list('view=all&q=scanner')).items).toHaveLength(1)
    expect((await list('view=all&q=printer')).items).toHaveLength(0)
    const people = await msp.scope.forCustomer(portal.customerId).list(ticketPeople)
    expect(people.map(({ id, role }) => [id, role])).toEqual([[tom.id, 'requester']])
    const stale = await ask('PUT', `/tickets/${ticket.id}`, { body, headers: { 'if-match': '"v1"' } })
    expect(stale.status).toBe(412)
  })

  it('lets colleagues watch it, and see it in their portal meanwhile', async () => {
    const desk = await newDesk()
    const { msp, dana, tom, raise, ask, read } = desk
    const ticket = await raise({ requester: dana.id })
    const seen = async () => (await inPortal(desk, tom, 'GET', `/tickets/${ticket.id}`)).status
    expect(await seen()).toBe(404)
    for (const _ of [1, 2]) expect((await ask('PUT', `/tickets/${ticket.id}/watchers/${tom.id}`)).status).toBe(204)
    expect(await seen()).toBe(200)
    expect((await read(ticket)).watchers).toEqual([{ id: tom.id, name: tom.name }])
    for (const status of [204, 404])
      expect((await ask('DELETE', `/tickets/${ticket.id}/watchers/${tom.id}`)).status).toBe(status)
    expect(await seen()).toBe(404)
    expect((await ask('DELETE', `/tickets/${ticket.id}/watchers/${dana.id}`)).status).toBe(409)
    const stranger = await newContact(await newPortal(await newCustomer(msp, 'Contoso')))
    expect((await ask('PUT', `/tickets/${ticket.id}/watchers/${stranger.id}`)).status).toBe(404)
  })

  it('is watched by each of many who are added at once, by twenty at most, and says which of the two it was', async () => {
    const { dana, portal, raise, ask, read } = await newDesk()
    const ticket = await raise({ requester: dana.id })
    const crowd = await Promise.all(Array.from({ length: 21 }, () => newContact(portal)))
    const few = await Promise.all(crowd.slice(0, 4).map(({ id }) => ask('PUT', `/tickets/${ticket.id}/watchers/${id}`)))
    expect(few.map(({ status }) => status)).toEqual([204, 204, 204, 204])
    for (const { id } of crowd.slice(4, 20)) await ask('PUT', `/tickets/${ticket.id}/watchers/${id}`)
    const full = await ask('PUT', `/tickets/${ticket.id}/watchers/${crowd[20]?.id}`)
    expect([full.status, (await bodyOf<{ detail: string }>(full)).detail]).toEqual([
      409,
      'At most 20 people can watch a ticket.',
    ])
    const stale = { headers: { 'if-match': '"v1"' } }
    expect((await ask('PUT', `/tickets/${ticket.id}/watchers/${crowd[20]?.id}`, stale)).status).toBe(412)
    expect((await read(ticket)).watchers).toHaveLength(20)
  })

  it('is watched no longer once, by whoever takes somebody away twice at once', async () => {
    const { dana, tom, raise, ask, entriesOf } = await newDesk()
    const ticket = await raise({ requester: dana.id, watchers: [tom.id] })
    const gone = await Promise.all([1, 2, 3].map(() => ask('DELETE', `/tickets/${ticket.id}/watchers/${tom.id}`)))
    expect(gone.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 404, 404])
    expect((await entriesOf(ticket)).filter(({ event }) => event?.type === 'watcher_removed')).toHaveLength(1)
  })

  it('leads to a page of the web elsewhere and to nothing else, whoever writes that down', async () => {
    const { msp, raise, customer, read } = await newDesk()
    const ticket = await raise()
    const scope = msp.scope.forCustomer(customer.customerId)
    const lead = (outsideUrl: string | SQL) =>
      scope.commit(
        { action: 'stage.outside', subject: { kind: 'ticket', id: ticket.id, name: '' } },
        scope.changeAll(tickets, eq(tickets.id, ticket.id), { outsideSystem: 'halo', outsideId: '7', outsideUrl }),
      )
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'https://', 'ftp://files.example'])
      await expect(lead(bad), bad).rejects.toThrow('no address of a web page')
    await lead('https://halo.example/tickets/7')
    expect(await read(ticket)).toMatchObject({ outside: { system: 'halo', url: 'https://halo.example/tickets/7' } })
    // As if it had been written by something that does not ask.
    await lead(sql`'javascript:alert(1)'`)
    expect(await read(ticket)).toMatchObject({ outside: { system: 'halo', id: '7', url: null } })
  })
})

describe('Two tickets about the same', () => {
  it('become one: the other is closed, its people come along, and both tell it', async () => {
    const desk = await newDesk()
    const { dana, tom, raise, ask, read, entriesOf, say } = desk
    const into = await raise({ subject: 'Printing', requester: dana.id })
    const twice = await raise({ subject: 'Printing, too', requester: tom.id })
    const merge = () => ask('PUT', `/tickets/${twice.id}/merger`, { body: { into: into.id } })
    for (const _ of [1, 2])
      expect(await bodyOf<Shown>(await merge())).toMatchObject({
        state: 'closed',
        mergedInto: { id: into.id, number: into.number },
      })
    expect((await read(into)).watchers).toEqual([{ id: tom.id, name: tom.name }])
    expect((await inPortal(desk, tom, 'GET', `/tickets/${into.id}`)).status).toBe(200)
    const told = async (ticket: Shown) =>
      (await entriesOf(ticket)).flatMap(({ event }) => (event === null ? [] : [event]))
    expect(await told(into)).toEqual([{ type: 'merged_from', number: twice.number, subject: 'Printing, too' }])
    expect((await told(twice)).map(({ type }) => type)).toEqual(['merged_into', 'state'])
    expect((await ask('DELETE', `/tickets/${twice.id}/closure`)).status).toBe(409)
    expect((await say(twice, { text: 'Hello?' })).status).toBe(409)
    const back = await ask('PUT', `/tickets/${into.id}/merger`, { body: { into: twice.id } })
    expect(back.status).toBe(409)
  })

  it('have no more watchers than a ticket may: whoever merges them is told to take some away, and nobody is left out', async () => {
    const desk = await newDesk()
    const { dana, tom, portal, raise, ask, read } = desk
    const crowd = await Promise.all(Array.from({ length: 22 }, () => newContact(portal)))
    const ids = crowd.map(({ id }) => id)
    const into = await raise({ requester: dana.id, watchers: ids.slice(0, 18) })
    const twice = await raise({ requester: tom.id, watchers: ids.slice(16, 19) })
    const merge = () => ask('PUT', `/tickets/${twice.id}/merger`, { body: { into: into.id } })
    expect((await merge()).status, 'twenty of them').toBe(200)
    expect((await read(into)).watchers).toHaveLength(20)
    const third = await raise({ requester: ids[20], watchers: [ids[0], dana.id, ids[21]] })
    const refused = await ask('PUT', `/tickets/${third.id}/merger`, { body: { into: into.id } })
    expect(refused.status).toBe(409)
    expect((await bodyOf<{ detail: string }>(refused)).detail).toContain(
      `Then 22 people would follow #${into.number}, where at most 20 can. Take 2 of those`,
    )
    expect(await read(third)).toMatchObject({ state: 'new', mergedInto: null })
    for (const id of [ids[21], ids[1]])
      await ask('DELETE', `/tickets/${id === ids[1] ? into.id : third.id}/watchers/${id}`)
    expect((await ask('PUT', `/tickets/${third.id}/merger`, { body: { into: into.id } })).status).toBe(200)
    expect((await read(into)).watchers.map(({ id }) => id)).toContain(ids[20])
  })

  it('become one also when somebody writes into them, or follows one, in the same moment', async () => {
    const desk = await newDesk()
    const { dana, tom, raise, ask, read, say } = desk
    const into = await raise({ requester: dana.id })
    const twice = await raise({ requester: tom.id })
    const [merged, ...others] = await Promise.all([
      ask('PUT', `/tickets/${twice.id}/merger`, { body: { into: into.id } }),
      say(into, { text: 'We look at it.' }),
      ask('PUT', `/tickets/${into.id}/watchers/${tom.id}`),
      say(into, { text: 'Still.' }),
    ])
    expect([merged.status, ...others.map(({ status }) => status)]).toEqual([200, 201, 204, 201])
    expect((await read(into)).watchers).toEqual([{ id: tom.id, name: tom.name }])
  })

  it('stay two where one is of another customer, itself, ended, or not there', async () => {
    const { msp, raise, ask } = await newDesk()
    const ticket = await raise()
    const foreign = await raise({}, await newCustomer(msp, 'Contoso'))
    const ended = await raise()
    await ask('PUT', `/tickets/${ended.id}/resolution`)
    const statuses = []
    for (const into of [foreign.id, ticket.id, 'made-up', ended.id])
      statuses.push((await ask('PUT', `/tickets/${ticket.id}/merger`, { body: { into } })).status)
    expect(statuses).toEqual([422, 422, 422, 409])
  })
})

describe('Time', () => {
  it('closes a resolved ticket once its customer can open it again no longer, and says so', async () => {
    const { msp, raise, ask } = await newDesk()
    const ticket = await raise()
    const other = await raise({ subject: 'Later' })
    await ask('PUT', `/tickets/${ticket.id}/resolution`)
    await ask('PUT', `/tickets/${other.id}/resolution`)
    const rowOf = ({ id }: { id: string }) => msp.scope.find(tickets, id, 'ticket')
    await sweep(environment)
    const before = await rowOf(ticket)
    expect(before.state).toBe('resolved')
    const later = now() + 14 * DAY + 1_000
    moveClock(() => later)
    await sweep(environment)
    expect(await rowOf(ticket)).toMatchObject({ state: 'closed', changedAt: before.changedAt, endedAt: before.endedAt })
    const entries = await msp.scope.list(ticketEntries, { where: eq(ticketEntries.ticketId, ticket.id) })
    expect(entries.toSorted((one, other) => one.createdAt - other.createdAt).at(-1)).toMatchObject({
      authorKind: 'system',
      source: 'system',
      event: { type: 'state', from: 'resolved', to: 'closed' },
    })
  })

  it('forgets a file that was never sent, and none that was', async () => {
    const desk = await newDesk()
    const { msp, raise, say } = desk
    const ticket = await raise()
    const [sent, unsent] = [await upload(desk), await upload(desk)]
    await say(ticket, { text: '', files: [sent] })
    const later = now() + 8 * DAY
    moveClock(() => later)
    await sweep(environment)
    const rows = await msp.scope.list(ticketFiles)
    expect(rows.map(({ id }) => id)).toEqual([sent])
    expect(await environment.files.get(`${msp.mspId}/tickets/${unsent}`)).toBeNull()
    expect(await environment.files.get(`${msp.mspId}/tickets/${sent}`)).not.toBeNull()
  })
})

describe('Whoever goes', () => {
  it('leaves their open tickets to whoever takes them, when they are of the staff', async () => {
    const { msp, marcus, raise, ask } = await newDesk()
    const open = await raise({ assignee: marcus.id })
    const ended = await raise({ assignee: marcus.id })
    await ask('PUT', `/tickets/${ended.id}/closure`)
    const rosa = await newStaff(msp, 'admin')
    expect((await ask('PUT', `/staff/${marcus.id}/block`, { as: rosa })).status).toBe(204)
    const seen = await bodyOf<Page<Shown>>(await ask('GET', '/tickets?view=unassigned', { as: rosa }))
    expect(seen.items.map(({ id }) => id)).toEqual([open.id])
    const kept = await msp.scope.first(tickets, eq(tickets.id, ended.id))
    expect(kept?.assignee).toBe(marcus.id)
    const entries = await msp.scope.list(ticketEntries, { where: eq(ticketEntries.ticketId, open.id) })
    expect(entries.map(({ event }) => event)).toContainEqual({ type: 'assignee', from: marcus.name, to: null })
  })

  it('is named nowhere any more, when they are a contact, and what they wrote stays', async () => {
    const desk = await newDesk()
    const { msp, customer, tom, dana, raise, ask, entriesOf } = desk
    const ticket = await raise({ requester: dana.id, watchers: [tom.id] })
    await ask('DELETE', `/tickets/${ticket.id}/watchers/${tom.id}`)
    await ask('PUT', `/tickets/${ticket.id}/watchers/${tom.id}`)
    const answer = await inPortal(desk, tom, 'POST', `/tickets/${ticket.id}/comments`, { text: 'Still white.' })
    expect(answer.status).toBe(201)
    const news = async () => JSON.stringify(await msp.scope.list(ticketNews, { where: eq(ticketNews.id, dana.id) }))
    expect(await news()).toContain(tom.name)
    expect((await ask('DELETE', `/customers/${customer.customerId}/contacts/${tom.id}`)).status).toBe(204)
    const everything = JSON.stringify([
      await entriesOf(ticket),
      await bodyOf(await ask('GET', `/tickets/${ticket.id}`)),
      await msp.scope.list(ticketPeople),
      await news(),
    ])
    expect(everything).not.toContain(tom.name)
    expect(everything).toContain('Still white.')
    expect(everything).toContain('Removed person')
    expect(everything).toContain(dana.name)
  })

  it('is named nowhere either when no ticket is of them any more, whatever they were called meanwhile', async () => {
    const { msp, customer, portal, dana, tom, raise, ask, entriesOf, facts } = await newDesk()
    const once = await raise({ requester: dana.id, watchers: [tom.id] })
    await ask('DELETE', `/tickets/${once.id}/watchers/${tom.id}`)
    const earlier = await raise({ requester: tom.id })
    await ask('PUT', `/tickets/${earlier.id}`, { body: facts(earlier, { requester: dana.id }) })
    const scope = msp.scope.forCustomer(portal.customerId)
    const row = await scope.find(contacts, tom.id, 'person')
    await scope.commit(
      { action: 'stage.name', subject: { kind: 'contact', id: tom.id, name: '' } },
      scope.change(contacts, row, { name: 'Thomas' }),
    )
    await ask('PUT', `/tickets/${once.id}/watchers/${tom.id}`)
    await ask('DELETE', `/tickets/${once.id}/watchers/${tom.id}`)
    const told = async () => JSON.stringify([await entriesOf(once), await entriesOf(earlier)])
    for (const name of [tom.name, 'Thomas']) expect(await told()).toContain(name)
    const before = await scope.list(activities)
    expect(JSON.stringify(before.filter(({ action }) => action.startsWith('ticket.watcher')))).not.toContain('Thomas')
    expect((await ask('DELETE', `/customers/${customer.customerId}/contacts/${tom.id}`)).status).toBe(204)
    for (const name of [tom.name, 'Thomas']) expect(await told()).not.toContain(name)
    expect(await told()).toContain('Removed person')
    expect(await told()).toContain(dana.name)
  })

  it('takes its tickets along, when it is a customer', async () => {
    const desk = await newDesk()
    const { msp, customer, raise, say, ask } = desk
    const ticket = await raise()
    await say(ticket, { text: '', files: [await upload(desk)] })
    await upload(desk)
    const owner = await newStaff(msp, 'owner')
    expect((await ask('DELETE', `/customers/${customer.customerId}`, { as: owner })).status).toBe(204)
    for (const table of [tickets, ticketEntries, ticketFiles, ticketPeople])
      expect(await msp.scope.list(table)).toEqual([])
  })
})

describe('A program', () => {
  it('writes tickets with its key, which is told as the way it came', async () => {
    const { msp, customer, input, entriesOf } = await newDesk()
    const key = await newKey(msp, await newStaff(msp, 'owner'), ['tickets:read', 'tickets:write'])
    const answer = await call(ADMIN, 'POST', `${API}/customers/${customer.customerId}/tickets`, {
      bearer: key.bearer,
      body: input,
    })
    expect(answer.status, await answer.clone().text()).toBe(201)
    const made = await bodyOf<Shown & { source: string }>(answer)
    expect(made.source).toBe('api')
    expect((await entriesOf(made))[0]?.author).toMatchObject({ kind: 'program', name: key.name })
  })
})

describe('The settings of tickets', () => {
  type Settings = {
    categories: { id: string; name: string; isRetired: boolean }[]
    priorities: {
      priority: string
      name: string
      customerName: string
      firstAnswerHours: number | null
      resolutionHours: number | null
    }[]
    reopenDays: number
    version: number
  }
  const newSettings = async () => {
    const desk = await newDesk()
    const rosa = await newStaff(desk.msp, 'admin')
    const read = async () => bodyOf<Settings>(await desk.ask('GET', '/settings/tickets'))
    const save = ({ version: _, ...body }: Settings, headers = {}) =>
      desk.ask('PUT', '/settings/tickets', { as: rosa, body, headers })
    return { ...desk, rosa, readSettings: read, save }
  }

  it('are the usual ones at first, and what the MSP says from then on', async () => {
    const { readSettings, save, raise, ask, list } = await newSettings()
    const usual = await readSettings()
    expect(usual).toMatchObject({ version: 0, reopenDays: 14 })
    const ticket = await raise({ category: 'network' })
    const wanted = {
      ...usual,
      categories: usual.categories.filter(({ id }) => id !== 'network' && id !== 'email'),
      priorities: usual.priorities.map((one) => ({ ...one, name: `P ${one.priority}`, firstAnswerHours: null })),
      reopenDays: 0,
    }
    const saved = await bodyOf<Settings>(await save(wanted, { 'if-match': '"v0"' }))
    expect(saved.version).toBe(1)
    expect(saved.categories.find(({ id }) => id === 'network')).toMatchObject({ isRetired: true })
    expect(saved.categories.some(({ id }) => id === 'email')).toBe(false)
    expect(await readSettings()).toEqual(saved)
    expect((await save(wanted, { 'if-match': '"v0"' })).status).toBe(412)
    expect(await bodyOf<Settings>(await save(wanted))).toMatchObject({ version: 1 })
    const shown = (await list('view=all')).items[0]
    expect(shown).toMatchObject({ category: { name: 'Internet, Wi-Fi and printing' }, priority: { name: 'P normal' } })
    const options = await bodyOf<{ categories: { id: string }[] }>(await ask('GET', '/ticket-options'))
    expect(options.categories.map(({ id }) => id)).not.toContain('network')
    await ask('PUT', `/tickets/${ticket.id}/resolution`)
    const next = await raise({ category: 'other' })
    expect(next.due).toMatchObject({ what: 'resolution' })
  })

  it.each([
    [
      'two categories of one name',
      (usual: Settings) => ({
        ...usual,
        categories: [...usual.categories, { name: 'E-MAIL and calendar', isRetired: false }],
      }),
      '/categories/6/name',
    ],
    ['no category', (usual: Settings) => ({ ...usual, categories: [] }), '/categories'],
    [
      'a priority twice',
      (usual: Settings) => ({ ...usual, priorities: usual.priorities.map((one) => ({ ...one, priority: 'low' })) }),
      '/priorities',
    ],
    ['more than 90 days', (usual: Settings) => ({ ...usual, reopenDays: 91 }), '/reopenDays'],
    [
      'a target of no hours',
      (usual: Settings) => ({ ...usual, priorities: usual.priorities.map((one) => ({ ...one, resolutionHours: 0 })) }),
      '/priorities/0/resolutionHours',
    ],
  ])('refuse %s, where it stands', async (_, change, pointer) => {
    const { readSettings, save } = await newSettings()
    const answer = await save(change(await readSettings()) as Settings)
    expect(answer.status).toBe(422)
    const { errors } = await bodyOf<{ errors: { pointer: string }[] }>(answer)
    expect(errors.map((error) => error.pointer)).toContain(pointer)
  })
})

describe('A canned reply', () => {
  it('is filled in for a ticket, and refuses what nothing fills in', async () => {
    const { ask, raise, dana, marcus } = await newDesk()
    const add = (text: string) => ask('POST', '/canned-replies', { body: { title: 'Done', text } })
    const refused = await add('Hello {surname}')
    expect(refused.status).toBe(422)
    expect((await bodyOf<{ errors: { pointer: string }[] }>(refused)).errors[0]?.pointer).toBe('/text')
    const made = await bodyOf<{ id: string; version: number }>(
      await add('Hello {requester}, {number} of {customer} is done. {me}'),
    )
    const ticket = await raise({ requester: dana.id })
    const filled = await bodyOf<{ items: { text: string }[] }>(await ask('GET', `/tickets/${ticket.id}/canned-replies`))
    expect(filled.items.map(({ text }) => text)).toEqual([
      `Hello ${dana.name}, #${ticket.number} of Fabrikam Dental is done. ${marcus.name}`,
    ])
    const put = (headers = {}) =>
      ask('PUT', `/canned-replies/${made.id}`, { body: { title: 'Done', text: 'Bye' }, headers })
    expect((await put({ 'if-match': '"v1"' })).status).toBe(200)
    expect((await put({ 'if-match': '"v1"' })).status).toBe(412)
    expect(await bodyOf(await put())).toMatchObject({ version: 2 })
    expect((await ask('DELETE', `/canned-replies/${made.id}`)).status).toBe(204)
    expect((await ask('GET', `/canned-replies/${made.id}`)).status).toBe(404)
  })
})
