import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { groupsOf, memberIdsOf, recordGroupEvent } from '../graph/groups.ts'
import { surnames } from '../graph/names.ts'
import type { Person } from '../graph/people.ts'
import { services, issueId } from '../graph/service-health.ts'
import type { TenantDirectory } from '../graph/tenant-directory.ts'
import { seedOf } from '../random.ts'
import type { PersonFacts, State } from '../state.ts'

const count = z.int().min(1).max(10_000)
const bySku = z.strictObject({ skuPartNumber: z.string(), count })
const severity = z.enum(['informational', 'low', 'medium', 'high'])
const status = z.enum([
  'serviceOperational',
  'investigating',
  'restoringService',
  'verifyingService',
  'serviceRestored',
  'serviceDegradation',
  'serviceInterruption',
  'extendedRecovery',
])

/** What may be done to a tenant in one go; what is named comes about in this order. */
export const changesSchema = z.strictObject({
  add: count.optional(),
  remove: z.union([count, z.strictObject({ count, reason: z.enum(['changed', 'deleted']) })]).optional(),
  block: count.optional(),
  unblock: count.optional(),
  rename: z.union([count, z.strictObject({ user: z.string(), displayName: z.string().min(1) })]).optional(),
  /** Who leads somebody from now on, each by id or user name; null: nobody. */
  manager: z.strictObject({ user: z.string(), manager: z.string().nullable() }).optional(),
  assign: bySku.optional(),
  unassign: bySku.optional(),
  /** Seats bought (or, below zero, given back). */
  seats: z.strictObject({ skuPartNumber: z.string(), change: z.int() }).optional(),
  health: z.strictObject({ serviceId: z.string(), status, title: z.string().optional() }).optional(),
  alert: z.strictObject({ title: z.string(), severity: severity.default('medium') }).optional(),
  resolveAlerts: z.array(z.string()).optional(),
  /** A group by its name: made, filled, emptied or deleted. */
  group: z
    .strictObject({
      name: z.string().min(1),
      create: z.enum(['distribution', 'microsoft_365', 'security', 'mail_enabled_security']).optional(),
      join: count.optional(),
      leave: count.optional(),
      delete: z.literal(true).optional(),
    })
    .optional(),
})

export type Changes = z.infer<typeof changesSchema>

export type AffectedUser = {
  change: string
  id: string
  displayName: string
  userPrincipalName: string
  accountEnabled: boolean
  skuIds: string[]
}

/** Something asked for that this tenant cannot do, e.g. a SKU it does not hold. */
export class ImpossibleChange extends Error {}

/** Brings changes about in a tenant and answers whom they concern. The named accounts are never picked. */
export function applyChanges(directory: TenantDirectory, changes: Changes, state: State): AffectedUser[] {
  const affected: AffectedUser[] = []
  const note = (change: string, person: Person): void => {
    const { id, displayName, userPrincipalName, accountEnabled, skuIds } = person
    affected.push({ change, id, displayName, userPrincipalName, accountEnabled, skuIds })
  }
  const set = (change: string, person: Person, facts: PersonFacts): void => {
    directory.record(state, { index: person.index, kind: 'set', facts })
    note(change, { ...person, ...facts })
  }

  for (let added = 0; added < (changes.add ?? 0); added += 1) {
    const index = directory.placeCount
    directory.record(state, { index, kind: 'added' })
    const person = directory.person(index)
    if (person !== undefined) note('added', person)
  }
  if (changes.remove !== undefined) {
    const wanted =
      typeof changes.remove === 'number' ? { count: changes.remove, reason: 'changed' as const } : changes.remove
    for (const person of choose(directory, wanted.count, () => true)) {
      directory.record(state, { index: person.index, kind: 'removed', reason: wanted.reason })
      note('removed', person)
    }
  }
  for (const person of choose(directory, changes.block ?? 0, (candidate) => candidate.accountEnabled)) {
    set('blocked', person, { accountEnabled: false })
  }
  for (const person of choose(directory, changes.unblock ?? 0, (candidate) => !candidate.accountEnabled)) {
    set('unblocked', person, { accountEnabled: true })
  }
  for (const { person, facts } of renames(directory, changes.rename)) set('renamed', person, facts)
  if (changes.manager !== undefined) {
    const { user, manager } = changes.manager
    const managerId = manager === null ? null : personNamed(directory, manager).id
    set('managed', personNamed(directory, user), { managerId })
  }
  if (changes.assign !== undefined) {
    const skuId = skuIdOf(directory, changes.assign.skuPartNumber)
    for (const person of choose(directory, changes.assign.count, (candidate) => canTake(candidate, skuId))) {
      set('assigned', person, { skuIds: [...person.skuIds, skuId] })
    }
  }
  if (changes.unassign !== undefined) {
    const skuId = skuIdOf(directory, changes.unassign.skuPartNumber)
    const { count: wanted } = changes.unassign
    for (const person of choose(directory, wanted, (candidate) => candidate.skuIds.includes(skuId))) {
      set('unassigned', person, { skuIds: person.skuIds.filter((held) => held !== skuId) })
    }
  }
  if (changes.group !== undefined) changeGroup(directory, changes.group, state, note)
  changeServices(directory, changes, state)
  return affected
}

