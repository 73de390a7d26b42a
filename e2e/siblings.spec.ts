import type { BrowserContext, Page, Request } from '@playwright/test'
import { launching, systemHeadlessShell } from '../bin/lib/browser.mjs'
import { inRoot } from '../bin/lib/paths.mjs'
import type { System } from '../bin/lib/system.mjs'
import { demoPerson, expect, test } from './stage.ts'
import {
  chooseFromRow,
  control,
  invitationLink,
  linkMicrosoft,
  openCustomer,
  signIn,
  signInAtMicrosoft,
} from './steps.ts'

// On *.localhost every host is a site of its own, which hides what siblings can do to each other. In production portals are
// sub-domains of one domain: same-site, so that SameSite keeps no cookie back. These tests run there, over TLS.
test.use({
  ignoreHTTPSErrors: true,
  launchOptions: launching(systemHeadlessShell(), '--host-resolver-rules=MAP *.portal.test 127.0.0.1'),
})

let system: System

test.beforeAll(async () => {
  // Read here, since it takes seconds and every process that looks for tests reads this file.
  const { startSystem } = await import('../bin/lib/system.mjs')
  system = await startSystem({
    stateFolder: inRoot('.portico', 'e2e-siblings'),
    fresh: true,
    https: true,
    variables: { ADMIN_HOST: 'admin.portal.test', SIGN_IN_HOST: 'auth.portal.test', PORTAL_SUFFIX: 'portal.test' },
  })
})

test.afterAll(() => system.stop())

const dana = demoPerson('dana@fabrikamdental.example')
const mina = demoPerson('mina@contoso-logistics.example')
const tom = demoPerson('tom@fabrikamdental.example')
/** Their accounts at Microsoft have passwords of their own, which its page shows. */
const minaThere = { email: mina.email, password: 'demo-entra-mina' }
const tomThere = { email: tom.email, password: 'demo-entra-tom' }
const marcus = demoPerson('marcus@northwind-it.example')
const SESSION = '__Host-session'

test('a page on one portal cannot change anything in the admin area, though the browser sends the cookie along', async ({
  page,
  context,
}) => {
  await signIn(page, system.adminOrigin, marcus)
  await expect(page.getByRole('link', { name: 'Fabrikam Dental', exact: true })).toBeVisible()
  const attacker = await attackFrom(context, 'contoso')

  const outcomes = await attacker.evaluate(async (victim) => {
    const customers = `${victim}/api/msp-portal/customers`
    const text = JSON.stringify({ name: 'Planted by a sibling' })
    const attempt = (url: string, how: RequestInit) =>
      fetch(url, { credentials: 'include', ...how }).then(
        (answer) => answer.type,
        () => 'failed',
      )
    const json = { 'content-type': 'application/json' }
    return {
      simple: await attempt(customers, { method: 'POST', mode: 'no-cors', body: text }),
      plain: await attempt(customers, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: text }),
      json: await attempt(customers, { method: 'POST', headers: json, body: text }),
      put: await attempt(`${victim}/api/msp-portal/settings/mail-sender`, { method: 'PUT', headers: json, body: '{}' }),
      signOut: await attempt(`${victim}/api/auth/session`, { method: 'DELETE' }),
    }
  }, system.adminOrigin)
  expect(Object.values(outcomes), 'what the page gets to see of its attempts').not.toContain('cors')

  // A form shows what came of it, so here it can be seen that the cookie went along and that it was refused all the same.
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const form = await attackFrom(context, 'contoso')
    const landed = form.waitForResponse((answer) => answer.request().method() === 'POST')
    await form.evaluate(
      ([victim = '', type = '']) => {
        const element = Object.assign(document.createElement('form'), { method: 'post', enctype: type })
        element.action = `${victim}/api/msp-portal/customers`
        // As text/plain a field becomes name=value, which can be made to read as JSON.
        element.append(
          Object.assign(document.createElement('input'), {
            name: '{"name":"Planted by a form","notes":"',
            value: '"}',
          }),
        )
        document.body.append(element)
        element.submit()
      },
      [system.adminOrigin, enctype],
    )
    const answer = await landed
    expect(await cookieOf(answer.request()), `${enctype} carries the cookie`).toContain(SESSION)
    expect([403, 415], `${enctype} is refused`).toContain(answer.status())
    await form.close()
  }

  await page.reload()
  await expect(page.getByRole('link', { name: 'Fabrikam Dental', exact: true }), 'still signed in').toBeVisible()
  await expect(page.getByText(/Planted/)).toHaveCount(0)
})

