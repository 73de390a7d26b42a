import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { environment } from '../../test/stage.ts'
import { standingClock } from '../../test/tenants.ts'
import type { Clock } from '../../test/tenants.ts'
import { refreshWhenDue, skuNamesOf } from './refresh.ts'

const queue = holdQueue()
const { directory } = environment
let clock: Clock
let answer: () => Response

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const table = (count: number, name = (number: number) => `Licence ${number}`): Response =>
  new Response(
    [
      'Product_Display_Name,String_Id,GUID',
      ...Array.from({ length: count }, (_, number) => `${name(number)},PART_${number},${idOf(number)}`),
    ].join('\r\n'),
  )

beforeEach(async () => {
  clock = standingClock()
  vi.stubGlobal('fetch', (address: string) => {
    expect(address).toBe(environment.SKU_NAMES_URL)
    return Promise.resolve(answer())
  })
  await directory.batch([
    directory.prepare(`delete from sku_names`),
    directory.prepare(`update sku_name_reads set due_at = 0, read_at = null, trouble = null`),
  ])
  queue.takeErrands()
})
afterEach(() => {
  vi.unstubAllGlobals()
  moveClock(undefined)
})

const refresh = async (given: () => Response): Promise<void> => {
  answer = given
  await refreshWhenDue(environment)
  await queue.deliverErrands()
}
const namesOf = async (...numbers: number[]) => Object.fromEntries(await skuNamesOf(environment, numbers.map(idOf)))
const standing = () =>
  directory
    .prepare(`select due_at as dueAt, read_at as readAt, trouble from sku_name_reads`)
    .first<{ dueAt: number; readAt: number | null; trouble: string | null }>()

describe('Microsoft’s names of licences', () => {
  it('are read once a day', async () => {
    await refresh(() => table(40))
    expect(await namesOf(3, 99)).toEqual({ [idOf(3)]: 'Licence 3' })
    const read = await standing()
    expect(read?.trouble).toBeNull()
    expect((read?.dueAt ?? 0) - (read?.readAt ?? 0)).toBe(86_400_000)

    await refreshWhenDue(environment)
    expect(queue.takeErrands()).toEqual([])
    clock.forward(86_500_000)
    await refresh(() => table(40, (number) => `Renamed ${number}`))
    expect(await namesOf(3)).toEqual({ [idOf(3)]: 'Renamed 3' })
  })

  it('are asked for by one Worker at a time, and again when that one died', async () => {
    await refreshWhenDue(environment)
    await refreshWhenDue(environment)
    expect(queue.takeErrands()).toEqual([{ errand: 'sku_names', id: 'microsoft' }])
    clock.forward(11 * 60_000)
    await refreshWhenDue(environment)
    expect(queue.takeErrands()).toHaveLength(1)
  })

  it.each([
    ['is shorter than what is known', () => table(30)],
    ['is a web page', () => new Response('<!doctype html>')],
    ['was cut off', () => new Response('Product_Display_Name,String_Id,GUID\r\nLicence 1,PART_1,0000')],
    ['does not come', () => new Response(null, { status: 503 })],
    ['moved elsewhere', () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test/' } })],
  ])('stay as they are when the table %s, and are tried again an hour later', async (_, broken) => {
    await refresh(() => table(40))
    clock.forward(86_500_000)
    const at = now()
    await refresh(broken)
    expect(await namesOf(35)).toEqual({ [idOf(35)]: 'Licence 35' })
    const { dueAt = 0, trouble } = (await standing()) ?? {}
    expect(trouble).toMatch(/table of licences/)
    expect(dueAt - at).toBeGreaterThan(3_500_000)
    expect(dueAt - at).toBeLessThan(3_700_000)
  })

  it('are none of the first table when that is too short to be one', async () => {
    await refresh(() => table(5))
    expect(await namesOf(1)).toEqual({})
  })

  it('of a licence that is no longer in the table stay', async () => {
    await refresh(() => table(40))
    clock.forward(86_500_000)
    await refresh(() => table(38))
    expect(await namesOf(39)).toEqual({ [idOf(39)]: 'Licence 39' })
  })
})
