import { guidOf } from '../random.ts'
import type { GroupEvent, State } from '../state.ts'
import { readDeltaToken, tokenOf } from './delta-token.ts'
import type { DeltaCursor } from './delta-token.ts'
import { workplaces } from './names.ts'
import { personId } from './people.ts'
import type { TenantDirectory } from './tenant-directory.ts'

export type GroupKind = 'distribution' | 'microsoft_365' | 'security' | 'mail_enabled_security'
export type Group = {
  id: string
  name: string
  kind: GroupKind
  /** Of the places of the tenant, every `step`-th from `first` on, at most so many. */
  first: number
  step: number
  countMax: number
}

type Entry = Record<string, unknown> & { id: string }
export type GroupPage = { items: Entry[]; next: { kind: 'skiptoken' | 'deltatoken'; token: string } }

/** Where a reader is: in a full read (group by group, place by place), or in the list of changes. */
type Cursor = DeltaCursor & {
  isOver: boolean
  group: number
  place: number
  /** Changes of people and of groups after these are what the next delta shows. */
  people: number
  groups: number
}

export const linkCountMax = 500

/** What a group holds from the first day: everybody, one for each department, and some that open doors. */
export function groupsOf(directory: TenantDirectory): Group[] {
  const planned = [
    group(directory, 'Everyone', 'distribution', 0, 1, 2_000),
    group(directory, 'Newsletter', 'distribution', 1, 3, 200),
    ...workplaces.map(({ department }, position) =>
      group(directory, department, 'microsoft_365', position, workplaces.length, 300),
    ),
    group(directory, 'VPN', 'security', 0, 2, 100),
    group(directory, 'Payments', 'mail_enabled_security', 2, 9, 20),
  ]
  const added = eventsOf(directory).flatMap((event) =>
    event.kind === 'created' ? [group(directory, event.name, event.groupKind, 0, 1, 0)] : [],
  )
  return [...planned, ...added].filter(({ name }) => !isDeleted(directory, name))
}

/**
 * One page of `/groups/delta`. As at Microsoft it holds at most 500 links to members, so a large group comes on several
 * pages, on the later ones by its id alone.
 */
export function groupDeltaPage(
  directory: TenantDirectory,
  token: string | undefined,
  now: Date,
  restartAt: string,
): GroupPage {
  const cursor = token === undefined ? beginning(directory, now) : readToken(directory, token, now, restartAt)
  return cursor.isOver ? changesPage(directory, cursor, now) : fullPage(directory, cursor, now)
}

/** Who is in a group now, in the order of their places. */
export function memberIdsOf(directory: TenantDirectory, one: Group): string[] {
  return [...placesOf(directory, one)].map((place) => personId(directory.tenant.tenantId, place))
}

export function recordGroupEvent(directory: TenantDirectory, event: GroupEvent, state: State): void {
  directory.tenant.groupEvents = [...eventsOf(directory), event]
  state.changed()
}

const eventsOf = (directory: TenantDirectory): GroupEvent[] => directory.tenant.groupEvents ?? []

const isDeleted = (directory: TenantDirectory, name: string): boolean =>
  eventsOf(directory).some((event) => event.kind === 'deleted' && event.name === name)

function group(
  { tenant }: TenantDirectory,
  name: string,
  kind: GroupKind,
  first: number,
  step: number,
  countMax: number,
): Group {
  return { id: groupId(tenant.tenantId, name), name, kind, first, step, countMax }
}

const groupId = (tenantId: string, name: string): string => guidOf(`${tenantId}/group/${name}`)

function isPlanned({ first, step, countMax }: Group, place: number): boolean {
  return place >= first && (place - first) % step === 0 && (place - first) / step < countMax
}

/** Places of people who are there and in the group, from one on. */
function* placesOf(directory: TenantDirectory, one: Group, from = 0): Generator<number> {
  const set = new Map(
    eventsOf(directory).flatMap((event): [number, boolean][] =>
      event.name === one.name && (event.kind === 'joined' || event.kind === 'left')
        ? [[event.place, event.kind === 'joined']]
        : [],
    ),
  )
  for (let place = from; place < directory.placeCount; place += 1) {
    const isIn = set.get(place) ?? isPlanned(one, place)
    if (isIn && directory.person(place) !== undefined) yield place
  }
}