test('a page on one portal can neither read, nor sign out of, nor frame another', async ({ page, context }) => {
  await signIn(page, system.portalOrigin('fabrikam'), dana)
  const victim = system.portalOrigin('fabrikam')
  const dashboard = page.waitForResponse(/\/dashboard$/)
  await page.reload()
  const { pathname } = new URL((await dashboard).url())
  const attacker = await attackFrom(context, 'contoso')

  const outcomes = await attacker.evaluate(
    async ([origin = '', path = '']) => {
      const attempt = (url: string, how: RequestInit) =>
        fetch(url, { credentials: 'include', ...how }).then(
          async (answer) => `${answer.type} ${answer.status} ${(await answer.text()).slice(0, 40)}`,
          () => 'failed',
        )
      return {
        read: await attempt(`${origin}${path}`, {}),
        readPage: await attempt(`${origin}/`, {}),
        readOpaque: await attempt(`${origin}${path}`, { mode: 'no-cors' }),
        signOut: await attempt(`${origin}/api/auth/session`, { method: 'DELETE' }),
        signInAsAnother: await attempt(`${origin}/api/auth/session`, {
          method: 'PUT',
          body: '{"email":"mallory@evil.example","password":"x"}',
        }),
      }
    },
    [victim, pathname],
  )
  expect(outcomes).toEqual({
    read: 'failed',
    readPage: 'failed',
    readOpaque: 'failed',
    signOut: 'failed',
    signInAsAnother: 'failed',
  })

  await attacker.evaluate(
    (origin) =>
      new Promise((loaded) => {
        const frame = Object.assign(document.createElement('iframe'), { src: origin, onload: loaded })
        document.body.append(frame)
      }),
    victim,
  )
  const frame = attacker.frames().at(-1)
  expect(frame?.url(), 'what stands in the frame').toBe('chrome-error://chromewebdata/')

  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Dana')
})

test('a portal cannot plant a session at its siblings, though it can plant other cookies', async ({ context }) => {
  const attacker = await attackFrom(context, 'contoso', {
    'set-cookie': `${SESSION}=planted; Domain=portal.test; Path=/; Secure`,
  })
  await attacker.evaluate((name) => {
    document.cookie = 'shared=yes; Domain=portal.test; Path=/; Secure'
    document.cookie = `${name}=planted; Domain=portal.test; Path=/; Secure`
    document.cookie = `${name.toLowerCase()}=planted; Domain=portal.test; Path=/; Secure`
    document.cookie = ` =${name}=planted; Domain=portal.test; Path=/; Secure`
  }, SESSION)
  const cookies = await context.cookies(system.portalOrigin('fabrikam'))
  expect(
    cookies.map(({ name }) => name),
    'siblings do share cookies',
  ).toContain('shared')
  expect(cookies.filter(({ name, value }) => `${name}=${value}`.includes(SESSION))).toEqual([])

  const page = await context.newPage()
  await signIn(page, system.portalOrigin('fabrikam'), dana)
  await expect(page.getByRole('heading', { level: 1 }), 'the planted cookies are in nobody’s way').toContainText('Dana')
})

