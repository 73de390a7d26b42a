import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import {
  askForToken,
  contoso,
  control,
  fabrikam,
  graphCaller,
  jsonOf,
  readDelta,
  rowsOf,
  stage,
  type Json,
} from '../testing.ts'

test('a fault befalls as many requests as were asked for, of one tenant and one path only', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, fabrikam)
  const other = await graphCaller(sandbox, contoso)
  await control(sandbox, '/faults', {
    tenantId: fabrikam,
    match: '/subscribedSkus',
    status: 429,
    retryAfterSeconds: 7,
    times: 2,
  })
  assert.equal((await graph('/organization')).status, 200)
  assert.equal((await other('/subscribedSkus')).status, 200)
  const throttled = await graph('/subscribedSkus')
  assert.equal(throttled.status, 429)
  assert.equal(throttled.headers.get('retry-after'), '7')
  assert.equal(((await jsonOf(throttled))['error'] as Json)['code'], 'TooManyRequests')
  assert.equal((await graph('/subscribedSkus')).status, 429)
  assert.equal((await graph('/subscribedSkus')).status, 200)
})

test('an answer can come broken, come empty, never come, or be cut off', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, contoso)
  const next = async (kind: string): Promise<Json> => control(sandbox, '/faults', { match: '/users', kind })

  await next('broken-json')
  const broken = await graph('/users/delta')
  assert.equal(broken.status, 200)
  await assert.rejects(broken.json())

  await next('empty-page')
  const empty = await jsonOf(await graph('/users/delta'))
  assert.deepEqual(rowsOf(empty), [])
  assert.equal(typeof empty['@odata.nextLink'], 'string')

  await next('drop')
  await assert.rejects(graph('/users/delta'))

  await next('hang')
  const patience = AbortSignal.timeout(300)
  const pending = fetch(`${sandbox.http}/graph/v1.0/users/delta`, { signal: patience })
  await assert.rejects(pending, { name: 'TimeoutError' })
})

test('token requests can be throttled too, and faults can be called off', async () => {
  await using sandbox = await stage()
  await control(sandbox, '/faults', { match: 'oauth2/v2\\.0/token$', status: 503, times: 9 })
  assert.equal((await askForToken(sandbox, fabrikam)).status, 503)
  await fetch(`${sandbox.http}/control/faults`, { method: 'DELETE' })
  assert.equal((await askForToken(sandbox, fabrikam)).status, 200)
})

test('requests are counted by tenant and path, with the headers that matter', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, fabrikam)
  await graph('/users/delta', { 'x-ms-throttle-priority': 'low' })
  await graph('/users/delta', { 'x-ms-throttle-priority': 'low' })
  await (
    await graphCaller(sandbox, contoso)
  )('/organization')
  const { total, requests } = await jsonOf(await fetch(`${sandbox.http}/control/requests?tenantId=${fabrikam}`))
  assert.equal(total, 3)
  const entries = requests as Json[]
  const delta = entries.find((entry) => entry['path'] === '/graph/v1.0/users/delta')
  assert.equal(delta?.['count'], 2)
  assert.deepEqual(delta['statuses'], { 200: 2 })
  assert.deepEqual((delta['headers'] as Json)['x-ms-throttle-priority'], ['low'])
  assert.doesNotMatch(JSON.stringify(entries), /authorization|secret/i)
})

test('a reset brings back the first day', async () => {
  await using sandbox = await stage()
  await control(sandbox, `/tenants/${fabrikam}/changes`, { remove: 2 })
  await control(sandbox, '/tenants', { domain: 'new.example', name: 'New', userCount: 5 })
  await control(sandbox, '/reset', {})
  const { rows } = await readDelta(await graphCaller(sandbox, fabrikam), '/users/delta')
  assert.equal(rows.length, 40)
  const state = await jsonOf(await fetch(`${sandbox.http}/control/state`))
  assert.equal((state['tenants'] as Json[]).length, 7)
})

test('a wrong switch is refused with words, and another site may not touch any', async () => {
  await using sandbox = await stage()
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${sandbox.http}/control${path}`, { method: 'POST', body: JSON.stringify(body), headers })
  assert.equal((await post('/faults', { kind: 'confusion' })).status, 400)
  assert.equal(
    (await post(`/tenants/${fabrikam}/changes`, { assign: { skuPartNumber: 'SPE_E5', count: 1 } })).status,
    400,
  )
  assert.equal((await post('/tenants/nobody.example/changes', { add: 1 })).status, 404)
  assert.equal((await post('/tenants', { domain: 'fabrikamdental.example', name: 'Again', userCount: 5 })).status, 409)
  assert.equal((await post('/reset', {}, { origin: 'https://evil.example' })).status, 403)
})

test('it says where it can be reached, and what is wrong when its port is taken', async () => {
  await using sandbox = await stage()
  const written = JSON.parse(await readFile(join(sandbox.stateFolder, 'endpoints.json'), 'utf8')) as Json
  assert.deepEqual(written, { http: sandbox.http, smtp: sandbox.smtp, pid: process.pid })
  assert.equal((await jsonOf(await fetch(`${sandbox.http}/healthz`)))['smtp'], sandbox.smtp)
  const { port } = new URL(sandbox.http)
  const second = promisify(execFile)(process.execPath, [join(import.meta.dirname, '../index.ts')], {
    env: { ...process.env, SANDBOX_PORT: port, SANDBOX_STATE: sandbox.stateFolder },
  })
  await assert.rejects(second, (error: Error & { code: number; stderr: string }) => {
    assert.equal(error.code, 1)
    assert.match(error.stderr, new RegExp(`^The sandbox cannot start: port ${port} is taken\\.[^\\n]*\\n$`))
    return true
  })
})
