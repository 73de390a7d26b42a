import { describe, expect, it } from 'vitest'
import { renderMail, type MailContent } from './render.ts'

const invitation: MailContent = {
  brand: { displayName: 'Fabrikam Dental', primaryColour: '#0b7a75', onPrimaryColour: '#ffffff' },
  helpLine: 'Questions? Call 01632 960 100 or write to help@northwind-it.example.',
  heading: 'Welcome to your portal',
  paragraphs: ['Olivia Marsh has invited you.', 'First line\nsecond line'],
  action: { label: 'Choose a password', url: 'https://fabrikam.portal.example/welcome?token=a&b=c' },
  footer: ['You get this mail because somebody at Fabrikam Dental added you.'],
}

describe('a mail as plain text', () => {
  it('reads from top to bottom, with the link on a line of its own', () => {
    expect(renderMail(invitation).text).toBe(`Welcome to your portal

Olivia Marsh has invited you.

First line
second line

Choose a password:
https://fabrikam.portal.example/welcome?token=a&b=c

Questions? Call 01632 960 100 or write to help@northwind-it.example.

Fabrikam Dental
You get this mail because somebody at Fabrikam Dental added you.
`)
  })

  it('leaves no gap where there is nothing to do or to add', () => {
    const { action: _, ...rest } = invitation
    expect(renderMail({ ...rest, helpLine: '', paragraphs: ['Done.'], footer: [] }).text).toBe(
      'Welcome to your portal\n\nDone.\n\nFabrikam Dental\n',
    )
  })
})

describe('a mail as HTML', () => {
  it('shows everything that was typed as text, wherever it stands', () => {
    const evil = `<script>alert("x")</script>' & <img src=x onerror=alert(1)>`
    const { html } = renderMail({
      brand: { ...invitation.brand, displayName: evil, logoUrl: 'https://x.example/logo.png?a=1&b="2"' },
      helpLine: evil,
      heading: evil,
      paragraphs: [evil],
      action: { label: evil, url: 'https://x.example/?q="><script>' },
      footer: [evil],
    })
    expect(html).not.toContain('<script')
    expect(html).not.toContain('<img src=x')
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; &amp; &lt;img')
    expect(html).toContain('href="https://x.example/?q=%22%3E%3Cscript%3E"')
    expect(html).toContain('src="https://x.example/logo.png?a=1&amp;b=%222%22"')
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', '/welcome', '', 'mailto:a@x.example'])(
    'links to web addresses only, not to "%s"',
    (url) => {
      expect(() => renderMail({ ...invitation, action: { label: 'Go', url } })).toThrow(TypeError)
      expect(() => renderMail({ ...invitation, brand: { ...invitation.brand, logoUrl: url } })).toThrow(TypeError)
    },
  )

  it.each(['red', '#fff', '#0b7a75;x', 'url(x)', ''])('takes "%s" for no colour', (colour) => {
    expect(() => renderMail({ ...invitation, brand: { ...invitation.brand, primaryColour: colour } })).toThrow(
      TypeError,
    )
    expect(() => renderMail({ ...invitation, brand: { ...invitation.brand, onPrimaryColour: colour } })).toThrow(
      TypeError,
    )
  })

  it('closes what it opens, in order', () => {
    for (const content of [
      invitation,
      { ...invitation, brand: { ...invitation.brand, logoUrl: 'https://x.example/l.png' } },
    ]) {
      expect(unclosed(renderMail(content).html)).toEqual([])
    }
  })

  it('is laid out in tables that say so, coloured in the brand, with dark screens in mind', () => {
    const { html } = renderMail(invitation)
    const tables = html.match(/<table\b[^>]*>/g) ?? []
    expect(tables.length).toBeGreaterThan(2)
    for (const table of tables) expect(table).toContain('role="presentation"')
    expect(html).toContain('bgcolor="#0b7a75"')
    expect(html).toContain('content="light dark"')
    expect(html).toContain('@media (prefers-color-scheme: dark)')
  })

  it('keeps a line break, whatever made it, and drops other control characters', () => {
    const { html, text } = renderMail({ ...invitation, paragraphs: ['one\r\ntwo\rthree\u2028four\u0000\u0007'] })
    expect(html).toContain('one<br>two<br>three<br>four<')
    expect(text).toContain('one\ntwo\nthree\nfour\n')
  })

  it('names the logo for those who do not see it, and the brand where there is none', () => {
    expect(
      renderMail({ ...invitation, brand: { ...invitation.brand, logoUrl: 'https://x.example/l.png' } }).html,
    ).toContain('alt="Fabrikam Dental"')
    expect(renderMail(invitation).html).not.toContain('<img')
  })

  it('names nobody but the brand', () => {
    const { html, text } = renderMail(invitation)
    expect(`${html}${text}`.toLowerCase()).not.toMatch(/portico|nodemailer|microsoft|cloudflare/)
  })

  it('stays under the size at which Gmail clips a mail', () => {
    expect(renderMail(invitation).html.length).toBeLessThan(20_000)
  })
})

const voidTags = new Set(['meta', 'br', 'img', 'hr'])

function unclosed(html: string): string[] {
  const open: string[] = []
  // What only Outlook reads is balanced by itself around the rest.
  for (const [, slash, name = ''] of html
    .replace(/<!--[\s\S]*?-->|<!doctype[^>]*>/g, '')
    .matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (voidTags.has(name)) continue
    if (slash === '') open.push(name)
    else if (open.at(-1) === name) open.pop()
    else open.push(`/${name}`)
  }
  return open
}
