import { createHash, randomBytes, scryptSync } from 'node:crypto'
import type { LocalDatabase } from '../bin/lib/system.mjs'
import { hosts } from './runtime.ts'
import type { Runtime } from './runtime.ts'

/** An MSP of the bench with somebody signed in on either side; the customers are numbered from 1. */
export type Msp = {
  mspId: string
  name: string
  customerCount: number
  /** In the tenant of customer 1. */
  peopleCount: number
  staffCookie: string
  staff: { id: string; email: string; password: string }
  /** Somebody else of the staff, a viewer, about whom things are done. */
  colleagueId: string
  keyId: string
  noticeId: string
  replyId: string
  mergeId: string
  grantId: string
  customer: (number: number) => Customer
}
export type Customer = {
  customerId: string
  host: string
  contactId: string
  /** Of the one contact who is signed in; only customer 1 has one. */
  cookie: string
  tenantId: string
  jobId: string
  documentId: string
  hostnameId: string
  importId: string
  rowId: string
  userId: string
  ticketId: string
  /** Of contact 1, waiting for the MSP. */
  requestId: string
  fileId: string
  /** Of somebody without any role but a portal user's; only customer 1 has one. */
  userCookie: string
}

const shard = 'shard-1'
const password = 'bench-harbour-lantern-41'
const day = 86_400_000

/**
 * Plants an MSP whose customers each have a portal, contacts, a tenant with its figures, activity and a finished job.
 * The rows are what the product would have written; they go in by SQL, since 10,000 customers take minutes otherwise.
 */
