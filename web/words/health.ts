/** Words about a company's security and Microsoft's services, as its own people and its provider's staff read them. */
import type { SecurityAlert, ServiceIssue, ServiceState } from '../api/shapes.ts'
import { count, date, day, form, inWords, list, number, percent, sentence } from './format.ts'
import { words as home } from './portal-home.ts'

type NotTold = { why: 'permission' | 'trouble'; since: string }

const parts = {
  score: 'the security score',
  controls: 'what would raise the security score',
  alerts: 'security alerts',
  services: 'how Microsoft’s services do',
  issues: 'the history of incidents',
}

export const health = {
  title: 'Security and health',
  titleOfServices: 'Service health',
  tab: 'Health',
  lead: 'How safe your Microsoft 365 is, and whether Microsoft’s services work.',
  leadOfServices: 'Whether Microsoft’s services work, and what went wrong lately.',
  microsoft: 'Microsoft',
  tenant: 'Organisation',
  anyTenant: 'All together',
  together: 'All together',
  notKnown: 'Not known.',
  /** `isOlderShown`: what was told before stands above it. */
  notTold: (part: keyof typeof parts, tenant: string, { why, since }: NotTold, isOlderShown: boolean) => {
    const told =
      why === 'permission'
        ? `Microsoft does not let us read ${parts[part]} of ${tenant}, since ${date(since)}.`
        : `Microsoft was asked for ${parts[part]} of ${tenant} and has not answered since ${date(since)}.`
    return isOlderShown ? `${told} What you see of it is from before.` : `Not known: ${told}`
  },
  syncing: (name: string) => `${name} is being read for the first time.`,
  noTenantTitle: 'Nothing is connected yet',
  noTenantText: 'Once a Microsoft 365 is connected, its security and its services stand here.',

  loadingSecurity: 'The security',
  securityFailed: 'The security could not be loaded',
  score: 'Security score',
  scoreAnswer: (value: number, comparison: number | null) =>
    comparison === null
      ? `${percent(value / 100)} of what can be reached.`
      : Math.round(value) === Math.round(comparison)
        ? `${percent(value / 100)} of what can be reached, as organisations of this size do.`
        : `${percent(value / 100)} of what can be reached, where organisations of this size reach ${percent(comparison / 100)}.`,
  noScore: 'Microsoft gives no score yet.',
  points: (current: number, max: number) => `${number(current)} of ${number(max)} points`,
  scoreLine: 'This company',
  scoreLineOfPortal: 'Your company',
  peerLine: 'Organisations of this size',
  scoreDay: (at: string, value: number, peer: number | null) =>
    `${day(at)}: ${percent(value / 100)}${peer === null ? '' : `, others ${percent(peer / 100)}`}`,
  scoreOneDay: 'So far one day is known. A line needs two.',
  chooseDay: 'Day',
  apart: 'Each by itself',

  controls: 'What would raise it most',
  controlsAnswer: (n: number) =>
    n === 1 ? 'One thing is left to do.' : `${sentence(inWords(n))} things would help, the most useful first.`,
  noControls: 'Nothing is known that would raise it.',
  gain: (points: number) => `+${count(points, 'point', 'points')}`,
  how: 'What to do',
  howOf: (title: string) => `What to do: ${title}`,
  inTenants: (names: string[]) => `In ${list(names)}`,
  showAll: (n: number) => `Show all ${number(n)}`,
  showFewer: 'Show fewer',

  alerts: 'Security alerts',
  alertsAnswer: (n: number) =>
    n === 0 ? 'No open alerts.' : `${sentence(inWords(n))} open ${form(n, 'alert', 'alerts')}.`,
  alertsCut: 'There are more than these; the gravest are shown.',
  inProgress: 'Somebody looks into it',
  severity: (value: SecurityAlert['severity']) => (value === 'unknown' ? 'Severity not known' : home.severity(value)),

  loadingServices: 'The services',
  servicesFailed: 'The services could not be loaded',
  services: 'Services',
  servicesAnswer: (troubled: number, allWork: boolean) =>
    troubled === 0
      ? allWork
        ? home.everythingWorks
        : home.noTroubleKnown
      : `${sentence(inWords(troubled))} ${form(troubled, 'service has', 'services have')} problems.`,
  serviceState: home.serviceState satisfies Record<ServiceState, string>,
  since: 'Since',
  works: (n: number) => `${count(n, 'service works', 'services work')} as usual`,
  open: 'What is going on',
  openAnswer: (n: number) =>
    n === 0 ? 'Microsoft reports nothing.' : `Microsoft works on ${inWords(n)} ${form(n, 'issue', 'issues')}.`,
  issuesCut: 'There are more than these; the newest are shown.',
  kind: { incident: 'Incident', advisory: 'Advisory', unknown: 'Report' } satisfies Record<
    ServiceIssue['classification'],
    string
  >,
  resolved: 'Over',
  notResolved: 'Not over',
  microsoftSays: 'What Microsoft says',
  microsoftSaysOf: (title: string) => `What Microsoft says: ${title}`,
  written: 'Written',

  history: 'History',
  historyAnswer: 'Incidents and advisories of the last year.',
  historyFailed: 'The history could not be loaded',
  loadingHistory: 'The history',
  noHistory: 'Nothing went wrong with these services in the last year.',
  lasted: (from: string | null, to: string | null) =>
    from === null
      ? 'Beginning not known'
      : to === null
        ? `Since ${date(from)}`
        : sameDay(from, to)
          ? date(from)
          : `${date(from)} – ${date(to)}`,
  more: 'Show earlier ones',
}

const sameDay = (from: string, to: string): boolean => date(from) === date(to)
