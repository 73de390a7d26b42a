import { z } from '@hono/zod-openapi'
import { contactAccess } from '../../../db/shard/schema.ts'
import type { accessGrants } from '../../../db/shard/schema.ts'
import { inFigures } from '../../figures.ts'
import { listQuery } from '../../http/paging.ts'
import { isoMoment } from '../../http/text.ts'
import { accessObstacleOf, accessObstacles } from './decide-access.ts'
import type { ContactOfAll as Row } from './contact-list.ts'

/** At most as many get access in one go; each is named, so that nobody does who was not reviewed. */
export const GRANT_COUNT_MAX = 5_000

const typed = z
  .string()
  .max(100)
  .optional()
  .describe(
    'At least two characters: the beginnings of words in the name or e-mail, or in the name, e-mail or PSA id of their customer.',
  )

export const ContactOfAllQuery = listQuery(['name']).extend({ q: typed })

export const AccessCandidateQuery = z.strictObject({ q: typed })

export const ContactOfAll = z
  .object({
    id: z.string(),
    customerId: z.string(),
    customerName: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    jobTitle: z.string().nullable(),
    access: z.enum(contactAccess),
    obstacle: z
      .enum(accessObstacles)
      .nullable()
      .describe('Why they would not get access with others; null when they would.'),
  })
  .openapi('ContactOfAll')

export const ContactOfAllList = z
  .object({
    items: z.array(ContactOfAll),
    nextCursor: z.string().nullable(),
    truncated: z
      .boolean()
      .describe('A search reads at most 200 words; when there are more matches than it read, it says so.'),
  })
  .openapi('ContactOfAllList')

export const AccessCandidateList = z
  .object({
    items: z.array(ContactOfAll).describe('By name.'),
    truncated: z.boolean().describe(`More are found than one grant takes, so these are not all.`),
  })
  .openapi('AccessCandidateList')

export const AccessGrantInput = z
  .strictObject({
    contactIds: z
      .array(z.string().max(60))
      .min(1, 'Name at least one contact.')
      .max(GRANT_COUNT_MAX, `At most ${inFigures(GRANT_COUNT_MAX)} at once.`)
      .describe('The ids of those who were reviewed; whoever cannot get access is skipped, with the reason.'),
  })
  .openapi('AccessGrantInput')

const skippedBecause = [...accessObstacles, 'missing', 'starter_may_not'] as const

export const AccessGrant = z
  .object({
    id: z.string(),
    state: z.enum(['running', 'done']),
    totalCount: z.number().int(),
    doneCount: z.number().int(),
    grantedCount: z.number().int(),
    skipped: z
      .array(z.object({ because: z.enum(skippedBecause), count: z.number().int() }))
      .describe(
        'How many were skipped, by reason; `missing` are those who are not there, `starter_may_not` those whose turn came when whoever began was blocked or might no longer give access.',
      ),
    startedBy: z.string(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    trouble: z.string().nullable().describe('What keeps it from going on; retry its job.'),
  })
  .openapi('AccessGrant')

export const AccessGrantList = z
  .object({ items: z.array(AccessGrant), nextCursor: z.null() })
  .openapi('AccessGrantList')

export const presentContactOfAll = (row: Row): z.infer<typeof ContactOfAll> => ({
  id: row.id,
  customerId: row.customerId,
  customerName: row.customerName,
  name: row.name,
  email: row.email,
  jobTitle: row.jobTitle,
  access: row.access,
  obstacle: accessObstacleOf(row) ?? null,
})

export const presentGrant = (row: typeof accessGrants.$inferSelect): z.infer<typeof AccessGrant> => ({
  id: row.id,
  state: row.state,
  totalCount: row.totalCount,
  doneCount: Object.values(row.outcomes).reduce((sum, count) => sum + count, 0),
  grantedCount: row.outcomes['granted'] ?? 0,
  skipped: skippedBecause.flatMap((because) => {
    const count = row.outcomes[because] ?? 0
    return count === 0 ? [] : [{ because, count }]
  }),
  startedBy: row.actorName,
  createdAt: new Date(row.createdAt).toISOString(),
  finishedAt: isoMoment(row.finishedAt),
  trouble: row.trouble,
})
