import { eq, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { z } from '@hono/zod-openapi'
import { folded, wordsOfCustomer } from '../../../db/customer-words.ts'
import { customerWords, customers } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { newId } from '../../tenancy/ids.ts'
import { revised } from '../../tenancy/revised.ts'
import type { Answer, CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import type { CustomerInput } from './customers.schema.ts'

export type CustomerRow = typeof customers.$inferSelect
type Input = z.infer<typeof CustomerInput>

export const createCustomer = async (
  msp: MspScope,
  input: Input,
  answer: (row: CustomerRow) => Answer,
): Promise<CustomerRow> => {
  const values = valuesOf(input)
  const given = { id: newId(now()), createdAt: now(), ...values }
  const row: CustomerRow = {
    mspId: msp.mspId,
    version: 1,
    state: 'active',
    tenantCount: 0,
    contactCount: 0,
    licensedUserCount: 0,
    primaryContactName: null,
    healthRank: 3,
    healthSince: null,
    healthReasons: [],
    healthAsOf: null,
    portalState: 'none',
    portalHost: null,
    ...given,
  }
  const customer = msp.forCustomer(row.id)
  await msp.commit(
    {
      action: 'customer.created',
      subject: { kind: 'customer', id: row.id, name: row.name },
      customerId: row.id,
      answer: answer(row),
    },
    msp.add(customers, given),
    ...changeWords(customer, row.id, wordsOfCustomer(row)),
  )
  return row
}

/** Replaces what staff keep of a customer; what it has already changes nothing. Problems: `missing`, `stale`. */
export const replaceCustomer = async (
  msp: MspScope,
  customerId: string,
  input: Input,
  wanted: Expected,
): Promise<CustomerRow> => {
  const customer = msp.forCustomer(customerId)
  const before = await msp.find(customers, customerId, 'customer')
  refuseUnexpected(before, wanted)
  const values = valuesOf(input)
  const after = revised(before, values)
  if (after === before) return before
  await msp.commit(
    { action: 'customer.changed', subject: { kind: 'customer', id: customerId, name: values.name }, customerId },
    msp.change(customers, before, values),
    ...changeWords(customer, customerId, wordsOfCustomer(values)),
  )
  return after
}

/**
 * What a customer is found by on account of one thing: its own row, a contact or a tenant, named by its id. Words that
 * it has from elsewhere are left alone, so that whoever changes two things of it at once does not undo the other's.
 */
export const changeWords = (customer: CustomerScope, sourceId: string, words: string[]): Write[] => [
  customer.removeWhere(customerWords, eq(customerWords.id, sourceId)),
  customer.putAll(
    customerWords,
    words.map((word) => ({ id: sourceId, word })),
  ),
]

/** However many ids there are, they travel as one parameter. */
export const among = (column: SQLiteColumn, ids: string[]): SQL =>
  sql`${column} in (select value from json_each(${JSON.stringify(ids)}))`

const valuesOf = (input: Input) => ({
  name: input.name,
  sortName: folded(input.name),
  email: input.email,
  phone: input.phone,
  address: input.address,
  notes: input.notes,
  psaId: input.psaId,
})
