import { and, gte, inArray, isNull, lt } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { contacts, msps, portals } from '../../../db/shard/schema.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { missing } from '../../http/problem.ts'
import { revised } from '../../tenancy/revised.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { senderReads } from '../mail/index.ts'
import { monthsToCome } from './months.ts'
import { inOrder } from './report-settings.ts'
import type { MonthlyDefaultsInput } from './reports.schema.ts'

type House = typeof msps.$inferSelect

/** The MSP's own row: how monthly reports are mailed where a customer does not have it otherwise. */
export const readMonthlyDefaults = (msp: MspScope): Promise<House> => msp.find(msps, msp.mspId, 'organisation')

/** The same, with the address its mails come from. */
export const readMonthlySender = async (msp: MspScope) => {
  const [[house], [address]] = await msp.readAll([msp.select().from(msps).where(msp.mine(msps)), senderReads(msp)[0]])
  if (house === undefined) throw missing('organisation')
  return { house, address }
}

/**
 * Replaces it. On another day, what is due to those whose customer has no day of its own leaves on that day of the same
 * month: at once where it is over. Problem `stale`.
 */
export const saveMonthlyDefaults = async (
  msp: MspScope,
  input: z.infer<typeof MonthlyDefaultsInput>,
  wanted: Expected,
): Promise<House> => {
  const before = await readMonthlyDefaults(msp)
  refuseUnexpected(before, wanted)
  const monthlyParts = inOrder(input.parts)
  const after = revised(before, { monthlySent: input.sent, monthlyParts, monthlyDay: input.day })
  if (after === before) return before
  const inheriting = msp
    .select({ customerId: portals.customerId })
    .from(portals)
    .where(msp.mine(portals, isNull(portals.monthlyDay)))
  const months = input.day === before.monthlyDay ? [] : monthsToCome(msp.now(), before.timeZone, input.day)
  await msp.commit(
    { action: 'settings.monthly_report_changed', subject: { kind: 'organisation', id: before.id, name: before.name } },
    msp.change(msps, before, { monthlySent: input.sent, monthlyParts, monthlyDay: input.day }),
    ...months.map(({ begins, ends, leavesAt }) =>
      msp.changeAll(
        contacts,
        and(
          gte(contacts.reportDueAt, begins),
          lt(contacts.reportDueAt, ends),
          inArray(contacts.customerId, inheriting),
        ),
        { reportDueAt: leavesAt },
      ),
    ),
  )
  return after
}
