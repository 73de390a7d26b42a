import { words } from '../../words/portal-home.ts'
import type { Dashboard, PersonChange } from './home.data.ts'

/** The rules behind the sentences on the home page. Plain functions of the figures, without any page around them. */

type Of<K extends keyof Dashboard> = NonNullable<Dashboard[K]>

/** The one thing that needs the person, or that all is well. Most urgent first. */
export function headline(dashboard: Dashboard): string {
  const waiting = dashboard.tickets.waitingCount
  if (waiting > 0) return words.ticketsWait(waiting)
  const asking = dashboard.requests.awaitingYouCount
  if (asking > 0) return words.requestsWait(asking)
  if (!hasFigures(dashboard)) return words.figuresComing
  const alerts = (dashboard.security?.alerts ?? []).filter((alert) => alert.severity === 'high')
  if (alerts.length > 0) return words.alertsOpen(alerts.length)
  const down = dashboard.health?.services.find((service) => service.state === 'interrupted')
  if (down) return words.serviceDown(down.name)
  const over = overCount(dashboard.licences)
  if (over > 0) return words.overAnswer(over)
  const open = dashboard.security?.alerts.length ?? 0
  if (open > 0) return words.alertsOpen(open)
  const slow = dashboard.health?.services.find((service) => service.state === 'degraded')
  if (slow) return words.serviceTrouble(slow.name)
  return words.allWell
}

/** What is to be done about it: it is answered or decided where the link leads, or somebody is written to about it. */
export type Ask = { title: string; text: string; step?: { href: string; label: string } }

/**
 * What a person can act on today: tickets that wait on them, requests that wait for their approval, high alerts, and licences that are
 * over-used. At most three.
 */
export function asks(dashboard: Dashboard): Ask[] {
  const waiting = dashboard.tickets.items
    .filter(({ waitsOnYou }) => waitsOnYou)
    .map(({ id, number, subject, changedAt }) => ({
      title: subject,
      text: words.ticketWaits(number, changedAt),
      step: { href: `/tickets/${id}`, label: words.answer },
    }))
  const asked = dashboard.requests.items
    .filter(({ awaitsYou }) => awaitsYou)
    .map(({ id, subject, requesterName, createdAt }) => ({
      title: subject,
      text: words.requestWaits(requesterName, createdAt),
      step: { href: `/requests/${id}`, label: words.lookAtRequest },
    }))
  const alerts = (dashboard.security?.alerts ?? [])
    .filter((alert) => alert.severity === 'high')
    .map((alert) => ({ title: alert.title, text: words.alertText(alert.raisedAt) }))
  const over = (dashboard.licences?.items ?? [])
    .filter((item) => item.overCount > 0)
    .map((item) => ({ title: words.overTitle(item.name), text: words.overText(item.assignedCount, item.boughtCount) }))
  return [...waiting, ...asked, ...alerts, ...over].slice(0, 3)
}

/** Whether anything was ever read for this customer. */
export const hasFigures = (dashboard: Dashboard): boolean => dashboard.tenants.some((tenant) => tenant.asOf !== null)

export const overCount = (licences: Dashboard['licences']): number =>
  (licences?.items ?? []).reduce((sum, item) => sum + item.overCount, 0)

export function licencesAnswer(licences: Of<'licences'>): string {
  if (licences.items.length === 0) return words.noLicences
  const over = overCount(licences)
  if (over > 0) return words.overAnswer(over)
  const free = licences.items.reduce((sum, item) => sum + item.freeCount, 0)
  return free > 0 ? words.freeAnswer(free) : words.allUsedAnswer
}

/** What is known of seats that nobody seems to use; nothing where that is none of them. */
export function idleNote({ days30Count, blockedCount, unknownCount }: NonNullable<Of<'licences'>['idle']>): string {
  if (days30Count > 0) return words.idle(days30Count, blockedCount)
  return unknownCount > 0 ? words.idleUnknown : ''
}

/** Over-used first, then the most used. */
export const licencesInOrder = (licences: Of<'licences'>): Of<'licences'>['items'] =>
  licences.items.toSorted((a, b) => b.overCount - a.overCount || b.assignedCount - a.assignedCount)

/** How many more people can sign in than seven days before the newest figure; null while there is no such figure. */
export function netOfWeek(people: Of<'people'>): number | null {
  const newest = people.trend.at(-1)
  const before = newest && people.trend.findLast((point) => daysBetween(point.day, newest.day) >= 7)
  return before ? people.activeCount - before.count : null
}

export type Period = 'yesterday' | 'days7' | 'days30'

/** The changes of a period that ends with a day, newest first. */
export function changesIn(changes: PersonChange[], period: Period, today: string): PersonChange[] {
  const days = { yesterday: 1, days7: 7, days30: 30 }[period]
  return changes
    .filter((change) => daysBetween(change.day, today) <= days)
    .toSorted((a, b) => newestFirst(a.day, b.day))
}

const severities = ['high', 'medium', 'low', 'informational']

/** The gravest first, then the newest. */
export const alertsInOrder = (security: Of<'security'>): Of<'security'>['alerts'] =>
  security.alerts.toSorted(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      newestFirst(a.raisedAt ?? '', b.raisedAt ?? ''),
  )

export function securityAnswer(security: Of<'security'>): string {
  const alerts = security.alerts.length === 0 ? words.noAlerts : words.openAlerts(security.alerts.length)
  return security.current === null ? alerts : `${scoreAnswer(security.trend)} ${alerts}`
}

function scoreAnswer(trend: Of<'security'>['trend']): string {
  const first = trend[0]
  const last = trend.at(-1)
  if (!first || !last || first === last) return words.firstScore
  const days = daysBetween(first.day, last.day)
  if (Math.round(last.percent) === Math.round(first.percent)) return `${words.same} ${words.sameSince(days)}.`
  return `${last.percent > first.percent ? words.better : words.worse} ${words.since(days)}.`
}

const urgency = { interrupted: 0, degraded: 1, recovering: 2, unknown: 3, works: 4 }

export function healthAnswer(health: Of<'health'>): string {
  const troubled = health.services.filter((service) => urgency[service.state] < 2)
  const first = troubled[0]
  const recovering = health.services.filter((service) => service.state === 'recovering')
  if (!first && recovering[0]) return `${words.comingBack(recovering.map(({ name }) => name))} ${words.elseWorks}`
  if (!first)
    return health.services.every(({ state }) => state === 'works') ? words.everythingWorks : words.noTroubleKnown
  if (troubled.length > 1) return `${words.manyTroubled(troubled.length)} ${words.elseWorks}`
  const name = first.name
  return `${first.state === 'interrupted' ? words.serviceDown(name) : words.serviceTrouble(name)} ${words.elseWorks}`
}

export function greeting(now: Date): string {
  const hour = now.getHours()
  return hour < 12 ? words.morning : hour < 18 ? words.afternoon : words.evening
}

/** Of days and times as ISO 8601 writes them. Not `localeCompare`: its collation takes a phone a tenth of a second to load. */
const newestFirst = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0)

/** Whole days from one calendar day to a later one. */
const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
