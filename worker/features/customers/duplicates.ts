import { and, asc, eq, ne } from 'drizzle-orm'
import { businessDomainOf, likenessOf } from '../../../db/customer-words.ts'
import { customerWords, customers } from '../../../db/shard/schema.ts'
import type { MspScope } from '../../tenancy/scope.ts'

const ALIKE_MAX = 10

export type Alike = {
  id: string
  name: string
  state: 'active' | 'disabled' | 'archived'
  because: ('name' | 'domain')[]
}

/**
 * Customers that may be the one that is being typed: of the same name but for case, punctuation and legal form, or of
 * the same business's domain. Archived ones too. Those alike by name come first.
 */
export const findAlike = async (
  msp: MspScope,
  asked: { name?: string | undefined; email?: string | undefined; except?: string | undefined },
): Promise<Alike[]> => {
  const likeness = likenessOf(asked.name ?? '')
  const domain = businessDomainOf(asked.email?.includes('@') ? asked.email.trim() : null)
  const [byName, byDomain] = [
    likeness === '' ? undefined : withWord(msp, `=${likeness}`, asked.except),
    domain === undefined ? undefined : withWord(msp, `@${domain}`, asked.except),
  ]
  const [first, ...others] = [byName ?? [], byDomain ?? []].flat()
  if (first === undefined) return []
  const answers = await msp.readAll([first, ...others])
  return alikeOf(byName === undefined ? [] : (answers.shift() ?? []), answers[0] ?? [])
}

type Known = Omit<Alike, 'because'>

/** Each customer once, with everything it is alike by; at most ten. */
export const alikeOf = (byName: Known[], byDomain: Known[]): Alike[] => {
  const domains = new Set(byDomain.map(({ id }) => id))
  const names = new Set(byName.map(({ id }) => id))
  return [
    ...byName.map((one): Alike => ({ ...one, because: domains.has(one.id) ? ['name', 'domain'] : ['name'] })),
    ...byDomain.filter(({ id }) => !names.has(id)).map((one): Alike => ({ ...one, because: ['domain'] })),
  ].slice(0, ALIKE_MAX)
}

/** A word that a customer has from several of its tenants counts once. */
const withWord = (msp: MspScope, word: string, except = '') => {
  const known = msp.view(customers, 'known')
  return msp
    .select({ id: known.id, name: known.name, state: known.state })
    .from(customerWords)
    .innerJoin(known, eq(known.id, customerWords.customerId))
    .where(msp.mine(customerWords, and(eq(customerWords.word, word), ne(customerWords.customerId, except))))
    .groupBy(customerWords.customerId)
    .orderBy(asc(customerWords.customerId))
    .limit(ALIKE_MAX)
}
