import { and, eq, exists, ne } from 'drizzle-orm'
import { customers, tenants } from '../../../db/shard/schema.ts'
import type { Directory } from '../../connectors/directory.ts'
import { graphDirectory } from '../../connectors/graph/index.ts'
import type { Outcome, Work } from '../../jobs/job.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import type { MicrosoftApp } from '../microsoft-apps/index.ts'
import type { RequestBudget } from './request-budget.ts'
import type { TenantRow } from './sync-run.ts'

/** The tenant as it is now, whichever customer has it; undefined when it is not to be read. */
export const syncableRow = async (msp: MspScope, tenantId: string): Promise<TenantRow | undefined> => {
  const itsCustomer = and(eq(customers.id, tenants.customerId), ne(customers.state, 'archived'))
  const isServed = exists(msp.select({ id: customers.id }).from(customers).where(msp.mine(customers, itsCustomer)))
  return msp.first(tenants, and(eq(tenants.id, tenantId), eq(tenants.state, 'connected'), isServed))
}

export const soonAgain = (work: Work): Outcome => ({ kind: 'again', at: work.now() + 1_000 })

/** With the app registration that the tenant was connected with, whichever is in force now: consent belongs to app × tenant. */
export const directoryOf = (
  { entraTenantId }: TenantRow,
  { clientId, clientSecret, isOwn }: MicrosoftApp,
  { environment, now, keep }: Work,
  requests: RequestBudget,
): Directory =>
  graphDirectory({
    entraUrl: environment.ENTRA_URL,
    graphUrl: environment.GRAPH_URL,
    clientId,
    clientSecret,
    isOwnApp: isOwn,
    tenantId: entraTenantId,
    fetch: (address, request) => fetch(address, request),
    beforeEach: async () => {
      requests.spend()
      await keep()
    },
    now,
  })
