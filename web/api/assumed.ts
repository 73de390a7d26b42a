/**
 * The API as the web expects it, in the shape of the generated `schema.d.ts`: once that file exists, `client.ts`
 * takes its `paths` instead and the compiler says where the two differ.
 */

type Json<Body> = { content: { 'application/json': Body } }

type Operation<Parameters, Body, Answer> = (Body extends undefined
  ? { requestBody?: never }
  : { requestBody: Json<Body> }) & {
  parameters: Omit<{ query?: never; path?: never; header?: Record<string, string>; cookie?: never }, keyof Parameters> &
    Parameters
  responses: { 200: Answer extends void ? { content?: never } : Json<Answer> }
}

type Read<Answer, Parameters = unknown> = Operation<Parameters, undefined, Answer>
type Write<Body, Answer, Parameters = unknown> = Operation<Parameters, Body, Answer>
type Bare<Answer, Parameters = unknown> = Operation<Parameters, undefined, Answer>
type At<Names extends string> = { path: Record<Names, string> }
type Page<Item> = { items: Item[]; nextCursor: string | null }

// ── Portal ──

export type TenantState = 'connecting' | 'syncing' | 'connected' | 'consent_lost' | 'disconnected'
export type ServiceState = 'works' | 'degraded' | 'interrupted' | 'recovering' | 'unknown'
export type PersonChange = {
  day: string
  kind: 'joined' | 'left' | 'blocked' | 'unblocked'
  name: string
  detail: string | null
}

export type Dashboard = {
  asOf: string | null
  people: null | {
    activeCount: number
    changeCount7Days: number
    guests: number
    blockedCount: number
    asOf: string
    trend: { day: string; count: number }[]
    changes: PersonChange[]
  }
  licences: null | {
    asOf: string
    items: {
      skuId: string
      name: string
      boughtCount: number
      assignedCount: number
      overCount: number
      freeCount: number
    }[]
    renewals?: { skuId: string; name: string; at: string; seatCount: number }[]
  }
  security: null | {
    asOf: string
    current: number
    max: number
    comparison: number | null
    trend: { day: string; score: number }[]
    alerts: { id: string; title: string; severity: string; raisedAt: string }[]
  }
  health: null | {
    asOf: string
    services: { service: string; state: ServiceState; issueTitle: string | null; since: string | null }[]
  }
  tenants: { id: string; name: string; state: TenantState; asOf: string | null }[]
}

export type Invitation = { name: string; email: string; companyName: string; expiresAt: string }

// ── Admin ──

export type HealthLevel = 'red' | 'amber' | 'green' | 'grey'
export type HealthReason = {
  level: HealthLevel
  tenantName: string
  since: string | null
  text: string
  remedy: string
}
export type Health = { level: HealthLevel; since: string | null; asOf: string | null; reasons: HealthReason[] }
export type PortalState = 'none' | 'enabled' | 'disabled'

export type CustomerSummary = {
  id: string
  name: string
  state: 'active' | 'disabled' | 'archived'
  primaryContactName: string | null
  email: string | null
  tenantCount: number
  contactCount: number
  licensedUserCount: number
  health: Health
  portal: { state: PortalState; host: string | null; url: string | null }
  psaId: string | null
  createdAt: string
}
export type CustomerSort =
  | 'name'
  | '-name'
  | 'createdAt'
  | '-createdAt'
  | 'users'
  | '-users'
  | 'tenants'
  | '-tenants'
  | 'health'
  | '-health'
export type CustomerList = Page<CustomerSummary> & { truncated: boolean }

export type CustomerInput = {
  name: string
  email: string | null
  phone: string | null
  address: string | null
  notes: string | null
}
export type Customer = CustomerSummary & {
  phone: string | null
  address: string | null
  notes: string | null
  version: number
}

export type SyncStep = 'people' | 'licences' | 'security' | 'health' | 'finishing'
export type Sync = {
  kind: 'full' | 'delta'
  state: 'running' | 'done' | 'failed'
  step: SyncStep
  userCount: number
  userCountExpected: number | null
  startedAt: string
  finishedAt: string | null
  trouble: { part: string; message: string }[]
}

export type Tenant = {
  id: string
  name: string
  domain: string
  entraTenantId: string
  state: 'connected' | 'consent_lost' | 'removed'
  connectedAt: string
  connectedBy: string
  consentLostAt: string | null
  nextSyncAt: string | null
  lastGoodSyncAt: string | null
  activeUserCount: number
  licensedUserCount: number
  health: Health
  sync: Sync | null
}

export type PortalRole = 'portal_user' | 'portal_admin'
export type ContactInput = {
  name: string
  email: string | null
  phone: string | null
  jobTitle: string | null
  roles: PortalRole[]
}
export type Contact = ContactInput & {
  id: string
  isTheAdmin: boolean
  access: 'none' | 'invited' | 'active' | 'disabled'
  invitedAt: string | null
  confirmedAt: string | null
  lastSignInAt: string | null
  version: number
}

