import { CustomerInput, likenessOf } from '../customers/index.ts'
import type { CustomerRow } from '../customers/index.ts'
import type { FieldChange } from '../../tenancy/scope.ts'
import { importFields } from './columns.ts'
import type { ImportField } from './columns.ts'

export type Decision = 'create' | 'update' | 'unchanged' | 'skip' | 'error'

/** What a row says, by field; a cell without anything in it says nothing. */
export type Cells = Partial<Record<ImportField, string>>

/** Why a row cannot be taken, or is left out; `column` is the file's own heading, null for the whole row. */
export type Fault = { field: ImportField | null; column: string | null; reason: string }

export type Candidate = Pick<
  CustomerRow,
  | 'id'
  | 'version'
  | 'state'
  | 'portalState'
  | 'createdAt'
  | 'name'
  | 'sortName'
  | 'email'
  | 'phone'
  | 'address'
  | 'notes'
  | 'psaId'
>

/** Customers that have a mark: how many there are, and at most two of them. */
export type Marked = { count: number; ids: string[] }

/** What is known of customers when rows are decided. */
export type Known = {
  customer: (id: string) => Candidate | undefined
  marked: (mark: string) => Marked
  /** The line of another row of this file that says something of the same customer. */
  lineWith: (key: string) => number | undefined
}

export type Told = {
  cells: Cells
  fault: string | null
  isSkipped: boolean
  headingOf: (field: ImportField) => string | null
}

export type Decided = {
  decision: Decision
  customer: Candidate | null
  /** What the customer will be, when it is created or updated. */
  values: Values | null
  changes: FieldChange[]
  faults: Fault[]
  /** By what another row of the file would be known to mean the same customer. */
  keys: string[]
}

const valueFields = ['name', 'email', 'phone', 'address', 'notes', 'psaId'] as const
type ValueField = (typeof valueFields)[number]
export type Values = { name: string } & Record<Exclude<ValueField, 'name'>, string | null>

/** Cells without those that say nothing. */
export const filled = (cells: Cells): Cells =>
  Object.fromEntries(
    importFields.flatMap((field) => {
      const text = cells[field]
      return text === undefined || text.trim() === '' ? [] : [[field, text]]
    }),
  )

/** By what a row's customer is looked for, in the order that counts: PSA id, then likeness of the name. */
export const marksFor = ({ psaId, name }: Cells): { psaId?: string; name?: string } => {
  const likeness = likenessOf(name ?? '')
  return {
    ...(psaId === undefined ? {} : { psaId: `#${psaId.trim()}` }),
    ...(likeness === '' ? {} : { name: `=${likeness}` }),
  }
}

/**
 * What is to become of one row: the same rule for the check, for a row put right, and for the run. It is the customer
 * of its Customer id, else of its PSA id, else the one whose name is alike; none is a new one. An empty cell leaves the
 * value as it is.
 */
export const decide = (told: Told, known: Known): Decided => {
  if (told.isSkipped) return nothing('skip', [{ field: null, column: null, reason: 'Left out by you.' }])
  if (told.fault !== null) return nothing('error', [{ field: null, column: null, reason: told.fault }])
  const cells = filled(told.cells)
  const at = (field: ImportField, reason: string): Fault => ({ field, column: told.headingOf(field), reason })
  const matched = match(cells, known, at)
  if ('fault' in matched) return nothing('error', [matched.fault])
  const { customer } = matched
  const read = valuesOf(cells, customer, at)
  if ('faults' in read) return { ...nothing('error', read.faults), customer }
  const { values } = read
  const changes = changesOf(customer, values)
  const keys = keysOf(customer, values)
  const twice = keys.map(known.lineWith).find((line) => line !== undefined)
  if (twice !== undefined) {
    const reason = `This is the same customer as in line ${twice}. Leave one of the two out.`
    return { ...nothing('error', [{ field: null, column: null, reason }]), customer }
  }
  if (customer === null) return { decision: 'create', customer, values, changes, faults: [], keys }
  if (changes.length === 0) return { decision: 'unchanged', customer, values: null, changes, faults: [], keys }
  if (customer.state === 'archived') {
    const reason = 'This customer is archived. Restore it first, then check again.'
    return {
      decision: 'skip',
      customer,
      values: null,
      changes: [],
      faults: [{ field: null, column: null, reason }],
      keys,
    }
  }
  if (customer.portalState !== 'none' && values.email !== customer.email) {
    const reason = 'This customer has a portal, whose admin its e-mail names. Change it in the customer’s own form.'
    return { ...nothing('error', [at('email', reason)]), customer }
  }
  return { decision: 'update', customer, values, changes, faults: [], keys }
}

