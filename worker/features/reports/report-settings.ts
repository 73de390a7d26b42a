import { and, asc, isNull } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { contacts, customers, monthlyParts, portals } from '../../../db/shard/schema.ts'
import type { MonthlyPart } from '../../../db/shard/schema.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { invalidField, missing } from '../../http/problem.ts'
import { among } from '../../tenancy/among.ts'
import { revised } from '../../tenancy/revised.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { nextReportAt } from './months.ts'
import type { ReportSettingsInput } from './reports.schema.ts'

export type ReportSettingsRow = {
  customerState: (typeof customers.$inferSelect)['state']
  portal: typeof portals.$inferSelect
  contacts: Pick<
    typeof contacts.$inferSelect,
    'id' | 'name' | 'email' | 'isPortalUser' | 'isPortalAdmin' | 'access' | 'reportDueAt'
  >[]
}

/** Whether a portal gives reports, and who is mailed one each month. Problems: `missing`, also without a portal. */
export const readReportSettings = async (msp: MspScope, customerId: string): Promise<ReportSettingsRow> => {
  const customer = msp.forCustomer(customerId)
  const [[itself], [portal], people] = await customer.readAll([
    customer.select({ state: customers.state }).from(customers).where(customer.mine(customers)),
    customer.select().from(portals).where(customer.mine(portals)),
    customer
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
      .where(customer.mine(contacts, isNull(contacts.removedAt)))
      .orderBy(asc(contacts.escalationPosition), asc(contacts.id)),
  ])
  if (itself === undefined) throw missing('customer')
  if (portal === undefined) throw missing('portal')
  return { customerState: itself.state, portal, contacts: people }
}

/** What the monthly report of a portal tells. */
export const partsOf = ({ monthlyParts: chosen }: Pick<typeof portals.$inferSelect, 'monthlyParts'>): MonthlyPart[] =>
  chosen ?? [...monthlyParts]

/** Replaces them. Problems: `missing`; `stale`; `invalid` at /contactIds for who cannot be mailed; `conflict` when archived. */
export const saveReportSettings = async (
  msp: MspScope,
  customerId: string,
  input: z.infer<typeof ReportSettingsInput>,
  timeZone: string,
  wanted: Expected,
): Promise<ReportSettingsRow> => {
  const before = await readReportSettings(msp, customerId)
  refuseUnexpected(before.portal, wanted)
  const chosen = new Set(input.contactIds)
  const known = new Map(before.contacts.map((contact) => [contact.id, contact]))
  if ([...chosen].some((id) => known.get(id) === undefined))
    throw invalidField('/contactIds', 'Choose contacts of this customer.')
  if ([...chosen].some((id) => known.get(id)?.email === null))
    throw invalidField('/contactIds', 'Choose contacts who have an e-mail address.')
  const isNew = before.contacts.filter(({ id, reportDueAt }) => chosen.has(id) && reportDueAt === null)
  const isOut = before.contacts.filter(({ id, reportDueAt }) => !chosen.has(id) && reportDueAt !== null)
  const parts = monthlyParts.filter((part) => input.parts.includes(part))
  const values = {
    reportsShown: input.shown,
    // Whoever has all of them has also those that are yet to come.
    monthlyParts: parts.length === monthlyParts.length ? null : parts,
  }
  if (isNew.length + isOut.length === 0 && revised(before.portal, values) === before.portal) return before
  const customer = msp.forCustomer(customerId)
  const dueAt = nextReportAt(msp.now(), timeZone)
  const idsOf = (some: { id: string }[]) =>
    among(
      contacts.id,
      some.map(({ id }) => id),
    )
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
    customer.changeAll(contacts, and(idsOf(isNew), isNull(contacts.removedAt)), { reportDueAt: dueAt }),
    customer.changeAll(contacts, idsOf(isOut), { reportDueAt: null }),
    customer.telling(...(isNew.length + isOut.length === 0 ? [] : [told])),
  )
  return {
    customerState: before.customerState,
    portal: { ...before.portal, ...values, version: before.portal.version + 1 },
    contacts: before.contacts.map((contact) => ({
      ...contact,
      reportDueAt: chosen.has(contact.id) ? (contact.reportDueAt ?? dueAt) : null,
    })),
  }
}
