import type { Page } from '@playwright/test'
import { readCast } from '../bin/lib/cast.mjs'
import { demoPerson, expect, test } from './stage.ts'
import { chooseFromRow, fillSignIn, invitationLink, openCustomer, signIn, signedIn, told } from './steps.ts'

/** Whose portal is looked through, and whom it may name beside its own MSP. */
const OWN = { prefix: 'fabrikam', name: 'Fabrikam Dental', mspName: 'Northwind IT' }

const { msps, hosts } = readCast()
const neighbours = [
  ...msps.filter(({ name }) => name !== OWN.mspName).map(({ name }) => name),
  ...msps.flatMap(({ customers }) => customers).flatMap(({ name }) => (name === OWN.name ? [] : [name])),
]
const neighbourPrefixes = msps
  .flatMap(({ customers }) => customers)
  .flatMap(({ portal }) => (portal == null || portal.prefix === OWN.prefix ? [] : [portal.prefix]))

/** What a customer must never meet: our name, our addresses, what we are built with, and anybody else's. */
const leaks: [what: string, pattern: RegExp][] = [
  ['our name', /portico/i],
  ['the admin area', new RegExp(`\\b${hosts.admin.replaceAll('.', '\\.')}\\b`, 'i')],
  ['what it runs on', /cloudflare|workerd|miniflare|\bhono\b|wrangler|nodemailer/i],
  ['where it is made', /\/(?:home|work|tmp|Users)\/|sourceMappingURL|node_modules/],
  ...neighbours.map((name): [string, RegExp] => ['a neighbour', new RegExp(name.replaceAll('.', '\\.'), 'i')]),
  ...neighbourPrefixes.map((prefix): [string, RegExp] => ['a neighbour’s address', new RegExp(`//${prefix}\\.`, 'i')]),
]

const leaksIn = (where: string, text: string): string[] =>
  leaks.flatMap(([what, pattern]) => {
    const found = pattern.exec(text)
    return found === null
      ? []
      : [`${where}: ${what} (“${text.slice(Math.max(0, found.index - 40), found.index + 40)}”)`]
  })

/** Which addresses of its own site a page asks for, for as long as it is open. */
const addressesOf = (page: Page, origin: string): Set<string> => {
  const addresses = new Set<string>()
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin === origin && request.method() === 'GET') addresses.add(url.pathname + url.search)
  })
  return addresses
}

