import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import {
  apiKeys,
  apiScopes,
  cannedReplies,
  contacts,
  customers,
  documents,
  noticeRecipients,
  notices,
  msps,
  portals,
  requestSteps,
  seatCounts,
  selfServiceOverrides,
  serviceRequests,
  sessions,
  staff,
  tenants,
  tenantUsers,
  ticketFiles,
} from '../../db/shard/schema.ts'
import type { SelfServiceChoices } from '../../db/shard/schema.ts'
import { now } from '../clock.ts'
import { environmentOf } from '../env.ts'
import type { Bindings, Environment } from '../env.ts'
import { folded } from '../features/customers/index.ts'
import { sortNameOf, wordsOfUser } from '../features/directory/index.ts'
import { raising } from '../features/tickets/conversation.ts'
import { usualSettings } from '../features/tickets/settings.ts'
import { newApiKey } from '../http/api-key.ts'
import { cookieOf, groundFor, newSessionToken } from '../http/session.ts'
import { hashOf, newId } from '../tenancy/ids.ts'
import type { ApiScope, StaffRole } from '../tenancy/permissions.ts'
import { forMsp } from '../tenancy/scope.ts'
import type { Actor, MspScope } from '../tenancy/scope.ts'

// vitest.config.ts binds what wrangler.toml and `variables` name, which is all that Bindings asks for.
export const environment: Environment = environmentOf(env as unknown as Bindings)
/** Where a run puts all MSPs that do not say where they are to be, and the server of that shard: see vitest.libsql.config.ts. */
const { STAGED_ON: stagedOn, SHARD_3: stagedAt } = env as unknown as { STAGED_ON?: string; SHARD_3?: string }

/** Whether a request is for the server of a shard, which is no part of the world outside. */
export const isForShard = (input: RequestInfo | URL): boolean =>
  stagedAt !== undefined && (input instanceof Request ? input.url : String(input)).startsWith(`${stagedAt}/`)

export const ADMIN = 'admin.portal.test'

// The main module's default export, which the type of `exports` does not know of outside wrangler's own type generation.
const worker = (exports as unknown as { default: { fetch(request: Request): Promise<Response> } }).default

const director: Actor = { kind: 'system', id: 'stage', name: 'Stage' }
let count = 0
let mspCount = 0

export type StagedMsp = { mspId: string; shard: string; name: string; scope: MspScope }
export type StagedCustomer = { msp: StagedMsp; customerId: string; name: string }
export type StagedPortal = StagedCustomer & { host: string }
export type Session = { cookie: string; id: string }
export type StagedContact = Session & { sessionId: string; portal: StagedPortal; email: string; name: string }

/** A fresh MSP, on the shard after the last one's, so that two made in a row never share a database unless told to. */
export const newMsp = async (
  name = 'Northwind IT',
  shard = stagedOn ?? `shard-${(mspCount++ % 2) + 1}`,
): Promise<StagedMsp> => {
  const mspId = newId(now())
  await environment.directory.prepare(`insert into msp_places values (?, ?, ?)`).bind(mspId, shard, now()).run()
  const scope = scopeOf(shard, mspId)
  await scope.commit(
    { action: 'stage.msp', subject: { kind: 'organisation', id: mspId, name } },
    scope.add(msps, {
      id: mspId,
      name,
      timeZone: 'Europe/London',
      primaryColour: '#3a5488',
      accentColour: '#8a6d1f',
      mailFromName: name,
      helpPhone: '01632 960 100',
      createdAt: now(),
    }),
  )
  return { mspId, shard, name, scope }
}

export const scopeOf = (shard: string, mspId: string, actor: Actor = director): MspScope =>
  forMsp(groundFor({ environment, requestId: 'stage', later: (work) => void work() }, shard, actor), mspId)

