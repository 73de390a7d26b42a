import { csvLines } from './cells.ts'
import type { Cell } from './cells.ts'
import { contentDisposition } from './download.ts'

export const tableFormats = ['csv', 'xlsx'] as const
export type TableFormat = (typeof tableFormats)[number]

export type Table = {
  /** What the sheet is called: at most 31 characters, none of them `: \ / ? * [ ]`. */
  title: string
  /** What the file is called, without the ending that says its format. */
  fileName: string
  /** `width` is in characters; `decimals` is how many of them a workbook shows of each number. */
  columns: { title: string; width: number; decimals?: number }[]
}

const kinds: Record<TableFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** What a route says of an answer with such a file. */
export const tableAnswer = {
  description: 'The file, in the format that was asked for',
  headers: {
    'Content-Disposition': {
      schema: { type: 'string' as const },
      required: true,
      description: 'The name to save it under',
    },
  },
  content: Object.fromEntries(
    Object.values(kinds).map((kind) => [
      kind.split(';')[0] ?? kind,
      { schema: { type: 'string' as const, format: 'binary' } },
    ]),
  ),
}

/**
 * A table as a file, written while it is read: the next page of rows is asked for when the one before has been taken. When
 * reading fails, the answer breaks off; when its reader goes away, no further page is read.
 */
export const tableFile = async (
  format: TableFormat,
  table: Table,
  pages: AsyncGenerator<Cell[][], void>,
): Promise<Response> =>
  new Response(format === 'csv' ? csvOf(table, pages) : await xlsxOf(table, pages), {
    headers: {
      'content-type': kinds[format],
      'content-disposition': contentDisposition('attachment', `${table.fileName}.${format}`),
      'cache-control': 'no-store',
    },
  })

/** In UTF-8, with the mark that Excel needs to see it. */
const csvOf = ({ columns }: Table, pages: AsyncGenerator<Cell[][], void>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  const linesOf = (rows: Cell[][]) => encoder.encode(csvLines(rows))
  let begun = false
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!begun) {
          begun = true
          controller.enqueue(encoder.encode('\ufeff'))
          controller.enqueue(linesOf([columns.map(({ title }) => title)]))
          return
        }
        let page = await pages.next()
        while (page.done !== true && page.value.length === 0) page = await pages.next()
        if (page.done === true) controller.close()
        else controller.enqueue(linesOf(page.value))
      },
      async cancel() {
        await pages.return()
      },
    },
    { highWaterMark: 0 },
  )
}

const xlsxOf = async (table: Table, pages: AsyncGenerator<Cell[][], void>): Promise<ReadableStream<Uint8Array>> => {
  const { workbookOf } = await import('./workbook.ts')
  return workbookOf(table, rowsIn(pages))
}

async function* rowsIn(pages: AsyncGenerator<Cell[][], void>): AsyncGenerator<Cell[], void> {
  for await (const page of pages) yield* page
}

/** Pages of rows as pages of cells. */
export async function* pagesOf<Row>(
  pages: AsyncGenerator<Row[], void>,
  cellsOf: (row: Row) => Cell[],
): AsyncGenerator<Cell[][], void> {
  for await (const page of pages) yield page.map(cellsOf)
}

/** A name as a part of a file's name: its letters and digits, joined by hyphens. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu)
    ?.join('-') ?? 'export'
