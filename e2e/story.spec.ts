import { expect, test } from './stage.ts'
import { chooseFromRow, connectTenant, invitationLink, mailTo, openTab, signIn } from './steps.ts'

const NEW_PASSWORD = 'quiet-harbour-lantern-77'

test('a technician connects a new customer, and its office manager sees their environment in their own colours', async ({
  page,
  stage,
  visitor,
}) => {
  await signIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))

  await page.getByRole('button', { name: 'Add customer' }).click()
  await page.getByLabel('Customer name').fill('Bellows College')
  await page.getByLabel('Primary contact’s e-mail').fill('aisha@bellowscollege.example')
  await page.getByRole('dialog').getByRole('button', { name: 'Add customer' }).click()
  await expect(page.getByRole('heading', { name: 'Bellows College', level: 1 })).toBeVisible()

  await openTab(page, 'Tenants')
  const administrator = { email: 'admin@bellowscollege.example', password: 'demo-entra-bellows' }
  await connectTenant(page, 'bellowscollege.example', administrator)
  await expect(page.getByRole('row', { name: /bellowscollege\.example/ })).toContainText(/seconds ago|now/i, {
    timeout: 30_000,
  })

  await openTab(page, 'Portal')
  await page.getByLabel('URL prefix').fill('bellows')
  await page.getByLabel('Company display name').fill('Bellows College IT')
  await page.getByRole('textbox', { name: /^Primary colour/ }).fill('#7a1f5c')
  await page.getByRole('textbox', { name: /^Accent colour/ }).fill('#1f7a4d')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Settings saved' })).toBeAttached()

  await openTab(page, 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Aisha Rahman')
  await dialog.getByLabel('E-mail').fill('aisha@bellowscollege.example')
  await dialog.getByLabel('Portal admin').check()
  await dialog.getByRole('button', { name: 'Add contact' }).click()
  const row = page.getByRole('row', { name: /Aisha Rahman/ })
  await chooseFromRow(page, row, 'Invite to portal')
  await expect(row).toContainText('Invited')

  const mail = await mailTo(stage.sandbox.http, 'aisha@bellowscollege.example')
  expect(mail.subject).toBe('Your access to the Bellows College IT portal')
  expect(mail.text).not.toMatch(/portico/i)

  const hers = await visitor()
  await hers.goto(await invitationLink(stage.sandbox.http, 'aisha@bellowscollege.example'))
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
})
