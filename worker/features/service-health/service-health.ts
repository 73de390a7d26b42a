import { and, asc, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { serviceHealth, serviceIssues, tenants } from '../../../db/shard/schema.ts'
import { decodeCursor, foreignMarker, pageOf } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { missing } from '../../http/problem.ts'
import { isoMoment } from '../../http/text.ts'
import { oldest, serviceName, worstOfServices } from '../dashboard/index.ts'
import { itself, notToldBy, present, presentTenant, tenantsRead } from '../directory/index.ts'
import type { DirectoryReads } from '../directory/index.ts'
import type { OneTenantQuery } from '../security/index.ts'
import { issuesTogether, placeOf } from './issues.ts'
import type { Marker } from './issues.ts'
import type { IssueList, IssueQuery, ServiceHealth, ServiceIssue } from './service-health.schema.ts'

const OPEN_COUNT_MAX = 100

const issueColumns = {
  id: serviceIssues.id,
  tenantId: serviceIssues.tenantId,
  service: serviceIssues.service,
  title: serviceIssues.title,
  classification: serviceIssues.classification,
  state: serviceIssues.state,
  isResolved: serviceIssues.isResolved,
  startedAt: serviceIssues.startedAt,
  endedAt: serviceIssues.endedAt,
  latestPost: serviceIssues.latestPost,
  latestPostAt: serviceIssues.latestPostAt,
  asOf: serviceIssues.asOf,
}
type IssueRow = Pick<typeof serviceIssues.$inferSelect, keyof typeof issueColumns> & { tenantIds: string[] }

/**
 * How Microsoft's services do for a customer, over its tenants or in one of them, and what is not over. One round trip;
 * costs its services and what is open. Problem `missing`.
 */
export const readServiceHealth = async (
  reads: DirectoryReads,
  { tenantId }: z.infer<typeof OneTenantQuery>,
): Promise<z.infer<typeof ServiceHealth>> => {
  const [known, held, services, open] = await reads.readAll([
    itself(reads),
    tenantsRead(reads),
    reads
      .select({
        tenantId: serviceHealth.tenantId,
        service: serviceHealth.service,
        state: serviceHealth.state,
        issueTitle: serviceHealth.issueTitle,
        since: serviceHealth.since,
        asOf: serviceHealth.asOf,
      })
      .from(tenants)
      .crossJoin(serviceHealth)
      .where(
        and(reads.mine(tenants, present(tenantId)), reads.mine(serviceHealth, eq(serviceHealth.tenantId, tenants.id))),
      )
      .orderBy(asc(serviceHealth.service)),
    issuesSelect(reads, tenantId, OPEN_COUNT_MAX + 1, [0]),
  ])
  if (known.length === 0) throw missing('customer')
  const asked = held.filter(({ id }) => tenantId === undefined || id === tenantId)
  const issues = issuesTogether(open, undefined)
  return {
    tenants: held.map(presentTenant),
    asOf: oldest(services.map(({ asOf }) => asOf)),
    services: worstOfServices(services).map(({ service, state, issueTitle, since }) => ({
      service,
      name: serviceName(service),
      state,
      issueTitle,
      since: isoMoment(since),
      tenantIds: services.filter((row) => row.service === service && row.state === state).map((row) => row.tenantId),
    })),
    issues: issues.slice(0, OPEN_COUNT_MAX).map(presentIssue),
    truncated: issues.length > OPEN_COUNT_MAX,
    notTold: notToldBy(asked, ['services', 'issues']),
  }
}

/**
 * A page of what befell Microsoft's services in the last year, the newest first, each issue once. One round trip; costs the page in
 * each tenant, however much is kept. Problem `missing`.
 */
export const listIssues = async (
  reads: DirectoryReads,
  query: z.infer<typeof IssueQuery>,
): Promise<z.infer<typeof IssueList>> => {
  const marker = query.cursor === undefined ? undefined : markerIn(decodeCursor(query.cursor, query.sort))
  const [known, dated, undated] = await reads.readAll([
    itself(reads),
    issuesSelect(
      reads,
      query.tenantId,
      query.limit + 1,
      [0, 1],
      marker && sql`(${serviceIssues.startedAt}, ${serviceIssues.id}) < (${marker.startedAt}, ${marker.id})`,
    ),
    // Of these there are few, if any; a year of them is none of a page's affair.
    issuesSelect(
      reads,
      query.tenantId,
      query.limit + 1,
      [0, 1],
      and(
        isNull(serviceIssues.startedAt),
        // They come last: a place among them has ids before it, one among the others has none.
        marker?.startedAt === 0 ? lt(serviceIssues.id, marker.id) : undefined,
      ),
      // With a plus, so that no index looks better for its order than the one that finds them.
      [sql`+${serviceIssues.id} desc`],
    ),
  ])
  if (known.length === 0) throw missing('customer')
  const rows = issuesTogether(unique([...dated, ...undated]), marker).slice(0, query.limit + 1)
  const cursorOf = (row: IssueRow): Cursor => ({ sort: query.sort, key: placeOf(row).startedAt, id: row.id })
  return pageOf(rows, query.limit, cursorOf, presentIssue)
}

const unique = <Row extends { tenantId: string; id: string }>(rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row) => [`${row.tenantId} ${row.id}`, row])).values(),
]

const markerIn = ({ key, id }: Cursor): Marker => {
  if (typeof key !== 'number') throw foreignMarker()
  return { startedAt: key, id }
}

/** Of each tenant and of each stretch of the index, what is not over (0) and what is (1), so many, the newest first. */
const issuesSelect = (
  reads: DirectoryReads,
  tenantId: string | undefined,
  count: number,
  resolved: (0 | 1)[],
  condition?: SQL,
  order: SQL[] = [desc(serviceIssues.startedAt), desc(serviceIssues.id)],
) => {
  const first = reads
    .select({ id: serviceIssues.id })
    .from(serviceIssues)
    .where(
      reads.mine(
        serviceIssues,
        and(eq(serviceIssues.tenantId, tenants.id), sql`${serviceIssues.isResolved} = stretch.value`, condition),
      ),
    )
    .orderBy(...order)
    .limit(count)
  return reads
    .select(issueColumns)
    .from(tenants)
    .crossJoin(sql`json_each(${JSON.stringify(resolved)}) as stretch`)
    .crossJoin(sql`json_each((select json_group_array(first.id) from ${first} as first)) as entry`)
    .crossJoin(serviceIssues)
    .where(
      and(
        reads.mine(tenants, present(tenantId)),
        reads.mine(serviceIssues, and(eq(serviceIssues.tenantId, tenants.id), eq(serviceIssues.id, sql`entry.value`))),
      ),
    )
}

const presentIssue = (row: IssueRow): z.infer<typeof ServiceIssue> => ({
  id: row.id,
  service: row.service,
  serviceName: serviceName(row.service),
  title: row.title,
  classification: row.classification,
  state: row.state,
  isResolved: row.isResolved,
  startedAt: isoMoment(row.startedAt),
  endedAt: isoMoment(row.endedAt),
  latestPost: row.latestPost,
  latestPostAt: isoMoment(row.latestPostAt),
  tenantIds: row.tenantIds,
})
