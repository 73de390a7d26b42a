import { existsSync } from 'node:fs'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** The whole of a test's surroundings: nothing outside this machine is ever reached, every address is a made-up one. */
export const variables = {
  ENVIRONMENT: 'test',
  PUBLIC_SCHEME: 'https',
  PUBLIC_PORT: '',
  ADMIN_HOST: 'admin.portal.test',
  SIGN_IN_HOST: 'auth.portal.test',
  PORTAL_SUFFIX: 'portal.test',
  ENTRA_URL: 'https://entra.test',
  GRAPH_URL: 'https://graph.test/v1.0',
  SKU_NAMES_URL: 'https://products.test/names.csv',
  CLOUDFLARE_API_URL: 'https://cloudflare.test/client/v4',
  CLOUDFLARE_ZONE_ID: 'test-zone',
  CLOUDFLARE_TOKEN: 'test-token',
  CUSTOM_HOSTNAME_TARGET: 'custom.portal.test',
  DNS_URL: 'https://dns.test/dns-query',
  MICROSOFT_CLIENT_ID: '11111111-2222-4333-8444-555555555555',
  MICROSOFT_CLIENT_SECRET: 'test-secret',
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'portal@mail.portal.test',
  REPLY_DOMAIN: 'replies.portal.test',
  SIGN_UP: 'open',
  OWN_MAIL_SERVERS: 'any',
  SEALING_KEYS: JSON.stringify({ test: 'dGVzdC1zZWFsaW5nLWtleS0zMi1ieXRlcy1sb25nLi4=' }),
  TOKEN_KEY: 'dGVzdC10b2tlbi1rZXktMzItYnl0ZXMtbG9uZy4uLi4=',
}

export default defineConfig({
  plugins: [
    cloudflareTest(async () => ({
      main: './worker/index.ts',
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        bindings: {
          ...variables,
          MIGRATIONS_DIRECTORY: await readMigrations('directory'),
          MIGRATIONS_SHARD: await readMigrations('shard'),
        },
      },
    })),
  ],
  test: {
    include: ['worker/**/*.test.ts', 'db/**/*.test.ts'],
    exclude: ['**/*.node.test.ts', '**/*.libsql.test.ts', '**/*.conformance.test.ts', '**/node_modules/**'],
    setupFiles: ['./worker/test/setup.ts'],
    testTimeout: 15_000,
    // What the Worker logs of troubles that a test makes on purpose is for the reader of a test that failed.
    silent: 'passed-only',
    // One workerd for each worker, not for each file; worker/test/setup.ts takes back what a file has put in place.
    isolate: false,
    // A stage, its strangers and a password hash or two: more than two workers at once starve each other on small machines.
    maxWorkers: 2,
  },
})

export async function readMigrations(role: 'directory' | 'shard') {
  const folder = new URL(`migrations/${role}/`, import.meta.url)
  return existsSync(folder) ? readD1Migrations(folder.pathname) : []
}
