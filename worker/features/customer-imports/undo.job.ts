import { and, asc, gt, isNotNull, lt } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { z } from 'zod'
import { customerImportRows, customerImports, customers, customerWords } from '../../../db/shard/schema.ts'
import { defineJob } from '../../jobs/job.ts'
import type { Work } from '../../jobs/job.ts'
import { among } from '../../tenancy/among.ts'
import { shardTables } from '../../tenancy/ownership.ts'
import type { FieldChange, MspScope, ToldNote } from '../../tenancy/scope.ts'
import { folded } from '../customers/index.ts'
import type { CustomerRow } from '../customers/index.ts'
import type { FileRow, ImportRow } from './imports.schema.ts'
import { fittingCount } from './rows.ts'
import { at, batchByBatch, replaceWords } from './run.job.ts'
import { undoingOf } from './undo.ts'

const BATCH = 250

/** Takes an import back, in the reverse of how it was run: customers, words, activity and progress in one commit. */
export const undoImport = defineJob({
  kind: 'customer_import.undo',
  title: 'Undo an import',
  payload: z.object({ importId: z.string() }),
  run: (msp, { importId }, work) =>
    batchByBatch(msp, importId, 'undoing', work, (imported) => undoBatch(msp, imported, work)),
  async parked(msp, { importId }, trouble) {
    const imported = await at(msp, importId, 'undoing')
    if (imported !== undefined) await msp.record(msp.change(customerImports, imported, { trouble }))
  },
})

const undoBatch = async (msp: MspScope, imported: ImportRow, work: Work): Promise<void> => {
  const rows = await msp.list(customerImportRows, {
    where: and(
      gt(customerImportRows.id, imported.lastRowId ?? `${imported.id}.`),
      lt(customerImportRows.id, `${imported.id}/`),
      isNotNull(customerImportRows.writtenVersion),
    ),
    orderBy: [asc(customerImportRows.id)],
    limit: BATCH,
  })
  if (rows.length === 0) {
    const set = { state: 'undone' as const, undoneAt: work.now(), lastRowId: null, trouble: null }
    await msp.record(msp.change(customerImports, imported, set), work.stillMine())
    return
  }
  const { customer, below } = await standing(
    msp,
    rows.flatMap(({ customerId }) => customerId ?? []),
  )
  const taken = rows.map((row) => {
    const is = customer(row.customerId)
    const undoing = undoingOf(row, is, below(row.customerId))
    const kept = { ...row, undoing: undoing.kind, undoReason: undoing.kind === 'left' ? undoing.reason : null }
    return {
      row: kept,
      isGone: is === undefined,
      back: is === undefined || undoing.kind === 'left' ? null : backOf(is, row, undoing.kind),
    }
  })
  await commitBatch(
    msp,
    imported,
    taken.slice(
      0,
      fittingCount(taken, ({ row, back }) => [row, back?.note ?? '', back?.next ?? '']),
    ),
    work,
  )
}

/** A customer as it is taken back, with what is said of that. */
const backOf = (is: CustomerRow, { changes }: FileRow, kind: 'removed' | 'restored') => {
  const old = Object.fromEntries(changes.map(({ field, before }) => [field, before])) as Partial<CustomerRow>
  const values = {
    name: is.name,
    email: is.email,
    phone: is.phone,
    address: is.address,
    notes: is.notes,
    psaId: is.psaId,
    ...old,
  }
  const reversed: FieldChange[] = changes.map(({ table, field, before, after }) => ({
    table,
    field,
    before: after,
    after: before,
  }))
  const note: ToldNote = {
    action: kind === 'removed' ? 'imported_customer.removed' : 'imported_customer.restored',
    subject: { kind: 'customer', id: is.id, name: is.name },
    customerId: is.id,
    changes: reversed,
  }
  const name = values.name ?? is.name
  const next = { id: is.id, version: is.version + 1, sortName: folded(name), ...values, name, createdAt: is.createdAt }
  return { kind, is, next, note }
}
type Taken = { row: FileRow; isGone: boolean; back: ReturnType<typeof backOf> | null }

