import { describe, expect, it } from 'vitest'
import { monthlyText } from './monthly.words.ts'
import type { MonthlyFigures } from './monthly.words.ts'
import { daysOfMonth, monthTold, nextReportAt, onDay } from './months.ts'

const LONDON = 'Europe/London'
const AUCKLAND = 'Pacific/Auckland'

describe('A monthly report leaves', () => {
  it.each([
    ['2026-11-18T12:00:00Z', LONDON, 1, '2026-12-01T06:00:00.000Z'],
    ['2026-12-01T05:59:00Z', LONDON, 1, '2026-12-01T06:00:00.000Z'],
    ['2026-12-01T06:00:00Z', LONDON, 1, '2027-01-01T06:00:00.000Z'],
    ['2026-06-30T23:30:00Z', LONDON, 1, '2026-07-01T05:00:00.000Z'],
    ['2026-11-30T10:30:00Z', AUCKLAND, 1, '2026-11-30T17:00:00.000Z'],
    ['2026-12-15T00:00:00Z', 'America/Los_Angeles', 1, '2027-01-01T14:00:00.000Z'],
    ['2026-12-01T06:00:00Z', LONDON, 28, '2026-12-28T06:00:00.000Z'],
    ['2026-12-28T06:00:00Z', LONDON, 28, '2027-01-28T06:00:00.000Z'],
  ])('asked at %s in %s for the %sth: at %s', (at, timeZone, day, expected) => {
    expect(new Date(nextReportAt(Date.parse(at), timeZone, day)).toISOString()).toBe(expected)
  })

  it.each([
    ['2027-01-01T06:00:00Z', LONDON, 15, '2027-01-15T06:00:00.000Z', '2026-12'],
    ['2026-12-15T06:00:00Z', LONDON, 1, '2026-12-01T06:00:00.000Z', '2026-11'],
    ['2026-11-30T17:00:00Z', AUCKLAND, 3, '2026-12-02T17:00:00.000Z', '2026-11'],
  ])(
    'due at %s in %s and moved to the %sth: at %s, and tells of %s as before',
    (at, timeZone, day, expected, month) => {
      const moved = onDay(Date.parse(at), timeZone, day)
      expect(new Date(moved).toISOString()).toBe(expected)
      expect(monthTold(moved, timeZone)).toBe(month)
    },
  )

  it.each([
    ['2026-12-01T06:00:00Z', LONDON, '2026-11', '2026-11-01', '2026-12-01'],
    ['2026-11-30T17:00:00Z', AUCKLAND, '2026-11', '2026-11-01', '2026-12-01'],
    ['2027-01-01T06:00:00Z', LONDON, '2026-12', '2026-12-01', '2027-01-01'],
  ])('and, due at %s in %s, tells of %s', (at, timeZone, month, from, until) => {
    expect(monthTold(Date.parse(at), timeZone)).toBe(month)
    expect(daysOfMonth(month)).toEqual({ from, until })
  })
})

describe('The mail of a month', () => {
  const facts = {
    name: 'Dana',
    companyName: 'Fabrikam Dental',
    mspName: 'Northwind IT',
    month: '2026-11',
    timeZone: LONDON,
    locale: 'en-GB',
    parts: ['people', 'licences', 'renewals', 'security'] as const,
    action: { label: 'See your reports', url: 'https://fabrikam.example/reports' },
  }
  const asOf = Date.parse('2026-12-01T05:40:00Z')
  const linesOf = (
    figures: Omit<MonthlyFigures, 'asOf'>,
    parts: readonly (typeof facts.parts)[number][] = facts.parts,
  ) => monthlyText({ ...facts, parts }, { asOf, ...figures })?.content.paragraphs.slice(1)
  const score = {
    score: { current: 54.25, max: 100, comparison: 61.5, change: 2.04 },
    openAlertCount: 0,
    isTold: true,
  }

  it.each<[string, Omit<MonthlyFigures, 'asOf'>, string[]]>([
    [
      'people and what happened to them',
      { people: { activeCount: 48, changes: { joined: 3, left: 1, licence_given: 2 } } },
      ['People: 48 people can sign in.\nIn this month: 3 joined, 1 left.\n2 licences were given.'],
    ],
    [
      'one person, and a quiet month',
      { people: { activeCount: 1, changes: {} } },
      ['People: 1 person can sign in.\nNobody joined or left in this month.'],
    ],
    [
      'over-use by name',
      {
        licences: [
          { name: 'Premium', boughtCount: 5, availableCount: 0, overCount: 1 },
          { name: 'Basic', boughtCount: 5, availableCount: 2, overCount: 0 },
        ],
      },
      ['Licences: 2 seats are free.\n1 more person uses Premium than you bought.'],
    ],
    [
      'renewals by day',
      { renewals: [{ name: 'Premium', seatCount: 5, at: Date.parse('2027-01-12T00:00:00Z') }] },
      ['Renewals: 1 subscription ends or renews in the next 90 days.\n12 January 2027: Premium, 5 seats'],
    ],
    ['that nothing renews', { renewals: [] }, ['Renewals: none in the next 90 days.']],
    [
      'the score and where it went',
      { security: score },
      [
        'Security score: 54.3 of 100 points (54%), 2 more than a month ago.\nSimilar organisations reach 61.5%.\nNo alert is open.',
      ],
    ],
    [
      'a score of nothing, first seen, with an alert',
      {
        security: {
          score: { current: 0, max: 0, comparison: null, change: null },
          openAlertCount: 1,
          isTold: true,
        },
      },
      ['Security score: 0 of 0 points.\n1 alert is open.'],
    ],
    [
      'alerts without a score',
      { security: { score: null, openAlertCount: 2, isTold: true } },
      ['Security: Microsoft gives no score.\n2 alerts are open.'],
    ],
    [
      'of alerts that Microsoft does not tell no number',
      { security: { ...score, isTold: false } },
      [
        'Security score: 54.3 of 100 points (54%), 2 more than a month ago.\nSimilar organisations reach 61.5%.\nMicrosoft does not tell whether alerts are open.',
      ],
    ],
    [
      'that there may be more alerts than Microsoft tells of',
      { security: { score: null, openAlertCount: 1, isTold: false } },
      ['Security: Microsoft gives no score.\n1 alert is open, and Microsoft does not tell of all.'],
    ],
  ])('tells %s', (_, figures, expected) => {
    expect(linesOf(figures)).toEqual(expected)
  })

  it('holds the parts that were chosen alone, and is none where there is nothing to tell', () => {
    const figures = { people: { activeCount: 2, changes: {} }, security: score }
    expect(linesOf(figures, ['security'])).toHaveLength(1)
    expect(linesOf(figures, ['renewals'])).toBeUndefined()
    expect(linesOf({ licences: [] })).toBeUndefined()
    expect(monthlyText(facts, { asOf, ...figures })?.subject).toBe('Fabrikam Dental in November 2026')
  })
})
