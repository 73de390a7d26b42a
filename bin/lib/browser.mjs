import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { runNode, tool } from './tool.mjs'
import { Refusal, faint, say } from './words.mjs'

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']
const systemShell = '/usr/bin/chromium-headless-shell'

/**
 * Headless Chromium in a container: no sandbox where there is no user to drop to, no GPU, no first-run chatter with the outside.
 */
const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * @param {string | undefined} executablePath undefined leaves the choice to Playwright
 * @param {string[]} more arguments
 * @returns {{ args: string[], executablePath?: string }} what Playwright launches it with
 */
export function launching(executablePath, ...more) {
  const args = [...browserArguments, ...more]
  return executablePath === undefined ? { args } : { args, executablePath }
}

/** @returns {string | undefined} the system's own Chromium; undefined leaves the choice to Playwright */
export function systemBrowser() {
  return chosenBrowser() ?? systemBrowsers.find((path) => existsSync(path))
}

/**
 * What most browser tests run in: Chromium's own headless shell where there is one, which draws the same pages with half the work.
 * It has no windows and shows no PDF; a test that needs either runs in `systemBrowser()`.
 * @returns {string | undefined} undefined leaves the choice to Playwright, which takes its own headless shell
 */
export function systemHeadlessShell() {
  return chosenBrowser() ?? (existsSync(systemShell) ? systemShell : systemBrowser())
}

/** @returns {string | undefined} */
function chosenBrowser() {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen === undefined || chosen === '') return undefined
  if (!existsSync(chosen)) throw new Refusal(`CHROMIUM_PATH is ${chosen}, where there is nothing.`)
  return chosen
}

/** Makes sure that some Chromium is there: the system's, Debian's through apt where we may, or Playwright's own. */
export async function ensureBrowser() {
  if (chosenBrowser() !== undefined || (await hasPlaywrightBrowser())) return
  const isMissing = systemBrowser() === undefined
  if (mayUseApt() && (isMissing || !existsSync(systemShell))) {
    say(faint("No Chromium here, or not its headless shell; installing Debian's (about a minute)…"))
    const isUpdated = run('apt-get', ['update', '-qq'])
    if (isUpdated && isMissing) install('chromium')
    // Not every Debian or Ubuntu has it; the tests run without it too, at half the speed.
    if (isUpdated && systemBrowser() !== undefined && !existsSync(systemShell)) install('chromium-headless-shell')
  }
  if (systemBrowser() !== undefined) return
  say(faint("No Chromium here; fetching Playwright's own…"))
  const { code } = await runNode(tool('playwright'), ['install', 'chromium'], { show: true })
  if (code !== 0 || !(await hasPlaywrightBrowser())) {
    throw new Refusal('There is no Chromium and none could be installed. Install one, or set CHROMIUM_PATH to it.')
  }
}

/** @param {string} name a Debian package */
const install = (name) => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name])

async function hasPlaywrightBrowser() {
  const { chromium } = await import('playwright')
  return existsSync(chromium.executablePath())
}

function mayUseApt() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8' })
  if (status !== 0) process.stderr.write(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}\n`)
  return status === 0
}
