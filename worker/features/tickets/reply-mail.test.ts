import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { asc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contacts, jobs, portals, staff, ticketEntries, ticketFiles, tickets } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import type { Bindings } from '../../env.ts'
import worker from '../../index.ts'
import { holdQueue } from '../../test/held-queue.ts'
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
  newTicket,
} from '../../test/stage.ts'
import { standingClock } from '../../test/tenants.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { replyAddress, replyHashOf } from './reply-address.ts'
import { sayIn } from '../../test/tickets.ts'
import { senderRowsOf } from '../mail/index.ts'
import { sendTooLate, tooLateMessage } from './too-late.job.ts'

holdQueue()
beforeEach(() => void standingClock())
afterEach(() => moveClock(undefined))

type Sent = {
  from: string
  to: string
  headers?: Record<string, string>
  body?: string
  /** The whole of it, in place of all others. */
  raw?: Uint8Array
  envelopeFrom?: string
  rawSize?: number
}

let count = 0

/** Brings a mail to the Worker as Email Routing does. Answers why it was refused; undefined when it was not. */
const bring = async ({
  from,
  to,
  headers = {},
  body = 'It works again.',
  raw,
  ...more
}: Sent): Promise<string | undefined> => {
  const head: Record<string, string> = {
    From: from,
    To: to,
    Subject: 'Re: [#1001] The printer prints nothing',
    Date: 'Mon, 30 Nov 2026 15:15:00 +0000',
    'Message-ID': `<${(count += 1)}@customer.example>`,
    ...headers,
  }
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`)
  const bytes = raw ?? new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n${body.replaceAll('\n', '\r\n')}`)
  let refused: string | undefined
  const message = {
    from: more.envelopeFrom ?? from,
    to,
    headers: new Headers(head),
    raw: new Response(bytes).body,
    rawSize: more.rawSize ?? bytes.byteLength,
    setReject: (reason: string) => {
      refused = reason
    },
  }
  const context = createExecutionContext()
  // The Worker uses no more of such a mail than this.
  await worker.email(message as unknown as ForwardableEmailMessage, env as unknown as Bindings, context)
  await waitOnExecutionContext(context)
  return refused
}

/** 128 bits of a secret, as addresses of every reader have them: five bits to a character. */
const tokenOfAll = (secret: string): string => {
  const bytes = Array.from(atob(secret.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
  const bits = bytes
    .slice(0, 16)
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

const newDesk = async () => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp))
  const dana = await newContact(portal)
  const tom = await newContact(portal)
  const admin = await newContact(portal, ['portal_admin'])
  const marcus = await newStaff(msp)
  const ticket = await newTicket(dana)
  /** Where the ticket's mails to one of its readers are answered. */
  const toOf = (reader: { id: string }) => replyAddress(environment, msp.mspId, ticket.id, reader.id)
  const to = await toOf(dana)
  const customer = msp.scope.forCustomer(portal.customerId)
  const entries = (ticketId = ticket.id) =>
    customer.list(ticketEntries, { where: eq(ticketEntries.ticketId, ticketId), orderBy: [asc(ticketEntries.id)] })
  /** What came by mail. */
  const taken = async (ticketId = ticket.id) =>
    (await entries(ticketId))
      .filter(({ source, kind }) => source === 'mail' && kind === 'comment')
      .map(({ authorName, body, quoted, isInternal }) => ({ authorName, body, quoted, isInternal }))
  const files = async () => customer.list(ticketFiles, { where: eq(ticketFiles.ticketId, ticket.id) })
  const stand = () => customer.find(tickets, ticket.id, 'ticket')
  const set = async (table: typeof tickets, values: Partial<typeof tickets.$inferInsert>) =>
    customer.commit(
      { action: 'stage.ticket', subject: { kind: 'ticket', id: ticket.id, name: '' } },
      customer.changeAll(table, eq(table.id, ticket.id), values),
    )
  return { msp, portal, dana, tom, admin, marcus, ticket, to, toOf, customer, entries, taken, files, stand, set }
}

/** What our server writes above a mail whose sender is who it says. */
const proven = (email: string) => ({
  'Authentication-Results': `mx.cloudflare.net; dmarc=pass header.from=${email.split('@')[1]}`,
})

const refusal = /answers to mails about tickets/

