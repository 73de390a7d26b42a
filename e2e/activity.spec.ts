import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'
import { addCustomer, openCustomer, openTab, signedIn, told } from './steps.ts'

/** Chooses a format from the page's Export menu, by keyboard, and answers the file. */
async function exported(page: Page, format: 'CSV' | 'Excel') {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).press('Enter')
  await page.getByRole('menuitem', { name: format }).press('Enter')
  const file = await download
  await told(page, 'The export is in your downloads.')
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

test('what was done to a customer is told by days, before and after, filtered in the address, and taken along', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Lamna Healthcare')
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Phone').fill('+44 1632 960 777')
  await dialog.getByRole('button', { name: 'Save customer' }).click()
  await told(page, 'Saved Lamna Healthcare.')
  await openTab(page, 'Activity')
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible()
  const changed = page.getByRole('listitem').filter({ hasText: 'changed Lamna Healthcare' })
  await expect(changed).toContainText('+44 1632 960 777')

  await page.getByLabel('About').selectOption('Documents')
  await expect(page.getByText('Nothing matches these filters')).toBeVisible()
  expect(new URL(page.url()).searchParams.get('kind')).toBe('documents')
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await changed.getByRole('button', { name: /Marcus/ }).click()
  await expect(page.getByLabel('Person').getByRole('option', { selected: true })).toContainText('Marcus')
  await expect(changed).toBeVisible()

  const { name, bytes } = await exported(page, 'CSV')
  expect(name).toMatch(/^northwind-it-activity-\d{4}-\d\d-\d\d\.csv$/)
  expect(bytes.toString()).toContain('Phone: empty → +44 1632 960 777')
  await page.reload()
  await expect(page.getByRole('listitem').filter({ hasText: 'exported the activity' })).toBeVisible()
})

test('what the people of the demo asked for is told in the activity of their company, from the first to the last', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Activity')
  await page.getByLabel('About').selectOption('Requests')
  const story = page.getByRole('main').getByRole('listitem').filter({ hasText: 'New user: Leo Hart' })
  await expect(story.last()).toContainText('Dana Whitfield asked for New user: Leo Hart')
  await expect(story.nth(-2)).toContainText('Marcus Bell approved New user: Leo Hart')
  await expect(story.nth(-3)).toContainText('Marcus Bell began with New user: Leo Hart')
  await expect(story.nth(-4)).toContainText('Marcus Bell did a step of New user: Leo Hart')
})

test('what the list of customers shows is taken along as a file, and what is selected', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await page.getByLabel('Search customers').fill('contoso')
  await expect(page.getByRole('row', { name: /Fabrikam Dental/ })).toHaveCount(0)
  const list = await exported(page, 'CSV')
  expect(list.name).toMatch(/^northwind-it-customers-\d{4}-\d\d-\d\d\.csv$/)
  const [heads, ...lines] = list.bytes.toString().split('\r\n')
  expect(heads).toMatch(/^\ufeffCustomer name,Primary contact,E-mail,/)
  expect(lines).toEqual([expect.stringMatching(/^Contoso Logistics,/), ''])
  const workbook = await exported(page, 'Excel')
  expect(workbook.name).toMatch(/\.xlsx$/)
  expect(workbook.bytes.subarray(0, 2).toString()).toBe('PK')

  await page.getByRole('checkbox', { name: /Contoso Logistics/ }).check()
  await page.getByRole('button', { name: 'Export' }).click()
  await expect(page.getByText('Only the 1 customer selected')).toBeVisible()
})

test('somebody who may only look is offered no export', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('vera@northwind-it.example'))
  await page.getByRole('link', { name: 'Activity' }).first().click()
  await expect(page.getByRole('heading', { name: 'Activity', level: 1 })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Export' })).toHaveCount(0)
})
