import type {
  DirectoryGroupChange,
  DirectoryUserChange,
  GroupKind,
  GroupMember,
  LicenceStatus,
  MailboxPurpose,
  Managed,
  Organisation,
  ScoreControl,
  SeatCount,
  SecurityAlert,
  SecurityScore,
  ServiceHealth,
  ServiceIssue,
  SignIn,
  Subscription,
} from '../directory.ts'
import { plainText } from './plain-text.ts'
import type {
  WireAlert,
  WireGroup,
  WireHealth,
  WireHealthIssue,
  WireMailbox,
  WireManaged,
  WireOrganisation,
  WireSeats,
  WireScoreControl,
  WireSecureScore,
  WireServiceIssue,
  WireSignIn,
  WireSubscription,
  WireUser,
} from './wire.ts'

/**
 * Graph's words into ours. Values we do not know become `unknown`, which every reader must handle: nothing here is acted on
 * in Microsoft's systems, so an honest "unknown" does less harm than a read that fails whole. Enumerations are compared without
 * case, since the vendor's description writes camelCase and its documents PascalCase.
 */

export type UserRead = 'full' | 'changes'

/**
 * One page of `GET /users/delta`. What a missing property means depends on the read ("user: delta", section Response; "Use delta
 * query", section Resource representation):
 * in a full read a property that was never set is left out, so there it is empty;
 * afterwards an updated person comes with at least what changed, so there it is unchanged.
 */
export function usersOf(entries: WireUser[], read: UserRead): { users: DirectoryUserChange[]; removedIds: string[] } {
  const changes = new Map<string, DirectoryUserChange>()
  const removedIds = new Set<string>()
  for (const entry of entries) {
    if (entry['@removed']) {
      changes.delete(entry.id)
      removedIds.add(entry.id)
    } else {
      removedIds.delete(entry.id)
      changes.set(entry.id, { ...changes.get(entry.id), ...userChangeOf(entry, read) })
    }
  }
  return { users: [...changes.values()], removedIds: [...removedIds] }
}

export function userChangeOf(user: WireUser, read: UserRead): DirectoryUserChange {
  const change: DirectoryUserChange = { id: user.id }
  // Neither name can be cleared in Entra ("user resource type", Properties), so null there tells nothing.
  if (filled(user.displayName)) change.displayName = user.displayName
  if (filled(user.userPrincipalName)) change.userPrincipalName = user.userPrincipalName
  // Likewise an account is on or off; only a stated answer counts.
  if (typeof user.accountEnabled === 'boolean') change.signInAllowed = user.accountEnabled

  const told = (value: unknown) => value !== undefined || read === 'full'
  if (told(user.mail)) change.mail = textOf(user.mail)
  if (told(user.jobTitle)) change.jobTitle = textOf(user.jobTitle)
  if (told(user.department)) change.department = textOf(user.department)
  if (told(user.businessPhones)) change.businessPhone = user.businessPhones?.find(filled) ?? null
  if (told(user.mobilePhone)) change.mobilePhone = textOf(user.mobilePhone)
  // Accounts older than the property have none; they are members.
  if (told(user.userType)) change.isGuest = folded(user.userType) === 'guest'
  if (told(user.createdDateTime)) change.createdAt = instantOf(user.createdDateTime)
  if (told(user.assignedLicenses)) change.skuIds = skuIdsOf(user.assignedLicenses)
  return change
}

/**
 * The last sign-in that worked; "signInActivity resource type" keeps it since December 2023 only, so before that the last
 * attempt, by a person or on their behalf.
 */
export function signInsOf(rows: WireSignIn[]): SignIn[] {
  return rows.map(({ id, signInActivity: activity }) => {
    const attempts = [activity?.lastSignInDateTime, activity?.lastNonInteractiveSignInDateTime]
      .map(instantOf)
      .filter((at) => at !== null)
      .toSorted()
    return { userId: id, at: instantOf(activity?.lastSuccessfulSignInDateTime) ?? attempts.at(-1) ?? null }
  })
}

/** Entra takes it when somebody is named as their own manager; it says nothing. */
export function managersOf(rows: WireManaged[]): Managed[] {
  return rows.map(({ id, manager }) => {
    const managerId = textOf(manager?.id)
    return { userId: id, managerId: managerId === id ? null : managerId }
  })
}

/** "userPurpose" of "mailboxSettings"; `linked` is a person's whose account is in another forest. */
export function mailboxPurposeOf({ mailboxSettings }: WireMailbox): MailboxPurpose {
  return mailboxPurposeByWord[folded(mailboxSettings?.userPurpose) ?? ''] ?? 'unknown'
}

