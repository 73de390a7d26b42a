import { z } from '@hono/zod-openapi'
import { userChangeKinds } from '../../../db/shard/schema.ts'
import { NoticeInPortal } from '../notices/index.ts'
import { RequestsNow } from '../requests/index.ts'
import { TicketsNow } from '../tickets/index.ts'

const moment = z.iso.datetime().nullable()
const count = z.number().int()

export const Dashboard = z
  .object({
    asOf: moment.describe('The oldest of what is shown; null while nothing was read yet.'),
    tenants: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['syncing', 'connected', 'consent_lost']),
        asOf: moment,
        stateSince: moment.describe('Since when it cannot be read; null while it can.'),
      }),
    ),
    people: z
      .object({
        asOf: moment,
        today: z.iso.date().describe('The day it is where the days of the provider begin.'),
        activeCount: count,
        guestCount: count,
        blockedCount: count,
        trend: z
          .array(z.object({ day: z.iso.date(), count }))
          .describe('Active people, one figure a day, oldest first; at most 30.'),
        changes: z
          .array(
            z.object({
              day: z.iso.date(),
              kind: z.enum(userChangeKinds),
              name: z.string().nullable().describe('Null where the directory does not show this of people.'),
              detail: z.string().nullable(),
              licence: z.string().nullable().describe('Which licence was given or taken; null for other changes.'),
            }),
          )
          .describe('What happened in the last 30 days, newest first; at most 100.'),
        changesTruncated: z.boolean().describe('There were more changes than are listed.'),
      })
      .nullable()
      .describe('Null: this person may not see it, or there is nothing yet. The same for the blocks below.'),
    licences: z
      .object({
        asOf: moment,
        items: z.array(
          z.object({ name: z.string(), boughtCount: count, assignedCount: count, overCount: count, freeCount: count }),
        ),
        renewals: z
          .array(z.object({ name: z.string(), at: z.iso.datetime(), seatCount: count }))
          .nullable()
          .describe('The next 90 days, soonest first; null for those who may not see renewals.'),
        idle: z
          .object({
            days30Count: count.describe(
              'Held by somebody who has not signed in for 30 days or more, or cannot sign in.',
            ),
            blockedCount: count.describe('Of those, held by somebody who cannot sign in.'),
            unknownCount: count.describe('Seats of which it is not known when their holders last signed in.'),
          })
          .nullable()
          .describe('Seats that nobody seems to use; null for those who may not see who holds them.'),
      })
      .nullable(),
    security: z
      .object({
        asOf: moment,
        current: z
          .number()
          .nullable()
          .describe('Points reached, of those that can be; null while Microsoft gives no score.'),
        max: z.number().nullable(),
        comparison: z
          .number()
          .nullable()
          .describe('What similar organisations reach, in percent; null when Microsoft does not say.'),
        trend: z
          .array(z.object({ day: z.iso.date(), percent: z.number() }))
          .describe('Percent of what could be reached, one a day, oldest first.'),
        alerts: z.array(
          z.object({
            title: z.string(),
            severity: z.enum(['informational', 'low', 'medium', 'high', 'unknown']),
            raisedAt: moment,
          }),
        ),
      })
      .nullable(),
    health: z
      .object({
        asOf: moment,
        services: z.array(
          z.object({
            service: z.string().describe('Microsoft’s own name of it.'),
            name: z.string().describe('What people call it.'),
            state: z.enum(['works', 'degraded', 'interrupted', 'recovering', 'unknown']),
            issueTitle: z.string().nullable(),
            since: moment,
          }),
        ),
      })
      .nullable(),
    notices: z
      .array(NoticeInPortal)
      .describe('What the MSP tells its customers now: warnings first, then the newest; at most 20.'),
    tickets: TicketsNow.describe('Their own tickets and those they watch; for portal admins the whole company’s.'),
    requests: RequestsNow.describe('What they asked for by a form; for portal admins what the whole company did.'),
  })
  .openapi('Dashboard')
