import type { Statement } from '../../db/connect.ts'
import { ownershipOf, readableBelow } from './ownership.ts'
import type { Ownership } from './ownership.ts'

/** On whose behalf a statement runs. Each level below narrows what it may touch. */
export type Owner = { mspId: string; customerId?: string; tenantId?: string }

/**
 * Refuses a statement in which any owned table is not bound to its owner: each table of a join, each side of a union,
 * each nested select. Runs before every statement, in production too; what a text binds is worked out once and kept.
 */
export const checkStatement = (statement: Statement, owner: Owner): void => {
  for (const use of usesIn(statement.sql)) {
    const ownership = ownershipOf.get(use.table)
    if (ownership === undefined) continue
    require(statement, use, 'msp_id', owner.mspId)
    if (owner.customerId === undefined) continue
    if (readableBelow.has(use.table) && !use.writes) continue
    requireBelow(statement, use, ownership, owner)
  }
}

/** A breach of the fences is our bug: it never reaches a caller as anything but a bare 500. */
export class FenceBreach extends Error {
  constructor(message: string, sql: string) {
    super(`${message}\n  in: ${sql}`)
    this.name = 'FenceBreach'
  }
}

const requireBelow = (statement: Statement, use: Use, ownership: Ownership, owner: Owner): void => {
  if (owner.tenantId !== undefined && ownership.level === 'tenant') {
    require(statement, use, 'tenant_id', owner.tenantId)
    return
  }
  if (ownership.level === 'tenant') {
    // A tenant's rows carry no customer: they hang on the customer through its tenants, which are checked themselves.
    if (use.boundThrough.has('tenant_id')) return
    throw new FenceBreach(`"${use.table}" is not reached through this customer's tenants.`, statement.sql)
  }
  if (ownership.level === 'customer' || ownership.mayNameCustomer) {
    require(statement, use, 'customer_id', owner.customerId ?? '')
    return
  }
  if (use.table === 'customers') {
    require(statement, use, 'id', owner.customerId ?? '')
    return
  }
  throw new FenceBreach(`"${use.table}" belongs to the MSP and is not for a customer's scope.`, statement.sql)
}

const require = (statement: Statement, use: Use, column: string, wanted: string): void => {
  const positions = use.bound.get(column)
  if (positions === undefined || positions.length === 0) {
    throw new FenceBreach(`"${use.table}" is not bound to its ${column}.`, statement.sql)
  }
  for (const position of positions) {
    if (statement.params[position] !== wanted) {
      throw new FenceBreach(`"${use.table}" is bound to another ${column}.`, statement.sql)
    }
  }
}

/** One appearance of an owned table in a statement, and which of its columns are bound to which parameters. */
type Use = {
  table: string
  alias: string
  writes: boolean
  bound: Map<string, number[]>
  /** Columns bound by `in (select id from …)` over a table that is checked itself. */
  boundThrough: Set<string>
}

const kept = new Map<string, readonly Use[]>()
const KEPT_MAX = 2000

const usesIn = (sql: string): readonly Use[] => {
  const known = kept.get(sql)
  if (known !== undefined) return known
  const uses = readStatement(sql)
  if (kept.size >= KEPT_MAX) kept.clear()
  kept.set(sql, uses)
  return uses
}

type Token =
  | { kind: 'name'; text: string; quoted: boolean }
  | { kind: 'parameter'; position: number }
  | { kind: 'group'; inside: Token[] }
  | { kind: 'other'; text: string }

const readStatement = (sql: string): readonly Use[] => {
  const tokens = grouped(sql)
  const uses: Use[] = []
  readLevel(tokens, uses, [])
  const named = countOwnedNames(tokens)
  if (named !== uses.length) {
    throw new FenceBreach(
      `An owned table appears where this check cannot see who it is bound to (${named} named, ${uses.length} understood).`,
      sql,
    )
  }
  return uses
}

const TOKEN =
  /\s+|--[^\n]*|'(?:[^']|'')*'|"((?:[^"]|"")*)"|`([^`]*)`|([A-Za-z_][A-Za-z0-9_]*)|(\?)|([0-9.]+)|(<>|<=|>=|!=|==|\|\||->>|->|.)/gsu

