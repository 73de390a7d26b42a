import { byWeight, describeReason } from './health.ts'
import type { HealthLevel, HealthReason } from './health.ts'

export { tenantHealth } from './health.ts'
export type { Health, HealthLevel, HealthReason, TenantFacts } from './health.ts'

/** Health as a number that sorts: the worst first. */
export const rankOf = { red: 0, amber: 1, green: 2, grey: 3 } as const

/** The same the other way round, of what a row keeps. A rank that nothing has is a bug, not an unknown health. */
export const levelOf = (rank: number): HealthLevel => {
  const level = levels.find((one) => rankOf[one] === rank)
  if (level === undefined) throw new Error(`No health has the rank ${rank}.`)
  return level
}

const levels = Object.keys(rankOf) as HealthLevel[]

/**
 * Reasons as they are kept on a row, in words for now and heaviest first: a customer's row keeps those of its tenants
 * one after the other. Only `HealthReason`s are ever written there.
 */
export const presentReasons = (kept: unknown[], nowMs: number) =>
  (kept as HealthReason[]).toSorted(byWeight).map((reason) => ({
    level: reason.level,
    tenantName: reason.tenantName,
    since: reason.since,
    ...describeReason(reason, nowMs),
  }))
