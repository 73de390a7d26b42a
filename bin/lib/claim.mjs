import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Refusal } from './words.mjs'

/**
 * @typedef {{ pid: number, what: string }} Child
 * @typedef {{ pid: number, what: string, origin: string, isStopping: boolean, children: Child[] }} Claim
 */

/**
 * Two systems on one state folder would write the same SQLite files, so whoever runs there says so in running.json.
 * A claim left by a killed run is cleared, together with any child of it that is still alive and still what it was.
 * @param {string} stateFolder
 * @param {string} origin where this run will answer, for the message to the next one
 */
export async function claimState(stateFolder, origin) {
  const file = join(stateFolder, 'running.json')
  let earlier = readClaim(file)
  for (let tries = 0; tries < 100 && earlier?.isStopping === true && isRunning(earlier); tries += 1) {
    await wait(100) // stopped a moment ago: npm gives the terminal back before its program has ended
    earlier = readClaim(file)
  }
  if (earlier !== null && isRunning(earlier)) {
    throw new Refusal(
      `Portico already runs from this folder at ${earlier.origin} (process ${earlier.pid}). Stop it first.`,
    )
  }
  for (const child of earlier?.children ?? []) await endLeftover(child)

  /** @type {Claim} */
  const claim = { pid: process.pid, what: basename(process.argv[1] ?? 'node'), origin, isStopping: false, children: [] }
  const write = (/** @type {Partial<Claim>} */ change) => {
    mkdirSync(stateFolder, { recursive: true })
    writeFileSync(file, JSON.stringify(Object.assign(claim, change)))
  }
  write({})
  return {
    /** @param {Child[]} children */
    noteChildren: (children) => write({ children: [...children, ...runtimeChildren()] }),
    noteStopping: () => write({ isStopping: true }),
    release: () => rmSync(file, { force: true }),
  }
}

/** @param {Claim} claim */
function isRunning(claim) {
  return claim.pid !== process.pid && isAlive(claim.pid, claim.what)
}

/**
 * @param {string} file
 * @returns {Claim | null}
 */
function readClaim(file) {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null // written half-way when the power went
  }
}

/** @param {Child} child */
async function endLeftover({ pid, what }) {
  if (!isAlive(pid, what)) return
  process.kill(pid, 'SIGKILL')
  for (let tries = 0; tries < 40 && isAlive(pid, what); tries += 1) await wait(50)
}

/** The workerd processes Miniflare started, whose ids it keeps to itself; Linux tells them. */
function runtimeChildren() {
  if (process.platform !== 'linux') return []
  try {
    const ids = readdirSync(`/proc/${process.pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${process.pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return ids.filter((pid) => isAlive(pid, 'workerd')).map((pid) => ({ pid, what: 'workerd' }))
  } catch {
    return []
  }
}

/**
 * Ids are reused, so where the system tells, the command must still be the one we started.
 * @param {number} pid
 * @param {string} what part of its command line
 */
function isAlive(pid, what) {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(what)
  } catch {
    return false
  }
}
