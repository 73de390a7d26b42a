import { unstable_readConfig } from 'wrangler'
import { buildWeb } from './build.mjs'
import { runChecks } from './checks.mjs'
import { migrateRemote, requireCredentials } from './migrate.mjs'
import { sealMigrations } from './migration-rules.mjs'
import { inRoot } from './paths.mjs'
import { runNode, tool } from './tool.mjs'
import { Refusal, say, step } from './words.mjs'

/** Migrations only ever expand (contracting waits for a later release), so the old Worker runs on the new tables meanwhile. */
export async function deploy() {
  requireCredentials()
  requireProduction()
  const { failed } = await runChecks()
  if (failed > 0) throw new Refusal('The checks failed, so nothing was deployed.')
  await step('Web built', () => buildWeb({ force: true }))
  await migrateRemote()
  sealMigrations()
  const { code } = await runNode(tool('wrangler'), ['deploy', '--env', 'production'], { show: true })
  if (code !== 0)
    throw new Refusal('The databases are migrated, but the Worker was not deployed; wrangler said why above.')
  say('Deployed. Commit migrations/sealed.json if it changed: those migrations are history now.')
}

function requireProduction() {
  const config = unstable_readConfig({ config: inRoot('wrangler.toml'), env: 'production' }, { hideWarnings: true })
  // Asked for an environment that is not there, wrangler answers with the top of the file: the local databases.
  if (config.definedEnvironments?.includes('production') && config.d1_databases.length > 0) return
  throw new Refusal('wrangler.toml has no [env.production] with databases and routes yet; nothing was done.')
}