/** A signed-in member of staff of a role. */
export const newStaff = async (msp: StagedMsp, role: StaffRole = 'technician', passwordHash: string | null = null) => {
  const id = newId(now())
  const email = `${role}-${id}@staff.example`
  const name = `${role} ${id.slice(-4)}`
  await environment.directory
    .prepare(`insert into staff_emails (email, msp_id, shard, state) values (?, ?, ?, 'active')`)
    .bind(email, msp.mspId, msp.shard)
    .run()
  const token = newSessionToken(msp.shard, msp.mspId)
  await msp.scope.commit(
    { action: 'stage.staff', subject: { kind: 'staff', id, name } },
    msp.scope.add(staff, { id, name, email, role, passwordHash, createdAt: now(), confirmedAt: now() }),
    msp.scope.add(sessions, await sessionFor(token.secret, ADMIN, { staffId: id })),
  )
  return { id, email, name, cookie: cookieHeader(cookieOf(token, 3600)), sessionId: await hashOf(token.secret) }
}

/** An API key that somebody of the staff made; it opens everything a key can unless told. */
export const newKey = async (
  msp: StagedMsp,
  creator: { id: string },
  scopes: readonly ApiScope[] = apiScopes,
  more: { expiresAt?: number; revokedAt?: number } = {},
) => {
  const id = newId(now())
  const { handle, token, tokenHash } = await newApiKey(msp.scope)
  const row = { id, name: `Program ${id.slice(-4)}`, handle, tokenHash, scopes: [...scopes], staffId: creator.id }
  await msp.scope.commit(
    { action: 'stage.api_key', subject: { kind: 'api_key', id, name: row.name } },
    msp.scope.add(apiKeys, { ...row, createdAt: now(), expiresAt: now() + 3_600_000, ...more }),
  )
  return { id, name: row.name, handle, token, bearer: `Bearer ${token}` }
}

/** A notice that is shown now: to all customers, or to some. */
export const newNotice = async (
  msp: StagedMsp,
  customerIds: string[] | null = null,
  more: Partial<typeof notices.$inferInsert> = {},
) => {
  const row = {
    id: newId(now()),
    kind: 'info' as const,
    title: 'Maintenance on Sunday',
    text: 'From 8:00 to 10:00.',
    forAll: customerIds === null,
    startsAt: now() - 1,
    endsAt: now() + 3_600_000,
    createdAt: now(),
    ...more,
  }
  await msp.scope.commit(
    { action: 'stage.notice', subject: { kind: 'notice', id: row.id, name: row.title } },
    msp.scope.add(notices, row),
    msp.scope.putAll(
      noticeRecipients,
      (customerIds ?? []).map((customerId) => ({ id: row.id, customerId })),
    ),
  )
  return row
}

export const newCustomer = async (msp: StagedMsp, name = `Customer ${++count}`): Promise<StagedCustomer> => {
  const customerId = newId(now())
  await msp.scope.commit(
    { action: 'stage.customer', subject: { kind: 'customer', id: customerId, name } },
    msp.scope.add(customers, { id: customerId, name, sortName: folded(name), createdAt: now() }),
  )
  return { msp, customerId, name }
}

/** An open portal whose address resolves. */
export const newPortal = async (
  customer: StagedCustomer,
  prefix = `p${++count}x${newId(now()).slice(-6)}`,
): Promise<StagedPortal> => {
  const { msp, customerId } = customer
  const host = `${prefix}.portal.test`
  await environment.directory
    .prepare(
      `insert into hostnames (hostname, state, msp_id, customer_id, shard, changed_at) values (?, 'active', ?, ?, ?, ?)`,
    )
    .bind(host, msp.mspId, customerId, msp.shard, now())
    .run()
  const scope = msp.scope.forCustomer(customerId)
  const id = newId(now())
  await scope.commit(
    { action: 'stage.portal', subject: { kind: 'portal', id, name: host } },
    scope.add(portals, { id, prefix, host, state: 'enabled', addressState: 'active', createdAt: now() }),
    scope.changeAll(customers, undefined, { portalState: 'enabled', portalHost: host }),
  )
  return { ...customer, host }
}

