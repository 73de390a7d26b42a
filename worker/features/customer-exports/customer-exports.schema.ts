import { z } from '@hono/zod-openapi'
import type { healthLevels } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { LIMIT_MAX } from '../../http/paging.ts'
import { tableFormats } from '../../http/table-file.ts'
import type { Cell } from '../../http/cells.ts'
import type { Table } from '../../http/table-file.ts'
import { dayOf } from '../../days.ts'
import { CustomerQuery, presentSummary } from '../customers/index.ts'
import type { CustomerRow } from '../customers/index.ts'

/** The question of the list of customers, but for its pages: an export has all of them. */
export const CustomerExportInput = CustomerQuery.omit({ limit: true, cursor: true })
  .extend({
    /** The address of a list can only say it as text; a body says it as what it is. */
    problems: z
      .boolean()
      .transform((only) => (only ? true : undefined))
      .optional()
      .describe('Those whose health is red or amber.'),
    format: z.enum(tableFormats).describe('`csv`, or `xlsx` for a workbook.'),
    ids: z
      .array(z.string().max(60))
      .min(1, 'Name at least one customer.')
      .max(LIMIT_MAX, 'At most 200.')
      .optional()
      .describe('These customers, in this order, whatever else is asked for.'),
  })
  .openapi('CustomerExportInput')

const stateWords: Record<CustomerRow['state'], string> = {
  active: 'Active',
  disabled: 'Disabled',
  archived: 'Archived',
}
const healthWords: Record<(typeof healthLevels)[number], string> = {
  green: 'Good',
  amber: 'Needs a look',
  red: 'Act now',
  grey: 'Not known yet',
}

/** What an import takes back is called as it is there; what it does not take stands behind it. */
export const customerColumns: Table['columns'] = [
  { title: 'Customer name', width: 32 },
  { title: 'Primary contact', width: 24 },
  { title: 'E-mail', width: 32 },
  { title: 'Phone', width: 18 },
  { title: 'Address', width: 40 },
  { title: 'Notes', width: 40 },
  { title: 'PSA id', width: 14 },
  { title: 'Tenants', width: 9 },
  { title: 'Total users', width: 11 },
  { title: 'Health', width: 14 },
  { title: 'Portal address', width: 36 },
  { title: 'Created', width: 12 },
  { title: 'State', width: 10 },
  { title: 'Customer id', width: 40 },
]

export const customerCells = (row: CustomerRow, environment: Environment, timeZone: string): Cell[] => {
  const { portal, health } = presentSummary(row, environment)
  return [
    row.name,
    row.primaryContactName,
    row.email,
    row.phone,
    row.address,
    row.notes,
    row.psaId,
    row.tenantCount,
    row.licensedUserCount,
    healthWords[health.level],
    portal.url,
    dayOf(row.createdAt, timeZone),
    stateWords[row.state],
    row.id,
  ]
}
