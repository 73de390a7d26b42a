import type { NamedUser, RequestDetails, RequestFacts } from '../../../../db/shard/schema.ts'
import { now } from '../../../clock.ts'
import { dayOf } from '../../../days.ts'
import { Problem } from '../../../http/problem.ts'
import type { FieldError } from '../../../http/problem.ts'
import type { CustomerScope } from '../../../tenancy/scope.ts'
import type { Prepared, SeatClaim } from '../prepared.ts'
import { formOf } from './any-form.ts'
import { factsOf } from './facts.ts'
import { NOT_ASKED } from './fields.ts'
import type { AsksAfter } from './form.ts'
import { factsReads, findReads, foundIn, toldOf } from './found.ts'
import type { Found, FoundRows } from './found.ts'
import type { RequestInput } from './input.schema.ts'
import { lookAt, tenantOf } from './look.ts'
import { formInForce, hiddenButGiven } from './own-fields.ts'
import { subjectOf } from './summary.ts'

/** More than fifty people can name of the company; what is read for one request is bounded by it. */
const NAMED_MAX = 2_000

export type Circumstances = {
  /** ISO 8601, in the MSP's time zone. */
  today: string
  /** Whether whoever asks sees who holds which licence; what licences cost they see, too, where the customer is shown it. */
  seesHolders: boolean
  /** Whether they are shown guests: to whom they are not, a guest is nobody. */
  seesGuests: boolean
}

/**
 * What an input comes to against what the company has. One round trip. Problems: `missing` for a customer who is not there;
 * `invalid`, with a pointer for each field that cannot be.
 */
export const prepare = async (
  customer: CustomerScope,
  input: RequestInput,
  circumstances: Circumstances,
): Promise<Prepared> => {
  const reads = prepareReads(customer, input)
  return preparedOf(await customer.readAll([...reads]), input, circumstances)
}

/** Its reads, for whoever reads something else in the same round trip. Problem `invalid` for what names more than any request can be about. */
export const prepareReads = (customer: CustomerScope, input: RequestInput) => findReads(customer, asksOf(input))

/** What they come to. Problems as above. */
export const preparedOf = (rows: FoundRows, input: RequestInput, circumstances: Circumstances): Prepared => {
  const { faults, prepared } = preparedFrom(foundIn(rows, asksOf(input)), input, circumstances)
  if (faults.length > 0) throw invalid(faults)
  return prepared
}

/** What has to be read to judge an input. Problem `invalid` for one that names more than any request can be about. */
export const asksOf = (input: RequestInput): AsksAfter => {
  const asks = formOf(input.type).asksAfter(input)
  const own = [input.answers, ...input.people.map(({ answers }) => answers)].flatMap((given) => Object.values(given))
  // An answer may be a person's id; one that is a text finds nobody.
  const users = [...asks.users, ...own.filter((answer) => answer.length <= 100)]
  if (new Set([...users, ...asks.subjects, ...asks.groups]).size > NAMED_MAX)
    throw invalid([{ pointer: '/people', detail: 'This is too much for one request. Send it in parts.' }])
  return { ...asks, users }
}

/** The same from what was read. Where there are faults, what was prepared is of no use but to be looked through. Pure. */
export const preparedFrom = (
  found: Found,
  input: RequestInput,
  { today, seesHolders, seesGuests }: Circumstances,
): { faults: FieldError[]; prepared: Prepared } => {
  const form = formOf(input.type)
  const inForce = formInForce(found.forms[input.type], found.overlays[input.type])
  const told = new Map<string, FieldError>()
  const fault = (pointer: string, detail: string) => {
    if (!told.has(pointer)) told.set(pointer, { pointer, detail })
  }
  for (const key of hiddenButGiven(input, form.whole, inForce)) fault(`/${key}`, NOT_ASKED)
  input.people.forEach((one, place) => {
    for (const key of hiddenButGiven(one, form.person, inForce)) fault(`/people/${place}/${key}`, NOT_ASKED)
  })
  const asks = form.asksAfter(input)
  const seen = toldOf(found, { seesHolders, seesGuests })
  const tenant = tenantOf(seen, input.tenantId, asks, fault)
  const isTenantGiven = input.tenantId !== undefined && input.tenantId !== ''
  const details = form.detailsOf(
    input,
    lookAt(seen, { tenant, isTenantGiven, seesHolders, form: inForce, today, fault }),
  )
  return {
    faults: [...told.values()],
    prepared: {
      details,
      subject: subjectOf(details),
      reason: input.reason ?? '',
      aboutTenant: tenant?.id ?? null,
      personCount: details.people.length,
      firstOn: firstOf(form.firstOn(details)),
      facts: factsOf(found, dependsOn(details), { others: found.claims, today }),
      seats: seatsOf(details),
      steps: form.stepsOf(details).map(({ title }) => title),
      category: inForce.category,
    },
  }
}

/** The first of days; null, which is as soon as possible, comes before all. */
const firstOf = (days: readonly (string | null)[]): string | null =>
  days.reduce((first, day) => (first === null || day === null ? null : day < first ? day : first), days[0] ?? null)

/**
 * What a decision on a request depends on, as it is now. Seats that were promised to requests before it are taken; those after
 * it wait behind it. One round trip.
 */
export const factsNow = async (
  customer: CustomerScope,
  row: { id: string; details: RequestDetails },
): Promise<RequestFacts> => {
  const reads = factsReads(customer, row.id)
  return factsIn(await customer.readAll([...reads]), row)
}

/** The same from what `factsReads` read of the request while it waits. */
export const factsIn = (rows: FoundRows, row: { id: string; details: RequestDetails }): RequestFacts => {
  const depends = dependsOn(row.details)
  const found = foundIn(rows, {
    subjects: [],
    users: [],
    holders: [],
    groups: [],
    skus: [],
    addresses: depends.addresses,
  })
  return factsOf(found, depends, {
    others: found.claims.filter(({ requestId }) => requestId < row.id),
    today: dayOf(now(), found.timeZone),
  })
}

const dependsOn = (details: RequestDetails) => {
  const form = formOf(details.type)
  const { users, groups, licences, addresses } = form.dependsOn(details)
  return {
    tenantId: details.tenant?.id ?? null,
    users: users.filter((user): user is NamedUser => user !== null),
    groups,
    licences,
    addresses: addresses.filter((address): address is string => address !== null),
    seats: seatsOf(details),
  }
}

const seatsOf = (details: RequestDetails): SeatClaim[] => {
  const { tenant } = details
  if (tenant === null) return []
  return formOf(details.type)
    .stepsOf(details)
    .flatMap(({ seats }, stepPlace) => (seats === undefined ? [] : [{ tenantId: tenant.id, ...seats, stepPlace }]))
}

const invalid = (faults: FieldError[]): Problem =>
  new Problem(
    'invalid',
    faults.length === 1 ? (faults[0]?.detail ?? '') : `${faults.length} fields need another look.`,
    { errors: faults },
  )
