import { and, eq, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { customers, selfServiceDefaults, selfServiceOverrides, staff } from '../../../db/shard/schema.ts'
import { alongside } from '../../http/alongside.ts'
import { firstOrNext, refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, missing } from '../../http/problem.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import { policyOf } from '../../tenancy/policy.ts'
import type { Policy, PolicyRow } from '../../tenancy/policy.ts'
import { revised } from '../../tenancy/revised.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { nothingSaid, rowOf, saidBy, saidInForce, toldChanges } from './said.ts'
import type { Said } from './said.ts'
import type { CustomerSelfServiceInput, SelfServiceInput } from './self-service.schema.ts'

/** A team is smaller than this. */
const STAFF_COUNT_MAX = 500

type StaffRow = Pick<typeof staff.$inferSelect, 'id' | 'name' | 'role' | 'disabled' | 'confirmedAt'>
/** Somebody of the staff, as whoever may be named to approve. */
export type NameableRow = Pick<StaffRow, 'id' | 'name' | 'role'> & { isActive: boolean }

export type SelfServiceFound = { policy: Policy; people: NameableRow[]; version: number }
export type CustomerSelfServiceFound = SelfServiceFound & { said: Said; standard: Policy }

const teamRead = (msp: MspScope) =>
  msp
    .select({
      id: staff.id,
      name: staff.name,
      role: staff.role,
      disabled: staff.disabled,
      confirmedAt: staff.confirmedAt,
    })
    .from(staff)
    .where(msp.mine(staff))
    .limit(STAFF_COUNT_MAX)

/** What customers' people do by themselves, unless their own policy says otherwise. */
export const selfServiceReads = alongside((msp) => [
  msp
    .select()
    .from(selfServiceDefaults)
    .where(msp.mine(selfServiceDefaults, eq(selfServiceDefaults.id, msp.mspId))),
  teamRead(msp),
])

export const selfServiceIn = ([[row], team]: AnswersOf<typeof selfServiceReads.reads>): SelfServiceFound => {
  const policy = policyOf(row)
  return { policy, people: nameable(team, policy.approverIds), version: row?.version ?? 0 }
}

/** Replaces it; it holds from everybody's next click on. Problems: `stale`; `invalid` at /approverIds/… for who may not be named. */
export const saveSelfService = async (
  msp: MspScope,
  read: AnswersOf<typeof selfServiceReads.reads>,
  input: z.infer<typeof SelfServiceInput>,
  wanted: Expected,
): Promise<SelfServiceFound> => {
  const [[row], team] = read
  refuseUnexpected(row ?? { version: 0 }, wanted)
  const known = saidInForce(policyOf(row))
  refuseUnable(team, known.approverIds, input.approverIds)
  const before = { ...rowOf(known), version: row?.version ?? 0 }
  const after = revised(before, rowOf(input))
  if (after === before) return selfServiceIn(read)
  await firstOrNext(() =>
    msp.commit(
      { action: 'settings.self_service_changed', subject: { kind: 'settings', id: msp.mspId, name: 'Self-service' } },
      row === undefined
        ? msp.add(selfServiceDefaults, { id: msp.mspId, ...inRow(after) })
        : msp.changeWhere(selfServiceDefaults, row.id, eq(selfServiceDefaults.version, row.version), inRow(after)),
      msp.telling(...toldChanges(known, saidBy(after), namesIn(team))),
    ),
  )
  return { policy: policyOf(after), people: nameable(team, after.approverIds), version: after.version }
}

/** What a customer's people do by themselves: what it has otherwise, the default, and what comes of both. */
export const customerSelfServiceReads = alongside((msp, { customerId = '' }) => [
  msp
    .select({ id: customers.id, name: customers.name })
    .from(customers)
    .where(msp.mine(customers, eq(customers.id, customerId))),
  msp
    .select()
    .from(selfServiceOverrides)
    .where(
      // What a merge brought along of another customer is not theirs: its id says so.
      msp.mine(
        selfServiceOverrides,
        and(eq(selfServiceOverrides.customerId, customerId), eq(selfServiceOverrides.id, customerId)),
      ),
    ),
  ...selfServiceReads.reads(msp, {}),
])

/** Problem `missing`. */
export const customerSelfServiceIn = ([[customer], [own], [standard], team]: AnswersOf<
  typeof customerSelfServiceReads.reads
>): CustomerSelfServiceFound => {
  if (customer === undefined) throw missing('customer')
  return foundOf(own ?? { ...nothingSaid, version: 0 }, standard, team)
}

/**
 * Replaces what a customer has otherwise; it holds from its people's next click on. Problems: `missing`; `stale`; `invalid` at
 * /approverIds/… for who may not be named; `conflict` when archived.
 */
export const saveCustomerSelfService = async (
  msp: MspScope,
  [[itself], [row], [standard], team]: AnswersOf<typeof customerSelfServiceReads.reads>,
  input: z.infer<typeof CustomerSelfServiceInput>,
  wanted: Expected,
): Promise<CustomerSelfServiceFound> => {
  if (itself === undefined) throw missing('customer')
  refuseUnexpected(row ?? { version: 0 }, wanted)
  const known = saidBy(row ?? nothingSaid)
  refuseUnable(team, known.approverIds, input.approverIds)
  const before = { ...rowOf(known), version: row?.version ?? 0 }
  const after = revised(before, rowOf(input))
  if (after === before) return foundOf(before, standard, team)
  const customer = msp.forCustomer(itself.id)
  await firstOrNext(() =>
    customer.commit(
      { action: 'customer.self_service_changed', subject: { kind: 'customer', id: itself.id, name: itself.name } },
      row === undefined
        ? customer.add(selfServiceOverrides, { id: itself.id, ...inRow(after) })
        : customer.changeWhere(
            selfServiceOverrides,
            row.id,
            eq(selfServiceOverrides.version, row.version),
            inRow(after),
          ),
      customer.telling(...toldChanges(known, saidBy(after), namesIn(team))),
    ),
  )
  return foundOf(after, standard, team)
}

type Kept = PolicyRow & { version: number }

const foundOf = (own: Kept, standardRow: PolicyRow | undefined, team: StaffRow[]): CustomerSelfServiceFound => {
  const [policy, standard] = [policyOf(own, standardRow), policyOf(standardRow)]
  const named = [...(own.approverIds ?? []), ...(standard.approverIds ?? [])]
  return { said: saidBy(own), standard, policy, people: nameable(team, named), version: own.version }
}

/** As SQL, so that the activity tells it in words and not as the row has it. */
const inRow = ({ choices, customerApproves, approverRole, approverIds, waitDays, version }: Kept) => ({
  choices: sqlOf(JSON.stringify(choices)),
  customerApproves: sqlOf(customerApproves === null ? null : Number(customerApproves)),
  approverRole: sqlOf(approverRole),
  approverIds: sqlOf(approverIds === null ? null : JSON.stringify(approverIds)),
  waitDays: sqlOf(waitDays),
  version,
})

const sqlOf = (value: string | number | null) => sql`${value}`

const mayBeNamed = ({ role, disabled, confirmedAt }: StaffRow): boolean =>
  role !== 'viewer' && !disabled && confirmedAt !== null

/** Whoever was named before may stay so: somebody who is blocked approves nothing, and a save of something else is not theirs. */
const refuseUnable = (team: StaffRow[], before: string[] | null, chosen: string[] | null): void => {
  const able = new Set([...team.filter(mayBeNamed).map(({ id }) => id), ...(before ?? [])])
  const errors = (chosen ?? []).flatMap((id, place) =>
    able.has(id)
      ? []
      : [{ pointer: `/approverIds/${place}`, detail: 'Choose active staff who are at least technicians.' }],
  )
  if (errors.length > 0) throw new Problem('invalid', 'Not everybody who is named can approve.', { errors })
}

const nameable = (team: StaffRow[], named: string[] | null): NameableRow[] =>
  team
    .filter((person) => mayBeNamed(person) || named?.includes(person.id) === true)
    .map((person) => ({ id: person.id, name: person.name, role: person.role, isActive: mayBeNamed(person) }))
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en'))

const namesIn = (team: StaffRow[]) => {
  const names = new Map(team.map(({ id, name }) => [id, name]))
  return (id: string) => names.get(id) ?? 'somebody who is gone'
}
