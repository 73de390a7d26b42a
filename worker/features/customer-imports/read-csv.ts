import Papa from 'papaparse'
import { inFigures } from '../../figures.ts'
import { knownHeadingCount } from './columns.ts'
import { restore } from '../../http/cells.ts'

export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

/** More rows than this are several imports: a check of them all stays a matter of minutes. */
export const ROW_COUNT_MAX = 50_000
export const COLUMN_COUNT_MAX = 100
/** No field takes nearly as much; of a longer cell the beginning is kept to be put right. */
export const CELL_LENGTH_MAX = 20_000

/** `line` counts from 1 as an editor does, so a cell with line breaks takes several. */
export type CsvRow = { line: number; cells: string[]; fault: string | null }
export type Csv = { headings: string[]; rows: CsvRow[] }

/** The file cannot be read as a CSV at all; `detail` is for whoever sent it. */
export class Unreadable extends Error {
  constructor(detail: string) {
    super(detail)
    this.name = 'Unreadable'
  }
}

/** Excel's own first line, which says what stands between cells (`sep=;`) and is no row. */
const NAMING_LINE = /^"?sep=([^\n"])"?[^\n]?(?:\n|$)/i

const parse = (text: string, delimiter: Delimiter, preview: number) =>
  Papa.parse<string[]>(text, { delimiter, newline: '\n', preview, header: false, skipEmptyLines: false })

/**
 * What stands between the cells of a text: whatever yields the most headings that are known, then the most rows of
 * the same width, then the most columns. What stands inside quotation marks does not count.
 */
export const delimiterOf = (text: string): Delimiter => {
  const named = delimiters.find((delimiter) => delimiter === NAMING_LINE.exec(text)?.[1])
  if (named !== undefined) return named
  const scored = delimiters.map((delimiter) => {
    const rows = parse(text, delimiter, 12).data.filter((cells) => cells.some((cell) => cell.trim() !== ''))
    const width = rows[0]?.length ?? 1
    const alike = width === 1 ? 0 : rows.filter((cells) => cells.length === width).length
    return { delimiter, score: [knownHeadingCount(rows[0] ?? []), alike, width] }
  })
  const [best] = scored.toSorted((one, other) => compare(other.score, one.score))
  return best?.delimiter ?? ','
}

const compare = (one: number[], other: number[]): number => {
  const place = one.findIndex((value, position) => value !== other[position])
  return place < 0 ? 0 : (one[place] ?? 0) - (other[place] ?? 0)
}

/** The headings of the beginning of a file and what stands below them first. Throws Unreadable. */
export const readHead = (text: string, delimiter: Delimiter): Csv => {
  const { headings, rows } = table(parse(text, delimiter, 8))
  // The last row may be cut off with the beginning; it is only an example.
  return { headings, rows: rows.slice(0, 5) }
}

/** Every row of a file below its headings, rows without anything in them left out. Throws Unreadable. */
export const readCsv = (text: string, delimiter: Delimiter): Csv => {
  const parsed = parse(text, delimiter, ROW_COUNT_MAX * 2)
  const open = parsed.errors.find(({ code }) => code === 'MissingQuotes')
  if (open !== undefined) {
    const line = lineNumbers(parsed.data)[open.row ?? 0] ?? 1
    // Where one stands in the middle of a cell, the reading went astray there: what opened was closed.
    const isAstray = parsed.errors.some(({ code, row }) => code === 'InvalidQuotes' && row === open.row)
    throw new Unreadable(
      isAstray
        ? `In line ${line} a quotation mark stands in the middle of a cell, so everything behind it would be read as one cell. Write it twice, or leave it out, and upload the file again.`
        : `The quotation mark that opens in line ${line} is never closed. Put it right and upload the file again.`,
    )
  }
  const csv = table(parsed)
  if (csv.rows.length > ROW_COUNT_MAX)
    throw new Unreadable(`This file has more than ${inFigures(ROW_COUNT_MAX)} rows. Split it into several files.`)
  return csv
}

const table = ({ data, errors }: Papa.ParseResult<string[]>): Csv => {
  const lines = lineNumbers(data)
  const faulty = new Set(errors.filter(({ code }) => code === 'InvalidQuotes').map(({ row }) => row))
  const filled = data.flatMap((cells, position) =>
    cells.every((cell) => cell.trim() === '')
      ? []
      : [
          {
            cells,
            line: lines[position] ?? 0,
            lastLine: lastLineOf(cells, lines[position] ?? 0),
            isFaulty: faulty.has(position),
          },
        ],
  )
  if (NAMING_LINE.test(filled[0]?.cells.join(';') ?? '') && filled[0]?.line === 1) filled.shift()
  const [first, ...rows] = filled
  if (first === undefined) throw new Unreadable('This file is empty.')
  const headings = first.cells.map((heading) => heading.trim().slice(0, 200))
  while (headings.length > 1 && headings.at(-1) === '') headings.pop()
  if (headings.length > COLUMN_COUNT_MAX)
    throw new Unreadable(`This file has ${headings.length} columns. At most ${COLUMN_COUNT_MAX} are taken.`)
  return {
    headings,
    rows: rows.map((row) => ({ line: row.line, cells: row.cells.map(restored), fault: faultOf(row, headings) })),
  }
}

type Read = { cells: string[]; line: number; lastLine: number; isFaulty: boolean }

const faultOf = ({ cells, line, lastLine, isFaulty }: Read, headings: string[]): string | null => {
  if (isFaulty && lastLine > line)
    return `A quotation mark stands in the middle of a cell, so lines ${line} to ${lastLine} were read as this one row. Put it right in the file and upload that, or the other rows are lost.`
  if (isFaulty) return 'A quotation mark stands in the middle of a cell. Write it twice, or leave it out.'
  const beyond = cells.slice(headings.length).some((cell) => cell.trim() !== '')
  return beyond
    ? 'This row has more cells than there are columns: a cell may hold the sign that stands between cells.'
    : null
}

/** The line each row begins in. */
const lineNumbers = (rows: string[][]): number[] => {
  let line = 1
  return rows.map((cells) => {
    const begins = line
    line = lastLineOf(cells, line) + 1
    return begins
  })
}

const lastLineOf = (cells: string[], line: number): number => line + cells.join('').split('\n').length - 1

/** A cell that an export kept from being a formula by an apostrophe, as it was; cut where it is longer than any may be. */
export const restored = (cell: string): string => restore(cell).slice(0, CELL_LENGTH_MAX)
