import { and, eq, inArray, isNotNull, notExists, sql } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import { customHostnames, customers, jobs, portals } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { newId, newSecret } from '../../tenancy/ids.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import type { Answer, CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import { checkOf, linkedHostFollows, removalOf, subjectOf } from './custom-hostnames.jobs.ts'
import { checkHostname } from './hostname.ts'
import { holderOf } from './names.ts'

export type HostnameRow = typeof customHostnames.$inferSelect
type PortalRow = typeof portals.$inferSelect
/** A name and the portal it is to open. */
export type HostnameOf = { row: HostnameRow; portal: PortalRow | undefined }

export const HOSTNAME_COUNT_MAX = 10
/** Name servers remember what they said for longer than this. */
export const CHECK_PAUSE_MS = 15_000

/** A customer's own host names, oldest first, with the portal they open. Problem `missing`. */
export const listHostnames = async (
  msp: MspScope,
  customerId: string,
): Promise<{ rows: HostnameRow[]; portal: PortalRow | undefined }> => {
  const { itself, rows, portal } = await readHostnames(msp, customerId)
  if (itself === undefined) throw missing('customer')
  return { rows, portal }
}

/** One of them. Problem `missing`. */
export const findHostname = async (msp: MspScope, customerId: string, hostnameId: string): Promise<HostnameOf> => {
  const { rows, portal } = await readHostnames(msp, customerId)
  const row = rows.find(({ id }) => id === hostnameId)
  if (row === undefined) throw missing('host name')
  return { row, portal }
}

const readHostnames = async (msp: MspScope, customerId: string) => {
  const customer = msp.forCustomer(customerId)
  const [[itself], rows, [portal]] = await customer.readAll(hostnamesOf(customer))
  return { itself, rows, portal }
}

/** A customer's own names with the portal that they open, to be read together. */
export const hostnamesOf = (customer: CustomerScope) =>
  [
    customer.select({ state: customers.state }).from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(customHostnames)
      .where(customer.mine(customHostnames))
      // The plus keeps SQLite to the customer's own: by the key it would walk through the names of the whole MSP.
      .orderBy(sql`+${customHostnames.id}`),
    customer.select().from(portals).where(customer.mine(portals)),
  ] as const

/**
 * Claims a name for a customer's portal. Nobody is kept from it by that: it is theirs once they have proven it, and a
 * job looks whether they have. Problems: `missing`; `conflict` without a portal, or with too many names; `invalid` at
 * /hostname when it is no such name, or another's.
 */
export const addHostname = async (
  environment: Environment,
  msp: MspScope,
  customerId: string,
  [[itself], own, [portal]]: AnswersOf<typeof hostnamesOf>,
  typed: string,
  answer: (found: HostnameOf) => Answer,
): Promise<HostnameOf> => {
  const checked = checkHostname(typed, rulesOf(environment))
  const customer = msp.forCustomer(customerId)
  if (itself === undefined) throw missing('customer')
  if (!checked.ok) throw invalidField('/hostname', checked.detail)
  if (itself.state === 'archived') throw new Problem('conflict', 'This customer is archived. Restore it first.')
  if (portal === undefined)
    throw new Problem('conflict', 'This customer has no portal yet. Save its portal first, then add host names.')
  const { hostname } = checked
  if (own.some((row) => row.hostname === hostname)) throw listed(hostname)
  if (own.length >= HOSTNAME_COUNT_MAX)
    throw new Problem('conflict', `A customer has at most ${HOSTNAME_COUNT_MAX} host names. Remove one first.`)
  const holder = await holderOf(environment, hostname)
  if (holder !== undefined && holder.state === 'active' && holder.mspId !== msp.mspId)
    throw invalidField(
      '/hostname',
      `${hostname} is in use already. If it is this customer’s, whoever uses it has to let it go first.`,
    )
  const created = {
    id: newId(now()),
    hostname,
    state: 'pending' as const,
    proofText: newSecret(),
    createdAt: now(),
    nextCheckAt: now(),
  }
  const row: HostnameRow = { mspId: msp.mspId, customerId, version: 1, ...NOTHING_KNOWN, ...created }
  try {
    await customer.commit(
      { action: 'hostname.added', subject: subjectOf(row), answer: answer({ row, portal }) },
      customer.add(customHostnames, created),
      // Added at the very same moment from several sides, they would be too many.
      customer.onlyIf(
        sql`(select count(*) from ${customHostnames} where ${customer.mine(customHostnames)}) <= ${HOSTNAME_COUNT_MAX}`,
      ),
      customer.later(checkOf(row)),
    )
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (error.kind === 'foreign_key') throw missing('customer')
    const [quicker] = await claimants(msp, hostname)
    if (error.columns.includes('custom_hostnames.hostname') && quicker !== undefined)
      throw claimed(quicker, customerId, hostname)
    throw error
  }
  return { row, portal }
}

const NOTHING_KNOWN = {
  found: null,
  checkedAt: null,
  activeSince: null,
  troubleSince: null,
  givenUpAt: null,
}

/** Who of this MSP's customers claims the name. */
const claimants = (msp: MspScope, hostname: string) =>
  msp
    .select({ customerId: customers.id, name: customers.name })
    .from(customHostnames)
    .innerJoin(customers, and(eq(customers.mspId, customHostnames.mspId), eq(customers.id, customHostnames.customerId)))
    .where(msp.mine(customHostnames, eq(customHostnames.hostname, hostname)))
    .limit(1)

