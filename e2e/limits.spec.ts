import { expect, test } from './stage.ts'
import { addCustomer, openCustomer, openTab, signedIn } from './steps.ts'

test('a viewer reads settings as words, in fields of nobody', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('vera@northwind-it.example'))
  const main = page.getByRole('main')
  await openCustomer(page, 'Fabrikam Dental', 'Portal')
  await expect(main.getByText('fabrikam.localhost', { exact: true }).first()).toBeVisible()
  await expect(main.getByRole('textbox')).toHaveCount(0)
  await expect(main.getByRole('button', { name: 'Save settings' })).toHaveCount(0)
  for (const tab of ['Organisation', 'Portal defaults', 'Mail sender']) {
    await page.getByRole('link', { name: 'Settings' }).first().click()
    await openTab(page, tab)
    await expect(main.getByText(/^(Name|External homepage|From name|Sender name)/).first()).toBeVisible()
    // The preview's fields are pictures: nothing in it can be reached.
    await expect(main.locator(':is(input, select, textarea):not([inert] *)')).toHaveCount(0)
  }
})

test('a contact without a portal role is not offered an invitation, and their menu says what comes first', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Tamarack Joinery')
  await openTab(page, 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Ines Duarte')
  await page.getByLabel('E-mail').fill('ines@tamarack.example')
  await page.getByRole('dialog').getByRole('button', { name: 'Add contact' }).click()
  const row = page.getByRole('row').filter({ hasText: 'Ines Duarte' })
  await expect(row.getByText('No portal role')).toBeVisible()
  await expect(row.getByRole('button', { name: /^Invite/ })).toHaveCount(0)
  await row.getByRole('button', { name: /^More for/ }).click()
  await expect(page.getByText('To invite them, first tick a portal role.')).toBeVisible()
  await expect(page.getByRole('menuitem', { name: /^Invite/ })).toHaveCount(0)
})

test('a chart’s figures can be read one by one', async ({ page, stage }) => {
  await signedIn(page, stage.portalOrigin('fabrikam'), stage.person('dana@fabrikamdental.example'))
  const security = page.getByRole('region', { name: 'Security' })
  await security.getByText('Show as a table').click()
  await expect(security.getByRole('rowheader').first()).toBeVisible()
})

test('names as long as they may be, and names without a space, never widen a page', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  const name = 'W'.repeat(120)
  await addCustomer(page, name)
  for (const tab of ['Overview', 'Tenants', 'Contacts', 'Portal', 'Activity'])
    for (const width of [390, 820, 1440]) {
      await page.setViewportSize({ width, height: 844 })
      await openTab(page, tab)
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(beyond, `${tab} at ${width}`).toBeLessThanOrEqual(0)
    }
  // Searched for: other tests add customers too, and W comes last.
  await page.goto(`${stage.adminOrigin}/customers?q=www`)
  for (const width of [820, 1440]) {
    await page.setViewportSize({ width, height: 844 })
    const row = page.getByRole('row').filter({ hasText: name })
    await expect(row.getByRole('link', { name, exact: true })).toBeInViewport()
    await expect(row.getByRole('button', { name: /^More for/ }), `its menu at ${width}`).toBeInViewport({ ratio: 1 })
  }
})
