import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'
import { addCustomer, chooseFromRow, fillSignIn, openCustomer, openTab, signedIn, told } from './steps.ts'

const WRONG = 'That e-mail and password do not go together. Check both and try again.'

test('a prefix that somebody has, or nobody may have, is refused at its field, and nothing else typed is lost', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Pinewood Clinic')
  await openTab(page, 'Portal')
  const prefix = page.getByLabel('URL prefix')
  await page.getByLabel('Company display name').fill('Pinewood Clinic IT')
  await page.getByRole('textbox', { name: /^Primary colour/ }).fill('#2b5f8a')
  for (const [typed, words] of [
    ['fabrikam', /fabrikam\.localhost is taken/],
    ['fabrikam-care', /fabrikam-care\.localhost is taken/],
    ['admin', /“admin” is kept for the service itself/],
    ['-pine-', /not with a hyphen/],
    ['pine.wood', /without dots or slashes/],
    ['p'.repeat(64), /At most 63|at most 63/],
  ] as const) {
    await prefix.fill(typed)
    await page.getByRole('button', { name: 'Save settings' }).click()
    await expect(prefix).toHaveAccessibleDescription(words)
    await expect(prefix).toHaveAttribute('aria-invalid', 'true')
    await expect(page.getByRole('alert').first()).toContainText(words)
  }
  await expect(page.getByLabel('Company display name')).toHaveValue('Pinewood Clinic IT')
  await expect(page.getByRole('textbox', { name: /^Primary colour/ })).toHaveValue('#2b5f8a')

  await prefix.fill('pinewood')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await told(page, /Settings saved/)
  await page.reload()
  await expect(prefix).toHaveValue('pinewood')
  await expect(page.getByLabel('Company display name')).toHaveValue('Pinewood Clinic IT')
})

test('a logo that is no PNG or JPEG is refused by what it is, whatever its name says', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Contoso Logistics', 'Portal')
  const logo = page.getByRole('region', { name: 'Logo' })
  const choose = page.locator('input[type=file]')
  for (const [name, mimeType, bytes, words] of [
    [
      'logo.gif',
      'image/gif',
      Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64'),
      'This is a GIF.',
    ],
    [
      'logo.png',
      'image/png',
      Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64'),
      'This is a GIF.',
    ],
    ['logo.svg', 'image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'This is an SVG.'],
    ['logo.jpg', 'image/jpeg', Buffer.from('%PDF-1.7\n'), 'This is a PDF.'],
    ['logo.png', 'image/png', Buffer.from('hello'), 'This is not a picture that can be read.'],
  ] as const) {
    await choose.setInputFiles({ name, mimeType, buffer: bytes })
    await expect(logo.getByRole('alert')).toContainText(words)
    await expect(logo.getByText('No logo')).toBeVisible()
  }
  await expect(page.getByText('Nothing applies before you save.')).toBeVisible()
})

test('a picture that is too large is scaled down in the browser, and shows in the portal as it was saved', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Contoso Logistics', 'Portal')
  const logo = page.getByRole('region', { name: 'Logo' })
  await page.locator('input[type=file]').setInputFiles({
    name: 'contoso.png',
    mimeType: 'image/png',
    buffer: await drawnPicture(page, 1600, 400),
  })
  await expect(logo).toContainText('324 × 81 px, was 1,600 × 400')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await told(page, /Settings saved/)
  await expect(logo).toContainText('324 × 81 px')

  const theirs = await visitor()
  await theirs.goto(stage.portalOrigin('contoso'))
  const sign = theirs.getByRole('img', { name: 'Contoso Logistics' })
  await expect(sign).toBeVisible()
  expect(
    await sign.evaluate((image: HTMLImageElement) =>
      image.decode().then(() => ({ width: image.naturalWidth, height: image.naturalHeight })),
    ),
  ).toEqual({ width: 324, height: 81 })

  await logo.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(logo.getByText('No logo')).toBeVisible()
})

test('settings that are not saved are not left by accident', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Portal')
  const name = page.getByLabel('Company display name')
  await name.fill('Fabrikam, changed')
  await page.getByRole('link', { name: 'Jobs' }).click()
  const question = page.getByRole('alertdialog', { name: 'Leave without saving?' })
  await expect(question).toBeVisible()
  await question.getByRole('button', { name: 'Keep editing' }).click()
  await expect(name).toHaveValue('Fabrikam, changed')

  await page.getByRole('link', { name: 'Jobs' }).click()
  await question.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page.getByRole('heading', { name: 'Jobs', level: 1 })).toBeVisible()
  await openCustomer(page, 'Fabrikam Dental', 'Portal')
  await expect(name).toHaveValue('Fabrikam Dental')
  await page.getByRole('link', { name: 'Jobs' }).click()
  await expect(page.getByRole('heading', { name: 'Jobs', level: 1 })).toBeVisible()
})

