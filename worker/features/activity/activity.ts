import { and, asc, desc, eq, getTableColumns, gte, isNull, lt, ne, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { activities, apiKeys, contacts, customerMerges, customers, staff } from '../../../db/shard/schema.ts'
import { daysAfter, startOfDay } from '../../days.ts'
import { LIMIT_MAX, decodeCursor, encodeCursor, pagesFrom } from '../../http/paging.ts'
import { invalidField, missing } from '../../http/problem.ts'
import { newId, timePartOf } from '../../tenancy/ids.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import type { ActivityExportInput, ActivityOfAllQuery } from './activity.schema.ts'
import { activityKinds } from './kinds.ts'

/** An entry, with the name of its customer while that is there, and whose it was if that one has been merged since. */
export type ActivityRow = typeof activities.$inferSelect & { customerName: string | null; mergedFrom: string | null }
export type Person = { kind: 'staff' | 'contact' | 'api_key'; id: string; name: string }
type Query = z.infer<typeof ActivityOfAllQuery>

const SORT = '-id'
export const activityCursor = ({ id }: ActivityRow) => ({ sort: SORT, key: id, id })

/**
 * What was done to a customer that is there, and to those that were merged into it, newest first; one row more when there
 * is another page. Problem `missing`.
 */
export const listCustomersActivity = async (
  msp: MspScope,
  customerId: string,
  query: Omit<Query, 'customerId'>,
  timeZone: string,
): Promise<ActivityRow[]> => {
  const [[itself], ...pages] = await msp.readAll([
    msp
      .select({ name: customers.name })
      .from(customers)
      .where(msp.mine(customers, eq(customers.id, customerId))),
    ...stretchesOf(query, timeZone).flatMap((stretch) => [
      newest(msp, query, and(eq(activities.customerId, customerId), stretch)),
      newestOfMerged(msp, query, customerId, stretch),
    ]),
  ])
  if (itself === undefined) throw missing('customer')
  const { name } = itself
  return newestOf(pages as ActivityRow[][], query).map((row) =>
    row.mergedFrom === null ? { ...row, customerName: name } : row,
  )
}

/** Everything that was done at the MSP, or to one customer, also to one that is gone. */
export const listActivity = async (msp: MspScope, query: Query, timeZone: string): Promise<ActivityRow[]> => {
  const whose = query.customerId === undefined ? undefined : eq(activities.customerId, query.customerId)
  const [first, ...more] = stretchesOf(query, timeZone).map((stretch) => newest(msp, query, and(whose, stretch)))
  return first === undefined ? [] : newestOf(await msp.readAll([first, ...more]), query)
}

/** Who entries can be filtered by: staff, API keys, and the contacts of a customer. At most 200 of each. */
export const listPeople = async (msp: MspScope, customerId: string | undefined): Promise<Person[]> => {
  const [employees, keys, people = []] = await msp.readAll([
    msp
      .select({ id: staff.id, name: staff.name })
      .from(staff)
      .where(msp.mine(staff))
      .orderBy(asc(staff.name), asc(staff.id))
      .limit(LIMIT_MAX),
    msp
      .select({ id: apiKeys.id, name: apiKeys.name })
      .from(apiKeys)
      .where(msp.mine(apiKeys))
      .orderBy(desc(apiKeys.id))
      .limit(LIMIT_MAX),
    ...(customerId === undefined
      ? []
      : [
          msp
            .select({ id: contacts.id, name: contacts.name })
            .from(contacts)
            .where(msp.mine(contacts, eq(contacts.customerId, customerId)))
            .limit(LIMIT_MAX),
        ]),
  ])
  const as = (kind: Person['kind']) => (row: { id: string; name: string }) => ({ kind, ...row })
  return [...employees.map(as('staff')), ...keys.map(as('api_key')), ...people.map(as('contact'))]
}

/** What the list shows for the same question, page by page as it is taken. That it was taken is written down first. */
export const exportActivity = async (
  msp: MspScope,
  { format, ...question }: z.infer<typeof ActivityExportInput>,
  timeZone: string,
  fileName: string,
): Promise<AsyncGenerator<ActivityRow[], void>> => {
  const { customerId } = question
  const page = { ...question, limit: LIMIT_MAX }
  const isThere = customerId !== undefined && (await msp.first(customers, eq(customers.id, customerId))) !== undefined
  const read = (cursor?: string) =>
    isThere
      ? listCustomersActivity(msp, customerId, { ...page, cursor }, timeZone)
      : listActivity(msp, { ...page, cursor }, timeZone)
  const first = await read()
  if (
    customerId !== undefined &&
    !isThere &&
    (await listActivity(msp, { customerId, limit: 1 }, timeZone)).length === 0
  )
    throw missing('customer')
  await msp.tell({
    action: 'activity.exported',
    subject: { kind: 'activity_export', id: newId(msp.now()), name: fileName },
    customerId: customerId ?? null,
    changes: Object.entries({ format, ...question }).flatMap(([field, after]) =>
      after === undefined || field === 'customerId' ? [] : [{ table: 'activity_exports', field, before: null, after }],
    ),
  })
  return pagesFrom(first, (last) => read(encodeCursor(activityCursor(last))))
}

const nothing = (name: string) => sql<string | null>`null`.as(name)

/** A page of an index, newest first. */
const newest = (msp: MspScope, { limit }: Pick<Query, 'limit'>, condition: SQL | undefined) =>
  msp
    .select({
      ...getTableColumns(activities),
      customerName: sql<string | null>`${customers.name}`.as('customer_name'),
      mergedFrom: nothing('merged_from'),
    })
    .from(activities)
    .leftJoin(customers, and(eq(customers.mspId, activities.mspId), eq(customers.id, activities.customerId)))
    .where(msp.mine(activities, condition))
    .orderBy(desc(activities.id))
    .limit(limit + 1)

/** Of each customer that was merged into this one no more than a page: the cost is the page's, however old they were. */
const newestOfMerged = (msp: MspScope, query: Pick<Query, 'limit'>, customerId: string, stretch: SQL | undefined) => {
  // Its own entry of the merge says no more than the survivor's.
  const isOfMerged = sql`${activities.customerId} = ${customerMerges.mergedId} and ${ne(activities.action, 'customer.merged_into')}`
  const page = msp
    .select({ id: activities.id })
    .from(activities)
    .where(msp.mine(activities, and(isOfMerged, stretch)))
    .orderBy(desc(activities.id))
    .limit(query.limit + 1)
  const ids = sql`json_each((select json_group_array(newest.id) from ${page} as newest)) as entry`
  return (
    msp
      .select({
        ...getTableColumns(activities),
        customerName: nothing('customer_name'),
        mergedFrom: sql<string | null>`${customerMerges.mergedName}`.as('merged_from'),
      })
      .from(customerMerges)
      // Crossed, so that nothing but these entries is looked up, whatever order SQLite would find cheaper.
      .crossJoin(ids)
      .crossJoin(activities)
      .where(
        and(
          msp.mine(customerMerges, and(eq(customerMerges.customerId, customerId), isNull(customerMerges.undoneAt))),
          msp.mine(activities, eq(activities.id, sql`entry.value`)),
        ),
      )
      .orderBy(desc(activities.id))
      .limit(query.limit + 1)
  )
}

/** What is asked for, as stretches of indexes that are in order by themselves: one for each topic of a kind. */
const stretchesOf = (query: Query, timeZone: string): (SQL | undefined)[] => {
  const conditions = conditionsOf(query, timeZone)
  return query.kind === undefined
    ? [and(...conditions)]
    : activityKinds[query.kind].map((topic) => and(...conditions, eq(activities.topic, topic)))
}

const conditionsOf = ({ person, from, to, cursor }: Query, timeZone: string): SQL[] => {
  if (from !== undefined && to !== undefined && from > to)
    throw invalidField('/to', 'The last day is before the first one.')
  // Ids sort by time, so a period is a range of the index that is walked anyway.
  return [
    // What runs by itself is nobody's, and is not in the indexes of people.
    ...(person === undefined ? [] : [eq(activities.actorId, person), sql`${activities.actorKind} <> 'system'`]),
    ...(from === undefined ? [] : [likely(gte(activities.id, timePartOf(startOfDay(from, timeZone))))]),
    ...(to === undefined ? [] : [likely(lt(activities.id, timePartOf(startOfDay(daysAfter(to, 1), timeZone))))]),
    ...(cursor === undefined ? [] : [likely(lt(activities.id, decodeCursor(cursor, SORT).id))]),
  ]
}

/** Without it SQLite takes a period for the narrowest filter, and walks through everybody's entries of that time. */
const likely = (condition: SQL): SQL => sql`likely(${condition})`

const newestOf = (pages: ActivityRow[][], { limit }: Pick<Query, 'limit'>): ActivityRow[] =>
  pages
    .flat()
    .toSorted((one, other) => (one.id < other.id ? 1 : -1))
    .slice(0, limit + 1)
