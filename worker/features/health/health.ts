import { dayOf, daysAfter, daysBetween, startOfDay } from '../../days.ts'

export type HealthLevel = 'red' | 'amber' | 'green' | 'grey'

/** What is known of one tenant. Moments are milliseconds since 1970; null: we were not told. */
export type TenantFacts = {
  tenantId: string
  name: string
  /** The MSP's: days begin at midnight there. */
  timeZone: string
  state: 'never_synced' | 'connected' | 'consent_lost' | 'app_removed' | 'disconnected'
  /** When `state` began. */
  stateSince?: number | null
  lastGoodSyncAt: number | null
  services: {
    service: string
    state: 'works' | 'degraded' | 'interrupted' | 'recovering' | 'unknown'
    since: number | null
    /** Does the tenant hold a licence that includes it? What it does not use cannot hurt it. */
    inUse: boolean
  }[]
  /** Without hidden SKUs: free and trial seats say nothing. */
  seats: { skuId: string; name: string; boughtCount: number; assignedCount: number; since: number | null }[]
  /** `autoRenew` null: unknown, as always when only Graph was asked. */
  renewals: { skuId: string; name: string; at: number; autoRenew: boolean | null }[]
  /** Open ones only. */
  alerts: {
    id: string
    title: string
    severity: 'informational' | 'low' | 'medium' | 'high' | 'unknown'
    raisedAt: number | null
  }[]
  /** So many people are missing from Microsoft's list that staff are asked whether they have left. */
  departures?: { askedAt: number; missingCount: number; knownCount: number } | null
}

/** Why a tenant is not green, as kept: words are made when it is shown. Moments are ISO 8601, since it is stored as JSON. */
export type HealthReason = { tenantId: string; tenantName: string; since: string | null } & (
  | { code: 'consent_lost' | 'app_removed'; level: 'red' }
  | { code: 'service_interrupted'; level: 'red'; service: string }
  | { code: 'alert_high'; level: 'red'; alertId: string; title: string }
  | { code: 'service_degraded' | 'service_recovering'; level: 'amber'; service: string }
  | {
      code: 'seats_over'
      level: 'amber'
      skuId: string
      skuName: string
      boughtCount: number
      assignedCount: number
      overCount: number
    }
  | { code: 'renewal_due'; level: 'amber'; skuId: string; skuName: string; at: string; timeZone: string }
  | { code: 'sync_stale'; level: 'amber'; lastGoodSyncAt: string }
  | { code: 'departures_asked'; level: 'amber'; missingCount: number; knownCount: number }
  | { code: 'alert_medium'; level: 'amber'; alertId: string; title: string }
  | { code: 'never_synced' | 'disconnected'; level: 'grey' }
)

export type HealthCode = HealthReason['code']

