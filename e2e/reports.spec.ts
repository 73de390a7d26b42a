import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { asForAll, chooseSelfService, openCustomer, openTab, signedIn, told } from './steps.ts'

const settled = (page: Page) => expect(page.locator('[aria-busy=true]')).toHaveCount(0)
const taken = async (page: Page, press: () => Promise<void>) => {
  const [file] = await Promise.all([page.waitForEvent('download'), press()])
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
}

test('an office manager reads, prints and takes along reports, and staff choose whom one is mailed to', async ({
  page,
  stage,
  visitor,
}) => {
  test.setTimeout(120_000)
  await signedIn(page, stage.portalOrigin('fabrikam'), stage.person('dana@fabrikamdental.example'))
  await page.getByRole('link', { name: 'Reports', exact: true }).first().click()
  await expect(page.getByRole('heading', { name: 'Reports', level: 1 })).toBeVisible()
  await looksRight(page, 'reports of a portal admin')
  const users = await taken(page, () => page.getByRole('button', { name: 'CSV : Users' }).click())
  expect(users.name).toMatch(/^users-\d{4}-\d\d-\d\d\.csv$/)
  expect(users.text).toMatch(/^\ufeff?Name,Mail,/)
  await told(page, 'Users: the file is in your downloads.')

  await page.getByRole('link', { name: 'Open : Users' }).click()
  await expect(page.getByRole('heading', { name: 'Users', level: 1 })).toBeVisible()
  await settled(page)
  await expect(page.getByText(/^Figures as of /)).toBeVisible()
  await looksRight(page, 'a report as it is printed')
  await page.emulateMedia({ media: 'print' })
  for (const chrome of [
    page.getByRole('banner').first(),
    page.getByRole('navigation').first(),
    page.getByRole('button', { name: 'Print or save as PDF' }),
  ])
    await expect(chrome).toBeHidden()
  await expect(page.locator('.sheet-sign')).toContainText('Fabrikam')
  expect(await page.locator('.sheet-table thead').evaluate((head) => getComputedStyle(head).display)).toBe(
    'table-header-group',
  )
  const [body, sheet] = await Promise.all(
    ['body', '.sheet-table'].map((what) => page.locator(what).evaluate((box) => box.scrollWidth)),
  )
  expect(sheet).toBeLessThanOrEqual(body ?? 0)
  await page.emulateMedia({ media: null })

  const marcus = await visitor()
  await signedIn(marcus, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(marcus, 'Fabrikam Dental', 'Reports')
  await expect(marcus.getByText('Nobody gets it.')).toBeVisible()
  await marcus.getByRole('button', { name: 'Change', exact: true }).click()
  const dialog = marcus.getByRole('dialog')
  await dialog.getByLabel('Dana Whitfield').check()
  await looksRight(marcus, 'who gets the monthly report')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(marcus.getByText(/^Dana Whitfield gets it\. The next one leaves on 1 /)).toBeVisible()
  await marcus.getByRole('button', { name: 'Send me a sample' }).click()
  await told(marcus, 'A sample is on its way to marcus@northwind-it.example, as Dana Whitfield would read it.')
  await looksRight(marcus, 'reports of a customer')
  await marcus.getByRole('link', { name: 'Open : Licences' }).click()
  await expect(marcus.getByRole('heading', { name: 'Licences', level: 1 })).toBeVisible()
  await settled(marcus)
  await expect(marcus.locator('.sheet-table tbody tr').first()).toBeVisible()
  await marcus.getByRole('link', { name: 'Fabrikam Dental' }).first().click()
  await openTab(marcus, 'Activity')
  await expect(marcus.getByText(/downloaded a report: users-/)).toBeVisible()

  const olivia = await visitor()
  await signedIn(olivia, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await openCustomer(olivia, 'Fabrikam Dental', 'Portal')
  await chooseSelfService(olivia, 'Download reports', 'Off')
  await page.goto(`${stage.portalOrigin('fabrikam')}/reports`)
  await expect(page.getByText('This page does not exist')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Reports', exact: true })).toHaveCount(0)

  // Given back: other tests read reports of this portal.
  await chooseSelfService(olivia, 'Download reports', asForAll)
  await page.reload()
  await expect(page.getByRole('link', { name: 'Reports', exact: true }).first()).toBeAttached()
})
