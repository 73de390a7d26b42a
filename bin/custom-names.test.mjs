// The connectors for customers' own host names against the outside world of this machine, over HTTP as in production.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { inRoot } from './lib/paths.mjs'

/** @param {string[]} path @returns {Promise<any>} */
const load = (...path) => import(pathToFileURL(inRoot(...path)).href)

const { stage, control } = await load('sandbox', 'testing.ts')
const { cloudflareHostnames } = await load('worker', 'connectors', 'cloudflare', 'index.ts')
const { dnsOverHttps } = await load('worker', 'connectors', 'dns', 'index.ts')

const asking = {
  fetch: (/** @type {string} */ address, /** @type {RequestInit} */ request) => fetch(address, request),
  now: Date.now,
}
const target = 'custom.portals.example'
const name = 'portal.fabrikam.example'

/** @param {{ http: string }} sandbox */
const edgeOf = (sandbox, token = 'sandbox-token') =>
  cloudflareHostnames({ ...asking, apiUrl: `${sandbox.http}/cloudflare/client/v4`, zoneId: 'sandbox-zone', token })
/** @param {{ http: string }} sandbox */
const dnsOf = (sandbox) => dnsOverHttps({ ...asking, dnsUrl: `${sandbox.http}/dns-query` })

test('a name is added at the edge once, becomes active when it leads there, and is taken away', async () => {
  await using sandbox = await stage()
  const edge = edgeOf(sandbox)
  assert.equal(await edge.find(name), undefined)
  const added = await edge.ensure(name)
  assert.deepEqual([added.hostname, added.state, added.certificate], [name, 'pending', 'pending'])
  assert.deepEqual(added.said, ['custom hostname does not CNAME to this zone.'])
  assert.equal((await edge.ensure(name)).externalId, added.externalId)
  assert.equal(await edge.find('fabrikam.example'), undefined, 'a name is no other one that contains it')

  await control(sandbox, '/dns', { name, type: 'CNAME', values: [target] })
  const active = await edge.find(name)
  assert.deepEqual([active.state, active.certificate, active.said], ['active', 'active', []])

  await control(sandbox, '/custom-hostnames', { hostname: name, sslStatus: 'validation_timed_out' })
  assert.equal((await edge.find(name)).certificate, 'failed')
  assert.equal((await edge.refresh(added.externalId)).certificate, 'active')
  await edge.remove(added.externalId)
  await edge.remove(added.externalId)
  assert.equal(await edge.find(name), undefined)
})

test('every state that Cloudflare names is known, and one that it does not is a fault', async () => {
  await using sandbox = await stage()
  const edge = edgeOf(sandbox)
  await edge.ensure(name)
  for (const [status, state] of Object.entries({
    pending: 'pending',
    pending_migration: 'pending',
    pending_provisioned: 'pending',
    provisioned: 'pending',
    test_pending: 'pending',
    active: 'active',
    active_redeploying: 'active',
    test_active: 'active',
    test_active_apex: 'active',
    blocked: 'blocked',
    pending_blocked: 'blocked',
    test_blocked: 'blocked',
    test_failed: 'blocked',
    moved: 'moved',
    pending_deletion: 'gone',
    deleted: 'gone',
  })) {
    await control(sandbox, '/custom-hostnames', { hostname: name, status })
    assert.equal((await edge.find(name)).state, state, status)
  }
  await control(sandbox, '/custom-hostnames', { hostname: name, status: 'levitating' })
  await assert.rejects(edge.find(name), { kind: 'rejected', message: /levitating/ })
  await control(sandbox, '/custom-hostnames', { hostname: name, sslStatus: 'levitating' })
  await assert.rejects(edge.find(name), { kind: 'rejected', message: /certificate/ })
})

test('the edge’s failures are told by what they mean, without the token', async () => {
  await using sandbox = await stage()
  const edge = edgeOf(sandbox)
  const kinds = /** @type {const} */ ([
    [{ status: 429, retryAfterSeconds: 7 }, 'throttled'],
    [{ status: 503 }, 'down'],
    [{ status: 400 }, 'rejected'],
    [{ status: 403 }, 'unauthorized'],
    [{ kind: 'broken-json' }, 'rejected'],
    [{ kind: 'drop' }, 'down'],
  ])
  for (const [fault, kind] of kinds) {
    await control(sandbox, '/faults', { match: '/cloudflare/', ...fault })
    await assert.rejects(edge.find(name), (/** @type {any} */ error) => {
      assert.equal(error.kind, kind)
      assert.doesNotMatch(error.message, /sandbox-token/)
      if (kind === 'throttled') assert.equal(error.retryAfterSeconds, 7)
      return true
    })
  }
  await assert.rejects(edgeOf(sandbox, 'another').find(name), { kind: 'unauthorized' })
})

test('the DNS tells texts and where a name leads, and nothing of what is not there', async () => {
  await using sandbox = await stage()
  const dns = dnsOf(sandbox)
  const none = { kind: 'answer', value: [] }
  assert.deepEqual(await dns.texts(`_portal-proof.${name}`), none)
  assert.deepEqual(await dns.leads(name), { kind: 'answer', value: { aliases: [], addresses: [] } })
  await control(sandbox, '/dns', { name: `_portal-proof.${name}`, type: 'TXT', values: ['one', 'with "quotes" in it'] })
  assert.deepEqual(await dns.texts(`_portal-proof.${name}`), { kind: 'answer', value: ['one', 'with "quotes" in it'] })
  await control(sandbox, '/dns', { name, type: 'CNAME', values: ['alias.fabrikam.example'] })
  await control(sandbox, '/dns', { name: 'alias.fabrikam.example', type: 'CNAME', values: [target.toUpperCase()] })
  const leads = await dns.leads(name)
  assert.deepEqual(leads.value.aliases, ['alias.fabrikam.example', target])
  assert.equal(leads.value.addresses.length, 1)
  assert.deepEqual(await dns.texts(name), none, 'an alias is no text')
  await control(sandbox, '/dns/broken', { name: 'fabrikam.example', broken: true })
  assert.deepEqual(await dns.leads(name), { kind: 'unreadable' })
})

test('the DNS’s failures are told by what they mean', async () => {
  await using sandbox = await stage()
  const dns = dnsOf(sandbox)
  for (const [fault, kind] of /** @type {const} */ ([
    [{ status: 429, retryAfterSeconds: 3 }, 'throttled'],
    [{ status: 503 }, 'down'],
    [{ kind: 'broken-json' }, 'rejected'],
    [{ kind: 'drop' }, 'down'],
  ])) {
    await control(sandbox, '/faults', { match: '/dns-query', ...fault })
    await assert.rejects(dns.texts(name), { kind })
  }
})
