import type { PersonChange } from '../api/shapes.ts'

/** A change of one person, or, where people are not named, of so many. */
export type ToldChange<Change extends PersonChange> = { change: Change; count: number }

/** Where people are not named, what is alike on one day is told once; the order stays. */
export function together<Change extends PersonChange>(changes: readonly Change[]): ToldChange<Change>[] {
  const unnamed = new Map<string, ToldChange<Change>>()
  const told: ToldChange<Change>[] = []
  for (const change of changes) {
    const key = JSON.stringify([change.day, change.kind, change.licence])
    const known = change.name === null ? unnamed.get(key) : undefined
    if (known) known.count += 1
    else {
      const one = { change, count: 1 }
      told.push(one)
      if (change.name === null) unnamed.set(key, one)
    }
  }
  return told
}
