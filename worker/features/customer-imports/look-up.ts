import { lte, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { customerImportKeys, customers, customerWords } from '../../../db/shard/schema.ts'
import { among } from '../../tenancy/among.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { filled, marksFor, partsOfNameKey } from './decide.ts'
import type { Candidate, Cells, Known } from './decide.ts'

/** Of how many customers with one mark more is known than that they are there. */
const CANDIDATES_MAX = 10

/**
 * The reads that tell what rows are to be matched with, for any number of rows at once: how many customers have each
 * mark, some of those customers, and which rows of the file have said something of them before.
 */
export const lookUps = (
  msp: MspScope,
  importId: string,
  rows: { id: string; cells: Cells; customerId?: string | null }[],
) => {
  const told = rows.map(({ cells }) => filled(cells))
  const marks = [...new Set(told.flatMap((cells) => Object.values(marksFor(cells))))]
  const names = JSON.stringify([...new Set(told.flatMap((cells) => marksFor(cells).name ?? []))])
  const ids = told.flatMap(({ customerId }) => (customerId === undefined ? [] : [customerId.trim()]))
  const given = JSON.stringify([...new Set(ids)])
  const ranked = msp
    .select({
      word: customerWords.word,
      customerId: customerWords.customerId,
      place:
        sql<number>`row_number() over (partition by ${customerWords.word} order by ${customerWords.customerId})`.as(
          'place',
        ),
      found: sql<number>`count(*) over (partition by ${customerWords.word})`.as('found'),
    })
    .from(customerWords)
    .where(msp.mine(customerWords, among(customerWords.word, marks)))
    .as('ranked')
  const candidates = (pick: SQL) =>
    msp
      .select({ pick: pick.as('pick') })
      .from(ranked)
      .where(lte(ranked.place, CANDIDATES_MAX))
  const key = (what: SQL) => sql`${importId} || '!' || ${what}`
  const claim = { key: customerImportKeys.id, rowId: customerImportKeys.rowId, line: customerImportKeys.line }
  return [
    msp
      .select({ word: ranked.word, customerId: ranked.customerId, found: ranked.found })
      .from(ranked)
      .where(lte(ranked.place, CANDIDATES_MAX)),
    msp
      .select({
        id: customers.id,
        version: customers.version,
        state: customers.state,
        portalState: customers.portalState,
        createdAt: customers.createdAt,
        name: customers.name,
        sortName: customers.sortName,
        email: customers.email,
        phone: customers.phone,
        address: customers.address,
        notes: customers.notes,
        psaId: customers.psaId,
      })
      .from(customers)
      .where(
        msp.mine(
          customers,
          sql`${customers.id} in (select value from json_each(${given}) union select * from ${candidates(sql`${ranked.customerId}`)} as candidates)`,
        ),
      ),
    msp
      .select(claim)
      .from(customerImportKeys)
      .where(
        msp.mine(
          customerImportKeys,
          sql`${customerImportKeys.id} in (select ${importId} || value from json_each(${JSON.stringify(marks)}) union select ${key(sql`value`)} from json_each(${given}) union select * from ${candidates(key(sql`${ranked.customerId}`))} as candidates)`,
        ),
      ),
    // A name's keys differ by their PSA ids: they are a stretch of the keys, each name's found by itself.
    msp
      .select(claim)
      .from(sql`json_each(${names}) as named`)
      .crossJoin(customerImportKeys)
      .where(
        msp.mine(
          customerImportKeys,
          sql`${customerImportKeys.id} >= ${importId} || named.value || ' ' and ${customerImportKeys.id} < ${importId} || named.value || '!'`,
        ),
      ),
  ] as const
}

type Marks = { word: string; customerId: string; found: number }[]
type Keys = { key: string; rowId: string; line: number }[]
type Claim = { rowId: string; line: number }

/** What the reads of `lookUps` found, as rows are decided by it. A row is never in its own way. */
export const knownFrom = (importId: string, [marks, found, ...keys]: [Marks, Candidate[], Keys, Keys]) => {
  const byId = new Map(found.map((customer) => [customer.id, customer]))
  const byMark = new Map<string, { count: number; ids: string[] }>()
  for (const { word, customerId, found: many } of marks) {
    const marked = byMark.get(word) ?? { count: many, ids: [] }
    byMark.set(word, { count: many, ids: [...marked.ids, customerId] })
  }
  const claims = new Map<string, Claim>()
  const names = new Map<string, Map<string, Claim>>()
  const take = (key: string, claim: Claim) => {
    if (!key.startsWith('=')) return void claims.set(key, claim)
    const { mark, psaKey } = partsOfNameKey(key)
    names.set(mark, (names.get(mark) ?? new Map<string, Claim>()).set(psaKey, claim))
  }
  for (const { key, rowId, line } of keys.flat()) take(key.slice(importId.length), { rowId, line })
  const forRow = (rowId: string): Known => ({
    customer: (id) => byId.get(id),
    marked: (mark) => byMark.get(mark) ?? { count: 0, ids: [] },
    lineWith: (key) => {
      const claim = claims.get(key)
      return claim === undefined || claim.rowId === rowId ? undefined : claim.line
    },
    named: (mark) =>
      [...(names.get(mark) ?? [])].flatMap(([psaKey, claim]) =>
        claim.rowId === rowId ? [] : [{ psaKey, line: claim.line }],
      ),
  })
  return {
    forRow,
    /** What a row has been decided to mean, so that rows after it know. */
    claim: (row: { id: string; line: number }, keyTexts: string[]) => {
      for (const key of keyTexts) take(key, { rowId: row.id, line: row.line })
    },
    /** Forgets what a row said before, so that rows that were in its way are free. */
    release: (rowId: string) => {
      for (const kept of [claims, ...names.values()])
        for (const [key, claim] of kept) if (claim.rowId === rowId) kept.delete(key)
    },
  }
}
