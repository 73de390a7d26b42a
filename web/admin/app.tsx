import { Navigate, Route, Router, type RouteSectionProps } from '@solidjs/router'
import { lazy, Suspense, type JSX } from 'solid-js'
import { whenSignedOut } from '../api/client.ts'
import type { AdminBoot, AdminPerson } from '../boot.ts'
import { reloadOnce } from '../session/reload.ts'
import { Soon } from '../ui/in-turn.tsx'
import { Customers } from './customers/customers.tsx'
import { later } from './later.ts'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'
import { StaffProvider } from './staff.tsx'

// The gallery is not for those who work here.
const Gallery = lazy(() => import('./gallery/gallery.tsx'))

export function App(props: { boot: AdminBoot; person: AdminPerson }): JSX.Element {
  whenSignedOut(reloadOnce)
  const root = (section: RouteSectionProps) => (
    <StaffProvider boot={props.boot} person={props.person}>
      <Soon>
        <Shell>
          <Suspense>{section.children}</Suspense>
        </Shell>
      </Soon>
    </StaffProvider>
  )
  return (
    <Router root={root}>
      <Route path="/" component={() => <Navigate href="/customers" />} />
      <Route path="/customers" component={Customers} />
      <Route path="/customers/imports" component={later.ImportsPage} />
      <Route path="/customers/imports/:importId" component={later.ImportPage}>
        <Route path="/" component={later.ToItsStep} />
        <Route path="/columns" component={later.ColumnsStep} />
        <Route path="/check" component={later.CheckStep} />
        <Route path="/run" component={later.RunStep} />
        <Route path="/result" component={later.ResultStep} />
      </Route>
      <Route path="/customers/:customerId" component={later.CustomerPage}>
        <Route path="/" component={later.Overview} />
        <Route path="/tenants" component={later.Tenants} />
        <Route path="/licences" component={later.Licences} />
        <Route path="/reports" component={later.Reports} />
        <Route path="/contacts" component={later.Contacts} />
        <Route path="/users/:userId?" component={later.Users} />
        <Route path="/changes" component={later.ChangesOfCustomer} />
        <Route path="/health" component={later.HealthOfCustomer} />
        <Route path="/tickets" component={later.Tickets} />
        <Route path="/requests" component={later.RequestsOfCustomer} />
        <Route path="/documents" component={later.Documents} />
        <Route path="/portal" component={later.PortalPage} />
        <Route path="/portal/request-forms/:type?" component={later.CustomerRequestFormsPage} />
        <Route path="/end-users" component={later.EndUsers} />
        <Route path="/activity" component={later.ActivityPage} />
      </Route>
      <Route path="/tickets" component={later.AllTickets} />
      <Route path="/tickets/:ticketId" component={later.TicketPage} />
      <Route path="/requests" component={later.AllRequests} />
      <Route path="/requests/:requestId" component={later.RequestPage} />
      <Route path="/licences" component={later.MattersPage} />
      <Route path="/licences/:kind" component={later.MatterListPage} />
      <Route path="/customers/:customerId/reports/:report" component={later.ReportPage} />
      <Route path="/workspace" component={later.WorkspacePage} />
      <Route path="/notices" component={later.Notices} />
      <Route path="/merge" component={later.MergePage} />
      <Route path="/activity" component={later.ActivityOfAll} />
      <Route path="/jobs" component={later.Jobs} />
      <Route path="/settings" component={later.SettingsPage}>
        <Route path="/" component={() => <Navigate href="/settings/organisation" />} />
        <Route path="/organisation" component={later.OrganisationPage} />
        <Route path="/portal" component={later.PortalDefaultsPage} />
        <Route path="/sign-in" component={later.FirstSignInPage} />
        <Route path="/mail" component={later.MailSenderPage} />
        <Route path="/microsoft" component={later.MicrosoftSettingsPage} />
        <Route path="/licences" component={later.LicenceSettingsPage} />
        <Route path="/self-service" component={later.SelfServicePage} />
        <Route path="/request-forms/:type?" component={later.RequestFormsPage} />
        <Route path="/monthly-report" component={later.MonthlyReportPage} />
        <Route path="/tickets" component={later.TicketSettingsPage} />
        <Route path="/staff" component={later.StaffPage} />
        <Route path="/api-keys" component={later.ApiKeysPage} />
      </Route>
      <Route path="/profile" component={later.ProfilePage} />
      <Route path="/gallery" component={Gallery} />
      <Route path="*" component={NotFound} />
    </Router>
  )
}
