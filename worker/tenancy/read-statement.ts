import { ownershipOf } from './ownership.ts'

/** A breach of the fences is our bug: it never reaches a caller as anything but a bare 500. */
export class FenceBreach extends Error {
  constructor(message: string, sql: string) {
    super(`${message}\n  in: ${sql}`)
    this.name = 'FenceBreach'
  }
}

/** One appearance of a table in a statement, and which of its columns are bound to which parameters. */
export type Use = {
  table: string
  alias: string
  writes: boolean
  /** Column → positions of the parameters it must equal at once; of an insert, its parameters in each row. */
  bound: Map<string, number[]>
  inserts: boolean
  /** An update that gives rows to another customer: where the one stands who gets them. */
  movesTo?: number
  /** Columns bound by `in (select id from tenants …)`, or by an equality with a tenant's id; those are checked themselves. */
  boundThrough: Set<string>
  /** For an insert that overwrites: the columns by which it finds the row that is there already. */
  overwritesBy?: string[]
}

/**
 * Every appearance of a table in a statement, with what binds it. Knows the shapes our statements have and refuses
 * all others with FenceBreach, so that nothing is let through because it was not understood.
 */
export const readStatement = (sql: string): readonly Use[] => {
  const reading: Reading = {
    uses: [],
    read: new Set(),
    refuse: (message) => {
      throw new FenceBreach(message, sql)
    },
  }
  const tokens = grouped(sql, reading)
  const [first] = tokens
  if (isWord(first, 'select')) readQuery(tokens, reading, [])
  else if (isWord(first, 'insert')) readInsert(tokens, reading)
  else if (isWord(first, 'update')) readUpdate(tokens, reading)
  else if (isWord(first, 'delete')) readDelete(tokens, reading)
  else reading.refuse('Only select, insert, update and delete are read by this check.')
  refuseUnreadTables(tokens, reading)
  return reading.uses
}

/** `read` are the tokens whose part is known: names of tables and aliases, and selects that stand in FROM. */
type Reading = { uses: Use[]; read: Set<Token>; refuse: (message: string) => never }

type Token =
  | { kind: 'name'; text: string; quoted: boolean }
  | { kind: 'parameter'; position: number }
  | { kind: 'literal' }
  | { kind: 'group'; inside: Token[] }
  | { kind: 'sign'; text: string }

// Backticks, brackets, numbered and named parameters, semicolons, and outside quotes anything beyond ASCII match nothing.
const TOKEN =
  /([ \t\r\n]+)|('(?:[^'\0]|'')*')|"([^"\0]+)"|([A-Za-z_][A-Za-z0-9_]*)|(\?(?!\d))|(\d[\d.]*)|(<>|<=|>=|!=|==|\|\||->>|->|--|\/\*|[=<>+\-*/%&|~.,()])/y

/** Words that bring in tables, or change what a condition reaches, in ways this check does not follow. */
const UNFOLLOWED = ['with', 'right', 'full', 'natural', 'using', 'window'] as const

const grouped = (sql: string, { refuse }: Reading): Token[] => {
  const stack: Token[][] = [[]]
  let parameterCount = 0
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < sql.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(sql)
    if (match === null) return refuse(`This cannot be read from character ${at} on.`)
    const [, space, text, quoted, word, parameter, number, sign] = match
    const level = stack.at(-1)
    if (level === undefined) return refuse('Parentheses do not match.')
    if (space !== undefined) continue
    if (text !== undefined || number !== undefined) level.push({ kind: 'literal' })
    else if (quoted !== undefined) level.push({ kind: 'name', text: quoted.toLowerCase(), quoted: true })
    else if (word !== undefined) level.push({ kind: 'name', text: word.toLowerCase(), quoted: false })
    else if (parameter !== undefined) level.push({ kind: 'parameter', position: parameterCount++ })
    else if (sign === '(') {
      const inside: Token[] = []
      level.push({ kind: 'group', inside })
      stack.push(inside)
    } else if (sign === ')') stack.pop()
    else if (sign === '--' || sign === '/*') return refuse('A comment may hide what a statement does.')
    else level.push({ kind: 'sign', text: sign ?? '' })
    if (isWord(level.at(-1), ...UNFOLLOWED)) return refuse(`This check does not follow "${word}".`)
  }
  const [whole, open] = stack
  return whole === undefined || open !== undefined ? refuse('Parentheses do not match.') : whole
}