const commitBatch = async (msp: MspScope, imported: ImportRow, taken: Taken[], work: Work): Promise<void> => {
  const backs = taken.flatMap(({ back }) => back ?? [])
  const kept = [
    msp.change(customerImports, imported, {
      doneCount: imported.doneCount + taken.length,
      undoLeftCount: imported.undoLeftCount + taken.length - backs.length,
      undoGoneCount: imported.undoGoneCount + taken.filter(({ isGone }) => isGone).length,
      lastRowId: taken.at(-1)?.row.id ?? null,
      trouble: null,
    }),
    msp.putAll(
      customerImportRows,
      taken.map(({ row: { mspId: _, ...row } }) => row),
    ),
    work.stillMine(),
  ] as const
  const [first, ...others] = backs.map(({ note }) => note)
  if (first === undefined) return msp.record(...kept)
  const restored = backs.flatMap(({ kind, next }) => (kind === 'restored' ? [next] : []))
  const removed = backs.flatMap(({ kind, is }) => (kind === 'removed' ? [is.id] : []))
  return work.onBehalfOf({ kind: imported.actorKind, id: imported.actorId, name: imported.actorName }).commitEach(
    [first, ...others],
    msp.unchanged(
      customers,
      backs.map(({ is }) => is),
    ),
    msp.putAll(customers, restored),
    ...replaceWords(
      msp,
      backs.map(({ is }) => is.id),
      restored,
    ),
    msp.removeWhere(customers, among(customers.id, removed)),
    ...kept,
  )
}

/** What people call what may stand below a customer, by its table. */
export const called: Record<string, string> = {
  contacts: 'contacts',
  invitations: 'an invitation',
  tenants: 'a tenant',
  connection_attempts: 'a tenant being connected',
  portals: 'a portal',
  custom_hostnames: 'an address of its own',
  hand_overs: 'somebody signing in to its portal',
  logos: 'a logo',
  documents: 'documents',
  notice_recipients: 'a notice',
  customer_merges: 'a customer that was merged into it',
  jobs: 'work that was done for it',
  licence_terms: 'what its portal shows of licences',
  self_service_overrides: 'what its people do by themselves',
  request_form_overlays: 'forms of its own',
  service_requests: 'a request',
  tickets: 'tickets',
  ticket_files: 'a file of a ticket',
}

type BelowCustomer = SQLiteTable & { id: SQLiteColumn; mspId: SQLiteColumn; customerId: SQLiteColumn }

/** Every table whose rows point at a customer, but the words it is found by: those go with it. */
export const tablesBelow = shardTables.filter((table): table is BelowCustomer => {
  const pointsAtCustomer = getTableConfig(table).foreignKeys.some((key) => key.reference().foreignTable === customers)
  return pointsAtCustomer && table !== customerWords
})

/** Customers as they are now, and what stands below each, in one round trip. */
const standing = async (msp: MspScope, ids: string[]) => {
  const [found, ...belows] = await msp.readAll([
    msp
      .select()
      .from(customers)
      .where(msp.mine(customers, among(customers.id, ids))),
    ...tablesBelow.map((table) =>
      msp
        .select({ customerId: table.customerId })
        .from(table as SQLiteTable)
        .where(msp.mine(table, among(table.customerId, ids)))
        .groupBy(table.customerId),
    ),
  ])
  const byId = new Map(found.map((row) => [row.id, row]))
  const having = belows.map((rows) => new Set(rows.map(({ customerId }) => customerId)))
  return {
    customer: (id: string | null) => byId.get(id ?? ''),
    below: (id: string | null): string[] => [
      ...new Set(
        tablesBelow.flatMap((table, position) =>
          having[position]?.has(id)
            ? [called[getTableConfig(table).name] ?? getTableConfig(table).name.replaceAll('_', ' ')]
            : [],
        ),
      ),
    ],
  }
}
