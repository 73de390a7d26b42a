import { requestTypes, staffRoles } from '../../db/shard/schema.ts'
import type { apiScopes } from '../../db/shard/schema.ts'
import { mayAsk } from './policy.ts'
import type { Policy } from './policy.ts'

export type StaffRole = (typeof staffRoles)[number]

/** What an API key may be made for. `portals:…` is how portals are set up, `portal:read` what customers see in theirs. */
export type ApiScope = (typeof apiScopes)[number]

/**
 * Who of the staff may do what (product.md, "Who may do what"): from which role on, since each may what those before it
 * may; and the scope that opens it to a program, null for what only people may.
 */
const staffTable = {
  'customers.read': ['viewer', 'customers:read'],
  'contacts.read': ['viewer', 'contacts:read'],
  'portals.read': ['viewer', 'portals:read'],
  'tenants.read': ['viewer', 'tenants:read'],
  'documents.read': ['viewer', 'documents:read'],
  'tickets.read': ['viewer', 'tickets:read'],
  'requests.read': ['viewer', 'requests:read'],
  'notices.read': ['viewer', 'notices:read'],
  'activity.read': ['viewer', 'activity:read'],
  'jobs.read': ['viewer', 'jobs:read'],
  'settings.read': ['viewer', 'settings:read'],
  'customers.write': ['technician', 'customers:write'],
  'customers.export': ['technician', 'customers:read'],
  'contacts.write': ['technician', 'contacts:write'],
  'portals.write': ['technician', 'portals:write'],
  'portals.preview': ['technician', 'portal:read'],
  'tenants.write': ['technician', 'tenants:write'],
  'documents.write': ['technician', 'documents:write'],
  'tickets.write': ['technician', 'tickets:write'],
  // Who of these approves is the policy's affair: tenancy/policy.ts.
  'requests.write': ['technician', 'requests:write'],
  'tickets.export': ['technician', 'tickets:read'],
  'notices.write': ['technician', 'notices:write'],
  'activity.export': ['technician', 'activity:read'],
  'jobs.write': ['technician', 'jobs:write'],
  'customers.delete': ['admin', 'customers:write'],
  'customers.merge': ['admin', 'customers:write'],
  'customers.import': ['admin', 'customers:write'],
  'settings.write': ['admin', 'settings:write'],
  'api_keys.manage': ['admin', null],
  'staff.read': ['admin', null],
  // Within this, features/staff/rules.ts keeps owners to owners.
  'staff.manage': ['admin', null],
} as const satisfies Record<string, readonly [from: StaffRole, scope: ApiScope | null]>

export type StaffPermission = keyof typeof staffTable

const staffEntries = Object.entries(staffTable) as [StaffPermission, (typeof staffTable)[StaffPermission]][]

const mayAs = (role: StaffRole): ReadonlySet<StaffPermission> =>
  new Set(
    staffEntries.flatMap(([permission, [from]]) =>
      staffRoles.indexOf(from) <= staffRoles.indexOf(role) ? [permission] : [],
    ),
  )

/** What each role of the MSP's staff may do. */
export const staffMay: Record<StaffRole, ReadonlySet<StaffPermission>> = {
  viewer: mayAs('viewer'),
  technician: mayAs('technician'),
  admin: mayAs('admin'),
  owner: mayAs('owner'),
}

/** The scope that opens to a program what staff may do; null for what only people may. */
export const scopeFor = Object.fromEntries(
  staffEntries.map(([permission, [, scope]]) => [permission, scope]),
) as Record<StaffPermission, ApiScope | null>

/** What a key may do: what its scopes open, and never more than whoever made it may now. */
export const keyMay = (scopes: readonly ApiScope[], creatorsRole: StaffRole): ReadonlySet<StaffPermission> =>
  new Set(
    [...staffMay[creatorsRole]].filter((permission) => {
      const scope = scopeFor[permission]
      return scope !== null && scopes.includes(scope)
    }),
  )

export const contactRoles = ['portal_user', 'portal_admin'] as const
type ContactRole = (typeof contactRoles)[number]
/** A licence permission opens what it is for, whatever the roles; the session says whether it counts. */
type ContactHold = ContactRole | 'licences'

/** Which roles of a contact allow what in the portal of their company (product.md, "Who may do what"). */
const contactTable = {
  'portal.own': ['portal_user', 'portal_admin'],
  'portal.dashboard': ['portal_user', 'portal_admin'],
  'portal.directory': ['portal_user', 'portal_admin'],
  'portal.documents': ['portal_user', 'portal_admin'],
  'portal.tickets': ['portal_user', 'portal_admin'],
  'portal.raise_tickets': ['portal_user', 'portal_admin'],
  'portal.security': ['portal_admin'],
  'portal.people': ['portal_admin'],
  'portal.refresh': ['portal_admin'],
  'portal.licences': ['portal_user', 'portal_admin', 'licences'],
  'portal.licence_holders': ['portal_admin', 'licences'],
  'portal.requests': ['portal_user', 'portal_admin'],
  'portal.approvals': ['portal_admin'],
  'portal.reports': ['portal_admin'],
} as const satisfies Record<string, readonly ContactHold[]>

export type ContactPermission = keyof typeof contactTable

const contactEntries = Object.entries(contactTable) as [ContactPermission, readonly ContactHold[]][]

/**
 * What a contact may do, by the roles they hold (the union), by a licence permission that counts, and by what their company does
 * by itself.
 */
export const contactMay = (
  held: { isPortalUser: boolean; isPortalAdmin: boolean; readsLicences?: boolean },
  policy: Policy,
): ReadonlySet<ContactPermission> => {
  const holds: ContactHold[] = [...rolesOf(held), ...(held.readsLicences === true ? (['licences'] as const) : [])]
  return new Set(
    contactEntries.flatMap(([permission, allowed]) =>
      holds.some((hold) => allowed.includes(hold) && leaves(policy, permission, hold)) ? [permission] : [],
    ),
  )
}

/** Whether a policy leaves somebody what they would be allowed. The directory is not among it: where it is off, it is not there. */
const leaves = (policy: Policy, permission: ContactPermission, hold: ContactHold): boolean => {
  switch (permission) {
    case 'portal.reports':
      return policy.reads.download_reports
    case 'portal.raise_tickets':
      return policy.reads.create_tickets
    case 'portal.licences':
      return hold !== 'portal_user' || policy.reads.see_licences
    case 'portal.requests':
      return requestTypes.some((type) => mayAsk(policy, hold === 'portal_admin', type))
    default:
      return true
  }
}

/** The roles a contact holds, as they are named on the wire. */
export const rolesOf = (roles: { isPortalUser: boolean; isPortalAdmin: boolean }): ContactRole[] => [
  ...(roles.isPortalUser ? (['portal_user'] as const) : []),
  ...(roles.isPortalAdmin ? (['portal_admin'] as const) : []),
]
