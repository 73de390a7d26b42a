import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, jobs } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newCustomer, newMsp, newStaff } from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'
import { newId } from '../../tenancy/ids.ts'

const path = '/api/msp-portal/jobs'
const queue = holdQueue()

afterEach(() => {
  moveClock(undefined)
  queue.take()
})

type JobShown = { id: string; title: string; state: string; dueAt: string | null; trouble: string | null }
type Listed = { items: JobShown[]; nextCursor: string | null }

const newJob = async (msp: StagedMsp, more: Partial<typeof jobs.$inferInsert> = {}) => {
  const id = newId(now())
  const row = {
    id,
    kind: 'mail.send',
    payload: { secret: 'not for the page' },
    naturalKey: id,
    subjectName: 'Invitation to Dana',
    state: 'parked' as const,
    dueAt: now(),
    attemptCount: 8,
    trouble: 'The mail server could not be reached.',
    createdAt: now(),
    finishedAt: now(),
    customerId: null,
    ...more,
  }
  await msp.scope.record(msp.scope.putAll(jobs, [row]))
  return id
}

describe('The Jobs page', () => {
  it('shows what ran and what failed, in words, newest first, and nothing of what a job was given', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    const noon = now()
    moveClock(() => noon)
    const failed = await newJob(msp)
    moveClock(() => noon + 1)
    const waiting = await newJob(msp, { state: 'waiting', trouble: null, attemptCount: 0, dueAt: noon + 60_000 })
    moveClock(() => noon + 2)
    const unknown = await newJob(msp, { kind: 'test.unheard_of', state: 'done', trouble: null })
    const response = await call(ADMIN, 'GET', path, { as: viewer })
    const text = await response.clone().text()
    const { items } = await bodyOf<Listed>(response)
    expect(items.map(({ id, title, state }) => [id, title, state])).toEqual([
      [unknown, 'test.unheard_of', 'done'],
      [waiting, 'Send mail', 'waiting'],
      [failed, 'Send mail', 'parked'],
    ])
    expect(items.map(({ trouble }) => trouble)).toEqual([null, null, 'The mail server could not be reached.'])
    expect(items.map(({ dueAt }) => dueAt)).toEqual([null, new Date(noon + 60_000).toISOString(), null])
    expect(text).not.toContain('not for the page')
  })

  it('shows one state alone, page by page, each job once', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    const parked = []
    for (let count = 0; count < 5; count += 1) parked.push(await newJob(msp))
    await newJob(msp, { state: 'done' })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Listed = await bodyOf<Listed>(
        await call(ADMIN, 'GET', `${path}?state=parked&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`, {
          as: viewer,
        }),
      )
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(parked.toSorted().toReversed())
  })

  it('shows no job of another MSP', async () => {
    const [northwind, , neighbour] = [await newMsp(), await newMsp(), await newMsp()]
    await newJob(neighbour)
    const own = await newJob(northwind)
    const { items } = await bodyOf<Listed>(await call(ADMIN, 'GET', path, { as: await newStaff(northwind) }))
    expect(items.map(({ id }) => id)).toEqual([own])
  })

  it('refuses a state or page marker that is none', async () => {
    const viewer = await newStaff(await newMsp(), 'viewer')
    for (const query of ['state=lost', 'cursor=rubbish', 'limit=0', 'limit=201', 'shard=1'])
      expect((await call(ADMIN, 'GET', `${path}?${query}`, { as: viewer })).status, query).toBe(422)
  })
})

describe('A parked job', () => {
  it('runs again when a technician says so, and the activity names them', async () => {
    const msp = await newMsp()
    const { customerId } = await newCustomer(msp)
    const technician = await newStaff(msp, 'technician')
    const id = await newJob(msp, { customerId })
    expect((await call(ADMIN, 'PUT', `${path}/${id}/retry`, { as: technician })).status).toBe(202)
    expect(await msp.scope.find(jobs, id, 'job')).toMatchObject({
      state: 'waiting',
      attemptCount: 0,
      trouble: null,
      finishedAt: null,
    })
    expect(queue.take().map(({ hint }) => hint)).toEqual([{ shard: msp.shard, mspId: msp.mspId, jobId: id }])
    expect(await msp.scope.list(activities, { where: eq(activities.action, 'job.retried') })).toMatchObject([
      { actorName: technician.name, customerId, subjectName: 'Invitation to Dana' },
    ])
  })

  it('really is done then', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const id = await newJob(msp, { payload: { about: 'welcome', customerId: 'gone', contactId: 'gone' } })
    await call(ADMIN, 'PUT', `${path}/${id}/retry`, { as: technician })
    await queue.deliver()
    expect(await msp.scope.find(jobs, id, 'job')).toMatchObject({
      state: 'parked',
      attemptCount: 1,
      trouble: 'The person this mail was for is not there any more.',
    })
  })

  it.each([
    ['running', 'This is running already.'],
    ['done', 'This is done already.'],
  ] as const)('that is %s by now is left alone', async (state, detail) => {
    const msp = await newMsp()
    const id = await newJob(msp, { state })
    const response = await call(ADMIN, 'PUT', `${path}/${id}/retry`, { as: await newStaff(msp) })
    expect([response.status, (await bodyOf(response))['detail']]).toEqual([409, detail])
    expect((await msp.scope.find(jobs, id, 'job')).state).toBe(state)
  })

  it('is not run beside a newer one that does the same', async () => {
    const msp = await newMsp()
    const id = await newJob(msp, { naturalKey: 'sync:contoso' })
    await newJob(msp, { naturalKey: 'sync:contoso', state: 'waiting' })
    const response = await call(ADMIN, 'PUT', `${path}/${id}/retry`, { as: await newStaff(msp) })
    expect([response.status, (await bodyOf(response))['detail']]).toEqual([
      409,
      'A newer job is doing the same already.',
    ])
    expect((await msp.scope.find(jobs, id, 'job')).state).toBe('parked')
  })

  it('is not for viewers to run, nor for anybody of another MSP', async () => {
    const [msp, , neighbour] = [await newMsp(), await newMsp(), await newMsp()]
    const id = await newJob(msp)
    const retry = async (by: StagedMsp, role: 'viewer' | 'owner') =>
      (await call(ADMIN, 'PUT', `${path}/${id}/retry`, { as: await newStaff(by, role) })).status
    expect([await retry(msp, 'viewer'), await retry(neighbour, 'owner')]).toEqual([403, 404])
    expect((await msp.scope.find(jobs, id, 'job')).state).toBe('parked')
  })
})
