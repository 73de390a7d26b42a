import { describe, expect, it } from 'vitest'
import type { FormMaster, OwnField } from '../../../../db/shard/schema.ts'
import { forms } from './input.schema.ts'
import { answersTo, formInForce, hiddenButGiven, hideableIn } from './own-fields.ts'

const question = (more: Partial<OwnField> = {}): OwnField => ({
  id: 'desk',
  kind: 'text',
  label: 'Desk',
  help: '',
  isRequired: false,
  isEach: true,
  options: [],
  ...more,
})
const master: FormMaster = {
  fields: [question(), question({ id: 'cost-centre', label: 'Cost centre' })],
  hidden: ['jobTitle', 'phone'],
  helps: { address: 'First name, dot, last name.' },
  category: null,
}

describe('A form of a customer', () => {
  it('is as it comes where nobody said anything', () => {
    expect(formInForce(undefined, undefined)).toEqual({ fields: [], hidden: new Set(), helps: {}, category: null })
  })

  it('is the master’s where the customer does not differ', () => {
    const form = formInForce(master, undefined)
    expect(form.fields.map(({ id }) => id)).toEqual(['desk', 'cost-centre'])
    expect([...form.hidden]).toEqual(['jobTitle', 'phone'])
  })

  it('leaves out questions of the master, brings fields back and asks more', () => {
    const form = formInForce(master, {
      fields: [question({ id: 'locker', label: 'Locker' })],
      hidden: { 'cost-centre': true, jobTitle: false, department: true },
      helps: { department: 'As on the door.' },
    })
    expect(form.fields.map(({ id }) => id)).toEqual(['desk', 'locker'])
    expect([...form.hidden].toSorted()).toEqual(['cost-centre', 'department', 'phone'])
    expect(form.helps).toEqual({ address: 'First name, dot, last name.', department: 'As on the door.' })
  })

  it('takes nothing in a field that it does not have', () => {
    const { whole, person } = forms.new_user
    const form = formInForce(master, undefined)
    expect(hiddenButGiven({ givenName: 'Anna', jobTitle: 'Dentist', phone: null }, person, form)).toEqual(['jobTitle'])
    expect(hiddenButGiven({ reason: 'x' }, whole, form)).toEqual([])
  })

  it.each([
    ['new_user', 'endsOn', true],
    ['new_user', 'givenName', false],
    ['new_user', 'tenantId', false],
    ['new_user', 'reason', true],
    ['licence_change', 'reason', false],
    ['offboarding', 'mailbox', false],
    ['password_reset', 'alsoSecondStep', true],
    ['password_reset', 'phone', false],
    ['licence_change', 'moreSeats', false],
  ] as const)('%s: whether %s may be left out', (type, key, may) => {
    expect(hideableIn(forms[type].whole, forms[type].person).includes(key)).toBe(may)
  })

  it.each(Object.entries(forms))('%s calls no two fields the same', (_, { whole, person }) => {
    const keys = [...Object.keys(whole), ...Object.keys(person)]
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('An answer to a question of the MSP’s own', () => {
  const people: Record<string, string> = { tom: 'Tom Okafor' }
  const answered = (asked: OwnField, given: Record<string, string>) => {
    const faults: [string, string][] = []
    const fault = (pointer: string, detail: string) => void faults.push([pointer, detail])
    const nameOfUser = (pointer: string, id: string) => {
      if (people[id] === undefined) fault(pointer, 'Nobody.')
      return people[id] ?? ''
    }
    return { answers: answersTo([asked], given, '/people/0', { fault, nameOfUser, today: '2026-11-18' }), faults }
  }

  it.each([
    ['a text', question(), ' 4b ', '4b'],
    ['script, which is text', question(), '<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['an option', question({ kind: 'choice', options: ['North', 'South'] }), 'South', 'South'],
    ['a day', question({ kind: 'date' }), '1988-02-29', '29 February 1988'],
    ['a person', question({ kind: 'person' }), 'tom', 'Tom Okafor'],
  ])('%s is kept as it is read', (_, asked, given, value) => {
    expect(answered(asked, { desk: given })).toEqual({ answers: [{ id: 'desk', label: 'Desk', value }], faults: [] })
  })

  it.each([
    ['something that is not asked', question(), { desk: 'a', 'x/y': 'b' }, '/people/0/answers/x~1y'],
    ['nothing where one is needed', question({ isRequired: true }), { desk: '  ' }, '/people/0/answers/desk'],
    [
      'an option that there is not',
      question({ kind: 'choice', options: ['North'] }),
      { desk: 'South' },
      '/people/0/answers/desk',
    ],
    ['a day of 9999', question({ kind: 'date' }), { desk: '9999-12-31' }, '/people/0/answers/desk'],
    ['no day', question({ kind: 'date' }), { desk: 'tomorrow' }, '/people/0/answers/desk'],
    ['somebody of another company', question({ kind: 'person' }), { desk: 'eve' }, '/people/0/answers/desk'],
    ['a character that cannot be seen', question(), { desk: 'a\u202eb' }, '/people/0/answers/desk'],
  ])('%s is a fault at its place', (_, asked, given, pointer) => {
    expect(answered(asked, given).faults.map(([at]) => at)).toEqual([pointer])
  })
})
