import { describe, expect, it } from 'vitest'
import type { HostnameFindings } from '../../../db/shard/schema.ts'
import { GRACE_MS, PATIENCE_MS, standingOf, stepsOf } from './standing.ts'
import type { Claim } from './standing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const at = Date.parse('2026-11-20T12:00:00Z')
const fine: HostnameFindings = {
  proof: 'ours',
  address: 'here',
  leadsTo: null,
  isTaken: false,
  edge: { state: 'active', certificate: 'active', said: [] },
}
const edge = (
  state: 'pending' | 'active' | 'blocked' | 'moved' | 'gone',
  certificate: 'pending' | 'active' | 'failed',
) => ({
  edge: { state, certificate, said: [] },
})
const claimed: Claim = { createdAt: at - 60_000, activeSince: null, troubleSince: null }
const answering: Claim = { createdAt: at - 90 * DAY, activeSince: at - 80 * DAY, troubleSince: null }

describe('What is missing of a name', () => {
  it.each([
    ['before the first look', null, ['unchecked', 'unchecked', 'unchecked']],
    ['when all is set up', {}, ['done', 'done', 'done']],
    [
      'without any record',
      { proof: 'missing', address: 'missing', edge: null },
      ['txt_missing', 'cname_missing', 'after_the_others'],
    ],
    ['with another text', { proof: 'other', edge: null }, ['txt_differs', 'done', 'after_the_others']],
    [
      'led elsewhere',
      { address: 'elsewhere', leadsTo: 'x', edge: null },
      ['done', 'cname_elsewhere', 'after_the_others'],
    ],
    [
      'whose name servers fail',
      { proof: 'unreadable', address: 'unreadable', edge: null },
      ['name_servers_fail', 'name_servers_fail', 'after_the_others'],
    ],
    ['that somebody else has', { isTaken: true, edge: null }, ['name_taken', 'done', 'after_the_others']],
    ['before the edge knows it', { edge: null }, ['done', 'done', 'being_issued']],
    ['while its certificate is made', edge('active', 'pending'), ['done', 'done', 'being_issued']],
    ['before the edge has seen it', edge('pending', 'pending'), ['done', 'done', 'being_issued']],
    ['without a certificate', edge('active', 'failed'), ['done', 'done', 'not_issued']],
    ['that is blocked', edge('blocked', 'pending'), ['done', 'done', 'blocked']],
    ['that moved', edge('moved', 'active'), ['done', 'done', 'moved']],
    ['that was taken away at the edge', edge('gone', 'active'), ['done', 'done', 'being_issued']],
  ] as const)('%s', (_, more, reasons) => {
    const steps = stepsOf(more === null ? null : { ...fine, ...more })
    expect(steps.map(({ reason }) => reason)).toEqual(reasons)
    expect(steps.map(({ done }) => done)).toEqual(reasons.map((reason) => reason === 'done'))
  })
})

describe('A claimed name', () => {
  it.each([
    ['is active once everything is found', {}, 'active', true],
    ['is pending while records are missing', { proof: 'missing', address: 'missing', edge: null }, 'pending', false],
    [
      'is pending while only the proof is there',
      { address: 'elsewhere', edge: edge('pending', 'pending').edge },
      'pending',
      false,
    ],
    ['is pending while only the address is there', { proof: 'missing', edge: null }, 'pending', false],
    ['is pending while its certificate is made', edge('active', 'pending'), 'pending', false],
    ['is a problem when somebody else has it', { isTaken: true, edge: null }, 'problem', false],
    ['is a problem when it is blocked', edge('blocked', 'pending'), 'problem', false],
    ['is a problem when no certificate comes', edge('active', 'failed'), 'problem', false],
  ] as const)('%s', (_, more, state, answers) => {
    expect(standingOf(claimed, { ...fine, ...more }, at)).toMatchObject({
      state,
      answers,
      troubleSince: null,
    })
  })

  it.each([
    [60_000, 2 * 60_000],
    [2 * HOUR, 15 * 60_000],
    [2 * DAY, 6 * HOUR],
    [PATIENCE_MS + 1, null],
  ])('that waits for %d ms is looked at again after %s', (ageMs, waitMs) => {
    const { nextCheckAt } = standingOf(
      { ...claimed, createdAt: at - ageMs },
      { ...fine, proof: 'missing', edge: null },
      at,
    )
    expect(nextCheckAt).toBe(waitMs === null ? null : at + waitMs)
  })
})

describe('A name that answers', () => {
  it('is looked at daily', () => {
    expect(standingOf(answering, fine, at)).toEqual({
      state: 'active',
      answers: true,
      troubleSince: null,
      nextCheckAt: at + DAY,
    })
  })

  it.each([
    ['its proof is gone', { proof: 'missing' }],
    ['its proof says something else', { proof: 'other' }],
    ['it leads elsewhere', { address: 'elsewhere', leadsTo: 'x' }],
    ['it leads nowhere', { address: 'missing' }],
    ['its name servers fail', { proof: 'unreadable', address: 'unreadable' }],
    ['its certificate ran out', edge('active', 'failed')],
    ['the edge lost it', edge('gone', 'active')],
  ] as const)('is in trouble when %s, and goes on answering for a week', (_, more) => {
    const found = { ...fine, ...more } as HostnameFindings
    expect(standingOf(answering, found, at)).toMatchObject({ state: 'problem', answers: true, troubleSince: at })
    const inTrouble = { ...answering, troubleSince: at - GRACE_MS + 1 }
    expect(standingOf(inTrouble, found, at)).toMatchObject({ state: 'problem', answers: true, nextCheckAt: at + 1 })
    expect(standingOf({ ...answering, troubleSince: at - GRACE_MS }, found, at)).toMatchObject({
      state: 'problem',
      answers: false,
      troubleSince: at - GRACE_MS,
    })
  })

  it('is fine again once everything is found again', () => {
    expect(standingOf({ ...answering, troubleSince: at - 3 * DAY }, fine, at)).toMatchObject({
      state: 'active',
      troubleSince: null,
    })
  })
})

describe('A name that was given up', () => {
  it('stays a problem until everything is found, and then answers', () => {
    const givenUp = { ...answering, activeSince: null, troubleSince: at - 8 * DAY }
    expect(standingOf(givenUp, { ...fine, proof: 'missing', edge: null }, at)).toMatchObject({
      state: 'problem',
      answers: false,
    })
    expect(standingOf(givenUp, fine, at)).toMatchObject({ state: 'active', answers: true })
  })
})