function fullPage(directory: TenantDirectory, cursor: Cursor, now: Date): GroupPage {
  const groups = groupsOf(directory)
  const items: Entry[] = []
  let linkCount = 0
  for (let index = cursor.group; index < groups.length; index += 1) {
    const one = groups[index]
    if (one === undefined) break
    const from = index === cursor.group ? cursor.place : 0
    const members: Entry[] = []
    for (const place of placesOf(directory, one, from)) {
      if (linkCount >= linkCountMax) {
        items.push(entryOf(directory, one, from > 0, members))
        return following(items, { ...cursor, group: index, place }, now)
      }
      members.push(memberOf(directory, place))
      linkCount += 1
    }
    items.push(entryOf(directory, one, from > 0, members))
  }
  return following(items, { ...cursor, isOver: true }, now)
}

function changesPage(directory: TenantDirectory, cursor: Cursor, now: Date): GroupPage {
  const items = new Map<string, Entry>()
  const membersOf = (one: Group): Entry[] => {
    const entry: Entry = items.get(one.id) ?? { id: one.id }
    items.set(one.id, entry)
    return (entry['members@delta'] ??= []) as Entry[]
  }
  const groups = groupsOf(directory)
  for (const place of directory.changedPlaces(cursor.people, directory.sequence)) {
    const isGone = directory.person(place) === undefined
    if (!isGone && place < directory.tenant.userCount) continue
    for (const one of groups.filter((candidate) => isPlanned(candidate, place)))
      membersOf(one).push({ ...memberOf(directory, place), ...(isGone ? removed : {}) })
  }
  for (const event of eventsOf(directory).slice(cursor.groups)) {
    const id = groupId(directory.tenant.tenantId, event.name)
    const one = groups.find((candidate) => candidate.id === id)
    if (one === undefined) items.set(id, { id, '@removed': { reason: 'changed' } })
    else if (event.kind === 'created') items.set(id, entryOf(directory, one, false, []))
    else if (event.kind !== 'deleted')
      membersOf(one).push({ ...memberOf(directory, event.place), ...(event.kind === 'left' ? removed : {}) })
  }
  const upTo = { people: directory.sequence, groups: eventsOf(directory).length }
  return following([...items.values()], { ...cursor, ...upTo }, now)
}

const removed = { '@removed': { reason: 'deleted' } }

function memberOf(directory: TenantDirectory, place: number): Entry {
  return { '@odata.type': '#microsoft.graph.user', id: personId(directory.tenant.tenantId, place) }
}

function entryOf({ tenant }: TenantDirectory, one: Group, isContinued: boolean, members: Entry[]): Entry {
  const linked = members.length === 0 ? {} : { 'members@delta': members }
  if (isContinued) return { id: one.id, ...linked }
  const isMail = one.kind !== 'security'
  return {
    id: one.id,
    displayName: one.name,
    description: one.kind === 'microsoft_365' ? `What ${one.name} works on together` : null,
    mail: isMail ? `${one.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}@${tenant.domain}` : null,
    mailEnabled: isMail,
    securityEnabled: one.kind === 'security' || one.kind === 'mail_enabled_security',
    groupTypes: one.kind === 'microsoft_365' ? ['Unified'] : [],
    ...linked,
  }
}

function beginning(directory: TenantDirectory, now: Date): Cursor {
  return {
    tenantId: directory.tenant.tenantId,
    epoch: directory.tenant.deltaEpoch,
    issuedAt: now.getTime(),
    isOver: false,
    group: 0,
    place: 0,
    people: directory.sequence,
    groups: eventsOf(directory).length,
  }
}

function following(items: Entry[], cursor: Cursor, now: Date): GroupPage {
  return { items, next: { kind: cursor.isOver ? 'deltatoken' : 'skiptoken', token: tokenOf(cursor, now) } }
}

function readToken(directory: TenantDirectory, token: string, now: Date, restartAt: string): Cursor {
  const isOne = (value: object): value is Cursor => 'people' in value && Number(value.people) <= directory.sequence
  return readDeltaToken(directory, token, now, restartAt, isOne)
}
