/** How a ticket stands, to customers and to staff. Apart from the rest, since the home page says it too. */
import type { TicketState } from '../api/shapes.ts'

export const stateWords = {
  customer: {
    new: 'Received',
    in_progress: 'We are working on it',
    waiting_on_customer: 'Waiting on you',
    resolved: 'Solved',
    closed: 'Closed',
  },
  staff: {
    new: 'New',
    in_progress: 'In progress',
    waiting_on_customer: 'Waiting on customer',
    resolved: 'Resolved',
    closed: 'Closed',
  },
} satisfies Record<'customer' | 'staff', Record<TicketState, string>>

/** "#1042", as people name a ticket. */
export const ticketNumber = (number: number): string => `#${number}`
