import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessGrants,
  activities,
  apiScopes,
  customerImportRows,
  customerImports,
  customerMerges,
  customHostnames,
  jobs,
  microsoftApps,
  staff,
} from '../../db/shard/schema.ts'
import contract from '../contract/openapi.json'
import { now } from '../clock.ts'
import { withSafetyHeaders } from '../http/shell.ts'
import { sealedFor } from '../features/microsoft-apps/index.ts'
import { newId } from '../tenancy/ids.ts'
import { seal } from '../tenancy/seal.ts'
import { contactMay, staffMay } from '../tenancy/permissions.ts'
import { usualPolicy } from '../tenancy/policy.ts'
import type { ApiScope, ContactPermission, StaffPermission, StaffRole } from '../tenancy/permissions.ts'
import {
  ADMIN,
  call,
  environment,
  newContact,
  newCustomer,
  newDocument,
  newKey,
  newLicence,
  newMsp,
  newNotice,
  newPortal,
  newStaff,
  newTenant,
  newCannedReply,
  newRequest,
  newTicketWithFile,
  newUser,
} from './stage.ts'
import type { StagedCustomer, StagedMsp } from './stage.ts'

type Place = 'admin' | 'portal' | 'sign-in'
type Access =
  | { who: 'staff'; may: StaffPermission | 'be signed in'; scope: ApiScope | null }
  | { who: 'contact'; may: ContactPermission; scope: ApiScope | null }
  | { who: 'oneself'; scope: null }
  | { who: 'anyone'; on: Place[]; why: string }

export type Operation = {
  id: string
  method: string
  path: string
  access: Access
  /** The names in the path, such as customerId. */
  names: IdName[]
  /** A body that would be taken, so that a refusal is not one of the body. */
  body: Body | undefined
  /** The header parameters it takes. */
  takes: string[]
  /** What it may answer, by status; undefined for one that is not of the contract. */
  answers: Record<string, Answer> | undefined
}

type Answer = { headers?: Record<string, { required?: boolean }>; content?: Record<string, unknown> }

type Body = { json: unknown } | { file: Uint8Array<ArrayBuffer>; type: string; query?: string }
type IdName =
  | 'customerId'
  | 'contactId'
  | 'tenantId'
  | 'jobId'
  | 'documentId'
  | 'keyId'
  | 'noticeId'
  | 'mergeId'
  | 'hostnameId'
  | 'otherId'
  | 'importId'
  | 'rowId'
  | 'sessionId'
  | 'staffId'
  | 'grantId'
  | 'appId'
  | 'skuId'
  | 'userId'
  | 'ticketId'
  | 'fileId'
  | 'replyId'
  | 'requestId'
  | 'stepId'
  | 'id'

const json = (value: unknown): Body => ({ json: value })
const picture: Body = { file: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), type: 'image/png' }
const colours = { primaryColour: '#3a5488', accentColour: '#8a6d1f' }
const notice = {
  title: 'From a stranger',
  text: 'Nobody should read this.',
  startsAt: '2026-01-01T00:00:00Z',
  endsAt: '2099-01-01T00:00:00Z',
  customerIds: null,
}
/** How nobody has it from the start. */
export const selfService = {
  actions: {
    see_directory: 'off',
    see_licences: 'off',
    download_reports: 'off',
    create_tickets: 'off',
    new_user: 'direct',
    offboarding: 'off',
    password_reset: 'direct',
    licence_change: 'direct',
    group_change: 'direct',
  },
  askers: {
    new_user: 'portal_admins',
    offboarding: 'portal_admins',
    password_reset: 'portal_admins',
    licence_change: 'portal_admins',
    group_change: 'portal_admins',
  },
  customerApproves: true,
  approverRole: 'owner',
  approverIds: null,
  waitDays: 90,
}
/** The same, but for what everybody may read: whoever reads next still may. */
const readSelfService = {
  ...selfService,
  actions: { ...selfService.actions, see_directory: 'direct', see_licences: 'direct', download_reports: 'direct' },
}
const strangersRequest = {
  type: 'licence_change',
  skuId: 'a-stranger’s',
  moreSeats: 500,
  reason: 'A stranger asks.',
}
const token = 'a-token-that-nobody-was-ever-sent-1234567890'

