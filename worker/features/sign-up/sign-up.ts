import { eq } from 'drizzle-orm'
import { noMicrosoftAccount } from '../../../db/owned.ts'
import { msps, staff } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { described } from '../../log.ts'
import { hashOf, newId } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import { attemptKeys, countAttempt, newHash, startStaffSession } from '../sign-in/index.ts'
import type { Caller, SignedIn } from '../sign-in/index.ts'
import { RESERVED_MS, settlingOfEmail } from '../staff/index.ts'
import { mailSignUp } from './sign-up.mail.ts'

/** The link works this long. */
export const SIGN_UP_MS = 24 * 3_600_000
/** Whatever a killed process left is taken up after this long. */
export const LEFT_MS = 60_000

export type SignUpRow = {
  id: string
  state: 'asked' | 'building' | 'done'
  email: string
  name: string
  mspName: string
  passwordHash: string
  mspId: string
  shard: string
  staffId: string
}
const COLUMNS = `id, state, email, name, msp_name as mspName, password_hash as passwordHash, msp_id as mspId, shard, staff_id as staffId`

type Input = { mspName: string; name: string; email: string; password: string; code: string | null }

/** Whether anybody may sign up here at all. Problem `missing`. */
const refuseClosed = ({ SIGN_UP }: Environment): void => {
  if (SIGN_UP === 'closed') throw missing('page')
}

/**
 * Keeps what a new MSP is to be until its e-mail address is confirmed, and mails the link. Answers alike whether or not
 * the address is known: who has it is told by the mail. Problems: `missing` while it is closed, `invalid`, `throttled`.
 */
export const signUp = async (caller: Caller, input: Input): Promise<void> => {
  const { environment, place, address } = caller
  refuseClosed(environment)
  const { mspName, name, email, password, code } = input
  await countAttempt(environment, await attemptKeys(environment, place.host, email, address, 'sign up'))
  if (environment.SIGN_UP === 'invite' && (await hashOf(code ?? '')) !== (await hashOf(environment.SIGN_UP_CODE ?? '')))
    throw invalidField('/code', 'This code is not right. Ask whoever gave it to you.')
  const passwordHash = await newHash(environment, password, { name, email, companyName: mspName }, '/password')
  const id = newId(now())
  const tokenHash = await hashOf(await mailToken(environment, 'sign_up', '', id))
  await environment.directory
    .prepare(
      `insert into sign_ups (id, token_hash, state, email, name, msp_name, password_hash, changed_at, expires_at) values (?, ?, 'asked', ?, ?, ?, ?, ?, ?)`,
    )
    .bind(id, tokenHash, email, name, mspName, passwordHash, now(), now() + SIGN_UP_MS)
    .run()
  caller.later(() => mailOrLater(environment, { id, email }))
}

/** What does not leave now leaves with a sweep: a mail server that is down is no failure of ours. */
const mailOrLater = (environment: Environment, row: { id: string; email: string }): Promise<void> =>
  mailSignUp(environment, row).catch((error: unknown) =>
    console.warn({ signUp: row.id, trouble: 'Its mail did not leave yet.', error: described(error) }),
  )

/**
 * Confirms the address: the MSP comes to be on the shard with the fewest, with its owner, who is signed in. Of many at
 * once one wins; whatever is killed on the way is finished by the sweep. Problems: `missing`, `gone`, `conflict`.
 */
export const confirmSignUp = async (caller: Caller, token: string): Promise<SignedIn> => {
  const { environment } = caller
  refuseClosed(environment)
  const row = await claim(environment, await hashOf(token))
  const owner = ownerOf(row)
  const signedIn = await startStaffSession(caller, row, owner, 'staff.signed_up', (msp) => madeOf(msp, row, owner))
  caller.later(() => finish(environment, row))
  return signedIn
}

/**
 * Spends the link, decides in the same step where the MSP is to live and under which ids, and reserves the address for
 * it. Problems as above.
 */
