import { describe, expect, it } from 'vitest'
import { ConnectorFault } from '../connector.ts'
import { directoryContract } from '../contract.ts'
import type { AppToken, TokenCache } from './index.ts'
import tokenErrorNoConsent from './fixtures/token-error-no-consent.json' with { type: 'json' }
import { fixtureGraph, graphWith, json, stageDirectory, stageNow, tokenAnswer, tenantId } from './graph.stage.ts'

directoryContract('Microsoft Graph', stageDirectory)

describe('the tenant of the fixtures, in our words', () => {
  it('has a name and a default domain', async () => {
    const { directory } = graphWith(fixtureGraph)
    expect(await directory.organisation()).toEqual({
      name: 'Lindqvist Timber AB',
      defaultDomain: 'lindqvist-timber.example',
    })
  })

  it('gives its people page by page, then what changed', async () => {
    const { directory } = graphWith(fixtureGraph)
    const first = await directory.users(undefined)
    expect(first).toEqual({
      kind: 'page',
      users: [
        {
          id: '87d349ed-44d7-43e1-9a83-5f2406dee5bd',
          displayName: 'Adele Vance',
          userPrincipalName: 'adele.vance@lindqvist-timber.example',
          mail: 'adele.vance@lindqvist-timber.example',
          jobTitle: 'Sales Manager',
          department: 'Sales',
          businessPhone: '+46 8 555 0109',
          mobilePhone: '+46 70 555 0109',
          isGuest: false,
          signInAllowed: true,
          createdAt: '2021-03-12T10:36:14.000Z',
          skuIds: ['cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46'],
        },
        {
          id: '5bde3e51-d13b-4db1-9948-fe4b109d11a7',
          displayName: 'Front desk',
          userPrincipalName: 'frontdesk@lindqvist-timber.example',
          mail: null,
          jobTitle: null,
          department: null,
          businessPhone: null,
          mobilePhone: null,
          isGuest: false,
          signInAllowed: false,
          createdAt: '2019-01-07T07:00:00.000Z',
          skuIds: [],
        },
      ],
      removedIds: [],
      next: { kind: 'more', cursor: 'full https://graph.microsoft.com/v1.0/users/delta?$skiptoken=people-2' },
    })
    expect(
      await directory.users('full https://graph.microsoft.com/v1.0/users/delta?$skiptoken=people-3'),
    ).toMatchObject({
      users: [{ id: '693acd06-2877-4339-8ade-b704261fe7a0', isGuest: true, jobTitle: null }],
      removedIds: ['49320844-be99-4164-8167-87ff5d047ace'],
      next: { kind: 'done', cursor: 'changes https://graph.microsoft.com/v1.0/users/delta?$deltatoken=round-1' },
    })
    expect(await directory.users('changes https://graph.microsoft.com/v1.0/users/delta?$deltatoken=round-1')).toEqual({
      kind: 'page',
      users: [{ id: '87d349ed-44d7-43e1-9a83-5f2406dee5bd', jobTitle: 'Head of Sales' }],
      removedIds: ['693acd06-2877-4339-8ade-b704261fe7a0'],
      next: { kind: 'done', cursor: 'changes https://graph.microsoft.com/v1.0/users/delta?$deltatoken=round-2' },
    })
  })

  it('counts seats in their warning period as bought, and suspended ones apart', async () => {
    const { directory } = graphWith(fixtureGraph)
    expect(await directory.seats()).toMatchObject([
      {
        skuPartNumber: 'SPB',
        boughtCount: 43,
        assignedCount: 41,
        suspendedCount: 2,
        status: 'enabled',
        appliesTo: 'user',
      },
      { skuPartNumber: 'FLOW_FREE', boughtCount: 0, assignedCount: 7, suspendedCount: 10_000, status: 'suspended' },
    ])
  })

  it('lists subscriptions over all pages', async () => {
    const { directory } = graphWith(fixtureGraph)
    expect(await directory.subscriptions()).toMatchObject([
      {
        skuPartNumber: 'SPB',
        status: 'enabled',
        seatCount: 40,
        isTrial: false,
        nextLifecycleAt: '2027-02-01T00:00:00.000Z',
      },
      { skuId: '078d2b04-f1bd-4111-bbd4-b4b1b354cef4', status: 'locked_out', isTrial: true, nextLifecycleAt: null },
    ])
  })

  it('compares its secure score with tenants of its size, or else with all', async () => {
    const { directory } = graphWith(fixtureGraph)
    expect(await directory.securityScores(90)).toEqual([
      { day: '2026-11-20', current: 171.5, max: 286, comparison: 46.2 },
      { day: '2026-11-19', current: 168, max: 286, comparison: 41.6 },
    ])
  })

  it('lists alerts newest first', async () => {
    const { directory } = graphWith(fixtureGraph)
    expect(await directory.securityAlerts()).toEqual([
      {
        id: 'da638000000000000002_-1',
        title: 'Mass download of files',
        severity: 'unknown',
        status: 'new',
        raisedAt: '2026-11-19T06:00:00.000Z',
      },
      {
        id: 'da638000000000000001_-1',
        title: 'Sign-in from an unfamiliar place',
        severity: 'medium',
        status: 'in_progress',
        raisedAt: '2026-11-18T09:12:44.123Z',
      },
    ])
  })

  it('tells of the newest issue that is still open', async () => {
    const { directory } = graphWith(fixtureGraph)
    expect(await directory.serviceHealth()).toEqual([
      {
        serviceId: 'Exchange',
        service: 'Exchange Online',
        state: 'degraded',
        issueTitle: 'Some people cannot search in Outlook',
        issueStartedAt: '2026-11-20T06:30:00.000Z',
      },
      {
        serviceId: 'microsoftteams',
        service: 'Microsoft Teams',
        state: 'works',
        issueTitle: null,
        issueStartedAt: null,
      },
    ])
  })
})

