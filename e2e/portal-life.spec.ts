import { expect, test } from './stage.ts'
import { addCustomer, chooseFromRow, invitationLink, openCustomer, openTab, signedIn, told } from './steps.ts'

const PASSWORD = 'quiet-harbour-lantern-77'

test('a customer is added with its portal, whose admin is pending until they confirm, and is changed, undone and shut out', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await page.getByRole('button', { name: 'Add customer' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Customer name').fill('Lamna Healthcare')
  await form.getByLabel('Enable customer portal').check()
  await expect(form.getByLabel('URL prefix')).toHaveValue('lamna')
  await form.getByRole('button', { name: 'Add customer' }).click()
  await expect(form.getByRole('alert').getByText('Enter the e-mail of whoever is to be the portal admin')).toBeVisible()
  await form.getByLabel('Primary contact’s e-mail').fill('nora.lind@lamna.example')
  await form.getByRole('button', { name: 'Add customer' }).click()
  await expect(page.getByRole('heading', { name: 'Lamna Healthcare', level: 1 })).toBeVisible()
  await expect(page.getByText('Portal admin pending:')).toBeVisible()

  const nora = await visitor()
  await nora.goto(await invitationLink(stage.sandbox.http, 'nora.lind@lamna.example'))
  await nora.getByLabel('New password').fill(PASSWORD)
  await nora.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(nora.getByRole('button', { name: /your account/ })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Lamna Healthcare', level: 1 })).toBeVisible()
  await expect(page.getByText('Portal admin pending:')).toHaveCount(0)

  // Another e-mail names another admin; undoing brings Nora back.
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await form.getByLabel('Primary contact’s e-mail').fill('otto.berg@lamna.example')
  await form.getByRole('button', { name: 'Save customer' }).click()
  await expect(page.getByText('Otto Berg (otto.berg@lamna.example) has been invited')).toBeVisible()
  await page.getByRole('button', { name: 'Undo the change' }).click()
  await told(page, 'nora.lind@lamna.example is the portal admin again.')
  await expect(page.getByText('Portal admin pending:')).toHaveCount(0)

  // Closed from the form: the e-mail cannot change, and Nora is out at her next click.
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await form.getByLabel('Customer portal is enabled').uncheck()
  await form.getByRole('button', { name: 'Save customer' }).click()
  await expect(page.getByText('Portal closed')).toBeVisible()
  await nora.reload()
  await expect(nora.getByRole('button', { name: /your account/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await form.getByLabel('Primary contact’s e-mail').fill('otto.berg@lamna.example')
  await form.getByRole('button', { name: 'Save customer' }).click()
  await expect(form.getByRole('alert').getByText(/portal is closed, so its admin cannot change/)).toBeVisible()
})

test('a portal is enabled from the row of a customer that never had one, and the customer disabled there', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Munson Pickles')
  await page.getByRole('link', { name: 'Customers' }).first().click()
  const row = page.getByRole('row', { name: /Munson Pickles/ })
  await chooseFromRow(page, row, 'Enable portal')
  await expect(page.getByRole('dialog').getByLabel('URL prefix')).toHaveValue('munson')
  await page.getByRole('dialog').getByRole('button', { name: 'Enable portal' }).click()
  await told(page, /The portal opens at munson\./)
  await expect(row.getByRole('link', { name: /^munson\./ })).toBeVisible()
  await expect(row.getByRole('button', { name: /copy/i })).toBeVisible()
  await chooseFromRow(page, row, 'Disable customer')
  await told(page, 'Disabled Munson Pickles.')
  await expect(row.getByText('Disabled', { exact: true })).toBeVisible()
  await openCustomer(page, 'Munson Pickles')
  await expect(page.getByText('This customer is disabled.')).toBeVisible()
  await page.getByRole('main').getByRole('button', { name: 'Enable customer' }).click()
  await expect(page.getByText('This customer is disabled.')).toHaveCount(0)
  await openTab(page, 'Portal')
  await expect(page.getByText('The portal is open.')).toBeVisible()
})