test('of two people who change the same customer, the second is told, and nothing is overwritten', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Two Hands Bakery')
  const address = page.url()
  const rosa = await visitor()
  await signedIn(rosa, address, stage.person('rosa@northwind-it.example'))
  for (const each of [page, rosa]) await each.getByRole('button', { name: 'Edit' }).click()

  await rosa.getByLabel('Phone').fill('01632 960 777')
  await rosa.getByRole('button', { name: 'Save customer' }).click()
  await told(rosa, 'Saved Two Hands Bakery.')

  const notes = page.getByRole('textbox', { name: /^Internal notes/ })
  await notes.fill('Ask for the flour invoice.')
  await page.getByRole('button', { name: 'Save customer' }).click()
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(
    'Somebody else saved this customer while you were editing.',
  )
  await expect(notes, 'what Marcus typed is still there').toHaveValue('Ask for the flour invoice.')
  await rosa.reload()
  await expect(rosa.getByText('01632 960 777')).toBeVisible()
  await expect(rosa.getByText('Ask for the flour invoice.')).toHaveCount(0)
})

test('a wrong password and an address nobody has are answered alike', async ({ page, stage }) => {
  for (const origin of [stage.adminOrigin, stage.portalOrigin('contoso')]) {
    await page.goto(origin)
    for (const email of ['vera@northwind-it.example', 'mina@contoso-logistics.example', 'nobody@nowhere.example']) {
      await fillSignIn(page, { email, password: 'not-the-password' })
      await expect(page.getByRole('alert')).toHaveText(WRONG)
      await expect(page.getByLabel('E-mail')).toHaveValue(email)
      await page.reload()
    }
  }
})

test('whoever tries too often is told how long to wait, and is let in afterwards as before', async ({
  page,
  stage,
}) => {
  await page.goto(stage.adminOrigin)
  for (let tries = 0; tries < 5; tries += 1) {
    await fillSignIn(page, { email: 'guesser@northwind-it.example', password: `guess number ${tries}` })
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  }
  await fillSignIn(page, { email: 'guesser@northwind-it.example', password: 'the last guess' })
  await expect(page.getByRole('alert')).toContainText(/There were too many tries. You can try again in \d+ seconds\./)
  await signedIn(page, stage.adminOrigin, stage.person('vera@northwind-it.example'))
})

test('a session that ended in the middle of work leads to the sign-in and back to the same page', async ({
  page,
  stage,
  context,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  const path = await openCustomer(page, 'Fabrikam Dental', 'Contacts')
  await context.clearCookies()
  await page.getByRole('main').getByRole('link', { name: 'Activity', exact: true }).click()
  await expect(page.getByLabel('Password', { exact: true })).toBeVisible()
  await fillSignIn(page, stage.person('marcus@northwind-it.example'))
  await expect(page.getByRole('heading', { name: 'Fabrikam Dental', level: 1 })).toBeVisible()
  expect(new URL(page.url()).pathname).toBe(`${path}/activity`)
})

test('closing a portal puts everybody out at their next click and shows what a stranger sees; opening it lets them sign in again', async ({
  page,
  stage,
  visitor,
}) => {
  const hers = await visitor()
  await signedIn(hers, stage.portalOrigin('contoso'), stage.person('mina@contoso-logistics.example'))
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Contoso Logistics', 'Portal')
  await page.getByRole('button', { name: 'Close portal' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Close portal' }).click()
  await expect(page.getByText('The portal is closed. Nobody can sign in.')).toBeVisible()

  await hers.getByRole('link', { name: 'Home', exact: true }).click()
  await expect(hers.getByRole('heading', { name: 'There is nothing here' })).toBeVisible()
  const closed = await hers.locator('body').innerHTML()
  await hers.goto(stage.portalOrigin('nobody-lives-here'))
  expect(closed).toBe(await hers.locator('body').innerHTML())

  await page.getByRole('button', { name: 'Open portal again' }).click()
  await expect(page.getByText('The portal is open.').first()).toBeVisible()
  await signedIn(hers, stage.portalOrigin('contoso'), stage.person('mina@contoso-logistics.example'))
  await expect(hers.getByRole('heading', { level: 1 })).toContainText('Mina')
})

test('a contact who was blocked is out at the next click, and is told no more than anybody else', async ({
  page,
  stage,
  visitor,
}) => {
  const toms = await visitor()
  await signedIn(toms, stage.portalOrigin('fabrikam'), stage.person('tom@fabrikamdental.example'))
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Contacts')
  const row = page.getByRole('row', { name: /Tom Okafor/ })
  await chooseFromRow(page, row, 'Block access')
  await expect(row).toContainText('Blocked')

  await toms.getByRole('link', { name: 'Home', exact: true }).click()
  await expect(toms.getByRole('heading', { name: 'Sign in to Fabrikam Dental' })).toBeVisible()
  await fillSignIn(toms, stage.person('tom@fabrikamdental.example'))
  await expect(toms.getByRole('alert')).toHaveText(WRONG)

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText('Active')
  await signedIn(toms, stage.portalOrigin('fabrikam'), stage.person('tom@fabrikamdental.example'))
})

/** A PNG of some size, drawn by the page itself. */
async function drawnPicture(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(
    ([w = 1, h = 1]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h })
      const pen = canvas.getContext('2d')
      if (!pen) throw new Error('This browser cannot draw.')
      pen.fillStyle = '#5a2a82'
      pen.fillRect(0, 0, w, h)
      pen.fillStyle = '#ffc220'
      pen.fillRect(w / 10, h / 4, w / 2, h / 2)
      return canvas.toDataURL('image/png').split(',')[1] ?? ''
    },
    [width, height],
  )
  return Buffer.from(base64, 'base64')
}
