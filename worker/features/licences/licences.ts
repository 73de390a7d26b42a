import { and, asc, eq, gte, inArray, isNull, lte, ne, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import {
  customers,
  licenceTerms,
  msps,
  seatCounts,
  seatHolders,
  skus,
  subscriptions,
  tenantDays,
  tenants,
  tenantUsers,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { decodeCursor, foreignMarker } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { Problem, missing } from '../../http/problem.ts'
import type { PortalPerson } from '../../http/app.ts'
import { plan } from '../../tenancy/plan.ts'
import type { Answers, AnswersOf, Asked, Select } from '../../tenancy/plan.ts'
import { mayAsk } from '../../tenancy/policy.ts'
import type { ContactReads, ContactScope, MspScope } from '../../tenancy/scope.ts'
import { shows } from '../../tenancy/shown-directory.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'
import { oldest, sumByDay } from '../dashboard/index.ts'
import { isUnreadable } from '../microsoft-apps/index.ts'
import { bySku, inOrder, seatsIn, together } from './add-up.ts'
import { idleTogether } from './idle.ts'
import { costsOf, priceInForce } from './price.ts'
import type { Price } from './price.ts'
import type { CustomerLicences, HolderQuery, PortalLicences, Usage } from './licences.schema.ts'
import { holderColumns, isListed, shownAccount } from './shown-holder.ts'
import { namesAmong, shownName } from './sku-names.ts'

const DAY_MS = 86_400_000
/** How far back the chart goes: as far as days are kept. */
const USAGE_DAY_COUNT = 365
const RENEWAL_COUNT_MAX = 200
/** How far ahead renewals are told of wherever they stand among other things: long enough to act on them. */
export const RENEWALS_AHEAD_MS = 90 * DAY_MS
/** What ran out may be shown a while longer: somebody has to act on it. */
const OVERDUE_MS = 30 * DAY_MS

const licenceReads = (reads: ContactReads, asked: Asked<'renewalsFrom'>) => {
  const present = presentIn(reads)
  return [
    reads
      .select({
        currency: msps.currency,
        costsShown: licenceTerms.costsShown,
        prices: licenceTerms.prices,
      })
      .from(customers)
      .innerJoin(msps, eq(msps.mspId, customers.mspId))
      .leftJoin(
        licenceTerms,
        and(
          eq(licenceTerms.mspId, customers.mspId),
          eq(licenceTerms.customerId, customers.id),
          eq(licenceTerms.id, customers.id),
        ),
      )
      .where(reads.mine(customers)),
    reads
      .select({
        id: tenants.id,
        name: tenants.name,
        state: tenants.state,
        consentLostAt: tenants.consentLostAt,
        lastGoodSyncAt: tenants.lastGoodSyncAt,
        licensedUserCount: tenants.licensedUserCount,
        signInsAsOf: tenants.signInsAsOf,
        signInsUnknownWhy: tenants.signInsUnknownWhy,
      })
      .from(tenants)
      .where(reads.mine(tenants, isNull(tenants.removedAt)))
      .orderBy(asc(tenants.connectedAt), asc(tenants.id))
      .limit(50),
    reads
      .select({
        tenantId: seatCounts.tenantId,
        skuId: seatCounts.id,
        skuPartNumber: seatCounts.skuPartNumber,
        microsoftName: seatCounts.microsoftName,
        boughtCount: seatCounts.boughtCount,
        assignedCount: seatCounts.assignedCount,
        suspendedCount: seatCounts.suspendedCount,
        hidden: seatCounts.hidden,
        asOf: seatCounts.asOf,
        idle30Count: seatCounts.idle30Count,
        idle60Count: seatCounts.idle60Count,
        idle90Count: seatCounts.idle90Count,
        blockedHolderCount: seatCounts.blockedHolderCount,
        signInUnknownCount: seatCounts.signInUnknownCount,
        idleAsOf: seatCounts.idleAsOf,
        ownName: skus.ownName,
        priceMinor: skus.priceMinor,
        pricePer: skus.pricePer,
        priceCurrency: skus.priceCurrency,
      })
      .from(seatCounts)
      .leftJoin(skus, and(eq(skus.mspId, seatCounts.mspId), eq(skus.id, seatCounts.id)))
      .where(reads.mine(seatCounts, inArray(seatCounts.tenantId, present))),
    reads
      .select({
        tenantId: subscriptions.tenantId,
        skuId: subscriptions.skuId,
        skuPartNumber: subscriptions.skuPartNumber,
        microsoftName: skus.microsoftName,
        ownName: skus.ownName,
        seatCount: subscriptions.seatCount,
        isTrial: subscriptions.isTrial,
        nextLifecycleAt: subscriptions.nextLifecycleAt,
      })
      .from(subscriptions)
      .leftJoin(skus, and(eq(skus.mspId, subscriptions.mspId), eq(skus.id, subscriptions.skuId)))
      .where(
        reads.mine(
          subscriptions,
          and(
            gte(subscriptions.nextLifecycleAt, asked('renewalsFrom')),
            ne(subscriptions.status, 'deleted'),
            inArray(subscriptions.tenantId, present),
          ),
        ),
      )
      .orderBy(asc(subscriptions.nextLifecycleAt))
      .limit(RENEWAL_COUNT_MAX),
  ] as const
}
const licencesPlan = plan(licenceReads)

/** Tenants that were removed keep their rows; those of the others count. */
const presentIn = (reads: Pick<ContactReads, 'select' | 'mine'>) =>
  reads
    .select({ id: tenants.id })
    .from(tenants)
    .where(reads.mine(tenants, isNull(tenants.removedAt)))

type Found = AnswersOf<typeof licenceReads>
type Terms = Pick<typeof licenceTerms.$inferSelect, 'costsShown' | 'prices'>
type Asking = { free?: boolean | undefined }

/** What holds where the MSP said nothing of a customer's licences. */
export const usualTerms: Terms = { costsShown: false, prices: {} }

/** A customer's licences as its MSP sees them. One round trip. Problem `missing`. */
export const readLicencesOf = async (
  msp: MspScope,
  customerId: string,
  asking: Asking,
): Promise<z.infer<typeof CustomerLicences>> => {
  const found = await msp.forCustomer(customerId).follow(licencesPlan, { renewalsFrom: now() - OVERDUE_MS })
  const { terms, currency } = termsIn(found)
  return {
    ...shownOf(found, asking, { prices: terms, seesHolders: true }, currency),
    renewals: renewalsOf(found, asking),
    costs: costsIn(found, terms, currency),
    costsShown: terms.costsShown,
  }
}

/** A company's licences as one of its people sees them. One round trip. Problem `forbidden` where the MSP shows them to admins only. */
export const readLicences = async (
  contact: ContactScope,
  person: PortalPerson,
  asking: Asking,
): Promise<z.infer<typeof PortalLicences>> => {
  const { licences } = await readLicencesAnd(contact, person, asking, [])
  if (licences === undefined) throw notShown()
  return licences
}

/** The same, undefined where this person is not shown them, and in its round trip other reads, which `also` answers. */
export const readLicencesAnd = async <const Selects extends readonly Select[]>(
  contact: ContactScope,
  person: PortalPerson,
  asking: Asking,
  others: Selects,
): Promise<{ licences: z.infer<typeof PortalLicences> | undefined; also: Answers<Selects> }> => {
  const { answers, also } = await contact.followWith(
    licencesPlan,
    { renewalsFrom: now() - OVERDUE_MS },
    {
      selects: others,
    },
  )
  return { licences: licencesFor(contact, person, asking, answers), also: also as Answers<Selects> }
}

const licencesFor = (
  contact: ContactScope,
  person: PortalPerson,
  asking: Asking,
  found: Found,
): z.infer<typeof PortalLicences> | undefined => {
  if (!person.permissions.has('portal.licences')) return undefined
  const { terms, currency } = termsIn(found)
  const seesHolders = person.permissions.has('portal.licence_holders')
  const seesCosts = seesHolders && terms.costsShown
  return {
    ...shownOf(found, asking, { prices: seesCosts ? terms : undefined, seesHolders }, currency),
    renewals: seesHolders ? renewalsOf(found, asking) : null,
    ...(seesCosts ? { costs: costsIn(found, terms, currency) } : {}),
    mayRequest: mayRequest(person, contact.person.isPortalAdmin),
    seesHolders,
  }
}

/** Whether somebody may ask for more seats. */
export const mayRequest = (
  { permissions, policy }: Pick<PortalPerson, 'permissions' | 'policy'>,
  isPortalAdmin: boolean,
): boolean => permissions.has('portal.requests') && mayAsk(policy, isPortalAdmin, 'licence_change')

const notShown = () => new Problem('forbidden', 'Your company’s licences are shown to its portal admins only.')

const termsIn = ([[itself]]: Found): { terms: Terms; currency: string } => {
  if (itself === undefined) throw missing('customer')
  const { currency, costsShown, prices } = itself
  return {
    currency,
    terms: costsShown === null || prices === null ? usualTerms : { costsShown, prices },
  }
}

type SeatRow = Found[2][number]

const listPriceOf = ({ priceMinor, pricePer, priceCurrency }: SeatRow): Price | null =>
  priceMinor === null || pricePer === null || priceCurrency === null
    ? null
    : { amountMinor: priceMinor, per: pricePer, currency: priceCurrency }

/** A licence with a seat that is free of charge is free where every tenant has it so. */
const isFree = (rows: readonly SeatRow[]): boolean => rows.every(({ hidden }) => hidden)

/** Without `prices`, for those who do not see costs, no licence has a price; nothing of idle seats is told to whoever may not see their holders. */
const shownOf = (
  found: Found,
  { free }: Asking,
  { prices, seesHolders }: { prices: Terms | undefined; seesHolders: boolean },
  currency: string,
) => {
  const [, held, seats] = found
  const nameOfTenant = new Map(held.map(({ id, name }) => [id, name]))
  const nameOf = namesAmong(seats)
  const licences = [...bySku(seats.filter(({ tenantId }) => nameOfTenant.has(tenantId)))].map(([skuId, rows]) => {
    const [first] = rows
    if (first === undefined) throw new Error('A licence without a row.')
    const parts = rows.map((row) => ({
      tenantId: row.tenantId,
      name: nameOfTenant.get(row.tenantId) ?? '',
      ...seatsIn(row),
      asOf: oldest([row.asOf]),
    }))
    return {
      skuId,
      name: nameOf({ skuId }),
      ...together(parts),
      isFree: isFree(rows),
      asOf: oldest(rows.map(({ asOf }) => asOf)),
      tenants: parts,
      idle: seesHolders ? idleTogether(rows) : null,
      ...(prices === undefined ? {} : { price: shownPrice(skuId, prices, first, currency) }),
    }
  })
  const items = inOrder(licences.filter((licence) => free === true || !licence.isFree))
  return {
    asOf: oldest(seats.map(({ asOf }) => asOf)),
    tenants: held.map((row) => ({
      id: row.id,
      name: row.name,
      state: isUnreadable(row.state)
        ? ('consent_lost' as const)
        : row.lastGoodSyncAt === null
          ? ('syncing' as const)
          : ('connected' as const),
      asOf: oldest([row.lastGoodSyncAt]),
      stateSince: isUnreadable(row.state) ? oldest([row.consentLostAt]) : null,
      signInsAsOf: oldest([row.signInsAsOf]),
      signInsUnknown: row.signInsUnknownWhy,
    })),
    items,
    hiddenCount: licences.length - items.length,
  }
}

const shownPrice = (skuId: string, { prices }: Terms, row: SeatRow, currency: string) => {
  const price = priceInForce(skuId, prices, listPriceOf(row), currency)
  return price === null ? null : { amountMinor: price.amountMinor, per: price.per, isOwn: price.isOwn }
}

/** Free licences cost nothing and are no part of it, whether they are shown or not. */
const costsIn = ([, held, seats]: Found, { prices }: Terms, currency: string) =>
  costsOf(
    currency,
    [...bySku(seats)]
      .filter(([, rows]) => !isFree(rows))
      .map(([skuId, rows]) => ({
        boughtCount: rows.reduce((sum, { boughtCount }) => sum + boughtCount, 0),
        price: rows[0] === undefined ? null : priceInForce(skuId, prices, listPriceOf(rows[0]), currency),
      })),
    held.reduce((sum, { licensedUserCount }) => sum + licensedUserCount, 0),
  )

const renewalsOf = ([, held, seats, bought]: Found, { free }: Asking) => {
  const nameOfTenant = new Map(held.map(({ id, name }) => [id, name]))
  const freeIds = new Set([...bySku(seats)].flatMap(([skuId, rows]) => (isFree(rows) ? [skuId] : [])))
  const nameOf = namesAmong(seats)
  return bought.flatMap((row) => {
    const at = oldest([row.nextLifecycleAt])
    const tenantName = nameOfTenant.get(row.tenantId)
    const isLeftOut = free !== true && freeIds.has(row.skuId.toLowerCase())
    if (at === null || tenantName === undefined || isLeftOut) return []
    const { skuId, tenantId, seatCount, isTrial } = row
    return [{ skuId, name: nameOf(row), tenantId, tenantName, seatCount, isTrial, at }]
  })
}

/** A customer's scope, or that of one of its people. */
type Reader = Pick<ContactScope, 'select' | 'mine' | 'readAll'>

/** The tenants of a customer that have a licence, in the order of their ids. */
const havingIt = (reads: Reader, skuId: string) =>
  reads
    .select({
      tenantId: seatCounts.tenantId,
      skuId: seatCounts.id,
      skuPartNumber: seatCounts.skuPartNumber,
      microsoftName: seatCounts.microsoftName,
      ownName: skus.ownName,
      idleAsOf: seatCounts.idleAsOf,
      guestHolderCount: seatCounts.guestHolderCount,
      guestIdle30Count: seatCounts.guestIdle30Count,
      guestIdle60Count: seatCounts.guestIdle60Count,
      guestIdle90Count: seatCounts.guestIdle90Count,
    })
    .from(seatCounts)
    .leftJoin(skus, and(eq(skus.mspId, seatCounts.mspId), eq(skus.id, seatCounts.id)))
    .where(
      reads.mine(
        seatCounts,
        and(eq(seatCounts.id, skuId.toLowerCase()), inArray(seatCounts.tenantId, presentIn(reads))),
      ),
    )
    .orderBy(asc(seatCounts.tenantId))

export type HolderRow = Awaited<ReturnType<typeof listHolders>>['rows'][number]

/**
 * One page of who holds a licence: tenant after tenant, in each by name. A page is of one tenant, so that it costs its own
 * rows however many hold a seat; where that tenant's end is reached, `next` begins with the following one. Of a holder's account
 * is told what the directory shows of it; without a directory a holder is a name, and how idle the seat is. How many guests hold one,
 * too, and are not listed is told with every page.
 * Problem `missing` when the customer has no such licence.
 */
export const listHolders = async (
  reads: Reader,
  skuId: string,
  query: z.infer<typeof HolderQuery>,
  shown: ShownDirectory,
) => {
  const marked = query.cursor === undefined ? undefined : placeIn(decodeCursor(query.cursor, query.sort))
  const tenantId = marked?.tenantId ?? query.tenantId
  const id = skuId.toLowerCase()
  const first = reads
    .select({ tenantId: sql<string>`min(${seatCounts.tenantId})`.as('first_tenant_id') })
    .from(seatCounts)
    .where(reads.mine(seatCounts, and(eq(seatCounts.id, id), inArray(seatCounts.tenantId, presentIn(reads)))))
  const after = marked && sql`(${seatHolders.displayName}, ${seatHolders.id}) > (${marked.name}, ${marked.id})`
  const [having, rows] = await reads.readAll([
    havingIt(reads, id),
    reads
      .select({
        id: seatHolders.id,
        tenantId: sql<string>`${seatHolders.tenantId}`.as('held_in'),
        name: seatHolders.displayName,
        ...holderColumns,
        signInKnown: tenantUsers.signInKnown,
        lastSignInAt: tenantUsers.lastSignInAt,
        idleBand: tenantUsers.idleBand,
      })
      .from(seatHolders)
      .leftJoin(
        tenantUsers,
        reads.mine(
          tenantUsers,
          and(eq(tenantUsers.tenantId, seatHolders.tenantId), eq(tenantUsers.id, seatHolders.id)),
        ),
      )
      .where(
        reads.mine(
          seatHolders,
          and(
            tenantId === undefined ? eq(seatHolders.tenantId, sql`${first}`) : eq(seatHolders.tenantId, tenantId),
            eq(seatHolders.skuId, id),
            query.idleDays === undefined ? undefined : idleFrom[query.idleDays],
            isListed(shown),
            after,
          ),
        ),
      )
      .orderBy(asc(seatHolders.displayName), asc(seatHolders.id))
      .limit(query.limit + 1),
  ])
  const place = having.findIndex((row) => row.tenantId === (tenantId ?? having[0]?.tenantId))
  if (place < 0) throw missing('licence')
  const given = rows.slice(0, query.limit)
  const last = given.at(-1)
  const following = query.tenantId === undefined ? having[place + 1] : undefined
  return {
    rows: given.map((row) => presentHolder(row, having[place]?.idleAsOf, shown)),
    next: nextPlace(query.sort, rows.length > query.limit ? last : undefined, following),
    notListedCount: shown.showsGuests
      ? 0
      : guestsAmong(
          query.tenantId === undefined ? having : having.filter((row) => row.tenantId === query.tenantId),
          query.idleDays,
        ),
  }
}

const guestsAmong = (
  having: Awaited<ReturnType<typeof havingIt>>,
  days: z.infer<typeof HolderQuery>['idleDays'],
): number => having.reduce((sum, row) => sum + row[days === undefined ? 'guestHolderCount' : guestsIdleFrom[days]], 0)

const guestsIdleFrom = { 30: 'guestIdle30Count', 60: 'guestIdle60Count', 90: 'guestIdle90Count' } as const

/** Literally as the indexes have it, or they are not used. */
const idleFrom = {
  30: sql`${seatHolders.idle30} = 1`,
  60: sql`${seatHolders.idle60} = 1`,
  90: sql`${seatHolders.idle90} = 1`,
}
const daysOfBand = [null, 30, 60, 90]

/** Where a whole pass found nobody to have signed in, nothing is known of anybody. */
const presentHolder = (
  { id, tenantId, name, idleBand, lastSignInAt, signInKnown, ...account }: HolderFound,
  idleAsOf: number | null | undefined,
  shown: ShownDirectory,
) => {
  const isKnown = signInKnown === true && idleAsOf !== null
  return {
    id,
    tenantId,
    name,
    ...shownAccount(account, shown),
    ...(shows(shown, 'lastSignIn')
      ? { signInKnown: isKnown, lastSignInAt: isKnown ? oldest([lastSignInAt]) : null }
      : {}),
    idleDays: isKnown && idleBand !== null ? (daysOfBand[idleBand] ?? null) : null,
  }
}

type HolderFound = Parameters<typeof shownAccount>[0] & {
  id: string
  tenantId: string
  name: string
  signInKnown: boolean | null
  lastSignInAt: number | null
  idleBand: number | null
}

const nextPlace = (
  sort: string,
  last: { tenantId: string; name: string; id: string } | undefined,
  following: { tenantId: string } | undefined,
): Cursor | null => {
  if (last !== undefined) return { sort, key: [last.tenantId, last.name], id: last.id }
  return following === undefined ? null : { sort, key: [following.tenantId, ''], id: '' }
}

const placeIn = ({ key, id }: Cursor): { tenantId: string; name: string; id: string } => {
  if (!Array.isArray(key) || key.length !== 2) throw foreignMarker()
  const [tenantId, name] = key
  if (typeof tenantId !== 'string' || typeof name !== 'string') throw foreignMarker()
  return { tenantId, name, id }
}

/**
 * How many seats of a licence were bought and assigned on each day that was kept, over all tenants of today. A tenant that
 * did not have it on a day counts for nothing, one that was not read as on the day before. Problem `missing`.
 */
export const readUsage = async (reads: Reader, skuId: string): Promise<z.infer<typeof Usage>> => {
  const id = skuId.toLowerCase()
  const from = new Date(now() - (USAGE_DAY_COUNT - 1) * DAY_MS).toISOString().slice(0, 10)
  const figure = (name: 'bought' | 'assigned'): SQL<number> =>
    sql<number>`coalesce((select json_extract(value, ${`$.${name}`}) from json_each(${tenantDays.seats}) where lower(json_extract(value, '$.skuId')) = ${id}), 0)`
  const [[first], rows] = await reads.readAll([
    havingIt(reads, id),
    reads
      .select({
        tenantId: tenantDays.tenantId,
        day: tenantDays.id,
        boughtCount: figure('bought').as('bought_count'),
        assignedCount: figure('assigned').as('assigned_count'),
      })
      .from(tenantDays)
      .where(
        reads.mine(
          tenantDays,
          and(
            gte(tenantDays.id, from),
            lte(tenantDays.id, dayAfter(now())),
            inArray(tenantDays.tenantId, presentIn(reads)),
          ),
        ),
      )
      .orderBy(asc(tenantDays.id)),
  ])
  if (first === undefined) throw missing('licence')
  const bought = sumByDay(rows.map(({ tenantId, day, boughtCount }) => ({ tenantId, day, count: boughtCount })))
  const assigned = sumByDay(rows.map(({ tenantId, day, assignedCount }) => ({ tenantId, day, count: assignedCount })))
  return {
    skuId: id,
    name: shownName(first),
    days: bought
      .map(({ day, count }, place) => ({ day, boughtCount: count, assignedCount: assigned[place]?.count ?? 0 }))
      .slice(-USAGE_DAY_COUNT),
  }
}

/** Days begin in the MSP's time zone, which may be ahead of UTC's. */
const dayAfter = (at: number): string => new Date(at + DAY_MS).toISOString().slice(0, 10)
