import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RequestFormOverlaySettings, RequestFormSettings } from '../../api/shapes.ts'
import { mastersIn, masterValues, overlaysIn, overlayValues, shownFields } from './values.ts'

const field = (key: string, mayHide: boolean) => ({
  key,
  kind: 'text' as const,
  label: key,
  help: `How to fill in ${key}.`,
  isRequired: !mayHide,
  isOwn: false,
  isEach: true,
  mayHide,
  options: [],
  lengthMax: null,
  min: null,
  max: null,
  firstDay: null,
  lastDay: null,
})
const known = [field('givenName', false), field('jobTitle', true), field('phone', true)]
const question = (id: string, label: string) => ({
  id,
  kind: 'text' as const,
  label,
  help: '',
  isRequired: false,
  isEach: true,
  options: [],
})
const desk = question('desk', 'Which desk?')
const badge = question('badge', 'Which badge?')

const settings: RequestFormSettings = {
  version: 3,
  categories: [{ id: 'people', name: 'People' }],
  items: [
    {
      type: 'new_user',
      title: 'New user',
      known,
      fields: [desk, badge],
      hidden: ['phone'],
      helps: { jobTitle: 'As on the contract.' },
      category: 'people',
    },
    { type: 'offboarding', title: 'Offboarding', known, fields: [desk], hidden: [], helps: {}, category: 'retired' },
  ],
}
const [newUser] = settings.items
assert(newUser !== undefined)

const theirs: RequestFormOverlaySettings = {
  version: 1,
  items: [
    {
      type: 'new_user',
      title: 'New user',
      known,
      master: { fields: [desk], hidden: ['phone'], helps: {} },
      fields: [badge],
      hidden: { phone: false, desk: true },
      helps: {},
    },
    {
      type: 'offboarding',
      title: 'Offboarding',
      known,
      master: { fields: [], hidden: [], helps: {} },
      fields: [],
      hidden: { gone: true, jobTitle: true },
      helps: {},
    },
  ],
}
const [theirNewUser] = theirs.items
assert(theirNewUser !== undefined)

describe('What an MSP adds to a form', () => {
  it('is sent as it was read while nothing is changed, with the other forms beside it', () => {
    const { forms } = mastersIn(settings, 'new_user', masterValues(newUser, settings))
    assert.deepEqual(forms.new_user, {
      fields: [desk, badge],
      hidden: ['phone'],
      helps: { jobTitle: 'As on the contract.' },
      category: 'people',
    })
    assert.deepEqual(forms.offboarding?.fields, [desk])
  })

  it('leaves tickets to the first category where the one that was chosen is not offered any more', () => {
    const { forms } = mastersIn(settings, 'new_user', masterValues(newUser, settings))
    assert.equal(forms.offboarding?.category, null)
  })

  it('loses a question that was taken away, and a help that was emptied', () => {
    const values = masterValues(newUser, settings)
    const { forms } = mastersIn(settings, 'new_user', {
      ...values,
      fields: [{ ...desk, isGone: true }, badge],
      'helps/jobTitle': ' ',
      'hidden/phone': false,
      'hidden/jobTitle': true,
    })
    assert.deepEqual(forms.new_user?.fields, [badge])
    assert.deepEqual(forms.new_user.helps, {})
    assert.deepEqual(forms.new_user.hidden, ['jobTitle'])
  })
})

describe('What a customer has otherwise', () => {
  it('is sent as it was read while nothing is changed', () => {
    const { forms } = overlaysIn(theirs, 'new_user', overlayValues(theirNewUser))
    assert.deepEqual(forms.new_user, { fields: [badge], hidden: { phone: false, desk: true }, helps: {} })
  })

  it('has another help at a question that all customers are asked', () => {
    const values = overlayValues(theirNewUser)
    assert.equal(values['helps/desk'], '')
    const { forms } = overlaysIn(theirs, 'new_user', { ...values, 'helps/desk': ' By the window. ' })
    assert.deepEqual(forms.new_user?.helps, { desk: 'By the window.' })
  })

  it('says nothing of a question any more that nobody is asked', () => {
    const { forms } = overlaysIn(theirs, 'new_user', overlayValues(theirNewUser))
    assert.deepEqual(forms.offboarding?.hidden, { jobTitle: true })
  })

  it('is as for all customers again once that is chosen', () => {
    const values = { ...overlayValues(theirNewUser), 'hidden/phone': '', 'hidden/desk': 'asked' } as const
    assert.deepEqual(overlaysIn(theirs, 'new_user', values).forms.new_user?.hidden, { desk: false })
  })
})

describe('The form as it is shown', () => {
  it('has what is asked of it, help of one’s own before its own, and new questions last', () => {
    const { fields, personFields } = shownFields(
      known,
      [desk, { ...badge, isGone: true }, { ...question('', 'New'), isEach: false }],
      (key) => key === 'phone',
      (key) => (key === 'jobTitle' ? 'As on the contract.' : key === 'desk' ? 'By the window.' : ''),
    )
    assert.deepEqual(
      personFields.map(({ label, help }) => [label, help]),
      [
        ['givenName', 'How to fill in givenName.'],
        ['jobTitle', 'As on the contract.'],
        ['Which desk?', 'By the window.'],
      ],
    )
    assert.deepEqual(
      fields.map(({ label }) => label),
      ['New'],
    )
  })
})
