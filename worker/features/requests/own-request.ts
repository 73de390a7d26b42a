import type { StaffRole } from '../../tenancy/permissions.ts'
import { mayApprove } from '../../tenancy/policy.ts'
import type { Policy } from '../../tenancy/policy.ts'

export type Colleague = { id: string; name: string; email: string; role: StaffRole }

/** Who is behind a request: whoever asked, by their address, and who of the staff wrote it down for them. */
export type Behind = { raisedBy: string | null; requesterEmail: string | null }

/** Whether a request is somebody's of the staff: they wrote it down, or are the contact who asked, by the same address. */
export const isOwnOf = (
  { id, email }: Pick<Colleague, 'id' | 'email'>,
  { raisedBy, requesterEmail }: Behind,
): boolean => id === raisedBy || email.toLowerCase() === requesterEmail?.toLowerCase()

/** Who of the staff may approve a request: never whose own it is, unless there is nobody else who may, as in a team of one. */
export const approvingOf = <Person extends Colleague>(
  policy: Policy,
  colleagues: readonly Person[],
  behind: Behind,
): Person[] => {
  const all = colleagues.filter(({ id, role }) => mayApprove(policy, { staffId: id, role }))
  const others = all.filter((colleague) => !isOwnOf(colleague, behind))
  return others.length === 0 ? all : others
}
