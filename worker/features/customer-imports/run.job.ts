import { and, asc, eq, gt, inArray, lt } from 'drizzle-orm'
import { z } from 'zod'
import { Refused } from '../../../db/connect.ts'
import { customerImportRows, customerImports, customers, customerWords } from '../../../db/shard/schema.ts'
import { Problem } from '../../http/problem.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { Outcome, Work } from '../../jobs/job.ts'
import { among } from '../../tenancy/among.ts'
import type { MspScope, ToldNote, Write } from '../../tenancy/scope.ts'
import { folded, wordsOfCustomer } from '../customers/index.ts'
import type { FileRow, ImportRow } from './imports.schema.ts'
import { knownFrom, lookUps } from './look-up.ts'
import { countsAfter, countsOf, decideRowsAsShown, fittingCount, keepRows } from './rows.ts'
import type { DecidedRow } from './rows.ts'

const BATCH = 250
/** After so many batches other jobs may have their turn. */
export const BATCHES_PER_TURN = 4
/** How often a batch is decided again at once because somebody changed one of its customers meanwhile. */
const TRIES = 5

/**
 * Writes what the check has decided. Every row is decided once more by the same rule right before it is written, since
 * customers may have changed, and left where that comes to more than was shown; customers, their words, the activity and how far it has come are one commit.
 */
export const runImport = defineJob({
  kind: 'customer_import.run',
  title: 'Import customers',
  payload: z.object({ importId: z.string() }),
  async run(msp, { importId }, work): Promise<Outcome> {
    return batchByBatch(msp, importId, 'running', work, (imported) => runBatch(msp, imported, work))
  },
  async parked(msp, { importId }, trouble) {
    const imported = await at(msp, importId, 'running')
    if (imported !== undefined) await msp.record(msp.change(customerImports, imported, { trouble }))
  },
})

/** The import, while it is at this. */
export const at = async (msp: MspScope, importId: string, state: ImportRow['state']): Promise<ImportRow | undefined> =>
  msp.first(customerImports, and(eq(customerImports.id, importId), eq(customerImports.state, state)))

/**
 * One batch after the other while the import is in this state, which the last of them ends. When somebody was faster
 * with one of its customers, the batch is read again.
 */
export const batchByBatch = async (
  msp: MspScope,
  importId: string,
  state: ImportRow['state'],
  work: Work,
  batch: (imported: ImportRow) => Promise<void>,
): Promise<Outcome> => {
  let tried = 0
  for (let done = 0; done < BATCHES_PER_TURN;) {
    const imported = await at(msp, importId, state)
    if (imported === undefined) return finished
    try {
      await batch(imported)
      await letOthersIn()
      done += 1
      tried = 0
    } catch (error) {
      tried += 1
      if (!isOvertaken(error) || tried === TRIES) throw error
    }
  }
  return { kind: 'again', at: work.now() }
}

/** A database that is asked without a pause by one Worker may keep all others waiting, even those who watch the progress. */
export const letOthersIn = (): Promise<void> => scheduler.wait(5)

const isOvertaken = (error: unknown): boolean =>
  (error instanceof Problem && error.code === 'stale') || (error instanceof Refused && error.kind === 'foreign_key')

const runBatch = async (msp: MspScope, imported: ImportRow, work: Work): Promise<void> => {
  const rows = await nextRows(msp, imported)
  if (rows.length === 0) {
    const set = { state: 'done' as const, finishedAt: work.now(), lastRowId: null, trouble: null }
    await msp.record(msp.change(customerImports, imported, set), work.stillMine())
    return
  }
  const known = await msp.readAll([...lookUps(msp, imported.id, rows)])
  const decided = decideRowsAsShown(imported, rows, knownFrom(imported.id, known)).map(writtenAt(work.now()))
  await commitBatch(
    msp,
    imported,
    rows,
    decided.slice(
      0,
      fittingCount(decided, ({ row, written }) => [row, written?.note ?? '', written?.next ?? '']),
    ),
    work,
  )
}

/** The rows to be written behind the last one that was. */
const nextRows = (msp: MspScope, { id, lastRowId }: Pick<ImportRow, 'id' | 'lastRowId'>) =>
  msp.list(customerImportRows, {
    where: and(
      gt(customerImportRows.id, lastRowId ?? `${id}.`),
      lt(customerImportRows.id, `${id}/`),
      inArray(customerImportRows.decision, ['create', 'update']),
    ),
    orderBy: [asc(customerImportRows.id)],
    limit: BATCH,
  })

/** A row as it is once its customer is written, with that customer and what is said of it. */
const writtenAt =
  (nowMs: number) =>
  ({ row, decided }: DecidedRow) => {
    const { customer, values, changes, keys } = decided
    if (values === null || row.customerId === null) return { row, keys, written: null }
    const { id, version, createdAt } = customer ?? { id: row.customerId, version: 0, createdAt: nowMs }
    const next = { id, version: version + 1, sortName: folded(values.name), ...values, createdAt }
    const note: ToldNote = {
      action: customer === null ? 'imported_customer.created' : 'imported_customer.changed',
      subject: { kind: 'customer', id, name: values.name },
      customerId: id,
      changes,
    }
    return {
      row: { ...row, customerName: values.name, writtenVersion: next.version },
      keys,
      written: { next, note, before: customer },
    }
  }
type WrittenRow = ReturnType<ReturnType<typeof writtenAt>>

const commitBatch = async (
  msp: MspScope,
  imported: ImportRow,
  before: FileRow[],
  rows: WrittenRow[],
  work: Work,
): Promise<void> => {
  const written = rows.flatMap(({ written: one }) => one ?? [])
  const set = {
    ...countsAfter(
      countsOf(imported),
      rows.map(({ row }, position) => ({ from: before[position]?.decision ?? row.decision, to: row.decision })),
    ),
    doneCount: imported.doneCount + rows.length,
    lastRowId: rows.at(-1)?.row.id ?? null,
    trouble: null,
  }
  const kept = [
    msp.change(customerImports, imported, set),
    ...keepRows(msp, imported.id, rows, { anew: true }),
    work.stillMine(),
  ] as const
  const [first, ...others] = written.map(({ note }) => note)
  if (first === undefined) return msp.record(...kept)
  const updated = written.flatMap(({ before: customer }) => customer ?? [])
  return work.onBehalfOf({ kind: imported.actorKind, id: imported.actorId, name: imported.actorName }).commitEach(
    [first, ...others],
    msp.unchanged(customers, updated),
    msp.putAll(
      customers,
      written.map(({ next }) => next),
    ),
    ...replaceWords(
      msp,
      updated.map(({ id }) => id),
      written.map(({ next }) => next),
    ),
    ...kept,
  )
}

/** What customers are found by on account of their own rows: what some had goes, and what all have comes. */
export const replaceWords = (
  msp: MspScope,
  hadIds: string[],
  have: { id: string; name: string; email: string | null; psaId: string | null }[],
): Write[] => [
  msp.removeWhere(
    customerWords,
    and(among(customerWords.customerId, hadIds), eq(customerWords.id, customerWords.customerId)),
  ),
  msp.putAll(
    customerWords,
    have.flatMap((row) => [...new Set(wordsOfCustomer(row))].map((word) => ({ id: row.id, customerId: row.id, word }))),
  ),
]
