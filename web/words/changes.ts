/** Words about what happened to a customer's people. */
import { count, date, today } from './format.ts'

export const changes = {
  title: 'Changes',
  lead: 'Who joined, left or was blocked.',
  leadWithLicences: 'Who joined, left or was blocked, and who was given which licence.',
  loading: 'The changes',
  failed: 'The changes could not be loaded',
  microsoft: 'Microsoft 365',
  period: 'How far back',
  periods: { '1': 'Since yesterday', '7': '7 days', '30': '30 days', '365': 'A year' },
  tenant: 'Organisation',
  anyTenant: 'All together',
  day: (value: string) => {
    const at = new Date(`${value}T12:00:00`)
    return at.getFullYear() === new Date().getFullYear() ? today(at) : date(`${value}T12:00:00`)
  },
  shown: (n: number) => count(n, 'change', 'changes'),
  more: 'Show earlier ones',
  /** Beside how many: the rest of that day is not read yet. */
  soFar: 'So far; show earlier ones for the rest of this day',
  noneTitle: 'Nothing changed',
  noneText: {
    '1': 'Nobody joined, left or was blocked since yesterday.',
    '7': 'Nobody joined, left or was blocked in the last 7 days.',
    '30': 'Nobody joined, left or was blocked in the last 30 days.',
    '365': 'Nobody joined, left or was blocked in the last year, as far as it was read.',
  },
  noTenantTitle: 'Nothing is connected yet',
  noTenantText: 'What changes among the people appears here once a Microsoft 365 is connected.',
}
