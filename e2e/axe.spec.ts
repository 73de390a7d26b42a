import type { Page } from '@playwright/test'
import { PNG, file } from './files.ts'
import { looksRight, violationsOn } from './looks.ts'
import { expect, test } from './stage.ts'
import {
  addCustomer,
  chooseFromRow,
  fillSignIn,
  holdSession,
  invitationLink,
  openCustomer,
  openTab,
  signedIn,
} from './steps.ts'

test('the pages before the sign-in can be used by everybody, at a desk and on a phone, by day and by night', async ({
  page,
  stage,
}) => {
  await page.goto(stage.adminOrigin)
  expect(await firstLayers(page), 'the order of layers stands before any style').toEqual(layers)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('Enter your e-mail address')).toBeVisible()
  await looksRight(page, 'admin sign-in with errors')
  await fillSignIn(page, { email: 'nobody@northwind-it.example', password: 'not-the-password' })
  await expect(page.getByRole('alert')).toBeVisible()
  await looksRight(page, 'admin sign-in refused')

  for (const prefix of ['fabrikam', 'contoso', 'fabrikam-care']) {
    await page.goto(stage.portalOrigin(prefix))
    await expect(page.getByLabel('E-mail')).toBeVisible()
    expect(await firstLayers(page)).toEqual(layers)
    await looksRight(page, `portal sign-in of ${prefix}`)
  }
  await page.goto(stage.portalOrigin('nobody-lives-here'))
  await looksRight(page, 'address nobody was given')
})

test('an invitation can be read and used by everybody, also when it was used before', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Grace Hollis')
  await dialog.getByLabel('E-mail').fill('grace@fabrikamdental.example')
  await dialog.getByLabel('Portal user').check()
  await dialog.getByRole('button', { name: 'Add contact' }).click()
  await chooseFromRow(page, page.getByRole('row', { name: /Grace Hollis/ }), 'Invite to portal')

  const hers = await visitor()
  const link = await invitationLink(stage.sandbox.http, 'grace@fabrikamdental.example')
  await hers.goto(link)
  await expect(hers.getByRole('heading', { name: 'Welcome, Grace Hollis' })).toBeVisible()
  await looksRight(hers, 'invitation')
  await hers.getByLabel('New password').fill('short')
  await hers.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(hers.getByText(/Use at least 12 characters/)).toBeVisible()
  await looksRight(hers, 'invitation with an error')
  await hers.getByLabel('New password').fill('copper-meadow-saddle-31')
  await hers.getByRole('button', { name: 'Set password and sign in' }).click()
  await expect(hers.getByRole('heading', { level: 1 })).toContainText('Good')
  await expect(hers.locator('[aria-busy=true]')).toHaveCount(0)
  await looksRight(hers, 'portal home of somebody just invited')

  const again = await visitor()
  await again.goto(link)
  await expect(again.getByRole('heading', { name: 'This invitation no longer works' })).toBeVisible()
  await looksRight(again, 'invitation that was used')
  await again.goto(`${stage.portalOrigin('fabrikam')}/invitation#token=made-up`)
  await again.reload()
  await expect(again.getByRole('heading', { name: 'We do not know this invitation' })).toBeVisible()
  await looksRight(again, 'invitation nobody sent')
})

for (const [who, email] of [
  ['the person who looks after it', 'dana@fabrikamdental.example'],
  ['a colleague', 'tom@fabrikamdental.example'],
] as const) {
  test(`the portal’s home can be used by everybody, as ${who} sees it`, async ({ page, stage }) => {
    await signedIn(page, stage.portalOrigin('fabrikam'), stage.person(email))
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Good')
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await looksRight(page, `portal home of ${email}`)
    await page.getByRole('button', { name: /your account/ }).click()
    await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible()
    await looksRight(page, `name menu of ${email}`)
    await page.goto(`${stage.portalOrigin('fabrikam')}/documents`)
    await expect(page.getByRole('heading', { name: 'Documents', level: 1 })).toBeVisible()
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await looksRight(page, `documents as ${email} sees them`)
  })
}

