import { describe, expect, it } from 'vitest'
import { checkPrefix } from './prefix.ts'

describe('the prefix of a portal', () => {
  it.each([
    ['fabrikam', 'fabrikam'],
    ['Fabrikam-Dental', 'fabrikam-dental'],
    ['  acme ', 'acme'],
    ['a1', 'a1'],
    ['42', '42'],
    ['3com', '3com'],
    ['a-b--c', 'a-b--c'],
    ['x'.repeat(63), 'x'.repeat(63)],
    ['xn-1', 'xn-1'],
    ['administration', 'administration'],
    ['mailroom', 'mailroom'],
    ['wwwhite', 'wwwhite'],
  ])('may be %j', (text, prefix) => {
    expect(checkPrefix(text)).toEqual({ ok: true, prefix })
  })

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['a', 'too_short'],
    ['x'.repeat(64), 'too_long'],
    ['x'.repeat(1_000_000), 'too_long'],
    ['-acme', 'hyphen_edge'],
    ['acme-', 'hyphen_edge'],
    ['--', 'hyphen_edge'],
    ['xn--mnchen-3ya', 'hyphen_pair'],
    ['XN--mnchen-3ya', 'hyphen_pair'],
    ['ab--cd', 'hyphen_pair'],
    ['acme.portal.example', 'whole_address'],
    ['https://acme', 'whole_address'],
    ['acme/', 'whole_address'],
    ['a@b', 'whole_address'],
    ['acme_dental', 'characters'],
    ['acme dental', 'characters'],
    ['münchen', 'characters'],
    ['aсme', 'characters'], // the second letter is Cyrillic
    ['as\u212a', 'characters'], // the Kelvin sign lower-cases to a plain k
    ['acme\u0000', 'characters'],
    ['acme\u200b', 'characters'],
    ['admin', 'reserved'],
    ['ADMIN', 'reserved'],
    ['api', 'reserved'],
    ['www', 'reserved'],
    ['www2', 'reserved'],
    ['ns1', 'reserved'],
    ['mx', 'reserved'],
    ['mail', 'reserved'],
    ['autodiscover', 'reserved'],
    ['localhost', 'reserved'],
    ['login', 'reserved'],
    ['sign-in', 'reserved'],
    ['microsoft', 'reserved'],
    ['test', 'reserved'],
  ])('may not be %j: %s', (text, code) => {
    const check = checkPrefix(text)
    expect(check).toMatchObject({ ok: false, code })
    expect(check.ok === false && check.detail).toMatch(/^.{20,110}[.]$/)
  })

  it('keeps every name the design reserves', () => {
    const names =
      'admin api auth www mail smtp imap pop ftp ns1 ns2 mx app static assets cdn status help support login signin sso account portal root localhost autodiscover autoconfig webmail test'
    expect(names.split(' ').filter((name) => checkPrefix(name).ok)).toEqual([])
  })
})
