import { describe, expect, it } from 'vitest'
import { ConnectorFault, NotTold } from '../connector.ts'
import { directoryContract } from '../contract.ts'
import type { AppToken, TokenCache } from './index.ts'
import tokenErrorNoConsent from './fixtures/token-error-no-consent.json' with { type: 'json' }
import {
  fixtureGraph,
  graphWith,
  json,
  noPremium,
  stageDirectory,
  stageNow,
  tokenAnswer,
  tenantId,
} from './graph.stage.ts'

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
      {
        day: '2026-11-20',
        current: 171.5,
        max: 286,
        comparison: 46.2,
        controls: [{ id: 'AdminMFAV2', points: 10 }],
      },
      { day: '2026-11-19', current: 168, max: 286, comparison: 41.6, controls: [] },
    ])
  })

  it('lists alerts newest first', async () => {
    const { directory } = graphWith(fixtureGraph)
    expect(await directory.securityAlerts()).toEqual([
      {
        id: 'da638000000000000002_-1',
        title: 'Mass download of files',
        description: null,
        category: 'Exfiltration',
        severity: 'unknown',
        status: 'new',
        raisedAt: '2026-11-19T06:00:00.000Z',
      },
      {
        id: 'da638000000000000001_-1',
        title: 'Sign-in from an unfamiliar place',
        description: 'Someone signed in far away.',
        category: 'InitialAccess',
        severity: 'medium',
        status: 'in_progress',
        raisedAt: '2026-11-18T09:12:44.123Z',
      },
    ])
  })

  it('says when people last signed in: the last time that worked, or else the last attempt', async () => {
    const { directory } = graphWith(fixtureGraph)
    const first = await directory.signIns(undefined)
    expect(first).toEqual({
      kind: 'page',
      signIns: [
        { userId: '87d349ed-44d7-43e1-9a83-5f2406dee5bd', at: '2026-11-18T16:40:00.000Z' },
        { userId: '5bde3e51-d13b-4db1-9948-fe4b109d11a7', at: null },
      ],
      next: {
        kind: 'more',
        cursor: 'https://graph.microsoft.com/v1.0/users?$select=id,signInActivity&$top=500&$skiptoken=sign-ins-2',
      },
    })
    const cursor = first.kind === 'page' && first.next.kind === 'more' ? first.next.cursor : ''
    expect(await directory.signIns(cursor)).toEqual({
      kind: 'page',
      signIns: [{ userId: '693acd06-2877-4339-8ade-b704261fe7a0', at: '2023-04-05T10:00:00.000Z' }],
      next: { kind: 'done' },
    })
  })

  it('says who is whose manager, once for each of its people: nobody is their own', async () => {
    const { directory } = graphWith(fixtureGraph)
    const first = await directory.managers(undefined)
    expect(first).toEqual({
      kind: 'page',
      managed: [
        { userId: '87d349ed-44d7-43e1-9a83-5f2406dee5bd', managerId: '5bde3e51-d13b-4db1-9948-fe4b109d11a7' },
        { userId: '5bde3e51-d13b-4db1-9948-fe4b109d11a7', managerId: null },
        { userId: '4782e723-f4f4-4af3-a76e-25e3bab0d896', managerId: null },
      ],
      next: {
        kind: 'more',
        cursor:
          'https://graph.microsoft.com/v1.0/users?$select=id&$expand=manager($select=id)&$top=100&$skiptoken=managers-2',
      },
    })
    const cursor = first.kind === 'page' && first.next.kind === 'more' ? first.next.cursor : ''
    expect(await directory.managers(cursor)).toEqual({
      kind: 'page',
      managed: [{ userId: '693acd06-2877-4339-8ade-b704261fe7a0', managerId: '5bde3e51-d13b-4db1-9948-fe4b109d11a7' }],
      next: { kind: 'done' },
    })
  })

  it('gives its groups with their members, a large one on two pages, then what changed', async () => {
    const { directory } = graphWith(fixtureGraph)
    expect(await directory.groups(undefined)).toMatchObject({
      read: 'full',
      groups: [
        {
          kind: 'distribution',
          displayName: 'Everyone',
          members: [{ id: '87d349ed-44d7-43e1-9a83-5f2406dee5bd', kind: 'user' }],
        },
        {
          kind: 'microsoft_365',
          description: 'The people at the saw',
          members: [{ kind: 'user' }, { id: '11111111-1111-4111-8111-111111111111', kind: 'other' }],
        },
        { kind: 'other', displayName: 'VPN', members: [] },
      ],
      next: { kind: 'more' },
    })
    const rest = await directory.groups('full https://graph.microsoft.com/v1.0/groups/delta?$skiptoken=groups-2')
    expect(rest, 'nothing but members: all else stays as it was').toMatchObject({
      groups: [
        {
          id: '0a6c7f9e-3c64-4a0f-9f51-6d1c33c0a001',
          members: [{ id: '0a6c7f9e-3c64-4a0f-9f51-6d1c33c0a002', kind: 'group' }],
          removedMemberIds: [],
        },
      ],
      next: { kind: 'done' },
    })
    expect(Object.keys((rest.kind === 'page' ? rest.groups[0] : undefined) ?? {}).toSorted()).toEqual([
      'id',
      'members',
      'removedMemberIds',
    ])
    expect(
      await directory.groups('changes https://graph.microsoft.com/v1.0/groups/delta?$deltatoken=groups-round-1'),
    ).toMatchObject({
      read: 'changes',
      groups: [{ displayName: 'All of us', members: [], removedMemberIds: ['87d349ed-44d7-43e1-9a83-5f2406dee5bd'] }],
      removedIds: ['0a6c7f9e-3c64-4a0f-9f51-6d1c33c0a002'],
    })
  })

  it('says what a mailbox is for, and that there is none where Microsoft has no settings of one', async () => {
    const { directory, askedOfGraph } = graphWith(fixtureGraph)
    expect(await directory.mailboxPurpose('87d349ed-44d7-43e1-9a83-5f2406dee5bd')).toBe('shared')
    expect(await directory.mailboxPurpose('somebody/else')).toBe('none')
    expect(askedOfGraph().at(-1)?.url.pathname).toBe('/v1.0/users/somebody%2Felse')
  })

  it('says what could be done for its score, in plain words, and nothing of what no longer counts', async () => {
    const { directory } = graphWith(fixtureGraph)
    expect(await directory.scoreControls()).toEqual([
      {
        id: 'AdminMFAV2',
        title: 'Ensure multifactor authentication is enabled for administrators',
        category: 'Identity',
        maxPoints: 10,
        remediation: 'Open Conditional Access.\n\n- Select New policy\n- Require MFA & save',
      },
      { id: 'NoTitle', title: 'NoTitle', category: null, maxPoints: 3, remediation: '' },
    ])
  })

  it('tells of incidents with what Microsoft wrote last', async () => {
    const { directory, askedOfGraph } = graphWith(fixtureGraph)
    const since = Date.parse('2026-11-01T00:00:00Z')
    expect(await directory.serviceIssues(since)).toEqual([
      {
        id: 'EX226001',
        title: 'Mail arrived late',
        service: 'Exchange Online',
        classification: 'incident',
        state: 'works',
        startedAt: '2026-11-20T08:00:00.000Z',
        endedAt: '2026-11-20T09:00:00.000Z',
        isResolved: true,
        latestPost: "Title: Mail arrived late\n\nFinal status: It's over.",
        latestPostAt: '2026-11-20T09:20:00.000Z',
      },
      expect.objectContaining({ id: 'EX226574', classification: 'advisory', endedAt: null, latestPost: null }),
      expect.objectContaining({
        id: 'MO1',
        title: 'MO1',
        classification: 'unknown',
        state: 'unknown',
        startedAt: null,
      }),
    ])
    expect(askedOfGraph().at(0)?.url.searchParams.get('$filter')).toBe(
      'lastModifiedDateTime ge 2026-11-01T00:00:00.000Z',
    )
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

describe('a part that Microsoft does not tell', () => {
  it.each([400, 403] as const)('for want of a licence (%i) is told apart', async (status) => {
    const { directory } = graphWith(() => noPremium(status))
    await expect(directory.signIns(undefined)).rejects.toMatchObject({ kind: 'unauthorized', why: 'licence' })
  })

  it('for want of a permission is told apart, from a sign-in that is refused as well', async () => {
    const refusing = (status: number, code: string) => graphWith(() => json({ error: { code } }, status)).directory
    for (const read of ['signIns', 'managers', 'groups'] as const) {
      await expect(refusing(403, 'Authorization_RequestDenied')[read](undefined)).rejects.toMatchObject({
        why: 'permission',
      })
      const fault: unknown = await refusing(401, 'InvalidAuthenticationToken')
        [read](undefined)
        .catch((error: unknown) => error)
      expect(fault).toBeInstanceOf(ConnectorFault)
      expect(fault).not.toBeInstanceOf(NotTold)
    }
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
