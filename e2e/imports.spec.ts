import type { Page } from '@playwright/test'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { signedIn, told } from './steps.ts'

const csv = [
  'Firma;E-Mail;Telefon;Lieblingsfarbe',
  'Tailspin Import;office@tailspin-import.example;01632 960 201;blau',
  'Litware Import;nobody;;',
  '"TAILSPIN, IMPORT LTD";;;',
  ...Array.from({ length: 60 }, (_, at) => `Lamna ${at} Import;;;`),
  '',
].join('\n')

/** Lets go of a file over the import's first step, as a mouse would. */
const drop = async (page: Page, name: string, text: string) => {
  // Before it is there, nothing on the page takes a file.
  await expect(page.getByRole('heading', { name: 'Choose a CSV file' })).toBeVisible()
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content ?? ''], fileName ?? '', { type: 'text/csv' }))
      return transfer
    },
    [name, text],
  )
  await page.dispatchEvent('body', 'dragenter', { dataTransfer })
  await expect(page.getByText('Let go to begin the import')).toBeVisible()
  await page.dispatchEvent('body', 'drop', { dataTransfer })
}

test('customers are imported from a dropped file, a wrong row is mended in place, and all of it is taken back', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('rosa@northwind-it.example'))
  await page.getByRole('main').getByRole('link', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Choose a CSV file' })).toBeVisible()
  await looksRight(page, 'file')
  await drop(page, 'kunden.csv', csv)

  await expect(page.getByLabel('What “Firma” becomes')).toHaveValue('name')
  await expect(page.getByLabel('What “Lieblingsfarbe” becomes')).toHaveValue('')
  await expect(page.getByText('We do not know this column.')).toBeVisible()
  await expect(page.getByText('An empty cell leaves the value that a customer has.')).toBeVisible()
  await looksRight(page, 'columns')
  await page.getByRole('button', { name: 'Check rows' }).press('Enter')

  await expect(page.getByText('The import adds 61 customers.')).toBeVisible()
  await expect(page.getByRole('row', { name: /Litware Import/ })).toBeVisible()
  await looksRight(page, 'check')
  await page.getByRole('button', { name: 'Errors 2' }).press('Enter')
  await page.reload()
  await expect(page.getByRole('button', { name: 'Errors 2' })).toHaveAttribute('aria-pressed', 'true')
  const [litware, twice] = [page.getByRole('form', { name: /^Line 3 / }), page.getByRole('form', { name: /^Line 4 / })]
  await expect(twice).toContainText('This is the same customer as in line 2.')
  await expect(litware).toContainText('Enter an e-mail address such as name@company.com.')
  await looksRight(page, 'errors')
  await litware.getByLabel('E-mail').fill('office@litware-import.example')
  await litware.getByLabel('E-mail').press('Enter')
  await expect(page.getByText('Line 3: will be added.').first()).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download rows to put right' }).click()
  expect((await download).suggestedFilename()).toBe('kunden (rows to put right).csv')

  await page.getByRole('button', { name: 'Import 62 customers' }).click()
  await expect(page.getByText('62 customers added.')).toBeVisible()
  expect(new URL(page.url()).pathname).toMatch(/\/result$/)
  await looksRight(page, 'result')
  await page.getByRole('link', { name: 'Litware Import' }).click()
  await page.getByRole('main').getByRole('link', { name: 'Activity', exact: true }).click()
  await expect(page.getByText('Rosa Calder added Litware Import by an import')).toBeVisible()

  await page.goBack()
  await page.goBack()
  await page.getByRole('button', { name: 'Undo import' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Undo import' }).click()
  await expect(page.getByText('Every customer is as it was before.')).toBeVisible()
  await page.getByRole('link', { name: 'File', exact: true }).click()
  await expect(page.getByRole('row', { name: /kunden\.csv Undone 62/ })).toBeVisible()
})

test('a row without a name says so, and is put right in a window that begins where it is wrong', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('rosa@northwind-it.example'))
  await page.getByRole('main').getByRole('link', { name: 'Import', exact: true }).click()
  await drop(page, 'nameless.csv', 'Customer,Email\n,office@halyard.example\nRigging Yard,nobody\n')
  await page.getByRole('button', { name: 'Check rows' }).click()
  await page
    .getByRole('row', { name: /No name/ })
    .getByRole('button', { name: 'Edit' })
    .click()
  const window = page.getByRole('dialog', { name: 'Line 2' })
  await expect(window.getByLabel('Name')).toBeFocused()
  await window.getByLabel('Name').fill('Halyard Chandlery')
  await page.keyboard.press('Enter')
  await told(page, 'Line 2: will be added.')
  await page
    .getByRole('row', { name: /Rigging Yard/ })
    .getByRole('button', { name: 'Edit' })
    .click()
  await expect(page.getByRole('dialog', { name: 'Line 3 · Rigging Yard' }).getByLabel('E-mail')).toBeFocused()
  await looksRight(page, 'a row in its window')
})

test('a file that is no CSV is refused in words, and a technician is not offered the import', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('rosa@northwind-it.example'))
  await page.getByRole('main').getByRole('link', { name: 'Import', exact: true }).click()
  await drop(page, 'customers.csv', 'PK\u0003\u0004 [Content_Types].xml')
  await expect(page.getByRole('alert')).toContainText('This is an Excel workbook (.xlsx), not a CSV file.')
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Earlier imports' })).toBeVisible()
  await expect(page.getByRole('row', { name: /customers\.csv/ }), 'what was refused is no import').toHaveCount(0)

  const other = await visitor()
  await signedIn(other, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await expect(other.getByRole('button', { name: 'Add customer' })).toBeVisible()
  await expect(other.getByRole('main').getByRole('link', { name: 'Import', exact: true })).toHaveCount(0)
  await other.goto(`${stage.adminOrigin}/customers/imports`)
  await expect(other.getByText('Only owners and admins can import customers.')).toBeVisible()
})