const mailboxPurposeByWord: Record<string, MailboxPurpose | undefined> = {
  user: 'user',
  linked: 'user',
  shared: 'shared',
  room: 'room',
  equipment: 'equipment',
  others: 'other',
}

/** One page of `GET /groups/delta`, with `members@delta` ("group: delta", section Response). */
export function groupsOf(
  entries: WireGroup[],
  read: UserRead,
): { groups: DirectoryGroupChange[]; removedIds: string[] } {
  const groups = new Map<string, DirectoryGroupChange>()
  const removedIds = new Set<string>()
  for (const entry of entries) {
    if (entry['@removed']) {
      groups.delete(entry.id)
      removedIds.add(entry.id)
    } else {
      removedIds.delete(entry.id)
      groups.set(entry.id, alsoOf(groups.get(entry.id), groupChangeOf(entry, read)))
    }
  }
  return { groups: [...groups.values()], removedIds: [...removedIds] }
}

function groupChangeOf(group: WireGroup, read: UserRead): DirectoryGroupChange {
  const members = group['members@delta'] ?? []
  const change: DirectoryGroupChange = {
    id: group.id,
    members: members.flatMap((member) => (member['@removed'] ? [] : [groupMemberOf(member)])),
    removedMemberIds: members.flatMap((member) => (member['@removed'] ? [member.id] : [])),
  }
  const kind = groupKindOf(group)
  if (kind !== undefined) change.kind = kind
  if (filled(group.displayName)) change.displayName = group.displayName
  // A further page of one group's members says nothing else of it, also in a full read.
  const told = (value: unknown) => value !== undefined || (read === 'full' && kind !== undefined)
  if (told(group.description)) change.description = textOf(group.description)
  if (told(group.mail)) change.mail = textOf(group.mail)
  return change
}

/** What comes of one group twice on a page: the last word on each member counts. */
function alsoOf(before: DirectoryGroupChange | undefined, after: DirectoryGroupChange): DirectoryGroupChange {
  if (before === undefined) return after
  const later = new Set([...after.members.map(({ id }) => id), ...after.removedMemberIds])
  return {
    ...before,
    ...after,
    members: [...before.members.filter(({ id }) => !later.has(id)), ...after.members],
    removedMemberIds: [...before.removedMemberIds.filter((id) => !later.has(id)), ...after.removedMemberIds],
  }
}

/** "Working with groups in Microsoft Graph", section Group types. Undefined when too little is told. */
export function groupKindOf({ groupTypes, mailEnabled, securityEnabled }: WireGroup): GroupKind | undefined {
  if (groupTypes?.some((one) => folded(one) === 'unified') === true) return 'microsoft_365'
  if (typeof mailEnabled !== 'boolean' || typeof securityEnabled !== 'boolean') return undefined
  return mailEnabled && !securityEnabled ? 'distribution' : 'other'
}

function groupMemberOf(member: { id: string; '@odata.type'?: string | null | undefined }): GroupMember {
  switch (folded(member['@odata.type'])) {
    case '#microsoft.graph.user':
      return { id: member.id, kind: 'user' }
    case '#microsoft.graph.group':
      return { id: member.id, kind: 'group' }
    default:
      return { id: member.id, kind: 'other' }
  }
}

export function organisationOf(organisation: WireOrganisation, tenantId: string): Organisation {
  const domains = organisation.verifiedDomains ?? []
  const domain =
    domains.find((one) => one.isDefault && filled(one.name)) ?? domains.find((one) => one.isInitial && filled(one.name))
  const defaultDomain = textOf(domain?.name)
  return { name: textOf(organisation.displayName) ?? defaultDomain ?? tenantId, defaultDomain }
}

/** One row per SKU: a tenant with several commerce accounts lists the same SKU once for each, and their seats add up. */
export function seatsOf(rows: WireSeats[]): SeatCount[] {
  const bySkuId = new Map<string, SeatCount>()
  for (const row of rows) {
    // A row that names no SKU counts nothing that could be shown.
    if (!filled(row.skuId)) continue
    const seats = {
      skuId: row.skuId.toLowerCase(),
      skuPartNumber: row.skuPartNumber ?? '',
      boughtCount: countOf(row.prepaidUnits?.enabled) + countOf(row.prepaidUnits?.warning),
      assignedCount: countOf(row.consumedUnits),
      suspendedCount: countOf(row.prepaidUnits?.suspended),
      status: licenceStatusOf(row.capabilityStatus),
      appliesTo: appliesToOf(row.appliesTo),
    }
    const other = bySkuId.get(seats.skuId)
    bySkuId.set(seats.skuId, other ? together(other, seats) : seats)
  }
  return [...bySkuId.values()]
}

