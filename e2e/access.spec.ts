import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'
import { looksRight } from './looks.ts'
import { chooseFromRow, fillSignIn, invitationLink, mailTo, openCustomer, openTab, signedIn, told } from './steps.ts'

const PASSWORD = 'quiet-harbour-lantern-77'

/** Adds a customer with its portal, whose admin its e-mail names. */
const addWithPortal = async (page: Page, name: string, prefix: string, email: string): Promise<void> => {
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('button', { name: 'Add customer' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Customer name').fill(name)
  await form.getByLabel('Primary contact’s e-mail').fill(email)
  await form.getByLabel('Enable customer portal').check()
  await form.getByLabel('URL prefix').fill(prefix)
  await form.getByRole('button', { name: 'Add customer' }).click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

/** Follows an invitation and chooses a password. */
const accept = async (page: Page, link: string): Promise<void> => {
  await page.goto(link)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(page.getByRole('button', { name: /your account/ })).toBeVisible()
}

test('a temporary password leads to choosing one’s own and nowhere else, and a portal with Microsoft alone asks for none', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addWithPortal(page, 'Proseware', 'proseware', 'pat@proseware.example')
  await openTab(page, 'Portal')
  const draft = page.getByLabel('Company display name')
  await draft.fill('Proseware and sons')
  await page.getByRole('radio', { name: /^Get a temporary password by mail/ }).check()
  await told(page, /^Saved/)
  await page.getByRole('button', { name: 'Close portal' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close portal' }).click()
  await page.getByRole('button', { name: 'Open portal again' }).click()
  await expect(page.getByText('The portal is open.', { exact: true }).first()).toBeVisible()
  await expect(draft, 'what counts at once takes nothing away that is not saved yet').toHaveValue('Proseware and sons')
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('button', { name: 'Send invitation again' }).click()
  await told(page, 'A new invitation is on its way to Pat.')
  let password: string | undefined
  await expect
    .poll(async () => {
      const { text } = await mailTo(stage.sandbox.http, 'pat@proseware.example')
      password = /\b[a-z]{5}(?:-[a-z]{5}){3}\b/.exec(text)?.[0]
      return password
    })
    .toBeDefined()

  const pat = await visitor()
  await pat.goto(stage.portalOrigin('proseware'))
  await fillSignIn(pat, { email: 'pat@proseware.example', password: password ?? '' })
  await expect(pat.getByRole('heading', { name: 'Choose your own password' })).toBeVisible()
  await pat.getByLabel('New password').fill(password ?? '')
  await pat.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(pat.getByText('Choose another one than the temporary password.')).toBeVisible()
  await pat.getByLabel('New password').fill(PASSWORD)
  await pat.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(pat.getByRole('button', { name: /your account/ })).toBeVisible()
  await mailTo(stage.sandbox.http, 'pat@proseware.example', 'Welcome')

  await page.getByRole('radio', { name: /^Sign in with Microsoft only/ }).check()
  await told(page, /^Saved/)
  await pat.goto(`${stage.portalOrigin('proseware')}/account/password`)
  await expect(pat.getByText('There is no password here')).toBeVisible()
  await expect(pat.getByLabel('Current password')).toHaveCount(0)
  await looksRight(pat, 'no password to change')
  const stranger = await visitor()
  await stranger.goto(stage.portalOrigin('proseware'))
  await expect(stranger.getByRole('heading', { name: /^Sign in to/ })).toBeVisible()
  await expect(stranger.getByLabel('Password', { exact: true })).toHaveCount(0)
  await expect(stranger.getByText(/It links your Microsoft account and works once/)).toBeVisible()
  await stranger.goto(`${stage.portalOrigin('proseware')}/password-reset`)
  await expect(stranger.getByRole('heading', { name: 'There is no password here' })).toBeVisible()
  await expect(stranger.getByLabel('E-mail')).toHaveCount(0)
  await looksRight(stranger, 'no password to set anew')
})

test('an expired invitation says so and has a new one sent', async ({ page, stage }) => {
  await page.route('**/api/auth/invitation/lookup', (route) =>
    route.fulfill({
      status: 410,
      contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'No longer valid', status: 410, code: 'expired', requestId: 'x' }),
    }),
  )
  await page.goto(`${stage.portalOrigin('fabrikam')}/invitation#token=a-token-that-nobody-was-ever-sent`)
  await expect(page.getByRole('heading', { name: 'This invitation has expired' })).toBeVisible()
  await page.getByRole('button', { name: 'Send me a new one' }).click()
  await expect(page.getByText(/If this invitation was yours, a new one is on its way/)).toBeVisible()
})

test('the right link is followed also in the tab of one that was cut short', async ({ page, stage }) => {
  await page.route('**/api/auth/invitation/lookup', (route) =>
    route.request().postData()?.includes('whole') === true
      ? route.fulfill({
          status: 410,
          contentType: 'application/problem+json',
          body: JSON.stringify({ title: 'No longer valid', status: 410, code: 'expired', requestId: 'x' }),
        })
      : route.continue(),
  )
  for (const origin of [stage.portalOrigin('fabrikam'), stage.adminOrigin]) {
    await page.goto(`${origin}/invitation#token=cut`)
    await expect(page.getByRole('heading', { name: 'We do not know this invitation' })).toBeVisible()
    await page.goto(`${origin}/invitation#token=the-whole-token`)
    await expect(page.getByRole('heading', { name: 'We do not know this invitation' })).toHaveCount(0)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
})

test('a contact is given a licence permission, invited, the invitation taken back, and deleted', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addWithPortal(page, 'Trey Research', 'trey', 'tara@trey.example')
  await openTab(page, 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Uwe Lang')
  await dialog.getByLabel('E-mail').fill('uwe@trey.example')
  await dialog.getByLabel('Portal user').check()
  await dialog.getByLabel('Licence permission').selectOption('view')
  await dialog.getByRole('button', { name: 'Add contact' }).click()
  const row = page.getByRole('row', { name: /Uwe Lang/ })
  await chooseFromRow(page, row, 'Invite to portal')
  await expect(row).toContainText('Invited')
  await chooseFromRow(page, row, 'Take invitation back')
  await told(page, 'The invitation of Uwe Lang no longer works.')
  await expect(row).toContainText('No access')
  await chooseFromRow(page, row, 'Delete contact')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete contact' }).click()
  await told(page, 'Deleted Uwe Lang.')
  await expect(row).toHaveCount(0)
})

test('a portal admin invites, promotes and disables people of their company, but never the last admin', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addWithPortal(page, 'Coho Winery', 'coho', 'cora@coho.example')
  const cora = await visitor()
  await accept(cora, await invitationLink(stage.sandbox.http, 'cora@coho.example'))
  await cora.getByRole('link', { name: 'People' }).first().click()
  await expect(cora.getByText('Main admin', { exact: true })).toBeVisible()
  await cora.getByRole('button', { name: 'Invite person' }).click()
  const dialog = cora.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Invite person' }).click()
  await expect(dialog.getByRole('alert').getByText('Enter the person’s name')).toBeVisible()
  await dialog.getByLabel('Name').fill('Dov Katz')
  await dialog.getByLabel('E-mail').fill('dov@coho.example')
  await dialog.getByRole('button', { name: 'Invite person' }).click()
  await told(cora, 'An invitation is on its way to Dov Katz.')
  const item = cora.getByRole('listitem').filter({ hasText: 'Dov Katz' })
  await expect(item).toContainText('Not confirmed yet')

  const dov = await visitor()
  await accept(dov, await invitationLink(stage.sandbox.http, 'dov@coho.example'))
  await expect(dov.getByRole('link', { name: 'People' })).toHaveCount(0)
  await cora.reload()
  await chooseFromRow(cora, item, 'Change what they see')
  await dialog.getByLabel('Portal admin').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await told(cora, /^Saved/)
  // With other roles he comes in anew.
  await dov.reload()
  await fillSignIn(dov, { email: 'dov@coho.example', password: PASSWORD })
  await dov.getByRole('link', { name: 'People' }).first().click()
  await expect(dov.getByRole('listitem').filter({ hasText: 'Cora' })).toContainText('Main admin')
  await chooseFromRow(cora, item, 'Disable access')
  await told(cora, 'Dov Katz can no longer sign in.')
  await dov.reload()
  await expect(dov.getByLabel('E-mail')).toBeVisible()
})

test('the end-user portal tab says who may do what with licences', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'End-user portal')
  await page.getByLabel('Licence permission of Tom Okafor').selectOption('modify')
  await told(page, 'Tom Okafor: Modify.')
  await page.reload()
  await expect(page.getByLabel('Licence permission of Tom Okafor')).toHaveValue('modify')
})
