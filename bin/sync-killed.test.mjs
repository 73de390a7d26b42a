// The whole system, killed with -9 in the middle of a sync, again and again: what a person's machine does when it loses power.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { bundleWorker } from './lib/build.mjs'
import { inRoot } from './lib/paths.mjs'
import { freePort } from './lib/ports.mjs'

/**
 * @typedef {import('./lib/remote-system.mjs').Order} Order
 * @typedef {{ ask: (order: Order) => Promise<Record<string, unknown>[]>, kill: () => Promise<void>, stop: () => Promise<void>, sandbox: string }} Running
 */

const leaseMilliseconds = 60_000
const place = { mspId: 'msp-1', customerId: 'customer-1', tenantId: 'tenant-1' }

/**
 * @param {object} options of startSystem
 * @returns {Promise<Running>}
 */
async function start(options) {
  const child = spawn(process.execPath, [inRoot('bin', 'lib', 'remote-system.mjs'), JSON.stringify(options)], {
    cwd: inRoot(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true, // a group of its own, so that everything in it can be killed at once
  })
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(`ended with ${signal ?? code}`)))
  /** @type {Map<number, (answer: { rows?: Record<string, unknown>[], problem?: string }) => void>} */
  const waiting = new Map()
  /** @type {Promise<string>} */
  const ready = new Promise((resolve) =>
    child.on('message', (/** @type {any} */ message) =>
      message.sandbox === undefined ? waiting.get(message.id)?.(message) : resolve(message.sandbox),
    ),
  )
  const sandbox = await Promise.race([ready, ended])
  assert.match(sandbox, /^http:/, `the system ${sandbox}`)
  let count = 0
  const kill = async () => {
    process.kill(-Number(child.pid), 'SIGKILL')
    await ended
  }
  return {
    sandbox,
    kill,
    ask: async (order) => {
      const id = (count += 1)
      const answered = new Promise((resolve) => waiting.set(id, resolve))
      child.send({ id, order })
      const answer = await Promise.race([answered, ended.then((problem) => ({ problem }))])
      assert.equal(answer.problem, undefined)
      return answer.rows ?? []
    },
    stop: async () => {
      child.send({ id: 0, order: { stop: true } })
      await ended
    },
  }
}

/**
 * @param {string} sandbox
 * @param {string} path
 * @param {object} body
 * @returns {Promise<any>}
 */
async function control(sandbox, path, body) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${sandbox}/control${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.ok(response.ok, await response.clone().text())
  return response.json()
}

/**
 * Looks again and again until something is so; fails when it does not come about.
 * @param {string} what
 * @param {() => Promise<boolean>} isSo
 */
async function until(what, isSo) {
  const deadline = Date.now() + 25_000
  while (!(await isSo())) {
    assert.ok(Date.now() < deadline, `it never came about that ${what}`)
    await wait(20)
  }
}

/** @param {string} sandbox @param {string} path */
async function isAsked(sandbox, path) {
  const { requests } = /** @type {{ requests: { path: string }[] }} */ (
    await (await fetch(`${sandbox}/control/requests`)).json()
  )
  return requests.some((entry) => entry.path.includes(path))
}

/**
 * Everybody in a tenant, by id, as Graph tells of them.
 * @param {string} sandbox
 * @param {string} tenantId
 */