/** One body for every operation that takes one. An operation without stops the tests: add its body here. */
const bodies: Record<string, Body> = {
  signIn: json({ email: 'nobody@customer.example', password: 'not a password' }),
  beginMicrosoftSignIn: json({ returnTo: '/' }),
  beginMicrosoftLink: json({ returnTo: '/' }),
  lookUpInvitation: json({ token }),
  renewInvitation: json({ token }),
  replaceTemporaryPassword: json({
    email: 'nobody@customer.example',
    temporaryPassword: 'babab-babab-babab-babab',
    password: 'correct horse battery staple',
  }),
  inviteColleague: json({ name: 'A stranger', email: 'stranger@customer.example', roles: ['portal_user'] }),
  changeColleagueRoles: json({ roles: ['portal_user'] }),
  grantLicencePermission: json({ permission: 'admin' }),
  grantAccess: json({ contactIds: ['nobodys'] }),
  saveWorkspace: json({ widgets: [] }),
  savePortalDirectory: json({ guestsShown: true, attributes: ['mobilePhone'] }),
  savePortalSignIn: json({ policy: 'microsoft_only' }),
  saveSignInSettings: json({ policy: 'microsoft_only' }),
  acceptInvitation: json({ token, password: 'correct horse battery staple' }),
  requestPasswordReset: json({ email: 'nobody@customer.example' }),
  lookUpPasswordReset: json({ token }),
  acceptPasswordReset: json({ token, password: 'correct horse battery staple' }),
  changePassword: json({ currentPassword: 'not a password', newPassword: 'correct horse battery staple' }),
  changeTicketMails: json({ mails: 'none' }),
  notePortalBellReading: json({ ticketId: null }),
  noteBellReading: json({ ticketId: null }),
  createCustomer: json({ name: 'Added by a stranger' }),
  replaceCustomer: json({ name: 'Renamed by a stranger' }),
  exportCustomers: json({ format: 'csv' }),
  exportActivity: json({ format: 'csv' }),
  archiveCustomers: json({ customerIds: ['nobodys'], archived: true }),
  orderContacts: json({ contactIds: [] }),
  addContact: json({ name: 'Added by a stranger' }),
  replaceContact: json({ name: 'Renamed by a stranger', email: 'stranger@customer.example' }),
  mergeCustomers: json({ survivorId: 'nobodys', mergedId: 'nobodys', survivorVersion: 1, mergedVersion: 1 }),
  uploadDocument: { file: Uint8Array.of(1, 2, 3), type: 'application/octet-stream', query: '?name=Strangers.pdf' },
  replaceDocument: json({ name: 'Renamed by a stranger', category: 'other', sharedWithCustomer: true }),
  savePortal: json({ prefix: 'strangers-own' }),
  enablePortal: json({ portalPrefix: 'strangers-own' }),
  addHostname: json({ hostname: 'portal.strangers.example' }),
  setPortalLogo: picture,
  deriveTones: json(colours),
  beginConnection: json({ tenant: 'strangers.example' }),
  confirmDepartures: json({ departures: { missingCount: 3 } }),
  saveOrganisation: json({ name: 'Strangers', timeZone: 'Europe/London', locale: 'en-GB', currency: 'GBP' }),
  saveBrand: json(colours),
  setDefaultLogo: picture,
  saveMailSender: json({ fromName: 'Strangers' }),
  nameMailAddress: json({ address: 'mail@strangers.example' }),
  verifyMailAddress: json({ token }),
  saveMailServer: json({ host: 'smtp.strangers.com', port: 587, security: 'starttls' }),
  saveMicrosoftApp: json({
    clientId: '5d6a3c1e-0b7f-4f0e-9c5b-2f4f5a8e1d01',
    directoryId: '5d6a3c1e-0b7f-4f0e-9c5b-2f4f5a8e1d02',
    clientSecret: 'a~stranger’s~own',
  }),
  renewFormerMicrosoftSecret: json({ clientSecret: 'a~stranger’s~own' }),
  createNotice: json(notice),
  replaceNotice: json(notice),
  signInByCode: json({ token, code: '000000' }),
  confirmTwoStep: json({ code: '000000' }),
  beginTwoStep: json({ password: 'not a password' }),
  renewRecoveryCodes: json({ password: 'not a password' }),
  turnOffTwoStep: json({ password: 'not a password' }),
  saveTwoStepRequirement: json({ twoStepRequired: false }),
  signUp: json({
    mspName: 'Strangers',
    name: 'A stranger',
    email: 'stranger@sign-up.example',
  }),
  lookUpSignUp: json({ token }),
  confirmSignUp: json({ token, password: 'correct horse battery staple' }),
  inviteStaff: json({ name: 'Invited by a stranger', email: 'stranger@staff.example', role: 'viewer' }),
  changeStaffRole: json({ role: 'viewer' }),
  createApiKey: json({ name: 'Made by a stranger', scopes: ['customers:read'] }),
  createCustomerImport: json({ fileName: 'strangers.csv' }),
  uploadCustomerImport: { file: Uint8Array.from(new TextEncoder().encode('Name\nStrangers\n')), type: 'text/csv' },
  chooseCustomerImportColumns: json({ columns: ['name'] }),
  replaceCustomerImportRow: json({ name: 'Renamed by a stranger' }),
  saveSku: json({ name: 'Named by a stranger', price: { amountMinor: 1, per: 'month' } }),
  saveLicenceTerms: json({ costsShown: true, prices: [] }),
  downloadReport: json({ report: 'licences', format: 'csv' }),
  downloadAccountMatters: json({ kind: 'renewals', format: 'csv' }),
  downloadCustomerReport: json({ report: 'users', format: 'csv' }),
  saveMonthlyDefaults: json({ sent: false, parts: ['people'], day: 15 }),
  saveSelfService: json(readSelfService),
  saveCustomerSelfService: json({ ...readSelfService, approverRole: null, waitDays: null }),
  saveReportSettings: json({ parts: ['people'], contactIds: [] }),
  createTicket: json({
    subject: 'From a stranger',
    description: 'Nobody should read this.',
    category: 'network',
    priority: 'urgent',
  }),
  replaceTicket: json({
    subject: 'Renamed by a stranger',
    category: 'network',
    priority: 'low',
    assignee: null,
    requester: null,
    about: null,
  }),
  answerTicket: json({ text: 'A stranger answers.' }),
  noteInTicket: json({ text: 'A stranger notes.' }),
  mergeTicket: json({ into: 'nobodys' }),
  uploadStaffTicketFile: {
    file: Uint8Array.of(1, 2, 3),
    type: 'application/octet-stream',
    query: '?name=Strangers.pdf',
  },
  saveTicketSettings: json({
    categories: [{ id: 'network', name: 'Strangers' }],
    priorities: (['low', 'normal', 'high', 'urgent'] as const).map((priority) => ({
      priority,
      name: priority,
      customerName: priority,
      firstAnswerHours: null,
      resolutionHours: null,
    })),
    reopenDays: 1,
  }),
  addCannedReply: json({ title: 'From a stranger', text: 'Nobody should read this.' }),
  replaceCannedReply: json({ title: 'From a stranger', text: 'Nobody should read this.' }),
  raiseTicket: json({ subject: 'From a stranger', description: 'Nobody should read this.', category: 'network' }),
  commentTicket: json({ text: 'A stranger says so.' }),
  rateTicket: json({ rating: 'not_satisfied', comment: 'A stranger is not satisfied.' }),
  uploadTicketFile: { file: Uint8Array.of(1, 2, 3), type: 'application/octet-stream', query: '?name=Strangers.pdf' },
  checkRequest: json(strangersRequest),
  saveRequestForms: json({ forms: { new_user: { hidden: ['phone'] } } }),
  saveCustomerRequestForms: json({ forms: { new_user: { hidden: { phone: true } } } }),
  submitRequest: json(strangersRequest),
  createRequest: json({ ...strangersRequest, requestedBy: 'nobodys' }),
  approveRequest: json({ reason: 'A stranger says yes.' }),
  declineRequest: json({ reason: 'A stranger says no.' }),
  withdrawRequest: json({ reason: 'A stranger takes it back.' }),
  approveStaffRequest: json({ reason: 'A stranger says yes.' }),
  declineStaffRequest: json({ reason: 'A stranger says no.' }),
  completeRequest: json({ leaveOpen: true }),
}

