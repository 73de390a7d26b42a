export { closeByTime } from './end-of-window.ts'
export { ticketObjects, unsentFiles } from './files.ts'
export { openTicketsOf, unassigning } from './unassigning.ts'
export { ticketOfPerson, withoutAuthor } from './without-author.ts'
