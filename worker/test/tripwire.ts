import type { Statement } from '../../db/connect.ts'
import { watchFence } from '../tenancy/fence.ts'
import { ownershipOf } from '../tenancy/ownership.ts'

/**
 * The statements that may reach shard tables without having passed the fence: those of worker/tenancy/across.ts, word
 * for word. A new one there fails in the first test that runs it, until it is named here too.
 */
export const unfenced: readonly string[] = [
  `select msp_id, id from (select msp_id, id, due_at, row_number() over (partition by msp_id order by due_at) as turn from jobs where state in ('waiting', 'running') and due_at <= ? and (state = 'waiting' or lease_until < ?)) order by turn, due_at limit 200`,
  `select msp_id, customer_id, id from (select msp_id, customer_id, id, next_sync_at, row_number() over (partition by msp_id order by next_sync_at) as turn from tenants where state = 'connected' and next_sync_at <= ? and not exists (select 1 from jobs where jobs.msp_id = tenants.msp_id and jobs.natural_key = 'sync:' || tenants.id and jobs.state in ('waiting', 'running'))) order by turn, next_sync_at limit 100`,
  `select msp_id, customer_id, id from (select msp_id, customer_id, id, parts_due_at, row_number() over (partition by msp_id order by parts_due_at) as turn from tenants where state = 'connected' and parts_due_at <= ? and not exists (select 1 from jobs where jobs.msp_id = tenants.msp_id and jobs.natural_key = 'parts:' || tenants.id and jobs.state in ('waiting', 'running'))) order by turn, parts_due_at limit 100`,
  `select msp_id, customer_id, id from tenants where state = 'connected' and health_due_at <= ? and not exists (select 1 from jobs where jobs.msp_id = tenants.msp_id and jobs.natural_key = 'health:' || tenants.id and jobs.state in ('waiting', 'running')) order by health_due_at limit 100`,
  `with recursive found(msp_id) as (select min(msp_id) from tenant_users where found_by is null union all select (select min(msp_id) from tenant_users where found_by is null and tenant_users.msp_id > found.msp_id) from found where found.msp_id is not null) select msp_id from found where msp_id is not null limit 100`,
  `select distinct msp_id from contacts where report_due_at <= ? and not exists (select 1 from jobs where jobs.msp_id = contacts.msp_id and jobs.natural_key = 'reports:start' and jobs.state in ('waiting', 'running')) limit 100`,
  `select msp_id, id from logos where set_aside_at <= ? order by set_aside_at limit 100`,
  `delete from sessions where rowid in (select rowid from sessions where expires_at < ? limit 500)`,
  `delete from previews where rowid in (select rowid from previews where expires_at < ? limit 500)`,
  `delete from hand_overs where rowid in (select rowid from hand_overs where expires_at < ? limit 500)`,
  `delete from idempotency_keys where rowid in (select rowid from idempotency_keys where created_at < ? limit 500)`,
  `select msp_id, customer_id, id, hostname from custom_hostnames where next_check_at <= ? and not exists (select 1 from jobs where jobs.msp_id = custom_hostnames.msp_id and jobs.natural_key = 'hostname:check:' || custom_hostnames.id and jobs.state in ('waiting', 'running')) order by next_check_at limit 100`,
  `select msp_id, customer_id, id from documents where deleted_at <= ? order by deleted_at limit 100`,
  `select msp_id, customer_id, id from tickets where state = 'resolved' and reopen_until_at < ? order by reopen_until_at limit 100`,
  `select msp_id, customer_id, id from service_requests where state in ('awaiting_customer', 'awaiting_msp') and attend_at <= ? order by attend_at limit 100`,
  `select msp_id, customer_id, id from ticket_files where unsent_until_at is not null and unsent_until_at <= ? order by unsent_until_at limit 100`,
  `select msp_id, id from customer_imports where expires_at <= ? and state not in ('running', 'undoing') order by expires_at limit 10`,
  `delete from jobs where rowid in (select rowid from jobs where state = 'done' and finished_at < ? limit 500)`,
  `delete from jobs where rowid in (select rowid from jobs where state = 'parked' and finished_at < ? limit 500)`,
  `delete from sync_runs where rowid in (select rowid from sync_runs where finished_at < ? limit 500)`,
  `delete from access_grants where rowid in (select rowid from access_grants where finished_at < ? limit 500)`,
  `delete from access_grant_people where rowid in (select rowid from access_grant_people where (msp_id, grant_id) in (select msp_id, id from access_grants where finished_at is null and created_at < ?) limit 500)`,
  `delete from access_grants where rowid in (select rowid from access_grants where finished_at is null and created_at < ? and not exists (select 1 from access_grant_people as left_over where left_over.msp_id = access_grants.msp_id and left_over.grant_id = access_grants.id) limit 500)`,
  `delete from connection_attempts where rowid in (select rowid from connection_attempts where expires_at < ? limit 500)`,
  `delete from staff_invitations where rowid in (select rowid from staff_invitations where expires_at < ? limit 500)`,
  `delete from pending_sign_ins where rowid in (select rowid from pending_sign_ins where expires_at < ? limit 500)`,
  `delete from password_resets where rowid in (select rowid from password_resets where expires_at < ? limit 500)`,
  `delete from user_changes where rowid in (select rowid from user_changes where at < ? limit 500)`,
  `delete from security_alerts where rowid in (select rowid from security_alerts where raised_at < ? limit 500)`,
  `delete from service_issues where rowid in (select rowid from service_issues where is_resolved = 1 and started_at < ? limit 500)`,
  `delete from tenant_days where rowid in (select rowid from tenant_days where taken_at < ? limit 500)`,
  `delete from security_scores where rowid in (select rowid from security_scores where scored_at < ? limit 500)`,
  `delete from invitations where rowid in (select rowid from invitations where expires_at < ? limit 500)`,
  `delete from microsoft_apps where rowid in (select apps.rowid from microsoft_apps apps where not exists (select 1 from msps where msps.msp_id = apps.msp_id and msps.microsoft_client_id = apps.client_id) and not exists (select 1 from tenants where tenants.msp_id = apps.msp_id and tenants.client_id = apps.client_id and tenants.removed_at is null) limit 500)`,
  `update customer_merges set kept = null where rowid in (select rowid from customer_merges where kept is not null and undo_ends_at <= ? limit 500)`,
  `delete from activities where rowid in (select entry.rowid from msps cross join activities as entry on entry.msp_id = msps.msp_id where entry.id < ? and entry.at < ? limit 500)`,
]

