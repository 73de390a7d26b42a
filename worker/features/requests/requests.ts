import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { contacts, customers, serviceRequests } from '../../../db/shard/schema.ts'
import type { RequestDetails } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { PortalPerson } from '../../http/app.ts'
import { decodeCursor } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import type { Answer, ContactScope, CustomerScope, MspScope } from '../../tenancy/scope.ts'
import { mayRequest, seatsToAskFor } from '../licences/index.ts'
import { requestMail } from './tell.job.ts'
import type { RequestInput, RequestQuery } from './requests.schema.ts'

export type LicenceChange = Extract<RequestDetails, { type: 'licence_change' }>
export type RequestRow = Pick<
  typeof serviceRequests.$inferSelect,
  'id' | 'version' | 'type' | 'state' | 'requestedBy' | 'reason' | 'createdAt' | 'changedAt'
> & {
  details: RequestDetails
  requesterName: string | null
}
type Input = z.infer<typeof RequestInput>

/** So many of one person may wait for an answer at a time: nobody fills the MSP's mailbox. */
const WAITING_COUNT_MAX = 20
const WAITING = ['submitted', 'awaiting_customer', 'awaiting_msp'] as const

/**
 * Asks the MSP for something, and tells it by mail. Problems: `forbidden` where this person may not ask; `invalid` at the field
 * that names what the company does not have; `conflict` when too many of theirs wait for an answer already.
 */
export const submitRequest = async (
  contact: ContactScope,
  person: PortalPerson,
  input: Input,
  answer: (row: RequestRow) => Answer,
): Promise<RequestRow> => {
  if (!mayRequest(person, contact.person.isPortalAdmin)) throw notAllowed()
  const details = licenceChangeOf(await seatsToAskFor(contact, input.skuId), input)
  const at = now()
  const given = {
    id: newId(at),
    version: 1,
    type: input.type,
    state: 'awaiting_msp' as const,
    requestedBy: person.contactId,
    requesterName: person.name,
    subject: `${details.moreSeats} more seats of ${details.licence.name}`,
    aboutTenant: details.tenant?.id ?? null,
    details,
    reason: input.reason,
    createdAt: at,
    changedAt: at,
  }
  const row = given
  const customer = contact.ofCustomer
  try {
    await customer.commit(
      {
        action: 'request.submitted',
        subject: { kind: 'request', id: row.id, name: details.licence.name },
        answer: answer(row),
      },
      fewEnough(customer, person.contactId),
      customer.add(serviceRequests, given),
      customer.later(requestMail(row)),
    )
  } catch (error) {
    throw error instanceof Problem && error.code === 'stale' ? tooMany() : error
  }
  return row
}

/** One page of a customer's requests, the newest first, and one row more when there is another page. Problem `missing`. */
export const listRequestsOf = async (
  msp: MspScope,
  customerId: string,
  query: z.infer<typeof RequestQuery>,
): Promise<RequestRow[]> => {
  const customer = msp.forCustomer(customerId)
  const [itself, rows] = await customer.readAll([
    customer.select({ id: customers.id }).from(customers).where(customer.mine(customers)),
    pageOfRequests(customer, query),
  ])
  if (itself.length === 0) throw missing('customer')
  return rows.map(requestOf)
}

/** The same for a person of the company: a portal admin sees all of them, a portal user their own. */
export const listRequests = async (contact: ContactScope, query: z.infer<typeof RequestQuery>): Promise<RequestRow[]> =>
  (await pageOfRequests(contact, query)).map(requestOf)

export const requestCursor =
  (sort: string) =>
  ({ id }: RequestRow): Cursor => ({ sort, key: id, id })

/** Newest first: ids sort by time. Who asked is read beside it, whatever a contact may see of colleagues. */
const pageOfRequests = (
  reads: Pick<ContactScope, 'select' | 'mine'>,
  { limit, cursor, sort }: z.infer<typeof RequestQuery>,
) =>
  reads
    .select({ request: serviceRequests, requesterName: contacts.name })
    .from(serviceRequests)
    .leftJoin(
      contacts,
      and(
        eq(contacts.mspId, serviceRequests.mspId),
        eq(contacts.customerId, serviceRequests.customerId),
        eq(contacts.id, serviceRequests.requestedBy),
      ),
    )
    .where(
      reads.mine(
        serviceRequests,
        cursor === undefined ? undefined : lt(serviceRequests.id, decodeCursor(cursor, sort).id),
      ),
    )
    .orderBy(desc(serviceRequests.id))
    .limit(limit + 1)

const requestOf = ({
  request,
  requesterName,
}: {
  request: typeof serviceRequests.$inferSelect
  requesterName: string | null
}): RequestRow => ({ ...request, requesterName })

type Having = { skuId: string; name: string; tenantId: string; tenantName: string; boughtCount: number }

/** What is asked for, of what the company has. */
export const licenceChangeOf = (having: readonly Having[], { tenantId, moreSeats }: Input): LicenceChange => {
  const [first, ...others] = having
  if (first === undefined) throw invalidField('/skuId', 'Your company does not have this licence.')
  if (tenantId === undefined && others.length > 0)
    throw invalidField('/tenantId', 'Several of your environments have this licence. Choose one.')
  const chosen = tenantId === undefined ? first : having.find((one) => one.tenantId === tenantId)
  if (chosen === undefined) throw invalidField('/tenantId', 'This environment does not have this licence.')
  return {
    type: 'licence_change',
    licence: { id: chosen.skuId, name: chosen.name },
    tenant: { id: chosen.tenantId, name: chosen.tenantName },
    moreSeats,
    boughtCount: chosen.boughtCount,
    startsOn: null,
    endsOn: null,
    people: [],
    answers: [],
  }
}

/** Counted inside the commit, so that it holds however many are sent at once. */
const fewEnough = (customer: CustomerScope, contactId: string) =>
  customer.onlyIf(
    sql`(select count(*) from ${serviceRequests} where ${customer.mine(serviceRequests, and(eq(serviceRequests.requestedBy, contactId), inArray(serviceRequests.state, [...WAITING])))}) < ${WAITING_COUNT_MAX}`,
  )

const tooMany = () =>
  new Problem(
    'conflict',
    `${WAITING_COUNT_MAX} of your requests wait for an answer already. Wait for some of them first.`,
  )

const notAllowed = () =>
  new Problem('forbidden', 'Your company’s portal admins ask for licences. Tell one of them what you need.')
