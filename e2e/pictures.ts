// Takes the README's pictures anew, of a fresh system with the demo cast: node e2e/pictures.ts
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { launching, systemBrowser } from '../bin/lib/browser.mjs'
import { buildWeb, bundleWorker } from '../bin/lib/build.mjs'
import { readCast } from '../bin/lib/cast.mjs'
import { inRoot } from '../bin/lib/paths.mjs'
import { startSystem } from '../bin/lib/system.mjs'
import { firstSyncs } from './system.ts'

const folder = inRoot('docs', 'pictures')
const fabrikam = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d01'
const contoso = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d02'
const byteCountMax = 200 * 1024
const importedFile = [
  'Customer,Email,Phone,PSA',
  'Adatum,office@adatum.example,01632 960 410,A-104',
  'Adatum Ltd,accounts@adatum.example,01632 960 411,A-231',
  'Fabrikam Dental,,01632 960 199,F-077',
  'Lakeview Surgery,reception,01632 960 502,L-018',
  'Lucerne Publishing,hello@lucernepublishing.example,01632 960 377,L-022',
  'Tailspin Toys,office@tailspintoys.example,01632 960 290,T-310',
  'Tailspin Toys Harwick,harwick@tailspintoys.example,01632 960 291,T-311',
  'Wide World Importers,it@wideworldimporters.example,01632 960 640,W-009',
  '',
].join('\n')
const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

await buildWeb()
await bundleWorker()
const system = await startSystem({ stateFolder: join('.portico', 'pictures'), fresh: true })
await firstSyncs(system)
const browser = await chromium.launch(launching(systemBrowser()))
try {
  mkdirSync(folder, { recursive: true })
  await liveThroughAWeek()
  await takePortal()
  await takeRequest()
  await takeAdmin()
  await takeCustomersAtWork()
} finally {
  await browser.close()
  await system.stop()
}

/** Changes at Microsoft and the sync that finds them, so that the pictures have something to tell. */
async function liveThroughAWeek(): Promise<void> {
  await control(`/tenants/${fabrikam}/changes`, { add: 2, remove: 1, block: 1 })
  const page = await open(system.adminOrigin)
  await signIn(page, 'olivia@northwind-it.example')
  await page.getByRole('link', { name: 'Fabrikam Dental', exact: true }).click()
  await tab(page, 'Tenants')
  await page.getByRole('button', { name: 'More for Fabrikam Dental' }).click()
  const begun = page.waitForResponse(/\/sync$/)
  await page.getByRole('menuitem', { name: 'Sync now' }).click()
  await begun
  await page.getByText('It goes on when you close this page.').waitFor()
  await page.getByText('It goes on when you close this page.').waitFor({ state: 'detached' })
  await page.context().close()
}

async function takePortal(): Promise<void> {
  const page = await open(system.portalOrigin('fabrikam'))
  await take(page, 'portal-sign-in')
  await signIn(page, 'dana@fabrikamdental.example')
  await take(page, 'portal-home')
  await page.setViewportSize(phone)
  await page.emulateMedia({ colorScheme: 'dark' })
  await take(page, 'portal-home-phone')
}

/** Somebody leaves: what is asked about them in the portal, and the checklist that it becomes for the MSP's staff. */
async function takeRequest(): Promise<void> {
  const page = await open(system.portalOrigin('fabrikam'))
  await signIn(page, 'dana@fabrikamdental.example')
  await page.goto(`${system.portalOrigin('fabrikam')}/requests/new/offboarding`)
  await page.getByRole('combobox', { name: 'Who leaves' }).fill('grace')
  await page.getByRole('option', { name: /Grace Kowalski/ }).click()
  await page.getByLabel('Last day').fill(new Date(Date.now() + 45 * 86_400_000).toISOString().slice(0, 10))
  await page.getByText('Microsoft 365 Business Premium').first().waitFor()
  await page.getByLabel('Somebody goes on reading it').check()
  await page.getByRole('combobox', { name: 'To whom?' }).fill('harriet')
  await page.getByRole('option', { name: /Harriet Lopez/ }).click()
  await page.getByLabel('Keep them').check()
  await page.evaluate(() => scrollTo(0, 0))
  await take(page, 'portal-request')
  await page.getByRole('button', { name: 'Send request' }).click()
  await page.getByRole('heading', { name: 'Offboarding: Grace Kowalski', level: 1 }).waitFor()

  const staff = await open(system.adminOrigin)
  await signIn(staff, 'marcus@northwind-it.example')
  await staff.goto(`${system.adminOrigin}/requests?view=awaiting`)
  await staff.getByRole('link', { name: 'Offboarding: Grace Kowalski' }).click()
  await staff.getByRole('button', { name: 'Approve', exact: true }).click()
  await staff.getByRole('main').getByRole('checkbox').first().check()
  await staff.getByText(/1 of \d+ steps done/).waitFor()
  await staff.getByRole('button', { name: 'Close message' }).click()
  await take(staff, 'request')
}

