import { describe, expect, it } from 'vitest'
import { decide, valueOf } from './merge-plan.ts'
import type { Choices, ContactRow, CustomerRow, PortalRow, SideFacts } from './merge-plan.ts'

const side = (id: string, more: Partial<Omit<SideFacts, 'row'>> & { row?: Partial<CustomerRow> } = {}): SideFacts => ({
  contacts: [],
  portal: undefined,
  tenants: [],
  documents: [],
  ticketCount: 0,
  invitedIds: new Set(),
  ...more,
  row: {
    id,
    name: id,
    email: null,
    phone: null,
    address: null,
    notes: null,
    psaId: null,
    ...more.row,
  } as CustomerRow,
})
const person = (id: string, email: string | null, more: Partial<ContactRow> = {}) =>
  ({ id, name: id, email, escalationPosition: 0, isTheAdmin: false, ...more }) as ContactRow
const portal = (host: string) => ({ id: host, host }) as PortalRow
const nothing: Choices = { fields: {}, collisions: { contacts: {} } }
const pointers = (survivor: SideFacts, merged: SideFacts, choices = nothing) => {
  const decided = decide(survivor, merged, choices)
  return decided.ok ? [] : decided.errors.map(({ pointer }) => pointer)
}

describe('A merge asks', () => {
  it.each([
    ['nothing when nothing clashes', side('a'), side('b'), []],
    ['nothing for one portal', side('a'), side('b', { portal: portal('b') }), []],
    [
      'which of two portals',
      side('a', { portal: portal('a') }),
      side('b', { portal: portal('b') }),
      ['/collisions/portal'],
    ],
    ['which of two PSA ids', side('a', { row: { psaId: '1' } }), side('b', { row: { psaId: '2' } }), ['/fields/psaId']],
    [
      'nothing for PSA ids that differ in case alone',
      side('a', { row: { psaId: 'c-1' } }),
      side('b', { row: { psaId: 'C-1' } }),
      [],
    ],
    ['nothing for the same PSA id', side('a', { row: { psaId: '1' } }), side('b', { row: { psaId: '1' } }), []],
    [
      'whose contacts are called first',
      side('a', { contacts: [person('x', null)] }),
      side('b', { contacts: [person('y', null)] }),
      ['/collisions/escalation'],
    ],
    [
      'which of two contacts with one address stays, and nothing about the order of one',
      side('a', { contacts: [person('x', 'dana~1/@a.example')] }),
      side('b', { contacts: [person('y', 'dana~1/@a.example')] }),
      ['/collisions/contacts/dana~01~1@a.example'],
    ],
    [
      'who the main contact is',
      side('a', { contacts: [person('x', null, { isTheAdmin: true })] }),
      side('b', { contacts: [person('y', null, { isTheAdmin: true })] }),
      ['/collisions/escalation', '/collisions/mainContact'],
    ],
  ] as const)('%s', (_, survivor, merged, asked) => {
    expect(pointers(survivor, merged)).toEqual(asked)
  })

  it('nothing twice: what is chosen is done', () => {
    const survivor = side('a', {
      contacts: [person('x', 'dana@a.example', { escalationPosition: 4 })],
      portal: portal('a'),
    })
    const merged = side('b', {
      contacts: [person('y', 'dana@a.example'), person('z', null, { escalationPosition: 2 })],
      portal: portal('b'),
    })
    const decided = decide(survivor, merged, {
      fields: { name: 'merged' },
      collisions: { portal: 'merged', escalation: 'merged_first', contacts: { 'dana@a.example': 'merged' } },
    })
    if (!decided.ok) throw new Error(JSON.stringify(decided.errors))
    const { plan } = decided
    expect(plan.values.name).toBe('b')
    expect(plan.removedContacts.map(({ side: of, row }) => `${of} ${row.id}`)).toEqual(['survivor x'])
    expect(plan.movedContacts.map(({ id }) => id)).toEqual(['y', 'z'])
    expect(plan.shift).toEqual({ side: 'survivor', by: 3 })
    expect([plan.portal?.host, plan.removedPortal?.side, plan.movesPortal]).toEqual(['b', 'survivor', true])
  })
})

it.each([
  ['own', 'other', undefined, 'own'],
  [null, 'other', undefined, 'other'],
  ['own', 'other', 'merged', 'other'],
  ['own', null, 'merged', null],
  ['own', 'other', 'both', 'own\n\nother'],
  [null, 'other', 'both', 'other'],
  [null, null, 'both', null],
] as const)('A field of %j and %j, chosen %s, becomes %j', (own, other, choice, becomes) => {
  expect(
    valueOf('notes', side('a', { row: { notes: own } }).row, side('b', { row: { notes: other } }).row, choice),
  ).toBe(becomes)
})

it.each([
  ['the one who stays of the same address', 'survivor', ['x', 'z'], { 'dana@a.example': 'merged' }, 'y'],
  ['nobody new when the chosen one stays', 'survivor', ['x', 'z'], { 'dana@a.example': 'survivor' }, undefined],
  ['nobody new when another one is chosen', 'merged', ['x', 'z'], { 'dana@a.example': 'merged' }, undefined],
  ['the other one where it was the only one', undefined, ['x'], { 'dana@a.example': 'merged' }, 'y'],
  ['nobody new where both were', undefined, ['x', 'y'], { 'dana@a.example': 'merged' }, undefined],
] as const)('A merge makes the main contact: %s', (_, mainContact, mains, contacts, becomes) => {
  const main = (id: string, email: string | null) =>
    person(id, email, { isTheAdmin: (mains as readonly string[]).includes(id) })
  const decided = decide(
    side('a', { contacts: [main('x', 'dana@a.example')] }),
    side('b', { contacts: [main('y', 'dana@a.example'), main('z', null)] }),
    { fields: {}, collisions: { escalation: 'survivor_first', mainContact, contacts } },
  )
  if (!decided.ok) throw new Error(JSON.stringify(decided.errors))
  expect(decided.plan.becomesMain?.id).toBe(becomes)
})
