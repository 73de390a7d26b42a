// The whole product on one machine: the bundled Worker in workerd, its databases, files and queue, and the sandbox beside it.
// `npm start`, `npm run dev`, the bench and the browser tests all run this and nothing else.
import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { request as requestTls } from 'node:https'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { bundledModules, bundleFolder } from './build.mjs'
import { readCast } from './cast.mjs'
import { claimState } from './claim.mjs'
import { databaseNames, migrate } from './migrations.mjs'
import { inRoot, stateRoot } from './paths.mjs'
import { claimable, freePort } from './ports.mjs'
import { startSandbox } from './sandbox.mjs'
import { localSecrets } from './secrets.mjs'
import { plantSeed } from './seed.mjs'
import { Refusal, complain, step } from './words.mjs'

/**
 * What the harness needs of D1; Miniflare hands out the same object a Worker would get.
 * @typedef {object} LocalStatement
 * @property {(...values: unknown[]) => LocalStatement} bind
 * @property {() => Promise<unknown>} run
 * @property {() => Promise<{ results: Record<string, unknown>[] }>} all
 *
 * @typedef {object} LocalDatabase
 * @property {(sql: string) => LocalStatement} prepare
 * @property {(statements: LocalStatement[]) => Promise<{ results: Record<string, unknown>[] }[]>} batch
 *
 * @typedef {import('./migrations.mjs').DatabaseName} DatabaseName
 *
 * @typedef {object} SystemOptions
 * @property {number} [port] of the Worker; 0 or nothing takes a free one
 * @property {number} [sandboxPort] of the sandbox's pages and APIs; 0 or nothing takes a free one
 * @property {string} [stateFolder] where data, keys and logs live; relative to the repository. Default `.portico`
 * @property {boolean} [fresh] forget the folder's data first
 * @property {boolean} [seed] plant the demo cast when the databases are empty. Default true
 * @property {true | { key: string, cert: string }} [https] the Worker answers over TLS only: with this PEM text, or with Miniflare's own self-signed certificate
 * @property {Record<string, string>} [variables] Worker variables that replace the usual ones
 * @property {boolean} [quiet] no progress lines. Default true
 * @property {boolean} [verbose] the Worker's and the sandbox's output in the terminal too
 *
 * @typedef {object} System
 * @property {string} origin where the Worker listens, by address: `http://127.0.0.1:8787`
 * @property {string} adminOrigin `http://admin.localhost:8787`
 * @property {(prefix: string) => string} portalOrigin
 * @property {{ http: string, smtp: string }} sandbox
 * @property {(name: DatabaseName) => Promise<LocalDatabase>} database
 * @property {() => Promise<void>} tickCron runs the Worker's scheduled handler once and waits for it
 * @property {(host: string, path: string, init?: RequestInit_) => Promise<LocalAnswer>} call one request to a host by name, without a resolver
 * @property {() => Promise<void>} reload takes the bundle from disk again, keeping ports and data
 * @property {() => Promise<void>} stop
 *
 * @typedef {{ method?: string, headers?: Record<string, string>, body?: string | Uint8Array }} RequestInit_
 * @typedef {{ status: number, headers: import('node:http').IncomingHttpHeaders, body: Buffer }} LocalAnswer
 */

const readySecondsMax = 60

/** Answers to mails about tickets are sent to it; the sandbox hands them to the Worker. */
const replyDomain = 'replies.localhost.example'

/** One broken job can log the same error every second; a person needs to hear of it once a minute. */
const millisecondsBetweenNotices = 60_000

/**
 * Starts everything and returns when both the Worker and the sandbox answer. The bundle and the web must have been built
 * (see build.mjs). Whatever happens, nothing is left running when this throws or after `stop()`.
 * @param {SystemOptions} [options]
 * @returns {Promise<System>}
 */
