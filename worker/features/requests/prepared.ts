import type { RequestDetails, RequestFacts } from '../../../db/shard/schema.ts'

/** Seats that a request takes of a licence, or gives (less than 0), from a day on and until one; null for at once, for good. */
export type SeatClaim = {
  tenantId: string
  skuId: string
  takenCount: number
  fromOn: string | null
  untilOn: string | null
  /** Whether it comes of what somebody holds, which is not for everybody to know. */
  isOfHoldings: boolean
  /** The place of the step with which it comes about. */
  stepPlace: number | null
}

/** What a form comes to that was filled in against what the company has: all that is kept of it. */
export type Prepared = {
  details: RequestDetails
  /** By what lists, mails and the activity name it, such as "New user: Anna Meyer and 2 more". */
  subject: string
  /** What it is for; empty where the form does not ask. */
  reason: string
  aboutTenant: string | null
  personCount: number
  /** The first day on which something is to be done (ISO 8601); null for as soon as possible. */
  firstOn: string | null
  facts: RequestFacts
  seats: SeatClaim[]
  /** What staff have to do, in order, in words. */
  steps: string[]
  /** The category of the ticket it becomes, if the MSP chose one. */
  category: string | null
}

/** What was asked for, in lines that are read: on a page, in a mail, in the ticket it becomes. One part for the whole, one for each person. */
export type SummaryPart = { heading: string | null; lines: { label: string; value: string }[] }
