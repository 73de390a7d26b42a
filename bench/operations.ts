import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { inRoot } from '../bin/lib/paths.mjs'
import { mustCall } from './client.ts'
import type { Asked } from './client.ts'
import { cookieOf, hashOf, newSecret, passwordHashOf, rows, run, session } from './population.ts'
import type { Msp } from './population.ts'
import { hosts } from './runtime.ts'
import type { Runtime } from './runtime.ts'

/** An operation of the API, as its contract names it. */
export type Operation = {
  id: string
  method: string
  path: string
  access: 'staff' | 'contact' | 'oneself' | 'anyone'
  tags: string[]
}

export const operationsOfContract = (): Operation[] => {
  const contract = JSON.parse(readFileSync(inRoot('worker', 'contract', 'openapi.json'), 'utf8')) as {
    paths: Record<
      string,
      Record<string, { operationId: string; tags?: string[]; 'x-access': { who: Operation['access'] } }>
    >
  }
  return Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, tags = [], 'x-access': access }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
      access: access.who,
      tags,
    })),
  )
}

/** A read of the API by somebody who may: the path's parameters are filled with what customer 1 of an MSP has. */
export const readOf = (operation: Operation, msp: Msp, query = ''): Asked => {
  const customer = msp.customer(1)
  const isOfPortal = operation.access === 'contact'
  return {
    host: isOfPortal ? customer.host : hosts.admin,
    path: pathFor(operation.path, msp, 1) + (queries[operation.id]?.(msp) ?? '') + query,
    cookie: isOfPortal ? customer.cookie : msp.staffCookie,
  }
}

/** What a read must be asked beside its path. */
const queries: Record<string, (msp: Msp) => string> = {
  previewMerge: (msp) => `?survivorId=${msp.customer(1).customerId}&mergedId=${msp.customer(2).customerId}`,
  readReport: () => '?report=users',
  readCustomerReport: () => '?report=users',
}

const pathFor = (path: string, msp: Msp, number: number): string => {
  const {
    customerId,
    contactId,
    tenantId,
    jobId,
    documentId,
    hostnameId,
    importId,
    rowId,
    userId,
    ticketId,
    requestId,
    fileId,
  } = msp.customer(number)
  const known: Record<string, string> = {
    customerId,
    id: customerId,
    contactId,
    tenantId,
    jobId,
    documentId,
    hostnameId,
    importId,
    rowId,
    userId,
    ticketId,
    requestId,
    fileId,
    uploadKey: 'bench',
    keyId: msp.keyId,
    noticeId: msp.noticeId,
    replyId: msp.replyId,
    mergeId: msp.mergeId,
    sessionId: 'named by its example',
    staffId: msp.colleagueId,
    grantId: msp.grantId,
    skuId: 'sku1',
  }
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = known[name]
    if (value === undefined) throw new Error(`bench/operations.ts knows no value for {${name}} of ${path}.`)
    return value
  })
}

type Example = {
  path?: string
  body?: unknown
  query?: string
  host?: string
  cookie?: string
  number?: number
  headers?: Record<string, string>
}

const notice = {
  title: 'Maintenance on Sunday',
  text: 'From 8:00 to 10:00 mail may be slow.',
  startsAt: new Date().toISOString(),
  endsAt: new Date(Date.now() + 86_400_000).toISOString(),
}

const selfService = {
  actions: {
    see_directory: 'direct',
    see_licences: 'direct',
    download_reports: 'direct',
    create_tickets: 'direct',
    new_user: 'approval',
    offboarding: 'approval',
    password_reset: 'direct',
    licence_change: 'approval',
    group_change: 'direct',
  },
  askers: {
    new_user: 'everybody',
    offboarding: 'portal_admins',
    password_reset: 'everybody',
    licence_change: 'everybody',
    group_change: 'everybody',
  },
  customerApproves: false,
  approverRole: 'technician',
  approverIds: null,
  waitDays: 30,
}