/** Which of the exceptions ran, so that a test can tell that none is there for nothing. */
export const unfencedSeen = new Set<string>()

/** Statements that the fence has let through and that have not run yet, each as often as it was let through. */
const passed = new Map<string, number>()

const ticketOf = ({ sql, params }: Statement): string => JSON.stringify([sql, params])

const letThrough = (statement: Statement): void => {
  const ticket = ticketOf(statement)
  passed.set(ticket, (passed.get(ticket) ?? 0) + 1)
}

const OWNED = new RegExp(`\\b(?:${[...ownershipOf.keys()].join('|')})\\b`, 'i')

/** Throws for a statement that names an owned table and that the fence has not seen, or not with these parameters. */
export const trip = (statement: Statement): void => {
  if (!OWNED.test(statement.sql)) return
  if (unfenced.includes(statement.sql)) {
    unfencedSeen.add(statement.sql)
    return
  }
  const ticket = ticketOf(statement)
  const count = passed.get(ticket) ?? 0
  if (count === 0)
    throw new Error(`Tripwire: this reached a shard without having passed the fence.\n  ${statement.sql}`)
  if (count === 1) passed.delete(ticket)
  else passed.set(ticket, count - 1)
}

let isOff = false

/** For a test that goes to the database past the fence on purpose, to see what the database itself does. */
export const pastTheFence = async <T>(work: () => Promise<T>): Promise<T> => {
  isOff = true
  try {
    return await work()
  } finally {
    isOff = false
  }
}

let isLaid = false

type Prepared = { statement: string; params: unknown[] }
type Method = (this: unknown, ...given: unknown[]) => unknown

/**
 * Puts the wire before every D1 database of these tests, at the last place before SQLite: whatever way a statement
 * came, it is looked at. The directory's tables are nobody's and never trip it. Files that share a workerd share its
 * wire: laid twice, it would ask for two passes.
 */
export const layTripwire = (d1: D1Database): void => {
  if (isLaid) return
  isLaid = true
  watchFence(letThrough)
  const look = (statement: Statement): void => {
    if (!isOff) trip(statement)
  }
  const before = (target: object, name: string, seen: (self: unknown, given: unknown[]) => void): void => {
    const original = Reflect.get(target, name) as Method
    const wrapped: Method = function (...given) {
      seen(this, given)
      return original.apply(this, given)
    }
    Reflect.set(target, name, wrapped)
  }
  const lookAt = ({ statement, params }: Prepared): void => look({ sql: statement, params })
  const prepared = Object.getPrototypeOf(d1.prepare('select 1')) as object
  for (const name of ['first', 'run', 'all', 'raw']) before(prepared, name, (self) => lookAt(self as Prepared))
  const database = Object.getPrototypeOf(d1) as object
  before(database, 'batch', (_, [statements]) => (statements as Prepared[]).forEach(lookAt))
  before(database, 'exec', (_, [sql]) => look({ sql: String(sql), params: [] }))
}