/** What an operation must be asked beside its path. */
const queries: Record<string, (ids: Ids) => string> = {
  previewMerge: ({ customerId, otherId }) => `?survivorId=${customerId}&mergedId=${otherId}`,
  readReport: () => '?report=licences',
  readCustomerReport: () => '?report=users',
}

type Described = {
  operationId?: string
  'x-access'?: Access
  parameters?: { in: string; name: string }[]
  requestBody?: { content: Record<string, unknown> }
  responses?: Record<string, Answer>
}

/** Every operation of the contract. Throws for one that does not say who may call it, or that has no body here. */
export const everyOperation = (paths: Record<string, unknown> = contract.paths): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Described>).map(([method, described]) => {
      const id = described.operationId
      const access = described['x-access']
      const told = `${method.toUpperCase()} ${path}`
      if (id === undefined) throw new Error(`${told} has no operationId.`)
      if (access === undefined) throw new Error(`${told} does not say who may call it.`)
      const body = bodies[id]
      if (described.requestBody !== undefined && body === undefined)
        throw new Error(`${told} takes a body: name one in worker/test/strangers.ts.`)
      // An upload's key names nothing that is there: it is the caller's own.
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].filter(([, name]) => name !== 'uploadKey')
      const names = inPath.map(([, name]) => idName(name ?? '', told))
      const takes = (described.parameters ?? []).flatMap((one) => (one.in === 'header' ? [one.name.toLowerCase()] : []))
      return { id, method: method.toUpperCase(), path, access, names, body, takes, answers: described.responses }
    }),
  )

const idName = (name: string, told: string): IdName => {
  switch (name) {
    case 'customerId':
    case 'contactId':
    case 'tenantId':
    case 'jobId':
    case 'documentId':
    case 'keyId':
    case 'noticeId':
    case 'mergeId':
    case 'hostnameId':
    case 'importId':
    case 'rowId':
    case 'sessionId':
    case 'staffId':
    case 'grantId':
    case 'appId':
    case 'skuId':
    case 'userId':
    case 'ticketId':
    case 'fileId':
    case 'replyId':
    case 'requestId':
    case 'stepId':
    case 'id':
      return name
    default:
      throw new Error(`${told} has an id that strangers have none of: name it in worker/test/strangers.ts.`)
  }
}

export type Ids = Record<IdName, string>

/**
 * The same names throughout: Northwind with Fabrikam and its double, a double of Northwind on the same shard and one on
 * the other. Each Fabrikam has an open portal with three contacts, a tenant and a job.
 */
