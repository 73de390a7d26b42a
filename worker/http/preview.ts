import { and, eq } from 'drizzle-orm'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import {
  contacts,
  customers,
  msps,
  portals,
  previews,
  selfServiceDefaults,
  selfServiceOverrides,
  sessions,
  staff,
} from '../../db/shard/schema.ts'
import { now } from '../clock.ts'
import type { Environment } from '../env.ts'
import type { Place } from '../tenancy/directory.ts'
import { hashOf } from '../tenancy/ids.ts'
import { contactMay, staffMay } from '../tenancy/permissions.ts'
import { plan } from '../tenancy/plan.ts'
import { ownPolicyOf, policyColumns, policyIn, standardPolicyOf } from '../tenancy/policy.ts'
import type { Asked } from '../tenancy/plan.ts'
import { forMsp } from '../tenancy/scope.ts'
import type { Actor, ContactScope, MspReads } from '../tenancy/scope.ts'
import { shownDirectoryIn } from '../tenancy/shown-directory.ts'
import type { PortalPerson } from './app.ts'
import { bearerIn, groundFor, mustUseTwoStep, nobody, readToken } from './session.ts'
import type { SessionToken, Setting } from './session.ts'

/** A cookie of its own: a contact who is signed in in the same browser stays so. */
export const PREVIEW_COOKIE = '__Host-preview'
/** Looking ends after this long, however much one looks. */
export const PREVIEW_MS = 30 * 60_000

export const previewCookieOf = ({ shard, mspId, secret }: SessionToken): string =>
  `${PREVIEW_COOKIE}=${shard}.${mspId}.${secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${PREVIEW_MS / 1000}`

export const endedPreviewCookie = `${PREVIEW_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`

/** The preview a request comes with; none for one that comes with a key, whatever cookies it carries. */
export const previewTokenIn = (c: Context, environment: Environment): SessionToken | undefined =>
  bearerIn(c) === undefined ? readToken(environment, getCookie(c, PREVIEW_COOKIE) ?? '') : undefined

/** Somebody of the staff who looks at a portal as one of its contacts. */
export type Preview = {
  contact: ContactScope
  person: PortalPerson
  staffName: string
  contactName: string
  customerId: string
  expiresAt: number
  previewId: string
}

const previewPlan = plan((door: MspReads, asked: Asked<'previewId'>) => [
  door
    .select({
      host: previews.host,
      expiresAt: previews.expiresAt,
      customerId: previews.customerId,
      contactId: contacts.id,
      name: contacts.name,
      email: contacts.email,
      isPortalAdmin: contacts.isPortalAdmin,
      isPortalUser: contacts.isPortalUser,
      customerState: customers.state,
      directoryGuestsShown: portals.directoryGuestsShown,
      directoryAttributes: portals.directoryAttributes,
      ...policyColumns(),
      timeZone: msps.timeZone,
      staffId: staff.id,
      staffName: staff.name,
      role: staff.role,
      disabled: staff.disabled,
      sessionExpiresAt: sessions.expiresAt,
      twoStepSince: staff.twoStepSince,
      twoStepRequired: msps.twoStepRequired,
    })
    .from(previews)
    .innerJoin(
      contacts,
      and(
        eq(contacts.mspId, previews.mspId),
        eq(contacts.customerId, previews.customerId),
        eq(contacts.id, previews.contactId),
      ),
    )
    .innerJoin(customers, and(eq(customers.mspId, previews.mspId), eq(customers.id, previews.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, previews.mspId), eq(portals.customerId, previews.customerId)))
    .leftJoin(selfServiceOverrides, ownPolicyOf(previews.mspId, previews.customerId))
    .leftJoin(selfServiceDefaults, standardPolicyOf(previews.mspId))
    .innerJoin(staff, and(eq(staff.mspId, previews.mspId), eq(staff.id, previews.staffId)))
    .innerJoin(
      sessions,
      and(
        eq(sessions.mspId, previews.mspId),
        eq(sessions.id, previews.sessionId),
        eq(sessions.staffId, previews.staffId),
      ),
    )
    .innerJoin(msps, eq(msps.mspId, previews.mspId))
    .where(door.mine(previews, eq(previews.id, asked('previewId')))),
])

/**
 * The preview that is under way here, or undefined: also when whoever began it has signed out, is disabled or may no
 * longer, or when the customer was archived. A closed portal is looked at all the same: that is what it is for.
 */
export const previewSession = async (
  setting: Setting,
  place: Place,
  token: SessionToken | undefined,
): Promise<Preview | undefined> => {
  if (token === undefined || place.kind !== 'portal') return undefined
  if (token.mspId !== place.mspId || token.shard !== place.shard) return undefined
  const previewId = await hashOf(token.secret)
  const door = forMsp(groundFor(setting, token.shard, nobody), token.mspId)
  const [[row]] = await door.follow(previewPlan, { previewId })
  if (row === undefined || row.host !== place.host || row.customerId !== place.customerId) return undefined
  if (Math.min(row.expiresAt, row.sessionExpiresAt) <= now() || row.customerState === 'archived') return undefined
  if (row.disabled || !staffMay[row.role].has('portals.preview')) return undefined
  if (row.twoStepSince === null && mustUseTwoStep(row.role, row.twoStepRequired)) return undefined
  const actor: Actor = { kind: 'staff', id: row.staffId, name: row.staffName }
  const roles = { isPortalAdmin: row.isPortalAdmin, isPortalUser: row.isPortalUser }
  const customer = forMsp(groundFor(setting, token.shard, actor), token.mspId).forCustomer(row.customerId)
  const policy = policyIn(row)
  const permissions = contactMay(roles, policy)
  const seesLicences = permissions.has('portal.licences')
  return {
    contact: customer.forContact({ contactId: row.contactId, ...roles, seesLicences }),
    person: {
      contactId: row.contactId,
      name: row.name,
      email: row.email ?? '',
      permissions,
      policy,
      licencePermission: 'none',
      directory: shownDirectoryIn(row, policy),
      timeZone: row.timeZone,
    },
    staffName: row.staffName,
    contactName: row.name,
    customerId: row.customerId,
    expiresAt: row.expiresAt,
    previewId,
  }
}
