import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import type { Client } from '@libsql/client'
import { eq, sql } from 'drizzle-orm'
import { libsqlShard } from '../../db/connect.ts'
import {
  activities,
  contacts,
  customers,
  customerWords,
  idempotencyKeys,
  jobs,
  msps,
  syncRuns,
  tenants,
} from '../../db/shard/schema.ts'
import { FenceBreach } from './fence.ts'
import { newId } from './ids.ts'
import { forMsp } from './scope.ts'
import type { Ground, JobHint } from './scope.ts'

/** The scopes over libSQL, in a file: the same promises as over D1, where worker/tenancy/scope.test.ts has them all. */

const migrations = join(fileURLToPath(import.meta.url), '../../../migrations/shard')

let folder: string
let client: Client
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scope-'))
  client = createClient({ url: `file:${join(folder, 'shard.db')}` })
  for (const file of readdirSync(migrations).toSorted()) {
    await client.executeMultiple(readFileSync(join(migrations, file), 'utf8'))
  }
})
after(() => {
  client.close()
  rmSync(folder, { recursive: true, force: true })
})

const note = (action: `${string}.${string}`) => ({ action, subject: { kind: 'thing', id: 'thing', name: 'Thing' } })

/** A fresh MSP with two customers of one name, in the one libSQL file. */
const newMsp = async (more: Partial<Ground> = {}) => {
  const hints: JobHint[] = []
  const ground: Ground = {
    shard: libsqlShard('shard-libsql', client),
    actor: { kind: 'staff', id: 'tess', name: 'Tess Technician' },
    now: () => 1_800_000_000_000,
    hint: (given) => void hints.push(...given),
    ...more,
  }
  const mspId = newId(1)
  const scope = forMsp(ground, mspId)
  const [fabrikam, twin] = [newId(1), newId(1)]
  const settings = {
    timeZone: 'Europe/London',
    primaryColour: '#000',
    accentColour: '#fff',
    mailFromName: 'x',
    createdAt: 1,
  }
  await scope.commit(
    note('stage.set'),
    scope.add(msps, { id: mspId, name: 'Northwind IT', ...settings }),
    ...[fabrikam, twin].map((id) => scope.add(customers, { id, name: 'Fabrikam', sortName: 'fabrikam', createdAt: 1 })),
  )
  return { mspId, scope, fabrikam, twin, hints, ground }
}