/** What each write is asked for in the bench. A new operation needs a line here: the bench fails for one it does not know. */
const examples: Record<string, (msp: Msp, runtime: Runtime) => Example | Promise<Example>> = {
  createTicket: (msp) => ({
    body: {
      subject: 'The printer prints nothing',
      description: 'White pages.',
      category: 'network',
      priority: 'normal',
      requester: msp.customer(2).contactId,
    },
    headers: { 'idempotency-key': newSecret() },
    number: 2,
  }),
  replaceTicket: async (msp, runtime) => ({
    path: await staffTicket(msp, runtime),
    body: {
      subject: 'The scanner scans nothing',
      category: 'other',
      priority: 'high',
      assignee: msp.staff.id,
      requester: null,
      about: null,
    },
    headers: { 'if-match': '"v1"' },
  }),
  answerTicket: async (msp, runtime) => ({
    path: await staffTicket(msp, runtime, '/answers'),
    body: { text: 'Is it on?', next: 'wait' },
    headers: { 'idempotency-key': newSecret() },
  }),
  noteInTicket: async (msp, runtime) => ({
    path: await staffTicket(msp, runtime, '/notes'),
    body: { text: 'Again.' },
    headers: { 'idempotency-key': newSecret() },
  }),
  startTicket: async (msp, runtime) => ({ path: await staffTicket(msp, runtime, '/progress') }),
  waitInTicket: async (msp, runtime) => ({ path: await staffTicket(msp, runtime, '/waiting') }),
  resolveTicket: async (msp, runtime) => ({ path: await staffTicket(msp, runtime, '/resolution') }),
  closeStaffTicket: async (msp, runtime) => ({ path: await staffTicket(msp, runtime, '/closure') }),
  reopenStaffTicket: async (msp, runtime) => {
    const id = await newTicket(msp, runtime, 'closed')
    return { path: `/api/msp-portal/tickets/${id}/closure` }
  },
  addStaffTicketWatcher: async (msp, runtime) => ({
    path: await staffTicket(msp, runtime, `/watchers/${msp.customer(1).contactId}`),
  }),
  removeStaffTicketWatcher: async (msp, runtime) => {
    const id = await newTicket(msp, runtime, 'new')
    const { customerId, contactId } = msp.customer(1)
    await run(
      await runtime.database('SHARD_1'),
      `insert into ticket_people (msp_id, customer_id, ticket_id, id, role, attention) values (?, ?, ?, ?, 'watcher', 1)`,
      msp.mspId,
      customerId,
      id,
      contactId,
    )
    return { path: `/api/msp-portal/tickets/${id}/watchers/${contactId}` }
  },
  mergeTicket: async (msp, runtime) => ({
    path: await staffTicket(msp, runtime, '/merger'),
    body: { into: await newTicket(msp, runtime, 'new') },
  }),
  uploadStaffTicketFile: () => ({
    body: picture(),
    query: '?name=Rack.png',
    headers: { 'content-type': 'application/octet-stream' },
    number: 2,
  }),
  discardStaffTicketFile: async (msp, runtime) => {
    const files = `/api/msp-portal/customers/${msp.customer(1).customerId}/ticket-files`
    const by = { host: hosts.admin, cookie: msp.staffCookie }
    return { path: `${files}/${await unsentFile(runtime, by, files)}` }
  },
  saveTicketSettings: () => ({
    body: {
      categories: [{ id: 'network', name: 'Network' }, { name: 'Everything else' }],
      priorities: ['low', 'normal', 'high', 'urgent'].map((priority) => ({
        priority,
        name: priority,
        customerName: priority,
        firstAnswerHours: 4,
        resolutionHours: 24,
      })),
      reopenDays: 14,
    },
  }),
  addCannedReply: () => ({
    body: { title: 'Done', text: 'It is done, {requester}.' },
    headers: { 'idempotency-key': newSecret() },
  }),
  replaceCannedReply: async (msp, runtime) => ({
    path: `/api/msp-portal/canned-replies/${await newCannedReply(msp, runtime)}`,
    body: { title: 'Done!', text: 'All done, {requester}.' },
  }),
  deleteCannedReply: async (msp, runtime) => ({
    path: `/api/msp-portal/canned-replies/${await newCannedReply(msp, runtime)}`,
  }),
  createCustomer: () => ({
    body: { name: 'Wingtip Toys', email: 'dana@wingtip.example', phone: '01632 960 144' },
    headers: { 'idempotency-key': newSecret() },
  }),
  replaceCustomer: () => ({
    body: { name: 'Wingtip Toys', email: 'dana@wingtip.example' },
    headers: { 'if-match': '"v1"' },
    number: 13,
  }),
  deleteCustomer: async (msp, runtime) => {
    const customerId = `deletable-${newSecret()}`
    await run(
      await runtime.database('SHARD_1'),
      `insert into customers (msp_id, id, name, sort_name, created_at) values (?, ?, 'Deletable', 'deletable', 1)`,
      msp.mspId,
      customerId,
    )
    return { path: `/api/msp-portal/customers/${customerId}` }
  },
  mergeCustomers: (msp) => ({
    body: {
      survivorId: msp.customer(19).customerId,
      mergedId: msp.customer(20).customerId,
      survivorVersion: 1,
      mergedVersion: 1,
      fields: { psaId: 'survivor' },
      collisions: { portal: 'survivor', escalation: 'survivor_first', mainContact: 'survivor' },
    },
    headers: { 'idempotency-key': newSecret() },
  }),
  undoMerge: async (msp, runtime) => ({
    path: `/api/msp-portal/customer-merges/${await mergeOf(msp, runtime, 19)}/reversal`,
  }),
  disableCustomer: () => ({ number: 14 }),
  enableCustomer: () => ({ number: 14 }),
  archiveCustomer: () => ({ number: 15 }),
  restoreCustomer: () => ({ number: 15 }),
  archiveCustomers: (msp) => ({
    body: { customerIds: [16, 17, 18].map((number) => msp.customer(number).customerId), archived: true },
    headers: { 'idempotency-key': newSecret() },
  }),
  exportActivity: () => ({ body: { format: 'csv' } }),
  exportCustomers: () => ({ body: { format: 'csv' } }),
  downloadReport: (msp) => ({ ...inPortal(msp), body: { report: 'users', format: 'csv' } }),
  downloadAccountMatters: () => ({ body: { kind: 'renewals', format: 'csv' } }),
  downloadCustomerReport: () => ({ body: { report: 'users', format: 'csv' } }),
  sendReportSample: () => ({ number: 7 }),
  saveMonthlyDefaults: () => ({ body: { sent: true, parts: ['people', 'licences'], day: 3 } }),
  saveReportSettings: (msp) => ({
    body: { parts: ['people', 'licences'], contactIds: [msp.customer(7).contactId] },
    number: 7,
  }),
  addContact: () => ({
    body: { name: 'Lucy Adeyemi', email: 'lucy@customer1.example', roles: ['portal_user'] },
    headers: { 'idempotency-key': newSecret() },
  }),
  orderContacts: async (msp, runtime) => {
    const { customerId } = msp.customer(11)
    const found = await rows(
      await runtime.database('SHARD_1'),
      `select id from contacts where msp_id = ? and customer_id = ? order by escalation_position desc, id desc`,
      msp.mspId,
      customerId,
    )
    return { body: { contactIds: found.map(({ id }) => id) }, number: 11 }
  },
  replaceContact: () => ({
    body: { name: 'Tom Okafor', email: 'thomas@customer1.example', roles: ['portal_user'] },
    headers: { 'if-match': '"v1"' },
    number: 13,
  }),
  inviteContact: async (msp, runtime) => {
    await run(
      await runtime.database('SHARD_1'),
      `update contacts set access = 'none', confirmed_at = null where msp_id = ? and id = ?`,
      msp.mspId,
      msp.customer(3).contactId,
    )
    return { number: 3 }
  },
  revokeInvitation: async (msp, runtime) => {
    await invitation(msp, runtime, 5)
    return { number: 5 }
  },
  deleteContact: async (msp, runtime) => {
    const { customerId } = msp.customer(6)
    const contactId = `deletable-${newSecret()}`
    await run(
      await runtime.database('SHARD_1'),
      `insert into contacts (msp_id, id, customer_id, name, escalation_position, created_at) values (?, ?, ?, 'Deletable', 9, 1)`,
      msp.mspId,
      contactId,
      customerId,
    )
    return { path: `/api/msp-portal/customers/${customerId}/contacts/${contactId}` }
  },
  grantLicencePermission: () => ({ body: { permission: 'modify' }, number: 2 }),
  blockContact: () => ({ number: 4 }),
  unblockContact: () => ({ number: 4 }),
  savePortal: () => ({
    body: { prefix: 'bench-elsewhere', displayName: 'Wingtip Toys', primaryColour: '#0b7a75', accentColour: '#e4572e' },
    number: 5,
  }),
  enablePortal: async (msp, runtime) => {
    const customerId = `portalless-${newSecret()}`
    await run(
      await runtime.database('SHARD_1'),
      `insert into customers (msp_id, id, name, sort_name, email, created_at) values (?, ?, 'Portalless', 'portalless', 'dana@portalless.example', 1)`,
      msp.mspId,
      customerId,
    )
    return {
      path: `/api/msp-portal/customers/${customerId}/portal`,
      body: { portalPrefix: `portalless-${Date.now()}` },
      headers: { 'idempotency-key': newSecret() },
    }
  },
  undoPortalAdminChange: async (msp, runtime) => {
    const { customerId, contactId } = msp.customer(11)
    const database = await runtime.database('SHARD_1')
    await run(
      database,
      `update contacts set is_the_admin = (id = ?), confirmed_at = case when id = ? then null else 1 end where msp_id = ? and customer_id = ?`,
      contactId,
      contactId,
      msp.mspId,
      customerId,
    )
    await run(
      database,
      `update portals set former_admin_email = (select email from contacts where msp_id = portals.msp_id and customer_id = portals.customer_id and id <> ? and email is not null limit 1) where msp_id = ? and customer_id = ?`,
      contactId,
      msp.mspId,
      customerId,
    )
    return { number: 11 }
  },
  savePortalDirectory: () => ({
    body: { guestsShown: true, attributes: ['mail', 'department'] },
    number: 8,
  }),
  saveSelfService: () => ({ body: selfService }),
  saveCustomerSelfService: () => ({ body: { ...selfService, approverRole: null, waitDays: null }, number: 8 }),
  savePortalSignIn: () => ({ body: { policy: 'temporary_password' }, number: 8 }),
  inviteColleague: (msp) => ({
    ...inPortal(msp),
    body: { name: 'Lucy Adeyemi', email: `lucy-${Date.now()}@customer1.example`, roles: ['portal_user'] },
    headers: { 'idempotency-key': newSecret() },
  }),
  inviteColleagueAgain: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${peopleOf(msp)}/${await colleague(msp, runtime, 'invited')}/invitation`,
  }),
  changeColleagueRoles: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${peopleOf(msp)}/${await colleague(msp, runtime, 'active')}/roles`,
    body: { roles: ['portal_user', 'portal_admin'] },
  }),
  blockColleague: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${peopleOf(msp)}/${await colleague(msp, runtime, 'active')}/block`,
  }),
  unblockColleague: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${peopleOf(msp)}/${await colleague(msp, runtime, 'disabled')}/block`,
  }),
  closePortal: () => ({ number: 6 }),
  openPortal: () => ({ number: 6 }),
  setPortalLogo: () => ({ body: picture(), headers: { 'content-type': 'image/png' }, number: 7 }),
  removePortalLogo: () => ({ number: 7 }),
  addHostname: () => ({ body: { hostname: 'portal.wingtip.example' }, headers: { 'idempotency-key': newSecret() } }),
  checkHostname: () => ({ number: 12 }),
  makeHostnamePrimary: async (msp, runtime) => {
    await run(
      await runtime.database('SHARD_1'),
      `update custom_hostnames set state = 'active', active_since = 1 where msp_id = ? and id = ?`,
      msp.mspId,
      msp.customer(13).hostnameId,
    )
    return { number: 13 }
  },
  makePrefixPrimary: async (msp, runtime) => {
    const { customerId, hostnameId } = msp.customer(14)
    await run(
      await runtime.database('SHARD_1'),
      `update portals set primary_host = (select hostname from custom_hostnames where msp_id = portals.msp_id and id = ?) where msp_id = ? and customer_id = ?`,
      hostnameId,
      msp.mspId,
      customerId,
    )
    return { number: 14 }
  },
  removeHostname: () => ({ number: 11 }),
  uploadDocument: () => ({
    body: picture(),
    query: '?name=Rack.png',
    headers: { 'content-type': 'application/octet-stream' },
  }),
  replaceDocument: () => ({
    body: { name: 'Renamed.pdf', category: 'runbook', sharedWithCustomer: false },
    number: 15,
  }),
  deleteDocument: () => ({ number: 11 }),
  restoreDocument: async (msp, runtime) => {
    await run(
      await runtime.database('SHARD_1'),
      `update documents set deleted_at = ? where msp_id = ? and id = ?`,
      Date.now(),
      msp.mspId,
      msp.customer(12).documentId,
    )
    return { number: 12 }
  },
  deriveTones: () => ({ body: { primaryColour: '#0b7a75', accentColour: '#e4572e' } }),
  beginConnection: () => ({ body: { tenant: 'alpineskihouse.example' }, number: 8 }),
  requestSync: () => ({ number: 9 }),
  confirmDepartures: async (msp, runtime) => {
    await run(
      await runtime.database('SHARD_1'),
      `update tenants set departures = ? where msp_id = ? and id = ?`,
      JSON.stringify({ askedAt: Date.now(), missingCount: 3, knownCount: 9, names: ['Ada'], confirmedAt: null }),
      msp.mspId,
      msp.customer(9).tenantId,
    )
    return { body: { departures: { missingCount: 3 } }, number: 9 }
  },
  removeTenant: () => ({ number: 10 }),
  retryJob: () => ({ number: 12 }),
  saveOrganisation: () => ({
    body: {
      name: 'Bench small',
      helpPhone: '01632 960 100',
      timeZone: 'Europe/London',
      locale: 'en-GB',
      currency: 'GBP',
    },
  }),
  saveSku: () => ({ body: { name: 'Office for everybody', price: { amountMinor: 1890, per: 'month' } } }),
  saveLicenceTerms: () => ({
    body: {
      costsShown: true,
      prices: [{ skuId: 'sku1', amountMinor: 1750, per: 'month' }],
    },
    number: 7,
  }),
  raiseTicket: async (msp, runtime) => ({
    ...inPortal(msp),
    body: {
      subject: 'The printer at reception prints nothing',
      description: 'Every page comes out white.',
      category: 'network',
      watchers: [msp.customer(1).contactId],
      files: [await unsentInPortal(msp, runtime)],
    },
    headers: { 'idempotency-key': newSecret() },
  }),
  commentTicket: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${await ticketPath(msp, runtime, 'waiting_on_customer')}/comments`,
    body: { text: 'It was the toner.', files: [await unsentInPortal(msp, runtime)] },
    headers: { 'idempotency-key': newSecret() },
  }),
  closeTicket: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${await ticketPath(msp, runtime, 'in_progress')}/closure`,
  }),
  reopenTicket: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${await ticketPath(msp, runtime, 'closed')}/closure`,
  }),
  rateTicket: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${await ticketPath(msp, runtime, 'resolved')}/rating`,
    body: { rating: 'satisfied', comment: 'That was quick.' },
  }),
  addTicketWatcher: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${await ticketPath(msp, runtime, 'in_progress')}/watchers/${msp.customer(1).contactId}`,
  }),
  removeTicketWatcher: async (msp, runtime) => {
    const path = `${await ticketPath(msp, runtime, 'in_progress')}/watchers/${msp.customer(1).contactId}`
    await mustCall(runtime.client, { ...inPortal(msp), method: 'PUT', path })
    return { ...inPortal(msp), path }
  },
  uploadTicketFile: (msp) => ({
    ...inPortal(msp),
    path: `/api/portal/customers/${msp.customer(1).customerId}/ticket-files/uploads/${newSecret()}`,
    body: picture(),
    query: '?name=Page.png',
    headers: { 'content-type': 'application/octet-stream' },
  }),
  removeTicketFile: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `/api/portal/customers/${msp.customer(1).customerId}/ticket-files/${await unsentInPortal(msp, runtime)}`,
  }),
  checkRequest: (msp) => ({
    ...inPortal(msp),
    body: { type: 'licence_change', skuId: 'sku1', moreSeats: 5, reason: 'Five people start in May.' },
  }),
  saveRequestForms: () => ({
    body: { forms: { new_user: { fields: [{ kind: 'text', label: 'Desk' }], hidden: ['phone'] } } },
  }),
  saveCustomerRequestForms: () => ({ body: { forms: { new_user: { hidden: { jobTitle: true } } } }, number: 7 }),
  submitRequest: (msp) => ({
    ...inPortal(msp),
    body: { type: 'licence_change', skuId: 'sku1', moreSeats: 5, reason: 'Five people start in May.' },
    headers: { 'idempotency-key': newSecret() },
  }),
  approveRequest: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${inPortalRequests(msp)}/${await newRequest(msp, runtime, 'awaiting_customer')}/approval`,
    body: { reason: 'In the budget.' },
  }),
  declineRequest: async (msp, runtime) => ({
    ...inPortal(msp),
    path: `${inPortalRequests(msp)}/${await newRequest(msp, runtime, 'awaiting_customer')}/refusal`,
    body: { reason: 'Not this year.' },
  }),
  withdrawRequest: async (msp, runtime) => ({
    ...inPortal(msp),
    cookie: msp.customer(1).userCookie,
    path: `${inPortalRequests(msp)}/${await newRequest(msp, runtime, 'awaiting_msp')}/withdrawal`,
    body: { reason: null },
  }),
  createRequest: (msp) => ({
    body: {
      requestedBy: msp.customer(2).contactId,
      type: 'licence_change',
      skuId: 'sku1',
      moreSeats: 5,
      reason: 'Five people start in May.',
    },
    headers: { 'idempotency-key': newSecret() },
    number: 2,
  }),
  approveStaffRequest: async (msp, runtime) => ({
    path: `${staffRequests}/${await newRequest(msp, runtime, 'awaiting_msp')}/approval`,
    body: { reason: null },
  }),
  declineStaffRequest: async (msp, runtime) => ({
    path: `${staffRequests}/${await newRequest(msp, runtime, 'awaiting_msp')}/refusal`,
    body: { reason: 'Not this year.' },
  }),
  completeRequestStep: async (msp, runtime) => ({ path: await requestStep(msp, runtime, false) }),
  reopenRequestStep: async (msp, runtime) => ({ path: await requestStep(msp, runtime, true) }),
  completeRequest: async (msp, runtime) => ({
    path: `${staffRequests}/${await newRequest(msp, runtime, 'approved')}/completion`,
    body: { leaveOpen: true },
  }),
  askForRefresh: (msp) => ({ ...inPortal(msp), headers: { 'idempotency-key': newSecret() } }),
  askForCustomerRefresh: () => ({ number: 7 }),
  saveBrand: () => ({ body: { primaryColour: '#3a5488', accentColour: '#8a6d20' } }),
  setDefaultLogo: () => ({ body: picture(), headers: { 'content-type': 'image/png' } }),
  removeDefaultLogo: () => ({}),
  saveSignInSettings: () => ({ body: { policy: 'invitation' } }),
  grantAccess: (msp) => ({
    body: { contactIds: [2, 3, 4].map((number) => msp.customer(number).contactId) },
    headers: { 'idempotency-key': newSecret() },
  }),
  saveWorkspace: () => ({ body: { widgets: ['contacts', 'activity'] } }),
  createNotice: (msp) => ({
    body: { ...notice, customerIds: [1, 2, 3].map((number) => msp.customer(number).customerId) },
    headers: { 'idempotency-key': newSecret() },
  }),
  replaceNotice: () => ({ body: { ...notice, customerIds: null } }),
  deleteNotice: () => ({}),
  createApiKey: () => ({
    body: { name: 'Reporting', scopes: ['customers:read', 'portal:read'] },
    headers: { 'idempotency-key': newSecret() },
  }),
  revokeApiKey: () => ({}),
  saveMailSender: () => ({ body: { fromName: 'Bench', replyTo: 'help@bench.example' } }),
  nameMailAddress: () => ({ body: { address: 'help@bench.example' } }),
  dropMailAddress: () => ({}),
  verifyMailAddress: async (msp, runtime) => {
    const secret = newSecret()
    const at = Date.now()
    const database = await runtime.database('SHARD_1')
    await run(database, `delete from mail_addresses where msp_id = ?`, msp.mspId)
    await run(
      database,
      `insert into mail_addresses (msp_id, id, address, token_hash, created_at, expires_at) values (?, 'bench', 'help@bench.example', ?, ?, ?)`,
      msp.mspId,
      hashOf(secret),
      at,
      at + 86_400_000,
    )
    return { body: { token: secret }, headers: { 'idempotency-key': newSecret() } }
  },
  saveMailServer: () => ({
    body: { host: 'smtp.bench.example', port: 587, security: 'starttls', userName: 'bench', password: 'bench' },
  }),
  dropMailServer: () => ({}),
  tryMail: () => ({}),
  saveMicrosoftApp: () => ({ body: microsoftApp(newGuid()) }),
  dropMicrosoftApp: async (msp, runtime) => {
    await putMicrosoftApp(msp, runtime)
    return {}
  },
  dropFormerMicrosoftApp: async (msp, runtime) => ({ path: await formerMicrosoftApp(msp, runtime) }),
  renewFormerMicrosoftSecret: async (msp, runtime) => ({
    path: `${await formerMicrosoftApp(msp, runtime)}/secret`,
    body: { clientSecret: newSecret() },
  }),
  tryFormerMicrosoftApp: async (msp, runtime) => ({ path: `${await formerMicrosoftApp(msp, runtime)}/test` }),
  tryMicrosoftApp: async (msp, runtime) => {
    await putMicrosoftApp(msp, runtime)
    return {}
  },
  createCustomerImport: () => ({ body: { fileName: 'customers.csv' }, headers: { 'idempotency-key': newSecret() } }),
  uploadCustomerImport: async (msp, runtime) => {
    await putImport(msp, runtime, 15, `state = 'waiting'`)
    return { body: Buffer.from('Name,Phone\nWingtip Toys,1\n'), headers: { 'content-type': 'text/csv' }, number: 15 }
  },
  chooseCustomerImportColumns: async (msp, runtime) => {
    await putImport(msp, runtime, 16, `state = 'uploaded', object_key = 'not-there'`)
    return { body: { columns: ['name'] }, number: 16 }
  },
  replaceCustomerImportRow: () => ({
    body: { name: 'Wingtip Toys', psaId: '1042', email: 'dana@wingtip.example' },
    headers: { 'if-match': '"v1"' },
    number: 17,
  }),
  runCustomerImport: () => ({ headers: { 'idempotency-key': newSecret() }, number: 18 }),
  recheckCustomerImport: () => ({ headers: { 'idempotency-key': newSecret() }, number: 17 }),
  undoCustomerImport: async (msp, runtime) => {
    // Only one import of an MSP is at work at a time.
    await putImport(msp, runtime, 18, `state = 'done'`)
    await putImport(msp, runtime, 19, `state = 'done', finished_at = ${Date.now()}`)
    return { number: 19 }
  },
  discardCustomerImport: () => ({ number: 20 }),
  signIn: ({ staff }) => ({ body: { email: staff.email, password: staff.password }, host: hosts.admin }),
  endSession: async (msp, runtime) => {
    const secret = await session(await runtime.database('SHARD_1'), msp.mspId, hosts.admin, { staffId: msp.staff.id })
    return { path: `/api/auth/sessions/${hashOf(secret)}` }
  },
  changeTicketMails: () => ({ body: { mails: 'mine' } }),
  noteBellReading: () => ({ body: { ticketId: null } }),
  notePortalBellReading: (msp) => ({ ...inPortal(msp), body: { ticketId: null } }),
  endOtherSessions: async (msp, runtime) => ({ cookie: await colleaguesCookie(msp, runtime) }),
  signInByCode: async (msp, runtime) => {
    const database = await runtime.database('SHARD_1')
    const [secret, code] = [
      newSecret(),
      newSecret()
        .toLowerCase()
        .replaceAll(/[^a-z0-9]/g, 'x')
        .slice(0, 16),
    ]
    await run(
      database,
      `update staff set totp_sealed = 'bench' where msp_id = ? and id = ?`,
      msp.mspId,
      msp.colleagueId,
    )
    await run(
      database,
      `insert into pending_sign_ins (msp_id, id, staff_id, host, expires_at) values (?, ?, ?, ?, ?)`,
      msp.mspId,
      hashOf(secret),
      msp.colleagueId,
      hosts.admin,
      Date.now() + 60_000,
    )
    await run(
      database,
      `insert into recovery_codes (msp_id, id, staff_id) values (?, ?, ?)`,
      msp.mspId,
      hashOf(code),
      msp.colleagueId,
    )
    return { body: { token: ['shard-1', msp.mspId, secret].join('.'), code } }
  },
  beginTwoStep: async (msp, runtime) => ({
    cookie: await colleaguesCookie(msp, runtime),
    body: { password: msp.staff.password },
  }),
  confirmTwoStep: async (msp, runtime) => {
    const cookie = await colleaguesCookie(msp, runtime)
    return { cookie, body: { code: await appCode(runtime, cookie, msp.staff.password) } }
  },
  renewRecoveryCodes: async (msp, runtime) => {
    const cookie = await colleaguesCookie(msp, runtime)
    const database = await runtime.database('SHARD_1')
    await run(database, `update staff set two_step_since = 1 where msp_id = ? and id = ?`, msp.mspId, msp.colleagueId)
    return { cookie, body: { password: msp.staff.password } }
  },
  turnOffTwoStep: async (msp, runtime) => ({
    cookie: await colleaguesCookie(msp, runtime),
    body: { password: msp.staff.password },
  }),
  saveTwoStepRequirement: () => ({ body: { twoStepRequired: false } }),
  signUp: () => ({
    host: hosts.admin,
    body: {
      mspName: 'Bench sign-up',
      name: 'Olivia Bench',
      email: `${newSecret()
        .toLowerCase()
        .replaceAll(/[^a-z0-9]/g, 'x')}@sign-up.example`,
    },
  }),
  lookUpSignUp: async (_, runtime) => ({ host: hosts.admin, body: { token: await askedSignUp(runtime) } }),
  confirmSignUp: async (_, runtime) => ({
    host: hosts.admin,
    body: { token: await askedSignUp(runtime), password: 'copper-meadow-quarry-79' },
  }),
  inviteStaff: () => ({
    body: { name: 'Ravi Shah', email: `ravi-${newSecret().toLowerCase()}@staff.example`, role: 'technician' },
    headers: { 'idempotency-key': newSecret() },
  }),
  inviteStaffAgain: async (msp, runtime) => ({
    path: `/api/msp-portal/staff/${await invitedStaff(msp, runtime)}/invitation`,
    headers: { 'idempotency-key': newSecret() },
  }),
  withdrawStaffInvitation: async (msp, runtime) => ({
    path: `/api/msp-portal/staff/${await invitedStaff(msp, runtime)}/invitation`,
  }),
  changeStaffRole: () => ({ body: { role: 'technician' } }),
  blockStaff: () => ({}),
  unblockStaff: () => ({}),
  beginPreview: () => ({ headers: { 'idempotency-key': newSecret() }, number: 2 }),
  endPreview: (msp) => ({ host: msp.customer(1).host }),
  beginMicrosoftLink: async (msp, runtime) => ({
    cookie: await colleaguesCookie(msp, runtime),
    body: { returnTo: '/profile', password: msp.staff.password },
  }),
  removeMicrosoftLink: () => ({}),
  beginMicrosoftSignIn: () => ({ body: { returnTo: '/customers' }, host: hosts.admin }),
  signOut: async (msp, runtime) => ({
    host: hosts.admin,
    cookie: cookieOf(
      msp.mspId,
      await session(await runtime.database('SHARD_1'), msp.mspId, hosts.admin, { staffId: msp.staff.id }),
    ),
  }),
  changePassword: async (msp, runtime) => ({
    cookie: await colleaguesCookie(msp, runtime),
    body: { currentPassword: msp.staff.password, newPassword: 'copper-meadow-quarry-77' },
  }),
  requestPasswordReset: ({ staff }) => ({ body: { email: staff.email }, host: hosts.admin }),
  lookUpPasswordReset: async (msp, runtime) => ({ body: { token: await passwordReset(msp, runtime) } }),
  acceptPasswordReset: async (msp, runtime) => ({
    body: { token: await passwordReset(msp, runtime), password: 'copper-meadow-quarry-78' },
  }),
  lookUpInvitation: async (msp, runtime) => ({
    body: { token: await invitation(msp, runtime, 13) },
    host: msp.customer(13).host,
  }),
  renewInvitation: async (msp, runtime) => {
    const token = await invitation(msp, runtime, 12)
    await run(await runtime.database('SHARD_1'), `update invitations set expires_at = 1 where id = 'invitation-12'`)
    return { body: { token }, host: msp.customer(12).host }
  },
  replaceTemporaryPassword: async (msp, runtime) => {
    const { contactId, host } = msp.customer(11)
    const temporaryPassword = 'lusab-babad-gutih-tugad'
    await run(
      await runtime.database('SHARD_1'),
      `update contacts set email = 'temporary@customer11.example', access = 'invited', confirmed_at = null, password_hash = ?, temporary_until = ? where msp_id = ? and id = ?`,
      passwordHashOf(temporaryPassword),
      Date.now() + 86_400_000,
      msp.mspId,
      contactId,
    )
    const body = { email: 'temporary@customer11.example', temporaryPassword, password: 'copper-meadow-quarry-77' }
    return { body, host }
  },
  acceptInvitation: async (msp, runtime) => ({
    body: { token: await invitation(msp, runtime, 14), password: 'copper-meadow-quarry-77' },
    host: msp.customer(14).host,
  }),
}

