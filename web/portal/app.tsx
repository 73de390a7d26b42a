import { Route, Router, type RouteSectionProps } from '@solidjs/router'
import { lazy, Suspense, type JSX } from 'solid-js'
import { whenSignedOut } from '../api/client.ts'
import { takesPasswords, type PortalBoot, type PortalPerson } from '../boot.ts'
import { reloadOnce } from '../session/reload.ts'
import { ButtonLink } from '../ui/button.tsx'
import { search } from '../ui/icon.tsx'
import { Soon } from '../ui/in-turn.tsx'
import { Empty } from '../ui/states.tsx'
import { words } from '../words/portal-home.ts'
import { Home } from './home/home.tsx'
import { Shell } from './shell.tsx'
import { mayRaise } from './tickets/may-raise.ts'

// Home is what most people come for; the other pages are read when they are gone to.
const People = lazy(() => import('./people/people.tsx'))
const DirectoryPage = lazy(() => import('./directory/directory.tsx'))
const Licences = lazy(() => import('./licences/licences.tsx'))
const Reports = lazy(() => import('./reports/reports.tsx'))
const Tickets = lazy(() => import('./tickets/tickets.tsx'))
const NewTicket = lazy(() => import('./tickets/new-ticket.tsx'))
const TicketPage = lazy(() => import('./tickets/ticket.tsx'))
const Requests = lazy(() => import('./requests/requests.tsx'))
const NewRequest = lazy(() => import('./requests/new-request.tsx'))
const RequestPage = lazy(() => import('./requests/request.tsx'))
const Documents = lazy(() => import('./documents/documents.tsx'))
const ChangesPage = lazy(() => import('./changes/changes.tsx'))
const HealthPage = lazy(() => import('./health/health.tsx'))
const PasswordPage = lazy(async () => ({ default: (await import('./account/account.tsx')).PasswordPage }))
const MicrosoftPage = lazy(async () => ({ default: (await import('./account/account.tsx')).MicrosoftPage }))
const SessionsPage = lazy(async () => ({ default: (await import('./account/account.tsx')).SessionsPage }))
const TicketMailsPage = lazy(async () => ({ default: (await import('./account/account.tsx')).TicketMailsPage }))

export function App(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  whenSignedOut(reloadOnce)
  const ofTickets = (page: () => JSX.Element) => () =>
    props.person.canSee.includes('portal.tickets') ? page() : <NotFound />
  // What was asked for stays to be read, and decided, also where nothing more can be asked for.
  const ofRequests = (page: () => JSX.Element) => () =>
    props.person.canSee.includes('portal.own') ? page() : <NotFound />
  return (
    <Router
      root={(section: RouteSectionProps) => (
        <Soon>
          <Shell boot={props.boot} person={props.person}>
            <Suspense>{section.children}</Suspense>
          </Shell>
        </Soon>
      )}
    >
      <Route path="/" component={() => <Home boot={props.boot} person={props.person} />} />
      <Route
        path="/tickets"
        component={ofTickets(() => (
          <Tickets boot={props.boot} person={props.person} />
        ))}
      />
      <Route
        path="/tickets/new"
        component={ofTickets(() =>
          mayRaise(props.boot) ? <NewTicket boot={props.boot} person={props.person} /> : <NotFound />,
        )}
      />
      <Route
        path="/tickets/:ticketId"
        component={ofTickets(() => (
          <TicketPage boot={props.boot} person={props.person} />
        ))}
      />
      <Route
        path="/requests"
        component={ofRequests(() => (
          <Requests boot={props.boot} person={props.person} />
        ))}
      />
      <Route
        path="/requests/new/:type?"
        component={ofRequests(() =>
          props.boot.preview || !props.person.canSee.includes('portal.requests') ? (
            <NotFound />
          ) : (
            <NewRequest boot={props.boot} person={props.person} />
          ),
        )}
      />
      <Route
        path="/requests/:requestId"
        component={ofRequests(() => (
          <RequestPage boot={props.boot} person={props.person} />
        ))}
      />
      <Route
        path="/licences"
        component={() =>
          props.person.canSee.includes('portal.licences') ? (
            <Licences boot={props.boot} person={props.person} />
          ) : (
            <NotFound />
          )
        }
      />
      <Route
        path="/changes"
        component={() =>
          props.person.canSee.includes('portal.dashboard') ? (
            <ChangesPage boot={props.boot} person={props.person} />
          ) : (
            <NotFound />
          )
        }
      />
      <Route
        path="/health"
        component={() =>
          props.person.canSee.includes('portal.dashboard') ? (
            <HealthPage boot={props.boot} person={props.person} />
          ) : (
            <NotFound />
          )
        }
      />
      <Route
        path="/reports/:report?"
        component={() =>
          props.person.canSee.includes('portal.reports') ? <Reports boot={props.boot} /> : <NotFound />
        }
      />
      <Route path="/documents" component={() => <Documents boot={props.boot} />} />
      <Route
        path="/directory/:userId?"
        component={() =>
          props.boot.hasDirectory ? <DirectoryPage boot={props.boot} person={props.person} /> : <NotFound />
        }
      />
      <Route
        path="/account/password"
        component={() => <PasswordPage person={props.person} takesPasswords={takesPasswords(props.boot)} />}
      />
      <Route path="/account/microsoft" component={MicrosoftPage} />
      <Route path="/account/sessions" component={SessionsPage} />
      <Route
        path="/account/ticket-mails"
        component={ofTickets(() => (
          <TicketMailsPage />
        ))}
      />
      <Route
        path="/people"
        component={() => (props.person.canSee.includes('portal.people') ? <People boot={props.boot} /> : <NotFound />)}
      />
      <Route path="*" component={NotFound} />
    </Router>
  )
}

function NotFound(): JSX.Element {
  return (
    <div class="card">
      <Empty alone icon={search} title={words.notFoundTitle} act={<ButtonLink href="/">{words.toHome}</ButtonLink>}>
        {words.notFoundText}
      </Empty>
    </div>
  )
}
