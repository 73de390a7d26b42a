import { z } from '@hono/zod-openapi'
import { staffRoles } from '../../../db/shard/schema.ts'
import { isoMoment, personName, requiredEmail } from '../../http/text.ts'
import type { StaffRow } from './staff.ts'

const Role = z.enum(staffRoles)

export const StaffInput = z
  .strictObject({
    name: personName(120, 'Enter the person’s name.').describe('What the person is called.'),
    email: requiredEmail.describe('Where the invitation goes, and what they sign in with.'),
    role: Role.describe('What they may do; nobody gives a role above their own.'),
  })
  .openapi('StaffInput')
export const StaffRoleInput = z
  .strictObject({ role: Role.describe('What they may do from now on; they sign in anew.') })
  .openapi('StaffRoleInput')

export const StaffMember = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: Role,
    state: z.enum(['invited', 'active', 'blocked']).describe('`invited` until they have chosen a password.'),
    lastSignInAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    version: z.number().int(),
  })
  .openapi('StaffMember')

export const StaffList = z.object({ items: z.array(StaffMember), nextCursor: z.null() }).openapi('StaffList')

export const presentStaff = (row: StaffRow): z.infer<typeof StaffMember> => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: row.role,
  state: row.disabled ? 'blocked' : row.confirmedAt === null ? 'invited' : 'active',
  lastSignInAt: isoMoment(row.lastSignInAt),
  createdAt: new Date(row.createdAt).toISOString(),
  version: row.version,
})
