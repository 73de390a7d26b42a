import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'
import {
  addCustomer,
  behave,
  chooseFromRow,
  connectTenant,
  consentAtMicrosoft,
  control,
  openCustomer,
  openTab,
  signedIn,
  told,
} from './steps.ts'

const fabrikam = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d01'
const coldchain = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d03'
const fabrikamCare = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d04'

test.afterEach(({ stage }) => behave(stage.sandbox.http))

test('a first sync that Microsoft slows down shows its step, its count and a bar, and comes to its end by itself', async ({
  page,
  stage,
}) => {
  const { tenantId } = (await control(stage.sandbox.http, '/tenants', {
    domain: 'harbour.example',
    name: 'Harbour Freight',
    userCount: 900,
  })) as { tenantId: string }
  await control(stage.sandbox.http, '/faults', { tenantId, match: 'skiptoken', status: 429, retryAfterSeconds: 6 })
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Harbour Freight')
  await openTab(page, 'Tenants')
  await connectTenant(page, 'harbour.example', { email: 'admin@harbour.example', password: 'demo-admin' })

  const row = page.getByRole('row', { name: /harbour\.example/ })
  const bar = row.getByRole('progressbar', { name: 'Sync of harbour.example' })
  await expect(bar).toBeVisible()
  await expect(row).toContainText('Reading people')
  await expect(row.getByText(/^[1-9][\d,]*( of [\d,]+)?$/), 'people counted so far').toBeVisible()
  await expect(page.getByText('It goes on when you close this page.')).toBeVisible()

  await expect(bar).toHaveCount(0, { timeout: 30_000 })
  await expect(row).toContainText(/now|second|minute/)
  await openTab(page, 'Overview')
  await expect(page.getByText('Licensed users').first()).toBeVisible()
})

test('people who are missing are named and stay, until somebody confirms that they have left', async ({
  page,
  stage,
}) => {
  const { tenantId } = (await control(stage.sandbox.http, '/tenants', {
    domain: 'meadow.example',
    name: 'Meadow Foods',
    userCount: 30,
  })) as { tenantId: string }
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await addCustomer(page, 'Meadow Foods')
  await openTab(page, 'Tenants')
  await connectTenant(page, 'meadow.example', { email: 'admin@meadow.example', password: 'demo-admin' })
  const row = page.getByRole('row', { name: /meadow\.example/ })
  await expect(row).toContainText(/Next /, { timeout: 30_000 })

  await control(stage.sandbox.http, `/tenants/${tenantId}/changes`, { remove: 10 })
  await control(stage.sandbox.http, `/tenants/${tenantId}/expire-delta-tokens`, {})
  await chooseFromRow(page, row, 'Sync now')
  const notice = page.locator('.notice').filter({ hasText: '10 people are missing from Meadow Foods, of 30.' })
  await expect(notice).toContainText('nobody was removed', { timeout: 30_000 })
  await expect(row).toContainText('10 people missing')
  await notice.getByRole('button', { name: 'They have left' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Remove 10 people?' })
  await dialog.getByRole('button', { name: 'They have left' }).click()
  await told(page, 'Meadow Foods is read again, and they are removed.')
  await expect(notice).toHaveCount(0, { timeout: 30_000 })
  await expect(row).not.toContainText('missing')
})

test('a sync that fails says why and when it tries again, is parked in the end, and runs when it is retried', async ({
  page,
  stage,
}) => {
  await control(stage.sandbox.http, '/faults', { tenantId: coldchain, match: '/graph/', status: 503, times: 1000 })
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Contoso Logistics', 'Tenants')
  const row = page.getByRole('row', { name: /coldchain\.example/ })
  await chooseFromRow(page, row, 'Sync now')
  await told(page, /^Sync of Coldchain Services has begun/)
  const trouble = row.getByRole('button', { name: /^Next try/ })
  await expect(trouble).toBeVisible()
  await trouble.focus()
  await expect(page.getByRole('tooltip').filter({ hasText: '503' })).toBeVisible()

  await syncUntil(page, coldchainTenant, 'parked', stage.tick)
  await page.reload()
  await expect(row).toContainText('The last sync did not finish')
  await page.getByRole('link', { name: 'Jobs' }).click()
  await page.getByRole('group', { name: 'Show' }).getByRole('button', { name: 'Failed' }).click()
  const job = page.getByRole('row', { name: /coldchain\.example/ }).filter({ hasText: 'Failed' })
  await expect(job).toContainText('Failed')
  await expect(job).toContainText('503')

  await behave(stage.sandbox.http)
  await job.getByRole('button', { name: /^Retry/ }).click()
  await told(page, 'The job will run in a moment.')
  await expect
    .poll(async () => {
      await page.reload()
      return page.getByRole('row', { name: /coldchain\.example/ }).count()
    })
    .toBe(0)
  await openCustomer(page, 'Contoso Logistics', 'Tenants')
  await expect(row).toContainText(/now|second/)
  await expect(row).not.toContainText('did not finish')
})

test('consent that is withdrawn is told to both sides, costs no figures, and is given again in one go', async ({
  page,
  stage,
  visitor,
}) => {
  const hers = await visitor()
  await signedIn(hers, stage.portalOrigin('fabrikam-care'), stage.person('diana@fabrikamdentalcare.example'))
  const figure = hers.getByText(/people can sign in/)
  const before = await figure.innerText()

  await control(stage.sandbox.http, `/tenants/${fabrikamCare}/consent`, { granted: false })
  await signedIn(page, stage.adminOrigin, stage.person('tess@northwind-partners.example'))
  await openCustomer(page, 'Fabrikam Dental Care', 'Tenants')
  await syncUntil(page, () => true, 'consent_lost', stage.tick)
  await page.reload()
  await expect(page.getByText(/^Fabrikam Dental Care no longer lets us read it, since \d/)).toBeVisible()
  await expect(page.getByText('Consent lost').first()).toBeVisible()
  await expect(page.getByText('Act now').first(), 'the customer is red').toBeVisible()

  await hers.reload()
  await expect(hers.getByText('Fabrikam Dental Care has not shared its figures with us since')).toHaveCount(1)
  await expect(figure).toHaveText(before)
  await expect(hers.locator('main time').first(), 'how old the figures are').toBeVisible()

  await page.getByRole('button', { name: 'Ask for it again' }).click()
  await consentAtMicrosoft(page, { email: 'admin@fabrikamdentalcare.example', password: 'demo-entra-care' })
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 30_000 })
  await expect(page.getByText('no longer lets us read it')).toHaveCount(0)
  await expect(page.getByRole('row', { name: /fabrikamdentalcare\.example/ })).toContainText(/now|second/)
  await hers.reload()
  await expect(figure).toBeVisible()
  await expect(hers.getByText('has not shared its figures')).toHaveCount(0)
})

