import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { migrateLibsql } from './bin/lib/migrations.mjs'
import { startLibsql } from './sandbox/libsql/server.ts'
import { readMigrations, variables } from './vitest.config.ts'

/**
 * The features' own tests with every MSP on a shard behind a libSQL server, which the Worker speaks to over HTTP. Those
 * that between them read and write by everything a scope has; what they promise is checked in full over D1.
 */
export default defineConfig({
  plugins: [
    cloudflareTest(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'shard-'))
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
      const { url } = await startLibsql({ file: join(folder, 'shard.db') })
      await migrateLibsql('SHARD_3', { url })
      return {
        main: './worker/index.ts',
        wrangler: { configPath: './wrangler.toml' },
        miniflare: {
          bindings: {
            ...variables,
            SHARD_3: url,
            STAGED_ON: 'shard-3',
            MIGRATIONS_DIRECTORY: await readMigrations('directory'),
            MIGRATIONS_SHARD: await readMigrations('shard'),
          },
        },
      }
    }),
  ],
  test: {
    include: [
      'worker/test/shard.libsql.test.ts',
      'worker/features/customers/customers.test.ts',
      'worker/features/directory/directory.test.ts',
      'worker/features/requests/requests.test.ts',
    ],
    setupFiles: ['./worker/test/setup.ts'],
    testTimeout: 15_000,
    silent: 'passed-only',
    isolate: false,
    maxWorkers: 2,
  },
})
