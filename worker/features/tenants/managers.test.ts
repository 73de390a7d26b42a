import { asc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tenants, tenantUsers } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { notAllowed, people, person, startMicrosoft, throttled } from '../../test/microsoft.ts'
import {
  connectedTenant,
  environmentWith,
  partsJob,
  readBeside,
  standingClock,
  sync,
  tenantRow,
  tenantScope,
} from '../../test/tenants.ts'
import type { Clock, Connected } from '../../test/tenants.ts'

const HOUR = 3_600_000
const microsoft = startMicrosoft()
holdQueue()
let clock: Clock

beforeEach(() => {
  microsoft.calm()
  clock = standingClock()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  moveClock(undefined)
  vi.restoreAllMocks()
})

const synced = async (more: Parameters<typeof microsoft.tenant>[0] = {}): Promise<Connected> => {
  const connected = await connectedTenant(microsoft.tenant(more))
  await sync(connected)
  clock.forward(60_000)
  return connected
}

describe('Who is whose manager', () => {
  const led = (number: number, by?: number) => person(number, by === undefined ? {} : { managerId: person(by).id })
  const cast = [led(1), led(2, 1), led(3, 1), led(4, 4), led(5, 99)]
  const managersOf = async (connected: Connected) =>
    (await tenantScope(connected).list(tenantUsers, { orderBy: [asc(tenantUsers.id)] })).flatMap(({ id, managerId }) =>
      managerId === null ? [] : [[Number(id.slice(-12)), Number(managerId.slice(-12))]],
    )
  const askedFor = () => microsoft.askedFor('/users').filter(({ url }) => url.searchParams.has('$expand'))

  it('is read page by page: nobody is their own, and one is kept who is nobody that we know', async () => {
    const connected = await synced({ people: cast, pageSize: 2 })
    expect((await tenantRow(connected)).managersAsOf).toBeNull()
    const before = askedFor().length
    await readBeside(connected)
    expect(await managersOf(connected)).toEqual([
      [2, 1],
      [3, 1],
      [5, 99],
    ])
    expect(askedFor().length - before).toBe(3)
    expect(askedFor().at(-1)?.headers.get('x-ms-throttle-priority')).toBe('low')
    const row = await tenantRow(connected)
    expect(row).toMatchObject({ managersUnknownSince: null })
    expect(row.managersAsOf).toBeGreaterThan(0)
  })

  it('is read whole again with each pass, and stays while people change: of somebody who has left, until then', async () => {
    const connected = await synced({ people: cast })
    await readBeside(connected)
    connected.microsoftTenant.leave(person(1).id)
    connected.microsoftTenant.change(person(2).id, { jobTitle: 'Joiner', managerId: person(3).id })
    connected.microsoftTenant.people.set(person(3).id, person(3))
    clock.forward(HOUR)
    await sync(connected)
    expect(await managersOf(connected)).toEqual([
      [2, 1],
      [3, 1],
      [5, 99],
    ])
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await managersOf(connected)).toEqual([
      [2, 3],
      [5, 99],
    ])
  })

  it('writes nothing of people whose manager is the same', async () => {
    const connected = await synced({ people: cast })
    await readBeside(connected)
    clock.forward(2 * HOUR)
    const statements: string[] = []
    await readBeside(
      connected,
      environmentWith(connected, (shard) => ({
        ...shard,
        read: (statement) => shard.read(statement),
        batch: (all) => {
          statements.push(...all.map((statement) => statement.sql))
          return shard.batch(all)
        },
      })),
    )
    expect(statements.filter((text) => text.startsWith('update "tenant_users"'))).toEqual([])
    expect(statements.some((text) => text.includes('"managers_as_of"'))).toBe(true)
  })

  it('is read once a day of more than 2,000 people', async () => {
    const connected = await synced({ people: people(2_001), pageSize: 3_000 })
    await readBeside(connected)
    const before = askedFor().length
    clock.forward(23 * HOUR)
    await readBeside(connected)
    expect(askedFor().length - before).toBe(0)
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(askedFor().length - before).toBe(1)
  })

  it('leaves half of the hour’s requests to the sync, and waits for the next pass', async () => {
    const connected = await synced({ people: cast })
    const scope = connected.customer.msp.scope
    const used = { requestHour: Math.floor(now() / HOUR), requestCount: 1_000 }
    await scope.record(scope.changeAll(tenants, eq(tenants.id, connected.tenantId), used))
    const before = askedFor().length
    await readBeside(connected)
    expect(askedFor().length - before).toBe(0)
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await managersOf(connected)).toHaveLength(3)
  })

  it('is not known while Microsoft does not tell, since when, and what was known stays', async () => {
    const connected = await synced({ people: cast })
    await readBeside(connected)
    const { managersAsOf } = await tenantRow(connected)
    microsoft.interrupt('manager(', notAllowed, 100)
    clock.forward(2 * HOUR)
    await readBeside(connected)
    const { managersUnknownSince } = await tenantRow(connected)
    expect(managersUnknownSince).toBeGreaterThan(0)
    expect(await managersOf(connected)).toHaveLength(3)
    expect(await partsJob(connected)).toMatchObject({ state: 'done' })
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await tenantRow(connected)).toMatchObject({ managersUnknownSince, managersAsOf })
    microsoft.calm()
    clock.forward(2 * HOUR)
    await readBeside(connected)
    expect(await tenantRow(connected)).toMatchObject({ managersUnknownSince: null })
  })

  it('goes on from the page it had reached when Microsoft asks to slow down', async () => {
    const connected = await synced({ people: people(6, { managerId: person(9).id }), pageSize: 1 })
    microsoft.interrupt('manager($select=id)&$skiptoken=4', () => throttled(90))
    await readBeside(connected)
    expect(await partsJob(connected)).toMatchObject({ state: 'waiting' })
    expect(await managersOf(connected)).toHaveLength(4)
    expect((await tenantRow(connected)).managersAsOf).toBeNull()
    const before = askedFor().length
    clock.forward(95_000)
    await readBeside(connected)
    expect(await managersOf(connected)).toHaveLength(6)
    expect(askedFor().slice(before)[0]?.url.searchParams.get('$skiptoken')).toBe('4')
  })
})
