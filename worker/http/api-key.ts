import { and, eq, isNull, sql } from 'drizzle-orm'
import {
  apiKeyUses,
  apiKeys,
  customers,
  msps,
  portals,
  selfServiceDefaults,
  selfServiceOverrides,
  staff,
} from '../../db/shard/schema.ts'
import { now } from '../clock.ts'
import type { Environment } from '../env.ts'
import { hashOf, newHandle, newSecret } from '../tenancy/ids.ts'
import { contactMay, keyMay } from '../tenancy/permissions.ts'
import { plan } from '../tenancy/plan.ts'
import { ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../tenancy/policy.ts'
import type { Asked } from '../tenancy/plan.ts'
import { forMsp } from '../tenancy/scope.ts'
import type { Actor, Asides, ContactScope, MspReads, MspScope } from '../tenancy/scope.ts'
import { shownDirectoryIn } from '../tenancy/shown-directory.ts'
import type { PortalPerson, StaffPerson } from './app.ts'
import { groundFor, mustUseTwoStep, nobody } from './session.ts'
import type { Setting } from './session.ts'

const TOUCH_MS = 5 * 60_000

/**
 * A new key, as its program sends it: a beginning that people tell it by, then the shard and the MSP, which saves the way
 * through the directory, then 256 random bits. What is stored is the hash of the whole.
 */
export const newApiKey = async (msp: MspScope): Promise<{ handle: string; token: string; tokenHash: string }> => {
  const handle = `key_${newHandle()}`
  const token = [handle, msp.shardName, msp.mspId, newSecret()].join('.')
  return { handle, token, tokenHash: await hashOf(token) }
}

const placeIn = (token: string, environment: Environment): { shard: string; mspId: string } | undefined => {
  const [handle, shard, mspId, secret, ...more] = token.split('.')
  if (handle === undefined || shard === undefined || mspId === undefined || more.length > 0) return undefined
  return environment.shards.has(shard) && secret?.length === 43 ? { shard, mspId } : undefined
}

const keyPlan = plan((door: MspReads, asked: Asked<'tokenHash' | 'customerId'>) => [
  door
    .select({
      keyId: sql<string>`${apiKeys.id}`.as('key_id'),
      keyName: sql<string>`${apiKeys.name}`.as('key_name'),
      scopes: apiKeys.scopes,
      expiresAt: apiKeys.expiresAt,
      lastUsedAt: apiKeyUses.lastUsedAt,
      staffId: staff.id,
      staffName: staff.name,
      email: staff.email,
      role: staff.role,
      disabled: staff.disabled,
      twoStepSince: staff.twoStepSince,
      twoStepRequired: msps.twoStepRequired,
      mspName: sql<string>`${msps.name}`.as('msp_name'),
      timeZone: msps.timeZone,
      microsoftClientId: msps.microsoftClientId,
      customerId: sql<string | null>`${customers.id}`.as('customer_id'),
      customerState: customers.state,
      directoryGuestsShown: portals.directoryGuestsShown,
      directoryAttributes: portals.directoryAttributes,
      ...policyColumns(),
    })
    .from(apiKeys)
    .innerJoin(staff, and(eq(staff.mspId, apiKeys.mspId), eq(staff.id, apiKeys.staffId)))
    .innerJoin(msps, eq(msps.mspId, apiKeys.mspId))
    .leftJoin(apiKeyUses, and(eq(apiKeyUses.mspId, apiKeys.mspId), eq(apiKeyUses.id, apiKeys.id)))
    .leftJoin(customers, and(eq(customers.mspId, apiKeys.mspId), eq(customers.id, asked('customerId'))))
    .leftJoin(portals, and(eq(portals.mspId, apiKeys.mspId), eq(portals.customerId, asked('customerId'))))
    .leftJoin(selfServiceOverrides, ownPolicyOf(apiKeys.mspId, asked('customerId')))
    .leftJoin(selfServiceDefaults, standardPolicyOf(apiKeys.mspId))
    .where(door.mine(apiKeys, and(eq(apiKeys.tokenHash, asked('tokenHash')), isNull(apiKeys.revokedAt)))),
])

const NO_CUSTOMER = ''

/** The program that comes with this key, or undefined: it is made up, revoked or out of date, or its maker is disabled. */
export const keySession = async (
  setting: Setting,
  token: string,
  customerId = NO_CUSTOMER,
  asides: (msp: MspScope) => Asides = () => ({ selects: [] }),
) => {
  const place = placeIn(token, setting.environment)
  if (place === undefined) return undefined
  const door = forMsp(groundFor(setting, place.shard, nobody), place.mspId)
  const asked = { tokenHash: await hashOf(token), customerId }
  const { answers, also } = await door.followWith(keyPlan, asked, asides(door))
  const [[row]] = answers
  if (row === undefined || row.disabled || row.expiresAt <= now()) return undefined
  const actor: Actor = { kind: 'api_key', id: row.keyId, name: row.keyName }
  const msp = forMsp(groundFor(setting, place.shard, actor), place.mspId)
  if (row.lastUsedAt === null || now() - row.lastUsedAt >= TOUCH_MS)
    setting.later(() => msp.record(msp.putAll(apiKeyUses, [{ id: row.keyId, lastUsedAt: now() }])))
  const { staffId, staffName: name, email, role } = row
  const creator: StaffPerson = { staffId, name, email, role, permissions: keyMay(row.scopes, role) }
  const house = { name: row.mspName, timeZone: row.timeZone, microsoftClientId: row.microsoftClientId }
  const policy = policyIn(row)
  const customerAsked = row.customerState === 'archived' ? null : row.customerId
  return {
    msp,
    house,
    staff: creator,
    /** A key is no way around what its maker's sessions wait for. */
    mustSetUpTwoStep: row.twoStepSince === null && mustUseTwoStep(role, row.twoStepRequired),
    /** What `asides` came to. */
    alongside: also,
    /** What the portal of the customer asked for shows of its directory. */
    directory: shownDirectoryIn(row, policy),
    /** What that customer does by itself. */
    policy,
    customer: customerAsked === null ? undefined : msp.forCustomer(customerAsked),
  }
}

/**
 * The same, to see what an admin of a customer's portal sees, as staff preview it: also while the portal is closed, and
 * not once the customer is archived. Without `contact` when its MSP has no such customer.
 */
export const keyAtPortal = async (
  setting: Setting,
  token: string,
  customerId: string,
): Promise<
  { staff: StaffPerson; mustSetUpTwoStep: boolean; contact: ContactScope | undefined; person: PortalPerson } | undefined
> => {
  const session = await keySession(setting, token, customerId)
  if (session === undefined) return undefined
  const { id, name } = session.msp.actor
  const roles = { isPortalAdmin: true, isPortalUser: true }
  const permissions = contactMay(roles, session.policy)
  const seesLicences = permissions.has('portal.licences')
  return {
    staff: session.staff,
    mustSetUpTwoStep: session.mustSetUpTwoStep,
    contact: session.customer?.forContact({ contactId: id, ...roles, seesLicences }),
    person: {
      contactId: id,
      name,
      email: '',
      permissions,
      policy: session.policy,
      licencePermission: 'none',
      directory: session.directory,
      timeZone: session.house.timeZone,
    },
  }
}