test('requests can be chosen, filled in and found by everybody, in the portal and by staff', async ({
  page,
  stage,
  visitor,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  await holdSession(page, origin, stage.person('dana@fabrikamdental.example'))
  for (const [path, heading] of [
    ['/requests', 'Requests'],
    ['/requests/new', 'What do you need?'],
    ['/requests/new/password_reset', 'Password reset'],
    ['/requests/new/licence_change', 'Licence change'],
    ['/requests/new/group_change', 'Group change'],
  ] as const) {
    await page.goto(`${origin}${path}`)
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible()
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await looksRight(page, path)
  }
  await page.goto(`${origin}/requests/new/new_user`)
  await page.getByRole('button', { name: 'Send request' }).click()
  await expect(page.getByRole('alert')).toBeFocused()
  await page.getByRole('combobox', { name: 'Manager' }).fill('zzzz')
  await expect(page.getByText('Nobody here is called “zzzz”.')).toBeVisible()
  await looksRight(page, 'a new user with errors, nobody found')
  await page.getByRole('combobox', { name: 'Manager' }).fill('dana')
  await expect(page.getByRole('option')).toHaveText([/Dana Whitfield/])
  await looksRight(page, 'a new user, somebody found')

  await page.goto(`${origin}/requests/new/offboarding`)
  await page.getByRole('combobox', { name: 'Who leaves' }).fill('dana')
  await page.getByRole('option', { name: /Dana Whitfield/ }).click()
  await page.getByLabel('What becomes of Microsoft 365 Business Premium').selectOption('Give it to somebody')
  await page.getByLabel('Somebody goes on reading it').check()
  await page.getByRole('button', { name: 'Add another person' }).click()
  await looksRight(page, 'somebody leaves, and another')
  await page.getByRole('button', { name: 'Remove Person 2 of 2' }).click()

  const olivia = await visitor()
  await signedIn(olivia, `${stage.adminOrigin}/requests?view=all`, stage.person('olivia@northwind-it.example'))
  await expect(olivia.getByRole('heading', { name: 'Requests', level: 1 })).toBeVisible()
  await expect(olivia.locator('[aria-busy=true]')).toHaveCount(0)
  await looksRight(olivia, 'requests of all customers')
})

test('tickets in a portal can be written, read and ended by everybody', async ({ page, stage }) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, `${origin}/tickets?q=zzzz`, stage.person('dana@fabrikamdental.example'))
  await expect(page.getByText('No ticket matches')).toBeVisible()
  await looksRight(page, 'tickets, none found')
  await page.goto(`${origin}/tickets/new`)
  await page.getByRole('button', { name: 'Send ticket' }).click()
  await expect(page.getByRole('alert')).toBeFocused()
  await looksRight(page, 'new ticket with errors')
  await page.getByLabel('Subject').fill('A name as long as they come '.repeat(6))
  await page.getByLabel('What is it about?').selectOption({ index: 1 })
  await page.getByLabel('What happened, or what do you need?').fill(`See https://example.com/${'long'.repeat(40)}.`)
  await page.getByLabel('Who else should follow it?').selectOption({ label: 'Tom Okafor' })
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page
    .locator('input[type=file][multiple]')
    .setInputFiles([
      file('front-desk.png', PNG),
      file(`${'long '.repeat(40)}.txt`, Buffer.from('.')),
      file('none.txt', Buffer.alloc(0)),
    ])
  await expect(page.getByRole('list', { name: 'Attached files' }).getByRole('listitem')).toHaveCount(2)
  await looksRight(page, 'new ticket with files')
  await page.getByRole('button', { name: 'Take none.txt off this list' }).click()
  await page.getByRole('button', { name: 'Send ticket' }).click()
  await expect(page.getByLabel('Write something')).toBeVisible()
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  await looksRight(page, 'ticket')
  await page.getByRole('button', { name: 'It works again, close it' }).click()
  await page.getByRole('button', { name: 'No, not satisfied' }).click()
  await looksRight(page, 'ticket that is closed')
  await page.goto(`${origin}/tickets?view=all`)
  await expect(page.getByRole('heading', { name: 'Solved and closed' })).toBeVisible()
  await looksRight(page, 'tickets')
})