export const strangersCast = async () => {
  const one = await newMsp('Northwind IT', 'shard-1')
  const [northwind, double, remote] = await Promise.all([
    mspOf(one),
    mspOf(await newMsp('Northwind IT', 'shard-1')),
    mspOf(await newMsp('Northwind IT', 'shard-2')),
  ])
  const keys = await keysOf(one, northwind.staff.owner)
  return { northwind: { ...northwind, keys }, double, remote, madeUp: madeUpIds() }
}
export type StrangersCast = Awaited<ReturnType<typeof strangersCast>>

const madeUpIds = (): Ids => ({
  customerId: newId(now()),
  contactId: newId(now()),
  tenantId: newId(now()),
  jobId: newId(now()),
  documentId: newId(now()),
  keyId: newId(now()),
  noticeId: newId(now()),
  mergeId: newId(now()),
  hostnameId: newId(now()),
  otherId: newId(now()),
  importId: newId(now()),
  rowId: newId(now()),
  sessionId: newId(now()),
  staffId: newId(now()),
  grantId: newId(now()),
  appId: newId(now()),
  skuId: newId(now()),
  userId: newId(now()),
  ticketId: newId(now()),
  fileId: newId(now()),
  replyId: newId(now()),
  requestId: newId(now()),
  stepId: newId(now()),
  id: newId(now()),
})

const mspOf = async (msp: StagedMsp) => {
  const staff = {
    viewer: await newStaff(msp, 'viewer'),
    technician: await newStaff(msp, 'technician'),
    admin: await newStaff(msp, 'admin'),
    owner: await newStaff(msp, 'owner'),
  }
  const maker = staff.owner
  return { msp, staff, fabrikam: await customerOf(msp, maker), twin: await customerOf(msp, maker) }
}

/** The keys of an MSP's owner: what is none, and for each scope one that opens only it, and one that opens all else. */
const keysOf = async (msp: StagedMsp, maker: { id: string }) => {
  const each = async (scopesFor: (scope: ApiScope) => ApiScope[]) =>
    new Map(
      await Promise.all(apiScopes.map(async (scope) => [scope, await newKey(msp, maker, scopesFor(scope))] as const)),
    )
  return {
    all: await newKey(msp, maker),
    expired: await newKey(msp, maker, apiScopes, { expiresAt: now() - 1 }),
    revoked: await newKey(msp, maker, apiScopes, { revokedAt: now() - 1 }),
    only: await each((scope) => [scope]),
    allBut: await each((scope) => apiScopes.filter((one) => one !== scope)),
  }
}

const customerOf = async (msp: StagedMsp, maker: { id: string }) => {
  const customer = await newCustomer(msp, 'Fabrikam')
  const portal = await newPortal(customer)
  const people = {
    admin: await newContact(portal, ['portal_admin']),
    user: await newContact(portal, ['portal_user']),
    /** Holds no role at all. */
    bystander: await newContact(portal, []),
  }
  // It is kept for as long as a tenant is read with it.
  const app = await newFormerApp(msp)
  const tenant = await newTenant(customer, { name: 'Fabrikam', clientId: app.clientId })
  const scope = msp.scope.forCustomer(customer.customerId)
  const jobId = newId(now())
  const job = {
    kind: 'test',
    payload: {},
    naturalKey: `test:${jobId}`,
    subjectName: 'Fabrikam',
    state: 'parked',
  } as const
  await scope.record(scope.add(jobs, { id: jobId, ...job, dueAt: now(), createdAt: now() }))
  const documentId = await newDocument(customer)
  const { customerId } = customer
  const ids: Ids = {
    customerId,
    contactId: people.user.id,
    tenantId: tenant.id,
    jobId,
    documentId,
    keyId: (await newKey(msp, maker)).id,
    noticeId: (await newNotice(msp, [customerId])).id,
    mergeId: await newMerge(customer),
    hostnameId: await newHostname(customer),
    otherId: (await newCustomer(msp)).customerId,
    // With nothing to do: an import at work would keep others of this MSP from working.
    ...(await importOf(msp, 'checked', 0)),
    // A colleague's, whoever of those who may ask asks.
    sessionId: people.user.sessionId,
    staffId: await newInvitedStaff(msp),
    grantId: await newGrant(msp),
    appId: app.id,
    skuId: await newLicence(customer, { tenantId: tenant.id }),
    userId: await newUser(customer, tenant.id),
    ...(await newTicketWithFile(people.admin, people.user)),
    replyId: await newCannedReply(msp),
    ...(await newRequest(people.admin)),
    id: customerId,
  }
  return { customer, portal, people, ids }
}

/** Somebody who was invited to the staff and has not joined yet. */
const newInvitedStaff = async (msp: StagedMsp): Promise<string> => {
  const id = newId(now())
  const email = `invited-${id}@staff.example`
  await msp.scope.commit(
    { action: 'stage.staff', subject: { kind: 'staff', id, name: 'Invited' } },
    msp.scope.add(staff, { id, name: 'Invited', email, role: 'viewer', createdAt: now() }),
  )
  return id
}