const nothing = (decision: 'skip' | 'error', faults: Fault[]): Decided => ({
  decision,
  customer: null,
  values: null,
  changes: [],
  faults,
  keys: [],
})

type At = (field: ImportField, reason: string) => Fault

const match = (cells: Cells, known: Known, at: At): { customer: Candidate | null } | { fault: Fault } => {
  if (cells.customerId !== undefined) {
    const customer = known.customer(cells.customerId.trim())
    if (customer !== undefined) return { customer }
    return { fault: at('customerId', 'There is no customer with this id. Leave the cell empty to add a new one.') }
  }
  const marks = marksFor(cells)
  for (const field of ['psaId', 'name'] as const) {
    const mark = marks[field]
    const marked = mark === undefined ? undefined : known.marked(mark)
    if (marked === undefined || marked.count === 0) continue
    const candidates = marked.ids.flatMap((id) => known.customer(id) ?? [])
    const live = candidates.filter(({ state }) => state !== 'archived')
    // Of two, one may be archived: then the other is meant.
    const [only, another] = marked.count === 2 && live.length === 1 ? live : candidates
    if (only !== undefined && another === undefined && marked.count <= 2) return { customer: only }
    if (only !== undefined) return { fault: at(field, ambiguous(field, candidates, marked.count)) }
  }
  return { customer: null }
}

const ambiguous = (field: 'psaId' | 'name', candidates: Candidate[], count: number): string => {
  const names = candidates.map(({ name }) => `“${name}”`).join(count > 2 ? ', ' : ' and ')
  const all = count > 2 ? `${names} and ${count - candidates.length} more` : names
  return field === 'psaId'
    ? `${all} have this PSA id. Give the Customer id of the one you mean.`
    : `${all} are called like this. Give the Customer id or PSA id of the one you mean.`
}

/** The row's values as the form of a customer would take them, over those the customer has. */
const valuesOf = (cells: Cells, customer: Candidate | null, at: At): { values: Values } | { faults: Fault[] } => {
  const given = valueFields.filter((field) => cells[field] !== undefined)
  const before: Values = customer ?? { name: '', email: null, phone: null, address: null, notes: null, psaId: null }
  // What the row does not tell is not looked at: it was taken once, and stays.
  const input = {
    name: customer === null ? '' : 'stays',
    ...Object.fromEntries(given.map((field) => [field, cells[field]])),
  }
  const parsed = CustomerInput.safeParse(input)
  if (!parsed.success) {
    const seen = new Set<string>()
    const faults = parsed.error.issues.flatMap(({ path: [field], message }) => {
      if (!isValueField(field) || seen.has(field)) return []
      seen.add(field)
      return [at(field, message)]
    })
    return { faults }
  }
  const values: Values = { ...pick(before) }
  for (const field of given) Object.assign(values, { [field]: parsed.data[field] })
  return { values }
}

const isValueField = (field: unknown): field is ValueField => valueFields.some((known) => known === field)

const pick = ({ name, email, phone, address, notes, psaId }: Values): Values => ({
  name,
  email,
  phone,
  address,
  notes,
  psaId,
})

const changesOf = (customer: Candidate | null, values: Values): FieldChange[] =>
  valueFields.flatMap((field) => {
    const [before, after] = [customer?.[field] ?? null, values[field]]
    return before === after ? [] : [{ table: 'customers', field, before, after }]
  })

/** A customer that is there is itself; beside that, what it will newly be known by may not be another's. */
const keysOf = (customer: Candidate | null, values: Values): string[] => {
  const before = customer === null ? {} : marksFor({ name: customer.name, psaId: customer.psaId ?? '' })
  const after = marksFor(values.psaId === null ? { name: values.name } : { name: values.name, psaId: values.psaId })
  return [
    ...(customer === null ? [] : [`!${customer.id}`]),
    ...(after.name === undefined || after.name === before.name ? [] : [after.name]),
    ...(after.psaId === undefined || after.psaId === before.psaId ? [] : [after.psaId]),
  ]
}