test('the customers, and what is done to them, can be used by everybody', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await expect(page.getByRole('link', { name: 'Fabrikam Dental', exact: true })).toBeVisible()
  await looksRight(page, 'customers')
  await page.getByRole('button', { name: 'Add customer' }).click()
  await looksRight(page, 'add customer')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+K')
  await page.getByRole('combobox').fill('fabrikam')
  await expect(page.getByRole('option', { name: /Fabrikam Dental/ })).toBeVisible()
  await looksRight(page, 'command palette')
  await page.keyboard.press('Escape')
  await page.getByRole('checkbox', { name: 'Select Contoso Logistics' }).check()
  await page.getByRole('checkbox', { name: 'Select Fabrikam Dental' }).check()
  await looksRight(page, 'customers, two selected')
  await page.getByRole('link', { name: 'Merge…' }).click()
  await page.getByRole('button', { name: /^Merge .* into / }).click()
  await expect(page.getByRole('group', { name: /Which portal stays\?/ })).toBeVisible()
  await looksRight(page, 'merge, undecided')
  await page.goto(`${stage.adminOrigin}/customers?q=zzzz`)
  await expect(page.getByText('No customer matches')).toBeVisible()
  await looksRight(page, 'customers, none found')

  await openCustomer(page, 'Contoso Logistics')
  await looksRight(page, 'Contoso Logistics: overview')
  for (const tab of [
    'Tenants',
    'Changes',
    'Health',
    'Contacts',
    'Tickets',
    'Requests',
    'Documents',
    'Portal',
    'End-user portal',
    'Activity',
  ]) {
    await openTab(page, tab)
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await looksRight(page, `Contoso Logistics: ${tab}`)
  }
  await openTab(page, 'Portal')
  await page.getByRole('link', { name: 'Request forms of Contoso Logistics' }).click()
  await expect(page.getByRole('heading', { name: 'What all customers are asked' })).toBeVisible()
  await looksRight(page, 'Contoso Logistics: request forms')
  await openTab(page, 'Tenants')
  await page.getByRole('button', { name: 'Connect tenant' }).click()
  await page.getByRole('button', { name: 'Go to Microsoft' }).click()
  await expect(page.getByText('Enter the customer’s domain or tenant id').first()).toBeVisible()
  await looksRight(page, 'connect tenant, with an error')
  await page.keyboard.press('Escape')
  await openTab(page, 'Contacts')
  await page.getByRole('button', { name: 'Add contact' }).first().click()
  await looksRight(page, 'add contact')
  await page.keyboard.press('Escape')
  await page
    .getByRole('button', { name: /^More for/ })
    .first()
    .click()
  await looksRight(page, 'menu of a contact')
  await page.keyboard.press('Escape')

  await addCustomer(page, 'Hollow Oak Books')
  await looksRight(page, 'new customer: overview')
  for (const tab of ['Tenants', 'Contacts', 'Tickets', 'Documents', 'Portal', 'Activity']) {
    await openTab(page, tab)
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await looksRight(page, `new customer: ${tab}`)
  }
})

