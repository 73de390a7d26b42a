import type { Named, NamedUser } from '../../../../db/shard/schema.ts'
import { faultOfDay, faultsOfPeriod } from './dates.ts'
import type { AsksAfter, Look } from './form.ts'
import type { Found, Person, Seats } from './found.ts'
import { answersTo } from './own-fields.ts'
import type { FormInForce } from './own-fields.ts'

type Fault = Look['fault']

const nobody: NamedUser = { id: '', name: '', address: '' }
const nothing: Named = { id: '', name: '' }

const NOBODY = 'Your company has nobody like this. Choose somebody from the list.'
const ELSEWHERE = 'This is in another of your environments. Send a request of its own for it.'

/**
 * The tenant that a request is about: the one it names, else where its group or the first of its people is, else the one that has
 * the licence, else the only one there is. Pure.
 */
export const tenantOf = (found: Found, given: string | undefined, asks: AsksAfter, fault: Fault): Named | null => {
  if (given !== undefined && given !== '') {
    const named = found.tenants.find(({ id }) => id === given)
    if (named === undefined) fault('/tenantId', 'Your company has no such environment.')
    return named ?? null
  }
  const groupIds = new Set(asks.groups)
  const named = (id: string | undefined) => found.tenants.find((tenant) => tenant.id === id)
  const personIn = (ids: AsksAfter['users']) => {
    for (const id of ids) {
      const person = found.people.find((one) => one.id === id)
      if (person !== undefined) return person.tenantId
    }
    return undefined
  }
  const pointed =
    named(found.groups.find(({ id }) => groupIds.has(id))?.tenantId) ??
    named(personIn(asks.subjects)) ??
    named(personIn(asks.users))
  if (pointed !== undefined) return pointed
  const skuIds = new Set(asks.skus.flatMap((id) => id?.toLowerCase() ?? []))
  const isHad = skuIds.size > 0
  const having = isHad
    ? found.tenants.filter((tenant) => found.seats.some(({ id, tenantId }) => tenantId === tenant.id && skuIds.has(id)))
    : found.tenants
  const [only, ...others] = having
  if (others.length === 0) return only ?? null
  fault(
    '/tenantId',
    isHad
      ? 'Several of your environments have this licence. Choose one.'
      : 'You have several environments. Choose one.',
  )
  return null
}

/** What was found, as an input is held against it. `fault` is told of each thing that cannot be. Pure but for that. */
export const lookAt = (
  found: Found,
  {
    tenant,
    isTenantGiven,
    seesHolders,
    form,
    today,
    fault,
  }: {
    tenant: Named | null
    isTenantGiven: boolean
    seesHolders: boolean
    form: FormInForce
    today: string
    fault: Fault
  },
): Look => {
  const isHere = ({ tenantId }: { tenantId: string }) => tenant === null || tenantId === tenant.id
  const personOf = (id: string): Person | undefined => found.people.find((one) => one.id === id && isHere(one))
  const seatsOf = (skuId: string): Seats[] => found.seats.filter(({ id }) => id === skuId.toLowerCase())

  const user = (pointer: string, id: string): NamedUser => {
    const person = personOf(id)
    if (person !== undefined) return { id: person.id, name: person.name, address: person.address }
    fault(pointer, found.people.some((one) => one.id === id) ? ELSEWHERE : NOBODY)
    return nobody
  }

  const licence = (pointer: string, skuId: string, elsewhereAt: string) => {
    const having = seatsOf(skuId)
    const here = having.find(isHere)
    if (here !== undefined) return { id: here.id, name: here.name, boughtCount: here.boughtCount }
    if (having.length === 0) fault(pointer, 'Your company does not have this licence.')
    else fault(elsewhereAt, 'This environment does not have this licence.')
    return { ...nothing, boughtCount: 0 }
  }

  const group = (pointer: string, id: string): Named => {
    const here = found.groups.find((one) => one.id === id && isHere(one))
    if (here !== undefined) return { id: here.id, name: here.name }
    fault(
      pointer,
      found.groups.some((one) => one.id === id)
        ? ELSEWHERE
        : 'Your company has no such group. Choose one from the list.',
    )
    return nothing
  }

  const once: Look['once'] = (ids, pointerOf) => {
    ids.forEach((id, place) => {
      if (id !== '' && ids.indexOf(id) !== place) fault(pointerOf(place), 'This is named twice.')
    })
  }

  /** Each of several, none of them twice. */
  const all = (pointer: string, ids: readonly string[], one: (pointer: string, id: string) => Named): Named[] => {
    once(ids, (place) => `${pointer}/${place}`)
    return ids.map((id, place) => one(`${pointer}/${place}`, id))
  }

  return {
    tenant,
    seesHolders,
    fault,
    user,
    maybeUser: (pointer, id) => (id === null ? null : user(pointer, id)),
    isGuest: (id) => personOf(id)?.isGuest ?? false,
    sharedMailbox: (pointer, id) => {
      if (personOf(id)?.isSharedMailbox === true) return user(pointer, id)
      fault(pointer, 'Your company has no such shared mailbox. Choose one from the list.')
      return nobody
    },
    licence: (pointer, skuId) => licence(pointer, skuId, isTenantGiven ? '/tenantId' : pointer),
    licences: (pointer, skuIds) =>
      all(
        pointer,
        skuIds.map((id) => id.toLowerCase()),
        (at, id) => {
          const { boughtCount: _, ...named } = licence(at, id, at)
          return named
        },
      ),
    group,
    groups: (pointer, ids) => all(pointer, ids, group),
    holdings: (userId) => {
      const person = personOf(userId)
      if (person === undefined) return { licences: [], groups: [], manages: [] }
      const isTheirs = ({ tenantId }: { tenantId: string }) => tenantId === person.tenantId
      return {
        licences: [...new Set(person.skuIds)].flatMap((skuId) => {
          const seats = seatsOf(skuId).find(isTheirs)
          return seats === undefined ? [] : [{ id: seats.id, name: seats.name, isFree: seats.isFree }]
        }),
        groups: found.memberships
          .filter((one) => one.userId === userId && isTheirs(one))
          .map(({ id, name }) => ({ id, name })),
        manages: found.manages
          .filter((one) => one.managerId === userId && isTheirs(one))
          .map(({ id, name, address }) => ({ id, name, address })),
      }
    },
    day: (pointer, day) => {
      const detail = faultOfDay(day, today)
      if (detail !== undefined) fault(pointer, detail)
    },
    period: (at, startsOn, endsOn) => {
      for (const { field, detail } of faultsOfPeriod(startsOn, endsOn, today)) fault(`${at}/${field}`, detail)
    },
    once,
    answers: (at, given, isEach) =>
      answersTo(
        form.fields.filter((one) => one.isEach === isEach),
        given,
        at,
        { fault, today, nameOfUser: (pointer, id) => user(pointer, id).name },
      ),
  }
}
