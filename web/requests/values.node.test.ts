import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RequestField } from '../api/shapes.ts'
import {
  emptyPerson,
  inOrder,
  inPlace,
  inputOf,
  personCountIn,
  placesWithin,
  withoutPerson,
  type Values,
} from './values.ts'

const field = (key: string, kind: RequestField['kind']): RequestField => ({
  key,
  kind,
  label: key,
  help: '',
  isRequired: false,
  isOwn: false,
  options: [],
  lengthMax: null,
  min: null,
  max: null,
  firstDay: null,
  lastDay: null,
})
const anna = { id: 'anna', name: 'Anna' }

describe('What a form of a request was filled in with', () => {
  const form = {
    type: 'offboarding',
    fields: [field('reason', 'long_text'), field('moreSeats', 'number'), field('answers/site', 'choice')],
    personFields: [
      field('userId', 'user'),
      field('lastDay', 'date'),
      field('alsoSecondStep', 'yes_no'),
      field('mailbox', 'fate'),
      field('licences', 'held_licences'),
      field('groups', 'held_groups'),
      field('answers/desk', 'text'),
    ],
  } as const

  it('is told in the order of the page: the whole, each person, and at the end what is said beside it', () => {
    const values: Values = {
      reason: '',
      moreSeats: '',
      'answers/site': '',
      ...emptyPerson(form.personFields, 1),
      ...emptyPerson(form.personFields, 0),
    }
    assert.deepEqual(Object.keys(inOrder(form, values)), [
      'moreSeats',
      ...form.personFields.map(({ key }) => `people/0/${key}`),
      ...form.personFields.map(({ key }) => `people/1/${key}`),
      'reason',
      'answers/site',
    ])
  })

  it('is sent with its people as a list, ids for whom was chosen, and without what was left empty', () => {
    const values: Values = {
      reason: '  ',
      moreSeats: '5',
      'answers/site': 'North',
      ...emptyPerson(form.personFields, 0),
      'people/0/userId': anna,
      'people/0/lastDay': '2027-01-31',
      'people/0/mailbox': { does: 'share', to: anna },
      'people/0/licences': [{ id: 'spb', does: 'give', to: anna }],
      'people/0/groups': [{ id: 'all', does: '', to: null }],
      'people/0/answers/desk': ' 12 ',
    }
    assert.deepEqual(inputOf(form, values), {
      type: 'offboarding',
      moreSeats: 5,
      answers: { site: 'North' },
      people: [
        {
          userId: 'anna',
          lastDay: '2027-01-31',
          alsoSecondStep: false,
          mailbox: { does: 'share', toUserId: 'anna' },
          licences: [{ skuId: 'spb', does: 'give', toUserId: 'anna' }],
          groups: [{ groupId: 'all' }],
          answers: { desk: '12' },
        },
      ],
    })
  })

  it('tells what is wrong at each line of what somebody has, and at whom something goes to', () => {
    const values: Values = {
      ...emptyPerson(form.personFields, 0),
      'people/0/licences': [
        { id: 'spb', does: 'give', to: null },
        { id: 'e3', does: 'keep', to: null },
      ],
    }
    assert.deepEqual(placesWithin(form, values), [
      'people/0/mailbox/toUserId',
      'people/0/licences/0',
      'people/0/licences/1',
    ])
  })

  it('loses one of its people, and those after move up with all that was filled in for them', () => {
    const values: Values = {
      'people/0/lastDay': 'a',
      'people/1/lastDay': 'b',
      'people/2/answers/desk': 'c',
      reason: 'r',
    }
    assert.equal(personCountIn(values), 3)
    assert.deepEqual(withoutPerson(values, 1), { 'people/0/lastDay': 'a', 'people/1/answers/desk': 'c', reason: 'r' })
    assert.equal(personCountIn({ reason: '' }), 0)
  })

  it('has the MSP’s own questions among its answers, as the API takes them', () => {
    const own = { ...field('desk', 'text'), isOwn: true }
    const given = { ...form, title: '', intro: '', check: 'msp', checkWords: '', peopleMin: 1, peopleMax: 50 } as const
    const placed = inPlace({ ...given, fields: [own], personFields: [field('lastDay', 'date'), own] })
    assert.deepEqual(
      placed.fields.map(({ key }) => key),
      ['answers/desk'],
    )
    assert.deepEqual(
      placed.personFields.map(({ key }) => key),
      ['lastDay', 'answers/desk'],
    )
  })
})
