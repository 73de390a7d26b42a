import { writeXlsxStream } from 'hucre/xlsx'
import type { Cell } from './cells.ts'
import type { Table } from './table-file.ts'

/** Loaded with the first workbook: evaluating the writer costs the start of every isolate otherwise. */
export const workbookOf = ({ title, columns }: Table, rows: AsyncIterable<Cell[]>): ReadableStream<Uint8Array> =>
  writeXlsxStream(fitting(rows), {
    name: title,
    columns: columns.map(({ title: header, width, decimals }) => ({ header, width, ...shownWith(decimals) })),
    freezePane: { rows: 1 },
  })

/** Without decimals that are said, a number has as many as it has. */
const shownWith = (decimals: number | undefined): { numFmt?: string } =>
  decimals === undefined ? {} : { numFmt: `#,##0${decimals === 0 ? '' : `.${'0'.repeat(decimals)}`}` }

/** Excel opens no file with a longer text in a cell ("Excel specifications and limits"). */
const LENGTH_MAX = 32_767

async function* fitting(rows: AsyncIterable<Cell[]>): AsyncGenerator<Cell[], void> {
  for await (const row of rows) yield row.map(fitted)
}

const fitted = (cell: Cell): Cell =>
  typeof cell === 'string' && cell.length > LENGTH_MAX ? `${cell.slice(0, LENGTH_MAX - 1)}…` : cell
