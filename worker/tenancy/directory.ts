import { now } from '../clock.ts'
import type { Environment } from '../env.ts'

/** Where a request arrived: which of the three kinds of host, and for a portal whose. */
export type Place =
  | { kind: 'admin'; host: string }
  | { kind: 'sign-in'; host: string }
  /** `isCustom`: at a name of the customer's own, not below our suffix. */
  | { kind: 'portal'; host: string; mspId: string; customerId: string; shard: string; isCustom: boolean }

const KEPT_MS = 15_000
const kept = new WeakMap<D1Database, Map<string, { place: Place | undefined; until: number }>>()

/**
 * The place a host name stands for; undefined for any name that is not exactly one of ours. What is kept, for a
 * short time, is only host → MSP, customer, shard: whether a portal is open is read with the session.
 */
export const placeOf = async (environment: Environment, hostname: string): Promise<Place | undefined> => {
  if (hostname === environment.ADMIN_HOST) return { kind: 'admin', host: hostname }
  if (hostname === environment.SIGN_IN_HOST) return { kind: 'sign-in', host: hostname }
  const names = kept.get(environment.directory) ?? new Map<string, { place: Place | undefined; until: number }>()
  kept.set(environment.directory, names)
  const known = names.get(hostname)
  if (known !== undefined && known.until > now()) return known.place
  const row = await environment.directory
    .prepare(`select msp_id, customer_id, shard, kind from hostnames where hostname = ? and state = 'active'`)
    .bind(hostname)
    .first<{ msp_id: string; customer_id: string; shard: string; kind: string }>()
  const place: Place | undefined =
    row === null
      ? undefined
      : {
          kind: 'portal',
          host: hostname,
          mspId: row.msp_id,
          customerId: row.customer_id,
          shard: row.shard,
          isCustom: row.kind === 'custom',
        }
  // Names nobody has are not kept: a new portal opens at once, and strangers cannot fill the memory.
  if (place !== undefined) {
    if (names.size > 5_000) names.clear()
    names.set(hostname, { place, until: now() + KEPT_MS })
  }
  return place
}

/** A read of the directory that is yet to be asked, in one round trip with others. */
export type DirectoryQuestion = D1PreparedStatement

export type StaffPlace = { mspId: string; shard: string }

/** The question for the MSP and shard a staff e-mail belongs to; sign-in asks it together with what else it needs. */
export const staffPlaceOf = (environment: Environment, email: string): DirectoryQuestion =>
  environment.directory
    .prepare(`select msp_id as mspId, shard from staff_emails where email = ? and state = 'active'`)
    .bind(email)

/** Where an MSP lives; undefined for an id that is nobody's. */
export const mspPlaceOf = async (environment: Environment, mspId: string): Promise<StaffPlace | undefined> =>
  (await environment.directory
    .prepare(`select msp_id as mspId, shard from msp_places where msp_id = ?`)
    .bind(mspId)
    .first<StaffPlace>()) ?? undefined

type Account = { tenantId: string; objectId: string }
/** Whose a Microsoft account may be. The person's own row in the shard is the truth. */
export type MicrosoftStaffPlace = StaffPlace & { staffId: string }

/** Where the person of some MSP's staff who signs in with this account is to be found. */
export const microsoftStaffAt = async (
  environment: Environment,
  { tenantId, objectId }: Account,
): Promise<MicrosoftStaffPlace | undefined> =>
  (await environment.directory
    .prepare(
      `select msp_id as mspId, shard, staff_id as staffId from microsoft_staff where tenant_id = ? and object_id = ?`,
    )
    .bind(tenantId, objectId)
    .first<MicrosoftStaffPlace>()) ?? undefined

/** Notes whose an account is, unless it is somebody's. Answers whose it is then. */
export const claimMicrosoftStaff = async (
  environment: Environment,
  account: Account,
  { mspId, shard, staffId }: MicrosoftStaffPlace,
): Promise<MicrosoftStaffPlace> => {
  await environment.directory
    .prepare(
      `insert into microsoft_staff (tenant_id, object_id, msp_id, shard, staff_id) values (?, ?, ?, ?, ?) on conflict do nothing`,
    )
    .bind(account.tenantId, account.objectId, mspId, shard, staffId)
    .run()
  const holder = await microsoftStaffAt(environment, account)
  if (holder === undefined) throw new Error('The account was unlinked at the same moment.')
  return holder
}

/** Gives an account to somebody, if it is still noted as that of who had it. */
export const takeMicrosoftStaff = async (
  environment: Environment,
  { tenantId, objectId }: Account,
  from: MicrosoftStaffPlace,
  to: MicrosoftStaffPlace,
): Promise<boolean> => {
  const { meta } = await environment.directory
    .prepare(
      `update microsoft_staff set msp_id = ?, shard = ?, staff_id = ? where tenant_id = ? and object_id = ? and msp_id = ? and staff_id = ?`,
    )
    .bind(to.mspId, to.shard, to.staffId, tenantId, objectId, from.mspId, from.staffId)
    .run()
  return meta.changes === 1
}

export const forgetMicrosoftStaff = async (
  environment: Environment,
  { tenantId, objectId }: Account,
  { mspId, staffId }: MicrosoftStaffPlace,
): Promise<void> => {
  await environment.directory
    .prepare(`delete from microsoft_staff where tenant_id = ? and object_id = ? and msp_id = ? and staff_id = ?`)
    .bind(tenantId, objectId, mspId, staffId)
    .run()
}
