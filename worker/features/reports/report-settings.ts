import { and, asc, eq, isNull } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import {
  contacts,
  customers,
  monthlyParts,
  msps,
  portals,
  selfServiceDefaults,
  selfServiceOverrides,
} from '../../../db/shard/schema.ts'
import type { MonthlyPart } from '../../../db/shard/schema.ts'
import { alongside } from '../../http/alongside.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { invalidField, missing } from '../../http/problem.ts'
import { among } from '../../tenancy/among.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import { ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../../tenancy/policy.ts'
import { revised } from '../../tenancy/revised.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { senderReads } from '../mail/index.ts'
import { nextReportAt, onDay } from './months.ts'
import type { ReportSettingsInput } from './reports.schema.ts'

type Choices = Pick<typeof portals.$inferSelect, 'monthlySent' | 'monthlyParts' | 'monthlyDay'>
export type MonthlyDefaults = Pick<typeof msps.$inferSelect, 'monthlySent' | 'monthlyParts' | 'monthlyDay'>

/** Whether the monthly report is mailed, what it tells and on which day: as a customer has it, else as the MSP does. */
export const monthlyOf = (
  house: MonthlyDefaults,
  portal: { [Name in keyof Choices]?: Choices[Name] | null },
): { sent: boolean; parts: MonthlyPart[]; day: number } => ({
  sent: portal.monthlySent ?? house.monthlySent,
  parts: portal.monthlyParts ?? house.monthlyParts ?? [...monthlyParts],
  day: portal.monthlyDay ?? house.monthlyDay,
})

/** What a portal's reports start from: read with the session. */
export const reportSettingsReads = alongside((msp, { customerId = '' }) => [
  msp
    .select({ id: customers.id, name: customers.name, state: customers.state, ...policyColumns() })
    .from(customers)
    .leftJoin(selfServiceOverrides, ownPolicyOf(customers.mspId, customers.id))
    .leftJoin(selfServiceDefaults, standardPolicyOf(customers.mspId))
    .where(msp.mine(customers, eq(customers.id, customerId))),
  msp
    .select()
    .from(portals)
    .where(msp.mine(portals, eq(portals.customerId, customerId))),
  msp
    .select({
      id: contacts.id,
      name: contacts.name,
      email: contacts.email,
      isPortalUser: contacts.isPortalUser,
      isPortalAdmin: contacts.isPortalAdmin,
      access: contacts.access,
      reportDueAt: contacts.reportDueAt,
    })
    .from(contacts)
    .where(msp.mine(contacts, and(eq(contacts.customerId, customerId), isNull(contacts.removedAt))))
    .orderBy(asc(contacts.escalationPosition), asc(contacts.id)),
  msp.select().from(msps).where(msp.mine(msps)),
  senderReads(msp)[0],
])

export type ReportSettingsRow = ReturnType<typeof reportSettingsIn>

/** How a portal's monthly reports are mailed, and to whom. Problems: `missing`, also without a portal. */
export const reportSettingsIn = ([[customer], [portal], people, [house], [address]]: AnswersOf<
  typeof reportSettingsReads.reads
>) => {
  if (customer === undefined || house === undefined) throw missing('customer')
  if (portal === undefined) throw missing('portal')
  return { customer, portal, policy: policyIn(customer), contacts: people, house, address }
}

/** Replaces them. Problems: `stale`; `invalid` at /contactIds for who cannot be mailed; `conflict` when archived. */
export const saveReportSettings = async (
  msp: MspScope,
  before: ReportSettingsRow,
  input: z.infer<typeof ReportSettingsInput>,
  wanted: Expected,
): Promise<ReportSettingsRow> => {
  refuseUnexpected(before.portal, wanted)
  const chosen = new Set(input.contactIds)
  const known = new Map(before.contacts.map((contact) => [contact.id, contact]))
  if ([...chosen].some((id) => known.get(id) === undefined))
    throw invalidField('/contactIds', 'Choose contacts of this customer.')
  if ([...chosen].some((id) => known.get(id)?.email === null))
    throw invalidField('/contactIds', 'Choose contacts who have an e-mail address.')
  const values = {
    monthlySent: input.sent,
    monthlyParts: input.parts === null ? null : inOrder(input.parts),
    monthlyDay: input.day,
  }
  const { timeZone } = before.house
  const { day } = monthlyOf(before.house, values)
  const dueOf = ({ id, reportDueAt }: { id: string; reportDueAt: number | null }) => {
    if (!chosen.has(id)) return null
    return reportDueAt === null ? nextReportAt(msp.now(), timeZone, day) : onDay(reportDueAt, timeZone, day)
  }
  const moved = before.contacts.filter((contact) => dueOf(contact) !== contact.reportDueAt)
  if (moved.length === 0 && revised(before.portal, values) === before.portal) return before
  const customer = msp.forCustomer(before.customer.id)
  const namesOf = (gets: (contact: ReportSettingsRow['contacts'][number]) => boolean) =>
    before.contacts.filter(gets).map(({ name }) => name)
  const told = {
    table: 'portals',
    field: 'monthlyReportFor',
    before: namesOf(({ reportDueAt }) => reportDueAt !== null),
    after: namesOf(({ id }) => chosen.has(id)),
  }
  await customer.commit(
    {
      action: 'portal.reports_changed',
      subject: { kind: 'portal', id: before.portal.id, name: before.portal.host },
    },
    customer.change(portals, before.portal, values),
    ...[...Map.groupBy(moved, dueOf)].map(([reportDueAt, ofIt]) =>
      customer.changeAll(
        contacts,
        and(
          among(
            contacts.id,
            ofIt.map(({ id }) => id),
          ),
          isNull(contacts.removedAt),
        ),
        { reportDueAt },
      ),
    ),
    customer.telling(
      ...(before.contacts.some(({ id, reportDueAt }) => chosen.has(id) !== (reportDueAt !== null)) ? [told] : []),
    ),
  )
  return {
    ...before,
    portal: { ...before.portal, ...values, version: before.portal.version + 1 },
    contacts: before.contacts.map((contact) => ({ ...contact, reportDueAt: dueOf(contact) })),
  }
}

/** Each once, as they are told: the same choice is the same value. */
export const inOrder = (chosen: readonly MonthlyPart[]): MonthlyPart[] =>
  monthlyParts.filter((part) => chosen.includes(part))
