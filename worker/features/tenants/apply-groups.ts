import type { DirectoryGroupChange, GroupMember } from '../../connectors/directory.ts'

/** A group as kept; `seenInRead` is the full pass that saw it last. */
export type KeptGroup = {
  id: string
  kind: 'distribution' | 'microsoft_365'
  displayName: string
  description: string | null
  mail: string | null
  seenInRead: string
}

export type AppliedGroups = {
  puts: KeptGroup[]
  removedIds: string[]
  /** Groups that a full pass sees for the first time: whoever was in them is read anew. */
  emptiedIds: string[]
  members: { groupId: string; joined: GroupMember[]; leftIds: string[] }[]
}

type Pages = readonly { read: 'full' | 'changes'; groups: DirectoryGroupChange[]; removedIds: string[] }[]

/**
 * What pages of groups do to those that are kept. Pages apply in order; a large group comes on several of them. Groups
 * that open doors are not kept, nor is one that becomes such a group.
 */
export const applyGroupPages = (kept: ReadonlyMap<string, KeptGroup>, pages: Pages, mark: string): AppliedGroups => {
  const after = new Map<string, KeptGroup | undefined>()
  const emptied = new Set<string>()
  const members = new Map<string, Map<string, GroupMember | undefined>>()
  const nowOf = (id: string) => (after.has(id) ? after.get(id) : kept.get(id))
  const forget = (id: string) => {
    after.set(id, undefined)
    members.delete(id)
  }
  for (const { read, groups, removedIds } of pages) {
    for (const change of groups) {
      const before = nowOf(change.id)
      const kind = change.kind ?? before?.kind ?? 'other'
      if (kind === 'other') {
        forget(change.id)
        continue
      }
      if (before === undefined || (read === 'full' && before.seenInRead !== mark)) {
        emptied.add(change.id)
        members.delete(change.id)
      }
      after.set(change.id, {
        id: change.id,
        kind,
        displayName: change.displayName ?? before?.displayName ?? change.mail ?? change.id,
        description: change.description === undefined ? (before?.description ?? null) : change.description,
        mail: change.mail === undefined ? (before?.mail ?? null) : change.mail,
        seenInRead: mark,
      })
      const inGroup = members.get(change.id) ?? new Map<string, GroupMember | undefined>()
      members.set(change.id, inGroup)
      for (const member of change.members) inGroup.set(member.id, member)
      for (const id of change.removedMemberIds) inGroup.set(id, undefined)
    }
    for (const id of removedIds) forget(id)
  }
  return {
    puts: [...after.values()].filter((group) => group !== undefined),
    removedIds: [...after].flatMap(([id, group]) => (group === undefined && kept.has(id) ? [id] : [])),
    emptiedIds: [...emptied].filter((id) => kept.has(id) && nowOf(id) !== undefined),
    members: [...members].map(([groupId, inGroup]) => ({
      groupId,
      joined: [...inGroup.values()].filter((member) => member !== undefined),
      leftIds: [...inGroup].flatMap(([id, member]) => (member === undefined ? [id] : [])),
    })),
  }
}
