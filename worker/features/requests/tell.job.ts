import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import {
  contacts,
  customers,
  msps,
  portals,
  selfServiceDefaults,
  selfServiceOverrides,
  serviceRequests,
  staff,
  tickets,
} from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import type { CustomerState } from '../../tenancy/portal-life.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'
import { canonicalHost } from '../custom-hostnames/index.ts'
import { composeMail, deliver, helpLineOf, mailBrand, senderReads, sentBy, sentByDeployment } from '../mail/index.ts'
import type { MailServerRow } from '../mail/index.ts'
import { ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../../tenancy/policy.ts'
import { summaryOf } from './forms/index.ts'
import { approvalWantedText, outcomeText } from './request-mail.words.ts'
import { approvingOf } from './own-request.ts'
import { isApproving, ticketOfRequest } from './request-reads.ts'
import type { RequestRow } from './request-reads.ts'

const whats = ['asked', 'reminded', 'outcome'] as const

const Payload = z.object({
  requestId: z.string(),
  /** An approval is asked for, or asked for again after a while; or how it ended. */
  what: z.enum(whats).default('asked'),
  version: z.number().int().default(1),
})

/** Mails about a request: to those who are to approve it, or to whoever asked. The mail leads to the page and decides nothing. */
export const tellOfRequest = defineJob<z.infer<typeof Payload>>({
  kind: 'request.tell',
  title: 'Tell of a request',
  payload: Payload,
  async run(msp, payload, { environment, jobId }) {
    for (const { message, server } of await requestMails(environment, msp, payload, jobId))
      await deliver(environment, message, server)
    return finished
  },
})

/** Once for each version of a request, which tells apart what happened to it. */
export const requestMail = (
  { id, version, subject }: Pick<RequestRow, 'id' | 'version' | 'subject'>,
  what: (typeof whats)[number],
): DescribedJob =>
  tellOfRequest.described(
    { requestId: id, what, version },
    { naturalKey: `request:${id}:${version}`, subjectName: subject },
  )

type Mail = { message: MailMessage; server?: MailServerRow }

/** The mails a job stands for, as they are now: none where it has moved on since. The same job gives the same Message-IDs each time. */
export const requestMails = async (
  environment: Environment,
  msp: MspScope,
  { requestId, what, version }: z.infer<typeof Payload>,
  jobId: string,
): Promise<Mail[]> => {
  const facts = await factsOf(msp, requestId)
  if (facts === undefined) return []
  if (what === 'outcome') return toRequester(environment, facts, jobId)
  // Whoever is asked by now is asked by the mail of what happened since.
  if (facts.request.version !== version) return []
  switch (facts.request.state) {
    case 'awaiting_customer':
      return toPortalAdmins(environment, facts, what === 'reminded', jobId)
    case 'awaiting_msp':
      return toMsp(environment, facts, what === 'reminded', jobId)
    case 'submitted':
    case 'approved':
    case 'in_progress':
    case 'done':
    case 'declined':
    case 'withdrawn':
    case 'expired':
      return []
  }
}

type Facts = NonNullable<Awaited<ReturnType<typeof factsOf>>>

const toRequester = (environment: Environment, facts: Facts, jobId: string): Mail[] => {
  const { request, requester } = facts
  const { state, decidedByName: byName, decisionReason: reason } = request
  if (requester?.email == null || requester.access !== 'active') return []
  // It may be under way, or done, before the mail leaves.
  const outcome = state === 'in_progress' || state === 'done' ? 'approved' : state
  if (outcome !== 'approved' && outcome !== 'declined' && outcome !== 'expired') return []
  const { ticketNumber: number } = facts
  return toContacts(environment, facts, [requester], jobId, (url, origin) => {
    const ticket = number === null ? null : { number, url: `${origin}/tickets/${request.ticketId}` }
    return outcomeText({ ...told(facts), url }, { state: outcome, byName, reason, ticket })
  })
}

const toPortalAdmins = (environment: Environment, facts: Facts, isReminder: boolean, jobId: string): Mail[] =>
  toContacts(
    environment,
    facts,
    facts.admins.filter(({ id }) => id !== facts.request.requestedBy),
    jobId,
    (url) => approvalWantedText({ ...told(facts), url }, { isReminder, isOfMsp: false, why: 'portal_admin' }),
  )

/** As the portal mails; to whom it is closed, nothing is mailed. */
const toContacts = (
  environment: Environment,
  { house, portal, companyName, sender, request }: Facts,
  people: { name: string; email: string | null }[],
  jobId: string,
  wordsFor: (url: string, origin: string) => ReturnType<typeof outcomeText>,
): Mail[] => {
  if (portal === undefined) return []
  const origin = environment.originOf(canonicalHost(portal))
  const url = `${origin}/requests/${request.id}`
  return people.flatMap(({ name, email }, place) =>
    email === null
      ? []
      : [
          {
            message: composeMail({
              id: idAt(jobId, place),
              brand: mailBrand(house, portal, portal.displayName ?? companyName),
              helpLine: helpLineOf(house),
              ...sentBy(environment, house, sender),
              to: { name, address: email },
              ...wordsFor(url, origin),
            }),
            ...(sender.server === undefined ? {} : { server: sender.server }),
          },
        ],
  )
}

/** At its help address, or to those who may approve where it has none. Never through its own server, so that a slip in that holds no request up. */
const toMsp = (environment: Environment, facts: Facts, isReminder: boolean, jobId: string): Mail[] => {
  const { house, request, requester } = facts
  const readers =
    house.helpEmail === null
      ? facts.approvers.map(({ name, email }) => ({ name, address: email }))
      : [{ name: house.name, address: house.helpEmail }]
  if (readers.length === 0) throw new HopelessJob('There is nobody to tell: enter a help e-mail under Organisation.')
  const words = approvalWantedText(
    { ...told(facts), url: `${environment.originOf(environment.ADMIN_HOST)}/requests/${request.id}` },
    { isReminder, isOfMsp: true, why: house.helpEmail === null ? 'approver' : 'desk' },
  )
  return readers.map((to, place) => ({
    message: composeMail({
      id: idAt(jobId, place),
      brand: mailBrand(house, null, house.name),
      helpLine: house.name,
      from: sentByDeployment(environment, house),
      replyTo: requester?.email ?? null,
      to,
      ...words,
    }),
  }))
}

const idAt = (jobId: string, place: number) => (place === 0 ? jobId : `${jobId}.${place}`)

const told = ({ request, companyName, house }: Facts) => ({
  subject: request.subject,
  reason: request.reason,
  // A mail may be read by others: who holds what, and addresses, stand on the page.
  summary: summaryOf(request.details, { showsHoldings: false, showsAddresses: false }),
  companyName,
  mspName: house.name,
  requesterName: request.requesterName,
})

/** By a name of its own, since a portal has a state, too. */
const stateOfCustomer = sql<CustomerState>`${customers.state}`.as('customer_state')

/** All that a mail of a request needs, in one round trip; undefined where it went with its customer, or that is archived. */
const factsOf = async (msp: MspScope, requestId: string) => {
  const itsCustomer = msp
    .select({ customerId: serviceRequests.customerId })
    .from(serviceRequests)
    .where(msp.mine(serviceRequests, eq(serviceRequests.id, requestId)))
  const person = { id: contacts.id, name: contacts.name, email: contacts.email, access: contacts.access }
  const [[found], [house], [place], people, admins, colleagues, [address], [server]] = await msp.readAll([
    msp
      .select({ request: serviceRequests, ticketNumber: tickets.number })
      .from(serviceRequests)
      .leftJoin(tickets, ticketOfRequest)
      .where(msp.mine(serviceRequests, eq(serviceRequests.id, requestId))),
    msp.select().from(msps).where(msp.mine(msps)),
    msp
      .select({
        customerName: customers.name,
        customerState: stateOfCustomer,
        portal: portals,
        said: policyColumns(),
      })
      .from(customers)
      .leftJoin(selfServiceOverrides, ownPolicyOf(customers.mspId, customers.id))
      .leftJoin(selfServiceDefaults, standardPolicyOf(customers.mspId))
      .leftJoin(portals, and(eq(portals.mspId, customers.mspId), eq(portals.customerId, customers.id)))
      .where(msp.mine(customers, inArray(customers.id, itsCustomer))),
    msp
      .select(person)
      .from(serviceRequests)
      .innerJoin(
        contacts,
        and(
          eq(contacts.mspId, serviceRequests.mspId),
          eq(contacts.customerId, serviceRequests.customerId),
          eq(contacts.id, serviceRequests.requestedBy),
        ),
      )
      .where(msp.mine(serviceRequests, eq(serviceRequests.id, requestId))),
    msp
      .select(person)
      .from(contacts)
      .where(msp.mine(contacts, and(inArray(contacts.customerId, itsCustomer), isApproving)))
      .orderBy(asc(contacts.id)),
    msp
      .select({ id: staff.id, name: staff.name, email: staff.email, role: staff.role })
      .from(staff)
      .where(msp.mine(staff, and(eq(staff.disabled, false), isNotNull(staff.confirmedAt))))
      .orderBy(asc(staff.createdAt), asc(staff.id)),
    ...senderReads(msp),
  ])
  if (found === undefined || house === undefined || place === undefined) return undefined
  // Nothing of it can be decided, nor looked at in its portal.
  if (place.customerState === 'archived') return undefined
  const policy = policyIn(place.said)
  const isOpen = place.portal !== null && isReachable(place.customerState, place.portal.state)
  return {
    ...found,
    house,
    companyName: place.customerName,
    portal: isOpen ? (place.portal ?? undefined) : undefined,
    requester: people[0],
    admins,
    approvers: approvingOf(policy, colleagues, {
      raisedBy: found.request.raisedBy,
      requesterEmail: people[0]?.email ?? null,
    }),
    sender: { address, server },
  }
}
