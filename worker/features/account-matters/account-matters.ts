import { and, asc, desc, eq, gte, isNull, lte, ne, notExists, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { z } from '@hono/zod-openapi'
import { customers, seatCounts, skus, subscriptions, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { LIMIT_MAX, decodeCursor, encodeCursor, foreignMarker } from '../../http/paging.ts'
import { newId } from '../../tenancy/ids.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { RENEWALS_AHEAD_MS, namesAmong } from '../licences/index.ts'
import type { Matter, MatterDownloadInput, MatterKind, MatterQuery, Matters } from './account-matters.schema.ts'

/** As many of each as one looks at before asking for all of it. */
const AT_FIRST = 6

type Query = z.infer<typeof MatterQuery>
type Place = { key: number; tenantId: string; id: string }
type MatterRow = Awaited<ReturnType<ReturnType<typeof matterReads>[MatterKind]>>[number]

/** The first of everything an account manager looks at, across all customers. One round trip. */
export const readMatters = async (msp: MspScope): Promise<z.infer<typeof Matters>> => {
  const of = matterReads(msp, undefined, AT_FIRST + 1)
  const [renewals, overUsed, lostConsents, idle, idleUnpriced] = await msp.readAll([
    of.renewals(),
    of.over_used(),
    of.lost_consents(),
    of.idle(),
    of.idle_unpriced(),
  ])
  const some = (rows: MatterRow[]) => ({
    items: presentMatters(rows.slice(0, AT_FIRST)),
    hasMore: rows.length > AT_FIRST,
  })
  return {
    renewals: some(renewals),
    overUsed: some(overUsed),
    lostConsents: some(lostConsents),
    idle: some(idle),
    idleUnpriced: some(idleUnpriced),
  }
}

/** One page of one kind of them. Costs the page, however many customers there are. Problem `invalid` for another list's marker. */
export const listMatters = async (
  msp: MspScope,
  { kind, ...query }: Query,
): Promise<{ items: z.infer<typeof Matter>[]; nextCursor: string | null }> => {
  const place = query.cursor === undefined ? undefined : placeIn(query.cursor, kind)
  const rows = await matterReads(msp, place, query.limit + 1)[kind]()
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    items: presentMatters(shown),
    nextCursor:
      last === undefined ? null : encodeCursor({ sort: kind, key: [last.key ?? 0, last.tenantId], id: last.id }),
  }
}

type Download = z.infer<typeof MatterDownloadInput>
type Listed = z.infer<typeof Matter>

/** All of one kind, page by page, as they are taken. Who takes them is written down before the first one is given out. */
export const downloadMatters = async (
  msp: MspScope,
  { kind, format }: Download,
  fileName: string,
): Promise<AsyncGenerator<Listed[], void>> => {
  const page = (cursor: string | undefined) =>
    listMatters(msp, { kind, sort: 'importance', limit: LIMIT_MAX, ...(cursor === undefined ? {} : { cursor }) })
  const first = await page(undefined)
  await msp.tell({
    action: 'matters.downloaded',
    subject: { kind: 'account_matters', id: newId(msp.now()), name: fileName },
    changes: [{ table: 'account_matters', field: 'format', before: null, after: format }],
  })
  return pagesAfter(first, page)
}

async function* pagesAfter(
  first: Awaited<ReturnType<typeof listMatters>>,
  after: (cursor: string) => ReturnType<typeof listMatters>,
): AsyncGenerator<Listed[], void> {
  let page = first
  for (;;) {
    yield page.items
    if (page.nextCursor === null) return
    page = await after(page.nextCursor)
  }
}

const placeIn = (cursor: string, kind: MatterKind): Place => {
  const { key, id } = decodeCursor(cursor, kind)
  if (!Array.isArray(key)) throw foreignMarker()
  const [value, tenantId] = key
  if (typeof value !== 'number' || typeof tenantId !== 'string') throw foreignMarker()
  return { key: value, tenantId, id }
}

/**
 * Each kind by an index of its own, in its order; the joins are crossed so that SQLite walks that index and looks up the rest.
 * Conditions stand literally as the indexes have them, or those are not used.
 */
const matterReads = (msp: MspScope, place: Place | undefined, limit: number) => {
  const isLookedAfter = (tenantId: SQLiteColumn) =>
    and(
      msp.mine(tenants, and(eq(tenants.id, tenantId), isNull(tenants.removedAt))),
      msp.mine(customers, and(eq(customers.id, tenants.customerId), ne(customers.state, 'archived'))),
    )
  const behind = (sign: '>' | '<', ...columns: SQLiteColumn[]): SQL | undefined => {
    if (place === undefined) return undefined
    const values = [place.key, place.tenantId, place.id].map((value) => sql`${value}`)
    return sql`(${sql.join(columns, sql`, `)}) ${sql.raw(sign)} (${sql.join(values, sql`, `)})`
  }
  const whose = {
    customerId: sql<string>`${customers.id}`.as('matter_customer_id'),
    customerName: sql<string>`${customers.name}`.as('matter_customer_name'),
    tenantId: sql<string>`${tenants.id}`.as('matter_tenant_id'),
    tenantName: sql<string>`${tenants.name}`.as('matter_tenant_name'),
  }
  const ofSku = (skuId: SQLiteColumn) => msp.mine(skus, eq(skus.id, skuId))
  const seats = (key: SQLiteColumn, count: SQLiteColumn, isMeant: SQL) => () =>
    msp
      .select({
        ...whose,
        key: sql<number | null>`${key}`.as('matter_key'),
        id: sql<string>`${seatCounts.id}`.as('matter_id'),
        skuId: sql<string | null>`${seatCounts.id}`.as('matter_sku_id'),
        skuPartNumber: sql<string | null>`${seatCounts.skuPartNumber}`.as('matter_part_number'),
        microsoftName: sql<string | null>`${seatCounts.microsoftName}`.as('matter_microsoft_name'),
        ownName: skus.ownName,
        seatCount: sql<number | null>`${count}`.as('matter_seat_count'),
        at: sql<number | null>`null`.as('matter_at'),
        yearMinor: sql<number | null>`${key === seatCounts.idleYearMinor ? key : sql`null`}`.as('matter_year_minor'),
        yearCurrency: skus.priceCurrency,
        state: sql<string | null>`null`.as('matter_state'),
      })
      .from(seatCounts)
      .crossJoin(tenants)
      .crossJoin(customers)
      .leftJoin(skus, ofSku(seatCounts.id))
      .where(
        and(
          msp.mine(seatCounts, and(isMeant, behind('<', key, seatCounts.tenantId, seatCounts.id))),
          isLookedAfter(seatCounts.tenantId),
        ),
      )
      .orderBy(desc(key), desc(seatCounts.tenantId), desc(seatCounts.id))
      .limit(limit)
  const isPaid = sql`${seatCounts.hidden} = 0`
  return {
    renewals: () =>
      msp
        .select({
          ...whose,
          key: sql<number | null>`${subscriptions.nextLifecycleAt}`.as('matter_key'),
          id: sql<string>`${subscriptions.id}`.as('matter_id'),
          skuId: sql<string | null>`${subscriptions.skuId}`.as('matter_sku_id'),
          skuPartNumber: sql<string | null>`${subscriptions.skuPartNumber}`.as('matter_part_number'),
          microsoftName: sql<string | null>`${skus.microsoftName}`.as('matter_microsoft_name'),
          ownName: skus.ownName,
          seatCount: sql<number | null>`${subscriptions.seatCount}`.as('matter_seat_count'),
          at: sql<number | null>`${subscriptions.nextLifecycleAt}`.as('matter_at'),
          yearMinor: sql<number | null>`null`.as('matter_year_minor'),
          yearCurrency: sql<string | null>`null`.as('matter_currency'),
          state: sql<string | null>`null`.as('matter_state'),
        })
        .from(subscriptions)
        .crossJoin(tenants)
        .crossJoin(customers)
        .leftJoin(skus, ofSku(subscriptions.skuId))
        .where(
          and(
            msp.mine(
              subscriptions,
              and(
                sql`${subscriptions.isTrial} = 0 and ${subscriptions.status} <> 'deleted'`,
                gte(subscriptions.nextLifecycleAt, now()),
                lte(subscriptions.nextLifecycleAt, now() + RENEWALS_AHEAD_MS),
                behind('>', subscriptions.nextLifecycleAt, subscriptions.tenantId, subscriptions.id),
              ),
            ),
            notExists(
              msp
                .select({ id: seatCounts.id })
                .from(seatCounts)
                .where(
                  msp.mine(
                    seatCounts,
                    and(
                      eq(seatCounts.tenantId, subscriptions.tenantId),
                      sql`${seatCounts.id} = lower(${subscriptions.skuId})`,
                      eq(seatCounts.hidden, true),
                    ),
                  ),
                ),
            ),
            isLookedAfter(subscriptions.tenantId),
          ),
        )
        .orderBy(asc(subscriptions.nextLifecycleAt), asc(subscriptions.tenantId), asc(subscriptions.id))
        .limit(limit),
    over_used: seats(seatCounts.overCount, seatCounts.overCount, sql`${isPaid} and ${seatCounts.overCount} > 0`),
    lost_consents: () =>
      msp
        .select({
          ...whose,
          key: sql<number | null>`${tenants.consentLostAt}`.as('matter_key'),
          id: sql<string>`${tenants.id}`.as('matter_id'),
          skuId: sql<string | null>`null`.as('matter_sku_id'),
          skuPartNumber: sql<string | null>`null`.as('matter_part_number'),
          microsoftName: sql<string | null>`null`.as('matter_microsoft_name'),
          ownName: sql<string | null>`null`.as('matter_own_name'),
          seatCount: sql<number | null>`null`.as('matter_seat_count'),
          at: sql<number | null>`${tenants.consentLostAt}`.as('matter_at'),
          yearMinor: sql<number | null>`null`.as('matter_year_minor'),
          yearCurrency: sql<string | null>`null`.as('matter_currency'),
          state: sql<string | null>`${tenants.state}`.as('matter_state'),
        })
        .from(tenants)
        .crossJoin(customers)
        .where(
          and(
            msp.mine(
              tenants,
              and(
                sql`${tenants.state} in ('consent_lost', 'app_removed')`,
                isNull(tenants.removedAt),
                behind('<', tenants.consentLostAt, tenants.id, tenants.id),
              ),
            ),
            msp.mine(customers, and(eq(customers.id, tenants.customerId), ne(customers.state, 'archived'))),
          ),
        )
        .orderBy(desc(tenants.consentLostAt), desc(tenants.id))
        .limit(limit),
    idle: seats(seatCounts.idleYearMinor, seatCounts.idle90Count, sql`${isPaid} and ${seatCounts.idleYearMinor} > 0`),
    idle_unpriced: seats(
      seatCounts.idle90Count,
      seatCounts.idle90Count,
      sql`${isPaid} and ${seatCounts.idle90Count} > 0 and ${seatCounts.seatYearMinor} is null`,
    ),
  }
}

/** Two licences of one name that a customer has among these are told apart. */
const presentMatters = (rows: readonly MatterRow[]): z.infer<typeof Matter>[] => {
  const ofCustomers = Map.groupBy(rows, ({ customerId }) => customerId)
  const namings = new Map(
    [...ofCustomers].map(([id, ofIt]) => [id, namesAmong(ofIt.flatMap((row) => licenceIn(row) ?? []))]),
  )
  return rows.map((row) => {
    const licence = licenceIn(row)
    const named = namings.get(row.customerId)
    return presentMatter(row, licence && named ? { skuId: licence.skuId, name: named(licence) } : null)
  })
}

const licenceIn = ({ skuId, skuPartNumber, microsoftName, ownName }: MatterRow) =>
  skuId === null ? undefined : { skuId, skuPartNumber: skuPartNumber ?? '', microsoftName, ownName }

const presentMatter = (row: MatterRow, licence: z.infer<typeof Matter>['licence']): z.infer<typeof Matter> => ({
  customer: { id: row.customerId, name: row.customerName },
  tenant: { id: row.tenantId, name: row.tenantName },
  licence,
  seatCount: row.seatCount,
  at: row.at === null ? null : new Date(row.at).toISOString(),
  year:
    row.yearMinor === null || row.yearCurrency === null
      ? null
      : { amountMinor: row.yearMinor, currency: row.yearCurrency },
  reason: row.state === 'consent_lost' || row.state === 'app_removed' ? row.state : null,
})
