import type { Locator, Page } from '@playwright/test'
import { PNG, file } from './files.ts'
import { expect, test } from './stage.ts'
import { numberOf, signedIn, told } from './steps.ts'

const dana = 'dana@fabrikamdental.example'
const tom = 'tom@fabrikamdental.example'
const who = (page: Page): Locator => page.getByRole('complementary', { name: 'About it' }).locator('#who')
async function begin(page: Page, origin: string, subject: string): Promise<void> {
  await page.goto(`${origin}/tickets/new`)
  await page.getByLabel('Subject').fill(subject)
  await page.getByLabel('What is it about?').selectOption('Internet, Wi-Fi and printing')
  await page.getByLabel('What happened, or what do you need?').fill('Every page comes out white.')
}

async function send(page: Page, subject: string): Promise<void> {
  await page.getByRole('button', { name: 'Send ticket' }).click()
  await expect(page.getByRole('heading', { name: subject, level: 1 })).toBeVisible()
}

test('a ticket is written, talked over with a portal admin, closed, said to have gone badly, and opened again', async ({
  page,
  visitor,
  stage,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  const subject = 'The scanner at the front desk sends <b>blank</b> pages'
  await signedIn(page, `${origin}/tickets`, stage.person(tom))
  await page.getByRole('link', { name: 'New ticket' }).first().click()
  await begin(page, origin, subject)
  await page.getByLabel('I cannot do my work').check()
  await page.locator('input[type=file][multiple]').setInputFiles(file('blank.png', PNG))
  await send(page, subject)
  const number = await numberOf(page)
  expect(number).toMatch(/^#\d{4,}$/)
  await told(page, `${number} is with us.`)
  await expect(who(page).getByRole('listitem')).toHaveText([
    /Tom Okafor.*\(you\).*Because it is your ticket/,
    /Dana Whitfield.*Portal admin, sees all tickets/,
    /Priya Nair.*Portal admin, sees all tickets/,
    /support team.*They work on it/,
  ])
  await expect(page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveText([/blank\.png/])
  const address = page.url()

  const admin = await visitor()
  await signedIn(admin, `${origin}/tickets?q=${encodeURIComponent(number)}`, stage.person(dana))
  await admin.getByRole('link', { name: subject }).click()
  await admin.getByLabel('Write something').fill('Mine does it, too.')
  await admin.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(admin.getByRole('article').last()).toContainText('Mine does it, too.')

  await page.reload()
  await expect(page.getByRole('article').last()).toContainText('Mine does it, too.')
  await page.getByRole('button', { name: 'It works again, close it' }).click()
  await told(page, `${number} is closed.`)
  await page.getByRole('button', { name: 'No, not satisfied' }).click()
  await page.getByLabel('What should have gone better?').fill('It took a day.')
  await page.getByRole('region', { name: 'Are you satisfied' }).getByRole('button', { name: 'Send rating' }).click()
  await expect(page.getByText('Not satisfied with how it went.').first()).toBeVisible()
  await page.goto(`${origin}/tickets`)
  await expect(page.getByRole('link', { name: subject })).toBeHidden()
  await page.goto(address)
  await page.getByRole('button', { name: 'Open it again' }).click()
  await told(page, `${number} is open again.`)
  await page.goto(`${origin}/tickets`)
  await expect(page.getByRole('link', { name: subject })).toBeVisible()
})

test('a portal admin writes a ticket for a colleague, who has it as theirs and sees no other', async ({
  page,
  visitor,
  stage,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, origin, stage.person(dana))
  await begin(page, origin, 'Between the MSP and me')
  await send(page, 'Between the MSP and me')
  const secret = page.url()
  await begin(page, origin, 'A headset for Tom')
  await page.getByLabel('Who is it for?').selectOption('Tom Okafor')
  await send(page, 'A headset for Tom')

  const colleague = await visitor()
  await signedIn(colleague, `${origin}/tickets?q=headset`, stage.person(tom))
  await colleague.getByRole('link', { name: 'A headset for Tom' }).click()
  await expect(colleague.getByText(/Opened by Dana Whitfield.*, for Tom Okafor/)).toBeVisible()
  await expect(who(colleague)).toContainText('Because it is your ticket')
  await colleague.goto(secret)
  await expect(colleague.getByText('This ticket could not be loaded')).toBeVisible()
  await expect(colleague.getByText('Between the MSP and me')).toBeHidden()
})

test('what is open stands on the home page', async ({ page, stage }) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, origin, stage.person(tom))
  await begin(page, origin, 'Shown on the home page')
  await send(page, 'Shown on the home page')
  await page.goto(origin)
  await expect(page.getByRole('link', { name: /Shown on the home page/ })).toBeVisible()
})

test('the tickets of the company are read, and taken along as files', async ({ page, stage }) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, origin, stage.person(dana))
  await begin(page, origin, 'In the report')
  await send(page, 'In the report')
  await page.goto(`${origin}/reports/tickets`)
  await expect(page.getByRole('cell', { name: 'In the report' })).toBeVisible()
  await page.goto(`${origin}/reports`)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV : Tickets' }).click()
  expect((await saved).suggestedFilename()).toMatch(/^tickets-\d{4}-\d\d-\d\d\.csv$/)
})
