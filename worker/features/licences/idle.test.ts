import { describe, expect, it } from 'vitest'
import { idleTogether } from './idle.ts'
import type { IdleRow } from './idle.ts'

const known: IdleRow = {
  assignedCount: 20,
  idle30Count: 6,
  idle60Count: 4,
  idle90Count: 3,
  blockedHolderCount: 2,
  signInUnknownCount: 1,
  idleAsOf: 1,
}
const untold: IdleRow = {
  ...known,
  assignedCount: 8,
  idle30Count: 2,
  idle60Count: 2,
  idle90Count: 2,
  signInUnknownCount: 0,
  idleAsOf: null,
}

describe('Idle seats over several tenants', () => {
  it.each<[string, IdleRow[], number[]]>([
    ['of none are none', [], [0, 0, 0, 0, 0]],
    ['of one are its own', [known], [6, 4, 3, 2, 1]],
    ['add up', [known, known], [12, 8, 6, 4, 2]],
    ['of one that does not tell are the blocked, and of all others it is not known', [untold], [2, 2, 2, 2, 6]],
    ['of both kinds say of how many it is not known', [known, untold], [8, 6, 5, 4, 7]],
    ['are never unknown of fewer than nobody', [{ ...untold, assignedCount: 1 }], [2, 2, 2, 2, 0]],
  ])('%s', (_, rows, [days30Count, days60Count, days90Count, blockedCount, unknownCount]) => {
    expect(idleTogether(rows)).toEqual({ days30Count, days60Count, days90Count, blockedCount, unknownCount })
  })
})
