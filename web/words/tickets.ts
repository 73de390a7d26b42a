/** Words of a ticket's conversation and of what one writes into it, in the portal and in the admin area. */
import type { TicketEvent, TicketPriority } from '../api/shapes.ts'
import { bytes, count, dayWithWeekday, list, number } from './format.ts'
import { ticketNumber } from './ticket-states.ts'

/** A name as the reader is told it: "You" of themselves. Nobody: it happened by itself. */
type Who = string | undefined

export const tickets = {
  number: ticketNumber,
  conversation: 'Conversation',
  conversationFailed: 'The conversation could not be loaded',
  you: 'You',
  byMail: 'by e-mail',
  byProgram: 'by a program',
  note: 'Internal note',
  noteText: 'only your team sees this',
  quoted: 'Earlier messages, quoted',
  earlier: (n: number | undefined) => (n === undefined ? 'Show earlier messages' : `Show ${number(n)} earlier`),
  earlierShown: (n: number) => `${count(n, 'earlier entry is', 'earlier entries are')} shown above.`,
  today: 'Today',
  yesterday: 'Yesterday',
  day: dayWithWeekday,

  choose: 'Choose…',
  add: 'Add',
  adding: 'Adding…',
  removePerson: (name: string) => `Remove ${name}`,

  files: 'Files',
  size: bytes,
  inNewTab: 'opens in a new tab',
  isSaved: 'is downloaded',
  downloadFile: (name: string) => `Download ${name}`,

  attach: 'Attach files',
  photo: 'Take a photo',
  dropTitle: 'Let go to attach them',
  dropText: 'They are sent with what you write.',
  attached: 'Attached files',
  sending: 'Files on their way',
  limits: (files: number, size: number) =>
    `At most ${count(files, 'file', 'files')}, ${bytes(size)} each. You can also drop files here, or paste a picture.`,
  takeOff: (name: string) => `Take ${name} off`,
  takenOff: (name: string) => `${name} is no longer attached.`,
  pastedName: (clock: string, ending: string) => `Picture ${clock.replaceAll(':', '.')}.${ending}`,
  pastedText: (clock: string) => `Text ${clock.replaceAll(':', '.')}.txt`,
  attachedInstead: 'That text is too long for a message, so it goes along as a file.',
  emptyFile: 'This file is empty.',
  folder: 'This is a folder. Open it and choose the files in it.',
  tooLarge: (size: number, most: number) => `This file has ${bytes(size)}. An attachment has at most ${bytes(most)}.`,
  tooMany: (most: number) => `At most ${count(most, 'file', 'files')} at once. Send these first, then the others.`,

  writeSomething: 'Write something, or attach a file',
  tooLong: (n: number, most: number) =>
    `This is ${count(n, 'character', 'characters')} long; at most ${number(most)} fit. Shorten it, or attach it as a file.`,
  notAttached: (names: string[]) =>
    names.length === 1
      ? `${list(names)} was not attached. Try it again, or take it off the list.`
      : `${list(names)} were not attached. Try them again, or take them off the list.`,
  waitsForFiles: 'Sends once the files are there…',
  sendsByKeys: 'Ctrl + Enter sends it',
  leaveTitle: 'Leave while files are on their way?',
  leaveText: 'What you wrote is kept. The files that are still on their way are not.',
  leave: 'Leave',
  stay: 'Stay here',

  /** What happened, as the customer's people read it. */
  happened: (who: Who, event: TicketEvent, priorityName: (priority: TicketPriority) => string): string =>
    event.type === 'state' ? customerState(who, event) : happenedToAll(who, event, priorityName),
  /** The same to staff. */
  happenedToStaff: (who: Who, event: TicketEvent, priorityName: (priority: TicketPriority) => string): string =>
    event.type === 'state'
      ? event.reopened
        ? said(who, 'opened it again', 'It was opened again')
        : // How it stands now is shown behind it.
          who === undefined
          ? 'It is now'
          : `${who} set it to`
      : happenedToAll(who, event, priorityName),
}

const said = (who: Who, did: string, alone: string): string => `${who === undefined ? alone : `${who} ${did}`}.`

function customerState(who: Who, { from, to, reopened }: Extract<TicketEvent, { type: 'state' }>): string {
  if (reopened) return said(who, 'opened it again', 'It was opened again')
  switch (to) {
    case 'new':
      return said(who, 'put it back to the beginning', 'It is back at the beginning')
    case 'in_progress':
      return from === 'waiting_on_customer'
        ? 'It is being worked on again.'
        : said(who, 'started working on it', 'Work on it has started')
    case 'waiting_on_customer':
      return said(who, 'asked for an answer', 'It waits for an answer')
    case 'resolved':
      return said(who, 'marked it as solved', 'It is solved')
    case 'closed':
      return said(who, 'closed it', 'It closed by itself')
  }
}

function happenedToAll(
  who: Who,
  event: Exclude<TicketEvent, { type: 'state' }>,
  priorityName: (priority: TicketPriority) => string,
): string {
  switch (event.type) {
    case 'assignee':
      return event.to === null
        ? 'Nobody in particular looks after it now.'
        : who === event.to
          ? said(who, 'looks after it now', '')
          : `${event.to} looks after it now.`
    case 'requester':
      return event.to === null ? 'It is for nobody in particular now.' : `It is for ${event.to} now.`
    case 'priority':
      return said(
        who,
        `changed the priority from “${priorityName(event.from)}” to “${priorityName(event.to)}”`,
        `The priority is “${priorityName(event.to)}” now`,
      )
    case 'category':
      return said(who, `moved it from “${event.from}” to “${event.to}”`, `It is about “${event.to}” now`)
    case 'subject':
      return said(who, `renamed it to “${event.to}”`, `It is called “${event.to}” now`)
    case 'watcher_added':
      return said(who, `added ${event.name}`, `${event.name} was added`)
    case 'watcher_removed':
      return who === event.name
        ? said(who, 'no longer follows it', '')
        : said(who, `removed ${event.name}`, `${event.name} was removed`)
    case 'merged_into': {
      const other = otherTicket(event)
      return other === undefined
        ? said(who, 'joined this ticket with another one: it goes on there', 'This ticket goes on as another one')
        : said(who, `joined this ticket with ${other}: it goes on there`, `This ticket goes on as ${other}`)
    }
    case 'merged_from': {
      const other = otherTicket(event)
      return other === undefined
        ? said(who, 'joined another ticket with this one', 'Another ticket goes on here')
        : said(who, `joined ${other}, with this ticket`, `${other}, goes on here`)
    }
    case 'rated':
      return event.rating === 'satisfied'
        ? said(who, 'said: satisfied with how it went', 'Satisfied with how it went')
        : said(who, 'said: not satisfied with how it went', 'Not satisfied with how it went')
  }
}

/** Undefined to whoever does not see it. */
const otherTicket = ({ number, subject }: { number: number | null; subject: string | null }): string | undefined =>
  number === null || subject === null ? undefined : `${ticketNumber(number)}, “${subject}”`
