import { admin } from '../../words/admin.ts'
import { licenceSettings } from '../../words/licence-settings.ts'
import { requestForms } from '../../words/request-forms.ts'
import { selfService } from '../../words/self-service.ts'
import { monthlyDefaults } from '../../words/reports.ts'

const words = admin.settings

/** The pages of the settings, as the menu and the tabs on top of them list them. */
export const settingsTabs: { href: string; label: string; onlyToManage?: true }[] = [
  { href: '/settings/organisation', label: words.organisation },
  { href: '/settings/portal', label: words.portal },
  { href: '/settings/self-service', label: selfService.tab },
  { href: '/settings/request-forms', label: requestForms.title },
  { href: '/settings/sign-in', label: words.signIn },
  { href: '/settings/mail', label: words.mail },
  { href: '/settings/microsoft', label: words.microsoft },
  { href: '/settings/licences', label: licenceSettings.tab },
  { href: '/settings/monthly-report', label: monthlyDefaults.tab },
  { href: '/settings/tickets', label: admin.nav.tickets },
  { href: '/settings/staff', label: words.staff, onlyToManage: true },
  { href: '/settings/api-keys', label: admin.keys.title, onlyToManage: true },
]
