import { defineConfig } from '@playwright/test'
import { launching, systemHeadlessShell } from './bin/lib/browser.mjs'

export default defineConfig({
  testDir: './e2e',
  outputDir: './test-results',
  globalSetup: './e2e/system.ts',
  // Each worker has a system of its own, whose mail box and clock its tests share: they come one at a time. A retry would
  // hide what is flaky.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // Nets, wide enough for a busy machine: what is late fails where it is waited for.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: launching(systemHeadlessShell()),
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    // Drawing what moves takes more of a processor than the tests themselves.
    contextOptions: { reducedMotion: 'reduce' },
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // A trace keeps a copy of the page at every step, which costs as much as the test: `--trace retain-on-failure` asks for it.
    trace: 'off',
  },
})