/** An app registration of the MSP's own that is in force no more. */
export const newFormerApp = async ({ scope, mspId }: StagedMsp) => {
  const id = newId(now())
  const clientId = crypto.randomUUID()
  await scope.commit(
    { action: 'stage.app', subject: { kind: 'microsoft_app', id, name: clientId } },
    scope.add(microsoftApps, {
      id,
      clientId,
      directoryId: crypto.randomUUID(),
      clientSecretSealed: await seal(environment, 'a~former~secret', sealedFor({ mspId, id })),
      createdAt: now(),
    }),
  )
  return { id, clientId }
}

/** A host name of a customer's own that is claimed and was never looked at. */
const newHostname = async ({ msp, customerId }: StagedCustomer): Promise<string> => {
  const id = newId(now())
  const hostname = `${id}.fabrikam.example`
  const scope = msp.scope.forCustomer(customerId)
  await scope.commit(
    { action: 'stage.hostname', subject: { kind: 'hostname', id, name: hostname } },
    scope.add(customHostnames, { id, hostname, state: 'pending', proofText: id, createdAt: now() }),
  )
  return id
}

/** Something that was merged into a customer, and whose 30 days are over. */
const newMerge = async ({ msp, customerId, name }: StagedCustomer): Promise<string> => {
  const id = newId(now())
  await msp.scope.commit(
    { action: 'stage.merge', subject: { kind: 'customer', id: customerId, name } },
    msp.scope.add(customerMerges, {
      id,
      customerId,
      survivorId: customerId,
      survivorName: name,
      mergedId: newId(now()),
      mergedName: 'Fabrikam Ltd',
      moved: { tenants: 0, contacts: 0, documents: 0, portal: false },
      mergedAt: now(),
      mergedByName: 'Stage',
      undoEndsAt: now(),
      undoneAt: now(),
      undoneByName: 'Stage',
    }),
  )
  return id
}

/** Access that was given to nobody, and is done. */
const newGrant = async ({ scope }: StagedMsp): Promise<string> => {
  const id = newId(now())
  const made = { actorKind: 'system' as const, actorId: 'stage', actorName: 'Stage', createdAt: now() }
  await scope.record(scope.add(accessGrants, { id, state: 'done', totalCount: 0, outcomes: {}, ...made }))
  return id
}

/** An import of one row, of which no other is at work. */
export const importOf = async ({ scope }: StagedMsp, state: 'checked' | 'done' = 'checked', createCount = 1) => {
  const importId = newId(now())
  const rowId = `${importId}.000000`
  const made = {
    createdByName: 'Stage',
    actorKind: 'staff' as const,
    actorId: 'stage',
    actorName: 'Stage',
    createdAt: now(),
  }
  await scope.record(
    scope.changeAll(customerImports, eq(customerImports.state, 'running'), { state: 'done' }),
    scope.add(customerImports, {
      id: importId,
      fileName: 'customers.csv',
      state,
      createCount,
      finishedAt: state === 'done' ? now() : null,
      ...made,
      expiresAt: now() + 86_400_000,
    }),
    scope.add(customerImportRows, {
      id: rowId,
      importId,
      line: 2,
      cells: { name: 'Fabrikam' },
      decision: 'create',
      changes: [],
      faults: [],
    }),
  )
  return { importId, rowId }
}

/** Who asks where for what, and how it is refused; `like` are made-up ids, which must be answered no differently. */
export type Refusal = {
  name: string
  status: 401 | 403 | 404
  ask: (cast: StrangersCast) => {
    host: string
    as?: { cookie: string }
    bearer?: string
    ids: Ids
    like?: Ids
    site?: string
  }
}

/** The common refusals of one operation. */
export const refusalsOf = (operation: Operation): Refusal[] => {
  const { access } = operation
  const own = ({ northwind }: StrangersCast) => northwind.fabrikam.ids
  const hosts = ({ northwind }: StrangersCast): Record<Place, string> => ({
    admin: ADMIN,
    portal: northwind.fabrikam.portal.host,
    'sign-in': environment.SIGN_IN_HOST,
  })
  const places = placesOf(access)
  const elsewhere = (['admin', 'portal', 'sign-in'] as const).filter((place) => !places.includes(place))
  const wrongHosts = elsewhere.map((place): Refusal => ({
    name: `at the ${place} host, where it is not`,
    status: 404,
    ask: (cast) => ({
      host: hosts(cast)[place],
      ids: own(cast),
      as: place === 'portal' ? cast.northwind.fabrikam.people.admin : cast.northwind.staff.owner,
    }),
  }))
  switch (access.who) {
    case 'staff':
      return [...wrongHosts, ...refusalsOfStaff(operation, access.may), ...refusalsOfKeys(operation, access)]
    case 'contact':
      return [...wrongHosts, ...refusalsOfContacts(access.may), ...refusalsOfKeys(operation, access)]
    case 'oneself':
      return [...wrongHosts, ...refusalsOfOneself(operation)]
    case 'anyone':
      return wrongHosts
  }
}

const placesOf = (access: Access): Place[] => {
  switch (access.who) {
    case 'staff':
      return ['admin']
    case 'contact':
      return ['portal']
    case 'oneself':
      return ['admin', 'portal']
    case 'anyone':
      return access.on
  }
}