export async function startSystem(options = {}) {
  const { seed = true, fresh = false, quiet = true, verbose = false, https } = options
  const folder = resolve(inRoot(), options.stateFolder ?? stateRoot)
  const port = options.port || (await freePort())
  const sandboxPort = options.sandboxPort || (await freePort())
  const scheme = https === undefined ? 'http' : 'https'
  const origin = `${scheme}://127.0.0.1:${port}`
  const { hosts } = readCast()
  const hostNames = {
    admin: options.variables?.['ADMIN_HOST'] ?? hosts.admin,
    suffix: options.variables?.['PORTAL_SUFFIX'] ?? hosts.portalSuffix,
  }

  const claim = await claimState(folder, `${scheme}://${hostNames.admin}:${port}`)
  /** @type {(() => Promise<unknown> | void)[]} undone in reverse order */
  const undo = [claim.release]
  const stop = once(async () => {
    claim.noteStopping()
    for (const each of undo.toReversed()) await each()
  })

  try {
    // Asked after the claim: a port held by a leftover of a killed run is free by now.
    await claimable(port, 'PORT')
    await claimable(sandboxPort, 'SANDBOX_PORT')
    if (fresh || wasInterrupted(folder)) forget(folder)
    const secrets = localSecrets(join(folder, 'secrets.json'))

    const sandbox = await step(
      'Sandbox started',
      () =>
        startSandbox({
          port: sandboxPort,
          stateFolder: join(folder, 'sandbox'),
          logFile: join(folder, 'logs', 'sandbox.log'),
          verbose,
          // Miniflare's door for mails, which answers at this address alone.
          replies: { domain: replyDomain, url: `${origin}/cdn-cgi/local/email` },
        }),
      { quiet },
    )
    let isStopping = false
    undo.push(sandbox.stop, () => {
      isStopping = true
    })
    void sandbox.ended.then((reason) => {
      if (!isStopping) complain(`The sandbox is gone: ${reason}\n  More in ${join(folder, 'logs', 'sandbox.log')}`)
    })

    const worker = workerOptions({
      folder,
      port,
      https,
      verbose,
      quiet,
      variables: {
        ENVIRONMENT: 'local',
        PUBLIC_SCHEME: scheme,
        PUBLIC_PORT: String(port),
        ADMIN_HOST: hosts.admin,
        SIGN_IN_HOST: hosts.signIn,
        PORTAL_SUFFIX: hosts.portalSuffix,
        ENTRA_URL: `${sandbox.endpoints.http}/entra`,
        GRAPH_URL: `${sandbox.endpoints.http}/graph/v1.0`,
        SKU_NAMES_URL: `${sandbox.endpoints.http}/product-names.csv`,
        CLOUDFLARE_API_URL: `${sandbox.endpoints.http}/cloudflare/client/v4`,
        CLOUDFLARE_ZONE_ID: 'sandbox-zone',
        CLOUDFLARE_TOKEN: 'sandbox-token',
        CUSTOM_HOSTNAME_TARGET: 'custom.portals.example',
        DNS_URL: `${sandbox.endpoints.http}/dns-query`,
        MICROSOFT_CLIENT_ID: '11111111-2222-4333-8444-555555555555',
        MICROSOFT_CLIENT_SECRET: 'sandbox-secret',
        SMTP_URL: sandbox.endpoints.smtp,
        MAIL_FROM: 'portal@mail.localhost.example',
        REPLY_DOMAIN: replyDomain,
        SIGN_UP: 'open',
        OWN_MAIL_SERVERS: 'any',
        ...secrets,
        ...options.variables,
      },
    })
    const miniflare = keepingSignals(() => new Miniflare(worker.current()))
    undo.push(worker.close, () => miniflare.dispose(), worker.expectEnd)
    await miniflare.ready
    claim.noteChildren([{ pid: sandbox.pid, what: 'with-parent.mjs' }])

    const database = async (/** @type {DatabaseName} */ name) =>
      /** @type {LocalDatabase} */ (/** @type {unknown} */ (await miniflare.getD1Database(name)))
    await step('Databases migrated', () => migrateAll(database, folder), { quiet })
    if (seed) {
      const { TOKEN_KEY: tokenKey } = { ...secrets, ...options.variables }
      await plantSeed({ database, folder, quiet, portalSuffix: hostNames.suffix, tokenKey })
    }

    const call = caller(port, https !== undefined)
    await step('Worker answers', () => whenHealthy(call, hostNames.admin), { quiet })

    return {
      origin,
      adminOrigin: `${scheme}://${hostNames.admin}:${port}`,
      portalOrigin: (prefix) => `${scheme}://${prefix}.${hostNames.suffix}:${port}`,
      sandbox: sandbox.endpoints,
      database,
      call,
      tickCron: async () => {
        const { status, body } = await call('127.0.0.1', '/cdn-cgi/local/scheduled') // Miniflare refuses any other host here
        if (status !== 200)
          throw new Error(`The scheduled handler failed (${status}): ${body.toString().slice(0, 500)}`)
      },
      reload: async () => {
        await miniflare.setOptions(worker.current())
        claim.noteChildren([{ pid: sandbox.pid, what: 'with-parent.mjs' }])
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Forgets the data under a state folder, but neither logs nor keys.
 * @param {string} folder
 */
export function forget(folder) {
  for (const part of ['state', 'sandbox', 'seeding']) rmSync(join(folder, part), { recursive: true, force: true })
}

/**
 * A seeding that was killed half-way leaves a demo nobody designed, so it starts over.
 * @param {string} folder
 */
function wasInterrupted(folder) {
  return existsSync(join(folder, 'seeding'))
}

/**
 * @param {(name: DatabaseName) => Promise<LocalDatabase>} database
 * @param {string} folder
 */
export async function migrateAll(database, folder) {
  for (const name of databaseNames) await migrate(await database(name), name, folder)
}

/**
 * Miniflare's options, read anew at each call so that a reload sees a new bundle.
 * @param {{ folder: string, port: number, https: SystemOptions['https'], verbose: boolean, quiet: boolean, variables: Record<string, string> }} options
 */
function workerOptions({ folder, port, https, verbose, quiet, variables }) {
  mkdirSync(join(folder, 'logs'), { recursive: true })
  const logFile = join(folder, 'logs', 'worker.log')
  const log = createWriteStream(logFile)
  let isEnding = false // a terminal's Ctrl-C reaches workerd too; that is not a crash
  let errorCount = 0
  let toldAt = 0
  const write = (/** @type {string} */ level, /** @type {string} */ message) => {
    log.write(`${new Date().toISOString()} ${level} ${message}\n`)
    if (verbose) process.stdout.write(`${message}\n`)
    if (verbose || quiet || isEnding) return
    if (level === 'crash') complain(`${message}\n  More in ${logFile}`)
    if (level !== 'error') return
    errorCount += 1
    if (Date.now() - toldAt < millisecondsBetweenNotices) return
    toldAt = Date.now()
    complain(`The Worker logged an error (${errorCount} so far). More in ${logFile}`)
  }
  return {
    current: () =>
      /** @type {import('miniflare').MiniflareOptions} */ ({
        ...convertV4MiniflareOptions({
          ...unstable_getMiniflareWorkerOptions(inRoot('wrangler.toml')).workerOptions,
          name: 'portico',
          modules: bundledModules(),
          modulesRoot: bundleFolder,
          bindings: variables,
        }),
        host: '127.0.0.1',
        port,
        ...(https === undefined ? {} : { https: true }),
        ...(typeof https === 'object' ? { httpsKey: https.key, httpsCert: https.cert } : {}),
        resourcePersistencePath: join(folder, 'state'),
        log: new FileLog((message) => write('runtime', message)),
        logRequests: false,
        cf: false, // otherwise Miniflare asks Cloudflare where this machine is
        enableDevRegistry: false, // it would join the Workers of every clone on this machine
        telemetry: { enabled: false },
        unsafeTriggerHandlers: true,
        unsafeLocalExplorer: false,
        handleStructuredLogs: ({ level, message }) => write(level, message),
        handleUncaughtError: (error) => write('crash', `The Worker failed: ${error.stack ?? error.message}`),
        unsafeHandleRuntimeRestart: () => write('crash', 'The Workers runtime died and was started again.'),
      }),
    expectEnd: () => {
      isEnding = true
    },
    close: () => new Promise((resolve) => log.end(() => resolve(undefined))),
  }
}

/**
 * Miniflare ends the process by itself on Ctrl-C, before anything else is stopped. Only its listeners for signals go;
 * the one that ends workerd together with this process stays.
 * @template T
 * @param {() => T} make
 */
function keepingSignals(make) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  const before = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]))
  const made = make()
  for (const signal of signals) {
    for (const listener of process.listeners(signal))
      if (before.get(signal)?.has(listener) !== true) process.removeListener(signal, listener)
  }
  return made
}