const grouped = (sql: string): Token[] => {
  const stack: Token[][] = [[]]
  let parameterCount = 0
  for (const match of sql.matchAll(TOKEN)) {
    const [whole, doubleQuoted, backQuoted, word, parameter] = match
    const level = stack.at(-1)
    if (level === undefined) throw new FenceBreach('Parentheses do not match.', sql)
    if (/^(\s|--)/.test(whole)) continue
    const quoted = doubleQuoted ?? backQuoted
    if (quoted !== undefined) level.push({ kind: 'name', text: quoted, quoted: true })
    else if (word !== undefined) level.push({ kind: 'name', text: word.toLowerCase(), quoted: false })
    else if (parameter !== undefined) level.push({ kind: 'parameter', position: parameterCount++ })
    else if (whole === '(') {
      const inside: Token[] = []
      level.push({ kind: 'group', inside })
      stack.push(inside)
    } else if (whole === ')') stack.pop()
    else level.push({ kind: 'other', text: whole })
  }
  if (stack.length !== 1) throw new FenceBreach('Parentheses do not match.', sql)
  return stack[0] ?? []
}

const isWord = (token: Token | undefined, ...words: string[]): boolean =>
  token?.kind === 'name' && !token.quoted && words.includes(token.text)

const isOther = (token: Token | undefined, text: string): boolean => token?.kind === 'other' && token.text === text

/** Table names that stand as a table: not before a dot (`"t"."c"`) and not after one. */
const countOwnedNames = (tokens: Token[]): number => {
  let count = 0
  tokens.forEach((token, position) => {
    if (token.kind === 'group') count += countOwnedNames(token.inside)
    if (token.kind !== 'name' || !ownershipOf.has(token.text)) return
    if (isOther(tokens[position + 1], '.') || isOther(tokens[position - 1], '.')) return
    if (isWord(tokens[position - 1], 'as')) return
    count += 1
  })
  return count
}

/** Reads one level of parentheses: the statement itself, or a select inside one. `outer` are the uses around it. */
const readLevel = (tokens: Token[], uses: Use[], outer: Use[]): void => {
  const parts = splitAt(tokens, (token) => isWord(token, 'union', 'except', 'intersect'))
  for (const part of parts) {
    const first = part.find((token) => !isWord(token, 'all'))
    if (isWord(first, 'select', 'with')) readSelect(part, uses, outer)
    else if (isWord(first, 'insert', 'replace')) readInsert(part, uses, outer)
    else if (isWord(first, 'update')) readUpdate(part, uses, outer)
    else if (isWord(first, 'delete')) readDelete(part, uses, outer)
    else readNested(part, uses, outer)
  }
}

/** Selects that stand inside an expression. */
const readNested = (tokens: Token[], uses: Use[], outer: Use[]): void => {
  for (const token of tokens) if (token.kind === 'group') readLevel(token.inside, uses, outer)
}

const CLAUSES = [
  'where',
  'group',
  'having',
  'order',
  'limit',
  'returning',
  'window',
  'on',
  'join',
  'left',
  'inner',
  'cross',
  'set',
  'from',
  'using',
]

const readSelect = (tokens: Token[], uses: Use[], outer: Use[]): void => {
  const from = tokens.findIndex((token) => isWord(token, 'from'))
  const mine: Use[] = []
  const conditions: Condition[] = []
  if (from >= 0) readTables(tokens.slice(from + 1), mine, conditions)
  bind(mine, conditions, outer)
  uses.push(...mine)
  readNested(tokens, uses, [...outer, ...mine])
}

/** What must hold, and for which table it says so: a left join's ON restricts only the table it brings. */
type Condition = { tokens: Token[]; reach: 'all' | 'none' | Use }

