import { and, asc, count, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import { customers, noticeRecipients, notices } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { decodeCursor, numberKeyOf } from '../../http/paging.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { among } from '../../tenancy/among.ts'
import { newId } from '../../tenancy/ids.ts'
import { revised } from '../../tenancy/revised.ts'
import type { Answer, FieldChange, MspScope, Write } from '../../tenancy/scope.ts'
import type { NoticeInput, NoticeQuery } from './notices.schema.ts'

/** Every portal's first page reads past those that are not over, so there are never many. */
const OPEN_COUNT_MAX = 200

export type NoticeRow = typeof notices.$inferSelect
export type NoticeWithRecipients = { row: NoticeRow; recipients: { id: string; name: string }[] }
type Input = z.infer<typeof NoticeInput>

/** One page of notices, the last to begin first, and one row more when there is another page. */
export const listNotices = async (
  msp: MspScope,
  { limit, cursor, sort }: z.infer<typeof NoticeQuery>,
): Promise<(NoticeRow & { customerCount: number })[]> => {
  const marked = cursor === undefined ? undefined : decodeCursor(cursor, sort)
  const where = marked && sql`(${notices.startsAt}, ${notices.id}) < (${numberKeyOf(marked)}, ${marked.id})`
  const order = [desc(notices.startsAt), desc(notices.id)]
  const [rows, counts] = await msp.readAll([
    msp
      .select()
      .from(notices)
      .where(msp.mine(notices, where))
      .orderBy(...order)
      .limit(limit + 1),
    msp
      .select({ noticeId: noticeRecipients.id, customerCount: count().as('customer_count') })
      .from(noticeRecipients)
      .where(
        msp.mine(
          noticeRecipients,
          inArray(
            noticeRecipients.id,
            msp
              .select({ id: notices.id })
              .from(notices)
              .where(msp.mine(notices, where))
              .orderBy(...order)
              .limit(limit),
          ),
        ),
      )
      .groupBy(noticeRecipients.id),
  ])
  const countOf = new Map(counts.map(({ noticeId, customerCount }) => [noticeId, customerCount]))
  return rows.map((row) => ({ ...row, customerCount: countOf.get(row.id) ?? 0 }))
}

/** A notice and whom it is addressed to, by name. Problem `missing`. */
export const findNotice = async (msp: MspScope, noticeId: string): Promise<NoticeWithRecipients> => {
  const [[row], recipients] = await msp.readAll([itself(msp, noticeId), recipientsOf(msp, noticeId)])
  if (row === undefined) throw missing('notice')
  return { row, recipients }
}

const itself = (msp: MspScope, noticeId: string) =>
  msp
    .select()
    .from(notices)
    .where(msp.mine(notices, eq(notices.id, noticeId)))

const recipientsOf = (msp: MspScope, noticeId: string) =>
  msp
    .select({ id: customers.id, name: customers.name })
    .from(noticeRecipients)
    .innerJoin(
      customers,
      and(eq(customers.mspId, noticeRecipients.mspId), eq(customers.id, noticeRecipients.customerId)),
    )
    .where(msp.mine(noticeRecipients, eq(noticeRecipients.id, noticeId)))
    .orderBy(asc(customers.sortName), asc(customers.id))

/** Problems: `invalid` at /customerIds or /endsAt; `conflict` when too many are scheduled or shown already. */
export const createNotice = async (
  msp: MspScope,
  input: Input,
  answer: (made: NoticeWithRecipients) => Answer,
): Promise<NoticeWithRecipients> => {
  const values = valuesOf(input)
  if (values.endsAt <= now()) throw invalidField('/endsAt', 'It would be over already.')
  const [recipients, [open]] = await msp.readAll([meant(msp, input), openNotices(msp)])
  refuseUnmet(recipients, input)
  if ((open?.openCount ?? 0) >= OPEN_COUNT_MAX) throw tooMany()
  const given = { id: newId(now()), createdAt: now(), ...values }
  const made = { row: { mspId: msp.mspId, version: 1, ...given }, recipients }
  try {
    await refusingGone(() =>
      msp.commit(
        { action: 'notice.created', subject: subjectOf(made.row), answer: answer(made) },
        oneMoreFits(msp),
        msp.add(notices, given),
        ...addressed(msp, given.id, recipients),
        msp.telling(...audienceChange(null, made)),
      ),
    )
  } catch (error) {
    throw error instanceof Problem && error.code === 'stale' ? tooMany() : error
  }
  return made
}

/** What is there already changes nothing. Problems: `missing`, `stale`; `invalid` at /customerIds; `conflict` when one that is over would be one too many. */
export const replaceNotice = async (
  msp: MspScope,
  noticeId: string,
  input: Input,
  wanted: Expected,
): Promise<NoticeWithRecipients> => {
  const [[before], earlier, recipients, [open]] = await msp.readAll([
    itself(msp, noticeId),
    recipientsOf(msp, noticeId),
    meant(msp, input),
    openNotices(msp),
  ])
  if (before === undefined) throw missing('notice')
  refuseUnmet(recipients, input)
  refuseUnexpected(before, wanted)
  const values = valuesOf(input)
  const beginsAnew = before.endsAt <= now() && values.endsAt > now()
  if (beginsAnew && (open?.openCount ?? 0) >= OPEN_COUNT_MAX) throw tooMany()
  const isForOthers = idsOf(earlier) !== idsOf(recipients)
  if (revised(before, values) === before && !isForOthers) return { row: before, recipients }
  const row = { ...before, ...values, version: before.version + 1 }
  await refusingGone(() =>
    msp.commit(
      { action: 'notice.changed', subject: subjectOf(row) },
      msp.removeWhere(noticeRecipients, eq(noticeRecipients.id, noticeId)),
      ...(beginsAnew ? [oneMoreFits(msp)] : []),
      msp.change(notices, before, values),
      ...addressed(msp, noticeId, recipients),
      msp.telling(...audienceChange({ row: before, recipients: earlier }, { row, recipients })),
    ),
  )
  return { row, recipients }
}

/** Problems: `missing`, `stale`. */
export const deleteNotice = async (msp: MspScope, noticeId: string, wanted: Expected): Promise<void> => {
  const found = await findNotice(msp, noticeId)
  const before = found.row
  refuseUnexpected(before, wanted)
  await msp.commit(
    { action: 'notice.deleted', subject: subjectOf(before) },
    msp.removeWhere(noticeRecipients, eq(noticeRecipients.id, noticeId)),
    msp.remove(notices, before),
    msp.telling(...audienceChange(found, null)),
  )
}

const valuesOf = (input: Input) => ({
  kind: input.kind,
  title: input.title,
  text: input.text,
  forAll: input.customerIds === null,
  startsAt: Date.parse(input.startsAt),
  endsAt: Date.parse(input.endsAt),
})

/** The customers that are meant, as far as they are this MSP's. */
const meant = (msp: MspScope, { customerIds }: Input) =>
  msp
    .select({ id: customers.id, name: customers.name })
    .from(customers)
    .where(msp.mine(customers, among(customers.id, customerIds ?? [])))
    .orderBy(asc(customers.sortName), asc(customers.id))

const refuseUnmet = (found: unknown[], { customerIds }: Input): void => {
  if (found.length !== (customerIds ?? []).length) throw recipientGone()
}

/** How many are scheduled or shown. */
const openNotices = (msp: MspScope) =>
  msp
    .select({ openCount: count().as('open_count') })
    .from(notices)
    .where(msp.mine(notices, gt(notices.endsAt, now())))

/** Asked inside the commit, so that it holds however many are made at once. */
const oneMoreFits = (msp: MspScope): Write =>
  msp.onlyIf(
    sql`(select count(${notices.id}) from ${notices} where ${msp.mine(notices, gt(notices.endsAt, now()))}) < ${OPEN_COUNT_MAX}`,
  )

/** A customer may be deleted while a notice is addressed to it. */
const refusingGone = async (commit: () => Promise<void>): Promise<void> => {
  try {
    await commit()
  } catch (error) {
    throw error instanceof Refused && error.kind === 'foreign_key' ? recipientGone() : error
  }
}

const recipientGone = () => invalidField('/customerIds', 'One of these customers is not there any more.')
const tooMany = () =>
  new Problem('conflict', `${OPEN_COUNT_MAX} notices are scheduled or shown already. Delete some first.`)

const addressed = (msp: MspScope, noticeId: string, recipients: { id: string }[]): Write[] => [
  msp.putAll(
    noticeRecipients,
    recipients.map(({ id }) => ({ id: noticeId, customerId: id })),
  ),
]

const subjectOf = ({ id, title }: { id: string; title: string }) => ({ kind: 'notice', id, name: title })

/** How many customers an entry of the activity names. */
const NAMED_COUNT_MAX = 5

type Audience = { row: { forAll: boolean }; recipients: { id: string; name: string }[] }

/** Whom a notice was for and is for now, in words: a handful of names, those of the difference first. Pure. */
export const audienceChange = (before: Audience | null, after: Audience | null): FieldChange[] => {
  const [was, is] = [audienceIn(before, after), audienceIn(after, before)]
  return was === is ? [] : [{ table: 'notices', field: 'shownTo', before: was, after: is }]
}

const audienceIn = (audience: Audience | null, other: Audience | null): string | null => {
  if (audience === null) return null
  if (audience.row.forAll) return 'All customers'
  const others = new Set(other?.recipients.map(({ id }) => id))
  const names = [false, true].flatMap((isOfBoth) =>
    audience.recipients.filter(({ id }) => others.has(id) === isOfBoth).map(({ name }) => name),
  )
  // One more takes no more room than saying that there is one more.
  const shown = names.length <= NAMED_COUNT_MAX + 1 ? names : names.slice(0, NAMED_COUNT_MAX)
  return shown.length === names.length
    ? names.join(', ')
    : `${shown.join(', ')} and ${names.length - shown.length} more`
}

const idsOf = (recipients: { id: string }[]): string => JSON.stringify(recipients.map(({ id }) => id).toSorted())
