import { eq } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import { noMicrosoftAccount } from '../../../db/owned.ts'
import { msps, staff } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { groundFor, nobody } from '../../http/session.ts'
import { described } from '../../log.ts'
import type { DirectoryQuestion } from '../../tenancy/directory.ts'
import { hashOf, newId } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { forMsp } from '../../tenancy/scope.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import { attemptKeys, countAttempt, newHash, startStaffSession } from '../sign-in/index.ts'
import type { Caller, SignedIn } from '../sign-in/index.ts'
import { RESERVED_MS, settlingOfEmail, unansweredEmailOf, yieldStaffEmail } from '../staff/index.ts'
import type { UnansweredEmail } from '../staff/index.ts'
import { mailSignUp } from './sign-up.mail.ts'

/** The link works this long. */
export const SIGN_UP_MS = 24 * 3_600_000
/** Whatever a killed process left is taken up after this long. */
export const LEFT_MS = 60_000

type Asked = {
  id: string
  state: 'asked' | 'building' | 'done'
  email: string
  name: string
  mspName: string
  expiresAt: number
}
/** One whose MSP is being made: under these ids, and nowhere else. */
export type SignUpRow = Asked & { mspId: string; shard: string; staffId: string }
const COLUMNS = `id, state, email, name, msp_name as mspName, expires_at as expiresAt, msp_id as mspId, shard, staff_id as staffId`

type Input = { mspName: string; name: string; email: string; code: string | null }

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
  const { mspName, name, email, code } = input
  await countAttempt(environment, await attemptKeys(environment, place.host, email, address, 'sign up'))
  if (environment.SIGN_UP === 'invite' && (await hashOf(code ?? '')) !== (await hashOf(environment.SIGN_UP_CODE ?? '')))
    throw invalidField('/code', 'This code is not right. Ask whoever gave it to you.')
  const id = newId(now())
  const tokenHash = await hashOf(await mailToken(environment, 'sign_up', '', id))
  await environment.directory
    .prepare(
      `insert into sign_ups (id, token_hash, state, email, name, msp_name, password_hash, changed_at, expires_at) values (?, ?, 'asked', ?, ?, ?, '', ?, ?)`,
    )
    .bind(id, tokenHash, email, name, mspName, now(), now() + SIGN_UP_MS)
    .run()
  caller.later(() => mailOrLater(environment, { id, email }))
}

/** What does not leave now leaves with a sweep: a mail server that is down is no failure of ours. */
const mailOrLater = (environment: Environment, row: { id: string; email: string }): Promise<void> =>
  mailSignUp(environment, row).catch((error: unknown) =>
    console.warn({ signUp: row.id, trouble: 'Its mail did not leave yet.', error: described(error) }),
  )

/** What a link says to who holds it: what was signed up, in a stranger's words perhaps. Problems: `missing`, `gone`. */
export const lookUpSignUp = async (caller: Caller, token: string) => {
  refuseClosed(caller.environment)
  const { results } = await askedBy(caller.environment, await hashOf(token)).all<Asked>()
  const { mspName, name, email, expiresAt } = usable(results)
  return { mspName, name, email, expiresAt: new Date(expiresAt).toISOString() }
}

/**
 * Takes the password of who holds the link, and the MSP comes to be on the shard with the fewest, with its owner, who is
 * signed in. Nobody else chooses it: whoever signs up with an address may be a stranger to it. Of many at once one wins.
 * Problems: `missing`, `gone`, `conflict`, `throttled`, `invalid` at /password.
 */
export const confirmSignUp = async (caller: Caller, token: string, password: string): Promise<SignedIn> => {
  const { environment, place, address } = caller
  refuseClosed(environment)
  const tokenHash = await hashOf(token)
  const keys = await attemptKeys(environment, place.host, tokenHash, address, 'sign up')
  const [found = [], unanswered = []] = await countAttempt<unknown>(environment, keys, [
    askedBy(environment, tokenHash),
    unansweredEmailOf(environment, tokenHash),
  ])
  const { name, email, mspName } = usable(found as Asked[])
  const passwordHash = await newHash(environment, password, { name, email, companyName: mspName }, '/password')
  // Whoever reads its mail goes before a team that invited this address and never got an answer.
  const scopeOf = (shard: string, mspId: string) => forMsp(groundFor(caller, shard, nobody), mspId)
  for (const row of unanswered as UnansweredEmail[]) await yieldStaffEmail(environment, row, scopeOf, { isOver: false })
  const row = await claim(environment, tokenHash)
  const owner = ownerOf(row, passwordHash)
  try {
    const signedIn = await startStaffSession(caller, row, owner, 'staff.signed_up', (msp) => madeOf(msp, row, owner))
    caller.later(() => finish(environment, row))
    return signedIn
  } catch (error) {
    // Made by an earlier attempt that was believed dead: with the password of that one.
    if (error instanceof Refused && error.kind === 'unique') throw usedUp()
    throw error
  }
}

