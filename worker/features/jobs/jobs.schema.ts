import { z } from '@hono/zod-openapi'
import { jobStates } from '../../../db/shard/schema.ts'
import type { jobs } from '../../../db/shard/schema.ts'
import { listOf } from '../../http/paging.ts'
import { isoMoment } from '../../http/text.ts'

export const JobQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most.'),
  cursor: z.string().max(500).optional().describe('The `nextCursor` of the page before.'),
  state: z.enum(jobStates).optional().describe('Only jobs in this state; `parked` are those that gave up.'),
})

export const Job = z
  .object({
    id: z.string(),
    kind: z.string(),
    title: z.string(),
    subjectName: z.string(),
    customerId: z.string().nullable(),
    state: z.enum(jobStates),
    attemptCount: z.number().int(),
    dueAt: z.iso.datetime().nullable().describe('When it runs next; only while waiting.'),
    trouble: z.string().nullable().describe('Why it failed last, in words.'),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .openapi('Job')

export const JobList = listOf(Job, 'JobList')

export const presentJob =
  (titles: ReadonlyMap<string, string>) =>
  (row: typeof jobs.$inferSelect): z.infer<typeof Job> => ({
    id: row.id,
    kind: row.kind,
    title: titles.get(row.kind) ?? row.kind,
    subjectName: row.subjectName,
    customerId: row.customerId,
    state: row.state,
    attemptCount: row.attemptCount,
    dueAt: row.state === 'waiting' ? new Date(row.dueAt).toISOString() : null,
    trouble: row.trouble,
    createdAt: new Date(row.createdAt).toISOString(),
    startedAt: isoMoment(row.startedAt),
    finishedAt: isoMoment(row.finishedAt),
  })
