import { and, asc, desc, eq, gt, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import { noMicrosoftAccount } from '../../../db/owned.ts'
import {
  activities,
  passwordResets,
  pendingSignIns,
  sessions,
  staff,
  staffInvitations,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import type { StaffPerson } from '../../http/app.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { hashOf, newId, timePartOf } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import type { StaffRole } from '../../tenancy/permissions.ts'
import type { Answer, MspScope, Write } from '../../tenancy/scope.ts'
import { INVITATION_PAUSE_MS, refuseTooSoon } from '../contacts/index.ts'
import { staffInvitationMail } from '../mail/index.ts'
import { openTicketsOf, unassigning } from '../tickets/index.ts'
import { obstacleTo } from './rules.ts'
import type { Deed, Target } from './rules.ts'
import { dropReservedEmail, reserveStaffEmail, settlingOfEmail } from './staff-emails.ts'
import type { StaffInput } from './staff.schema.ts'

export type StaffRow = typeof staff.$inferSelect

/** An invitation's link works this long. */
export const INVITATION_MS = 7 * 24 * 3_600_000
export { INVITATION_PAUSE_MS } from '../contacts/index.ts'
/** How many invitations an MSP sends within a day, to whomever: anybody may be behind it, and behind the address. */
export const INVITATIONS_PER_DAY_MAX = 100
const DAY_MS = 24 * 3_600_000
/** How many people an MSP's staff may have here: the list is one page. */
export const STAFF_COUNT_MAX = 500

/** Everybody of the staff, by name. */
export const listStaff = (msp: MspScope): Promise<StaffRow[]> =>
  msp.list(staff, { orderBy: [asc(sql`${staff.name} collate nocase`), asc(staff.id)], limit: STAFF_COUNT_MAX })

/**
 * Invites somebody to the staff: the address is reserved in the directory, then they are committed here with a job that
 * lets it sign in. Problems: `forbidden`, `throttled`, `conflict` when there are as many as may be, `invalid` at /email when it is taken,
 * `stale` when who invites no longer may.
 */
export const inviteStaff = async (
  environment: Environment,
  msp: MspScope,
  actor: StaffPerson,
  input: z.infer<typeof StaffInput>,
  answer: (row: StaffRow) => Answer,
): Promise<StaffRow> => {
  refuse(actor, undefined, { kind: 'invite', role: input.role }, 0)
  const row = newMember(msp, input)
  const { id, name, email, role, createdAt } = row
  const place = { mspId: msp.mspId, shard: msp.shardName }
  if ((await reserveStaffEmail(environment, email, place)) === 'taken') throw invalidField('/email', TAKEN)
  try {
    await msp.commit(
      { action: 'staff.invited', subject: subjectOf(row), answer: answer(row) },
      fewInvited(msp),
      msp.onlyIf(sql`(select count(*) from ${staff} where ${msp.mine(staff)}) < ${STAFF_COUNT_MAX}`),
      actorStill(msp, actor),
      msp.add(staff, { id, name, email, role, createdAt }),
      ...(await newInvitation(environment, msp, row)),
      msp.later(settlingOfEmail(email, `${id}:invited`)),
    )
  } catch (error) {
    throw await whyNotInvited(environment, msp, email, error)
  }
  return row
}

/** Somebody who is invited, as they stand until they join. */
const newMember = ({ mspId }: MspScope, { name, email, role }: z.infer<typeof StaffInput>): StaffRow => ({
  mspId,
  id: newId(now()),
  version: 1,
  name,
  email,
  role,
  disabled: false,
  passwordHash: null,
  createdAt: now(),
  lastSignInAt: null,
  confirmedAt: null,
  totpSealed: null,
  totpPendingSealed: null,
  totpLastStep: null,
  twoStepSince: null,
  ticketMails: 'mine',
  ...noMicrosoftAccount,
})

/** Why nobody was invited, in words where there are any. The address is given back, unless it is of this very team. */
const whyNotInvited = async (
  environment: Environment,
  msp: MspScope,
  email: string,
  error: unknown,
): Promise<unknown> => {
  // Somebody of this very team has it, and with it the reservation.
  if (error instanceof Refused && error.kind === 'unique' && error.columns.includes('staff.email'))
    return invalidField('/email', 'Somebody of your team has this e-mail address already.')
  await dropReservedEmail(environment, email, msp.mspId)
  if (!(error instanceof Problem) || error.code !== 'stale') return error
  refuseTooMany(await invitationsOfDay(msp))
  if ((await listStaff(msp)).length >= STAFF_COUNT_MAX)
    return new Problem('conflict', `A team has at most ${STAFF_COUNT_MAX} people here.`)
  return error
}

/**
 * The invitations that an MSP sent within a day, latest first. They are counted in the history, since one that is taken back leaves
 * nothing else; ids sort by time, so that no more of it is read than of that day.
 */
const invitationsOfDay = (msp: MspScope) =>
  msp
    .select({ at: activities.at })
    .from(activities)
    .where(
      msp.mine(
        activities,
        and(
          eq(activities.topic, 'staff'),
          gt(activities.id, timePartOf(now() - DAY_MS)),
          eq(activities.action, 'staff.invited'),
          gt(activities.at, now() - DAY_MS),
        ),
      ),
    )
    .orderBy(desc(activities.id))
    .limit(INVITATIONS_PER_DAY_MAX)

/** Of many who invite at once, no more than may. */
const fewInvited = (msp: MspScope): Write =>
  msp.onlyIf(sql`(select count(*) from ${invitationsOfDay(msp)}) < ${INVITATIONS_PER_DAY_MAX}`)

/** Problem `throttled`. */
const refuseTooMany = (sent: { at: number }[]): void => {
  const first = sent[INVITATIONS_PER_DAY_MAX - 1]
  if (first === undefined) return
  throw new Problem('throttled', `A team sends at most ${INVITATIONS_PER_DAY_MAX} invitations a day.`, {
    retryAfterSeconds: Math.ceil((first.at + DAY_MS - now()) / 1000),
  })
}

const TAKEN = 'This e-mail address belongs to another team here. Use another.'

/** What inviting somebody again starts from. */
export const invitedBefore = (msp: MspScope, staffId: string) =>
  [
    ...targetReads(msp, staffId),
    msp
      .select({ createdAt: staffInvitations.createdAt })
      .from(staffInvitations)
      .where(msp.mine(staffInvitations, eq(staffInvitations.staffId, staffId)))
      .orderBy(desc(staffInvitations.createdAt))
      .limit(1),
    invitationsOfDay(msp),
  ] as const

/** Invites somebody again who has not joined yet: links of earlier mails stop working. Problems: `missing`, `forbidden`, `conflict`, `throttled`. */
export const inviteStaffAgain = async (
  environment: Environment,
  msp: MspScope,
  actor: StaffPerson,
  staffId: string,
  [[before], [owners], [last], sent]: AnswersOf<typeof invitedBefore>,
  answer: (row: StaffRow) => Answer,
): Promise<StaffRow> => {
  const isTheirs = eq(staffInvitations.staffId, staffId)
  if (before === undefined) throw missing('member of your team')
  const deed: Deed = { kind: 'invite_again' }
  refuse(actor, before, deed, owners?.count ?? 0)
  refuseTooSoon(before.name, last?.createdAt ?? null)
  refuseTooMany(sent)
  // Given back when the last invitation ran out, it may be another's by now.
  const place = { mspId: msp.mspId, shard: msp.shardName }
  if ((await reserveStaffEmail(environment, before.email, place)) === 'taken')
    throw new Problem('conflict', 'This e-mail address belongs to another team here by now. Invite another address.')
  const invitation = await newInvitation(environment, msp, before)
  await commitOr(msp, actor, staffId, deed, () =>
    msp.commit(
      { action: 'staff.invited', subject: subjectOf(before), answer: answer(before) },
      fewInvited(msp),
      actorStill(msp, actor),
      msp.onlyIf(isStill(msp, staffId, isNull(staff.confirmedAt))),
      // Of many at once, one.
      msp.onlyIf(
        sql`not exists (select 1 from ${staffInvitations} where ${msp.mine(staffInvitations, and(isTheirs, gt(staffInvitations.createdAt, now() - INVITATION_PAUSE_MS)))})`,
      ),
      msp.changeAll(
        staffInvitations,
        and(
          eq(staffInvitations.staffId, staffId),
          isNull(staffInvitations.consumedAt),
          isNull(staffInvitations.revokedAt),
        ),
        { revokedAt: now() },
      ),
      ...invitation,
      msp.later(settlingOfEmail(before.email, `${staffId}:invited:${now()}`)),
    ),
  )
  return before
}

/** Takes an invitation back, and with it who never joined. Problems: `missing`, `forbidden`, `conflict`, `stale`. */
export const withdrawStaffInvitation = async (
  msp: MspScope,
  actor: StaffPerson,
  staffId: string,
  wanted: Expected,
): Promise<void> => {
  const { before, otherOwnerCount } = await read(msp, staffId)
  refuseUnexpected(before, wanted)
  refuse(actor, before, { kind: 'withdraw' }, otherOwnerCount)
  await msp.commit(
    { action: 'staff.invitation_withdrawn', subject: subjectOf(before) },
    msp.removeWhere(staffInvitations, eq(staffInvitations.staffId, staffId)),
    msp.remove(staff, before),
    msp.later(settlingOfEmail(before.email, `${staffId}:withdrawn`)),
  )
}

/**
 * Gives somebody another role: they sign in anew. Problems: `missing`, `forbidden`, `conflict` for the last owner, `stale`.
 */
export const changeStaffRole = async (
  msp: MspScope,
  actor: StaffPerson,
  staffId: string,
  role: StaffRole,
  wanted: Expected,
): Promise<StaffRow> => {
  const { before, otherOwnerCount } = await read(msp, staffId)
  refuseUnexpected(before, wanted)
  const deed: Deed = { kind: 'change_role', role }
  refuse(actor, before, deed, otherOwnerCount)
  if (before.role === role) return before
  await commitOr(msp, actor, staffId, deed, () =>
    msp.commit(
      { action: 'staff.role_changed', subject: subjectOf(before) },
      actorStill(msp, actor),
      msp.change(staff, before, { role }),
      ...(before.role === 'owner' ? [ownerLeft(msp)] : []),
      msp.removeWhere(sessions, eq(sessions.staffId, staffId)),
    ),
  )
  return { ...before, role, version: before.version + 1 }
}

/** Keeps somebody out, at their next click; nobody looks after their open tickets any more. Doing it twice changes nothing. Problems as above. */
export const blockStaff = async (
  msp: MspScope,
  actor: StaffPerson,
  staffId: string,
  wanted: Expected,
): Promise<void> => {
  const [theirs, owners, openTickets] = await msp.readAll([...targetReads(msp, staffId), openTicketsOf(msp, staffId)])
  const { before, otherOwnerCount } = targetIn([theirs, owners])
  refuseUnexpected(before, wanted)
  const deed: Deed = { kind: 'block' }
  refuse(actor, before, deed, otherOwnerCount)
  if (before.disabled) return
  await commitOr(msp, actor, staffId, deed, () =>
    msp.commit(
      { action: 'staff.blocked', subject: subjectOf(before) },
      actorStill(msp, actor),
      msp.change(staff, before, { disabled: true }),
      ...unassigning(msp, before, openTickets),
      ...(before.role === 'owner' ? [ownerLeft(msp)] : []),
      msp.removeWhere(sessions, eq(sessions.staffId, staffId)),
      // What they had half done would let them in when they are unblocked.
      msp.removeWhere(passwordResets, eq(passwordResets.staffId, staffId)),
      msp.removeWhere(pendingSignIns, eq(pendingSignIns.staffId, staffId)),
    ),
  )
}

/** Lets somebody in again as before. */
export const unblockStaff = async (
  msp: MspScope,
  actor: StaffPerson,
  staffId: string,
  wanted: Expected,
): Promise<void> => {
  const { before, otherOwnerCount } = await read(msp, staffId)
  refuseUnexpected(before, wanted)
  refuse(actor, before, { kind: 'unblock' }, otherOwnerCount)
  if (!before.disabled) return
  await msp.commit(
    { action: 'staff.unblocked', subject: subjectOf(before) },
    actorStill(msp, actor),
    msp.change(staff, before, { disabled: false }),
  )
}

const isActiveOwner = () => and(eq(staff.role, 'owner'), eq(staff.disabled, false), isNotNull(staff.confirmedAt))

const targetReads = (msp: MspScope, staffId: string) =>
  [
    msp
      .select()
      .from(staff)
      .where(msp.mine(staff, eq(staff.id, staffId))),
    msp
      .select({ count: sql<number>`count(*)` })
      .from(staff)
      .where(msp.mine(staff, and(isActiveOwner(), ne(staff.id, staffId)))),
  ] as const

const read = async (msp: MspScope, staffId: string) => targetIn(await msp.readAll(targetReads(msp, staffId)))

const targetIn = ([[before], [owners]]: Readonly<AnswersOf<typeof targetReads>>) => {
  if (before === undefined) throw missing('member of your team')
  return { before, otherOwnerCount: owners?.count ?? 0 }
}

const refuse = (
  { staffId: id, role }: StaffPerson,
  row: StaffRow | undefined,
  deed: Deed,
  otherOwnerCount: number,
): void => {
  const obstacle = obstacleTo({ id, role }, row === undefined ? undefined : targetOf(row), deed, otherOwnerCount)
  if (obstacle !== undefined) throw new Problem(obstacle.code, obstacle.text)
}

const targetOf = ({ id, name, role, disabled, confirmedAt }: StaffRow): Target => ({
  id,
  name,
  role,
  disabled,
  isConfirmed: confirmedAt !== null,
})

/** Says what is in the way when it came to be in the way while this was committed; `stale` for any other change. */
const commitOr = async (
  msp: MspScope,
  actor: StaffPerson,
  staffId: string,
  deed: Deed,
  commit: () => Promise<void>,
): Promise<void> => {
  try {
    await commit()
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'stale') throw error
    const { before, otherOwnerCount } = await read(msp, staffId)
    const { role = actor.role } = (await msp.first(staff, eq(staff.id, actor.staffId))) ?? {}
    refuse({ ...actor, role }, before, deed, otherOwnerCount)
    if (deed.kind === 'invite_again') refuseTooMany(await invitationsOfDay(msp))
    throw error
  }
}

/** Asked after the change, inside the commit: of two owners who demote each other at once, one stays. */
const ownerLeft = (msp: MspScope): Write =>
  msp.onlyIf(sql`exists (select 1 from ${staff} where ${msp.mine(staff, isActiveOwner())})`)

/** Whoever lost their own role in this very moment does nothing with it any more. */
const actorStill = (msp: MspScope, { staffId, role }: StaffPerson): Write =>
  msp.onlyIf(isStill(msp, staffId, and(eq(staff.role, role), eq(staff.disabled, false))))

const isStill = (msp: MspScope, staffId: string, condition: SQL | undefined): SQL =>
  sql`exists (select 1 from ${staff} where ${msp.mine(staff, and(eq(staff.id, staffId), condition))})`

const newInvitation = async (environment: Environment, msp: MspScope, person: StaffRow): Promise<Write[]> => {
  const id = newId(now())
  const tokenHash = await hashOf(await mailToken(environment, 'staff_invitation', msp.mspId, id))
  return [
    msp.add(staffInvitations, {
      id,
      staffId: person.id,
      tokenHash,
      createdAt: now(),
      expiresAt: now() + INVITATION_MS,
    }),
    msp.later(staffInvitationMail(person, id, msp.actor.name)),
  ]
}

const subjectOf = ({ id, name }: StaffRow) => ({ kind: 'staff', id, name })
