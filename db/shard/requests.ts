import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'
import { belongsTo, flag, keyed, moment, ownedByCustomer, ownedByMsp, versioned } from '../owned.ts'
import { customers } from './customers.ts'
import { msps } from './msps.ts'
import type { FormMaster, FormOverlay, RequestDetails, RequestDifference, RequestFacts } from './request-details.ts'

export * from './request-details.ts'

export const requestTypes = ['new_user', 'offboarding', 'password_reset', 'licence_change', 'group_change'] as const
export type RequestType = (typeof requestTypes)[number]

/** How a request goes (product.md, decision 7). */
export const requestStates = [
  'submitted',
  'awaiting_customer',
  'awaiting_msp',
  'approved',
  'in_progress',
  'done',
  'declined',
  'withdrawn',
  'expired',
] as const
export type RequestState = (typeof requestStates)[number]

/** Whoever does something to a request; `system` is time, or a change of the facts. */
export const requestActors = ['contact', 'staff', 'api_key', 'system', 'outside'] as const

const awaiting = sql`state in ('awaiting_customer', 'awaiting_msp')`
const open = sql`ended_at is null`

/** What a customer's people ask of their MSP by a form. Ids sort by time. */
export const serviceRequests = sqliteTable(
  'service_requests',
  {
    ...ownedByCustomer(),
    ...versioned(),
    type: text('type', { enum: requestTypes }).notNull(),
    state: text('state', { enum: requestStates }).notNull(),
    /** The contact who asked; a merge of customers may have put another row of the same person in their place. */
    requestedBy: text('requested_by').notNull(),
    details: text('details', { mode: 'json' }).$type<RequestDetails>().notNull(),
    reason: text('reason').notNull(),
    createdAt: moment('created_at').notNull(),
    changedAt: moment('changed_at').notNull(),
    /** By what lists, mails and the activity name it. */
    subject: text('subject').notNull().default(''),
    requesterName: text('requester_name').notNull().default(''),
    /** Who wrote it down where that is not who asked: staff, or a program. */
    raisedByName: text('raised_by_name'),
    /** The member of staff who did, also with a program's key. */
    raisedBy: text('raised_by'),
    aboutTenant: text('about_tenant'),
    personCount: integer('person_count').notNull().default(1),
    /** The first day on which something is to be done; null for as soon as possible. */
    firstOn: text('first_on'),
    facts: text('facts', { mode: 'json' }).$type<RequestFacts>().notNull().default({
      people: {},
      groups: {},
      licences: {},
      addresses: {},
    }),
    /** Which approvals it needs, by the policy when it was made. */
    needsCustomer: flag('needs_customer').notNull().default(false),
    needsMsp: flag('needs_msp').notNull().default(true),
    /** Since when it waits for whom it waits for, when they are reminded next, and when it expires. */
    awaitingSince: moment('awaiting_since'),
    remindAt: moment('remind_at'),
    remindedCount: integer('reminded_count').notNull().default(0),
    expiresAt: moment('expires_at'),
    /** What the sweep looks at it for: the earlier of the two; 0 once nobody of the company can approve it. */
    attendAt: moment('attend_at'),
    /** The portal admin who approved it for the customer, if one had to. */
    customerApprovedBy: text('customer_approved_by'),
    customerApprovedName: text('customer_approved_name'),
    customerApprovedAt: moment('customer_approved_at'),
    /** Who decided it in the end. */
    decidedBy: text('decided_by'),
    decidedByName: text('decided_by_name'),
    decidedAt: moment('decided_at'),
    decisionReason: text('decision_reason'),
    ticketId: text('ticket_id'),
    stepCount: integer('step_count').notNull().default(0),
    doneStepCount: integer('done_step_count').notNull().default(0),
    endedAt: moment('ended_at'),
  },
  (table) => {
    const { mspId, customerId, id, state, requestedBy } = table
    return [
      keyed(table),
      belongsTo(table, [customerId], customers, [customers.id]),
      uniqueIndex('service_requests_of_customer').on(mspId, customerId, id),
      index('service_requests_by_person').on(mspId, customerId, requestedBy, id),
      index('service_requests_by_time').on(mspId, id),
      index('service_requests_by_state').on(mspId, state, id),
      index('service_requests_open').on(mspId, id).where(open),
      index('service_requests_ended')
        .on(mspId, id)
        .where(sql`ended_at is not null`),
      index('service_requests_of_customer_by_state').on(mspId, customerId, state, id),
      index('service_requests_of_customer_open').on(mspId, customerId, id).where(open),
      index('service_requests_of_person_open').on(mspId, customerId, requestedBy, id).where(open),
      index('service_requests_of_ticket')
        .on(mspId, customerId, table.ticketId)
        .where(sql`ticket_id is not null`),
      index('service_requests_to_attend').on(table.attendAt).where(awaiting),
    ]
  },
)

