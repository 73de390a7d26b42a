import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { activities, customers, jobs } from '../../db/shard/schema.ts'
import { moveClock, now } from '../clock.ts'
import { ConnectorFault } from '../connectors/connector.ts'
import { deliverOne, holdQueue } from '../test/held-queue.ts'
import { environment, newCustomer, newMsp } from '../test/stage.ts'
import type { StagedMsp } from '../test/stage.ts'
import { newId } from '../tenancy/ids.ts'
import type { MspScope } from '../tenancy/scope.ts'
import { consumerOf, HopelessJob } from './consumer.ts'
import { ATTEMPT_COUNT_EVER, ATTEMPT_COUNT_MAX, CALL_MS_MAX, finished, LEASE_MS } from './job.ts'
import type { Job, Outcome, Work } from './job.ts'

const noon = Date.parse('2026-11-20T12:00:00Z')
const queue = holdQueue()

beforeEach(() => moveClock(() => noon))
afterEach(() => {
  moveClock(undefined)
  queue.take()
})

/** A kind of job whose doing is up to the test. */
const jobThat = (
  run: (msp: MspScope, work: Work) => Promise<Outcome>,
  more: Partial<Pick<Job, 'parked'>> = {},
): Job<never> => ({
  kind: 'test.work',
  title: 'Work',
  payload: z.object({}) as never,
  run: (msp, _payload, work) => run(msp, work),
  ...more,
})

/** Has one Worker that knows a kind of job take up a message, and waits for all that it causes. */
const worker = (job: Job<never>) => {
  const consume = consumerOf([job])
  return async (body: unknown): Promise<void> => {
    const caused: Promise<unknown>[] = []
    await consume(environment, body, (work) => caused.push(work()))
    await Promise.all(caused)
  }
}

/** A job of the MSP that is due now, with the message that hints at it. */
const newJob = async (msp: StagedMsp, more: Partial<typeof jobs.$inferInsert> = {}) => {
  const id = newId(now())
  const row = {
    id,
    kind: 'test.work',
    payload: {},
    naturalKey: id,
    subjectName: 'Fabrikam',
    state: 'waiting' as const,
    dueAt: now(),
    createdAt: now(),
    ...more,
  }
  await msp.scope.record(msp.scope.putAll(jobs, [row]))
  return { hint: { shard: msp.shard, mspId: msp.mspId, jobId: id }, row: () => msp.scope.find(jobs, id, 'job') }
}

const down = () => new ConnectorFault('down', 'Mail', 'The mail server could not be reached.')

