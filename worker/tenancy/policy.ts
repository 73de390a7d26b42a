import { and, eq, sql } from 'drizzle-orm'
import type { Placeholder } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { requestTypes, selfServiceDefaults, selfServiceOverrides, selfServiceReads } from '../../db/shard/schema.ts'
import type { RequestMode, RequestType, SelfServiceRead, approverRoles, requestAskers } from '../../db/shard/schema.ts'
import type { StaffRole } from './permissions.ts'

/** What a company's people do by themselves, and how what they ask for is approved (product.md, A50 and decisions 6 and 7). */
export type Policy = {
  reads: Record<SelfServiceRead, boolean>
  modes: Record<RequestType, RequestMode>
  askers: Record<RequestType, (typeof requestAskers)[number]>
  customerApproves: boolean
  approverRole: (typeof approverRoles)[number]
  approverIds: string[] | null
  waitDays: number
}

/** A row of the MSP's default or of a customer's own, as far as it is read. */
export type PolicyRow = Pick<
  typeof selfServiceDefaults.$inferSelect,
  'choices' | 'customerApproves' | 'approverRole' | 'approverIds' | 'waitDays'
>

/** What holds for an MSP that has said nothing (product.md, A50). */
export const usualPolicy: Policy = {
  reads: { see_directory: true, see_licences: true, download_reports: true, create_tickets: true },
  modes: {
    new_user: 'approval',
    offboarding: 'approval',
    password_reset: 'approval',
    licence_change: 'approval',
    group_change: 'approval',
  },
  askers: {
    new_user: 'everybody',
    offboarding: 'everybody',
    password_reset: 'everybody',
    licence_change: 'everybody',
    group_change: 'everybody',
  },
  customerApproves: false,
  approverRole: 'technician',
  approverIds: null,
  waitDays: 14,
}

/** Somebody leaving is never direct (decision 6). */
export const modesOf = (type: RequestType): readonly RequestMode[] =>
  type === 'offboarding' ? ['off', 'approval'] : ['off', 'direct', 'approval']

/**
 * Both rows of a customer's policy, for a select that has it joined: each is one column, so that it fits beside whatever else is
 * read. `policyIn` makes of them what is in force.
 */
export const policyColumns = () => ({
  ownPolicy: saidBy(selfServiceOverrides).as('own_policy'),
  standardPolicy: saidBy(selfServiceDefaults).as('standard_policy'),
})

/** What joins the customer's own: what a merge brought along of another customer is not theirs, its id says so. */
export const ownPolicyOf = (mspId: SQLiteColumn, customerId: SQLiteColumn | Placeholder) =>
  and(
    eq(selfServiceOverrides.mspId, mspId),
    eq(selfServiceOverrides.customerId, customerId),
    eq(selfServiceOverrides.id, customerId),
  )

/** What joins the MSP's default. */
export const standardPolicyOf = (mspId: SQLiteColumn) =>
  and(eq(selfServiceDefaults.mspId, mspId), eq(selfServiceDefaults.id, mspId))

export const policyIn = ({
  ownPolicy,
  standardPolicy,
}: {
  ownPolicy: PolicyRow | null
  standardPolicy: PolicyRow | null
}): Policy => policyOf(ownPolicy, standardPolicy)

const saidBy = (row: typeof selfServiceDefaults | typeof selfServiceOverrides) =>
  sql<PolicyRow | null>`case when ${row.id} is not null then json_object('choices', json(${row.choices}), 'customerApproves', ${row.customerApproves}, 'approverRole', ${row.approverRole}, 'approverIds', json(${row.approverIds}), 'waitDays', ${row.waitDays}) end`.mapWith(
    readSaid,
  )

/** As the database writes it: it knows no booleans. */
const readSaid = (text: string): PolicyRow => {
  const said = JSON.parse(text) as Omit<PolicyRow, 'customerApproves'> & { customerApproves: number | null }
  return { ...said, customerApproves: said.customerApproves === null ? null : said.customerApproves === 1 }
}

/** What is in force: a customer's own choice, else the MSP's default, else what is usual; each for itself. */
export const policyOf = (...rows: (PolicyRow | null | undefined)[]): Policy => {
  const [own, standard] = rows
  return under(own, under(standard, usualPolicy))
}

const under = (row: PolicyRow | null | undefined, below: Policy): Policy => {
  if (row === undefined || row === null) return below
  const { reads, modes, askers } = row.choices
  return {
    reads: chosen(selfServiceReads, reads, below.reads),
    modes: chosen(requestTypes, modes, below.modes),
    askers: chosen(requestTypes, askers, below.askers),
    customerApproves: row.customerApproves ?? below.customerApproves,
    // Whom to ask goes together: a role that is chosen is not narrowed by names from below it.
    ...(row.approverRole === null
      ? { approverRole: below.approverRole, approverIds: below.approverIds }
      : { approverRole: row.approverRole, approverIds: row.approverIds }),
    waitDays: row.waitDays ?? below.waitDays,
  }
}

const chosen = <Key extends string, Value>(
  keys: readonly Key[],
  own: Partial<Record<Key, Value>>,
  below: Record<Key, Value>,
): Record<Key, Value> => Object.fromEntries(keys.map((key) => [key, own[key] ?? below[key]])) as Record<Key, Value>

/** What somebody of a company may ask for by a form. Nobody asks for licences who is not shown what there is. */
export const mayAsk = (
  { reads, modes, askers }: Pick<Policy, 'reads' | 'modes' | 'askers'>,
  isPortalAdmin: boolean,
  type: RequestType,
): boolean =>
  modes[type] !== 'off' &&
  (isPortalAdmin || (askers[type] === 'everybody' && (type !== 'licence_change' || reads.see_licences)))

const ROLES: readonly StaffRole[] = ['viewer', 'technician', 'admin', 'owner']

/**
 * Whether a member of staff may approve for the MSP. Where people are named, they may, and owners beside them, so that nothing
 * waits for somebody who has left.
 */
export const mayApprove = (
  { approverRole, approverIds }: Pick<Policy, 'approverRole' | 'approverIds'>,
  { staffId, role }: { staffId: string; role: StaffRole },
): boolean =>
  role === 'viewer'
    ? false
    : approverIds === null
      ? ROLES.indexOf(role) >= ROLES.indexOf(approverRole)
      : role === 'owner' || approverIds.includes(staffId)
