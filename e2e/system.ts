import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FullConfig } from '@playwright/test'
import { startSystem, type System } from '../bin/lib/system.mjs'
import { buildWeb, bundleWorker } from '../bin/lib/build.mjs'
import { inRoot } from '../bin/lib/paths.mjs'
import { giveAddresses, type Addresses } from './system-addresses.ts'

/**
 * Playwright's global setup: for each worker a fresh system of its own, on free ports, with the demo cast planted and its
 * tenants read once. From then on cron does not tick by itself; a test that waits for periodic work says so with `tick()`.
 */
export default async function start({ workers }: FullConfig): Promise<() => Promise<void>> {
  // Nothing when nothing has changed; without it a run by playwright itself would test an older build.
  await buildWeb()
  await bundleWorker()
  const systems: System[] = []
  const stop = async () => void (await Promise.all(systems.map((system) => system.stop())))
  const reading: Promise<void>[] = []
  try {
    for (let number = 0; number < workers; number += 1) {
      // One after the other, since each looks for free ports; the first reads its tenants meanwhile.
      const system = await startSystem({ stateFolder: join('.portico', `e2e-${number}`), fresh: true, quiet: true })
      systems.push(system)
      reading.push(firstSyncs(system))
    }
    await Promise.all(reading)
  } catch (error) {
    await Promise.allSettled(reading)
    await stop()
    throw error
  }
  giveAddresses(systems.map(addressesOf))
  process.stdout.write(`Logs of the systems under test: ${inRoot('.portico', 'e2e-*', 'logs')}\n`)
  return stop
}

const addressesOf = (system: System): Addresses => ({
  origin: system.origin,
  adminOrigin: system.adminOrigin,
  portalOriginPattern: system.portalOrigin('PREFIX'),
  sandbox: system.sandbox,
})

const firstSyncSecondsMax = 60

/** Lets cron tick once, as `npm start` does, and waits until every tenant of the demo cast has been read. */
export async function firstSyncs(system: System): Promise<void> {
  await system.tickCron()
  const deadline = Date.now() + firstSyncSecondsMax * 1000
  while ((await unreadTenantCount(system)) > 0) {
    if (Date.now() > deadline) throw new Error(`The demo tenants were not read within ${firstSyncSecondsMax} s.`)
    await pause(100)
  }
}

async function unreadTenantCount(system: System): Promise<number> {
  let count = 0
  for (const name of ['SHARD_1', 'SHARD_2'] as const) {
    const shard = await system.database(name)
    const { results } = await shard.prepare('select id from tenants where last_good_sync_at is null').all()
    count += results.length
  }
  return count
}
