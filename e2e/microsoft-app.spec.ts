import type { Page } from '@playwright/test'
import { readCast } from '../bin/lib/cast.mjs'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { addCustomer, consentAtMicrosoft, control, openCustomer, openTab, signedIn, told } from './steps.ts'

const administrator = { email: 'admin@cove.example', password: 'demo-admin' }
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

/** The app that the demo's Northwind IT has registered at Microsoft, and the values of its secrets. */
const [app] = readCast().microsoftApps
if (app === undefined) throw new Error('There is no app registration in the demo cast.')
const valueOf = (expired: boolean): string => app.secrets.find((secret) => secret.expired === expired)?.value ?? ''

test('an owner lets Microsoft show the MSP’s own app, and a customer sees its name when a tenant is connected', async ({
  page,
  stage,
  visitor,
}) => {
  await control(stage.sandbox.http, '/tenants', { domain: 'cove.example', name: 'Cove Marine', userCount: 12 })
  const settings = `${stage.adminOrigin}/settings/microsoft`
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await page.getByRole('link', { name: 'Settings' }).first().click()
  await page.getByRole('main').getByRole('link', { name: 'Microsoft', exact: true }).click()
  await expect(panel(page, 'App registration').getByText(/a neutral name now/)).toBeVisible()
  await expect(panel(page, 'How to register an app').getByText(/\/microsoft\/callback$/)).toBeVisible()
  await looksRight(page, 'Microsoft settings without an own app')

  await panel(page, 'App registration').getByRole('button', { name: 'Use an app of your own' }).click()
  const dialog = page.getByRole('dialog')
  const secret = dialog.getByLabel('Client secret’s value', { exact: true })
  const save = dialog.getByRole('button', { name: 'Save app' })
  await dialog.getByLabel('Application (client) ID').fill(app.clientId)
  await dialog.getByLabel('Directory (tenant) ID').fill(app.directoryId)
  await secret.fill('0c3de1ab-9e0a-4d9f-8a52-d1e6a5b7f301')
  await save.click()
  await expect(dialog.getByText(/This is the secret’s ID/).first()).toBeVisible()
  await looksRight(page, 'the form of an own app, with an error')
  await secret.fill(valueOf(true))
  await dialog.getByLabel('Expires on').fill('2025-05-31')
  await save.click()
  await told(page, 'The app is saved.')
  await expect(page.getByText('The client secret expired on 31 May 2025.')).toBeVisible()
  await panel(page, 'Test').getByRole('button', { name: 'Test the app' }).click()
  await expect(panel(page, 'Test').getByText(/The secret has expired.*\(AADSTS7000222\)/)).toBeVisible()

  await page.getByRole('button', { name: 'Enter a new secret' }).click()
  await secret.fill(valueOf(false))
  await dialog.getByLabel('Expires on').fill('2099-05-31')
  await save.click()
  await expect(page.getByText(/Expires on 31 May 2099/)).toBeVisible()
  await panel(page, 'Test').getByRole('button', { name: 'Test the app' }).click()
  await expect(panel(page, 'Test').getByText(/It works\. Microsoft takes the application ID/)).toBeVisible()
  await looksRight(page, 'Microsoft settings with an own app')

  const theirs = await visitor()
  await signedIn(theirs, settings, stage.person('marcus@northwind-it.example'))
  await expect(panel(theirs, 'App registration').getByText(app.clientId)).toBeVisible()
  await expect(theirs.getByText('Only owners and admins can change these.')).toBeVisible()
  await expect(theirs.getByRole('button', { name: /Change|Remove|Test the app/ })).toHaveCount(0)

  const goToMicrosoft = async () => {
    await page.getByLabel('Domain or tenant id').fill('cove.example')
    await page.getByRole('button', { name: 'Go to Microsoft' }).click()
  }
  await addCustomer(page, 'Cove Marine')
  await openTab(page, 'Tenants')
  await page.getByRole('button', { name: 'Connect tenant' }).click()
  await goToMicrosoft()
  await expect(page.getByText(`to continue to ${app.name}`)).toBeVisible()
  await page.getByLabel('Account').fill(administrator.email)
  await page.getByLabel('Password').fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: `${app.name} asks for permission in Cove Marine` })).toBeVisible()
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.waitForURL(/\/\/admin\./)
  await told(page, 'The tenant is connected.')
  await expect(page.getByRole('row', { name: /Cove Marine|cove\.example/ })).toContainText(/Synced|now|second/)

  await page.goto(settings)
  await expect(panel(page, 'App registration').getByText('1 tenant', { exact: true })).toBeVisible()
  await expect(
    panel(page, 'Which tenants use which app').getByText('Neutral app', { exact: true }).first(),
  ).toBeVisible()
  await looksRight(page, 'which tenants use which app')
  await panel(page, 'App registration').getByRole('button', { name: 'Remove' }).click()
  const warning = page.getByRole('alertdialog')
  await expect(warning.getByText(/1 tenant is connected with this app: nothing more is read from it/)).toBeVisible()
  await warning.getByRole('button', { name: 'Remove' }).click()
  await told(page, 'Removed.')
  await expect(page.getByText('Removed app: connect again')).toBeVisible()

  await openCustomer(page, 'Cove Marine', 'Tenants')
  await expect(page.getByText(/was connected with an app registration that has been removed/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Connect again' }).click()
  await expect(page.getByText('to continue to Portico')).toBeVisible()
  await consentAtMicrosoft(page, administrator)
  await expect(page.getByText(/was connected with an app registration that has been removed/)).toHaveCount(0)
})
