import { z } from '@hono/zod-openapi'
import { noticeKinds } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { requiredLine, requiredText } from '../../http/text.ts'
import type { NoticeRow, NoticeWithRecipients } from './notices.ts'

const RECIPIENT_COUNT_MAX = 200

/** A year that nobody means is a slip of the keyboard, and far enough off it is no moment that can be told again. */
const [EARLIEST, LATEST] = [Date.UTC(2000, 0), Date.UTC(2101, 0)]

const moment = (ask: string) =>
  z.iso
    .datetime({ offset: true, error: ask })
    .refine((text) => Date.parse(text) >= EARLIEST && Date.parse(text) < LATEST, 'Choose a year from 2000 to 2100.')

export const NoticeInput = z
  .strictObject({
    title: requiredLine(120, 'Say in a few words what this is about.').describe('In a few words, what it is about.'),
    text: requiredText(2000, 'Write what customers should know.').describe('Plain text; lines break where it breaks.'),
    kind: z.enum(noticeKinds).default('info').describe('A `warning` comes before an `info`, and looks it.'),
    startsAt: moment('Say when it begins.').describe('From when portals show it.'),
    endsAt: moment('Say when it ends.').describe('Until when portals show it.'),
    customerIds: z
      .array(z.string().max(60))
      .min(1, 'Choose at least one customer, or all of them.')
      .max(RECIPIENT_COUNT_MAX, `At most ${RECIPIENT_COUNT_MAX} customers; show it to all instead.`)
      .transform((ids) => [...new Set(ids)])
      .nullable()
      .describe('The customers in whose portals it is shown; null for all, also those still to come.'),
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
  state: z
    .enum(['scheduled', 'showing', 'over', 'nobody'])
    .describe('`nobody` where every customer it was for has been deleted: no portal shows it.'),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  forAll: z.boolean(),
  createdAt: z.iso.datetime(),
}

export const NoticeSummary = z
  .object({
    ...shown,
    customerCount: z.number().int().nullable().describe('To how many customers it is addressed; null for all.'),
  })
  .openapi('NoticeSummary')
export const NoticeList = listOf(NoticeSummary, 'NoticeList')

export const Notice = z
  .object({
    ...shown,
    customers: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .nullable()
      .describe('Null for all.'),
    version: z.number().int(),
  })
  .openapi('Notice')

const present = (row: NoticeRow, recipientCount: number) => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  text: row.text,
  state: stateOf(row, recipientCount),
  startsAt: new Date(row.startsAt).toISOString(),
  endsAt: new Date(row.endsAt).toISOString(),
  forAll: row.forAll,
  createdAt: new Date(row.createdAt).toISOString(),
})

export const presentNoticeSummary = (row: NoticeRow & { customerCount: number }): z.infer<typeof NoticeSummary> => ({
  ...present(row, row.customerCount),
  customerCount: row.forAll ? null : row.customerCount,
})

export const presentNotice = ({ row, recipients }: NoticeWithRecipients): z.infer<typeof Notice> => ({
  ...present(row, recipients.length),
  customers: row.forAll ? null : recipients,
  version: row.version,
})

const stateOf = ({ startsAt, endsAt, forAll }: NoticeRow, recipientCount: number): z.infer<typeof Notice>['state'] => {
  if (endsAt <= now()) return 'over'
  if (!forAll && recipientCount === 0) return 'nobody'
  return startsAt <= now() ? 'showing' : 'scheduled'
}
