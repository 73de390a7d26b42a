import { and, eq, gt } from 'drizzle-orm'
import { pendingSignIns, staff } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { Problem } from '../../http/problem.ts'
import { nobody } from '../../http/session.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { secondStepBy, wrongCode } from '../two-step/index.ts'
import { attemptKeys, countAttempt, doorOf, forgiveAttempts } from './attempts.ts'
import { readPlacedToken } from './placed-token.ts'
import { scopeFor, startStaffSession } from './sign-in.ts'
import type { Caller, SignedIn } from './sign-in.ts'

/**
 * Signs in by the code of an authenticator app or a recovery code, once the password was right. Both what was waiting
 * and the code are used up in the commit. Problems: `gone` when it took too long; `invalid` at /code; `throttled`.
 */
export const signInByCode = async (caller: Caller, token: string, code: string): Promise<SignedIn> => {
  const { environment, place } = caller
  const placed = readPlacedToken(environment, token)
  if (placed === undefined) throw tooLate()
  const msp = scopeFor(caller, placed, nobody)
  const pendingId = await hashOf(placed.secret)
  const isPending = and(
    eq(pendingSignIns.id, pendingId),
    eq(pendingSignIns.host, place.host),
    gt(pendingSignIns.expiresAt, now()),
  )
  const [row] = await msp
    .select({ person: staff })
    .from(pendingSignIns)
    .innerJoin(staff, and(eq(staff.mspId, pendingSignIns.mspId), eq(staff.id, pendingSignIns.staffId)))
    .where(msp.mine(pendingSignIns, isPending))
  if (row === undefined || row.person.disabled) throw tooLate()
  const { person } = row
  const keys = await attemptKeys(environment, doorOf(place), person.id, caller.address, 'two-step code')
  await countAttempt(environment, keys)
  const proof = await secondStepBy(environment, msp, person, code)
  if (proof === undefined) throw wrongCode('/code')
  try {
    const signedIn = await startStaffSession(caller, placed, person, 'staff.signed_in_by_code', (own) => [
      own.changeWhere(staff, person.id, eq(staff.disabled, false), { lastSignInAt: now() }),
      // Used up by being changed to what is over: of two at once, the other one finds it so.
      own.changeWhere(pendingSignIns, pendingId, isPending, { expiresAt: 0 }),
      proof,
    ])
    caller.later(() => forgiveAttempts(environment, keys))
    return signedIn
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') throw wrongCode('/code')
    throw error
  }
}

const tooLate = () => new Problem('gone', 'This took too long. Sign in with your password again.')
