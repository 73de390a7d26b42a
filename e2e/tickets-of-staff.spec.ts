import type { Page } from '@playwright/test'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { openCustomer, signedIn, told } from './steps.ts'

/** Writes a ticket down for a customer as when somebody calls; the page is the ticket's afterwards. Answers its number. */
const writeDown = async (page: Page, customer: string, subject: string, requester?: string): Promise<string> => {
  await openCustomer(page, customer, 'Tickets')
  await page.getByRole('button', { name: 'New ticket' }).click()
  const dialog = page.getByRole('dialog')
  if (requester !== undefined) await dialog.getByLabel('For').selectOption({ label: requester })
  await dialog.getByLabel('Subject').fill(subject)
  await dialog.getByLabel('Description').fill('They called this morning.')
  await dialog.getByLabel('Category').selectOption({ label: 'Something else' })
  await dialog.getByRole('button', { name: 'New ticket' }).click()
  await expect(page.getByRole('heading', { name: subject, level: 1 })).toBeVisible()
  return (await page.title()).split(' ')[0] ?? ''
}

test('a ticket is written down, taken, answered and resolved, and what is noted stays among staff', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  const number = await writeDown(page, 'Contoso Logistics', 'Labels for pallets', 'Mina Sato')
  await page.locator('main').press('a')
  await told(page, 'You look after it now.')
  await expect(page.getByLabel('Looked after by')).toHaveValue(/.+/)

  await page.getByRole('button', { name: 'An internal note' }).click()
  await page.getByLabel('Internal note', { exact: true }).fill('They asked for this in March, too.')
  await page.getByRole('button', { name: 'Add note' }).click()
  await told(page, 'The note was added.')
  await looksRight(page, 'a ticket as staff see it, with a note being written')
  await page.getByRole('button', { name: 'An answer to the customer' }).click()
  await page.getByLabel('Answer to Mina Sato').fill('Which size do you need?')
  await page.getByRole('button', { name: 'Send and wait on customer' }).click()
  await told(page, 'The answer was sent.')
  await expect(page.getByText('Waiting on customer').first()).toBeVisible()

  const hers = await visitor()
  await signedIn(
    hers,
    `${stage.portalOrigin('contoso')}${new URL(page.url()).pathname}`,
    stage.person('mina@contoso-logistics.example'),
  )
  await expect(hers.getByText('Which size do you need?')).toBeVisible()
  await expect(hers.getByText('They asked for this in March')).toHaveCount(0)

  await page.getByRole('link', { name: 'Tickets', exact: true }).first().click()
  await page.getByRole('button', { name: 'Waiting on customer' }).click()
  await page.getByRole('link', { name: 'Labels for pallets' }).click()
  await page.getByRole('button', { name: 'Resolve', exact: true }).click()
  await told(page, `${number} is resolved.`)
  await page.getByRole('button', { name: 'Open again' }).click()
  await told(page, `${number} is open again.`)
})

test('the list is narrowed by views and words that stand in the address, and two tickets about the same become one', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  const kept = await writeDown(page, 'Contoso Logistics', 'Forklift tablet, first call')
  const number = await writeDown(page, 'Contoso Logistics', 'Forklift tablet, second call')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Merge into another…' }).click()
  const dialog = page.getByRole('dialog')
  // It is looked for on the server, among all that are open of this customer's.
  await page.keyboard.type('forklift fir')
  await expect(dialog.getByRole('list', { name: 'Open tickets found' }).getByRole('listitem')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(dialog.getByText(`${kept} Forklift tablet, first call`)).toBeVisible()
  await looksRight(page, 'a merge of tickets before it is done')
  await dialog.getByRole('button', { name: 'Choose another' }).click()
  await page.keyboard.type(kept)
  await dialog.getByRole('button', { name: `${kept} Forklift tablet, first call` }).click()
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
  await told(page, `${number} goes on as ${kept}.`)
  await expect(page.getByRole('heading', { name: 'Forklift tablet, first call', level: 1 })).toBeVisible()
  await expect(page.getByText(`joined ${number}`)).toBeVisible()

  await page.getByRole('link', { name: 'Tickets', exact: true }).first().click()
  await page.getByLabel('Search tickets by number or subject').fill('forklift tabl')
  await expect(page.getByRole('link', { name: 'Forklift tablet, first call' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Forklift tablet, second call' })).toHaveCount(0)
  await page.getByRole('button', { name: 'All', exact: true }).click()
  await expect(page.getByRole('link', { name: 'Forklift tablet, second call' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('link', { name: 'Forklift tablet, second call' })).toBeVisible()
  await page.getByLabel('Search tickets by number or subject').fill(kept)
  await expect(page.getByRole('link', { name: /^Forklift tablet/ })).toHaveCount(1)
})

test('a click anywhere in a row opens its ticket, as the keyboard does, and the list is of one customer who is typed', async ({
  page,
  stage,
}) => {
  await signedIn(page, `${stage.adminOrigin}/tickets?add=yes`, stage.person('marcus@northwind-it.example'))
  await page.getByRole('dialog', { name: 'For which customer?' }).waitFor()
  await page.keyboard.type('contoso')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Contoso Logistics/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'New ticket for Contoso Logistics' })
  await dialog.getByLabel('Subject').fill('Gate two does not close')
  await dialog.getByLabel('Description').fill('They called at noon.')
  await dialog.getByLabel('Category').selectOption({ label: 'Something else' })
  await dialog.getByRole('button', { name: 'New ticket' }).click()
  await expect(page.getByRole('heading', { name: 'Gate two does not close', level: 1 })).toBeVisible()

  await page.getByRole('link', { name: 'Tickets', exact: true }).first().click()
  await page.getByRole('button', { name: 'Customer…' }).click()
  await page.keyboard.type('contos')
  await expect(page.getByRole('list', { name: 'Customers found' }).getByRole('button')).toHaveCount(1)
  await looksRight(page, 'a customer being looked for')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Only Contoso Logistics' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Only Contoso Logistics' })).toBeVisible()
  await page.getByRole('button', { name: 'Only Contoso Logistics' }).click()

  const row = page.getByRole('row', { name: /Gate two does not close/ })
  await row.getByRole('cell', { name: 'Contoso Logistics' }).click()
  await expect(page.getByRole('heading', { name: 'Gate two does not close', level: 1 })).toBeVisible()
  await page.goBack()
  await page.setViewportSize({ width: 390, height: 844 })
  await row.getByText('Contoso Logistics').click()
  await expect(page.getByRole('heading', { name: 'Gate two does not close', level: 1 })).toBeVisible()
  await page.goBack()
  await page.setViewportSize({ width: 1440, height: 900 })
  await row.getByRole('link').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Gate two does not close', level: 1 })).toBeVisible()
})

