import { z } from '@hono/zod-openapi'
import { contactAccess, licencePermissions } from '../../../db/shard/schema.ts'
import type { contacts } from '../../../db/shard/schema.ts'
import { isoMoment, optionalEmail, optionalLine, personName } from '../../http/text.ts'
import { contactRoles, rolesOf } from '../../tenancy/permissions.ts'
import { canBeInvited } from './contacts.ts'
import type { OrderedContacts } from './contacts.ts'

export const ContactRole = z.enum(contactRoles)

export const ContactInput = z
  .strictObject({
    name: personName(120, 'Enter the person’s name.').describe('What the person is called.'),
    email: optionalEmail.describe('Where invitations go, and what they sign in with.'),
    phone: optionalLine(40).describe('As it is to be shown.'),
    jobTitle: optionalLine(120).describe('What they do at the customer.'),
    roles: z
      .array(ContactRole)
      .max(2)
      .default([])
      .describe(
        "What they may see in the portal: their own (portal_user), the whole company's (portal_admin), or both.",
      ),
    licencePermission: z
      .enum(licencePermissions)
      .default('none')
      .describe('What they may do with licences; only staff grant it. It counts in a session that began at Microsoft.'),
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
    canBeInvited: z
      .boolean()
      .describe(
        'Whether they have what an invitation needs: an e-mail, a role, and no access yet. The portal must be open, too.',
      ),
    invitedAt: z.iso.datetime().nullable(),
    temporaryUntil: z.iso
      .datetime()
      .nullable()
      .describe('Until when the temporary password works that they were mailed; null when they have none.'),
    confirmedAt: z.iso.datetime().nullable(),
    lastSignInAt: z.iso.datetime().nullable(),
    version: z.number().int(),
  })
  .openapi('Contact')

export const LicenceGrant = z
  .strictObject({
    permission: z
      .enum(licencePermissions)
      .describe('`view` sees seats, `modify` changes quantities, `admin` also adds subscriptions.'),
  })
  .openapi('LicenceGrant')

export const ContactList = z
  .object({
    items: z.array(Contact),
    nextCursor: z.null(),
    version: z
      .number()
      .int()
      .describe('Names who is there in which order; it is the ETag that a new order is given against.'),
  })
  .openapi('ContactList')

export const ContactOrder = z
  .strictObject({
    contactIds: z.array(z.string()).max(200).describe('Every contact of the customer once, whom to call first first.'),
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
