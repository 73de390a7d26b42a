import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { inRoot, root } from './paths.mjs'
import { Refusal } from './words.mjs'

/** @typedef {{ http: string, smtp: string }} SandboxEndpoints */
/** @typedef {{ endpoints: SandboxEndpoints, pid: number, stop: () => Promise<void>, ended: Promise<string> }} RunningSandbox */

const readySecondsMax = 30

/**
 * Starts the outside world as a process of its own and waits until it answers. The SMTP port is whatever was free; only the HTTP
 * port is fixed, since people open its pages. It ends with this process, however this process ends.
 * @param {{ port: number, stateFolder: string, logFile: string, verbose: boolean, replies?: { domain: string, url: string } }} options `replies`: the
 *   domain whose mails are handed to the Worker, and where it takes them
 * @returns {Promise<RunningSandbox>}
 */
export async function startSandbox({ port, stateFolder, logFile, verbose, replies }) {
  const endpointsFile = join(stateFolder, 'endpoints.json')
  mkdirSync(stateFolder, { recursive: true })
  mkdirSync(dirname(logFile), { recursive: true })
  rmSync(endpointsFile, { force: true }) // an old one would look like an answer
  const child = spawn(process.execPath, [inRoot('bin', 'lib', 'with-parent.mjs'), inRoot('sandbox', 'index.ts')], {
    cwd: root,
    env: {
      ...process.env,
      SANDBOX_PORT: String(port),
      SANDBOX_STATE: stateFolder,
      ...(replies === undefined ? {} : { REPLY_DOMAIN: replies.domain, REPLY_URL: replies.url }),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group: a terminal's Ctrl-C must reach it through stop(), after the Worker has let go of it.
    detached: process.platform !== 'win32',
  })
  const log = createWriteStream(logFile)
  let tail = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      log.write(chunk)
      if (verbose) process.stdout.write(chunk)
      tail = `${tail}${chunk}`.slice(-4000)
    })
  }
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}:\n${tail.trim()}`))
    child.on('error', (error) => resolve(error.message))
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const late = wait(3000, 'late', { ref: false })
    if ((await Promise.race([ended, late])) === 'late') child.kill('SIGKILL')
    await ended
  }
  const outcome = await Promise.race([ended.then((reason) => ({ reason })), whenAnswering(endpointsFile)])
  if ('reason' in outcome) {
    await stop()
    throw new Refusal(`The sandbox did not start: ${outcome.reason}`)
  }
  return { endpoints: outcome, pid: child.pid ?? 0, stop, ended }
}

/**
 * @param {string} endpointsFile
 * @returns {Promise<SandboxEndpoints | { reason: string }>}
 */
async function whenAnswering(endpointsFile) {
  const deadline = Date.now() + readySecondsMax * 1000
  while (Date.now() < deadline) {
    const endpoints = readEndpoints(endpointsFile)
    if (endpoints !== null) {
      const answer = await fetch(`${endpoints.http}/healthz`).catch(() => null)
      if (answer?.ok === true) return endpoints
    }
    await wait(50)
  }
  return { reason: `nothing answered within ${readySecondsMax} s.` }
}

/**
 * @param {string} file
 * @returns {SandboxEndpoints | null}
 */
function readEndpoints(file) {
  if (!existsSync(file)) return null
  try {
    const { http, smtp } = JSON.parse(readFileSync(file, 'utf8'))
    return typeof http === 'string' && typeof smtp === 'string' ? { http: http.replace(/\/$/, ''), smtp } : null
  } catch {
    return null // half written
  }
}
