/** Seats of one licence in one tenant, as far as is known how idle they are; `idleAsOf` null: who signed in when is not told. */
export type IdleRow = {
  assignedCount: number
  idle30Count: number
  idle60Count: number
  idle90Count: number
  blockedHolderCount: number
  signInUnknownCount: number
  idleAsOf: number | null
}

export type IdleSeats = {
  days30Count: number
  days60Count: number
  days90Count: number
  blockedCount: number
  unknownCount: number
}

/**
 * Idle seats over several tenants. Whoever cannot sign in is among each of the figures, since that is known of everybody; where a
 * tenant does not tell of sign-ins, the seats of all others are ones of which it is not known.
 */
export const idleTogether = (rows: readonly IdleRow[]): IdleSeats =>
  rows.reduce<IdleSeats>(
    (sum, row) => ({
      days30Count: sum.days30Count + row.idle30Count,
      days60Count: sum.days60Count + row.idle60Count,
      days90Count: sum.days90Count + row.idle90Count,
      blockedCount: sum.blockedCount + row.blockedHolderCount,
      unknownCount:
        sum.unknownCount +
        (row.idleAsOf === null ? Math.max(0, row.assignedCount - row.blockedHolderCount) : row.signInUnknownCount),
    }),
    { days30Count: 0, days60Count: 0, days90Count: 0, blockedCount: 0, unknownCount: 0 },
  )
