import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { claimState } from './claim.mjs'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'portico-claim-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process that lives until it is told otherwise; its command line holds `marker`. */
function bystander(/** @type {string} */ marker) {
  return spawn(process.execPath, ['-e', `setInterval(() => '${marker}', 1000)`], { stdio: 'ignore' })
}

/** @param {object} claim */
const leave = (claim) => writeFileSync(join(folder, 'running.json'), JSON.stringify(claim))

test('a folder in use is refused, naming where its system answers', async () => {
  const other = bystander('portico-under-test')
  try {
    leave({
      pid: other.pid,
      what: 'portico-under-test',
      origin: 'http://admin.localhost:9',
      isStopping: false,
      children: [],
    })
    await assert.rejects(claimState(folder, 'http://x'), /already runs from this folder at http:\/\/admin\.localhost:9/)
  } finally {
    other.kill()
  }
})

test(
  'what a killed run left running is ended, and the folder can be had',
  { skip: process.platform === 'win32' },
  async () => {
    const leftover = bystander('workerd-stand-in')
    const ended = new Promise((resolve) => leftover.on('exit', (_code, signal) => resolve(signal)))
    leave({
      pid: 2 ** 22 + 1,
      what: 'start.mjs',
      origin: 'http://x',
      isStopping: false,
      children: [{ pid: leftover.pid, what: 'workerd-stand-in' }],
    })
    const claim = await claimState(folder, 'http://y')
    assert.equal(await ended, 'SIGKILL')
    assert.equal(JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')).origin, 'http://y')
    claim.release()
    assert.equal(existsSync(join(folder, 'running.json')), false)
  },
)

test("another program that got a leftover's id is left alone", { skip: process.platform !== 'linux' }, async () => {
  const innocent = bystander('innocent')
  try {
    leave({
      pid: 2 ** 22 + 1,
      what: 'start.mjs',
      origin: 'http://x',
      isStopping: false,
      children: [{ pid: innocent.pid, what: 'workerd' }],
    })
    await claimState(folder, 'http://y')
    assert.equal(innocent.exitCode ?? innocent.signalCode, null)
  } finally {
    innocent.kill()
  }
})