/** The question for the sign-up that a link belongs to. */
const askedBy = ({ directory }: Environment, tokenHash: string): DirectoryQuestion =>
  directory.prepare(`select ${COLUMNS} from sign_ups where token_hash = ?`).bind(tokenHash)

/** A sign-up whose link can be used now. Problems: `missing`, `gone`. */
const usable = ([row]: Asked[]): Asked => {
  const fault = faultOf(row ?? null)
  if (row === undefined || fault !== undefined) throw fault ?? missing('link')
  return row
}

const faultOf = (row: Asked | null): Problem | undefined => {
  switch (row?.state) {
    case undefined:
      return missing('link')
    case 'asked':
      return row !== null && row.expiresAt > now() ? undefined : tooLate()
    case 'building':
      return new Problem(
        'gone',
        'This link has just been used. If you cannot sign in within two minutes, open it once more.',
      )
    case 'done':
      return usedUp()
  }
}

const usedUp = () => new Problem('gone', 'This link has been used. Sign in with your password.')
const tooLate = () => new Problem('gone', 'This link is no longer valid. Sign up again.')

/**
 * Spends the link, decides in the same step, once for all attempts, where the MSP is to live and under which ids, and
 * reserves the address for it. Problems: `missing`, `gone`, `conflict`.
 */
const claim = async ({ directory, shards }: Environment, tokenHash: string): Promise<SignUpRow> => {
  // Whatever follows the first statement does the same however often, and whoever spent the link, it is done.
  const isMine = `token_hash = ?1 and state = 'building'`
  const isTaken = `not exists (select 1 from staff_emails where email = sign_ups.email and msp_id = sign_ups.msp_id)`
  const [spent, , claimed] = await directory.batch<SignUpRow & { isTaken: number }>([
    directory
      .prepare(
        `update sign_ups set state = 'building', msp_id = coalesce(msp_id, ?2), staff_id = coalesce(staff_id, ?3), changed_at = ?4, shard = coalesce(shard, (
           select value from json_each(?5) as known order by
             (select count(*) from msp_places where shard = known.value) + (select count(*) from sign_ups as other where other.state = 'building' and other.shard = known.value), value
           limit 1))
         where token_hash = ?1 and state = 'asked' and expires_at > ?4`,
      )
      .bind(tokenHash, newId(now()), newId(now()), now(), JSON.stringify([...shards.keys()])),
    directory
      .prepare(
        `insert into staff_emails (email, msp_id, shard, state, expires_at)
         select email, msp_id, shard, 'reserved', ?2 from sign_ups where ${isMine}
         on conflict (email) do update set expires_at = excluded.expires_at where state = 'reserved' and msp_id = excluded.msp_id`,
      )
      .bind(tokenHash, now() + RESERVED_MS),
    directory.prepare(`select ${COLUMNS}, ${isTaken} as isTaken from sign_ups where token_hash = ?`).bind(tokenHash),
    // Whose address somebody has already goes no further.
    directory.prepare(`delete from sign_ups where ${isMine} and ${isTaken}`).bind(tokenHash),
  ])
  const [row] = claimed?.results ?? []
  if (row === undefined || spent?.meta.changes !== 1) throw faultOf(row ?? null) ?? tooLate()
  if (row.isTaken === 1)
    throw new Problem('conflict', 'This e-mail address belongs to a team here already. Sign in with it instead.')
  return row
}

const ownerOf = ({ mspId, staffId: id, email, name }: SignUpRow, passwordHash: string): typeof staff.$inferSelect => ({
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
  ticketMails: 'mine',
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
    directory.prepare(`update sign_ups set state = 'done', changed_at = ? where id = ?`).bind(now(), id),
  ])
}

/**
 * What was killed in the middle: an MSP that came to be is finished; else the link works again, as its owner alone knows
 * the password. The ids stay, so that a commit that arrives after all and the next one are never both made.
 */
const goOn = async (environment: Environment, row: SignUpRow, msp: MspScope): Promise<void> => {
  if ((await msp.first(msps, eq(msps.id, row.mspId))) !== undefined) return finish(environment, row)
  await environment.directory
    .prepare(
      `update sign_ups set state = 'asked', changed_at = ?1 where id = ?2 and state = 'building' and changed_at < ?3`,
    )
    .bind(now(), row.id, now() - LEFT_MS)
    .run()
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
