import { describe, expect, it } from 'vitest'
import { headingOf } from './columns.ts'
import { decide, marksFor, partsOfNameKey } from './decide.ts'
import type { Candidate, Cells, Known } from './decide.ts'
import { undoingOf } from './undo.ts'

const customer = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id,
  version: 3,
  state: 'active',
  portalState: 'none',
  createdAt: 1,
  name: 'Fabrikam Ltd',
  sortName: 'fabrikam ltd',
  email: 'office@fabrikam.example',
  phone: null,
  address: '12 Mill Lane\nAshford',
  notes: null,
  psaId: '7',
  ...more,
})

/** Knows these customers by id, PSA id and name; and what earlier rows of the file said. */
const knowing = (customers: Candidate[], said: Record<string, number> = {}): Known => ({
  customer: (id) => customers.find((one) => one.id === id),
  marked: (mark) => {
    const ids = customers
      .filter(({ name, psaId }) =>
        Object.values(marksFor({ name, ...(psaId === null ? {} : { psaId }) })).includes(mark),
      )
      .map(({ id }) => id)
    return { count: ids.length, ids: ids.slice(0, 10) }
  },
  lineWith: (key) => said[key],
  named: (mark) =>
    Object.entries(said).flatMap(([key, line]) => {
      const parts = partsOfNameKey(key)
      return key.startsWith('=') && parts.mark === mark ? [{ psaKey: parts.psaKey, line }] : []
    }),
})

const decided = (cells: Cells, known: Known, more: { fault?: string; isSkipped?: boolean } = {}) =>
  decide({ line: 9, cells, fault: null, isSkipped: false, headingOf: (field) => headingOf[field], ...more }, known)

const reasons = (cells: Cells, known: Known) => {
  const { decision, faults } = decided(cells, known)
  return [decision, ...faults.map(({ column, reason }) => `${column ?? 'row'}: ${reason}`)]
}

const nobody = knowing([])
const fabrikam = knowing([customer('a')])

