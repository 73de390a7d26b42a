import { requestTypes, selfServiceReads } from '../../../db/shard/schema.ts'
import type { RequestMode, RequestType, SelfServiceChoices, SelfServiceRead } from '../../../db/shard/schema.ts'
import type { Policy, PolicyRow } from '../../tenancy/policy.ts'
import type { FieldChange } from '../../tenancy/scope.ts'

type ReadMode = 'off' | 'direct'
type Asker = Policy['askers'][RequestType]
/** What of a policy is said beside what its people do: a customer's own may leave any of it to the default. */
type Approvals = Omit<PolicyRow, 'choices'>

/** A policy as programs say it: what people do by themselves is one list, reads and forms together; null is as the default. */
export type Said = Approvals & {
  actions: Record<SelfServiceRead, ReadMode | null> & Record<RequestType, RequestMode | null>
  askers: Record<RequestType, Asker | null>
}
export type SaidInForce = Omit<Policy, 'reads' | 'modes'> & {
  actions: Record<SelfServiceRead, ReadMode> & Record<RequestType, RequestMode>
}

export const nothingSaid: PolicyRow = {
  choices: { reads: {}, modes: {}, askers: {} },
  customerApproves: null,
  approverRole: null,
  approverIds: null,
  waitDays: null,
}

/** What is in force, as it is said. */
export const saidInForce = ({ reads, modes, askers, ...approvals }: Policy): SaidInForce => ({
  actions: { ...ofEach(selfServiceReads, (read) => modeOf(reads[read])), ...modes },
  askers,
  ...approvals,
})

/** What a row says. */
export const saidBy = ({ choices: { reads, modes, askers }, ...row }: PolicyRow): Said => ({
  actions: {
    ...ofEach(selfServiceReads, (read) => (reads[read] === undefined ? null : modeOf(reads[read]))),
    ...ofEach(requestTypes, (type) => modes[type] ?? null),
  },
  askers: ofEach(requestTypes, (type) => askers[type] ?? null),
  customerApproves: row.customerApproves,
  approverRole: row.approverRole,
  approverIds: row.approverIds,
  waitDays: row.waitDays,
})

/** What is kept of it: the same is the same value, in whatever order it was said. */
export const rowOf = ({ actions, askers, ...approvals }: Said): PolicyRow => ({
  choices: {
    reads: chosen(selfServiceReads, (read) => (actions[read] === null ? null : actions[read] === 'direct')),
    modes: chosen(requestTypes, (type) => actions[type]),
    askers: chosen(requestTypes, (type) => askers[type]),
  } satisfies SelfServiceChoices,
  customerApproves: approvals.customerApproves,
  approverRole: approvals.approverRole,
  approverIds: approvals.approverIds === null ? null : [...new Set(approvals.approverIds)].toSorted(),
  waitDays: approvals.waitDays,
})

/** What a customer's own says where it leaves something to the default. */
const STANDARD = 'standard'

/** What is told of a change: each thing by itself, and people by their names. */
export const toldChanges = (before: Said, after: Said, nameOf: (staffId: string) => string): FieldChange[] => {
  const told = (said: Said): Record<string, unknown> => ({
    ...said.actions,
    ...Object.fromEntries(Object.entries(said.askers).map(([type, asker]) => [`${type}_askers`, asker])),
    customerApproves: said.customerApproves,
    approverRole: said.approverRole,
    approvers: said.approverIds?.map(nameOf) ?? (said.approverRole === null ? null : 'everybody'),
    waitDays: said.waitDays,
  })
  const [was, is] = [told(before), told(after)]
  return Object.keys(is).flatMap((field) =>
    JSON.stringify(was[field]) === JSON.stringify(is[field])
      ? []
      : [{ table: 'self_service', field, before: was[field] ?? STANDARD, after: is[field] ?? STANDARD }],
  )
}

const modeOf = (isOn: boolean): ReadMode => (isOn ? 'direct' : 'off')

const ofEach = <Key extends string, Value>(keys: readonly Key[], of: (key: Key) => Value): Record<Key, Value> =>
  Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<Key, Value>

const chosen = <Key extends string, Value>(
  keys: readonly Key[],
  of: (key: Key) => Value | null,
): Partial<Record<Key, Value>> =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const value = of(key)
      return value === null ? [] : [[key, value]]
    }),
  ) as Partial<Record<Key, Value>>
