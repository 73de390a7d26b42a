import { writeXlsxStream } from 'hucre/xlsx'
import type { Cell } from './cells.ts'
import type { Table } from './table-file.ts'

/** Loaded with the first workbook: evaluating the writer costs the start of every isolate otherwise. */
export const workbookOf = ({ title, columns }: Table, rows: AsyncIterable<Cell[]>): ReadableStream<Uint8Array> =>
  writeXlsxStream(rows, {
    name: title,
    columns: columns.map(({ title: header, width }) => ({ header, width })),
    freezePane: { rows: 1 },
  })
