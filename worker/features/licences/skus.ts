import { asc, eq } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { msps, skus } from '../../../db/shard/schema.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { missing } from '../../http/problem.ts'
import { revised } from '../../tenancy/revised.ts'
import type { FieldChange, MspScope } from '../../tenancy/scope.ts'
import type { KnownSku, SkuInput } from './licences.schema.ts'
import { isHiddenByDefault, shownName } from './sku-names.ts'

export type SkuRow = typeof skus.$inferSelect

/** An MSP's tenants have a few dozen; Microsoft sells some hundreds. */
const SKU_COUNT_MAX = 1_000

/** Every licence that tenants of the MSP have, or had. One round trip. */
export const listSkus = async (msp: MspScope): Promise<{ currency: string; rows: SkuRow[] }> => {
  const [[house], rows] = await msp.readAll([
    msp.select({ currency: msps.currency }).from(msps).where(msp.mine(msps)),
    msp.select().from(skus).where(msp.mine(skus)).orderBy(asc(skus.id)).limit(SKU_COUNT_MAX),
  ])
  if (house === undefined) throw missing('organisation')
  return { ...house, rows }
}

/** Gives a licence a name and a list price of the MSP's own, or takes them away. Problems: `missing`, `stale`. */
export const saveSku = async (
  msp: MspScope,
  skuId: string,
  { name, price }: z.infer<typeof SkuInput>,
  wanted: Expected,
): Promise<SkuRow> => {
  const [[house], [before]] = await msp.readAll([
    msp.select({ currency: msps.currency }).from(msps).where(msp.mine(msps)),
    msp
      .select()
      .from(skus)
      .where(msp.mine(skus, eq(skus.id, skuId.toLowerCase()))),
  ])
  if (house === undefined || before === undefined) throw missing('licence')
  refuseUnexpected(before, wanted)
  const values = {
    ownName: name,
    priceMinor: price?.amountMinor ?? null,
    pricePer: price?.per ?? null,
    priceCurrency: price === null ? null : house.currency,
  }
  const after = revised(before, values)
  if (after === before) return before
  await msp.commit(
    {
      action: 'settings.licence_changed',
      subject: { kind: 'licence', id: before.id, name: shownName({ ...before, skuId: before.id }) },
    },
    msp.change(skus, before, values),
    msp.telling(...restOfPrice(before, values)),
  )
  return after
}

/** An amount says nothing without its currency and for how long it is: where one of the three changes, the others are told with it. */
const restOfPrice = (before: PriceOf, after: PriceOf): FieldChange[] => {
  const parts = ['priceMinor', 'pricePer', 'priceCurrency'] as const
  return parts.every((part) => before[part] === after[part])
    ? []
    : parts
        .filter((part) => before[part] === after[part])
        .map((part) => ({ table: 'skus', field: part, before: before[part], after: after[part] }))
}
type PriceOf = Pick<SkuRow, 'priceMinor' | 'pricePer' | 'priceCurrency'>

export const presentSku = (row: SkuRow): z.infer<typeof KnownSku> => {
  const sku = { skuId: row.id, skuPartNumber: row.skuPartNumber }
  const { priceMinor, pricePer, priceCurrency } = row
  return {
    skuId: row.id,
    partNumber: row.skuPartNumber,
    name: shownName({ ...row, skuId: row.id }),
    ownName: row.ownName,
    microsoftName: shownName({ ...row, skuId: row.id, ownName: null }),
    price:
      priceMinor === null || pricePer === null || priceCurrency === null
        ? null
        : { amountMinor: priceMinor, per: pricePer, currency: priceCurrency },
    isFree: isHiddenByDefault({ ...sku, boughtCount: 0 }),
    version: row.version,
  }
}
