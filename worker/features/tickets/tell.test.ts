import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contacts, jobs, msps, portals, staff, ticketNews, tickets } from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import { refuseUnsafe } from '../../connectors/mail/message.ts'
import { moveClock, now } from '../../clock.ts'
import { consume } from '../../work.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { ADMIN, call, environment, newContact, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedContact, StagedMsp } from '../../test/stage.ts'
import { standingClock } from '../../test/tenants.ts'
import { usualSettings } from './settings.ts'
import { doing, happening } from './conversation.ts'
import type { Author } from './conversation.ts'
import { readReplyAddress, replyAddress } from './reply-address.ts'
import { entryMail, mailEntry, rootMessageId } from './tell.job.ts'
import { writtenTicket, sayIn } from '../../test/tickets.ts'

holdQueue()
beforeEach(() => void standingClock())
afterEach(() => moveClock(undefined))

const setContact = async (msp: StagedMsp, id: string, set: Partial<typeof contacts.$inferInsert>) => {
  const row = await msp.scope.find(contacts, id, 'person')
  await msp.scope.commit(
    { action: 'stage.contact', subject: { kind: 'contact', id, name: row.name } },
    msp.scope.change(contacts, row, set),
  )
}
const setStaff = async (msp: StagedMsp, id: string, set: Partial<typeof staff.$inferInsert>) => {
  const row = await msp.scope.find(staff, id, 'person')
  await msp.scope.commit(
    { action: 'stage.staff', subject: { kind: 'staff', id, name: row.name } },
    msp.scope.change(staff, row, set),
  )
}
const setHouse = async (msp: StagedMsp, set: Partial<typeof msps.$inferInsert>) =>
  msp.scope.commit(
    { action: 'stage.msp', subject: { kind: 'organisation', id: msp.mspId, name: msp.name } },
    msp.scope.changeAll(msps, undefined, set),
  )

const newDesk = async () => {
  const msp = await newMsp()
  await setHouse(msp, { helpEmail: 'help@northwind.example' })
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const requester = await newContact(portal)
  const watcher = await newContact(portal)
  const admin = await newContact(portal, ['portal_admin'])
  const assignee = await newStaff(msp)
  const colleague = await newStaff(msp)
  /** What the jobs that wait now would mail, after those that find out to whom. */
  const mails = async (): Promise<MailMessage[]> => {
    const waiting = await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.tell') })
    for (const { id } of waiting) {
      await consume(environment, { shard: msp.shard, mspId: msp.mspId, jobId: id }, () => undefined)
      expect(await msp.scope.find(jobs, id, 'job')).toMatchObject({ state: 'done', trouble: null })
    }
    const sent: MailMessage[] = []
    for (const job of await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.mail') })) {
      const mail = await entryMail(environment, msp.scope, mailEntry.payload.parse(job.payload))
      if (mail !== undefined) sent.push(mail.message)
    }
    await msp.scope.record(msp.scope.removeWhere(jobs, undefined))
    for (const message of sent) refuseUnsafe(message)
    return sent
  }
  const to = async () => (await mails()).map((mail) => mail.to.address).toSorted()
  return { msp, portal, requester, watcher, admin, assignee, colleague, mails, to }
}

const as = (kind: Author['kind'], { id, name }: { id: string; name: string }): Author => ({ kind, id, name })
const sorted = (...people: { email: string }[]) => people.map(({ email }) => email).toSorted()

