import { asc, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { cannedReplies } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { decodeCursor, textKeyOf } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { Problem } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import { revised } from '../../tenancy/revised.ts'
import type { Answer, MspScope } from '../../tenancy/scope.ts'
import type { CannedReplyInput, CannedReplyQuery } from './canned-replies.schema.ts'
import { filledIn } from './canned-text.ts'
import { ticketFrom, ticketReads } from './ticket-reads.ts'

export type CannedReplyRow = typeof cannedReplies.$inferSelect
type Input = z.infer<typeof CannedReplyInput>

/** So many fit in a menu that is searched by eye; all of them are filled in at once. */
const REPLY_COUNT_MAX = 200

/** One page of them by their titles, and one row more where there is another page. */
export const listCannedReplies = async (
  msp: MspScope,
  { limit, cursor, sort }: z.infer<typeof CannedReplyQuery>,
): Promise<CannedReplyRow[]> => {
  const marked = cursor === undefined ? undefined : decodeCursor(cursor, sort)
  return msp.list(cannedReplies, {
    where: marked && sql`(${cannedReplies.title}, ${cannedReplies.id}) > (${textKeyOf(marked)}, ${marked.id})`,
    orderBy: [asc(cannedReplies.title), asc(cannedReplies.id)],
    limit: limit + 1,
  })
}

export const cannedReplyCursor =
  (sort: string) =>
  ({ title, id }: CannedReplyRow): Cursor => ({ sort, key: title, id })

/** Problem `conflict` when there are too many. */
export const addCannedReply = async (
  msp: MspScope,
  input: Input,
  answer: (row: CannedReplyRow) => Answer,
): Promise<CannedReplyRow> => {
  const given = { id: newId(now()), title: input.title, body: input.text, createdAt: now() }
  const row: CannedReplyRow = { mspId: msp.mspId, version: 1, ...given }
  try {
    await msp.commit(
      { action: 'settings.canned_reply_added', subject: subjectOf(row), answer: answer(row) },
      msp.onlyIf(sql`(select count(*) from ${cannedReplies} where ${msp.mine(cannedReplies)}) < ${REPLY_COUNT_MAX}`),
      msp.add(cannedReplies, given),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale')
      throw new Problem('conflict', `There are ${REPLY_COUNT_MAX} already. Delete some first.`)
    throw error
  }
  return row
}

/** Problem `missing`. */
export const findCannedReply = (msp: MspScope, replyId: string): Promise<CannedReplyRow> =>
  msp.find(cannedReplies, replyId, 'canned reply')

/** What is there already changes nothing. Problems: `missing`, `stale`. */
export const replaceCannedReply = async (
  msp: MspScope,
  replyId: string,
  input: Input,
  wanted: Expected,
): Promise<CannedReplyRow> => {
  const before = await findCannedReply(msp, replyId)
  refuseUnexpected(before, wanted)
  const set = { title: input.title, body: input.text }
  const after = revised(before, set)
  if (after === before) return before
  await msp.commit(
    { action: 'settings.canned_reply_changed', subject: subjectOf(after) },
    msp.change(cannedReplies, before, set),
  )
  return after
}

/** Problems: `missing`, `stale`. */
export const deleteCannedReply = async (msp: MspScope, replyId: string, wanted: Expected): Promise<void> => {
  const before = await findCannedReply(msp, replyId)
  refuseUnexpected(before, wanted)
  await msp.commit(
    { action: 'settings.canned_reply_deleted', subject: subjectOf(before) },
    msp.remove(cannedReplies, before),
  )
}

/** All of them as they read for one ticket, by their titles. Problem `missing`. */
export const fillCannedReplies = async (
  msp: MspScope,
  ticketId: string,
): Promise<{ id: string; title: string; text: string }[]> => {
  const [replies, ...read] = await msp.readAll([
    msp
      .select()
      .from(cannedReplies)
      .where(msp.mine(cannedReplies))
      .orderBy(asc(cannedReplies.title), asc(cannedReplies.id))
      .limit(REPLY_COUNT_MAX),
    ...ticketReads(msp, ticketId),
  ])
  const { row, customer } = ticketFrom(read)
  const values = {
    requester: row.requesterName ?? customer.name,
    number: `#${row.number}`,
    subject: row.subject,
    customer: customer.name,
    me: msp.actor.name,
  }
  return replies.map(({ id, title, body }) => ({ id, title, text: filledIn(body, values) }))
}

const subjectOf = ({ id, title }: Pick<CannedReplyRow, 'id' | 'title'>) => ({ kind: 'canned_reply', id, name: title })
