import type * as Taking from './reply-mail.ts'

export { BODY_CHARACTERS_MAX, SUBJECT_CHARACTERS_MAX } from './conversation.schema.ts'
export { authorOf, doing, nextNumber, raising, sourceOf, subjectOf } from './conversation.ts'
export type { TicketRow } from './conversation.ts'
export { replyHashOf } from './reply-address.ts'
export { isEnded } from './standing.ts'
export { closeByTime } from './end-of-window.ts'
export { ticketObjects, unsentFiles } from './files.ts'
export { openTicketsOf, unassigning } from './unassigning.ts'
export { ticketOfPerson, withoutAuthor } from './without-author.ts'
export { offeredCategories, settingsOf, settingsRead } from './settings.ts'
export { pageByAge } from './ticket-list.ts'
export { presentSteps, stepsTellHoldings } from './request-of-ticket.ts'
export { ticketCells, ticketColumns } from './ticket-table.ts'
export type { TableReader } from './ticket-table.ts'
export { TicketsNow, openTicketReads, presentTicketsNow } from './tickets-now.ts'
export { mailEntry, tellOfEntry } from './tell.job.ts'
export { sendTooLate } from './too-late.job.ts'

/** Mails arrive seldom, and what reads them is large: it is evaluated with the first. */
export const takeMail: typeof Taking.takeMail = async (environment, mail, later) =>
  (await import('./reply-mail.ts')).takeMail(environment, mail, later)
