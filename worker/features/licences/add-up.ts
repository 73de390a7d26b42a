/** Seats of one licence in one tenant. */
export type TenantSeats = {
  tenantId: string
  skuId: string
  boughtCount: number
  assignedCount: number
  suspendedCount: number
}

export type Seats = {
  boughtCount: number
  assignedCount: number
  availableCount: number
  overCount: number
  suspendedCount: number
}

const none: Seats = { boughtCount: 0, assignedCount: 0, availableCount: 0, overCount: 0, suspendedCount: 0 }

/** What one tenant's figures come to. Microsoft may have more seats assigned than are bought. */
export const seatsIn = ({
  boughtCount,
  assignedCount,
  suspendedCount,
}: Omit<TenantSeats, 'tenantId' | 'skuId'>): Seats => ({
  boughtCount,
  assignedCount,
  availableCount: Math.max(0, boughtCount - assignedCount),
  overCount: Math.max(0, assignedCount - boughtCount),
  suspendedCount,
})

/** Seats of one licence over several tenants. Over-use in one tenant is not mended by free seats in another. */
export const together = (parts: readonly Seats[]): Seats =>
  parts.reduce(
    (sum, part) => ({
      boughtCount: sum.boughtCount + part.boughtCount,
      assignedCount: sum.assignedCount + part.assignedCount,
      availableCount: sum.availableCount + part.availableCount,
      overCount: sum.overCount + part.overCount,
      suspendedCount: sum.suspendedCount + part.suspendedCount,
    }),
    none,
  )

/** Rows by licence, each licence once: two tenants may spell the same id in letters of another case. */
export const bySku = <R extends { skuId: string }>(rows: readonly R[]): Map<string, R[]> => {
  const found = new Map<string, R[]>()
  for (const row of rows) {
    const id = row.skuId.toLowerCase()
    found.set(id, [...(found.get(id) ?? []), row])
  }
  return found
}

/** Over-used ones first, then those with the most seats, then by name. */
export const inOrder = <L extends Seats & { name: string }>(licences: readonly L[]): L[] =>
  licences.toSorted(
    (one, other) =>
      other.overCount - one.overCount || other.boughtCount - one.boughtCount || one.name.localeCompare(other.name),
  )

/** Licences that people call by one name are told apart by what Microsoft calls them: each has its own price, and its own people. */
export const toldApart = <L extends { name: string; skuPartNumber: string }>(licences: readonly L[]): L[] => {
  const isTold = (one: L) => licences.filter(({ name }) => name === one.name).length === 1
  return licences.map((one) => (isTold(one) ? one : { ...one, name: `${one.name} (${one.skuPartNumber})` }))
}
