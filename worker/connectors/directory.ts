/** What Portico reads from one Microsoft 365 tenant, in our words. A Directory is already bound to its tenant. */
export interface Directory {
  organisation(): Promise<Organisation>
  /**
   * One page of people. `undefined` begins a full read; a cursor goes on from where a page ended.
   * The same person may come twice (the last one wins) and a page may be empty.
   */
  users(cursor: string | undefined): Promise<UserPage>
  seats(): Promise<SeatCount[]>
  subscriptions(): Promise<Subscription[]>
  /** One a day, newest first. */
  securityScores(dayCountMax: number): Promise<SecurityScore[]>
  securityAlerts(): Promise<SecurityAlert[]>
  serviceHealth(): Promise<ServiceHealth[]>
}

export type Organisation = { name: string; defaultDomain: string }

export type UserPage =
  | { kind: 'page'; users: DirectoryUser[]; removedIds: string[]; next: { kind: 'more' | 'done'; cursor: string } }
  /** The cursor is too old or unknown: begin again with a full read. */
  | { kind: 'expired' }

export type DirectoryUser = {
  id: string
  displayName: string
  userPrincipalName: string
  mail: string | null
  jobTitle: string | null
  department: string | null
  phone: string | null
  isGuest: boolean
  signInAllowed: boolean
  createdAt: string | null
  skuIds: string[]
}

export type SeatCount = {
  skuId: string
  skuPartNumber: string
  /** Seats that may be assigned: enabled plus those in their warning (grace) period. */
  boughtCount: number
  assignedCount: number
  suspendedCount: number
  status: 'enabled' | 'warning' | 'suspended' | 'deleted' | 'locked_out'
  appliesTo: 'user' | 'company'
}

export type Subscription = {
  id: string
  skuId: string
  skuPartNumber: string
  status: 'enabled' | 'warning' | 'suspended' | 'deleted' | 'locked_out'
  seatCount: number
  isTrial: boolean
  nextLifecycleAt: string | null
}

export type SecurityScore = { day: string; current: number; max: number; comparison: number | null }

export type SecurityAlert = {
  id: string
  title: string
  severity: 'informational' | 'low' | 'medium' | 'high' | 'unknown'
  status: 'new' | 'in_progress' | 'resolved' | 'unknown'
  raisedAt: string
}

export type ServiceHealth = {
  serviceId: string
  service: string
  state: 'works' | 'degraded' | 'interrupted' | 'recovering' | 'unknown'
  /** Microsoft's title of the newest open issue, if any. */
  issueTitle: string | null
  issueStartedAt: string | null
}