const refusalsOfStaff = ({ names, method }: Operation, may: StaffPermission | 'be signed in'): Refusal[] => {
  const host = ADMIN
  const own = ({ northwind }: StrangersCast) => northwind.fabrikam.ids
  const wrongRoles = (Object.keys(staffMay) as StaffRole[]).filter(
    (role) => may !== 'be signed in' && !staffMay[role].has(may),
  )
  const foreign = (name: string, idsOf: (cast: StrangersCast) => Ids): Refusal => ({
    name,
    status: 404,
    ask: (cast) => ({ host, as: cast.northwind.staff.owner, ids: idsOf(cast), like: cast.madeUp }),
  })
  // Each id by itself, too, beside ids that are the caller's own: the last may not be looked up without the first.
  const [first, ...inner] = names
  return [
    { name: 'from nobody', status: 401, ask: (cast) => ({ host, ids: own(cast) }) },
    {
      name: 'from a contact, who is nobody here',
      status: 401,
      ask: (cast) => ({ host, ids: own(cast), as: cast.northwind.fabrikam.people.admin }),
    },
    ...wrongRoles.map((role): Refusal => ({
      name: `from ${role === 'admin' || role === 'owner' ? 'an' : 'a'} ${role}`,
      status: 403,
      ask: (cast) => ({ host, ids: own(cast), as: cast.northwind.staff[role] }),
    })),
    ...(method === 'GET'
      ? []
      : [
          {
            name: 'from a page of a sibling portal',
            status: 403 as const,
            ask: (cast: StrangersCast) => ({ host, ids: own(cast), as: cast.northwind.staff.owner, site: 'same-site' }),
          },
        ]),
    ...(first === undefined
      ? []
      : [
          foreign('for what belongs to another MSP of the same shard', ({ double }) => double.fabrikam.ids),
          foreign('for what belongs to an MSP of another shard', ({ remote }) => remote.fabrikam.ids),
        ]),
    ...inner.flatMap((name) => [
      foreign(`for the ${name} of another customer, as though it were this one’s`, ({ northwind }) => ({
        ...northwind.fabrikam.ids,
        [name]: northwind.twin.ids[name],
      })),
      foreign(`for the ${name} of another MSP, as though it were this one’s`, ({ northwind, double }) => ({
        ...northwind.fabrikam.ids,
        [name]: double.fabrikam.ids[name],
      })),
      foreign(`for this customer’s ${name}, as though it were another customer’s`, ({ northwind }) => ({
        ...northwind.twin.ids,
        [name]: northwind.fabrikam.ids[name],
      })),
    ]),
  ]
}

const refusalsOfContacts = (may: ContactPermission): Refusal[] => {
  const host = ({ northwind }: StrangersCast) => northwind.fabrikam.portal.host
  const own = ({ northwind }: StrangersCast) => northwind.fabrikam.ids
  const allowed = ({ northwind }: StrangersCast) => northwind.fabrikam.people.admin
  const foreign = (name: string, idsOf: (cast: StrangersCast) => Ids): Refusal => ({
    name,
    status: 404,
    ask: (cast) => ({ host: host(cast), as: allowed(cast), ids: idsOf(cast), like: cast.madeUp }),
  })
  const visitor = (name: string, asOf: (cast: StrangersCast) => { cookie: string } | undefined): Refusal => ({
    name,
    status: 401,
    ask: (cast) => {
      const as = asOf(cast)
      return { host: host(cast), ids: own(cast), ...(as === undefined ? {} : { as }) }
    },
  })
  const wrongRole = (person: 'bystander' | 'user', name: string): Refusal => ({
    name,
    status: 403,
    ask: (cast) => ({ host: host(cast), ids: own(cast), as: cast.northwind.fabrikam.people[person] }),
  })
  return [
    visitor('from nobody', () => undefined),
    visitor('from staff, who are nobody here', ({ northwind }) => northwind.staff.owner),
    visitor('from a contact of another customer', ({ northwind }) => northwind.twin.people.admin),
    visitor('from a contact of another MSP', ({ double }) => double.fabrikam.people.admin),
    visitor('from a contact of an MSP on another shard', ({ remote }) => remote.fabrikam.people.admin),
    ...(contactMay({ isPortalUser: false, isPortalAdmin: false }, usualPolicy).has(may)
      ? []
      : [wrongRole('bystander', 'from somebody without a role')]),
    ...(contactMay({ isPortalUser: true, isPortalAdmin: false }, usualPolicy).has(may)
      ? []
      : [wrongRole('user', 'from a portal user')]),
    foreign('for another customer of the same MSP', ({ northwind }) => northwind.twin.ids),
    foreign('for a customer of another MSP', ({ double }) => double.fabrikam.ids),
    foreign('for a customer of an MSP on another shard', ({ remote }) => remote.fabrikam.ids),
  ]
}