export const plantMsp = async (
  runtime: Runtime,
  name: string,
  customerCount: number,
  peopleCount = customerCount,
): Promise<Msp> => {
  const directory = await runtime.database('DIRECTORY')
  const database = await runtime.database('SHARD_1')
  const mspId = `bench-msp-${name}`
  const staffEmail = `owner@${name}.example`
  const at = Date.now()
  const names = namesOf(mspId, name)
  const insert = inserterOf(database, customerCount, mspId, at)
  const hash = passwordHashOf(password)

  await run(directory, `insert into msp_places (msp_id, shard, created_at) values (?, ?, ?)`, mspId, shard, at)
  await run(
    directory,
    `insert into staff_emails (email, msp_id, shard, state) values (?, ?, ?, 'active')`,
    staffEmail,
    mspId,
    shard,
  )
  await run(
    directory,
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1)
     insert into hostnames (hostname, state, msp_id, customer_id, shard, changed_at)
     select '${name}-' || i || '.${hosts.portalSuffix}', 'active', ?2, ${names.sql('customer')}, ?3, ?4 from n`,
    customerCount,
    mspId,
    shard,
    at,
  )
  await run(
    database,
    `insert into msps (msp_id, id, name, help_phone, help_email, time_zone, primary_colour, accent_colour, mail_from_name, created_at)
     values (?1, ?1, ?2, '01632 960 100', 'help@bench.example', 'Europe/London', '#3a5488', '#8a6d1f', ?2, ?3)`,
    mspId,
    `Bench ${name}`,
    at,
  )
  await run(
    database,
    `insert into staff (msp_id, id, name, email, role, password_hash, created_at, confirmed_at) values (?1, ?2, 'Olivia Bench', ?3, 'owner', ?4, ?5, ?5)`,
    mspId,
    names.staff,
    staffEmail,
    hash,
    at,
  )
  await run(
    database,
    `insert into staff (msp_id, id, name, email, role, password_hash, created_at, confirmed_at) values (?1, ?2, 'Vera Bench', ?3, 'viewer', ?4, ?5, ?5)`,
    mspId,
    names.colleague,
    `viewer@${name}.example`,
    hash,
    at,
  )
  const label = `${word('i', firstWords)} || ' ' || ${word('i * 7', secondWords)} || ' ' || i`
  await insert(
    'customers',
    'msp_id, id, name, sort_name, email, created_at, tenant_count, contact_count, licensed_user_count, primary_contact_name, health_rank, health_as_of, portal_state, portal_host, psa_id',
    `?2, ${names.sql('customer')}, ${label}, lower(${label}), 'office@customer' || i || '.example', ?3 - i * 60000, 1, 3, (i * 37) % 500, 'Dana Whitfield', i % 4, ?3, 'enabled', '${name}-' || i || '.${hosts.portalSuffix}', case when i % 2 = 0 then 'PSA-' || i end`,
  )
  for (const [source, found] of [
    ['customer', `lower(${word('i', firstWords)})`],
    ['customer', `lower(${word('i * 7', secondWords)})`],
    ['customer', `'' || i`],
    ['customer', `'office'`],
    ['contact0', `'dana'`],
    ['contact0', `'whitfield'`],
    ['tenant', `'customer' || i`],
    ['tenant', `'example'`],
    ['customer', `'=' || replace(lower(${label}), ' ', '')`],
    ['customer', `'@shared.example'`],
    // The same ten customers in an MSP of any size.
    ['customer', `case when i <= 10 then 'rareword' else 'plain' || (i % 50) end`],
  ] as const) {
    await insert(
      'customer_words',
      'msp_id, customer_id, id, word',
      `?2, ${names.sql('customer')}, ${names.sql(source)}, ${found}`,
    )
  }
  await insert(
    'portals',
    'msp_id, customer_id, id, state, prefix, host, address_state, display_name, primary_colour, accent_colour, created_at',
    `?2, ${names.sql('customer')}, ${names.sql('portal')}, 'enabled', '${name}-' || i, '${name}-' || i || '.${hosts.portalSuffix}', 'active', ${label}, '#0b7a75', '#e4572e', ?3`,
  )
  for (const [position, person] of ['Dana Whitfield', 'Tom Okafor', 'Priya Nair'].entries()) {
    await insert(
      'contacts',
      'msp_id, customer_id, id, name, email, is_portal_user, is_portal_admin, is_the_admin, access, escalation_position, password_hash, confirmed_at, created_at',
      `?2, ${names.sql('customer')}, ${names.sql(`contact${position}`)}, '${person}', '${person.split(' ')[0]?.toLowerCase() ?? ''}@customer' || i || '.example', 1, ${position === 0 ? 1 : 0}, ${position === 0 ? 1 : 0}, 'active', ${position}, '${hash}', ?3, ?3`,
    )
  }
  await insert(
    'tenants',
    'msp_id, customer_id, id, entra_tenant_id, name, domain, state, connected_at, connected_by, user_cursor, next_sync_at, last_good_sync_at, active_user_count, guest_count, blocked_user_count, licensed_user_count, health_rank',
    `?2, ${names.sql('customer')}, ${names.sql('tenant')}, '${mspId}-' || i, 'Tenant ' || i, 'customer' || i || '.example', 'connected', ?3, 'Olivia Bench', null, ?3 + ${day}, ?3, 40, 3, 2, 35, 2`,
  )
  await plantFigures(insert, names)
  for (let entry = 1; entry <= 5; entry += 1) {
    await insert(
      'activities',
      'msp_id, customer_id, id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, subject_name, changes',
      `?2, ${names.sql('customer')}, ${names.sql(`activity${entry}`)}, ?3, 'system', 'jobs', 'Portal', 'tenant.synced', 'tenant', ${names.sql('tenant')}, 'Tenant ' || i, '[]'`,
    )
  }
  await insert(
    'jobs',
    'msp_id, customer_id, id, kind, payload, natural_key, subject_name, state, due_at, attempt_count, trouble, created_at, finished_at',
    `?2, ${names.sql('customer')}, ${names.sql('job')}, 'tenant.sync', json_object('customerId', ${names.sql('customer')}, 'tenantId', ${names.sql('tenant')}), 'sync:' || ${names.sql('tenant')}, 'customer' || i || '.example', case when i % 10 = 2 then 'parked' else 'done' end, ?3, 1, null, ?3, ?3`,
  )
  await insert(
    'sync_runs',
    'msp_id, id, tenant_id, kind, state, step, user_count, started_at, finished_at',
    `?2, ${names.sql('run')}, ${names.sql('tenant')}, 'full', 'done', 'finishing', 45, ?3, ?3`,
  )
  await plantPeople(inserterOf(database, peopleCount, mspId, at), names)
  await insert(
    'documents',
    'msp_id, customer_id, id, name, sort_name, category, media_type, byte_count, object_key, upload_hash, shared_with_customer, added_by_kind, added_by_id, added_by_name, created_at',
    `?2, ${names.sql('customer')}, ${names.sql('document')}, 'Contract.pdf', 'contract.pdf', 'contract', 'application/pdf', 8, ${names.sql('object')}, ${names.sql('document')}, 1, 'staff', '${names.staff}', 'Bench', ?3`,
  )
  await (await runtime.files()).put(names.of('object', 1), '%PDF-1.7')
  const keyId = `key-${name}`
  await run(
    database,
    `insert into api_keys (msp_id, id, name, handle, token_hash, scopes, staff_id, created_at, expires_at) values (?, ?, 'Reporting', 'key_bench0', ?, '["customers:read"]', ?, ?, ?)`,
    mspId,
    keyId,
    hashOf(newSecret()),
    names.staff,
    at,
    at + 365 * day,
  )
  const noticeId = `notice-${name}`
  await run(
    database,
    `insert into notices (msp_id, id, kind, title, text, for_all, starts_at, ends_at, created_at) values (?, ?, 'info', 'Maintenance on Sunday', 'From 8:00 to 10:00.', 1, ?, ?, ?)`,
    mspId,
    noticeId,
    at,
    at + 365 * day,
    at,
  )
  const replyId = `reply-${name}`
  await run(
    database,
    `insert into canned_replies (msp_id, id, title, body, created_at) values (?, ?, 'Done', 'It is done, {requester}.', ?)`,
    mspId,
    replyId,
    at,
  )
  const mergeId = `merge-${name}`
  await run(
    database,
    `insert into customer_merges (msp_id, id, customer_id, survivor_id, survivor_name, merged_id, merged_name, moved, merged_at, merged_by_name, undo_ends_at) values (?, ?, ?, ?, 'Customer 1', 'merged-away', 'Customer 1 Ltd', '{"tenants":0,"contacts":0,"documents":0,"portal":false}', ?, 'Bench', ?)`,
    mspId,
    mergeId,
    names.of('customer', 1),
    names.of('customer', 1),
    at,
    at,
  )
  const grantId = `grant-${name}`
  await run(
    database,
    `insert into access_grants (msp_id, id, state, total_count, outcomes, actor_kind, actor_id, actor_name, created_at) values (?, ?, 'done', 3, '{"granted":3}', 'staff', ?, 'Olivia Bench', ?)`,
    mspId,
    grantId,
    names.staff,
    at,
  )
  await insert(
    'custom_hostnames',
    'msp_id, id, customer_id, hostname, state, proof_text, created_at',
    `?2, ${names.sql('hostname')}, ${names.sql('customer')}, 'portal.customer' || i || '.example', 'pending', 'bench', ?3`,
  )
  await insert(
    'customer_imports',
    'msp_id, id, file_name, state, columns, row_count, create_count, created_by_name, actor_kind, actor_id, actor_name, created_at, expires_at',
    `?2, ${names.sql('import')}, 'customers.csv', 'checked', '[{"heading":"Name","kind":"taken","field":"name","samples":[]}]', 1, 1, 'Olivia Bench', 'staff', '${names.staff}', 'Olivia Bench', ?3, ?3 + 30 * ${day}`,
  )
  await insert(
    'customer_import_rows',
    'msp_id, id, import_id, line, cells, decision, decided_customer_id, changes, faults',
    `?2, ${names.sql('import')} || '.000000', ${names.sql('import')}, 2, json_object('name', 'Imported ' || i), 'create', 'made-by-import-' || i, '[]', '[]'`,
  )
  await insert(
    'tickets',
    'msp_id, customer_id, id, number, subject, state, priority, category, source, requester, requester_name, raised_by_kind, raised_by, raised_by_name, created_at, changed_at, attention, reply_hash',
    `?2, ${names.sql('customer')}, ${names.sql('ticket')}, 0, 'Printer of reception ' || i, 'in_progress', 'normal', 'network', 'portal', ${names.sql('contact0')}, 'Dana Whitfield', 'contact', ${names.sql('contact0')}, 'Dana Whitfield', ?3, ?3, ?3 + 100000000000000, ${names.sql('ticket')}`,
  )
  await insert(
    'ticket_people',
    'msp_id, customer_id, id, ticket_id, role, attention',
    `?2, ${names.sql('customer')}, ${names.sql('contact0')}, ${names.sql('ticket')}, 'requester', ?3 + 100000000000000`,
  )
  for (const found of ["'printer'", "'reception'", "'' || i"])
    await insert(
      'ticket_words',
      'msp_id, customer_id, id, word',
      `?2, ${names.sql('customer')}, ${names.sql('ticket')}, ${found}`,
    )
  await insert(
    'ticket_entries',
    'msp_id, customer_id, id, ticket_id, kind, is_internal, author_kind, author, author_name, body, source, created_at',
    `?2, ${names.sql('customer')}, ${names.sql('entry')}, ${names.sql('ticket')}, 'comment', 0, 'contact', ${names.sql('contact0')}, 'Dana Whitfield', 'White pages.', 'portal', ?3`,
  )
  await insert(
    'ticket_files',
    'msp_id, customer_id, id, ticket_id, entry, is_internal, name, media_type, byte_count, object_key, upload_hash, added_by_kind, added_by_id, added_by_name, created_at',
    `?2, ${names.sql('customer')}, ${names.sql('file')}, ${names.sql('ticket')}, ${names.sql('entry')}, 0, 'Page.pdf', 'application/pdf', 8, ${names.sql('page')}, ${names.sql('file')}, 'contact', ${names.sql('contact0')}, 'Dana Whitfield', ?3`,
  )
  await (await runtime.files()).put(names.of('page', 1), '%PDF-1.7')
  const sku = `json_object('id', 'sku1', 'name', 'SPE_E1')`
  const details = `json_object('type', 'licence_change', 'tenant', json_object('id', ${names.sql('tenant')}, 'name', 'Customer'), 'licence', ${sku}, 'moreSeats', 5, 'boughtCount', 40, 'startsOn', null, 'endsOn', null, 'people', json('[]'), 'answers', json('[]'))`
  const facts = `'{"people":{},"groups":{},"licences":{"sku1":{"name":"SPE_E1","state":"there","missingSeatCount":0,"price":null}},"addresses":{}}'`
  for (const [kind, state, waits, endedAt] of [
    ['request', 'awaiting_msp', '?3', 'null'],
    ['ended', 'declined', 'null', '?3'],
  ] as const)
    await insert(
      'service_requests',
      'msp_id, customer_id, id, type, state, requested_by, requester_name, details, facts, reason, subject, created_at, changed_at, awaiting_since, remind_at, expires_at, attend_at, step_count, ended_at',
      `?2, ${names.sql('customer')}, ${names.sql(kind)}, 'licence_change', '${state}', ${names.sql('contact1')}, 'Tom Okafor', ${details}, ${facts}, 'Five people start in May.', '5 more seats of SPE_E1', ?3, ?3, ${waits}, ${waits} + 2 * ${day}, ${waits} + 14 * ${day}, ${waits} + 2 * ${day}, 1, ${endedAt}`,
    )
  await insert(
    'request_steps',
    'msp_id, customer_id, id, request_id, place, title',
    `?2, ${names.sql('customer')}, ${names.sql('step')}, ${names.sql('request')}, 0, 'Buy 5 more seats'`,
  )
  const staffSecret = await session(database, mspId, hosts.admin, { staffId: names.staff })
  const contactSecret = await session(database, mspId, `${name}-1.${hosts.portalSuffix}`, {
    customerId: names.of('customer', 1),
    contactId: names.of('contact0', 1),
  })
  const userSecret = await session(database, mspId, `${name}-1.${hosts.portalSuffix}`, {
    customerId: names.of('customer', 1),
    contactId: names.of('contact1', 1),
  })
  return {
    mspId,
    name,
    customerCount,
    peopleCount,
    staffCookie: cookieOf(mspId, staffSecret),
    staff: { id: names.staff, email: staffEmail, password },
    colleagueId: names.colleague,
    keyId,
    noticeId,
    replyId,
    mergeId,
    grantId,
    customer: (number) => ({
      customerId: names.of('customer', number),
      host: `${name}-${number}.${hosts.portalSuffix}`,
      contactId: names.of('contact1', number),
      cookie: cookieOf(mspId, contactSecret),
      tenantId: names.of('tenant', number),
      jobId: names.of('job', number),
      documentId: names.of('document', number),
      hostnameId: names.of('hostname', number),
      importId: names.of('import', number),
      rowId: `${names.of('import', number)}.000000`,
      userId: names.of('user', number),
      ticketId: names.of('ticket', number),
      requestId: names.of('request', number),
      fileId: names.of('file', number),
      userCookie: cookieOf(mspId, userSecret),
    }),
  }
}

/** What the dashboard shows of a tenant: seats, renewals, thirty days, scores, alerts, services and changes. */
const plantFigures = async (insert: Insert, names: Names): Promise<void> => {
  const owner = `?2, ${names.sql('tenant')}`
  const dayOf = `strftime('%Y-%m-%d', ?3 / 1000 - k * 86400, 'unixepoch')`
  await insert(
    'seat_counts',
    'msp_id, tenant_id, id, sku_part_number, bought_count, assigned_count, suspended_count, status, hidden, as_of',
    `${owner}, 'sku' || k, 'SPE_E' || k, 40, 30 + k, 0, 'Enabled', 0, ?3`,
    6,
  )
  await insert(
    'subscriptions',
    'msp_id, tenant_id, id, sku_id, sku_part_number, status, seat_count, is_trial, next_lifecycle_at, as_of',
    `${owner}, 'subscription' || k, 'sku' || k, 'SPE_E' || k, 'Enabled', 40, 0, ?3 + k * 5 * 86400000, ?3`,
    6,
  )
  await insert(
    'tenant_days',
    'msp_id, tenant_id, id, active_user_count, licensed_user_count, seats',
    `${owner}, ${dayOf}, 40 + k % 3, 35, '[]'`,
    30,
  )
  await insert(
    'security_scores',
    'msp_id, tenant_id, id, current_hundredths, max_hundredths, comparison_hundredths, as_of',
    `${owner}, ${dayOf}, 14000 + k, 20000, 5000, ?3`,
    30,
  )
  await insert(
    'security_alerts',
    'msp_id, tenant_id, id, title, severity, status, raised_at, as_of',
    `${owner}, 'alert' || k, 'Suspicious sign-in', 'medium', 'new', ?3, ?3`,
    3,
  )
  await insert(
    'service_health',
    'msp_id, tenant_id, id, service, state, since, as_of',
    `${owner}, 'service' || k, 'Service ' || k, case when k = 3 then 'degraded' else 'works' end, ?3, ?3`,
    12,
  )
  await insert(
    'user_changes',
    'msp_id, tenant_id, id, day, kind, user_id, name, detail, at',
    `${owner}, 'change' || k, ${dayOf}, 'joined', 'user' || k, 'Somebody ' || k, 'Hygienist', ?3 - k * 86400000`,
    10,
  )
}

/**
 * People of the first customer's tenant. Guests, licences, sign-in and departments are
 * mixed so that each of them together with each other is a page of a few, also among a hundred.
 */
const plantPeople = async (insert: Insert, names: Names): Promise<void> => {
  const tenant = `'${names.of('tenant', 1)}'`
  const [first, second] = [word('i', firstWords), word('i * 7', secondWords)]
  const isGuest = 'i % 5 = 0'
  await insert(
    'tenant_users',
    'msp_id, tenant_id, id, display_name, user_principal_name, mail, job_title, department, business_phone, is_guest, sign_in_allowed, is_licensed, sku_ids, seen_in_run, sort_name, found_by',
    `?2, ${tenant}, ${names.sql('user')}, ${first} || ' ' || ${second} || ' ' || i, 'person' || i || '@customer1.example', 'person' || i || '@customer1.example', 'Hygienist', case (i / 4) % 2 when 0 then 'Sales' else 'Operations' end, '01632 960 100', ${isGuest}, (i / 2) % 2, i % 2, '["sku1"]', 'bench', lower(${first} || ' ' || ${second} || ' ' || i), '[]'`,
  )
  for (const [source, found] of [
    [0, `lower(${first})`],
    [0, `lower(${second})`],
    [0, `'' || i`],
    // The same eight people, guests left out, in a tenant of any size.
    [0, `case when i <= 10 then 'rareword' else 'plain' || (i % 50) end`],
    [1, `'@person' || i || '@customer1.example'`],
    [1, `'person' || i`],
    [2, `case (i / 4) % 2 when 0 then 'sales' else 'operations' end`],
  ] as const) {
    await insert(
      'tenant_user_words',
      'msp_id, tenant_id, id, is_guest, source, word',
      `?2, ${tenant}, ${names.sql('user')}, ${isGuest}, ${source}, ${found}`,
    )
  }
}

const firstWords = ['Fabrikam', 'Contoso', 'Alpine', 'Proseware', 'Litware', 'Tailspin', 'Wingtip', 'Fourth', 'Lamna']
const secondWords = [
  'Dental',
  'Logistics',
  'Foods',
  'Partners',
  'Legal',
  'Motors',
  'Clinic',
  'Studios',
  'Homes',
  'Steel',
]

const word = (number: string, words: readonly string[]): string =>
  `(case (${number}) % ${words.length} ${words.map((text, position) => `when ${position} then '${text}'`).join(' ')} end)`

type Names = ReturnType<typeof namesOf>

/** Ids of the product's length that sort as they were made, the same in SQL and here. */
const namesOf = (mspId: string, name: string) => {
  const prefix = (kind: string) => `${kind}-${name}-`.padEnd(30, '0')
  return {
    staff: `staff-${mspId}`,
    colleague: `colleague-${mspId}`,
    sql: (kind: string) => `printf('${prefix(kind)}%06d', i)`,
    of: (kind: string, number: number) => `${prefix(kind)}${String(number).padStart(6, '0')}`,
  }
}

type Insert = (table: string, columns: string, values: string, perCustomer?: number) => Promise<void>

/** Inserts a row for each customer, or person, `i` (and, below it, each `k`); `?2` is the MSP and `?3` the moment. */
const inserterOf =
  (database: LocalDatabase, count: number, mspId: string, at: number): Insert =>
  async (table, columns, values, perCustomer = 1) => {
    await run(
      database,
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1),
         m(k) as (select 1 union all select k + 1 from m where k < ${perCustomer})
       insert into ${table} (${columns}) select ${values} from n, m where ?2 is not null and ?3 is not null`,
      count,
      mspId,
      at,
    )
  }