describe('A new ticket', () => {
  it('is mailed to its requester, who is told that it arrived, its watchers and, unassigned, the address for help', async () => {
    const { portal, requester, watcher, mails } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, watchers: [watcher], author: as('contact', requester) })
    const sent = await mails()
    expect(sent.map(({ to }) => to.address).toSorted()).toEqual(
      [requester.email, watcher.email, 'help@northwind.example'].toSorted(),
    )
    const own = sent.find(({ to }) => to.address === requester.email)
    expect(own?.subject).toBe(`[#${ticket.number}] The printer takes no paper`)
    expect(own?.text).toContain('Your ticket has arrived')
    expect(own?.text).toContain(`https://${portal.host}/tickets/${ticket.id}`)
    expect(sent.find(({ to }) => to.address === watcher.email)?.text).toContain(`${requester.name} wrote a ticket`)
    const desk = sent.find(({ to }) => to.address === 'help@northwind.example')
    expect(desk?.text).toContain(`https://${environment.ADMIN_HOST}/tickets/${ticket.id}`)
    expect(desk).not.toHaveProperty('replyTo')
  })

  it('goes to who looks after it in place of the address for help, and to owners where there is none', async () => {
    const { msp, portal, requester, assignee, to } = await newDesk()
    await writtenTicket(portal, { requester, assignee, author: as('contact', requester) })
    expect(await to()).toEqual(sorted(requester, assignee))
    await setHouse(msp, { helpEmail: null })
    const owner = await newStaff(msp, 'owner')
    await writtenTicket(portal, { requester, author: as('contact', requester) })
    expect(await to()).toEqual(sorted(requester, owner))
  })

  it('that staff write down for somebody is mailed to that person, and to no desk', async () => {
    const { portal, requester, assignee, to } = await newDesk()
    await writtenTicket(portal, { requester, author: as('staff', assignee) })
    expect(await to()).toEqual(sorted(requester))
  })
})

