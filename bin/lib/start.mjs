import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildWeb, bundleWorker } from './build.mjs'
import { readCast } from './cast.mjs'
import { claimState } from './claim.mjs'
import { stateRoot } from './paths.mjs'
import { claimable, portFrom } from './ports.mjs'
import { onStop } from './stop.mjs'
import { startSystem } from './system.mjs'
import { watchSources } from './watch.mjs'
import { Refusal, bold, command, complain, faint, say, step } from './words.mjs'

/** Soon enough that the first syncs are under way when somebody has signed in. */
const firstTickSeconds = 5
const tickSeconds = 60

/** @param {{ watch: boolean }} options */
export function run({ watch }) {
  return command(async () => {
    const { fresh, verbose } = readArguments()
    const port = portFrom('PORT', 8787)
    const sandboxPort = portFrom('SANDBOX_PORT', 8788)
    if (port === sandboxPort) throw new Refusal(`PORT and SANDBOX_PORT are both ${port}. They need a port each.`)

    // Refused before the slow work, and before a system that runs here already loses its bundle to ours.
    const claim = await claimState(stateRoot, `http://${readCast().hosts.admin}:${port}`)
    try {
      await claimable(port, 'PORT')
      await claimable(sandboxPort, 'SANDBOX_PORT')
    } catch (error) {
      claim.release()
      throw error
    }

    /** @type {(() => Promise<void>)[]} */
    const stops = []
    onStop(async (reason) => {
      if (reason === 'SIGINT') say()
      for (const stop of stops.toReversed()) await stop()
      claim.release()
      say(faint('Stopped. The data is kept; npm start brings it back.'))
    })

    await step('Web built', buildWeb)
    await step('Worker bundled', bundleWorker)
    const system = await startSystem({ port, sandboxPort, fresh, verbose, quiet: false })
    stops.push(system.stop)
    stops.push(tickEveryMinute(system))
    if (watch) stops.push(watchSources(system))
    introduce(system)
  })
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { fresh: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false } },
    })
    return values
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\nKnown options: --fresh, --verbose.`)
  }
}

/**
 * Cron never fires by itself locally. A tick that is still at work when the next is due is not overtaken.
 * @param {import('./system.mjs').System} system
 */
function tickEveryMinute(system) {
  let isTicking = false
  const tick = async () => {
    if (isTicking) return
    isTicking = true
    await system.tickCron().catch((error) => complain(error.message))
    isTicking = false
  }
  const first = setTimeout(tick, firstTickSeconds * 1000)
  const rest = setInterval(tick, tickSeconds * 1000)
  return async () => {
    clearTimeout(first)
    clearInterval(rest)
  }
}

/** @param {import('./system.mjs').System} system */
function introduce(system) {
  const { msps } = readCast()
  const customers = msps.flatMap((msp) => msp.customers)
  const addresses = [
    ['Admin area', system.adminOrigin],
    ...customers.flatMap(({ portal }) =>
      portal === undefined ? [] : [[portal.displayName, system.portalOrigin(portal.prefix)]],
    ),
    ['Sandbox: inbox, control', system.sandbox.http],
  ]
  const people = [
    ...msps.flatMap((msp) =>
      msp.staff.map(({ email, password, role }) => [email, password, `${role}, ${msp.name}`, system.adminOrigin]),
    ),
    ...customers.flatMap(({ name, portal, contacts }) =>
      contacts.flatMap(({ email, password, jobTitle }) =>
        portal === undefined || password === undefined
          ? []
          : [[email, password, `${jobTitle ?? 'contact'}, ${name}`, system.portalOrigin(portal.prefix)]],
      ),
    ),
  ]
  say()
  table(addresses).forEach((line) => say(`  ${line}`))
  say()
  const [head, ...rows] = table([['Who can sign in', 'Password', 'Role', 'Where'], ...people])
  say(`  ${bold(head ?? '')}`)
  rows.forEach((line) => say(`  ${line}`))
  say()
  say(faint(`  Logs: ${join('.portico', 'logs')}. Ctrl-C stops everything.`))
}

/**
 * @param {string[][]} rows
 * @returns {string[]} the rows as lines, columns aligned
 */
export function table(rows) {
  const widths = rows.reduce(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    /** @type {number[]} */ ([]),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
