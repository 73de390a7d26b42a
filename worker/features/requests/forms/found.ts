import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { folded } from '../../../../db/customer-words.ts'
import {
  customers,
  groupMembers,
  licenceTerms,
  msps,
  requestFormOverlays,
  requestForms,
  requestSeats,
  requestSteps,
  seatCounts,
  serviceRequests,
  skus,
  tenantGroups,
  tenants,
  tenantUsers,
  tenantUserWords,
  wordSources,
} from '../../../../db/shard/schema.ts'
import type { Named, NamedUser, RequestFacts } from '../../../../db/shard/schema.ts'
import { now } from '../../../clock.ts'
import { dayOf } from '../../../days.ts'
import { missing } from '../../../http/problem.ts'
import type { AnswersOf } from '../../../tenancy/plan.ts'
import type { CustomerScope } from '../../../tenancy/scope.ts'
import { mailboxOf } from '../../../tenancy/shown-directory.ts'
import { namesAmong, priceInForce } from '../../licences/index.ts'
import type { SeatClaim } from '../prepared.ts'
import type { AsksAfter } from './form.ts'
import { claimsInForce } from './free-seats.ts'
import type { KeptClaim } from './free-seats.ts'

/** More groups than anybody is in; of fifty people together. */
const MEMBERSHIP_MAX = 20_000
/** More than anybody is the manager of; of fifty people together. */
const MANAGED_MAX = 10_000
/** More than requests that are under way take at a time. */
const CLAIM_MAX = 10_000
/** As long as the words of an address are kept. */
const MAIL_LENGTH_MAX = 120

export type Person = NamedUser & {
  tenantId: string
  isGuest: boolean
  /** Cannot sign in, and is a person. */
  isBlocked: boolean
  isSharedMailbox: boolean
  skuIds: string[]
}

export type Seats = Named & {
  tenantId: string
  isFree: boolean
  boughtCount: number
  assignedCount: number
  price: RequestFacts['licences'][string]['price']
}

/** What the company has of what a request names. Nothing of another customer, and of no tenant that was removed, is among it. */
export type Found = {
  timeZone: string
  costsShown: boolean
  tenants: Named[]
  people: Person[]
  groups: (Named & { tenantId: string })[]
  /** Of those whose holdings matter. */
  memberships: (Named & { tenantId: string; userId: string })[]
  manages: (NamedUser & { tenantId: string; managerId: string })[]
  seats: Seats[]
  /** Seats that requests which are under way take, or give, as far as they are not part of the figures. */
  claims: (SeatClaim & { requestId: string })[]
  /** Of the addresses asked about those that somebody has, in lower case. */
  takenAddresses: ReadonlySet<string>
  /** Of these those that somebody has who is no guest: guests are not for everybody to know of. */
  takenByPeople: ReadonlySet<string>
  forms: (typeof requestForms.$inferSelect)['forms']
  overlays: (typeof requestFormOverlays.$inferSelect)['forms']
}

/** What of it somebody is told: neither who holds what nor who is a guest is for everybody to know. Pure. */
export const toldOf = (
  found: Found,
  { seesHolders, seesGuests }: { seesHolders: boolean; seesGuests: boolean },
): Found => ({
  ...found,
  people: seesGuests ? found.people : found.people.filter(({ isGuest }) => !isGuest),
  takenAddresses: seesGuests ? found.takenAddresses : found.takenByPeople,
  claims: seesHolders ? found.claims : found.claims.filter(({ isOfHoldings }) => !isOfHoldings),
})

/** What is there of what is asked after; of a customer who is not, Problem `missing`. One round trip. */
export const findFor = async (customer: CustomerScope, asks: AsksAfter): Promise<Found> =>
  foundIn(await customer.readAll([...findReads(customer, asks)]), asks)

/** Its reads, for whoever reads something else in the same round trip. */
export const findReads = (customer: CustomerScope, asks: AsksAfter) =>
  readsAfter(customer, {
    people: each(distinct([...asks.subjects, ...asks.users, ...asks.holders])),
    groups: each(distinct(asks.groups)),
    holders: each(distinct(asks.holders)),
    addresses: each(distinct(asks.addresses)),
    words: each(distinct(asks.addresses).map(wordOf)),
  })

/** The same after what a request that waits depends on, which is known to the database alone: nothing of it need be read before. */
export const factsReads = (customer: CustomerScope, requestId: string) =>
  readsAfter(customer, {
    people: eachOf(customer, requestId, '$.people', sql`fact.key`),
    groups: eachOf(customer, requestId, '$.groups', sql`fact.key`),
    holders: each([]),
    addresses: eachOf(customer, requestId, '$.addresses', sql`fact.key`),
    words: eachOf(customer, requestId, '$.addresses', sql`'@' || substr(fact.key, 1, ${MAIL_LENGTH_MAX})`),
  })