export type Logo = { url: string; width: number; height: number; byteCount: number }
export type BrandInput = {
  displayName: string | null
  homepage: string | null
  primaryColour: string | null
  accentColour: string | null
}
export type PortalInput = BrandInput & { prefix: string }
export type Portal = PortalInput & {
  state: 'enabled' | 'disabled'
  host: string
  url: string
  addressState: 'preparing' | 'active'
  logo: Logo | null
  version: number
}
export type Tone = {
  key: string
  theme: 'light' | 'dark'
  foreground: string
  background: string
  contrast: number
  required: number
  adjusted: boolean
  givenContrast: number | null
}

export type ActivityEntry = {
  id: string
  at: string
  actor: { kind: 'staff' | 'contact' | 'system' | 'visitor'; name: string }
  action: string
  subject: { kind: string; id: string; name: string }
  changes: { table: string; field: string; before: unknown; after: unknown }[]
}

export type Job = {
  id: string
  kind: string
  subjectName: string
  customerId: string | null
  state: 'waiting' | 'running' | 'done' | 'parked'
  dueAt: string
  attemptCount: number
  trouble: string | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

export type OrganisationInput = {
  name: string
  helpPhone: string | null
  helpEmail: string | null
  helpHours: string | null
  address: string | null
  timeZone: string
}
export type Organisation = OrganisationInput & { version: number }
export type PortalDefaultsInput = { homepage: string | null; primaryColour: string; accentColour: string }
export type PortalDefaults = PortalDefaultsInput & { logo: Logo | null; version: number }
export type MailSenderInput = { fromName: string; replyTo: string | null }
export type MailSender = MailSenderInput & { version: number }

type Customers = At<'customerId'>

export interface paths {
  '/api/auth/session': {
    put: Write<{ email: string; password: string }, { id: string; name: string }>
    delete: Bare<void>
  }
  '/api/auth/invitation/lookup': { post: Write<{ token: string }, Invitation> }
  '/api/auth/invitation/acceptance': { post: Write<{ token: string; password: string }, unknown> }
  '/api/portal/customers/{customerId}/dashboard': { get: Read<Dashboard, At<'customerId'>> }

  '/api/msp-portal/customers': {
    get: Read<
      CustomerList,
      { query?: { q?: string; sort?: CustomerSort; state?: 'active' | 'archived'; cursor?: string; limit?: number } }
    >
    post: Write<CustomerInput, Customer>
  }
  '/api/msp-portal/customers/{customerId}': {
    get: Read<Customer, Customers>
    put: Write<CustomerInput, Customer, Customers>
  }
  '/api/msp-portal/customers/{customerId}/tenants': {
    get: Read<{ items: Tenant[] }, Customers>
    post: Write<{ tenant: string }, { consentUrl: string }, Customers>
  }
  '/api/msp-portal/customers/{customerId}/tenants/{tenantId}': { delete: Bare<void, At<'customerId' | 'tenantId'>> }
  '/api/msp-portal/customers/{customerId}/tenants/{tenantId}/sync': {
    post: Bare<unknown, At<'customerId' | 'tenantId'>>
  }
  '/api/msp-portal/customers/{customerId}/contacts': {
    get: Read<{ items: Contact[] }, Customers>
    post: Write<ContactInput, Contact, Customers>
  }
  '/api/msp-portal/customers/{customerId}/contacts/{contactId}': {
    put: Write<ContactInput, Contact, At<'customerId' | 'contactId'>>
  }
  '/api/msp-portal/customers/{customerId}/contacts/{contactId}/invitation': {
    post: Bare<Contact, At<'customerId' | 'contactId'>>
  }
  '/api/msp-portal/customers/{customerId}/contacts/{contactId}/block': {
    put: Bare<void, At<'customerId' | 'contactId'>>
    delete: Bare<void, At<'customerId' | 'contactId'>>
  }
  '/api/msp-portal/customers/{customerId}/portal': {
    get: Read<Portal, Customers>
    put: Write<PortalInput, Portal, Customers>
  }
  '/api/msp-portal/customers/{customerId}/portal/closure': {
    put: Bare<void, Customers>
    delete: Bare<void, Customers>
  }
  '/api/msp-portal/customers/{customerId}/portal/logo': {
    put: Write<Blob, Logo, Customers>
    delete: Bare<void, Customers>
  }
  '/api/msp-portal/tones': { post: Write<{ primaryColour: string; accentColour: string }, { tones: Tone[] }> }
  '/api/msp-portal/customers/{customerId}/activity': {
    get: Read<Page<ActivityEntry>, Customers & { query?: { cursor?: string; limit?: number } }>
  }
  '/api/msp-portal/jobs': {
    get: Read<Page<Job>, { query?: { state?: Job['state']; cursor?: string; limit?: number } }>
  }
  '/api/msp-portal/jobs/{jobId}/retry': { post: Bare<unknown, At<'jobId'>> }
  '/api/msp-portal/settings/organisation': {
    get: Read<Organisation>
    put: Write<OrganisationInput, Organisation>
  }
  '/api/msp-portal/settings/portal': {
    get: Read<PortalDefaults>
    put: Write<PortalDefaultsInput, PortalDefaults>
  }
  '/api/msp-portal/settings/portal/logo': { put: Write<Blob, Logo>; delete: Bare<void> }
  '/api/msp-portal/settings/mail': { get: Read<MailSender>; put: Write<MailSenderInput, MailSender> }
}
