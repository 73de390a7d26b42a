// npm run bench: what the budgets of design.md, section 10, allow, against what the built product needs. Nothing is loosened
// here: a budget that is missed fails the command. `-- --only lists,sync` runs parts; `--quick` is for working on the bench.
import { rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort } from '../bin/lib/ports.mjs'
import { inRoot } from '../bin/lib/paths.mjs'
import { startSandbox } from '../bin/lib/sandbox.mjs'
import { Refusal, command, faint, say, yellow } from '../bin/lib/words.mjs'
import { startStage, weights } from './browser.ts'
import { printTable, unmeasured } from './budget.ts'
import type { Line, Part } from './budget.ts'
import { bundle } from './bundle.ts'
import { imports } from './import.ts'
import { lighthouseScores } from './lighthouse.ts'
import { rowsRead, slowness } from './lists.ts'
import type { Sizes } from './lists.ts'
import { costOf } from './metered.ts'
import type { Metered } from './metered.ts'
import { plantMsp } from './population.ts'
import { roundTrips } from './round-trips.ts'
import { benchFolder, startRuntime } from './runtime.ts'
import { syncs } from './sync.ts'
import { throughput } from './throughput.ts'
import { ticketCosts } from './tickets.ts'

const partNames = [
  'round-trips',
  'rows',
  'lists',
  'tickets',
  'throughput',
  'sync',
  'import',
  'bundle',
  'weight',
  'lighthouse',
] as const
type PartName = (typeof partNames)[number]

const lines: Line[] = []
const figures: Record<string, unknown> = {}
const note = (line: string) => say(faint(`  ${line}`))

await command(async () => {
  const { wanted, isQuick } = readArguments()
  const startedAt = Date.now()
  rmSync(benchFolder, { recursive: true, force: true })
  const isWanted = (...names: PartName[]) => names.some((name) => wanted.includes(name))

  if (isWanted('round-trips', 'rows', 'lists', 'throughput')) await measureApi(isWanted, isQuick)
  if (isWanted('tickets')) await measureTickets(isQuick)
  if (isWanted('sync')) await measureSyncs()
  if (isWanted('import')) await measureImport()
  if (isWanted('bundle')) await measure('Worker bundle', () => bundle(isQuick ? 1 : 5))
  if (isWanted('weight', 'lighthouse')) await measurePages(isWanted, isQuick)

  printTable(lines)
  const [, load = 0] = loadavg()
  if (load > cpus().length * 1.5)
    say(
      yellow(
        `This machine was busy with other things (load ${load.toFixed(1)} on ${cpus().length} cores): times and scores are worse than they are.`,
      ),
    )
  const over = lines.filter(({ verdict }) => verdict === 'over')
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  const isWhole = wanted.length === partNames.length && !isQuick
  say(
    `${over.length === 0 ? 'Within every budget' : `Over budget: ${over.length} of ${lines.filter(({ verdict }) => verdict !== 'told').length}`}, in ${seconds} s.`,
  )
  if (isWhole) writeFileSync(inRoot('bench', 'latest.json'), `${JSON.stringify(report(seconds), null, 2)}\n`)
  else say(faint('Only a part was measured, so bench/latest.json stays as it was.'))
  process.exitCode = over.length === 0 ? 0 : 1
})

function readArguments() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } } })
  const wanted = values.only?.split(',') ?? [...partNames]
  const unknown = wanted.filter((name) => !(partNames as readonly string[]).includes(name))
  if (unknown.length > 0) throw new Refusal(`Unknown: ${unknown.join(', ')}. There are ${partNames.join(', ')}.`)
  return { wanted: wanted as PartName[], isQuick: values.quick }
}