describe('A job', () => {
  it('that is due is done once, by the system, for the MSP that its row names', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    const seen: unknown[] = []
    const tell = worker(
      jobThat(async (scope, { attempt }) => {
        seen.push([scope.mspId, scope.actor.kind, attempt])
        return finished
      }),
    )
    await tell(job.hint)
    await tell(job.hint)
    expect(seen).toEqual([[msp.mspId, 'system', 1]])
    expect(await job.row()).toMatchObject({ state: 'done', finishedAt: noon, leaseToken: null, trouble: null })
  })

  it('is done by one of two Workers that hear of it at once', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    let runCount = 0
    const counting = jobThat(async () => {
      runCount += 1
      return finished
    })
    await Promise.all([worker(counting)(job.hint), worker(counting)(job.hint), worker(counting)(job.hint)])
    expect(runCount).toBe(1)
    expect(await job.row()).toMatchObject({ state: 'done', attemptCount: 1 })
  })

  it('that is done ends what had given up on the same before, and nothing else', async () => {
    const msp = await newMsp()
    const state = { state: 'parked' as const, finishedAt: noon }
    const [same, other] = [await newJob(msp, { naturalKey: 'sync', ...state }), await newJob(msp, state)]
    await worker(jobThat(async () => finished))((await newJob(msp, { naturalKey: 'sync' })).hint)
    expect([(await same.row()).state, (await other.row()).state]).toEqual(['done', 'parked'])
  })

  it('is not taken up before it is due', async () => {
    const msp = await newMsp()
    const job = await newJob(msp, { dueAt: noon + 1 })
    let runCount = 0
    const tell = worker(
      jobThat(async () => {
        runCount += 1
        return finished
      }),
    )
    await tell(job.hint)
    expect([runCount, (await job.row()).attemptCount]).toEqual([0, 0])
    moveClock(() => noon + 1)
    await tell(job.hint)
    expect([runCount, (await job.row()).attemptCount]).toEqual([1, 1])
  })

  it('is left to the Worker that holds it until its lease has run out', async () => {
    const msp = await newMsp()
    const job = await newJob(msp, { state: 'running', leaseToken: 'somebody', leaseUntil: noon + LEASE_MS })
    let runCount = 0
    const tell = worker(
      jobThat(async () => {
        runCount += 1
        return finished
      }),
    )
    moveClock(() => noon + LEASE_MS)
    await tell(job.hint)
    expect(runCount).toBe(0)
    moveClock(() => noon + LEASE_MS + 1)
    await tell(job.hint)
    expect(runCount).toBe(1)
  })

  it('whose lease ran out is taken over, and what the Worker thought dead commits is rolled back', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    let goOn = () => {}
    const paused = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let begun = () => {}
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve
    })
    const adding = (name: string, before: () => Promise<void>) =>
      jobThat(async (scope, { stillMine }) => {
        await before()
        const id = newId(now())
        await scope.commit(
          { action: 'test.worked', subject: { kind: 'customer', id, name }, customerId: id },
          scope.add(customers, { id, name, sortName: name, createdAt: now() }),
          stillMine(),
        )
        return finished
      })
    const slow = worker(
      adding('by the slow one', () => {
        begun()
        return paused
      }),
    )(job.hint)
    await hasBegun
    moveClock(() => noon + LEASE_MS + 1)
    await worker(adding('by the quick one', async () => {}))(job.hint)
    goOn()
    await slow
    expect((await msp.scope.list(customers)).map(({ name }) => name)).toEqual(['by the quick one'])
    const entries = await msp.scope.list(activities, { where: eq(activities.action, 'test.worked') })
    expect(entries.map(({ subjectName }) => subjectName)).toEqual(['by the quick one'])
    expect(await job.row()).toMatchObject({ state: 'done', attemptCount: 2, trouble: null })
  })

  it('that was taken over is neither ended nor parked by the Worker that lost it', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    const tell = worker(
      jobThat(async (scope) => {
        // What another Worker does to the row when this one's lease has run out.
        await scope.record(
          scope.changeAll(jobs, eq(jobs.id, job.hint.jobId), { leaseToken: 'another', attemptCount: 2 }),
        )
        return finished
      }),
    )
    await tell(job.hint)
    expect(await job.row()).toMatchObject({ state: 'running', leaseToken: 'another', attemptCount: 2 })
  })

  it('prolongs its lease with each commit that proves it is still held', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    let leaseUntil: number | null = 0
    await worker(
      jobThat(async (scope, { stillMine }) => {
        moveClock(() => noon + 50_000)
        await scope.record(stillMine())
        leaseUntil = (await job.row()).leaseUntil
        return finished
      }),
    )(job.hint)
    expect(leaseUntil).toBe(noon + 50_000 + LEASE_MS)
  })

  it('looks after its lease before it waits for somebody else, and writes only when too little of it is left', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    const leases: (number | null)[] = []
    await worker(
      jobThat(async (_scope, { keep }) => {
        for (const seconds of [0, 15, 16, 31, 32]) {
          moveClock(() => noon + seconds * 1_000)
          await keep()
          leases.push((await job.row()).leaseUntil)
        }
        return finished
      }),
    )(job.hint)
    const until = (seconds: number) => noon + seconds * 1_000 + LEASE_MS
    expect(leases).toEqual([until(0), until(0), until(16), until(16), until(32)])
    expect(CALL_MS_MAX).toBeLessThan(LEASE_MS)
  })

  it('that is in other hands does not go on to call somebody else', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    const called: string[] = []
    await worker(
      jobThat(async (scope, { keep }) => {
        await scope.record(scope.changeAll(jobs, eq(jobs.id, job.hint.jobId), { leaseToken: 'another' }))
        moveClock(() => noon + LEASE_MS)
        await keep()
        called.push('somebody')
        return finished
      }),
    )(job.hint)
    expect(called).toEqual([])
    expect(await job.row()).toMatchObject({ state: 'running', leaseToken: 'another' })
  })

  it('that fails is tried again later, says why, and is hinted at for that moment', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    await worker(
      jobThat(async () => {
        throw down()
      }),
    )(job.hint)
    const row = await job.row()
    expect(row).toMatchObject({
      state: 'waiting',
      attemptCount: 1,
      trouble: 'The mail server could not be reached.',
      leaseToken: null,
      finishedAt: null,
    })
    expect(row.dueAt).toBeGreaterThanOrEqual(noon + 1_000)
    expect(row.dueAt).toBeLessThanOrEqual(noon + 6_000)
    expect(queue.take()).toEqual([{ hint: job.hint, delaySeconds: Math.ceil((row.dueAt - noon) / 1000) }])
  })

  it('that was throttled waits as long as it was asked to', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    await worker(
      jobThat(async () => {
        throw new ConnectorFault('throttled', 'Microsoft', 'Microsoft asked us to wait.', 300)
      }),
    )(job.hint)
    expect(await job.row()).toMatchObject({ state: 'waiting', dueAt: noon + 300_000 })
  })

  it('is parked after its last try with what went wrong, and cleans up once', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    const parkings: string[] = []
    let runCount = 0
    const tell = worker(
      jobThat(
        async () => {
          runCount += 1
          throw down()
        },
        {
          parked: async (_msp, _payload, trouble) => {
            parkings.push(trouble)
          },
        },
      ),
    )
    for (let attempt = 1; attempt <= ATTEMPT_COUNT_MAX; attempt += 1) {
      const { dueAt } = await job.row()
      moveClock(() => dueAt)
      await tell(job.hint)
    }
    expect(runCount).toBe(ATTEMPT_COUNT_MAX)
    expect(await job.row()).toMatchObject({
      state: 'parked',
      attemptCount: ATTEMPT_COUNT_MAX,
      trouble: 'The mail server could not be reached.',
      leaseToken: null,
    })
    await tell(job.hint)
    expect([runCount, parkings]).toEqual([ATTEMPT_COUNT_MAX, ['The mail server could not be reached.']])
  })

  it('that fails by a bug of ours does not show staff what the bug says', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    await worker(
      jobThat(async () => {
        throw new TypeError('SELECT secret FROM vault')
      }),
    )(job.hint)
    const { state, trouble } = await job.row()
    expect([state, trouble]).toEqual([
      'waiting',
      'Something went wrong on our side. The log has the details under this job’s id.',
    ])
  })

  it.each([
    ['cannot succeed by waiting', {}, 'There is nobody to write to.'],
    ['is of a kind nobody knows', { kind: 'test.unheard_of' }, 'Nothing here knows how to do "test.unheard_of".'],
    [
      'was given what it cannot read',
      { payload: 'rubbish' },
      'What this job was given does not have the shape it needs.',
    ],
  ])('that %s is parked at its first try', async (_, more, trouble) => {
    const msp = await newMsp()
    const job = await newJob(msp, more)
    await worker(
      jobThat(async () => {
        throw new HopelessJob('There is nobody to write to.')
      }),
    )(job.hint)
    expect(await job.row()).toMatchObject({ state: 'parked', attemptCount: 1, finishedAt: noon, trouble })
    expect(queue.take()).toEqual([])
  })

  it('that takes every Worker down with it is parked in the end, without being run again', async () => {
    const msp = await newMsp()
    const job = await newJob(msp, {
      state: 'running',
      attemptCount: ATTEMPT_COUNT_EVER,
      leaseToken: 'the last one that died',
      leaseUntil: noon - 1,
    })
    let runCount = 0
    await worker(
      jobThat(async () => {
        runCount += 1
        return finished
      }),
    )(job.hint)
    expect(runCount).toBe(0)
    expect(await job.row()).toMatchObject({
      state: 'parked',
      trouble: `This was begun ${ATTEMPT_COUNT_EVER} times and never came to an end.`,
    })
  })

  it('that asks to go on later does so, without having used up a try', async () => {
    const msp = await newMsp()
    const job = await newJob(msp, { attemptCount: 3, trouble: 'Microsoft asked us to wait.' })
    await worker(jobThat(async () => ({ kind: 'again', at: noon + 20_000 })))(job.hint)
    expect(await job.row()).toMatchObject({ state: 'waiting', dueAt: noon + 20_000, attemptCount: 0, trouble: null })
    expect(queue.take()).toEqual([{ hint: job.hint, delaySeconds: 20 }])
  })

  it('is due all the same when the queue takes no hint', async () => {
    const msp = await newMsp()
    const job = await newJob(msp)
    const { queue: usual } = environment
    environment.queue = {
      ...usual,
      send: async () => {
        throw new Error('The queue is full.')
      },
    }
    await worker(jobThat(async () => ({ kind: 'again', at: noon + 20_000 })))(job.hint)
    environment.queue = usual
    expect(await job.row()).toMatchObject({ state: 'waiting', dueAt: noon + 20_000 })
  })

  it('is there once while it is alive, and may come again when it is done', async () => {
    const msp = await newMsp()
    const once = { kind: 'test.work', payload: {}, naturalKey: 'sync:contoso', subjectName: 'Contoso' }
    await msp.scope.record(msp.scope.later(once))
    await Promise.all([msp.scope.record(msp.scope.later(once)), msp.scope.record(msp.scope.later(once))])
    const [alive, ...others] = await msp.scope.list(jobs)
    expect(others).toEqual([])
    await worker(jobThat(async () => finished))({ shard: msp.shard, mspId: msp.mspId, jobId: alive?.id ?? '' })
    await msp.scope.record(msp.scope.later(once))
    expect((await msp.scope.list(jobs)).map(({ state }) => state).toSorted()).toEqual(['done', 'waiting'])
  })

  it('reaches nothing of another MSP, even when it is given that MSP’s ids', async () => {
    const [northwind, , neighbour] = [await newMsp(), await newMsp(), await newMsp()]
    expect(neighbour.shard).toBe(northwind.shard)
    const victim = await newCustomer(neighbour, 'Tailspin Toys')
    const job = await newJob(northwind)
    const reached: unknown[] = []
    await worker(
      jobThat(async (scope) => {
        reached.push(await scope.list(customers), await scope.first(customers, eq(customers.id, victim.customerId)))
        reached.push(await scope.forCustomer(victim.customerId).list(customers))
        await scope.find(customers, victim.customerId, 'customer')
        return finished
      }),
    )(job.hint)
    expect(reached).toEqual([[], undefined, []])
    expect(await job.row()).toMatchObject({ state: 'waiting', trouble: 'There is no such customer.' })
  })
})

