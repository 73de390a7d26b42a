import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { it } from 'node:test'
import { createClient } from '@libsql/client'

const migrations = new URL('../migrations/shard/', import.meta.url)

it('A customer that was there before words had sources keeps the words of its name, also those a contact has too', async () => {
  const client = createClient({ url: ':memory:' })
  const run = async (isMeant: (file: string) => boolean) => {
    for (const file of readdirSync(migrations).toSorted().filter(isMeant))
      await client.executeMultiple(readFileSync(new URL(file, migrations), 'utf8'))
  }
  await run((file) => file < '0004')
  await client.executeMultiple(`
    insert into msps (msp_id, id, name, time_zone, locale, currency, primary_colour, accent_colour, mail_from_name, created_at)
      values ('m', 'm', 'Northwind', 'UTC', 'en-GB', 'GBP', '#000000', '#000000', 'Northwind', 0);
    insert into customers (msp_id, id, name, sort_name, created_at) values ('m', 'c', 'Müller Dental', 'muller dental', 0);
    insert into contacts (msp_id, id, customer_id, name, email, escalation_position, created_at)
      values ('m', 'k', 'c', 'Dana Scott', 'dana@muller.example', 0, 0);
    insert into customer_words (msp_id, id, customer_id, word)
      select 'm', 'word', 'c', value from json_each('["muller", "dental", "dana", "scott", "example"]');`)
  await run((file) => file >= '0004')
  const { rows } = await client.execute(`select word from customer_words where id = 'c' order by word`)
  client.close()
  assert.deepEqual(
    rows.map(({ word }) => word),
    ['dental', 'muller'],
  )
})
