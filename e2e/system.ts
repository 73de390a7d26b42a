import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startSystem, type System } from '../bin/lib/system.mjs'
import { buildWeb, bundleWorker } from '../bin/lib/build.mjs'
import { inRoot } from '../bin/lib/paths.mjs'

/** Where a test finds the system that was started for its run; the tests live in another process than the system. */
export interface Addresses {
  /** By number, for calls that name no host: `http://127.0.0.1:41234`. */
  origin: string
  adminOrigin: string
  /** `PREFIX` stands for a portal's own. */
  portalOriginPattern: string
  sandbox: { http: string; smtp: string }
}

const variable = 'PORTICO_E2E'

export function readAddresses(): Addresses {
  const text = process.env[variable]
  if (text === undefined)
    throw new Error('The browser tests run through npm test or playwright, which start the system first.')
  return JSON.parse(text) as Addresses
}

/**
 * Playwright's global setup: one fresh system for the whole run, on free ports, with the demo cast planted and its tenants read
 * once. From then on cron does not tick by itself; a test that waits for periodic work says so with `tick()`.
 */
export default async function start(): Promise<() => Promise<void>> {
  // Nothing when nothing has changed; without it a run by playwright itself would test an older build.
  await buildWeb()
  await bundleWorker()
  const system = await startSystem({ stateFolder: join('.portico', 'e2e'), fresh: true, quiet: true })
  await firstSyncs(system).catch(async (error: unknown) => {
    await system.stop()
    throw error
  })
  const addresses: Addresses = {
    origin: system.origin,
    adminOrigin: system.adminOrigin,
    portalOriginPattern: system.portalOrigin('PREFIX'),
    sandbox: system.sandbox,
  }
  process.env[variable] = JSON.stringify(addresses)
  process.stdout.write(`Logs of the system under test: ${inRoot('.portico', 'e2e', 'logs')}\n`)
  return system.stop
}

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
