import * as shard from '../shard/schema.ts'
import { idFor } from './ids.ts'
import { plantEntry, stateChanges } from './plant-activity.ts'
import type { CastActor } from './plant-activity.ts'
import type { CastCustomer, CastMsp, CastTicket, Insert } from './seed.ts'

/** Somebody new at a customer, asked for by a form. People by their addresses; `hoursAgo` counts from when the cast is planted. */
export type CastRequest = {
  by: string
  hoursAgo: number
  reason: string
  person: {
    givenName: string
    familyName: string
    jobTitle: string
    department: string
    startsInDays: number
    endsInDays?: number
  }
  customerApproved?: { by: string; hoursAgo: number }
  decided?: { by: string; hoursAgo: number; reason: string; ticket?: Pick<CastTicket, 'category' | 'conversation'> }
  done?: { by: string; hoursAgo: number; stepCount: number }
}

type Row = typeof shard.serviceRequests.$inferInsert

/** The Worker's own rules of requests, so that those of the cast are as if they had been sent by its forms. */
export type RequestRules = {
  subjectOf: (details: shard.RequestDetails) => string
  stepsOf: (details: shard.RequestDetails) => string[]
  textOf: (row: { subject: string; details: shard.RequestDetails; reason: string }) => string
  /** The clock of one that waits since then, as long as usual. */
  waitingFrom: (at: number) => Partial<Row>
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const plantRequest = (
  msp: CastMsp,
  mspId: string,
  customer: CastCustomer,
  request: CastRequest,
  now: number,
  insert: Insert,
  rules: RequestRules,
): void => {
  const customerId = idFor(`customer ${msp.key} ${customer.key}`, now)
  const { by, hoursAgo, reason, customerApproved, decided, done } = request
  const at = now - hoursAgo * HOUR_MS
  const details = detailsOf(msp, customer, request, now)
  const subject = rules.subjectOf(details)
  const steps = rules.stepsOf(details)
  const id = requestId(msp, subject, at)
  const personOf = (email: string) => {
    const contact = customer.contacts.find((one) => one.email === email)
    if (contact !== undefined)
      return { kind: 'contact' as const, id: idFor(`contact ${email}`, now), name: contact.name }
    const colleague = msp.staff.find((one) => one.email === email)
    if (colleague === undefined) throw new Error(`${email} of a request is not in the cast.`)
    return { kind: 'staff' as const, id: idFor(`staff ${email}`, now), name: colleague.name }
  }
  const requester = personOf(by)
  const needsCustomer = customer.customerApproves === true
  const ticket = ticketOfRequest(msp, customer, request, now, rules)
  const since = now - (customerApproved ?? request).hoursAgo * HOUR_MS
  const decision = decided && { ...personOf(decided.by), at: now - decided.hoursAgo * HOUR_MS }
  const approval = customerApproved && {
    ...personOf(customerApproved.by),
    at: now - customerApproved.hoursAgo * HOUR_MS,
  }
  const row: Row = {
    mspId,
    customerId,
    id,
    type: details.type,
    state:
      decided === undefined
        ? needsCustomer && customerApproved === undefined
          ? 'awaiting_customer'
          : 'awaiting_msp'
        : ticket === undefined
          ? 'declined'
          : 'approved',
    requestedBy: requester.id,
    requesterName: requester.name,
    details,
    reason,
    createdAt: at,
    changedAt: decision?.at ?? since,
    subject,
    aboutTenant: details.tenant?.id ?? null,
    firstOn: dayAhead(now, request.person.startsInDays),
    needsCustomer,
    needsMsp: true,
    ...(decided === undefined ? rules.waitingFrom(since) : {}),
    ...(approval === undefined
      ? {}
      : { customerApprovedBy: approval.id, customerApprovedName: approval.name, customerApprovedAt: approval.at }),
    ...(decision === undefined
      ? {}
      : {
          decidedBy: decision.id,
          decidedByName: decision.name,
          decidedAt: decision.at,
          decisionReason: decided?.reason ?? null,
        }),
    ticketId:
      ticket === undefined ? null : idFor(`ticket ${msp.key} ${ticket.subject}`, now - ticket.hoursAgo * HOUR_MS),
    stepCount: steps.length,
    doneStepCount: done?.stepCount ?? 0,
    endedAt: decision !== undefined && ticket === undefined ? decision.at : null,
  }
  insert(shard.serviceRequests, row)
  const doer = done && personOf(done.by)
  const doneAt = done === undefined ? 0 : now - done.hoursAgo * HOUR_MS
  for (const [place, title] of steps.entries()) {
    const isDone = doer !== undefined && place < (done?.stepCount ?? 0)
    insert(shard.requestSteps, {
      mspId,
      customerId,
      id: idFor(`step ${id} ${place}`, at),
      requestId: id,
      place,
      title,
      ...(isDone ? { doneAt: doneAt + place, doneById: doer.id, doneByName: doer.name } : {}),
    })
  }
  const tell = (
    type: (typeof shard.requestEventTypes)[number],
    actor: ReturnType<typeof personOf>,
    createdAt: number,
    note: string | null = null,
  ) =>
    insert(shard.requestEvents, {
      mspId,
      customerId,
      id: idFor(`event ${id} ${type} ${createdAt}`, createdAt),
      requestId: id,
      type,
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      note,
      createdAt,
    })
  const entry = (...[actor, moment, action, changes]: EntryGiven) =>
    plantEntry(insert, { mspId, customerId }, actor, moment, action, { kind: 'request', id, name: subject }, changes)
  const first = needsCustomer ? 'awaiting_customer' : 'awaiting_msp'
  tell('submitted', requester, at, reason)
  entry(requester, at, 'request.submitted', [
    { table: 'service_requests', field: 'type', before: null, after: details.type },
    ...stateChanges(null, first),
  ])
  if (approval !== undefined) {
    tell('customer_approved', approval, approval.at)
    entry(approval, approval.at, 'request.approved', stateChanges(first, 'awaiting_msp'))
  }
  if (decision !== undefined) {
    const outcome = ticket === undefined ? 'declined' : 'approved'
    tell(outcome, decision, decision.at, decided?.reason)
    entry(decision, decision.at, `request.${outcome}`, stateChanges('awaiting_msp', outcome, decided?.reason))
    if (ticket !== undefined) tell('ticket_raised', decision, decision.at + 1)
  }
  if (doer !== undefined)
    for (const [place, title] of steps.slice(0, done?.stepCount).entries()) {
      tell('step_done', doer, doneAt + place, title)
      const changes = [{ table: 'request_steps', field: 'done', before: null, after: title }]
      entry(doer, doneAt + place, 'request.step_done', changes)
    }
}

type EntryGiven = [
  actor: CastActor,
  moment: number,
  action: string,
  changes: (typeof shard.activities.$inferInsert)['changes'],
]

const requestId = (msp: CastMsp, subject: string, at: number): string => idFor(`request ${msp.key} ${subject}`, at)

/** The ticket that an approved request became; undefined for another. */
export const ticketOfRequest = (
  msp: CastMsp,
  customer: CastCustomer,
  request: CastRequest,
  now: number,
  rules: RequestRules,
): CastTicket | undefined => {
  const { by, hoursAgo, reason, decided } = request
  if (decided?.ticket === undefined) return undefined
  const details = detailsOf(undefined, customer, request, now)
  const subject = rules.subjectOf(details)
  return {
    ...decided.ticket,
    subject,
    priority: 'normal',
    requester: by,
    assignee: decided.by,
    hoursAgo: decided.hoursAgo,
    text: rules.textOf({ subject, details, reason }),
    request: { id: requestId(msp, subject, now - hoursAgo * HOUR_MS), subject, approvedBy: decided.by },
  }
}

const detailsOf = (
  msp: CastMsp | undefined,
  customer: CastCustomer,
  { person: { startsInDays, endsInDays, ...person } }: CastRequest,
  now: number,
): shard.RequestDetails => ({
  type: 'new_user',
  tenant:
    msp === undefined || customer.tenants[0] === undefined
      ? null
      : { id: idFor(`tenant ${msp.key} ${customer.tenants[0]}`, now), name: customer.name },
  answers: [],
  people: [
    {
      ...person,
      address: null,
      phone: null,
      manager: null,
      startsOn: dayAhead(now, startsInDays),
      endsOn: endsInDays === undefined ? null : dayAhead(now, endsInDays),
      licences: [],
      groups: [],
      like: null,
      likeLicences: [],
      likeGroups: [],
      answers: [],
    },
  ],
})

const dayAhead = (now: number, days: number): string => new Date(now + days * DAY_MS).toISOString().slice(0, 10)
