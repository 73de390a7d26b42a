import type { DirectoryScene, ScenePage, StagedDirectory } from '../contract.ts'
import alerts from './fixtures/alerts.json' with { type: 'json' }
import errorExpired from './fixtures/error-expired.json' with { type: 'json' }
import errorNoPremium from './fixtures/error-no-premium.json' with { type: 'json' }
import errorNotAllowed from './fixtures/error-not-allowed.json' with { type: 'json' }
import errorNotSignedIn from './fixtures/error-not-signed-in.json' with { type: 'json' }
import errorThrottled from './fixtures/error-throttled.json' with { type: 'json' }
import groups1 from './fixtures/groups-delta-1.json' with { type: 'json' }
import groups2 from './fixtures/groups-delta-2.json' with { type: 'json' }
import groupsChanges from './fixtures/groups-delta-changes.json' with { type: 'json' }
import healthOverviews from './fixtures/health-overviews.json' with { type: 'json' }
import mailbox from './fixtures/mailbox.json' with { type: 'json' }
import managers1 from './fixtures/managers-1.json' with { type: 'json' }
import managers2 from './fixtures/managers-2.json' with { type: 'json' }
import organization from './fixtures/organization.json' with { type: 'json' }
import scoreControls from './fixtures/score-controls.json' with { type: 'json' }
import secureScores from './fixtures/secure-scores.json' with { type: 'json' }
import serviceIssues from './fixtures/service-issues.json' with { type: 'json' }
import signIns1 from './fixtures/sign-ins-1.json' with { type: 'json' }
import signIns2 from './fixtures/sign-ins-2.json' with { type: 'json' }
import subscribedSkus from './fixtures/subscribed-skus.json' with { type: 'json' }
import subscriptions1 from './fixtures/directory-subscriptions-1.json' with { type: 'json' }
import subscriptions2 from './fixtures/directory-subscriptions-2.json' with { type: 'json' }
import token from './fixtures/token.json' with { type: 'json' }
import usersChanges from './fixtures/users-delta-changes.json' with { type: 'json' }
import users1 from './fixtures/users-delta-1.json' with { type: 'json' }
import users2 from './fixtures/users-delta-2.json' with { type: 'json' }
import users3 from './fixtures/users-delta-3.json' with { type: 'json' }
import type { GraphConfig } from './api.ts'
import { graphDirectory } from './index.ts'

/** A Graph and an Entra for tests: they answer from `fixtures/`, remember what they were asked, and reach nobody. */

export const tenantId = '6f7a1c52-8f0a-4d39-9a41-5d0d3f2b7c10'
export const stageNow = Date.parse('2026-11-20T12:00:00Z')
const entraUrl = 'https://login.microsoftonline.com'
const graphUrl = 'https://graph.microsoft.com/v1.0'
const clientSecret = 'fixture-client-secret'

export type Asked = { method: string; url: URL; headers: Headers; body: string; redirect: string | undefined }
export type Answerer = (asked: Asked) => Response | Promise<Response>

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

export const noPremium = (status: 400 | 403): Response => json(errorNoPremium, status)

export const tokenAnswer = (): Response => json(token)

/** A Directory whose Graph answers by `graph`, and whose Entra gives a token unless `entra` says otherwise. */
export function graphWith(graph: Answerer, entra: Answerer = tokenAnswer, config: Partial<GraphConfig> = {}) {
  const asked: Asked[] = []
  const directory = graphDirectory({
    entraUrl,
    graphUrl,
    clientId: '11111111-2222-4333-8444-555555555555',
    clientSecret,
    tenantId,
    now: () => stageNow,
    fetch: async (address, request) => {
      const one: Asked = {
        method: request.method ?? 'GET',
        url: new URL(address),
        headers: new Headers(request.headers),
        body: request.body instanceof URLSearchParams ? request.body.toString() : '',
        redirect: request.redirect,
      }
      asked.push(one)
      return one.url.origin === new URL(entraUrl).origin ? entra(one) : graph(one)
    },
    ...config,
  })
  const isGraph = (one: Asked) => one.url.origin === new URL(graphUrl).origin
  return {
    directory,
    asked,
    askedOfGraph: () => asked.filter(isGraph),
    askedOfEntra: () => asked.filter((one) => !isGraph(one)),
  }
}

/** The tenant of `fixtures/`, with all its pages. */
export const fixtureGraph: Answerer = ({ url }) => {
  const first = url.searchParams.get('$expand')?.startsWith('manager') === true ? 'managers-1' : 'first'
  const page = url.searchParams.get('$skiptoken') ?? url.searchParams.get('$deltatoken') ?? first
  const answer = fixtures.get(`${url.pathname.slice(new URL(graphUrl).pathname.length)} ${page}`)
  return answer === undefined ? json({ error: { code: 'itemNotFound', message: 'Not found.' } }, 404) : json(answer)
}

