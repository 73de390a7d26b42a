import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from 'miniflare'
import type { V4MiniflareOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { bundleFolder } from '../bin/lib/build.mjs'
import { readCast } from '../bin/lib/cast.mjs'
import { inRoot, stateRoot } from '../bin/lib/paths.mjs'
import { freePort } from '../bin/lib/ports.mjs'
import { localSecrets } from '../bin/lib/secrets.mjs'
import type { SandboxEndpoints } from '../bin/lib/sandbox.mjs'
import { migrateAll } from '../bin/lib/system.mjs'
import type { LocalDatabase } from '../bin/lib/system.mjs'
import { clientOf } from './client.ts'
import type { Client } from './client.ts'

/** Everything the bench leaves behind, apart from bench/latest.json. */
export const benchFolder = join(stateRoot, 'bench')

export const { hosts } = readCast()

/** Which program the runtime holds: what is deployed, the same behind a meter, or next to nothing. */
export type Program = 'product' | 'metered' | 'bare'

export type Runtime = {
  port: number
  client: Client
  database: (name: 'DIRECTORY' | 'SHARD_1' | 'SHARD_2') => Promise<LocalDatabase>
  files: () => Promise<{ put: (key: string, bytes: string) => Promise<unknown> }>
  /** Runs the scheduled handler once. */
  tick: () => Promise<void>
  stop: () => Promise<void>
}

/** A Worker in workerd with the bindings of wrangler.toml and nothing in front of it, on the databases of one folder. */
export const startRuntime = async (options: {
  program: Program
  /** Below the bench's folder. */
  state: string
  sandbox?: SandboxEndpoints
  variables?: Record<string, string>
}): Promise<Runtime> => {
  const port = await freePort()
  const folder = join(benchFolder, options.state)
  mkdirSync(join(benchFolder, 'logs'), { recursive: true })
  const log = createWriteStream(join(benchFolder, 'logs', `${options.program}.log`))
  const write = (level: string, message: string) => log.write(`${new Date().toISOString()} ${level} ${message}\n`)
  const { workerOptions } = unstable_getMiniflareWorkerOptions(inRoot('wrangler.toml'))
  const worker = {
    ...workerOptions,
    name: 'portico',
    modules: modulesOf(options.program),
    bindings: { ...variablesOf(port, options.sandbox), ...options.variables },
  } as unknown as V4MiniflareOptions
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions(worker),
    host: '127.0.0.1',
    port,
    resourcePersistencePath: join(folder, 'state'),
    log: new Log(LogLevel.NONE),
    logRequests: false,
    cf: false,
    enableDevRegistry: false,
    telemetry: { enabled: false },
    unsafeTriggerHandlers: true,
    unsafeLocalExplorer: false,
    handleStructuredLogs: ({ level, message }: { level: string; message: string }) => write(level, message),
  })
  await miniflare.ready
  const client = clientOf(port)
  const database: Runtime['database'] = async (name) =>
    (await miniflare.getD1Database(name)) as unknown as LocalDatabase
  await migrateAll(database, folder)
  return {
    port,
    client,
    database,
    files: () => miniflare.getR2Bucket('FILES'),
    tick: async () => {
      const { status, body } = await client.call({ host: '127.0.0.1', path: '/cdn-cgi/local/scheduled' })
      if (status !== 200) throw new Error(`The scheduled handler failed (${status}): ${body.toString().slice(0, 500)}`)
    },
    stop: async () => {
      client.close()
      await miniflare.dispose()
      await new Promise((resolve) => log.end(resolve))
    },
  }
}

const modulesOf = (program: Program) => {
  const module = (path: string, contents: string) => ({ type: 'ESModule', path, contents })
  const own = (file: string) => stripTypeScriptTypes(readFileSync(inRoot('bench', file), 'utf8'))
  const product = () => readFileSync(join(bundleFolder, 'index.js'), 'utf8')
  switch (program) {
    case 'product':
      return [module('index.js', product())]
    case 'metered':
      return [module('metered-worker.js', own('metered-worker.ts')), module('built-worker.js', product())]
    case 'bare':
      return [module('bare-worker.js', own('bare-worker.ts'))]
  }
}

const variablesOf = (port: number, sandbox: SandboxEndpoints | undefined): Record<string, string> => ({
  ENVIRONMENT: 'local',
  PUBLIC_SCHEME: 'http',
  PUBLIC_PORT: String(port),
  ADMIN_HOST: hosts.admin,
  SIGN_IN_HOST: hosts.signIn,
  PORTAL_SUFFIX: hosts.portalSuffix,
  ENTRA_URL: `${sandbox?.http ?? 'http://127.0.0.1:9'}/entra`,
  GRAPH_URL: `${sandbox?.http ?? 'http://127.0.0.1:9'}/graph/v1.0`,
  SKU_NAMES_URL: `${sandbox?.http ?? 'http://127.0.0.1:9'}/product-names.csv`,
  CLOUDFLARE_API_URL: `${sandbox?.http ?? 'http://127.0.0.1:9'}/cloudflare/client/v4`,
  CLOUDFLARE_ZONE_ID: 'sandbox-zone',
  CLOUDFLARE_TOKEN: 'sandbox-token',
  CUSTOM_HOSTNAME_TARGET: 'custom.portals.example',
  DNS_URL: `${sandbox?.http ?? 'http://127.0.0.1:9'}/dns-query`,
  MICROSOFT_CLIENT_ID: '11111111-2222-4333-8444-555555555555',
  MICROSOFT_CLIENT_SECRET: 'sandbox-secret',
  SMTP_URL: sandbox?.smtp ?? 'smtp://127.0.0.1:9',
  MAIL_FROM: 'portal@mail.localhost.example',
  REPLY_DOMAIN: 'replies.localhost.example',
  SIGN_UP: 'open',
  OWN_MAIL_SERVERS: 'any',
  ...localSecrets(join(benchFolder, 'secrets.json')),
})
