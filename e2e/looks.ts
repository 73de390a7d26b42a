import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type Axe from 'axe-core'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from '@playwright/test'
import { expect } from './stage.ts'

/**
 * Nothing that axe finds, at a desk and on a phone, light and dark, and nothing to push sideways, no table either.
 * The two themes differ in colours alone, so the dark one is looked at for contrast.
 */
export async function looksRight(page: Page, what: string): Promise<void> {
  const desk = { width: 1440, height: 900 }
  for (const [size, viewport] of [
    ['desk', desk],
    ['phone', { width: 390, height: 844 }],
  ] as const) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const violations = await violationsOn(page, colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : undefined)
      const findings = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join('\n  ')}`,
      )
      expect.soft(findings, `${what}, ${size}, ${colorScheme}`).toEqual([])
    }
    const overflows = await page.evaluate(() => [
      (document.scrollingElement?.scrollWidth ?? 0) - innerWidth,
      ...[...document.querySelectorAll('.table-box')].map((box) => box.scrollWidth - box.clientWidth),
    ])
    expect.soft(Math.max(...overflows), `${what}, ${size}: pixels that hang over`).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize(desk)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

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