/** A select, or several put together. `outer` are the tables of the selects around it, which it may refer to. */
const readQuery = (tokens: Token[], reading: Reading, outer: Use[]): void => {
  for (const part of splitAt(tokens, (token) => isWord(token, 'union', 'except', 'intersect'))) {
    const select = isWord(part[0], 'all') ? part.slice(1) : part
    if (!isWord(select[0], 'select')) reading.refuse('Every side of a union must be a select.')
    readSelect(select, reading, outer)
  }
}

const readSelect = (tokens: Token[], reading: Reading, outer: Use[]): void => {
  const from = tokens.findIndex((token) => isWord(token, 'from'))
  const { sources, conditions } =
    from < 0 ? { sources: [], conditions: [] } : readSources(tokens.slice(from + 1), reading, outer)
  bind(sources, conditions, outer)
  reading.uses.push(...sources.filter(({ table }) => table !== ''))
  readNested(tokens, reading, [...outer, ...sources])
}

/** Selects that stand inside expressions. */
const readNested = (tokens: Token[], reading: Reading, outer: Use[]): void => {
  tokens.forEach((token, position) => {
    // SQLite takes the name of a table after `in`.
    if (isWord(token, 'in') && tokens[position + 1]?.kind !== 'group')
      reading.refuse('"in" must be followed by a list.')
    if (token.kind !== 'group' || reading.read.has(token)) return
    if (isWord(token.inside[0], 'select')) readQuery(token.inside, reading, outer)
    else readNested(token.inside, reading, outer)
  })
}

/** What must hold, and for which table it says so: a join's ON restricts only the table it brings. */
type Condition = { tokens: Token[]; reach: 'all' | Use }

const AFTER_WHERE = ['group', 'having', 'order', 'limit'] as const
const AFTER_ON = ['join', 'left', 'inner', 'cross', 'where', ...AFTER_WHERE] as const
const AFTER_SOURCE = new Set<string>(['on', ...AFTER_ON])

/** Reads `t as a left join u as b on … where …`. */
const readSources = (tokens: Token[], reading: Reading, outer: Use[]): { sources: Use[]; conditions: Condition[] } => {
  const sources: Use[] = []
  const conditions: Condition[] = []
  let at: number | undefined = 0
  let next = 0
  while (at !== undefined) {
    const source = readSource(tokens, at, reading, outer)
    if (sources.some(({ alias }) => alias === source.use.alias)) reading.refuse('Two tables go by one name.')
    sources.push(source.use)
    next = source.next
    if (isWord(tokens[next], 'on')) {
      const end = endOf(tokens, next + 1, (token) => isSign(token, ',') || isWord(token, ...AFTER_ON))
      conditions.push({ tokens: tokens.slice(next + 1, end), reach: source.use })
      next = end
    }
    at = afterJoin(tokens, next)
  }
  if (isWord(tokens[next], 'where')) {
    const end = endOf(tokens, next + 1, (token) => isWord(token, ...AFTER_WHERE))
    conditions.push({ tokens: tokens.slice(next + 1, end), reach: 'all' })
    next = end
  }
  if (next < tokens.length && !isWord(tokens[next], ...AFTER_WHERE)) reading.refuse('This FROM cannot be read.')
  return { sources, conditions }
}

