import type { JSX } from 'solid-js'
import { RequestStanding } from '../../requests/standing.tsx'
import { adminRequests as words } from '../../words/admin-requests.ts'
import '../tickets/tickets.css'
import { listRequests } from '../requests/requests.data.ts'
import { ListsWidget } from './lists-widget.tsx'

const shownMax = 5
/** Among so many of the newest, what is under way is looked for. */
const openReadMax = 50

/** What one can approve, and what is under way. */
export const RequestsWidget = (): JSX.Element => (
  <ListsWidget
    words={words}
    allHref="/requests"
    read={async () => {
      const [awaiting, open] = await Promise.all([
        listRequests({ view: 'awaiting', limit: shownMax }),
        listRequests({ view: 'open', limit: openReadMax }),
      ])
      const underWay = open.items.filter(({ state }) => state === 'approved' || state === 'in_progress')
      return [
        { title: words.widget.awaiting, href: '/requests?view=awaiting', items: awaiting.items },
        { title: words.widget.underWay, href: '/requests?view=open', items: underWay.slice(0, shownMax) },
      ]
    }}
    lineOf={({ id, subject, customer, state }) => ({
      href: `/requests/${id}`,
      text: `${subject} · ${customer.name}`,
      end: <RequestStanding state={state} provider={null} needsYou={state === 'awaiting_msp'} />,
    })}
  />
)
