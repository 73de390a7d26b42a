import { describe, expect, it } from 'vitest'
import type { DirectoryGroupChange, GroupMember } from '../../connectors/directory.ts'
import { applyGroupPages } from './apply-groups.ts'
import type { KeptGroup } from './apply-groups.ts'

const kept = (more: Partial<KeptGroup> = {}): KeptGroup => ({
  id: 'g',
  kind: 'distribution',
  displayName: 'Everyone',
  description: null,
  mail: 'everyone@tenant.example',
  seenInRead: 'before',
  ...more,
})
const change = (more: Partial<DirectoryGroupChange> = {}): DirectoryGroupChange => ({
  id: 'g',
  members: [],
  removedMemberIds: [],
  ...more,
})
const user = (id: string): GroupMember => ({ id, kind: 'user' })

const apply = (
  known: KeptGroup[],
  pages: { groups?: DirectoryGroupChange[]; removedIds?: string[] }[],
  read: 'full' | 'changes' = 'changes',
) =>
  applyGroupPages(
    new Map(known.map((group) => [group.id, group])),
    pages.map(({ groups = [], removedIds = [] }) => ({ read, groups, removedIds })),
    'now',
  )

describe('Pages of groups', () => {
  it('leave alone what they do not mention', () => {
    expect(apply([kept()], [{ groups: [change({ mail: null })] }]).puts).toEqual([
      kept({ mail: null, seenInRead: 'now' }),
    ])
  })

  it('of a full read empty a group once, and fill it from all its pages', () => {
    const pages = [{ groups: [change({ members: [user('a')] })] }, { groups: [change({ members: [user('b')] })] }]
    const first = apply([kept()], pages, 'full')
    expect(first).toMatchObject({ emptiedIds: ['g'], members: [{ joined: [user('a'), user('b')], leftIds: [] }] })
    const later = apply([kept({ seenInRead: 'now' })], pages, 'full')
    expect(later, 'a commit before has emptied it').toMatchObject({ emptiedIds: [] })
  })

  it('of changes empty nothing', () => {
    expect(apply([kept()], [{ groups: [change({ members: [user('a')] })] }]).emptiedIds).toEqual([])
  })

  it('apply in order, the last word on a member being what counts', () => {
    const joins = { groups: [change({ members: [user('a')] })] }
    const leaves = { groups: [change({ removedMemberIds: ['a'] })] }
    expect(apply([kept()], [joins, leaves]).members).toEqual([{ groupId: 'g', joined: [], leftIds: ['a'] }])
    expect(apply([kept()], [leaves, joins]).members).toEqual([{ groupId: 'g', joined: [user('a')], leftIds: [] }])
  })

  it.each([
    ['opens doors', [change({ kind: 'other', displayName: 'VPN', members: [user('a')] })]],
    ['is not known, and comes without its kind', [change({ members: [user('a')] })]],
  ])('keep nothing of a group that %s', (_name, groups) => {
    expect(apply([], [{ groups }])).toEqual({ puts: [], removedIds: [], emptiedIds: [], members: [] })
  })

  it('take away a group that is gone, or that has come to open doors, with its members', () => {
    for (const page of [{ removedIds: ['g'] }, { groups: [change({ kind: 'other' })] }]) {
      const applied = apply([kept()], [{ groups: [change({ members: [user('a')] })] }, page])
      expect(applied).toEqual({ puts: [], removedIds: ['g'], emptiedIds: [], members: [] })
    }
  })

  it('never leave a group without a name', () => {
    const nameOf = (more: Partial<DirectoryGroupChange>) =>
      apply([], [{ groups: [change({ kind: 'distribution', ...more })] }]).puts[0]?.displayName
    expect(nameOf({ mail: 'all@tenant.example' })).toBe('all@tenant.example')
    expect(nameOf({})).toBe('g')
  })
})
