import { and, desc, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { staff, staffInvitations } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { DirectoryQuestion } from '../../tenancy/directory.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'
import { accountKey, countIfTold, isFree } from '../sign-in/index.ts'

export const RESERVED_MS = 10 * 60_000

type Place = { mspId: string; shard: string }

/**
 * Step one of taking an e-mail address for somebody of the staff: one address belongs to one MSP. A reservation that ran
 * out is not free yet: only the sweep, which asks its shard, knows whether it was made use of. That an address is taken
 * tells who is here, so those answers are counted for the MSP. Problem `throttled`.
 */
export const reserveStaffEmail = async (
  environment: Environment,
  email: string,
  { mspId, shard }: Place,
): Promise<'reserved' | 'taken'> => {
  const { directory } = environment
  const account = await accountKey(environment, environment.ADMIN_HOST, mspId, 'staff address')
  const [, mine] = await countIfTold(
    environment,
    { account, attempted: 'staff address' },
    [
      directory
        .prepare(
          `insert into staff_emails (email, msp_id, shard, state, expires_at) select ?1, ?2, ?3, 'reserved', ?4 where ${isFree(5, 6)}
           on conflict (email) do update set expires_at = max(expires_at, ?4) where expires_at is not null and msp_id = ?2`,
        )
        .bind(email, mspId, shard, now() + RESERVED_MS, account, now()),
      directory.prepare(`select email from staff_emails where email = ? and msp_id = ?`).bind(email, mspId),
    ],
    { condition: `exists (select 1 from staff_emails where email = ?4 and msp_id <> ?5)`, params: [email, mspId] },
  )
  return mine?.length === 1 ? 'reserved' : 'taken'
}

/** Takes a reservation back whose shard commit did not happen; `before` which it must have run out. */
export const dropReservedEmail = async (
  { directory }: Environment,
  email: string,
  mspId: string,
  before = Number.MAX_SAFE_INTEGER,
): Promise<void> => {
  await directory
    .prepare(`delete from staff_emails where email = ? and msp_id = ? and state = 'reserved' and expires_at < ?`)
    .bind(email, mspId, before)
    .run()
}

const Payload = z.object({ email: z.string() })

/** The last step: lets the directory follow what the shard says of an address, until nothing changes any more meanwhile. */
export const settleStaffEmail = defineJob<z.infer<typeof Payload>>({
  kind: 'staff.settle_email',
  title: 'Let an e-mail address sign in, or no longer',
  payload: Payload,
  async run(msp, { email }, { environment, now: moment }) {
    const wanted = await claimOf(msp, email)
    if (wanted === undefined) await release(environment, email, msp.mspId)
    else await activate(environment, email, { mspId: msp.mspId, shard: msp.shardName }, wanted.until)
    return (await claimOf(msp, email))?.until === wanted?.until ? finished : { kind: 'again', at: moment() }
  },
})

/** What the shard says of an address: undefined for nobody's; `until`, how long the invitation of who has not joined works. */
const claimOf = async (msp: MspScope, email: string): Promise<{ until: number | null } | undefined> => {
  const person = await msp.first(staff, eq(staff.email, email))
  if (person === undefined) return undefined
  if (person.confirmedAt !== null) return { until: null }
  const [last] = await msp.list(staffInvitations, {
    where: and(eq(staffInvitations.staffId, person.id), isNull(staffInvitations.revokedAt)),
    orderBy: [desc(staffInvitations.expiresAt)],
    limit: 1,
  })
  return { until: last?.expiresAt ?? 0 }
}

/** `until`: when it is given back unless its person joins; null once they have. */
const activate = async (
  { directory }: Environment,
  email: string,
  { mspId, shard }: Place,
  until: number | null,
): Promise<void> => {
  const { meta } = await directory
    .prepare(
      `insert into staff_emails (email, msp_id, shard, state, expires_at) values (?1, ?2, ?3, 'active', ?4)
       on conflict (email) do update set state = 'active', expires_at = ?4 where msp_id = ?2`,
    )
    .bind(email, mspId, shard, until)
    .run()
  if (meta.changes !== 1)
    throw new HopelessJob(`${email} was taken by another team before it could be prepared. Invite another address.`)
}

const release = async ({ directory }: Environment, email: string, mspId: string): Promise<void> => {
  await directory.prepare(`delete from staff_emails where email = ? and msp_id = ?`).bind(email, mspId).run()
}

/** `cause` names what was done, so that a later deed gets a job of its own. */
export const settlingOfEmail = (email: string, cause: string): DescribedJob =>
  settleStaffEmail.described({ email }, { naturalKey: `staff:email:${cause}`, subjectName: email })

/** An address that somebody was invited with who has not joined. */
export type UnansweredEmail = Place & { email: string; expiresAt: number }
const UNANSWERED = `select email, msp_id as mspId, shard, expires_at as expiresAt from staff_emails where state = 'active' and expires_at is not null`

/** The question whether the address of a sign-up is such a one; the confirmation asks it together with what else it needs. */
export const unansweredEmailOf = ({ directory }: Environment, signUpTokenHash: string): DirectoryQuestion =>
  directory.prepare(`${UNANSWERED} and email = (select email from sign_ups where token_hash = ?)`).bind(signUpTokenHash)

/**
 * Lets go of an address that somebody was invited with and never joined, when whoever reads its mail claims it; `isOver`
 * lets go of it only once their invitation has run out.
 */
export const yieldStaffEmail = async (
  { directory }: Environment,
  { email, ...row }: UnansweredEmail,
  scopeOf: (shard: string, mspId: string) => MspScope,
  { isOver }: { isOver: boolean },
): Promise<void> => {
  const claim = await claimOf(scopeOf(row.shard, row.mspId), email)
  const isLetGo = claim === undefined || (claim.until !== null && (!isOver || claim.until <= now()))
  // Whoever was invited again meanwhile has another moment there, and keeps it.
  const isSame = `email = ?1 and msp_id = ?2 and expires_at = ?3`
  await (
    isLetGo
      ? directory.prepare(`delete from staff_emails where ${isSame}`).bind(email, row.mspId, row.expiresAt)
      : directory
          .prepare(`update staff_emails set expires_at = ?4 where ${isSame}`)
          .bind(email, row.mspId, row.expiresAt, claim.until)
  ).run()
}

/**
 * What a killed process left between the steps: a reserved address is finished when its person was committed, else given
 * back. And an address whose person was invited and never joined is given back, too.
 */
export const reconcileStaffEmails = async (
  environment: Environment,
  scopeOf: (shard: string, mspId: string) => MspScope,
): Promise<void> => {
  const { results } = await environment.directory
    .prepare(
      `select email, msp_id as mspId, shard from staff_emails where state = 'reserved' and expires_at < ? order by expires_at limit 100`,
    )
    .bind(now())
    .all<Place & { email: string }>()
  for (const { email, mspId, shard } of results) {
    const msp = scopeOf(shard, mspId)
    const person = await msp.first(staff, eq(staff.email, email))
    if (person === undefined) await dropReservedEmail(environment, email, mspId, now())
    else await msp.record(msp.later(settlingOfEmail(email, `${person.id}:left`)))
  }
  const { results: unanswered } = await environment.directory
    .prepare(`${UNANSWERED} and expires_at < ? order by expires_at limit 100`)
    .bind(now())
    .all<UnansweredEmail>()
  for (const row of unanswered) await yieldStaffEmail(environment, row, scopeOf, { isOver: true })
}
