import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot, stateRoot } from './paths.mjs'
import { hashOf, readStamp, writeStamp } from './stamp.mjs'
import { mustRun, tool } from './tool.mjs'

/** Where the bundled Worker lies: index.js and whatever modules wrangler split off. */
export const bundleFolder = join(stateRoot, 'bundle')

const webFolder = inRoot('dist', 'web')
const contract = 'worker/contract/openapi.json'

/** @param {string} path */
const ships = (path) => !/\.test\.tsx?$|\.md$/.test(path)

/**
 * Builds the web into dist/web. Returns false when nothing had changed since the last build.
 * @param {{ force?: boolean }} [options]
 */
export async function buildWeb({ force = false } = {}) {
  const sources = ['web', contract, 'package-lock.json']
  return whenChanged('web', hashOf(sources, ships), force || !existsSync(webFolder), async () => {
    rmSync(webFolder, { recursive: true, force: true }) // two builds share it, so neither may empty it
    await mustRun('Building the web', tool('vite'), ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'])
    // The Worker reads it from there, and shows it at the admin host alone.
    copyFileSync(inRoot(contract), join(webFolder, 'openapi.json'))
  })
}

/**
 * Bundles the Worker exactly as a deployment would (wrangler's own bundler), without deploying it.
 * @param {{ force?: boolean }} [options]
 */
export async function bundleWorker({ force = false } = {}) {
  const missing = !existsSync(join(bundleFolder, 'index.js'))
  return whenChanged('worker', workerHash(), force || missing, async () => {
    mkdirSync(webFolder, { recursive: true }) // wrangler refuses a missing assets folder
    rmSync(bundleFolder, { recursive: true, force: true })
    await mustRun('Bundling the Worker', tool('wrangler'), ['deploy', '--dry-run', '--outdir', bundleFolder])
  })
}

/** @returns {{ type: 'ESModule' | 'CompiledWasm' | 'Text' | 'Data', path: string }[]} index.js first: the first module is the entry */
export function bundledModules() {
  const files = readdirSync(bundleFolder, { recursive: true }).map(String).sort()
  const modules = files.flatMap((path) => {
    const type = moduleTypeOf(path)
    return type === null ? [] : [{ type, path: join(bundleFolder, path) }]
  })
  return modules.sort((a, b) => Number(b.path.endsWith('index.js')) - Number(a.path.endsWith('index.js')))
}

/**
 * @param {string} path
 * @returns {'ESModule' | 'CompiledWasm' | 'Text' | 'Data' | null}
 */
function moduleTypeOf(path) {
  if (/\.m?js$/.test(path)) return 'ESModule'
  if (path.endsWith('.wasm')) return 'CompiledWasm'
  if (/\.(txt|html|sql)$/.test(path)) return 'Text'
  if (path.endsWith('.bin')) return 'Data'
  return null
}

function workerHash() {
  return hashOf(
    ['worker', 'db', 'wrangler.toml', 'bin/mail-parts.mjs', 'package-lock.json'],
    (path) => ships(path) && !path.startsWith('db/seed/') && !path.startsWith('worker/test/'),
  )
}

/**
 * @param {string} name
 * @param {string} hash
 * @param {boolean} force
 * @param {() => Promise<void>} build
 */
async function whenChanged(name, hash, force, build) {
  if (!force && readStamp(name) === hash) return false
  writeStamp(name, 'building') // a build that was interrupted must not look finished
  await build()
  writeStamp(name, hash)
  return true
}