async function peopleOf(sandbox, tenantId) {
  const body = new URLSearchParams({
    client_id: '11111111-2222-4333-8444-555555555555',
    client_secret: 'sandbox-secret',
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
  })
  const answered = await fetch(`${sandbox}/entra/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body })
  const { access_token: token } = /** @type {{ access_token: string }} */ (await answered.json())
  /** @type {Set<string>} */
  const ids = new Set()
  /** @type {string | undefined} */
  let next = `${sandbox}/graph/v1.0/users/delta?$select=id`
  while (next !== undefined) {
    const response = await fetch(next, { headers: { authorization: `Bearer ${token}` } })
    const page = /** @type {{ value: { id: string }[], '@odata.nextLink'?: string }} */ (await response.json())
    for (const { id } of page.value) ids.add(id)
    next = page['@odata.nextLink']
  }
  return ids
}

test(
  'a sync that is killed with -9 four times ends, with everybody once and one entry in the activity',
  { timeout: 240_000 },
  async () => {
    await bundleWorker()
    const folder = mkdtempSync(join(tmpdir(), 'portico-killed-'))
    // The same ports each time: what the sandbox gave out as next pages names them.
    const [port, sandboxPort] = [await freePort(), await freePort()]
    const options = { stateFolder: folder, port, sandboxPort, seed: false }
    let system = await start(options)
    try {
      const userCount = 2_600
      const microsoft = await control(system.sandbox, '/tenants', {
        domain: 'killed.example',
        name: 'Killed Ltd',
        userCount,
        consented: true,
      })
      const { mspId, customerId, tenantId } = place
      const at = Date.now()
      await system.ask({
        sql: `insert into msps (msp_id, id, name, time_zone, primary_colour, accent_colour, mail_from_name, created_at) values (?1, ?1, 'MSP', 'Europe/London', '#3a5488', '#8a6d1f', 'MSP', ?2)`,
        params: [mspId, at],
      })
      await system.ask({
        sql: `insert into customers (msp_id, id, name, sort_name, created_at, tenant_count) values (?, ?, 'Killed', 'killed', ?, 1)`,
        params: [mspId, customerId, at],
      })
      await system.ask({
        sql: `insert into tenants (msp_id, id, customer_id, entra_tenant_id, name, domain, state, connected_at, connected_by, next_sync_at) values (?, ?, ?, ?, 'Killed', 'killed.example', 'connected', ?, 'Admin', ?)`,
        params: [mspId, tenantId, customerId, microsoft.tenantId, at, at],
      })

      const run = async () => (await system.ask({ sql: `select step, user_count from sync_runs` }))[0]
      const hasKeptPages = async () => Number((await run())?.['user_count'] ?? 0) > 0
      /** @type {{ hangsAt: string, isTime: () => Promise<boolean> }[]} */
      const deaths = [
        { hangsAt: '/subscribedSkus', isTime: () => isAsked(system.sandbox, '/subscribedSkus') },
        { hangsAt: '$skiptoken', isTime: () => isAsked(system.sandbox, '/users/delta') },
        { hangsAt: '/secureScores', isTime: hasKeptPages },
        { hangsAt: '/organization', isTime: () => isAsked(system.sandbox, '/organization') },
      ]
      /** @type {unknown[]} */
      const steps = []
      for (const { hangsAt, isTime } of deaths) {
        await control(system.sandbox, '/faults', {
          tenantId: microsoft.tenantId,
          match: hangsAt,
          kind: 'hang',
          times: 9,
        })
        await system.ask({ tick: true })
        await until(`the sync hangs at ${hangsAt}`, isTime)
        steps.push((await run())?.['step'])
        await system.kill()
        system = await start(options)
        // The dead Worker's lease runs out, as it would after a minute.
        await system.ask({
          sql: `update jobs set lease_until = lease_until - ? where state = 'running'`,
          params: [leaseMilliseconds],
        })
      }
      assert.deepEqual(steps.slice(0, 2), ['licences', 'people'])
      assert.equal(steps[3], 'finishing')

      await system.ask({ tick: true })
      await until(
        'the sync is done',
        async () => (await system.ask({ sql: `select 1 from jobs where state = 'done'` })).length === 1,
      )
      const kept = (await system.ask({ sql: `select id from tenant_users` })).map(({ id }) => String(id))
      assert.equal(kept.length, userCount, 'everybody once')
      assert.deepEqual(new Set(kept), await peopleOf(system.sandbox, microsoft.tenantId))
      assert.deepEqual(await system.ask({ sql: `select kind, state, user_count from sync_runs` }), [
        { kind: 'full', state: 'done', user_count: userCount },
      ])
      assert.deepEqual(await system.ask({ sql: `select action from activities` }), [{ action: 'tenant.synced' }])
      assert.deepEqual(await system.ask({ sql: `select * from user_changes` }), [], 'nobody is told as having joined')
      const [tenant] = await system.ask({
        sql: `select active_user_count + guest_count + blocked_user_count as known from tenants`,
      })
      assert.equal(tenant?.['known'], userCount)
      assert.equal((await system.ask({ sql: `select * from jobs` })).length, 1, 'one job did it all')
    } finally {
      await system.stop().catch(system.kill)
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
