import { dayOf } from '../days.ts'

/** What a spreadsheet may take for a formula when it stands first in a cell of a CSV file (OWASP, "CSV Injection"). */
const FORMULA = '[=+\\-@\\t\\r\\n＝＋－＠]'
const takenForFormula = new RegExp(`^'*${FORMULA}`, 'u')
const neutralised = new RegExp(`^'+${FORMULA}`, 'u')

/**
 * A text as it stands in a cell of a CSV file, where nothing says that it is a text: an apostrophe before what a
 * spreadsheet would calculate. `restore` is its inverse for every text, also for one that begins with apostrophes itself.
 */
export const neutralise = (text: string): string => (takenForFormula.test(text) ? `'${text}` : text)

export const restore = (cell: string): string => (neutralised.test(cell) ? cell.slice(1) : cell)

export type Cell = string | number | null

/** Such as "2026-11-27 08:42", on the clocks of a time zone. */
export const momentCell = (at: number | null, timeZone: string): Cell => {
  if (at === null) return null
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short', hourCycle: 'h23' }).format(at)
  return `${dayOf(at, timeZone)} ${time}`
}

/** Rows as lines of a CSV file (RFC 4180), none of whose texts a spreadsheet calculates. */
export const csvLines = (rows: Cell[][]): string => rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')

const csvCell = (cell: Cell): string => {
  if (cell === null) return ''
  const text = typeof cell === 'number' ? String(cell) : neutralise(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
