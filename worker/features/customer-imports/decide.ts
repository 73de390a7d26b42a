import { CustomerInput, likenessOf, psaKeyOf } from '../customers/index.ts'
import type { CustomerRow } from '../customers/index.ts'
import type { FieldChange } from '../../tenancy/scope.ts'
import { importFields } from './columns.ts'
import type { ImportField } from './columns.ts'

export type Decision = 'create' | 'update' | 'unchanged' | 'skip' | 'error'

/** What a row says, by field; a cell without anything in it says nothing. */
export type Cells = Partial<Record<ImportField, string>>

/**
 * Why a row cannot be taken, or is left out, or what is to be known of it; `column` is the file's own heading, null for
 * the whole row. `sameAsLine` is the row in whose way it is.
 */
export type Fault = {
  field: ImportField | null
  column: string | null
  reason: string
  sameAsLine?: number
  candidates?: Choice[]
}

/** A customer that a row may mean, with what tells it from the others. */
export type Choice = { id: string; name: string; psaId: string | null; domain: string | null; createdAt: number }

/** In the place of a Customer id: the row is a new customer, whoever is called alike. */
export const NEW_CUSTOMER = 'new'

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

/** Customers that have a mark: how many there are, and some of them. */
export type Marked = { count: number; ids: string[] }

/** What is known of customers when rows are decided. */
export type Known = {
  customer: (id: string) => Candidate | undefined
  marked: (mark: string) => Marked
  /** The line of another row of this file that says something of the same customer. */
  lineWith: (key: string) => number | undefined
  /** What other rows of this file will call a customer by such a name, each with its PSA id ('' for none). */
  named: (mark: string) => { line: number; psaKey: string }[]
}

export type Told = {
  line: number
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
    ...(psaId === undefined ? {} : { psaId: `#${psaKeyOf(psaId)}` }),
    ...(likeness === '' ? {} : { name: `=${likeness}` }),
  }
}

/**
 * What is to become of one row: the same rule for the check, for a row put right, and for the run. It is the customer
 * of its Customer id, else of its PSA id, else the one whose name is alike and whose PSA id is no other; none is a new
 * one. An empty cell leaves the value as it is.
 */
