import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { chooseFromRow, fillSignIn, mailTo, signedIn, told } from './steps.ts'

const EMAIL = 'ravi@northwind-it.example'
const PASSWORD = 'copper-meadow-saddle-31'
const OTHER = 'velvet-anchor-bridge-nine'

test('an owner invites a colleague, who joins, is given another role, forgets their password, and is blocked', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, `${stage.adminOrigin}/settings/staff`, stage.person('olivia@northwind-it.example'))
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Send invitation' }).click()
  await expect(dialog.getByText('Enter a name').first()).toBeVisible()
  await looksRight(page, 'invite somebody, with errors')
  await dialog.getByLabel('Name', { exact: true }).fill('Ravi Shah')
  await dialog.getByLabel('E-mail').fill('oliver@northwind-partners.example')
  await dialog.getByRole('button', { name: 'Send invitation' }).click()
  await expect(dialog.getByText('This e-mail address belongs to another team here.').first()).toBeVisible()
  await dialog.getByLabel('E-mail').fill(EMAIL)
  await dialog.getByLabel('Role').selectOption('viewer')
  await dialog.getByRole('button', { name: 'Send invitation' }).click()
  await told(page, 'Ravi Shah is invited.')
  const row = page.getByRole('row', { name: /Ravi Shah/ })
  await expect(row).toContainText('Invited')
  await looksRight(page, 'staff, somebody invited')

  const mail = await mailTo(stage.sandbox.http, EMAIL, 'Join Northwind IT')
  expect(mail.text).not.toMatch(/portico/i)
  const link = mail.links.find((each) => each.includes('/invitation#token=')) ?? ''
  const his = await visitor()
  await his.goto(link)
  await expect(his.getByRole('heading', { name: 'Join Northwind IT' })).toBeVisible()
  await looksRight(his, 'joining the staff')
  await his.getByLabel('New password').fill(PASSWORD)
  await his.getByRole('button', { name: 'Set password and join' }).click()
  await expect(his.getByRole('button', { name: /your account/ })).toBeVisible()
  await expect(his.getByRole('button', { name: 'Add customer' })).toHaveCount(0)
  const late = await visitor()
  await late.goto(link)
  await expect(late.getByRole('heading', { name: 'This invitation no longer works' })).toBeVisible()
  await looksRight(late, 'an invitation to the staff that was used')

  await page.reload()
  await expect(row).toContainText('Active')
  await chooseFromRow(page, row, 'Change role')
  await dialog.getByLabel('Role').selectOption('technician')
  await looksRight(page, 'change a role')
  await dialog.getByRole('button', { name: 'Change role' }).click()
  await told(page, 'Ravi Shah is technician now.')
  await his.reload()
  await fillSignIn(his, { email: EMAIL, password: PASSWORD })
  await expect(his.getByRole('button', { name: 'Add customer' }).first()).toBeVisible()

  await late.goto(`${stage.adminOrigin}/password-reset`)
  await late.getByLabel('E-mail').fill(EMAIL)
  await late.getByRole('button', { name: 'Send the link' }).click()
  const reset = await mailTo(stage.sandbox.http, EMAIL, 'Set a new password')
  await late.goto(reset.links.find((each) => each.includes('/password-reset#token=')) ?? '')
  await late.getByLabel('New password').fill(OTHER)
  await late.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(late.getByRole('button', { name: /your account/ })).toBeVisible()
  await his.reload()
  await expect(his.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()

  await chooseFromRow(page, row, 'Block')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Block' }).click()
  await told(page, 'Ravi Shah is blocked.')
  await expect(row).toContainText('Blocked')
  await late.reload()
  await fillSignIn(late, { email: EMAIL, password: OTHER })
  await expect(late.getByRole('alert')).toBeVisible()

  const olivia = page.getByRole('row', { name: /Olivia Marsh/ })
  await chooseFromRow(page, olivia, 'Change role')
  await dialog.getByLabel('Role').selectOption('viewer')
  await dialog.getByRole('button', { name: 'Change role' }).click()
  await expect(dialog.getByText('This is the only owner who can sign in.')).toBeVisible()
  await looksRight(page, 'the last owner')
})
