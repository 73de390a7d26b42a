import type { z } from '@hono/zod-openapi'
import type { Dashboard } from './dashboard.schema.ts'
import { placeOfService } from './service-names.ts'

type Wire = z.infer<typeof Dashboard>
type State = NonNullable<Wire['health']>['services'][number]['state']

const WEIGHT: Record<State, number> = { interrupted: 0, degraded: 1, recovering: 2, unknown: 3, works: 4 }

/** Services of several tenants, each once, in its worst state; what needs attention first, then what people know. */
export const worstOfServices = <S extends { service: string; state: State }>(rows: readonly S[]): S[] => {
  const worst = new Map<string, S>()
  for (const row of rows) {
    const known = worst.get(row.service)
    if (known === undefined || WEIGHT[row.state] < WEIGHT[known.state]) worst.set(row.service, row)
  }
  return [...worst.values()].toSorted(
    (one, other) =>
      WEIGHT[one.state] - WEIGHT[other.state] ||
      placeOfService(one.service) - placeOfService(other.service) ||
      one.service.localeCompare(other.service),
  )
}

/**
 * One figure a day over several tenants. A tenant without a row on a day counts as on the last day before; days on
 * which only some tenants existed are kept, since that is what there was.
 */
export const sumByDay = (
  rows: readonly { tenantId: string; day: string; count: number }[],
): { day: string; count: number }[] => {
  const days = [...new Set(rows.map(({ day }) => day))].toSorted()
  const last = new Map<string, number>()
  return days.map((day) => {
    for (const row of rows) if (row.day === day) last.set(row.tenantId, row.count)
    return { day, count: [...last.values()].reduce((sum, count) => sum + count, 0) }
  })
}

/** The oldest of some moments, as what all of them are good for; null when there are none. */
export const oldest = (moments: readonly (number | null)[]): string | null => {
  const known = moments.filter((moment) => moment !== null)
  return known.length === 0 ? null : new Date(Math.min(...known)).toISOString()
}
