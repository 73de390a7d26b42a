import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { activity } from './activity.ts'

const subject = { kind: 'request', id: 'one', name: 'New user: Ingrid Solberg' }
const by = (kind: 'contact' | 'staff' | 'api_key') => ({ kind, id: 'somebody', name: 'Dana Whitfield' })

describe('What somebody did, in the activity', () => {
  it('tells the approval of the customer’s own admin from that of the MSP', () => {
    const approved = { action: 'request.approved', subject }
    assert.equal(
      activity.sentence({ ...approved, actor: by('contact') }),
      'approved New user: Ingrid Solberg for the customer',
    )
    assert.equal(activity.sentence({ ...approved, actor: by('staff') }), 'approved New user: Ingrid Solberg')
    assert.equal(activity.sentence({ ...approved, actor: by('api_key') }), 'approved New user: Ingrid Solberg')
  })

  it('says so where the customer’s own admin declines, too', () => {
    assert.equal(
      activity.sentence({ action: 'request.declined', subject, actor: by('contact') }),
      'declined New user: Ingrid Solberg for the customer',
    )
  })
})

const change = (field: string, before: unknown, after: unknown) => ({ of: 'skus', field, before, after })

describe('A price, in the activity', () => {
  it('is one line in its currency', () => {
    const changes = [
      change('ownName', null, 'E3'),
      change('priceMinor', null, 1890),
      change('pricePer', null, 'month'),
      change('priceCurrency', null, 'GBP'),
    ]
    assert.deepEqual(
      activity
        .lines(changes)
        .map((line) => [activity.field(line), activity.value(line, line.before), activity.value(line, line.after)]),
      [
        ['Own name', 'empty', 'E3'],
        ['Price of a seat', 'empty', '£18.90 a month'],
      ],
    )
  })
})
