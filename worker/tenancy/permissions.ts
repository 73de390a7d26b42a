import type { staffRoles } from '../../db/shard/schema.ts'

export type StaffRole = (typeof staffRoles)[number]

const viewer = ['customers.read', 'activity.read', 'jobs.read', 'settings.read'] as const
const technician = [
  ...viewer,
  'customers.write',
  'contacts.write',
  'portals.write',
  'documents.write',
  'tenants.write',
  'jobs.write',
] as const
const admin = [...technician, 'customers.delete', 'settings.write'] as const
const owner = [...admin] as const

export type StaffPermission = (typeof owner)[number]

/** What each role of the MSP's staff may do (product.md, "Who may do what"). */
export const staffMay: Record<StaffRole, ReadonlySet<StaffPermission>> = {
  viewer: new Set(viewer),
  technician: new Set(technician),
  admin: new Set(admin),
  owner: new Set(owner),
}

export type ContactPermission = 'portal.own' | 'portal.dashboard' | 'portal.documents' | 'portal.security'

/** What a contact may do in the portal of their company, by the roles they hold (the union). */
export const contactMay = (roles: {
  isPortalUser: boolean
  isPortalAdmin: boolean
}): ReadonlySet<ContactPermission> => {
  if (roles.isPortalAdmin) return new Set(['portal.own', 'portal.dashboard', 'portal.documents', 'portal.security'])
  if (roles.isPortalUser) return new Set(['portal.own', 'portal.dashboard', 'portal.documents'])
  return new Set()
}

export const contactRoles = ['portal_user', 'portal_admin'] as const

/** The roles a contact holds, as they are named on the wire. */
export const rolesOf = (roles: { isPortalUser: boolean; isPortalAdmin: boolean }): (typeof contactRoles)[number][] => [
  ...(roles.isPortalUser ? (['portal_user'] as const) : []),
  ...(roles.isPortalAdmin ? (['portal_admin'] as const) : []),
]