/** Asks for each again, as whoever is signed in on the page, and reads headers and bodies. */
const leaksAt = async (page: Page, addresses: Iterable<string>): Promise<string[]> => {
  const answers = await page.evaluate(
    (all) =>
      Promise.all(
        all.map(async (address) => {
          const answer = await fetch(address)
          const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`)
          return { address, headers: headers.join('\n'), body: await answer.text() }
        }),
      ),
    [...addresses],
  )
  return answers.flatMap(({ address, headers, body }) => [
    ...leaksIn(`${address}, headers`, headers),
    ...leaksIn(address, body),
  ])
}

/** Follows every link of this site from where the page is, and reads what each page says, seen and unseen. */
const walk = async (page: Page, origin: string): Promise<{ paths: string[]; leaked: string[] }> => {
  const leaked: string[] = []
  const seen = new Set<string>()
  const kinds = new Map<string, number>()
  const queue = ['/']
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (seen.has(path)) continue
    seen.add(path)
    // Of pages that differ by an id alone, two tell what the others would.
    const kind = path.replaceAll(/[^/]{30,}/g, 'id')
    const ofKind = kinds.get(kind) ?? 0
    if (ofKind === 2) continue
    kinds.set(kind, ofKind + 1)
    await page.goto(origin + path)
    await expect(page.locator('#app > *').first()).toBeVisible()
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    const html = await page.content()
    leaked.push(...leaksIn(`page ${path}`, `${await page.title()}\n${html}`))
    const links = await page
      .locator('a[href]')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
    for (const link of links) {
      const url = new URL(link)
      if (url.origin === origin && !url.pathname.startsWith('/api/')) queue.push(url.pathname)
    }
  }
  return { paths: [...seen], leaked }
}

test('nothing that a customer is sent names us, what we are made of, or anybody else', async ({
  page,
  stage,
  visitor,
}) => {
  const origin = stage.portalOrigin(OWN.prefix)

  // Staff share a file and invite somebody, so that there are files and mails to look through.
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, OWN.name, 'Documents')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'Price list.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%%EOF\n') })
  await told(page, 'Added 1 document.')
  await page.getByRole('switch', { name: 'Share Price list.pdf with the customer' }).click()
  await told(page, 'Shared Price list.pdf with the customer.')
  await page.getByRole('link', { name: /^Contacts/ }).click()
  await page.getByRole('button', { name: 'Add contact' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Lena Fisk')
  await dialog.getByLabel('E-mail').fill('lena@fabrikamdental.example')
  await dialog.getByLabel('Portal user').check()
  await dialog.getByRole('button', { name: 'Add contact' }).click()
  const row = page.getByRole('row', { name: /Lena Fisk/ })
  await expect(row).toBeVisible()
  await chooseFromRow(page, row, 'Invite to portal')
  const invitation = await invitationLink(stage.sandbox.http, 'lena@fabrikamdental.example')

  const theirs = await visitor()
  const addresses = addressesOf(theirs, origin)
  const found: string[] = []

  // Before anybody signs in, with an invitation, and with one that leads nowhere.
  found.push(...(await walk(theirs, origin)).leaked)
  for (const path of [`/invitation#token=${'x'.repeat(43)}`, new URL(invitation).pathname + new URL(invitation).hash]) {
    await theirs.goto('about:blank')
    await theirs.goto(origin + path)
    await expect(theirs.getByRole('heading').first()).toBeVisible()
    found.push(...leaksIn(`page ${path.slice(0, 11)}`, await theirs.content()))
  }
  await theirs.goto(origin)
  await fillSignIn(theirs, { email: 'dana@fabrikamdental.example', password: 'not her password' })
  await expect(theirs.getByRole('alert').first()).toBeVisible()
  found.push(...leaksIn('a refused sign-in', await theirs.content()))

  // As the person who looks after it; what is behind the sign-in, its files, and what is not there.
  await signIn(theirs, origin, demoPerson('dana@fabrikamdental.example'))
  const inside = await walk(theirs, origin)
  expect(inside.paths).toEqual(expect.arrayContaining(['/', '/documents']))
  found.push(...inside.leaked)
  await theirs.goto(`${origin}/documents`)
  const [saved] = await Promise.all([
    theirs.waitForEvent('download'),
    theirs.getByRole('link', { name: /^Download.*Price list/ }).click(),
  ])
  expect(saved.suggestedFilename()).toBe('Price list.pdf')
  const more = [
    '/nowhere',
    '/favicon.svg',
    '/icon.svg',
    '/manifest.webmanifest',
    '/robots.txt',
    '/healthz',
    '/api',
    '/api/docs',
    '/api/openapi.json',
    '/api/auth/session',
    '/api/portal/customers/nobodys/dashboard',
    '/assets/nothing.js',
  ]
  found.push(...(await leaksAt(theirs, new Set([...addresses, ...more]))))
  expect([...addresses].filter((path) => path.startsWith('/assets/')).length, 'files of the app').toBeGreaterThan(2)

  // What comes by mail, down to its headers.
  const { mails } = (await (await fetch(`${stage.sandbox.http}/inbox.json?to=fabrikamdental.example`)).json()) as {
    mails: { subject: string; raw: string; text: string; html: string }[]
  }
  expect(mails.length).toBeGreaterThan(0)
  for (const { subject, raw, text, html } of mails)
    found.push(...leaksIn(`mail “${subject}”`, [raw, text, html].join('\n')))

  expect(found).toEqual([])
})

test('a host that shows nobody’s portal names nobody', async ({ page, stage }) => {
  for (const prefix of ['nobody-at-all', 'www', 'auth']) {
    const answer = await page.goto(stage.portalOrigin(prefix))
    expect(answer?.status()).toBe(404)
    const everything = `${await page.content()}\n${JSON.stringify(await answer?.allHeaders())}`
    expect([
      ...leaksIn(prefix, everything),
      ...[OWN.name, OWN.mspName].filter((name) => everything.includes(name)),
    ]).toEqual([])
  }
})

test('the scan finds what it looks for', () => {
  for (const text of [
    'Powered by Portico',
    `http://${hosts.admin}:8787/customers`,
    'server: cloudflare',
    'at /home/somebody/index.ts',
    ...neighbours,
    ...neighbourPrefixes.map((prefix) => `http://${prefix}.${hosts.portalSuffix}/`),
  ])
    expect(leaksIn('here', `before ${text} after`), text).not.toEqual([])
  expect(leaksIn('here', `${OWN.name} from ${OWN.mspName} at http://${OWN.prefix}.${hosts.portalSuffix}/`)).toEqual([])
})
