import { z } from '@hono/zod-openapi'
import { listOf, listQuery } from '../../http/paging.ts'
import { tableFormats } from '../../http/table-file.ts'
import type { Table } from '../../http/table-file.ts'
import type { Cell } from '../../http/cells.ts'
import { dayOf } from '../../days.ts'
import { inUnits } from '../licences/index.ts'

const count = z.number().int()

export const matterKinds = ['renewals', 'over_used', 'lost_consents', 'idle', 'idle_unpriced'] as const
export type MatterKind = (typeof matterKinds)[number]

export const Matter = z
  .object({
    customer: z.object({ id: z.string(), name: z.string() }),
    tenant: z.object({ id: z.string(), name: z.string() }),
    licence: z
      .object({ skuId: z.string(), name: z.string() })
      .nullable()
      .describe('Null where it is about the whole tenant.'),
    seatCount: count
      .nullable()
      .describe('Seats that renew, are used beyond what was bought, or are idle; null for a lost consent.'),
    at: z.iso.datetime().nullable().describe('When it renews, or since when the tenant cannot be read.'),
    year: z
      .object({
        amountMinor: count.describe('In the smallest unit of the currency: pence, cents.'),
        currency: z.string(),
      })
      .nullable()
      .describe('What idle seats cost in a year by the price list; null where they have no price, or nothing is idle.'),
    reason: z
      .enum(['consent_lost', 'app_removed'])
      .nullable()
      .describe('Why a tenant cannot be read: its consent is gone, or the app registration it was connected with.'),
  })
  .openapi('Matter')

export const MatterList = listOf(Matter, 'MatterList')

const some = z.object({ items: z.array(Matter), hasMore: z.boolean() })

export const Matters = z
  .object({
    renewals: some.describe('Due in the next 90 days, soonest first.'),
    overUsed: some.describe('Licences of which more seats are assigned than were bought, the most first.'),
    lostConsents: some.describe('Tenants that cannot be read any more, newest first.'),
    idle: some.describe('Seats idle for 90 days or more, by what they cost in a year, the most first.'),
    idleUnpriced: some.describe('The same of licences without a list price, by how many they are.'),
  })
  .openapi('Matters')

export const MatterQuery = listQuery(['importance'])
  .extend({ kind: z.enum(matterKinds).default('renewals').describe('Which of them.') })
  .openapi('MatterQuery')

export const MatterDownloadInput = z
  .strictObject({
    kind: z.enum(matterKinds).describe('Which of them.'),
    format: z.enum(tableFormats).describe('`csv`, or `xlsx` for a workbook.'),
  })
  .openapi('MatterDownloadInput')

/** What a list is called, which is also what its sheet and its file are. */
export const matterTitles: Record<MatterKind, string> = {
  renewals: 'Renewals',
  over_used: 'Seats beyond what was bought',
  lost_consents: 'Lost consents',
  idle: 'Idle seats',
  idle_unpriced: 'Idle seats without a price',
}

export const matterColumns: Table['columns'] = [
  { title: 'Customer', width: 32 },
  { title: 'Environment', width: 28 },
  { title: 'Licence', width: 36 },
  { title: 'Seats', width: 8 },
  { title: 'Date', width: 12 },
  { title: 'A year', width: 12 },
  { title: 'Currency', width: 10 },
  { title: 'Why it cannot be read', width: 26 },
  { title: 'Customer id', width: 40 },
]

const reasonWords = { consent_lost: 'Consent lost', app_removed: 'App registration removed' }

/** A row of such a file; a date is the day it is in the MSP's time zone. */
export const matterCells = (
  { customer, tenant, licence, seatCount, at, year, reason }: z.infer<typeof Matter>,
  timeZone: string,
): Cell[] => [
  customer.name,
  tenant.name,
  licence?.name ?? null,
  seatCount,
  at === null ? null : dayOf(Date.parse(at), timeZone),
  year === null ? null : inUnits(year.amountMinor, year.currency),
  year?.currency ?? null,
  reason === null ? null : reasonWords[reason],
  customer.id,
]
