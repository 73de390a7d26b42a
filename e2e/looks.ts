import { AxeBuilder } from '@axe-core/playwright'
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
      // The same document keeps what was put into it the first time; each time anew, the whole suite would take twice as long.
      const isThere = await page.evaluate(() => 'axe' in globalThis)
      const axe = new AxeBuilder(isThere ? { page, axeSource: 'undefined' } : { page })
        .setLegacyMode(true)
        .options({ resultTypes: ['violations'], preload: false, iframes: false })
      const { violations } = await (colorScheme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze()
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
