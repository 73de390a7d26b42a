import { describe, expect, it } from 'vitest'
import { retryAfterSecondsOf } from '../exchange.ts'
import { graphFault, saysConsentIsGone, tokenFault } from './faults.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

describe('Retry-After', () => {
  it.each([
    ['17', 17],
    [' 0 ', 0],
    ['Fri, 20 Nov 2026 12:01:30 GMT', 90],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s is %s seconds', (header, seconds) => {
    expect(retryAfterSecondsOf(header, now)).toBe(seconds)
  })
})

describe('what Graph says no with', () => {
  it.each([
    [301, 'rejected'],
    [307, 'rejected'],
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'missing'],
    [408, 'down'],
    [409, 'rejected'],
    [412, 'rejected'],
    [429, 'throttled'],
    [500, 'down'],
    [503, 'down'],
    [504, 'down'],
  ])('%i means %s', (status, kind) => {
    expect(graphFault({ status, body: '', retryAfterSeconds: undefined }, 'User.Read.All').kind).toBe(kind)
  })

  it('keeps how long to wait, also when the service is down', () => {
    expect(graphFault({ status: 503, body: '', retryAfterSeconds: 30 }, 'User.Read.All').retryAfterSeconds).toBe(30)
  })

  it('shows the code but never the prose, which may name people', () => {
    const body = JSON.stringify({
      error: {
        code: 'Request_BadRequest',
        message: 'adele@lindqvist-timber.example is unknown',
        innerError: { code: 'two words' },
      },
    })
    const fault = graphFault({ status: 400, body, retryAfterSeconds: undefined }, 'User.Read.All')
    expect(fault.message).toContain('Request_BadRequest')
    expect(fault.message).not.toContain('adele')
    expect(fault.codes).toEqual(['Request_BadRequest'])
  })

  it('finds a code inside innerError', () => {
    const body = JSON.stringify({ error: { code: 'badRequest', innerError: { code: 'resyncRequired' } } })
    expect(graphFault({ status: 400, body, retryAfterSeconds: undefined }, 'x').codes).toEqual([
      'badRequest',
      'resyncRequired',
    ])
  })
})

describe('what Entra says no with', () => {
  const refusal = (status: number, error: string, description = '', retryAfterSeconds?: number) =>
    tokenFault({ status, body: JSON.stringify({ error, error_description: description }), retryAfterSeconds })

  it.each([
    [400, 'unauthorized_client', 'AADSTS700016: not found', 'unauthorized', 'consent'],
    [400, 'invalid_grant', 'AADSTS65001: not consented', 'unauthorized', 'consent'],
    [401, 'invalid_client', 'AADSTS7000215: wrong secret', 'rejected', 'secret'],
    [401, 'invalid_client', 'AADSTS7000222: expired secret', 'rejected', 'secret'],
    [401, 'invalid_client', 'AADSTS70002: another secret', 'rejected', 'secret'],
    [400, 'invalid_request', 'AADSTS90002: no such tenant', 'missing', 'does not know this tenant'],
    [400, 'invalid_request', 'AADSTS900023: no tenant id', 'missing', 'does not know this tenant'],
    [400, 'invalid_request', 'AADSTS90038: another cloud', 'missing', 'national cloud'],
    [400, 'invalid_grant', 'AADSTS53003: blocked', 'rejected', 'Conditional Access'],
    [400, 'interaction_required', 'AADSTS50131: blocked', 'rejected', 'Conditional Access'],
    [401, 'invalid_client', 'AADSTS700011: not found', 'unauthorized', 'consent'],
    [400, 'invalid_request', 'AADSTS650056: misconfigured', 'unauthorized', 'consent'],
    [400, 'invalid_grant', 'AADSTS50196: a loop', 'throttled', 'slow down'],
    [400, 'invalid_request', 'AADSTS90055: too many', 'throttled', 'slow down'],
    [400, 'invalid_request', 'AADSTS90033: directory is down', 'down', 'does not work'],
    [400, 'unauthorized_client', 'AADSTS7000112: disabled', 'unauthorized', 'switched off'],
    [401, 'invalid_client', 'AADSTS999999: something new', 'unauthorized', 'AADSTS999999'],
    [400, 'unauthorized_client', '', 'unauthorized', 'refused'],
    [400, 'invalid_request', 'AADSTS900144: no body', 'rejected', 'AADSTS900144'],
    [400, 'temporarily_unavailable', '', 'down', 'does not work'],
    [429, 'too_many', '', 'throttled', 'slow down'],
    [503, 'whatever', '', 'down', '503'],
    [302, 'whatever', '', 'rejected', '302'],
  ])('%i %s %s means %s', (status, error, description, kind, words) => {
    const fault = refusal(status, error, description)
    expect(fault.kind).toBe(kind)
    expect(fault.message).toContain(words)
  })

  it.each([
    [65001, true],
    [700016, true],
    [700011, true],
    [7000112, true],
    [500011, false],
    [650056, false],
    [53003, false],
    [50131, false],
    [90002, false],
    [900023, false],
    [90038, false],
    [7000215, false],
    [7000222, false],
    [50196, false],
    [90033, false],
    [999999, false],
  ])('AADSTS%i says that consent is gone: %s', (number, expected) => {
    expect(saysConsentIsGone(refusal(400, 'invalid_grant', `AADSTS${number}: No.`))).toBe(expected)
  })

  it.each([
    [7000222, 'has expired', true],
    [7000215, 'does not take the client secret', true],
    [7000222, 'Whoever runs Portico', false],
    [700016, 'consent', true],
  ])('AADSTS%i is told as “%s” where the app is the MSP’s own: %s', (number, words, isOwnApp) => {
    const body = JSON.stringify({ error: 'invalid_client', error_codes: [number] })
    const fault = tokenFault({ status: 401, body, retryAfterSeconds: undefined }, isOwnApp)
    expect(fault.message).toContain(words)
    expect(fault.message.includes('Settings → Microsoft')).toBe(isOwnApp && number !== 700016)
  })

  it('is understood by its numbers as well as by its prose', () => {
    const body = JSON.stringify({ error: 'invalid_grant', error_codes: [65001] })
    expect(tokenFault({ status: 400, body, retryAfterSeconds: undefined }).message).toContain('consent')
  })

  it('survives a body that is not JSON', () => {
    expect(tokenFault({ status: 400, body: '<html>', retryAfterSeconds: undefined }).kind).toBe('rejected')
    expect(tokenFault({ status: 401, body: '', retryAfterSeconds: undefined }).kind).toBe('unauthorized')
    expect(tokenFault({ status: 429, body: '', retryAfterSeconds: 9 }).retryAfterSeconds).toBe(9)
  })
})
