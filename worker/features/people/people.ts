import { asc, eq, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { contacts, customers, sessions } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { revised } from '../../tenancy/revised.ts'
import type { Answer, ContactScope, CustomerScope, Write } from '../../tenancy/scope.ts'
import {
  blocking,
  CONTACT_COUNT_MAX,
  invitedAdditionOf,
  inviting,
  policiesOf,
  policyIn,
  refusingDuplicates,
  unblocking,
  withinCount,
} from '../contacts/index.ts'
import type { ContactRow, ShownContact } from '../contacts/index.ts'
import { losesAdmin, obstacleToDeed } from './last-admin.ts'
import type { PeopleDeed } from './last-admin.ts'
import type { ColleagueInput } from './people.schema.ts'

type Roles = z.infer<typeof ColleagueInput>['roles']

/** Who of the company has, or was offered, access to its portal; by name. */
export const listPeople = (contact: ContactScope): Promise<ContactRow[]> =>
  contact.list(contacts, {
    // The plus keeps SQLite to the customer's own people: by the index of names it would walk through everybody of the MSP.
    orderBy: [sql`+${contacts.name} collate nocase`, asc(contacts.id)],
    limit: CONTACT_COUNT_MAX,
  })

/**
 * Invites somebody of the company: adds them, or gives access to whom the MSP has among its contacts already, who keeps the
 * name they have there. Problems: `invalid` at /email when they are here already; `conflict`.
 */
export const invitePerson = async (
  environment: Environment,
  contact: ContactScope,
  input: z.infer<typeof ColleagueInput>,
  answer: (row: ShownContact) => Answer,
): Promise<ShownContact> => {
  const customer = contact.ofCustomer
  const [[itself], [known], policies] = await customer.readAll([
    customer.select().from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(contacts)
      .where(customer.mine(contacts, eq(contacts.email, input.email))),
    policiesOf(customer),
  ])
  if (itself === undefined) throw missing('customer')
  const roles = rolesIn(input.roles)
  const policy = policyIn(policies)
  if (known === undefined) {
    const values = { name: input.name, email: input.email, ...roles }
    const added = await invitedAdditionOf(environment, customer, itself.mspId, values, policy)
    await refusingDuplicates(() =>
      withinCount(customer, () =>
        customer.commit(
          { action: 'contact.invited', subject: subjectOf(added.row), answer: answer(added.row) },
          ...added.writes,
          ...added.invitation,
        ),
      ),
    )
    return added.row
  }
  if (known.access !== 'none')
    throw invalidField('/email', `${known.name} has this address and is among the people here already.`)
  return inviting(environment, customer, known, itself, policy, answer, roles)
}

/** Sends the invitation again; earlier links stop working. Problems: `missing`, `conflict`. */
export const invitePersonAgain = async (
  environment: Environment,
  contact: ContactScope,
  personId: string,
  answer: (row: ShownContact) => Answer,
): Promise<ShownContact> => {
  const [[person], [itself], policies] = await contact.readAll([
    contact
      .select()
      .from(contacts)
      .where(contact.mine(contacts, eq(contacts.id, personId))),
    contact.select().from(customers).where(contact.mine(customers)),
    policiesOf(contact.ofCustomer),
  ])
  if (person === undefined || itself === undefined) throw missing('person')
  return inviting(environment, contact.ofCustomer, person, itself, policyIn(policies), answer)
}

/** Says what somebody sees in the portal. Counts at their next click. Problems: `missing`, `stale`, `conflict`. */
export const changeRoles = async (
  contact: ContactScope,
  personId: string,
  wantedRoles: Roles,
  wanted: Expected,
): Promise<ContactRow> => {
  const roles = rolesIn(wantedRoles)
  const { customer, person, guard } = await judged(contact, personId, { kind: 'roles', ...roles }, wanted)
  const after = revised(person, roles)
  if (after === person) return person
  await customer.commit(
    { action: 'contact.changed', subject: subjectOf(person) },
    customer.change(contacts, person, roles),
    // What they see changed, so they come in anew.
    customer.removeWhere(sessions, eq(sessions.contactId, personId)),
    ...guard,
  )
  return after
}

/** Keeps somebody out at their next click. Problems: `missing`, `stale`, `conflict`. */
export const blockPerson = async (contact: ContactScope, personId: string, wanted: Expected): Promise<void> => {
  const { customer, person, guard } = await judged(contact, personId, { kind: 'block' }, wanted)
  await blocking(customer, person, { isByCompany: true }, guard)
}

/** Lets somebody in again whom the company kept out. Problems: `missing`, `stale`; `conflict` where the MSP did. */
export const unblockPerson = async (contact: ContactScope, personId: string, wanted: Expected): Promise<void> => {
  const person = await contact.first(contacts, eq(contacts.id, personId))
  if (person === undefined) throw missing('person')
  refuseUnexpected(person, wanted)
  const obstacle = obstacleToDeed(person, [], { kind: 'unblock' })
  if (obstacle !== undefined) throw new Problem('conflict', obstacle)
  await unblocking(contact.ofCustomer, person)
}

/** Whom a deed is about, and what holds within its commit however many are done at once: somebody looks after the portal. */
const judged = async (
  contact: ContactScope,
  personId: string,
  deed: PeopleDeed,
  wanted: Expected,
): Promise<{ customer: CustomerScope; person: ContactRow; guard: Write[] }> => {
  const customer = contact.ofCustomer
  const people = await contact.list(contacts)
  const person = people.find(({ id }) => id === personId)
  if (person === undefined) throw missing('person')
  refuseUnexpected(person, wanted)
  const obstacle = obstacleToDeed(person, people, deed)
  if (obstacle !== undefined) throw new Problem('conflict', obstacle)
  const somebodyElse = sql`exists (select ${contacts.id} from ${contacts} where ${customer.mine(contacts, sql`${contacts.id} <> ${personId} and ${contacts.isPortalAdmin} = 1 and ${contacts.access} = 'active'`)})`
  return { customer, person, guard: losesAdmin(person, deed) ? [customer.onlyIf(somebodyElse)] : [] }
}

const rolesIn = (roles: Roles) => ({
  isPortalUser: roles.includes('portal_user'),
  isPortalAdmin: roles.includes('portal_admin'),
})

const subjectOf = (row: Pick<ContactRow, 'id' | 'name'>) => ({ kind: 'contact', id: row.id, name: row.name })
