import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { asForAll, chooseSelfService, openCustomer, signedIn, told } from './steps.ts'

test('a form that is switched off is gone from the portal, and writing tickets too, at the next click', async ({
  page,
  stage,
  visitor,
}) => {
  const portal = stage.portalOrigin('fabrikam')
  const tom = await visitor()
  await signedIn(tom, `${portal}/licences`, stage.person('tom@fabrikamdental.example'))
  const ask = tom.getByRole('link', { name: /^Request more seats/ }).first()
  await expect(ask).toBeVisible()

  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Portal')
  await chooseSelfService(page, 'Licence change', 'Off')
  await chooseSelfService(page, 'Write tickets', 'Off')
  await looksRight(page, 'what a customer does by itself')

  await tom.reload()
  await expect(tom.getByRole('heading', { name: 'Licences', level: 1 })).toBeVisible()
  await expect(ask).toHaveCount(0)
  await tom.goto(`${portal}/tickets`)
  await expect(tom.getByRole('heading', { name: 'Tickets', level: 1 })).toBeVisible()
  await expect(tom.getByRole('link', { name: 'New ticket' })).toHaveCount(0)
  await tom.goto(`${portal}/tickets/new`)
  await expect(tom.getByRole('heading', { name: 'This page does not exist' })).toBeVisible()

  // Given back: other tests ask and write here.
  await chooseSelfService(page, 'Licence change', asForAll)
  await chooseSelfService(page, 'Write tickets', asForAll)
  await tom.goto(`${portal}/tickets`)
  await expect(tom.getByRole('link', { name: 'New ticket' }).first()).toBeVisible()
})

test('a customer’s own choice outlives a change of the default', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  const path = await openCustomer(page, 'Fabrikam Dental', 'Portal')
  await chooseSelfService(page, 'Group change', 'Direct')

  const groups = page.getByLabel('Group change: allowed')
  const days = page.getByLabel('Days until a request expires')
  const save = page.getByRole('button', { name: 'Save settings' })
  await page.goto(`${stage.adminOrigin}/settings/self-service`)
  await groups.selectOption('Off')
  await page.getByLabel('Who of your team approves').selectOption('Only those I choose')
  await days.fill('91')
  await save.click()
  await expect(page.getByText('Enter a whole number from 1 to 90.').first()).toBeVisible()
  await expect(page.getByText('Choose somebody, or leave it to a role.').first()).toBeVisible()
  await looksRight(page, 'self-service with what is wrong in it')
  await page.getByLabel('Marcus Bell').check()
  await days.fill('30')
  await save.click()
  await told(page, 'Saved. It holds at their next click.')

  await page.goto(`${stage.adminOrigin}${path}/portal`)
  await expect(groups.getByRole('option', { name: 'As for all customers (Off)' })).toBeAttached()
  await expect(groups).toHaveValue('direct')
  await expect(page.getByLabel('Who of your team approves').getByRole('option').first()).toHaveText(
    'As for all customers (Marcus Bell, and owners)',
  )
  await chooseSelfService(page, 'Group change', asForAll)
  await expect(groups).toHaveValue('')

  // Given back, for all customers.
  await page.goto(`${stage.adminOrigin}/settings/self-service`)
  await groups.selectOption('Approval required')
  await page.getByLabel('Who of your team approves').selectOption('Technicians, admins and owners')
  await days.fill('14')
  await save.click()
  await told(page, 'Saved. It holds at their next click.')
})
