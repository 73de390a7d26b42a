import { z } from '@hono/zod-openapi'
import { userChangeKinds } from '../../../db/shard/schema.ts'
import { listQuery } from '../../http/paging.ts'
import { isoMoment } from '../../http/text.ts'
import { TenantOfDirectory, presentTenant } from '../directory/index.ts'
import { toldOf } from './nameable.ts'
import type { Nameable } from './nameable.ts'
import type { ChangePage, ChangeRow } from './user-changes.ts'

/** How long changes are kept. */
export const DAY_COUNT_MAX = 365

export const ChangeQuery = listQuery(['-at'])
  .extend({
    days: z.coerce
      .number()
      .int()
      .min(1)
      .max(DAY_COUNT_MAX)
      .default(30)
      .describe('Of today and so many days before it, which begin at midnight in the MSP’s time zone.'),
    tenantId: z.string().max(60).optional().describe('One Microsoft 365 environment alone; all of them without it.'),
  })
  .openapi('ChangeQuery')

const UserChange = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    day: z.iso.date(),
    at: z.iso.datetime().describe('When a sync saw it.'),
    kind: z.enum(userChangeKinds),
    name: z.string().nullable().describe('Null where the directory does not show this of people.'),
    detail: z.string().nullable(),
    licence: z.string().nullable().describe('Which licence was given or taken; null for other changes.'),
  })
  .openapi('UserChange')

export const UserChangeList = z
  .object({
    items: z.array(UserChange),
    nextCursor: z.string().nullable(),
    from: z.iso.date().describe('The first day that was asked for.'),
    tenants: z.array(TenantOfDirectory).describe('All of the company’s, whichever of them is asked for.'),
    asOf: z.iso.datetime().nullable().describe('The oldest of what is shown; null while nothing was read yet.'),
  })
  .openapi('UserChangeList')

/** What is said of a list beside its changes. */
export const presentAbout = ({ from, tenants, asOf }: ChangePage) => ({
  from,
  tenants: tenants.map(presentTenant),
  asOf: isoMoment(asOf),
})

export const presentChange =
  (nameable: Nameable, { licenceOf }: Pick<ChangePage, 'licenceOf'>) =>
  (row: ChangeRow): z.infer<typeof UserChange> => ({
    id: row.id,
    tenantId: row.tenantId,
    day: row.day,
    at: new Date(row.at).toISOString(),
    kind: row.kind,
    ...toldOf(row, nameable),
    licence: licenceOf(row),
  })