describe('a request to Graph', () => {
  it('carries the token, gives way to people, can be traced, and follows no redirect', async () => {
    const { directory, askedOfGraph } = graphWith(fixtureGraph)
    await directory.seats()
    const request = askedOfGraph().at(0)
    expect(request?.headers.get('authorization')).toBe('Bearer fixture-access-token')
    expect(request?.headers.get('x-ms-throttle-priority')).toBe('low')
    expect(request?.headers.get('client-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(request?.redirect).toBe('manual')
  })

  it('asks for alerts of the last 90 days only', async () => {
    const { directory, askedOfGraph } = graphWith(fixtureGraph)
    await directory.securityAlerts()
    expect(askedOfGraph().at(0)?.url.searchParams.get('$filter')).toBe('createdDateTime ge 2026-08-22T12:00:00.000Z')
  })

  it('stops asking for alerts after ten pages, and keeps those', async () => {
    const { directory, askedOfGraph } = graphWith(({ url }) => {
      const page = Number(url.searchParams.get('$skiptoken') ?? 0)
      return json({
        value: [{ id: `alert-${page}`, createdDateTime: '2026-11-01T00:00:00Z' }],
        '@odata.nextLink': `https://graph.microsoft.com/v1.0/security/alerts_v2?$skiptoken=${page + 1}`,
      })
    })
    expect(await directory.securityAlerts()).toHaveLength(10)
    expect(askedOfGraph()).toHaveLength(10)
  })

  it('takes a list of seats without end for a fault, since half of it would read as licences lost', async () => {
    const { directory } = graphWith(({ url }) => {
      const page = Number(url.searchParams.get('$skiptoken') ?? 0)
      return json({
        value: [],
        '@odata.nextLink': `https://graph.microsoft.com/v1.0/subscribedSkus?$skiptoken=${page + 1}`,
      })
    })
    await expect(directory.seats()).rejects.toMatchObject({ kind: 'rejected' })
  })

  it('takes an answer without end for a fault', async () => {
    const { directory } = graphWith(() => new Response('x'.repeat(9 * 1024 * 1024)))
    await expect(directory.seats()).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('larger'),
    })
  })

  it('gathers secure scores in pages of a month and no more than asked for', async () => {
    const { directory, askedOfGraph } = graphWith(({ url }) => {
      const page = Number(url.searchParams.get('$skip') ?? 0)
      const value = Array.from({ length: 30 }, (_, index) => ({
        createdDateTime: new Date(stageNow - (page * 30 + index) * 86_400_000).toISOString(),
        currentScore: 10,
        maxScore: 20,
      }))
      return json({
        value,
        '@odata.nextLink': `https://graph.microsoft.com/v1.0/security/secureScores?$top=30&$skip=${page + 1}`,
      })
    })
    expect(await directory.securityScores(45)).toHaveLength(45)
    expect(askedOfGraph()).toHaveLength(2)
  })

  it.each([
    [410, 'anything'],
    [400, 'syncStateNotFound'],
    [404, 'SyncStateNotFound'],
    [400, 'resyncRequired'],
    [400, 'Directory_ExpiredPageToken'],
  ])('reads %i %s as an expired cursor', async (status, code) => {
    const { directory } = graphWith(() => json({ error: { code, message: '' } }, status))
    expect(await directory.users('changes https://graph.microsoft.com/v1.0/users/delta?$deltatoken=old')).toEqual({
      kind: 'expired',
    })
  })

  it('names the permission that a refused reading needs', async () => {
    const { directory } = graphWith(() => json({ error: { code: 'Forbidden', message: '' } }, 403))
    await expect(directory.securityScores(1)).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.stringContaining('SecurityEvents.Read.All'),
    })
  })

  it('works with a description taken at its emptiest word', async () => {
    const { directory } = graphWith(() => json({ value: [{ id: 'x' }], '@odata.nextLink': null }))
    expect(await directory.organisation()).toEqual({ name: tenantId, defaultDomain: null })
    expect(await directory.users(undefined)).toMatchObject({ kind: 'page', next: { kind: 'broken_off' } })
    expect(await directory.seats()).toEqual([])
    expect(await directory.subscriptions()).toEqual([])
    expect(await directory.securityScores(5)).toEqual([])
    expect(await directory.securityAlerts()).toMatchObject([{ id: 'x', severity: 'unknown', raisedAt: null }])
    expect(await directory.serviceHealth()).toMatchObject([{ serviceId: 'x', state: 'unknown' }])
  })
})

