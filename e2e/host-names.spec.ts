import { expect, test } from './stage.ts'
import { addCustomer, chooseFromRow, fillSignIn, mailTo, openTab, signedIn, told } from './steps.ts'

const name = 'portal.wingtip.localhost'
const password = 'copper-meadow-quarry-77'

test('a customer’s own host name: added, proven, signed in at, in mails, and taken away', async ({
  page,
  stage,
  visitor,
}) => {
  const port = new URL(stage.adminOrigin).port
  const setRecord = async (record: object) => {
    const answer = await fetch(`${stage.sandbox.http}/control/dns`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(record),
    })
    expect(answer.status).toBe(200)
  }

  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Wingtip Toys')
  await openTab(page, 'Portal')
  await expect(page.getByRole('heading', { name: 'Host names' })).toBeHidden()
  await page.getByLabel('URL prefix').fill('wingtip-toys')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await told(page, /Settings saved/)

  await page.getByRole('button', { name: 'Add host name' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Host name').fill('wingtip.localhost')
  await dialog.getByRole('button', { name: 'Add host name' }).click()
  await expect(dialog.getByText('belongs to the service itself').first()).toBeVisible()
  await dialog.getByLabel('Host name').fill(name)
  await dialog.getByRole('button', { name: 'Add host name' }).click()
  await told(page, `${name} is added.`)

  const own = page.getByRole('article', { name })
  await expect(own.getByText('Set the TXT record below.')).toBeVisible()
  await expect(own.getByText('Set the CNAME record below.')).toBeVisible()
  const rows = own.getByRole('row')
  const proof = await rows.filter({ hasText: 'TXT' }).locator('code').last().innerText()
  const target = await rows.filter({ hasText: 'CNAME' }).locator('code').last().innerText()

  const stranger = await visitor()
  expect((await stranger.goto(`http://${name}:${port}/`))?.status()).toBe(404)

  await setRecord({ name: `_portal-proof.${name}`, type: 'TXT', values: [proof] })
  await setRecord({ name, type: 'CNAME', values: [target] })
  await expect(async () => {
    // Gone once it opens, which may be later than one waits for it.
    const again = own.getByRole('button', { name: 'Check again now' })
    if (await again.isVisible()) await again.click()
    await expect(own.getByText('Opens the portal', { exact: true })).toBeVisible({ timeout: 4_000 })
  }).toPass({ timeout: 60_000 })

  await own.getByRole('button', { name: `More for ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Use in mails and links' }).click()
  await told(page, `Mails and links lead to ${name} now.`)
  await expect(own.getByText('In mails and links', { exact: true })).toBeVisible()

  await openTab(page, 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Wanda Wing')
  await page.getByRole('dialog').getByLabel('E-mail').fill('wanda@wingtip.example')
  await page.getByRole('dialog').getByLabel('Portal user').check()
  await page.getByRole('dialog').getByRole('button', { name: 'Add contact' }).click()
  await chooseFromRow(page, page.getByRole('row', { name: /Wanda Wing/ }), 'Invite to portal')
  const invitation = await mailTo(stage.sandbox.http, 'wanda@wingtip.example', 'Your access')
  const link = invitation.links.find((one) => one.includes('/invitation'))
  expect(link).toContain(`http://${name}:${port}/invitation`)

  await stranger.goto(link ?? '')
  await stranger.getByLabel('New password').fill(password)
  await stranger.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(stranger.getByRole('button', { name: /your account/ })).toBeVisible()
  expect(new URL(stranger.url()).hostname).toBe(name)
  await expect(stranger).toHaveTitle(/Wingtip Toys/)

  const elsewhere = await visitor()
  await elsewhere.goto(stage.portalOrigin('wingtip-toys'))
  await fillSignIn(elsewhere, { email: 'wanda@wingtip.example', password })
  await expect(elsewhere.getByRole('button', { name: /your account/ })).toBeVisible()

  await openTab(page, 'Portal')
  await own.getByRole('button', { name: `More for ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await expect(page.getByRole('alertdialog')).toContainText('stops opening')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await told(page, `${name} is removed.`)
  await expect(own).toBeHidden()
  await expect(async () => {
    expect((await stranger.goto(`http://${name}:${port}/`))?.status()).toBe(404)
  }).toPass({ timeout: 40_000 })
})
