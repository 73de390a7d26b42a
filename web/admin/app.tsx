import { Navigate, Route, Router, type RouteSectionProps } from '@solidjs/router'
import { lazy, Suspense, type JSX } from 'solid-js'
import { whenSignedOut } from '../api/client.ts'
import type { AdminBoot, AdminPerson } from '../boot.ts'
import { reloadOnce } from '../session/reload.ts'
import { ButtonLink } from '../ui/button.tsx'
import { search } from '../ui/icon.tsx'
import { Empty } from '../ui/states.tsx'
import { admin } from '../words/admin.ts'
import { CustomerPage } from './customer/customer-page.tsx'
import { Overview } from './customer/overview.tsx'
import { Tenants } from './customer/tenants.tsx'
import { Contacts } from './customer/contacts.tsx'
import { Tickets } from './customer/tickets.tsx'
import { Documents } from './customer/documents.tsx'
import { PortalPage } from './customer/portal.tsx'
import { ActivityPage } from './customer/activity.tsx'
import { MergePage } from './merges/merge-page.tsx'
import { CheckStep } from './imports/check-step.tsx'
import { ColumnsStep } from './imports/columns-step.tsx'
import { ImportPage, ToItsStep } from './imports/import-page.tsx'
import { ImportsPage } from './imports/imports-page.tsx'
import { ResultStep } from './imports/result-step.tsx'
import { RunStep } from './imports/run-step.tsx'
import { ActivityOfAll } from './activity/activity-page.tsx'
import { Jobs } from './jobs/jobs.tsx'
import { Notices } from './notices/notices.tsx'
import { SettingsPage } from './settings/settings-page.tsx'
import { OrganisationPage } from './settings/organisation.tsx'
import { PortalDefaultsPage } from './settings/portal-defaults.tsx'
import { ApiKeysPage } from './settings/api-keys.tsx'
import { MailSenderPage } from './settings/mail-sender.tsx'
import { Customers } from './customers/customers.tsx'
import { Shell } from './shell.tsx'
import { StaffProvider } from './staff.tsx'

// The area is small enough to come whole: a technician's next page is already there. The gallery is not for them.
const Gallery = lazy(() => import('./gallery/gallery.tsx'))

export function App(props: { boot: AdminBoot; person: AdminPerson }): JSX.Element {
  whenSignedOut(reloadOnce)
  const root = (section: RouteSectionProps) => (
    <StaffProvider boot={props.boot} person={props.person}>
      <Shell>
        <Suspense>{section.children}</Suspense>
      </Shell>
    </StaffProvider>
  )
  return (
    <Router root={root}>
      <Route path="/" component={() => <Navigate href="/customers" />} />
      <Route path="/customers" component={Customers} />
      <Route path="/customers/imports" component={ImportsPage} />
      <Route path="/customers/imports/:importId" component={ImportPage}>
        <Route path="/" component={ToItsStep} />
        <Route path="/columns" component={ColumnsStep} />
        <Route path="/check" component={CheckStep} />
        <Route path="/run" component={RunStep} />
        <Route path="/result" component={ResultStep} />
      </Route>
      <Route path="/customers/:customerId" component={CustomerPage}>
        <Route path="/" component={Overview} />
        <Route path="/tenants" component={Tenants} />
        <Route path="/contacts" component={Contacts} />
        <Route path="/tickets" component={Tickets} />
        <Route path="/documents" component={Documents} />
        <Route path="/portal" component={PortalPage} />
        <Route path="/activity" component={ActivityPage} />
      </Route>
      <Route path="/notices" component={Notices} />
      <Route path="/merge" component={MergePage} />
      <Route path="/activity" component={ActivityOfAll} />
      <Route path="/jobs" component={Jobs} />
      <Route path="/settings" component={SettingsPage}>
        <Route path="/" component={() => <Navigate href="/settings/organisation" />} />
        <Route path="/organisation" component={OrganisationPage} />
        <Route path="/portal" component={PortalDefaultsPage} />
        <Route path="/mail" component={MailSenderPage} />
        <Route path="/api-keys" component={ApiKeysPage} />
      </Route>
      <Route path="/gallery" component={Gallery} />
      <Route path="*" component={NotFound} />
    </Router>
  )
}

function NotFound(): JSX.Element {
  return (
    <Empty
      alone
      icon={search}
      title={admin.notFoundTitle}
      act={<ButtonLink href="/customers">{admin.toCustomers}</ButtonLink>}
    >
      {admin.notFoundText}
    </Empty>
  )
}