/** Reads `t as a left join u as b on … where …`. */
const readTables = (tokens: Token[], mine: Use[], conditions: Condition[]): void => {
  let position = 0
  let expecting = true
  let brought: Use | undefined
  while (position < tokens.length) {
    const token = tokens[position]
    if (isWord(token, 'group', 'having', 'order', 'limit', 'returning', 'window')) return
    if (isWord(token, 'where', 'on')) {
      const end = clauseEnd(tokens, position + 1)
      const inside = tokens.slice(position + 1, end)
      conditions.push({ tokens: inside, reach: isWord(token, 'on') ? (brought ?? 'none') : 'all' })
      position = end
      continue
    }
    if (isWord(token, 'join') || isOther(token, ',')) {
      expecting = true
      brought = undefined
    } else if (expecting && token?.kind === 'name' && !isWord(token, 'left', 'inner', 'cross', 'outer')) {
      const use = useAt(tokens, position, false)
      if (ownershipOf.has(token.text)) {
        mine.push(use)
        brought = use
      }
      expecting = false
      if (isWord(tokens[position + 1], 'as')) position += 2
    } else if (token?.kind === 'group') expecting = false
    position += 1
  }
}

const clauseEnd = (tokens: Token[], from: number): number => {
  const end = tokens.findIndex((token, position) => position >= from && isWord(token, ...CLAUSES))
  return end < 0 ? tokens.length : end
}

const useAt = (tokens: Token[], position: number, writes: boolean): Use => {
  const token = tokens[position]
  const table = token?.kind === 'name' ? token.text : ''
  let next = tokens[position + 1]
  if (isWord(next, 'as')) next = tokens[position + 2]
  const alias = next?.kind === 'name' && (next.quoted || !CLAUSES.includes(next.text)) ? next.text : table
  return { table, alias, writes, bound: new Map(), boundThrough: new Set() }
}

const readUpdate = (tokens: Token[], uses: Use[], outer: Use[]): void => {
  const at = tokens.findIndex((token, position) => position > 0 && token.kind === 'name' && token.quoted)
  writeWith(tokens, at, uses, outer)
}

const readDelete = (tokens: Token[], uses: Use[], outer: Use[]): void => {
  writeWith(tokens, tokens.findIndex((token) => isWord(token, 'from')) + 1, uses, outer)
}

const writeWith = (tokens: Token[], at: number, uses: Use[], outer: Use[]): void => {
  const use = useAt(tokens, at, true)
  const mine = ownershipOf.has(use.table) ? [use] : []
  const where = tokens.findIndex((token) => isWord(token, 'where'))
  if (where >= 0) bind(mine, [{ tokens: tokens.slice(where + 1, clauseEnd(tokens, where + 1)), reach: 'all' }], outer)
  uses.push(...mine)
  readNested(tokens, uses, [...outer, ...mine])
}

/** An insert is bound by what stands in its owner columns: parameters in every row, or in the select it takes. */
const readInsert = (tokens: Token[], uses: Use[], outer: Use[]): void => {
  const at = tokens.findIndex((token) => isWord(token, 'into')) + 1
  const use = useAt(tokens, at, true)
  const columns = tokens[at + 1]
  if (columns?.kind === 'group' && ownershipOf.has(use.table)) {
    const names = splitAt(columns.inside, (token) => isOther(token, ',')).map(([name]) =>
      name?.kind === 'name' ? name.text : '',
    )
    const rows = insertedRows(tokens.slice(at + 2))
    names.forEach((name, place) => {
      const cells = rows.map((row) => row[place])
      const positions = cells.map((cell) =>
        cell?.length === 1 && cell[0]?.kind === 'parameter' ? cell[0].position : undefined,
      )
      if (positions.length > 0 && positions.every((position) => position !== undefined)) use.bound.set(name, positions)
    })
    uses.push(use)
  }
  const select = tokens.findIndex((token, position) => position > at && isWord(token, 'select'))
  const conflict = tokens.findIndex((token, position) => position > at && isWord(token, 'conflict'))
  if (select >= 0) readSelect(tokens.slice(select, conflict < 0 ? undefined : conflict - 1), uses, outer)
  else readNested(tokens.slice(at + 2), uses, [...outer, use])
}

const insertedRows = (tokens: Token[]): Token[][][] => {
  const select = tokens.findIndex((token) => isWord(token, 'select'))
  if (select >= 0) {
    const from = tokens.findIndex((token) => isWord(token, 'from'))
    return [splitAt(tokens.slice(select + 1, from < 0 ? undefined : from), (token) => isOther(token, ','))]
  }
  const rows: Token[][][] = []
  for (const token of tokens.slice(tokens.findIndex((candidate) => isWord(candidate, 'values')) + 1)) {
    if (token.kind === 'group') rows.push(splitAt(token.inside, (inner) => isOther(inner, ',')))
    else if (!isOther(token, ',')) break
  }
  return rows
}

