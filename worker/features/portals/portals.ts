import { and, eq, inArray } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { customers, directoryAttributesAtFirst, logos, portals } from '../../../db/shard/schema.ts'
import { Refused } from '../../../db/connect.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField, missing, stale } from '../../http/problem.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { newId } from '../../tenancy/ids.ts'
import { lifeOf, lifeRefusals, stepOf } from '../../tenancy/portal-life.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import { revised } from '../../tenancy/revised.ts'
import type { CustomerScope, DescribedJob, MspScope, Write } from '../../tenancy/scope.ts'
import { canonicalHost, followHostnames } from '../custom-hostnames/index.ts'
import { z as zod } from 'zod'
import {
  activateHost,
  dropExpiredReservation,
  dropReservation,
  expiredReservations,
  releaseHosts,
  releaseOtherHosts,
  reserveHost,
  RESTING_COUNT_MAX,
  takeOverHost,
} from './hostnames.ts'
import type { HostOwner, Reservation } from './hostnames.ts'
import { checkPrefix } from './prefix.ts'
import type { PortalSettings } from './portals.schema.ts'
import { itsSessionsEnd } from './sessions-end.ts'

/** Without what nothing reads any more. */
export type PortalRow = Omit<typeof portals.$inferSelect, 'directoryShown' | 'reportsShown'>
export type LogoRow = typeof logos.$inferSelect
type Settings = z.infer<typeof PortalSettings>

/** A customer's portal with its logo. Problem `missing` when there is no such customer or it has no portal. */
export const findPortal = async (
  msp: MspScope,
  customerId: string,
): Promise<{ portal: PortalRow; logo: LogoRow | undefined }> => {
  const customer = msp.forCustomer(customerId)
  const portal = await customer.first(portals, eq(portals.customerId, customerId))
  if (portal === undefined) throw missing('portal')
  return { portal, logo: await logoOf(msp, portal.logoKey) }
}

export const logoOf = async (msp: MspScope, logoKey: string | null): Promise<LogoRow | undefined> =>
  logoKey === null ? undefined : msp.first(logos, eq(logos.id, logoKey))

/** What saving a portal starts from. */
export const portalBefore = (msp: MspScope, customerId: string) => {
  const customer = msp.forCustomer(customerId)
  return [
    customer.select().from(customers).where(customer.mine(customers)),
    customer.select().from(portals).where(customer.mine(portals)),
  ] as const
}

/**
 * Gives a customer its portal, or changes it. The address is taken in steps that a killed process leaves mendable:
 * reserved in the directory, then committed here with a job, which makes it resolve.
 * Problems: `missing`, `invalid` at /prefix (malformed, reserved, taken, changed too often), `stale`.
 */
export const savePortal = async (
  environment: Environment,
  msp: MspScope,
  customerId: string,
  [[row], [before]]: AnswersOf<typeof portalBefore>,
  settings: Settings,
  wanted: Expected,
): Promise<PortalRow> => {
  const customer = msp.forCustomer(customerId)
  if (row === undefined) throw missing('customer')
  refuseUnexpected(before, wanted)
  if (row.state === 'archived') throw new Problem('conflict', lifeRefusals.archived)
  const checked = checkPrefix(settings.prefix)
  if (!checked.ok) throw invalidField('/prefix', checked.detail)

  const host = `${checked.prefix}.${environment.PORTAL_SUFFIX}`
  const owner: HostOwner = { mspId: msp.mspId, customerId, shard: msp.shardName }
  const isNewAddress = before?.host !== host
  const save = () => commitPortal(msp, row, before, { ...settings, prefix: checked.prefix }, host, isNewAddress)
  try {
    if (!isNewAddress) return await save()
    const kept = async () => (await customer.first(portals, eq(portals.customerId, customerId)))?.host
    return await withReservedHost(environment, host, owner, '/prefix', kept, save)
  } catch (error) {
    if (error instanceof Refused && error.columns.some((column) => column.startsWith('portals.'))) throw stale()
    // The customer was deleted since it was read.
    if (error instanceof Refused && error.kind === 'foreign_key') throw missing('customer')
    throw error
  }
}

/**
 * What gives a customer its first portal, open, once its address has been reserved. Problems: `invalid` at a pointer
 * (malformed, reserved for the service).
 */
export const newPortalOf = (environment: Environment, customer: CustomerScope, prefix: string, pointer: string) => {
  const checked = checkPrefix(prefix)
  if (!checked.ok) throw invalidField(pointer, checked.detail)
  const host = `${checked.prefix}.${environment.PORTAL_SUFFIX}`
  const row = {
    id: newId(now()),
    state: 'enabled' as const,
    prefix: checked.prefix,
    host,
    addressState: 'preparing' as const,
    createdAt: now(),
  }
  const writes: Write[] = [
    customer.add(portals, row),
    customer.changeAll(customers, undefined, { portalState: 'enabled', portalHost: host }),
    customer.later(addressJob(customer.customerId, host)),
  ]
  return { id: row.id, host, writes }
}

