import { z } from '@hono/zod-openapi'
import { importDecisions, importStates, importUndoings } from '../../../db/shard/schema.ts'
import type { customerImportRows, customerImports } from '../../../db/shard/schema.ts'
import { listOf } from '../../http/paging.ts'
import { isoMoment, requiredLine } from '../../http/text.ts'
import { importFields } from './columns.ts'
import { UNDO_MS } from './undo.ts'

export type ImportRow = typeof customerImports.$inferSelect
export type FileRow = typeof customerImportRows.$inferSelect

export const NewImport = z
  .strictObject({
    /** What the file is called; only for people to know it again. */
    fileName: requiredLine(200, 'Enter the name of the file.'),
  })
  .openapi('NewCustomerImport')

const Field = z.enum(importFields)

export const ColumnChoice = z
  .strictObject({
    /** For each column of the file, in its order, what it is taken into; null leaves it out. */
    columns: z.array(Field.nullable()).max(100),
  })
  .openapi('CustomerImportColumns')

const cell = z.string().max(20_000, 'At most 20,000 characters.').default('')

export const RowInput = z
  .strictObject({
    name: cell,
    email: cell,
    phone: cell,
    address: cell,
    notes: cell,
    psaId: cell,
    /** The customer it is; `new` for another one, whoever is called alike. */
    customerId: cell,
    /** Leaves this row out of the import. */
    skip: z.boolean().default(false),
  })
  .openapi('CustomerImportRowInput')

const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
}
export const ImportQuery = z.strictObject(page)
export const RowQuery = z.strictObject({
  ...page,
  decision: z.enum(importDecisions).optional(),
  /** What undoing the import did with a row. */
  undoing: z.enum(importUndoings).optional(),
})

export const CustomerImport = z
  .object({
    id: z.string(),
    fileName: z.string(),
    /** `waiting` for its file → `uploaded`, its columns to be confirmed → `checking` → `checked` → `running` → `done` → `undoing` → `undone`; or `failed`. */
    state: z.enum(importStates),
    byteCount: z.number().int().nullable(),
    encoding: z.string().nullable(),
    delimiter: z.string().nullable(),
    columns: z.array(
      z.object({
        heading: z.string(),
        /** `taken` into a field; `ours`: from our own export, cannot be imported; `unknown`. The last two are left out. */
        kind: z.enum(['taken', 'ours', 'unknown']),
        field: Field.nullable(),
        /** What stands in it first. */
        samples: z.array(z.string()),
      }),
    ),
    rowCount: z.number().int().nullable(),
    /** How many rows are decided how; once it has run, what became of them. */
    counts: z.object({
      create: z.number().int(),
      update: z.number().int(),
      unchanged: z.number().int(),
      skip: z.number().int(),
      error: z.number().int(),
    }),
    /** While something is being done. `total` is null until it is known. */
    progress: z.object({ done: z.number().int(), total: z.number().int().nullable() }).nullable(),
    /** While it is being checked: whether its rows are, as they were put right by hand, rather than its file. */
    isRecheck: z.boolean(),
    /** Why it stopped, in words. */
    trouble: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    /** Until when it can be undone; null when there is nothing to undo. */
    undoableUntil: z.iso.datetime().nullable(),
    undoneAt: z.iso.datetime().nullable(),
    /** Customers that undoing left as they are, since they had changed or were gone. */
    undoLeftCount: z.number().int(),
    /** Those of them that were gone. */
    undoGoneCount: z.number().int(),
    /** When the file and its rows are forgotten. */
    expiresAt: z.iso.datetime(),
  })
  .openapi('CustomerImport')

export const CustomerImportList = listOf(CustomerImport, 'CustomerImportList')

export const CustomerImportRow = z
  .object({
    id: z.string(),
    /** The line of the file it begins in, from 1. */
    line: z.number().int(),
    decision: z.enum(importDecisions),
    values: z.object(
      Object.fromEntries(importFields.map((field) => [field, z.string()])) as Record<
        (typeof importFields)[number],
        z.ZodString
      >,
    ),
    skip: z.boolean(),
    /** The customer it is, or has become. */
    customer: z.object({ id: z.string(), name: z.string() }).nullable(),
    /** Customers that it may mean, at most ten: one of their ids, or `new`, as its `customerId` says which. */
    candidates: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        psaId: z.string().nullable(),
        /** Of its e-mail address. */
        domain: z.string().nullable(),
        createdAt: z.iso.datetime(),
      }),
    ),
    changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
    errors: z.array(
      z.object({
        field: z.string().nullable(),
        column: z.string().nullable(),
        line: z.number().int(),
        reason: z.string(),
        /** The line of the row that says something of the same customer, where that is why. */
        sameAsLine: z.number().int().nullable(),
      }),
    ),
    undoing: z.enum(importUndoings).nullable(),
    undoReason: z.string().nullable(),
    version: z.number().int(),
  })
  .openapi('CustomerImportRow')

export const CustomerImportRowList = listOf(CustomerImportRow, 'CustomerImportRowList')

export const presentImport = (row: ImportRow): z.infer<typeof CustomerImport> => ({
  id: row.id,
  fileName: row.fileName,
  state: row.state,
  byteCount: row.byteCount,
  encoding: row.encoding,
  delimiter: row.delimiter,
  columns: row.columns.map(({ heading, kind, field, samples }) => ({
    heading,
    kind: z.enum(['taken', 'ours', 'unknown']).parse(kind),
    field: Field.nullable().parse(field),
    samples,
  })),
  rowCount: row.rowCount,
  counts: {
    create: row.createCount,
    update: row.updateCount,
    unchanged: row.unchangedCount,
    skip: row.skipCount,
    error: row.errorCount,
  },
  progress: isAtWork(row) ? { done: row.doneCount, total: row.rowCount === null ? null : row.workCount } : null,
  isRecheck: row.state === 'checking' && row.lastRowId !== null,
  trouble: row.trouble,
  createdBy: row.createdByName,
  createdAt: new Date(row.createdAt).toISOString(),
  finishedAt: isoMoment(row.finishedAt),
  undoableUntil: row.state === 'done' && row.finishedAt !== null ? isoMoment(row.finishedAt + UNDO_MS) : null,
  undoneAt: isoMoment(row.undoneAt),
  undoLeftCount: row.undoLeftCount,
  undoGoneCount: row.undoGoneCount,
  expiresAt: new Date(row.expiresAt).toISOString(),
})

const isAtWork = ({ state }: ImportRow): boolean => state === 'checking' || state === 'running' || state === 'undoing'

export const presentRow = (row: FileRow): z.infer<typeof CustomerImportRow> => ({
  id: row.id,
  line: row.line,
  decision: row.decision,
  values: Object.fromEntries(importFields.map((field) => [field, row.cells[field] ?? ''])) as Record<
    (typeof importFields)[number],
    string
  >,
  skip: row.isSkipped,
  customer:
    row.customerId === null || row.customerName === null || (row.decision === 'create' && row.writtenVersion === null)
      ? null
      : { id: row.customerId, name: row.customerName },
  candidates: row.faults.flatMap(({ candidates = [] }) =>
    candidates.map(({ id, name, psaId, domain, createdAt }) => ({
      id,
      name,
      psaId,
      domain,
      createdAt: new Date(createdAt).toISOString(),
    })),
  ),
  changes: row.changes.map(({ field, before, after }) => ({ field, before, after })),
  errors: row.faults.map(({ field, column, reason, sameAsLine = null }) => ({
    field,
    column,
    line: row.line,
    reason,
    sameAsLine,
  })),
  undoing: row.undoing,
  undoReason: row.undoReason,
  version: row.version,
})
