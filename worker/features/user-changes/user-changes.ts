import { and, desc, eq, gte, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { msps, tenants, userChanges } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { dayOf, daysAfter } from '../../days.ts'
import { decodeCursor, foreignMarker } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { missing } from '../../http/problem.ts'
import { itself, licencesIn, present, seatsRead, tenantsRead } from '../directory/index.ts'
import type { DirectoryReads, TenantRead } from '../directory/index.ts'
import type { ChangeQuery } from './user-changes.schema.ts'

const DAY_MS = 86_400_000

const columns = {
  id: userChanges.id,
  tenantName: sql<string>`${tenants.name}`.as('tenant_name'),
  tenantId: userChanges.tenantId,
  day: userChanges.day,
  kind: userChanges.kind,
  name: userChanges.name,
  detail: userChanges.detail,
  at: userChanges.at,
  skuId: userChanges.skuId,
}
export type ChangeRow = Pick<typeof userChanges.$inferSelect, Exclude<keyof typeof columns, 'tenantName'>> & {
  tenantName: string
}

/**
 * Of each tenant, or of one, so many changes that a condition names, the newest first, after a place in that order. No more
 * than that is looked at, however much happened.
 */
export const changesRead = (
  reads: DirectoryReads,
  {
    condition,
    after,
    tenantId,
    count,
  }: {
    condition: SQL | undefined
    after: { at: number; id: string } | undefined
    tenantId?: string | undefined
    count: number
  },
) => {
  const first = reads
    .select({ id: userChanges.id })
    .from(userChanges)
    .where(
      reads.mine(
        userChanges,
        and(
          eq(userChanges.tenantId, tenants.id),
          condition,
          after && sql`(${userChanges.at}, ${userChanges.id}) < (${after.at}, ${after.id})`,
        ),
      ),
    )
    .orderBy(desc(userChanges.at), desc(userChanges.id))
    .limit(count)
  return reads
    .select(columns)
    .from(tenants)
    .crossJoin(sql`json_each((select json_group_array(first.id) from ${first} as first)) as entry`)
    .crossJoin(userChanges)
    .where(
      and(
        reads.mine(tenants, present(tenantId)),
        reads.mine(userChanges, and(eq(userChanges.tenantId, tenants.id), eq(userChanges.id, sql`entry.value`))),
      ),
    )
    .orderBy(desc(userChanges.at), desc(userChanges.id))
    .limit(count)
}

export type ChangePage = {
  /** One more than asked for where there is another page. */
  rows: ChangeRow[]
  cursorOf: (row: ChangeRow) => Cursor
  licenceOf: (row: ChangeRow) => string | null
  from: string
  tenants: TenantRead[]
  asOf: number | null
}

/**
 * A page of what happened to people, the newest first, over all tenants or in one of them. One round trip; costs the page in
 * each tenant, however much happened. Problem `missing`.
 */
export const listChanges = async (reads: DirectoryReads, query: z.infer<typeof ChangeQuery>): Promise<ChangePage> => {
  const marker = query.cursor === undefined ? undefined : markerIn(decodeCursor(query.cursor, listNameOf(query)))
  const at = now()
  const [known, house, held, seats, rows] = await reads.readAll([
    itself(reads),
    reads.select({ timeZone: msps.timeZone }).from(msps).where(reads.mine(msps)),
    tenantsRead(reads),
    seatsRead(reads),
    changesRead(reads, {
      // A day more than asked for, wherever the MSP’s midnight is: its days are told apart below.
      condition: gte(userChanges.at, at - (query.days + 2) * DAY_MS),
      after: marker,
      tenantId: query.tenantId,
      count: query.limit + 1,
    }),
  ])
  const [msp] = house
  if (known.length === 0 || msp === undefined) throw missing('customer')
  const from = daysAfter(dayOf(at, msp.timeZone), -query.days)
  const { named } = licencesIn(seats)
  const asked = held.filter(({ id }) => query.tenantId === undefined || id === query.tenantId)
  const read = asked.flatMap(({ lastGoodSyncAt }) => lastGoodSyncAt ?? [])
  return {
    // What comes before its first day ends the list.
    rows: rows.filter(({ day }) => day >= from),
    cursorOf: (row) => ({ sort: listNameOf(query), key: row.at, id: row.id }),
    licenceOf: ({ skuId }) => (skuId === null ? null : named(skuId)),
    from,
    tenants: held,
    asOf: read.length === 0 ? null : Math.min(...read),
  }
}

/** Tells lists apart: a marker of one is no place in another. */
const listNameOf = ({ sort, days, tenantId }: z.infer<typeof ChangeQuery>): string =>
  JSON.stringify([sort, days, tenantId ?? null])

const markerIn = ({ key, id }: Cursor): { at: number; id: string } => {
  if (typeof key !== 'number') throw foreignMarker()
  return { at: key, id }
}
