import { eq, sql } from 'drizzle-orm'
import { tenants } from '../../../db/shard/schema.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import type { CustomerScope, Write } from '../../tenancy/scope.ts'
import type { TenantRow } from './sync-run.ts'

/** How many requests to Microsoft one tenant may cost in an hour: enough to read 300,000 people once. */
export const REQUESTS_PER_HOUR_MAX = 2_000
const HOUR_MS = 3_600_000

/** The tenant has had its requests of this hour; what is left to read waits for the next one. */
export class BudgetSpent extends ConnectorFault {
  constructor(nowMs: number) {
    super(
      'throttled',
      'Microsoft 365',
      `This tenant has had its ${REQUESTS_PER_HOUR_MAX} requests of this hour. The rest is read in the next.`,
      Math.ceil((HOUR_MS - (nowMs % HOUR_MS)) / 1_000),
    )
  }
}

const hourOf = (nowMs: number): number => Math.floor(nowMs / HOUR_MS)

/** How many requests of a moment's hour are used up. */
export const requestsUsed = (
  { requestHour, requestCount }: Pick<TenantRow, 'requestHour' | 'requestCount'>,
  nowMs: number,
): number => (requestHour === hourOf(nowMs) ? requestCount : 0)

export type RequestBudget = ReturnType<typeof requestBudget>

/** Counts what a job asks of Microsoft about a tenant, on top of what was asked in this hour before it. */
export const requestBudget = (row: TenantRow, now: () => number) => {
  let hour = hourOf(now())
  let usedBefore = requestsUsed(row, now())
  let asked = 0

  return {
    /** Before each request; throws BudgetSpent when there is none left. */
    spend: (): void => {
      if (hourOf(now()) !== hour) {
        hour = hourOf(now())
        usedBefore = 0
        asked = 0
      }
      if (usedBefore + asked >= REQUESTS_PER_HOUR_MAX) throw new BudgetSpent(now())
      asked += 1
    },

    /** What was asked is added to what others have counted meanwhile. Requests of a Worker that dies go uncounted. */
    counted: (customer: CustomerScope): Write =>
      customer.changeAll(tenants, eq(tenants.id, row.id), {
        requestHour: hour,
        requestCount: sql`case when ${tenants.requestHour} = ${hour} then ${tenants.requestCount} + ${asked} else ${asked} end`,
      }),
  }
}
