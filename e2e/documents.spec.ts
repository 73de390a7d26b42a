import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { PDF, PNG, choose, dropFiles, file } from './files.ts'
import { expect, test } from './stage.ts'
import { addCustomer, chooseFromRow, openCustomer, openTab, signedIn, told } from './steps.ts'

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })

test('documents are added many at once, renamed, put in order, deleted and had back, by mouse and by keyboard', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Paper & Sons')
  await openTab(page, 'Documents')
  await expect(page.getByText('No documents yet')).toBeVisible()

  await choose(page, file('Contract.pdf', PDF), file('Rack.png', PNG), file('empty.txt', Buffer.alloc(0)))
  await told(page, 'Added 2 documents.')
  await expect(page.getByText('This file is empty.')).toBeVisible()
  await page.getByRole('button', { name: 'Take empty.txt off this list' }).click()
  await expect(page.getByText('This file is empty.')).toBeHidden()
  await dropFiles(page, { name: 'Runbook.txt', text: 'Pull the plug.' })
  await told(page, 'Added 1 document.')

  await chooseFromRow(page, row(page, 'Runbook.txt'), 'Rename')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Rack.png' }).focus()
  await page.keyboard.press('F2')
  await page.keyboard.type('Rack, front')
  await page.keyboard.press('Enter')
  await told(page, 'Renamed to Rack, front.png.')
  await expect(page.getByRole('link', { name: 'Rack, front.png' })).toBeFocused()

  await page.getByRole('button', { name: 'More for Contract.pdf' }).click()
  await page.getByRole('menuitemradio', { name: 'Contract' }).click()
  await told(page, 'Contract.pdf is under contracts now.')
  await page.getByRole('button', { name: 'Contracts', exact: true }).click()
  await expect(page.getByRole('link', { name: 'Rack, front.png' })).toBeHidden()
  await expect(page).toHaveURL(/category=contract/)
  await page.getByRole('button', { name: 'Contracts', exact: true }).click()

  await page.getByRole('link', { name: 'Runbook.txt' }).focus()
  await page.keyboard.press('Delete')
  await told(page, 'Deleted Runbook.txt.')
  await expect(page.getByRole('link', { name: 'Runbook.txt' })).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('link', { name: 'Runbook.txt' })).toBeVisible()

  await chooseFromRow(page, row(page, 'Runbook.txt'), 'Delete')
  await page.getByRole('button', { name: 'Recently deleted' }).click()
  await page.getByRole('button', { name: /^Restore.*Runbook/ }).click()
  await expect(page.getByRole('link', { name: 'Runbook.txt' })).toBeVisible()
})

test('an image opens in a tab of its own, and what browsers cannot show is saved under its name', async ({
  page,
  context,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Reading Room')
  await openTab(page, 'Documents')
  await choose(page, file('Rack.png', PNG), file('page.pdf', Buffer.from('<script>alert(1)</script>')))
  await told(page, 'Added 2 documents.')

  const [tab] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: 'Rack.png' }).click()])
  await tab.waitForLoadState()
  expect(await tab.evaluate(() => document.contentType)).toBe('image/png')
  await tab.close()

  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'page.pdf' }).click(),
  ])
  expect(saved.suggestedFilename()).toBe('page.pdf')
  expect(readFileSync(await saved.path(), 'utf8')).toBe('<script>alert(1)</script>')
})

test('an upload shows how far it is, can be broken off, and is sent again after the line was dead', async ({
  page,
  context,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Slow Lane')
  await openTab(page, 'Documents')
  const network = await context.newCDPSession(page)
  const speed = (bytesPerSecond: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    })
  await network.send('Network.enable')
  await speed(200_000)
  await dropFiles(page, { name: 'Large.bin', byteCount: 20_000_000 })
  const bar = page.getByRole('progressbar', { name: 'Large.bin is being sent' })
  await expect(bar).toBeVisible()
  await expect.poll(async () => Number(await bar.getAttribute('value'))).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Cancel Large.bin' }).click()
  await expect(bar).toBeHidden()
  await speed(-1)
  await page.reload()
  await expect(page.getByText('No documents yet')).toBeVisible()

  await context.setOffline(true)
  await choose(page, file('Runbook.txt', Buffer.from('Pull the plug.')))
  await expect(page.getByRole('alert').filter({ hasText: 'No answer came' })).toBeVisible()
  await context.setOffline(false)
  await page.getByRole('button', { name: /^Try again.*Runbook/ }).click()
  await expect(page.getByRole('link', { name: 'Runbook.txt' })).toHaveCount(1)

  await dropFiles(page, { name: 'Too large.bin', byteCount: 50 * 1024 * 1024 + 1 })
  await expect(page.getByText('A document has at most 50 MB.')).toBeVisible()
})