/** A write of the API by somebody who may, or undefined when there is no example of it. */
export const writeOf = async (operation: Operation, msp: Msp, runtime: Runtime): Promise<Asked | undefined> => {
  const example = await examples[operation.id]?.(msp, runtime)
  if (example === undefined) return undefined
  const { body, query = '', host = hosts.admin, cookie = msp.staffCookie, number = 1, headers = {} } = example
  const isFile = body instanceof Uint8Array
  return {
    method: operation.method,
    host,
    path: (example.path ?? pathFor(operation.path, msp, number)) + query,
    headers,
    ...(operation.access === 'anyone' && example.cookie === undefined ? {} : { cookie }),
    ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
  }
}

/** A session of the colleague's own, who is as they were planted, so that the one the bench asks with goes on. */
const colleaguesCookie = async (msp: Msp, runtime: Runtime): Promise<string> => {
  const database = await runtime.database('SHARD_1')
  await run(
    database,
    `update staff set disabled = 0, totp_sealed = null, two_step_since = null,
       password_hash = (select password_hash from staff as owner where owner.msp_id = ?1 and owner.id = ?3) where msp_id = ?1 and id = ?2`,
    msp.mspId,
    msp.colleagueId,
    msp.staff.id,
  )
  return cookieOf(msp.mspId, await session(database, msp.mspId, hosts.admin, { staffId: msp.colleagueId }))
}

