import { and, eq, gt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import { contacts, customers, msps, passwordResets, portals, staff } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem } from '../../http/problem.ts'
import { nobody } from '../../http/session.ts'
import type { Setting } from '../../http/session.ts'
import { hintErrands } from '../../jobs/errand.ts'
import type { Errand } from '../../jobs/errand.ts'
import { placeOf, staffPlaceOf } from '../../tenancy/directory.ts'
import type { StaffPlace } from '../../tenancy/directory.ts'
import { hashOf, newId } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import { open, seal } from '../../tenancy/seal.ts'
import { passwordResetMail, staffPasswordResetMail } from '../mail/index.ts'
import { takesPasswords } from '../portal-face/index.ts'
import { addressKey, countAttempt } from './attempts.ts'
import { normalEmail, scopeFor } from './sign-in.ts'
import type { Caller, PortalPlace } from './sign-in.ts'

/** A link works this long. */
export const RESET_MS = 3_600_000
/** So many links somebody may be sent within that time: enough for who looks in the wrong mailbox, too few to fill one. */
export const RESET_COUNT_MAX = 3
/** A request that could not be answered for so long is forgotten: nobody waits for its mail any more. */
export const REQUEST_MS = 3_600_000
/** How long answering one may take before another Worker takes it up. */
const LEASE_MS = 60_000
/** Hints that are this old, the queue has lost. */
const LEFT_MS = 15_000
/** At so many of them the sweep hints again in a minute, whose turn has come the longest ago. */
const LEFT_COUNT_MAX = 1000
/** So many hints a queue takes at once. */
const HINTS_AT_ONCE = 100
/** A request is answered at some moment within so many seconds, so that whatever comes next here does not meet that work. */
const DELAY_SECONDS_MAX = 3

/**
 * Has a link mailed to whoever signs in here with that e-mail address. Nothing is found out about the address here: every
 * request is kept and hinted at alike, and what becomes of it is decided behind the queue, so that neither the answer nor its
 * time, nor the time of what is asked next, tells anything. Problem `throttled`, the same for everybody.
 */
export const requestReset = async ({ environment, place, ...caller }: Caller, given: string): Promise<void> => {
  const id = newId(now())
  const emailSealed = await seal(environment, normalEmail(given), sealedFor(id))
  // Not held against the account: whoever is made to wait by another's guesses must always be able to have a link mailed.
  await countAttempt(environment, await addressKey(environment, caller.address, 'reset password'), [
    environment.directory
      .prepare(
        `insert into password_reset_requests (id, host, email_sealed, request_id, due_at, expires_at) select ?, ?, ?, ?, ?, ? where changes() = 1`,
      )
      .bind(id, place.host, emailSealed, caller.requestId, now(), now() + REQUEST_MS),
  ])
  const delaySeconds = 1 + Math.floor(Math.random() * DELAY_SECONDS_MAX)
  caller.later(() => hintErrands(environment, answerResetRequest.kind, [id], delaySeconds))
}

type Request = { host: string; emailSealed: string; requestId: string }

/** Mails the link to whom a request names, if anybody. The link has the request's id, so that answering twice mails once. */
export const answerResetRequest: Errand = {
  kind: 'password_reset',
  async run(environment, id, later) {
    const { directory } = environment
    const request = await directory
      .prepare(
        `update password_reset_requests set due_at = ?1 + ${LEASE_MS} where id = ?2 and due_at <= ?1 and expires_at > ?1
         returning host, email_sealed as emailSealed, request_id as requestId`,
      )
      .bind(now(), id)
      .first<Request>()
    if (request === null) return
    const email = await open(environment, request.emailSealed, sealedFor(id))
    const place = await placeOf(environment, request.host)
    const setting = { environment, requestId: request.requestId, later }
    if (place?.kind === 'portal') await resetForContact(setting, place, email, id)
    if (place?.kind === 'admin') await resetForStaff(setting, email, id)
    await directory.prepare(`delete from password_reset_requests where id = ?`).bind(id).run()
  },
}

