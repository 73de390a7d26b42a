import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { buildWeb, bundleWorker } from './build.mjs'
import { ensureBrowser } from './browser.mjs'
import { runChecks } from './checks.mjs'
import { closingLine, countPlaywright, countVitest, nothing, sum } from './counts.mjs'
import { inRoot, root, stateRoot } from './paths.mjs'
import { filesUnder } from './stamp.mjs'
import { runNode, tool } from './tool.mjs'
import { Refusal, bold, complain, faint, green, red, say, seconds, yellow } from './words.mjs'

/**
 * @typedef {import('./counts.mjs').Counts} Counts
 * @typedef {{ counts: Counts, code: number, output?: string }} Outcome code: the runner's own, so that a crash without a failed test still fails; output: what was not shown while it ran
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} title
 * @property {(rest: string[], isAlone: boolean) => Promise<Outcome | string>} run a string: why it was left out; what it says is gathered unless it is alone
 * @property {true} [isBeside] runs beside the others, since its tests leave some of the machine idle; what it says is shown when it has ended
 * @property {true} [needsAll] begins when all others have ended: it takes the whole machine, and its pages are waited for
 */

const reports = join(stateRoot, 'test')

/** @type {Suite[]} */
const suites = [
  { name: 'check', title: 'Format, lint, types, contract, laws', run: check },
  { name: 'workerd', title: 'Worker and databases, inside workerd', run: workerd, isBeside: true },
  { name: 'node', title: 'Sandbox, seed, commands and the web’s rules, in Node', run: node },
  { name: 'conformance', title: "Connectors and sandbox against the vendors' descriptions", run: conformance },
  { name: 'libsql', title: 'The Worker on a shard behind a libSQL server', run: libsql },
  { name: 'browser', title: 'The running product, in a browser', run: browser, needsAll: true },
]

export async function runTests() {
  const { only, rest } = readArguments()
  const chosen = suites.filter(({ name }) => only === null || only.includes(name))
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  if (chosen.some(({ name }) => name === 'browser')) await ensureBrowser()

  /** @type {Map<Suite, { counts: Counts, line: string }>} */
  const ended = new Map()
  /** @param {Suite} suite */
  const runOne = async (suite) => {
    const isShownAfter = suite.isBeside && chosen.length > 1
    if (!isShownAfter) say(heading(suite))
    const { outcome, milliseconds } = await timed(suite, rest, chosen.length === 1)
    if (isShownAfter) say(heading(suite))
    ended.set(suite, told(suite, outcome, milliseconds))
  }
  await Promise.all([
    ...chosen.filter(({ isBeside }) => isBeside).map(runOne),
    (async () => {
      for (const suite of chosen) if (!suite.isBeside && !suite.needsAll) await runOne(suite)
    })(),
  ])
  for (const suite of chosen) if (suite.needsAll) await runOne(suite)

  const total = [...ended.values()].reduce((so, { counts }) => sum(so, counts), nothing)
  const summary = suites.map((suite) => ended.get(suite)?.line ?? `${yellow('–')} ${suite.title}: left out by --only`)
  say()
  for (const line of summary) say(line)
  say()
  process.stdout.write(`${closingLine(total)}\n`)
  if (total.failed > 0) process.exitCode = 1
}

/** @param {Suite} suite */
const heading = ({ title }) => `\n${bold(`── ${title} ──`)}`

/**
 * @param {Suite} suite
 * @param {string[]} rest
 * @param {boolean} isAlone
 */
async function timed(suite, rest, isAlone) {
  const startedAt = Date.now()
  const outcome = await suite.run(rest, isAlone).catch((error) => ({ error }))
  return { outcome, milliseconds: Date.now() - startedAt }
}

/**
 * Shows what a suite said that was not shown while it ran, and judges it.
 * @param {Suite} suite
 * @param {Awaited<ReturnType<typeof timed>>['outcome']} outcome
 * @param {number} milliseconds
 */
function told(suite, outcome, milliseconds) {
  if (typeof outcome === 'string') {
    say(`${yellow('–')} Left out: ${outcome}`)
    return { counts: nothing, line: `${yellow('–')} ${suite.title}: left out, ${outcome}` }
  }
  if ('output' in outcome) say(outcome.output)
  const counts = 'error' in outcome ? brokenBy(outcome.error) : judged(outcome)
  const mark = counts.failed === 0 ? green('✓') : red('✗')
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  return { counts, line: `${mark} ${suite.title}: ${closingLine(counts)}${skipped} ${faint(seconds(milliseconds))}` }
}

function readArguments() {
  const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true })
  const only = values.only?.split(',').map((name) => name.trim()) ?? null
  const unknown = only?.filter((name) => !suites.some((suite) => suite.name === name)) ?? []
  if (unknown.length > 0)
    throw new Refusal(
      `There is no suite "${unknown.join('", "')}". There are: ${suites.map(({ name }) => name).join(', ')}.`,
    )
  if (positionals.length > 0 && only?.length !== 1)
    throw new Refusal('Name one suite with --only to pass arguments to its runner.')
  return { only, rest: positionals }
}

