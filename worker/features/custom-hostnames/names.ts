import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'

/** Whose name it is to be, and in which shard that customer lives. */
export type NameOwner = { mspId: string; customerId: string; shard: string }
export type Holder = { mspId: string; state: 'reserved' | 'active' }

/** Longer than the longest wait between two looks at a name that is being set up. */
export const RESERVED_MS = 24 * 3_600_000

/**
 * A name of a customer's own in the directory. Within an MSP the shard lets only one customer claim a name, so here a name
 * is its MSP's, and says which customer it leads to. Only a proven claim comes this far.
 */
export const holderOf = async (environment: Environment, hostname: string): Promise<Holder | undefined> => {
  const row = await environment.directory
    .prepare(`select msp_id as mspId, state from hostnames where hostname = ? and kind = 'custom'`)
    .bind(hostname)
    .first<Holder>()
  return row ?? undefined
}

/** Has the name for a while, or still; false when another MSP has it. A reservation of others that ran out is nobody's. */
export const reserveName = async (environment: Environment, hostname: string, owner: NameOwner): Promise<boolean> => {
  const at = now()
  const { directory } = environment
  const [, mine] = await directory.batch([
    directory
      .prepare(
        `insert into hostnames (hostname, kind, state, msp_id, customer_id, shard, expires_at, changed_at)
         values (?1, 'custom', 'reserved', ?2, ?3, ?4, ?5, ?6)
         on conflict (hostname) do update set msp_id = ?2, customer_id = ?3, shard = ?4, changed_at = ?6,
           expires_at = case when hostnames.state = 'active' then null else ?5 end
         where hostnames.kind = 'custom'
           and (hostnames.msp_id = ?2 or (hostnames.state = 'reserved' and hostnames.expires_at < ?6))`,
      )
      .bind(hostname, owner.mspId, owner.customerId, owner.shard, at + RESERVED_MS, at),
    directory
      .prepare(`select 1 from hostnames where hostname = ? and msp_id = ? and kind = 'custom'`)
      .bind(hostname, owner.mspId),
  ])
  return mine?.results.length === 1
}

/** The name leads to its customer from here on; false when another MSP has it. */
export const activateName = async (environment: Environment, hostname: string, owner: NameOwner): Promise<boolean> => {
  if (!(await reserveName(environment, hostname, owner))) return false
  const { meta } = await environment.directory
    .prepare(
      `update hostnames set state = 'active', expires_at = null, customer_id = ?, shard = ?, changed_at = ?
       where hostname = ? and msp_id = ? and kind = 'custom'`,
    )
    .bind(owner.customerId, owner.shard, now(), hostname, owner.mspId)
    .run()
  return meta.changes === 1
}

/** Lets a name go. It does not rest: whoever wants it next has to prove it, whatever is left of this claim's records. */
export const releaseName = async (environment: Environment, hostname: string, mspId: string): Promise<void> => {
  await environment.directory
    .prepare(`delete from hostnames where hostname = ? and msp_id = ? and kind = 'custom'`)
    .bind(hostname, mspId)
    .run()
}

/** Names lead to whichever customer of their MSP claims them now, as after a merge. */
export const leadNames = async (
  environment: Environment,
  mspId: string,
  claims: { hostname: string; customerId: string }[],
): Promise<void> => {
  const { directory } = environment
  if (claims.length === 0) return
  await directory.batch(
    claims.map(({ hostname, customerId }) =>
      directory
        .prepare(
          `update hostnames set customer_id = ?, changed_at = ? where hostname = ? and msp_id = ? and kind = 'custom'`,
        )
        .bind(customerId, now(), hostname, mspId),
    ),
  )
}

/** Reservations that ran out: whoever still sets the name up reserves it again with every look. */
export const forgetReservedNames = (environment: Environment): Promise<unknown> =>
  environment.directory
    .prepare(`delete from hostnames where state = 'reserved' and expires_at < ? and kind = 'custom'`)
    .bind(now())
    .run()