describe('A queue message', () => {
  it('that names another MSP’s job moves nothing', async () => {
    const [northwind, , neighbour] = [await newMsp(), await newMsp(), await newMsp()]
    const job = await newJob(neighbour)
    let runCount = 0
    const tell = worker(
      jobThat(async () => {
        runCount += 1
        return finished
      }),
    )
    await tell({ ...job.hint, mspId: northwind.mspId })
    await tell({ ...job.hint, mspId: 'nobody' })
    await tell({ ...job.hint, shard: northwind.shard === 'shard-1' ? 'shard-2' : 'shard-1' })
    expect(runCount).toBe(0)
    expect(await job.row()).toMatchObject({ state: 'waiting', attemptCount: 0 })
    await tell(job.hint)
    expect(runCount).toBe(1)
  })

  it.each([
    ['nothing', null],
    ['a text', 'rubbish'],
    ['a list', []],
    ['an empty thing', {}],
    ['a shard we do not have', { shard: 'shard-9', mspId: 'a', jobId: 'b' }],
    ['ids that are no texts', { shard: 'shard-1', mspId: 1, jobId: { $ne: '' } }],
    ['a job that never was', { shard: 'shard-1', mspId: 'a', jobId: 'b' }],
  ])('of %s is used up without harm', async (_, body) => {
    await expect(deliverOne(body)).resolves.toBeUndefined()
    expect(queue.take()).toEqual([])
  })
})