export type Health = {
  level: HealthLevel
  /** The earliest of the reasons that make the level; null when green or not known. */
  since: string | null
  /** Heaviest first. */
  reasons: HealthReason[]
  /** The next moment at which time alone changes it; null when it stays until something new is known. */
  dueAt: number | null
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** product.md, decision 14. */
export const healthLimits = { renewalDueDays: 14, syncStaleMs: 24 * hourMs } as const

/** The health of one tenant at a moment (product.md, decision 14). */
export function tenantHealth(facts: TenantFacts, now: number): Health {
  return { ...healthOf(reasonsOf(facts, now)), dueAt: dueAtOf(facts, now) }
}

/** When the last good sync becomes stale, or the next renewal due, whichever comes first. */
function dueAtOf({ state, lastGoodSyncAt, renewals, timeZone }: TenantFacts, now: number): number | null {
  if (state !== 'connected' || lastGoodSyncAt === null) return null
  const moments = [
    lastGoodSyncAt + healthLimits.syncStaleMs + 1,
    ...renewals.flatMap(({ at, autoRenew }) => (autoRenew === false ? [renewalDueFrom(at, timeZone)] : [])),
  ]
  return moments.filter((moment) => moment > now).toSorted((a, b) => a - b)[0] ?? null
}

/** A renewal is due from the beginning of the fourteenth day before it. */
const renewalDueFrom = (at: number, timeZone: string): number =>
  startOfDay(daysAfter(dayOf(at, timeZone), -healthLimits.renewalDueDays), timeZone)

/** A reason in words for staff, and what to do about it. Counts time from `now`, so that stored reasons do not age. */
export function describeReason(reason: HealthReason, now: number): { text: string; detail: string; remedy: string } {
  const { tenantName } = reason
  switch (reason.code) {
    case 'consent_lost':
      return {
        text: 'Consent lost',
        detail: `${tenantName} no longer lets us read its tenant.`,
        remedy: `Ask an administrator of ${tenantName} to give consent again. What we had is kept.`,
      }
    case 'app_removed':
      return {
        text: 'App registration removed',
        detail: `${tenantName} was connected with an app registration that has been removed.`,
        remedy: `Connect it again, with an administrator of ${tenantName}. What we had is kept.`,
      }
    case 'service_interrupted':
      return {
        text: `${reason.service} is down`,
        detail: `Microsoft reports an interruption of ${reason.service} for ${tenantName}.`,
        remedy: 'Microsoft is on it. Tell the customer before they call.',
      }
    case 'alert_high':
      return {
        text: `High alert is open: ${reason.title}`,
        detail: `Microsoft raised it for ${tenantName}.`,
        remedy: 'Look into it in Microsoft Defender now, and close it there.',
      }
    case 'service_degraded':
      return {
        text: `${reason.service} is degraded`,
        detail: `Microsoft reports that ${reason.service} does not fully work for ${tenantName}.`,
        remedy: 'Microsoft is on it. Tell the customer if it is in their way.',
      }
    case 'service_recovering':
      return {
        text: `${reason.service} is recovering`,
        detail: `Microsoft is still restoring ${reason.service} for ${tenantName}.`,
        remedy: 'Nothing to do. It turns green once Microsoft reports it restored.',
      }
    case 'seats_over': {
      const over = seats(reason.overCount)
      return {
        text: `${over} over`,
        detail: `${reason.skuName}: ${reason.assignedCount} assigned, ${reason.boughtCount} bought.`,
        remedy: `Buy ${over} of ${reason.skuName} more, or take as many back.`,
      }
    }
    case 'renewal_due': {
      const left = daysBetween(dayOf(now, reason.timeZone), dayOf(Date.parse(reason.at), reason.timeZone))
      return {
        text: left > 0 ? `Renewal in ${count(left, 'day')}` : left === 0 ? 'Renewal is today' : 'Renewal is overdue',
        detail: `${reason.skuName}: auto-renew is off`,
        remedy: `Renew ${reason.skuName} or turn auto-renew on; otherwise its seats end.`,
      }
    }
    case 'sync_stale': {
      const age = now - Date.parse(reason.lastGoodSyncAt)
      // "50 hours" is still read at a glance; "200 hours" is not.
      const words = age < 3 * dayMs ? count(Math.floor(age / hourMs), 'hour') : count(Math.floor(age / dayMs), 'day')
      return {
        text: `Last good sync is ${words} old`,
        detail: `What we show of ${tenantName} is that old.`,
        remedy: `Open the jobs of ${tenantName} to read what failed, and retry.`,
      }
    }
    case 'departures_asked':
      return {
        text: `${count(reason.missingCount, 'person', 'people')} missing`,
        detail: `Microsoft’s list of ${tenantName} lacks ${reason.missingCount} of ${reason.knownCount} people. Nobody was removed.`,
        remedy: `Confirm that they have left, if they have. Otherwise look at ${tenantName} in Entra.`,
      }
    case 'alert_medium':
      return {
        text: `Medium alert is open: ${reason.title}`,
        detail: `Microsoft raised it for ${tenantName}.`,
        remedy: 'Look into it in Microsoft Defender, and close it there.',
      }
    case 'never_synced':
      return {
        text: 'Not synced yet',
        detail: `${tenantName} has not been read to its end yet.`,
        remedy: 'Wait for the first sync, or open its jobs to see how far it is.',
      }
    case 'disconnected':
      return {
        text: 'Disconnected',
        detail: `${tenantName} is not being read. What we had is kept.`,
        remedy: `Connect ${tenantName} again, or remove it from the customer.`,
      }
    default:
      return reason satisfies never
  }
}

/** Worst first; grey last: not knowing outweighs nothing. */
const levels: readonly HealthLevel[] = ['red', 'amber', 'green', 'grey']

/** The order in which reasons are told. */
const weights: Record<HealthCode, number> = {
  consent_lost: 0,
  app_removed: 0,
  service_interrupted: 1,
  alert_high: 2,
  service_degraded: 3,
  seats_over: 4,
  renewal_due: 5,
  sync_stale: 6,
  departures_asked: 7,
  alert_medium: 8,
  service_recovering: 9,
  never_synced: 10,
  disconnected: 11,
}

function reasonsOf(facts: TenantFacts, now: number): HealthReason[] {
  const of = (since: number | null | undefined) => ({
    tenantId: facts.tenantId,
    tenantName: facts.name,
    since: since === null || since === undefined ? null : iso(since),
  })
  // Beyond these states nothing current is known: old figures are shown as old, not judged.
  if (facts.state === 'consent_lost' || facts.state === 'app_removed')
    return [{ ...of(facts.stateSince), code: facts.state, level: 'red' }]
  if (facts.state === 'disconnected') return [{ ...of(facts.stateSince), code: 'disconnected', level: 'grey' }]
  if (facts.state === 'never_synced' || facts.lastGoodSyncAt === null) {
    return [{ ...of(facts.stateSince), code: 'never_synced', level: 'grey' }]
  }

  const reasons: HealthReason[] = []
  for (const { service, state, since, inUse } of facts.services) {
    if (!inUse) continue
    if (state === 'interrupted') reasons.push({ ...of(since), code: 'service_interrupted', level: 'red', service })
    if (state === 'degraded') reasons.push({ ...of(since), code: 'service_degraded', level: 'amber', service })
    if (state === 'recovering') reasons.push({ ...of(since), code: 'service_recovering', level: 'amber', service })
  }
  for (const { id, title, severity, raisedAt } of facts.alerts) {
    if (severity === 'high') reasons.push({ ...of(raisedAt), code: 'alert_high', level: 'red', alertId: id, title })
    if (severity === 'medium') {
      reasons.push({ ...of(raisedAt), code: 'alert_medium', level: 'amber', alertId: id, title })
    }
  }
  for (const { skuId, name, boughtCount, assignedCount, since } of facts.seats) {
    const overCount = assignedCount - boughtCount
    if (overCount <= 0) continue
    reasons.push({
      ...of(since),
      code: 'seats_over',
      level: 'amber',
      skuId,
      skuName: name,
      boughtCount,
      assignedCount,
      overCount,
    })
  }
  for (const { skuId, name, at, autoRenew } of facts.renewals) {
    // A date that has passed stays a reason until a sync no longer reports it.
    const since = renewalDueFrom(at, facts.timeZone)
    if (autoRenew !== false || now < since) continue
    const { timeZone } = facts
    reasons.push({ ...of(since), code: 'renewal_due', level: 'amber', skuId, skuName: name, at: iso(at), timeZone })
  }
  if (now - facts.lastGoodSyncAt > healthLimits.syncStaleMs) {
    const since = facts.lastGoodSyncAt + healthLimits.syncStaleMs
    reasons.push({ ...of(since), code: 'sync_stale', level: 'amber', lastGoodSyncAt: iso(facts.lastGoodSyncAt) })
  }
  if (facts.departures !== undefined && facts.departures !== null) {
    const { askedAt, missingCount, knownCount } = facts.departures
    reasons.push({ ...of(askedAt), code: 'departures_asked', level: 'amber', missingCount, knownCount })
  }
  return reasons
}

function healthOf(unsorted: readonly HealthReason[]): Omit<Health, 'dueAt'> {
  const reasons = unsorted.toSorted(byWeight)
  const level = levels.find((one) => reasons.some((reason) => reason.level === one)) ?? 'green'
  return { level, since: sinceOf(level, reasons), reasons }
}

function sinceOf(level: HealthLevel, reasons: readonly HealthReason[]): string | null {
  const moments = reasons.flatMap((reason) => (reason.level === level && reason.since !== null ? [reason.since] : []))
  return moments.toSorted()[0] ?? null
}

/** By code; then the most seats over, the soonest renewal, and what has lasted longest; else as they came. */
export function byWeight(a: HealthReason, b: HealthReason): number {
  if (a.code !== b.code) return weights[a.code] - weights[b.code]
  if (a.code === 'seats_over' && b.code === 'seats_over' && a.overCount !== b.overCount)
    return b.overCount - a.overCount
  return compare(a.since ?? '9', b.since ?? '9')
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const iso = (moment: number): string => new Date(moment).toISOString()

const seats = (seatCount: number): string => count(seatCount, 'seat')

const count = (number: number, noun: string, nouns = `${noun}s`): string => `${number} ${number === 1 ? noun : nouns}`