describe('A row is', () => {
  it.each([
    ['create', 'of nobody', { name: 'Contoso' }, nobody],
    [
      'unchanged',
      'of a customer with these values',
      { name: 'Fabrikam Ltd', email: 'Office@Fabrikam.example ' },
      fabrikam,
    ],
    ['unchanged', 'by its Customer id, saying nothing else', { customerId: 'a' }, fabrikam],
    ['update', 'with another value', { name: 'Fabrikam Ltd', phone: '1' }, fabrikam],
    ['update', 'whose name is alike', { name: 'FABRIKAM LIMITED' }, fabrikam],
    ['update', 'known by its PSA id under another name', { name: 'Fabrikam Dental', psaId: '7' }, fabrikam],
    [
      'update',
      'known by its Customer id under another name and PSA id',
      { customerId: 'a', name: 'X', psaId: '8' },
      fabrikam,
    ],
    ['create', 'of a name that is known, with another PSA id', { name: 'Fabrikam', psaId: '8' }, fabrikam],
    [
      'update',
      'of a name that is known, with a PSA id that it has not yet',
      { name: 'Fabrikam', psaId: '8' },
      knowing([customer('a', { psaId: null })]),
    ],
    [
      'update',
      'known by its PSA id in other case',
      { name: 'X', psaId: 'abc-7' },
      knowing([customer('a', { psaId: 'ABC-7' })]),
    ],
    ['create', 'of a customer with a name in other letters', { name: 'شركة الأسنان 🦷' }, fabrikam],
    ['error', 'without a name', { phone: '1' }, nobody],
    ['error', 'with an address that is none', { name: 'Contoso', email: 'nobody' }, nobody],
    ['error', 'of a Customer id that is nobody’s', { customerId: 'b', name: 'Fabrikam' }, fabrikam],
    [
      'skip',
      'of an archived customer that it would change',
      { name: 'Fabrikam', phone: '1' },
      knowing([customer('a', { state: 'archived' })]),
    ],
    [
      'unchanged',
      'of an archived customer as it is',
      { name: 'Fabrikam Ltd' },
      knowing([customer('a', { state: 'archived' })]),
    ],
  ] as const)('%s: %s', (decision, _, cells, known) => expect(decided(cells, known).decision).toBe(decision))

  it('an error where it would change the e-mail that names a portal admin, and taken with any other value', () => {
    const known = knowing([customer('a', { portalState: 'enabled' })])
    expect(reasons({ name: 'Fabrikam', email: 'other@fabrikam.example' }, known)).toEqual([
      'error',
      'E-mail: This customer has a portal, whose admin its e-mail names. Change it in the customer’s own form.',
    ])
    expect(decided({ name: 'Fabrikam', phone: '1', email: 'office@fabrikam.example' }, known).decision).toBe('update')
  })

  it('looked for by Customer id, else PSA id, else name', () => {
    const known = knowing([
      customer('id', { name: 'One', psaId: '1' }),
      customer('psa', { name: 'Two', psaId: '2' }),
      customer('name', { name: 'Three', psaId: '3' }),
    ])
    const found = (cells: Cells) => decided(cells, known).customer?.id
    expect(found({ customerId: 'id', psaId: '2', name: 'Three' })).toBe('id')
    expect(found({ psaId: '2', name: 'Three' })).toBe('psa')
    expect(found({ name: 'Three' })).toBe('name')
    expect(found({ psaId: '99', name: 'Three' })).toBeUndefined()
  })

  it('another business where both have a PSA id and these differ, with a warning that they are called alike', () => {
    const known = knowing([customer('a', { name: 'Müller GmbH', psaId: '100' })])
    expect(reasons({ name: 'Müller AG', psaId: '200' }, known)).toEqual([
      'create',
      'Name: This is called like “Müller GmbH” (PSA id 100), but has another PSA id, so it is added as another customer.',
    ])
    const two = knowing([customer('a', { psaId: '100' }), customer('b', { psaId: null })])
    expect(decided({ name: 'Fabrikam', psaId: '200' }, two).customer?.id).toBe('b')
  })

  it('an error when two customers could be meant, saying which', () => {
    const two = [
      customer('a', { name: 'Fabrikam Ltd', psaId: '1' }),
      customer('b', { name: 'Fabrikam GmbH', psaId: '2' }),
    ]
    expect(reasons({ name: 'Fabrikam' }, knowing(two))).toEqual([
      'error',
      'Name: “Fabrikam Ltd” and “Fabrikam GmbH” are called like this. Give the Customer id or PSA id of the one you mean, or “new” as Customer id to add another.',
    ])
    expect(reasons({ name: 'X', psaId: '7' }, knowing([customer('a'), customer('b'), customer('c')]))[1]).toBe(
      'PSA id: “Fabrikam Ltd”, “Fabrikam Ltd” and 1 more have this PSA id. Give the Customer id of the one you mean, or “new” as Customer id to add another.',
    )
    expect(decided({ name: 'Fabrikam', psaId: '2' }, knowing(two)).customer?.id).toBe('b')
  })

  it('can be told which of them it means, by what they are told apart, or that it is none of them', () => {
    const two = [
      customer('a', { psaId: null, createdAt: 5 }),
      customer('b', { name: 'Fabrikam GmbH', psaId: null, email: null }),
    ]
    const [fault] = decided({ name: 'Fabrikam' }, knowing(two)).faults
    expect(fault?.candidates).toEqual([
      { id: 'a', name: 'Fabrikam Ltd', psaId: null, domain: 'fabrikam.example', createdAt: 5 },
      { id: 'b', name: 'Fabrikam GmbH', psaId: null, domain: null, createdAt: 1 },
    ])
    expect(decided({ name: 'Fabrikam', customerId: 'b', phone: '1' }, knowing(two)).customer?.id).toBe('b')
    expect(decided({ name: 'Fabrikam', customerId: ' New ' }, knowing(two))).toMatchObject({
      decision: 'create',
      customer: null,
      faults: [],
    })
  })

  it('of the one that is not archived, when the other one is', () => {
    const known = knowing([customer('a', { state: 'archived', psaId: '1' }), customer('b', { psaId: '2' })])
    expect(decided({ name: 'Fabrikam', phone: '1' }, known)).toMatchObject({
      decision: 'update',
      customer: { id: 'b' },
    })
  })

  it('an error at each of its columns, in the words of the form', () => {
    expect(reasons({ name: 'x'.repeat(10_000), email: 'no', phone: '1'.repeat(41) }, nobody)).toEqual([
      'error',
      'Name: At most 120 characters.',
      'E-mail: Enter an e-mail address such as name@company.com.',
      'Phone: At most 40 characters.',
    ])
  })

  it('an error when its cells cannot be trusted, and skipped when it was left out, whatever it says', () => {
    expect(decided({ name: 'A' }, nobody, { fault: 'Too many cells.' })).toMatchObject({ decision: 'error' })
    expect(decided({}, nobody, { fault: 'Too many cells.', isSkipped: true })).toMatchObject({
      decision: 'skip',
      keys: [],
    })
  })
})

