/** Words of the bell, in both apps. */
import type { Unread } from '../boot.ts'
import { count } from './format.ts'

const counted = ({ count: n, more }: Unread): string => (more ? `${n}+` : String(n))

export const bell = {
  title: 'News of tickets',
  count: counted,
  /** What its button is called. */
  label: (unread: Unread) =>
    unread.count === 0
      ? 'News of tickets: nothing unread'
      : `News of tickets: ${unread.more ? `more than ${unread.count} unread` : `${unread.count} unread`}`,
  readAll: 'Mark all as read',
  loading: 'Loading the news…',
  failed: 'The news could not be loaded',
  none: 'No news yet. What is written into your tickets is told here.',
  fresh: (n: number) => count(n, 'unread', 'unread'),
  by: (name: string, company: string | undefined) => (company === undefined ? name : `${name} · ${company}`),
}

/** Words of which mails about tickets somebody gets. */
export const ticketMails = {
  title: 'Mails about tickets',
  lead: 'When something is written into a ticket, we can send you a mail. What is new is always told by the bell, too.',
  legend: 'Send me mails',
  loading: 'Your choice',
  failed: 'Your choice could not be loaded',
  saved: 'Saved.',
  ofContact: {
    all: { label: 'Of all tickets of the company', help: 'Everything that is written into any of them.' },
    mine: { label: 'Of my tickets', help: 'Those that are yours, and those you follow.' },
    none: { label: 'None', help: 'You look into the portal by yourself.' },
  },
  ofStaff: {
    all: { label: 'Of all tickets', help: 'Also of new ones that nobody looks after yet.' },
    mine: { label: 'Of tickets I look after', help: 'And when somebody gives you one.' },
    none: { label: 'None', help: 'You look at the tickets by yourself.' },
  },
}