async function takeAdmin(): Promise<void> {
  const page = await open(system.adminOrigin)
  await signIn(page, 'olivia@northwind-it.example')
  await page.getByRole('link', { name: 'Contoso Logistics' }).waitFor()
  await take(page, 'customers')

  await page.getByRole('link', { name: 'Fabrikam Dental', exact: true }).click()
  await page.getByRole('heading', { name: 'Fabrikam Dental', level: 1 }).waitFor()
  await take(page, 'customer')
  await tab(page, 'Portal')
  await page.getByText('Tones made from these colours').or(page.getByText('Buttons')).first().waitFor()
  await take(page, 'portal-settings')

  // Microsoft asks for patience in the middle of the list, so that the picture shows a sync under way.
  await control(`/tenants/${contoso}/expire-delta-tokens`, {})
  await control('/faults', { match: 'skiptoken', status: 429, retryAfterSeconds: 60 })
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('link', { name: 'Contoso Logistics' }).click()
  await tab(page, 'Tenants')
  await page.getByRole('button', { name: 'More for Contoso Logistics' }).click()
  await page.getByRole('menuitem', { name: 'Sync now' }).click()
  await page
    .locator('.progress')
    .getByText(/^[1-9]/)
    .waitFor()
  await page.getByRole('button', { name: 'Close message' }).click()
  await take(page, 'tenant-syncing')
}

/** What is done to many customers, or between two: an import before it runs, a merge before it is decided, who did what. */
async function takeCustomersAtWork(): Promise<void> {
  const page = await open(system.adminOrigin)
  await signIn(page, 'rosa@northwind-it.example')
  await page.getByRole('main').getByRole('link', { name: 'Import', exact: true }).click()
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(importedFile) })
  await page.getByRole('button', { name: 'Check rows' }).click()
  await page.getByRole('button', { name: /^Import \d/ }).waitFor()
  await take(page, 'import-check')
  await page.getByRole('button', { name: /^Import \d/ }).click()
  await page.getByRole('button', { name: 'Undo import' }).waitFor()

  await page.getByRole('link', { name: 'Customers' }).first().click()
  for (const name of ['Tailspin Toys', 'Tailspin Toys Harwick'])
    await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check()
  await page.getByRole('link', { name: 'Merge…' }).click()
  await page.getByRole('button', { name: /^Merge .* into / }).waitFor()
  await take(page, 'merge')

  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('main').getByRole('link', { name: 'Fabrikam Dental', exact: true }).click()
  await tab(page, 'Activity')
  await page.getByText('by an import').first().waitFor()
  await take(page, 'activity')

  await page.setViewportSize(phone)
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('link', { name: 'Contoso Logistics' }).waitFor()
  await take(page, 'customers-phone')
}

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${system.sandbox.http}/control${path}`, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${path}.`)
}

async function open(origin: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: desk,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  })
  const page = await context.newPage()
  await page.goto(origin)
  await page.getByLabel('E-mail').waitFor()
  return page
}

async function signIn(page: Page, email: string): Promise<void> {
  const people = readCast().msps.flatMap((msp) => [...msp.staff, ...msp.customers.flatMap(({ contacts }) => contacts)])
  const password = people.find((person) => person.email === email)?.password
  if (password === undefined) throw new Error(`${email} cannot sign in.`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: /your account/ }).waitFor()
}

async function tab(page: Page, name: string): Promise<void> {
  await page
    .getByRole('main')
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .first()
    .click()
}

async function take(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
  await page.mouse.move(0, 0)
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  const { size } = statSync(path)
  if (size > byteCountMax)
    throw new Error(`${name}.png has ${Math.ceil(size / 1024)} KB, more than a README should load.`)
  process.stdout.write(`${path} ${Math.ceil(size / 1024)} KB\n`)
}
