import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { customers, msps, portals } from '../../../db/shard/schema.ts'
import { fakeAssets } from '../../test/fake-assets.ts'
import { holdQueue } from '../../test/held-queue.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newMsp,
  newOwnPolicy,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import type { StagedPortal } from '../../test/stage.ts'
import { brandOf } from '../portal-face/index.ts'
import { png } from '../portals/pictures.stage.ts'
import { writtenTicket } from '../../test/tickets.ts'

/** The built pages as far as the Worker knows them: a nonce, two places to fill, and the files behind the sign-in. */
const template = (app: string) =>
  `<!doctype html><html><head><script nonce="__NONCE__">/* ${app} */</script><!--head--><!--app /assets/app-1.js /assets/table-2.js /assets/app-4.css--><!--later /assets/pages-3.js--></head><body><div id="app"></div><!--boot--></body></html>`

holdQueue()
fakeAssets({ 'portal.html': template('portal'), 'admin.html': template('admin') })

type Boot = Record<string, unknown>

/** A page as a browser reads it. */
const open = async (host: string, as?: { cookie: string }, path = '/') => {
  const response = await call(host, 'GET', path, { site: null, ...(as === undefined ? {} : { as }) })
  const html = await response.text()
  const data = /<script type="application\/json" id="boot" nonce="[^"]*">(.*?)<\/script>/s.exec(html)?.[1]
  return {
    status: response.status,
    headers: response.headers,
    html,
    title: /<title>(.*?)<\/title>/s.exec(html)?.[1],
    style: /<style nonce="[^"]*">(.*?)<\/style>/s.exec(html)?.[1],
    data,
    boot: data === undefined ? undefined : (JSON.parse(data) as Boot),
  }
}

const newDoor = async (customerName = 'Fabrikam Dental', mspName = 'Northwind IT') => {
  const msp = await newMsp(mspName)
  return newPortal(await newCustomer(msp, customerName))
}

/** Sets columns of a portal or its customer, behind the product's back. */
const change = async <T extends typeof portals | typeof customers>(
  { msp, customerId }: StagedPortal,
  table: T,
  set: Partial<T['$inferInsert']>,
) => {
  const scope = msp.scope.forCustomer(customerId)
  await scope.commit(
    { action: 'stage.change', subject: { kind: 'customer', id: customerId, name: '' } },
    scope.changeAll(table, undefined, set),
  )
}

