import type { OwnPrices } from '../../../db/shard/schema.ts'

/** What a seat costs, in the smallest unit of a currency, each month or each year. */
export type Price = OwnPrices[string]

/** The price in force for a customer: its own before the list's, and only in the currency that is reckoned in now. */
export const priceInForce = (
  skuId: string,
  own: OwnPrices,
  list: Price | null,
  currency: string,
): (Price & { isOwn: boolean }) | null => {
  const theirs = own[skuId]
  if (theirs?.currency === currency) return { ...theirs, isOwn: true }
  return list?.currency === currency ? { ...list, isOwn: false } : null
}

/** How many decimals a currency has: pence are two, yen are none. */
export const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** An amount in the currency itself, from its smallest unit. */
export const inUnits = (minor: number, currency: string): number => minor / 10 ** decimalsOf(currency)

export type Costs = {
  currency: string
  perYearMinor: number
  perMonthMinor: number
  perPersonPerMonthMinor: number | null
  unpricedCount: number
}

/**
 * What licences cost together: what was bought is paid for, whoever holds it. A year is exact; a month is a twelfth of it,
 * rounded once, at the end. Per person: over those who hold a seat of any of them, null while nobody does.
 */
export const costsOf = (
  currency: string,
  licences: readonly { boughtCount: number; price: Price | null }[],
  licensedUserCount: number,
): Costs => {
  const perYearMinor = licences.reduce(
    (sum, { boughtCount, price }) => sum + (price === null ? 0 : yearlyMinor(price, boughtCount)),
    0,
  )
  return {
    currency,
    perYearMinor,
    perMonthMinor: Math.round(perYearMinor / 12),
    perPersonPerMonthMinor: licensedUserCount === 0 ? null : Math.round(perYearMinor / 12 / licensedUserCount),
    unpricedCount: licences.filter(({ boughtCount, price }) => price === null && boughtCount > 0).length,
  }
}

export const yearlyMinor = ({ amountMinor, per }: Price, seatCount: number): number =>
  amountMinor * seatCount * (per === 'month' ? 12 : 1)
