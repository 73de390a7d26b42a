export { TicketsNow, openTicketReads, presentTicketsNow } from './tickets-now.ts'