/** A signed-in contact with roles. */
export const newContact = async (
  portal: StagedPortal,
  roles: ('portal_user' | 'portal_admin')[] = ['portal_user'],
  more: { passwordHash?: string; access?: 'none' | 'invited' | 'active' | 'disabled' } = {},
): Promise<StagedContact> => {
  const id = newId(now())
  const name = `Contact ${id.slice(-4)}`
  const email = `${id}@customer.example`
  const scope = portal.msp.scope.forCustomer(portal.customerId)
  const token = newSessionToken(portal.msp.shard, portal.msp.mspId)
  await scope.commit(
    { action: 'stage.contact', subject: { kind: 'contact', id, name } },
    scope.add(contacts, {
      id,
      name,
      email,
      isPortalUser: roles.includes('portal_user'),
      isPortalAdmin: roles.includes('portal_admin'),
      access: more.access ?? 'active',
      passwordHash: more.passwordHash ?? null,
      confirmedAt: now(),
      escalationPosition: 0,
      createdAt: now(),
    }),
    scope.add(sessions, await sessionFor(token.secret, portal.host, { contactId: id })),
  )
  return { id, name, email, portal, cookie: cookieHeader(cookieOf(token, 3600)), sessionId: await hashOf(token.secret) }
}

/** A company with an open portal, and two of its people: who looks after it, and a colleague. Its MSP lives in `shard` where one is named. */
export const newCompany = async (shard?: string) => {
  const msp = await newMsp(undefined, shard)
  const portal = await newPortal(await newCustomer(msp))
  const [admin, user] = [await newContact(portal, ['portal_admin']), await newContact(portal, ['portal_user'])]
  return { msp, portal, admin, user }
}

/** A connected Microsoft tenant that was never synced. */
export const newTenant = async (customer: StagedCustomer, more: Partial<typeof tenants.$inferInsert> = {}) => {
  const id = newId(now())
  const scope = customer.msp.scope.forCustomer(customer.customerId)
  const row = {
    id,
    entraTenantId: crypto.randomUUID(),
    name: 'Tenant',
    domain: 'tenant.example',
    state: 'connected' as const,
    connectedAt: now(),
    connectedBy: 'Admin',
    ...more,
  }
  await scope.commit(
    { action: 'stage.tenant', subject: { kind: 'tenant', id, name: row.name } },
    scope.add(tenants, row),
  )
  return row
}

/** What a customer has otherwise than its MSP's default from now on; anything else is as the default again. */
export const newOwnPolicy = async (
  { msp, customerId }: StagedCustomer,
  { reads = {}, modes = {}, askers = {} }: Partial<SelfServiceChoices>,
): Promise<void> => {
  await msp.scope.commit(
    { action: 'stage.policy', subject: { kind: 'customer', id: customerId, name: '' } },
    msp.scope.putAll(selfServiceOverrides, [{ id: customerId, customerId, choices: { reads, modes, askers } }]),
  )
}

/** A licence that no other customer has, in a tenant of its own unless one is named. Answers its id. */
export const newLicence = async (
  customer: StagedCustomer,
  { tenantId, ...more }: Partial<typeof seatCounts.$inferInsert> = {},
): Promise<string> => {
  const id = newId(now())
  const tenant = customer.msp.scope
    .forCustomer(customer.customerId)
    .forTenant(tenantId ?? (await newTenant(customer)).id)
  await tenant.record(
    tenant.add(seatCounts, {
      id,
      skuPartNumber: 'SPB',
      boughtCount: 1,
      assignedCount: 0,
      suspendedCount: 0,
      status: 'enabled',
      hidden: false,
      asOf: now(),
      ...more,
    }),
  )
  return id
}

/** Anna Smiths of one tenant, all with a licence, told apart by their numbers from `from` up to `to`. */
export const newAnnas = async (
  { msp, customerId }: StagedCustomer,
  tenantId: string,
  from: number,
  to: number,
): Promise<void> => {
  const scope = msp.scope.forCustomer(customerId).forTenant(tenantId)
  const words: [number, string][] = [
    [0, 'anna'],
    [0, 'smith'],
  ]
  const annas = Array.from({ length: to - from }, (_, position) => {
    const at = String(from + position).padStart(3, '0')
    return {
      id: `u${at}`,
      displayName: `Anna Smith ${at}`,
      userPrincipalName: `u${at}`,
      mail: null,
      jobTitle: null,
      department: null,
      isGuest: false,
      signInAllowed: true,
      isLicensed: true,
      skuIds: [],
      seenInRun: 'stage',
      sortName: `anna smith ${at}`,
      foundBy: words,
    }
  })
  await scope.record(scope.putAll(tenantUsers, annas))
}

