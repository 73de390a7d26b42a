import type { Page } from '@playwright/test'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import {
  asForAll,
  behave,
  chooseFromRow,
  chooseSelfService,
  control,
  openCustomer,
  openTab,
  signedIn,
} from './steps.ts'

const fabrikam = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d01'
const settled = (page: Page) => expect(page.locator('[aria-busy=true]')).toHaveCount(0)
const card = (page: Page, topic: string) => page.getByRole('region', { name: topic, exact: true })

/** On the page of Fabrikam's tenants; comes back once a sync that was asked for now has ended. */
async function syncNow(page: Page): Promise<void> {
  const customer = new URL(page.url()).pathname.split('/')[2] ?? ''
  const lastGoodSync = () =>
    page.evaluate(async (url) => {
      const { items } = (await (await fetch(url)).json()) as { items: { lastGoodSyncAt: string | null }[] }
      return items[0]?.lastGoodSyncAt
    }, `/api/msp-portal/customers/${customer}/tenants`)
  const before = await lastGoodSync()
  await chooseFromRow(page, page.getByRole('row', { name: /fabrikamdental\.example/ }), 'Sync now')
  await expect.poll(lastGoodSync, { timeout: 30_000 }).not.toBe(before)
}

test('security and services are read in words, day by day, together and apart, by whoever may', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.portalOrigin('contoso'), stage.person('henrik@contoso-logistics.example'))
  await page.getByRole('link', { name: 'All about your security' }).click()
  await expect(page.getByRole('heading', { name: 'Security and health', level: 1 })).toBeVisible()
  await settled(page)
  await looksRight(page, 'security and health of a portal admin')
  await expect(card(page, 'Security score')).toContainText(/^Security score\d+% of what can be reached, where organ/)
  const slider = card(page, 'Security score').getByRole('slider', { name: 'Day' })
  await slider.focus()
  await page.keyboard.press('Home')
  await expect(slider).toHaveAttribute('aria-valuetext', /^\d+ \w+: \d+%, others \d+%$/)
  await card(page, 'Security score').getByText('Show as a table').click()
  await expect(card(page, 'Security score').getByRole('row')).toHaveCount(91)
  const first = card(page, 'What would raise it most').getByRole('listitem').first()
  await expect(first).toContainText(/\+\d+(\.\d+)? points?In Contoso Logistics and Coldchain Services/)
  await first.getByText('What to do').click()
  await expect(first.locator('p')).not.toBeEmpty()
  await expect(card(page, 'Security score').getByText('Coldchain Services')).toBeVisible()

  await page.getByRole('button', { name: 'Organisation' }).click()
  await page.getByRole('menuitemradio', { name: 'Coldchain Services' }).click()
  await expect(page).toHaveURL(/tenant=/)
  await expect(card(page, 'Security score').getByText('Each by itself')).toHaveCount(0)
  await expect(card(page, 'History').getByRole('listitem').first()).toContainText('Coldchain Services')
  await expect(card(page, 'History').getByText('Contoso Logistics')).toHaveCount(0)

  const tom = await visitor()
  await signedIn(tom, stage.portalOrigin('fabrikam'), stage.person('tom@fabrikamdental.example'))
  const asked: string[] = []
  tom.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await tom.getByRole('link', { name: 'All services and their history' }).click()
  await expect(tom.getByRole('heading', { name: 'Service health', level: 1 })).toBeVisible()
  await expect(card(tom, 'What is going on')).toContainText('We are looking into it')
  await expect(card(tom, 'History').getByRole('listitem').first()).toBeVisible()
  await expect(tom.getByText('Security score')).toHaveCount(0)
  expect(asked.filter((path) => path.endsWith('/security'))).toEqual([])
})

test('what Microsoft does not tell is said plainly, to staff and to the company, and hides nothing else', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Tenants')
  for (const match of ['alerts_v2', 'healthOverviews'])
    await control(stage.sandbox.http, '/faults', { tenantId: fabrikam, match, status: 403, times: 100 })
  await syncNow(page)
  await openTab(page, 'Health')
  await expect(
    page.getByText(/^Microsoft does not let us read security alerts of Fabrikam Dental.*from before\.$/),
  ).toBeVisible()
  await expect(
    page.getByText(/^Microsoft does not let us read how Microsoft’s services do.*from before\.$/),
  ).toBeVisible()
  await expect(card(page, 'Security score').getByRole('slider')).toBeVisible()
  await expect(card(page, 'Services').getByText('Teams')).toBeVisible()

  const dana = await visitor()
  await signedIn(dana, `${stage.portalOrigin('fabrikam')}/health`, stage.person('dana@fabrikamdental.example'))
  await expect(dana.getByText(/does not let us read security alerts of Fabrikam Dental/)).toBeVisible()
  await behave(stage.sandbox.http)
})

test('what changed is told day by day, and without names where the directory is off', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Tenants')
  const { users } = (await control(stage.sandbox.http, `/tenants/${fabrikam}/changes`, { add: 3 })) as {
    users: { change: string; displayName: string }[]
  }
  const joined = users.filter(({ change }) => change === 'added').map(({ displayName }) => displayName)
  expect(joined).toHaveLength(3)
  await syncNow(page)
  await openTab(page, 'Changes')
  for (const name of joined) await expect(page.getByRole('listitem').filter({ hasText: name })).toContainText('Joined')

  const tom = await visitor()
  await signedIn(tom, stage.portalOrigin('fabrikam'), stage.person('tom@fabrikamdental.example'))
  await tom.getByRole('link', { name: 'All changes of the last year' }).click()
  await expect(tom.getByRole('heading', { name: 'Changes', level: 1 })).toBeVisible()
  await expect(tom.getByRole('listitem').filter({ hasText: joined[0] ?? '' })).toContainText('Joined')
  await settled(tom)
  await looksRight(tom, 'changes')
  await tom.getByRole('button', { name: 'Since yesterday' }).click()
  await expect(tom).toHaveURL(/days=1/)

  await openTab(page, 'Users')
  const shows = async (label: string, isOn: boolean) => {
    await page.getByRole('button', { name: 'Change what it shows' }).click()
    await page.getByRole('dialog').getByLabel(label).setChecked(isOn)
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await shows('Groups', true)
  await tom.goto(`${stage.portalOrigin('fabrikam')}/directory?q=dana`)
  await tom.getByRole('link', { name: 'Dana Whitfield' }).click()
  await expect(tom.getByRole('dialog').getByText('Groups', { exact: true })).toBeVisible()
  await expect(tom.getByRole('dialog').getByText('Last sign-in')).toHaveCount(0)
  await shows('Groups', false)
  const olivia = await visitor()
  await signedIn(olivia, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await openCustomer(olivia, 'Fabrikam Dental', 'Portal')
  await chooseSelfService(olivia, 'See the company’s people', 'Off')
  await tom.goto(`${stage.portalOrigin('fabrikam')}/changes`)
  await expect(tom.getByText(/^\d+ people joined$/)).toBeVisible()
  for (const name of joined) await expect(tom.getByText(name)).toHaveCount(0)
  await tom.goto(stage.portalOrigin('fabrikam'))
  await expect(tom.getByText(/^\d+ people joined$/)).toBeVisible()
  await chooseSelfService(olivia, 'See the company’s people', asForAll)
})
