import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { asForAll, chooseSelfService, openCustomer, signedIn, told } from './steps.ts'

test('a colleague is found in the directory by keyboard alone, and has an address of their own', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.portalOrigin('fabrikam'), stage.person('tom@fabrikamdental.example'))
  await page.getByRole('navigation', { name: 'Main' }).first().getByRole('link', { name: 'Directory' }).click()
  await expect(page.getByRole('heading', { name: 'Directory', level: 1 })).toBeVisible()
  await expect(page.getByRole('row', { name: /Dana Whitfield/ })).toBeVisible()
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: 'Search people' })).toBeFocused()
  await page.keyboard.type('whitf dan')
  await expect(page.getByText('1 person', { exact: true })).toBeVisible()
  await expect(page).toHaveURL(/q=whitf\+dan|q=whitf%20dan/)
  await page.keyboard.press('ArrowDown')
  const name = page.getByRole('link', { name: 'Dana Whitfield' })
  await expect(name).toBeFocused()
  await page.keyboard.press('Enter')
  const person = page.getByRole('dialog', { name: 'Dana Whitfield' })
  await expect(person.getByText('Practice manager')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(name).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(person.getByRole('link', { name: 'dana@fabrikamdental.example' })).toBeVisible()
  await expect(person).not.toContainText('Mobile')
  await page.reload()
  await expect(person.getByText('Practice manager')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(person).toHaveCount(0)
  await expect(page).toHaveURL(/\/directory\?q=/)
  await page.getByRole('searchbox', { name: 'Search people' }).fill('nobody-of-that-name')
  await expect(page.getByRole('heading', { name: /^Nobody matches/ })).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).last().click()
  await expect(page.getByRole('row', { name: /Dana Whitfield/ })).toBeVisible()
})

test('staff choose what a portal shows of its directory, and it holds at the next click', async ({
  page,
  stage,
  visitor,
}) => {
  const theirs = await visitor()
  await signedIn(theirs, stage.portalOrigin('fabrikam'), stage.person('tom@fabrikamdental.example'))
  const link = theirs.getByRole('navigation', { name: 'Main' }).first().getByRole('link', { name: 'Directory' })
  await link.click()
  await expect(theirs.getByRole('columnheader', { name: 'E-mail' })).toBeVisible()

  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Users')
  await expect(page.getByRole('row', { name: /Dana Whitfield/ })).toBeVisible()
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Change what it shows' }).click()
  await dialog.getByLabel('E-mail').uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await told(page, /^Saved\./)
  await theirs.reload()
  await expect(theirs.getByRole('row', { name: /Dana Whitfield/ })).toBeVisible()
  await expect(theirs.getByRole('columnheader', { name: 'E-mail' })).toHaveCount(0)

  const olivia = await visitor()
  await signedIn(olivia, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await openCustomer(olivia, 'Fabrikam Dental', 'Portal')
  await chooseSelfService(olivia, 'See the company’s people', 'Off')
  await page.reload()
  await expect(page.getByText('The portal shows no directory: self-service has it off.')).toBeVisible()
  await theirs.reload()
  await expect(theirs.getByRole('heading', { name: 'This page does not exist' })).toBeVisible()
  await expect(link).toHaveCount(0)

  await chooseSelfService(olivia, 'See the company’s people', asForAll)
  await page.reload()
  await page.getByRole('button', { name: 'Change what it shows' }).click()
  await dialog.getByLabel('E-mail').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The portal shows everybody but guests.')).toBeVisible()
})

test('several tenants are seen together and apart', async ({ page, stage }) => {
  await signedIn(page, `${stage.portalOrigin('contoso')}/directory`, stage.person('henrik@contoso-logistics.example'))
  await expect(page.getByText('The first 100 people')).toBeVisible()
  await page.getByRole('button', { name: 'Organisation' }).click()
  await page.getByRole('menuitemradio').last().click()
  await expect(page).toHaveURL(/tenant=/)
  await expect(page.getByRole('button', { name: /^Organisation: / })).toBeVisible()
})

test('the directory can be used by everybody, at a desk and on a phone, by day and by night', async ({
  page,
  stage,
}) => {
  await signedIn(page, `${stage.portalOrigin('fabrikam')}/directory`, stage.person('dana@fabrikamdental.example'))
  await expect(page.getByRole('row', { name: /Dana Whitfield/ })).toBeVisible()
  await looksRight(page, 'directory')
  await page.getByRole('link', { name: 'Dana Whitfield' }).click()
  await expect(page.getByRole('dialog').getByText('Job title')).toBeVisible()
  await looksRight(page, 'somebody of the directory')
  await page.goto(`${stage.portalOrigin('fabrikam')}/directory?q=zzzz`)
  await expect(page.getByRole('heading', { name: /^Nobody matches/ })).toBeVisible()
  await looksRight(page, 'directory, nobody found')
})

test('the users of a customer can be looked at by everybody', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Users')
  await expect(page.getByRole('row', { name: /Dana Whitfield/ })).toBeVisible()
  await looksRight(page, 'users of a customer')
  await page.getByRole('link', { name: 'Dana Whitfield' }).click()
  await expect(page.getByRole('dialog').getByText('Signs in as')).toBeVisible()
  await looksRight(page, 'a user of a customer')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Change what it shows' }).click()
  await looksRight(page, 'what a portal shows of its directory')
})
