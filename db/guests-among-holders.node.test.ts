import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { it } from 'node:test'
import { createClient } from '@libsql/client'

const migrations = new URL('../migrations/shard/', import.meta.url)

it('Guests who held seats before they were counted apart are counted, by licence and by how long they are idle', async () => {
  const client = createClient({ url: ':memory:' })
  const run = async (isMeant: (file: string) => boolean) => {
    for (const file of readdirSync(migrations).toSorted().filter(isMeant))
      await client.executeMultiple(readFileSync(new URL(file, migrations), 'utf8'))
  }
  await run((file) => file < '0061')
  await client.executeMultiple(`
    insert into msps (msp_id, id, name, time_zone, locale, currency, primary_colour, accent_colour, mail_from_name, created_at)
      values ('m', 'm', 'Northwind', 'UTC', 'en-GB', 'GBP', '#000000', '#000000', 'Northwind', 0);
    insert into customers (msp_id, id, name, sort_name, created_at) values ('m', 'c', 'Fabrikam Dental', 'fabrikam dental', 0);
    insert into tenants (msp_id, id, customer_id, entra_tenant_id, name, domain, state, connected_at, connected_by, next_sync_at)
      values ('m', 't', 'c', 'e', 'Fabrikam', 'fabrikam.example', 'connected', 0, 'Marcus', 0);
    insert into seat_counts (msp_id, tenant_id, id, sku_part_number, bought_count, assigned_count, suspended_count, status, hidden, as_of)
      select 'm', 't', value, value, 9, 9, 0, 'Enabled', 0, 0 from json_each('["held", "by_members", "by_nobody"]');
    insert into tenant_users (msp_id, tenant_id, id, display_name, user_principal_name, is_guest, sign_in_allowed, is_licensed, sku_ids, seen_in_run, idle_band)
      values ('m', 't', '1', 'Gus', 'gus', 1, 1, 1, '["held"]', 'run', 0), ('m', 't', '2', 'Hal', 'hal', 1, 1, 1, '["held"]', 'run', 2),
        ('m', 't', '3', 'Ida', 'ida', 1, 0, 1, '["held"]', 'run', null), ('m', 't', '4', 'Jan', 'jan', 1, 1, 1, '["held"]', 'run', null),
        ('m', 't', '5', 'Kim', 'kim', 0, 1, 1, '["held", "by_members"]', 'run', 3);`)
  await run((file) => file >= '0061')
  const { rows } = await client.execute(
    `select id, guest_holder_count, guest_idle_30_count, guest_idle_60_count, guest_idle_90_count from seat_counts order by id`,
  )
  client.close()
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      ['by_members', 0, 0, 0, 0],
      ['by_nobody', 0, 0, 0, 0],
      ['held', 4, 2, 2, 1],
    ],
  )
})