export function subscriptionsOf(rows: WireSubscription[]): Subscription[] {
  return rows.flatMap((row) => {
    if (!filled(row.id) || !filled(row.skuId)) return []
    return {
      id: row.id,
      skuId: row.skuId.toLowerCase(),
      skuPartNumber: row.skuPartNumber ?? '',
      status: licenceStatusOf(row.status),
      seatCount: countOf(row.totalLicenses),
      isTrial: row.isTrial ?? false,
      nextLifecycleAt: instantOf(row.nextLifecycleDateTime),
    }
  })
}

/** A row without a day or without a scale says nothing and is left out; of two on one day the newer stands. */
export function securityScoresOf(rows: WireSecureScore[], dayCountMax: number): SecurityScore[] {
  const newestFirst = rows
    .map((row) => ({ row, at: instantOf(row.createdDateTime) }))
    .toSorted((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))
  const byDay = new Map<string, SecurityScore>()
  for (const { row, at } of newestFirst) {
    const { currentScore: current, maxScore: max } = row
    if (at === null || typeof current !== 'number' || typeof max !== 'number' || current < 0 || max <= 0) continue
    const day = at.slice(0, 10)
    if (!byDay.has(day)) byDay.set(day, { day, current, max, comparison: comparisonOf(row), controls: controlsOf(row) })
  }
  return [...byDay.values()].slice(0, dayCountMax)
}

function controlsOf(row: WireSecureScore): SecurityScore['controls'] {
  return (row.controlScores ?? []).flatMap(({ controlName: id, score }) =>
    filled(id) && typeof score === 'number' ? [{ id, points: Math.max(0, score) }] : [],
  )
}

/** What Microsoft no longer counts, or that gives no points, is left out. */
export function scoreControlsOf(rows: WireScoreControl[]): ScoreControl[] {
  return rows.flatMap((row) => {
    if (!filled(row.id) || row.deprecated === true || typeof row.maxScore !== 'number' || row.maxScore <= 0) return []
    return {
      id: row.id,
      title: plainText(row.title, 300) || row.id,
      category: textOf(row.controlCategory),
      maxPoints: row.maxScore,
      remediation: plainText(row.remediation, 1_500),
    }
  })
}

export function securityAlertsOf(rows: WireAlert[]): SecurityAlert[] {
  return rows
    .flatMap((row): SecurityAlert[] => {
      if (!filled(row.id)) return []
      return [
        {
          id: row.id,
          title: textOf(row.title) ?? textOf(row.category) ?? 'Alert without a title',
          description: plainText(row.description, 1_000) || null,
          category: textOf(row.category),
          severity: severityOf(row.severity),
          status: alertStatusOf(row.status),
          raisedAt:
            instantOf(row.createdDateTime) ?? instantOf(row.firstActivityDateTime) ?? instantOf(row.lastUpdateDateTime),
        },
      ]
    })
    .toSorted((a, b) => (b.raisedAt ?? '').localeCompare(a.raisedAt ?? ''))
}

export function serviceHealthOf(rows: WireHealth[]): ServiceHealth[] {
  return rows.flatMap((row) => {
    const serviceId = textOf(row.id) ?? textOf(row.service)
    if (serviceId === null) return []
    const issue = newestOpenIssue(row.issues ?? [])
    return {
      serviceId,
      service: textOf(row.service) ?? serviceId,
      state: healthStateOf(row.status),
      issueTitle: textOf(issue?.title),
      issueStartedAt: instantOf(issue?.startDateTime),
    }
  })
}

export function serviceIssuesOf(rows: WireServiceIssue[]): ServiceIssue[] {
  return rows
    .flatMap((row): ServiceIssue[] => {
      if (!filled(row.id)) return []
      const state = healthStateOf(row.status)
      const endedAt = instantOf(row.endDateTime)
      const newest = (row.posts ?? [])
        .map((post) => ({ at: instantOf(post.createdDateTime), text: plainText(post.description?.content, 1_500) }))
        .filter((post) => post.text !== '')
        .toSorted((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))
        .at(0)
      return [
        {
          id: row.id,
          title: textOf(row.title) ?? row.id,
          service: textOf(row.service) ?? 'Microsoft 365',
          classification: classificationOf(row.classification),
          state,
          startedAt: instantOf(row.startDateTime),
          endedAt,
          isResolved: row.isResolved ?? (endedAt !== null || state === 'works'),
          latestPost: newest?.text ?? null,
          latestPostAt: newest?.at ?? null,
        },
      ]
    })
    .toSorted((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''))
}