test('a customer sees what is shared with it, from the moment it is until it no longer is', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Contoso Logistics', 'Documents')
  await choose(page, file('Contract for Contoso.pdf', PDF), file('Notes of ours.txt', Buffer.from('Pays late.')))
  await told(page, 'Added 2 documents.')

  const theirs = await visitor({ viewport: { width: 390, height: 844 } })
  await signedIn(theirs, stage.portalOrigin('contoso'), stage.person('henrik@contoso-logistics.example'))
  await expect(theirs.getByRole('link', { name: 'Documents' })).toHaveCount(0)

  await page.getByRole('switch', { name: 'Share Contract for Contoso.pdf with the customer' }).click()
  await told(page, 'Shared Contract for Contoso.pdf with the customer.')
  await theirs.reload()
  // On a phone the bar holds four pages; the others are behind the fifth place.
  await theirs.getByRole('navigation').getByRole('button', { name: 'More' }).click()
  await theirs.getByRole('menuitem', { name: 'Documents' }).click()
  await expect(theirs.getByText('Contract for Contoso.pdf', { exact: true })).toBeVisible()
  await expect(theirs.getByText('Notes of ours')).toHaveCount(0)
  const [saved] = await Promise.all([
    theirs.waitForEvent('download'),
    theirs.getByRole('link', { name: /^Download.*Contract for Contoso/ }).click(),
  ])
  expect(readFileSync(await saved.path()).equals(PDF)).toBe(true)

  await page.getByRole('switch', { name: 'Share Contract for Contoso.pdf with the customer' }).click()
  await told(page, 'The customer no longer sees Contract for Contoso.pdf.')
  await theirs.reload()
  await expect(theirs.getByText('Nothing is shared with you yet')).toBeVisible()

  await openTab(page, 'Activity')
  await expect(page.getByText('shared the document Contract for Contoso.pdf with the customer')).toBeVisible()
})

test('who only looks can read documents and change nothing about them', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('vera@northwind-it.example'))
  await openCustomer(page, 'Contoso Logistics', 'Documents')
  await expect(page.getByRole('link', { name: 'Notes of ours.txt' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add documents' })).toHaveCount(0)
  await expect(page.getByRole('switch')).toHaveCount(0)
  await page.getByRole('button', { name: 'More for Notes of ours.txt' }).click()
  await expect(page.getByRole('menuitem')).toHaveText(['Download'])
})

test('contacts are put into the order in which one calls them, by keyboard and by dragging', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Calling Tree')
  await openTab(page, 'Contacts')
  for (const name of ['Dana', 'Tom', 'Lucy']) {
    await page.getByRole('button', { name: 'Add contact' }).first().click()
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(name)
    await page.getByRole('dialog').getByRole('button', { name: 'Add contact' }).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  const names = page.locator('tbody .name')
  await expect(names).toHaveText(['Dana', 'Tom', 'Lucy'])

  await page.getByRole('button', { name: /^Move Dana/ }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await told(page, 'Dana is number 3 to call.')
  await expect(names).toHaveText(['Tom', 'Lucy', 'Dana'])
  await expect(page.getByRole('button', { name: /^Move Dana, number 3 of 3/ })).toBeFocused()

  await page.getByRole('button', { name: /^Move Dana/ }).hover()
  await page.mouse.down()
  const first = await page.getByRole('button', { name: /^Move Tom/ }).boundingBox()
  await page.mouse.move(first?.x ?? 0, (first?.y ?? 0) + 2, { steps: 5 })
  await page.mouse.up()
  await told(page, 'Dana is number 1 to call.')
  await expect(names).toHaveText(['Dana', 'Tom', 'Lucy'])

  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(names).toHaveText(['Tom', 'Lucy', 'Dana'])
  await page.reload()
  await expect(names).toHaveText(['Tom', 'Lucy', 'Dana'])
})
