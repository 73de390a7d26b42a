import { and, eq, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import { customers, licenceTerms, msps, skus } from '../../../db/shard/schema.ts'
import type { OwnPrices } from '../../../db/shard/schema.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { invalidField, missing, stale } from '../../http/problem.ts'
import { revised } from '../../tenancy/revised.ts'
import type { CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import type { LicenceTerms, LicenceTermsInput } from './licences.schema.ts'
import { usualTerms } from './licences.ts'
import { shownName } from './sku-names.ts'

/** An MSP's tenants have a few dozen. */
const SKU_COUNT_MAX = 1_000

type TermsRow = typeof licenceTerms.$inferSelect
type Shown = {
  terms: Pick<TermsRow, 'costsShown' | 'prices' | 'version'>
  currency: string
}

/** What holds for a customer's licences; version 0 where nothing was said of them yet. Problem `missing`. */
export const readTerms = async (msp: MspScope, customerId: string): Promise<Shown> => {
  const { row, currency } = await termsOf(msp, customerId)
  return { terms: row ?? { ...usualTerms, version: 0 }, currency }
}

/** Replaces them. Problems: `missing`; `stale`; `invalid` at /prices where a licence is named twice; `conflict` when archived. */
export const saveTerms = async (
  msp: MspScope,
  customerId: string,
  input: z.infer<typeof LicenceTermsInput>,
  wanted: Expected,
): Promise<Shown> => {
  const { name, row: before, currency, nameOf } = await termsOf(msp, customerId)
  refuseUnexpected(before ?? { version: 0 }, wanted)
  const seen = { costsShown: input.costsShown }
  const values = { ...seen, prices: pricesOf(input, currency) }
  const customer = msp.forCustomer(customerId)
  const note = {
    action: 'customer.licence_terms_changed',
    subject: { kind: 'customer', id: customerId, name },
  } as const
  if (before === undefined) {
    const after = { ...usualTerms, version: 0 }
    if (revised(after, values) === after) return { terms: after, currency }
    try {
      await customer.commit(
        note,
        customer.add(licenceTerms, { id: customerId, version: 1, ...seen, prices: inRow(values.prices) }),
        ...tellingPrices(customer, {}, values.prices, nameOf),
      )
    } catch (error) {
      // Somebody else said something of them first.
      throw error instanceof Refused && error.kind === 'unique' ? stale() : error
    }
    return { terms: { ...values, version: 1 }, currency }
  }
  const after = revised(before, values)
  if (after !== before)
    await customer.commit(
      note,
      customer.change(licenceTerms, before, seen),
      customer.changeWhere(licenceTerms, before.id, eq(licenceTerms.version, after.version), {
        prices: inRow(values.prices),
      }),
      ...tellingPrices(customer, before.prices, values.prices, nameOf),
    )
  return { terms: after, currency }
}

const termsOf = async (msp: MspScope, customerId: string) => {
  const customer = msp.forCustomer(customerId)
  const [[itself], [house], [row], known] = await customer.readAll([
    customer.select({ name: customers.name }).from(customers).where(customer.mine(customers)),
    customer.select({ currency: msps.currency }).from(msps).where(customer.mine(msps)),
    // What a merge brought along of another customer is not theirs: its id says so.
    customer
      .select()
      .from(licenceTerms)
      .where(customer.mine(licenceTerms, and(eq(licenceTerms.id, customerId)))),
    customer
      .select({
        skuId: skus.id,
        skuPartNumber: skus.skuPartNumber,
        microsoftName: skus.microsoftName,
        ownName: skus.ownName,
      })
      .from(skus)
      .where(customer.mine(skus))
      .limit(SKU_COUNT_MAX),
  ])
  if (itself === undefined || house === undefined) throw missing('customer')
  const names = new Map(known.map((sku) => [sku.skuId, shownName(sku)]))
  return { ...itself, ...house, row, nameOf: (skuId: string) => names.get(skuId) ?? skuId }
}

/** As it stands in the row; what changes of it is told with names, since nobody knows licences by their ids. */
const inRow = (prices: OwnPrices) => sql`${JSON.stringify(prices)}`

const tellingPrices = (
  customer: CustomerScope,
  before: OwnPrices,
  after: OwnPrices,
  nameOf: (skuId: string) => string,
): Write[] => {
  const named = (prices: OwnPrices) =>
    Object.entries(prices).map(([skuId, price]) => ({ licence: nameOf(skuId), ...price }))
  return JSON.stringify(before) === JSON.stringify(after)
    ? []
    : [customer.telling({ table: 'licence_terms', field: 'prices', before: named(before), after: named(after) })]
}

const pricesOf = ({ prices }: z.infer<typeof LicenceTermsInput>, currency: string): OwnPrices => {
  const ids = prices.map(({ skuId }) => skuId.toLowerCase())
  if (new Set(ids).size !== ids.length) throw invalidField('/prices', 'Name each licence once.')
  return Object.fromEntries(
    prices
      .map(({ skuId, amountMinor, per }) => [skuId.toLowerCase(), { amountMinor, per, currency }] as const)
      .toSorted(([one], [other]) => one.localeCompare(other)),
  )
}

export const presentTerms = ({ terms, currency }: Shown): z.infer<typeof LicenceTerms> => ({
  costsShown: terms.costsShown,
  currency,
  prices: Object.entries(terms.prices).map(([skuId, price]) => ({
    skuId,
    amountMinor: price.amountMinor,
    per: price.per,
    currency: price.currency,
  })),
  version: terms.version,
})
