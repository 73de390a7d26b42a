import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type Axe from 'axe-core'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from '@playwright/test'
import { expect } from './stage.ts'

/**
 * Nothing that axe finds, at a desk and on a phone, and nothing to push sideways, no table either. The dark theme differs in
 * colours alone, and those do not depend on the size: it is looked at for contrast, at a desk.
 */
export async function looksRight(page: Page, what: string): Promise<void> {
  const looked = async (where: string, options?: RunOptions) => {
    const findings = (await violationsOn(page, options)).map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join('\n  ')}`,
    )
    expect.soft(findings, `${what}, ${where}`).toEqual([])
  }
  const fits = async (where: string) => {
    const overflows = await page.evaluate(() => [
      (document.scrollingElement?.scrollWidth ?? 0) - innerWidth,
      ...[...document.querySelectorAll('.table-box, .sheet-scroll')].map((box) => box.scrollWidth - box.clientWidth),
    ])
    expect.soft(Math.max(...overflows), `${what}, ${where}: pixels that hang over`).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize(phone)
  await looked('phone')
  await fits('phone')
  await page.setViewportSize(desk)
  await looked('desk')
  await fits('desk')
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await looked('desk, dark', { runOnly: ['color-contrast'] })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

const axeScript = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on a page; our pages have no frames. A document keeps what was put into it once, which takes as long as a look. */
export const violationsOn = async (page: Page, options: RunOptions = {}): Promise<AxeResults['violations']> => {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeScript)
  return page.evaluate(
    async (given) => {
      // The script above has put it there.
      const { axe } = globalThis as unknown as { axe: typeof Axe }
      return (await axe.run(document, given)).violations
    },
    { resultTypes: ['violations'], preload: false, iframes: false, ...options } satisfies RunOptions,
  )
}
