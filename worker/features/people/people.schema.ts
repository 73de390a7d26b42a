import { z } from '@hono/zod-openapi'
import type { contacts } from '../../../db/shard/schema.ts'
import { isoMoment, personName, requiredEmail } from '../../http/text.ts'
import { contactRoles, rolesOf } from '../../tenancy/permissions.ts'
import { isBlockedByProvider } from './last-admin.ts'

const roles = z
  .array(z.enum(contactRoles))
  .min(1, 'Choose at least one.')
  .max(2)
  .describe('What they may see: their own (portal_user), the whole company’s (portal_admin), or both.')

export const ColleagueInput = z
  .strictObject({
    name: personName(120, 'Enter the person’s name.').describe('What the person is called.'),
    email: requiredEmail.describe('Where the invitation goes, and what they sign in with.'),
    roles,
  })
  .openapi('ColleagueInput')

export const ColleagueRoles = z.strictObject({ roles }).openapi('ColleagueRoles')

export const Colleague = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    roles: z.array(z.enum(contactRoles)),
    isMainAdmin: z.boolean().describe('The portal admin that only the MSP can change.'),
    isYou: z.boolean(),
    state: z.enum(['unconfirmed', 'active', 'disabled']),
    isBlockedByProvider: z.boolean().describe('Disabled by the MSP, so that only the MSP lets them in again.'),
    invitedAt: z.iso.datetime().nullable(),
    lastSignInAt: z.iso.datetime().nullable(),
    version: z.number().int(),
  })
  .openapi('Colleague')

export const ColleagueList = z.object({ items: z.array(Colleague), nextCursor: z.null() }).openapi('ColleagueList')

type Row = Omit<typeof contacts.$inferSelect, 'escalationPosition'>

const stateOf = ({ access }: Row) => {
  switch (access) {
    case 'active':
      return 'active' as const
    case 'disabled':
      return 'disabled' as const
    case 'none':
    case 'invited':
      return 'unconfirmed' as const
  }
}

export const presentColleague = (row: Row, viewerId: string): z.infer<typeof Colleague> => ({
  id: row.id,
  name: row.name,
  email: row.email,
  roles: rolesOf(row),
  isMainAdmin: row.isTheAdmin,
  isYou: row.id === viewerId,
  state: stateOf(row),
  isBlockedByProvider: isBlockedByProvider(row),
  invitedAt: isoMoment(row.invitedAt),
  lastSignInAt: isoMoment(row.lastSignInAt),
  version: row.version,
})
