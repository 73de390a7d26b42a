import { and, asc, desc, eq, gt, lt, ne, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import { customerImportRows, customerImports } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import type { FileBody } from '../../http/body.ts'
import { keepFile } from '../../http/keep-file.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { decodeCursor, LIMIT_MAX, pagesFrom } from '../../http/paging.ts'
import { invalidField, missing, Problem } from '../../http/problem.ts'
import { pagesOf, tableFile } from '../../http/table-file.ts'
import { newId } from '../../tenancy/ids.ts'
import type { Answer, MspScope } from '../../tenancy/scope.ts'
import { checkImport } from './check.job.ts'
import { guessColumns, headingOf, importFields, WHY_HEADING } from './columns.ts'
import type { ImportField } from './columns.ts'
import { decode, foundInstead } from './decode.ts'
import type { ColumnChoice, ImportQuery, ImportRow, FileRow, NewImport, RowInput, RowQuery } from './imports.schema.ts'
import { knownFrom, lookUps } from './look-up.ts'
import { delimiterOf, readHead, Unreadable } from './read-csv.ts'
import { countOf, countsAfter, decideRows, fittingCount, keepRows, noCounts } from './rows.ts'
import type { DecidedRow } from './rows.ts'
import { runImport } from './run.job.ts'
import { UNDO_MS } from './undo.ts'
import { undoImport } from './undo.job.ts'

export const IMPORT_SORT = '-id'
export const ROW_SORT = 'id'
/** How long a file and its rows are kept. */
export const KEPT_MS = 30 * 24 * 3_600_000

const subjectOf = ({ id, fileName }: Pick<ImportRow, 'id' | 'fileName'>) => ({
  kind: 'customer_import',
  id,
  name: fileName,
})

/** The MSP's imports, newest first; one row more than asked for when there is another page. */
export const listImports = (msp: MspScope, { limit, cursor }: z.infer<typeof ImportQuery>): Promise<ImportRow[]> =>
  msp.list(customerImports, {
    where: and(
      ne(customerImports.state, 'discarded'),
      cursor === undefined ? undefined : lt(customerImports.id, decodeCursor(cursor, IMPORT_SORT).id),
    ),
    orderBy: [desc(customerImports.id)],
    limit: limit + 1,
  })

/** Problem `missing`, also for one that was discarded. */
export const findImport = async (msp: MspScope, importId: string): Promise<ImportRow> =>
  seen(await msp.first(customerImports, eq(customerImports.id, importId)))

const seen = (row: ImportRow | undefined): ImportRow => {
  if (row === undefined || row.state === 'discarded') throw missing('import')
  return row
}

export const createImport = async (
  msp: MspScope,
  { fileName }: z.infer<typeof NewImport>,
  answer: (row: ImportRow) => Answer,
): Promise<ImportRow> => {
  const given = {
    id: newId(now()),
    fileName,
    state: 'waiting' as const,
    createdByName: msp.actor.name,
    ...asActor(msp),
    createdAt: now(),
    expiresAt: now() + KEPT_MS,
  }
  const row: ImportRow = {
    mspId: msp.mspId,
    version: 1,
    objectKey: null,
    byteCount: null,
    encoding: null,
    delimiter: null,
    columns: [],
    rowCount: null,
    ...noCounts,
    workCount: 0,
    doneCount: 0,
    lastRowId: null,
    trouble: null,
    finishedAt: null,
    undoneAt: null,
    undoLeftCount: 0,
    undoGoneCount: 0,
    ...given,
  }
  await msp.commit(
    { action: 'customer_import.created', subject: subjectOf(row), answer: answer(row) },
    msp.add(customerImports, given),
  )
  return row
}

/** On whose behalf the work is done that is asked for here. */
const asActor = ({ actor }: MspScope) => ({
  actorKind: actor.kind === 'api_key' ? ('api_key' as const) : ('staff' as const),
  actorId: actor.id,
  actorName: actor.name,
})

/** Every object of one import lies below this, also those of uploads that broke off. */
export const filesOf = (mspId: string, importId: string): string => `${mspId}/customer-imports/${importId}/`

export const FILE_BYTES_MAX = 10 * 1024 * 1024
/** What is looked at while a file comes in: enough for its headings and some rows. */
const HEAD_BYTES = 64 * 1024

export const fileTooLarge = () =>
  new Problem('too_large', `A file may be at most ${FILE_BYTES_MAX / 1024 / 1024} MB. Split it into several files.`)

/**
 * Keeps the file of an import and guesses what its columns are. The object is stored first and the row committed after;
 * what cannot be a CSV by its bytes is not kept. Problems: `missing`; `conflict` when it has its file; `invalid` saying
 * what was found.
 */
export const receiveFile = async (
  environment: Environment,
  msp: MspScope,
  importId: string,
  file: FileBody,
): Promise<ImportRow> => {
  const before = await findImport(msp, importId)
  if (file.byteCount === 0) throw invalidField('', 'This file is empty.')
  if (before.state !== 'waiting') throw new Problem('conflict', 'This import has its file already. Begin another one.')
  const objectKey = `${filesOf(msp.mspId, importId)}${newId(now())}`
  const head = await keepFile(environment.files, objectKey, file, HEAD_BYTES)
  try {
    const set = { state: 'uploaded' as const, objectKey, byteCount: file.byteCount, ...readingOf(head, file) }
    await msp.commit(
      { action: 'customer_import.uploaded', subject: subjectOf(before) },
      msp.change(customerImports, before, set),
    )
    return { ...before, ...set, version: before.version + 1 }
  } catch (error) {
    // Refused, or another upload was faster: this file is nobody's.
    if (error instanceof Problem) await environment.files.delete(objectKey)
    throw error
  }
}

/** How a file is to be read, from its beginning. Problem `invalid`. */
const readingOf = (head: Uint8Array, { byteCount }: FileBody) => {
  const found = foundInstead(head)
  if (found !== undefined) throw invalidField('', `This is ${found}, not a CSV file. Save it as CSV and upload that.`)
  const { encoding, text } = decode(head, { cut: head.byteLength < byteCount })
  const delimiter = delimiterOf(text)
  return { encoding, delimiter, columns: columnsIn(text, delimiter) }
}

const columnsIn = (text: string, delimiter: ReturnType<typeof delimiterOf>): ImportRow['columns'] => {
  try {
    const { headings, rows } = readHead(text, delimiter)
    const guesses = guessColumns(headings)
    return headings.map((heading, position) => ({
      heading,
      kind: guesses[position]?.kind ?? 'unknown',
      field: guesses[position]?.field ?? null,
      samples: rows.flatMap(({ cells }) => cells[position]?.trim().slice(0, 120) || []).slice(0, 3),
    }))
  } catch (error) {
    if (error instanceof Unreadable) throw invalidField('', error.message)
    throw error
  }
}

/**
 * Says what each column is taken into, and has every row checked anew. Problems: `missing`, `invalid`; `conflict` when
 * there is no file yet, something is being done with it, or it has run.
 */
export const chooseColumns = async (
  msp: MspScope,
  importId: string,
  { columns: chosen }: z.infer<typeof ColumnChoice>,
): Promise<ImportRow> => {
  const before = await findImport(msp, importId)
  const isFree = ['uploaded', 'checked', 'failed'].includes(before.state) || isStuck(before, 'checking')
  if (!isFree || before.objectKey === null) throw notNow(before)
  checkChoice(before, chosen)
  const guesses = guessColumns(before.columns.map(({ heading }) => heading))
  const columns = before.columns.map(({ heading, samples }, position) => {
    const field = chosen[position] ?? null
    return {
      heading,
      samples,
      field,
      kind: field === null ? (guesses[position]?.kind === 'ours' ? 'ours' : 'unknown') : 'taken',
    }
  })
  const set = {
    state: 'checking' as const,
    columns,
    rowCount: null,
    ...noCounts,
    workCount: 0,
    doneCount: 0,
    lastRowId: null,
    trouble: null,
  }
  await msp.commit(
    { action: 'customer_import.checked', subject: subjectOf(before) },
    msp.change(customerImports, before, set),
    msp.later(
      checkImport.described({ importId }, { naturalKey: `import-check:${importId}`, subjectName: before.fileName }),
    ),
  )
  return { ...before, ...set, version: before.version + 1 }
}

/**
 * Has every row decided once more as it is, with what was put right or left out by hand: customers may have changed.
 * Problems: `missing`; `conflict` unless it is checked and not run.
 */
export const beginRecheck = async (
  msp: MspScope,
  importId: string,
  answer: (row: ImportRow) => unknown,
): Promise<ImportRow> => {
  const before = await findImport(msp, importId)
  const isAgain = isStuck(before, 'checking') && before.lastRowId !== null
  if (before.state !== 'checked' && !isAgain) throw notNow(before)
  const set = {
    state: 'checking' as const,
    ...noCounts,
    workCount: before.rowCount ?? 0,
    doneCount: 0,
    lastRowId: `${importId}.`,
    trouble: null,
  }
  const after = { ...before, ...set, version: before.version + 1 }
  await msp.commit(
    {
      action: 'customer_import.checked',
      subject: subjectOf(before),
      answer: { status: 202, body: answer(after) },
    },
    msp.change(customerImports, before, set),
    msp.later(
      checkImport.described({ importId }, { naturalKey: `import-check:${importId}`, subjectName: before.fileName }),
    ),
  )
  return after
}

const checkChoice = (row: ImportRow, chosen: (ImportField | null)[]): void => {
  if (chosen.length !== row.columns.length)
    throw invalidField('/columns', `This file has ${row.columns.length} columns; ${chosen.length} were given.`)
  const errors = chosen.flatMap((field, position) => {
    const first = chosen.indexOf(field)
    if (field === null || first === position) return []
    const heading = row.columns[first]?.heading ?? ''
    return [{ pointer: `/columns/${position}`, detail: `${headingOf[field]} is taken from “${heading}” already.` }]
  })
  if (!chosen.includes('name'))
    errors.push({ pointer: '/columns', detail: 'Choose the column that holds the customers’ names.' })
  if (errors.length > 0) throw new Problem('invalid', errors[0]?.detail ?? '', { errors })
}

/** What has given up leaves the import as it was, with the reason: it may be begun again. */
const isStuck = ({ state, trouble }: ImportRow, at: ImportRow['state']): boolean => state === at && trouble !== null

const notNow = ({ state }: ImportRow): Problem => {
  switch (state) {
    case 'waiting':
      return new Problem('conflict', 'This import has no file yet.')
    case 'uploaded':
      return new Problem('conflict', 'Say what its columns are first; then every row is checked.')
    case 'checking':
      return new Problem('conflict', 'Its rows are still being checked.')
    case 'checked':
      return new Problem('conflict', 'It has not been run yet.')
    case 'running':
      return new Problem('conflict', 'It is running already.')
    case 'done':
      return new Problem('conflict', 'It has been run already.')
    case 'undoing':
      return new Problem('conflict', 'It is being undone already.')
    case 'undone':
      return new Problem('conflict', 'It has been undone already.')
    case 'failed':
      return new Problem('conflict', 'This file could not be read.')
    case 'discarded':
      return missing('import')
  }
}

/** A page of an import's rows in the order of the file, and one more when there is another page. Problem `missing`. */
export const listRows = async (
  msp: MspScope,
  importId: string,
  { limit, cursor, decision, undoing }: z.infer<typeof RowQuery>,
): Promise<FileRow[]> => {
  const after = cursor === undefined ? `${importId}.` : decodeCursor(cursor, ROW_SORT).id
  const wanted = and(
    decision === undefined ? undefined : eq(customerImportRows.decision, decision),
    undoing === undefined ? undefined : eq(customerImportRows.undoing, undoing),
  )
  return (await importWithRows(msp, importId, rowsAfter(importId, after, wanted), limit + 1)).rows
}

/** An import and some of its rows in one round trip. Problem `missing`. */
const importWithRows = async (msp: MspScope, importId: string, wanted: SQL | undefined, limit: number) => {
  const [found, rows] = await msp.readAll([
    msp
      .select()
      .from(customerImports)
      .where(msp.mine(customerImports, eq(customerImports.id, importId))),
    msp
      .select()
      .from(customerImportRows)
      .where(msp.mine(customerImportRows, wanted))
      .orderBy(asc(customerImportRows.id))
      .limit(limit),
  ])
  return { imported: seen(found[0]), rows }
}

/** The rows of an import behind one of them, by the key or, narrowed to a decision, by its index. */
export const rowsAfter = (importId: string, afterId: string, more: SQL | undefined): SQL | undefined =>
  and(
    more === undefined ? undefined : eq(customerImportRows.importId, importId),
    gt(customerImportRows.id, afterId),
    // A page marker made up by somebody leads no further back than to the first row of this import.
    gt(customerImportRows.id, `${importId}.`),
    lt(customerImportRows.id, `${importId}/`),
    more,
  )

/** How many rows are decided anew in one commit, since another row is no longer in their way. */
const FREED_AT_ONCE = 100
/** How often a row is decided again at once because somebody put another one right at the same moment. */
const TRIES = 5

/**
 * Puts one row right, or leaves it out, and decides it anew, and with it the rows that were refused because of it.
 * Problems: `missing`, `stale`; `conflict` unless it is checked and not run.
 */
export const replaceRow = async (
  msp: MspScope,
  importId: string,
  rowId: string,
  { skip, ...given }: z.infer<typeof RowInput>,
  wanted: Expected,
): Promise<FileRow> => {
  const cells = Object.fromEntries(
    importFields.flatMap((field) =>
      given[field].trim() === '' ? [] : [[field, given[field].replaceAll('\r\n', '\n')]],
    ),
  )
  const [found, rows, freed, ...known] = await msp.readAll([
    msp
      .select()
      .from(customerImports)
      .where(msp.mine(customerImports, eq(customerImports.id, importId))),
    msp
      .select()
      .from(customerImportRows)
      .where(thisRow(msp, importId, rowId)),
    refusedBecauseOf(msp, importId, rowId),
    ...lookUps(msp, importId, [{ id: rowId, cells }]),
  ])
  const [[imported], [before]] = [found, rows]
  if (imported === undefined || before === undefined || imported.state === 'discarded') throw missing('row')
  if (imported.state !== 'checked') throw notNow(imported)
  refuseUnexpected(before, wanted)
  // Cells that were put right by hand can be trusted; the same ones again cannot.
  const isAsRead = importFields.every((field) => (cells[field] ?? '') === (before.cells[field] ?? ''))
  const fault = skip || isAsRead ? before.fault : null
  const row = { ...before, cells, fault, isSkipped: skip }
  const facts = freed.length === 0 ? known : await msp.readAll([...lookUps(msp, importId, [row, ...freed])])
  const [after, ...others] = decideAnew(imported, row, freed, facts)
  if (after === undefined) throw new Error('A row was not decided.')
  const kept = others.slice(
    0,
    fittingCount([after, ...others], ({ row: one }) => [one]),
  )
  try {
    await msp.record(
      msp.changeWhere(customerImportRows, rowId, eq(customerImportRows.version, before.version), { isSkipped: skip }),
      msp.unchanged(customerImportRows, freed.slice(0, kept.length)),
      msp.changeWhere(
        customerImports,
        importId,
        eq(customerImports.state, 'checked'),
        recount([before, ...freed], [after, ...kept]),
      ),
      ...keepRows(msp, importId, [after, ...kept], { anew: true }),
    )
  } catch (error) {
    // Whoever puts a freed row right at this moment is faster; this row is as it was, or the next attempt says not.
    if (freed.length === 0 || !(error instanceof Problem && error.code === 'stale')) throw error
    return replaceRow(msp, importId, rowId, { skip, ...given }, wanted)
  }
  const last = freed[kept.length - 1]
  if (last !== undefined && (kept.length < freed.length || freed.length === FREED_AT_ONCE))
    await freeMore(msp, imported, rowId, last.id)
  return { mspId: msp.mspId, ...after.row }
}

const thisRow = (msp: MspScope, importId: string, rowId: string): SQL | undefined =>
  msp.mine(customerImportRows, and(eq(customerImportRows.importId, importId), eq(customerImportRows.id, rowId)))

/** The rows that were refused because they say something of the same customer as this one, in the order of the file. */
const refusedBecauseOf = (msp: MspScope, importId: string, rowId: string, afterId = '') =>
  msp
    .select()
    .from(customerImportRows)
    .where(
      msp.mine(
        customerImportRows,
        and(
          eq(customerImportRows.importId, importId),
          eq(customerImportRows.decision, 'error'),
          gt(customerImportRows.id, afterId),
          sql`json_extract(${customerImportRows.faults}, '$[0].sameAsLine') = ${msp
            .select({ line: customerImportRows.line })
            .from(customerImportRows)
            .where(thisRow(msp, importId, rowId))}`,
        ),
      ),
    )
    .orderBy(asc(customerImportRows.id))
    .limit(FREED_AT_ONCE)

/** A row that says something else now, and then those it was in the way of. */
const decideAnew = (
  imported: ImportRow,
  row: FileRow,
  freed: FileRow[],
  facts: Parameters<typeof knownFrom>[1],
): DecidedRow[] => {
  const known = knownFrom(imported.id, facts)
  known.release(row.id)
  return decideRows(imported, [row, ...freed], known)
}

/** What did not fit the commit of the row that was in their way, a part at a time. */
const freeMore = async (msp: MspScope, imported: ImportRow, rowId: string, afterId: string): Promise<void> => {
  for (let [marker, tried] = [afterId, 0]; ;) {
    const [rows] = await msp.readAll([refusedBecauseOf(msp, imported.id, rowId, marker)])
    if (rows.length === 0) return
    const facts = await msp.readAll([...lookUps(msp, imported.id, rows)])
    const decided = decideRows(imported, rows, knownFrom(imported.id, facts))
    const kept = decided.slice(
      0,
      fittingCount(decided, ({ row }) => [row]),
    )
    try {
      await msp.record(
        msp.unchanged(customerImportRows, rows.slice(0, kept.length)),
        msp.changeWhere(customerImports, imported.id, eq(customerImports.state, 'checked'), recount(rows, kept)),
        ...keepRows(msp, imported.id, kept, { anew: true }),
      )
      marker = rows[kept.length - 1]?.id ?? marker
      tried = 0
    } catch (error) {
      tried += 1
      if (tried === TRIES || !(error instanceof Problem && error.code === 'stale')) throw error
    }
  }
}

/** What the counts become by rows that are decided otherwise; others may be put right at the same moment. */
const recount = (before: FileRow[], after: DecidedRow[]) => {
  const counts = countsAfter(
    noCounts,
    after.flatMap(({ row }, at) => {
      const from = before[at]?.decision
      return from === undefined ? [] : [{ from, to: row.decision }]
    }),
  )
  const changed = Object.values(countOf).filter((column) => counts[column] !== 0)
  return {
    trouble: null,
    ...Object.fromEntries(changed.map((column) => [column, sql`${customerImports[column]} + ${counts[column]}`])),
  }
}

/**
 * Writes the customers that the check has decided on. Problems: `missing`; `conflict` when it is not checked, has run,
 * has nothing to do, or another import is at work.
 */
export const beginRun = async (
  msp: MspScope,
  importId: string,
  answer: (row: ImportRow) => unknown,
): Promise<ImportRow> => {
  const before = await findImport(msp, importId)
  const isAgain = isStuck(before, 'running')
  if (before.state !== 'checked' && !isAgain) throw notNow(before)
  const workCount = before.createCount + before.updateCount
  if (!isAgain && workCount === 0)
    throw new Problem('conflict', 'There is nothing to import: no row would add or change a customer.')
  const begun = { workCount, doneCount: 0, lastRowId: null, ...asActor(msp) }
  return atWork(
    msp,
    before,
    { ...(isAgain ? {} : begun), state: 'running', trouble: null },
    'customer_import.run',
    answer,
    (row) => runImport.described({ importId }, { naturalKey: `import-run:${importId}`, subjectName: row.fileName }),
  )
}

/**
 * Takes back what an import did to customers that are unchanged since. Problems: `missing`; `conflict` when it has not
 * run, was undone, or another import is at work; `gone` after seven days.
 */
export const beginUndo = async (
  msp: MspScope,
  importId: string,
  answer: (row: ImportRow) => unknown,
): Promise<ImportRow> => {
  const before = await findImport(msp, importId)
  const isAgain = isStuck(before, 'undoing')
  if (before.state === 'undone' || (before.state === 'undoing' && !isAgain)) return before
  if (before.state !== 'done' && !isAgain) throw notNow(before)
  if (!isAgain && now() > (before.finishedAt ?? 0) + UNDO_MS)
    throw new Problem('gone', 'This import ran more than 7 days ago. It can no longer be undone.')
  const workCount = before.createCount + before.updateCount
  const begun = { workCount, doneCount: 0, lastRowId: null, ...asActor(msp) }
  return atWork(
    msp,
    before,
    { ...(isAgain ? {} : begun), state: 'undoing', trouble: null },
    'customer_import.undo',
    answer,
    (row) => undoImport.described({ importId }, { naturalKey: `import-undo:${importId}`, subjectName: row.fileName }),
  )
}

const atWork = async (
  msp: MspScope,
  before: ImportRow,
  set: Partial<ImportRow>,
  action: `${string}.${string}`,
  answer: (row: ImportRow) => unknown,
  jobOf: (row: ImportRow) => Parameters<MspScope['later']>[0],
): Promise<ImportRow> => {
  const after = { ...before, ...set, version: before.version + 1 }
  try {
    await msp.commit(
      { action, subject: subjectOf(before), answer: { status: 202, body: answer(after) } },
      msp.change(customerImports, before, set),
      msp.later(jobOf(before)),
    )
  } catch (error) {
    if (error instanceof Refused && error.kind === 'unique' && !error.columns.includes('idempotency_keys.id'))
      throw new Problem('conflict', 'Another import is at work. Try again when it has ended.')
    throw error
  }
  return after
}

/** Forgets an import that was not run. Its file and rows go with the next sweep. Problems: `missing`, `conflict`. */
export const discardImport = async (msp: MspScope, importId: string): Promise<void> => {
  const before = await findImport(msp, importId)
  if (!['waiting', 'uploaded', 'checked', 'failed'].includes(before.state) && !isStuck(before, 'checking'))
    throw before.state === 'checking'
      ? notNow(before)
      : new Problem('conflict', 'This import has been run, so it stays in the list. It can be undone.')
  await msp.commit(
    { action: 'customer_import.discarded', subject: subjectOf(before) },
    msp.change(customerImports, before, { state: 'discarded', expiresAt: now() }),
  )
}

const sampleRows: Record<ImportField, string>[] = [
  {
    customerId: '',
    name: 'Fabrikam Dental',
    email: 'office@fabrikamdental.example',
    phone: '01632 960 144',
    address: '12 Mill Lane\nAshford TN23 1AA',
    notes: 'Backup runs at night',
    psaId: '1042',
  },
  {
    customerId: '',
    name: 'Contoso Logistics',
    email: 'hello@contoso.example',
    phone: '01632 960 145',
    address: '',
    notes: '',
    psaId: '1043',
  },
]
const sampleFields = ['name', 'email', 'phone', 'address', 'notes', 'psaId'] as const

/** A file to fill in: what the columns are called, and two rows. */
export const sampleFile = (): Promise<Response> =>
  tableFile(
    'csv',
    {
      title: 'Customers',
      fileName: 'customers',
      columns: sampleFields.map((field) => ({ title: headingOf[field], width: 24 })),
    },
    sampleLines(),
  )

async function* sampleLines(): AsyncGenerator<string[][], void> {
  yield sampleRows.map((row) => sampleFields.map((field) => row[field]))
}

/** The rows that cannot be imported, under the headings they came with and with why, as a CSV. Problem `missing`. */
export const badRowsFile = async (msp: MspScope, importId: string): Promise<Response> => {
  const { imported, rows } = await importWithRows(msp, importId, wrongRows(importId, `${importId}.`), LIMIT_MAX + 1)
  const taken = imported.columns.flatMap(({ heading, field }) => {
    const known = importFields.find((one) => one === field)
    return known === undefined ? [] : [{ title: heading, field: known, width: 24 }]
  })
  const columns = [...taken, { title: 'Line', width: 8 }, { title: WHY_HEADING, width: 60 }]
  const name = imported.fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '')
  const after = ({ id }: FileRow) =>
    msp.list(customerImportRows, {
      where: wrongRows(importId, id),
      orderBy: [asc(customerImportRows.id)],
      limit: LIMIT_MAX + 1,
    })
  return tableFile(
    'csv',
    { title: 'Rows', fileName: `${name} (rows to put right)`, columns },
    pagesOf(pagesFrom(rows, after), (row) => [
      ...taken.map(({ field }) => row.cells[field] ?? ''),
      row.line,
      row.faults.map(({ column, reason }) => (column === null ? reason : `${column}: ${reason}`)).join(' '),
    ]),
  )
}

const wrongRows = (importId: string, after: string) =>
  rowsAfter(importId, after, eq(customerImportRows.decision, 'error'))
