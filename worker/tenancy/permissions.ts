import type { apiScopes, staffRoles } from '../../db/shard/schema.ts'

export type StaffRole = (typeof staffRoles)[number]

const viewer = [
  'customers.read',
  'contacts.read',
  'portals.read',
  'tenants.read',
  'documents.read',
  'notices.read',
  'activity.read',
  'jobs.read',
  'settings.read',
] as const
const technician = [
  ...viewer,
  'customers.write',
  'contacts.write',
  'portals.write',
  'documents.write',
  'portals.preview',
  'notices.write',
  'tenants.write',
  'jobs.write',
  'customers.export',
  'activity.export',
] as const
const admin = [
  ...technician,
  'customers.delete',
  'customers.merge',
  'customers.import',
  'settings.write',
  'api_keys.manage',
  'staff.read',
  'staff.manage',
] as const
const owner = [...admin] as const

export type StaffPermission = (typeof owner)[number]

/** What each role of the MSP's staff may do (product.md, "Who may do what"). */
export const staffMay: Record<StaffRole, ReadonlySet<StaffPermission>> = {
  viewer: new Set(viewer),
  technician: new Set(technician),
  admin: new Set(admin),
  owner: new Set(owner),
}

/** What an API key may be made for. `portals:…` is how portals are set up, `portal:read` what customers see in theirs. */
export type ApiScope = (typeof apiScopes)[number]

/** The scope that opens to a program what staff may do; null for what only people may. */
export const scopeFor: Record<StaffPermission, ApiScope | null> = {
  'customers.read': 'customers:read',
  'customers.write': 'customers:write',
  'customers.delete': 'customers:write',
  'customers.merge': 'customers:write',
  'customers.import': 'customers:write',
  'customers.export': 'customers:read',
  'contacts.read': 'contacts:read',
  'contacts.write': 'contacts:write',
  'tenants.read': 'tenants:read',
  'tenants.write': 'tenants:write',
  'portals.read': 'portals:read',
  'portals.write': 'portals:write',
  'portals.preview': 'portal:read',
  'documents.read': 'documents:read',
  'documents.write': 'documents:write',
  'notices.read': 'notices:read',
  'notices.write': 'notices:write',
  'activity.read': 'activity:read',
  'activity.export': 'activity:read',
  'jobs.read': 'jobs:read',
  'jobs.write': 'jobs:write',
  'settings.read': 'settings:read',
  'settings.write': 'settings:write',
  'api_keys.manage': null,
  'staff.read': null,
  'staff.manage': null,
}

/** What a key may do: what its scopes open, and never more than whoever made it may now. */
export const keyMay = (scopes: readonly ApiScope[], creatorsRole: StaffRole): ReadonlySet<StaffPermission> =>
  new Set(
    [...staffMay[creatorsRole]].filter((permission) => {
      const scope = scopeFor[permission]
      return scope !== null && scopes.includes(scope)
    }),
  )

export type ContactPermission =
  | 'portal.own'
  | 'portal.dashboard'
  | 'portal.documents'
  | 'portal.security'
  | 'portal.people'

/** What a contact may do in the portal of their company, by the roles they hold (the union). */
export const contactMay = (roles: {
  isPortalUser: boolean
  isPortalAdmin: boolean
}): ReadonlySet<ContactPermission> => {
  if (roles.isPortalAdmin)
    return new Set(['portal.own', 'portal.dashboard', 'portal.documents', 'portal.security', 'portal.people'])
  if (roles.isPortalUser) return new Set(['portal.own', 'portal.dashboard', 'portal.documents'])
  return new Set()
}

export const contactRoles = ['portal_user', 'portal_admin'] as const

/** The roles a contact holds, as they are named on the wire. */
export const rolesOf = (roles: { isPortalUser: boolean; isPortalAdmin: boolean }): (typeof contactRoles)[number][] => [
  ...(roles.isPortalUser ? (['portal_user'] as const) : []),
  ...(roles.isPortalAdmin ? (['portal_admin'] as const) : []),
]