export const decide = (told: Told, known: Known): Decided => {
  if (told.isSkipped) return nothing('skip', [{ field: null, column: null, reason: 'Left out by you.' }])
  if (told.fault !== null) return nothing('error', [{ field: null, column: null, reason: told.fault }])
  const cells = filled(told.cells)
  const at = (field: ImportField, reason: string): Fault => ({ field, column: told.headingOf(field), reason })
  const matched = match(cells, known, at)
  if ('fault' in matched) return nothing('error', [matched.fault])
  const { customer, alike } = matched
  const namesake = customer === null || hasIds(cells) ? undefined : earlierNamesake(told.line, cells, known)
  if (namesake !== undefined) return { ...nothing('error', [sameAs(namesake)]), customer }
  const read = valuesOf(cells, customer, at)
  if ('faults' in read) return { ...nothing('error', read.faults), customer }
  const { values } = read
  const changes = changesOf(customer, values)
  const keys = keysOf(customer, values)
  const twice = keys.map((key) => lineInTheWay(key, known)).find((line) => line !== undefined)
  if (twice !== undefined) return { ...nothing('error', [sameAs(twice)]), customer }
  if (customer === null) {
    const faults = alike.length === 0 ? [] : [at('name', alikeButOther(alike))]
    return { decision: 'create', customer, values, changes, faults, keys }
  }
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

/** What the check has shown of a row. */
export type Shown = { decision: Decision; customerId: string | null; changes: FieldChange[] }

/**
 * What the run does with a row: what the check has shown, or less. Where it would do something else, since a customer
 * changed meanwhile, the row is left with the reason: nobody's words are overwritten that were not shown.
 */
export const heldTo = (shown: Shown, decided: Decided, headingOf: Told['headingOf']): Decided => {
  const { decision, customer, changes } = decided
  const left = (...faults: Fault[]): Decided => ({ ...nothing('error', faults), customer })
  const whole = (reason: string): Fault => ({ field: null, column: null, reason: `${reason} Import this row again.` })
  if (decision === 'create')
    return shown.decision === 'create'
      ? decided
      : left(
          whole('The customer that it was to change is no longer known by this row: it was changed after the check.'),
        )
  if (decision !== 'update' || customer === null) return decided
  if (shown.decision !== 'update')
    return left(whole(`“${customer.name}” came after the check, and may be the same customer.`))
  if (customer.id !== shown.customerId)
    return left(whole(`After the check this row came to mean “${customer.name}”, another customer than was shown.`))
  const unseen = changes.filter(
    ({ field, before, after }) =>
      !shown.changes.some((seen) => seen.field === field && seen.before === before && seen.after === after),
  )
  return unseen.length === 0
    ? decided
    : left(
        ...unseen.map(({ field, before }) => {
          const known = importFields.find((one) => one === field) ?? null
          const what = typeof before === 'string' ? `changed this to “${before.slice(0, 120)}”` : 'emptied this'
          const reason = `Somebody ${what} after the check, so it was not overwritten.`
          return { field: known, column: known && headingOf(known), reason }
        }),
      )
}

const sameAs = (line: number): Fault => ({
  field: null,
  column: null,
  reason: `This is the same customer as in line ${line}. Leave one of the two out.`,
  sameAsLine: line,
})

const hasIds = ({ customerId, psaId }: Cells): boolean => customerId !== undefined || psaId !== undefined

/** Who goes by the name alone may mean the customer that an earlier row adds, which the run will have added by then. */
const earlierNamesake = (line: number, cells: Cells, known: Known): number | undefined => {
  const { name } = marksFor(cells)
  return name === undefined ? undefined : known.named(name).find((other) => other.line < line)?.line
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

/** `alike` are customers of a like name that it is not, since both have a PSA id and these differ. */
type Match = { customer: Candidate | null; alike: Candidate[] } | { fault: Fault }

const match = (cells: Cells, known: Known, at: At): Match => {
  if (cells.customerId?.trim().toLowerCase() === NEW_CUSTOMER) return { customer: null, alike: [] }
  if (cells.customerId !== undefined) {
    const customer = known.customer(cells.customerId.trim())
    if (customer !== undefined) return { customer, alike: [] }
    return {
      fault: at(
        'customerId',
        'There is no customer with this id. Leave the cell empty, or write “new” to add another one.',
      ),
    }
  }
  const marks = marksFor(cells)
  const byPsaId = among(marks.psaId, known)
  if (byPsaId.candidates.length > 0) return oneOf('psaId', byPsaId, at)
  const { candidates, moreCount } = among(marks.name, known)
  const alike = candidates.filter(({ psaId }) => psaId !== null && marks.psaId !== undefined)
  const possible = candidates.filter((one) => !alike.includes(one))
  if (possible.length + moreCount === 0) return { customer: null, alike }
  return oneOf('name', { candidates: possible, moreCount }, at)
}

type Found = { candidates: Candidate[]; moreCount: number }

const among = (mark: string | undefined, known: Known): Found => {
  const { count, ids } = mark === undefined ? { count: 0, ids: [] } : known.marked(mark)
  const candidates = ids.flatMap((id) => known.customer(id) ?? [])
  return { candidates, moreCount: candidates.length === 0 ? 0 : Math.max(0, count - ids.length) }
}

/** The only one there is, or the only one that is not archived. */
const oneOf = (field: 'psaId' | 'name', { candidates, moreCount }: Found, at: At): Match => {
  const live = candidates.filter(({ state }) => state !== 'archived')
  const [only, another] = candidates.length > 1 && live.length === 1 ? live : candidates
  if (only !== undefined && another === undefined && moreCount === 0) return { customer: only, alike: [] }
  return { fault: { ...at(field, ambiguous(field, candidates, moreCount)), candidates: candidates.map(choiceOf) } }
}

const choiceOf = ({ id, name, psaId, email, createdAt }: Candidate): Choice => ({
  id,
  name,
  psaId,
  domain: email?.split('@').at(-1) ?? null,
  createdAt,
})

const ambiguous = (field: 'psaId' | 'name', candidates: Candidate[], moreCount: number): string => {
  const shown = candidates.slice(0, 2)
  const more = moreCount + candidates.length - shown.length
  const names = shown.map(({ name }) => `“${name}”`).join(more > 0 ? ', ' : ' and ')
  const all = more > 0 ? `${names} and ${more} more` : names
  return field === 'psaId'
    ? `${all} have this PSA id. Give the Customer id of the one you mean, or “new” as Customer id to add another.`
    : `${all} are called like this. Give the Customer id or PSA id of the one you mean, or “new” as Customer id to add another.`
}

const alikeButOther = (alike: Candidate[]): string => {
  const names = alike.slice(0, 2).map(({ name, psaId }) => `“${name}” (PSA id ${psaId ?? ''})`)
  return `This is called like ${names.join(' and ')}, but has another PSA id, so it is added as another customer.`
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
    ...(after.name === undefined || after.name === before.name ? [] : [nameKeyOf(after.name, values.psaId)]),
    ...(after.psaId === undefined || after.psaId === before.psaId ? [] : [after.psaId]),
  ]
}

/** A name tells rows apart only together with the PSA id; there is no space in a likeness. */
const nameKeyOf = (mark: string, psaId: string | null): string => `${mark} ${psaKeyOf(psaId ?? '')}`
export const partsOfNameKey = (key: string): { mark: string; psaKey: string } => {
  const space = key.indexOf(' ')
  return { mark: key.slice(0, space), psaKey: key.slice(space + 1) }
}

const lineInTheWay = (key: string, known: Known): number | undefined => {
  if (!key.startsWith('=')) return known.lineWith(key)
  const { mark, psaKey } = partsOfNameKey(key)
  return known.named(mark).find((other) => other.psaKey === '' || psaKey === '' || other.psaKey === psaKey)?.line
}