test('a session of one portal is not sent to its siblings, and is worth nothing where it is taken by hand', async ({
  page,
  context,
  visitor,
}) => {
  await signIn(page, system.portalOrigin('contoso'), mina)
  const minas = (await context.cookies(system.portalOrigin('contoso'))).find(({ name }) => name === SESSION)
  expect(minas).toMatchObject({
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    domain: 'contoso.portal.test',
  })
  for (const origin of [system.portalOrigin('fabrikam'), system.portalOrigin('fabrikam-care'), system.adminOrigin]) {
    expect((await context.cookies(origin)).map(({ name }) => name)).not.toContain(SESSION)
  }

  const staff = await visitor({ ignoreHTTPSErrors: true })
  await signIn(staff, system.adminOrigin, marcus)
  const staffs = (await staff.context().cookies(system.adminOrigin)).find(({ name }) => name === SESSION)

  const thief = await visitor({ ignoreHTTPSErrors: true })
  for (const [stolen, origin] of [
    [minas, system.portalOrigin('fabrikam')],
    [minas, system.portalOrigin('fabrikam-care')],
    [minas, system.adminOrigin],
    [staffs, system.portalOrigin('contoso')],
  ] as const) {
    await thief.context().clearCookies()
    await thief
      .context()
      .addCookies([{ name: SESSION, value: stolen?.value ?? '', url: origin, secure: true, httpOnly: true }])
    await thief.goto(origin)
    await expect(thief.getByLabel('Password', { exact: true }), `${origin} asks who this is`).toBeVisible()
    const { hostname } = new URL(origin)
    const answer = await system.call(hostname, '/api/auth/session', {
      headers: { cookie: `${SESSION}=${stolen?.value ?? ''}` },
    })
    expect(answer.status, `the session read at ${hostname}`).toBe(401)
  }
  const at = await system.call('contoso.portal.test', '/api/auth/session', {
    headers: { cookie: `${SESSION}=${minas?.value ?? ''}` },
  })
  expect(at.status, 'where it belongs it still counts').toBe(200)
})

test('the admin area takes changes from its own pages only', async () => {
  const body = JSON.stringify(marcus)
  const attempt = (headers: Record<string, string>) =>
    system.call('admin.portal.test', '/api/auth/session', {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'content-length': String(body.length), ...headers },
      body,
    })
  for (const origin of [
    system.portalOrigin('contoso'),
    system.adminOrigin.replace('https:', 'http:'),
    system.adminOrigin.replace(/:\d+$/, ''),
    'https://admin.portal.test.evil.example',
    'null',
  ]) {
    expect((await attempt({ origin })).status, origin).toBe(403)
  }
  for (const site of ['same-site', 'cross-site']) {
    expect((await attempt({ 'sec-fetch-site': site })).status, site).toBe(403)
  }
  expect((await attempt({ origin: system.adminOrigin })).status, 'its own page').toBeLessThan(300)
})

