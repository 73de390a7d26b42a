import { fillPlaceholders, sql } from 'drizzle-orm'
import type { Placeholder } from 'drizzle-orm'
import type { Statement } from '../../db/connect.ts'

/** Stands, while a plan is built, for a value that is known only when it is followed. Values go to the database as they are. */
export type Asked<Name extends string> = (name: Name) => Placeholder<Name>

/** A select as drizzle builds it. */
export type Select = PromiseLike<unknown> & { prepare(): { getQuery(): Statement; mapResult(rows: unknown): unknown } }
type Compiled = Statement & { rowsOf: (rows: unknown[][]) => unknown }

export type Answers<Selects extends readonly Select[]> = { -readonly [K in keyof Selects]: Awaited<Selects[K]> }

/** What the selects that a function describes come to. */
export type AnswersOf<Describe extends (...given: never[]) => readonly Select[]> = Answers<ReturnType<Describe>>

export type Plan<Reads, Name extends string, Selects extends readonly Select[]> = {
  /** Its statements for one kind of scope, and how their rows are read. `reads` describes for any scope of that kind. */
  boundTo: (
    kind: string,
    reads: () => Reads,
    values: Record<Name, string | number>,
  ) => { statements: Statement[]; answersOf: (rows: unknown[][][]) => Answers<Selects> }
}

/**
 * Reads that are asked with every click, in one round trip. Building and compiling them was most of the Worker's own work
 * for a request, so it happens once for each kind of scope, of which `build` sees no values: neither the owner's nor anybody's.
 */
export const plan = <Reads, Name extends string, const Selects extends readonly Select[]>(
  build: (reads: Reads, asked: Asked<Name>) => Selects,
): Plan<Reads, Name, Selects> => {
  const kinds = new Map<string, Compiled[]>()
  return {
    boundTo: (kind, reads, values) => {
      const compiled = kinds.get(kind) ?? build(reads(), (name) => sql.placeholder(name)).map(compile)
      kinds.set(kind, compiled)
      return {
        statements: compiled.map(({ sql: text, params }) => ({ sql: text, params: fillPlaceholders(params, values) })),
        answersOf: (rows) => answersIn<Selects>(compiled.map(({ rowsOf }, position) => rowsOf(rows[position] ?? []))),
      }
    },
  }
}

/** A select that is asked once, made ready to go along with a plan. */
export const ready = (select: Select): Compiled => {
  const compiled = compile(select)
  return { ...compiled, params: fillPlaceholders(compiled.params, {}) }
}

const compile = (select: Select): Compiled => {
  const prepared = select.prepare()
  const { sql: text, params } = prepared.getQuery()
  return { sql: text, params, rowsOf: (rows) => prepared.mapResult(rows) }
}

/** Each select has read its own rows, in the order of the plan. */
const answersIn = <Selects extends readonly Select[]>(answers: unknown[]) => answers as Answers<Selects>
