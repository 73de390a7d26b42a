import { env } from 'cloudflare:workers'
import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Shard } from '../../db/connect.ts'
import { customers, jobs } from '../../db/shard/schema.ts'
import { moveClock, now } from '../clock.ts'
import { shardNamed } from '../env.ts'
import { acrossMsps, forgetExpired, forgetHistory } from '../tenancy/across.ts'
import { ADMIN, call, environment, newCustomer, newMsp, newStaff, newTenant } from './stage.ts'
import { pastTheFence, trip, unfenced, unfencedSeen } from './tripwire.ts'

afterEach(() => {
  moveClock(undefined)
  vi.restoreAllMocks()
})

const { SHARD_1 } = env as unknown as { SHARD_1: D1Database }
const TRIPPED = /^Tripwire: /

describe('The tripwire', () => {
  it('lets through what the fence let through, in tests and in the Worker that serves a request', async () => {
    const msp = await newMsp()
    const { customerId } = await newCustomer(msp)
    await expect(msp.scope.find(customers, customerId, 'customer')).resolves.toBeDefined()
    const answer = await call(ADMIN, 'GET', `/api/msp-portal/customers/${customerId}`, { as: await newStaff(msp) })
    expect(answer.status).toBe(200)
  })

  it.each([
    ['bound to its owner', `select name from customers where msp_id = ?`],
    ['bound to nothing', `select name from customers where 'x' <> ?`],
    ['in other letters', `SELECT name FROM "Customers" WHERE msp_id = ?`],
    ['of another database', `select name from main.customers where msp_id = ?`],
    ['inside another select', `select 1 where exists (select 1 from tenants where msp_id = ?)`],
    ['a write', `delete from sessions where msp_id = ?`],
  ])('throws on a raw statement, %s', async (_, sql) => {
    const shard = shardNamed(environment, 'shard-1')
    const params = ['somebody']
    await expect(shard.read({ sql, params })).rejects.toThrow(TRIPPED)
    await expect(shard.batch([{ sql, params }])).rejects.toThrow(TRIPPED)
    expect(() =>
      SHARD_1.prepare(sql)
        .bind(...params)
        .all(),
    ).toThrow(TRIPPED)
    expect(() =>
      SHARD_1.prepare(sql)
        .bind(...params)
        .first(),
    ).toThrow(TRIPPED)
    expect(() =>
      SHARD_1.prepare(sql)
        .bind(...params)
        .run(),
    ).toThrow(TRIPPED)
  })

  it('throws on a statement without parameters, and on one that is executed as a script', () => {
    expect(() => SHARD_1.prepare('select name from customers').all()).toThrow(TRIPPED)
    expect(() => SHARD_1.exec('delete from customers')).toThrow(TRIPPED)
  })

  it('throws when what the fence let through comes back with other parameters, or a second time', async () => {
    const msp = await newMsp('Northwind IT', 'shard-1')
    const shard = shardNamed(environment, 'shard-1')
    const built = msp.scope
      .select({ name: customers.name })
      .from(customers)
      .where(eq(customers.mspId, msp.mspId))
      .toSQL()
    await msp.scope.select({ name: customers.name }).from(customers).where(eq(customers.mspId, msp.mspId))
    await expect(shard.read({ sql: built.sql, params: ['somebody else'] })).rejects.toThrow(TRIPPED)
    await expect(shard.read(built)).rejects.toThrow(TRIPPED)
  })

  it('lets alone what is nobody’s', async () => {
    await expect(shardNamed(environment, 'shard-1').read({ sql: 'select 1', params: [] })).resolves.toEqual([[1]])
    await expect(environment.directory.prepare('select hostname from hostnames').all()).resolves.toBeDefined()
  })

  it('stands before the Worker, too: a request that goes past the fence fails', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const msp = await newMsp()
    const member = await newStaff(msp)
    const shard = shardNamed(environment, msp.shard)
    const read = shard.read
    vi.spyOn(shard, 'read').mockImplementation(({ sql, params }) => read({ sql: `${sql} -- changed`, params }))
    const answer = await call(ADMIN, 'GET', '/api/msp-portal/customers', { as: member })
    expect(answer.status).toBe(500)
    expect(JSON.stringify(logged.mock.calls)).toContain('without having passed the fence')
  })
})

describe('The exceptions to the fence', () => {
  it('are exactly the statements that look across MSPs, none more and none that is not used', async () => {
    const shard = shardNamed(environment, 'shard-1')
    unfencedSeen.clear()
    const reads: ((shard: Shard, nowMs: number) => Promise<unknown>)[] = Object.values(acrossMsps)
    for (const read of reads) await expect(read(shard, now())).resolves.toBeDefined()
    await forgetExpired(shard, now())
    await forgetHistory(shard, now())
    expect([...unfencedSeen].toSorted()).toEqual([...unfenced].toSorted())
  })

  it('answer where there is work, and nothing else', async () => {
    const msp = await newMsp('Northwind IT', 'shard-1')
    await pastTheFence(() => SHARD_1.exec('update tenants set next_sync_at = null; delete from jobs'))
    const customer = await newCustomer(msp)
    const { customerId } = customer
    const tenant = await newTenant(customer, { nextSyncAt: 1 })
    const shard = shardNamed(environment, msp.shard)
    expect(await acrossMsps.dueTenants(shard, now())).toEqual([{ mspId: msp.mspId, customerId, tenantId: tenant.id }])
    const dueAt = now() + 3_600_000
    await msp.scope.record(msp.scope.later({ kind: 'test', payload: {}, naturalKey: 'k', subjectName: 'K', dueAt }))
    const [job] = await msp.scope.list(jobs)
    expect(await acrossMsps.dueJobs(shard, dueAt - 1)).toEqual([])
    expect(await acrossMsps.dueJobs(shard, dueAt)).toEqual([{ mspId: msp.mspId, jobId: job?.id }])
  })

  it('do not cover a statement that differs by a word', () => {
    for (const sql of unfenced) expect(() => trip({ sql: `${sql} `, params: [] })).toThrow(TRIPPED)
  })
})
