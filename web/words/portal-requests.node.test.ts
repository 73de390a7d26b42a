import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { RequestSummary } from '../api/shapes.ts'
import { words } from './portal-requests.ts'

it('A request is for the day it was asked for, west of Greenwich, too', () => {
  process.env['TZ'] = 'America/New_York'
  const request = {
    requestedBy: { name: 'Dana' },
    createdAt: '2026-12-01T12:00:00Z',
    firstOn: '2027-03-01',
  } as RequestSummary
  assert.match(words.about(request, true), /for 1 Mar 2027$/)
})
