import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'
import { addCustomer, openCustomer, openTab, signedIn, told } from './steps.ts'

/** Chooses what is done to the customer whose page is open. */
const chooseFor = async (page: Page, name: string, item: string): Promise<void> => {
  await page.getByRole('button', { name: `Archive, merge or delete ${name}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** Adds a contact on the open customer's page. */
const addContact = async (page: Page, name: string, email: string): Promise<void> => {
  await openTab(page, 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByLabel('E-mail').fill(email)
  await dialog.getByRole('button', { name: 'Add contact' }).click()
  await told(page, `Added ${name}.`)
}

test('two customers that are the same are merged, each clash decided, and taken apart again', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await addCustomer(page, 'Woodgrove Ltd')
  await addContact(page, 'Ada Second', 'ada@woodgrove.example')
  await addCustomer(page, 'Woodgrove')
  await addContact(page, 'Ada First', 'ada@woodgrove.example')
  await addContact(page, 'Ben', 'ben@woodgrove.example')

  await chooseFor(page, 'Woodgrove', 'Merge with…')
  await page.getByRole('dialog').getByRole('searchbox').fill('woodgrove')
  await page.getByRole('button', { name: /^Woodgrove Ltd/ }).click()
  await expect(page.getByRole('radio', { name: /^Woodgrove Added/ })).toBeChecked()
  const act = page.getByRole('button', { name: 'Merge Woodgrove Ltd into Woodgrove' })
  await act.click()
  await expect(page.getByText('ada@woodgrove.example is a contact of both. Choose which one stays.')).toBeVisible()
  await page.getByRole('radio', { name: /^Ada Second/ }).check()
  await act.click()
  await told(page, 'Woodgrove Ltd is part of Woodgrove now.')
  await openTab(page, 'Contacts')
  await expect(page.getByText('Ada Second')).toBeVisible()
  await expect(page.getByText('Ada First')).toHaveCount(0)

  await openTab(page, 'Overview')
  await page.getByRole('button', { name: 'Undo merge' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Undo merge' }).click()
  await told(page, 'Woodgrove Ltd is a customer of its own again.')
  await openTab(page, 'Contacts')
  await expect(page.getByText('Ada First')).toBeVisible()
  await openCustomer(page, 'Woodgrove Ltd', 'Contacts')
  await expect(page.getByText('Ada Second')).toBeVisible()
})

test('a customer is put away, brought back, and deleted for good', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await addCustomer(page, 'Lucerne Publishing')
  await chooseFor(page, 'Lucerne Publishing', 'Archive')
  await expect(page.getByText('This customer is archived.')).toBeVisible()
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await expect(page.getByRole('link', { name: 'Contoso Logistics', exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Lucerne Publishing', exact: true })).toHaveCount(0)
  await page.goBack()
  await page.getByRole('main').getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByText('This customer is archived.')).toHaveCount(0)

  await chooseFor(page, 'Lucerne Publishing', 'Delete customer')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
  await told(page, 'Deleted Lucerne Publishing.')
  await expect(page.getByRole('link', { name: 'Lucerne Publishing', exact: true })).toHaveCount(0)
})

test('two customers selected in the list lead to their merge', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await addCustomer(page, 'Tailwind Traders')
  await addCustomer(page, 'Tailwind Traders Inc')
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('searchbox').fill('tailwind')
  // Another list is another selection.
  await expect(page.getByText('2 customers', { exact: true })).toBeVisible()
  for (const name of ['Tailwind Traders', 'Tailwind Traders Inc'])
    await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check()
  await page.getByRole('link', { name: 'Merge…' }).click()
  await expect(page.getByRole('button', { name: 'Merge Tailwind Traders Inc into Tailwind Traders' })).toBeVisible()
})

test('an archived customer offers nothing that it would refuse, but to be restored, and then all of it again', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await addCustomer(page, 'Alder’s Pickles')
  await addContact(page, 'Pia Alder', 'pia@alder.example')
  await openTab(page, 'Portal')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByRole('button', { name: 'Close portal' })).toBeVisible()
  const main = page.getByRole('main')
  const offers = {
    Overview: [
      main.getByRole('button', { name: 'Edit', exact: true }),
      main.getByRole('link', { name: 'Connect a tenant' }),
    ],
    Tenants: [main.getByRole('button', { name: 'Connect tenant' })],
    Contacts: [
      main.getByRole('button', { name: 'Add contact' }),
      main.getByRole('button', { name: 'More for Pia Alder' }),
    ],
    Documents: [main.getByRole('button', { name: 'Add documents' })],
    Portal: [
      main.getByRole('textbox', { name: /^URL prefix/ }),
      main.getByRole('button', { name: 'Close portal' }),
      main.getByRole('button', { name: 'Add host name' }),
    ],
    'End-user portal': [main.getByRole('combobox')],
  }
  const look = async (isThere: boolean) => {
    for (const [tab, things] of Object.entries(offers)) {
      await openTab(page, tab)
      for (const thing of things)
        if (isThere) await expect(thing.first()).toBeVisible()
        else await expect(thing).toHaveCount(0)
      await expect(main.getByText('nothing of it can be changed until it is restored')).toHaveCount(isThere ? 0 : 1)
    }
  }
  await look(true)
  await chooseFor(page, 'Alder’s Pickles', 'Archive')
  await expect(main.getByRole('button', { name: 'Restore' })).toBeVisible()
  await look(false)

  await openTab(page, 'Portal')
  await main.getByRole('button', { name: 'Restore' }).click()
  await expect(main.getByRole('button', { name: 'Close portal' })).toBeVisible()
  await look(true)
})
