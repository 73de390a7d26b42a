import { expect, test as base, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test'
import { readCast } from '../bin/lib/cast.mjs'
import { readAddresses, type Addresses } from './system-addresses.ts'

interface Stage extends Addresses {
  portalOrigin(prefix: string): string
  /** Runs the Worker's scheduled handler once, as cron does each minute, and waits for it. */
  tick(): Promise<void>
  /** A demo person's e-mail and password. */
  person(email: string): { email: string; password: string }
}

type Mistakes = string[]

/**
 * Playwright's `test`, with the system under test. Every page of a test, also of a second person's browser, fails it when
 * a script throws, or when the page does what its own content security policy forbids.
 */
export const test = base.extend<{
  stage: Stage
  mistakes: Mistakes
  context: BrowserContext
  /** Somebody else's browser, with nothing in it. */
  visitor: (options?: BrowserContextOptions) => Promise<Page>
}>({
  stage: async ({}, use) => {
    const addresses = readAddresses()
    await use({
      ...addresses,
      portalOrigin: (prefix) => addresses.portalOriginPattern.replace('PREFIX', prefix),
      tick: async () => {
        const answer = await fetch(`${addresses.origin}/cdn-cgi/local/scheduled`)
        expect(answer.status, 'the scheduled handler').toBe(200)
      },
      person: demoPerson,
    })
  },
  mistakes: async ({}, use) => {
    const mistakes: Mistakes = []
    await use(mistakes)
    expect(mistakes, 'errors thrown, and policies broken, by the pages of this test').toEqual([])
  },
  context: async ({ context, mistakes }, use) => {
    await watch(context, mistakes)
    await use(context)
  },
  visitor: async ({ browser, contextOptions, mistakes }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (options = {}) => {
      const context = await browser.newContext({
        ...contextOptions,
        locale: 'en-GB',
        timezoneId: 'Europe/London',
        ...options,
      })
      contexts.push(context)
      await watch(context, mistakes)
      return context.newPage()
    })
    for (const context of contexts) await context.close()
  },
})

/** A demo person's e-mail and password. */
export function demoPerson(email: string): { email: string; password: string } {
  const people = readCast().msps.flatMap((msp) => [...msp.staff, ...msp.customers.flatMap(({ contacts }) => contacts)])
  const password = people.find((each) => each.email === email)?.password
  if (password === undefined) throw new Error(`${email} is not in the demo cast, or cannot sign in.`)
  return { email, password }
}

const violation = 'Content security policy broken: '

/** Notes what goes wrong on any page of a browser. */
export async function watch(context: BrowserContext, mistakes: Mistakes): Promise<void> {
  context.on('weberror', (error) => mistakes.push(error.error().message))
  context.on('console', (message) => {
    if (message.text().startsWith(violation)) mistakes.push(`${message.text()} at ${message.page()?.url() ?? ''}`)
  })
  await context.addInitScript((prefix) => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`${prefix}${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    )
  }, violation)
}

export { expect }
