import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  accessGrantPeople,
  accessGrants,
  activities,
  idempotencyKeys,
  invitations,
  jobs,
  securityAlerts,
  securityScores,
  sessions,
  tenantDays,
  tenants,
  userChanges,
} from '../../db/shard/schema.ts'
import { sweep } from '../work.ts'
import type { Shard } from '../../db/connect.ts'
import { moveClock, now } from '../clock.ts'
import { shardNamed } from '../env.ts'
import { holdQueue } from '../test/held-queue.ts'
import { leaveNothingDue } from '../test/nothing-due.ts'
import { environment, newContact, newCustomer, newMsp, newPortal, newStaff, newTenant } from '../test/stage.ts'
import type { StagedMsp } from '../test/stage.ts'
import { acrossMsps } from '../tenancy/across.ts'
import { newId } from '../tenancy/ids.ts'

const HOUR = 3_600_000
const queue = holdQueue()

/** A pass of the sweep takes so many of a shard and no more: what other tests left there must not be among them. */
beforeEach(leaveNothingDue)

afterEach(() => {
  moveClock(undefined)
  queue.take()
})

const waitingJob = (id: string) => ({
  id,
  kind: 'test.work',
  payload: {},
  naturalKey: id,
  subjectName: 'Fabrikam',
  state: 'waiting' as const,
  dueAt: now(),
  leaseUntil: null,
  finishedAt: null,
  createdAt: now(),
})

const newJob = async (msp: StagedMsp, more: Partial<typeof jobs.$inferInsert>) => {
  const id = newId(now())
  await msp.scope.record(msp.scope.putAll(jobs, [{ ...waitingJob(id), ...more }]))
  return id
}

/** Each shard is swept by itself, so only MSPs of one shard can be in each other's way. */
const twoOnOneShard = async (): Promise<[StagedMsp, StagedMsp]> => {
  const [one, second, third] = [await newMsp(), await newMsp(), await newMsp()]
  const other = [second, third].find(({ shard }) => shard === one.shard)
  if (other === undefined) throw new Error('No two of three MSPs are on one shard.')
  return [one, other]
}

const newTenantRow = (nextSyncAt: number) => ({
  id: newId(now()),
  entraTenantId: crypto.randomUUID(),
  name: 'Tenant',
  domain: 'tenant.example',
  state: 'connected' as const,
  connectedAt: now(),
  connectedBy: 'Admin',
  nextSyncAt,
})

/** The jobs of one MSP that the sweep hints at. */
const hintedAt = async (msp: StagedMsp): Promise<string[]> => {
  queue.take()
  await sweep(environment)
  return queue
    .take()
    .filter(({ hint }) => hint.mspId === msp.mspId)
    .map(({ hint }) => hint.jobId)
}

