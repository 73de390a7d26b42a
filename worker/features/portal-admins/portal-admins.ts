import { eq, isNull } from 'drizzle-orm'
import type { AnswersOf } from '../../tenancy/plan.ts'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import { contacts, customers, portals } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField, missing, stale } from '../../http/problem.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { lifeOf, lifeRefusals, stepOf } from '../../tenancy/portal-life.ts'
import type { Answer, CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import {
  invitationTo,
  invitedAdditionOf,
  policiesOf,
  policyIn,
  refusingDuplicates,
  revokeInvitations,
  withinCount,
} from '../contacts/index.ts'
import type { ContactRow } from '../contacts/index.ts'
import { creationOf, replacementOf } from '../customers/index.ts'
import type { CustomerCreation, CustomerInput, CustomerRow, PortalAdmin } from '../customers/index.ts'
import { newPortalOf, withReservedHost } from '../portals/index.ts'
import type { SignInPolicy } from '../portal-face/index.ts'
import { decideAdmin, nameFromEmail } from './decide-admin.ts'
import type { AdminDecision } from './decide-admin.ts'

/** A customer as it is answered: with the admin of its portal. */
export type CustomerWithAdmin = { row: CustomerRow; admin: PortalAdmin | undefined }
type Answering = (customer: CustomerWithAdmin) => Answer

/**
 * Adds a customer; with a prefix also its portal, whose admin its e-mail names and who is invited: all in one commit,
 * the address reserved before it. Problems: `invalid` at /portalPrefix (malformed, reserved, taken) or /email.
 */
export const createCustomer = async (
  environment: Environment,
  msp: MspScope,
  input: z.infer<typeof CustomerCreation>,
  answer: Answering,
): Promise<CustomerWithAdmin> => {
  const { portalPrefix, portalAdminName, ...kept } = input
  const { row, writes } = creationOf(msp, kept)
  const customer = msp.forCustomer(row.id)
  const note = { action: 'customer.created', subject: subjectOf(row), customerId: row.id } as const
  if (portalPrefix === null) {
    const created = { row, admin: undefined }
    await msp.commit({ ...note, answer: answer(created) }, ...writes)
    return created
  }
  if (row.email === null)
    throw invalidField('/email', 'Enter the e-mail address of whoever is to be the portal admin; they are invited.')
  const portal = newPortalOf(environment, customer, portalPrefix, '/portalPrefix')
  const policy = policyIn(await policiesOf(customer))
  const admin = await namedAdmin(environment, customer, row, policy, portalAdminName, {
    kind: 'changed',
    successor: undefined,
    invites: true,
    predecessor: undefined,
    formerEmail: null,
  })
  const created = {
    row: {
      ...row,
      portalState: 'enabled' as const,
      portalHost: portal.host,
      contactCount: 1,
      primaryContactName: admin.shown.name,
    },
    admin: admin.shown,
  }
  const owner = { mspId: msp.mspId, customerId: row.id, shard: msp.shardName }
  const nobodys = async () => (await customer.first(portals, eq(portals.customerId, row.id)))?.host
  await withReservedHost(environment, portal.host, owner, '/portalPrefix', nobodys, () =>
    msp.commit({ ...note, answer: answer(created) }, ...writes, ...portal.writes, ...admin.writes),
  )
  return created
}

/**
 * Replaces what staff keep of a customer. Another e-mail names another portal admin, who is invited; the one before
 * becomes a regular portal user. Problems: `missing`, `stale`, `invalid` at /email while the portal is closed.
 */
export const replaceCustomer = async (
  environment: Environment,
  msp: MspScope,
  customerId: string,
  input: z.infer<typeof CustomerInput>,
  wanted: Expected,
): Promise<CustomerWithAdmin> => {
  const { customer, before, people, portal, policy } = await readAll(msp, customerId)
  refuseUnexpected(before, wanted)
  const { row, writes } = replacementOf(msp, before, input)
  const unchanged = { row: before, admin: adminIn(people, portal?.formerAdminEmail ?? null) }
  if (row === before) return unchanged
  const isSame = row.email === before.email
  const decided: AdminDecision<ContactRow> = isSame
    ? { kind: 'kept' }
    : decideAdmin({
        email: row.email,
        customerState: before.state,
        portalState: before.portalState,
        people,
        formerEmail: portal?.formerAdminEmail ?? null,
      })
  if (decided.kind === 'refused') throw invalidField('/email', decided.detail)
  const note = { action: 'customer.changed', subject: subjectOf(row), customerId } as const
  if (decided.kind === 'kept') {
    await msp.commit(note, ...writes)
    return { ...unchanged, row }
  }
  const admin = await namedAdmin(environment, customer, row, policy, null, decided)
  await refusingDuplicates(() => withinCount(customer, () => msp.commit(note, ...writes, ...admin.writes)))
  const counted = { contactCount: row.contactCount + 1, primaryContactName: row.primaryContactName ?? admin.shown.name }
  return { row: admin.added ? { ...row, ...counted } : row, admin: admin.shown }
}

/**
 * Gives a customer that never had one its portal, open; its e-mail, if it has one, names the admin, who is invited.
 * Problems: `missing`; `conflict` when it has one, or is archived or disabled; `invalid` at /portalPrefix.
 */
export const enablePortal = async (
  environment: Environment,
  msp: MspScope,
  customerId: string,
  found: Readonly<AnswersOf<typeof allOf>>,
  input: { portalPrefix: string; portalAdminName: string | null },
  answer: Answering,
): Promise<CustomerWithAdmin> => {
  const customer = msp.forCustomer(customerId)
  const { before, people, policy } = allIn(found)
  const step = stepOf(lifeOf(before), 'enable_portal')
  if (step.kind === 'refused') throw new Problem('conflict', lifeRefusals[step.because])
  if (step.kind === 'unchanged' || !step.createsPortal)
    throw new Problem('conflict', 'This customer has a portal already. Open it, or change its settings.')
  const decided = decideAdmin({
    email: before.email,
    customerState: before.state,
    portalState: 'enabled',
    people,
    formerEmail: null,
  })
  if (decided.kind === 'refused') throw new Problem('conflict', decided.detail)
  const portal = newPortalOf(environment, customer, input.portalPrefix, '/portalPrefix')
  const admin =
    decided.kind === 'changed'
      ? await namedAdmin(environment, customer, before, policy, input.portalAdminName, decided)
      : undefined
  const enabled: CustomerWithAdmin = {
    row: {
      ...before,
      portalState: 'enabled',
      portalHost: portal.host,
      contactCount: before.contactCount + (admin?.added ? 1 : 0),
      primaryContactName: before.primaryContactName ?? admin?.shown.name ?? null,
    },
    admin: admin?.shown ?? adminIn(people, null),
  }
  const owner = { mspId: msp.mspId, customerId, shard: msp.shardName }
  const kept = async () => (await customer.first(portals, eq(portals.customerId, customerId)))?.host
  try {
    await withReservedHost(environment, portal.host, owner, '/portalPrefix', kept, () =>
      refusingDuplicates(() =>
        withinCount(customer, () =>
          customer.commit(
            {
              action: 'portal.created',
              subject: { kind: 'portal', id: portal.id, name: portal.host },
              answer: answer(enabled),
            },
            customer.unchanged(customers, [before]),
            ...portal.writes,
            ...(admin?.writes ?? []),
          ),
        ),
      ),
    )
  } catch (error) {
    // Somebody else gave it a portal at the same moment.
    if (error instanceof Refused && error.columns.some((column) => column.startsWith('portals.'))) throw stale()
    throw error
  }
  return enabled
}

/**
 * Takes back an admin change that was not confirmed: whoever was admin before is it again, and so is the customer's
 * e-mail. The one who did not confirm stays a contact, without access. Problems: `missing`, `stale`, `conflict` when
 * there is nothing to undo.
 */
export const undoAdminChange = async (msp: MspScope, customerId: string, wanted: Expected): Promise<void> => {
  const { customer, before, people, portal } = await readAll(msp, customerId)
  refuseUnexpected(before, wanted)
  const pending = people.find(({ isTheAdmin }) => isTheAdmin)
  const formerEmail = portal?.formerAdminEmail ?? null
  const former = people.find(({ email }) => email !== null && email === formerEmail)
  if (portal === undefined || pending === undefined || pending.confirmedAt !== null || formerEmail === null)
    throw new Problem('conflict', 'There is no change of the portal admin that waits to be confirmed.')
  if (former === undefined)
    throw new Problem('conflict', `Nobody here has the e-mail address ${formerEmail} any more. Name an admin instead.`)
  const { writes } = replacementOf(msp, before, { ...before, email: formerEmail })
  await msp.commit(
    { action: 'customer.admin_change_undone', subject: subjectOf(before), customerId },
    ...writes,
    customer.change(contacts, pending, {
      isTheAdmin: false,
      isPortalAdmin: false,
      access: pending.access === 'invited' ? 'none' : pending.access,
      passwordHash: null,
      temporaryUntil: null,
    }),
    revokeInvitations(customer, pending.id),
    customer.change(contacts, former, { isTheAdmin: true, isPortalAdmin: true }),
    customer.changeAll(portals, undefined, { formerAdminEmail: null }),
  )
}

const readAll = async (msp: MspScope, customerId: string) => {
  const customer = msp.forCustomer(customerId)
  return { customer, ...allIn(await customer.readAll(allOf(customer))) }
}

/** A customer with its people and its portal, to be read together. */
export const allOf = (customer: CustomerScope) =>
  [
    customer.select().from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(contacts)
      .where(customer.mine(contacts, isNull(contacts.removedAt))),
    customer.select().from(portals).where(customer.mine(portals)),
    policiesOf(customer),
  ] as const

const allIn = ([[before], people, [portal], policies]: Readonly<AnswersOf<typeof allOf>>) => {
  if (before === undefined) throw missing('customer')
  return { before, people, portal, policy: policyIn(policies) }
}

type Changed = Extract<AdminDecision<ContactRow>, { kind: 'changed' }>

/** What makes the customer's e-mail name its portal admin, and how they are shown from then on. */
const namedAdmin = async (
  environment: Environment,
  customer: CustomerScope,
  { mspId, email }: CustomerRow,
  policy: SignInPolicy,
  name: string | null,
  { successor, invites, predecessor, formerEmail }: Changed,
): Promise<{ shown: PortalAdmin; added: boolean; writes: Write[] }> => {
  const roles = { isTheAdmin: true, isPortalAdmin: true }
  const demotion =
    predecessor === undefined
      ? []
      : [customer.change(contacts, predecessor, { isTheAdmin: false, isPortalAdmin: false, isPortalUser: true })]
  const remembered = customer.changeAll(portals, undefined, { formerAdminEmail: formerEmail })
  if (successor !== undefined) {
    const invitation = invites ? await invitationTo(environment, customer, successor, policy) : undefined
    const set = { ...roles, ...invitation?.set }
    return {
      shown: { ...successor, ...set, formerAdminEmail: formerEmail },
      added: false,
      // The one before first: a customer has one admin at a time, also within a commit.
      writes: [...demotion, customer.change(contacts, successor, set), remembered, ...(invitation?.writes ?? [])],
    }
  }
  const values = { name: name ?? nameFromEmail(email ?? ''), email, isPortalUser: true, ...roles }
  const { row, writes, invitation } = await invitedAdditionOf(environment, customer, mspId, values, policy)
  return {
    shown: { ...row, formerAdminEmail: formerEmail },
    added: true,
    writes: [...demotion, ...writes, remembered, ...invitation],
  }
}

const adminIn = (people: ContactRow[], formerAdminEmail: string | null): PortalAdmin | undefined => {
  const admin = people.find(({ isTheAdmin }) => isTheAdmin)
  return admin === undefined ? undefined : { ...admin, formerAdminEmail }
}

const subjectOf = ({ id, name }: CustomerRow) => ({ kind: 'customer', id, name })