/** A table, a select in parentheses or `json_each(…)`, and the name it goes by. The latter two have no `table`. */
const readSource = (tokens: Token[], at: number, reading: Reading, outer: Use[]): { use: Use; next: number } => {
  const token = tokens[at]
  let next = at + 1
  let table = ''
  if (token?.kind === 'group' && isWord(token.inside[0], 'select')) {
    reading.read.add(token)
    readQuery(token.inside, reading, outer)
  } else if (isWord(token, 'json_each') && tokens[next]?.kind === 'group') next += 1
  else table = tableAt(tokens, at, reading)
  const marked = isWord(tokens[next], 'as')
  const named = tokens[marked ? next + 1 : next]
  if (named?.kind !== 'name' || (!named.quoted && AFTER_SOURCE.has(named.text))) {
    if (marked) reading.refuse('A name must follow "as".')
    return { use: newUse(table, table === '' ? 'json_each' : table, false), next }
  }
  reading.read.add(named)
  return { use: newUse(table, named.text, false), next: next + (marked ? 2 : 1) }
}

const newUse = (table: string, alias: string, writes: boolean): Use => ({
  table,
  alias,
  writes,
  inserts: false,
  bound: new Map(),
  boundThrough: new Set(),
})

const tableAt = (tokens: Token[], at: number, reading: Reading): string => {
  const token = tokens[at]
  if (token?.kind !== 'name' || !ownershipOf.has(token.text)) return reading.refuse('This is no table of a shard.')
  reading.read.add(token)
  return token.text
}

/** Where the next table stands, when another one is joined here. */
const afterJoin = (tokens: Token[], at: number): number | undefined => {
  if (isSign(tokens[at], ',')) return at + 1
  let join = at
  if (isWord(tokens[at], 'inner', 'cross', 'left')) join += 1
  if (isWord(tokens[at], 'left') && isWord(tokens[join], 'outer')) join += 1
  return isWord(tokens[join], 'join') ? join + 1 : undefined
}

/** What says whose a row is, or which; a statement that changes rows can never set these. */
const IDENTITY = new Set(['msp_id', 'customer_id', 'tenant_id', 'id'])

const readUpdate = (tokens: Token[], reading: Reading): void => {
  const table = tableAt(tokens, 1, reading)
  if (!isWord(tokens[2], 'set')) reading.refuse('"set" must follow the table.')
  const end = endOf(tokens, 3, (token) => isWord(token, 'where', 'returning'))
  const movesTo = moveIn(tokens.slice(3, end))
  if (movesTo === undefined) readAssignments(tokens.slice(3, end), reading)
  readRowsWritten(tokens, end, table, reading, movesTo === undefined ? {} : { movesTo })
}

/** `set customer_id = ?` and nothing else: rows are given to another customer. */
const moveIn = ([column, equals, given, ...more]: Token[]): number | undefined =>
  column?.kind === 'name' &&
  column.text === 'customer_id' &&
  isSign(equals, '=') &&
  given?.kind === 'parameter' &&
  more.length === 0
    ? given.position
    : undefined

const readDelete = (tokens: Token[], reading: Reading): void => {
  if (!isWord(tokens[1], 'from')) reading.refuse('"from" must follow "delete".')
  readRowsWritten(tokens, 3, tableAt(tokens, 2, reading), reading)
}

const readRowsWritten = (
  tokens: Token[],
  where: number,
  table: string,
  reading: Reading,
  more: Pick<Use, 'movesTo'> = {},
): void => {
  const written: Use = { ...newUse(table, table, true), ...more }
  if (isWord(tokens[where], 'where')) {
    const end = endOf(tokens, where + 1, (token) => isWord(token, 'returning', 'order', 'limit'))
    bind([written], [{ tokens: tokens.slice(where + 1, end), reach: 'all' }], [])
  } else if (where < tokens.length && !isWord(tokens[where], 'returning')) reading.refuse('"where" must come next.')
  reading.uses.push(written)
  readNested(tokens, reading, [written])
}

const readAssignments = (tokens: Token[], reading: Reading): void => {
  if (tokens.some((token) => isWord(token, 'from'))) reading.refuse('An update reads from no other table.')
  for (const [column, equals] of splitAt(tokens, (token) => isSign(token, ','))) {
    if (column?.kind !== 'name' || !isSign(equals, '=')) return reading.refuse('Each column is set by itself.')
    if (IDENTITY.has(column.text)) reading.refuse(`"${column.text}" is never set: rows keep their owner and their id.`)
  }
}