function classificationOf(value: string | null | undefined): ServiceIssue['classification'] {
  switch (folded(value)) {
    case 'incident':
      return 'incident'
    case 'advisory':
      return 'advisory'
    default:
      return 'unknown'
  }
}

/** "serviceHealthIssue resource type", section serviceHealthStatus values. */
export function healthStateOf(status: string | null | undefined): ServiceHealth['state'] {
  switch (folded(status)) {
    case 'serviceoperational':
    case 'servicerestored':
    case 'postincidentreviewpublished':
    case 'falsepositive':
    case 'resolved':
    case 'resolvedexternal':
      return 'works'
    case 'servicedegradation':
    case 'investigating':
    case 'investigationsuspended':
    case 'confirmed':
    case 'reported':
      return 'degraded'
    case 'serviceinterruption':
      return 'interrupted'
    case 'restoringservice':
    case 'verifyingservice':
    case 'extendedrecovery':
    case 'mitigated':
    case 'mitigatedexternal':
      return 'recovering'
    default:
      return 'unknown'
  }
}

/** "subscribedSku resource type", capabilityStatus; "companySubscription resource type", status. */
export function licenceStatusOf(status: string | null | undefined): LicenceStatus {
  switch (folded(status)) {
    case 'enabled':
      return 'enabled'
    case 'warning':
      return 'warning'
    case 'suspended':
      return 'suspended'
    case 'deleted':
      return 'deleted'
    case 'lockedout':
      return 'locked_out'
    default:
      return 'unknown'
  }
}

export function severityOf(severity: string | null | undefined): SecurityAlert['severity'] {
  switch (folded(severity)) {
    case 'informational':
      return 'informational'
    case 'low':
      return 'low'
    case 'medium':
      return 'medium'
    case 'high':
      return 'high'
    default:
      return 'unknown'
  }
}

export function alertStatusOf(status: string | null | undefined): SecurityAlert['status'] {
  switch (folded(status)) {
    case 'new':
      return 'new'
    case 'inprogress':
      return 'in_progress'
    case 'resolved':
      return 'resolved'
    default:
      return 'unknown'
  }
}

/** A moment as ISO 8601 in UTC with milliseconds; null when there is none, 0001-01-01 being .NET's way of saying none. */
export function instantOf(value: string | null | undefined): string | null {
  if (!filled(value) || value.startsWith('0001-')) return null
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

function appliesToOf(value: string | null | undefined): SeatCount['appliesTo'] {
  switch (folded(value)) {
    case 'user':
      return 'user'
    case 'company':
      return 'company'
    default:
      return 'unknown'
  }
}

function together(one: SeatCount, other: SeatCount): SeatCount {
  return {
    ...one,
    boughtCount: one.boughtCount + other.boughtCount,
    assignedCount: one.assignedCount + other.assignedCount,
    suspendedCount: one.suspendedCount + other.suspendedCount,
    status: other.status === 'enabled' ? 'enabled' : one.status,
  }
}

/** Tenants of a like size tell more than all tenants do. */
function comparisonOf(row: WireSecureScore): number | null {
  const averageOf = (basis: string) =>
    row.averageComparativeScores?.find(
      (average) => folded(average.basis) === basis && typeof average.averageScore === 'number',
    )?.averageScore
  return averageOf('totalseats') ?? averageOf('alltenants') ?? null
}

function newestOpenIssue(issues: WireHealthIssue[]): WireHealthIssue | undefined {
  return issues
    .filter((issue) => !(issue.isResolved ?? (filled(issue.endDateTime) || healthStateOf(issue.status) === 'works')))
    .toSorted((a, b) => (instantOf(b.startDateTime) ?? '').localeCompare(instantOf(a.startDateTime) ?? ''))
    .at(0)
}

function skuIdsOf(licences: WireUser['assignedLicenses']): string[] {
  const skuIds = (licences ?? []).map((licence) => licence.skuId).filter(filled)
  return [...new Set(skuIds.map((skuId) => skuId.toLowerCase()))]
}

/** Graph's numbers are 32 bits with a sign; fewer than no seats means none. */
function countOf(value: number | null | undefined): number {
  return Math.max(0, value ?? 0)
}

function textOf(value: string | null | undefined): string | null {
  return filled(value) ? value : null
}

function filled(value: string | null | undefined): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function folded(value: string | null | undefined): string | undefined {
  return value?.toLowerCase()
}
