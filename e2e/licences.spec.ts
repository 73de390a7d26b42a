import type { Page } from '@playwright/test'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { asForAll, chooseSelfService, fillSignIn, mailTo, openCustomer, openTab, signedIn, told } from './steps.ts'

const settled = (page: Page) => expect(page.locator('[aria-busy=true]')).toHaveCount(0)
const licences = (page: Page) => page.getByRole('main').locator('.licence')

test('an office manager sees who uses what, asks for more seats, and the provider reads it', async ({
  page,
  stage,
  visitor,
}) => {
  test.setTimeout(180_000)
  await signedIn(page, stage.portalOrigin('fabrikam'), stage.person('dana@fabrikamdental.example'))
  await page.getByRole('link', { name: 'All about your licences' }).click()
  await expect(page.getByRole('heading', { name: 'Licences', level: 1 })).toBeVisible()
  await settled(page)
  await looksRight(page, 'licences of a portal admin')
  const premium = licences(page).filter({ hasText: 'Microsoft 365 Business Premium' })
  await expect(premium.getByText(/than (was|were) bought\.$|free$/)).toBeVisible()

  const paid = await licences(page).count()
  await page.getByRole('button', { name: /^Show \d+ free (or|and) trial licences?$/ }).click()
  await expect(licences(page)).not.toHaveCount(paid)
  await page.getByRole('button', { name: 'Hide free and trial licences' }).click()
  await expect(licences(page)).toHaveCount(paid)

  await premium.getByRole('button', { name: 'Who has a seat of Microsoft 365 Business Premium' }).click()
  const holders = page.getByRole('dialog')
  await expect(holders.getByRole('listitem').first()).toBeVisible()
  await looksRight(page, 'who holds a seat')
  const names = await holders.locator('.name').allInnerTexts()
  expect(names).toEqual(names.toSorted((one, other) => one.localeCompare(other, 'en', { sensitivity: 'base' })))
  await holders.getByRole('button', { name: 'Idle 30 days' }).click()
  await expect(holders.getByText(/^Of nobody is it known|^\d+ (person|people) shown$/)).toBeVisible()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Refresh' }).click()
  await expect(page.getByText('These are the newest figures.').last()).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Refresh' }).click()
  await expect(page.getByText('You can ask again in 15 minutes.').last()).toBeVisible()

  await premium.getByRole('link', { name: 'Request more seats of Microsoft 365 Business Premium' }).click()
  await expect(page.getByLabel('Licence').locator('option:checked')).toHaveText(/^Microsoft 365 Business Premium/)
  await page.getByRole('button', { name: 'Send request' }).click()
  await expect(page.getByText('Fill in “What they are for”').first()).toBeVisible()
  await looksRight(page, 'requesting seats, with errors')
  await page.getByLabel('More seats').fill('5')
  await page.getByLabel('What they are for').fill('Five hygienists start in May.')
  await page.getByRole('button', { name: 'Send request' }).click()
  await told(page, 'Sent: Licence change: 5 more seats of Microsoft 365 Business Premium')
  await expect(page.getByRole('heading', { name: /5 more seats of Microsoft 365 Business Premium/ })).toBeVisible()

  const mail = await mailTo(stage.sandbox.http, 'help@northwind-it.example', 'Fabrikam Dental: Licence change: 5 more')
  expect(mail.text).toContain('Five hygienists start in May.')

  const marcus = await visitor()
  await signedIn(marcus, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(marcus, 'Fabrikam Dental', 'Licences')
  await settled(marcus)
  await looksRight(marcus, 'licences of a customer')
  await openTab(marcus, 'Requests')
  await expect(
    marcus.getByRole('link', { name: /5 more seats of Microsoft 365 Business Premium/ }).first(),
  ).toBeVisible()
  await looksRight(marcus, 'requests of a customer')
})

test('usage over time is read day by day, with the keyboard and as a table', async ({ page, stage }) => {
  await signedIn(page, stage.portalOrigin('fabrikam'), stage.person('tom@fabrikamdental.example'))
  const days = Array.from({ length: 365 }, (_, place) => ({
    day: new Date(Date.UTC(2026, 0, 1 + place)).toISOString().slice(0, 10),
    boughtCount: place < 180 ? 40 : 45,
    assignedCount: 20 + Math.floor(place / 14),
  }))
  await page.route('**/licences/*/usage', (route) =>
    route.fulfill({ json: { skuId: 'sku', name: 'Microsoft 365 Business Premium', days } }),
  )
  await page.goto(`${stage.portalOrigin('fabrikam')}/licences`)
  await page.getByRole('button', { name: 'Over time: Microsoft 365 Business Premium' }).click()
  const dialog = page.getByRole('dialog')
  await expect(
    dialog.getByRole('img', { name: 'Seats of Microsoft 365 Business Premium in use: 20 on 1 Jan, 46 on 31 Dec' }),
  ).toBeVisible()
  await looksRight(page, 'usage over time')
  const slider = dialog.getByRole('slider', { name: 'Day' })
  await slider.focus()
  await page.keyboard.press('Home')
  await expect(slider).toHaveAttribute('aria-valuetext', '1 Jan: 20 in use of 40 bought')
  await page.keyboard.press('ArrowRight')
  await expect(dialog.getByText('2 Jan: 20 in use of 40 bought')).toBeVisible()
  await dialog.getByText('Show as a table').click()
  await expect(dialog.getByRole('row')).toHaveCount(366)
})

test('names, prices and what a customer sees are the MSP’s to decide', async ({ page, stage, visitor }) => {
  test.setTimeout(180_000)
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  const tom = await visitor()
  await tom.goto(stage.portalOrigin('fabrikam'))
  await fillSignIn(tom, stage.person('tom@fabrikamdental.example'))
  await expect(tom.getByRole('heading', { level: 1 })).toContainText('Good')

  await page.goto(`${stage.adminOrigin}/settings/licences`)
  await settled(page)
  await looksRight(page, 'names and prices of licences')
  await page.getByRole('button', { name: 'Edit Microsoft 365 Business Premium' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Price of a seat').fill('18.9.0')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('Enter an amount such as 18.90').first()).toBeVisible()
  await looksRight(page, 'a price that is none')
  await dialog.getByLabel('Your own name').fill('Office for the practice')
  await dialog.getByLabel('Price of a seat').fill('18.90')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await told(page, 'Office for the practice saved')

  await openCustomer(page, 'Fabrikam Dental', 'Licences')
  await settled(page)
  await page.getByRole('button', { name: 'What Fabrikam Dental sees and pays' }).click()
  await looksRight(page, 'what a customer sees and pays')
  await page.getByRole('dialog').getByLabel('Portal admins see what licences cost').check()
  await page.getByRole('dialog').getByLabel('Office for the practice').fill('17.50')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await told(page, 'Saved. It holds at their next click.')

  const dana = await visitor()
  await signedIn(dana, `${stage.portalOrigin('fabrikam')}/licences`, stage.person('dana@fabrikamdental.example'))
  await expect(dana.getByText('£17.50 a seat and month')).toBeVisible()
  await expect(dana.getByText(/^£[\d,.]+ a month\.$/)).toBeVisible()
  await settled(dana)
  await looksRight(dana, 'licences with their costs')

  await openTab(page, 'Portal')
  await chooseSelfService(page, 'See licences', 'Off')
  await tom.getByRole('link', { name: 'Licences', exact: true }).first().click()
  await expect(tom.getByRole('heading', { name: 'Licences are not shown to you' })).toBeVisible()
  await looksRight(tom, 'licences that are not shown')
  await tom.reload()
  await expect(tom.getByRole('link', { name: 'Licences', exact: true })).toHaveCount(0)

  // As it was, for the others.
  await chooseSelfService(page, 'See licences', asForAll)
  await openTab(page, 'Licences')
  await page.getByRole('button', { name: 'What Fabrikam Dental sees and pays' }).click()
  await page.getByRole('dialog').getByLabel('Portal admins see what licences cost').uncheck()
  await page.getByRole('dialog').getByLabel('Office for the practice').fill('')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await told(page, 'Saved. It holds at their next click.')
  await page.goto(`${stage.adminOrigin}/settings/licences`)
  await page.getByRole('button', { name: 'Edit Office for the practice' }).click()
  await page.getByRole('dialog').getByLabel('Your own name').fill('')
  await page.getByRole('dialog').getByLabel('Price of a seat').fill('')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await told(page, 'Microsoft 365 Business Premium saved')
  await openTab(page, 'Licences')
})
