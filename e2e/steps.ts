import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Locator, Page } from '@playwright/test'
import { expect } from './stage.ts'

export type Person = { email: string; password: string }

/** Signs in at whatever host the page is sent to, through the form, and waits until that page has its person. */
export async function signIn(page: Page, origin: string, person: Person): Promise<void> {
  await page.goto(origin)
  await fillSignIn(page, person)
  await expect(page.getByRole('button', { name: /your account/ })).toBeVisible()
}

/** Signs in as the form does, without the form, and opens that page: for tests that begin once somebody is signed in. */
export async function signedIn(page: Page, address: string, person: Person): Promise<void> {
  await holdSession(page, new URL(address).origin, person)
  await page.goto(address)
  await expect(page.getByRole('button', { name: /your account/ })).toBeVisible()
}

/** Signs in and opens nothing: for tests that go from page to page by themselves. */
export async function holdSession(page: Page, origin: string, person: Person): Promise<void> {
  const { name, value } = await sessionOf(origin, person)
  // Chromium takes a `__Host-` cookie from the outside for https alone, and gives it to a host of this machine without it too.
  const url = origin.replace(/^http:/, 'https:')
  await page.context().addCookies([{ name, value, url, secure: true, httpOnly: true, sameSite: 'Lax' }])
}

/** The cookie that somebody is given. Node does not resolve `*.localhost` everywhere, so the host is named apart. */
async function sessionOf(origin: string, { email, password }: Person): Promise<{ name: string; value: string }> {
  const { host, port } = new URL(origin)
  const headers = { host, origin, 'content-type': 'application/json' }
  const asking = request({ host: '127.0.0.1', port, path: '/api/auth/session', method: 'PUT', headers })
  asking.end(JSON.stringify({ email, password }))
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  answer.resume()
  expect(answer.statusCode, `signing ${email} in`).toBe(200)
  const [name = '', value = ''] = (answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '').split('=')
  return { name, value }
}

/** The number of the ticket that a page shows, such as "#1042". */
export const numberOf = async (page: Page): Promise<string> =>
  /#\d+/.exec(await page.getByRole('main').innerText())?.[0] ?? 'no number'

export async function fillSignIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Opens a customer from the list, and one of its tabs. Answers the customer's address. */
export async function openCustomer(page: Page, name: string, tabName?: string): Promise<string> {
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('main').getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
  const { pathname } = new URL(page.url())
  if (tabName !== undefined) await openTab(page, tabName)
  return pathname
}

export async function openTab(page: Page, name: string): Promise<void> {
  const tab = page
    .getByRole('main')
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .first()
  await tab.click()
  await expect(tab).toHaveAttribute('aria-current', 'page')
}

/** Says on a customer's Portal tab how it has something otherwise than all customers, or as they have it; admins do. */
export async function chooseSelfService(page: Page, action: string, holds: string | RegExp): Promise<void> {
  const choice = page.getByLabel(`${action}: allowed`, { exact: true })
  const label = await choice.getByRole('option', { name: holds, exact: true }).innerText()
  await choice.selectOption({ label })
  await page.getByRole('button', { name: 'Save self-service' }).click()
  await expect(page.getByRole('button', { name: 'Discard' })).toHaveCount(0)
}
export const asForAll = /^As for all customers/

/** Adds a customer through the dialog; the page is on its overview afterwards. */
export async function addCustomer(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('button', { name: 'Add customer' }).click()
  await page.getByLabel('Customer name').fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Add customer' }).click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

/** Waits until a message with these words has appeared at the bottom. */
export async function told(page: Page, words: string | RegExp): Promise<void> {
  await expect(
    page
      .getByRole('region', { name: /^Messages/ })
      .getByText(words)
      .last(),
  ).toBeVisible()
}

/** Chooses from the menu behind a row's "More" button. */
export async function chooseFromRow(page: Page, row: Locator, item: string): Promise<void> {
  await row.getByRole('button', { name: /^More for/ }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** Goes to Microsoft for a tenant and plays its administrator there, who signs in once and accepts. */
export async function connectTenant(page: Page, domain: string, account: Person): Promise<void> {
  await page.getByRole('button', { name: 'Connect tenant' }).click()
  await page.getByLabel('Domain or tenant id').fill(domain)
  await page.getByRole('button', { name: 'Go to Microsoft' }).click()
  await consentAtMicrosoft(page, account)
}

/** At Microsoft: one sign-in and one press of a button; who consented is recognised by the sign-in that proves it. */
export async function consentAtMicrosoft(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel('Account').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.waitForURL(/\/\/admin\./)
  await expect(page.getByRole('status').filter({ hasText: 'The tenant is connected.' })).toBeAttached()
}

/** At Microsoft's page for any account: says which one, and its password unless it is signed in there already. */
export async function signInAtMicrosoft(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel('Account').fill(email)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.waitForURL(({ pathname }) => !pathname.endsWith('/authorize'))
  if (!new URL(page.url()).pathname.includes('/interaction/')) return
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Links the account of somebody who is signed in, by their password there, and comes back. */
export async function linkMicrosoft(page: Page, origin: string, password: string, account: Person): Promise<void> {
  await page.goto(`${origin}/account/microsoft`)
  await page.getByRole('button', { name: 'Link Microsoft account' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await dialog.getByRole('button', { name: 'Go to Microsoft' }).click()
  // Its title is a label too, until Microsoft's page is there.
  await expect(dialog).toBeHidden()
  await signInAtMicrosoft(page, account)
  await expect(page.getByText(`You sign in as ${account.email}.`)).toBeVisible()
}

export type Mail = { subject: string; text: string; links: string[] }

/** The newest mail to somebody whose subject begins so; asks until it has come. */
export async function mailTo(sandbox: string, to: string, beginning = ''): Promise<Mail> {
  let found: Mail | undefined
  await expect
    .poll(
      async () => {
        const { mails } = (await (await fetch(`${sandbox}/inbox.json?to=${encodeURIComponent(to)}`)).json()) as {
          mails: Mail[]
        }
        found = mails.find(({ subject }) => subject.startsWith(beginning))
        return found !== undefined
      },
      { timeout: 30_000 },
    )
    .toBe(true)
  if (found === undefined) throw new Error('No mail came.')
  return found
}

/** The link of somebody's invitation, from the mail they were sent. */
export async function invitationLink(sandbox: string, to: string): Promise<string> {
  const link = (await mailTo(sandbox, to)).links.find((each) => each.includes('/invitation#token='))
  if (link === undefined) throw new Error('The invitation carries no link.')
  return link
}

/** Turns one of the sandbox's switches; answers what it says. */
export async function control(sandbox: string, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${sandbox}/control${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status, `the sandbox's ${path}`).toBeLessThan(300)
  return answer.json()
}

/** The outside world behaves again. */
export async function behave(sandbox: string): Promise<void> {
  await fetch(`${sandbox}/control/faults`, { method: 'DELETE' })
}

/** A day from now, as a date input has it. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