/** What concerns oneself alone is refused to who is nobody there, and for what is a colleague's, at both kinds of host. */
const refusalsOfOneself = ({ names, method }: Operation): Refusal[] => {
  const hosts = { admin: () => ADMIN, portal: ({ northwind }: StrangersCast) => northwind.fabrikam.portal.host }
  const own = ({ northwind }: StrangersCast) => northwind.fabrikam.ids
  type Asks = (cast: StrangersCast) => {
    as?: { cookie: string }
    bearer?: string
    site?: string
    ids?: Ids
    like?: Ids
  }
  const refused = (place: keyof typeof hosts, name: string, status: Refusal['status'], asks: Asks): Refusal => ({
    name: `at the ${place} host ${name}`,
    status,
    ask: (cast) => ({ host: hosts[place](cast), ids: own(cast), ...asks(cast) }),
  })
  const staff: Asks = ({ northwind }) => ({ as: northwind.staff.owner })
  const contact: Asks = ({ northwind }) => ({ as: northwind.fabrikam.people.admin })
  const colleague = ({ northwind }: StrangersCast) => northwind.staff.technician.sessionId
  const foreign = (place: keyof typeof hosts, name: string, asks: Asks, sessionOf: (cast: StrangersCast) => string) =>
    refused(place, `for ${name}`, 404, (cast) => ({
      ...asks(cast),
      ids: { ...own(cast), sessionId: sessionOf(cast) },
      like: cast.madeUp,
    }))
  return [
    refused('admin', 'from nobody', 401, () => ({})),
    refused('portal', 'from nobody', 401, () => ({})),
    refused('admin', 'from a contact', 401, contact),
    refused('portal', 'from staff', 401, staff),
    refused('portal', 'from a contact of another customer', 401, ({ northwind }) => ({
      as: northwind.twin.people.admin,
    })),
    refused('portal', 'from a contact of another MSP', 401, ({ double }) => ({ as: double.fabrikam.people.admin })),
    refused('portal', 'from somebody without a role', 403, ({ northwind }) => ({
      as: northwind.fabrikam.people.bystander,
    })),
    refused('admin', 'from a key, beside an owner’s cookie', 401, ({ northwind }) => ({
      as: northwind.staff.owner,
      bearer: northwind.keys.all.bearer,
    })),
    ...(method === 'GET'
      ? []
      : [
          refused('admin', 'from a page of a sibling portal', 403, (cast) => ({ ...staff(cast), site: 'same-site' })),
          refused('portal', 'from a page of a sibling portal', 403, (cast) => ({
            ...contact(cast),
            site: 'same-site',
          })),
        ]),
    ...(names.length === 0
      ? []
      : [
          foreign('admin', 'what is a colleague’s', staff, colleague),
          foreign('admin', 'what is a contact’s', staff, (cast) => own(cast).sessionId),
          foreign('admin', 'what is somebody’s of another MSP', staff, ({ double }) => double.staff.owner.sessionId),
          foreign('portal', 'what is a colleague’s', contact, (cast) => own(cast).sessionId),
          foreign('portal', 'what is staff’s', contact, colleague),
          foreign('portal', 'what is another customer’s', contact, ({ northwind }) => northwind.twin.ids.sessionId),
        ]),
  ]
}

/** What is refused to programs: without a key that is taken, without its scope, at a portal, and for what is others'. */
const refusalsOfKeys = (
  { names }: Operation,
  { who, scope }: Extract<Access, { who: 'staff' | 'contact' }>,
): Refusal[] => {
  const own = ({ northwind }: StrangersCast) => northwind.fabrikam.ids
  type Keys = StrangersCast['northwind']['keys']
  const asks = (
    name: string,
    status: Refusal['status'],
    bearerOf: (keys: Keys) => string,
    more: (cast: StrangersCast) => object = () => ({}),
  ): Refusal => ({
    name,
    status,
    ask: (cast) => ({ host: ADMIN, ids: own(cast), bearer: bearerOf(cast.northwind.keys), ...more(cast) }),
  })
  const all = (keys: Keys) => keys.all.bearer
  const atPortal = asks('from a key, at a portal', who === 'staff' ? 404 : 401, all, ({ northwind }) => ({
    host: northwind.fabrikam.portal.host,
    as: northwind.fabrikam.people.admin,
  }))
  const isAtAdmin = who === 'staff' || scope !== null
  if (!isAtAdmin) return [atPortal, asks('from a key, at the admin host', 404, all)]
  const byOwner = ({ northwind }: StrangersCast) => ({ as: northwind.staff.owner })
  const foreign = (name: string, idsOf: (cast: StrangersCast) => Ids) =>
    asks(name, 404, all, (cast) => ({ ids: idsOf(cast), like: cast.madeUp }))
  return [
    atPortal,
    asks('from an expired key', 401, ({ expired }) => expired.bearer),
    asks('from a revoked key', 401, ({ revoked }) => revoked.bearer),
    asks('from a key that is none, beside an owner’s cookie', 401, () => 'Bearer key_none', byOwner),
    asks('from no key at all, said so beside an owner’s cookie', 401, () => 'Bearer', byOwner),
    scope === null
      ? asks('from any key', 403, all)
      : asks('from a key without the scope', 403, ({ allBut }) => allBut.get(scope)?.bearer ?? ''),
    ...(names.length === 0 || scope === null
      ? []
      : [
          foreign('from a key, for what belongs to another MSP of the same shard', ({ double }) => double.fabrikam.ids),
          foreign('from a key, for what belongs to an MSP of another shard', ({ remote }) => remote.fabrikam.ids),
        ]),
  ]
}

