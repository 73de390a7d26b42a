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
    fileName: requiredLine(200, 'Enter the name of the file.').describe(
      'What the file is called; only for people to know it again.',
    ),
  })
  .openapi('NewCustomerImport')

const Field = z.enum(importFields)

export const ColumnChoice = z
  .strictObject({
    columns: z
      .array(Field.nullable())
      .max(100)
      .describe('For each column of the file, in its order, what it is taken into; null leaves it out.'),
  })
  .openapi('CustomerImportColumns')

const cell = z.string().max(20_000).default('')

export const RowInput = z
  .strictObject({
    name: cell.describe('The customer’s name, as the file is to have it.'),
    email: cell.describe('The primary contact’s e-mail.'),
    phone: cell.describe('The phone number.'),
    address: cell.describe('The postal address.'),
    notes: cell.describe('The internal notes.'),
    psaId: cell.describe('What the MSP’s PSA calls it.'),
    customerId: cell.describe('The customer it is; `new` for another one, whoever is called alike.'),
    skip: z.boolean().default(false).describe('Leaves this row out of the import.'),
  })
  .openapi('CustomerImportRowInput')

const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most.'),
  cursor: z.string().max(500).optional().describe('The `nextCursor` of the page before.'),
}
export const ImportQuery = z.strictObject(page)
export const RowQuery = z.strictObject({
  ...page,
  decision: z.enum(importDecisions).optional().describe('Only rows that are decided so.'),
  undoing: z.enum(importUndoings).optional().describe('What undoing the import did with a row.'),
})

export const CustomerImport = z
  .object({
    id: z.string(),
    fileName: z.string(),
    state: z
      .enum(importStates)
      .describe(
        '`waiting` for its file → `uploaded`, its columns to be confirmed → `checking` → `checked` → `running` → `done` → `undoing` → `undone`; or `failed`.',
      ),
    byteCount: z.number().int().nullable(),
    encoding: z.string().nullable(),
    delimiter: z.string().nullable(),
    columns: z.array(
      z.object({
        heading: z.string(),
        kind: z
          .enum(['taken', 'ours', 'unknown'])
          .describe(
            '`taken` into a field; `ours`: from our own export, cannot be imported; `unknown`. The last two are left out.',
          ),
        field: Field.nullable(),
        samples: z.array(z.string()).describe('What stands in it first.'),
      }),
    ),
    rowCount: z.number().int().nullable(),
    counts: z
      .object({
        create: z.number().int(),
        update: z.number().int(),
        unchanged: z.number().int(),
        skip: z.number().int(),
        error: z.number().int(),
      })
      .describe('How many rows are decided how; once it has run, what became of them.'),
    progress: z
      .object({ done: z.number().int(), total: z.number().int().nullable() })
      .nullable()
      .describe('While something is being done. `total` is null until it is known.'),
    isRecheck: z
      .boolean()
      .describe(
        'While it is being checked: whether its rows are, as they were put right by hand, rather than its file.',
      ),
    trouble: z.string().nullable().describe('Why it stopped, in words.'),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    undoableUntil: z.iso
      .datetime()
      .nullable()
      .describe('Until when it can be undone; null when there is nothing to undo.'),
    undoneAt: z.iso.datetime().nullable(),
    undoLeftCount: z
      .number()
      .int()
      .describe('Customers that undoing left as they are, since they had changed or were gone.'),
    undoGoneCount: z.number().int().describe('Those of them that were gone.'),
    expiresAt: z.iso.datetime().describe('When the file and its rows are forgotten.'),
  })
  .openapi('CustomerImport')

export const CustomerImportList = listOf(CustomerImport, 'CustomerImportList')

export const CustomerImportRow = z
  .object({
    id: z.string(),
    line: z.number().int().describe('The line of the file it begins in, from 1.'),
    decision: z.enum(importDecisions),
    values: z.object(
      Object.fromEntries(importFields.map((field) => [field, z.string()])) as Record<
        (typeof importFields)[number],
        z.ZodString
      >,
    ),
    skip: z.boolean(),
    customer: z.object({ id: z.string(), name: z.string() }).nullable().describe('The customer it is, or has become.'),
    candidates: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          psaId: z.string().nullable(),
          domain: z.string().nullable().describe('Of its e-mail address.'),
          createdAt: z.iso.datetime(),
        }),
      )
      .describe('Customers that it may mean, at most ten: one of their ids, or `new`, as its `customerId` says which.'),
    changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
    errors: z.array(
      z.object({
        field: z.string().nullable(),
        column: z.string().nullable(),
        line: z.number().int(),
        reason: z.string(),
        sameAsLine: z
          .number()
          .int()
          .nullable()
          .describe('The line of the row that says something of the same customer, where that is why.'),
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