for (const [what, pages] of [
  [
    'the settings',
    [
      ['/settings/organisation', 'Organisation'],
      ['/settings/portal', 'Portal defaults'],
      ['/settings/self-service', 'Self-service'],
      ['/settings/request-forms', 'Request forms'],
      ['/settings/request-forms/offboarding', 'Request forms'],
      ['/settings/sign-in', 'First sign-in'],
      ['/settings/mail', 'Mail sender'],
      ['/settings/licences', 'Licences'],
      ['/settings/monthly-report', 'Monthly report'],
      ['/settings/tickets', 'Tickets'],
      ['/settings/staff', 'Staff'],
      ['/settings/api-keys', 'API keys'],
      ['/profile', 'Your profile'],
    ],
  ],
  [
    'jobs, the workspace and the gallery of the kit',
    [
      ['/activity', 'Activity'],
      ['/jobs', 'Jobs'],
      ['/notices', 'Notices'],
      ['/workspace', 'Workspace'],
      ['/tickets', 'Tickets'],
      ['/licences', 'Licences'],
      ['/licences/over_used', 'More seats used than bought'],
      ['/gallery', ''],
      ['/no/such/page', ''],
    ],
  ],
] as const)
  test(`${what} can be used by everybody`, async ({ page, stage }) => {
    await holdSession(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
    for (const [path, heading] of pages) {
      await page.goto(`${stage.adminOrigin}${path}`)
      await expect(page.getByRole('heading', { name: new RegExp(heading) }).first()).toBeVisible()
      // The gallery shows what waiting looks like, for good.
      if (path !== '/gallery') await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
      await looksRight(page, path)
    }
  })

test('a button at work looks the same under the pointer that pressed it', async ({ page, stage }) => {
  await holdSession(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await page.goto(`${stage.adminOrigin}/gallery`)
  for (const button of await page.locator('.button[aria-disabled=true]').all()) {
    const colours = () =>
      button.evaluate((element) => {
        const { color, backgroundColor } = getComputedStyle(element)
        return { color, backgroundColor }
      })
    const before = await colours()
    await button.hover()
    expect(await colours()).toEqual(before)
  }
})

test('the review of who gets access, and the form that creates a portal, can be used by everybody', async ({
  page,
  stage,
}) => {
  await signedIn(page, `${stage.adminOrigin}/workspace`, stage.person('olivia@northwind-it.example'))
  await page.getByRole('button', { name: 'Select all that match' }).click()
  await page.getByRole('button', { name: 'Enable portal' }).click()
  await expect(page.getByRole('dialog').getByText(/left out/)).toBeVisible()
  await looksRight(page, 'the review of who gets access')
  await page.goto(`${stage.adminOrigin}/customers?add=yes`)
  await page.getByLabel('Enable customer portal').check()
  await page.getByRole('dialog').getByRole('button', { name: 'Add customer' }).click()
  await expect(page.getByText(/things to put right/)).toBeVisible()
  await looksRight(page, 'a customer with a portal, with errors')
})

test('the people of a company, and an own password in place of a temporary one, can be used by everybody', async ({
  page,
  stage,
  visitor,
}) => {
  const dana = await visitor()
  await signedIn(dana, stage.portalOrigin('fabrikam'), stage.person('dana@fabrikamdental.example'))
  await dana.getByRole('link', { name: 'People' }).first().click()
  await expect(dana.getByText('Main admin', { exact: true })).toBeVisible()
  await looksRight(dana, 'people of a company')
  await dana.getByRole('button', { name: 'Invite person' }).click()
  await dana.getByRole('dialog').getByRole('button', { name: 'Invite person' }).click()
  await expect(dana.getByText(/things to put right/)).toBeVisible()
  await looksRight(dana, 'inviting somebody, with errors')

  const problem = (status: number, code: string) => ({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ title: code, status, code, requestId: 'x' }),
  })
  await page.route('**/api/auth/session', (route) => route.fulfill(problem(403, 'password_change_needed')))
  await page.goto(stage.portalOrigin('fabrikam'))
  await fillSignIn(page, { email: 'tom@fabrikamdental.example', password: 'lusab-babad-gutih-tugad' })
  await expect(page.getByRole('heading', { name: 'Choose your own password' })).toBeVisible()
  await looksRight(page, 'choosing an own password')
  await page.route('**/api/auth/invitation/lookup', (route) => route.fulfill(problem(410, 'expired')))
  await page.goto(`${stage.portalOrigin('fabrikam')}/invitation#token=a-token-that-nobody-was-ever-sent`)
  await expect(page.getByRole('heading', { name: 'This invitation has expired' })).toBeVisible()
  await looksRight(page, 'invitation that has expired')
})

test('dialogs that say what is wrong, and a page that is not there, can be used by everybody', async ({
  page,
  stage,
}) => {
  await holdSession(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  for (const [path, button, verb] of [
    ['/notices', 'Write notice', 'Publish notice'],
    ['/settings/api-keys', 'Make API key', 'Make API key'],
  ] as const) {
    await page.goto(`${stage.adminOrigin}${path}`)
    await page.getByRole('button', { name: button }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: verb }).click()
    await expect(page.getByText(/thing.? to put right/)).toBeVisible()
    await looksRight(page, `${path}, the dialog with errors`)
  }
  await page.goto(`${stage.adminOrigin}/customers/imports/none`)
  await expect(page.getByRole('link', { name: 'Go to imports' })).toBeVisible()
  await looksRight(page, 'an import that is not there')
})

test('the look at a page finds what it looks for', async ({ page }) => {
  await page.setContent('<main><img src="x"><p style="color: #ccc; background: #fff">pale</p></main>')
  expect((await violationsOn(page)).map(({ id }) => id)).toEqual(
    expect.arrayContaining(['image-alt', 'color-contrast']),
  )
  const pale = await violationsOn(page, { runOnly: ['color-contrast'] })
  expect(pale.map(({ id }) => id)).toEqual(['color-contrast'])
})

const layers = ['tokens', 'base', 'kit', 'app']

/** The layers that the first rule of a page puts in order. */
const firstLayers = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const [rule] = document.styleSheets[0]?.cssRules ?? []
    return rule instanceof CSSLayerStatementRule ? [...rule.nameList] : []
  })