function changeGroup(
  directory: TenantDirectory,
  { name, create, join, leave, delete: isDeleted }: NonNullable<Changes['group']>,
  state: State,
  note: (change: string, person: Person) => void,
): void {
  const known = () => groupsOf(directory).find((group) => group.name === name)
  if (create !== undefined) {
    if (known() !== undefined) throw new ImpossibleChange(`There is a group ${name} already.`)
    recordGroupEvent(directory, { name, kind: 'created', groupKind: create }, state)
  }
  const group = known()
  if (group === undefined) {
    const names = groupsOf(directory).map((one) => one.name)
    throw new ImpossibleChange(`There is no group ${name}; there are ${names.join(', ')}.`)
  }
  const inGroup = new Set(memberIdsOf(directory, group))
  for (const person of choose(directory, join ?? 0, ({ id }) => !inGroup.has(id))) {
    recordGroupEvent(directory, { name, kind: 'joined', place: person.index }, state)
    note('joined', person)
  }
  for (const person of choose(directory, leave ?? 0, ({ id }) => inGroup.has(id))) {
    recordGroupEvent(directory, { name, kind: 'left', place: person.index }, state)
    note('left', person)
  }
  if (isDeleted === true) recordGroupEvent(directory, { name, kind: 'deleted' }, state)
}

function changeServices(directory: TenantDirectory, changes: Changes, state: State): void {
  const { tenant } = directory
  if (changes.seats !== undefined) {
    const { skuPartNumber, change } = changes.seats
    skuIdOf(directory, skuPartNumber)
    tenant.seatChanges[skuPartNumber] = (tenant.seatChanges[skuPartNumber] ?? 0) + change
  }
  if (changes.health !== undefined) {
    const { serviceId, status: newStatus, title } = changes.health
    const service = services.find(({ id }) => id === serviceId)
    if (service === undefined) {
      throw new ImpossibleChange(
        `There is no service ${serviceId}; there are ${services.map(({ id }) => id).join(', ')}.`,
      )
    }
    const before = tenant.incidents[serviceId]
    tenant.incidents[serviceId] = {
      id: before?.id ?? issueId(serviceId, seedOf(`${tenant.tenantId}/${serviceId}`)),
      serviceId,
      status: newStatus,
      title: title ?? before?.title ?? `Some users may be unable to use ${service.name}`,
      startedAt: before?.startedAt ?? state.now().toISOString(),
    }
  }
  if (changes.alert !== undefined) {
    tenant.addedAlerts.push({ id: `ad${randomUUID()}_1`, ...changes.alert, createdAt: state.now().toISOString() })
  }
  tenant.resolvedAlertIds.push(...(changes.resolveAlerts ?? []))
  state.changed()
}

function renames(directory: TenantDirectory, wanted: Changes['rename']): { person: Person; facts: PersonFacts }[] {
  if (wanted === undefined) return []
  if (typeof wanted === 'number') {
    return [...choose(directory, wanted, () => true)].map((person) => {
      const surname = surnames[(surnames.indexOf(person.surname) + 1) % surnames.length] ?? surnames[0]
      return { person, facts: { surname, displayName: `${person.givenName} ${surname}` } }
    })
  }
  return [{ person: personNamed(directory, wanted.user), facts: { displayName: wanted.displayName } }]
}

function personNamed(directory: TenantDirectory, idOrName: string): Person {
  const person = directory.find(idOrName)
  if (person === undefined) throw new ImpossibleChange(`There is nobody called ${idOrName} in this tenant.`)
  return person
}

/** The first people after the named accounts who fit. */
function choose(directory: TenantDirectory, wanted: number, fits: (person: Person) => boolean): Person[] {
  const chosen: Person[] = []
  const first = directory.tenant.accounts.length
  for (let index = first; index < directory.placeCount && chosen.length < wanted; index += 1) {
    const person = directory.person(index)
    if (person !== undefined && fits(person)) chosen.push(person)
  }
  if (chosen.length < wanted) throw new ImpossibleChange(`Only ${chosen.length} people fit, ${wanted} were asked for.`)
  return chosen
}

function canTake(person: Person, skuId: string): boolean {
  return person.userType === 'Member' && person.accountEnabled && !person.skuIds.includes(skuId)
}

function skuIdOf(directory: TenantDirectory, partNumber: string): string {
  const held = directory.seats().map((seat) => seat.sku)
  const sku = held.find((candidate) => candidate.partNumber === partNumber)
  if (sku !== undefined) return sku.skuId
  const names = held.map((candidate) => candidate.partNumber).join(', ')
  throw new ImpossibleChange(`This tenant does not hold ${partNumber}; it holds ${names}.`)
}
