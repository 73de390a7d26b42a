import { counted } from '../../../figures.ts'
import { faultsIn } from '../../../http/pointer.ts'
import type { SummaryPart } from '../prepared.ts'
import type { FieldError } from '../../../http/problem.ts'
import type { CustomerScope } from '../../../tenancy/scope.ts'
import { formOf } from './any-form.ts'
import type { RequestType } from './any-form.ts'
import { ANSWERS_MAX, PEOPLE_MAX, fieldsOf } from './fields.ts'
import type { Field, Shape } from './fields.ts'
import type { Showing } from './form.ts'
import { findFor, toldOf } from './found.ts'
import type { Found } from './found.ts'
import { missingFor } from './free-seats.ts'
import { RequestInput } from './input.schema.ts'
import { asksOf, preparedFrom } from './prepare.ts'
import type { Circumstances } from './prepare.ts'
import { summaryOf } from './summary.ts'
import { inWords } from './words.ts'

type Draft = Readonly<Record<string, unknown>>

/** What whoever fills a form in is told of beside what it says itself. */
export type Told = Showing & { showsSeats: boolean; showsBlocked: boolean }

export type Checked = {
  /** What would be refused, each field once. */
  errors: FieldError[]
  /** What is taken, but worth a second look. */
  warnings: FieldError[]
  /** Null while something would be refused. */
  summary: SummaryPart[] | null
}

/** What would become of a request as it is filled in so far. Nothing is kept. One round trip. */
export const checkDraft = async (
  customer: CustomerScope,
  type: RequestType,
  draft: Draft,
  circumstances: Circumstances,
  told: Told,
): Promise<Checked> => {
  const read = RequestInput.safeParse(draft)
  const input = read.success ? read.data : filledUp(type, draft, circumstances.today)
  const found = toldOf(await findFor(customer, asksOf(input)), circumstances)
  const { faults, prepared } = preparedFrom(found, input, circumstances)
  const unshaped = read.success ? [] : faultsIn(read.error)
  const isOfUnshaped = ({ pointer }: FieldError) =>
    unshaped.some((one) => one.pointer.endsWith('/answers') && pointer.startsWith(`${one.pointer}/`))
  const errors = eachOnce([...unshaped, ...faults.filter((one) => !isOfUnshaped(one))])
  // How many are missing for somebody who is to be like a colleague would tell what that one holds.
  const seats = prepared.seats.filter(({ isOfHoldings }) => told.showsHoldings || !isOfHoldings)
  return {
    errors,
    warnings: warningsOf(found, input, { ...prepared, seats }, circumstances.today, told).filter(
      ({ pointer }) => !errors.some((one) => one.pointer === pointer),
    ),
    summary: errors.length === 0 ? summaryOf(prepared.details, told) : null,
  }
}

const eachOnce = (errors: FieldError[]): FieldError[] =>
  [
    // Of several with one pointer, the first.
    ...new Map(errors.toReversed().map((one) => [one.pointer, one])).values(),
  ].toReversed()

/** A draft with what is usable of it, and something harmless where nothing is: its faults are told by the shape itself. */
export const filledUp = (type: RequestType, draft: Draft, today: string): RequestInput => {
  const { whole, person } = formOf(type)
  const listed = Array.isArray(draft['people']) ? draft['people'].slice(0, PEOPLE_MAX) : []
  return {
    type,
    ...partsOf(whole, draft, today),
    answers: answersIn(draft),
    people: listed.map((one: unknown) => {
      const given = isDraft(one) ? one : {}
      return { ...partsOf(person, given, today), answers: answersIn(given) }
    }),
    // Each part went through its own shape, or is something that the shape takes: the compiler cannot follow shapes by their keys.
  } as unknown as RequestInput
}

const isDraft = (value: unknown): value is Draft => typeof value === 'object' && value !== null && !Array.isArray(value)

const answersIn = ({ answers }: Draft): Record<string, string> =>
  isDraft(answers)
    ? Object.fromEntries(
        Object.entries(answers)
          .slice(0, ANSWERS_MAX)
          .filter((one): one is [string, string] => typeof one[1] === 'string'),
      )
    : {}

const partsOf = (shape: Shape, given: Draft, today: string): Record<string, unknown> =>
  Object.fromEntries(
    fieldsOf(shape).map((field) => {
      const one = shape[field.key]
      const [read, left] = [one?.safeParse(given[field.key]), one?.safeParse(undefined)]
      const value = read?.success === true ? read.data : left?.success === true ? left.data : harmless(field, today)
      return [field.key, value]
    }),
  )

const harmless = ({ kind, options }: Field, today: string): unknown => {
  switch (kind) {
    case 'date':
      return today
    case 'choice':
      return options[0]?.value
    case 'fate':
      return { does: options.find(({ needsUser }) => needsUser !== true)?.value, toUserId: null }
    default:
      return ''
  }
}

const warningsOf = (
  found: Found,
  input: RequestInput,
  { details, facts, seats }: ReturnType<typeof preparedFrom>['prepared'],
  today: string,
  told: Told,
): FieldError[] => [
  ...(input.type === 'new_user'
    ? input.people.flatMap(({ address }, place) =>
        address !== null && found.takenAddresses.has(address)
          ? [{ pointer: `/people/${place}/address`, detail: 'Somebody has this address already.' }]
          : [],
      )
    : []),
  ...(told.showsBlocked &&
  (input.type === 'password_reset' || input.type === 'licence_change' || input.type === 'group_change')
    ? input.people.flatMap(({ userId }, place) =>
        facts.people[userId]?.state === 'blocked'
          ? [{ pointer: `/people/${place}/userId`, detail: 'Their sign-in is blocked now.' }]
          : [],
      )
    : []),
  ...(told.showsSeats
    ? [...new Set(seats.map(({ skuId }) => skuId))].flatMap((skuId) => {
        const having = found.seats.find(({ id, tenantId }) => id === skuId && tenantId === details.tenant?.id)
        const isOfIt = (claim: { skuId: string; tenantId: string }) =>
          claim.skuId === skuId && claim.tenantId === details.tenant?.id
        if (having === undefined) return []
        const { count, on } = missingFor(having, seats.filter(isOfIt), found.claims.filter(isOfIt), today)
        if (count === 0 || on === null) return []
        const detail = `${counted(count, 'seat', 'seats')} of ${having.name} ${count === 1 ? 'is' : 'are'} missing on ${inWords(on)}.`
        return placesOfSeat(input, skuId, told).map((pointer) => ({ pointer, detail }))
      })
    : []),
]

/** Where a licence is asked for, so that it is told there. */
const placesOfSeat = (input: RequestInput, skuId: string, { showsHoldings }: Showing): string[] => {
  switch (input.type) {
    case 'new_user':
      return input.people.flatMap(({ skuIds, likeUserId }, place) => {
        const isChosen = skuIds.some((id) => id.toLowerCase() === skuId)
        if (isChosen) return [`/people/${place}/skuIds`]
        return likeUserId !== null && showsHoldings ? [`/people/${place}/likeUserId`] : []
      })
    case 'licence_change':
      return ['/skuId']
    default:
      return []
  }
}
