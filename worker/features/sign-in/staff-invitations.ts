import { and, eq, gt, isNull } from 'drizzle-orm'
import { msps, sessions, staff, staffInvitations } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { Problem, missing } from '../../http/problem.ts'
import { nobody } from '../../http/session.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { newHashByLink } from './password-change.ts'
import { readPlacedToken } from './placed-token.ts'
import { scopeFor, startStaffSession } from './sign-in.ts'
import type { Caller, SignedIn } from './sign-in.ts'

/** What an invitation to the staff says to who holds its link. Problems: `missing` (unknown), `gone` (used, expired, withdrawn). */
export const lookUpStaffInvitation = async (caller: Caller, token: string) => {
  const { person, invitation, companyName } = await openInvitation(caller, token)
  const expiresAt = new Date(invitation.expiresAt).toISOString()
  return { name: person.name, email: person.email, companyName, expiresAt, signInWith: 'password' as const }
}

/**
 * Sets the first password and signs in, spending the invitation in the same commit. Problems: `missing`, `gone`, `throttled`,
 * `invalid` at /password.
 */
export const acceptStaffInvitation = async (caller: Caller, token: string, password: string): Promise<SignedIn> => {
  const { place, person, invitation, companyName } = await openInvitation(caller, token)
  const owner = { name: person.name, email: person.email, companyName }
  const { passwordHash, forgive } = await newHashByLink(caller, token, password, owner)
  const isOpen = and(
    isNull(staffInvitations.consumedAt),
    isNull(staffInvitations.revokedAt),
    gt(staffInvitations.expiresAt, now()),
  )
  try {
    const signedIn = await startStaffSession(caller, place, person, 'staff.accepted_invitation', (msp) => [
      msp.change(staff, person, { passwordHash, confirmedAt: now() }),
      msp.changeWhere(staffInvitations, invitation.id, isOpen, { consumedAt: now() }),
      msp.removeWhere(sessions, eq(sessions.staffId, person.id)),
    ])
    caller.later(forgive)
    return signedIn
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') throw usedUp()
    throw error
  }
}

const openInvitation = async (caller: Caller, token: string) => {
  const place = readPlacedToken(caller.environment, token)
  if (place === undefined) throw missing('invitation')
  const msp = scopeFor(caller, place, nobody)
  const [row] = await msp
    .select({ invitation: staffInvitations, person: staff, companyName: msps.name })
    .from(staffInvitations)
    .innerJoin(staff, and(eq(staff.mspId, staffInvitations.mspId), eq(staff.id, staffInvitations.staffId)))
    .innerJoin(msps, eq(msps.mspId, staffInvitations.mspId))
    .where(msp.mine(staffInvitations, eq(staffInvitations.tokenHash, await hashOf(place.secret))))
  if (row === undefined) throw missing('invitation')
  const { invitation, person } = row
  if (invitation.consumedAt !== null || person.confirmedAt !== null) throw usedUp()
  if (invitation.revokedAt !== null || invitation.expiresAt <= now() || person.disabled) throw tooLate()
  if (await isElsewhere(caller, person.email, place.mspId)) throw tooLate()
  return { place, ...row }
}

/** Whoever was invited and began a team of their own instead has the address there. */
const isElsewhere = async ({ environment }: Caller, email: string, mspId: string): Promise<boolean> =>
  (await environment.directory
    .prepare(`select 1 from staff_emails where email = ? and msp_id <> ?`)
    .bind(email, mspId)
    .first()) !== null

const usedUp = () => new Problem('gone', 'This invitation has been used. Sign in with the password that was set then.')
const tooLate = () => new Problem('gone', 'This invitation is no longer valid. Ask for a new one.')
