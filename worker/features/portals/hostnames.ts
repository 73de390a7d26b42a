import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'

/** Whose name it is to be, and in which shard that customer lives. */
export type HostOwner = { mspId: string; customerId: string; shard: string }

export const RESERVED_MS = 10 * 60_000
/** A released name rests, so that a left-over bookmark or CNAME does not lead to somebody else. */
export const REST_MS = 365 * 24 * 3_600_000

/**
 * Step one of taking a name: reserves it for a while. Answers whether it is this owner's now. A name is free when
 * nobody has it or when its rest is over; its last owner may take it back at any time. A reservation that ran out is
 * not free yet: only the sweep, which asks the owner's shard, knows whether it was made use of.
 */
export const reserveHost = async (environment: Environment, host: string, owner: HostOwner): Promise<boolean> => {
  const at = now()
  const isMine = `hostnames.msp_id = ?2 and hostnames.customer_id = ?3`
  const reservation = environment.directory
    .prepare(
      `insert into hostnames (hostname, state, msp_id, customer_id, shard, expires_at, changed_at)
       values (?1, 'reserved', ?2, ?3, ?4, ?5, ?6)
       on conflict (hostname) do update set state = 'reserved', msp_id = ?2, customer_id = ?3, shard = ?4, expires_at = ?5,
         rests_until = null, changed_at = ?6
       where (hostnames.state = 'reserved' and ${isMine})
          or (hostnames.state = 'released' and (hostnames.rests_until < ?6 or (${isMine})))`,
    )
    .bind(host, owner.mspId, owner.customerId, owner.shard, at + RESERVED_MS, at)
  const ownership = environment.directory
    .prepare(
      `select 1 from hostnames where hostname = ? and msp_id = ? and customer_id = ? and state in ('reserved', 'active')`,
    )
    .bind(host, owner.mspId, owner.customerId)
  const [, owned] = await environment.directory.batch([reservation, ownership])
  return owned !== undefined && owned.results.length === 1
}

/** Step three: the shard has committed, so the name resolves from here on. Answers whether it could be had. */
export const activateHost = async (environment: Environment, host: string, owner: HostOwner): Promise<boolean> => {
  const activate = () =>
    environment.directory
      .prepare(
        `update hostnames set state = 'active', expires_at = null, rests_until = null, shard = ?, changed_at = ?
         where hostname = ? and msp_id = ? and customer_id = ? and state in ('reserved', 'active')`,
      )
      .bind(owner.shard, now(), host, owner.mspId, owner.customerId)
      .run()
  if ((await activate()).meta.changes === 1) return true
  // The reservation ran out before this step: take the name again, if it is still to be had.
  return (await reserveHost(environment, host, owner)) && (await activate()).meta.changes === 1
}

/** Gives up every other name this customer holds; they rest. */
export const releaseOtherHosts = async (
  environment: Environment,
  keptHost: string,
  owner: HostOwner,
): Promise<void> => {
  await environment.directory
    .prepare(
      `update hostnames set state = 'released', expires_at = null, rests_until = ?, changed_at = ?
       where msp_id = ? and customer_id = ? and hostname <> ? and state = 'active'`,
    )
    .bind(now() + REST_MS, now(), owner.mspId, owner.customerId, keptHost)
    .run()
}

/** Takes a reservation back whose shard commit did not happen. An active name is left alone. */
export const dropReservation = async (environment: Environment, host: string, owner: HostOwner): Promise<void> => {
  await environment.directory
    .prepare(`delete from hostnames where hostname = ? and msp_id = ? and customer_id = ? and state = 'reserved'`)
    .bind(host, owner.mspId, owner.customerId)
    .run()
}

/** The same, unless it was renewed while the shard was asked. */
export const dropExpiredReservation = async (
  environment: Environment,
  host: string,
  owner: HostOwner,
): Promise<void> => {
  await environment.directory
    .prepare(
      `delete from hostnames where hostname = ? and msp_id = ? and customer_id = ? and state = 'reserved' and expires_at < ?`,
    )
    .bind(host, owner.mspId, owner.customerId, now())
    .run()
}

export const expiredReservations = async (environment: Environment): Promise<(HostOwner & { host: string })[]> => {
  const { results } = await environment.directory
    .prepare(
      `select hostname, msp_id, customer_id, shard from hostnames where state = 'reserved' and expires_at < ? order by expires_at limit 100`,
    )
    .bind(now())
    .all<{ hostname: string; msp_id: string; customer_id: string; shard: string }>()
  return results.map((row) => ({
    host: row.hostname,
    mspId: row.msp_id,
    customerId: row.customer_id,
    shard: row.shard,
  }))
}
