import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'
import { chooseFromRow, fillSignIn, invitationLink, mailTo, openCustomer, signIn, told } from './steps.ts'
import { looksRight } from './looks.ts'

const EMAIL = 'nora.field@fabrikamdental.example'
const FIRST = 'copper-meadow-saddle-31'
const SECOND = 'velvet-anchor-bridge-nine'
const THIRD = 'marble-otter-window-seven'

test('a person of a customer changes their password, sees where they are signed in, and comes back after they forgot it', async ({
  page,
  stage,
  visitor,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  await signIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Nora Field')
  await dialog.getByLabel('E-mail').fill(EMAIL)
  await dialog.getByLabel('Portal user').check()
  await dialog.getByRole('button', { name: 'Add contact' }).click()
  await chooseFromRow(page, page.getByRole('row', { name: /Nora Field/ }), 'Invite to portal')
  const desk = await visitor()
  await desk.goto(await invitationLink(stage.sandbox.http, EMAIL))
  await desk.getByLabel('New password').fill(FIRST)
  await desk.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(desk.getByRole('button', { name: /your account/ })).toBeVisible()

  const phone = await visitor({
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  })
  await signIn(phone, origin, { email: EMAIL, password: FIRST })
  await fromNameMenu(desk, 'Sessions')
  await expect(desk.getByText('Safari on iPhone', { exact: true })).toBeVisible()
  await looksRight(desk, 'sessions in the portal')
  await desk.getByRole('button', { name: 'Sign out : Safari on iPhone' }).click()
  await told(desk, 'Signed out: Safari on iPhone.')
  await expect(desk.getByText('You are signed in nowhere else.')).toBeVisible()
  await phone.reload()
  await expect(phone.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()

  await signIn(phone, origin, { email: EMAIL, password: FIRST })
  await fromNameMenu(desk, 'Change password')
  await desk.getByLabel('Current password').fill('not-the-password')
  await desk.getByLabel('New password').fill(SECOND)
  await desk.getByRole('button', { name: 'Change password' }).click()
  await expect(desk.getByText('This is not your password.')).toBeVisible()
  await looksRight(desk, 'change password, refused')
  await desk.getByLabel('Current password').fill(FIRST)
  await desk.getByRole('button', { name: 'Change password' }).click()
  await told(desk, 'Password changed. Other devices were signed out.')
  await phone.reload()
  await fillSignIn(phone, { email: EMAIL, password: FIRST })
  await expect(phone.getByRole('alert')).toBeVisible()
  const changed = await mailTo(stage.sandbox.http, EMAIL, 'Your password')
  expect(changed.subject).toBe('Your password for the Fabrikam Dental portal was changed')

  await phone.getByRole('link', { name: 'Forgot your password?' }).click()
  await expect(phone.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
  await looksRight(phone, 'asking for a new password')
  await phone.getByLabel('E-mail').fill(EMAIL)
  await phone.getByRole('button', { name: 'Send the link' }).click()
  await expect(phone.getByRole('heading', { name: 'Look into your inbox' })).toBeVisible()
  await looksRight(phone, 'a link is on its way')
  const mail = await mailTo(stage.sandbox.http, EMAIL, 'Set a new password')
  expect(mail.text).not.toMatch(/portico/i)
  const link = mail.links.find((each) => each.includes('/password-reset#token=')) ?? ''
  expect(new URL(link).origin).toBe(origin)
  // In the very tab that asked, where only the part behind the number sign changes.
  await phone.goto(link)
  await expect(phone.getByRole('heading', { name: 'New password for Fabrikam Dental' })).toBeVisible()
  await looksRight(phone, 'setting a new password')
  await phone.getByLabel('New password').fill(THIRD)
  await phone.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(phone.getByRole('button', { name: /your account/ })).toBeVisible()
  await desk.reload()
  await fillSignIn(desk, { email: EMAIL, password: THIRD })
  await expect(desk.getByRole('button', { name: /your account/ })).toBeVisible()

  const late = await visitor()
  await late.goto(link)
  await expect(late.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
  await looksRight(late, 'a link that was used')
  await late.getByRole('button', { name: 'Ask for another link' }).click()
  await expect(late.getByLabel('E-mail')).toBeVisible()
})

test('a technician sees on their own page where they are signed in, and signs out elsewhere', async ({
  page,
  stage,
  visitor,
}) => {
  const person = stage.person('tess@northwind-partners.example')
  await signIn(page, stage.adminOrigin, person)
  const elsewhere = await visitor()
  await signIn(elsewhere, stage.adminOrigin, person)
  await fromNameMenu(page, 'Sessions')
  await expect(page.getByRole('heading', { name: 'Your profile' })).toBeVisible()
  await expect(page.getByText('This device')).toBeVisible()
  await looksRight(page, 'own page of staff')
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await told(page, 'Signed out everywhere else.')
  await elsewhere.reload()
  await expect(elsewhere.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  await elsewhere.getByRole('link', { name: 'Forgot your password?' }).click()
  await expect(elsewhere.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
  await looksRight(elsewhere, 'asking for a new password, staff')
})

const fromNameMenu = async (page: Page, item: string): Promise<void> => {
  await page.getByRole('button', { name: /your account/ }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
