import { z } from '@hono/zod-openapi'
import { contactAccess, licencePermissions } from '../../../db/shard/schema.ts'
import type { contacts } from '../../../db/shard/schema.ts'
import { isoMoment, optionalEmail, optionalLine, requiredLine } from '../../http/text.ts'
import { contactRoles, rolesOf } from '../../tenancy/permissions.ts'
import { canBeInvited } from './contacts.ts'
import type { OrderedContacts } from './contacts.ts'

export const ContactRole = z.enum(contactRoles)

export const ContactInput = z
  .strictObject({
    name: requiredLine(120, 'Enter the person’s name.'),
    email: optionalEmail,
    phone: optionalLine(40),
    jobTitle: optionalLine(120),
    /** What they may see in the portal: their own (portal_user), the whole company's (portal_admin), or both. */
    roles: z.array(ContactRole).max(2).default([]),
    /** What they may do with licences; only staff grant it. It counts in a session that began at Microsoft. */
    licencePermission: z.enum(licencePermissions).default('none'),
  })
  .openapi('ContactInput')

export const Contact = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    jobTitle: z.string().nullable(),
    roles: z.array(ContactRole),
    isTheAdmin: z.boolean(),
    licencePermission: z.enum(licencePermissions),
    access: z.enum(contactAccess),
    /** Whether they have what an invitation needs: an e-mail, a role, and no access yet. The portal must be open, too. */
    canBeInvited: z.boolean(),
    invitedAt: z.iso.datetime().nullable(),
    /** Until when the temporary password works that they were mailed; null when they have none. */
    temporaryUntil: z.iso.datetime().nullable(),
    confirmedAt: z.iso.datetime().nullable(),
    lastSignInAt: z.iso.datetime().nullable(),
    version: z.number().int(),
  })
  .openapi('Contact')

export const LicenceGrant = z.strictObject({ permission: z.enum(licencePermissions) }).openapi('LicenceGrant')

export const ContactList = z
  .object({
    items: z.array(Contact),
    nextCursor: z.null(),
    /** Names who is there in which order; it is the ETag that a new order is given against. */
    version: z.number().int(),
  })
  .openapi('ContactList')

export const ContactOrder = z
  .strictObject({
    /** Every contact of the customer once, whom to call first first. */
    contactIds: z.array(z.string()).max(200),
  })
  .openapi('ContactOrder')

export const presentContacts = ({ rows, version }: OrderedContacts): z.infer<typeof ContactList> => ({
  items: rows.map(presentContact),
  nextCursor: null,
  version,
})

export const presentContact = (
  row: Omit<typeof contacts.$inferSelect, 'escalationPosition'>,
): z.infer<typeof Contact> => ({
  id: row.id,
  name: row.name,
  email: row.email,
  phone: row.phone,
  jobTitle: row.jobTitle,
  roles: rolesOf(row),
  isTheAdmin: row.isTheAdmin,
  licencePermission: row.licencePermission,
  access: row.access,
  canBeInvited: canBeInvited(row),
  invitedAt: isoMoment(row.invitedAt),
  temporaryUntil: isoMoment(row.temporaryUntil),
  confirmedAt: isoMoment(row.confirmedAt),
  lastSignInAt: isoMoment(row.lastSignInAt),
  version: row.version,
})
