import { describe, expect, it } from 'vitest'
import { undoingOf } from './undo-rule.ts'
import type { Kept, Moved, Present } from './undo-rule.ts'
import type { ContactRow, CustomerRow, PortalRow, Values } from './merge-plan.ts'

const values = (more: Partial<Values> = {}): Values => ({
  name: 'Fabrikam',
  email: null,
  phone: null,
  address: null,
  notes: null,
  psaId: null,
  ...more,
})
const customer = (more: Partial<Values> = {}) => ({ id: 'survivor', ...values(more) }) as CustomerRow
const one = (id: string, mark = '1'): Moved => ({ id, name: `Name of ${id}`, mark })
const contact = (id: string, email: string | null) => ({ id, name: `Name of ${id}`, email }) as ContactRow
const portal = (host: string) => ({ id: host, host }) as PortalRow

const kept = (more: Partial<Kept> = {}): Kept => ({
  merged: customer(),
  before: values(),
  after: values(),
  contacts: [],
  tenants: [],
  documents: [],
  logoIds: [],
  mergeIds: [],
  notices: { moved: [], shared: [] },
  portal: null,
  removedContacts: [],
  removedPortal: null,
  noLongerMainId: null,
  shift: { side: 'merged', by: 0 },
  survivorContactIds: [],
  ...more,
})
const present = (more: Partial<Present> = {}): Present => ({
  survivor: customer(),
  contacts: [],
  tenants: [],
  documents: [],
  portal: null,
  ...more,
})
const withEmail = (moved: Moved, email: string | null) => ({ ...moved, email })

describe('Undoing a merge takes back', () => {
  it.each([
    ['what is as it was', '1', ['t'], []],
    ['nothing that was changed since', '2', [], [{ kind: 'tenant', name: 'Name of t', reason: 'changed' }]],
    ['nothing that is gone', undefined, [], [{ kind: 'tenant', name: 'Name of t', reason: 'gone' }]],
  ] as const)('%s', (_, mark, tenantIds, left) => {
    const there = mark === undefined ? [] : [one('t', mark)]
    const undoing = undoingOf(kept({ tenants: [one('t')] }), present({ tenants: there }))
    expect([undoing.tenantIds, undoing.left]).toEqual([tenantIds, left])
  })

  it('what was asked for, but by whom the merge leaves with the survivor, and what the survivor’s own had asked for', () => {
    const asked = (id: string, by: string, side: 'survivor' | 'merged' = 'merged') => ({ id, by, side })
    const undoing = undoingOf(
      kept({
        contacts: [
          { ...one('tom'), isTheAdmin: false },
          { ...one('ida'), isTheAdmin: false },
        ],
        requests: [asked('1', 'tom'), asked('2', 'ida'), asked('3', 'removed'), asked('4', 'dana', 'survivor')],
      }),
      present({ contacts: [withEmail(one('tom'), null), withEmail(one('ida', '2'), null)] }),
    )
    expect(undoing.requestIds).toEqual(['1', '3'])
  })

  it('nothing that was added later', () => {
    const undoing = undoingOf(
      kept({ contacts: [{ ...one('old'), isTheAdmin: false }] }),
      present({ contacts: [withEmail(one('old'), null), withEmail(one('new'), null)], documents: [one('new')] }),
    )
    expect([undoing.contactIds, undoing.documentIds, undoing.left]).toEqual([['old'], [], []])
  })

  it.each([
    ['the value that was there', 'Merged Ltd', { name: 'Fabrikam' }, []],
    ['no value that somebody changed since', 'Third', {}, [{ kind: 'field', name: 'name', reason: 'changed' }]],
  ] as const)('%s', (_, now, fields, left) => {
    const undoing = undoingOf(
      kept({ before: values(), after: values({ name: 'Merged Ltd' }) }),
      present({ survivor: customer({ name: now }) }),
    )
    expect([undoing.fields, undoing.left]).toEqual([fields, left])
  })

  it.each([
    ['on the merged side, always', 'merged', [withEmail(one('x'), 'dana@a.example')], 1],
    ['on the survivor’s side', 'survivor', [], 1],
    ['on the survivor’s side, unless its address is in use', 'survivor', [withEmail(one('x'), 'dana@a.example')], 0],
  ] as const)('a contact that was removed %s', (_, side, contacts, count) => {
    const undoing = undoingOf(
      kept({ removedContacts: [{ side, row: contact('dana', 'dana@a.example') }] }),
      present({ contacts: [...contacts] }),
    )
    expect(undoing.contacts).toHaveLength(count)
    expect(undoing.left).toHaveLength(1 - count)
  })

  it('a contact whose address the one who goes back leaves free', () => {
    const undoing = undoingOf(
      kept({
        contacts: [{ ...one('their-dana'), isTheAdmin: false }],
        removedContacts: [{ side: 'survivor', row: contact('dana', 'dana@a.example') }],
      }),
      present({ contacts: [withEmail(one('their-dana'), 'dana@a.example')] }),
    )
    expect([undoing.contactIds, undoing.contacts.length, undoing.left]).toEqual([['their-dana'], 1, []])
  })

  it.each([
    ['the merged one’s, which went over untouched', { portal: one('p') }, one('p'), true, undefined, 0],
    ['not the merged one’s, when it was changed since', { portal: one('p') }, one('p', '2'), false, undefined, 1],
    [
      'the merged one’s, which had gone',
      { removedPortal: { side: 'merged', row: portal('m') } },
      one('s'),
      false,
      'm',
      0,
    ],
    [
      'both, when the merged one’s had taken the survivor’s place',
      { portal: one('p'), removedPortal: { side: 'survivor', row: portal('s') } },
      one('p'),
      true,
      's',
      0,
    ],
    [
      'neither, when the one that stayed was changed since',
      { portal: one('p'), removedPortal: { side: 'survivor', row: portal('s') } },
      one('p', '2'),
      false,
      undefined,
      2,
    ],
  ] as const)('of two portals: %s', (_, before, now, goesBack, comesBack, leftCount) => {
    const undoing = undoingOf(kept(before), present({ portal: now }))
    expect([undoing.portalGoesBack, undoing.portal?.row.host, undoing.left.length]).toEqual([
      goesBack,
      comesBack,
      leftCount,
    ])
  })
})
