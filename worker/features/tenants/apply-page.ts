import type { Departures, UserChangeKind } from '../../../db/shard/schema.ts'
import { asNewUser, withChange } from '../../connectors/directory.ts'
import type { DirectoryUser, DirectoryUserChange } from '../../connectors/directory.ts'

/** A person as kept: what the directory says, and what we made of it. */
export type KeptUser = DirectoryUser & { isLicensed: boolean }

export type PersonChange = {
  kind: UserChangeKind
  userId: string
  name: string
  detail: string | null
  /** The licence that was given or taken. */
  skuId: string | null
}

/** What a run has added to the tenant's counts. */
export type CountDeltas = { active: number; guests: number; blocked: number; licensed: number }
export const noDeltas: CountDeltas = { active: 0, guests: 0, blocked: 0, licensed: 0 }

export type Applied = { puts: KeptUser[]; removedIds: string[]; changes: PersonChange[]; deltas: CountDeltas }

/**
 * What pages of people do to those who are kept. Pages apply in order; somebody may come again. Changes are told of
 * members only, never of guests, and not at all when `isFirstSync`: then nobody joined, they were there.
 */
export const applyPages = (
  kept: ReadonlyMap<string, KeptUser>,
  pages: readonly { users: DirectoryUserChange[]; removedIds: string[] }[],
  { countedSkuIds, isFirstSync }: { countedSkuIds: ReadonlySet<string>; isFirstSync: boolean },
): Applied => {
  const after = new Map<string, KeptUser | undefined>()
  const nowOf = (id: string) => (after.has(id) ? after.get(id) : kept.get(id))
  for (const { users, removedIds } of pages) {
    for (const change of users) {
      const before = nowOf(change.id)
      const user = before === undefined ? asNewUser(change) : withChange(before, change)
      after.set(change.id, { ...user, isLicensed: isLicensed(user, countedSkuIds) })
    }
    for (const id of removedIds) after.set(id, undefined)
  }
  const touched = [...after].map(([id, user]) => ({ id, before: kept.get(id), user }))
  return {
    puts: touched.flatMap(({ user }) => (user === undefined ? [] : [user])),
    removedIds: touched.flatMap(({ id, before, user }) => (user === undefined && before !== undefined ? [id] : [])),
    changes: isFirstSync ? [] : touched.flatMap(({ before, user }) => changesBetween(before, user, countedSkuIds)),
    deltas: touched.reduce((sum, { before, user }) => add(sum, countsOf(user), countsOf(before)), noDeltas),
  }
}

/** What it means that these people are gone. */
export const departed = (
  users: readonly KeptUser[],
  { isFirstSync }: { isFirstSync: boolean },
): Pick<Applied, 'changes' | 'deltas'> => ({
  changes: isFirstSync ? [] : users.flatMap((user) => changesBetween(user, undefined, new Set())),
  deltas: users.reduce((sum, user) => add(sum, countsOf(undefined), countsOf(user)), noDeltas),
})

/**
 * A licensed user has at least one seat of a SKU that is not hidden (product.md, decision 14): of one that the tenant
 * lists, since a seat that is left over of a SKU it no longer has is a seat of nothing.
 */
export const isLicensed = ({ skuIds }: Pick<DirectoryUser, 'skuIds'>, countedSkuIds: ReadonlySet<string>): boolean =>
  skuIds.some((id) => countedSkuIds.has(id))

/**
 * What is worth telling of one person. Whoever joins or leaves does so with their licences, which is not told besides;
 * of those that do not count (free ones, and what the tenant no longer has) nothing is told.
 */
export const changesBetween = (
  before: KeptUser | undefined,
  after: KeptUser | undefined,
  countedSkuIds: ReadonlySet<string>,
): PersonChange[] => {
  const person = after ?? before
  if (person === undefined || person.isGuest) return []
  const told = (kind: UserChangeKind, skuId: string | null = null): PersonChange => ({
    kind,
    userId: person.id,
    name: person.displayName,
    detail: person.jobTitle ?? person.department,
    skuId,
  })
  if (before === undefined) return [told('joined')]
  if (after === undefined) return [told('left')]
  const only = ({ skuIds }: KeptUser, other: KeptUser) =>
    skuIds.filter((skuId) => countedSkuIds.has(skuId) && !other.skuIds.includes(skuId))
  return [
    ...(before.signInAllowed && !after.signInAllowed ? [told('blocked')] : []),
    ...(!before.signInAllowed && after.signInAllowed ? [told('unblocked')] : []),
    ...only(after, before).map((skuId) => told('licence_given', skuId)),
    ...only(before, after).map((skuId) => told('licence_taken', skuId)),
  ]
}

/** An active user is a member whose sign-in is allowed (product.md, decision 14). */
export const countsOf = (user: KeptUser | undefined): CountDeltas => ({
  active: user !== undefined && !user.isGuest && user.signInAllowed ? 1 : 0,
  guests: user?.isGuest === true ? 1 : 0,
  blocked: user !== undefined && !user.isGuest && !user.signInAllowed ? 1 : 0,
  licensed: user?.isLicensed === true ? 1 : 0,
})

/**
 * More than a fifth missing is more likely a bad answer than an exodus: then nobody is removed, and staff are asked.
 * Whoever confirms has been told a number, and has confirmed no more than that.
 */
export const maySweep = (
  missingCount: number,
  knownCount: number,
  asked: Pick<Departures, 'missingCount' | 'confirmedAt'> | null = null,
): boolean =>
  missingCount * 5 <= knownCount || (asked !== null && asked.confirmedAt !== null && missingCount <= asked.missingCount)

const add = (sum: CountDeltas, plus: CountDeltas, minus: CountDeltas): CountDeltas => ({
  active: sum.active + plus.active - minus.active,
  guests: sum.guests + plus.guests - minus.guests,
  blocked: sum.blocked + plus.blocked - minus.blocked,
  licensed: sum.licensed + plus.licensed - minus.licensed,
})