const claimed = (other: { customerId: string; name: string }, customerId: string, hostname: string): Problem =>
  other.customerId === customerId
    ? listed(hostname)
    : invalidField('/hostname', `${hostname} belongs to your customer ${other.name}. Remove it there first.`)

const listed = (hostname: string): Problem => invalidField('/hostname', `${hostname} is in this list already.`)

const rulesOf = (environment: Environment) => ({
  ownHosts: [
    environment.PORTAL_SUFFIX,
    environment.ADMIN_HOST,
    environment.SIGN_IN_HOST,
    environment.CUSTOM_HOSTNAME_TARGET,
  ].map((host) => host.toLowerCase()),
  isLocal: environment.ENVIRONMENT !== 'production',
})

/** Has the name looked at now. Problems: `missing`; `throttled` when it was looked at a moment ago. */
export const requestCheck = async (msp: MspScope, customerId: string, hostnameId: string): Promise<void> => {
  const { row } = await findHostname(msp, customerId, hostnameId)
  const goneMs = now() - (row.checkedAt ?? 0)
  if (goneMs < CHECK_PAUSE_MS)
    throw new Problem(
      'throttled',
      'This was looked at a moment ago. Name servers need some time to tell of a change.',
      {
        retryAfterSeconds: Math.ceil((CHECK_PAUSE_MS - goneMs) / 1000),
      },
    )
  const customer = msp.forCustomer(customerId)
  const work = checkOf(row)
  await customer.commit(
    {
      action: 'hostname.check_requested',
      subject: subjectOf(row),
      answer: { status: 202, body: null },
    },
    customer.changeAll(customHostnames, eq(customHostnames.id, hostnameId), { nextCheckAt: now() }),
    // One that waits after a failure does not wait any longer.
    customer.changeAll(jobs, and(eq(jobs.naturalKey, work.naturalKey), eq(jobs.state, 'waiting')), { dueAt: now() }),
    customer.later(work),
  )
}

/** Takes a name away: it stops answering in a moment, and whoever wants it next has to prove it. Problems: `missing`, `stale`. */
export const removeHostname = async (
  msp: MspScope,
  customerId: string,
  hostnameId: string,
  wanted: Expected,
): Promise<void> => {
  const { row } = await findHostname(msp, customerId, hostnameId)
  refuseUnexpected(row, wanted)
  await msp.commit(
    { action: 'hostname.removed', subject: subjectOf(row), customerId },
    msp.remove(customHostnames, row),
    msp.changeAll(portals, and(eq(portals.customerId, customerId), eq(portals.primaryHost, row.hostname)), NO_PRIMARY),
    linkedHostFollows(msp, customerId),
    // Of the MSP, so that it outlives the customer.
    msp.later(removalOf(row)),
  )
}

const NO_PRIMARY = { primaryHost: null, primaryHostLeadsHere: true }

/** Mails and links are built from this name from now on. Problems: `missing`; `stale`; `conflict` while it is not active. */
export const makePrimary = async (
  msp: MspScope,
  customerId: string,
  hostnameId: string,
  wanted: Expected,
): Promise<void> => {
  const { row, portal } = await findHostname(msp, customerId, hostnameId)
  refuseUnexpected(row, wanted)
  if (portal === undefined) throw missing('portal')
  if (row.state !== 'active')
    throw new Problem('conflict', `${row.hostname} is not active, so links to it would lead nowhere.`)
  if (portal.primaryHost === row.hostname) return
  const isStill = msp
    .select({ id: customHostnames.id })
    .from(customHostnames)
    .where(msp.mine(customHostnames, and(eq(customHostnames.id, row.id), eq(customHostnames.state, 'active'))))
  await msp.commit(
    { action: 'hostname.made_primary', subject: subjectOf(row), customerId },
    msp.changeAll(portals, eq(portals.id, portal.id), { primaryHost: row.hostname, primaryHostLeadsHere: true }),
    msp.onlyIf(sql`exists ${isStill}`),
    linkedHostFollows(msp, customerId),
  )
}

/** Mails and links are built from the prefix address again. Problems: `missing`, `stale`. */
export const unmakePrimary = async (
  msp: MspScope,
  customerId: string,
  hostnameId: string,
  wanted: Expected,
): Promise<void> => {
  const { row, portal } = await findHostname(msp, customerId, hostnameId)
  refuseUnexpected(row, wanted)
  if (portal === undefined || portal.primaryHost !== row.hostname) return
  await msp.commit(
    { action: 'hostname.primary_ended', subject: subjectOf(row), customerId },
    msp.changeAll(portals, and(eq(portals.id, portal.id), eq(portals.primaryHost, row.hostname)), NO_PRIMARY),
    linkedHostFollows(msp, customerId),
  )
}

/** After rows moved between customers: no portal's links are built from a name that is not its customer's any more. */
export const primaryHostsFollow = (msp: MspScope, customerIds: string[]): Write[] => {
  const theirs = msp
    .select({ id: customHostnames.id })
    .from(customHostnames)
    .where(
      msp.mine(
        customHostnames,
        and(eq(customHostnames.hostname, portals.primaryHost), eq(customHostnames.customerId, portals.customerId)),
      ),
    )
  return [
    msp.changeAll(
      portals,
      and(inArray(portals.customerId, customerIds), isNotNull(portals.primaryHost), notExists(theirs)),
      NO_PRIMARY,
    ),
    ...customerIds.map((customerId) => linkedHostFollows(msp, customerId)),
  ]
}