describe('the token', () => {
  it('is asked for once, for this tenant and by client credentials, however many read at once', async () => {
    const { directory, askedOfEntra } = graphWith(fixtureGraph)
    await Promise.all([directory.seats(), directory.organisation(), directory.serviceHealth()])
    expect(askedOfEntra()).toHaveLength(1)
    const request = askedOfEntra().at(0)
    expect(request?.url.href).toBe(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`)
    const form = new URLSearchParams(request?.body)
    expect(form.get('grant_type')).toBe('client_credentials')
    expect(form.get('scope')).toBe('https://graph.microsoft.com/.default')
  })

  it('is renewed before it expires', async () => {
    let now = stageNow
    const { directory, askedOfEntra } = graphWith(fixtureGraph, tokenAnswer, { now: () => now })
    await directory.seats()
    now += 3_200_000
    await directory.seats()
    expect(askedOfEntra()).toHaveLength(1)
    now += 200_000
    await directory.seats()
    expect(askedOfEntra()).toHaveLength(2)
  })

  it('is replaced once when Graph refuses it', async () => {
    let issued = 0
    const { directory, askedOfGraph, askedOfEntra } = graphWith(
      (asked) => (asked.headers.get('authorization') === 'Bearer token-2' ? fixtureGraph(asked) : json({}, 401)),
      () => json({ access_token: `token-${(issued += 1)}`, expires_in: 3599 }),
    )
    expect(await directory.seats()).toHaveLength(2)
    expect(askedOfGraph()).toHaveLength(2)
    expect(askedOfEntra()).toHaveLength(2)
  })

  it('is not asked for without end when Graph refuses every one', async () => {
    let issued = 0
    const { directory, askedOfGraph } = graphWith(
      () => json({}, 401),
      () => json({ access_token: `token-${(issued += 1)}`, expires_in: 3599 }),
    )
    await expect(directory.seats()).rejects.toMatchObject({ kind: 'unauthorized' })
    expect(askedOfGraph()).toHaveLength(2)
  })

  it('is shared through the cache it is given, unless it is old or was refused', async () => {
    let stored: AppToken | undefined = { value: 'cached', goodUntil: stageNow + 1 }
    const tokenCache: TokenCache = {
      read: async () => stored,
      write: async (token) => {
        stored = token
      },
    }
    const warm = graphWith(fixtureGraph, tokenAnswer, { tokenCache })
    await warm.directory.seats()
    expect(warm.askedOfEntra()).toHaveLength(0)

    stored = { value: 'cached', goodUntil: stageNow }
    const late = graphWith(fixtureGraph, tokenAnswer, { tokenCache })
    await late.directory.seats()
    expect(late.askedOfEntra()).toHaveLength(1)
    expect(stored).toMatchObject({ value: 'fixture-access-token' })

    stored = { value: 'cached', goodUntil: stageNow + 1 }
    const refused = graphWith(
      (asked) => (asked.headers.get('authorization') === 'Bearer cached' ? json({}, 401) : fixtureGraph(asked)),
      tokenAnswer,
      { tokenCache },
    )
    await refused.directory.seats()
    expect(refused.askedOfEntra()).toHaveLength(1)
  })

  it('that Entra refuses tells staff what to do, and Graph is not asked', async () => {
    const { directory, askedOfGraph } = graphWith(fixtureGraph, () => json(tokenErrorNoConsent, 400))
    const fault = await directory.seats().catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(ConnectorFault)
    expect(fault).toMatchObject({
      kind: 'unauthorized',
      message: expect.stringMatching(/global administrator .+ consent .+AADSTS700016/),
    })
    expect(askedOfGraph()).toHaveLength(0)
  })
})
