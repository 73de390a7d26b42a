import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { it } from 'node:test'
import { createClient } from '@libsql/client'
import type { InValue } from '@libsql/client'

const migrations = new URL('../migrations/shard/', import.meta.url)
const DAY_MS = 86_400_000
/** As long as an id of ours. */
const newId = (): string => randomUUID()
const bytesMax = 5_000_000

/** How much happens in a lively tenant of 1,000 people in a year. */
const year = { joined: 250, left: 250, blocked: 150, licences: 1_000, issues: 300, alerts: 200, skus: 10 }

it('A tenant of 1,000 people grows by less than 5 MB in a year', async () => {
  const client = createClient({ url: ':memory:' })
  for (const file of readdirSync(migrations).toSorted())
    await client.executeMultiple(readFileSync(new URL(file, migrations), 'utf8'))
  const now = Date.UTC(2026, 10, 18)
  const [msp, customer, tenant] = [newId(), newId(), newId()]
  await client.batch([
    {
      sql: `insert into msps (msp_id, id, name, time_zone, locale, currency, primary_colour, accent_colour, mail_from_name, created_at)
        values (?, ?, 'Northwind', 'UTC', 'en-GB', 'GBP', '#000000', '#000000', 'Northwind', 0)`,
      args: [msp, msp],
    },
    {
      sql: `insert into customers (msp_id, id, name, sort_name, created_at) values (?, ?, 'Fabrikam', 'fabrikam', 0)`,
      args: [msp, customer],
    },
    {
      sql: `insert into tenants (msp_id, id, customer_id, entra_tenant_id, name, domain, state, connected_at, connected_by)
        values (?, ?, ?, ?, 'Fabrikam', 'fabrikam.example', 'connected', 0, 'Ada Admin')`,
      args: [msp, tenant, customer, randomUUID()],
    },
  ])
  const sizeNow = async () => {
    const { rows } = await client.execute(
      'select page_count * page_size as size from pragma_page_count, pragma_page_size',
    )
    return Number(rows[0]?.['size'])
  }
  const grown: Record<string, number> = {}
  const plant = async (table: string, columns: string, rows: InValue[][]) => {
    const before = await sizeNow()
    const marks = ['?', '?', ...columns.split(', ').map(() => '?')].join(', ')
    await client.batch(
      rows.map((values) => ({
        sql: `insert into ${table} (msp_id, tenant_id, ${columns}) values (${marks})`,
        args: [msp, tenant, ...values],
      })),
    )
    grown[table] = (await sizeNow()) - before
  }
  const many = <T>(count: number, make: (position: number) => T): T[] =>
    Array.from({ length: count }, (_, at) => make(at))
  const momentOf = (position: number, count: number) => now - Math.floor(((count - position) * 365 * DAY_MS) / count)
  const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

  const change = (kind: string, skuId: string | null) => (position: number) => {
    const at = momentOf(position, 1_000)
    const userId = randomUUID()
    const id = `${newId()}:${kind}:${userId}${skuId === null ? '' : `:${skuId}`}`
    return [id, dayOf(at), kind, userId, 'Katherine Featherstone', 'Account manager', skuId, at]
  }
  await plant('user_changes', 'id, day, kind, user_id, name, detail, sku_id, at', [
    ...many(year.joined, change('joined', null)),
    ...many(year.left, change('left', null)),
    ...many(year.blocked, change('blocked', null)),
    ...many(year.licences, change('licence_given', randomUUID())),
  ])
  const seats = JSON.stringify(many(year.skus, () => ({ skuId: randomUUID(), bought: 1_000, assigned: 990 })))
  await plant(
    'tenant_days',
    'id, active_user_count, licensed_user_count, seats, taken_at',
    many(365, (position) => [dayOf(now - position * DAY_MS), 1_000, 990, seats, now - position * DAY_MS]),
  )
  await plant(
    'security_scores',
    'id, current_hundredths, max_hundredths, comparison_hundredths, as_of, scored_at',
    many(365, (position) => [dayOf(now - position * DAY_MS), 17_150, 28_600, 4_620, now, now - position * DAY_MS]),
  )
  await plant(
    'security_alerts',
    'id, title, severity, status, raised_at, as_of, description, category',
    many(year.alerts, (position) => [
      `da${randomUUID()}_1`,
      'Mail with a malicious link was delivered and then removed',
      'medium',
      'resolved',
      momentOf(position, year.alerts),
      now,
      'x'.repeat(400),
      'InitialAccess',
    ]),
  )
  await plant(
    'score_controls',
    'id, title, category, points_hundredths, max_hundredths, remediation, as_of',
    many(20, () => [
      randomUUID(),
      'Ensure multifactor authentication is enabled',
      'Identity',
      0,
      1_000,
      'x'.repeat(900),
      now,
    ]),
  )
  await plant(
    'service_issues',
    'id, service, title, classification, state, is_resolved, started_at, ended_at, latest_post, latest_post_at, as_of',
    many(year.issues, (position) => [
      `EX${100_000 + position}`,
      'Exchange Online',
      'Some users may see delays when sending or receiving mail',
      'advisory',
      'works',
      1,
      momentOf(position, year.issues),
      momentOf(position, year.issues) + DAY_MS,
      // As long as a post is let be.
      'x'.repeat(1_500),
      momentOf(position, year.issues),
      now,
    ]),
  )
  client.close()
  const byteCount = Object.values(grown).reduce((sum, size) => sum + size, 0)
  console.log(`bytes of a tenant-year: ${byteCount}, ${JSON.stringify(grown)}`)
  assert.ok(
    Object.values(grown).every((size) => size > 0),
    'each of them was measured',
  )
  assert.ok(byteCount < bytesMax, `${byteCount} bytes`)
})
