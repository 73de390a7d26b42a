import { and, eq } from 'drizzle-orm'
import { requestEvents, serviceRequests } from '../../../db/shard/schema.ts'
import type { CustomerScope, Write } from '../../tenancy/scope.ts'

/** One request that a contact asked for, if there is any. */
export const requestOfPerson = (customer: CustomerScope, contactId: string) =>
  customer
    .select({ requestId: serviceRequests.id })
    .from(serviceRequests)
    .where(customer.mine(serviceRequests, eq(serviceRequests.requestedBy, contactId)))
    .limit(1)

/**
 * Describes what takes somebody's name out of their company's requests (product.md, decision 13): what they asked for and decided
 * stays, by nobody any more. It looks through all of the company's requests, which is done once for a person.
 */
export const withoutRequester = (customer: CustomerScope, id: string, nameless: string): Write[] => [
  customer.changeAll(serviceRequests, eq(serviceRequests.requestedBy, id), { requesterName: nameless }),
  customer.changeAll(serviceRequests, eq(serviceRequests.customerApprovedBy, id), { customerApprovedName: nameless }),
  customer.changeAll(serviceRequests, eq(serviceRequests.decidedBy, id), { decidedByName: nameless }),
  customer.changeAll(requestEvents, and(eq(requestEvents.actorId, id), eq(requestEvents.actorKind, 'contact')), {
    actorName: nameless,
  }),
]
