import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'
import { signedIn, told } from './steps.ts'

const widgets = (page: Page) => page.locator('[data-widget] h2').allTextContents()

test('a workspace is arranged by keyboard and by hand, and stays so', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('vera@northwind-it.example'))
  await page.getByRole('link', { name: 'Workspace' }).first().click()
  await expect(page.getByRole('heading', { name: 'Contact list', level: 2 })).toBeVisible()
  expect(await widgets(page)).toEqual(['Customers needing attention', 'Contact list', 'Recent activity'])
  await page.getByRole('button', { name: /^Move Recent activity/ }).focus()
  await page.keyboard.press('Home')
  await told(page, 'Recent activity is number 1 now.')
  const handle = page.getByRole('button', { name: /^Move Contact list/ })
  await handle.scrollIntoViewIfNeeded()
  const from = await handle.boundingBox()
  const target = await page.locator('[data-widget="activity"]').boundingBox()
  if (!from || !target) throw new Error('The widgets are not in sight.')
  await page.mouse.move(from.x + 5, from.y + 5)
  await page.mouse.down()
  await page.mouse.move(from.x + 5, target.y + 4, { steps: 5 })
  await page.mouse.up()
  await told(page, 'Contact list is number 1 now.')
  await page.getByRole('button', { name: 'Remove Customers needing attention' }).click()
  await told(page, 'Removed Customers needing attention.')
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Contact list', level: 2 })).toBeVisible()
  expect(await widgets(page)).toEqual(['Contact list', 'Recent activity'])
  await page.getByRole('button', { name: 'Add widget' }).click()
  await page.getByRole('menuitem', { name: 'Customers needing attention' }).click()
  await told(page, 'Added Customers needing attention.')
  // A viewer sees, and gives nobody access.
  await expect(page.getByRole('button', { name: 'Select all that match' })).toHaveCount(0)
})

test('nothing is added to a workspace before what is in it has come: it would take the place of all of it', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  const { promise: isLetThrough, resolve: letThrough } = Promise.withResolvers<void>()
  await page.route('**/api/msp-portal/workspace', async (route) => {
    await isLetThrough
    await route.continue()
  })
  await page.getByRole('link', { name: 'Workspace' }).first().click()
  await expect(page.getByRole('heading', { name: 'Workspace', level: 1 })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add widget' })).toHaveCount(0)
  letThrough()
  await page.getByRole('button', { name: 'Add widget' }).click()
  await page.getByRole('menuitem', { name: 'Tickets that need you' }).click()
  await told(page, 'Added Tickets that need you.')
  expect(await widgets(page)).toEqual([
    'Customers needing attention',
    'Contact list',
    'Recent activity',
    'Tickets that need you',
  ])
  await page.getByRole('button', { name: 'Remove Tickets that need you' }).click()
  await told(page, 'Removed Tickets that need you.')
})

test('many contacts get access at once: reviewed, confirmed, and told at the bottom', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('rosa@northwind-it.example'))
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('button', { name: 'Add customer' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Customer name').fill('Zubrowka Hotels')
  await dialog.getByLabel('Primary contact’s e-mail').fill('zoe@zubrowka.example')
  await dialog.getByLabel('Enable customer portal').check()
  await dialog.getByRole('button', { name: 'Add customer' }).click()
  await expect(page.getByRole('heading', { name: 'Zubrowka Hotels', level: 1 })).toBeVisible()
  await page
    .getByRole('main')
    .getByRole('link', { name: /^Contacts/ })
    .first()
    .click()
  for (const [name, email] of [
    ['Agatha Bell', 'agatha@zubrowka.example'],
    ['Serge Moor', ''],
  ] as const) {
    await page.getByRole('button', { name: 'Add contact' }).first().click()
    await dialog.getByLabel('Name', { exact: true }).fill(name)
    await dialog.getByLabel('E-mail').fill(email)
    await dialog.getByRole('button', { name: 'Add contact' }).click()
    await told(page, `Added ${name}.`)
  }
  await page.getByRole('link', { name: 'Workspace' }).first().click()
  await page.getByRole('searchbox', { name: /^Search contacts/ }).fill('zubrowka')
  await expect(page.getByText('3 contacts', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Select all that match' }).click()
  await expect(page.getByText('3 selected', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Enable portal' }).click()
  await expect(dialog.getByRole('heading', { name: '1 person gets access' })).toBeVisible()
  await expect(dialog.getByText('Agatha Bell, Zubrowka Hotels')).toBeVisible()
  await expect(dialog.getByRole('list', { name: 'No e-mail address' })).toContainText('Serge Moor')
  await expect(dialog.getByRole('list', { name: 'Invited already' })).toContainText('Zoe')
  await dialog.getByRole('button', { name: 'Confirm for 1 person' }).click()
  await told(page, /^Access to the portal was granted to 1 person\./)
  await expect(page.getByRole('row', { name: /Agatha Bell/ })).toContainText('Invited')
})