describe('A portal’s page', () => {
  it('carries name, brand and what its app starts from in its first bytes', async () => {
    const portal = await newDoor()
    const page = await open(portal.host)
    expect([page.status, page.title]).toEqual([200, 'Fabrikam Dental'])
    expect(page.html).toContain('/* portal */')
    expect(page.style).toBe(brandOf({ primaryColour: '#3a5488', accentColour: '#8a6d1f' }, null).style)
    expect(page.boot).toEqual({
      kind: 'portal',
      customerId: portal.customerId,
      displayName: 'Fabrikam Dental',
      homepage: null,
      logoUrl: null,
      help: { name: 'Northwind IT', phone: '01632 960 100', email: null, hours: null },
      locale: 'en-GB',
      signIn: { policy: 'invitation' },
      hasDocuments: false,
      hasDirectory: false,
      person: null,
      preview: null,
    })
    expect(page.html).toContain('<link rel="icon" href="/favicon.svg">')
    expect(page.html).not.toContain('<!--')
  })

  it('leads to the directory only where the portal shows it, and only those who may see it', async () => {
    const portal = await newDoor()
    const [user, bystander] = [await newContact(portal), await newContact(portal, [])]
    const led = async (who?: { cookie: string }) => (await open(portal.host, who)).boot?.['hasDirectory']
    expect([await led(user), await led(bystander), await led()]).toEqual([true, false, false])
    await newOwnPolicy(portal, { reads: { see_directory: false } })
    expect(await led(user)).toBe(false)
  })

  it('knows who is signed in, and what they may see', async () => {
    const portal = await newDoor()
    const person = await newContact(portal, ['portal_user', 'portal_admin'])
    const { boot } = await open(portal.host, person, '/licences')
    expect(boot?.['person']).toEqual({
      id: person.id,
      name: person.name,
      email: person.email,
      roles: ['portal_user', 'portal_admin'],
      canSee: [
        'portal.own',
        'portal.dashboard',
        'portal.directory',
        'portal.documents',
        'portal.tickets',
        'portal.raise_tickets',
        'portal.security',
        'portal.people',
        'portal.refresh',
        'portal.licences',
        'portal.licence_holders',
        'portal.requests',
        'portal.approvals',
        'portal.reports',
      ],
      unread: { count: 0, more: false },
    })
    const user = await newContact(portal, ['portal_user'])
    expect((await open(portal.host, user)).boot?.['person']).toMatchObject({
      roles: ['portal_user'],
      canSee: [
        'portal.own',
        'portal.dashboard',
        'portal.directory',
        'portal.documents',
        'portal.tickets',
        'portal.raise_tickets',
        'portal.licences',
        'portal.requests',
      ],
    })
  })

  it('knows nobody who is signed in elsewhere', async () => {
    const portal = await newDoor()
    const sibling = await newPortal(await newCustomer(portal.msp))
    for (const as of [await newContact(sibling), await newStaff(portal.msp, 'owner')])
      expect((await open(portal.host, as)).boot?.['person']).toBeNull()
  })

  it('names the customer and its MSP and nobody else: not us, and nobody next door', async () => {
    const portal = await newDoor('Fabrikam Dental', 'Northwind IT')
    const sibling = await newCustomer(portal.msp, 'Fabrikam Dental East')
    const neighbour = await newMsp('Northwind Computing')
    const { html, headers } = await open(portal.host)
    const everything = html + JSON.stringify([...headers])
    for (const name of [/portico/i, /Fabrikam Dental East/, /Northwind Computing/, /cloudflare/i, /hono/i])
      expect(everything).not.toMatch(name)
    for (const id of [portal.msp.mspId, sibling.customerId, neighbour.mspId, portal.msp.shard])
      expect(everything).not.toContain(id)
  })

  it('wears its own colours, name, homepage and logo where it has them', async () => {
    const portal = await newDoor()
    const admin = await newStaff(portal.msp, 'admin')
    const setLogo = async (path: string) => {
      const picture = png(200, 60)
      const response = await call(ADMIN, 'PUT', path, {
        as: admin,
        raw: picture,
        headers: { 'content-type': 'image/png', 'content-length': String(picture.byteLength) },
      })
      return (await bodyOf<{ url: string }>(response)).url
    }
    const ownLogo = `/api/msp-portal/customers/${portal.customerId}/portal/logo`
    const [usual, own] = [await setLogo('/api/msp-portal/settings/brand/logo'), await setLogo(ownLogo)]
    const brand = { primaryColour: '#0b7a75', accentColour: '#b3261e' }
    await change(portal, portals, { ...brand, displayName: 'Fabrikam', homepage: 'https://fabrikam.example' })
    const page = await open(portal.host)
    expect([page.title, page.style]).toEqual(['Fabrikam', brandOf(brand, null).style])
    expect(page.boot).toMatchObject({
      displayName: 'Fabrikam',
      homepage: 'https://fabrikam.example',
      logoUrl: own,
    })
    expect((await call(ADMIN, 'DELETE', ownLogo, { as: admin })).status).toBe(204)
    expect((await open(portal.host)).boot?.['logoUrl']).toBe(usual)
    expect((await call(portal.host, 'GET', usual)).status).toBe(200)
  })

  it('wears its MSP’s defaults where it has none, from the next page on', async () => {
    const portal = await newDoor()
    const { msp } = portal
    const brand = { primaryColour: '#0b7a75', accentColour: '#b3261e' }
    await msp.scope.commit(
      { action: 'stage.brand', subject: { kind: 'organisation', id: msp.mspId, name: msp.name } },
      msp.scope.changeAll(msps, undefined, {
        ...brand,
        homepage: 'https://northwind.example',
        helpEmail: 'help@nw.example',
      }),
    )
    const page = await open(portal.host)
    expect(page.style).toBe(brandOf(brand, null).style)
    expect(page.boot).toMatchObject({ homepage: 'https://northwind.example', help: { email: 'help@nw.example' } })
  })

  it.each([
    ['ends a script', `</script><script>alert(1)</script>`],
    ['ends a title', `</title><img src=x onerror=alert(1)>`],
    ['opens a comment', `<!--<script>`],
    ['is full of quotes', `"'\`&amp;`],
    ['asks for the match', `$& $1 $\` $'`],
    ['names our places', `__NONCE__ <!--head--> <!--boot-->`],
    ['has line separators', `Fabrikam\u2028Dental\u2029`],
  ])('says a name as it is, even one that %s', async (_, name) => {
    const portal = await newDoor()
    await change(portal, portals, { displayName: name })
    const plain = await open((await newDoor('Plain')).host)
    const page = await open(portal.host)
    expect(page.boot?.['displayName']).toBe(name)
    expect(page.title).toBe(escaped(name))
    const tags = (html: string) => html.match(/<\/?[a-z!][a-z-]*/gi)
    expect(tags(page.html)).toEqual(tags(plain.html))
    expect(page.data).not.toMatch(/[<\u2028\u2029]/)
  })

  it('has what is behind the sign-in fetched with the page for whoever is signed in, and for nobody else', async () => {
    const portal = await newDoor()
    const contact = await newContact(portal)
    const staff = await newStaff(portal.msp)
    const fetched = (html: string) =>
      [...html.matchAll(/<link rel="(\w+)" href="(\/assets\/.*?)">/g)].map(([, rel, at]) => [rel, at])
    for (const [host, person] of [
      [portal.host, contact],
      [ADMIN, staff],
    ] as const) {
      expect(fetched((await open(host, person)).html)).toEqual([
        ['modulepreload', '/assets/app-1.js'],
        ['modulepreload', '/assets/table-2.js'],
        ['stylesheet', '/assets/app-4.css'],
        ['prefetch', '/assets/pages-3.js'],
      ])
      const { html } = await open(host)
      expect(fetched(html)).toEqual([])
      expect(html).not.toContain('/assets/')
    }
  })

  it('runs only scripts that carry its nonce, another one each time', async () => {
    const portal = await newDoor()
    const [one, other] = [await open(portal.host), await open(portal.host)]
    const noncesOf = (html: string) => [...html.matchAll(/nonce="([^"]*)"/g)].map((match) => match[1])
    const [nonce] = noncesOf(one.html)
    expect(nonce).toMatch(/^[0-9a-f]{32}$/)
    expect(noncesOf(one.html)).toEqual([nonce, nonce, nonce])
    expect(noncesOf(other.html)).not.toContain(nonce)
    expect(one.headers.get('content-security-policy')?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'self' 'nonce-${nonce}'`,
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data: blob:",
      "connect-src 'self'",
      "manifest-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ])
    expect(Object.fromEntries(one.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
  })

  it.each([
    ['its portal is closed', portals, { state: 'disabled' }],
    ['its customer is disabled', customers, { state: 'disabled' }],
    ['its customer is archived', customers, { state: 'archived' }],
  ] as const)('is, while %s, that of a host nobody has', async (_, table, set) => {
    const portal = await newDoor()
    const contact = await newContact(portal)
    await change<typeof portals | typeof customers>(portal, table, set)
    for (const path of ['/', '/licences']) {
      const closed = await open(portal.host, contact, path)
      const nowhere = await open('nobody-at-all.portal.test', undefined, path)
      expect(closed.status).toBe(404)
      expect(anonymous(closed.html)).toBe(anonymous(nowhere.html))
      expect(headersOf(closed.headers)).toEqual(headersOf(nowhere.headers))
    }
    for (const path of ['/favicon.svg', '/icon.svg', '/manifest.webmanifest'])
      expect((await call(portal.host, 'GET', path)).status, path).toBe(404)
  })

  it('says what a link to it shows elsewhere: its own name, colours and logo', async () => {
    const portal = await newDoor('Fabrikam "Dental" & Co')
    const plain = await open(portal.host)
    expect(plain.html).toContain('<meta property="og:site_name" content="Fabrikam &quot;Dental&quot; &amp; Co">')
    expect(plain.html).toContain(`<meta property="og:url" content="https://${portal.host}/">`)
    expect(plain.html).not.toContain('og:image')
    const admin = await newStaff(portal.msp, 'admin')
    const picture = png(200, 60)
    const logo = await call(ADMIN, 'PUT', `/api/msp-portal/customers/${portal.customerId}/portal/logo`, {
      as: admin,
      raw: picture,
      headers: { 'content-type': 'image/png', 'content-length': String(picture.byteLength) },
    })
    const { url } = await bodyOf<{ url: string }>(logo)
    expect((await open(portal.host)).html).toContain(
      `<meta property="og:image" content="https://${portal.host}${url}">`,
    )
  })
})

describe('A portal that is installed', () => {
  it('is the customer’s own app: its name, its icon and its colours', async () => {
    const portal = await newDoor('Fabrikam Dental')
    await change(portal, portals, { primaryColour: '#0b7a75', accentColour: '#b3261e' })
    const response = await call(portal.host, 'GET', '/manifest.webmanifest')
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/manifest+json'])
    const { light } = brandOf({ primaryColour: '#0b7a75', accentColour: '#b3261e' }, null)
    const manifest = await bodyOf<{ icons: { src: string }[] }>(response)
    expect(manifest).toMatchObject({
      name: 'Fabrikam Dental',
      short_name: 'Fabrikam Dental',
      start_url: '/',
      scope: '/',
      display: 'standalone',
      lang: 'en-GB',
      theme_color: light['--brand'],
      background_color: light['--surface-page'],
    })
    for (const { src } of manifest.icons) {
      const icon = await call(portal.host, 'GET', src)
      expect([icon.status, icon.headers.get('content-type')], src).toEqual([200, 'image/svg+xml'])
      expect(await icon.text()).toContain('>F</text>')
    }
    expect((await open(portal.host)).html).toContain('<link rel="manifest" href="/manifest.webmanifest">')
  })

  it('is none of ours: the admin area and the sign-in host are not installed', async () => {
    for (const host of [ADMIN, environment.SIGN_IN_HOST])
      for (const path of ['/manifest.webmanifest', '/icon.svg'])
        expect((await call(host, 'GET', path)).status, `${host}${path}`).toBe(404)
    expect((await open(ADMIN)).html).not.toContain('manifest')
  })
})

describe('The tab’s icon', () => {
  it('is the name’s first letter in the portal’s colours', async () => {
    const portal = await newDoor('éclair & Co')
    await change(portal, portals, { primaryColour: '#0b7a75', accentColour: '#b3261e' })
    const response = await call(portal.host, 'GET', '/favicon.svg')
    const { light } = brandOf({ primaryColour: '#0b7a75', accentColour: '#b3261e' }, null)
    const svg = await response.text()
    expect(svg).toContain('>É</text>')
    expect(svg).toContain(`fill="${light['--brand']}"`)
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
  })

  it('is harmless whatever the name begins with', async () => {
    const portal = await newDoor('<script>')
    expect(await (await call(portal.host, 'GET', '/favicon.svg')).text()).toContain('>&lt;</text>')
  })
})

describe('The admin area’s page', () => {
  it('names nobody before somebody signs in', async () => {
    const { name } = await newMsp('Northwind IT')
    const page = await open(ADMIN)
    expect([page.status, page.title]).toEqual([200, 'Sign in'])
    expect(page.html).toContain('/* admin */')
    expect(page.html).not.toContain(name)
    expect(page.boot).toEqual({
      kind: 'admin',
      msp: null,
      person: null,
      portalSuffix: 'portal.test',
      portalOrigin: { scheme: 'https', port: '' },
      signUp: 'open',
    })
  })

  it('names the MSP and the person then, with their role', async () => {
    const msp = await newMsp('Northwind IT')
    await newMsp('Northwind Computing')
    const technician = await newStaff(msp, 'technician')
    const page = await open(ADMIN, technician, '/customers/some/overview')
    expect([page.status, page.title]).toEqual([200, 'Northwind IT'])
    expect(page.boot).toMatchObject({
      msp: { name: 'Northwind IT' },
      person: { id: technician.id, name: technician.name, email: technician.email, role: 'technician' },
    })
    expect(page.html).not.toContain('Northwind Computing')
  })

  it('carries how much is new to the person, and so does a portal’s, for nobody but them', async () => {
    const portal = await newDoor()
    const [dana, tom] = [await newContact(portal), await newContact(portal)]
    const ann = await newStaff(portal.msp)
    await writtenTicket(portal, { requester: dana, assignee: ann })
    await writtenTicket(portal, { requester: dana })
    const unread = async (host: string, as: { cookie: string }) =>
      ((await open(host, as)).boot as { person: { unread: unknown } }).person.unread
    expect(await unread(portal.host, dana)).toEqual({ count: 2, more: false })
    expect(await unread(portal.host, tom)).toEqual({ count: 0, more: false })
    expect(await unread(ADMIN, ann)).toEqual({ count: 1, more: false })
    expect(await unread(ADMIN, await newStaff(portal.msp))).toEqual({ count: 0, more: false })
  })

  it('does not know a contact', async () => {
    const contact = await newContact(await newDoor())
    expect((await open(ADMIN, contact)).boot?.['person']).toBeNull()
  })
})

describe('An address without a page', () => {
  it.each(['/api', '/api/nothing', '/webhooks/nothing', '/wp-login.php', '/.env', '/assets/old-12345678.js'])(
    'such as %s is not answered with one',
    async (path) => {
      const portal = await newDoor()
      for (const host of [portal.host, ADMIN]) {
        const response = await call(host, 'GET', path)
        expect([response.status, response.headers.get('content-type')], host).toEqual([404, 'application/problem+json'])
      }
    },
  )

  it('is every one of the shared sign-in host', async () => {
    expect((await open('auth.portal.test')).status).toBe(404)
  })

  it('says so where the web was not built', async () => {
    const portal = await newDoor()
    const { assets } = environment
    fakeAssets({})
    expect((await open(portal.host)).status).toBe(503)
    environment.assets = assets
    expect((await open(portal.host)).status).toBe(200)
  })

  it('is not written to', async () => {
    const portal = await newDoor()
    expect((await call(portal.host, 'POST', '/licences', { body: {} })).status).toBe(404)
    const row = await portal.msp.scope.first(portals, eq(portals.customerId, portal.customerId))
    expect(row?.version).toBe(1)
  })
})

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

const anonymous = (html: string): string => html.replaceAll(/[0-9a-f]{32}/g, 'NONCE')

const headersOf = (headers: Headers) =>
  Object.fromEntries(
    [...headers].filter(([name]) => name !== 'x-request-id').map(([name, value]) => [name, anonymous(value)]),
  )
