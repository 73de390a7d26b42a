import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { requestTypes, tenants, tenantUsers } from '../../../../db/shard/schema.ts'
import { now } from '../../../clock.ts'
import { dayOf } from '../../../days.ts'
import type { PortalPerson } from '../../../http/app.ts'
import { Problem, missing } from '../../../http/problem.ts'
import { mayAsk } from '../../../tenancy/policy.ts'
import { seesGuests, shows } from '../../../tenancy/shown-directory.ts'
import type { ContactScope, CustomerScope } from '../../../tenancy/scope.ts'
import { listColleagues } from '../../directory/index.ts'
import { approversRead } from '../request-reads.ts'
import type { RequestType } from './any-form.ts'
import { askedKinds, asksForGroups, asksForLicences } from './asked-kinds.ts'
import { lastDayFrom } from './dates.ts'
import { checkDraft } from './draft.ts'
import type { Checked } from './draft.ts'
import { findReads, foundIn, masterRead, overlayRead, toldOf } from './found.ts'
import type { Found } from './found.ts'
import { freeOn } from './free-seats.ts'
import { groupsRead } from './groups-to-choose.ts'
import { lookAt } from './look.ts'
import { formInForce } from './own-fields.ts'
import type { FormInForce } from './own-fields.ts'
import { checkOf } from './portal-forms.schema.ts'
import type { Check, RequestDraft, RequestOptionsQuery, RequestPeopleQuery } from './portal-forms.schema.ts'

const GROUP_COUNT_MAX = 1_000
const MAILBOX_COUNT_MAX = 500
const nothingAsked = { subjects: [], users: [], holders: [], groups: [], skus: [], addresses: [] }

/** The forms that this person may fill in, in order, and who checks each of them. One round trip. */
export const listForms = async (
  contact: ContactScope,
  { policy }: Pick<PortalPerson, 'policy'>,
): Promise<{ type: RequestType; inForce: FormInForce; check: Check }[]> => {
  const [[master], [overlay], approvers] = await contact.readAll([
    masterRead(contact),
    overlayRead(contact),
    approversRead(contact),
  ])
  const hasOthers = approvers.some(({ id }) => id !== contact.person.contactId)
  return requestTypes
    .filter((type) => mayAsk(policy, contact.person.isPortalAdmin, type))
    .map((type) => ({
      type,
      inForce: formInForce(master?.forms[type], overlay?.forms[type]),
      check: checkOf(policy, type, hasOthers),
    }))
}

/** Whom a request may name: people by name, of whom no more is told than the directory shows. One round trip. */
export const listPeopleToName = async (
  contact: ContactScope,
  { directory }: Pick<PortalPerson, 'directory'>,
  { guests, ...query }: z.infer<typeof RequestPeopleQuery>,
) => {
  // Names have to be chosen from even where there is no directory; then nothing else of people is told.
  const shown = {
    isShown: true,
    showsGuests: guests && seesGuests(directory),
    attributes: directory.isShown ? directory.attributes : [],
  }
  const { rows, cursorOf, truncated } = await listColleagues(contact, shown, { ...query, mailbox: false })
  return {
    rows: rows.map((row) => ({
      row,
      person: {
        id: row.id,
        tenantId: row.tenantId,
        name: row.displayName,
        address: shows(shown, 'mail') ? (row.mail ?? row.userPrincipalName) : null,
        department: shows(shown, 'department') ? row.department : null,
        isBlocked: shows(shown, 'signInAllowed') ? !row.signInAllowed : null,
        isGuest: row.isGuest,
      },
    })),
    cursorOf,
    truncated,
  }
}

/**
 * What somebody holds, so that a form can ask what becomes of it; whose manager they are and whose they have, only to whoever sees that in
 * the directory or may say that somebody leaves. One round trip. Problem `missing`.
 */
