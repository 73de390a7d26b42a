import type { Page } from '@playwright/test'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import {
  asForAll,
  chooseFromRow,
  chooseSelfService,
  control,
  inDays,
  mailTo,
  openCustomer,
  openTab,
  signedIn,
  told,
} from './steps.ts'

const fabrikam = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d01'
const help = 'help@northwind-it.example'

const choosePerson = async (page: Page, label: string, typed: string, name: string) => {
  await page.getByRole('combobox', { name: label, exact: true }).fill(typed)
  await page.getByRole('option', { name }).click()
  await expect(page.getByRole('group', { name: `${label} ${name}`, exact: true })).toBeFocused()
}

const send = async (page: Page, subject: string) => {
  await page.getByRole('button', { name: 'Send request' }).click()
  await expect(page.getByRole('heading', { name: subject, level: 1 })).toBeVisible()
}

test('a new user goes from the form to done, by keys alone, and everybody reads where it stands', async ({
  page,
  stage,
  visitor,
}) => {
  test.setTimeout(180_000)
  const portal = stage.portalOrigin('fabrikam')
  await signedIn(page, `${portal}/requests/new`, stage.person('dana@fabrikamdental.example'))
  await page.getByRole('link', { name: 'New user' }).click()
  await page.getByRole('button', { name: 'Send request' }).press('Enter')
  await expect(page.getByRole('alert')).toBeFocused()
  await page.getByRole('link', { name: 'Fill in “First name”' }).press('Enter')
  await expect(page.getByLabel('First name')).toBeFocused()
  await page.keyboard.type('Ingrid')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Solberg')
  await page.getByLabel('First day').fill(inDays(90))
  await page.getByLabel('E-mail address').fill('tom@fabrikamdental.example')
  await expect(page.getByText('Somebody has this address already.').last()).toBeVisible()
  await page.getByLabel('E-mail address').fill('ingrid.solberg@fabrikamdental.example')

  await page.getByLabel('Manager').focus()
  await page.keyboard.type('dana whit')
  await expect(page.getByRole('option')).toHaveText([/Dana Whitfield/])
  await page.keyboard.press('Enter')
  await expect(page.getByRole('group', { name: /^Manager .*Dana Whitfield$/ })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Take Dana Whitfield away' })).toBeFocused()
  await page.getByRole('checkbox', { name: 'Microsoft 365 Business Basic' }).press('Space')

  await page.getByRole('button', { name: 'Add another person' }).press('Enter')
  await expect(page.getByLabel('First name').nth(1)).toBeFocused()
  await page.keyboard.type('Nobody yet')
  await page.reload()
  await expect(page.getByLabel('First name').nth(1)).toHaveValue('Nobody yet')
  await page.getByRole('button', { name: 'Remove Nobody yet' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'Ingrid Solberg' })).toBeFocused()
  await send(page, 'New user: Ingrid Solberg')
  await expect(page.getByText('Waiting for Northwind IT', { exact: true })).toBeVisible()

  const wanted = await mailTo(stage.sandbox.http, help, 'Fabrikam Dental: New user: Ingrid Solberg')
  const link = wanted.links.find((each) => each.includes('/requests/')) ?? ''
  const marcus = await visitor()
  await signedIn(marcus, link, stage.person('marcus@northwind-it.example'))
  await marcus.getByLabel('A word to whoever asked').fill('She is welcome.')
  await marcus.getByRole('button', { name: 'Approve' }).click()
  await told(marcus, /^Approved\. It is ticket #\d+ now\.$/)
  const approved = await mailTo(stage.sandbox.http, 'dana@fabrikamdental.example', 'Approved: New user: Ingrid Solberg')
  expect(approved.text).toContain('She is welcome.')

  const steps = marcus.getByRole('main').getByRole('checkbox')
  for (const step of await steps.all()) {
    await step.check()
    await expect(step).toBeChecked()
  }
  await marcus.getByRole('button', { name: 'Done', exact: true }).click()
  await told(marcus, 'Done. The ticket is resolved.')
  await page.reload()
  await expect(page.getByText('Done', { exact: true })).toBeVisible()
  await expect(page.getByText('Marcus Bell finished it')).toBeVisible()

  await openCustomer(marcus, 'Fabrikam Dental', 'Activity')
  await marcus.getByLabel('About').selectOption('Requests')
  const story = marcus.getByRole('main').getByRole('listitem').filter({ hasText: 'New user: Ingrid Solberg' })
  await expect(story.first()).toContainText('Marcus Bell finished New user: Ingrid Solberg')
  await expect(story.nth(-4)).toContainText('Marcus Bell did a step of New user: Ingrid Solberg')
  await expect(story.nth(-3)).toContainText('Marcus Bell began with New user: Ingrid Solberg')
  await expect(story.nth(-2)).toContainText('Marcus Bell approved New user: Ingrid Solberg')
  await expect(story.nth(-1)).toContainText('Dana Whitfield asked for New user: Ingrid Solberg')
})

test('where a portal admin approves first, Tom’s request waits for Dana, then for the provider, who says why not', async ({
  page,
  stage,
  visitor,
}) => {
  test.setTimeout(180_000)
  const portal = stage.portalOrigin('fabrikam')
  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  const customer = await openCustomer(page, 'Fabrikam Dental', 'Portal')
  const first = page.getByLabel('A portal admin of the customer approves first')
  const save = async () => {
    await page.getByRole('button', { name: 'Save self-service' }).click()
    await expect(page.getByRole('button', { name: 'Discard' })).toHaveCount(0)
  }
  await first.selectOption('Yes')
  await save()

  const tom = await visitor()
  await signedIn(tom, `${portal}/requests/new/password_reset`, stage.person('tom@fabrikamdental.example'))
  await expect(tom.getByText('One of your portal admins checks this first, then Northwind IT.')).toBeVisible()
  await choosePerson(tom, 'Whose password', 'georgia', 'Georgia Archer')
  await tom.getByLabel('In person').check()
  await send(tom, 'Password reset: Georgia Archer')
  await expect(tom.getByText('Waiting for your company')).toBeVisible()
  await expect(tom.getByRole('link', { name: 'Requests', exact: true })).toHaveAttribute('aria-current', 'true')
  await expect(tom.getByRole('button', { name: 'Approve' })).toHaveCount(0)

  const wanted = await mailTo(stage.sandbox.http, 'dana@fabrikamdental.example', 'Password reset: Georgia Archer')
  const dana = await visitor()
  await signedIn(
    dana,
    wanted.links.find((each) => each.includes('/requests/')) ?? '',
    stage.person('dana@fabrikamdental.example'),
  )
  await expect(dana.getByText('It waits for your approval.')).toBeVisible()
  await looksRight(dana, 'a request that waits for a portal admin')
  await dana.getByRole('button', { name: 'Approve' }).click()
  await told(dana, 'Approved.')
  await expect(dana.getByRole('heading', { level: 1 }), 'the panel is gone, the page is kept').toBeFocused()
  await expect(dana.getByText('Waiting for Northwind IT', { exact: true })).toBeVisible()

  await page.goto(`${stage.adminOrigin}/requests?view=awaiting`)
  await page.getByRole('link', { name: 'Password reset: Georgia Archer' }).click()
  await page.getByRole('button', { name: 'Decline…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Decline request' }).click()
  await expect(page.getByRole('dialog').getByText('Say why, so that they know').first()).toBeVisible()
  const why = page.getByRole('dialog').getByLabel('Why?')
  await why.fill('x'.repeat(1_001))
  await page.getByRole('dialog').getByRole('button', { name: 'Decline request' }).click()
  await expect(why, 'told at its field').toHaveAccessibleDescription(/At most 1,000 characters/)
  await expect(why, 'what was written is still there').toHaveValue('x'.repeat(1_001))
  await why.fill('She has just called and is back in.')
  await page.getByRole('dialog').getByRole('button', { name: 'Decline request' }).click()
  await told(page, 'Declined.')
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  const declined = await mailTo(
    stage.sandbox.http,
    'tom@fabrikamdental.example',
    'Declined: Password reset: Georgia Archer',
  )
  expect(declined.text).toContain('She has just called and is back in.')

  // Given back: other tests ask without it.
  await page.goto(`${stage.adminOrigin}${customer}/portal`)
  const label = await first.getByRole('option', { name: asForAll }).innerText()
  await first.selectOption({ label })
  await save()
})

test('who leaves is asked about in all they hold; Tom, who may not know what that is, reads that it is being done', async ({
  page,
  stage,
  visitor,
}) => {
  test.setTimeout(180_000)
  const portal = stage.portalOrigin('fabrikam')
  await signedIn(page, `${portal}/requests/new/offboarding`, stage.person('tom@fabrikamdental.example'))
  await choosePerson(page, 'Who leaves', 'grace', 'Grace Kowalski')
  await page.getByLabel('Last day').fill(inDays(45))
  await expect(page.getByText(/who has which licence is shown to portal admins only/)).toHaveCount(2)
  await page.getByLabel('Somebody goes on reading it').check()
  await choosePerson(page, 'To whom?', 'harriet', 'Harriet Lopez')
  await page.getByLabel('Keep them').check()
  await send(page, 'Offboarding: Grace Kowalski')
  const link = page.url()

  const marcus = await visitor()
  await signedIn(marcus, `${stage.adminOrigin}/requests?view=awaiting`, stage.person('marcus@northwind-it.example'))
  await marcus.getByRole('link', { name: 'Offboarding: Grace Kowalski' }).click()
  await expect(marcus.getByText(/^Take the seat of Microsoft 365 Business Premium from Grace Kowalski/)).toBeVisible()
  await marcus.getByRole('button', { name: 'Approve' }).click()
  await told(marcus, /^Approved\. It is ticket #\d+ now\.$/)
  const [first] = await marcus.getByRole('main').getByRole('checkbox').all()
  await first?.check()
  await expect(marcus.getByText(/1 of \d steps done/)).toBeVisible()

  await page.goto(link)
  await expect(page.getByText('Being done', { exact: true })).toBeVisible()
  await expect(page.getByText(/\d of \d/), 'how many steps there are would tell what somebody holds').toHaveCount(0)
  await expect(page.getByText('Business Premium'), 'what somebody holds is not told to Tom').toHaveCount(0)
  await looksRight(page, 'a request whose steps are not shown')

  await marcus.getByRole('button', { name: 'Done', exact: true }).click()
  await expect(marcus.getByRole('alertdialog', { name: /^\d steps are not ticked off$/ })).toBeVisible()
  await marcus.getByRole('button', { name: 'Close anyway' }).click()
  await told(marcus, 'Done. The ticket is resolved.')
  await expect(marcus.getByRole('heading', { level: 1 })).toBeFocused()
  await page.reload()
  await expect(page.getByText('Done', { exact: true })).toBeVisible()
})

test('who is to be in a group, and who no longer, is one request', async ({ page, stage, visitor }) => {
  const portal = stage.portalOrigin('fabrikam')
  await signedIn(page, portal, stage.person('dana@fabrikamdental.example'))
  // Groups are read beside the sync, once cron has ticked after it.
  await stage.tick()
  const group = page.getByLabel('Group', { exact: true })
  const quality = group.getByRole('option', { name: /^Quality/ })
  await expect(async () => {
    await page.goto(`${portal}/requests/new/group_change`)
    await expect(quality).toBeAttached({ timeout: 2_000 })
  }).toPass({ timeout: 30_000 })
  await group.selectOption({ label: await quality.innerText() })
  await choosePerson(page, 'Who', 'grace', 'Grace Kowalski')
  await page.getByLabel('Add them').check()
  await page.getByLabel('From').fill(inDays(60))
  await page.getByLabel('Until').fill(inDays(30))
  await page.getByRole('button', { name: 'Send request' }).click()
  await expect(page.getByLabel('Until')).toHaveAccessibleDescription(/before/i)
  await page.getByLabel('Until').fill(inDays(200))
  await send(page, 'Group change: Quality')

  const marcus = await visitor()
  await signedIn(marcus, `${stage.adminOrigin}/requests?view=awaiting`, stage.person('marcus@northwind-it.example'))
  await marcus.getByRole('link', { name: 'Group change: Quality' }).click()
  await marcus.getByRole('button', { name: 'Approve' }).click()
  await told(marcus, /^Approved\. It is ticket #\d+ now\.$/)
  await expect(marcus.getByRole('main').getByRole('checkbox')).not.toHaveCount(0)
})

test('when the seat that was asked for is gone, whoever approves is asked again and shown what changed', async ({
  page,
  stage,
  visitor,
}) => {
  test.setTimeout(180_000)
  const portal = stage.portalOrigin('fabrikam')
  const dana = await visitor()
  await signedIn(dana, `${portal}/requests/new/licence_change`, stage.person('dana@fabrikamdental.example'))
  const licence = dana.getByLabel('Licence')
  await licence.selectOption({ label: await licence.getByRole('option', { name: /^Power BI Pro/ }).innerText() })
  await dana.getByRole('button', { name: 'Add a person' }).click()
  await choosePerson(dana, 'Who', 'georgia', 'Georgia Archer')
  await dana.getByLabel('Give them a seat').check()
  await dana.getByLabel('What they are for').fill('Figures of the practice.')
  await dana.getByRole('button', { name: 'Send request' }).click()
  await expect(dana.getByText('Where it stands')).toBeVisible()
  const subject = await dana.getByRole('heading', { level: 1 }).innerText()

  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  const sync = async (change: number) => {
    await control(stage.sandbox.http, `/tenants/${fabrikam}/changes`, {
      seats: { skuPartNumber: 'POWER_BI_PRO', change },
    })
    await page.goto(stage.adminOrigin)
    await openCustomer(page, 'Fabrikam Dental', 'Tenants')
    await chooseFromRow(page, page.getByRole('main'), 'Sync now')
    await expect(page.getByText('It goes on when you close this page.')).toBeVisible()
    await expect(page.getByText('It goes on when you close this page.')).toHaveCount(0, { timeout: 60_000 })
  }
  await sync(-1)
  await page.goto(`${stage.adminOrigin}/requests?view=awaiting&type=licence_change`)
  await page.getByRole('link', { name: subject }).first().click()
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByText('Something has changed since it was asked for.')).toBeVisible()
  await looksRight(page, 'a request that is asked again')
  await page.getByRole('button', { name: 'Approve' }).click()
  await told(page, /^Approved\. It is ticket #\d+ now\.$/)
  await dana.reload()
  await expect(dana.getByText('It was asked again, since something had changed')).toBeVisible()

  // Given back, and done.
  await page.getByRole('button', { name: 'Done', exact: true }).click()
  await page.getByRole('button', { name: 'Close anyway' }).click()
  await told(page, 'Done. The ticket is resolved.')
  await sync(1)
})

test('a form that is switched off while somebody fills it in is not taken, and nothing of it is lost', async ({
  page,
  stage,
  visitor,
}) => {
  test.setTimeout(120_000)
  const portal = stage.portalOrigin('fabrikam')
  const tom = await visitor()
  await signedIn(tom, `${portal}/requests/new/password_reset`, stage.person('tom@fabrikamdental.example'))
  await choosePerson(tom, 'Whose password', 'georgia', 'Georgia Archer')
  await tom.getByLabel('In person').check()

  await signedIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Portal')
  await chooseSelfService(page, 'Password reset', 'Off')
  await tom.getByRole('button', { name: 'Send request' }).click()
  await expect(tom.getByRole('alert')).toBeFocused()
  await looksRight(tom, 'a form that is off')

  await chooseSelfService(page, 'Password reset', asForAll)
  await tom.reload()
  await expect(tom.getByText('Here is what you had filled in.')).toBeVisible()
  await expect(tom.getByRole('group', { name: 'Whose password Georgia Archer', exact: true })).toBeVisible()
  await send(tom, 'Password reset: Georgia Archer')

  await tom.getByRole('button', { name: 'Withdraw…' }).click()
  await tom.getByRole('dialog').getByRole('button', { name: 'Withdraw request' }).click()
  await told(tom, 'Withdrawn.')
  await expect(tom.getByRole('heading', { level: 1 })).toBeFocused()
  await expect(tom.getByText('Withdrawn', { exact: true })).toBeVisible()
  await page.goto(`${stage.adminOrigin}/requests?view=ended`)
  await page.getByRole('link', { name: 'Password reset: Georgia Archer' }).first().click()
  await expect(page.getByText('Tom Okafor withdrew it')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Fabrikam Dental' }).first().click()
  await openTab(page, 'Requests')
  await expect(page.getByRole('link', { name: 'Password reset: Georgia Archer' }).first()).toBeVisible()
})