type Wanted = Record<'people' | 'groups' | 'holders' | 'addresses' | 'words', SQL>

const readsAfter = (customer: CustomerScope, { people, groups, holders, addresses, words }: Wanted) =>
  [
    houseRead(customer),
    customer
      .select({ id: tenants.id, name: tenants.name })
      .from(tenants)
      .where(customer.mine(tenants, isNull(tenants.removedAt)))
      .orderBy(asc(tenants.connectedAt), asc(tenants.id)),
    seatsRead(customer),
    peopleRead(customer, people),
    groupsRead(customer, groups),
    membershipsRead(customer, holders),
    managedRead(customer, holders),
    claimsRead(customer),
    takenNamesRead(customer, addresses),
    takenMailsRead(customer, words),
    masterRead(customer),
    overlayRead(customer),
  ] as const

export type FoundRows = AnswersOf<typeof readsAfter>

/** What they come to. Problem `missing` for a customer who is not there. */
export const foundIn = (
  [[house], held, seats, people, groups, memberships, managed, claims, byName, byMail, [master], [overlay]]: FoundRows,
  asks: AsksAfter,
): Found => {
  if (house === undefined) throw missing('customer')
  const byWord = new Map(distinct(asks.addresses).map((address) => [wordOf(address), address]))
  const taken = [
    ...byName.map(({ name, isGuest }) => ({ address: name.toLowerCase(), isGuest })),
    ...byMail.map(({ word, isGuest }) => ({ address: byWord.get(word) ?? '', isGuest })),
  ]
  return {
    timeZone: house.timeZone,
    costsShown: house.costsShown ?? false,
    tenants: held,
    people: people.map(personOf),
    groups,
    memberships,
    manages: managed.flatMap(({ id, tenantId, name, mail, userPrincipalName, managerId }) =>
      managerId === null ? [] : [{ id, tenantId, name, address: mail ?? userPrincipalName, managerId }],
    ),
    seats: seatsOf(seats, house),
    claims: claimsInForce(keptOf(claims, seats), dayOf(now(), house.timeZone)),
    takenAddresses: new Set(taken.map(({ address }) => address)),
    takenByPeople: new Set(taken.filter(({ isGuest }) => !isGuest).map(({ address }) => address)),
    forms: master?.forms ?? {},
    overlays: overlay?.forms ?? {},
  }
}

const distinct = (ids: readonly (string | null | undefined)[]): string[] => [
  ...new Set(ids.filter((id): id is string => id !== null && id !== undefined && id !== '')),
]

type Reads = Pick<CustomerScope, 'select' | 'mine'>