describe('An empty cell', () => {
  it('leaves the value as it is, and a customer’s own old values are not looked at again', () => {
    const old = customer('a', { phone: '1'.repeat(80) })
    const { decision, values, changes } = decided(
      { name: 'Fabrikam Ltd', phone: ' ', email: '', notes: 'New' },
      knowing([old]),
    )
    expect([decision, values?.phone, values?.email]).toEqual(['update', old.phone, 'office@fabrikam.example'])
    expect(changes).toEqual([{ table: 'customers', field: 'notes', before: null, after: 'New' }])
  })

  it('is nothing to a new customer', () => {
    expect(decided({ name: ' Contoso ', phone: '' }, nobody).values).toEqual({
      name: 'Contoso',
      email: null,
      phone: null,
      address: null,
      notes: null,
      psaId: null,
    })
  })
})

describe('The same customer twice in a file', () => {
  it.each([
    ['new ones whose names are alike', { name: 'CONTOSO Ltd' }, nobody, { '=contoso ': 4 }],
    ['new ones with one PSA id', { name: 'Contoso', psaId: '9' }, nobody, { '#9': 4 }],
    ['the same known one, by name and by PSA id', { name: 'Fabrikam', phone: '1' }, fabrikam, { '!a': 4 }],
    [
      'one that is renamed to what a new one is called',
      { customerId: 'a', name: 'Contoso' },
      fabrikam,
      { '=contoso ': 4 },
    ],
    ['new ones of one name, of which one has a PSA id', { name: 'Contoso' }, nobody, { '=contoso 9': 4 }],
    [
      'a known one by its name alone, and a new one of that name',
      { name: 'Fabrikam', phone: '1' },
      fabrikam,
      { '=fabrikam 8': 4 },
    ],
  ])('is an error at the second, naming the line of the first: %s', (_, cells, known, said) => {
    const { lineWith, named } = knowing([], said)
    expect(reasons(cells, { ...known, lineWith, named })).toEqual([
      'error',
      'row: This is the same customer as in line 4. Leave one of the two out.',
    ])
  })

  it('is not two of one name whose PSA ids differ', () => {
    const known = knowing([], { '=neu 300': 4, '#300': 4 })
    expect(decided({ name: 'Neu AG', psaId: '400' }, known).decision).toBe('create')
    expect(decided({ name: 'Neu AG', psaId: '300' }, known).decision).toBe('error')
  })

  it('is not two known ones of one name, each by its id', () => {
    const known = knowing([customer('a', { psaId: null }), customer('b', { psaId: null })], { '!a': 2 })
    expect(decided({ customerId: 'b', name: 'Fabrikam Ltd' }, known).decision).toBe('unchanged')
    expect(decided({ customerId: 'a', name: 'Fabrikam Ltd' }, known).decision).toBe('error')
  })
})

describe('Undoing', () => {
  it.each([
    ['removes one that it added', 'create', 1, { version: 1 }, [], 'removed'],
    ['restores one that it changed', 'update', 4, { version: 4 }, ['contacts'], 'restored'],
    ['leaves one that changed since', 'update', 4, { version: 5 }, [], 'It was changed after the import.'],
    [
      'leaves one that it added and that changed since',
      'create',
      1,
      { version: 2 },
      [],
      'It was changed after the import.',
    ],
    [
      'leaves one that it added and that has something by now',
      'create',
      1,
      { version: 1 },
      ['contacts', 'a portal'],
      'It has contacts, a portal by now.',
    ],
    ['leaves alone one that is gone', 'create', 1, undefined, [], 'It was deleted or merged into another customer.'],
  ] as const)('%s', (_, decision, writtenVersion, now, below, expected) => {
    const undoing = undoingOf({ decision, writtenVersion }, now, [...below])
    expect(undoing.kind === 'left' ? undoing.reason : undoing.kind).toBe(expected)
  })
})
