import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RequestField } from '../api/shapes.ts'
import { beginningOf } from './beginning.ts'
import { cleared, environmentOf, goneOf } from './environment.ts'
import type { Values } from './values.ts'

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
const form = {
  fields: [field('tenantId', 'tenant'), field('skuId', 'licence'), field('reason', 'long_text')],
  personFields: [
    field('userId', 'user'),
    field('does', 'choice'),
    field('mailbox', 'fate'),
    field('skuIds', 'licences'),
  ],
  peopleMin: 0,
}
const anna = { id: 'anna', name: 'Anna' }
const draft: Values = {
  tenantId: 'north',
  skuId: 'x',
  reason: 'Six people start.',
  'people/0/userId': anna,
  'people/0/does': 'give',
  'people/0/mailbox': { does: 'share', to: anna },
  'people/0/skuIds': ['x'],
  'people/0/longGone': 'y',
}

describe('A form of a request that is opened', () => {
  it('holds what its link says', () => {
    assert.deepEqual(beginningOf(form, { tenantId: 'south', skuId: 'y' }), {
      tenantId: 'south',
      skuId: 'y',
      reason: '',
    })
  })

  it('has one person to name where somebody has to be named', () => {
    assert.equal(beginningOf({ ...form, peopleMin: 1 }, {})['people/0/userId'], null)
    assert.equal('people/0/userId' in beginningOf(form, {}), false)
  })

  it('holds what was filled in before, as far as the form still asks for it', () => {
    const { 'people/0/longGone': _, ...rest } = draft
    assert.deepEqual(beginningOf(form, {}, draft), rest)
  })

  it('means the licence of its link, whatever the draft says', () => {
    const begun = beginningOf(form, { tenantId: 'north', skuId: 'y' }, draft)
    assert.equal(begun['skuId'], 'y')
    assert.equal(begun['reason'], 'Six people start.')
    assert.deepEqual(begun['people/0/userId'], anna)
  })

  it('holds nobody of the environment of the draft where its link is of another', () => {
    const begun = beginningOf(form, { tenantId: 'south', skuId: 'y' }, draft)
    assert.equal(begun['tenantId'], 'south')
    assert.equal(begun['skuId'], 'y')
    assert.equal(begun['people/0/userId'], null)
    assert.deepEqual(begun['people/0/skuIds'], [])
  })
})

describe('The environment of a form', () => {
  const two = [{ id: 'north' }, { id: 'south' }]

  it('is the first until another is chosen, and not one that is gone', () => {
    assert.equal(environmentOf({ tenantId: '' }, two), 'north')
    assert.equal(environmentOf({ tenantId: 'south' }, two), 'south')
    assert.equal(environmentOf({ tenantId: 'gone' }, two), 'north')
  })

  it('is nothing to tell of where there is but one', () => {
    assert.equal(environmentOf({ tenantId: 'gone' }, [{ id: 'north' }]), '')
  })

  it('takes with it all that is of it, and nothing else, when another is chosen', () => {
    assert.deepEqual(cleared(form, draft), {
      tenantId: 'north',
      skuId: '',
      reason: 'Six people start.',
      'people/0/userId': null,
      'people/0/does': 'give',
      'people/0/mailbox': { does: 'share', to: null },
      'people/0/skuIds': [],
      'people/0/longGone': 'y',
    })
  })

  it('says of what was chosen what is not there', () => {
    assert.deepEqual(goneOf(['x', 'y', ''], ['y', 'z']), ['x'])
  })
})