/** Miniflare's own words (uncaught exceptions, a port it lost) go where the Worker's go, not into the terminal. */
class FileLog extends Log {
  #write

  /** @param {(message: string) => void} write */
  constructor(write) {
    super(LogLevel.WARN)
    this.#write = write
  }

  /**
   * @override
   * @param {string} message
   */
  log(message) {
    this.#write(message)
  }
}

/**
 * @param {number} port
 * @param {boolean} tls
 * @returns {System['call']}
 */
function caller(port, tls) {
  return (host, path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      // Not fetch(): it may not set Host, and *.localhost does not resolve on every system.
      const send = tls ? requestTls : request
      const outgoing = send(
        {
          host: '127.0.0.1',
          port,
          path,
          method,
          headers: { ...headers, host: `${host}:${port}` },
          rejectUnauthorized: false,
        },
        (answer) => {
          /** @type {Buffer[]} */
          const chunks = []
          answer.on('data', (chunk) => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
}

/**
 * @param {System['call']} call
 * @param {string} host
 */
async function whenHealthy(call, host) {
  const deadline = Date.now() + readySecondsMax * 1000
  let last = 'nothing'
  while (Date.now() < deadline) {
    const answer = await call(host, '/healthz').catch((error) => ({ status: 0, body: Buffer.from(String(error)) }))
    if (answer.status === 200) return
    last = `${answer.status} ${answer.body.toString().slice(0, 300)}`
    await wait(100)
  }
  throw new Refusal(`The Worker did not become healthy within ${readySecondsMax} s. Its last answer: ${last}`)
}

/** @param {() => Promise<void>} work */
function once(work) {
  /** @type {Promise<void> | undefined} */
  let result
  return () => (result ??= work())
}
