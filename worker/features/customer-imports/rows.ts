import { and, eq } from 'drizzle-orm'
import { customerImportKeys, customerImportRows } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { among } from '../../tenancy/among.ts'
import { newId } from '../../tenancy/ids.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import type { ImportField } from './columns.ts'
import { decide, heldTo } from './decide.ts'
import type { Decided, Decision, Told } from './decide.ts'
import type { FileRow, ImportRow } from './imports.schema.ts'
import type { knownFrom } from './look-up.ts'

/** Rows of an import sort by their place in the file, and after all other imports' before them. */
export const rowIdOf = (importId: string, position: number): string =>
  `${importId}.${String(position).padStart(6, '0')}`

type Undecided = Pick<FileRow, 'id' | 'line' | 'cells' | 'fault' | 'isSkipped'> &
  Partial<Pick<FileRow, 'version' | 'decision' | 'customerId'>>
export type DecidedRow = { row: Omit<FileRow, 'mspId'>; decided: Decided; keys: string[] }

type Imported = Pick<ImportRow, 'id' | 'columns'>
type KnownRows = ReturnType<typeof knownFrom>

/** Decides rows in the order of the file; each knows what those before it say. */
export const decideRows = (imported: Imported, rows: Undecided[], known: KnownRows): DecidedRow[] =>
  decidedBy(imported, rows, known, ({ decided }) => decided)

/** The same for rows that were checked: none does more than the check has shown of it. */
export const decideRowsAsShown = (imported: Imported, rows: FileRow[], known: KnownRows): DecidedRow[] =>
  decidedBy(imported, rows, known, ({ row, decided, headingOf }) => heldTo(row, decided, headingOf))

const decidedBy = <Row extends Undecided>(
  imported: Imported,
  rows: Row[],
  known: KnownRows,
  held: (one: { row: Row; decided: Decided; headingOf: Told['headingOf'] }) => Decided,
): DecidedRow[] => {
  const headings = new Map(imported.columns.map(({ field, heading }) => [field, heading]))
  const headingOf = (field: ImportField) => headings.get(field) ?? null
  return rows.map((row) => {
    const { line, cells, fault, isSkipped } = row
    const decided = held({
      row,
      decided: decide({ line, cells, fault, isSkipped, headingOf }, known.forRow(row.id)),
      headingOf,
    })
    known.claim(row, decided.keys)
    // Whom it will make is decided once: whoever does it again makes the same one.
    const customerId = decided.decision === 'create' ? idToMake(row) : (decided.customer?.id ?? null)
    return {
      decided,
      keys: decided.keys,
      row: {
        id: row.id,
        version: (row.version ?? 0) + 1,
        importId: imported.id,
        line: row.line,
        cells,
        fault,
        isSkipped,
        decision: decided.decision,
        customerId,
        customerName: decided.customer?.name ?? decided.values?.name ?? null,
        changes: decided.changes,
        faults: decided.faults,
        writtenVersion: null,
        undoing: null,
        undoReason: null,
      },
    }
  })
}

const idToMake = ({ decision, customerId }: Undecided): string =>
  decision === 'create' && customerId ? customerId : newId(now())

/** Rows with what they say of customers, in two statements; `anew` when they may have said something else before. */
export const keepRows = (
  msp: MspScope,
  importId: string,
  kept: { row: DecidedRow['row']; keys: string[] }[],
  { anew }: { anew: boolean },
): Write[] => [
  msp.putAll(
    customerImportRows,
    kept.map(({ row }) => row),
  ),
  ...(anew
    ? [
        forgetKeys(
          msp,
          importId,
          kept.map(({ row }) => row.id),
        ),
      ]
    : []),
  msp.putAll(
    customerImportKeys,
    kept.flatMap(({ row, keys }) =>
      keys.map((key) => ({ id: `${importId}${key}`, importId, rowId: row.id, line: row.line })),
    ),
  ),
]

const forgetKeys = (msp: MspScope, importId: string, rowIds: string[]): Write =>
  msp.removeWhere(
    customerImportKeys,
    and(eq(customerImportKeys.importId, importId), among(customerImportKeys.rowId, rowIds)),
  )

/**
 * How many of the first of these go into one commit: one parameter of a statement may hold 2 MB, whoever wrote the file.
 * `weigh` gives what one of them adds to each of the parameters.
 */
export const fittingCount = <T>(items: T[], weigh: (item: T) => unknown[]): number => {
  const byteCounts: number[] = []
  const over = items.findIndex((item) =>
    weigh(item).some((part, position) => {
      // JSON within JSON, as it travels: what is escaped in it is escaped twice.
      const byteCount = (byteCounts[position] ?? 0) + utf8Length(JSON.stringify(JSON.stringify(part)))
      byteCounts[position] = byteCount
      return byteCount > PARAMETER_BYTES_MAX
    }),
  )
  return over < 0 ? items.length : Math.max(1, over)
}

const PARAMETER_BYTES_MAX = 1_500_000
const encoder = new TextEncoder()
const utf8Length = (text: string): number => encoder.encode(text).byteLength

/** The counts of an import after rows were decided otherwise than before; new rows were nothing before. */
export const countsAfter = (before: Counts, changed: { from?: Decision; to: Decision }[]): Counts => {
  const counts = { ...before }
  for (const { from, to } of changed) {
    if (from !== undefined) counts[countOf[from]] -= 1
    counts[countOf[to]] += 1
  }
  return counts
}

export const countOf = {
  create: 'createCount',
  update: 'updateCount',
  unchanged: 'unchangedCount',
  skip: 'skipCount',
  error: 'errorCount',
} as const satisfies Record<Decision, keyof ImportRow>
export type Counts = Pick<ImportRow, (typeof countOf)[Decision]>

export const countsOf = ({ createCount, updateCount, unchangedCount, skipCount, errorCount }: ImportRow): Counts => ({
  createCount,
  updateCount,
  unchangedCount,
  skipCount,
  errorCount,
})
export const noCounts: Counts = { createCount: 0, updateCount: 0, unchangedCount: 0, skipCount: 0, errorCount: 0 }