describe('An answer by mail', () => {
  it('is written into its ticket in its sender’s name, with what it quotes folded away', async () => {
    const { dana, to, taken, ticket, portal } = await newDesk()
    const body = 'It works again, thank you!\n\nDana\n\nOn Mon, Nov 30, 2026 at 3:15 PM Northwind wrote:\n> Restart it.'
    expect(await bring({ from: `Dana <${dana.email.toUpperCase()}>`, to, body })).toBeUndefined()
    expect(await taken()).toEqual([
      {
        authorName: dana.name,
        body: 'It works again, thank you!\n\nDana',
        quoted: 'On Mon, Nov 30, 2026 at 3:15 PM Northwind wrote:\n> Restart it.',
        isInternal: false,
      },
    ])
    const path = `/api/portal/customers/${portal.customerId}/tickets/${ticket.id}/entries`
    const { items } = await bodyOf<{ items: { text: string; source: string }[] }>(
      await call(portal.host, 'GET', path, { as: dana }),
    )
    expect(items[0]).toMatchObject({ text: 'It works again, thank you!\n\nDana', source: 'mail' })
  })

  it('rings the bell of staff and mails them', async () => {
    const { msp, dana, to, marcus, set } = await newDesk()
    await set(tickets, { assignee: marcus.id, assigneeName: marcus.name })
    await bring({ from: dana.email, to })
    expect(await bodyOf(await call(ADMIN, 'GET', '/api/msp-portal/bell', { as: marcus }))).toMatchObject({
      unreadCount: 1,
    })
    expect((await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.tell') })).length).toBe(2)
  })

  it('of a portal admin and of staff is taken, too: the latter as an answer everybody reads', async () => {
    const { dana, admin, marcus, to, toOf, taken, stand } = await newDesk()
    await bring({ from: admin.email, to: await toOf(admin), body: 'I see it as well.' })
    await bring({
      from: marcus.email,
      to: await toOf(marcus),
      headers: proven(marcus.email),
      body: 'Please restart it.',
    })
    await bring({ from: dana.email, to, body: 'Done.' })
    expect((await taken()).map(({ body, isInternal }) => [body, isInternal])).toEqual([
      ['I see it as well.', false],
      ['Please restart it.', false],
      ['Done.', false],
    ])
    expect((await stand()).firstAnsweredAt).not.toBeNull()
  })

  it('of staff shows customers what they wrote, and never what their mail program quoted, such as a note', async () => {
    const { portal, dana, marcus, toOf, ticket, taken } = await newDesk()
    const to = await toOf(marcus)
    const body = 'Please restart it.\n\nOn Mon, Nov 30, 2026 at 3:15 PM Northwind wrote:\n> They never paid.'
    expect(await bring({ from: marcus.email, to, headers: proven(marcus.email), body })).toBeUndefined()
    expect((await taken())[0]?.quoted).toContain('They never paid.')
    const path = `/tickets/${ticket.id}/entries`
    const theirs = await call(portal.host, 'GET', `/api/portal/customers/${portal.customerId}${path}`, { as: dana })
    const { items } = await bodyOf<{ items: { text: string; quoted: string | null }[] }>(theirs)
    expect(items).toContainEqual(expect.objectContaining({ text: 'Please restart it.', quoted: null }))
    expect(await (await call(ADMIN, 'GET', `/api/msp-portal${path}`, { as: marcus })).text()).toContain('never paid')
  })

  it('goes on with what waited on the customer, and opens again what was resolved a short while ago', async () => {
    const { portal, dana, marcus, to, ticket, stand } = await newDesk()
    const author = { kind: 'staff' as const, id: marcus.id, name: marcus.name }
    await sayIn(portal, ticket.id, { author, acts: [{ by: 'staff', does: 'wait' }] })
    await bring({ from: dana.email, to })
    expect((await stand()).state).toBe('in_progress')
    await sayIn(portal, ticket.id, { author, acts: [{ by: 'staff', does: 'resolve' }] })
    await bring({ from: dana.email, to })
    expect((await stand()).state).toBe('in_progress')
  })

  it('is taken once, however often and at once it is brought', async () => {
    const { dana, to, taken } = await newDesk()
    const headers = { 'Message-ID': '<same@customer.example>' }
    const answers = await Promise.all(Array.from({ length: 5 }, () => bring({ from: dana.email, to, headers })))
    await bring({ from: dana.email, to, headers })
    expect(answers).toEqual(Array.from({ length: 5 }, () => undefined))
    expect(await taken()).toHaveLength(1)
  })

  it('to a ticket that was merged goes into the one that goes on in its place', async () => {
    const { dana, to, taken, set } = await newDesk()
    const target = await newTicket(dana)
    await set(tickets, { mergedInto: target.id, state: 'closed', endedAt: now() })
    expect(await bring({ from: dana.email, to })).toBeUndefined()
    expect(await taken()).toEqual([])
    expect(await taken(target.id)).toHaveLength(1)
  })

  it('keeps its files, by their bytes and with names that lead nowhere', async () => {
    const { dana, to, files } = await newDesk()
    const part = (name: string, type: string, text: string) =>
      `--x\nContent-Type: ${type}\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\n${btoa(text)}\n`
    const body = `--x\nContent-Type: text/plain; charset=utf-8\n\nSee these.\n${part('../../etc/passwd', 'image/png', '<script>alert(1)</script>')}${part('Scan.pdf', 'application/pdf', '%PDF-1.7 scan')}--x--\n`
    await bring({ from: dana.email, to, headers: { 'Content-Type': 'multipart/mixed; boundary=x' }, body })
    const kept = (await files()).toSorted((one, other) => one.name.localeCompare(other.name))
    expect(kept.map(({ name, mediaType, entry }) => [name, mediaType, entry !== null])).toEqual([
      ['../../etc/passwd', 'application/octet-stream', true],
      ['Scan.pdf', 'application/pdf', true],
    ])
    const stored = await environment.files.get(kept[1]?.objectKey ?? '')
    expect(await stored?.text()).toBe('%PDF-1.7 scan')
  })

  it('keeps ten files and names the others, and of a long text all of it', async () => {
    const { dana, to, files, taken } = await newDesk()
    const part = (place: number) =>
      `--x\nContent-Type: text/csv\nContent-Disposition: attachment; filename="${place}.csv"\n\na,b,${place}\n`
    const text = `${'A long story. '.repeat(2_000)}The end.`
    const body = `--x\nContent-Type: text/plain\n\n${text}\n${Array.from({ length: 12 }, (_, place) => part(place)).join('')}--x--\n`
    await bring({ from: dana.email, to, headers: { 'Content-Type': 'multipart/mixed; boundary=x' }, body })
    const kept = await files()
    expect(kept).toHaveLength(10)
    const whole = kept.find(({ name }) => name === 'Mail.txt')
    expect(await (await environment.files.get(whole?.objectKey ?? ''))?.text()).toBe(text)
    const [said] = await taken()
    expect(said?.body.length).toBeLessThanOrEqual(20_000)
    expect(said?.body).toContain('Mail.txt')
    expect(said?.body).toContain('9.csv, 10.csv, 11.csv')
  })

  it('is kept without what turns the direction of what stands after it', async () => {
    const { dana, to, taken } = await newDesk()
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' }
    await bring({ from: dana.email, to, headers, body: 'Pay \u202e0001\u202c to \u2066us\u2069.\u0007' })
    expect((await taken())[0]?.body).toBe('Pay 0001 to us.')
  })

  it('that is HTML alone is read as text', async () => {
    const { dana, to, taken } = await newDesk()
    const body = '<p>It <b>works</b> &amp; prints.</p><script>alert(1)</script>'
    await bring({ from: dana.email, to, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body })
    expect((await taken())[0]?.body).toBe('It works & prints.')
  })
})

describe('A mail that is not taken', () => {
  it.each<[string, (desk: Awaited<ReturnType<typeof newDesk>>) => Promise<Sent> | Sent]>([
    ['of somebody nobody knows', ({ to }) => ({ from: 'eve@elsewhere.example', to })],
    ['of a colleague whose ticket it is not', async ({ toOf, tom }) => ({ from: tom.email, to: await toOf(tom) })],
    [
      'of a viewer, who may not write',
      async ({ toOf, msp }) => {
        const viewer = await newStaff(msp, 'viewer')
        return { from: viewer.email, to: await toOf(viewer), headers: proven(viewer.email) }
      },
    ],
    [
      'of another MSP’s staff',
      async ({ toOf }) => {
        const owner = await newStaff(await newMsp(), 'owner')
        return { from: owner.email, to: await toOf(owner), headers: proven(owner.email) }
      },
    ],
    [
      'of another customer’s admin',
      async ({ toOf, msp }) => {
        const stranger = await newContact(await newPortal(await newCustomer(msp)), ['portal_admin'])
        return { from: stranger.email, to: await toOf(stranger), headers: proven(stranger.email) }
      },
    ],
    [
      'of a portal admin to an address that was made for a colleague, proven as it is',
      ({ to, admin }) => ({ from: admin.email, to, headers: proven(admin.email) }),
    ],
    [
      'of staff to an address that was made for a customer, proven as it is',
      ({ to, marcus }) => ({ from: marcus.email, to, headers: proven(marcus.email) }),
    ],
    [
      'that says it is of the requester, from whoever has the address of another reader',
      async ({ toOf, dana, admin }) => ({ from: dana.email, to: await toOf(admin) }),
    ],
    [
      'of staff whom nothing proves, to an address of their own',
      async ({ toOf, marcus }) => ({ from: marcus.email, to: await toOf(marcus) }),
    ],
    [
      'of staff whom our server could not look at yet',
      async ({ toOf, marcus }) => ({
        from: marcus.email,
        to: await toOf(marcus),
        headers: { 'Authentication-Results': 'mx.cloudflare.net; dkim=temperror; dmarc=temperror' },
      }),
    ],
    [
      'of staff that brings its own proof along',
      async ({ toOf, marcus }) => ({
        from: marcus.email,
        to: await toOf(marcus),
        headers: { 'Authentication-Results': 'mx.evil.example; dmarc=pass' },
      }),
    ],
    [
      'of staff that hides a proof in what our server tells of its envelope',
      async ({ toOf, marcus }) => ({
        from: marcus.email,
        to: await toOf(marcus),
        headers: {
          'Authentication-Results': `mx.cloudflare.net; spf=pass (domain of "x); dmarc=pass; dkim=pass header.d=${marcus.email.split('@')[1]} ("@evil.example (it (dmarc=pass; dmarc=pass) is)) smtp.mailfrom=evil.example`,
        },
      }),
    ],
    [
      'to a token that is nobody’s',
      ({ to, dana }) => ({ from: dana.email, to: `${to.slice(0, 36)}-${'0'.repeat(26)}@${to.split('@')[1]}` }),
    ],
    [
      'with its token below another MSP',
      async ({ to, dana }) => ({ from: dana.email, to: `${(await newMsp()).mspId}${to.slice(36)}` }),
    ],
    [
      'below an MSP that is not there',
      ({ to, dana }) => ({ from: dana.email, to: `${'0'.repeat(36)}${to.slice(36)}` }),
    ],
    ['to an address that is no reply address', ({ dana }) => ({ from: dana.email, to: 'help@replies.portal.test' })],
    [
      'with two senders',
      ({ to, dana }) => ({ from: `${dana.email}, eve@elsewhere.example`, envelopeFrom: dana.email, to }),
    ],
    ['with no sender', ({ to, dana }) => ({ from: '', envelopeFrom: dana.email, to })],
    [
      'that our server found forged',
      ({ to, dana }) => ({
        from: dana.email,
        to,
        headers: {
          'Authentication-Results': 'mx.cloudflare.net; spf=pass; dmarc=fail (p=reject) header.from=customer.example',
        },
      }),
    ],
  ])('is refused to its sender with the same words: %s', async (_, sent) => {
    const desk = await newDesk()
    const before = (await desk.entries()).length
    expect(await bring(await sent(desk))).toMatch(refusal)
    expect(await desk.entries()).toHaveLength(before)
    expect(await desk.msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.mail') })).toEqual([])
  })

  it.each<[string, 'contact' | 'staff']>([
    ['of somebody who was kept out', 'contact'],
    ['of staff who were disabled', 'staff'],
  ])('is refused: %s', async (_, kind) => {
    const { msp, dana, marcus, to, toOf } = await newDesk()
    if (kind === 'contact') {
      const row = await msp.scope.find(contacts, dana.id, 'person')
      await msp.scope.commit(
        { action: 'stage.access', subject: { kind, id: row.id, name: row.name } },
        msp.scope.change(contacts, row, { access: 'disabled' }),
      )
      expect(await bring({ from: dana.email, to })).toMatch(refusal)
    } else {
      const row = await msp.scope.find(staff, marcus.id, 'person')
      await msp.scope.commit(
        { action: 'stage.access', subject: { kind, id: row.id, name: row.name } },
        msp.scope.change(staff, row, { disabled: true }),
      )
      const answer = { from: marcus.email, to: await toOf(marcus), headers: proven(marcus.email) }
      expect(await bring(answer)).toMatch(refusal)
    }
  })

  it('is refused while the portal is closed', async () => {
    const { customer, portal, dana, to } = await newDesk()
    await customer.commit(
      { action: 'stage.portal', subject: { kind: 'portal', id: portal.customerId, name: portal.host } },
      customer.changeAll(portals, undefined, { state: 'disabled' }),
    )
    expect(await bring({ from: dana.email, to })).toMatch(refusal)
  })

  it('is refused in words when it is larger than 25 MB, whatever it says', async () => {
    const { dana, to, taken } = await newDesk()
    expect(await bring({ from: dana.email, to, rawSize: 40 * 1024 * 1024 })).toMatch(/larger than 25 MB/)
    expect(await taken()).toEqual([])
  })

  it('is refused in words when staff answer what is closed, and none of its files is kept', async () => {
    const { marcus, toOf, set, customer } = await newDesk()
    const to = await toOf(marcus)
    await set(tickets, { state: 'closed', endedAt: now() })
    const body =
      '--x\nContent-Type: text/plain\n\nSee this.\n--x\nContent-Type: text/csv\nContent-Disposition: attachment; filename="a.csv"\n\na,b\n--x--\n'
    const headers = { 'Content-Type': 'multipart/mixed; boundary=x', ...proven(marcus.email) }
    expect(await bring({ from: marcus.email, to, headers, body })).toMatch(/ticket is closed/)
    expect(await customer.list(ticketFiles)).toEqual([])
  })

  it('is refused where our server found nothing that proves a sender whose domain says nothing itself', async () => {
    const { marcus, dana, toOf, taken } = await newDesk()
    const of = (email: string) => email.split('@')[1] ?? ''
    const results = (found: string) => ({ 'Authentication-Results': `mx.cloudflare.net; dmarc=none; ${found}` })
    for (const person of [marcus, dana])
      for (const found of [
        'dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=bounce@evil.example',
        `dkim=fail header.d=${of(person.email)}; spf=softfail smtp.mailfrom=${person.email}`,
        `dkim=pass header.d=not-${of(person.email)}`,
        `dkim=pass header.d=evil.example (header.d=${of(person.email)})`,
      ]) {
        const answer = { from: person.email, to: await toOf(person), headers: results(found) }
        expect(await bring(answer), found).toMatch(refusal)
      }
    expect(await taken()).toEqual([])
    for (const person of [marcus, dana])
      for (const found of [
        `dkim=pass (2048-bit key) header.d=mail.${of(person.email)} header.s=one`,
        `dkim=fail header.d=${of(person.email)}; spf=pass smtp.mailfrom=${person.email}`,
      ]) {
        const answer = { from: person.email, to: await toOf(person), headers: results(found) }
        expect(await bring(answer), found).toBeUndefined()
      }
    expect(await taken()).toHaveLength(4)
  })

  it('from before addresses were made for one reader each is taken only where its sender is proven', async () => {
    const { msp, dana, tom, ticket, set, taken } = await newDesk()
    const secret = await mailToken(environment, 'ticket_reply', msp.mspId, ticket.id)
    const token = tokenOfAll(secret)
    const to = `${msp.mspId}.${token}@${environment.REPLY_DOMAIN}`
    for (const replyHash of [await replyHashOf(environment, msp.mspId, ticket.id), await hashOf(token)]) {
      await set(tickets, { replyHash })
      expect(await bring({ from: dana.email, to })).toMatch(refusal)
      expect(await bring({ from: tom.email, to, headers: proven(tom.email) })).toMatch(refusal)
      expect(await bring({ from: dana.email, to, headers: proven(dana.email) })).toBeUndefined()
    }
    expect(await taken()).toHaveLength(2)
  })

  it('is refused in words when there is nothing in it', async () => {
    const { dana, to } = await newDesk()
    expect(await bring({ from: dana.email, to, body: ' \n ' })).toMatch(/nothing in this mail/)
  })

  it.each<[string, Record<string, string>, string?]>([
    ['somebody who is away', { 'Auto-Submitted': 'auto-replied' }],
    ['a mailing', { Precedence: 'bulk' }],
    ['a server whose mail did not arrive', { 'Content-Type': 'multipart/report' }, ''],
  ])('is dropped without a word when a machine sent it: %s', async (_, headers, envelopeFrom) => {
    const { msp, dana, to, entries } = await newDesk()
    const before = [(await entries()).length, (await msp.scope.list(jobs)).length]
    expect(
      await bring({ from: dana.email, to, headers, ...(envelopeFrom === undefined ? {} : { envelopeFrom }) }),
    ).toBeUndefined()
    expect([(await entries()).length, (await msp.scope.list(jobs)).length]).toEqual(before)
  })

  it('is refused after many within an hour, and taken again later', async () => {
    const { dana, to, taken } = await newDesk()
    for (let sent = 0; sent < 30; sent += 1) expect(await bring({ from: dana.email, to })).toBeUndefined()
    expect(await bring({ from: dana.email, to })).toMatch(/Many answers/)
    expect(await taken()).toHaveLength(30)
    const later = now() + 61 * 60_000
    moveClock(() => later)
    expect(await bring({ from: dana.email, to })).toBeUndefined()
  })

  it('is answered once a day in words when its ticket was closed too long ago', async () => {
    const { msp, portal, dana, to, taken, ticket, set } = await newDesk()
    await set(tickets, { state: 'closed', endedAt: now() - 9, reopenUntil: now() - 1 })
    expect(await bring({ from: dana.email, to })).toBeUndefined()
    expect(await bring({ from: dana.email, to })).toBeUndefined()
    expect(await taken()).toEqual([])
    const told = await msp.scope.list(jobs, { where: eq(jobs.kind, 'tickets.too_late') })
    expect(told).toHaveLength(1)
    const mail = await tooLateMessage(
      environment,
      msp.scope,
      sendTooLate.payload.parse(told[0]?.payload),
      told[0]?.id ?? '',
      await senderRowsOf(msp.scope),
    )
    expect(mail).toMatchObject({ to: { address: dana.email }, headers: { 'Auto-Submitted': 'auto-generated' } })
    expect(mail?.text).toContain('came too late')
    expect(mail?.text).toContain(`https://${portal.host}/tickets/new`)
    expect(mail?.replyTo ?? '').not.toContain('@replies.')
    expect(ticket.number).toBeGreaterThan(1000)
  })
})

describe('A mail in any shape', () => {
  it.each<[string, Partial<Sent>]>([
    [
      'parts that never end',
      {
        headers: { 'Content-Type': 'multipart/mixed; boundary=x' },
        body: '--x\nContent-Type: text/plain\n\nHello\n--y',
      },
    ],
    ['parts that are none', { headers: { 'Content-Type': 'multipart/mixed; boundary=x' }, body: 'Hello' }],
    ['an unknown encoding', { headers: { 'Content-Transfer-Encoding': 'rot13' }, body: 'Hello' }],
    ['an unknown set of letters', { headers: { 'Content-Type': 'text/plain; charset=klingon' }, body: 'Hello' }],
    ['half of a base64', { headers: { 'Content-Transfer-Encoding': 'base64' }, body: 'SGVsbG8gdGhlcmU' }],
    ['control characters', { body: 'Hello\u0000\u0007 there' }],
    [
      '200 recipients',
      { headers: { Cc: Array.from({ length: 200 }, (_, at) => `p${at}@elsewhere.example`).join(', ') }, body: 'Hello' },
    ],
  ])('is taken as far as it can be read: %s', async (_, more) => {
    const { msp, dana, to, taken } = await newDesk()
    expect(await bring({ from: dana.email, to, ...more })).toSatisfy(
      (refused) => refused === undefined || /could not be read|nothing in this mail/.test(String(refused)),
    )
    for (const { body } of await taken()) expect(body).toMatch(/^Hello/)
    const readers = (await msp.scope.list(jobs)).map(({ payload }) => JSON.stringify(payload)).join()
    expect(readers).not.toContain('elsewhere.example')
  })

  it('is refused when it is nested to take long', async () => {
    const { dana, to, taken } = await newDesk()
    const nested = Array.from(
      { length: 200 },
      (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n`,
    )
    const body = nested.join('\n')
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b0' }
    expect(await bring({ from: dana.email, to, headers, body })).toMatch(/could not be read/)
    expect(await taken()).toEqual([])
  })

  it('is taken with its own server’s finding alone: what came with it counts for nothing', async () => {
    const { dana, to, taken } = await newDesk()
    const results = 'mx.cloudflare.net; dmarc=pass\r\nAuthentication-Results: evil.example; dmarc=fail'
    expect(
      await bring({
        from: dana.email,
        to,
        headers: {
          'X-First': '1',
          'Content-Type': 'text/plain',
          'Authentication-Results': 'mx.cloudflare.net; dmarc=pass',
        },
      }),
    ).toBeUndefined()
    const raw = new TextEncoder().encode(
      `Authentication-Results: ${results}\r\nFrom: ${dana.email}\r\nTo: ${to}\r\nMessage-ID: <twice@customer.example>\r\n\r\nStill here.`,
    )
    expect(
      await bring({ from: dana.email, to, raw, headers: { 'Message-ID': '<twice@customer.example>' } }),
    ).toBeUndefined()
    expect(await taken()).toHaveLength(2)
  })
})
