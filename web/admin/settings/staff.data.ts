import { api, body, ifMatch } from '../../api/client.ts'
import type { StaffInput, StaffMember } from '../../api/shapes.ts'
import type { StaffRole } from '../../boot.ts'

export type { StaffInput, StaffMember }

const of = (member: StaffMember) => ({ params: { path: { staffId: member.id } }, headers: ifMatch(member.version) })

export async function listStaff(): Promise<StaffMember[]> {
  return body(await api.GET('/api/msp-portal/staff')).items
}

/** Throws 422 at /email when somebody has it, 403 when only owners may. */
export async function inviteStaff(input: StaffInput): Promise<StaffMember> {
  return body(await api.POST('/api/msp-portal/staff', { body: input }))
}

export async function inviteStaffAgain(member: StaffMember): Promise<void> {
  await api.POST('/api/msp-portal/staff/{staffId}/invitation', { params: { path: { staffId: member.id } } })
}

export async function withdrawInvitation(member: StaffMember): Promise<void> {
  await api.DELETE('/api/msp-portal/staff/{staffId}/invitation', of(member))
}

/** Throws 409 for the last owner, 403 when only owners may, 412 when somebody else was faster. */
export async function changeStaffRole(member: StaffMember, role: StaffRole): Promise<StaffMember> {
  return body(await api.PUT('/api/msp-portal/staff/{staffId}/role', { ...of(member), body: { role } }))
}

export async function blockStaff(member: StaffMember): Promise<void> {
  await api.PUT('/api/msp-portal/staff/{staffId}/block', of(member))
}

export async function unblockStaff(member: StaffMember): Promise<void> {
  await api.DELETE('/api/msp-portal/staff/{staffId}/block', of(member))
}
