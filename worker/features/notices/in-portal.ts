import { z } from '@hono/zod-openapi'
import { and, desc, gt, lte } from 'drizzle-orm'
import type { Placeholder } from 'drizzle-orm'
import { noticeKinds, notices } from '../../../db/shard/schema.ts'
import type { ContactReads } from '../../tenancy/scope.ts'

/** More than anybody reads at once. */
const SHOWN_COUNT_MAX = 20

export const NoticeInPortal = z
  .object({
    id: z.string(),
    version: z.number().int(),
    kind: z.enum(noticeKinds),
    title: z.string(),
    text: z.string().describe('Plain text; lines break where it breaks.'),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
  })
  .openapi('NoticeInPortal')

/** What is shown to a contact at a moment: warnings first, then the newest. Whom it is for is the table's visibility. */
export const noticesNow = (contact: ContactReads, at: Placeholder) =>
  contact
    .select({
      id: notices.id,
      version: notices.version,
      kind: notices.kind,
      title: notices.title,
      text: notices.text,
      startsAt: notices.startsAt,
      endsAt: notices.endsAt,
    })
    .from(notices)
    .where(contact.mine(notices, and(gt(notices.endsAt, at), lte(notices.startsAt, at))))
    .orderBy(desc(notices.kind), desc(notices.startsAt), desc(notices.id))
    .limit(SHOWN_COUNT_MAX)

export const presentInPortal = (
  row: Awaited<ReturnType<typeof noticesNow>>[number],
): z.infer<typeof NoticeInPortal> => ({
  id: row.id,
  version: row.version,
  kind: row.kind,
  title: row.title,
  text: row.text,
  startsAt: new Date(row.startsAt).toISOString(),
  endsAt: new Date(row.endsAt).toISOString(),
})
