import { launching, systemBrowser } from '../bin/lib/browser.mjs'
import { PDF, choose, file } from './files.ts'
import { expect, test } from './stage.ts'
import { addCustomer, openTab, signedIn, told } from './steps.ts'

// The headless shell has no viewer.
test.use({ channel: 'chromium', launchOptions: launching(systemBrowser()) })

test('a PDF opens in a tab of its own', async ({ page, context, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Map Room')
  await openTab(page, 'Documents')
  await choose(page, file('Contract.pdf', PDF))
  await told(page, /^Added/)
  const [viewer] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Contract.pdf' }).click(),
  ])
  await viewer.waitForLoadState()
  expect(await viewer.evaluate(() => document.contentType)).toBe('application/pdf')
})
