import { applyD1Migrations, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { layTripwire } from './tripwire.ts'

/** What only tests are given: vitest.config.ts reads the migrations in Node, since workerd cannot see the disk. */
interface TestBindings {
  DIRECTORY: D1Database
  SHARD_1: D1Database
  SHARD_2: D1Database
  MIGRATIONS_DIRECTORY: D1Migration[]
  MIGRATIONS_SHARD: D1Migration[]
}

const bindings = env as unknown as TestBindings

await applyD1Migrations(bindings.DIRECTORY, bindings.MIGRATIONS_DIRECTORY)
await applyD1Migrations(bindings.SHARD_1, bindings.MIGRATIONS_SHARD)
await applyD1Migrations(bindings.SHARD_2, bindings.MIGRATIONS_SHARD)

layTripwire(bindings.SHARD_1)
