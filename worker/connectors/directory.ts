/** So long Microsoft tells of alerts: what becomes of an older one is never heard. */
export const ALERTS_TOLD_MS = 90 * 86_400_000

/** What Portico reads from one Microsoft 365 tenant, in our words. A Directory is already bound to its tenant. */
export interface Directory {
  organisation(): Promise<Organisation>
  /**
   * One page of people. `undefined` begins a full read; a cursor goes on from where a page ended.
   * A page may be empty without being the last. The same person may come again on a later page: apply in order.
   * Within one page an id stands once, either among `users` or among `removedIds`.
   */
  users(cursor: string | undefined): Promise<UserPage>
  /** All pages or a fault. A service in trouble may still answer with nothing at all, so an empty list is no proof that all was returned. */
  seats(): Promise<SeatCount[]>
  /** All pages or a fault; an empty list as with seats. */
  subscriptions(): Promise<Subscription[]>
  /** At most one a day, newest first. */
  securityScores(dayCountMax: number): Promise<SecurityScore[]>
  /** What was raised in `ALERTS_TOLD_MS`, newest first, at most 1,000. An alert that no longer comes is not thereby resolved. */
  securityAlerts(): Promise<SecurityAlert[]>
  serviceHealth(): Promise<ServiceHealth[]>
  /**
   * One page of when people last signed in, of everybody there is. Slow, and not told at all to some tenants: throws
   * NotTold then.
   */
  signIns(cursor: string | undefined): Promise<SignInPage>
  /** One page of who is whose manager, of everybody there is. Throws NotTold without the permission. */
  managers(cursor: string | undefined): Promise<ManagerPage>
  /** One page of groups with their members, as with people. Throws NotTold without the permission. */
  groups(cursor: string | undefined): Promise<GroupPage>
  /**
   * What the mailbox of one person is for: one request each. Throws NotTold without the permission. `refused`: this mailbox may not
   * be read; whether others may, the next one tells.
   */
  mailboxPurpose(userId: string): Promise<MailboxPurpose | 'refused'>
  /** What an organisation can do for its score, whether it has done so or not. */
  scoreControls(): Promise<ScoreControl[]>
  /** Incidents and advisories that changed since a moment (milliseconds since 1970), the newest start first, at most 500. */
  serviceIssues(sinceMs: number): Promise<ServiceIssue[]>
}

export type Organisation = {
  /** Never blank: the tenant's default domain, or else its id, stands in for a missing name. */
  name: string
  defaultDomain: string | null
}

export type UserPage =
  | { kind: 'page'; users: DirectoryUserChange[]; removedIds: string[]; next: NextPage }
  /** The cursor is too old or unknown: begin again with a full read. Never the answer to a full read's first page. */
  | { kind: 'expired' }

export type NextPage =
  | { kind: 'more'; cursor: string }
  /** The read is whole. The cursor asks for what changes from here on. */
  | { kind: 'done'; cursor: string }
  /**
   * The answer named neither a next page nor an end, so nobody knows whether it is whole.
   * Keep what came, treat nobody as gone, and begin with a full read next time.
   */
  | { kind: 'broken_off' }

export type DirectoryUser = {
  id: string
  /** Never blank. */
  displayName: string
  /** Empty only when we were not told; every account has one. */
  userPrincipalName: string
  mail: string | null
  jobTitle: string | null
  department: string | null
  businessPhone: string | null
  mobilePhone: string | null
  isGuest: boolean
  signInAllowed: boolean
  createdAt: string | null
  /** Lower case, each once. */
  skuIds: string[]
}

/**
 * A person as a page tells of them: a property that is absent is unchanged, which is neither null nor false nor empty.
 * A full read leaves nothing open that it can know: what the vendor left out there is null, false or empty.
 * For somebody not seen before, `asNewUser` says what absence means.
 */
export type DirectoryUserChange = { id: string } & {
  [Property in keyof Omit<DirectoryUser, 'id'>]?: DirectoryUser[Property]
}

/** Somebody seen for the first time. */
export function asNewUser(change: DirectoryUserChange): DirectoryUser {
  return {
    id: change.id,
    displayName: change.displayName ?? change.userPrincipalName ?? change.mail ?? change.id,
    userPrincipalName: change.userPrincipalName ?? '',
    mail: change.mail ?? null,
    jobTitle: change.jobTitle ?? null,
    department: change.department ?? null,
    businessPhone: change.businessPhone ?? null,
    mobilePhone: change.mobilePhone ?? null,
    isGuest: change.isGuest ?? false,
    // The ordinary state of an account; "blocked" is only ever what we were told.
    signInAllowed: change.signInAllowed ?? true,
    createdAt: change.createdAt ?? null,
    skuIds: change.skuIds ?? [],
  }
}