/** A part that breaks is a budget nobody checked, so it fails the bench; the other parts are still measured. */
async function measure(part: string, work: () => Promise<Part>): Promise<void> {
  const startedAt = Date.now()
  say(part)
  try {
    const measured = await work()
    lines.push(...measured.lines.map((line) => ({ part, ...line })))
    figures[part] = measured.figures
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    lines.push({ part, ...unmeasured(part, why.split('\n')[0] ?? '') })
    note(why)
  }
  note(`${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}

async function measureApi(isWanted: (...names: PartName[]) => boolean, isQuick: boolean): Promise<void> {
  const sandbox = await sandboxFor('data')
  let sizes: Sizes
  let dashboard: Metered
  const metered = await startRuntime({ program: 'metered', state: 'data', sandbox: sandbox.endpoints })
  try {
    note('planting MSPs of 100, 1,000 and 10,000 customers')
    sizes = {
      small: await plantMsp(metered, 'small', 100),
      // Its people fill a page of a report, which is a thousand members and a thousand guests to choose from.
      middle: await plantMsp(metered, 'middle', 1_000, 6_000),
      large: await plantMsp(metered, 'large', 10_000),
    }
    // An index is read up to the first row of whoever comes next: so the last of these, too, is followed by somebody.
    await plantMsp(metered, 'tail', 20)
    const customer = sizes.large.customer(1)
    const path = `/api/portal/customers/${customer.customerId}/dashboard`
    dashboard = await costOf(metered, { host: customer.host, path, cookie: customer.cookie })
    if (isWanted('rows')) await measure('Rows read, 100 to 10,000 customers', () => rowsRead(metered, sizes))
    if (isWanted('round-trips')) await measure('D1 round trips', () => roundTrips(metered, sizes.small))
  } finally {
    await metered.stop()
    await sandbox.stop()
  }
  if (isWanted('lists')) {
    const product = await startRuntime({ program: 'product', state: 'data' })
    await measure('p50, 10,000 customers against 100', () => slowness(product, sizes, isQuick ? 20 : 100))
    await product.stop()
  }
  if (isWanted('throughput')) {
    const extent = isQuick ? { rounds: 4, roundMs: 1_000 } : { rounds: 6, roundMs: 2_000 }
    await measure('Requests per second', () => throughput(sizes.large, dashboard, extent))
  }
}

async function measureTickets(isQuick: boolean): Promise<void> {
  const metered = await startRuntime({ program: 'metered', state: 'tickets' })
  await measure('Rows read, 1,000 to 1,000,000 tickets', () => ticketCosts(metered, isQuick ? 50_000 : 1_000_000, note))
  await metered.stop()
}

async function measureSyncs(): Promise<void> {
  const sandbox = await sandboxFor('sync')
  const metered = await startRuntime({ program: 'metered', state: 'sync', sandbox: sandbox.endpoints })
  await measure('Microsoft 365 sync', () => syncs(metered, sandbox.endpoints, note))
  await metered.stop()
  await sandbox.stop()
}

async function measureImport(): Promise<void> {
  const metered = await startRuntime({ program: 'metered', state: 'import' })
  await measure('Import of customers', () => imports(metered, note))
  await metered.stop()
}

async function measurePages(isWanted: (...names: PartName[]) => boolean, isQuick: boolean): Promise<void> {
  const stage = await startStage(join(benchFolder, 'pages'))
  try {
    if (isWanted('weight')) await measure('Pages in Chromium', () => weights(stage.places))
    if (isWanted('lighthouse')) await measure('Lighthouse', () => lighthouseScores(stage.places, isQuick ? 1 : 5, note))
  } finally {
    await stage.stop()
  }
}

async function sandboxFor(state: string) {
  return startSandbox({
    port: await freePort(),
    stateFolder: join(benchFolder, state, 'sandbox'),
    logFile: join(benchFolder, 'logs', `sandbox-${state}.log`),
    verbose: false,
  })
}

function report(seconds: number) {
  return {
    at: new Date().toISOString(),
    seconds,
    machine: {
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      cpus: cpus().length,
      load: loadavg(),
    },
    lines,
    figures,
  }
}
