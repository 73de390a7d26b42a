import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { staff } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'

export const RESERVED_MS = 10 * 60_000

type Place = { mspId: string; shard: string }

/**
 * Step one of taking an e-mail address for somebody of the staff: one address belongs to one MSP. A reservation that ran
 * out is not free yet: only the sweep, which asks its shard, knows whether it was made use of.
 */
export const reserveStaffEmail = async (
  { directory }: Environment,
  email: string,
  { mspId, shard }: Place,
): Promise<'reserved' | 'taken'> => {
  const [, mine] = await directory.batch<{ email: string }>([
    directory
      .prepare(
        `insert into staff_emails (email, msp_id, shard, state, expires_at) values (?1, ?2, ?3, 'reserved', ?4)
         on conflict (email) do update set expires_at = ?4 where state = 'reserved' and msp_id = ?2`,
      )
      .bind(email, mspId, shard, now() + RESERVED_MS),
    directory.prepare(`select email from staff_emails where email = ? and msp_id = ?`).bind(email, mspId),
  ])
  return mine?.results.length === 1 ? 'reserved' : 'taken'
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
    const isThere = async () => (await msp.first(staff, eq(staff.email, email))) !== undefined
    const wanted = await isThere()
    if (wanted) await activate(environment, email, { mspId: msp.mspId, shard: msp.shardName })
    else await release(environment, email, msp.mspId)
    return (await isThere()) === wanted ? finished : { kind: 'again', at: moment() }
  },
})

const activate = async ({ directory }: Environment, email: string, { mspId, shard }: Place): Promise<void> => {
  const { meta } = await directory
    .prepare(
      `insert into staff_emails (email, msp_id, shard, state) values (?1, ?2, ?3, 'active')
       on conflict (email) do update set state = 'active', expires_at = null where msp_id = ?2`,
    )
    .bind(email, mspId, shard)
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

/** What a killed process left between the steps: a reserved address is finished when its person was committed, else given back. */
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
}
