import type { Locator, Page } from '@playwright/test'
import { expect, test } from './stage.ts'
import { addCustomer, signIn, signedIn, told } from './steps.ts'

test('a technician signs in, adds a customer and moves about without a mouse', async ({ page, stage }) => {
  await signInByKeyboard(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await expect(page.getByRole('link', { name: 'Fabrikam Dental', exact: true })).toBeVisible()

  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to the content' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()

  const add = page.getByRole('button', { name: 'Add customer' })
  await tabTo(page, add)
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Customer name')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(add, 'focus goes back to what opened the dialog').toBeFocused()

  await page.keyboard.press('Enter')
  await page.keyboard.type('Larkspur Vets')
  await page.keyboard.press('Escape')
  await expect(page.getByText('What you changed here is not saved yet'), 'a half-filled form asks first').toBeVisible()
  await tabTo(page, page.getByRole('button', { name: 'Keep editing' }))
  await page.keyboard.press('Enter')
  await page.getByLabel('Customer name').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Larkspur Vets', level: 1 })).toBeVisible()

  const messages = page.getByRole('region', { name: /^Messages/ })
  await page.keyboard.press('F6')
  const close = messages.getByRole('button', { name: 'Close message' })
  await expect(close).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(close).toHaveCount(0)

  await tabTo(page, page.getByRole('main').getByRole('link', { name: 'Contacts', exact: true }))
  await page.keyboard.press('Enter')
  await expect(page.getByText('No contacts yet')).toBeVisible()
  expect(new URL(page.url()).pathname).toMatch(/\/contacts$/)
})

test('the list of customers is walked with the arrows, searched with a slash, and opened with Enter', async ({
  page,
  stage,
}) => {
  await signInByKeyboard(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await expect(page.getByRole('link', { name: 'Alpine Ski House' })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('tbody tr[aria-rowindex]').first().getByRole('link').first()).toBeFocused()
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox')).toBeFocused()
  await page.keyboard.type('contoso')
  await expect(page.getByRole('link', { name: 'Alpine Ski House' })).toHaveCount(0)
  await tabTo(page, page.getByRole('link', { name: 'Contoso Logistics', exact: true }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Contoso Logistics', level: 1 })).toBeVisible()
})

test('customers are archived, brought back and merged without a mouse', async ({ page, stage }) => {
  await signIn(page, stage.adminOrigin, stage.person('olivia@northwind-it.example'))
  await addCustomer(page, 'Quince Orchards')
  await addCustomer(page, 'Quince Orchards Ltd')
  const link = (name: string) => page.getByRole('main').getByRole('link', { name, exact: true })
  const chooseBoth = async () => {
    await page.goto(`${stage.adminOrigin}/customers?q=quince`)
    await expect(link('Quince Orchards Ltd')).toBeVisible()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+ArrowDown')
    await expect(page.getByText('2 selected')).toBeVisible()
  }
  await chooseBoth()
  await tabTo(page, page.getByRole('button', { name: 'Archive', exact: true }))
  await page.keyboard.press('Enter')
  await expect(link('Quince Orchards')).toHaveCount(0)
  await page.keyboard.press('F6')
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(link('Quince Orchards')).toBeVisible()

  await chooseBoth()
  await tabTo(page, page.getByRole('link', { name: 'Merge…' }))
  await page.keyboard.press('Enter')
  const stays = page.getByRole('radio', { name: /^Quince Orchards Added/ })
  await expect(stays).toBeChecked()
  await tabTo(page, stays)
  await page.keyboard.press('ArrowDown')
  const act = page.getByRole('button', { name: 'Merge Quince Orchards into Quince Orchards Ltd' })
  await expect(act).toBeVisible()
  await expect(page.getByRole('radio', { name: /^Quince Orchards Ltd Added/ })).toBeFocused()
  await tabTo(page, act)
  await page.keyboard.press('Enter')
  await told(page, 'Quince Orchards is part of Quince Orchards Ltd now.')
})

test('the palette opens from anywhere, finds a customer, and gives the focus back when it is closed', async ({
  page,
  stage,
}) => {
  await signInByKeyboard(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  const add = page.getByRole('button', { name: 'Add customer' })
  await tabTo(page, add)
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('combobox', { name: /Search customers/ })
  await expect(palette).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(palette).toHaveCount(0)
  await expect(add).toBeFocused()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('mail')
  await expect(page.getByRole('option', { name: 'Mail sender' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Mail sender', level: 1 })).toBeVisible()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('fabrikam')
  await expect(page.getByRole('option', { name: /Fabrikam Dental/ })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Fabrikam Dental', level: 1 })).toBeVisible()
})

test('a menu is opened, walked and closed with the keyboard, and a danger is asked about in a dialog', async ({
  page,
  stage,
}) => {
  await signInByKeyboard(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await page.keyboard.press('Control+k')
  await page.keyboard.type('fabrikam')
  await expect(page.getByRole('option', { name: /Fabrikam Dental/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await tabTo(
    page,
    page
      .getByRole('main')
      .getByRole('link', { name: /^Tenants/ })
      .first(),
  )
  await page.keyboard.press('Enter')
  const more = page.getByRole('button', { name: /^More for/ })
  await expect(more).toBeVisible()
  await tabTo(page, more)
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitem', { name: 'Sync now' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitem', { name: 'Disconnect' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(more).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Sync now' })).toBeFocused()
  await page.keyboard.press('End')
  await expect(page.getByRole('menuitem', { name: 'Disconnect' })).toBeFocused()
  await page.keyboard.press('Enter')
  const question = page.getByRole('alertdialog')
  await expect(question.getByRole('button', { name: 'Cancel' }), 'the harmless button is the nearest').toBeFocused()
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(more).toBeFocused()
})

test('an office manager signs in, reads the month’s changes and signs out without a mouse', async ({ page, stage }) => {
  await signInByKeyboard(page, stage.portalOrigin('fabrikam'), stage.person('dana@fabrikamdental.example'))
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Dana')
  const month = page.getByRole('button', { name: '30 days' })
  await expect(month).toBeVisible()
  await tabTo(page, month)
  await page.keyboard.press('Enter')
  await expect(month).toHaveAttribute('aria-pressed', 'true')
  const me = page.getByRole('button', { name: /your account/ })
  await me.focus()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Sign in to Fabrikam Dental' })).toBeVisible()
})

test('changes, health and reports of a portal are reached, opened and narrowed without a mouse', async ({
  page,
  stage,
}) => {
  await signedIn(page, stage.portalOrigin('contoso'), stage.person('henrik@contoso-logistics.example'))
  const goTo = async (name: string, heading: string) => {
    await tabTo(page, page.getByRole('navigation', { name: 'Main' }).first().getByRole('link', { name, exact: true }))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible()
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  }
  await goTo('Changes', 'Changes')
  const tenant = page.getByRole('button', { name: 'Organisation' })
  await tabTo(page, tenant)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await expect(page.getByRole('menuitemradio', { name: 'Coldchain Services' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/tenant=/)
  await expect(tenant).toBeFocused()

  await goTo('Health', 'Security and health')
  const first = page.getByRole('region', { name: 'What would raise it most' }).getByRole('listitem').first()
  const fold = first.locator('summary')
  await tabTo(page, fold)
  await page.keyboard.press('Enter')
  await expect(first.locator('details')).toHaveAttribute('open')

  await goTo('Reports', 'Reports')
  await tabTo(page, page.getByRole('link', { name: 'Open : Licences', exact: true }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Licences', level: 1 })).toBeVisible()
  await expect(page.getByText(/^Figures as of /)).toBeVisible()
  await tabTo(page, page.getByRole('button', { name: 'Print or save as PDF' }))
})

async function signInByKeyboard(page: Page, origin: string, person: { email: string; password: string }) {
  await page.goto(origin)
  await tabTo(page, page.getByLabel('E-mail'))
  await page.keyboard.type(person.email)
  await tabTo(page, page.getByLabel('Password', { exact: true }))
  await page.keyboard.type(person.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /your account/ })).toBeVisible()
}

/** Presses Tab until the focus is there; fails when it never gets there or the focus cannot be seen. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible()
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      const ring = await wanted.evaluate((element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
        return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
      })
      expect(ring, `the focus on ${String(wanted)} can be seen`).toBe(true)
      return
    }
  }
  throw new Error(`The Tab key never reaches ${String(wanted)}.`)
}
