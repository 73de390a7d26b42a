import { and, eq, isNull } from 'drizzle-orm'
import { contacts, customers, invitations, msps, portals } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { Problem } from '../../http/problem.ts'
import { groundFor, nobody } from '../../http/session.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { forMsp } from '../../tenancy/scope.ts'
import { policyOf } from '../portal-face/index.ts'
import { attemptKeys, countAttempt, doorOf } from '../sign-in/index.ts'
import type { Caller } from '../sign-in/index.ts'
import { invitationTo, obstacleTo } from './contacts.ts'

/**
 * Sends somebody whose invitation has expired a fresh one, to the address it went to and no other. Whatever link it is
 * asked for with, the caller is told the same. An expired invitation is renewed once: each fresh one is renewed by its own
 * link. Problem `throttled`.
 */
export const renewInvitation = async (caller: Caller, secret: string): Promise<void> => {
  const { environment, place, requestId, later } = caller
  if (place.kind !== 'portal') return
  const tokenHash = await hashOf(secret)
  await countAttempt(environment, await attemptKeys(environment, doorOf(place), `renewal ${tokenHash}`, caller.address))
  const asVisitor = forMsp(groundFor({ environment, requestId, later }, place.shard, nobody), place.mspId)
  const door = asVisitor.forCustomer(place.customerId)
  const [row] = await door
    // Not all of their columns: an answer of D1 has at most 100.
    .select({
      invitation: invitations,
      contact: contacts,
      customer: { state: customers.state, portalState: customers.portalState },
      policyOfPortal: portals.signInPolicy,
      policyOfMsp: msps.signInPolicy,
    })
    .from(invitations)
    .innerJoin(
      contacts,
      and(
        eq(contacts.mspId, invitations.mspId),
        eq(contacts.customerId, invitations.customerId),
        eq(contacts.id, invitations.contactId),
      ),
    )
    .innerJoin(customers, and(eq(customers.mspId, invitations.mspId), eq(customers.id, invitations.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, invitations.mspId), eq(portals.customerId, invitations.customerId)))
    .innerJoin(msps, eq(msps.mspId, invitations.mspId))
    .where(door.mine(invitations, eq(invitations.tokenHash, tokenHash)))
  if (row === undefined) return
  const { invitation, contact } = row
  const isOpen = invitation.consumedAt === null && invitation.revokedAt === null
  if (!isOpen || invitation.expiresAt > now() || contact.access !== 'invited') return
  if (obstacleTo(contact, row.customer) !== undefined) return

  const actor = { kind: 'contact', id: contact.id, name: contact.name } as const
  const customer = forMsp(groundFor({ environment, requestId, later }, place.shard, actor), place.mspId).forCustomer(
    place.customerId,
  )
  const { set, writes } = await invitationTo(
    environment,
    customer,
    contact,
    policyOf({ signInPolicy: row.policyOfMsp }, { signInPolicy: row.policyOfPortal }),
  )
  try {
    await customer.commit(
      { action: 'contact.renewed_invitation', subject: { kind: 'contact', id: contact.id, name: contact.name } },
      customer.changeWhere(
        invitations,
        invitation.id,
        and(isNull(invitations.consumedAt), isNull(invitations.revokedAt)),
        {
          revokedAt: now(),
        },
      ),
      customer.change(contacts, contact, set),
      ...writes,
    )
  } catch (error) {
    // Asked for twice at once: one mail is on its way.
    if (!(error instanceof Problem) || error.code !== 'stale') throw error
  }
}