test('who joined, left and was blocked at Microsoft stands by name in the portal after the next sync', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openCustomer(page, 'Fabrikam Dental', 'Tenants')
  const { users } = (await control(stage.sandbox.http, `/tenants/${fabrikam}/changes`, {
    add: 2,
    remove: 1,
    block: 1,
  })) as { users: { change: 'added' | 'removed' | 'blocked'; displayName: string }[] }
  expect(users.map(({ change }) => change).toSorted()).toEqual(['added', 'added', 'blocked', 'removed'])

  const row = page.getByRole('row', { name: /fabrikamdental\.example/ })
  await chooseFromRow(page, row, 'Sync now')
  await told(page, /^Sync of Fabrikam Dental has begun/)
  await expect(row).toContainText(/now|second/, { timeout: 20_000 })
  await expect(row.getByRole('progressbar')).toHaveCount(0)

  const hers = await visitor()
  await signedIn(hers, stage.portalOrigin('fabrikam'), stage.person('dana@fabrikamdental.example'))
  const card = hers.getByRole('region', { name: 'People and changes' })
  await card.getByRole('button', { name: '7 days' }).click()
  const all = card.getByRole('button', { name: /^Show all/ })
  if (await all.isVisible()) await all.click()
  const words = { added: 'Joined', removed: 'Left', blocked: 'Sign-in blocked' }
  for (const { change, displayName } of users) {
    await expect(card.getByRole('listitem').filter({ hasText: displayName }).first()).toContainText(words[change])
  }
})

type Wire = { id: string; domain: string; state: string; job: { state: string } | null }
const coldchainTenant = (tenant: Wire): boolean => tenant.domain === 'coldchain.example'

/** Asks for a sync again and again, as an impatient technician would, until the tenant or its job has come to a state. */
async function syncUntil(
  page: Page,
  which: (tenant: Wire) => boolean,
  state: string,
  tick: () => Promise<void>,
): Promise<void> {
  const customer = new URL(page.url()).pathname.split('/')[2] ?? ''
  const address = `/api/msp-portal/customers/${customer}/tenants`
  await expect
    .poll(
      async () => {
        const { items } = await page.evaluate(
          async (url) => (await (await fetch(url)).json()) as { items: Wire[] },
          address,
        )
        const tenant = items.find(which)
        if (tenant === undefined) throw new Error('The customer has no such tenant.')
        const isIdle = tenant.job === null || tenant.job.state === 'waiting'
        if (tenant.state === 'connected' && isIdle) {
          await page.evaluate((url) => fetch(url, { method: 'POST' }), `${address}/${tenant.id}/sync`)
          await tick()
        }
        return [tenant.state, tenant.job?.state]
      },
      { timeout: 60_000, intervals: [300] },
    )
    .toContain(state)
}
