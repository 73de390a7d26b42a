import { and, eq, isNull } from 'drizzle-orm'
import { contacts, customers, handOvers, portals, previews } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem, missing } from '../../http/problem.ts'
import { PREVIEW_MS } from '../../http/preview.ts'
import { groundFor, newSessionToken, nobody } from '../../http/session.ts'
import type { SessionToken, Setting } from '../../http/session.ts'
import type { Place } from '../../tenancy/directory.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { ANSWER_WITH_SECRET, forMsp } from '../../tenancy/scope.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { newHandOver, readPlacedToken, spent, waitingPreview } from '../sign-in/index.ts'

/**
 * Begins to look at a portal as one of its contacts: answers where to go within a minute, once. Written down at once, since it
 * says who looked. Problems: `missing`; `conflict` where there is nothing to see.
 */
export const beginPreview = async (
  environment: Environment,
  msp: MspScope,
  { staffId, sessionId }: { staffId: string; sessionId: string },
  customerId: string,
  contactId: string,
): Promise<{ url: string }> => {
  const customer = msp.forCustomer(customerId)
  const [row] = await customer
    .select({ contact: contacts, state: customers.state, host: portals.host, addressState: portals.addressState })
    .from(contacts)
    .innerJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .leftJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
    .where(customer.mine(contacts, and(eq(contacts.id, contactId), isNull(contacts.removedAt))))
  if (row === undefined) throw missing('contact')
  const { contact, state, host, addressState } = row
  if (state === 'archived') throw new Problem('conflict', 'This customer is archived. Restore it first.')
  if (host === null) throw new Problem('conflict', 'This customer has no portal yet.')
  if (addressState !== 'active')
    throw new Problem('conflict', 'The portal’s address is being prepared. Try again soon.')
  if (!contact.isPortalAdmin && !contact.isPortalUser)
    throw new Problem('conflict', `${contact.name} has no role in the portal, so there is nothing to see as them.`)
  const { code, row: waiting } = await newHandOver(msp, {
    host,
    // Nothing at the admin host can set a cookie for the portal's, so this code is not tied to one.
    flowHash: '',
    returnTo: '/',
    proven: { purpose: 'preview', contactId, staffId, sessionId },
  })
  await customer.commit(
    {
      action: 'portal.viewed_as',
      subject: { kind: 'contact', id: contact.id, name: contact.name },
      answer: ANSWER_WITH_SECRET,
    },
    customer.add(handOvers, waiting),
  )
  const query = new URLSearchParams({ code }).toString()
  return { url: `${environment.originOf(host)}/preview?${query}` }
}

/** The code becomes a preview at the portal's host: once, within its minute. Undefined for any other. */
export const redeemPreview = async (
  setting: Setting,
  place: Extract<Place, { kind: 'portal' }>,
  code: string,
): Promise<SessionToken | undefined> => {
  const at = readPlacedToken(setting.environment, code)
  if (at === undefined || at.mspId !== place.mspId || at.shard !== place.shard) return undefined
  const msp = forMsp(groundFor(setting, place.shard, nobody), place.mspId)
  const row = await waitingPreview(msp, at.secret, place.host)
  if (row === undefined) return undefined
  const token = newSessionToken(place.shard, place.mspId)
  const { contactId, staffId, sessionId } = row.proven
  const customer = msp.forCustomer(place.customerId)
  try {
    await customer.record(
      customer.changeWhere(handOvers, row.id, spent().where, spent().set),
      customer.add(previews, {
        id: await hashOf(token.secret),
        contactId,
        staffId,
        sessionId,
        host: place.host,
        createdAt: now(),
        expiresAt: now() + PREVIEW_MS,
      }),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') return undefined
    throw error
  }
  return token
}

/** Ends a preview, whoever asks with its cookie. */
export const endPreview = async (setting: Setting, token: SessionToken): Promise<void> => {
  const msp = forMsp(groundFor(setting, token.shard, nobody), token.mspId)
  await msp.record(msp.removeWhere(previews, eq(previews.id, await hashOf(token.secret))))
}
