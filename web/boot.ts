/**
 * What the Worker knew when it wrote this page: who this host belongs to and who is signed in.
 * It travels as JSON inside the document, so the first paint waits for no request.
 */

export type Help = { name: string; phone: string | null; email: string | null; hours: string | null }

/** How many tickets hold something that was not read yet, as far as a bell counts. */
export type Unread = { count: number; more: boolean }

export type PortalPerson = {
  id: string
  name: string
  email: string
  roles: string[]
  canSee: string[]
  unread: Unread
}

export type PortalBoot = {
  kind: 'portal'
  customerId: string
  displayName: string
  homepage: string | null
  logoUrl: string | null
  help: Help
  locale: string
  timeZone: string
  signIn: { policy: 'invitation' | 'temporary_password' | 'microsoft_only' }
  /** Whether anything is shared that this person may see. */
  hasDocuments: boolean
  /** Whether this person may see the directory, and the portal shows it. */
  hasDirectory: boolean
  person: PortalPerson | null
  /** Somebody of the MSP looks at the portal as this person, until then; nothing can be changed. */
  preview: PortalPreview | null
}

export type PortalPreview = { staffName: string; contactName: string; until: string; endUrl: string }

export type StaffRole = 'owner' | 'admin' | 'technician' | 'viewer'

export type AdminPerson = {
  id: string
  name: string
  email: string
  role: StaffRole
  /** What their role allows: the page offers nothing else. */
  may: string[]
  /** Before anything else, since the MSP requires it of them. */
  mustSetUpTwoStep: boolean
  unread: Unread
}

export type AdminBoot = {
  kind: 'admin'
  msp: { name: string } | null
  person: AdminPerson | null
  portalSuffix: string
  portalOrigin: { scheme: string; port: string }
  /** Whether new MSPs may sign up here. */
  signUp: 'open' | 'invite' | 'closed'
}

export const readPortalBoot = (): PortalBoot => read(isPortalBoot)
export const readAdminBoot = (): AdminBoot => read(isAdminBoot)

function read<T>(is: (value: unknown) => value is T): T {
  const value: unknown = JSON.parse(document.getElementById('boot')?.textContent ?? 'null')
  if (!is(value)) throw new Error('The page came without the data it starts from.')
  return value
}

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value)
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const shape =
  (checks: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(checks).every(([key, check]) => check(Reflect.get(value, key)))

const unread: Check = shape({
  count: (value) => typeof value === 'number',
  more: (value) => typeof value === 'boolean',
})

const portalShape = shape({
  kind: oneOf('portal'),
  customerId: text,
  displayName: text,
  homepage: orNull(text),
  logoUrl: orNull(text),
  help: shape({ name: text, phone: orNull(text), email: orNull(text), hours: orNull(text) }),
  locale: text,
  timeZone: text,
  signIn: shape({ policy: oneOf('invitation', 'temporary_password', 'microsoft_only') }),
  hasDocuments: (value) => typeof value === 'boolean',
  hasDirectory: (value) => typeof value === 'boolean',
  person: orNull(shape({ id: text, name: text, email: text, roles: listOf(text), canSee: listOf(text), unread })),
  preview: orNull(shape({ staffName: text, contactName: text, until: text, endUrl: text })),
})

const adminShape = shape({
  kind: oneOf('admin'),
  msp: orNull(shape({ name: text })),
  person: orNull(
    shape({
      id: text,
      name: text,
      email: text,
      role: oneOf('owner', 'admin', 'technician', 'viewer'),
      may: listOf(text),
      mustSetUpTwoStep: (value) => typeof value === 'boolean',
      unread,
    }),
  ),
  portalSuffix: text,
  signUp: oneOf('open', 'invite', 'closed'),
  portalOrigin: shape({ scheme: text, port: (value) => typeof value === 'string' || typeof value === 'number' }),
})

// Casts that hold because the shape above names every member of the type.
const isPortalBoot = (value: unknown): value is PortalBoot => portalShape(value)
const isAdminBoot = (value: unknown): value is AdminBoot => adminShape(value)
