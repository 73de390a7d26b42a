import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { fillSignIn, mailTo } from './steps.ts'

const EMAIL = 'maya@tailspin-it.example'
const PASSWORD = 'copper-meadow-saddle-31'

test('somebody sets up a new MSP, chooses a password by the mailed link, and is its owner', async ({
  page,
  stage,
  visitor,
}) => {
  await page.goto(stage.adminOrigin)
  await page.getByRole('link', { name: 'New here? Set up your MSP' }).click()
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByText('Enter the name of your MSP').first()).toBeVisible()
  await looksRight(page, 'sign-up with errors')
  await page.getByLabel('Name of your MSP').fill('Tailspin IT')
  await page.getByLabel('Your name').fill('Maya Torres')
  await page.getByLabel('Work e-mail').fill(EMAIL)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByRole('heading', { name: 'Confirm your e-mail address' })).toBeVisible()
  await looksRight(page, 'sign-up, mail on its way')

  const mail = await mailTo(stage.sandbox.http, EMAIL, 'Confirm your e-mail address')
  expect(mail.text).not.toMatch(/portico|tailspin/i)
  const link = mail.links.find((each) => each.includes('/sign-up#token=')) ?? ''
  const desk = await visitor()
  await desk.goto(link)
  await expect(desk.getByRole('heading', { name: 'Choose your password' })).toBeVisible()
  for (const said of ['Tailspin IT', 'Maya Torres', EMAIL])
    await expect(desk.getByText(said, { exact: true })).toBeVisible()
  await looksRight(desk, 'choosing the password of a new MSP')
  await desk.getByLabel('New password').fill('tailspin-tailspin')
  await desk.getByRole('button', { name: 'Set password and begin' }).click()
  await expect(desk.getByLabel('New password')).toHaveAttribute('aria-invalid', 'true')
  await desk.getByLabel('New password').fill(PASSWORD)
  await desk.getByRole('button', { name: 'Set password and begin' }).click()
  await expect(desk.getByRole('button', { name: /Maya Torres.*your account/ })).toBeVisible()
  await expect(desk.getByText('Tailspin IT').first()).toBeVisible()
  await desk.goto(`${stage.adminOrigin}/settings/staff`)
  await expect(desk.getByRole('row', { name: /Maya Torres/ })).toContainText('Owner')

  const late = await visitor()
  await late.goto(link)
  await expect(late.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
  await looksRight(late, 'a sign-up link that was used')
  await late.goto(stage.adminOrigin)
  await fillSignIn(late, { email: EMAIL, password: PASSWORD })
  await expect(late.getByRole('button', { name: /your account/ })).toBeVisible()
})