test('what the arrow keys pass in a ticket’s choices is not done: Enter, or going on, says that it is meant', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await writeDown(page, 'Contoso Logistics', 'The clock in hall one is late')
  const priority = page.getByLabel('Priority')
  await expect(priority).toHaveValue('normal')
  await priority.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await expect(priority).toHaveValue('normal')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByText('Enter saves it, Esc puts it back.')).toBeVisible()
  await page.keyboard.press('Enter')
  await told(page, 'Saved.')
  await expect(page.getByText(/changed the priority/)).toHaveCount(1)
  await expect(page.getByText(/from “Normal” to “Urgent”/)).toBeVisible()
})

test('a ticket is about a tenant and a person in it, who are chosen from those that there are', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await writeDown(page, 'Fabrikam Dental', 'A mailbox is full')
  const tenant = page.getByLabel('Tenant')
  await expect(tenant.getByRole('option')).toHaveText(['None in particular', 'Fabrikam Dental'])
  await tenant.selectOption({ label: 'Fabrikam Dental' })
  await page.getByRole('button', { name: 'Choose…' }).click()
  const found = page.getByRole('dialog').getByRole('list', { name: 'People found' }).getByRole('button')
  await expect(found.first()).toBeVisible()
  const name = (await found.first().locator('b').textContent()) ?? ''
  await page.keyboard.type(name)
  await expect(found).toHaveCount(1)
  await looksRight(page, 'a person of a tenant being looked for')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible()
})

test('what a colleague does to a ticket shows on a page that looks at it, once the bell rings', async ({
  page,
  stage,
  visitor,
}) => {
  await page.clock.install()
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await writeDown(page, 'Contoso Logistics', 'A badge reader beeps', 'Mina Sato')
  await page.locator('main').press('a')
  await told(page, 'You look after it now.')
  const hers = await visitor()
  await signedIn(
    hers,
    `${stage.portalOrigin('contoso')}${new URL(page.url()).pathname}`,
    stage.person('mina@contoso-logistics.example'),
  )
  await hers.getByLabel('Write something').fill('It stopped by itself.')
  await hers.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(hers.getByText('It stopped by itself.')).toBeVisible()
  await page.clock.runFor(61_000)
  await expect(page.getByText('It stopped by itself.')).toBeVisible()
})

test('on a phone a bar at the bottom leads to four pages and, behind More, to all the others', async ({
  page,
  stage,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await signedIn(page, stage.adminOrigin, stage.person('rosa@northwind-it.example'))
  const bar = page.getByRole('navigation', { name: 'Main' })
  await bar.getByRole('link', { name: 'Tickets' }).click()
  await expect(page.getByRole('heading', { name: 'Tickets', level: 1 })).toBeVisible()
  for (const name of ['Notices', 'Activity', 'Jobs', 'Settings']) {
    await bar.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name }).click()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page).toHaveURL(new RegExp(`/${name.toLowerCase()}`))
  }
  await page.goto(`${stage.adminOrigin}/settings/tickets`)
  await page.getByRole('button', { name: 'Add category' }).click()
  await page.keyboard.type('Lifts')
  // What saves a form stands above the bar.
  await page.getByRole('button', { name: 'Save settings' }).click({ trial: true })
})

test('what customers choose from and what the team answers often is kept in the settings', async ({ page, stage }) => {
  await signedIn(page, `${stage.adminOrigin}/settings/tickets`, stage.person('rosa@northwind-it.example'))
  await page.getByRole('button', { name: 'Add category' }).click()
  await page.keyboard.type('Building and doors')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await told(page, 'Saved how tickets are kept.')
  await page.getByRole('button', { name: 'Add reply' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('We look at it')
  await dialog.getByLabel('Answer').fill('Hello {surname}')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByLabel('Answer')).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel('Answer').fill('Hello {requester}, we look at {number}. {me}')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await told(page, 'Saved We look at it.')

  const number = await writeDown(page, 'Contoso Logistics', 'The side door stays open', 'Henrik Sand')
  await expect(page.getByLabel('Category').getByRole('option', { name: 'Building and doors' })).toHaveCount(1)
  await page.getByRole('button', { name: 'Canned replies' }).click()
  await page.getByRole('menuitem', { name: 'We look at it' }).click()
  await expect(page.getByLabel('Answer to Henrik Sand')).toHaveValue(
    `Hello Henrik Sand, we look at ${number}. Rosa Calder`,
  )
})