const houseRead = (reads: Reads) =>
  reads
    .select({
      currency: msps.currency,
      timeZone: msps.timeZone,
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
    .where(reads.mine(customers))

type House = Awaited<ReturnType<typeof houseRead>>[number]

/** Tenants that were removed keep their rows; those of the others count. */
const presentIn = (reads: Reads) =>
  reads
    .select({ id: tenants.id })
    .from(tenants)
    .where(reads.mine(tenants, isNull(tenants.removedAt)))

const seatsRead = (reads: Reads) =>
  reads
    .select({
      tenantId: seatCounts.tenantId,
      skuId: seatCounts.id,
      skuPartNumber: seatCounts.skuPartNumber,
      microsoftName: seatCounts.microsoftName,
      boughtCount: seatCounts.boughtCount,
      assignedCount: seatCounts.assignedCount,
      hidden: seatCounts.hidden,
      asOf: seatCounts.asOf,
      ownName: skus.ownName,
      priceMinor: skus.priceMinor,
      pricePer: skus.pricePer,
      priceCurrency: skus.priceCurrency,
    })
    .from(seatCounts)
    .leftJoin(skus, and(eq(skus.mspId, seatCounts.mspId), eq(skus.id, seatCounts.id)))
    .where(reads.mine(seatCounts, inArray(seatCounts.tenantId, presentIn(reads))))

const seatsOf = (rows: Awaited<ReturnType<typeof seatsRead>>, { currency, prices }: House): Seats[] => {
  const nameOf = namesAmong(rows)
  return rows.map((row) => {
    const { priceMinor, pricePer, priceCurrency } = row
    const list =
      priceMinor === null || pricePer === null || priceCurrency === null
        ? null
        : { amountMinor: priceMinor, per: pricePer, currency: priceCurrency }
    const price = priceInForce(row.skuId, prices ?? {}, list, currency)
    return {
      id: row.skuId,
      name: nameOf(row),
      tenantId: row.tenantId,
      isFree: row.hidden,
      boughtCount: row.boughtCount,
      assignedCount: row.assignedCount,
      price: price === null ? null : { amountMinor: price.amountMinor, per: price.per, currency: price.currency },
    }
  })
}

/** Ids travel as one parameter, and are looked up one by one. */
const each = (ids: readonly string[]): SQL => sql`json_each(${JSON.stringify(ids)}) as wanted`

/** The facts of a request name what it depends on; one that waits no more depends on nothing. Addresses in them are in lower case, and ASCII. */
const eachOf = (reads: Reads, requestId: string, path: string, value: SQL): SQL =>
  sql`${reads
    .select({ value: sql<string>`${value}`.as('value') })
    .from(serviceRequests)
    .crossJoin(sql`json_each(${serviceRequests.facts}, ${path}) as fact`)
    .where(
      reads.mine(
        serviceRequests,
        and(eq(serviceRequests.id, requestId), inArray(serviceRequests.state, ['awaiting_customer', 'awaiting_msp'])),
      ),
    )} as wanted`

const peopleRead = (reads: Reads, wanted: SQL) =>
  reads
    .select({
      id: tenantUsers.id,
      tenantId: tenantUsers.tenantId,
      displayName: tenantUsers.displayName,
      userPrincipalName: tenantUsers.userPrincipalName,
      mail: tenantUsers.mail,
      isGuest: tenantUsers.isGuest,
      signInAllowed: tenantUsers.signInAllowed,
      mailboxPurpose: tenantUsers.mailboxPurpose,
      skuIds: tenantUsers.skuIds,
    })
    .from(tenants)
    .crossJoin(wanted)
    .crossJoin(tenantUsers)
    .where(
      and(
        reads.mine(tenants, isNull(tenants.removedAt)),
        reads.mine(tenantUsers, and(eq(tenantUsers.tenantId, tenants.id), eq(tenantUsers.id, sql`wanted.value`))),
      ),
    )
    .orderBy(asc(tenants.connectedAt), asc(tenants.id))

const personOf = (row: Awaited<ReturnType<typeof peopleRead>>[number]): Person => {
  const mailbox = mailboxOf(row)
  return {
    id: row.id,
    name: row.displayName,
    address: row.mail ?? row.userPrincipalName,
    tenantId: row.tenantId,
    isGuest: row.isGuest,
    isBlocked: !row.signInAllowed && mailbox === undefined,
    isSharedMailbox: mailbox === 'shared',
    skuIds: row.skuIds.map((skuId) => skuId.toLowerCase()),
  }
}

const groupsRead = (reads: Reads, wanted: SQL) =>
  reads
    .select({ id: tenantGroups.id, tenantId: tenantGroups.tenantId, name: tenantGroups.displayName })
    .from(tenants)
    .crossJoin(wanted)
    .crossJoin(tenantGroups)
    .where(
      and(
        reads.mine(tenants, isNull(tenants.removedAt)),
        reads.mine(tenantGroups, and(eq(tenantGroups.tenantId, tenants.id), eq(tenantGroups.id, sql`wanted.value`))),
      ),
    )

const membershipsRead = (reads: Reads, wanted: SQL) =>
  reads
    .select({
      id: tenantGroups.id,
      tenantId: tenantGroups.tenantId,
      name: tenantGroups.displayName,
      userId: sql<string>`${groupMembers.id}`.as('member_id'),
    })
    .from(tenants)
    .crossJoin(wanted)
    .crossJoin(groupMembers)
    .crossJoin(tenantGroups)
    .where(
      and(
        reads.mine(tenants, isNull(tenants.removedAt)),
        reads.mine(
          groupMembers,
          and(
            eq(groupMembers.tenantId, tenants.id),
            eq(groupMembers.id, sql`wanted.value`),
            eq(groupMembers.kind, 'user'),
          ),
        ),
        reads.mine(tenantGroups, and(eq(tenantGroups.tenantId, tenants.id), eq(tenantGroups.id, groupMembers.groupId))),
      ),
    )
    .orderBy(asc(tenantGroups.displayName), asc(tenantGroups.id))
    .limit(MEMBERSHIP_MAX)

/** Whose manager somebody is, as far as Microsoft tells; guests, who are not for everybody to know of, are of no company's own. */
const managedRead = (reads: Reads, wanted: SQL) =>
  reads
    .select({
      id: tenantUsers.id,
      tenantId: tenantUsers.tenantId,
      name: tenantUsers.displayName,
      mail: tenantUsers.mail,
      userPrincipalName: tenantUsers.userPrincipalName,
      managerId: tenantUsers.managerId,
    })
    .from(tenants)
    .crossJoin(wanted)
    .crossJoin(tenantUsers)
    .where(
      and(
        reads.mine(tenants, isNull(tenants.removedAt)),
        reads.mine(
          tenantUsers,
          and(
            eq(tenantUsers.tenantId, tenants.id),
            eq(tenantUsers.managerId, sql`wanted.value`),
            eq(tenantUsers.isGuest, false),
          ),
        ),
      ),
    )
    .orderBy(asc(tenantUsers.sortName), asc(tenantUsers.id))
    .limit(MANAGED_MAX)

const claimsRead = (reads: Reads) =>
  reads
    .select({
      requestId: requestSeats.requestId,
      tenantId: requestSeats.tenantId,
      skuId: requestSeats.skuId,
      takenCount: requestSeats.takenCount,
      fromOn: requestSeats.fromOn,
      untilOn: requestSeats.untilOn,
      isOfHoldings: requestSeats.isOfHoldings,
      stepPlace: requestSeats.stepPlace,
      state: serviceRequests.state,
      doneAt: requestSteps.doneAt,
    })
    .from(requestSeats)
    .innerJoin(
      serviceRequests,
      and(
        eq(serviceRequests.mspId, requestSeats.mspId),
        eq(serviceRequests.customerId, requestSeats.customerId),
        eq(serviceRequests.id, requestSeats.requestId),
      ),
    )
    .leftJoin(
      requestSteps,
      and(
        eq(requestSteps.mspId, requestSeats.mspId),
        eq(requestSteps.customerId, requestSeats.customerId),
        eq(requestSteps.requestId, requestSeats.requestId),
        eq(requestSteps.place, requestSeats.stepPlace),
      ),
    )
    .where(reads.mine(requestSeats, isNull(requestSeats.releasedAt)))
    .limit(CLAIM_MAX)

const keptOf = (
  rows: Awaited<ReturnType<typeof claimsRead>>,
  figures: Awaited<ReturnType<typeof seatsRead>>,
): KeptClaim[] => {
  const keyOf = ({ tenantId, skuId }: { tenantId: string; skuId: string }) => `${tenantId} ${skuId}`
  const asOf = new Map(figures.map((one) => [keyOf(one), one.asOf]))
  return rows.map(({ state, ...claim }) => ({
    ...claim,
    isApproved: state === 'approved' || state === 'in_progress',
    asOf: asOf.get(keyOf(claim)) ?? null,
  }))
}

/** Who signs in by a name that was wished for; names of accounts are compared in any case. */
const takenNamesRead = (reads: Reads, wanted: SQL) =>
  reads
    .select({ name: tenantUsers.userPrincipalName, isGuest: tenantUsers.isGuest })
    .from(tenants)
    .crossJoin(wanted)
    .crossJoin(tenantUsers)
    .where(
      and(
        reads.mine(tenants, isNull(tenants.removedAt)),
        reads.mine(
          tenantUsers,
          and(
            eq(tenantUsers.tenantId, tenants.id),
            sql`${tenantUsers.userPrincipalName} = wanted.value collate nocase`,
          ),
        ),
      ),
    )

const wordOf = (address: string): string => `@${folded(address).slice(0, MAIL_LENGTH_MAX)}`

/** Whose address of mails it is, by the words that people are found by: the whole address is one of them. */
const takenMailsRead = (reads: Reads, wanted: SQL) =>
  reads
    .select({ word: tenantUserWords.word, isGuest: tenantUserWords.isGuest })
    .from(tenants)
    .crossJoin(wanted)
    .crossJoin(tenantUserWords)
    .where(
      and(
        reads.mine(tenants, isNull(tenants.removedAt)),
        reads.mine(
          tenantUserWords,
          and(
            eq(tenantUserWords.tenantId, tenants.id),
            inArray(tenantUserWords.isGuest, [false, true]),
            eq(tenantUserWords.source, wordSources.mail),
            eq(tenantUserWords.word, sql`wanted.value`),
          ),
        ),
      ),
    )

export const masterRead = (reads: Reads) =>
  reads
    .select({ forms: requestForms.forms, version: requestForms.version })
    .from(requestForms)
    .where(reads.mine(requestForms))

/** What a merge brought along of another customer is not theirs: its id says so. */
export const overlayRead = (reads: Reads) =>
  reads
    .select({ forms: requestFormOverlays.forms, version: requestFormOverlays.version })
    .from(requestFormOverlays)
    .where(reads.mine(requestFormOverlays, eq(requestFormOverlays.id, requestFormOverlays.customerId)))