describe('A mail of what is said', () => {
  it('goes to everybody the ticket is of but to whoever said it, by what they chose', async () => {
    const desk = await newDesk()
    const { msp, portal, requester, watcher, admin, assignee, colleague } = desk
    await setContact(msp, admin.id, { ticketMails: 'all' })
    await setStaff(msp, colleague.id, { ticketMails: 'all' })
    const ticket = await writtenTicket(portal, {
      requester,
      watchers: [watcher],
      assignee,
      author: as('contact', requester),
    })
    await desk.mails()
    await sayIn(portal, ticket.id, { author: as('staff', assignee) })
    expect(await desk.to()).toEqual(sorted(requester, watcher, admin, colleague))
    await setContact(msp, watcher.id, { ticketMails: 'none' })
    await setStaff(msp, colleague.id, { ticketMails: 'mine' })
    await setContact(msp, admin.id, { ticketMails: 'mine' })
    await sayIn(portal, ticket.id, { author: as('contact', requester) })
    expect(await desk.to()).toEqual(sorted(assignee))
  })

  it.each<[string, Partial<typeof contacts.$inferInsert>]>([
    ['who is kept out', { access: 'disabled' }],
    ['who has not confirmed', { access: 'invited' }],
    ['who was removed', { removedAt: 1 }],
    ['who has no address', { email: null }],
    ['who has no role any more', { isPortalUser: false }],
  ])('never goes to somebody %s', async (_, set) => {
    const { msp, portal, requester, assignee, to } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, assignee, author: as('staff', assignee) })
    await to()
    await setContact(msp, requester.id, set)
    await sayIn(portal, ticket.id, { author: as('staff', assignee) })
    expect(await to()).toEqual([])
  })

  it('never goes to staff who are disabled, or into a portal that is closed', async () => {
    const { msp, portal, requester, assignee, colleague, to } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, assignee, author: as('staff', colleague) })
    await to()
    await setStaff(msp, assignee.id, { disabled: true })
    const customer = msp.scope.forCustomer(portal.customerId)
    await customer.commit(
      { action: 'stage.portal', subject: { kind: 'portal', id: portal.customerId, name: portal.host } },
      customer.changeAll(portals, undefined, { state: 'disabled' }),
    )
    await sayIn(portal, ticket.id, { author: as('staff', colleague) })
    expect(await to()).toEqual([])
  })

  it('of a note goes to staff alone, whatever customers chose', async () => {
    const { msp, portal, requester, watcher, admin, assignee, colleague, mails } = await newDesk()
    await setContact(msp, admin.id, { ticketMails: 'all' })
    const ticket = await writtenTicket(portal, {
      requester,
      watchers: [watcher],
      assignee,
      author: as('staff', colleague),
    })
    await mails()
    await sayIn(portal, ticket.id, { kind: 'note', body: 'They never paid.', author: as('staff', colleague) })
    const sent = await mails()
    expect(sent.map(({ to }) => to.address)).toEqual([assignee.email])
    expect(sent[0]?.text).toContain('The customer does not see this note.')
    // An answer would be read by the customer, with the note quoted below it.
    expect(sent[0]).not.toHaveProperty('replyTo')
    expect(sent[0]?.text).toContain('Answer a note in the ticket')
    expect(sent[0]?.text).not.toContain('Answer this mail')
  })

  it('stands in one thread, is answered into the ticket, and tells machines not to answer', async () => {
    const { msp, portal, requester, assignee, mails } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, assignee, author: as('contact', requester) })
    const root = rootMessageId(environment, ticket.id)
    const first = await mails()
    expect(first.map(({ messageId }) => messageId)).toEqual([root, root])
    await sayIn(portal, ticket.id, { author: as('staff', assignee) })
    const [answer] = await mails()
    expect(answer?.headers).toEqual({
      'In-Reply-To': root,
      References: root,
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    })
    expect(answer?.messageId).toMatch(/^<[0-9a-z]{36}\.[0-9a-z]{36}@replies\.portal\.test>$/)
    for (const mail of [...first, answer]) {
      const reader = [requester, assignee].find(({ email }) => email === mail?.to.address)
      expect(mail?.replyTo).toBe(await replyAddress(environment, msp.mspId, ticket.id, reader?.id ?? ''))
    }
    expect(new Set(first.map(({ replyTo }) => replyTo)).size, 'each has an address of their own').toBe(2)
  })

  it('carries an address that leads to its ticket, also when the key was another when that was written', async () => {
    const { msp, portal, requester, assignee, mails } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, assignee, author: as('contact', requester) })
    await msp.scope.record(msp.scope.changeAll(tickets, eq(tickets.id, ticket.id), { replyHash: 'by another key' }))
    const [mail] = await mails()
    const address = await readReplyAddress(environment, mail?.replyTo ?? '')
    expect((await msp.scope.find(tickets, ticket.id, 'ticket')).replyHash).toBe(address?.replyHashes[0])
  })

  it('leaves once to each, whatever is tried again', async () => {
    const { msp, portal, requester, watcher, assignee } = await newDesk()
    await writtenTicket(portal, { requester, watchers: [watcher], assignee, author: as('contact', requester) })
    const [tell] = await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.tell') })
    const hint = { shard: msp.shard, mspId: msp.mspId, jobId: tell?.id ?? '' }
    await consume(environment, hint, () => undefined)
    await msp.scope.record(
      msp.scope.changeAll(jobs, eq(jobs.id, hint.jobId), { state: 'waiting', dueAt: now(), finishedAt: null }),
    )
    await consume(environment, hint, () => undefined)
    expect(await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.mail') })).toHaveLength(3)
  })

  it('shows what was written as it was written, and runs nothing of it', async () => {
    const { portal, requester, assignee, mails } = await newDesk()
    const ticket = await writtenTicket(portal, {
      requester,
      assignee,
      author: as('contact', requester),
      subject: '<b>Printer</b> & “co”',
    })
    await mails()
    await sayIn(portal, ticket.id, { author: as('staff', assignee), body: '<script>alert(1)</script>\nSecond line' })
    const [mail] = await mails()
    expect(mail?.html).not.toContain('<script>')
    expect(mail?.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;<br>Second line')
    expect(mail?.subject).toBe(`[#${ticket.number}] <b>Printer</b> & “co”`)
  })
})

