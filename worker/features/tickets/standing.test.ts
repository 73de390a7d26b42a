import { describe, expect, it } from 'vitest'
import { ticketStates } from '../../../db/shard/schema.ts'
import { attentionOf, standingAfter, standingOfNew, standingWithPriority, stateAfter } from './standing.ts'
import type { Act, Standing, TicketState } from './standing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const targets = { firstAnswerHours: 4, resolutionHours: 24 }
const noTargets = { firstAnswerHours: null, resolutionHours: null }

describe('What is done to a ticket', () => {
  const acts: [Act['by'], Act['does'], ...string[]][] = [
    //                      new            in progress    waiting        resolved       closed
    ['customer', 'comment', 'new', 'in_progress', 'in_progress', 'in_progress', '- closed'],
    ['customer', 'close', 'closed', 'closed', 'closed', 'closed', 'closed'],
    ['customer', 'reopen', '- not_ended', '- not_ended', '- not_ended', 'in_progress', 'in_progress'],
    ['staff', 'answer', 'in_progress', 'in_progress', 'waiting_on_customer', 'resolved', '- ended'],
    ['staff', 'start', 'in_progress', 'in_progress', 'in_progress', '- ended', '- ended'],
    ['staff', 'wait', 'waiting_on_customer', 'waiting_on_customer', 'waiting_on_customer', '- ended', '- ended'],
    ['staff', 'resolve', 'resolved', 'resolved', 'resolved', 'resolved', '- ended'],
    ['staff', 'close', 'closed', 'closed', 'closed', 'closed', 'closed'],
    ['staff', 'reopen', '- not_ended', '- not_ended', '- not_ended', 'in_progress', 'in_progress'],
    ['time', 'close', '- not_ended', '- not_ended', '- not_ended', 'closed', 'closed'],
  ]
  const cases = acts.flatMap(([by, does, ...outcomes]) =>
    ticketStates.map((state, position) => ({ by, does, state, outcome: outcomes[position] ?? '' })),
  )

  it.each(cases)('by $by, $does, while it is $state, comes to $outcome', ({ by, does, state, outcome }) => {
    const found = stateAfter({ state, reopenUntil: 10 }, { by, does } as Act, 5)
    expect('state' in found ? found.state : `- ${found.refused}`).toBe(outcome)
  })

  it.each(['resolved', 'closed'] as const)(
    'opens a %s one again for a customer until the day is over, and for staff at any time',
    (state) => {
      const again = (by: 'customer' | 'staff', at: number) =>
        stateAfter({ state, reopenUntil: 10 }, { by, does: 'reopen' }, at)
      expect(again('customer', 10)).toEqual({ state: 'in_progress' })
      expect(again('customer', 11)).toEqual({ refused: 'too_late' })
      expect(again('staff', 11)).toEqual({ state: 'in_progress' })
      if (state === 'resolved')
        expect(stateAfter({ state, reopenUntil: 10 }, { by: 'customer', does: 'comment' }, 11)).toEqual({
          refused: 'too_late',
        })
    },
  )
})

describe('The clock of a ticket', () => {
  const fresh = standingOfNew('normal', targets, 0)
  const come = (before: Standing, state: TicketState, at: number, answers = false) =>
    standingAfter(before, { state, at, answers, targets, reopenDays: 7 })

  it('begins with what its priority asks for, the first answer being due first', () => {
    expect(fresh).toMatchObject({ firstAnswerDueAt: 4 * HOUR, resolutionDueAt: 24 * HOUR, dueAt: 4 * HOUR })
    expect(standingOfNew('normal', noTargets, 0)).toMatchObject({ firstAnswerDueAt: null, dueAt: null })
  })

  it('minds the resolution once it was answered, and the answer stays the first', () => {
    const answered = come(fresh, 'in_progress', HOUR, true)
    expect(answered).toMatchObject({ firstAnsweredAt: HOUR, dueAt: 24 * HOUR })
    expect(come(answered, 'in_progress', 2 * HOUR, true).firstAnsweredAt).toBe(HOUR)
  })

  it('stands still while it waits on the customer, and goes on by as much later', () => {
    const waits = come(fresh, 'waiting_on_customer', HOUR, true)
    expect(waits).toMatchObject({ waitingSince: HOUR, dueAt: null })
    expect(come(waits, 'waiting_on_customer', 2 * HOUR, true)).toMatchObject({ waitingSince: HOUR, waitedMs: 0 })
    expect(come(waits, 'in_progress', 11 * HOUR)).toMatchObject({
      waitingSince: null,
      waitedMs: 10 * HOUR,
      dueAt: 34 * HOUR,
    })
  })

  it('stands still while it is ended, too, also where it waited right before', () => {
    const resolved = come(come(fresh, 'waiting_on_customer', HOUR, true), 'resolved', 3 * HOUR)
    expect(resolved).toMatchObject({ resolvedAt: 3 * HOUR, endedAt: 3 * HOUR, dueAt: null, waitedMs: 2 * HOUR })
    expect(come(resolved, 'in_progress', 5 * HOUR)).toMatchObject({
      resolvedAt: null,
      endedAt: null,
      waitedMs: 4 * HOUR,
      dueAt: 28 * HOUR,
    })
  })

  it('gives a customer as many days as the MSP says to open it again, counted from when it was ended first', () => {
    const resolved = come(fresh, 'resolved', HOUR)
    expect(resolved.reopenUntil).toBe(HOUR + 7 * DAY)
    expect(come(resolved, 'closed', 2 * DAY)).toMatchObject({
      reopenUntil: HOUR + 7 * DAY,
      resolvedAt: HOUR,
      endedAt: HOUR,
    })
    expect(come(resolved, 'in_progress', 2 * DAY).reopenUntil).toBeNull()
  })

  it('counts another priority’s targets from the beginning', () => {
    const urgent = standingWithPriority(fresh, 'urgent', { firstAnswerHours: 1, resolutionHours: 4 }, 2 * HOUR)
    expect(urgent).toMatchObject({ priority: 'urgent', firstAnswerDueAt: HOUR, resolutionDueAt: 4 * HOUR, dueAt: HOUR })
  })

  it('sorts what waits on the customer before what is open, and that before what ended, the latest first', () => {
    const order = [
      attentionOf('waiting_on_customer', 2),
      attentionOf('waiting_on_customer', 1),
      attentionOf('new', 9),
      attentionOf('in_progress', 8),
      attentionOf('closed', 99),
      attentionOf('resolved', 98),
    ]
    expect(order.toSorted((one, other) => other - one)).toEqual(order)
    expect(Math.max(...order) + Date.now()).toBeLessThan(Number.MAX_SAFE_INTEGER)
  })
})
