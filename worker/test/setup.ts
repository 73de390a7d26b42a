import { applyD1Migrations, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, vi } from 'vitest'
import { moveClock } from '../clock.ts'
import { leaveNothingDue } from './nothing-due.ts'
import { environment } from './stage.ts'
import { layTripwire } from './tripwire.ts'
// What is read when first asked for is read now: a file that ends while it is being read would leave it half read to the next.
import 'nodemailer/lib/mail-composer'
import 'nodemailer/lib/smtp-transport'

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

// Test files share a workerd, since starting one for each takes longer than most of them: what a file put in place of the
// clock, of the environment's parts or of the world outside ends with it, and so does what it left to be done.
const before = { ...environment }
const outside = globalThis.fetch
afterAll(async () => {
  moveClock(undefined)
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  Object.assign(environment, before)
  globalThis.fetch = outside
  await leaveNothingDue()
})
