import { rm } from 'node:fs/promises'
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
  publicDir: false,
  plugins: [solid()],
  build: { target: ['chrome125', 'safari18', 'firefox128'] },
  environments: { portal: bundle('portal.html'), admin: bundle('admin.html') },
  builder: {
    async buildApp(builder) {
      await rm(join(import.meta.dirname, '../dist/web'), { recursive: true, force: true })
      for (const name of ['portal', 'admin']) {
        const environment = builder.environments[name]
        if (environment) await builder.build(environment)
      }
    },
  },
})
