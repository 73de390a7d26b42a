import type { Named, NamedUser, OwnAnswer, RequestDetails } from '../../../../db/shard/schema.ts'
import type { SeatClaim, SummaryPart } from '../prepared.ts'
import type { Shape } from './fields.ts'

type MaybeId = string | null | undefined

/** What an input names, by ids: what has to be read of the company to judge it. */
export type AsksAfter = {
  /** Whom it is about, in order: the first who is found tells the tenant where none is named. */
  subjects: MaybeId[]
  users: MaybeId[]
  /** Of whom it matters what they hold. */
  holders: MaybeId[]
  groups: MaybeId[]
  skus: MaybeId[]
  addresses: MaybeId[]
}

/** What somebody has. A licence that is free of charge is none that anybody asks about. */
export type Holdings = { licences: (Named & { isFree: boolean })[]; groups: Named[]; manages: NamedUser[] }

/**
 * What the company has, as an input is held against it. What is not there becomes a fault at its field, and something without a
 * name in its place: nothing of an input that has faults is kept.
 */
export type Look = {
  tenant: Named | null
  /** Whether whoever asks sees who holds which licence and is in which group: to nobody else a fault tells it. */
  seesHolders: boolean
  fault: (pointer: string, detail: string) => void
  user: (pointer: string, id: string) => NamedUser
  maybeUser: (pointer: string, id: string | null) => NamedUser | null
  /** Whether somebody is a guest, whose account is another company's. */
  isGuest: (id: string) => boolean
  sharedMailbox: (pointer: string, id: string) => NamedUser
  licence: (pointer: string, skuId: string) => Named & { boughtCount: number }
  licences: (pointer: string, skuIds: readonly string[]) => Named[]
  group: (pointer: string, id: string) => Named
  groups: (pointer: string, ids: readonly string[]) => Named[]
  holdings: (userId: string) => Holdings
  /** One day on which something happens. */
  day: (pointer: string, day: string) => void
  /** From a day on, or from now; until one, or for good. */
  period: (at: string, startsOn: string | null, endsOn: string | null) => void
  /** Nobody is named twice. */
  once: (ids: readonly string[], pointerOf: (place: number) => string) => void
  answers: (at: string, given: Readonly<Record<string, string>>, isEach: boolean) => OwnAnswer[]
}

/** What staff have to do, and the seats that are taken or given (less than 0) with it. */
export type Step = { title: string; seats?: Omit<SeatClaim, 'tenantId' | 'stepPlace'> }

/** What of it is shown to whom: who holds which licence and is in which group is not for everybody, nor are addresses. */
export type Showing = { showsHoldings: boolean; showsAddresses: boolean }

/** One kind of request: its fields, and what becomes of them. Nothing here reads or writes. */
export type Form<Input, Details extends RequestDetails> = {
  title: string
  /** What it is for, to whoever is about to fill it in. */
  intro: string
  whole: Shape
  person: Shape
  /** How many people it is about at least. */
  peopleMin: 0 | 1
  asksAfter: (input: Input) => AsksAfter
  detailsOf: (input: Input, look: Look) => Details
  /** Whom it is about, by name. */
  namesOf: (details: Details) => string[]
  /** What it is about where that is no person. */
  subjectOf?: (details: Details) => string
  /** Days on which something is to be done; null for as soon as possible. */
  firstOn: (details: Details) => (string | null)[]
  dependsOn: (details: Details) => {
    users: (NamedUser | null)[]
    groups: Named[]
    licences: Named[]
    addresses: (string | null)[]
  }
  /** The lines of the whole, before those of each person. */
  linesOf?: (details: Details) => SummaryPart['lines']
  partsOf: (details: Details, showing: Showing) => SummaryPart[]
  stepsOf: (details: Details) => Step[]
}
