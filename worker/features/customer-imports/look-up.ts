import { count, max, min, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { customerImportKeys, customers, customerWords } from '../../../db/shard/schema.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { filled, marksFor } from './decide.ts'
import type { Candidate, Cells, Known } from './decide.ts'

/**
 * The reads that tell what rows are to be matched with, for any number of rows at once: how many customers have each
 * mark, those customers (two of a mark at most), and which row of the file has said something of them before.
 */
export const lookUps = (
  msp: MspScope,
  importId: string,
  rows: { id: string; cells: Cells; customerId?: string | null }[],
) => {
  const told = rows.map(({ cells }) => filled(cells))
  const marks = JSON.stringify([...new Set(told.flatMap((cells) => Object.values(marksFor(cells))))])
  const ids = told.flatMap(({ customerId }) => (customerId === undefined ? [] : [customerId.trim()]))
  const given = JSON.stringify([...new Set(ids)])
  const isMarked = sql`${customerWords.word} in (select value from json_each(${marks}))`
  const ofMarks = (pick: SQL) =>
    sql`select ${pick} from ${customerWords} where ${msp.mine(customerWords, isMarked)} group by ${customerWords.word}`
  const [least, most] = [sql`min(${customerWords.customerId})`, sql`max(${customerWords.customerId})`]
  const key = (what: SQL) => sql`${importId} || '!' || ${what}`
  return [
    msp
      .select({
        word: customerWords.word,
        found: count(),
        least: min(customerWords.customerId),
        most: max(customerWords.customerId),
      })
      .from(customerWords)
      .where(msp.mine(customerWords, isMarked))
      .groupBy(customerWords.word),
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
          sql`${customers.id} in (select value from json_each(${given}) union ${ofMarks(least)} union ${ofMarks(most)})`,
        ),
      ),
    msp
      .select({ key: customerImportKeys.id, rowId: customerImportKeys.rowId, line: customerImportKeys.line })
      .from(customerImportKeys)
      .where(
        msp.mine(
          customerImportKeys,
          sql`${customerImportKeys.id} in (select ${importId} || value from json_each(${marks}) union select ${key(sql`value`)} from json_each(${given}) union ${ofMarks(key(least))} union ${ofMarks(key(most))})`,
        ),
      ),
  ] as const
}

type Marks = { word: string; found: number; least: string | null; most: string | null }[]
type Keys = { key: string; rowId: string; line: number }[]

/** What the reads of `lookUps` found, as rows are decided by it. A row is never in its own way. */
export const knownFrom = (importId: string, [marks, found, keys]: [Marks, Candidate[], Keys]) => {
  const byId = new Map(found.map((customer) => [customer.id, customer]))
  const byMark = new Map(marks.map(({ word, found: many, least, most }) => [word, { many, ids: [least, most] }]))
  const claims = new Map(keys.map(({ key, rowId, line }) => [key.slice(importId.length), { rowId, line }]))
  const forRow = (rowId: string): Known => ({
    customer: (id) => byId.get(id),
    marked: (mark) => {
      const { many, ids } = byMark.get(mark) ?? { many: 0, ids: [] }
      return { count: many, ids: [...new Set(ids)].flatMap((id) => id ?? []) }
    },
    lineWith: (key) => {
      const claim = claims.get(key)
      return claim === undefined || claim.rowId === rowId ? undefined : claim.line
    },
  })
  return {
    forRow,
    /** What a row has been decided to mean, so that rows after it know. */
    claim: (row: { id: string; line: number }, keyTexts: string[]) => {
      for (const key of keyTexts) claims.set(key, { rowId: row.id, line: row.line })
    },
  }
}
