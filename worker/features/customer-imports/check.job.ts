import { and, asc, eq, gt, lt } from 'drizzle-orm'
import { z } from 'zod'
import { customerImportKeys, customerImportRows, customerImports } from '../../../db/shard/schema.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { Outcome, Work } from '../../jobs/job.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { importFields } from './columns.ts'
import type { Cells } from './decide.ts'
import { decode } from './decode.ts'
import type { FileRow, ImportRow } from './imports.schema.ts'
import { knownFrom, lookUps } from './look-up.ts'
import { delimiterOf, delimiters, readCsv, Unreadable } from './read-csv.ts'
import type { Csv } from './read-csv.ts'
import { BATCHES_PER_TURN, letOthersIn } from './run.job.ts'
import { countsAfter, countsOf, decideRows, fittingCount, keepRows, rowIdOf } from './rows.ts'

const BATCH = 400

/**
 * The dry run: decides every row of a file. Each batch is kept with how far it has come, so a Worker that dies leaves
 * nothing to redo but the last batch.
 */
export const checkImport = defineJob({
  kind: 'customer_import.check',
  title: 'Check an import',
  payload: z.object({ importId: z.string() }),
  async run(msp, { importId }, work): Promise<Outcome> {
    let imported = await checking(msp, importId)
    if (imported === undefined) return finished
    if (imported.lastRowId !== null) return recheck(msp, imported, work)
    const read = await csvOf(imported, work)
    if ('trouble' in read) {
      await msp.record(
        msp.change(customerImports, imported, { state: 'failed', trouble: read.trouble }),
        work.stillMine(),
      )
      return finished
    }
    if (imported.rowCount === null) imported = await beginAnew(msp, imported, read, work)
    for (let batch = 0; imported.doneCount < read.csv.rows.length; batch += 1) {
      if (batch === BATCHES_PER_TURN) return { kind: 'again', at: work.now() }
      imported = await checkBatch(msp, imported, read.csv, work)
      await letOthersIn()
    }
    await msp.record(msp.change(customerImports, imported, { state: 'checked' }), work.stillMine())
    return finished
  },
  async parked(msp, { importId }, trouble) {
    const imported = await checking(msp, importId)
    if (imported !== undefined) await msp.record(msp.change(customerImports, imported, { trouble }))
  },
})

/** Decides the rows once more as they are, with what was put right or left out by hand; `lastRowId` says how far it has come. */
const recheck = async (msp: MspScope, before: ImportRow, work: Work): Promise<Outcome> => {
  let imported = before
  if (imported.doneCount === 0)
    await msp.record(
      msp.removeWhere(customerImportKeys, eq(customerImportKeys.importId, imported.id)),
      work.stillMine(),
    )
  for (let batch = 0; ; batch += 1) {
    const rows = await msp.list(customerImportRows, {
      where: and(gt(customerImportRows.id, imported.lastRowId ?? ''), lt(customerImportRows.id, `${imported.id}/`)),
      orderBy: [asc(customerImportRows.id)],
      limit: BATCH,
    })
    const last = rows.at(-1)
    if (last === undefined) break
    if (batch === BATCHES_PER_TURN) return { kind: 'again', at: work.now() }
    imported = await recheckBatch(msp, imported, rows, work)
    await letOthersIn()
  }
  await msp.record(msp.change(customerImports, imported, { state: 'checked', lastRowId: null }), work.stillMine())
  return finished
}

const recheckBatch = async (msp: MspScope, imported: ImportRow, rows: FileRow[], work: Work): Promise<ImportRow> => {
  const known = await msp.readAll([...lookUps(msp, imported.id, rows)])
  const decided = decideRows(imported, rows, knownFrom(imported.id, known))
  const kept = decided.slice(
    0,
    fittingCount(decided, ({ row }) => [row]),
  )
  const set = {
    ...countsAfter(
      countsOf(imported),
      kept.map(({ row }) => ({ to: row.decision })),
    ),
    doneCount: imported.doneCount + kept.length,
    lastRowId: kept.at(-1)?.row.id ?? imported.lastRowId,
    trouble: null,
  }
  await msp.record(
    msp.change(customerImports, imported, set),
    ...keepRows(msp, imported.id, kept, { anew: true }),
    work.stillMine(),
  )
  return { ...imported, ...set, version: imported.version + 1 }
}

const checking = async (msp: MspScope, importId: string): Promise<ImportRow | undefined> => {
  const row = await msp.first(customerImports, eq(customerImports.id, importId))
  return row?.state === 'checking' ? row : undefined
}

type Read = { csv: Csv; encoding: string; delimiter: string }

const csvOf = async (imported: ImportRow, { environment }: Work): Promise<Read | { trouble: string }> => {
  const object = imported.objectKey === null ? null : await environment.files.get(imported.objectKey)
  if (object === null) return { trouble: 'The file is no longer there. Upload it again.' }
  const { encoding, text } = decode(new Uint8Array(await object.arrayBuffer()))
  const delimiter = delimiters.find((known) => known === imported.delimiter) ?? delimiterOf(text)
  try {
    return { csv: readCsv(text, delimiter), encoding, delimiter }
  } catch (error) {
    if (error instanceof Unreadable) return { trouble: error.message }
    throw error
  }
}

/** What an earlier check of the same file left goes, and how much there is to do is known. */
const beginAnew = async (
  msp: MspScope,
  imported: ImportRow,
  { csv, encoding }: Read,
  work: Work,
): Promise<ImportRow> => {
  const set = { rowCount: csv.rows.length, workCount: csv.rows.length, encoding }
  await msp.record(
    msp.change(customerImports, imported, set),
    msp.removeWhere(customerImportRows, eq(customerImportRows.importId, imported.id)),
    msp.removeWhere(customerImportKeys, eq(customerImportKeys.importId, imported.id)),
    work.stillMine(),
  )
  return { ...imported, ...set, version: imported.version + 1 }
}

const checkBatch = async (msp: MspScope, imported: ImportRow, { rows }: Csv, work: Work): Promise<ImportRow> => {
  const fields = imported.columns.map(({ field }) => importFields.find((known) => known === field))
  const undecided = rows
    .slice(imported.doneCount, imported.doneCount + BATCH)
    .map(({ line, cells, fault }, position) => ({
      id: rowIdOf(imported.id, imported.doneCount + position),
      line,
      cells: cellsBy(fields, cells),
      fault,
      isSkipped: false,
    }))
  const known = await msp.readAll([...lookUps(msp, imported.id, undecided)])
  const decided = decideRows(imported, undecided, knownFrom(imported.id, known))
  const kept = decided.slice(
    0,
    fittingCount(decided, ({ row }) => [row]),
  )
  const set = {
    ...countsAfter(
      countsOf(imported),
      kept.map(({ row }) => ({ to: row.decision })),
    ),
    doneCount: imported.doneCount + kept.length,
    trouble: null,
  }
  await msp.record(
    msp.change(customerImports, imported, set),
    ...keepRows(msp, imported.id, kept, { anew: false }),
    work.stillMine(),
  )
  return { ...imported, ...set, version: imported.version + 1 }
}

const cellsBy = (fields: (keyof Cells | undefined)[], cells: string[]): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap((field, position) => {
      const text = cells[position] ?? ''
      return field === undefined || text.trim() === '' ? [] : [[field, text]]
    }),
  )