/** Sends an operation as it would be taken, but for who sends it and for what. */
export const send = async (
  operation: Operation,
  to: {
    host: string
    as?: { cookie: string }
    bearer?: string
    ids: Ids
    site?: string
    headers?: Record<string, string>
    raw?: Raw
  },
): Promise<Response> => {
  const { method, path, body } = operation
  const ids: Record<string, string> = { ...to.ids, uploadKey: 'strangers-own' }
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '')
  const query = queries[operation.id]?.(to.ids) ?? (body !== undefined && 'file' in body ? (body.query ?? '') : '')
  const own: Raw =
    body === undefined
      ? { raw: null, headers: {} }
      : 'json' in body
        ? { raw: JSON.stringify(body.json), headers: { 'content-type': 'application/json' } }
        : { raw: body.file, headers: { 'content-type': body.type, 'content-length': String(body.file.byteLength) } }
  const { raw, headers } = to.raw ?? own
  const answer = await call(to.host, method, filled + query, {
    ...(to.as === undefined ? {} : { as: to.as }),
    ...(to.bearer === undefined ? {} : { bearer: to.bearer }),
    // A program says nothing of where it comes from.
    ...(to.site === undefined ? (to.bearer === undefined ? {} : { site: null }) : { site: to.site }),
    ...(raw === null ? {} : { raw }),
    headers: { ...headers, ...to.headers },
  })
  expect(undeclaredIn(operation, answer), `${operation.id} answered ${answer.status}`).toEqual([])
  return answer
}

/** A body sent as it is, in place of the operation's own. */
export type Raw = { raw: BodyInit | null; headers: Record<string, string> }

/** What every answer of the Worker carries, which the contract says once and not with each answer. */
const carriedByAll = new Set([
  ...[...withSafetyHeaders(new Response(null), '').headers.keys()].filter((name) => name !== 'x-request-id'),
  'content-type',
  'content-length',
])

/** What of an answer the contract does not say: its status, a header too many or too few, its kind of content. */
export const undeclaredIn = ({ answers }: Pick<Operation, 'answers'>, answer: Response): string[] => {
  if (answers === undefined) return []
  const declared = answers[answer.status]
  if (declared === undefined) return [`status ${answer.status}`]
  const headers = Object.entries(declared.headers ?? {}).map(([name, said]) => [name.toLowerCase(), said] as const)
  const names = new Set(headers.map(([name]) => name))
  const kind = answer.headers.get('content-type')?.split(';')[0]
  const kinds = Object.keys(declared.content ?? {})
  return [
    ...[...answer.headers.keys()].filter((name) => !names.has(name) && !carriedByAll.has(name)),
    ...headers.flatMap(([name, { required }]) =>
      required === true && !answer.headers.has(name) ? [`no ${name}`] : [],
    ),
    ...(kind === undefined ? (kinds.length === 0 ? [] : ['no content']) : kinds.includes(kind) ? [] : [kind]),
  ]
}

/** An answer but for what names the request itself. */
export const seenBy = async (answer: Response) => {
  const requestId = answer.headers.get('x-request-id') ?? ''
  expect(requestId).not.toBe('')
  return {
    status: answer.status,
    headers: Object.fromEntries([...answer.headers].filter(([name]) => name !== 'x-request-id')),
    body: (await answer.text()).replaceAll(requestId, '<request>'),
  }
}

/**
 * The common refusals of operations, as tests: nobody, the wrong role, another MSP, another customer, another host. What
 * is somebody else's looks, byte for byte, like what does not exist; and none of it leaves a trace with its owner.
 */
export const strangers = (operations: Operation[]): void => {
  let cast: StrangersCast
  let before: string
  beforeAll(async () => {
    cast = await strangersCast()
    before = await historyOf(cast)
  })
  afterAll(async () => {
    expect(await historyOf(cast), 'A refused request was carried out all the same.').toBe(before)
  })

  describe.each(operations.map((operation) => [operation.id, operation] as const))('%s is refused', (_, operation) => {
    it.each(refusalsOf(operation).map((refusal) => [refusal.name, refusal] as const))('%s', (_name, refusal) =>
      expectRefused(operation, refusal, cast),
    )
  })
}

/** Asks, and throws unless it is refused as it should be, and no differently than for what does not exist. */
export const expectRefused = async (operation: Operation, refusal: Refusal, cast: StrangersCast): Promise<void> => {
  const { like, ...asked } = refusal.ask(cast)
  const answer = await send(operation, asked)
  expect(answer.status, await answer.clone().text()).toBe(refusal.status)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  if (like === undefined) return
  expect(await seenBy(answer)).toEqual(await seenBy(await send(operation, { ...asked, ids: like })))
}

/** Everything that was ever done to the cast. */
const historyOf = async ({ northwind, double, remote }: StrangersCast): Promise<string> =>
  JSON.stringify(
    await Promise.all(
      [northwind, double, remote].map(({ msp }) => msp.scope.list(activities, { orderBy: [activities.id] })),
    ),
  )