const claim = async ({ directory, shards }: Environment, tokenHash: string): Promise<SignUpRow> => {
  const isMine = `token_hash = ?1 and state = 'building' and msp_id = ?2`
  const mspId = newId(now())
  const [, , claimed, known] = await directory.batch<SignUpRow & { isTaken: number }>([
    directory
      .prepare(
        `update sign_ups set state = 'building', msp_id = ?2, staff_id = ?3, changed_at = ?4, shard = (
           select value from json_each(?5) as known order by
             (select count(*) from msp_places where shard = known.value) + (select count(*) from sign_ups as other where other.state = 'building' and other.shard = known.value), value
           limit 1)
         where token_hash = ?1 and state = 'asked' and expires_at > ?4`,
      )
      .bind(tokenHash, mspId, newId(now()), now(), JSON.stringify([...shards.keys()])),
    directory
      .prepare(
        `insert into staff_emails (email, msp_id, shard, state, expires_at)
         select email, msp_id, shard, 'reserved', ?3 from sign_ups where ${isMine} on conflict do nothing`,
      )
      .bind(tokenHash, mspId, now() + RESERVED_MS),
    directory
      .prepare(
        `select ${COLUMNS}, not exists (select 1 from staff_emails where email = sign_ups.email and msp_id = ?2) as isTaken from sign_ups where ${isMine}`,
      )
      .bind(tokenHash, mspId),
    directory.prepare(`select ${COLUMNS} from sign_ups where token_hash = ?`).bind(tokenHash),
    // Whose address somebody has already goes no further.
    directory
      .prepare(
        `delete from sign_ups where ${isMine} and not exists (select 1 from staff_emails where email = sign_ups.email and msp_id = ?2)`,
      )
      .bind(tokenHash, mspId),
  ])
  const [row] = claimed?.results ?? []
  if (row?.isTaken === 1)
    throw new Problem('conflict', 'This e-mail address belongs to a team here already. Sign in with it instead.')
  if (row !== undefined) return row
  const [other] = known?.results ?? []
  if (other === undefined) throw missing('link')
  throw other.state === 'asked'
    ? new Problem('gone', 'This link is no longer valid. Sign up again.')
    : new Problem('gone', 'This link has been used. Sign in with your password.')
}

const ownerOf = ({ mspId, staffId: id, email, name, passwordHash }: SignUpRow): typeof staff.$inferSelect => ({
  mspId,
  id,
  email,
  name,
  passwordHash,
  version: 1,
  role: 'owner',
  disabled: false,
  lastSignInAt: null,
  createdAt: now(),
  confirmedAt: now(),
  totpSealed: null,
  totpPendingSealed: null,
  totpLastStep: null,
  twoStepSince: null,
  ...noMicrosoftAccount,
})

/** The MSP and its owner, as they begin. */
const madeOf = (
  msp: MspScope,
  { mspId, mspName, email, staffId: id }: SignUpRow,
  { name, passwordHash, createdAt, confirmedAt }: typeof staff.$inferSelect,
): Write[] => [
  msp.add(msps, {
    id: mspId,
    name: mspName,
    timeZone: 'Europe/London',
    primaryColour: '#3a5488',
    accentColour: '#8a6d1f',
    mailFromName: mspName,
    createdAt,
  }),
  msp.add(staff, { id, name, email, role: 'owner', passwordHash, createdAt, confirmedAt }),
  msp.later(settlingOfEmail(email, `${id}:signed_up`)),
]

/** The directory follows: where the MSP lives. What was asked for is forgotten but for that it was. */
const finish = async ({ directory }: Environment, { id, mspId, shard }: SignUpRow): Promise<void> => {
  await directory.batch([
    directory
      .prepare(`insert into msp_places (msp_id, shard, created_at) values (?, ?, ?) on conflict do nothing`)
      .bind(mspId, shard, now()),
    directory
      .prepare(`update sign_ups set state = 'done', password_hash = '', changed_at = ? where id = ?`)
      .bind(now(), id),
  ])
}

/** What was killed in the middle: ids were decided once, so that nothing is made twice. */
const goOn = async (environment: Environment, row: SignUpRow, msp: MspScope): Promise<void> => {
  const owner = ownerOf(row)
  const [first, ...more] = madeOf(msp, row, owner)
  if (first === undefined) throw new Error('Nothing is to be made.')
  if ((await msp.first(msps, eq(msps.id, row.mspId))) === undefined)
    await msp.commit(
      { action: 'staff.signed_up', subject: { kind: 'staff', id: owner.id, name: owner.name } },
      first,
      ...more,
    )
  await finish(environment, row)
}

/** What the sweep does of it: mails that did not leave, MSPs left half made, and what has had its time. */
export const reconcileSignUps = async (
  environment: Environment,
  scopeOf: (shard: string, mspId: string) => MspScope,
): Promise<void> => {
  const { directory } = environment
  const left = now() - LEFT_MS
  const [unmailed, unbuilt] = await directory.batch<SignUpRow>([
    directory
      .prepare(
        `select ${COLUMNS} from sign_ups where state = 'asked' and mailed_at is null and changed_at < ? and expires_at > ? limit 20`,
      )
      .bind(left, now()),
    directory
      .prepare(`select ${COLUMNS} from sign_ups where state = 'building' and changed_at < ? limit 20`)
      .bind(left),
  ])
  const troubles: unknown[] = []
  for (const row of unmailed?.results ?? []) await mailOrLater(environment, row)
  for (const row of unbuilt?.results ?? [])
    await goOn(environment, row, scopeOf(row.shard, row.mspId)).catch((error: unknown) => troubles.push(error))
  await directory.prepare(`delete from sign_ups where expires_at < ? and state <> 'building'`).bind(now()).run()
  if (troubles.length > 0) throw new AggregateError(troubles, `${troubles.length} sign-ups could not be taken on.`)
}
