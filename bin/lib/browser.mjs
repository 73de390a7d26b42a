import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { runNode, tool } from './tool.mjs'
import { Refusal, faint, say } from './words.mjs'

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']

/**
 * Headless Chromium in a container: no sandbox where there is no user to drop to, no GPU, no first-run chatter with the outside.
 */
export const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @returns {string | undefined} the system's own Chromium; undefined leaves the choice to Playwright */
export function systemBrowser() {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen !== undefined && chosen !== '') {
    if (!existsSync(chosen)) throw new Refusal(`CHROMIUM_PATH is ${chosen}, where there is nothing.`)
    return chosen
  }
  return systemBrowsers.find((path) => existsSync(path))
}

/** Makes sure that some Chromium is there: the system's, Debian's through apt where we may, or Playwright's own. */
export async function ensureBrowser() {
  if (systemBrowser() !== undefined || (await hasPlaywrightBrowser())) return
  if (mayUseApt()) {
    say(faint("No Chromium here; installing Debian's (about a minute)…"))
    const installed =
      run('apt-get', ['update', '-qq']) &&
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
    if (installed && systemBrowser() !== undefined) return
  }
  say(faint("No Chromium here; fetching Playwright's own…"))
  const { code } = await runNode(tool('playwright'), ['install', 'chromium'], { show: true })
  if (code !== 0 || !(await hasPlaywrightBrowser())) {
    throw new Refusal('There is no Chromium and none could be installed. Install one, or set CHROMIUM_PATH to it.')
  }
}

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
