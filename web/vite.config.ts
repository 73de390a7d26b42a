import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { defineConfig, type EnvironmentOptions } from 'vite'
import solid from 'vite-plugin-solid'

// Two builds, not one with two inputs: shared chunks would cost the portal requests and bytes it never needs.
const bundle = (page: string): EnvironmentOptions => ({
  consumer: 'client',
  build: {
    outDir: '../dist/web',
    emptyOutDir: false,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    cssMinify: 'lightningcss',
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: page },
  },
})

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  publicDir: 'public',
  plugins: [solid()],
  build: { target: ['chrome125', 'safari18', 'firefox128'] },
  environments: { portal: bundle('portal.html'), admin: bundle('admin.html') },
  builder: {
    async buildApp(builder) {
      const startedAt = Date.now()
      for (const name of ['portal', 'admin']) {
        const environment = builder.environments[name]
        if (environment) await builder.build(environment)
      }
      await removeOlderThan(startedAt, join(import.meta.dirname, '../dist/web/assets'))
    },
  },
})

// What an earlier build left behind goes last, so that a running server never misses a file it still names.
async function removeOlderThan(moment: number, folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    if ((await stat(file)).mtimeMs < moment) await rm(file, { recursive: true })
  }
}