/** Somebody of a tenant, as a sync would have read them: a member with an address and a department. Answers their id. */
export const newUser = async (
  { msp, customerId }: StagedCustomer,
  tenantId: string,
  more: Partial<typeof tenantUsers.$inferInsert> = {},
): Promise<string> => {
  const id = crypto.randomUUID()
  const displayName = more.displayName ?? 'Dana Whitfield'
  const { mail = `${id}@tenant.example`, department = 'Reception' } = more
  const row = {
    id,
    displayName,
    userPrincipalName: `${id}@tenant.example`,
    mail,
    department,
    isGuest: false,
    signInAllowed: true,
    isLicensed: false,
    skuIds: [],
    seenInRun: 'stage',
    sortName: sortNameOf(displayName),
    foundBy: wordsOfUser({ displayName, mail, department }),
    ...more,
  }
  const tenant = msp.scope.forCustomer(customerId).forTenant(tenantId)
  await tenant.record(tenant.add(tenantUsers, row))
  return row.id
}

/** A PDF that is kept for a customer and shared with it. Answers its id. */
export const newDocument = async (
  customer: StagedCustomer,
  more: Partial<typeof documents.$inferInsert> = {},
): Promise<string> => {
  const id = newId(now())
  const scope = customer.msp.scope.forCustomer(customer.customerId)
  const bytes = new TextEncoder().encode('%PDF-1.7 as staged')
  const row = {
    id,
    name: 'Staged.pdf',
    sortName: 'staged.pdf',
    category: 'other' as const,
    mediaType: 'application/pdf' as const,
    byteCount: bytes.byteLength,
    objectKey: `${customer.msp.mspId}/documents/${id}`,
    uploadHash: id,
    sharedWithCustomer: true,
    addedByKind: director.kind,
    addedById: director.id,
    addedByName: director.name,
    createdAt: now(),
    ...more,
  }
  await environment.files.put(row.objectKey, bytes)
  await scope.commit(
    { action: 'stage.document', subject: { kind: 'document', id, name: row.name } },
    scope.add(documents, row),
  )
  return id
}

/** A ticket as a contact's portal would have kept it. Answers what the portal answers. */
export const newTicket = async (as: StagedContact, more: Record<string, unknown> = {}): Promise<StagedTicket> => {
  const answer = await call(as.portal.host, 'POST', `/api/portal/customers/${as.portal.customerId}/tickets`, {
    as,
    body: { subject: 'The printer prints nothing', description: 'White pages.', category: 'network', ...more },
  })
  if (answer.status !== 201) throw new Error(`The ticket was not taken: ${await answer.text()}`)
  return bodyOf<StagedTicket>(answer)
}
export type StagedTicket = { id: string; number: number; version: number; changedAt: string }

/** Sends a file to a contact's portal, to go along with what they write. Answers the file. */
export const newTicketFile = async (as: StagedContact, name = 'Photo.png', bytes = PNG): Promise<{ id: string }> => {
  const answer = await call(
    as.portal.host,
    'PUT',
    `/api/portal/customers/${as.portal.customerId}/ticket-files/uploads/${crypto.randomUUID()}?name=${encodeURIComponent(name)}`,
    {
      as,
      raw: bytes,
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(bytes.byteLength) },
    },
  )
  if (answer.status !== 200) throw new Error(`The file was not taken: ${await answer.text()}`)
  return bodyOf<{ id: string }>(answer)
}
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** An answer that staff use often. Answers its id. */
export const newCannedReply = async ({ scope }: StagedMsp): Promise<string> => {
  const id = newId(now())
  await scope.commit(
    { action: 'stage.canned_reply', subject: { kind: 'canned_reply', id, name: 'Done' } },
    scope.add(cannedReplies, { id, title: 'Done', body: 'It is done, {requester}.', createdAt: now() }),
  )
  return id
}