test('a mail scanner that opens an invitation, and everything beside it, uses nothing up', async ({
  page,
  visitor,
}) => {
  await signIn(page, system.adminOrigin, marcus)
  await openCustomer(page, 'Fabrikam Dental', 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Lena Fox')
  await dialog.getByLabel('E-mail').fill('lena@fabrikamdental.example')
  await dialog.getByLabel('Portal user').check()
  await dialog.getByRole('button', { name: 'Add contact' }).click()
  const row = page.getByRole('row', { name: /Lena Fox/ })
  await chooseFromRow(page, row, 'Invite to portal')
  await expect(row).toContainText('Invited')
  const link = new URL(await invitationLink(system.sandbox.http, 'lena@fabrikamdental.example'))
  const token = new URLSearchParams(link.hash.slice(1)).get('token') ?? ''
  expect(token.length, 'the token of the link').toBeGreaterThan(20)

  const { paths } = JSON.parse((await system.call('admin.portal.test', '/api/openapi.json')).body.toString()) as {
    paths: Record<string, Record<string, unknown>>
  }
  const reads = Object.keys(paths).filter((path) => 'get' in (paths[path] ?? {}))
  expect(reads.length).toBeGreaterThan(5)
  for (const path of ['/invitation', '/invitation/', ...reads]) {
    for (const method of ['GET', 'HEAD']) {
      const address = `${path.replaceAll(/\{[^}]*\}/g, token)}?token=${token}`
      expect((await system.call(link.hostname, address, { method })).status, `${method} ${path}`).toBeLessThan(500)
    }
  }
  for (const method of ['GET', 'HEAD']) {
    for (const path of ['/api/auth/invitation/lookup', '/api/auth/invitation/acceptance']) {
      const { status } = await system.call(link.hostname, `${path}?token=${token}`, { method })
      expect([404, 405], `${method} ${path}`).toContain(status)
    }
  }
  // A scanner with a browser of its own follows the link and runs the page, but presses no button.
  for (const time of ['first', 'second']) {
    const scanner = await visitor({ ignoreHTTPSErrors: true })
    await scanner.goto(link.href)
    await expect(scanner.getByRole('heading', { name: 'Welcome, Lena Fox' }), `the ${time} look`).toBeVisible()
  }

  const hers = await visitor({ ignoreHTTPSErrors: true })
  await hers.goto(link.href)
  await hers.getByLabel('New password').fill('saddle-copper-meadow-52')
  await hers.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(hers.getByRole('heading', { level: 1 })).toContainText('Good')
})

test('every page comes with a strict policy, and keeps to it', async ({ page, visitor }) => {
  const hers = await visitor({ ignoreHTTPSErrors: true })
  await keepsToItsPolicy(hers, system.portalOrigin('fabrikam'))
  await keepsToItsPolicy(hers, `${system.portalOrigin('fabrikam')}/invitation#token=made-up`)
  await keepsToItsPolicy(hers, system.portalOrigin('nobody-lives-here'))
  await signIn(hers, system.portalOrigin('fabrikam'), dana)
  await keepsToItsPolicy(hers, system.portalOrigin('fabrikam'))

  await keepsToItsPolicy(page, system.adminOrigin)
  await signIn(page, system.adminOrigin, demoPerson('olivia@northwind-it.example'))
  const customer = await openCustomer(page, 'Contoso Logistics')
  for (const path of [
    '/customers',
    customer,
    `${customer}/tenants`,
    `${customer}/contacts`,
    `${customer}/portal`,
    `${customer}/activity`,
    '/jobs',
    '/settings/organisation',
    '/settings/portal',
    '/settings/mail',
    '/gallery',
    '/api/docs',
  ]) {
    await keepsToItsPolicy(page, `${system.adminOrigin}${path}`)
  }
})

test('people sign in with Microsoft at two portals in one browser, each with an account of their own', async ({
  page,
  context,
}) => {
  const [fabrikam, contoso] = [system.portalOrigin('fabrikam'), system.portalOrigin('contoso')]
  await signIn(page, fabrikam, dana)
  await linkMicrosoft(page, fabrikam, dana.password, dana)
  const other = await context.newPage()
  await signIn(other, contoso, mina)
  await linkMicrosoft(other, contoso, mina.password, minaThere)

  for (const [tab, origin] of [
    [page, fabrikam],
    [other, contoso],
  ] as const) {
    await tab.getByRole('button', { name: /your account/ }).click()
    await tab.getByRole('menuitem', { name: 'Sign out' }).click()
    await tab.waitForURL(`${origin}/`)
    await tab.goto(`${origin}/account/sessions`)
    await tab.getByRole('button', { name: 'Sign in with Microsoft' }).click()
    await tab.getByLabel('Account').waitFor()
  }
  // Begun in one order, finished in the other.
  await signInAtMicrosoft(other, minaThere)
  await other.waitForURL(`${contoso}/account/sessions`)
  await signInAtMicrosoft(page, dana)
  await page.waitForURL(`${fabrikam}/account/sessions`)
  await expect(page.getByRole('button', { name: /^Dana Whitfield/ })).toBeVisible()
  await expect(other.getByRole('button', { name: /^Mina/ })).toBeVisible()
})

test('an account with the very address of a contact opens nothing that it was not linked to', async ({ page }) => {
  await page.goto(system.portalOrigin('fabrikam'))
  await page.getByRole('button', { name: 'Sign in with Microsoft' }).click()
  // Priya signs in at Microsoft with the address that her contact has, and has never linked it.
  await signInAtMicrosoft(page, demoPerson('priya@fabrikamdental.example'))
  await agreeIfAsked(page)
  await expect(page.getByRole('alert')).toContainText('Nobody signs in here with that Microsoft account')
  await expect(page.getByText('Priya')).toHaveCount(0)
})

for (const lie of [
  'issuer',
  'audience',
  'nonce',
  'unsigned',
  'shared_secret',
  'stranger',
  'expired',
  'no_tenant',
  'other_tenant',
]) {
  test(`a token that lies signs nobody in: ${lie}`, async ({ page }) => {
    await control(system.sandbox.http, '/sign-ins', { lie })
    await page.goto(system.portalOrigin('fabrikam'))
    await page.getByRole('button', { name: 'Sign in with Microsoft' }).click()
    await signInAtMicrosoft(page, tomThere)
    await expect(page.getByRole('alert')).toContainText('could not be verified')
    expect(new URL(page.url()).pathname).toBe('/')
  })
}

test('staff view a portal as a contact, say so on every page, change nothing and end it', async ({ page, context }) => {
  await signIn(page, system.adminOrigin, marcus)
  await openCustomer(page, 'Fabrikam Dental', 'Contacts')
  const opened = context.waitForEvent('page')
  await chooseFromRow(page, page.getByRole('row').filter({ hasText: 'Dana Whitfield' }), 'View portal as them')
  const portal = await opened
  const banner = portal.getByRole('complementary', { name: 'Viewing as somebody' })
  await expect(banner).toContainText('Marcus Bell, you view this portal as Dana Whitfield.')
  await portal.goto(`${system.portalOrigin('fabrikam')}/account/sessions`)
  await expect(banner).toBeVisible()
  const statuses = await portal.evaluate(async () => {
    const status = async (path: string, method: string) => (await fetch(path, { method })).status
    return [await status('/api/auth/sessions', 'DELETE'), await status('/api/auth/session', 'DELETE')]
  })
  expect(statuses).toEqual([403, 403])
  // Its cookie is no session, and a sibling can neither plant nor read one.
  const cookie = (await context.cookies()).find(({ name }) => name === '__Host-preview')
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, domain: new URL(portal.url()).hostname })

  await banner.getByRole('button', { name: 'End' }).click()
  await portal.waitForURL(/\/\/admin\..*\/contacts$/)
  await portal.goto(system.portalOrigin('fabrikam'))
  await expect(portal.getByRole('button', { name: 'Sign in with Microsoft' })).toBeVisible()
})