export const findHoldings = async (contact: ContactScope, person: PortalPerson, userId: string) => {
  const customer = contact.ofCustomer
  const asks = { ...nothingAsked, holders: [userId] }
  const [mailboxes, [manager], ...reads] = await customer.readAll([
    sharedMailboxes(customer, userId),
    managerOf(customer, userId),
    ...findReads(customer, asks),
  ])
  const found = foundIn(reads, asks)
  const [one] = found.people
  if (one === undefined || (one.isGuest && !seesGuests(person.directory))) throw missing('person')
  const { licences, groups, manages } = lookAt(found, {
    tenant: { id: one.tenantId, name: '' },
    isTenantGiven: true,
    seesHolders: true,
    form: formInForce(undefined, undefined),
    today: dayOf(now(), found.timeZone),
    fault: () => {},
  }).holdings(userId)
  const seesHoldings = person.permissions.has('portal.licence_holders')
  const letsGo = mayAsk(person.policy, contact.person.isPortalAdmin, 'offboarding')
  const seesManagers = letsGo || shows(person.directory, 'manager')
  const named = ({ id, name, address }: { id: string; name: string; address: string }) => ({
    id,
    name,
    address: shows(person.directory, 'mail') ? address : null,
  })
  return {
    id: one.id,
    tenantId: one.tenantId,
    name: one.name,
    licences: seesHoldings ? licences.filter(({ isFree }) => !isFree).map(({ id, name }) => ({ id, name })) : null,
    groups: seesHoldings ? groups : null,
    manager:
      manager === undefined || !seesManagers || (manager.isGuest && !seesGuests(person.directory))
        ? null
        : named(withAddress(manager)),
    manages: seesManagers ? manages.map(named) : [],
    sharedMailboxes: letsGo ? mailboxes.map((mailbox) => named(withAddress(mailbox))) : [],
  }
}

const userToName = {
  id: tenantUsers.id,
  tenantId: tenantUsers.tenantId,
  name: tenantUsers.displayName,
  mail: tenantUsers.mail,
  userPrincipalName: tenantUsers.userPrincipalName,
}

const withAddress = ({
  id,
  name,
  mail,
  userPrincipalName,
}: {
  id: string
  name: string
  mail: string | null
  userPrincipalName: string
}) => ({ id, name, address: mail ?? userPrincipalName })

/** Whoever is somebody's manager, if Microsoft tells of one who is still there. */
const managerOf = (customer: CustomerScope, userId: string) => {
  const theirs = customer
    .select({ managerId: tenantUsers.managerId })
    .from(tenantUsers)
    .where(customer.mine(tenantUsers, and(eq(tenantUsers.tenantId, tenants.id), eq(tenantUsers.id, userId))))
  return customer
    .select({ ...userToName, isGuest: tenantUsers.isGuest })
    .from(tenants)
    .crossJoin(tenantUsers)
    .where(
      and(
        customer.mine(tenants, isNull(tenants.removedAt)),
        customer.mine(tenantUsers, and(eq(tenantUsers.tenantId, tenants.id), eq(tenantUsers.id, sql`${theirs}`))),
      ),
    )
    .limit(1)
}

/** The first tenant that somebody is in: where what they hold is told from. */
const tenantOfUser = (customer: CustomerScope, userId: string) =>
  customer
    .select({ id: tenants.id })
    .from(tenants)
    .crossJoin(tenantUsers)
    .where(
      and(
        customer.mine(tenants, isNull(tenants.removedAt)),
        customer.mine(tenantUsers, and(eq(tenantUsers.tenantId, tenants.id), eq(tenantUsers.id, userId))),
      ),
    )
    .orderBy(asc(tenants.connectedAt), asc(tenants.id))
    .limit(1)

const sharedMailboxes = (customer: CustomerScope, userId: string) =>
  customer
    .select(userToName)
    .from(tenants)
    .crossJoin(sql`json_each('[0,1]') as licensed`)
    .crossJoin(tenantUsers)
    .where(
      and(
        customer.mine(tenants, eq(tenants.id, sql`${tenantOfUser(customer, userId)}`)),
        customer.mine(
          tenantUsers,
          and(
            eq(tenantUsers.tenantId, tenants.id),
            // As the index has it, whose last but names is how somebody stands: 2 is a mailbox that is nobody's own.
            eq(tenantUsers.isGuest, false),
            sql`${tenantUsers.isLicensed} = licensed.value`,
            sql`${tenantUsers.standing} = 2`,
            eq(tenantUsers.mailboxPurpose, 'shared'),
          ),
        ),
      ),
    )
    .orderBy(asc(tenantUsers.sortName), asc(tenantUsers.id))
    .limit(MAILBOX_COUNT_MAX)

