import { and, eq, exists, sql } from 'drizzle-orm'
import { customers, documents, logos, msps, portals } from '../../../db/shard/schema.ts'
import { missing } from '../../http/problem.ts'
import type { CustomerScope, MspScope } from '../../tenancy/scope.ts'
import { sharedDocuments } from '../../tenancy/visibility.ts'

/** What a portal looks like to somebody at its door, signed in or not; undefined while it is not reachable. */
export const portalFace = async (customer: CustomerScope) => {
  const shared = customer
    .select({ id: documents.id })
    .from(documents)
    .where(customer.mine(documents, sharedDocuments()))
    .limit(1)
  const [row] = await customer
    .select({
      portal: portals,
      customer: customers,
      msp: msps,
      hasDocuments: sql<number>`${exists(shared)}`,
    })
    .from(portals)
    .innerJoin(customers, and(eq(customers.mspId, portals.mspId), eq(customers.id, portals.customerId)))
    .innerJoin(msps, eq(msps.mspId, portals.mspId))
    .where(customer.mine(portals))
  return row
}

/** A picture by its id, for whoever stands at this customer's portal: the customer's own or its MSP's default. */
export const logoAt = async (
  msp: MspScope,
  customerId: string | null,
  id: string,
): Promise<typeof logos.$inferSelect> => {
  const logo = await msp.find(logos, id, 'picture')
  if (logo.customerId !== null && customerId !== null && logo.customerId !== customerId) throw missing('picture')
  return logo
}