/** A ticket of one contact that another watches, sent with a picture. */
export const newTicketWithFile = async (
  { portal: { msp, customerId }, ...requester }: StagedContact,
  watcher: StagedContact,
): Promise<{ ticketId: string; fileId: string }> => {
  const customer = msp.scope.forCustomer(customerId)
  const [ticketId, fileId] = [newId(now()), newId(now())]
  const author = { kind: 'contact' as const, id: requester.id, name: requester.name }
  const { entry, writes } = raising(
    customer,
    msp.mspId,
    usualSettings,
    {
      subject: 'The printer prints nothing',
      description: 'White pages.',
      category: 'network',
      priority: 'normal',
      requester,
      watchers: [watcher],
      fileIds: [],
      assignee: null,
      about: null,
      source: 'portal',
      author,
      replyHash: ticketId,
    },
    ticketId,
    now(),
  )
  const objectKey = `${msp.mspId}/tickets/${fileId}`
  await environment.files.put(objectKey, PNG)
  await customer.commit(
    { action: 'stage.ticket', subject: { kind: 'ticket', id: ticketId, name: 'Staged' } },
    ...writes,
    customer.add(ticketFiles, {
      id: fileId,
      ticketId,
      entry: entry.id,
      isInternal: false,
      name: 'Photo.png',
      mediaType: 'image/png',
      byteCount: PNG.byteLength,
      objectKey,
      uploadHash: fileId,
      addedByKind: author.kind,
      addedById: author.id,
      addedByName: author.name,
      createdAt: now(),
      unsentUntil: null,
    }),
  )
  return { ticketId, fileId }
}

/** A request of a contact that waits for the MSP unless told otherwise, with a step. */
export const newRequest = async (
  { portal: { msp, customerId }, id: requestedBy, name }: StagedContact,
  more: Partial<typeof serviceRequests.$inferInsert> = {},
) => {
  const scope = msp.scope.forCustomer(customerId)
  const [requestId, stepId] = [newId(now()), newId(now())]
  const subject = 'Password reset: Anna Meyer'
  await scope.commit(
    { action: 'stage.request', subject: { kind: 'request', id: requestId, name: subject } },
    scope.add(serviceRequests, {
      id: requestId,
      type: 'password_reset',
      state: 'awaiting_msp',
      requestedBy,
      requesterName: name,
      subject,
      reason: '',
      details: { type: 'password_reset', tenant: null, answers: [], people: [] },
      stepCount: 1,
      createdAt: now(),
      changedAt: now(),
      ...more,
    }),
    scope.addAll(requestSteps, [{ id: stepId, requestId, place: 0, title: 'Call them' }]),
  )
  return { requestId, stepId }
}

export type CallOptions = {
  as?: Session | { cookie: string }
  body?: unknown
  /** Sent as it is. */
  raw?: BodyInit
  headers?: Record<string, string>
  /** What a browser says about where the request comes from; `same-origin` unless told. */
  site?: string | null
  /** What stands in Authorization. */
  bearer?: string
}

/** A request as a browser on that host would send it. */
export const call = (host: string, method: string, path: string, options: CallOptions = {}): Promise<Response> => {
  const { as, body, raw, bearer, site = 'same-origin' } = options
  const headers = new Headers(options.headers)
  if (as !== undefined) headers.set('cookie', as.cookie)
  if (bearer !== undefined) headers.set('authorization', bearer)
  if (site !== null) headers.set('sec-fetch-site', site)
  if (body !== undefined) headers.set('content-type', 'application/json')
  const sent = raw ?? (body === undefined ? null : JSON.stringify(body))
  return worker.fetch(new Request(`https://${host}${path}`, { method, headers, body: sent, redirect: 'manual' }))
}

export const bodyOf = async <T = Record<string, unknown>>(response: Response): Promise<T> =>
  (await response.json()) as T

export { createExecutionContext, waitOnExecutionContext }

const sessionFor = async <W>(secret: string, host: string, who: W) => ({
  id: await hashOf(secret),
  host,
  ...who,
  createdAt: now(),
  seenAt: now(),
  expiresAt: now() + 3_600_000,
})

const cookieHeader = (setCookie: string): string => setCookie.split(';')[0] ?? ''