/** An insert is bound by what stands in its owner columns: parameters in every row, or in the select it takes. */
const readInsert = (tokens: Token[], reading: Reading): void => {
  if (!isWord(tokens[1], 'into')) reading.refuse('"into" must follow "insert".')
  const table = tableAt(tokens, 2, reading)
  const use = { ...newUse(table, table, true), inserts: true }
  const columns = namesIn(tokens[3], reading)
  if (new Set(columns).size !== columns.length) reading.refuse('An insert names a column twice.')
  const end = endOf(
    tokens,
    4,
    (token, position) =>
      isWord(token, 'returning') || (isWord(token, 'on') && isWord(tokens[position + 1], 'conflict')),
  )
  const given = tokens.slice(4, end)
  const rows = isWord(given[0], 'values') ? rowsIn(given.slice(1), reading) : [cellsOf(given, reading)]
  for (const row of rows) if (row.length !== columns.length) reading.refuse('A row has not as many cells as columns.')
  columns.forEach((column, place) => {
    const cells = rows.map((row) => row[place] ?? [])
    const positions = cells.flatMap(([cell, ...more]) =>
      cell?.kind === 'parameter' && more.length === 0 ? [cell.position] : [],
    )
    if (positions.length === rows.length) use.bound.set(column, positions)
  })
  const overwritesBy = readConflict(tokens.slice(end), reading)
  reading.uses.push(overwritesBy === undefined ? use : { ...use, overwritesBy })
  if (isWord(given[0], 'select')) readSelect(given, reading, [])
  else readNested(given, reading, [])
  readNested(tokens.slice(end), reading, [use])
}

const namesIn = (token: Token | undefined, reading: Reading): string[] => {
  if (token?.kind !== 'group') return reading.refuse('The columns must be named.')
  return splitAt(token.inside, (inner) => isSign(inner, ',')).map((parts) => {
    const [name, ...more] = isSign(parts[1], '.') ? parts.slice(2) : parts
    return name?.kind === 'name' && more.length === 0 ? name.text : reading.refuse('The columns must be named.')
  })
}

const rowsIn = (tokens: Token[], reading: Reading): Token[][][] =>
  splitAt(tokens, (token) => isSign(token, ',')).map(([row, ...more]) =>
    row?.kind === 'group' && more.length === 0
      ? splitAt(row.inside, (token) => isSign(token, ','))
      : reading.refuse('These values cannot be read.'),
  )

const cellsOf = (tokens: Token[], reading: Reading): Token[][] => {
  if (!isWord(tokens[0], 'select') || tokens.some((token) => isWord(token, 'union', 'except', 'intersect')))
    return reading.refuse('An insert takes values or one select.')
  const from = endOf(tokens, 1, (token) => isWord(token, 'from'))
  return splitAt(tokens.slice(1, from), (token) => isSign(token, ','))
}

/** Reads `on conflict (…) do …`; answers the columns it finds a row by when it overwrites one, none meaning any. */
const readConflict = (tokens: Token[], reading: Reading): string[] | undefined => {
  if (!isWord(tokens[0], 'on')) return undefined
  const target = tokens[2]?.kind === 'group' ? namesIn(tokens[2], reading) : []
  const action = target.length === 0 ? 2 : 3
  if (!isWord(tokens[action], 'do')) reading.refuse('"do" must follow "on conflict".')
  if (isWord(tokens[action + 1], 'nothing')) {
    if (tokens[action + 2] !== undefined && !isWord(tokens[action + 2], 'returning'))
      reading.refuse('There may be one "on conflict".')
    return undefined
  }
  if (!isWord(tokens[action + 1], 'update') || !isWord(tokens[action + 2], 'set'))
    reading.refuse('"nothing" or "update set" must follow "do".')
  const end = endOf(tokens, action + 3, (token) => isWord(token, 'where', 'returning', 'on'))
  if (isWord(tokens[end], 'on')) reading.refuse('There may be one "on conflict".')
  readAssignments(tokens.slice(action + 3, end), reading)
  return target
}