describe('A scope over libSQL', () => {
  it('finds its own and calls everything of another MSP and of another customer missing', async () => {
    const [one, other] = [await newMsp(), await newMsp()]
    assert.equal((await one.scope.find(customers, one.fabrikam, 'customer')).name, 'Fabrikam')
    await assert.rejects(one.scope.find(customers, other.fabrikam, 'customer'), { code: 'missing' })
    await assert.rejects(one.scope.forCustomer(one.fabrikam).find(customers, one.twin, 'customer'), { code: 'missing' })
    assert.equal((await one.scope.list(customers, { where: sql`1 or 1` })).length, 2)
    const view = one.scope.view(customers, 'own')
    assert.deepEqual(await one.scope.select({ count: sql<number>`count(*)` }).from(view), [{ count: 2 }])
    const [first, second] = await one.scope.readAll([
      one.scope
        .select({ id: customers.id })
        .from(customers)
        .where(one.scope.mine(customers, eq(customers.id, one.twin))),
      one.scope
        .select({ id: customers.id })
        .from(customers)
        .where(one.scope.mine(customers, eq(customers.id, other.twin))),
    ])
    assert.deepEqual([first, second], [[{ id: one.twin }], []])
  })

  it('refuses a statement that forgot its owner, and a write described in another scope', async () => {
    const [one, other] = [await newMsp(), await newMsp()]
    await assert.rejects(
      Promise.resolve(one.scope.select().from(customers)),
      (error: Error) => error.cause instanceof FenceBreach,
    )
    const row = await one.scope.find(customers, one.fabrikam, 'customer')
    await assert.rejects(
      other.scope.commit(note('theft.tried'), one.scope.change(customers, row, { name: 'X' })),
      FenceBreach,
    )
  })

  it('commits with an entry of before and after, its jobs, and a hint', async () => {
    const { scope, fabrikam, hints, mspId } = await newMsp()
    const row = await scope.find(customers, fabrikam, 'customer')
    await scope.commit(
      note('customer.renamed'),
      scope.change(customers, row, { name: 'Fabrikam Ltd' }),
      scope.later({ kind: 'test', payload: { of: 1 }, naturalKey: 'k', subjectName: 'K' }),
    )
    const [entry] = await scope.list(activities, { where: eq(activities.action, 'customer.renamed') })
    assert.deepEqual(entry?.changes, [{ table: 'customers', field: 'name', before: 'Fabrikam', after: 'Fabrikam Ltd' }])
    const [job] = await scope.list(jobs)
    assert.deepEqual(job?.payload, { of: 1 })
    assert.deepEqual(hints, [{ shard: 'shard-libsql', mspId, jobId: job.id }])
  })

  it('rolls everything back when a row was changed in the meantime', async () => {
    const { scope, fabrikam, hints } = await newMsp()
    const row = await scope.find(customers, fabrikam, 'customer')
    await scope.commit(note('customer.changed'), scope.change(customers, row, { name: 'First' }))
    const late = scope.commit(
      note('customer.changed_late'),
      scope.later({ kind: 'test', payload: {}, naturalKey: 'k', subjectName: 'K' }),
      scope.change(customers, row, { name: 'Second' }),
    )
    await assert.rejects(late, { code: 'stale' })
    assert.equal((await scope.find(customers, fabrikam, 'customer')).name, 'First')
    assert.deepEqual(await scope.list(jobs), [])
    assert.deepEqual(await scope.list(activities, { where: eq(activities.action, 'customer.changed_late') }), [])
    assert.deepEqual(hints, [])
  })

  it('refuses a pointer into another MSP, a rewritten history and a second request of one key', async () => {
    const claim = () => ({ key: 'key-hash', bodyHash: 'body', settled: true })
    const [one, other] = [await newMsp({ idempotency: claim() }), await newMsp()]
    const wrong = one.scope.forCustomer(other.fabrikam)
    const dana = { id: newId(1), name: 'Dana', escalationPosition: 0, createdAt: 1 }
    await assert.rejects(wrong.commit(note('contact.added'), wrong.add(contacts, dana)), { kind: 'foreign_key' })
    const rewrite = one.scope.changeAll(activities, undefined, { action: 'nothing.happened' })
    await assert.rejects(one.scope.commit(note('history.rewritten'), rewrite), { kind: 'append_only' })
    const ask = () => {
      const scope = forMsp({ ...one.ground, idempotency: { ...claim(), settled: false } }, one.mspId)
      const row = { id: newId(1), name: 'Once', sortName: 'once', createdAt: 1 }
      return scope.commit({ ...note('customer.added'), answer: { status: 201, body: null } }, scope.add(customers, row))
    }
    await ask()
    await assert.rejects(ask(), { kind: 'unique', columns: ['idempotency_keys.msp_id', 'idempotency_keys.id'] })
    assert.equal((await one.scope.list(customers)).length, 3)
    assert.equal((await one.scope.list(idempotencyKeys)).length, 1)
  })

  it('puts many rows by their whole key, each customer’s apart', async () => {
    const { scope, fabrikam, twin } = await newMsp()
    const customer = scope.forCustomer(fabrikam)
    const words = (...list: string[]) =>
      customer.putAll(
        customerWords,
        list.map((word) => ({ id: 'word', word })),
      )
    await customer.commit(note('words.put'), words('fab', 'rikam'))
    await customer.commit(note('words.put'), words('rikam', 'ltd'))
    assert.deepEqual((await customer.list(customerWords)).map(({ word }) => word).toSorted(), ['fab', 'ltd', 'rikam'])
    assert.deepEqual(await scope.forCustomer(twin).list(customerWords), [])
  })

  it('ties a tenant’s scope to its customer', async () => {
    const { scope, fabrikam, twin } = await newMsp()
    const customer = scope.forCustomer(fabrikam)
    const tenant = {
      id: newId(1),
      entraTenantId: newId(1),
      name: 'T',
      domain: 'd',
      state: 'connected',
      connectedAt: 1,
      connectedBy: 'x',
    } as const
    await customer.commit(note('tenant.added'), customer.add(tenants, tenant))
    const run = { kind: 'full', state: 'running', step: 'people', startedAt: 1 } as const
    const [own, wrong] = [customer.forTenant(tenant.id), scope.forCustomer(twin).forTenant(tenant.id)]
    await assert.rejects(wrong.record(wrong.add(syncRuns, { id: newId(1), ...run })), { code: 'stale' })
    await own.record(own.add(syncRuns, { id: newId(1), ...run }))
    assert.equal((await own.list(syncRuns)).length, 1)
    assert.deepEqual(await wrong.list(syncRuns), [])
  })
})