export const run = async (database: LocalDatabase, sql: string, ...params: unknown[]): Promise<void> => {
  await database
    .prepare(sql)
    .bind(...params)
    .run()
}

export const rows = async (
  database: LocalDatabase,
  sql: string,
  ...params: unknown[]
): Promise<Record<string, unknown>[]> =>
  (
    await database
      .prepare(sql)
      .bind(...params)
      .all()
  ).results

/** A signed-in browser; answers the secret of its cookie. */
export const session = async (
  database: LocalDatabase,
  mspId: string,
  host: string,
  person: { staffId: string } | { customerId: string; contactId: string },
): Promise<string> => {
  const secret = newSecret()
  const now = Date.now()
  const [staffId, customerId, contactId] =
    'staffId' in person ? [person.staffId, null, null] : [null, person.customerId, person.contactId]
  await run(
    database,
    `insert into sessions (msp_id, id, host, staff_id, customer_id, contact_id, created_at, seen_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    mspId,
    hashOf(secret),
    host,
    staffId,
    customerId,
    contactId,
    now,
    now + 3_600_000, // seen in an hour: the touch that comes every few minutes does not fall into a measurement
    now + 7 * day,
  )
  return secret
}

export const cookieOf = (mspId: string, secret: string): string => `__Host-session=${shard}.${mspId}.${secret}`

export const newSecret = (): string => randomBytes(32).toString('base64url')
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** The form the Worker's sign-in reads. */
export const passwordHashOf = (text: string): string => {
  const salt = randomBytes(16)
  const hash = scryptSync(text, salt, 32, { N: 2 ** 14, r: 8, p: 5, maxmem: 2 ** 26 })
  return `scrypt$16384$8$5$${salt.toString('base64url')}$${hash.toString('base64url')}`
}
