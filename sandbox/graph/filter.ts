import { GraphError } from './graph-error.ts'

type Row = Record<string, unknown>

/** Reads the small part of OData's `$filter` that is in use: comparisons joined by `and`. */
export function parseFilter(filter: string | undefined): (row: Row) => boolean {
  if (filter === undefined || filter.trim() === '') return () => true
  const tests = filter.split(/ and /i).map((part) => comparison(part.trim()))
  return (row) => tests.every((test) => test(row))
}

function comparison(text: string): (row: Row) => boolean {
  const match = /^(\w+) (eq|ne|ge|le|gt|lt) (?:'([^']*)'|(\S+))$/.exec(text)
  if (match === null) throw new GraphError(400, 'BadRequest', `Invalid filter clause: ${text}`)
  const [, property = '', operator = '', quoted, bare] = match
  const wanted = (quoted ?? bare ?? '').toLowerCase()
  return (row) => {
    const value = row[property] ?? null
    const actual = (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase()
    switch (operator) {
      case 'eq':
        return actual === wanted
      case 'ne':
        return actual !== wanted
      case 'ge':
        return actual >= wanted
      case 'le':
        return actual <= wanted
      case 'gt':
        return actual > wanted
      default:
        return actual < wanted
    }
  }
}
