/** The fields of one thing, as texts. */
type Texts = Record<string, string>

/** What somebody else saved while one was editing: what is simply taken over, and what both changed otherwise. */
export type Meanwhile<T extends Texts> = { values: T; taken: (keyof T & string)[]; contested: (keyof T & string)[] }

/**
 * Puts what somebody else saved together with what is being typed. A field that only they changed is as they have it;
 * one that both changed, each otherwise, stays as it was typed and is named.
 */
export function putTogether<T extends Texts>(base: T, theirs: T, mine: T): Meanwhile<T> {
  const names = Object.keys(base) as (keyof T & string)[]
  const changedByThem = names.filter((name) => theirs[name] !== base[name] && theirs[name] !== mine[name])
  const taken = changedByThem.filter((name) => mine[name] === base[name])
  return {
    values: { ...mine, ...Object.fromEntries(taken.map((name) => [name, theirs[name]])) },
    taken,
    contested: changedByThem.filter((name) => mine[name] !== base[name]),
  }
}
