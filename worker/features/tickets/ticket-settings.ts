import { eq, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import { ticketPriorities, tickets, ticketSettings } from '../../../db/shard/schema.ts'
import type { TicketPriority } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { alongside } from '../../http/alongside.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, stale } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import { revised } from '../../tenancy/revised.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import type { FieldChange, MspScope } from '../../tenancy/scope.ts'
import { categoriesAfter } from './category-changes.ts'
import { priorityOf, settingsOf, settingsRead } from './settings.ts'
import type { Settings } from './settings.ts'
import { OFFERED_COUNT_MAX } from './ticket-settings.schema.ts'
import type { TicketSettingsInput } from './ticket-settings.schema.ts'

export type TicketSettingsFound = { settings: Settings; version: number }

/** How the MSP keeps its tickets. */
export const readTicketSettings = async (msp: MspScope): Promise<TicketSettingsFound> => {
  const [row] = await settingsRead(msp)
  return { settings: settingsOf(row), version: row?.version ?? 0 }
}

/** What saving them starts from. */
export const ticketSettingsReads = alongside((msp) => [settingsRead(msp)])

/**
 * Replaces how the MSP keeps its tickets: names hold at once, targets and days for what happens from then on. What is there already
 * changes nothing. Problems: `stale`; `invalid` at each category that cannot be.
 */
export const saveTicketSettings = async (
  msp: MspScope,
  [[before]]: AnswersOf<typeof ticketSettingsReads.reads>,
  input: z.infer<typeof TicketSettingsInput>,
  wanted: Expected,
): Promise<TicketSettingsFound> => {
  refuseUnexpected(before ?? { version: 0 }, wanted)
  const known = settingsOf(before)
  const given = new Set(input.categories.map(({ id }) => id))
  const leftOut = known.categories.filter(({ id }) => !given.has(id)).map(({ id }) => id)
  const decided = categoriesAfter(
    known.categories,
    input.categories,
    await categoriesInUse(msp, leftOut),
    OFFERED_COUNT_MAX,
    () => newId(now()),
  )
  if ('errors' in decided)
    throw new Problem('invalid', 'Some categories cannot be as they are.', { errors: decided.errors })
  const settings: Settings = {
    categories: decided.categories,
    priorities: ticketPriorities.map((priority) => priorityOf(input, priority)),
    reopenDays: input.reopenDays,
  }
  const after = revised({ version: 0, ...known, ...before }, settings)
  if (after.version === (before?.version ?? 0)) return { settings: known, version: after.version }
  try {
    await msp.commit(
      { action: 'settings.tickets_changed', subject: { kind: 'settings', id: msp.mspId, name: 'Tickets' } },
      before === undefined
        ? msp.add(ticketSettings, { id: msp.mspId, ...settings })
        : msp.changeWhere(ticketSettings, before.id, eq(ticketSettings.version, before.version), {
            ...settings,
            version: before.version + 1,
          }),
      msp.telling(...toldChanges(known, settings)),
    )
  } catch (error) {
    // Two were the first to save.
    if (error instanceof Refused && error.kind === 'unique') throw stale()
    throw error
  }
  return { settings, version: after.version }
}

/** Which of these categories tickets have: one look-up each. */
const categoriesInUse = async (msp: MspScope, ids: string[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set()
  const rows = await msp
    .select({ id: sql<string>`asked.value`.as('asked_id') })
    .from(sql`json_each(${JSON.stringify(ids)}) as asked`)
    .where(sql`exists (select 1 from ${tickets} where ${msp.mine(tickets, sql`${tickets.category} = asked.value`)})`)
  return new Set(rows.map(({ id }) => id))
}

/** What is told of a change, in words. Pure. */
const toldChanges = (before: Settings, after: Settings): FieldChange[] =>
  [
    { field: 'categories', of: categoriesTold },
    ...ticketPriorities.map((priority) => ({
      field: priority,
      of: (settings: Settings) => priorityTold(priorityOf(settings, priority)),
    })),
    { field: 'reopenDays', of: ({ reopenDays }: Settings) => reopenDays },
  ].flatMap(({ field, of }) => {
    const [was, is] = [of(before), of(after)]
    return was === is ? [] : [{ table: 'ticket_settings', field, before: was, after: is }]
  })

const categoriesTold = ({ categories }: Settings): string =>
  categories.map(({ name, isRetired }) => (isRetired ? `(${name})` : name)).join(', ')

const priorityTold = ({ name, customerName, firstAnswerHours, resolutionHours }: TicketPriority): string =>
  `${name} · ${customerName} · ${firstAnswerHours ?? '–'} h · ${resolutionHours ?? '–'} h`