type OfRequest = { mspId: AnySQLiteColumn; customerId: AnySQLiteColumn; requestId: AnySQLiteColumn }

/** Below a request, and with it below its customer: what is a request's goes where the request goes. */
const ofRequest = (table: OfRequest) =>
  belongsTo(table, [table.customerId, table.requestId], serviceRequests, [
    serviceRequests.customerId,
    serviceRequests.id,
  ])

export const requestEventTypes = [
  'submitted',
  /** The customer's own approval is left out: nobody there could give it but who asked. */
  'customer_skipped',
  'customer_approved',
  'asked_again',
  'reminded',
  /** Whose own it is approves it: nobody else of the staff may. */
  'nobody_else',
  'approved',
  'declined',
  'withdrawn',
  'expired',
  'ticket_raised',
  'started',
  'step_done',
  'step_undone',
  'done',
  'reopened',
] as const

/** What happened to a request, in order. Nothing of it is ever changed. */
export const requestEvents = sqliteTable(
  'request_events',
  {
    ...ownedByCustomer(),
    requestId: text('request_id').notNull(),
    type: text('type', { enum: requestEventTypes }).notNull(),
    actorKind: text('actor_kind', { enum: requestActors }).notNull(),
    actorId: text('actor_id'),
    actorName: text('actor_name').notNull(),
    /** A reason that was given, or the title of a step. */
    note: text('note'),
    differences: text('differences', { mode: 'json' }).$type<RequestDifference[]>(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    keyed(table),
    ofRequest(table),
    index('request_events_of_request').on(table.mspId, table.customerId, table.requestId, table.id),
  ],
)

/** What staff have to do for a request, made from what was asked for when it was approved. */
export const requestSteps = sqliteTable(
  'request_steps',
  {
    ...ownedByCustomer(),
    requestId: text('request_id').notNull(),
    place: integer('place').notNull(),
    title: text('title').notNull(),
    doneAt: moment('done_at'),
    doneById: text('done_by_id'),
    doneByName: text('done_by_name'),
  },
  (table) => [
    keyed(table),
    ofRequest(table),
    index('request_steps_of_request').on(table.mspId, table.customerId, table.requestId, table.place, table.id),
  ],
)

/**
 * Seats that open requests take (less than 0: give) of a licence, from a day on and, if it is for a while, until one. A trigger releases
 * them when their request ends, since from then on Microsoft's own figures tell, and plans them again where its ticket is opened again.
 */
export const requestSeats = sqliteTable(
  'request_seats',
  {
    ...ownedByCustomer(),
    requestId: text('request_id').notNull(),
    tenantId: text('for_tenant').notNull(),
    skuId: text('sku_id').notNull(),
    takenCount: integer('taken_count').notNull(),
    /** ISO 8601 dates; null for at once, and for good. */
    fromOn: text('from_on'),
    untilOn: text('until_on'),
    /** Whether they are somebody's who has them, so that they tell who holds what. */
    isOfHoldings: flag('of_holdings').notNull().default(false),
    /** Null while they are planned. */
    releasedAt: moment('released_at'),
    /** The place of the step with which they come to be taken or given: once it is done, Microsoft's own figures tell of them. */
    stepPlace: integer('step_place'),
  },
  (table) => [
    keyed(table),
    ofRequest(table),
    index('request_seats_of_request').on(table.mspId, table.customerId, table.requestId),
    index('request_seats_of_licence')
      .on(table.mspId, table.customerId, table.tenantId, table.skuId, table.id)
      .where(sql`released_at is null`),
  ],
)

/** How an MSP wants its forms; one row, `id` is the MSP's own. A form that is not named is as it comes. */
export const requestForms = sqliteTable(
  'request_forms',
  {
    ...ownedByMsp(),
    ...versioned(),
    forms: text('forms', { mode: 'json' }).$type<Partial<Record<RequestType, FormMaster>>>().notNull(),
  },
  (table) => [keyed(table), belongsTo(table, [], msps, [])],
)

/** What a customer's forms have otherwise; one row, `id` is the customer's own. */
export const requestFormOverlays = sqliteTable(
  'request_form_overlays',
  {
    ...ownedByCustomer(),
    ...versioned(),
    forms: text('forms', { mode: 'json' }).$type<Partial<Record<RequestType, FormOverlay>>>().notNull(),
  },
  (table) => [
    keyed(table),
    belongsTo(table, [table.customerId], customers, [customers.id]),
    index('request_form_overlays_by_customer').on(table.mspId, table.customerId),
  ],
)