describe('Finding out whom to mail', () => {
  it('reads whom the ticket is of and who wants all, however many people the company and the MSP have', async () => {
    const { msp, portal, requester, watcher, admin, assignee, colleague, mails } = await newDesk()
    await setContact(msp, admin.id, { ticketMails: 'all' })
    await setStaff(msp, colleague.id, { ticketMails: 'all' })
    const ticket = await writtenTicket(portal, {
      requester,
      watchers: [watcher],
      assignee,
      author: as('contact', requester),
    })
    await mails()
    const cost = async () => {
      await sayIn(portal, ticket.id, { author: as('contact', requester) })
      const [tell] = await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.tell') })
      const hint = { shard: msp.shard, mspId: msp.mspId, jobId: tell?.id ?? '' }
      const rows = await rowsReadBy(msp.shard, () => consume(environment, hint, () => undefined))
      expect((await mails()).map(({ to }) => to.address).toSorted()).toEqual(
        sorted(watcher, admin, assignee, colleague),
      )
      return rows
    }
    const few = await cost()
    const many = Array.from({ length: 60 })
    await Promise.all([...many.map(() => newContact(portal)), ...many.map(() => newStaff(msp))])
    expect(await cost()).toBe(few)
  })
})

describe('A mail of what happened', () => {
  it('tells everybody where a ticket stands, once, and not beside what was said with it', async () => {
    const { msp, portal, requester, assignee, mails } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, assignee, author: as('contact', requester) })
    await mails()
    const after = await sayIn(portal, ticket.id, {
      author: as('staff', assignee),
      acts: [
        { by: 'staff', does: 'answer' },
        { by: 'staff', does: 'wait' },
      ],
    })
    expect((await mails()).map(({ text }) => text.split('\n')[0])).toEqual([`${assignee.name} wrote`])
    const customer = msp.scope.forCustomer(portal.customerId)
    const author = as('staff', assignee)
    const { events, writes } = doing(
      customer,
      msp.mspId,
      { row: after, settings: usualSettings, request: null },
      [{ by: 'staff', does: 'resolve' }],
      author,
      'admin',
      now(),
    )
    const [first, ...rest] = [...events, ...writes]
    if (first === undefined) throw new Error('Nothing to do.')
    await customer.commit(
      { action: 'ticket.resolved', subject: { kind: 'ticket', id: ticket.id, name: '' } },
      first,
      ...rest,
    )
    const sent = await mails()
    expect(sent.map(({ to, text }) => [to.address, text.split('\n')[0]])).toEqual([
      [requester.email, 'Your ticket is resolved'],
    ])
  })

  it('tells of a ticket that was merged that it goes on as another one', async () => {
    const { msp, portal, requester, assignee, mails } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, assignee, author: as('contact', requester) })
    const target = await writtenTicket(portal, { requester, assignee, author: as('contact', requester) })
    await mails()
    const customer = msp.scope.forCustomer(portal.customerId)
    const author = as('staff', assignee)
    const act = { by: 'staff' as const, does: 'close' as const }
    const atHand = { row: ticket, settings: usualSettings, request: null }
    const { events, writes } = doing(customer, msp.mspId, atHand, [act], author, 'admin', now())
    await customer.commit(
      { action: 'ticket.merged', subject: { kind: 'ticket', id: ticket.id, name: '' } },
      customer.changeWhere(tickets, ticket.id, undefined, { mergedInto: target.id }),
      ...writes,
      ...events,
    )
    expect((await mails()).map(({ to, text }) => [to.address, text.split('\n')[0]])).toEqual([
      [requester.email, 'Your ticket goes on as another one'],
    ])
  })

  it('tells whoever it was given to, and nobody else; what time does it tells nobody', async () => {
    const { msp, portal, requester, assignee, colleague, mails } = await newDesk()
    await setStaff(msp, colleague.id, { ticketMails: 'all' })
    const ticket = await writtenTicket(portal, { requester, assignee, author: as('contact', requester) })
    await mails()
    const customer = msp.scope.forCustomer(portal.customerId)
    const owner = await newStaff(msp, 'owner')
    await customer.record(
      happening(customer, msp.mspId, ticket.id, as('staff', owner), 'admin', now(), {
        type: 'assignee',
        from: null,
        to: assignee.name,
      }),
      happening(customer, msp.mspId, ticket.id, { kind: 'system', id: null, name: 'Time' }, 'admin', now() + 1, {
        type: 'state',
        from: 'resolved',
        to: 'closed',
      }),
    )
    const sent = await mails()
    expect(sent.map(({ to, text }) => [to.address, text.split('\n')[0]])).toEqual([
      [assignee.email, `${owner.name} gave you #${ticket.number}`],
    ])
  })

  it('tells whoever was added to a ticket, by what they chose, with a way there, and rings their bell alone', async () => {
    const { msp, portal, requester, watcher, admin, assignee, colleague, mails, to } = await newDesk()
    await setContact(msp, admin.id, { ticketMails: 'all' })
    await setStaff(msp, colleague.id, { ticketMails: 'all' })
    const ticket = await writtenTicket(portal, { requester, assignee, author: as('contact', requester) })
    await mails()
    await msp.scope.record(msp.scope.removeWhere(ticketNews, undefined))
    const byAdmin = (method: string, { id }: { id: string }) =>
      call(portal.host, method, `/api/portal/customers/${portal.customerId}/tickets/${ticket.id}/watchers/${id}`, {
        as: admin,
      })
    const news = async () => (await msp.scope.list(ticketNews)).map(({ id, unreadCount }) => [id, unreadCount])
    for (const _ of [1, 2]) expect((await byAdmin('PUT', watcher)).status).toBe(200)
    const sent = await mails()
    expect(sent.map((mail) => [mail.to.address, mail.text.split('\n')[0]])).toEqual([
      [watcher.email, `${admin.name} added you to a ticket`],
    ])
    expect(sent[0]?.text).toContain(`https://${portal.host}/tickets/${ticket.id}`)
    expect(sent[0]?.replyTo).toBe(await replyAddress(environment, msp.mspId, ticket.id, watcher.id))
    expect(await news()).toEqual([[watcher.id, 1]])
    await byAdmin('DELETE', watcher)
    expect([await to(), await news()]).toEqual([[], []])
    const byStaff = (id: string) =>
      call(ADMIN, 'PUT', `/api/msp-portal/tickets/${ticket.id}/watchers/${id}`, { as: colleague })
    await setContact(msp, watcher.id, { ticketMails: 'none' })
    expect((await byStaff(watcher.id)).status).toBe(204)
    expect([await to(), await news()]).toEqual([[], [[watcher.id, 1]]])
    const other = await newContact(portal)
    await byStaff(other.id)
    await byAdmin('DELETE', other)
    expect(await to(), 'who was taken away before the mail left').toEqual([])
    expect((await byAdmin('PUT', admin)).status).toBe(200)
    expect([await to(), (await news()).length], 'who adds themselves').toEqual([[], 1])
  })

  it('tells staff how a ticket was rated a while later, once, as it was rated last, however often that changes', async () => {
    const { msp, portal, requester, admin, assignee, mails } = await newDesk()
    const ticket = await writtenTicket(portal, { requester, assignee, author: as('contact', requester) })
    const path = `/api/portal/customers/${portal.customerId}/tickets/${ticket.id}`
    await call(portal.host, 'PUT', `${path}/closure`, { as: requester })
    await mails()
    const rate = (by: StagedContact, rating: string) =>
      call(portal.host, 'PUT', `${path}/rating`, { as: by, body: { rating } })
    for (let times = 0; times < 5; times += 1)
      for (const rating of ['satisfied', 'not_satisfied']) expect((await rate(requester, rating)).status).toBe(200)
    expect((await rate(admin, 'satisfied')).status).toBe(200)
    const [waiting, ...others] = await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.tell') })
    expect(others).toEqual([])
    expect(waiting?.dueAt).toBeGreaterThan(now() + 14 * 60_000)
    const later = waiting?.dueAt ?? 0
    moveClock(() => later)
    expect((await mails()).map((mail) => [mail.to.address, mail.text.split('\n')[0]])).toEqual([
      [assignee.email, `${admin.name} is satisfied with #${ticket.number}`],
    ])
    await rate(requester, 'not_satisfied')
    expect(await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.tell') })).toHaveLength(1)
  })
})
