import { z } from '@hono/zod-openapi'
import type { ActivityRow } from './activity.ts'
import { listOf } from '../../http/paging.ts'

export const ActivityQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})

export const Activity = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    actor: z.object({ kind: z.enum(['staff', 'contact', 'api_key', 'system', 'visitor']), name: z.string() }),
    action: z.string(),
    subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    /** The name of the customer it was done to, where that one has been merged into this one since. */
    mergedFrom: z.string().nullable(),
    changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
  })
  .openapi('Activity')

export const ActivityList = listOf(Activity, 'ActivityList')

export const presentActivity = (row: ActivityRow): z.infer<typeof Activity> => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  actor: { kind: row.actorKind, name: row.actorName },
  action: row.action,
  subject: { kind: row.subjectKind, id: row.subjectId, name: row.subjectName },
  mergedFrom: row.mergedFrom,
  changes: row.changes.map(({ field, before, after }) => ({ field, before, after })),
})