describe('The sweep', () => {
  it('hints at what is due on every shard, with the shard’s name', async () => {
    const [one, other] = [await newMsp(), await newMsp()]
    const [first, second] = [await newJob(one, {}), await newJob(other, {})]
    await sweep(environment)
    const hints = queue.take().map(({ hint }) => hint)
    expect(hints).toContainEqual({ shard: one.shard, mspId: one.mspId, jobId: first })
    expect(hints).toContainEqual({ shard: other.shard, mspId: other.mspId, jobId: second })
  })

  it('hints at a job that a dead Worker left, and at no other that is not waiting for its turn', async () => {
    const msp = await newMsp()
    const left = await newJob(msp, { state: 'running', leaseUntil: now() - 1 })
    await newJob(msp, { state: 'running', leaseUntil: now() + 60_000 })
    await newJob(msp, { state: 'done', finishedAt: now() })
    await newJob(msp, { state: 'parked', finishedAt: now() })
    await newJob(msp, { dueAt: now() + 60_000 })
    expect(await hintedAt(msp)).toEqual([left])
  })

  it('puts a hint right that the queue lost', async () => {
    const msp = await newMsp()
    await msp.scope.record(
      msp.scope.later({ kind: 'test.work', payload: {}, naturalKey: 'lost', subjectName: 'Fabrikam' }),
    )
    const lost = queue.take().map(({ hint }) => hint.jobId)
    expect(lost).toHaveLength(1)
    expect(await hintedAt(msp)).toEqual(lost)
  })

  it('queues a sync for each connected tenant whose time has come, once however often it passes', async () => {
    const msp = await newMsp()
    const customer = await newCustomer(msp)
    const due = await newTenant(customer, { nextSyncAt: now() - 1, name: 'Contoso' })
    await newTenant(customer, { nextSyncAt: now() + HOUR })
    await newTenant(customer, { nextSyncAt: now() - 1, state: 'consent_lost' })
    await sweep(environment)
    await sweep(environment)
    const rows = await msp.scope.list(jobs)
    expect(rows.map(({ customerId, state }) => [customerId, state])).toEqual([[customer.customerId, 'waiting']])
    expect(JSON.stringify(rows[0]?.payload)).toContain(due.id)
  })

  it('takes turns between MSPs: one with hundreds of tenants due does not make another wait', async () => {
    const [large, other] = await twoOnOneShard()
    const crowd = await newCustomer(large)
    const scope = large.scope.forCustomer(crowd.customerId)
    const [first, ...more] = Array.from({ length: 250 }, (_, position) =>
      scope.add(tenants, newTenantRow(now() - HOUR + position)),
    )
    if (first === undefined) throw new Error('Nobody is due.')
    await scope.commit(
      { action: 'stage.tenants', subject: { kind: 'tenant', id: 'many', name: 'Many' } },
      first,
      ...more,
    )
    const late = await newTenant(await newCustomer(other), { nextSyncAt: now() - 1 })
    await sweep(environment)
    expect((await large.scope.list(jobs)).length, 'a part of many').toBeLessThan(100)
    const queued = await other.scope.list(jobs)
    expect(queued.map(({ naturalKey }) => naturalKey)).toEqual([`sync:${late.id}`])
    for (let passes = 0; passes < 2; passes += 1) await sweep(environment)
    expect(await large.scope.list(jobs), 'all of them in the end').toHaveLength(250)
  })

  it('hints at jobs of each MSP in turn', async () => {
    const [large, other] = await twoOnOneShard()
    const ids = Array.from({ length: 250 }, () => newId(now()))
    await large.scope.record(
      large.scope.putAll(
        jobs,
        ids.map((id, position) => ({ ...waitingJob(id), dueAt: now() - HOUR + position })),
      ),
    )
    const late = await newJob(other, { dueAt: now() - 1 })
    expect(await hintedAt(other)).toEqual([late])
    expect((await hintedAt(large)).length).toBeGreaterThan(50)
  })

  it('forgets sessions that are over, spent request keys and jobs long done, and nothing else', async () => {
    const msp = await newMsp()
    const person = await newStaff(msp)
    const session = async (expiresAt: number) => {
      const id = newId(now())
      const times = { createdAt: now(), seenAt: now(), expiresAt }
      await msp.scope.record(msp.scope.add(sessions, { id, host: 'admin.portal.test', staffId: person.id, ...times }))
      return id
    }
    const key = (id: string, createdAt: number) => ({ id, bodyHash: '', status: 201, answer: null, createdAt })
    await msp.scope.record(msp.scope.removeWhere(sessions, undefined))
    await session(now() - 1)
    const alive = await session(now() + HOUR)
    await msp.scope.record(
      msp.scope.putAll(idempotencyKeys, [key('yesterday', now() - 25 * HOUR), key('today', now() - HOUR)]),
    )
    await newJob(msp, { state: 'done', finishedAt: now() - 8 * 24 * HOUR })
    const recent = await newJob(msp, { state: 'done', finishedAt: now() - 2 * 24 * HOUR })
    const parked = await newJob(msp, { state: 'parked', finishedAt: now() - 80 * 24 * HOUR })
    await sweep(environment)
    expect((await msp.scope.list(sessions)).map(({ id }) => id)).toEqual([alive])
    expect((await msp.scope.list(idempotencyKeys)).map(({ id }) => id)).toEqual(['today'])
    expect((await msp.scope.list(jobs)).map(({ id }) => id).toSorted()).toEqual([recent, parked].toSorted())
  })

  it('forgets what happened to people, and the figures of days, after a year, and nothing younger', async () => {
    const customer = await newCustomer(await newMsp())
    const { id: tenantId } = await newTenant(customer)
    const scope = customer.msp.scope.forCustomer(customer.customerId).forTenant(tenantId)
    const day = (ago: number) => new Date(now() - ago * 24 * HOUR).toISOString().slice(0, 10)
    const change = (id: string, ago: number) => ({
      id,
      day: day(ago),
      kind: 'left' as const,
      userId: 'somebody',
      name: 'Somebody',
      detail: null,
      skuId: null,
      at: now() - ago * 24 * HOUR,
    })
    const figures = (ago: number) => ({
      id: day(ago),
      activeUserCount: 1,
      licensedUserCount: 1,
      seats: [],
      takenAt: now() - ago * 24 * HOUR,
    })
    const score = (ago: number) => ({
      id: day(ago),
      currentHundredths: 1,
      maxHundredths: 2,
      comparisonHundredths: null,
      asOf: now(),
      scoredAt: now() - ago * 24 * HOUR,
    })
    const alert = (id: string, ago: number) => ({
      id,
      title: 'Odd',
      severity: 'low' as const,
      status: 'new' as const,
      raisedAt: now() - ago * 24 * HOUR,
      asOf: now(),
    })
    await scope.record(
      scope.putAll(userChanges, [change('old', 366), change('young', 364)]),
      scope.putAll(tenantDays, [figures(366), figures(364)]),
      scope.putAll(securityScores, [score(366), score(364)]),
      scope.putAll(securityAlerts, [alert('old', 366), alert('young', 364)]),
    )
    await sweep(environment)
    const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
    expect(idsOf(await scope.list(userChanges))).toEqual(['young'])
    expect(idsOf(await scope.list(tenantDays))).toEqual([day(364)])
    expect(idsOf(await scope.list(securityScores))).toEqual([day(364)])
    expect(idsOf(await scope.list(securityAlerts))).toEqual(['young'])
  })

  it('forgets access given to many after 30 days, and after 90 what stopped half-way, each with whom it had to come to', async () => {
    const { scope } = await newMsp()
    const day = 24 * HOUR
    const grant = (id: string, state: 'running' | 'done', createdDaysAgo: number, finishedDaysAgo?: number) => ({
      id,
      state,
      totalCount: 1,
      outcomes: {},
      actorKind: 'staff' as const,
      actorId: 'marcus',
      actorName: 'Marcus',
      trouble: state === 'done' ? null : 'Stuck.',
      createdAt: now() - createdDaysAgo * day,
      finishedAt: finishedDaysAgo === undefined ? null : now() - finishedDaysAgo * day,
    })
    await scope.commit(
      { action: 'stage.grants', subject: { kind: 'access_grant', id: 'grants', name: 'Grants' } },
      scope.putAll(accessGrants, [
        grant('old', 'done', 32, 31),
        grant('recent', 'done', 32, 29),
        grant('stuck', 'running', 91),
        grant('waiting', 'running', 89),
      ]),
      scope.putAll(accessGrantPeople, [
        { id: 'fay', grantId: 'stuck' },
        { id: 'fay', grantId: 'waiting' },
      ]),
    )
    await sweep(environment)
    expect((await scope.list(accessGrants)).map(({ id }) => id).toSorted()).toEqual(['recent', 'waiting'])
    expect((await scope.list(accessGrantPeople)).map(({ grantId }) => grantId)).toEqual(['waiting'])
  })

  it('forgets what gave up a quarter of a year ago, invitations long run out and what was done seven years ago', async () => {
    const msp = await newMsp()
    const customer = await newPortal(await newCustomer(msp))
    const contact = await newContact(customer)
    const scope = msp.scope.forCustomer(customer.customerId)
    const DAY = 24 * HOUR
    const invite = async (expiresAt: number) => {
      const id = newId(now())
      const row = { id, contactId: contact.id, tokenHash: id, createdAt: 1, expiresAt }
      await scope.commit(
        { action: 'test.invited', subject: { kind: 'contact', id, name: 'Dana' } },
        scope.add(invitations, row),
      )
      return id
    }
    const deed = (action: `test.${string}`, daysAgo: number) => {
      moveClock(() => Date.now() - daysAgo * DAY)
      return msp.scope
        .commit(
          { action, subject: { kind: 'msp', id: msp.mspId, name: 'Northwind' } },
          msp.scope.removeWhere(sessions, undefined),
        )
        .finally(() => moveClock(undefined))
    }
    await newJob(msp, { state: 'parked', finishedAt: now() - 91 * DAY })
    const parked = await newJob(msp, { state: 'parked', finishedAt: now() - 89 * DAY })
    await invite(now() - 91 * DAY)
    const recent = await invite(now() - 89 * DAY)
    await deed('test.long_ago', 7 * 366 + 1)
    // Other files' clocks run up to two months ahead, and their sweeps look at this MSP, too.
    await deed('test.remembered', 7 * 365 - 62)
    await sweep(environment)
    expect((await msp.scope.list(jobs)).map(({ id }) => id)).toEqual([parked])
    expect((await msp.scope.list(invitations)).map(({ id }) => id)).toEqual([recent])
    const told = (await msp.scope.list(activities)).map(({ action }) => action)
    expect(told).toContain('test.remembered')
    expect(told).not.toContain('test.long_ago')
  })

  it('does its other work when the queue takes nothing', async () => {
    const msp = await newMsp()
    const job = await newJob(msp, {})
    await newJob(msp, { state: 'done', finishedAt: now() - 8 * 24 * HOUR })
    const { queue: usual } = environment
    environment.queue = {
      ...usual,
      sendBatch: async () => {
        throw new Error('The queue is full.')
      },
    }
    await sweep(environment)
    environment.queue = usual
    expect((await msp.scope.list(jobs)).map(({ id }) => id)).toEqual([job])
    expect((await msp.scope.first(jobs, eq(jobs.id, job)))?.state).toBe('waiting')
  })

  it('passes over a tenant whose sync waits already, so that it holds up no other', async () => {
    const msp = await newMsp()
    const customer = await newCustomer(msp)
    const [waiting, due] = [
      await newTenant(customer, { nextSyncAt: now() - HOUR }),
      await newTenant(customer, { nextSyncAt: now() - 1 }),
    ]
    await newJob(msp, { naturalKey: `sync:${waiting.id}`, dueAt: now() + HOUR })
    const found = await acrossMsps.dueTenants(shardNamed(environment, msp.shard), now())
    const mine = found.filter(({ mspId }) => mspId === msp.mspId).map(({ tenantId }) => tenantId)
    expect(mine).toEqual([due.id])
  })

  it('goes on with the other shards when one is in trouble, and says so in the end', async () => {
    const msp = await newMsp()
    const job = await newJob(msp, {})
    const broken: Shard = {
      name: 'shard-broken',
      read: () => Promise.reject(new Error('This shard is down.')),
      batch: () => Promise.reject(new Error('This shard is down.')),
    }
    const shards = new Map([['shard-broken', broken], ...environment.shards])
    await expect(sweep({ ...environment, shards })).rejects.toThrow('steps of the sweep failed')
    expect(queue.take().map(({ hint }) => hint.jobId)).toContain(job)
  })
})
