import { and, eq, inArray, isNotNull, isNull, not, sql } from 'drizzle-orm'
import { msps, pendingSignIns, recoveryCodes, sessions, staff } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import type { House, StaffPerson } from '../../http/app.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, invalidField } from '../../http/problem.ts'
import { mustUseTwoStep } from '../../http/session.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { isNewlySealed, open, seal } from '../../tenancy/seal.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import { newTotpSecret, otpauthOf, stepOf } from './totp.ts'

type StaffRow = typeof staff.$inferSelect

export const RECOVERY_CODE_COUNT = 10
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz'
const CODE_LENGTH = 16

export type TwoStep = { since: number | null; recoveryCodeCount: number; isRequired: boolean }

/** How somebody's own second step stands. */
export const readTwoStep = async (msp: MspScope, { staffId }: StaffPerson): Promise<TwoStep> => {
  const [[row], [left]] = await msp.readAll([
    msp
      .select({ role: staff.role, since: staff.twoStepSince, required: msps.twoStepRequired })
      .from(staff)
      .innerJoin(msps, eq(msps.mspId, staff.mspId))
      .where(msp.mine(staff, eq(staff.id, staffId))),
    msp
      .select({ count: sql<number>`count(*)` })
      .from(recoveryCodes)
      .where(msp.mine(recoveryCodes, and(eq(recoveryCodes.staffId, staffId), isNull(recoveryCodes.usedAt)))),
  ])
  if (row === undefined) throw new Error('Somebody is signed in who is not there.')
  const isRequired = mustUseTwoStep(row.role, row.required)
  return { since: row.since, recoveryCodeCount: left?.count ?? 0, isRequired }
}

/**
 * Begins to set it up, for who has proved their password: a new secret, shown this once and kept sealed until a code of it
 * proves that an app has it. Problem `conflict` when it is on.
 */
export const beginTwoStep = async (
  environment: Environment,
  msp: MspScope,
  house: House,
  person: StaffPerson,
): Promise<{ secret: string; uri: string }> => {
  const row = { mspId: msp.mspId, id: person.staffId, name: person.name }
  const secret = newTotpSecret()
  const totpPendingSealed = await seal(environment, secret, ownerOf(row))
  try {
    await msp.commit(
      { action: 'staff.two_step_begun', subject: subjectOf(row) },
      msp.changeWhere(staff, row.id, isNull(staff.twoStepSince), { totpPendingSealed }),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') throw alreadyOn()
    throw error
  }
  return { secret, uri: otpauthOf(secret, house.name, person.email) }
}

/**
 * Turns it on with a code of the secret that was begun with. Answers the recovery codes, shown this once.
 * Problems: `conflict` when it is on or was not begun; `invalid` at /code.
 */
export const confirmTwoStep = async (
  environment: Environment,
  msp: MspScope,
  { staffId }: StaffPerson,
  code: string,
): Promise<string[]> => {
  const row = await msp.find(staff, staffId, 'member of your team')
  if (row.twoStepSince !== null) throw alreadyOn()
  if (row.totpPendingSealed === null) throw new Problem('conflict', 'Begin to set it up first.')
  const step = await stepOf(await open(environment, row.totpPendingSealed, ownerOf(row)), code, now(), null)
  if (step === undefined) throw wrongCode('/code')
  const codes = newRecoveryCodes()
  await msp.commit(
    { action: 'staff.two_step_on', subject: subjectOf(row) },
    msp.changeWhere(
      staff,
      row.id,
      and(isNull(staff.twoStepSince), eq(staff.totpPendingSealed, row.totpPendingSealed)),
      { totpSealed: row.totpPendingSealed, totpPendingSealed: null, totpLastStep: step, twoStepSince: now() },
    ),
    ...(await keepRecoveryCodes(msp, row.id, codes)),
  )
  return codes
}

/** Turns it off, for who has proved their password. Problem `conflict` when the MSP requires it of them. */
export const turnOffTwoStep = async (msp: MspScope, person: StaffPerson): Promise<void> => {
  const isRequired = sql`(${staff.role} in ('owner', 'admin') and exists (select 1 from ${msps} where ${msp.mine(msps, eq(msps.twoStepRequired, true))}))`
  const off = { totpSealed: null, totpPendingSealed: null, totpLastStep: null, twoStepSince: null }
  try {
    await msp.commit(
      { action: 'staff.two_step_off', subject: { kind: 'staff', id: person.staffId, name: person.name } },
      msp.changeWhere(staff, person.staffId, and(isNotNull(staff.twoStepSince), not(isRequired)), off),
      msp.removeWhere(recoveryCodes, eq(recoveryCodes.staffId, person.staffId)),
      msp.removeWhere(pendingSignIns, eq(pendingSignIns.staffId, person.staffId)),
    )
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'stale') throw error
    const standing = await readTwoStep(msp, person)
    if (standing.since !== null && standing.isRequired)
      throw new Problem('conflict', 'Your team requires two-step verification of owners and admins.')
  }
}

/**
 * New recovery codes in place of the earlier ones, for who has proved their password. Answers them, shown this once.
 * Problem `conflict` while it is off.
 */
