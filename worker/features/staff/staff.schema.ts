import { z } from '@hono/zod-openapi'
import { staffRoles } from '../../../db/shard/schema.ts'
import { isoMoment, requiredEmail, requiredLine } from '../../http/text.ts'
import type { StaffRow } from './staff.ts'

const Role = z.enum(staffRoles)

export const StaffInput = z
  .strictObject({ name: requiredLine(120, 'Enter the person’s name.'), email: requiredEmail, role: Role })
  .openapi('StaffInput')
export const StaffRoleInput = z.strictObject({ role: Role }).openapi('StaffRoleInput')

export const StaffMember = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: Role,
    /** `invited` until they have chosen a password. */
    state: z.enum(['invited', 'active', 'blocked']),
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
