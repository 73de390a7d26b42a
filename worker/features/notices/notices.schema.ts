import { z } from '@hono/zod-openapi'
import { noticeKinds } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { requiredLine, requiredText } from '../../http/text.ts'
import type { NoticeRow, NoticeWithRecipients } from './notices.ts'

const RECIPIENT_COUNT_MAX = 200

export const NoticeInput = z
  .strictObject({
    title: requiredLine(120, 'Say in a few words what this is about.'),
    /** Plain text; lines break where it breaks. */
    text: requiredText(2000, 'Write what customers should know.'),
    kind: z.enum(noticeKinds).default('info'),
    startsAt: z.iso.datetime({ offset: true, error: 'Say when it begins.' }),
    endsAt: z.iso.datetime({ offset: true, error: 'Say when it ends.' }),
    /** The customers in whose portals it is shown; null for all, also those still to come. */
    customerIds: z
      .array(z.string().max(60))
      .min(1, 'Choose at least one customer, or all of them.')
      .max(RECIPIENT_COUNT_MAX, `At most ${RECIPIENT_COUNT_MAX} customers; show it to all instead.`)
      .transform((ids) => [...new Set(ids)])
      .nullable(),
  })
  .refine(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(endsAt), {
    path: ['endsAt'],
    error: 'It ends before it begins.',
  })
  .openapi('NoticeInput')

export const NoticeQuery = listQuery(['-startsAt'])

const shown = {
  id: z.string(),
  kind: z.enum(noticeKinds),
  title: z.string(),
  text: z.string(),
  state: z.enum(['scheduled', 'showing', 'over']),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  forAll: z.boolean(),
  createdAt: z.iso.datetime(),
}

export const NoticeSummary = z
  .object({
    ...shown,
    /** To how many customers it is addressed; null for all. */
    customerCount: z.number().int().nullable(),
  })
  .openapi('NoticeSummary')
export const NoticeList = listOf(NoticeSummary, 'NoticeList')

export const Notice = z
  .object({
    ...shown,
    /** Null for all. */
    customers: z.array(z.object({ id: z.string(), name: z.string() })).nullable(),
    version: z.number().int(),
  })
  .openapi('Notice')

const present = (row: NoticeRow) => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  text: row.text,
  state: stateOf(row),
  startsAt: new Date(row.startsAt).toISOString(),
  endsAt: new Date(row.endsAt).toISOString(),
  forAll: row.forAll,
  createdAt: new Date(row.createdAt).toISOString(),
})

export const presentNoticeSummary = (row: NoticeRow & { customerCount: number }): z.infer<typeof NoticeSummary> => ({
  ...present(row),
  customerCount: row.forAll ? null : row.customerCount,
})

export const presentNotice = ({ row, recipients }: NoticeWithRecipients): z.infer<typeof Notice> => ({
  ...present(row),
  customers: row.forAll ? null : recipients,
  version: row.version,
})

const stateOf = ({ startsAt, endsAt }: NoticeRow): z.infer<typeof Notice>['state'] => {
  if (endsAt <= now()) return 'over'
  return startsAt <= now() ? 'showing' : 'scheduled'
}
