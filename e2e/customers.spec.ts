import type { Page } from '@playwright/test'
import { expect, test } from './stage.ts'
import { openCustomer, signedIn, told, type Person } from './steps.ts'

const people = {
  technician: 'marcus@northwind-it.example',
  other: 'olivia@northwind-it.example',
  viewer: 'vera@northwind-it.example',
}

test('the list is walked, selected from and opened with the keyboard alone', async ({ page, stage }) => {
  await listOf(page, stage.adminOrigin, stage.person(people.technician))
  const names = await shownNames(page)
  expect(names.length).toBeGreaterThan(2)
  const [first = '', second = ''] = names
  const link = (name: string) => page.getByRole('main').getByRole('link', { name, exact: true })

  await page.keyboard.press('ArrowDown')
  await expect(link(first)).toBeFocused()
  await page.keyboard.press('End')
  await expect(link(names.at(-1) ?? '')).toBeFocused()
  await page.keyboard.press('Home')
  await expect(link(first)).toBeFocused()
  await page.keyboard.press('PageDown')
  await expect(link(first)).not.toBeFocused()
  await page.keyboard.press('PageUp')
  await expect(link(first)).toBeFocused()

  await page.keyboard.press('Space')
  await expect(page.getByText('1 selected')).toBeVisible()
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByText('2 selected')).toBeVisible()
  await page.keyboard.press('Shift+ArrowUp')
  await expect(page.getByText('1 selected'), 'what is no longer reached is let go').toBeVisible()
  await page.keyboard.press('Space')
  await expect(page.getByText(/\d selected/)).toHaveCount(0)

  await page.keyboard.press('ArrowDown')
  await expect(link(second)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: second, level: 1 })).toBeVisible()
})

