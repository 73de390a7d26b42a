import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import {
  contacts,
  customers,
  serviceRequests,
  staff,
  staffRoles,
  tenants,
  ticketPeople,
  tickets,
} from '../../../db/shard/schema.ts'
import { missing } from '../../http/problem.ts'
import { staffMay } from '../../tenancy/permissions.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import type { CustomerScope, MspScope } from '../../tenancy/scope.ts'
import { requestRead } from './request-of-ticket.ts'
import type { RequestOfTicket } from './request-of-ticket.ts'
import { settingsOf, settingsRead } from './settings.ts'
import type { Settings } from './settings.ts'

type TicketRow = typeof tickets.$inferSelect

/** A ticket with all that is told of it beside its conversation. */
export type TicketFound = {
  row: TicketRow
  settings: Settings
  customer: { id: string; name: string }
  people: { id: string; role: 'requester' | 'watcher'; name: string | null; email: string | null }[]
  assignee: { disabled: boolean } | undefined
  aboutTenantName: string | null
  mergedIntoNumber: number | null
  /** The request that it is of. */
  request: RequestOfTicket | null
}

/** Reads that together are a ticket as staff see it; `ticketFrom` puts their answers together. */
export const ticketReads = (msp: MspScope, ticketId: string) => {
  const it = msp.mine(tickets, eq(tickets.id, ticketId))
  const of = <C extends 'customerId' | 'assignee' | 'aboutTenant' | 'mergedInto'>(column: C) =>
    msp.select({ found: tickets[column] }).from(tickets).where(it)
  return [
    msp.select().from(tickets).where(it),
    settingsRead(msp),
    msp
      .select({ id: customers.id, name: customers.name })
      .from(customers)
      .where(msp.mine(customers, inArray(customers.id, of('customerId')))),
    msp
      .select({ id: ticketPeople.id, role: ticketPeople.role, name: contacts.name, email: contacts.email })
      .from(ticketPeople)
      .leftJoin(
        contacts,
        and(
          eq(contacts.mspId, ticketPeople.mspId),
          eq(contacts.customerId, ticketPeople.customerId),
          eq(contacts.id, ticketPeople.id),
        ),
      )
      .where(msp.mine(ticketPeople, eq(ticketPeople.ticketId, ticketId)))
      .orderBy(asc(ticketPeople.id)),
    msp
      .select({ disabled: staff.disabled })
      .from(staff)
      .where(msp.mine(staff, inArray(staff.id, of('assignee')))),
    msp
      .select({ name: tenants.name })
      .from(tenants)
      .where(msp.mine(tenants, inArray(tenants.id, of('aboutTenant')))),
    msp
      .select({ number: tickets.number })
      .from(tickets)
      .where(msp.mine(tickets, inArray(tickets.id, of('mergedInto')))),
    requestRead(msp, ticketId, inArray(serviceRequests.customerId, of('customerId'))),
  ] as const
}

/** What was read of a ticket, and whatever was read behind it. */
export type TicketRead = readonly [...AnswersOf<typeof ticketReads>, ...unknown[]]

/** Problem `missing`, by this noun. */
export const ticketFrom = (
  [[row], [own], [customer], people, [assignee], [tenant], [mergedInto], [request]]: TicketRead,
  noun = 'ticket',
): TicketFound => {
  if (row === undefined || customer === undefined) throw missing(noun)
  return {
    row,
    settings: settingsOf(own),
    customer,
    people,
    assignee,
    aboutTenantName: tenant?.name ?? null,
    mergedIntoNumber: mergedInto?.number ?? null,
    request: request ?? null,
  }
}

/** Whom a ticket can be given to: who of the staff may write in tickets, and can sign in. */
export const assignableRead = (msp: MspScope) =>
  msp
    .select({ id: staff.id, name: staff.name })
    .from(staff)
    .where(
      msp.mine(
        staff,
        and(
          inArray(
            staff.role,
            staffRoles.filter((role) => staffMay[role].has('tickets.write')),
          ),
          eq(staff.disabled, false),
          isNotNull(staff.confirmedAt),
        ),
      ),
    )
    .orderBy(asc(staff.name), asc(staff.id))

/** Of a customer, what a ticket may name: its contacts, and the tenants that are connected to it. */
export const nameableReads = (customer: CustomerScope) =>
  [
    customer
      .select({ id: contacts.id, name: contacts.name })
      .from(contacts)
      .where(customer.mine(contacts, isNull(contacts.removedAt))),
    customer
      .select({ id: tenants.id, name: tenants.name })
      .from(tenants)
      .where(customer.mine(tenants, isNull(tenants.removedAt))),
  ] as const
