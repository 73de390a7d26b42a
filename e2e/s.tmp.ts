import { chromium } from '@playwright/test'
import { launching, systemBrowser } from '../bin/lib/browser.mjs'
import { fillSignIn } from './steps.ts'

const port = 8937
const admin = `http://admin.localhost:${port}`
const browser = await chromium.launch(launching(systemBrowser()))
const sizes = [[1440, 900], [820, 1180], [390, 844]] as const
const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London' })
const page = await context.newPage()
page.on('pageerror', (error) => console.log('error', error.message))
page.on('console', (message) => message.type() === 'error' && console.log(message.text()))
await page.goto(admin)
await fillSignIn(page, { email: 'marcus@northwind-it.example', password: 'demo-technician-copper-63' })
await page.getByRole('button', { name: /your account/ }).waitFor()
const shoot = async (name: string, path: string, dark = false) => {
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    await page.goto(admin + path)
    await page.waitForTimeout(2500)
    await page.screenshot({ path: `/tmp/s-shots/${name}-${width}${dark ? '-dark' : ''}.png`, fullPage: width < 1000 })
  }
}
await page.goto(`${admin}/tickets`)
await page.getByRole('link', { name: /printer at reception/ }).waitFor()
const href = await page.getByRole('link', { name: /printer at reception/ }).getAttribute('href')
await shoot('list', '/tickets')
await shoot('ticket', href ?? '')
await shoot('ticket', href ?? '', true)
await shoot('settings', '/settings/tickets')
await shoot('workspace', '/workspace')
const customer = await page.goto(`${admin}/customers`).then(async () => page.getByRole('link', { name: 'Fabrikam Dental', exact: true }).getAttribute('href'))
await shoot('tab', `${customer}/tickets`)
await shoot('list', '/tickets', true)
await browser.close()