test('on a phone each customer is two lines, its portal’s address with a button that copies it among them', async ({
  page,
  stage,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.setViewportSize({ width: 390, height: 844 })
  await listOf(page, stage.adminOrigin, stage.person(people.viewer))
  const row = page.getByRole('row', { name: /Fabrikam Dental/ })
  await expect(row.getByRole('link', { name: /^fabrikam\./ })).toBeInViewport()
  await row.getByRole('button', { name: /^Copy/ }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(stage.portalOrigin('fabrikam'))
  const rows = page.getByRole('main').locator('tbody tr:not(.gap)')
  const heights = await rows.evaluateAll((all) => [...new Set(all.map((each) => each.getBoundingClientRect().height))])
  expect(heights, 'with a portal or without, all rows are of one height').toHaveLength(1)
})

test('why a customer is not well is told on focus: which tenant, since when, and what would mend it', async ({
  page,
  stage,
}) => {
  await listOf(page, stage.adminOrigin, stage.person(people.technician))
  await page.getByRole('button', { name: 'Has problems' }).click()
  await expect(page.getByRole('link', { name: 'Alpine Ski House' }), 'the list is the filtered one').toHaveCount(0)
  const why = page.locator('tbody .tip-button').first()
  await why.focus()
  const tip = page.getByRole('tooltip').filter({ visible: true })
  await expect(tip).toContainText(/(Red|Amber) since/)
  await expect(tip.getByRole('listitem').first()).toContainText(/\. .*since .+\.$/)
  await page.keyboard.press('Escape')
  await expect(tip).toHaveCount(0)
})

test('the view stands in the address: loading again and going back find it', async ({ page, stage }) => {
  await listOf(page, stage.adminOrigin, stage.person(people.technician))
  const all = await shownNames(page)
  await page.getByRole('button', { name: 'Total users' }).click()
  await expect(page).toHaveURL(/sort=users/)
  await expect.poll(() => shownNames(page)).not.toEqual(all)
  const sorted = await shownNames(page)
  await page.getByRole('button', { name: 'Portal', exact: true }).click()
  await page.getByRole('menuitemradio', { name: 'Open', exact: true }).click()
  await expect(page).toHaveURL(/portal=enabled/)
  await expect.poll(() => shownNames(page)).not.toEqual(sorted)
  await expect(
    page.getByRole('columnheader', { name: 'Primary contact' }).getByRole('button'),
  ).toHaveAccessibleDescription(/can be sorted by name, users, health or date/)
  const filtered = await shownNames(page)
  expect(filtered.length).toBeGreaterThan(0)

  await page.reload()
  await expect.poll(() => shownNames(page)).toEqual(filtered)
  await expect(page.getByRole('button', { name: 'Portal: Open' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Total users' })).toHaveAttribute('aria-sort', 'ascending')

  await page
    .getByRole('main')
    .getByRole('link', { name: filtered[0] ?? '', exact: true })
    .click()
  await expect(page.getByRole('heading', { name: filtered[0] ?? '', level: 1 })).toBeVisible()
  await page.goBack()
  await expect.poll(() => shownNames(page)).toEqual(filtered)

  await page.getByRole('searchbox').fill('nobody is called so')
  await expect(page.getByText('No customer matches “nobody is called so”')).toBeVisible()
  await page.getByRole('button', { name: 'Show all customers' }).click()
  await expect.poll(async () => (await shownNames(page)).toSorted()).toEqual(all.toSorted())
})

test('what cannot be searched for is said, not sent: a single letter, an emoji, a text without an end', async ({
  page,
  stage,
}) => {
  await listOf(page, stage.adminOrigin, stage.person(people.technician))
  const box = page.getByRole('searchbox')
  for (const typed of ["O'", '🎉', 'a']) {
    await box.fill(typed)
    await expect(page.getByText('Type at least two letters or digits to search.')).toBeVisible()
    await expect(page.getByRole('table').or(page.getByRole('grid')).first()).toBeVisible()
  }
  await box.fill('x'.repeat(300))
  await expect(page.getByRole('heading', { name: /^No customer matches/ })).toBeVisible()
  await page.goto(`${stage.adminOrigin}/customers?q=${'x'.repeat(300)}`)
  await expect(page.getByRole('heading', { name: /^No customer matches/ })).toBeVisible()
})

test('a list in the order of its contacts looks so: who has an e-mail and no contact stands last, as without one', async ({
  page,
  stage,
}) => {
  await listOf(page, stage.adminOrigin, stage.person(people.technician))
  const status = await page.evaluate(async () => {
    const body = JSON.stringify({ name: 'Adatum Archive', email: 'aaron@adatum.example' })
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/api/msp-portal/customers', { method: 'POST', headers, body })).status
  })
  expect(status).toBe(201)
  await page.goto(`${stage.adminOrigin}/customers?sort=contact`)
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Adatum Archive', exact: true }) })
  await expect(row).toContainText('None')
  await expect(page.getByRole('table')).not.toContainText('aaron@adatum.example')
  await expect(page.getByRole('row').nth(1)).not.toContainText('Adatum Archive')
})

test('several customers are archived in one go, and brought back from the message', async ({ page, stage }) => {
  await listOf(page, stage.adminOrigin, stage.person(people.technician))
  for (const name of ['Quill & Ink', 'Quillfeather Ltd']) await add(page, name)
  await page.goto(`${stage.adminOrigin}/customers?q=quill`)
  await expect.poll(() => shownNames(page)).toEqual(['Quill & Ink', 'Quillfeather Ltd'])
  await page.getByRole('checkbox', { name: 'Select all shown' }).check()
  await page.getByRole('button', { name: 'Archive', exact: true }).click()
  await told(page, 'Archived 2 customers.')
  await expect(page.getByText('No customer matches “quill”')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await told(page, 'Restored 2 customers.')
  await expect.poll(() => shownNames(page)).toEqual(['Quill & Ink', 'Quillfeather Ltd'])
})

test('a list of hundreds is drawn as it is scrolled, and a reload is where it was', async ({ page, stage }) => {
  await listOf(page, stage.adminOrigin, stage.person(people.technician))
  const added = await page.evaluate(async () => {
    const add = (number: number) =>
      fetch('/api/msp-portal/customers', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: `Zz ${String(number).padStart(3, '0')}` }),
      })
    const statuses: number[] = []
    for (let number = 0; number < 170; number += 10)
      statuses.push(
        ...(await Promise.all(Array.from({ length: 10 }, (_, at) => add(number + at)))).map((a) => a.status),
      )
    return statuses
  })
  expect(new Set(added)).toEqual(new Set([201]))
  await page.goto(`${stage.adminOrigin}/customers?sort=-name`)
  await expect(page.getByRole('link', { name: 'Zz 169', exact: true })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  for (const name of ['Zz 000', 'Fabrikam Dental'])
    await expect
      .poll(
        async () => {
          await page.keyboard.press('PageDown')
          return page.getByRole('link', { name, exact: true }).isVisible()
        },
        { intervals: [100] },
      )
      .toBe(true)
  expect(await page.locator('tbody tr[aria-rowindex]').count(), 'rows in the page').toBeLessThan(120)
  await expect(page.getByRole('table')).toHaveAttribute('aria-rowcount', /^[1-9]\d\d$/)
  const top = await rowOnTop(page)
  expect(top.index).toBeGreaterThan(100)
  await expect(page).toHaveURL(new RegExp(`row=${top.index}$`))
  await page.reload()
  await expect(page.getByRole('link', { name: top.name, exact: true })).toBeInViewport()
  expect(await rowOnTop(page)).toEqual(top)
  await page.getByRole('button', { name: 'Created' }).click()
  await expect.poll(async () => (await rowOnTop(page)).index, 'another order is read from its beginning').toBe(0)

  await page.goto(`${stage.adminOrigin}/customers?sort=-name`)
  await expect(page.getByText('The first 150', { exact: true }), 'there is more to come').toBeVisible()
  const refused: string[] = []
  page.on('response', (answer) => {
    if (answer.status() >= 400) refused.push(answer.url())
  })
  await page.getByRole('main').getByRole('searchbox').fill('zz 042')
  await expect(page.getByText('1 customer', { exact: true })).toBeVisible()
  expect(refused, 'another search is not asked for what follows in the last one').toEqual([])
})

test('a customer like one that is there already is pointed out, and can be added all the same', async ({
  page,
  stage,
}) => {
  await listOf(page, stage.adminOrigin, stage.person(people.technician))
  await add(page, 'Heron & Sons')
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('button', { name: 'Add customer' }).click()
  await page.getByLabel('Customer name').fill('HERON-SONS Ltd.')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Looks like a customer you have:')).toBeVisible()
  await expect(dialog.getByRole('link', { name: 'Heron & Sons', exact: true })).toHaveAttribute('target', '_blank')
  await expect(dialog.getByText('same name')).toBeVisible()
  await page.getByLabel('Customer name').fill('Unlike any other')
  await expect(dialog.getByText('Looks like a customer you have:')).toHaveCount(0)
  await page.getByLabel('Customer name').fill('Heron & Sons Limited')
  await dialog.getByRole('button', { name: 'Add customer' }).click()
  await expect(page.getByRole('heading', { name: 'Heron & Sons Limited', level: 1 })).toBeVisible()
})

test('two people who change one customer see each other’s change, and nothing typed is lost', async ({
  page,
  stage,
  visitor,
}) => {
  await listOf(page, stage.adminOrigin, stage.person(people.technician))
  await add(page, 'Tandem Cycles')
  const other = await visitor()
  await listOf(other, stage.adminOrigin, stage.person(people.other))
  for (const each of [page, other]) {
    await openCustomer(each, 'Tandem Cycles')
    await each.getByRole('button', { name: 'Edit', exact: true }).click()
  }
  await page.getByRole('textbox', { name: 'Phone' }).fill('01632 960 111')
  await page.getByRole('textbox', { name: 'Internal notes' }).fill('Mine, and long in the making.')
  await other.getByRole('textbox', { name: 'Phone' }).fill('01632 960 222')
  await other.getByRole('textbox', { name: 'Address' }).fill('2 Saddle Row')
  await other.getByRole('button', { name: 'Save customer' }).click()
  await told(other, 'Saved Tandem Cycles.')

  await page.getByRole('button', { name: 'Save customer' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Somebody else saved this customer while you were editing.')).toBeVisible()
  await expect(dialog.getByText('01632 960 222')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Phone' }), 'what was typed').toHaveValue('01632 960 111')
  await expect(page.getByRole('textbox', { name: 'Internal notes' })).toHaveValue('Mine, and long in the making.')
  await expect(page.getByRole('textbox', { name: 'Address' }), 'what only they changed').toHaveValue('2 Saddle Row')
  await dialog.getByRole('button', { name: 'Take theirs' }).click()
  await expect(page.getByRole('textbox', { name: 'Phone' })).toHaveValue('01632 960 222')
  await dialog.getByRole('button', { name: 'Keep yours' }).click()
  await expect(page.getByRole('textbox', { name: 'Phone' })).toHaveValue('01632 960 111')
  await dialog.getByRole('button', { name: 'Save customer' }).click()
  await told(page, 'Saved Tandem Cycles.')

  await other.reload()
  for (const text of ['01632 960 111', '2 Saddle Row', 'Mine, and long in the making.'])
    await expect(other.getByText(text)).toBeVisible()
})

async function listOf(page: Page, origin: string, person: Person): Promise<void> {
  await signedIn(page, origin, person)
  await expect(page.getByRole('table', { name: 'Customers' })).toBeVisible()
}

const shownNames = (page: Page) => page.locator('tbody a.name').allTextContents()

/** The first row that the list's head does not cover. */
const rowOnTop = (page: Page) =>
  page.locator('tbody tr[aria-rowindex]').evaluateAll((lines) => {
    const head = document.querySelector('th')?.getBoundingClientRect().bottom ?? 0
    const line = lines.find((each) => each.getBoundingClientRect().bottom > head + 1)
    return {
      index: Number(line?.getAttribute('aria-rowindex')) - 2,
      name: line?.querySelector('.name')?.textContent ?? '',
    }
  })

async function add(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Customers' }).first().click()
  await page.getByRole('button', { name: 'Add customer' }).click()
  await page.getByLabel('Customer name').fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Add customer' }).click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

test('who may only look has nothing to select and nothing to add', async ({ page, stage }) => {
  await listOf(page, stage.adminOrigin, stage.person(people.viewer))
  await expect(page.getByRole('checkbox')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Add customer' })).toHaveCount(0)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await expect(page.getByText(/\d selected/)).toHaveCount(0)
})
