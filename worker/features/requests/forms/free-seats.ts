import { daysAfter } from '../../../days.ts'
import type { SeatClaim } from '../prepared.ts'

export type Bought = { boughtCount: number; assignedCount: number }
type Claim = Pick<SeatClaim, 'takenCount' | 'fromOn' | 'untilOn'>

const isInForce = ({ fromOn, untilOn }: Claim, day: string): boolean =>
  (fromOn === null || fromOn <= day) && (untilOn === null || day <= untilOn)

const takenOn = (claims: readonly Claim[], day: string): number =>
  claims.reduce((sum, claim) => sum + (isInForce(claim, day) ? claim.takenCount : 0), 0)

/**
 * How many seats are free on a day: what was bought, less what is assigned now, less what requests that are under way take by
 * then, and more by what they give. Less than 0 where more is promised than there is. Pure.
 */
export const freeOn = ({ boughtCount, assignedCount }: Bought, claims: readonly Claim[], day: string): number =>
  boughtCount - assignedCount - takenOn(claims, day)

/** A claim as it is kept: whether its request is approved, and when its step was done and Microsoft's figures of the licence were read. */
export type KeptClaim = SeatClaim & {
  requestId: string
  isApproved: boolean
  doneAt: number | null
  asOf: number | null
}

/**
 * What claims come to for others. A request that nobody approved yet gives nothing: what it takes and gives at once is held
 * against each other. What was done before the figures were read is part of them; where it is for a while, its end is still to come. Pure.
 */
export const claimsInForce = (kept: readonly KeptClaim[], today: string): (SeatClaim & { requestId: string })[] => {
  const waiting = new Map<string, SeatClaim & { requestId: string }>()
  const inForce = kept.flatMap(({ isApproved, doneAt, asOf, ...claim }) => {
    const { requestId, tenantId, skuId, takenCount, fromOn, untilOn, isOfHoldings } = claim
    if (!isApproved) {
      const key = JSON.stringify([requestId, tenantId, skuId, fromOn, untilOn, isOfHoldings])
      waiting.set(key, { ...claim, takenCount: takenCount + (waiting.get(key)?.takenCount ?? 0) })
      return []
    }
    if (doneAt === null || asOf === null || asOf < doneAt) return [claim]
    if (untilOn === null || untilOn < today) return []
    return [{ ...claim, takenCount: -takenCount, fromOn: daysAfter(untilOn, 1), untilOn: null }]
  })
  return [...inForce, ...[...waiting.values()].filter(({ takenCount }) => takenCount > 0)]
}

export type Missing = { count: number; on: string | null }

/**
 * How many seats a request is short of, at the worst, and on which day first: from when it takes them for as long as it does,
 * beside what others take in that time, and give for a while. What is missing for others is not counted as its own. Pure.
 */
export const missingFor = (seats: Bought, own: readonly Claim[], others: readonly Claim[], today: string): Missing => {
  const turns = [...own, ...others].flatMap(({ fromOn, untilOn }) => [
    ...(fromOn === null ? [] : [fromOn]),
    ...(untilOn === null ? [] : [daysAfter(untilOn, 1)]),
  ])
  const days = [...new Set([today, ...turns.filter((day) => day > today)])].toSorted()
  return days.reduce<Missing>(
    (worst, day) => {
      const wanted = takenOn(own, day)
      const count = wanted <= 0 ? 0 : Math.max(0, wanted - Math.max(0, freeOn(seats, others, day)))
      return count > worst.count ? { count, on: day } : worst
    },
    { count: 0, on: null },
  )
}