/** Finds `alias.column = ?` and `alias.column in (select …)` among the conditions that must all hold. */
const bind = (mine: Use[], conditions: Condition[], outer: Use[]): void => {
  const links: { to: Use; toColumn: string; from: Use; fromColumn: string }[] = []
  for (const { tokens, reach } of conditions) {
    const reaches = (use: Use) => mine.includes(use) && (reach === 'all' || reach === use)
    for (const condition of allOf(tokens)) {
      const left = columnAt(condition, 0, mine, outer)
      if (left === undefined) continue
      const [operator, operand, ...more] = condition.slice(left.length)
      if (isOther(operator, '=') && operand?.kind === 'parameter' && more.length === 0) {
        if (reaches(left.use)) push(left.use.bound, left.column, operand.position)
      } else if (isWord(operator, 'in') && operand?.kind === 'group' && more.length === 0) {
        if (reaches(left.use) && selectsTenantIds(operand.inside)) left.use.boundThrough.add(left.column)
      } else if (isOther(operator, '=')) {
        const right = columnAt(condition, left.length + 1, mine, outer)
        if (right === undefined || left.length + 1 + right.length !== condition.length) continue
        const sides = [left, right] as const
        for (const [to, from] of [sides, [right, left] as const]) {
          if (reaches(to.use)) links.push({ to: to.use, toColumn: to.column, from: from.use, fromColumn: from.column })
        }
      }
    }
  }
  // An equality carries a binding over; as many passes as there are equalities reach every chain of them.
  for (let pass = 0; pass < links.length; pass += 1) {
    for (const { to, toColumn, from, fromColumn } of links) {
      const positions = from.bound.get(fromColumn)
      if (positions !== undefined && !to.bound.has(toColumn)) to.bound.set(toColumn, positions)
      if (from.boundThrough.has(fromColumn)) to.boundThrough.add(toColumn)
      if (from.table === 'tenants' && fromColumn === 'id' && toColumn === 'tenant_id') to.boundThrough.add('tenant_id')
    }
  }
}

const selectsTenantIds = (tokens: Token[]): boolean => {
  const from = tokens.findIndex((token) => isWord(token, 'from'))
  const table = tokens[from + 1]
  const selected = tokens.slice(1, from)
  const column = selected.at(-1)
  return (
    table?.kind === 'name' &&
    table.text === 'tenants' &&
    isWord(tokens[0], 'select') &&
    !tokens.some((token) => isWord(token, 'union', 'join')) &&
    !selected.some((token) => isOther(token, ',')) &&
    column?.kind === 'name' &&
    column.text === 'id'
  )
}

const push = (bound: Map<string, number[]>, column: string, position: number): void => {
  bound.set(column, [...(bound.get(column) ?? []), position])
}

const columnAt = (
  tokens: Token[],
  at: number,
  mine: Use[],
  outer: Use[],
): { use: Use; column: string; length: number } | undefined => {
  const [first, dot, second] = [tokens[at], tokens[at + 1], tokens[at + 2]]
  if (first?.kind !== 'name') return undefined
  if (isOther(dot, '.') && second?.kind === 'name') {
    const use = mine.find(({ alias }) => alias === first.text) ?? outer.findLast(({ alias }) => alias === first.text)
    return use === undefined ? undefined : { use, column: second.text, length: 3 }
  }
  const [only, another] = mine
  return only === undefined || another !== undefined ? undefined : { use: only, column: first.text, length: 1 }
}

/** The conditions that must all hold; anything below an `or` or a `not` binds nothing. */
const allOf = (tokens: Token[]): Token[][] => {
  if (tokens.some((token) => isWord(token, 'or', 'between'))) return []
  return splitAt(tokens, (token) => isWord(token, 'and')).flatMap((part) => {
    const [only, another] = part
    return only?.kind === 'group' && another === undefined ? allOf(only.inside) : [part]
  })
}

const splitAt = (tokens: Token[], isBorder: (token: Token) => boolean): Token[][] => {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (isBorder(token)) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}
