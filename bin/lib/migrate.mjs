import { join } from 'node:path'
import { Miniflare, convertV4MiniflareOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler'
import { claimState } from './claim.mjs'
import { databaseNames, migrate, migrateLibsql } from './migrations.mjs'
import { inRoot, stateRoot } from './paths.mjs'
import { runNode, tool } from './tool.mjs'
import { Refusal, faint, green, say } from './words.mjs'

/** The local databases without the Worker: a bundle that does not build yet must not keep a migration from being tried. */
export async function migrateLocal() {
  const claim = await claimState(stateRoot, 'npm run migrate')
  const { compatibilityDate, d1Databases } = unstable_getMiniflareWorkerOptions(inRoot('wrangler.toml')).workerOptions
  const alone = /** @type {import('miniflare').V4MiniflareOptions} */ ({
    name: 'portico',
    modules: true,
    script: 'export default {}',
    compatibilityDate,
    d1Databases,
  })
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions(alone),
    resourcePersistencePath: join(stateRoot, 'state'),
    cf: false,
    enableDevRegistry: false,
    telemetry: { enabled: false },
  })
  try {
    for (const name of databaseNames) {
      const database = /** @type {import('./system.mjs').LocalDatabase} */ (
        /** @type {unknown} */ (await miniflare.getD1Database(name))
      )
      const applied = await migrate(database, name, stateRoot)
      say(`${green('✓')} ${name} ${faint(applied.length === 0 ? 'was up to date' : applied.join(', '))}`)
    }
  } finally {
    await miniflare.dispose()
    claim.release()
  }
}

/** The production databases, in the order of wrangler.toml. */
export async function migrateRemote() {
  requireCredentials()
  for (const name of productionDatabases()) {
    const { code } = await runNode(
      tool('wrangler'),
      ['d1', 'migrations', 'apply', name, '--remote', '--env', 'production'],
      { show: true },
    )
    if (code !== 0)
      throw new Refusal(
        `The migrations of ${name} did not go through; wrangler said why above. Nothing after it was touched.`,
      )
  }
  for (const { name, address } of libsqlShards()) {
    const applied = await migrateLibsql(name, address)
    say(`${green('✓')} ${name} ${faint(applied.length === 0 ? 'was up to date' : applied.join(', '))}`)
  }
}

/** Wrangler would open a browser to sign in, which no pipeline can answer. */
export function requireCredentials() {
  if (process.env.CLOUDFLARE_API_TOKEN && process.env.CLOUDFLARE_ACCOUNT_ID) return
  throw new Refusal('Set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID; nothing was done.')
}

/** Production's shards behind a libSQL server: their addresses stand in wrangler.toml, their tokens, secrets of the Worker, in the environment. */
function libsqlShards() {
  const config = inRoot('wrangler.toml')
  const { vars } = unstable_readConfig({ config, env: 'production' }, { hideWarnings: true })
  return Object.entries(vars).flatMap(([name, url]) => {
    const key = /^SHARD_(\w+)$/.exec(name)?.[1]
    if (key === undefined || typeof url !== 'string') return []
    const authToken = process.env[`LIBSQL_TOKEN_${key}`]
    if (!authToken) throw new Refusal(`Set LIBSQL_TOKEN_${key}, which opens ${name}; nothing of it was touched.`)
    return [{ name, address: { url, authToken } }]
  })
}

function productionDatabases() {
  const config = inRoot('wrangler.toml')
  const { d1_databases: databases } = unstable_readConfig({ config, env: 'production' }, { hideWarnings: true })
  if (databases.length === 0) throw new Refusal('wrangler.toml declares no databases in [env.production].')
  return databases.map((/** @type {{ binding: string }} */ { binding }) => binding)
}
