import type { Page } from '@playwright/test'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { mailTo, numberOf, signedIn } from './steps.ts'

const dana = 'dana@fabrikamdental.example'
const tom = 'tom@fabrikamdental.example'

const bell = (page: Page) => page.getByRole('button', { name: /^News of tickets/ })

async function writeTicket(page: Page, origin: string, subject: string): Promise<void> {
  await page.goto(`${origin}/tickets/new`)
  await page.getByLabel('Subject').fill(subject)
  await page.getByLabel('What is it about?').selectOption('Something else')
  await page.getByLabel('What happened, or what do you need?').fill('It hums, and then it does not.')
  await page.getByRole('button', { name: 'Send ticket' }).click()
  await expect(page.getByRole('heading', { name: subject, level: 1 })).toBeVisible()
}

test('an answer by mail stands in the ticket, and rings the bell of whoever wants to know', async ({
  page,
  stage,
  visitor,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  const other = await visitor()
  await signedIn(other, origin, stage.person(dana))
  await other.getByRole('button', { name: /your account/ }).click()
  await other.getByRole('menuitem', { name: 'Mails about tickets' }).click()
  await other.getByLabel('Of all tickets of the company').check()
  await expect(other.getByRole('status').filter({ hasText: 'Saved.' })).toBeAttached()
  await looksRight(other, 'mails about tickets')

  const subject = `The scanner hums ${Date.now()}`
  await signedIn(page, origin, stage.person(tom))
  await writeTicket(page, origin, subject)
  const address = page.url()

  const number = await numberOf(page)
  const arrived = await mailTo(stage.sandbox.http, tom, `[${number}] ${subject}`)
  expect(arrived.links).toContain(address)
  const { mails } = (await (
    await fetch(`${stage.sandbox.http}/inbox.json?q=${encodeURIComponent(subject)}`)
  ).json()) as {
    mails: { id: string; recipients: string[] }[]
  }
  const own = mails.find(({ recipients }) => recipients.includes(tom))
  const inbox = await visitor()
  await inbox.goto(`${stage.sandbox.http}/inbox/${own?.id ?? ''}`)
  await inbox.getByLabel(/above the quotation/).fill('It stopped by itself.\n\nTom')
  await inbox.getByRole('button', { name: 'Send the answer' }).click()
  await expect(inbox.getByRole('status')).toHaveText('The answer was sent.')

  await page.reload()
  await expect(page.getByText('It stopped by itself.')).toBeVisible()
  // What the mail quoted is there, and folded away.
  await expect(page.getByText('Answer this mail to write into the ticket.')).toBeHidden()

  await other.goto(origin)
  await expect(bell(other)).toHaveAccessibleName(/\d+ unread/)
  await bell(other).focus()
  await other.keyboard.press('Enter')
  const news = other.getByRole('dialog', { name: 'News of tickets' })
  const item = news.getByRole('link', { name: new RegExp(subject) })
  await expect(item).toHaveAccessibleName(/2 unread/)
  await looksRight(other, 'the bell')
  await bell(other).click()
  if (!(await item.isVisible())) await bell(other).click()
  await item.click()
  await expect(other).toHaveURL(address)
  await expect(other.getByText('It stopped by itself.')).toBeVisible()
  await bell(other).click()
  await expect(news.getByRole('link', { name: new RegExp(subject) })).not.toHaveAccessibleName(/unread/)
  await other.keyboard.press('Escape')
  await expect(bell(other)).toBeFocused()

  await other.goto(`${origin}/account/ticket-mails`)
  await other.getByLabel('Of my tickets').check()
  await expect(other.getByRole('status').filter({ hasText: 'Saved.' })).toBeAttached()
})

test('the MSP’s staff have a bell and say which mails they want', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await bell(page).click()
  await expect(page.getByRole('dialog', { name: 'News of tickets' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.goto(`${stage.adminOrigin}/profile`)
  await page.getByLabel('None').check()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeAttached()
  await page.reload()
  await expect(page.getByLabel('None')).toBeChecked()
  await page.getByLabel('Of tickets I look after').check()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeAttached()
})
