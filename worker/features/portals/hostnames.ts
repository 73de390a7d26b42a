import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'

/** Whose name it is to be, and in which shard that customer lives. */
export type HostOwner = { mspId: string; customerId: string; shard: string }

export const RESERVED_MS = 10 * 60_000
/** A released name rests, so that a left-over bookmark or CNAME does not lead to somebody else. */
export const REST_MS = 365 * 24 * 3_600_000

/** How many names of one customer may rest at a time: else one that changes its mind daily would use up everybody's. */
export const RESTING_COUNT_MAX = 5

/** `tooMany`: this customer has given up as many names as may rest; `until` is when the first of them is through. */
export type Reservation = 'reserved' | 'taken' | { tooMany: true; until: number }

/**
 * Step one of taking a name: reserves it for a while. A name is free when nobody has it or when its rest is over; its
 * last owner may take it back at any time. A reservation that ran out is not free yet: only the sweep, which asks the
 * owner's shard, knows whether it was made use of.
 */
export const reserveHost = async (environment: Environment, host: string, owner: HostOwner): Promise<Reservation> => {
  const at = now()
  const { directory } = environment
  const resting = (moment: string) =>
    `from hostnames where msp_id = ?2 and customer_id = ?3 and hostname <> ?1 and kind = 'prefix' and state = 'released' and rests_until >= ${moment}`
  const [, owned, given] = await directory.batch<{ count?: number; until?: number }>([
    reservation(
      environment,
      host,
      owner,
      at,
      // Back to a name of its own, or one that it has already: no further name comes to rest by that.
      `(select count(*) ${resting('?6')}) < ${RESTING_COUNT_MAX} or exists (select 1 from hostnames where hostname = ?1 and msp_id = ?2 and customer_id = ?3)`,
    ),
    directory
      .prepare(
        `select 1 from hostnames where hostname = ? and msp_id = ? and customer_id = ? and state in ('reserved', 'active')`,
      )
      .bind(host, owner.mspId, owner.customerId),
    directory
      .prepare(`select count(*) as count, min(rests_until) as until ${resting('?4')}`)
      .bind(host, owner.mspId, owner.customerId, at),
  ])
  if (owned?.results.length === 1) return 'reserved'
  const { count = 0, until = at } = given?.results[0] ?? {}
  return count >= RESTING_COUNT_MAX ? { tooMany: true, until } : 'taken'
}

/** The insert that takes a free name, if `condition` holds. A name of its own that rested goes on resting if this is dropped. */
const reservation = (environment: Environment, host: string, owner: HostOwner, at: number, condition: string) => {
  const isMine = `hostnames.msp_id = ?2 and hostnames.customer_id = ?3`
  return environment.directory
    .prepare(
      `insert into hostnames (hostname, state, msp_id, customer_id, shard, expires_at, changed_at)
       select ?1, 'reserved', ?2, ?3, ?4, ?5, ?6 where ${condition}
       on conflict (hostname) do update set state = 'reserved', msp_id = ?2, customer_id = ?3, shard = ?4, expires_at = ?5,
         rests_until = case when ${isMine} then hostnames.rests_until end, changed_at = ?6
       where (hostnames.state = 'reserved' and ${isMine})
          or (hostnames.state = 'released' and (hostnames.rests_until < ?6 or (${isMine})))`,
    )
    .bind(host, owner.mspId, owner.customerId, owner.shard, at + RESERVED_MS, at)
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
  await reservation(environment, host, owner, now(), 'true').run()
  return (await activate()).meta.changes === 1
}

/** Hands a name of one of these customers of an MSP over to another of them, whatever state it is in: it resolves from here on. */
export const takeOverHost = async (
  environment: Environment,
  host: string,
  formerOwners: string[],
  owner: HostOwner,
): Promise<boolean> => {
  const { meta } = await environment.directory
    .prepare(
      `update hostnames set customer_id = ?, shard = ?, state = 'active', expires_at = null, rests_until = null, changed_at = ?
       where hostname = ? and msp_id = ? and customer_id in (select value from json_each(?))`,
    )
    .bind(owner.customerId, owner.shard, now(), host, owner.mspId, JSON.stringify(formerOwners))
    .run()
  return meta.changes === 1
}

/** Gives up every prefix of a customer who has no portal any more: those in use rest, those only reserved are free. */
export const releaseHosts = async (environment: Environment, owner: HostOwner): Promise<void> => {
  await releaseOtherHosts(environment, '', owner)
  const { directory } = environment
  const reserved = `where msp_id = ? and customer_id = ? and kind = 'prefix' and state = 'reserved'`
  await directory.batch([
    directory.prepare(`delete from hostnames ${reserved} and rests_until is null`).bind(owner.mspId, owner.customerId),
    directory
      .prepare(`update hostnames set state = 'released', expires_at = null, changed_at = ? ${reserved}`)
      .bind(now(), owner.mspId, owner.customerId),
  ])
}

/** Gives up every other prefix this customer holds; they rest. */
export const releaseOtherHosts = async (
  environment: Environment,
  keptHost: string,
  owner: HostOwner,
): Promise<void> => {
  await environment.directory
    .prepare(
      `update hostnames set state = 'released', expires_at = null, rests_until = ?, changed_at = ?
       where msp_id = ? and customer_id = ? and hostname <> ? and kind = 'prefix' and state = 'active'`,
    )
    .bind(now() + REST_MS, now(), owner.mspId, owner.customerId, keptHost)
    .run()
}

/** Takes a reservation back whose shard commit did not happen. An active name is left alone. */
export const dropReservation = (environment: Environment, host: string, owner: HostOwner): Promise<void> =>
  dropBefore(environment, host, owner, Number.MAX_SAFE_INTEGER)

/** The same, unless it was renewed while the shard was asked. */
export const dropExpiredReservation = (environment: Environment, host: string, owner: HostOwner): Promise<void> =>
  dropBefore(environment, host, owner, now())

/** What was its own and rested when it was reserved goes back to rest; any other name is free again. */
const dropBefore = async (
  environment: Environment,
  host: string,
  owner: HostOwner,
  expiresBefore: number,
): Promise<void> => {
  const { directory } = environment
  const dropped = `where hostname = ? and msp_id = ? and customer_id = ? and state = 'reserved' and expires_at < ?`
  const which = [host, owner.mspId, owner.customerId, expiresBefore]
  await directory.batch([
    directory.prepare(`delete from hostnames ${dropped} and rests_until is null`).bind(...which),
    directory
      .prepare(`update hostnames set state = 'released', expires_at = null, changed_at = ? ${dropped}`)
      .bind(now(), ...which),
  ])
}

export const expiredReservations = async (environment: Environment): Promise<(HostOwner & { host: string })[]> => {
  const { results } = await environment.directory
    .prepare(
      `select hostname, msp_id, customer_id, shard from hostnames where state = 'reserved' and expires_at < ? and kind = 'prefix' order by expires_at limit 100`,
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