/**
 * What the sweep does of requests: hints again at those whose hint was lost or whose Worker died, and forgets the old ones.
 * Who was hinted at stands behind whoever was not, so that however many nobody takes up, none keeps others from their turn.
 */
export const resumeResetRequests = async (environment: Environment): Promise<void> => {
  const { directory } = environment
  const [, left] = await directory.batch<{ id: string }>([
    directory.prepare(`delete from password_reset_requests where expires_at <= ?`).bind(now()),
    directory
      .prepare(
        `update password_reset_requests set due_at = ?
         where id in (select id from password_reset_requests where due_at <= ? order by due_at limit ${LEFT_COUNT_MAX}) returning id`,
      )
      .bind(now(), now() - LEFT_MS),
  ])
  const ids = (left?.results ?? []).map(({ id }) => id)
  for (let at = 0; at < ids.length; at += HINTS_AT_ONCE)
    await hintErrands(environment, answerResetRequest.kind, ids.slice(at, at + HINTS_AT_ONCE))
}

const sealedFor = (id: string) => ({ mspId: '', rowId: id, field: 'password_reset_requests.email' })

const resetForStaff = async (setting: Setting, email: string, id: string): Promise<void> => {
  const { environment } = setting
  const place = await staffPlaceOf(environment, email).first<StaffPlace>()
  if (place === null) return
  const msp = scopeFor(setting, place, nobody)
  const person = await msp.first(staff, eq(staff.email, email))
  if (person === undefined || person.disabled || person.passwordHash === null) return
  await unlessDone(
    msp.commit(
      { action: 'staff.asked_for_password', subject: { kind: 'staff', id: person.id, name: person.name } },
      fewEnough(msp, eq(passwordResets.staffId, person.id)),
      msp.add(passwordResets, { ...(await resetRow(environment, place.mspId, id)), staffId: person.id }),
      msp.later(staffPasswordResetMail(person, id)),
    ),
  )
}

const resetForContact = async (setting: Setting, place: PortalPlace, email: string, id: string): Promise<void> => {
  const customer = scopeFor(setting, place, nobody).forCustomer(place.customerId)
  const [row] = await customer
    .select({ contact: contacts, customerState: customers.state, portal: portals, msp: msps })
    .from(contacts)
    .innerJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .innerJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
    .innerJoin(msps, eq(msps.mspId, contacts.mspId))
    .where(customer.mine(contacts, eq(contacts.email, email)))
  if (row === undefined || !takesPasswords(row.customerState, row)) return
  const { contact } = row
  if (contact.access !== 'active' || contact.passwordHash === null) return
  await unlessDone(
    customer.commit(
      { action: 'contact.asked_for_password', subject: { kind: 'contact', id: contact.id, name: contact.name } },
      fewEnough(customer, eq(passwordResets.contactId, contact.id)),
      customer.add(passwordResets, {
        ...(await resetRow(setting.environment, place.mspId, id)),
        contactId: contact.id,
      }),
      customer.later(passwordResetMail(contact, id)),
    ),
  )
}

const resetRow = async (environment: Environment, mspId: string, id: string) => ({
  id,
  tokenHash: await hashOf(await mailToken(environment, 'password_reset', mspId, id)),
  createdAt: now(),
  expiresAt: now() + RESET_MS,
})

/** Counted inside the commit, so that it holds however many are asked for at once. */
const fewEnough = (scope: Pick<MspScope, 'onlyIf' | 'mine'>, isTheirs: SQL): Write =>
  scope.onlyIf(
    sql`(select count(*) from ${passwordResets} where ${scope.mine(passwordResets, and(isTheirs, gt(passwordResets.expiresAt, now())))}) < ${RESET_COUNT_MAX}`,
  )

/** Too many were asked for, or this very one has been answered by a Worker that died before it could say so. */
const unlessDone = async (commit: Promise<void>): Promise<void> => {
  try {
    await commit
  } catch (error) {
    const isTooMany = error instanceof Problem && error.code === 'stale'
    const isAnswered = error instanceof Refused && error.kind === 'unique'
    if (!isTooMany && !isAnswered) throw error
  }
}
