import { expect, test } from './stage.ts'
import { mailTo, signIn, told } from './steps.ts'

const address = 'help@northwind-it.example'

test('mails come from an address of the MSP’s own once it is confirmed, and through its own server', async ({
  page,
  stage,
}) => {
  const olivia = stage.person('olivia@northwind-it.example')
  const smtp = new URL(stage.sandbox.smtp)
  const panel = (name: string) => page.getByRole('region', { name })
  await signIn(page, stage.adminOrigin, olivia)
  await page.goto(`${stage.adminOrigin}/settings/mail`)

  await panel('From address').getByRole('button', { name: 'Use an address of your own' }).click()
  await page.getByRole('dialog').getByLabel('Address').fill(address)
  await page.getByRole('dialog').getByRole('button', { name: 'Send the link' }).click()
  await told(page, `A link is on its way to ${address}.`)
  await expect(panel('From address').getByText('Waits for confirmation')).toBeVisible()
  const mail = await mailTo(stage.sandbox.http, address, 'Confirm')
  const link = mail.links.find((one) => one.includes('#token=')) ?? ''
  expect(link).toContain(`${stage.adminOrigin}/settings/mail`)
  // A link in a mail opens a page of its own; a mere change behind the # would not.
  await page.goto('about:blank')
  await page.goto(link)
  await told(page, 'The address is confirmed.')
  await expect(panel('From address').getByText(`Mails come from ${address} now.`)).toBeVisible()
  expect(page.url()).not.toContain('token')

  await panel('Mail server').getByRole('button', { name: 'Use your own server' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Server').fill(smtp.hostname)
  await dialog.getByLabel('Port').fill(smtp.port)
  await dialog.getByLabel('Encryption').selectOption('none')
  await dialog.getByLabel('User name').fill('portal')
  await dialog.getByRole('button', { name: 'Save server' }).click()
  await expect(dialog.getByText(/Enter the password/).first()).toBeVisible()
  await dialog.getByLabel('Password', { exact: true }).fill('harbour')
  await dialog.getByRole('button', { name: 'Save server' }).click()
  await told(page, 'The server is saved.')

  await panel('Send a test').getByRole('button', { name: 'Send test mail' }).click()
  await expect(panel('Send a test').getByText(/handed over.*\(250/)).toBeVisible()
  const test1 = await mailTo(stage.sandbox.http, olivia.email, 'A test from')
  expect(test1.text).toContain('the test you asked for')

  const refused = await fetch(`${stage.sandbox.http}/control/smtp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reject: 1, status: 550 }),
  })
  expect(refused.status).toBe(200)
  await panel('Send a test').getByRole('button', { name: 'Send test mail' }).click()
  await expect(panel('Send a test').getByText(/Your own mail server .* did not take it.*\(550/)).toBeVisible()

  await panel('Mail server').getByRole('button', { name: 'Stop using it' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop using it' }).click()
  await told(page, 'Mails go through the server that comes with the portal again.')
  await panel('From address').getByRole('button', { name: 'Stop using it' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop using it' }).click()
  await told(page, /Mails come from .* again/)
})
