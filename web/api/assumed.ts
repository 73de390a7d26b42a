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

export type Health = {
  state: 'green' | 'amber' | 'red' | 'grey'
  since: string | null
  asOf: string | null
  reasons: { code: string; text: string }[]
}
export type PortalState = 'none' | 'enabled' | 'disabled'

export type CustomerRow = {
  id: string
  name: string
  primaryContact: { name: string | null; email: string } | null
  tenantCount: number
  userCount: number
  health: Health
  portal: { state: PortalState; address: string | null }
  createdAt: string
}

export type CustomerFields = {
  name: string
  email: string | null
  phone: string | null
  address: string | null
  notes: string | null
}

export type Customer = CustomerFields & {
  id: string
  createdAt: string
  health: Health
  portal: { state: PortalState; address: string | null }
  tenantCount: number
  contactCount: number
  userCount: number
  seats: { boughtCount: number; assignedCount: number; overCount: number } | null
  security: { current: number; max: number } | null
}

export type Sync = {
  step: string
  doneCount: number
  totalCount: number | null
  waitingUntil: string | null
}

export type Tenant = {
  id: string
  name: string
  domain: string | null
  state: TenantState
  userCount: number
  seats: { boughtCount: number; assignedCount: number } | null
  health: Health
  lastSyncAt: string | null
  nextSyncAt: string | null
  sync: Sync | null
  lastError: string | null
}

export type PortalRole = 'portal_user' | 'portal_admin'
export type ContactFields = {
  name: string
  email: string | null
  phone: string | null
  jobTitle: string | null
  roles: PortalRole[]
}
export type Contact = ContactFields & {
  id: string
  access: 'none' | 'invited' | 'active' | 'disabled'
  isPortalAdmin: boolean
  invitationExpiresAt: string | null
  lastSeenAt: string | null
}

export type Tone = { light: string; dark: string }
export type BrandTones = {
  tones: Record<string, Tone>
  pairs: { role: string; light: number; dark: number }[]
}
export type BrandFields = {
  displayName: string | null
  homepage: string | null
  primaryColour: string | null
  accentColour: string | null
}
export type Logo = { url: string; width: number; height: number }
export type PortalFields = BrandFields & { prefix: string }
export type Portal = BrandFields & {
  prefix: string | null
  state: PortalState
  logo: Logo | null
  defaults: BrandFields & { logo: Logo | null }
}
export type PortalDefaults = BrandFields & { logo: Logo | null }

export type ActivityEntry = {
  id: string
  at: string
  actor: { kind: 'staff' | 'contact' | 'program' | 'system'; name: string }
  what: string
  changes: { field: string; before: string | null; after: string | null }[]
}

export type Job = {
  id: string
  kind: string
  subject: string | null
  customer: { id: string; name: string } | null
  state: 'waiting' | 'running' | 'done' | 'parked'
  attemptCount: number
  error: string | null
  progress: Sync | null
  createdAt: string
  nextAttemptAt: string | null
  finishedAt: string | null
}

export type Organisation = {
  name: string
  helpPhone: string | null
  helpEmail: string | null
  helpHours: string | null
  timeZone: string
}
export type MailSender = { fromName: string; fromAddress: string | null }

type OfCustomer = At<'customerId'>

export interface paths {
  '/api/auth/session': {
    put: Write<{ email: string; password: string }, { person: { id: string; name: string } }>
    delete: Bare<void>
  }
  '/api/auth/invitation/lookup': { post: Write<{ token: string }, Invitation> }
  '/api/auth/invitation/acceptance': { post: Write<{ token: string; password: string }, unknown> }
  '/api/portal/customers/{customerId}/dashboard': { get: Read<Dashboard, OfCustomer> }

  '/api/msp-portal/customers': {
    get: Read<Page<CustomerRow>, { query?: { q?: string; sort?: string; cursor?: string; limit?: number } }>
    post: Write<CustomerFields, Customer>
  }
  '/api/msp-portal/customers/{customerId}': {
    get: Read<Customer, OfCustomer>
    put: Write<CustomerFields, Customer, OfCustomer>
  }
  '/api/msp-portal/customers/{customerId}/tenants': {
    get: Read<{ items: Tenant[] }, OfCustomer>
    post: Write<{ tenant: string }, { consentUrl: string }, OfCustomer>
  }
  '/api/msp-portal/customers/{customerId}/tenants/{tenantId}': { delete: Bare<void, At<'customerId' | 'tenantId'>> }
  '/api/msp-portal/customers/{customerId}/tenants/{tenantId}/sync': {
    put: Bare<unknown, At<'customerId' | 'tenantId'>>
  }
  '/api/msp-portal/customers/{customerId}/tenants/{tenantId}/consent': {
    post: Bare<{ consentUrl: string }, At<'customerId' | 'tenantId'>>
  }
  '/api/msp-portal/customers/{customerId}/contacts': {
    get: Read<{ items: Contact[] }, OfCustomer>
    post: Write<ContactFields, Contact, OfCustomer>
  }
  '/api/msp-portal/customers/{customerId}/contacts/{contactId}': {
    put: Write<ContactFields, Contact, At<'customerId' | 'contactId'>>
  }
  '/api/msp-portal/customers/{customerId}/contacts/{contactId}/invitation': {
    put: Bare<unknown, At<'customerId' | 'contactId'>>
  }
  '/api/msp-portal/customers/{customerId}/portal': {
    get: Read<Portal, OfCustomer>
    put: Write<PortalFields, Portal, OfCustomer>
  }
  '/api/msp-portal/customers/{customerId}/portal/opening': {
    put: Bare<unknown, OfCustomer>
    delete: Bare<void, OfCustomer>
  }
  '/api/msp-portal/customers/{customerId}/portal/logo': {
    put: Write<Blob, Logo, OfCustomer>
    delete: Bare<void, OfCustomer>
  }
  '/api/msp-portal/customers/{customerId}/activity': {
    get: Read<Page<ActivityEntry>, OfCustomer & { query?: { cursor?: string; limit?: number } }>
  }
  '/api/msp-portal/brand-tones': {
    get: Read<BrandTones, { query: { primaryColour: string; accentColour: string } }>
  }
  '/api/msp-portal/jobs': {
    get: Read<Page<Job>, { query?: { state?: string; cursor?: string; limit?: number } }>
  }
  '/api/msp-portal/jobs/{jobId}/retry': { put: Bare<unknown, At<'jobId'>> }
  '/api/msp-portal/settings/organisation': {
    get: Read<Organisation>
    put: Write<Organisation, Organisation>
  }
  '/api/msp-portal/settings/portal': {
    get: Read<PortalDefaults>
    put: Write<BrandFields, PortalDefaults>
  }
  '/api/msp-portal/settings/portal/logo': { put: Write<Blob, Logo>; delete: Bare<void> }
  '/api/msp-portal/settings/mail': { get: Read<MailSender>; put: Write<MailSender, MailSender> }
}