/**
 * What can be chosen in forms: environments, licences and the first groups; of licences and groups none for whom no form asks for any.
 * One round trip.
 */
export const listOptions = async (
  contact: ContactScope,
  person: PortalPerson,
  { tenantId, on }: z.infer<typeof RequestOptionsQuery>,
) => {
  const customer = contact.ofCustomer
  const [groups, ...reads] = await customer.readAll([
    groupsRead(customer, { tenantId, limit: GROUP_COUNT_MAX + 1, seesMail: shows(person.directory, 'mail') }),
    ...findReads(customer, nothingAsked),
  ])
  const sees = seesOf(person)
  const found = toldOf(foundIn(reads, nothingAsked), {
    seesHolders: sees.holders,
    seesGuests: seesGuests(person.directory),
  })
  const today = dayOf(now(), found.timeZone)
  const kinds = askedKinds({ isPortalAdmin: contact.person.isPortalAdmin, policy: person.policy }, found)
  const isAsked = (one: { tenantId: string }) =>
    asksForLicences(kinds) && (tenantId === undefined || one.tenantId === tenantId)
  const toChoose = asksForGroups(kinds) ? groups : []
  return {
    today,
    lastDay: lastDayFrom(today),
    tenants: found.tenants,
    licences: found.seats
      .filter(isAsked)
      .toSorted((one, other) => one.name.localeCompare(other.name))
      .map((seats) => licenceToChoose(found, seats, on ?? today, sees)),
    groups: toChoose.slice(0, GROUP_COUNT_MAX),
    hasMoreGroups: toChoose.length > GROUP_COUNT_MAX,
  }
}

/** What of licences this person is told. */
const seesOf = ({ permissions }: Pick<PortalPerson, 'permissions'>) => ({
  figures: permissions.has('portal.licences'),
  holders: permissions.has('portal.licence_holders'),
})

const licenceToChoose = (
  found: Found,
  { id, name, tenantId, isFree, boughtCount, assignedCount, price }: Found['seats'][number],
  day: string,
  sees: ReturnType<typeof seesOf>,
) => {
  const claims = found.claims.filter((claim) => claim.skuId === id && claim.tenantId === tenantId)
  return {
    skuId: id,
    name,
    tenantId,
    isFree,
    boughtCount: sees.figures ? boughtCount : null,
    assignedCount: sees.figures ? assignedCount : null,
    freeCount: sees.figures ? freeOn({ boughtCount, assignedCount }, claims, day) : null,
    price: sees.holders && found.costsShown ? price : null,
  }
}

/** What would become of a request as it is filled in so far. Problem `forbidden` for what this person may not ask for. */
export const checkRequest = async (
  contact: ContactScope,
  person: PortalPerson,
  draft: z.infer<typeof RequestDraft>,
): Promise<Checked> => {
  if (!mayAsk(person.policy, contact.person.isPortalAdmin, draft.type)) throw notAsked(contact.person.isPortalAdmin)
  const { figures, holders } = seesOf(person)
  return checkDraft(
    contact.ofCustomer,
    draft.type,
    draft,
    { today: dayOf(now(), person.timeZone), seesHolders: holders, seesGuests: seesGuests(person.directory) },
    {
      showsHoldings: holders,
      showsAddresses: shows(person.directory, 'mail'),
      showsSeats: figures,
      showsBlocked: shows(person.directory, 'signInAllowed'),
    },
  )
}

const notAsked = (isPortalAdmin: boolean) =>
  new Problem(
    'forbidden',
    `This is not asked for here. Tell your ${isPortalAdmin ? 'IT provider' : 'portal admins'} what you need.`,
  )
