import { and, eq, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { folded, wordsOfCustomer } from '../../../db/customer-words.ts'
import { contacts, customerWords, customers, portals } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { missing } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import { revised } from '../../tenancy/revised.ts'
import type { CustomerScope, MspScope, Write } from '../../tenancy/scope.ts'
import type { CustomerInput } from './customers.schema.ts'

export type CustomerRow = typeof customers.$inferSelect
type Input = z.infer<typeof CustomerInput>

/** What adds a customer. */
export const creationOf = (msp: MspScope, input: Input): { row: CustomerRow; writes: [Write, ...Write[]] } => {
  const values = valuesOf(input)
  const given = { id: newId(now()), createdAt: now(), ...values }
  const row: CustomerRow = {
    mspId: msp.mspId,
    version: 1,
    state: 'active',
    restoresTo: 'active',
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
  return {
    row,
    writes: [msp.add(customers, given), ...changeWords(msp.forCustomer(row.id), row.id, wordsOfCustomer(row))],
  }
}

/** What replaces what staff keep of a customer; its row is the one before where that changes nothing. */
export const replacementOf = (
  msp: MspScope,
  before: CustomerRow,
  input: Input,
): { row: CustomerRow; writes: [Write, ...Write[]] } => {
  const values = valuesOf(input)
  return {
    row: revised(before, values),
    writes: [
      msp.change(customers, before, values),
      ...changeWords(msp.forCustomer(before.id), before.id, wordsOfCustomer(values)),
    ],
  }
}

/** The portal admin that a customer's e-mail names, as far as staff are told of them. */
export type PortalAdmin = Pick<typeof contacts.$inferSelect, 'id' | 'name' | 'email' | 'access' | 'confirmedAt'> & {
  formerAdminEmail: string | null
}

/** One customer with its portal admin. Problem `missing`. */
export const findCustomer = async (
  msp: MspScope,
  customerId: string,
): Promise<{ row: CustomerRow; admin: PortalAdmin | undefined }> => {
  const customer = msp.forCustomer(customerId)
  const [[row], [admin]] = await customer.readAll([
    customer.select().from(customers).where(customer.mine(customers)),
    customer
      .select({
        id: contacts.id,
        name: contacts.name,
        email: contacts.email,
        access: contacts.access,
        confirmedAt: contacts.confirmedAt,
        formerAdminEmail: portals.formerAdminEmail,
      })
      .from(contacts)
      .innerJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
      // Literally as the index has it, or it is not used.
      .where(customer.mine(contacts, sql`is_the_admin = 1`)),
  ])
  if (row === undefined) throw missing('customer')
  return { row, admin }
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

const valuesOf = (input: Input) => ({
  name: input.name,
  sortName: folded(input.name),
  email: input.email,
  phone: input.phone,
  address: input.address,
  notes: input.notes,
  psaId: input.psaId,
})
