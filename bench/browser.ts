import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright'
import type { BrowserContext, Page } from 'playwright'
import { launching, systemBrowser } from '../bin/lib/browser.mjs'
import { readCast } from '../bin/lib/cast.mjs'
import { freePort } from '../bin/lib/ports.mjs'
import { startSystem } from '../bin/lib/system.mjs'
import type { System } from '../bin/lib/system.mjs'
import { atMost, told } from './budget.ts'
import type { Part } from './budget.ts'

/** A signed-in person's way in: where, and the header that says who. */
export type Place = { what: string; url: string; cookie?: string }
export type Places = { portalSignIn: Place; portalDashboard: Place; adminSignIn: Place; adminCustomers: Place }

/** The whole product with its demo cast, read once from the sandbox, and people of it signed in. */
export const startStage = async (stateFolder: string): Promise<{ places: Places; stop: () => Promise<void> }> => {
  const system = await startSystem({ stateFolder, fresh: true })
  try {
    await system.tickCron()
    const [msp] = readCast().msps
    const customer = msp?.customers.find(({ portal }) => portal !== undefined)
    const contact = customer?.contacts.find(({ password }) => password !== undefined)
    const staff = msp?.staff.find(({ role }) => role === 'owner')
    if (customer?.portal === undefined || contact === undefined || staff === undefined)
      throw new Error('The demo cast has no portal, no contact who can sign in, or no owner.')
    const portal = system.portalOrigin(customer.portal.prefix)
    const contactCookie = await signIn(system, new URL(portal).hostname, contact)
    const staffCookie = await signIn(system, new URL(system.adminOrigin).hostname, staff)
    await whenRead(system, new URL(portal).hostname, contactCookie)
    return {
      places: {
        portalSignIn: { what: 'portal, signed out', url: `${portal}/` },
        portalDashboard: { what: 'portal dashboard', url: `${portal}/`, cookie: contactCookie },
        adminSignIn: { what: 'admin, signed out', url: `${system.adminOrigin}/` },
        adminCustomers: { what: 'admin customers', url: `${system.adminOrigin}/customers`, cookie: staffCookie },
      },
      stop: system.stop,
    }
  } catch (error) {
    await system.stop()
    throw error
  }
}

const signIn = async (system: System, host: string, person: { email: string; password?: string }): Promise<string> => {
  const answer = await system.call(host, '/api/auth/session', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person.email, password: person.password }),
  })
  const [cookie] = answer.headers['set-cookie'] ?? []
  if (answer.status !== 200 || cookie === undefined)
    throw new Error(`${person.email} could not sign in at ${host}: ${answer.status} ${answer.body.toString()}`)
  return cookie.split(';')[0] ?? ''
}

/** The first sync has been read in: a dashboard without figures would be light for no merit. */
const whenRead = async (system: System, host: string, cookie: string): Promise<void> => {
  const session = await system.call(host, '/', { headers: { cookie } })
  const customerId = /"customerId":"([^"]+)"/.exec(session.body.toString())?.[1]
  if (customerId === undefined) throw new Error('The portal’s page does not name its customer.')
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const { body } = await system.call(host, `/api/portal/customers/${customerId}/dashboard`, { headers: { cookie } })
    const { people, health } = JSON.parse(body.toString()) as { people: unknown; health: unknown }
    if (people !== null && health !== null) return
    await wait(200)
  }
  throw new Error('The demo tenant was not read within a minute.')
}

/**
 * A headless Chromium with one profile of its own, which Lighthouse can join by its port. What `use` leaves open is closed.
 */
export const withBrowser = async <T>(use: (context: BrowserContext, port: number) => Promise<T>): Promise<T> => {
  const profile = mkdtempSync(join(tmpdir(), 'portico-bench-'))
  const port = await freePort()
  const context = await chromium.launchPersistentContext(profile, {
    headless: true,
    ...launching(systemBrowser(), `--remote-debugging-port=${port}`),
  })
  try {
    return await use(context, port)
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
}

type Fetched = { url: string; type: string; gzip: number; transferred: number }

const codeKilobytesMax = { portalSignIn: 30, portalDashboard: 60, adminSignIn: 120, adminCustomers: 120 } as const
const dashboardRequestsMax = 6

/** What a browser with an empty cache fetches for a page. */
export const weights = async (places: Places): Promise<Part> => {
  const lines: Part['lines'] = []
  const figures: Record<string, Fetched[]> = {}
  for (const name of Object.keys(codeKilobytesMax) as (keyof Places)[]) {
    const place = places[name]
    const fetched = await withBrowser((context) => fetchedBy(context, place))
    figures[name] = fetched
    const code = fetched.filter(({ type }) => /javascript|css/.test(type))
    if (code.length === 0)
      throw new Error(`${place.what}: no script and no style was fetched, so the page is not there.`)
    const transferred = code.reduce((sum, { transferred: bytes }) => sum + bytes, 0) / 1024
    lines.push(
      atMost(
        `${place.what}: JS + CSS, gzip`,
        sumOf(code) / 1024,
        codeKilobytesMax[name],
        'KB',
        `${code.length} files, ${transferred.toFixed(1)} KB transferred here`,
      ),
    )
    const requests = `${place.what}: requests`
    const others = fetched.map(({ url }) => new URL(url).pathname).join(' ')
    lines.push(
      name === 'portalDashboard'
        ? atMost(requests, fetched.length, dashboardRequestsMax, '', others)
        : told(requests, String(fetched.length)),
    )
    lines.push(told(`${place.what}: everything, gzip`, `${(sumOf(fetched) / 1024).toFixed(1)} KB`))
  }
  return { lines, figures }
}

const sumOf = (fetched: Fetched[]): number => fetched.reduce((sum, { gzip }) => sum + gzip, 0)

const fetchedBy = async (context: BrowserContext, place: Place): Promise<Fetched[]> => {
  const page = await context.newPage()
  if (place.cookie !== undefined) await setCookie(page, place.url, place.cookie)
  const answers: Promise<Fetched>[] = []
  page.on('requestfinished', (request) => {
    answers.push(
      (async () => {
        const response = await request.response()
        const body = (await response?.body()) ?? Buffer.alloc(0)
        if (response !== null && response.status() >= 400)
          throw new Error(`${request.url()} answered ${response.status()}.`)
        const { responseBodySize: transferred } = await request.sizes()
        const type = response?.headers()['content-type'] ?? request.resourceType()
        return { url: request.url(), type, gzip: gzipSync(body, { level: 9 }).length, transferred }
      })(),
    )
  })
  await page.goto(place.url, { waitUntil: 'networkidle' })
  await wait(500)
  const fetched = await Promise.all(answers)
  const isSignedIn = (await page.locator('input[type=password]').count()) === 0
  if (isSignedIn !== (place.cookie !== undefined)) throw new Error(`${place.what}: not the page that was meant.`)
  return fetched.filter(({ url, type }) => !/favicon|manifest/.test(url) && type !== 'manifest')
}

const setCookie = async (page: Page, url: string, cookie: string): Promise<void> => {
  const [name = '', value = ''] = cookie.split(/=(.*)/s)
  const protocol = await page.context().newCDPSession(page)
  const { success } = await protocol.send('Network.setCookie', {
    name,
    value,
    url,
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
  })
  await protocol.detach()
  if (!success) throw new Error('The browser did not take the session’s cookie.')
}
