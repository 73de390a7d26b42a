import type { JSX } from 'solid-js'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { Due } from '../tickets/due.tsx'
import '../tickets/tickets.css'
import { listTickets } from '../tickets/tickets.data.ts'
import { ListsWidget } from './lists-widget.tsx'

const shownMax = 5

/** What is overdue of everybody's, and what one looks after oneself. */
export const TicketsWidget = (): JSX.Element => (
  <ListsWidget
    words={words}
    allHref="/tickets"
    read={async () => {
      const [overdue, mine] = await Promise.all([
        listTickets({ view: 'overdue', limit: shownMax }),
        listTickets({ view: 'mine', limit: shownMax }),
      ])
      return [
        { title: words.widget.overdue, href: '/tickets?view=overdue', items: overdue.items },
        { title: words.widget.mine, href: '/tickets?view=mine', items: mine.items },
      ]
    }}
    lineOf={({ id, number, subject, due }) => ({
      href: `/tickets/${id}`,
      text: `${words.number(number)} ${subject}`,
      end: <Due of={due} />,
    })}
  />
)
