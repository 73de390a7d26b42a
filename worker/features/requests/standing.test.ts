import { describe, expect, it } from 'vitest'
import { requestStates } from '../../../db/shard/schema.ts'
import { notWaiting, stateAfter, stateOfNew, waitingAfterReminder, waitingFrom } from './standing.ts'
import type { Act, Course } from './standing.ts'

const both: Course = { needsCustomer: true, needsMsp: true }
const DAY = 86_400_000

describe('A new request', () => {
  it.each([
    [{ needsCustomer: true, needsMsp: true }, 'awaiting_customer'],
    [{ needsCustomer: false, needsMsp: true }, 'awaiting_msp'],
    [{ needsCustomer: false, needsMsp: false }, 'approved'],
  ])('that needs %j begins as %s', (course, state) => {
    expect(stateOfNew(course)).toBe(state)
  })
})

describe('What is done to a request', () => {
  const acts: [Act['by'], Act['does'], string][] = [
    // submitted, awaiting_customer, awaiting_msp, approved, in_progress, done, declined, withdrawn, expired
    ['customer', 'approve', '-not_yet awaiting_msp -decided -decided -decided -ended -ended -ended -ended'],
    ['customer', 'decline', '-not_yet declined -decided -decided -decided -ended -ended -ended -ended'],
    ['requester', 'withdraw', '-not_yet withdrawn withdrawn withdrawn -under_way -ended -ended withdrawn -ended'],
    ['msp', 'approve', '-not_yet -not_yet approved -decided -decided -ended -ended -ended -ended'],
    ['msp', 'decline', '-not_yet declined declined -decided -decided -ended -ended -ended -ended'],
    ['time', 'expire', '-not_yet expired expired -decided -decided -ended -ended -ended expired'],
    [
      'facts',
      'ask_again',
      '-not_yet awaiting_customer awaiting_customer -decided -decided -ended -ended -ended -ended',
    ],
  ]
  const cases = acts.flatMap(([by, does, outcomes]) =>
    outcomes.split(' ').map((outcome, position) => ({ by, does, state: requestStates[position], outcome })),
  )

  it.each(cases)(
    'by $by, $does, while it is $state, comes to $outcome',
    ({ by, does, state = 'submitted', outcome }) => {
      const found = stateAfter({ state, ...both }, { by, does } as Act)
      expect('state' in found ? found.state : `-${found.refused}`).toBe(outcome)
    },
  )

  it('is asked of the MSP again where the customer was never to approve it', () => {
    const course = { needsCustomer: false, needsMsp: true }
    expect(stateAfter({ state: 'awaiting_msp', ...course }, { by: 'facts', does: 'ask_again' })).toEqual({
      state: 'awaiting_msp',
    })
  })
})

describe('The clock of a request that waits', () => {
  it('reminds after two, five and nine days, and ends after as many as the MSP says', () => {
    const first = waitingFrom(0, 14)
    expect(first).toEqual({
      awaitingSince: 0,
      remindedCount: 0,
      remindAt: 2 * DAY,
      expiresAt: 14 * DAY,
      attendAt: 2 * DAY,
    })
    const second = waitingAfterReminder(first, 2 * DAY)
    expect([second.remindAt, second.attendAt]).toEqual([5 * DAY, 5 * DAY])
    const last = waitingAfterReminder(waitingAfterReminder(second, 5 * DAY), 9 * DAY)
    expect(last).toMatchObject({ remindedCount: 3, remindAt: null, attendAt: 14 * DAY })
  })

  it('does not remind on the day it ends, or after', () => {
    expect(waitingFrom(0, 2)).toMatchObject({ remindAt: null, attendAt: 2 * DAY })
  })

  it('stands still where nothing waits', () => {
    expect(waitingAfterReminder(notWaiting, 0)).toEqual(notWaiting)
  })
})
