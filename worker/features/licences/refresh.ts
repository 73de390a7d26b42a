import { now } from '../../clock.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import { publishedProductNames } from '../../connectors/product-names/index.ts'
import type { ProductName } from '../../connectors/product-names.ts'
import type { Environment } from '../../env.ts'
import { hintErrands } from '../../jobs/errand.ts'
import type { Errand } from '../../jobs/errand.ts'
import type { SkuNames } from './sku-names.ts'

const HOUR_MS = 3_600_000
const REFRESH_EVERY_MS = 24 * HOUR_MS
const AFTER_FAILURE_MS = HOUR_MS
/** How long a refresh may take before another Worker takes it up. */
const LEASE_MS = 10 * 60_000
/** Microsoft sells some hundreds of licences: a table with fewer than this is none. */
const PRODUCT_COUNT_MIN = 20
const TABLE = 'microsoft'

/** What the sweep does: hints at a refresh whose time has come, and keeps others from doing the same. */
export const refreshWhenDue = async (environment: Environment): Promise<void> => {
  const due = await environment.directory
    .prepare(`update sku_name_reads set due_at = ?1 + ${LEASE_MS} where id = ?2 and due_at <= ?1 returning id`)
    .bind(now(), TABLE)
    .first<{ id: string }>()
  if (due !== null) await hintErrands(environment, refreshSkuNames.kind, [due.id])
}

/**
 * Reads Microsoft's table of licences anew. A table that cannot be read, is broken, or has lost more than a tenth of what is
 * known changes nothing; a licence that is no longer in it keeps its name, since customers may still have it.
 */
export const refreshSkuNames: Errand = {
  kind: 'sku_names',
  async run(environment, id) {
    const { directory } = environment
    try {
      const known = await directory.prepare(`select count(*) as count from sku_names`).first<{ count: number }>()
      const products = await publishedProductNames({
        url: environment.SKU_NAMES_URL,
        fetch: (address, request) => fetch(address, request),
        now,
      }).all()
      refuseShort(products, known?.count ?? 0)
      await directory.batch([
        directory
          .prepare(
            `insert into sku_names (sku_id, part_number, name, changed_at)
             select json_extract(value, '$.skuId'), json_extract(value, '$.partNumber'), json_extract(value, '$.name'), ?1 from json_each(?2) where true
             on conflict (sku_id) do update set part_number = excluded.part_number, name = excluded.name, changed_at = excluded.changed_at
             where name <> excluded.name or part_number <> excluded.part_number`,
          )
          .bind(now(), JSON.stringify(products)),
        directory
          .prepare(
            `update sku_name_reads set due_at = ?1 + ${REFRESH_EVERY_MS}, read_at = ?1, trouble = null where id = ?2`,
          )
          .bind(now(), id),
      ])
    } catch (error) {
      if (!(error instanceof ConnectorFault)) throw error
      console.warn('The names of licences stay as they were.', error.message)
      await directory
        .prepare(`update sku_name_reads set due_at = ?1 + ${AFTER_FAILURE_MS}, trouble = ?2 where id = ?3`)
        .bind(now(), error.message, id)
        .run()
    }
  },
}

const refuseShort = (products: ProductName[], knownCount: number): void => {
  if (products.length >= Math.max(PRODUCT_COUNT_MIN, knownCount * 0.9)) return
  throw new ConnectorFault(
    'rejected',
    'Microsoft',
    `Microsoft’s table of licences has only ${products.length} of them, where ${Math.max(PRODUCT_COUNT_MIN, knownCount)} were expected.`,
  )
}

/** What Microsoft's table calls these licences, as far as it knows them; ids in lower case. */
export const skuNamesOf = async (environment: Environment, skuIds: string[]): Promise<SkuNames> => {
  if (skuIds.length === 0) return new Map()
  const { results } = await environment.directory
    .prepare(`select sku_id as skuId, name from sku_names where sku_id in (select lower(value) from json_each(?))`)
    .bind(JSON.stringify(skuIds))
    .all<{ skuId: string; name: string }>()
  return new Map(results.map(({ skuId, name }) => [skuId, name]))
}
