import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'

const NEW_PASSWORD = 'quiet-harbour-lantern-77'

test('a technician connects a new customer, and its office manager sees their environment in their own colours', async ({
  page,
  stage,
  browser,
}) => {
  test.setTimeout(120_000)
  await signIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))

  await page.getByRole('button', { name: 'Add customer' }).click()
  await page.getByLabel('Customer name').fill('Bellows College')
  await page.getByLabel('Primary contact’s e-mail').fill('aisha@bellowscollege.example')
  await page.getByRole('dialog').getByRole('button', { name: 'Add customer' }).click()
  await expect(page.getByRole('heading', { name: 'Bellows College', level: 1 })).toBeVisible()

  await tab(page, 'Tenants')
  await page.getByRole('button', { name: 'Connect tenant' }).click()
  await page.getByLabel('Domain or tenant id').fill('bellowscollege.example')
  await page.getByRole('button', { name: 'Go to Microsoft' }).click()
  await asMicrosoftAdministrator(page, 'admin@bellowscollege.example', 'demo-entra-bellows')
  await expect(page.getByRole('status').filter({ hasText: 'The tenant is connected.' })).toBeAttached()
  await expect(page.getByRole('row', { name: /bellowscollege\.example/ })).toContainText(/Synced|seconds ago|now/i, {
    timeout: 30_000,
  })

  await tab(page, 'Portal')
  await page.getByLabel('URL prefix').fill('bellows')
  await page.getByLabel('Company display name').fill('Bellows College IT')
  await page.getByRole('textbox', { name: /^Primary colour/ }).fill('#7a1f5c')
  await page.getByRole('textbox', { name: /^Accent colour/ }).fill('#1f7a4d')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Settings saved' })).toBeAttached()

  await tab(page, 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Aisha Rahman')
  await dialog.getByLabel('E-mail').fill('aisha@bellowscollege.example')
  await dialog.getByLabel('Portal admin').check()
  await dialog.getByRole('button', { name: 'Add contact' }).click()
  const row = page.getByRole('row', { name: /Aisha Rahman/ })
  await row.getByRole('button', { name: /More/ }).click()
  await page.getByRole('menuitem', { name: 'Invite to portal' }).click()
  await expect(row).toContainText('Invited')

  const mail = await mailTo(stage.sandbox.http, 'aisha@bellowscollege.example')
  expect(mail.subject).toBe('Your access to the Bellows College IT portal')
  expect(mail.text).not.toMatch(/portico/i)
  const link = mail.links.find((each) => each.includes('/invitation#token='))
  if (link === undefined) throw new Error('The invitation carries no link.')

  const hers = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London' })).newPage()
  await hers.goto(link)
  await expect(hers.getByRole('heading', { name: 'Welcome, Aisha Rahman' })).toBeVisible()
  await hers.getByLabel('New password').fill(NEW_PASSWORD)
  await hers.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(hers.getByRole('heading', { level: 1 })).toContainText(/Good (morning|afternoon|evening), Aisha/)
  await expect(hers).toHaveTitle(/Bellows College IT/)
  expect(new URL(hers.url()).hostname).toBe('bellows.localhost')
  for (const topic of ['Licences', 'People and changes', 'Security', 'Service health']) {
    await expect(hers.getByText(topic, { exact: true }).first()).toBeVisible()
  }
  await expect(hers.getByText(/people can sign in/)).toBeVisible()
  const brand = await hers.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--brand'))
  expect(brand).toContain('#7a1f5c')
  expect(await hers.content()).not.toMatch(/portico/i)
  const welcome = await mailTo(stage.sandbox.http, 'aisha@bellowscollege.example', 'Welcome')
  expect(welcome.text).toContain('bellows.localhost')

  await hers.getByRole('button', { name: /Aisha Rahman/ }).click()
  await hers.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(hers.getByRole('heading', { name: 'Sign in to Bellows College IT' })).toBeVisible()
  await hers.context().close()
})

const signIn = async (
  page: Page,
  origin: string,
  { email, password }: { email: string; password: string },
): Promise<void> => {
  await page.goto(origin)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Customers' })).toBeVisible()
}

const tab = (page: Page, name: string): Promise<void> =>
  page
    .getByRole('main')
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .first()
    .click()

/** Plays the customer's administrator at Microsoft: signs in, consents, and signs in again for the proof. */
const asMicrosoftAdministrator = async (page: Page, account: string, password: string): Promise<void> => {
  const signInThere = async () => {
    await page.getByLabel('Account').fill(account)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  await signInThere()
  await page.getByRole('button', { name: 'Accept' }).click()
  await signInThere()
  await page.waitForURL(/admin\.localhost/)
}

type Mail = { subject: string; text: string; links: string[] }

/** The newest mail to somebody whose subject begins so; asks until it has come. */
const mailTo = async (sandbox: string, to: string, beginning = ''): Promise<Mail> => {
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