/** Reserves an address for what `commit` makes of it; given back when that fails and nobody else has made it theirs. */
export const withReservedHost = async <T>(
  environment: Environment,
  host: string,
  owner: HostOwner,
  pointer: string,
  portalHost: () => Promise<string | undefined>,
  commit: () => Promise<T>,
): Promise<T> => {
  refuseUnreserved(host, await reserveHost(environment, host, owner), pointer)
  try {
    return await commit()
  } catch (error) {
    // Another save of this very portal may have been quicker, with the same address: then the reservation is its.
    if ((await portalHost()) !== host) await dropReservation(environment, host, owner)
    throw error
  }
}

const refuseUnreserved = (host: string, reservation: Reservation, pointer: string): void => {
  if (reservation === 'reserved') return
  if (reservation === 'taken') throw invalidField(pointer, `${host} is taken. Choose another.`)
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(reservation.until)
  throw invalidField(
    pointer,
    `This portal has given up ${RESTING_COUNT_MAX} addresses within a year. It may go back to one of them, or have another new one after ${day}.`,
  )
}

const commitPortal = async (
  msp: MspScope,
  customerRow: typeof customers.$inferSelect,
  before: typeof portals.$inferSelect | undefined,
  settings: Settings,
  host: string,
  isNewAddress: boolean,
): Promise<PortalRow> => {
  const customer = msp.forCustomer(customerRow.id)
  const values = {
    prefix: settings.prefix,
    host,
    addressState: isNewAddress ? ('preparing' as const) : (before?.addressState ?? 'preparing'),
    displayName: settings.displayName,
    homepage: settings.homepage,
    primaryColour: settings.primaryColour,
    accentColour: settings.accentColour,
  }
  const directory = {
    directoryGuestsShown: before?.directoryGuestsShown ?? false,
    directoryAttributes: before?.directoryAttributes ?? [...directoryAttributesAtFirst],
  }
  const reports = {
    monthlyParts: before?.monthlyParts ?? null,
    monthlySent: before?.monthlySent ?? null,
    monthlyDay: before?.monthlyDay ?? null,
  }
  const links = { primaryHost: before?.primaryHost ?? null, primaryHostLeadsHere: before?.primaryHostLeadsHere ?? true }
  const created = {
    id: newId(now()),
    state: 'enabled' as const,
    logoKey: null,
    formerAdminEmail: null,
    signInPolicy: null,
    createdAt: now(),
    ...values,
    ...links,
    ...directory,
    ...reports,
  }
  const state = before?.state ?? 'enabled'
  const after = before === undefined ? undefined : revised(before, values)
  if (after !== undefined && after === before) return before
  await customer.commit(
    {
      action: before === undefined ? 'portal.created' : 'portal.changed',
      subject: { kind: 'portal', id: before?.id ?? created.id, name: host },
    },
    before === undefined ? customer.add(portals, created) : customer.change(portals, before, values),
    customer.changeAll(customers, undefined, { portalState: state, portalHost: canonicalHost({ host, ...links }) }),
    ...(isNewAddress ? [customer.later(addressJob(customerRow.id, host))] : []),
  )
  return after ?? { mspId: msp.mspId, customerId: customerRow.id, version: 1, ...created }
}

/**
 * Steps three and four: the directory resolves the portal's address and lets every other of its names rest, then the
 * portal says so. It goes by the address of now, not by the one it was queued for: else a job that comes late would
 * undo a newer change.
 */
export const activateAddress = defineJob({
  kind: 'portal.activate_address',
  title: 'Prepare portal address',
  payload: zod.object({ customerId: zod.string(), host: zod.string() }),
  async run(msp, payload, { environment, stillMine, now: moment }) {
    const customer = msp.forCustomer(payload.customerId)
    const read = () => customer.first(portals, eq(portals.customerId, payload.customerId))
    const portal = await read()
    const owner: HostOwner = { mspId: msp.mspId, customerId: payload.customerId, shard: msp.shardName }
    if (portal?.host !== payload.host) await dropReservation(environment, payload.host, owner)
    if (portal === undefined) return finished
    const { host } = portal
    if (!(await activateHost(environment, host, owner))) {
      throw new HopelessJob(`${host} was taken by somebody else before it could be prepared. Choose another prefix.`)
    }
    await releaseOtherHosts(environment, host, owner)
    if (portal.addressState !== 'active') {
      await customer.commit(
        { action: 'portal.address_active', subject: { kind: 'portal', id: portal.id, name: host } },
        // No change that anybody made: whoever has the settings open may still save them.
        customer.changeAll(portals, eq(portals.host, host), { addressState: 'active' }),
        stillMine(),
      )
    }
    return (await read())?.host === host ? finished : { kind: 'again', at: moment() }
  },
})

/**
 * The directory follows what a commit did to whole customers (one deleted, two merged or taken apart again): a name goes
 * to whoever of them has its portal now, and every other name they held rests. As often as it runs, it goes by what is
 * there, so that it may come late or twice.
 */