/** Somebody known already. */
export function withChange(user: DirectoryUser, change: DirectoryUserChange): DirectoryUser {
  return { ...user, ...change }
}

export type SignInPage =
  | { kind: 'page'; signIns: SignIn[]; next: { kind: 'more'; cursor: string } | { kind: 'done' } }
  /** The cursor is too old or unknown: begin again. Never the answer to a first page. */
  | { kind: 'expired' }

/** `at` null: Microsoft knows of no sign-in. */
export type SignIn = { userId: string; at: string | null }

export type ManagerPage =
  | { kind: 'page'; managed: Managed[]; next: { kind: 'more'; cursor: string } | { kind: 'done' } }
  /** The cursor is too old or unknown: begin again. Never the answer to a first page. */
  | { kind: 'expired' }

/** `managerId` null: nobody. Never their own; it may be nobody's among the people, such as a contact's of the organisation. */
export type Managed = { userId: string; managerId: string | null }

export type GroupPage =
  | { kind: 'page'; read: 'full' | 'changes'; groups: DirectoryGroupChange[]; removedIds: string[]; next: NextPage }
  | { kind: 'expired' }

/** `other`: groups that nobody writes to, or that open doors as well. */
export type GroupKind = 'distribution' | 'microsoft_365' | 'other'
export type GroupMember = { id: string; kind: 'user' | 'group' | 'other' }

/** A property that is absent is unchanged. A large group comes on several pages, each with more of its members. */
export type DirectoryGroupChange = {
  id: string
  kind?: GroupKind
  /** Never blank. */
  displayName?: string
  description?: string | null
  mail?: string | null
  members: GroupMember[]
  removedMemberIds: string[]
}

/** `none`: there is no mailbox, or not this person any more. `other`: Microsoft has no name for it. `unknown`: it does not say. */
export type MailboxPurpose = 'user' | 'shared' | 'room' | 'equipment' | 'other' | 'none' | 'unknown'

export type LicenceStatus = 'enabled' | 'warning' | 'suspended' | 'deleted' | 'locked_out' | 'unknown'

export type SeatCount = {
  /** Lower case. */
  skuId: string
  skuPartNumber: string
  /** Seats that may be assigned: enabled plus those in their warning (grace) period. */
  boughtCount: number
  /** May exceed what was bought. */
  assignedCount: number
  suspendedCount: number
  status: LicenceStatus
  appliesTo: 'user' | 'company' | 'unknown'
}

export type Subscription = {
  id: string
  /** Lower case. */
  skuId: string
  skuPartNumber: string
  status: LicenceStatus
  seatCount: number
  isTrial: boolean
  nextLifecycleAt: string | null
}

export type SecurityScore = {
  /** YYYY-MM-DD, in UTC. */
  day: string
  current: number
  max: number
  /**
   * What comparable tenants reach on average, in percent of what they could. Microsoft's page ("averageComparativeScore")
   * names no unit; tools that show it beside Microsoft's own pages read percent.
   */
  comparison: number | null
  /** Points by control. */
  controls: { id: string; points: number }[]
}

export type ScoreControl = {
  id: string
  /** Never blank. */
  title: string
  /** Of Microsoft's making, such as `Identity`. */
  category: string | null
  maxPoints: number
  /** What to do, as plain text; empty when Microsoft does not say. */
  remediation: string
}

export type SecurityAlert = {
  id: string
  title: string
  description: string | null
  /** Of Microsoft's making, such as `InitialAccess`. */
  category: string | null
  severity: 'informational' | 'low' | 'medium' | 'high' | 'unknown'
  status: 'new' | 'in_progress' | 'resolved' | 'unknown'
  /** null: we were not told. */
  raisedAt: string | null
}

export type ServiceHealth = {
  serviceId: string
  service: string
  state: 'works' | 'degraded' | 'interrupted' | 'recovering' | 'unknown'
  /** Microsoft's title of the newest open issue, if any. */
  issueTitle: string | null
  issueStartedAt: string | null
}

export type ServiceIssue = {
  id: string
  title: string
  service: string
  classification: 'incident' | 'advisory' | 'unknown'
  state: ServiceHealth['state']
  startedAt: string | null
  /** null: it goes on, or we were not told. */
  endedAt: string | null
  isResolved: boolean
  /** What Microsoft wrote last, as plain text; null when it wrote nothing. */
  latestPost: string | null
  latestPostAt: string | null
}