/** Finds `alias.column = ?`, equalities that carry it over, and `alias.column in (select …)` among what must hold. */
const bind = (mine: Use[], conditions: Condition[], outer: Use[]): void => {
  const links: { to: Use; toColumn: string; from: Use; fromColumn: string }[] = []
  for (const { tokens, reach } of conditions) {
    const reaches = (use: Use) => mine.includes(use) && (reach === 'all' || reach === use)
    for (const condition of allOf(tokens)) {
      const left = columnAt(condition, 0, mine, outer)
      if (left === undefined) continue
      const [operator, operand, ...more] = condition.slice(left.length)
      if (isSign(operator, '=') && operand?.kind === 'parameter' && more.length === 0) {
        if (reaches(left.use)) push(left.use.bound, left.column, operand.position)
      } else if (isWord(operator, 'in') && operand?.kind === 'group' && more.length === 0) {
        if (reaches(left.use) && selectsTenantIds(operand.inside)) left.use.boundThrough.add(left.column)
      } else if (isSign(operator, '=')) {
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

/** The conditions that must all hold; what stands below an `or`, or within another expression, binds nothing. */
const allOf = (tokens: Token[]): Token[][] => {
  if (tokens.some((token) => isWord(token, 'or', 'between', 'case', 'select') || isSign(token, ','))) return []
  return splitAt(tokens, (token) => isWord(token, 'and')).flatMap((part) => {
    const [only, another] = part
    return only?.kind === 'group' && another === undefined ? allOf(only.inside) : [part]
  })
}

/** Whether this is `select id from tenants …` and of nothing else. That the tenants are bound is checked as for any table. */
const selectsTenantIds = (tokens: Token[]): boolean => {
  const [select, ...rest] = tokens
  const from = rest.findIndex((token) => isWord(token, 'from'))
  const selected = rest.slice(0, from)
  const [table, ...more] = rest.slice(from + 1)
  const column = selected.at(-1)
  return (
    isWord(select, 'select') &&
    (selected.length === 1 || (selected.length === 3 && isSign(selected[1], '.'))) &&
    column?.kind === 'name' &&
    column.text === 'id' &&
    table?.kind === 'name' &&
    table.text === 'tenants' &&
    !more.some((token) => isSign(token, ',') || isWord(token, 'join', 'union', 'except', 'intersect'))
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
  if (isSign(dot, '.') && second?.kind === 'name') {
    const use = mine.find(({ alias }) => alias === first.text) ?? outer.findLast(({ alias }) => alias === first.text)
    return use === undefined ? undefined : { use, column: second.text, length: 3 }
  }
  // Which of several tables a bare column belongs to is not known here.
  const [only, another] = mine
  return only === undefined || another !== undefined ? undefined : { use: only, column: first.text, length: 1 }
}

/** A table's name anywhere else than where tables were read is something this check has overlooked. */
const refuseUnreadTables = (tokens: Token[], reading: Reading): void => {
  tokens.forEach((token, position) => {
    if (token.kind === 'group') refuseUnreadTables(token.inside, reading)
    if (token.kind !== 'name' || !ownershipOf.has(token.text) || reading.read.has(token)) return
    const qualifies = isSign(tokens[position + 1], '.')
    const isQualified = isSign(tokens[position - 1], '.')
    if (qualifies || isQualified || isWord(tokens[position - 1], 'as')) return
    reading.refuse(`"${token.text}" appears where this check cannot see who it is bound to.`)
  })
}

const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'name' && !token.quoted && words.includes(token.text)

const isSign = (token: Token | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text

const endOf = (tokens: Token[], from: number, isEnd: (token: Token, position: number) => boolean): number => {
  const end = tokens.findIndex((token, position) => position >= from && isEnd(token, position))
  return end < 0 ? tokens.length : end
}

const splitAt = (tokens: Token[], isBorder: (token: Token) => boolean): Token[][] => {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (isBorder(token)) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}