const newGuid = (): string => randomUUID()
const microsoftApp = (clientId: string) => ({ clientId, directoryId: newGuid(), clientSecret: newSecret() })

/** An app registration of the MSP's own, in force. */
const putMicrosoftApp = (msp: Msp, runtime: Runtime) =>
  mustCall(runtime.client, {
    method: 'PUT',
    host: hosts.admin,
    path: '/api/msp-portal/settings/microsoft',
    cookie: msp.staffCookie,
    body: JSON.stringify(microsoftApp(newGuid())),
  })

/** The path of an app registration of the MSP's own that is in force no more. */
const formerMicrosoftApp = async (msp: Msp, runtime: Runtime): Promise<string> => {
  await putMicrosoftApp(msp, runtime)
  const shard = await runtime.database('SHARD_1')
  const { results } = await shard
    .prepare(
      `select id from microsoft_apps where msp_id = ?1 and client_id = (select microsoft_client_id from msps where msp_id = ?1)`,
    )
    .bind(msp.mspId)
    .all()
  await run(shard, `update msps set microsoft_client_id = null where msp_id = ?`, msp.mspId)
  return `/api/msp-portal/settings/microsoft/former-apps/${String(results[0]?.['id'])}`
}

/** The code of an authenticator app for a secret that was just begun with (RFC 6238). */
const appCode = async (runtime: Runtime, cookie: string, password: string): Promise<string> => {
  const { body } = await mustCall(runtime.client, {
    method: 'PUT',
    host: hosts.admin,
    path: '/api/auth/two-step/setup',
    cookie,
    body: JSON.stringify({ password }),
  })
  const { secret } = JSON.parse(body.toString()) as { secret: string }
  const bits = [...secret].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'))
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** As the admin of customer 1, in their portal. */
const staffTicket = async (msp: Msp, runtime: Runtime, rest = ''): Promise<string> =>
  `/api/msp-portal/tickets/${await newTicket(msp, runtime, 'new')}${rest}`

const newCannedReply = async (msp: Msp, runtime: Runtime): Promise<string> => {
  const id = `bench-${newSecret()}`
  await run(
    await runtime.database('SHARD_1'),
    `insert into canned_replies (msp_id, id, title, body, created_at) values (?, ?, 'Done', 'It is done.', 1)`,
    msp.mspId,
    id,
  )
  return id
}

const inPortal = (msp: Msp) => {
  const { host, cookie } = msp.customer(1)
  return { host, cookie }
}
/** A ticket of customer 1 that stands so, for one write. Answers its id. */
const newTicket = async (msp: Msp, runtime: Runtime, state: string): Promise<string> => {
  const { customerId } = msp.customer(1)
  const ticketId = `ticket-${newSecret()}`
  const endedAt = state === 'resolved' || state === 'closed' ? Date.now() : null
  await run(
    await runtime.database('SHARD_1'),
    `insert into tickets (msp_id, customer_id, id, subject, state, priority, category, source, raised_by_kind, raised_by, raised_by_name, created_at, changed_at, waiting_since, ended_at, reopen_until_at, attention, reply_hash)
     values (?1, ?2, ?3, 'Printer', ?4, 'normal', 'network', 'portal', 'contact', 'bench', 'Bench', ?5, ?5, case when ?4 = 'waiting_on_customer' then ?5 end, ?6, ?6 + 86400000, ?5, ?3)`,
    msp.mspId,
    customerId,
    ticketId,
    state,
    Date.now(),
    endedAt,
  )
  return ticketId
}

const staffRequests = '/api/msp-portal/requests'
const inPortalRequests = (msp: Msp): string => `/api/portal/customers/${msp.customer(1).customerId}/requests`

/** What customer 1's Tom asked for once more, which stands so, with a ticket where it is approved; for one write. Answers its id. */
const newRequest = async (msp: Msp, runtime: Runtime, state: string): Promise<string> => {
  const id = `request-${newSecret()}`
  const ticketId = state === 'approved' ? await newTicket(msp, runtime, 'new') : null
  await run(
    await runtime.database('SHARD_1'),
    `insert into service_requests (msp_id, customer_id, id, type, state, requested_by, requester_name, details, facts, reason, subject, created_at, changed_at, step_count, ticket_id)
     select msp_id, customer_id, ?3, type, ?4, requested_by, requester_name, details, facts, reason, subject, created_at, changed_at, 1, ?5
     from service_requests where msp_id = ?1 and id = ?2`,
    msp.mspId,
    msp.customer(1).requestId,
    id,
    state,
    ticketId,
  )
  return id
}

/** The path of a step of one that is approved. */
const requestStep = async (msp: Msp, runtime: Runtime, isDone: boolean): Promise<string> => {
  const requestId = await newRequest(msp, runtime, 'approved')
  await run(
    await runtime.database('SHARD_1'),
    `insert into request_steps (msp_id, customer_id, id, request_id, place, title, done_at, done_by_id, done_by_name)
     values (?1, ?2, ?3, ?4, 0, 'Buy 5 more seats', ?5, case when ?5 is null then null else 'bench' end, case when ?5 is null then null else 'Bench' end)`,
    msp.mspId,
    msp.customer(1).customerId,
    `step-${requestId}`,
    requestId,
    isDone ? Date.now() : null,
  )
  return `${staffRequests}/${requestId}/steps/step-${requestId}/completion`
}

const ticketPath = async (msp: Msp, runtime: Runtime, state: string): Promise<string> =>
  `/api/portal/customers/${msp.customer(1).customerId}/tickets/${await newTicket(msp, runtime, state)}`

/** A file that somebody has not sent yet, by the address where theirs are. */
const unsentFile = async (runtime: Runtime, by: { host: string; cookie: string }, files: string): Promise<string> => {
  const { body } = await mustCall(runtime.client, {
    ...by,
    method: 'PUT',
    path: `${files}/uploads/${newSecret()}?name=Page.png`,
    headers: { 'content-type': 'application/octet-stream' },
    body: picture(),
  })
  return (JSON.parse(body.toString()) as { id: string }).id
}

/** One of the admin of customer 1. */
const unsentInPortal = (msp: Msp, runtime: Runtime): Promise<string> =>
  unsentFile(runtime, inPortal(msp), `/api/portal/customers/${msp.customer(1).customerId}/ticket-files`)

const peopleOf = (msp: Msp): string => `/api/portal/customers/${msp.customer(1).customerId}/people`

/** Somebody else of customer 1, with access of this kind; one who is kept out is so by their company. */
const colleague = async (msp: Msp, runtime: Runtime, access: string): Promise<string> => {
  const contactId = `colleague-${newSecret()}`
  await run(
    await runtime.database('SHARD_1'),
    `insert into contacts (msp_id, id, customer_id, name, email, is_portal_user, access, is_blocked_by_company, escalation_position, created_at) values (?1, ?2, ?3, 'Colleague', ?4, 1, ?5, ?5 = 'disabled', 9, 1)`,
    msp.mspId,
    contactId,
    msp.customer(1).customerId,
    `${contactId.toLowerCase()}@customer.example`,
    access,
  )
  return contactId
}

/** What was merged into this customer last. */
const mergeOf = async (msp: Msp, runtime: Runtime, number: number): Promise<string> => {
  const [merge] = await rows(
    await runtime.database('SHARD_1'),
    `select id from customer_merges where msp_id = ? and customer_id = ? order by id desc limit 1`,
    msp.mspId,
    msp.customer(number).customerId,
  )
  if (merge === undefined) throw new Error('Nothing was merged into this customer.')
  return String(merge.id)
}

const putImport = async (msp: Msp, runtime: Runtime, number: number, set: string): Promise<void> =>
  run(
    await runtime.database('SHARD_1'),
    `update customer_imports set ${set} where msp_id = ? and id = ?`,
    msp.mspId,
    msp.customer(number).importId,
  )

const invitation = async (msp: Msp, runtime: Runtime, number: number): Promise<string> => {
  const { customerId, contactId } = msp.customer(number)
  const database = await runtime.database('SHARD_1')
  const secret = newSecret()
  const now = Date.now()
  await run(
    database,
    `update contacts set access = 'invited', confirmed_at = null, password_hash = null where msp_id = ? and id = ?`,
    msp.mspId,
    contactId,
  )
  await run(
    database,
    `insert into invitations (msp_id, id, customer_id, contact_id, token_hash, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?)`,
    msp.mspId,
    `invitation-${number}`,
    customerId,
    contactId,
    hashOf(secret),
    now,
    now + 86_400_000,
  )
  const found = await rows(database, `select 1 from invitations where id = ?`, `invitation-${number}`)
  if (found.length !== 1) throw new Error('The invitation was not planted.')
  return secret
}

/** Somebody who was invited to the staff and has not joined yet. */
const invitedStaff = async (msp: Msp, runtime: Runtime): Promise<string> => {
  const id = newSecret()
  await run(
    await runtime.database('SHARD_1'),
    `insert into staff (msp_id, id, name, email, role, created_at) values (?, ?, 'Invited', ?, 'viewer', 1)`,
    msp.mspId,
    id,
    `${id.toLowerCase()}@staff.example`,
  )
  return id
}

/** A link by which the colleague sets a new password. */
const passwordReset = async (msp: Msp, runtime: Runtime): Promise<string> => {
  const secret = newSecret()
  await run(
    await runtime.database('SHARD_1'),
    `insert into password_resets (msp_id, id, staff_id, token_hash, created_at, expires_at) values (?, ?, ?, ?, ?, ?)`,
    msp.mspId,
    newSecret(),
    msp.colleagueId,
    hashOf(secret),
    Date.now(),
    Date.now() + 3_600_000,
  )
  return ['shard-1', msp.mspId, secret].join('.')
}

/** A link by which a new MSP's owner chooses a password. */
const askedSignUp = async (runtime: Runtime): Promise<string> => {
  const secret = newSecret()
  await run(
    await runtime.database('DIRECTORY'),
    `insert into sign_ups (id, token_hash, state, email, name, msp_name, password_hash, changed_at, expires_at) values (?1, ?2, 'asked', ?3, 'Olivia Bench', 'Bench sign-up', '', ?4, ?4 + 60000)`,
    newSecret(),
    hashOf(secret),
    `${newSecret().toLowerCase()}@sign-up.example`,
    Date.now(),
  )
  return secret
}

/** A white PNG of 40 × 20 px, different each time, so that it is stored anew. */
const picture = (): Uint8Array => {
  const [width, height] = [40, 20]
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const pixels = Buffer.alloc((width * 3 + 1) * height, 255)
  for (let line = 0; line < height; line += 1) pixels[line * (width * 3 + 1)] = 0
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`Comment\0${newSecret()}`)),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const chunk = (type: string, data: Buffer): Buffer => {
  const name = Buffer.from(type)
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(checksum(Buffer.concat([name, data])))
  return Buffer.concat([length, name, data, sum])
}

const checksum = (bytes: Uint8Array): number => {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 1) === 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}