const fixtures = new Map<string, unknown>([
  ['/organization first', organization],
  ['/subscribedSkus first', subscribedSkus],
  ['/directory/subscriptions first', subscriptions1],
  ['/directory/subscriptions subscriptions-2', subscriptions2],
  ['/users/delta first', users1],
  ['/users/delta people-2', users2],
  ['/users/delta people-3', users3],
  ['/users/delta round-1', usersChanges],
  ['/users first', signIns1],
  ['/users sign-ins-2', signIns2],
  ['/users managers-1', managers1],
  ['/users managers-2', managers2],
  [`/users/${mailbox.id} first`, mailbox],
  ['/groups/delta first', groups1],
  ['/groups/delta groups-2', groups2],
  ['/groups/delta groups-round-1', groupsChanges],
  ['/security/secureScoreControlProfiles first', scoreControls],
  ['/admin/serviceAnnouncement/issues first', serviceIssues],
  ['/security/secureScores first', secureScores],
  ['/security/alerts_v2 first', alerts],
  ['/admin/serviceAnnouncement/healthOverviews first', healthOverviews],
])

export function stageDirectory(scene: DirectoryScene): StagedDirectory {
  const { directory, asked } = graphWith(answererOf(scene))
  return {
    directory,
    hostsAsked: () => [...new Set(asked.map((one) => one.url.host))],
    ownHosts: [new URL(entraUrl).host, new URL(graphUrl).host],
    secrets: [clientSecret, token.access_token],
  }
}

function answererOf(scene: DirectoryScene): Answerer {
  switch (scene.kind) {
    case 'people':
      return ({ url }) => peoplePage(scene.pages, url)
    case 'job_title_changes':
      return ({ url }) =>
        url.searchParams.has('$deltatoken')
          ? json({ value: [{ id: 'a', jobTitle: scene.jobTitle }], '@odata.deltaLink': deltaLink })
          : json({ value: [person('a')], '@odata.deltaLink': deltaLink })
    case 'cursors_expire':
      return ({ url }) =>
        url.searchParams.has('$deltatoken')
          ? json(errorExpired, 410)
          : json({ value: [person('a')], '@odata.deltaLink': deltaLink })
    case 'everything_expired':
      return () => json(errorExpired, 410)
    case 'broken_off':
      return () => json({ value: [person('a')] })
    case 'next_page_elsewhere':
      return () =>
        json({
          value: [],
          '@odata.nextLink': 'https://graph.microsoft.com.elsewhere.example/v1.0/users/delta?$skiptoken=x',
        })
    case 'next_page_again':
      return ({ url }) => json({ value: [], '@odata.nextLink': url.href })
    case 'throttled':
      return () => json(errorThrottled, 429, { 'retry-after': String(scene.retryAfterSeconds) })
    case 'no_json':
      return () => new Response('<!doctype html><title>Sign in</title>')
    case 'other_shape':
      return () => json({ value: 'everything is fine' })
    case 'redirected':
      return () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } })
    case 'not_allowed':
      return () => json(errorNotAllowed, 403)
    case 'not_signed_in':
      return () => json(errorNotSignedIn, 401)
    case 'out_of_order':
      return () => new Response('upstream connect error', { status: 502 })
    case 'unreachable':
      return () => Promise.reject(new TypeError('fetch failed'))
    case 'slow':
      return () => Promise.reject(new DOMException('The operation timed out.', 'TimeoutError'))
  }
}

const deltaLink = `${graphUrl}/users/delta?$deltatoken=end`

function peoplePage(pages: ScenePage[], url: URL): Response {
  if (url.searchParams.has('$deltatoken')) return json({ value: [], '@odata.deltaLink': deltaLink })
  const index = Number(url.searchParams.get('$skiptoken') ?? 0)
  const { userIds, removedIds = [] } = pages[index] ?? { userIds: [] }
  const value = [...userIds.map(person), ...removedIds.map((id) => ({ id, '@removed': { reason: 'changed' } }))]
  return json(
    index + 1 < pages.length
      ? { value, '@odata.nextLink': `${graphUrl}/users/delta?$skiptoken=${index + 1}` }
      : { value, '@odata.deltaLink': deltaLink },
  )
}

function person(id: string) {
  return {
    id,
    displayName: `Person ${id}`,
    userPrincipalName: `${id}@lindqvist-timber.example`,
    accountEnabled: true,
    jobTitle: 'Carpenter',
  }
}
