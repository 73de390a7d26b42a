import { createHash, scrypt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { SQL } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { wordsIn, wordsOfContact, wordsOfCustomer, wordsOfTenant } from '../customer-words.ts'
import * as directory from '../directory/schema.ts'
import * as shard from '../shard/schema.ts'
import { idFor } from './ids.ts'
import { plantEntry, stateChanges } from './plant-activity.ts'
import { plantRequest, ticketOfRequest } from './plant-request.ts'
import type { CastRequest, RequestRules } from './plant-request.ts'

export type SeedDatabase = 'DIRECTORY' | 'SHARD_1' | 'SHARD_2'
/** Its values stand in its text, so that many go as one. */
export type SeedStatement = { database: SeedDatabase; sql: string }

type Cast = {
  hosts: { portalSuffix: string }
  msps: CastMsp[]
  microsoftTenants: { tenantId: string; name: string; domain: string }[]
}
export type CastMsp = {
  key: string
  name: string
  shard: string
  timeZone: string
  locale: string
  currency: string
  helpPhone: string
  helpEmail: string
  helpHours: string
  homepage: string
  primaryColour: string
  accentColour: string
  mailFromName: string
  /** What the MSP asks for a seat of a licence; where it is left out, no price is known. */
  listPrices?: { skuId: string; partNumber: string; monthMinor: number }[]
  staff: { name: string; email: string; role: (typeof shard.staffRoles)[number]; password: string }[]
  customers: CastCustomer[]
}
export type CastCustomer = {
  key: string
  name: string
  phone: string
  address: string
  notes: string
  tenants: string[]
  portal?: { prefix: string; displayName: string; homepage: string; primaryColour: string; accentColour: string }
  contacts: {
    name: string
    email: string
    jobTitle: string
    roles: string[]
    portalAdmin?: boolean
    password?: string
  }[]
  tickets?: CastTicket[]
  /** Whether its portal admins approve requests before the MSP does. */
  customerApproves?: boolean
  requests?: CastRequest[]
}
/** People by their addresses; `hoursAgo` counts from when the cast is planted. */
export type CastTicket = {
  subject: string
  category: string
  priority: (typeof shard.ticketPriorities)[number]
  requester: string
  watchers?: string[]
  assignee?: string
  hoursAgo: number
  text: string
  conversation: { by: string; hoursAgo: number; text: string; note?: true; next?: 'wait' | 'resolve' }[]
  /** What it was raised for, when that was approved. */
  request?: { id: string; subject: string; approvedBy: string }
}

type Standing = shard.TicketStanding
type Deed = { by: 'customer'; does: 'comment' } | { by: 'staff'; does: 'answer' | 'wait' | 'resolve' }

/** The Worker's own rules of tickets, so that those of the cast stand as if they had been written there. */
export type TicketRules = {
  beginning: (priority: Standing['priority'], at: number) => Standing
  after: (before: Standing, deed: Deed, at: number) => Standing
  replyHashOf: (mspId: string, ticketId: string) => Promise<string>
}

/**
 * The demo cast as statements, in the order they must run. Tenants are connected but were never read: their first sync
 * waits as a job, so everything the demo shows of Microsoft 365 comes over the wire.
 */
export const seedStatements = async ({
  now,
  portalSuffix,
  ticketRules,
  requestRules,
}: {
  now: Date
  portalSuffix?: string
  ticketRules: TicketRules
  requestRules: RequestRules
}): Promise<SeedStatement[]> => {
  const cast = JSON.parse(readFileSync(new URL('cast.json', import.meta.url), 'utf8')) as Cast
  if (portalSuffix !== undefined) cast.hosts.portalSuffix = portalSuffix
  const statements: SeedStatement[] = []
  const at = now.getTime()
  for (const msp of cast.msps) {
    const database = msp.shard.replace('shard-', 'SHARD_') as SeedDatabase
    const insert = inserter(statements, database)
    const register = inserter(statements, 'DIRECTORY')
    const mspId = idFor(`msp ${msp.key}`, at)
    register(directory.mspPlaces, { mspId, shard: msp.shard, createdAt: at })
    insert(shard.msps, {
      mspId,
      id: mspId,
      name: msp.name,
      timeZone: msp.timeZone,
      locale: msp.locale,
      currency: msp.currency,
      helpPhone: msp.helpPhone,
      helpEmail: msp.helpEmail,
      helpHours: msp.helpHours,
      homepage: msp.homepage,
      primaryColour: msp.primaryColour,
      accentColour: msp.accentColour,
      mailFromName: msp.mailFromName,
      createdAt: at,
    })
    for (const person of msp.staff) {
      register(directory.staffEmails, { email: person.email, mspId, shard: msp.shard, state: 'active' })
      insert(shard.staff, {
        mspId,
        id: idFor(`staff ${person.email}`, at),
        name: person.name,
        email: person.email,
        role: person.role,
        passwordHash: await hashOf(person.password, person.email),
        createdAt: at,
        confirmedAt: at,
      })
    }
    for (const { skuId, partNumber, monthMinor } of msp.listPrices ?? []) {
      const price = { priceMinor: monthMinor, pricePer: 'month', priceCurrency: msp.currency } as const
      insert(shard.skus, { mspId, id: skuId, skuPartNumber: partNumber, ...price })
    }
    for (const customer of msp.customers) await plantCustomer(cast, msp, mspId, customer, at, insert, register)
    const tickets = msp.customers.flatMap((customer) => {
      const requests = customer.requests ?? []
      // Before their tickets, which move them.
      for (const request of requests) plantRequest(msp, mspId, customer, request, at, insert, requestRules)
      const ofRequests = requests.flatMap((request) => ticketOfRequest(msp, customer, request, at, requestRules) ?? [])
      return [...(customer.tickets ?? []), ...ofRequests].map((ticket) => ({ customer, ticket }))
    })
    // Their numbers are given in the order in which they are planted: the oldest first.
    for (const { customer, ticket } of tickets.toSorted((one, other) => other.ticket.hoursAgo - one.ticket.hoursAgo))
      await plantTicket(msp, mspId, customer, ticket, at, insert, ticketRules)
  }
  return statements
}

export type Insert = <T extends SQLiteTable>(table: T, row: T['$inferInsert']) => void

const plantCustomer = async (
  cast: Cast,
  msp: CastMsp,
  mspId: string,
  customer: CastCustomer,
  at: number,
  insert: Insert,
  register: Insert,
) => {
  const customerId = idFor(`customer ${msp.key} ${customer.key}`, at)
  const host = customer.portal === undefined ? null : `${customer.portal.prefix}.${cast.hosts.portalSuffix}`
  const held = customer.tenants.map((tenantId) => {
    const tenant = cast.microsoftTenants.find((candidate) => candidate.tenantId === tenantId)
    if (tenant === undefined) throw new Error(`${customer.name} holds a tenant that is not in the cast.`)
    return tenant
  })
  insert(shard.customers, {
    mspId,
    id: customerId,
    name: customer.name,
    sortName: customer.name.toLowerCase(),
    email: customer.contacts[0]?.email ?? null,
    phone: customer.phone,
    address: customer.address,
    notes: customer.notes,
    primaryContactName: customer.contacts[0]?.name ?? null,
    contactCount: customer.contacts.length,
    tenantCount: held.length,
    portalState: host === null ? 'none' : 'enabled',
    portalHost: host,
    createdAt: at,
  })
  const findBy = (sourceId: string, words: string[]) => {
    for (const word of words) insert(shard.customerWords, { mspId, customerId, id: sourceId, word })
  }
  findBy(customerId, wordsOfCustomer({ name: customer.name, email: customer.contacts[0]?.email ?? null, psaId: null }))
  if (customer.portal !== undefined && host !== null) {
    register(directory.hostnames, {
      hostname: host,
      state: 'active',
      mspId,
      customerId,
      shard: msp.shard,
      changedAt: at,
    })
    insert(shard.portals, {
      mspId,
      customerId,
      id: idFor(`portal ${host}`, at),
      state: 'enabled',
      addressState: 'active',
      host,
      createdAt: at,
      ...customer.portal,
    })
  }
  for (const [position, person] of customer.contacts.entries()) {
    const hasAccess = person.password !== undefined
    const contactId = idFor(`contact ${person.email}`, at)
    findBy(contactId, wordsOfContact(person))
    insert(shard.contacts, {
      mspId,
      customerId,
      id: contactId,
      name: person.name,
      email: person.email,
      jobTitle: person.jobTitle,
      isPortalUser: person.roles.includes('portal_user'),
      isPortalAdmin: person.roles.includes('portal_admin'),
      isTheAdmin: person.portalAdmin === true,
      access: hasAccess ? 'active' : 'none',
      escalationPosition: position,
      passwordHash: person.password === undefined ? null : await hashOf(person.password, person.email),
      invitedAt: hasAccess ? at : null,
      confirmedAt: hasAccess ? at : null,
      createdAt: at,
    })
  }
  if (customer.customerApproves === true)
    insert(shard.selfServiceOverrides, { mspId, customerId, id: customerId, customerApproves: true })
  for (const tenant of held) {
    const tenantId = idFor(`tenant ${msp.key} ${tenant.tenantId}`, at)
    findBy(tenantId, wordsOfTenant(tenant))
    insert(shard.tenants, {
      mspId,
      customerId,
      id: tenantId,
      entraTenantId: tenant.tenantId,
      name: tenant.name,
      domain: tenant.domain,
      state: 'connected',
      connectedAt: at,
      connectedBy: 'Demo cast',
      nextSyncAt: at,
    })
    insert(shard.jobs, {
      mspId,
      customerId,
      id: idFor(`job ${tenantId}`, at),
      kind: 'tenant.sync',
      payload: { customerId, tenantId },
      naturalKey: `sync:${tenantId}`,
      subjectName: tenant.domain,
      state: 'waiting',
      dueAt: at,
      createdAt: at,
    })
  }
}

const HOUR_MS = 3_600_000

const plantTicket = async (
  msp: CastMsp,
  mspId: string,
  customer: CastCustomer,
  ticket: CastTicket,
  now: number,
  insert: Insert,
  rules: TicketRules,
) => {
  const customerId = idFor(`customer ${msp.key} ${customer.key}`, now)
  const at = now - ticket.hoursAgo * HOUR_MS
  const id = idFor(`ticket ${msp.key} ${ticket.subject}`, at)
  const personOf = (email: string) => {
    const contact = customer.contacts.find((one) => one.email === email)
    if (contact !== undefined)
      return { kind: 'contact' as const, id: idFor(`contact ${email}`, now), name: contact.name }
    const colleague = msp.staff.find((one) => one.email === email)
    if (colleague === undefined) throw new Error(`${email} of a ticket is not in the cast.`)
    return { kind: 'staff' as const, id: idFor(`staff ${email}`, now), name: colleague.name }
  }
  const requester = personOf(ticket.requester)
  const assignee = ticket.assignee === undefined ? null : personOf(ticket.assignee)
  let standing = rules.beginning(ticket.priority, at)
  let entryCount = 0
  const entries: Omit<typeof shard.ticketEntries.$inferInsert, 'mspId' | 'customerId' | 'ticketId' | 'id'>[] = []
  const say = (by: string, body: string, createdAt: number, isInternal: boolean) => {
    const { kind, id: author, name } = personOf(by)
    const source = kind === 'contact' ? ('portal' as const) : ('admin' as const)
    const told = { authorKind: kind, author, authorName: name, source }
    entries.push({ ...told, kind: isInternal ? 'note' : 'comment', isInternal, body, createdAt })
    return told
  }
  const did = (by: string, moment: number, action: string) =>
    plantEntry(insert, { mspId, customerId }, personOf(by), moment, action, {
      kind: 'ticket',
      id,
      name: ticket.subject,
    })
  const { request } = ticket
  say(ticket.requester, ticket.text, at, false)
  did(request?.approvedBy ?? ticket.requester, at + 1, 'ticket.raised')
  for (const { by, hoursAgo, text, note, next } of ticket.conversation) {
    const moment = now - hoursAgo * HOUR_MS
    const told = say(by, text, moment, note === true)
    if (note === true) {
      did(by, moment, 'ticket.noted')
      continue
    }
    did(by, moment, told.authorKind === 'contact' ? 'ticket.commented' : 'ticket.answered')
    const deeds: Deed[] =
      told.authorKind === 'contact'
        ? [{ by: 'customer', does: 'comment' }]
        : [{ by: 'staff', does: 'answer' }, ...(next === undefined ? [] : [{ by: 'staff' as const, does: next }])]
    const before = standing.state
    for (const deed of deeds) standing = rules.after(standing, deed, moment)
    // The database moves a request with its ticket's first change.
    if (standing.state !== before && before === 'new' && request !== undefined)
      plantEntry(
        insert,
        { mspId, customerId },
        personOf(by),
        moment + 1,
        'request.started',
        { kind: 'request', id: request.id, name: request.subject },
        stateChanges('approved', 'in_progress'),
      )
    if (standing.state !== before)
      entries.push({
        ...told,
        kind: 'event',
        isInternal: false,
        body: '',
        event: { type: 'state', from: before, to: standing.state },
        createdAt: moment + 1,
      })
  }
  insert(shard.tickets, {
    mspId,
    customerId,
    id,
    subject: ticket.subject,
    category: ticket.category,
    source: 'portal',
    requester: requester.id,
    requesterName: requester.name,
    raisedByKind: requester.kind,
    raisedBy: requester.id,
    raisedByName: requester.name,
    assignee: assignee?.id ?? null,
    assigneeName: assignee?.name ?? null,
    replyHash: await rules.replyHashOf(mspId, id),
    ...standing,
  })
  const { attention, endedAt } = standing
  const joins = (email: string, role: (typeof shard.ticketRoles)[number]) =>
    insert(shard.ticketPeople, { mspId, customerId, ticketId: id, id: personOf(email).id, role, attention, endedAt })
  joins(ticket.requester, 'requester')
  for (const watcher of ticket.watchers ?? []) joins(watcher, 'watcher')
  for (const word of wordsIn(ticket.subject)) insert(shard.ticketWords, { mspId, customerId, id, word })
  for (const entry of entries) {
    entryCount += 1
    const entryId = idFor(`entry ${id} ${entryCount}`, entry.createdAt)
    insert(shard.ticketEntries, { ...entry, mspId, customerId, ticketId: id, id: entryId })
  }
}

const builder = drizzle(() => Promise.reject(new Error('The seed only describes.')))
const dialect = new SQLiteAsyncDialect()

const inserter =
  (statements: SeedStatement[], database: SeedDatabase): Insert =>
  (table, row) => {
    const query = builder.insert(table).values(row) as unknown as { getSQL(): SQL }
    const { sql } = dialect.sqlToQuery(query.getSQL().inlineParams())
    statements.push({ database, sql })
  }

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt)

/** The form the Worker's sign-in reads; the salt comes from the e-mail, since a demo password is no secret. */
const hashOf = async (password: string, email: string): Promise<string> => {
  const salt = createHash('sha256').update(email).digest().subarray(0, 16)
  const hash = await derive(password.normalize('NFKC'), salt, 32, { N: 2 ** 14, r: 8, p: 5 })
  return `scrypt$16384$8$5$${salt.toString('base64url')}$${hash.toString('base64url')}`
}