export const settleAddresses = defineJob({
  kind: 'portal.settle_addresses',
  title: 'Settle portal addresses',
  payload: zod.object({ customerIds: zod.array(zod.string()) }),
  async run(msp, { customerIds }, { environment, stillMine, now: moment }) {
    const read = () => msp.list(portals, { where: inArray(portals.customerId, customerIds) })
    const there = await read()
    const ownerOf = (customerId: string): HostOwner => ({ mspId: msp.mspId, customerId, shard: msp.shardName })
    for (const { host, customerId } of there) {
      const owner = ownerOf(customerId)
      const isTheirs =
        (await takeOverHost(environment, host, customerIds, owner)) || (await activateHost(environment, host, owner))
      if (!isTheirs)
        throw new HopelessJob(`${host} was taken by somebody else before it could be prepared. Choose another prefix.`)
      await releaseOtherHosts(environment, host, owner)
    }
    for (const customerId of customerIds)
      if (!there.some((portal) => portal.customerId === customerId))
        await releaseHosts(environment, ownerOf(customerId))
    await followHostnames(environment, msp, customerIds)
    for (const { id, customerId, host, addressState } of there) {
      if (addressState === 'active') continue
      await msp.commit(
        { action: 'portal.address_active', subject: { kind: 'portal', id, name: host }, customerId },
        msp.changeAll(portals, and(eq(portals.id, id), eq(portals.host, host)), { addressState: 'active' }),
        stillMine(),
      )
    }
    const placesOf = (rows: PortalRow[]) => rows.map(({ customerId, host }) => `${customerId} ${host}`).toSorted()
    return JSON.stringify(placesOf(await read())) === JSON.stringify(placesOf(there))
      ? finished
      : { kind: 'again', at: moment() }
  },
})

/** The job that lets the directory follow; `cause` names what was done, so that a later deed gets a job of its own. */
export const settlingOf = (customerIds: string[], cause: string, subjectName: string): DescribedJob =>
  settleAddresses.described({ customerIds }, { naturalKey: `portal:settle:${cause}`, subjectName })

/** What a killed process left between the steps: a reserved name is finished when its portal was committed, else given back. */
export const reconcileHosts = async (
  environment: Environment,
  scopeOf: (shard: string, mspId: string) => MspScope,
): Promise<void> => {
  for (const { host, ...owner } of await expiredReservations(environment)) {
    const customer = scopeOf(owner.shard, owner.mspId).forCustomer(owner.customerId)
    const portal = await customer.first(portals, eq(portals.customerId, owner.customerId))
    if (portal?.host !== host) await dropExpiredReservation(environment, host, owner)
    else await customer.record(customer.later(addressJob(owner.customerId, host)))
  }
}

const addressJob = (customerId: string, host: string) =>
  activateAddress.described(
    { customerId, host },
    { naturalKey: `portal:address:${customerId}:${host}`, subjectName: host },
  )

/** Closes a portal: sessions end at the next request. Closing a closed one changes nothing. */
export const closePortal = (msp: MspScope, customerId: string, wanted: Expected) =>
  switchPortal(msp, customerId, wanted, 'disabled')
export const openPortal = (msp: MspScope, customerId: string, wanted: Expected) =>
  switchPortal(msp, customerId, wanted, 'enabled')

const switchPortal = async (
  msp: MspScope,
  customerId: string,
  wanted: Expected,
  state: 'enabled' | 'disabled',
): Promise<void> => {
  const customer = msp.forCustomer(customerId)
  const [[row], [portal]] = await customer.readAll(portalBefore(msp, customerId))
  if (portal === undefined || row === undefined) throw missing('portal')
  refuseUnexpected(portal, wanted)
  const step = stepOf(lifeOf(row), state === 'enabled' ? 'enable_portal' : 'disable_portal')
  if (step.kind === 'refused') throw new Problem('conflict', lifeRefusals[step.because])
  if (step.kind === 'unchanged') return
  await customer.commit(
    {
      action: state === 'enabled' ? 'portal.opened' : 'portal.closed',
      subject: { kind: 'portal', id: portal.id, name: portal.host },
    },
    customer.change(portals, portal, { state }),
    customer.changeAll(customers, undefined, { portalState: state }),
    ...(step.endsSessions ? [itsSessionsEnd(customer)] : []),
  )
}

/** Says how people of a portal first sign in; null is what the MSP chose. Counts from the next sign-in on. Problems: `missing`, `stale`. */
export const savePortalSignIn = async (
  customer: CustomerScope,
  policy: PortalRow['signInPolicy'],
  wanted: Expected,
): Promise<void> => {
  const portal = await customer.first(portals, undefined)
  if (portal === undefined) throw missing('portal')
  refuseUnexpected(portal, wanted)
  if (portal.signInPolicy === policy) return
  await customer.commit(
    { action: 'portal.sign_in_changed', subject: { kind: 'portal', id: portal.id, name: portal.host } },
    customer.change(portals, portal, { signInPolicy: policy }),
  )
}
