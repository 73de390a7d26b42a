import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { inRoot, root } from './paths.mjs'
import { Refusal } from './words.mjs'

/** @typedef {{ code: number, output: string, seconds: number }} Outcome */

/**
 * The script behind an installed package's command, to be run by the current Node: no shell, no PATH, the same on every system.
 * @param {string} packageName
 * @param {string} [commandName]
 */
export function tool(packageName, commandName = packageName) {
  const folder = inRoot('node_modules', ...packageName.split('/'))
  /** @type {{ bin?: string | Record<string, string> }} */
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const entry = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[commandName]
  if (entry === undefined || !existsSync(`${folder}/${entry}`))
    throw new Error(`${packageName} has no command ${commandName}.`)
  return `${folder}/${entry}`
}

/**
 * Runs a Node script and gathers what it says.
 * @param {string} script
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, show?: boolean, cwd?: string, nodeArgs?: string[] }} [options] `show` passes the output straight through
 * @returns {Promise<Outcome>}
 */
export function runNode(script, args, { env = {}, show = false, cwd = root, nodeArgs = [] } = {}) {
  const startedAt = Date.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
      cwd,
      env: {
        ...process.env,
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_LOG_PATH: inRoot('.portico', 'logs', 'wrangler'),
        ...(process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }),
        ...env,
      },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout?.on('data', (chunk) => (output += chunk))
    child.stderr?.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({
        code: code ?? 1,
        output,
        seconds: (Date.now() - startedAt) / 1000,
      }),
    )
  })
}

/**
 * The same, for a step that has to succeed: what the tool said is part of the refusal.
 * @param {string} purpose
 * @param {string} script
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, show?: boolean }} [options]
 */
export async function mustRun(purpose, script, args, options) {
  const { code, output } = await runNode(script, args, options)
  if (code !== 0) throw new Refusal(`${purpose} failed:\n${output.trim()}`)
  return output
}
