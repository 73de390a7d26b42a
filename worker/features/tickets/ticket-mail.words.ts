import type { TicketEvent, ticketStates } from '../../../db/shard/schema.ts'
import type { MailContent } from '../mail/index.ts'

type State = (typeof ticketStates)[number]

export type TicketMailFacts = {
  number: number
  subject: string
  mspName: string
  /** Of whom the ticket is; staff are told. */
  companyName: string
  authorName: string
  requesterName: string | null
  body: string
  fileNames: string[]
  url: string
}

/** What a mail of an entry is about, to whom. */
export type Told =
  | { what: 'arrived' }
  | { what: 'raised' }
  | { what: 'comment' }
  | { what: 'note' }
  | { what: 'merged' }
  | { what: 'event'; event: TicketEvent }

export const subjectOfMail = ({ number, subject }: Pick<TicketMailFacts, 'number' | 'subject'>): string =>
  `[#${number}] ${subject}`

/** To one of the customer's people. */
export const contactMailText = (
  facts: TicketMailFacts,
  told: Told,
  why: 'requester' | 'watcher' | 'portal_admin',
): MailContent => ({
  subject: subjectOfMail(facts),
  content: {
    ...toContact(facts, told),
    action: { label: 'Open the ticket', url: facts.url },
    footer: [
      'Answer this mail to write into the ticket.',
      {
        requester: 'You get this mail because the ticket is yours.',
        watcher: 'You get this mail because you follow this ticket.',
        portal_admin: 'You get this mail because you chose to be told of all tickets of your company.',
      }[why],
      'Which of these mails you get, you choose in the portal, under your name.',
    ],
  },
})

const toContact = (facts: TicketMailFacts, told: Told) => {
  switch (told.what) {
    case 'arrived':
      return {
        heading: `Your ticket has arrived`,
        paragraphs: [
          `${facts.mspName} has your ticket #${facts.number}, “${facts.subject}”, and will get back to you.`,
          ...written(facts),
        ],
      }
    case 'raised':
      return { heading: `${facts.authorName} wrote a ticket: ${facts.subject}`, paragraphs: written(facts) }
    case 'comment':
    case 'note':
      return { heading: `${facts.authorName} wrote`, paragraphs: written(facts) }
    case 'merged':
      return {
        heading: 'Your ticket goes on as another one',
        paragraphs: [
          about(facts),
          'There is another ticket about the same thing, and both are looked after together from now on. What you answer goes there.',
        ],
      }
    case 'event':
      if (told.event.type === 'watcher_added')
        return {
          heading: `${facts.authorName} added you to a ticket`,
          paragraphs: [about(facts), 'You see it in the portal, can answer in it, and are told what is new.'],
        }
      return {
        heading: told.event.type === 'state' ? stateToContact(told.event.to) : facts.subject,
        paragraphs: [about(facts), ...(told.event.type === 'state' ? [nextForContact(told.event.to)] : [])],
      }
  }
}

const stateToContact = (state: State): string => {
  switch (state) {
    case 'new':
    case 'in_progress':
      return 'Your ticket is being worked on'
    case 'waiting_on_customer':
      return 'Your ticket waits for you'
    case 'resolved':
      return 'Your ticket is resolved'
    case 'closed':
      return 'Your ticket is closed'
  }
}

const nextForContact = (state: State): string => {
  switch (state) {
    case 'new':
    case 'in_progress':
      return 'You will be told when there is something new.'
    case 'waiting_on_customer':
      return 'Please have a look at what was asked, and answer.'
    case 'resolved':
      return 'Is something still not right? Answer this mail and it is opened again.'
    case 'closed':
      return 'In the portal you can say whether you are satisfied.'
  }
}

/** To one of the staff, or to the address for help. */
export const staffMailText = (facts: TicketMailFacts, told: Told, why: 'assignee' | 'all' | 'desk'): MailContent => ({
  subject: subjectOfMail(facts),
  content: {
    ...toStaff(facts, told),
    action: { label: 'Open the ticket', url: facts.url },
    footer: [
      {
        assignee: 'You get this mail because you look after this ticket.',
        all: 'You get this mail because you chose to be told of all tickets.',
        desk: 'You get this mail because tickets that nobody looks after yet come to this address.',
      }[why],
      ...(why === 'desk'
        ? []
        : [
            told.what === 'note'
              ? 'Answer a note in the ticket: what is sent to this mail reaches nobody.'
              : 'Answer this mail to answer the customer: everybody the ticket is of reads it.',
            'Which of these mails you get, you choose in your profile.',
          ]),
    ],
  },
})

const toStaff = (facts: TicketMailFacts, told: Told) => {
  const of = `${facts.companyName}: ${facts.subject}`
  switch (told.what) {
    case 'arrived':
    case 'raised':
      return {
        heading: `New ticket of ${facts.companyName}`,
        paragraphs: [`${facts.authorName}${onBehalf(facts)} wrote “${facts.subject}”.`, ...written(facts)],
      }
    case 'comment':
      return { heading: `${facts.authorName} wrote`, paragraphs: [of, ...written(facts)] }
    case 'note':
      return {
        heading: `${facts.authorName} noted`,
        paragraphs: [`${of}. The customer does not see this note.`, ...written(facts)],
      }
    case 'merged':
      return { heading: `${facts.authorName} merged #${facts.number} into another ticket`, paragraphs: [of] }
    case 'event':
      return { heading: eventToStaff(facts, told.event), paragraphs: [of] }
  }
}

const eventToStaff = ({ authorName, number }: TicketMailFacts, event: TicketEvent): string => {
  switch (event.type) {
    case 'state':
      return `${authorName} ${deeds[event.to]} #${number}`
    case 'assignee':
      return `${authorName} gave you #${number}`
    case 'rated':
      return event.rating === 'satisfied'
        ? `${authorName} is satisfied with #${number}`
        : `${authorName} is not satisfied with #${number}`
    case 'requester':
    case 'priority':
    case 'category':
    case 'subject':
    case 'watcher_added':
    case 'watcher_removed':
    case 'merged_into':
    case 'merged_from':
      return `${authorName} changed #${number}`
  }
}

const deeds: Record<State, string> = {
  new: 'opened',
  in_progress: 'went on with',
  waiting_on_customer: 'set to wait for the customer',
  resolved: 'resolved',
  closed: 'closed',
}

const onBehalf = ({ authorName, requesterName }: TicketMailFacts): string =>
  requesterName === null || requesterName === authorName ? '' : `, for ${requesterName},`

const about = ({ number, subject }: TicketMailFacts): string => `#${number}, “${subject}”.`

/** What was written, and the names of the files beside it: the files themselves are in the ticket. */
const written = ({ body, fileNames }: TicketMailFacts): string[] => [
  ...(body.trim() === '' ? [] : [body]),
  ...(fileNames.length === 0
    ? []
    : [`${fileNames.length === 1 ? 'A file goes' : `${fileNames.length} files go`} with it:\n${fileNames.join('\n')}`]),
]

/** To somebody whose answer came too late. */
export const tooLateText = (facts: Pick<TicketMailFacts, 'number' | 'subject' | 'mspName' | 'url'>): MailContent => ({
  subject: subjectOfMail(facts),
  content: {
    heading: 'Your answer came too late for this ticket',
    paragraphs: [
      `Ticket #${facts.number}, “${facts.subject}”, is closed, and too long ago to be opened again. What you wrote was not added to it.`,
      `If you still need help, please write a new ticket: ${facts.mspName} will see it at once.`,
    ],
    action: { label: 'Write a new ticket', url: facts.url },
    footer: ['You get this mail because you answered a mail about the ticket.'],
  },
})
