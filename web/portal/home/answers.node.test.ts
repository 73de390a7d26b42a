import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { words } from '../../words/portal-home.ts'
import { asks, headline } from './answers.ts'
import type { Dashboard } from './home.data.ts'

type Ticket = Dashboard['tickets']['items'][number]
type Asked = Dashboard['requests']['items'][number]

const at = '2026-11-20T09:00:00.000Z'
const ticket = (id: string, waitsOnYou: boolean) =>
  ({ id, number: 1042, subject: `Ticket ${id}`, waitsOnYou, changedAt: at }) as Ticket
const request = (id: string, awaitsYou: boolean): Asked => ({
  id,
  subject: `Request ${id}`,
  state: 'awaiting_customer',
  awaitsYou,
  isMine: false,
  requesterName: 'Tom Okafor',
  createdAt: at,
})

/** A home page of a company that was read, where nothing is to be done. */
const quiet = {
  tenants: [{ asOf: at }],
  tickets: { waitingCount: 0, items: [] },
  requests: { awaitingYouCount: 0, openCount: 0, items: [] },
  security: { alerts: [] },
  health: { services: [] },
  licences: { items: [] },
} as unknown as Dashboard
const waiting = { ...quiet.requests, awaitingYouCount: 2, openCount: 3 }
const alert = { severity: 'high', title: 'A sign-in from nowhere', raisedAt: at }
const alarmed = { ...quiet, security: { alerts: [alert] } } as unknown as Dashboard

describe('The sentence on the home page', () => {
  it('says that all is well where nothing is', () => {
    assert.equal(headline(quiet), words.allWell)
  })

  it('says how many requests wait for the reader’s approval, before anything that is wrong', () => {
    assert.equal(headline({ ...alarmed, requests: waiting }), words.requestsWait(2))
  })

  it('says it also before anything was read of the company', () => {
    assert.equal(headline({ ...quiet, tenants: [], requests: waiting }), words.requestsWait(2))
    assert.equal(headline({ ...quiet, tenants: [] }), words.figuresComing)
  })

  it('names tickets that wait on the reader before requests', () => {
    assert.equal(
      headline({ ...quiet, tickets: { ...quiet.tickets, waitingCount: 1 }, requests: waiting }),
      words.ticketsWait(1),
    )
  })

  it('says nothing of requests that wait for others', () => {
    assert.equal(headline({ ...quiet, requests: { ...quiet.requests, openCount: 4 } }), words.allWell)
  })
})

describe('What is to be done, on the home page', () => {
  it('leads to each request that waits for the reader, and to none of the others', () => {
    const items = [request('a', true), request('b', false)]
    assert.deepEqual(asks({ ...quiet, requests: { ...waiting, items } }), [
      {
        title: 'Request a',
        text: words.requestWaits('Tom Okafor', at),
        step: { href: '/requests/a', label: words.lookAtRequest },
      },
    ])
  })

  it('has tickets first, then requests, then alerts, three at most', () => {
    const both = {
      ...alarmed,
      tickets: { ...quiet.tickets, items: [ticket('t', true), ticket('u', false)] },
      requests: { ...waiting, items: [request('a', true)] },
    }
    const titles = (dashboard: Dashboard) => asks(dashboard).map(({ title }) => title)
    assert.deepEqual(titles(both), ['Ticket t', 'Request a', 'A sign-in from nowhere'])
    const more = {
      ...both,
      requests: { ...waiting, items: [request('a', true), request('b', true), request('c', true)] },
    }
    assert.deepEqual(titles(more), ['Ticket t', 'Request a', 'Request b'])
  })
})
