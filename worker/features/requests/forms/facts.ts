import type { RequestDifference, RequestFacts } from '../../../../db/shard/schema.ts'
import { counted } from '../../../figures.ts'
import type { SeatClaim } from '../prepared.ts'
import type { Found } from './found.ts'
import { missingFor } from './free-seats.ts'

type DependsOn = {
  tenantId: string | null
  users: readonly { id: string; name: string }[]
  groups: readonly { id: string; name: string }[]
  licences: readonly { id: string; name: string }[]
  addresses: readonly string[]
  seats: readonly SeatClaim[]
}

/** What a decision depends on, as it is now. `others` are the seats that requests before it take. Pure. */
export const factsOf = (
  found: Found,
  { tenantId, users, groups, licences, addresses, seats }: DependsOn,
  { others, today }: { others: readonly SeatClaim[]; today: string },
): RequestFacts => ({
  people: Object.fromEntries(
    users.map(({ id, name }) => {
      const person = found.people.find((one) => one.id === id && one.tenantId === tenantId)
      return [id, { name, state: person === undefined ? 'gone' : person.isBlocked ? 'blocked' : 'there' } as const]
    }),
  ),
  groups: Object.fromEntries(
    groups.map(({ id, name }) => {
      const isThere = found.groups.some((one) => one.id === id && one.tenantId === tenantId)
      return [id, { name, state: isThere ? ('there' as const) : ('gone' as const) }]
    }),
  ),
  licences: Object.fromEntries(
    licences.map(({ id, name }) => {
      const having = found.seats.find((one) => one.id === id && one.tenantId === tenantId)
      const isOfIt = (claim: SeatClaim) => claim.skuId === id && claim.tenantId === tenantId
      return [
        id,
        {
          name,
          state: having === undefined ? ('gone' as const) : ('there' as const),
          missingSeatCount:
            having === undefined ? 0 : missingFor(having, seats.filter(isOfIt), others.filter(isOfIt), today).count,
          price: having?.price ?? null,
        },
      ]
    }),
  ),
  addresses: Object.fromEntries(
    addresses.map((address) => [address, found.takenAddresses.has(address) ? ('taken' as const) : ('free' as const)]),
  ),
})

type Licence = RequestFacts['licences'][string]
type Price = NonNullable<Licence['price']>

/**
 * What is no longer as it was when it was last shown to whoever decides, in words. What has become easier since, such as a seat
 * that came free, is no reason to ask again. Pure.
 */
export const differencesOf = (before: RequestFacts, now: RequestFacts): RequestDifference[] => [
  ...both(before.people, now.people).flatMap(([, was, is]) =>
    was.state === is.state || is.state === 'there'
      ? []
      : [{ about: was.name, was: personWords[was.state], is: personWords[is.state] }],
  ),
  ...both(before.groups, now.groups).flatMap(([, was, is]) =>
    was.state === is.state || is.state === 'there' ? [] : [{ about: was.name, was: 'A group', is: 'Gone' }],
  ),
  ...both(before.licences, now.licences).flatMap(([, was, is]) => licenceDifferences(was, is)),
  ...both(before.addresses, now.addresses).flatMap(([address, was, is]) =>
    was === 'free' && is === 'taken' ? [{ about: address, was: 'Free', is: 'Somebody has it' }] : [],
  ),
]

const both = <Fact>(before: Record<string, Fact>, now: Record<string, Fact>): [string, Fact, Fact][] =>
  Object.entries(before).flatMap(([id, was]) => {
    const is = Object.hasOwn(now, id) ? now[id] : undefined
    return is === undefined ? [] : [[id, was, is] as [string, Fact, Fact]]
  })

const personWords = { there: 'Has an account', blocked: 'Cannot sign in', gone: 'Has left' } as const

const licenceDifferences = (was: Licence, is: Licence): RequestDifference[] => {
  if (is.state === 'gone')
    return was.state === 'gone' ? [] : [{ about: was.name, was: 'A licence of the company', is: 'Gone' }]
  return [
    ...(is.missingSeatCount > was.missingSeatCount
      ? [{ about: was.name, was: seatWords(was.missingSeatCount), is: seatWords(is.missingSeatCount) }]
      : []),
    ...(was.price !== null && is.price !== null && priceWords(was.price) !== priceWords(is.price)
      ? [
          {
            about: `A seat of ${was.name}`,
            was: priceWords(was.price),
            is: priceWords(is.price),
            isPrice: true as const,
          },
        ]
      : []),
  ]
}

const seatWords = (missingSeatCount: number): string =>
  missingSeatCount === 0 ? 'Enough seats' : `${counted(missingSeatCount, 'seat is', 'seats are')} missing`

/** What a seat costs, as it is read: £12.50 a month. */
export const priceWords = ({ amountMinor, per, currency }: Price): string => {
  const format = new Intl.NumberFormat('en-GB', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return `${format.format(amountMinor / 10 ** digits)} a ${per}`
}
