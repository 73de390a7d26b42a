import { asc } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { activities, customerImportRows, customers, customerWords } from '../../../db/shard/schema.ts'
import { moveClock } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, call } from '../../test/stage.ts'
import { dyingShard, standingClock } from '../../test/tenants.ts'
import type { Clock } from '../../test/tenants.ts'
import { environmentWith, newScene, work } from '../../test/imports.ts'
import type { Scene } from '../../test/imports.ts'

holdQueue()
let clock: Clock

beforeEach(() => {
  clock = standingClock()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  moveClock(undefined)
  vi.restoreAllMocks()
})

const LEASE_MS = 60_000
/** More than two batches of each kind of job. */
const ROW_COUNT = 810
const file = [
  'Name,Phone',
  'Fabrikam Ltd,2',
  ...Array.from({ length: ROW_COUNT - 2 }, (_, at) => `Customer ${at},${at}`),
  'customer 1,9',
  '',
].join('\n')

/** Everything an import leaves behind, without the ids and moments that differ from run to run. */
const remains = async ({ msp, read, rows }: Scene, id: string) => {
  const { state, counts, trouble, undoLeftCount } = await read(id)
  return {
    state,
    counts,
    trouble,
    undoLeftCount,
    customers: (await msp.scope.list(customers, { orderBy: [asc(customers.sortName)] })).map(
      ({ name, phone, version }) => `${name} ${phone} ${version}`,
    ),
    words: (await msp.scope.list(customerWords)).length,
    entries: (await msp.scope.list(activities)).filter(({ subjectKind }) => subjectKind === 'customer').length,
    rows: (await msp.scope.list(customerImportRows, { orderBy: [asc(customerImportRows.id)] })).map(
      ({ line, decision, writtenVersion, undoing }) => `${line} ${decision} ${writtenVersion} ${undoing}`,
    ),
    errors: (await rows(id, '&decision=error')).map(({ errors }) => errors[0]?.reason),
  }
}

type Step = { name: string; setUp: (scene: Scene) => Promise<string> }

const setUpScene = async () => {
  const scene = await newScene()
  await call(ADMIN, 'POST', '/api/msp-portal/customers', { as: scene.admin, body: { name: 'Fabrikam', phone: '1' } })
  return scene
}

const steps: Step[] = [
  {
    name: 'a check',
    setUp: async (scene) => {
      const shown = await scene.uploaded(file)
      await scene.check(shown)
      return shown.id
    },
  },
  {
    name: 'a run',
    setUp: async (scene) => {
      const { id } = await scene.checked(file)
      await scene.ask('POST', `/${id}/run`)
      return id
    },
  },
  {
    name: 'an undoing',
    setUp: async (scene) => {
      const { id } = await scene.imported(file)
      await scene.ask('PUT', `/${id}/reversal`)
      return id
    },
  },
]

describe('A Worker that is killed between any two of its writes', () => {
  it.each(steps.map((step) => [step.name, step] as const))(
    'of %s leaves one that ends as though nothing had happened',
    async (_, { setUp }) => {
      const undisturbed = await setUpScene()
      const undisturbedId = await setUp(undisturbed)
      await work(undisturbed.msp)
      const expected = await remains(undisturbed, undisturbedId)
      expect(expected.trouble).toBeNull()

      let deathCount = 0
      for (let hasDied = true; hasDied;) {
        const scene = await setUpScene()
        const id = await setUp(scene)
        const seen = { died: false }
        const dying = environmentWith(scene.msp, dyingShard(deathCount + 1, seen))
        await work(scene.msp, dying).catch(() => undefined)
        hasDied = seen.died
        if (hasDied) deathCount += 1
        clock.forward(LEASE_MS + 1_000)
        await work(scene.msp)
        expect(await remains(scene, id), `killed at write ${deathCount}`).toEqual(expected)
      }
      expect(deathCount, 'there were enough places to die at').toBeGreaterThanOrEqual(5)
    },
    240_000,
  )
})
