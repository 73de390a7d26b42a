import { createHmac } from 'node:crypto'
import type { Page } from '@playwright/test'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { fillSignIn, mailTo, signIn, told } from './steps.ts'

const ADA = 'ada@northwind-partners.example'
const PASSWORD = 'copper-meadow-saddle-31'

test('an owner signs in with two steps, requires it of admins, and a new admin sets it up before anything else', async ({
  page,
  stage,
  visitor,
}) => {
  test.setTimeout(240_000)
  const oliver = stage.person('oliver@northwind-partners.example')
  await signIn(page, stage.adminOrigin, oliver)
  await page.goto(`${stage.adminOrigin}/settings/staff`)
  const rule = page.getByRole('switch', { name: 'Owners and admins must use two-step verification' })
  await rule.click()
  await told(page, 'Set up two-step verification for yourself first')

  await page.goto(`${stage.adminOrigin}/profile`)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByLabel('Password', { exact: true }).fill(oliver.password)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByRole('img', { name: /for an authenticator app/ })).toBeVisible()
  await looksRight(page, 'setting up two-step verification')
  await setUp(page)
  await expect(page.getByRole('heading', { name: 'Keep your recovery codes' })).toBeVisible()
  await looksRight(page, 'recovery codes')
  const codes = (await page.locator('.two-step-codes').innerText()).split('\n')
  expect(codes).toHaveLength(10)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await expect(page.getByText(/^On since/)).toBeVisible()

  const phone = await visitor()
  await phone.goto(stage.adminOrigin)
  await fillSignIn(phone, oliver)
  await expect(phone.getByRole('heading', { name: 'Enter your code' })).toBeVisible()
  await looksRight(phone, 'asked for a code')
  await phone.getByLabel('Code').fill('000000')
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(phone.getByText(/This code is not right/)).toBeVisible()
  await phone.getByLabel('Code').fill(codes[0] ?? '')
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(phone.getByRole('button', { name: /your account/ })).toBeVisible()

  await page.goto(`${stage.adminOrigin}/settings/staff`)
  await rule.click()
  await told(page, 'Owners and admins must use two-step verification now.')
  await expect(rule).toBeChecked()
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Ada Quinn')
  await dialog.getByLabel('E-mail').fill(ADA)
  await dialog.getByLabel('Role').selectOption('admin')
  await dialog.getByRole('button', { name: 'Send invitation' }).click()
  await told(page, 'Ada Quinn is invited.')

  const hers = await visitor()
  const mail = await mailTo(stage.sandbox.http, ADA, 'Join Northwind Partners')
  await hers.goto(mail.links.find((each) => each.includes('/invitation#token=')) ?? '')
  await hers.getByLabel('New password').fill(PASSWORD)
  await hers.getByRole('button', { name: 'Set password and join' }).click()
  await expect(hers.getByRole('heading', { name: 'Set up two-step verification first' })).toBeVisible()
  await looksRight(hers, 'two-step verification first')
  await hers.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await hers.getByRole('button', { name: 'Go on' }).click()
  await setUp(hers)
  await hers.getByRole('button', { name: 'I have kept them' }).click()
  await expect(hers.getByRole('button', { name: /your account/ })).toBeVisible()

  await rule.click()
  await told(page, 'Two-step verification is everybody’s own choice now.')
  await page.goto(`${stage.adminOrigin}/profile`)
  await page.getByRole('button', { name: 'Turn off' }).click()
  await dialog.getByLabel('Password').fill(oliver.password)
  await dialog.getByRole('button', { name: 'Turn off' }).click()
  await told(page, 'Two-step verification is off.')
  await expect(page.getByRole('button', { name: 'Set up' })).toBeVisible()
})

/** Plays the app: reads the secret that is there for typing in, and enters the code of the moment. */
const setUp = async (page: Page): Promise<void> => {
  const secret = (await page.locator('.two-step-secret').innerText()).replaceAll(/\s/g, '')
  await page.getByLabel('Code from the app').fill(codeOf(secret))
  await page.getByRole('button', { name: 'Turn on' }).click()
}

/** The code an authenticator app shows now (RFC 6238). */
const codeOf = (secret: string): string => {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
