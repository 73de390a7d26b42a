import type { Page } from '@playwright/test'
import { looksRight } from './looks.ts'
import { expect, test } from './stage.ts'
import { inDays, openCustomer, signedIn, told } from './steps.ts'

const owner = 'olivia@northwind-it.example'
const saved = 'Saved. The next form that is opened asks it so.'

const save = async (page: Page) => {
  await page.getByRole('button', { name: 'Save settings' }).click()
  await told(page, saved)
  await expect(page.getByRole('button', { name: 'Discard' })).toHaveCount(0)
}

const openMaster = async (page: Page, adminOrigin: string, form = 'New user') => {
  await page.goto(`${adminOrigin}/settings/request-forms`)
  const link = page.getByRole('navigation', { name: 'Request forms' }).getByRole('link', { name: form })
  await link.click()
  await expect(link).toHaveAttribute('aria-current', 'page')
}

const openTheirs = async (page: Page, customer: string) => {
  await openCustomer(page, customer, 'Portal')
  await page.getByRole('link', { name: `Request forms of ${customer}` }).click()
  await expect(page.getByRole('heading', { name: `Questions for ${customer} alone` })).toBeVisible()
}

const addQuestion = async (page: Page, label: string, options: string[]) => {
  await page.getByRole('button', { name: 'Add question' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a question' })
  await dialog.getByLabel('Question', { exact: true }).fill(label)
  await dialog.getByLabel('It is answered with').selectOption('A choice')
  await dialog.getByLabel('What can be chosen').fill(options.join('\n'))
  await dialog.getByLabel('It has to be answered').check()
  await dialog.getByRole('button', { name: 'Put into the form' }).click()
  await expect(dialog).toBeHidden()
}

const takeAway = async (page: Page, label: string) => {
  await page.getByRole('button', { name: `Remove “${label}”` }).click()
  await save(page)
  await expect(page.getByText(label)).toHaveCount(0)
}

test('a question of the MSP’s own is asked of every customer but the one it is left out for, and one edit reaches all', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person(owner))
  await openMaster(page, stage.adminOrigin)
  await addQuestion(page, 'Which desk?', ['Window', 'Door'])
  await expect(page.getByText('A choice: Window, Door · Required · For each person')).toBeVisible()
  await save(page)

  // Whoever fills the form in has to answer it; the request says what was answered.
  const fabrikam = stage.portalOrigin('fabrikam')
  const dana = await visitor()
  await signedIn(dana, `${fabrikam}/requests/new/new_user`, stage.person('dana@fabrikamdental.example'))
  await dana.getByLabel('First name').fill('Nora')
  await dana.getByLabel('Last name').fill('Whitfield')
  await dana.getByLabel('First day').fill(inDays(14))
  await dana.getByRole('button', { name: 'Send request' }).click()
  await expect(dana.getByText('Choose “Which desk?”').first()).toBeVisible()
  await dana.getByRole('radio', { name: 'Door' }).check()
  await dana.getByRole('button', { name: 'Send request' }).click()
  await told(dana, /^Sent: /)
  await expect(dana.getByRole('main').getByText('Which desk?')).toBeVisible()
  await expect(dana.getByRole('main').getByText('Door', { exact: true })).toBeVisible()

  // Left out for one customer, it is gone there alone.
  await page.goto(stage.adminOrigin)
  await openTheirs(page, 'Fabrikam Dental')
  await page.getByLabel('Ask for “Which desk?”').selectOption('Left out')
  await save(page)
  await dana.goto(`${fabrikam}/requests/new/new_user`)
  await expect(dana.getByLabel('First name')).toBeVisible()
  await expect(dana.getByText('Which desk?')).toHaveCount(0)

  const contoso = stage.portalOrigin('contoso')
  const henrik = await visitor()
  await signedIn(henrik, `${contoso}/requests/new/new_user`, stage.person('henrik@contoso-logistics.example'))
  await expect(henrik.getByRole('group', { name: 'Which desk?' })).toBeVisible()

  // One customer may have another help at it.
  await page.goto(stage.adminOrigin)
  await openTheirs(page, 'Contoso Logistics')
  const help = page.getByLabel('Help at “Which desk?”')
  await help.fill('See the plan of the hall.')
  await save(page)
  await henrik.reload()
  await expect(henrik.getByText('See the plan of the hall.')).toBeVisible()
  await help.fill('')
  await save(page)

  // The master's words are everybody's.
  await openMaster(page, stage.adminOrigin)
  await page.getByRole('button', { name: 'Edit “Which desk?”' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit the question' })
  await dialog.getByLabel('Question', { exact: true }).fill('Where do they sit?')
  await dialog.getByRole('button', { name: 'Put into the form' }).click()
  await expect(page.getByRole('button', { name: 'Edit “Where do they sit?”' })).toBeFocused()
  await save(page)
  await henrik.reload()
  await expect(henrik.getByRole('group', { name: 'Where do they sit?' })).toBeVisible()
  await dana.reload()
  await expect(dana.getByLabel('First name')).toBeVisible()
  await expect(dana.getByText('Where do they sit?')).toHaveCount(0)

  // Given back: the customer's own choice, the question, and what was asked for.
  await page.goto(stage.adminOrigin)
  await openTheirs(page, 'Fabrikam Dental')
  await page.getByLabel('Ask for “Where do they sit?”').selectOption('As for all customers (asked)')
  await save(page)
  await openMaster(page, stage.adminOrigin)
  await takeAway(page, 'Where do they sit?')
  await dana.goto(`${fabrikam}/requests`)
  await dana.getByRole('link', { name: /Nora Whitfield/ }).click()
  await dana.getByRole('button', { name: 'Withdraw' }).first().click()
  await dana
    .getByRole('dialog')
    .getByRole('button', { name: /^Withdraw/ })
    .click()
  await expect(dana.getByRole('button', { name: 'Withdraw' })).toHaveCount(0)
})

test('questions of one customer alone are put in order by keyboard, and asked of nobody else', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person('marcus@northwind-it.example'))
  await openTheirs(page, 'Contoso Logistics')
  await page.getByRole('link', { name: 'Group change' }).click()
  await addQuestion(page, 'Which depot?', ['North', 'South'])
  await addQuestion(page, 'Which shift?', ['Early', 'Late'])
  const handle = page.getByRole('button', { name: /^Move “Which shift\?”/ })
  await handle.focus()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('button', { name: 'Move “Which shift?”, 1 of 2' })).toBeFocused()
  await page.getByLabel('Help at “Group”').fill('Ask the depot first.')

  // What is begun is not lost by a link.
  await page.getByRole('link', { name: 'New user', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Keep editing' }).click()
  await save(page)

  const contoso = stage.portalOrigin('contoso')
  const henrik = await visitor()
  await signedIn(henrik, `${contoso}/requests/new/group_change`, stage.person('henrik@contoso-logistics.example'))
  await expect(henrik.getByText('Ask the depot first.')).toBeVisible()
  const questions = henrik.getByRole('group', { name: /^Which (depot|shift)\?/ })
  await expect(questions.first()).toHaveAccessibleName('Which shift?')
  await expect(questions.last()).toHaveAccessibleName('Which depot?')

  const fabrikam = stage.portalOrigin('fabrikam')
  const dana = await visitor()
  await signedIn(dana, `${fabrikam}/requests/new/group_change`, stage.person('dana@fabrikamdental.example'))
  await expect(dana.getByRole('button', { name: 'Send request' })).toBeVisible()
  await expect(dana.getByText('Which depot?')).toHaveCount(0)

  // Given back.
  await page.getByLabel('Help at “Group”').fill('')
  await page.getByRole('button', { name: 'Remove “Which shift?”' }).click()
  await takeAway(page, 'Which depot?')
})

test('what is wrong is said at its field, and what somebody else saved meanwhile is not lost', async ({
  page,
  stage,
  visitor,
}) => {
  await signedIn(page, stage.adminOrigin, stage.person(owner))
  await openMaster(page, stage.adminOrigin, 'Password reset')
  await page.getByRole('button', { name: 'Add question' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a question' })
  await dialog.getByLabel('It is answered with').selectOption('A choice')
  await dialog.getByRole('button', { name: 'Put into the form' }).click()
  await expect(dialog.getByText('Enter the question.').first()).toBeVisible()
  await expect(dialog.getByText('Enter what can be chosen.').first()).toBeVisible()
  await looksRight(page, 'a question, with what is wrong in it')
  await dialog.getByLabel('Question', { exact: true }).fill('Which floor?')
  await dialog.getByLabel('What can be chosen').fill('First\nFirst')
  await dialog.getByRole('button', { name: 'Put into the form' }).click()
  await expect(dialog.getByText('Name each option once.').first()).toBeVisible()
  await dialog.getByLabel('What can be chosen').fill('First\nSecond')
  await dialog.getByRole('button', { name: 'Put into the form' }).click()
  await expect(dialog).toBeHidden()

  const help = page.getByLabel('Help at “Anything else”')
  await help.fill('x'.repeat(301))
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(help).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText('At most 300 characters.').first()).toBeVisible()
  await looksRight(page, 'a form with what is wrong in it')
  await help.fill('Where we find you.')

  const rosas = await visitor()
  await signedIn(rosas, stage.adminOrigin, stage.person('rosa@northwind-it.example'))
  await openMaster(rosas, stage.adminOrigin, 'Password reset')
  await rosas.getByLabel('Help at “Anything else”').fill('How we reach you.')
  await save(rosas)

  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByRole('alert').getByText(/changed/)).toBeVisible()
  await expect(help).toHaveValue('Where we find you.')

  // Given back.
  await rosas.getByLabel('Help at “Anything else”').fill('')
  await save(rosas)
  await page.getByRole('button', { name: 'Discard' }).click()
})

test('who may only look at settings sees what is asked, and no way to change it', async ({ page, stage }) => {
  await signedIn(page, stage.adminOrigin, stage.person('vera@northwind-it.example'))
  await openMaster(page, stage.adminOrigin)
  await expect(page.getByRole('heading', { name: 'Questions of your own' })).toBeVisible()
  await expect(page.getByRole('cell', { name: 'Asked', exact: true }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add question' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Save settings' })).toHaveCount(0)
  await looksRight(page, 'a form, for who may only look')
  await page.goto(stage.adminOrigin)
  await openTheirs(page, 'Fabrikam Dental')
  await expect(page.getByRole('cell', { name: 'As for all customers (asked)' }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save settings' })).toHaveCount(0)
})