/**
 * A runner that fails without a failed test, a suite without tests, and a skipped test are failures: nothing passes by not running.
 * @param {Outcome} outcome
 * @returns {Counts}
 */
function judged({ counts, code }) {
  if (counts.skipped > 0) {
    complain(`${counts.skipped} tests were skipped. A test that cannot run has failed.`)
    return { ...counts, failed: counts.failed + counts.skipped }
  }
  if (counts.passed + counts.failed === 0) return brokenBy(new Refusal('Not one test ran.'))
  if (code !== 0 && counts.failed === 0) {
    complain(`Every test passed, but the runner ended with code ${code}; what it said is above.`)
    return { ...counts, failed: 1 }
  }
  return counts
}

/**
 * @param {unknown} error
 * @returns {Counts}
 */
function brokenBy(error) {
  complain(error instanceof Refusal ? error.message : String(error instanceof Error ? error.stack : error))
  return { ...nothing, failed: 1 }
}

async function check() {
  const counts = await runChecks()
  return { counts, code: counts.failed > 0 ? 1 : 0 }
}

/**
 * @param {string[]} rest
 * @param {boolean} isAlone
 */
function workerd(rest, isAlone) {
  return vitest('workerd', rest, isAlone)
}

/**
 * @param {string[]} rest
 * @param {boolean} isAlone
 */
function libsql(rest, isAlone) {
  return vitest('libsql', ['--config=vitest.libsql.config.ts', ...rest], isAlone)
}

/**
 * @param {string} name
 * @param {string[]} rest
 * @param {boolean} isAlone
 */
async function vitest(name, rest, isAlone) {
  const report = join(reports, `${name}.json`)
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...rest]
  const { code, output } = await runNode(tool('vitest'), args, { show: isAlone, env: { TMPDIR: swiftFolder() } })
  if (!existsSync(report)) throw new Refusal(`The runner ended without a report. It said:\n${output}`)
  return { counts: countVitest(readReport(report)), code, output }
}

const memoryFolder = '/dev/shm'
const memoryBytesMin = 4 * 1024 ** 3

/** Where databases of tests lie: in memory where that has room, since they wait for the disk at every commit otherwise. */
function swiftFolder() {
  if (!existsSync(memoryFolder)) return tmpdir()
  const { bavail, bsize } = statfsSync(memoryFolder)
  return bavail * bsize >= memoryBytesMin ? memoryFolder : tmpdir()
}

/** @param {string[]} rest */
function node(rest) {
  const isNodeTest = (/** @type {string} */ file) =>
    /^(sandbox|bin)\/.*\.test\.m?[tj]s$|^(db|worker|web|bench)\/.*\.node\.test\.ts$/.test(file) && !isConformance(file)
  return nodeTests('node', isNodeTest, rest)
}

/** @param {string[]} rest */
async function conformance(rest) {
  const folder = resolve(root, process.env.SPECS_DIR || '../shared/specs')
  if (!existsSync(folder)) return `the vendors' descriptions are not at ${folder} (SPECS_DIR says where they are).`
  return nodeTests('conformance', isConformance, rest, { SPECS_DIR: folder })
}

/** @param {string[]} rest */
async function browser(rest) {
  await buildWeb()
  await bundleWorker()
  const report = join(reports, 'browser.json')
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report, PLAYWRIGHT_HTML_OPEN: 'never' }
  const { code } = await runNode(tool('@playwright/test', 'playwright'), ['test', '--reporter=list,json', ...rest], {
    show: true,
    env,
  })
  return { counts: countPlaywright(readReport(report)), code }
}

/**
 * @param {string} name
 * @param {(file: string) => boolean} isWanted
 * @param {string[]} rest parts of file names to keep to
 * @param {Record<string, string>} [env]
 * @returns {Promise<Outcome>}
 */
async function nodeTests(name, isWanted, rest, env = {}) {
  const files = ['sandbox', 'db', 'bin', 'worker', 'web', 'bench']
    .flatMap((folder) => filesUnder(inRoot(folder)))
    .map((file) => relative(root, file).replaceAll('\\', '/'))
    .filter((file) => isWanted(file) && (rest.length === 0 || rest.some((part) => file.includes(part))))
  if (files.length === 0) throw new Refusal('There is not one test file.')
  const report = join(reports, `${name}.json`)
  const reporter = pathToFileURL(inRoot('bin', 'lib', 'node-test-reporter.mjs')).href
  const nodeArgs = [
    '--test',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${report}`,
  ]
  const [first = '', ...others] = files
  const { code, output } = await runNode(first, others, { env, nodeArgs })
  if (!existsSync(report)) throw new Refusal(`The runner ended without a report. It said:\n${output}`)
  return { counts: readReport(report), code, output }
}

/** @param {string} file */
function isConformance(file) {
  return /(^|[./])conformance\.test\.ts$/.test(file)
}

/**
 * @param {string} file
 * @returns {any} whatever that runner writes
 */
function readReport(file) {
  if (!existsSync(file)) throw new Refusal('The runner ended without a report; what it said is above.')
  return JSON.parse(readFileSync(file, 'utf8'))
}
