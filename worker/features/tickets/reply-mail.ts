import { and, eq, gt, inArray, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import PostalMime, { addressParser } from 'postal-mime'
import type { Email } from 'postal-mime'
import { Refused } from '../../../db/connect.ts'
import {
  contacts,
  customers,
  jobs,
  portals,
  staff,
  ticketEntries,
  ticketPeople,
  tickets,
  ticketSettings,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment, Later } from '../../env.ts'
import { Problem, missing } from '../../http/problem.ts'
import { groundFor, nobody } from '../../http/session.ts'
import { fileName } from '../../http/text.ts'
import { mspPlaceOf } from '../../tenancy/directory.ts'
import { hashOf, timePartOf } from '../../tenancy/ids.ts'
import { staffMay } from '../../tenancy/permissions.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import type { CustomerState } from '../../tenancy/portal-life.ts'
import { forMsp } from '../../tenancy/scope.ts'
import type { Actor, MspScope } from '../../tenancy/scope.ts'
import { isAutomatic } from './automatic.ts'
import type { MailHead } from './automatic.ts'
import { BODY_CHARACTERS_MAX, FILE_NAME_CHARACTERS_MAX } from './conversation.schema.ts'
import { authorOf, refusalOf, saying, subjectOf, tryingAgain } from './conversation.ts'
import type { TicketRow } from './conversation.ts'
import { FILE_BYTES_MAX, FILE_COUNT_MAX, uploadFile } from './files.ts'
import { mayRead } from './readers.ts'
import { requestRead } from './request-of-ticket.ts'
import { isMadeFor, readReplyAddress } from './reply-address.ts'
import type { ReplyAddress } from './reply-address.ts'
import { splitQuoted, textOfHtml } from './quoted.ts'
import { settingsOf } from './settings.ts'
import { stateAfter } from './standing.ts'
import type { Act } from './standing.ts'
import { tooLateMail } from './too-late.job.ts'

/** As much of a mail that arrives as is needed here; Cloudflare hands over such a one. */
export type ArrivingMail = MailHead & {
  to: string
  raw: ReadableStream<Uint8Array>
  rawSize: number
  /** Has the server that brings the mail tell its sender, in the same conversation: nothing is ever mailed for it. */
  setReject: (reason: string) => void
}

const MAIL_BYTES_MAX = 25 * 1024 * 1024
/** What is quoted of earlier mails is kept so far. */
const QUOTED_CHARACTERS_MAX = 50_000
/** So many answers of one person to one ticket are taken within an hour. */
const ANSWERS_PER_HOUR_MAX = 30
const HOUR_MS = 3_600_000
/** A ticket that was merged goes on in another one, which may have been merged itself. */
const MERGE_COUNT_MAX = 5

/** What a sender is told; one text for all that is nobody's business, so that none of it tells what there is. */
const refusals = {
  unknown:
    'This address takes answers to mails about tickets, from those whom such a mail was sent to. Please answer from that address, or sign in to write.',
  tooLarge: 'This mail is larger than 25 MB. Please send it without its largest files, or add them after signing in.',
  unreadable: 'This mail could not be read. Please send it again as plain text, or sign in to write.',
  empty: 'There was nothing in this mail. Please write your answer above the quoted text.',
  tooMany: 'Many answers came from you within an hour. Please sign in to write, or send it later.',
} as const

/**
 * Takes a mail that arrives at a reply address into its ticket. Whoever may write there is who the mail says it is from, if the
 * address was made for them and they are one of the ticket's people, a portal admin, or the MSP's staff, whose words reach
 * customers: theirs are to be proven, too. Machines' mails are dropped without a word. Throws only where trying again may help: then the server that brings the mail keeps it.
 */
export const takeMail = async (environment: Environment, mail: ArrivingMail, later: Later): Promise<void> => {
  if (isAutomatic(mail)) return
  const refused = await taken(environment, mail, later).catch((error: unknown) => {
    // What the verbs refuse is told in their words; anything else is our fault, and worth another try.
    if (error instanceof Problem && error.code !== 'stale') return error.message
    throw error
  })
  if (refused !== undefined) mail.setReject(refused)
}

/** Why a mail is not taken; undefined when it is, or was already. */
const taken = async (environment: Environment, mail: ArrivingMail, later: Later): Promise<string | undefined> => {
  if (mail.rawSize > MAIL_BYTES_MAX) return refusals.tooLarge
  const address = await readReplyAddress(environment, mail.to)
  const from = senderOf(mail.headers.get('from'))
  const place = address === undefined ? undefined : await mspPlaceOf(environment, address.mspId)
  if (address === undefined || from === undefined || place === undefined) return refusals.unknown
  const setting = { environment, requestId: crypto.randomUUID(), later }
  const scopeAs = (actor: Actor): MspScope => forMsp(groundFor(setting, place.shard, actor), place.mspId)
  const door = scopeAs(nobody)

  const found = await findTicket(door, address.replyHashes, from)
  if (found === undefined) return refusals.unknown
  const sender = await senderIn(environment, address, found)
  if (sender === undefined) return refusals.unknown
  const mailHash = await hashOf(`${found.answered}\n${messageIdOf(mail)}`)
  const isKnown = await door.first(ticketEntries, eq(ticketEntries.mailHash, mailHash))
  if (isKnown !== undefined) return undefined
  if (await wroteMuch(door, found.row.id, sender.actor.id)) return refusals.tooMany

  const parsed = await parsedMail(mail)
  if (parsed === undefined) return refusals.unreadable
  const proof = proofOf(parsed, from)
  const needsProof = sender.actor.kind === 'staff' || !address.isOfOneReader
  if (proof === 'refuted' || (needsProof && proof !== 'proven')) return refusals.unknown
  const written = writtenIn(parsed)
  if (written.text === '' && written.files.length === 0) return refusals.empty

  const customer = scopeAs(sender.actor).forCustomer(found.row.customerId)
  const next = stateAfter(found.row, sender.act, now())
  if ('refused' in next) {
    // Before its files are kept, which would wait to be sent for a week.
    if (sender.actor.kind === 'staff') return refusalOf(next.refused).message
    await tellTooLate(scopeAs(sender.actor), found.row, sender.actor.id)
    return undefined
  }
  const fileIds: string[] = []
  for (const [place_, file] of written.files.entries()) {
    const body = { byteCount: file.bytes.byteLength, bytes: streamOf(file.bytes) }
    fileIds.push((await uploadFile(environment, customer, `mail ${mailHash} ${place_}`, file.name, body)).id)
  }
  try {
    await tryingAgain(undefined, async () => {
      const [[row], [request = null]] = await customer.readAll([
        customer
          .select()
          .from(tickets)
          .where(customer.mine(tickets, eq(tickets.id, found.row.id))),
        requestRead(customer, found.row.id),
      ])
      if (row === undefined) throw missing('ticket')
      const { writes, also } = saying(
        customer,
        row.mspId,
        { row, settings: settingsOf(found.settings), request },
        {
          kind: 'comment',
          author: authorOf(customer.actor),
          body: written.text,
          quoted: written.quoted,
          fileIds,
          source: 'mail',
          mailHash,
          acts: [sender.act],
        },
        now(),
      )
      const action = sender.actor.kind === 'staff' ? 'ticket.answered' : 'ticket.commented'
      await customer.commit({ action, subject: subjectOf(row), also }, ...writes)
    })
  } catch (error) {
    // The same mail, brought twice at once.
    if (error instanceof Refused && error.columns.includes('ticket_entries.mail_hash')) return undefined
    throw error
  }
  return undefined
}

/** Whom a mail says it is from: one address, or nobody. */
const senderOf = (header: string | null): string | undefined => {
  const [one, ...others] = addressParser(header ?? '', { flatten: true })
  const address = one?.address?.trim().toLowerCase() ?? ''
  return others.length > 0 || !/^[^\s@]+@[^\s@]+$/.test(address) ? undefined : address
}

const messageIdOf = ({ from, headers, rawSize }: ArrivingMail): string =>
  headers.get('message-id')?.trim() || [from, headers.get('date'), headers.get('subject'), rawSize].join('\n')

/** With the id of the ticket that was answered, which may go on as another one. */
type Found = NonNullable<Awaited<ReturnType<typeof readTicket>>> & { answered: string }
type Sender = { actor: Actor; act: Act }

/** The ticket an address leads to, or the one that goes on in its place. */
const findTicket = async (msp: MspScope, replyHashes: string[], from: string): Promise<Found | undefined> => {
  let found = await readTicket(msp, inArray(tickets.replyHash, replyHashes), from)
  const answered = found?.row.id
  for (let count = 0; found?.row.mergedInto != null && count < MERGE_COUNT_MAX; count += 1)
    found = await readTicket(msp, eq(tickets.id, found.row.mergedInto), from)
  return found === undefined || answered === undefined ? undefined : { ...found, answered }
}

/** A ticket with who of its customer, and of the staff, has an address. One round trip. */
const readTicket = async (msp: MspScope, isIt: SQL, from: string) => {
  const [[row], [contact], [colleague], [place], [settings]] = await msp.readAll([
    msp.select().from(tickets).where(msp.mine(tickets, isIt)),
    msp
      .select({
        id: contacts.id,
        name: contacts.name,
        email: contacts.email,
        access: contacts.access,
        removedAt: contacts.removedAt,
        isPortalUser: contacts.isPortalUser,
        isPortalAdmin: contacts.isPortalAdmin,
        role: ticketPeople.role,
      })
      .from(tickets)
      .innerJoin(
        contacts,
        and(eq(contacts.mspId, tickets.mspId), eq(contacts.customerId, tickets.customerId), eq(contacts.email, from)),
      )
      .leftJoin(
        ticketPeople,
        and(
          eq(ticketPeople.mspId, tickets.mspId),
          eq(ticketPeople.ticketId, tickets.id),
          eq(ticketPeople.id, contacts.id),
        ),
      )
      .where(msp.mine(tickets, isIt)),
    msp
      .select()
      .from(staff)
      .where(msp.mine(staff, eq(staff.email, from))),
    msp
      .select({ customer: sql<CustomerState>`${customers.state}`.as('customer_state'), portal: portals.state })
      .from(tickets)
      .innerJoin(customers, and(eq(customers.mspId, tickets.mspId), eq(customers.id, tickets.customerId)))
      .leftJoin(portals, and(eq(portals.mspId, tickets.mspId), eq(portals.customerId, tickets.customerId)))
      .where(msp.mine(tickets, isIt)),
    msp.select().from(ticketSettings).where(msp.mine(ticketSettings)),
  ])
  if (row === undefined || place === undefined) return undefined
  return { row, contact, colleague, settings, isPortalOpen: isReachable(place.customer, place.portal ?? 'none') }
}

/** In whose name a mail is written down, and what it does; undefined for who may not write into this ticket, or not by this address. */
const senderIn = async (environment: Environment, address: ReplyAddress, found: Found): Promise<Sender | undefined> => {
  for (const sender of sendersIn(found))
    if (await isMadeFor(environment, address, found.answered, sender.actor.id)) return sender
  return undefined
}

/** Who has the address a mail says it is from, and may write into the ticket: one of the customer's, one of the staff, or both. */
const sendersIn = ({ contact, colleague, isPortalOpen }: Found): Sender[] => {
  const senders: Sender[] = []
  if (contact !== undefined && isPortalOpen && mayRead(contact) && (contact.role !== null || contact.isPortalAdmin))
    senders.push({
      actor: { kind: 'contact', id: contact.id, name: contact.name },
      act: { by: 'customer', does: 'comment' },
    })
  if (
    colleague !== undefined &&
    !colleague.disabled &&
    colleague.confirmedAt !== null &&
    staffMay[colleague.role].has('tickets.write')
  )
    senders.push({
      actor: { kind: 'staff', id: colleague.id, name: colleague.name },
      act: { by: 'staff', does: 'answer' },
    })
  return senders
}

const wroteMuch = async (msp: MspScope, ticketId: string, author: string): Promise<boolean> => {
  const rows = await msp
    .select({ id: ticketEntries.id, customerId: ticketEntries.customerId })
    .from(tickets)
    .innerJoin(
      ticketEntries,
      and(
        eq(ticketEntries.mspId, tickets.mspId),
        eq(ticketEntries.customerId, tickets.customerId),
        eq(ticketEntries.ticketId, tickets.id),
        gt(ticketEntries.id, timePartOf(now() - HOUR_MS)),
        eq(ticketEntries.source, 'mail'),
        eq(ticketEntries.author, author),
      ),
    )
    .where(msp.mine(tickets, eq(tickets.id, ticketId)))
    .limit(ANSWERS_PER_HOUR_MAX)
  return rows.length >= ANSWERS_PER_HOUR_MAX
}

/** Undefined for one that cannot be read, or was made to take long. */
const parsedMail = async ({ raw }: ArrivingMail): Promise<Email | undefined> => {
  const bytes = await new Response(raw).arrayBuffer()
  try {
    return await PostalMime.parse(bytes, {
      // A mail that was put into another is a file of it.
      forceRfc822Attachments: true,
      maxNestingDepth: 50,
      maxHeadersSize: 512 * 1024,
    })
  } catch {
    return undefined
  }
}

/** How Cloudflare's Email Routing names itself above what it found of a mail (RFC 8601, section 2.5). */
const OUR_SERVER = 'mx.cloudflare.net'

/**
 * What the server that took the mail found of whether its sender is who it says (RFC 8601): only its own word counts, which stands
 * above any that came with the mail. Where the sender's domain has no policy, what was signed or sent for that domain proves
 * it, and nothing else does.
 */
const proofOf = ({ headers }: Email, from: string): 'proven' | 'refuted' | 'unknown' => {
  const found = headers.find(({ key }) => key === 'authentication-results')
  const [server = '', ...results] = withoutExplanations(found?.value ?? '')
    .toLowerCase()
    .split(';')
  if (server.trim().split(/\s/)[0] !== OUR_SERVER) return 'unknown'
  const dmarc = results.flatMap((result) => /^\s*dmarc\s*=\s*(\w+)/.exec(result)?.[1] ?? [])[0]
  if (dmarc === 'pass') return 'proven'
  if (dmarc === 'fail') return 'refuted'
  const domain = domainOf(from)
  const isSentForIt = results.some((result) => {
    const [, proof] =
      /^\s*(?:dkim\s*=\s*pass\b.*\bheader\.d|spf\s*=\s*pass\b.*\bsmtp\.mailfrom)\s*=\s*([^\s;]+)/.exec(result) ?? []
    return proof !== undefined && areAligned(domainOf(proof), domain)
  })
  if (isSentForIt) return 'proven'
  return dmarc === 'none' ? 'refuted' : 'unknown'
}

/** Without what stands in quotes and in brackets, which whoever sent the mail may have chosen: the part of an address before the @, say. */
const withoutExplanations = (value: string): string => {
  let text = value.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
  for (let before = ''; before !== text;) {
    before = text
    text = text.replaceAll(/\([^()]*\)/g, ' ')
  }
  return text
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** The same domain, or one below the other (RFC 7489, section 3.1, without a list of public suffixes). */
const areAligned = (one: string, other: string): boolean =>
  one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`)

type Written = { text: string; quoted: string | null; files: { name: string; bytes: Uint8Array }[] }

/** What a mail says, what it quotes, and what is attached to it. */
const writtenIn = (mail: Email): Written => {
  const whole = readable(mail.text?.trim() ? mail.text : textOfHtml(mail.html ?? ''))
  const { text, quoted } = splitQuoted(whole)
  const attached = mail.attachments
    .map(({ filename, content }, place) => ({
      name: shownName(filename, `File ${place + 1}`),
      bytes: new Uint8Array(typeof content === 'string' ? new TextEncoder().encode(content) : content),
    }))
    .filter(({ bytes }) => bytes.byteLength > 0)
  const isLong = text.length > BODY_CHARACTERS_MAX
  const roomFor = isLong ? FILE_COUNT_MAX - 1 : FILE_COUNT_MAX
  const fitting = attached.filter(({ bytes }) => bytes.byteLength <= FILE_BYTES_MAX).slice(0, roomFor)
  const left = attached.filter((file) => !fitting.includes(file)).map(({ name }) => name)
  const notes = [
    ...(isLong ? ['The rest of this mail is in the file Mail.txt.'] : []),
    ...(left.length === 0
      ? []
      : [`Not kept, since at most ${FILE_COUNT_MAX} files go with an answer: ${left.join(', ')}.`.slice(0, 2_000)]),
  ]
  const note = notes.length === 0 ? '' : `\n\n[${notes.join(' ')}]`
  return {
    text: `${text.slice(0, isLong ? BODY_CHARACTERS_MAX - note.length : undefined)}${note}`.trim().toWellFormed(),
    quoted: quoted === null ? null : quoted.slice(0, QUOTED_CHARACTERS_MAX).toWellFormed(),
    files: [...(isLong ? [{ name: 'Mail.txt', bytes: new TextEncoder().encode(text) }] : []), ...fitting],
  }
}

/** Without what a form would not take: control characters, overrides of the writing direction, and halves of characters. */
const readable = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, '')
    .toWellFormed()

const AttachedName = fileName(FILE_NAME_CHARACTERS_MAX, 'Enter a name.')

const shownName = (given: string | null, usual: string): string => {
  const named = AttachedName.safeParse((given ?? '').toWellFormed().slice(0, FILE_NAME_CHARACTERS_MAX))
  return named.success ? named.data : usual
}

const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(bytes)
      controller.close()
    },
  })

const DAY_MS = 24 * HOUR_MS

/** Mails somebody that their answer came too late, once a day at most, whatever they send. */
const tellTooLate = async (msp: MspScope, row: TicketRow, contactId: string): Promise<void> => {
  const job = tooLateMail(row, contactId)
  const told = await msp
    .select({ id: jobs.id })
    .from(jobs)
    .where(msp.mine(jobs, and(eq(jobs.naturalKey, job.naturalKey), gt(jobs.id, timePartOf(now() - DAY_MS)))))
    .limit(1)
  if (told.length === 0) await msp.record(msp.later(job))
}
