import { lazy, type Component } from 'solid-js'
import { reloadOnce } from '../session/reload.ts'
import type * as pages from './pages.ts'

type Pages = typeof pages

/** Reads the pages beyond the list; the browser keeps them, so that a second time costs nothing. */
export const readPages = (): Promise<Pages> => import('./pages.ts')

/** A page that is read when it is gone to. One that is no longer there is of an older version, which loading anew mends. */
const page = <P extends object>(pick: (pages: Pages) => Component<P>): Component<P> =>
  lazy(async () => {
    try {
      return { default: pick(await readPages()) }
    } catch (error) {
      reloadOnce()
      throw error
    }
  })

export const later = {
  CustomerPage: page((pages) => pages.CustomerPage),
  Overview: page((pages) => pages.Overview),
  Tenants: page((pages) => pages.Tenants),
  Licences: page((pages) => pages.Licences),
  Reports: page((pages) => pages.Reports),
  ReportPage: page((pages) => pages.ReportPage),
  LicenceSettingsPage: page((pages) => pages.LicenceSettingsPage),
  Contacts: page((pages) => pages.Contacts),
  Users: page((pages) => pages.Users),
  ChangesOfCustomer: page((pages) => pages.ChangesOfCustomer),
  HealthOfCustomer: page((pages) => pages.HealthOfCustomer),
  Tickets: page((pages) => pages.Tickets),
  AllTickets: page((pages) => pages.AllTickets),
  TicketPage: page((pages) => pages.TicketPage),
  AllRequests: page((pages) => pages.AllRequests),
  RequestPage: page((pages) => pages.RequestPage),
  RequestsOfCustomer: page((pages) => pages.RequestsOfCustomer),
  TicketSettingsPage: page((pages) => pages.TicketSettingsPage),
  Documents: page((pages) => pages.Documents),
  PortalPage: page((pages) => pages.PortalPage),
  ActivityPage: page((pages) => pages.ActivityPage),
  EndUsers: page((pages) => pages.EndUsers),
  EnablePortal: page((pages) => pages.EnablePortal),
  WorkspacePage: page((pages) => pages.WorkspacePage),
  SelfServicePage: page((pages) => pages.SelfServicePage),
  RequestFormsPage: page((pages) => pages.RequestFormsPage),
  CustomerRequestFormsPage: page((pages) => pages.CustomerRequestFormsPage),
  MonthlyReportPage: page((pages) => pages.MonthlyReportPage),
  FirstSignInPage: page((pages) => pages.FirstSignInPage),
  CustomerForm: page((pages) => pages.CustomerForm),
  MattersPage: page((pages) => pages.MattersPage),
  MatterListPage: page((pages) => pages.MatterListPage),
  MergePage: page((pages) => pages.MergePage),
  CheckStep: page((pages) => pages.CheckStep),
  ColumnsStep: page((pages) => pages.ColumnsStep),
  ImportPage: page((pages) => pages.ImportPage),
  ToItsStep: page((pages) => pages.ToItsStep),
  ImportsPage: page((pages) => pages.ImportsPage),
  ResultStep: page((pages) => pages.ResultStep),
  RunStep: page((pages) => pages.RunStep),
  ActivityOfAll: page((pages) => pages.ActivityOfAll),
  Jobs: page((pages) => pages.Jobs),
  Notices: page((pages) => pages.Notices),
  SettingsPage: page((pages) => pages.SettingsPage),
  OrganisationPage: page((pages) => pages.OrganisationPage),
  PortalDefaultsPage: page((pages) => pages.PortalDefaultsPage),
  ApiKeysPage: page((pages) => pages.ApiKeysPage),
  MailSenderPage: page((pages) => pages.MailSenderPage),
  MicrosoftSettingsPage: page((pages) => pages.MicrosoftSettingsPage),
  StaffPage: page((pages) => pages.StaffPage),
  ProfilePage: page((pages) => pages.ProfilePage),
}