/** Somebody whose organisation has agreed for everybody is not asked. */
async function agreeIfAsked(page: Page): Promise<void> {
  await page.waitForURL(/microsoft=|interaction/)
  const accept = page.getByRole('button', { name: 'Accept' })
  if (await accept.isVisible()) await accept.click()
}

/** Opens a page; what it does against its policy fails the test by itself. */
async function keepsToItsPolicy(page: Page, address: string): Promise<void> {
  const answer = await page.goto(address)
  await page.waitForLoadState('networkidle')
  const policy = answer?.headers()['content-security-policy'] ?? ''
  expect(policy, address).toContain("frame-ancestors 'none'")
  expect(policy, address).toContain("default-src 'none'")
  expect(policy, address).not.toContain('unsafe')
  const html = (await answer?.text()) ?? ''
  expect(html, `${address}: style attributes in the document`).not.toMatch(/<[^>]+\sstyle\s*=/i)
  expect(html, `${address}: handlers in the document`).not.toMatch(/<[^>]+\son[a-z]+\s*=/i)
}

/** A page under the attacker's control on a sibling host, such as one that a flaw there lets somebody else write. */
async function attackFrom(
  context: BrowserContext,
  prefix: string,
  headers: Record<string, string> = {},
): Promise<Page> {
  const address = `${system.portalOrigin(prefix)}/attack`
  await context.route(address, (route) =>
    route.fulfill({ contentType: 'text/html', headers, body: '<!doctype html><title>Attack</title><body></body>' }),
  )
  const page = await context.newPage()
  await page.goto(address)
  return page
}

const cookieOf = async (request: Request): Promise<string> => (await request.allHeaders())['cookie'] ?? ''
