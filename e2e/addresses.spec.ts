import { expect, test } from './stage.ts'

test('an address nobody was given shows one neutral page that names nobody', async ({ page, stage }) => {
  const answer = await page.goto(stage.portalOrigin('nobody-lives-here'))
  expect(answer?.status()).toBe(404)
  const words = await page.locator('body').innerText()
  expect(words).not.toMatch(/northwind|fabrikam|contoso|portico/i)
})

test("each portal opens under its own customer's name", async ({ page, stage }) => {
  for (const [prefix, name] of [
    ['fabrikam', 'Fabrikam Dental'],
    ['contoso', 'Contoso Logistics'],
    ['fabrikam-care', 'Fabrikam Dental Care'],
  ] as const) {
    await page.goto(stage.portalOrigin(prefix))
    await expect(page).toHaveTitle(new RegExp(`${name}$|^${name}\\b`))
  }
})