export const renewRecoveryCodes = async (msp: MspScope, { staffId, name }: StaffPerson): Promise<string[]> => {
  const codes = newRecoveryCodes()
  const isOn = sql`exists (select 1 from ${staff} where ${msp.mine(staff, and(eq(staff.id, staffId), isNotNull(staff.twoStepSince)))})`
  try {
    await msp.commit(
      { action: 'staff.recovery_codes_renewed', subject: { kind: 'staff', id: staffId, name } },
      msp.onlyIf(isOn),
      ...(await keepRecoveryCodes(msp, staffId, codes)),
    )
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'stale') throw error
    throw new Problem('conflict', 'Set up two-step verification first.')
  }
  return codes
}

/**
 * What proves a second step, to be committed with what it opens: the step of an app's code is used up by it, or a
 * recovery code. Undefined for what no app shows now; whether a code is known and still free is asked in the commit.
 */
export const secondStepBy = async (
  environment: Environment,
  msp: MspScope,
  person: StaffRow,
  given: string,
): Promise<Write | undefined> => {
  const code = given.toLowerCase().replaceAll(/[\s-]/g, '')
  if (person.totpSealed === null) return undefined
  if (/^\d{6}$/.test(code)) {
    const secret = await open(environment, person.totpSealed, ownerOf(person))
    const step = await stepOf(secret, code, now(), person.totpLastStep)
    if (step === undefined) return undefined
    const isFree = sql`coalesce(${staff.totpLastStep}, -1) < ${step}`
    return msp.changeWhere(staff, person.id, and(isFree, eq(staff.totpSealed, person.totpSealed)), {
      totpLastStep: step,
      // So that an older key can be taken away in time.
      ...(isNewlySealed(environment, person.totpSealed)
        ? {}
        : { totpSealed: await seal(environment, secret, ownerOf(person)) }),
    })
  }
  const isFree = and(eq(recoveryCodes.staffId, person.id), isNull(recoveryCodes.usedAt))
  return msp.changeWhere(recoveryCodes, await hashOf(code), isFree, { usedAt: now() })
}

/** Whether owners and admins of this MSP must use two-step verification, with the MSP's version. */
export const readRequirement = async (msp: MspScope) => {
  const { twoStepRequired, version } = await msp.find(msps, msp.mspId, 'organisation')
  return { twoStepRequired, version }
}

/**
 * Requires it of owners and admins, or no longer. Who has none is signed out, and sets it up at the next sign-in before
 * anything else. Problems: `conflict` for who does not use it themselves; `stale`.
 */
export const saveRequirement = async (
  msp: MspScope,
  { staffId }: StaffPerson,
  twoStepRequired: boolean,
  wanted: Expected,
) => {
  const [[before], [own]] = await msp.readAll([
    msp.select().from(msps).where(msp.mine(msps)),
    msp
      .select({ since: staff.twoStepSince })
      .from(staff)
      .where(msp.mine(staff, eq(staff.id, staffId))),
  ])
  if (before === undefined) throw new Error('Somebody is signed in to an MSP that is not there.')
  refuseUnexpected(before, wanted)
  if (before.twoStepRequired === twoStepRequired) return { twoStepRequired, version: before.version }
  if (twoStepRequired && (own?.since ?? null) === null)
    throw new Problem('conflict', 'Set up two-step verification for yourself first, on your own page.')
  const without = msp
    .select({ id: staff.id })
    .from(staff)
    .where(msp.mine(staff, and(inArray(staff.role, ['owner', 'admin']), isNull(staff.twoStepSince))))
  await msp.commit(
    { action: 'settings.two_step_changed', subject: { kind: 'organisation', id: before.id, name: before.name } },
    msp.change(msps, before, { twoStepRequired }),
    ...(twoStepRequired ? [msp.removeWhere(sessions, inArray(sessions.staffId, without))] : []),
  )
  return { twoStepRequired, version: before.version + 1 }
}

export const wrongCode = (pointer: string) =>
  invalidField(pointer, 'This code is not right, or was used already. Wait for the next one and try again.')

const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODE_COUNT }, () =>
    Array.from({ length: CODE_LENGTH }, (_, at) => {
      const letter = ALPHABET[randomBelow(ALPHABET.length)] ?? ''
      return at > 0 && at % 4 === 0 ? `-${letter}` : letter
    }).join(''),
  )

/** Every number below alike: what would favour the first ones is drawn again. */
const randomBelow = (count: number): number => {
  const limit = 256 - (256 % count)
  for (;;) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1))
    if (byte < limit) return byte % count
  }
}

const keepRecoveryCodes = async (msp: MspScope, staffId: string, codes: string[]): Promise<Write[]> => [
  msp.removeWhere(recoveryCodes, eq(recoveryCodes.staffId, staffId)),
  msp.putAll(
    recoveryCodes,
    await Promise.all(codes.map(async (code) => ({ id: await hashOf(code.replaceAll('-', '')), staffId }))),
  ),
]

const ownerOf = ({ mspId, id }: Pick<StaffRow, 'mspId' | 'id'>) => ({ mspId, rowId: id, field: 'totp' })
const subjectOf = ({ id, name }: Pick<StaffRow, 'id' | 'name'>) => ({ kind: 'staff', id, name })
const alreadyOn = () => new Problem('conflict', 'Two-step verification is on already.')
