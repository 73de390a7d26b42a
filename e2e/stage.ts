import { expect, test as base, type Page } from '@playwright/test'
import { readCast } from '../bin/lib/cast.mjs'
import { readAddresses, type Addresses } from './system.ts'

interface Stage extends Addresses {
  portalOrigin(prefix: string): string
  /** Runs the Worker's scheduled handler once, as cron does each minute, and waits for it. */
  tick(): Promise<void>
  /** A demo person's e-mail and password. */
  person(email: string): { email: string; password: string }
}

/** Playwright's `test`, with the system under test; and a page that fails its test when a script throws or a console says error. */
export const test = base.extend<{ stage: Stage; page: Page }>({
  stage: async ({}, use) => {
    const addresses = readAddresses()
    await use({
      ...addresses,
      portalOrigin: (prefix) => addresses.portalOriginPattern.replace('PREFIX', prefix),
      tick: async () => {
        const answer = await fetch(`${addresses.origin}/cdn-cgi/local/scheduled`)
        expect(answer.status, 'the scheduled handler').toBe(200)
      },
      person: (email) => {
        const people = readCast().msps.flatMap((msp) => [
          ...msp.staff,
          ...msp.customers.flatMap(({ contacts }) => contacts),
        ])
        const password = people.find((each) => each.email === email)?.password
        if (password === undefined) throw new Error(`${email} is not in the demo cast, or cannot sign in.`)
        return { email, password }
      },
    })
  },
  page: async ({ page }, use) => {
    const mistakes: string[] = []
    page.on('pageerror', (error) => mistakes.push(error.message))
    await use(page)
    expect(mistakes, 'errors thrown by the page').toEqual([])
  },
})

export { expect }
