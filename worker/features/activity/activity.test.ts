import { eq, sql } from 'drizzle-orm'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { activities, customerMerges } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { pastTheFence } from '../../test/tripwire.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { rowsReadBy } from '../../test/meter.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newMsp,
  newPortal,
  newStaff,
  scopeOf,
} from '../../test/stage.ts'
import type { StagedCustomer } from '../../test/stage.ts'
import { newId } from '../../tenancy/ids.ts'
import type { Note } from '../../tenancy/scope.ts'

holdQueue()
afterEach(() => moveClock(undefined))

type Entry = {
  id: string
  at: string
  actor: { kind: string; id: string; name: string }
  action: string
  subject: { kind: string; id: string; name: string }
  customer: { id: string; name: string | null } | null
  changes: { of: string; field: string; before: unknown; after: unknown }[]
}
type Listed = { items: Entry[]; nextCursor: string | null }

const newScene = async () => {
  const msp = await newMsp()
  return sceneOf(await newCustomer(msp, 'Fabrikam'), await newStaff(msp))
}

const sceneOf = (customer: StagedCustomer, technician: { id: string; cookie: string; name: string }) => {
  const path = `/api/msp-portal/customers/${customer.customerId}`
  const list = async (query = '') =>
    bodyOf<Listed>(await call(ADMIN, 'GET', `${path}/activity${query}`, { as: technician }))
  const rename = async (name: string) => {
    expect((await call(ADMIN, 'PUT', path, { as: technician, body: { name } })).status).toBe(200)
  }
  return { msp: customer.msp, customer, technician, path, list, rename }
}

/** As many entries of a customer as there were days in years. */
const happened = async ({ scope }: StagedCustomer['msp'], customerId: string, count: number): Promise<void> => {
  const note = {
    action: 'customer.changed',
    subject: { kind: 'customer', id: customerId, name: 'X' },
    changes: [],
  } as const
  for (let done = 0; done < count; done += 500) {
    const [first, ...others] = Array.from({ length: Math.min(500, count - done) }, () => ({
      ...note,
      changes: [],
      customerId,
    }))
    if (first !== undefined) await scope.commitEach([first, ...others], scope.telling())
  }
}

describe('A customer’s activity', () => {
  it('says who did what and when, before and after, newest first', async () => {
    const { customer, technician, list, rename } = await newScene()
    const noon = now() + 60_000
    moveClock(() => noon)
    await rename('Fabrikam Dental')
    moveClock(() => noon + 1)
    await rename('Fabrikam Dental Group')
    const { items } = await list()
    expect(items.slice(0, 2)).toEqual([
      {
        id: items[0]?.id,
        at: new Date(noon + 1).toISOString(),
        actor: { kind: 'staff', id: technician.id, name: technician.name },
        action: 'customer.changed',
        subject: { kind: 'customer', id: customer.customerId, name: 'Fabrikam Dental Group' },
        customer: { id: customer.customerId, name: 'Fabrikam Dental Group' },
        mergedFrom: null,
        changes: [{ of: 'customers', field: 'name', before: 'Fabrikam Dental', after: 'Fabrikam Dental Group' }],
      },
      expect.objectContaining({
        changes: [{ of: 'customers', field: 'name', before: 'Fabrikam', after: 'Fabrikam Dental' }],
      }),
    ])
  })

  it('goes on page by page, each entry once, also when something happens meanwhile', async () => {
    const { list, rename } = await newScene()
    const start = now()
    for (let count = 1; count <= 5; count += 1) {
      moveClock(() => start + count)
      await rename(`Name ${count}`)
    }
    const first = await list('?limit=2')
    moveClock(() => start + 6)
    await rename('Name 6')
    const names = first.items.map(({ subject }) => subject.name)
    let { nextCursor } = first
    while (nextCursor !== null) {
      const page: Listed = await list(`?limit=2&cursor=${nextCursor}`)
      names.push(...page.items.map(({ subject }) => subject.name))
      nextCursor = page.nextCursor
    }
    expect(names.slice(0, 5)).toEqual(['Name 5', 'Name 4', 'Name 3', 'Name 2', 'Name 1'])
    expect(new Set(names).size).toBe(names.length)
    expect(names).not.toContain('Name 6')
  })

  it('is of this customer alone', async () => {
    const { msp, technician, list, rename } = await newScene()
    const sibling = sceneOf(await newCustomer(msp, 'Tailspin'), technician)
    await rename('Fabrikam Dental')
    await sibling.rename('Tailspin Toys')
    await call(ADMIN, 'PUT', '/api/msp-portal/settings/mail', {
      as: await newStaff(msp, 'owner'),
      body: { fromName: 'Help desk' },
    })
    const own = await list()
    expect(own.items.map(({ action }) => action)).toContain('customer.changed')
    const subjects = new Set(own.items.map(({ subject }) => subject.id))
    for (const entry of (await sibling.list()).items) expect(subjects).not.toContain(entry.subject.id)
    expect(own.items.map(({ action }) => action)).not.toContain('settings.mail_changed')
  })

  it('shows what contacts and the system did as theirs, and secrets as dots', async () => {
    const { msp, technician } = await newScene()
    const portal = await newPortal(await newCustomer(msp))
    const { path, list } = sceneOf(portal, technician)
    const { id } = await newContact(portal, ['portal_user'], { access: 'none' })
    expect((await call(ADMIN, 'POST', `${path}/contacts/${id}/invitation`, { as: technician })).status).toBe(202)
    const { items } = await list()
    const invited = items.find(({ action }) => action === 'contact.invited')
    expect(invited?.changes).toContainEqual({ of: 'contacts', field: 'access', before: 'none', after: 'invited' })
    expect(invited?.changes.find(({ field }) => field === 'tokenHash')).toEqual({
      of: 'invitations',
      field: 'tokenHash',
      before: null,
      after: '•••',
    })
    expect(new Set(items.map(({ actor }) => actor.kind))).toEqual(new Set(['staff', 'system']))
  })

  it('costs its page, not what was ever done at the MSP, also of a customer that others were merged into', async () => {
    const { msp, customer, list } = await newScene()
    const id = newId(now())
    await msp.scope.commit(
      { action: 'stage.merge', subject: { kind: 'customer', id: customer.customerId, name: '' } },
      msp.scope.add(customerMerges, {
        id,
        customerId: customer.customerId,
        survivorId: customer.customerId,
        survivorName: customer.name,
        mergedId: 'merged-away',
        mergedName: 'Fabrikam Ltd',
        moved: { tenants: 0, contacts: 0, documents: 0, portal: false },
        mergedAt: now(),
        mergedByName: 'Stage',
        undoEndsAt: now(),
      }),
    )
    const costOf = (itemCount: number) =>
      rowsReadBy(msp.shard, async () => expect((await list('?limit=10')).items).toHaveLength(itemCount))
    const alone = await costOf(0)
    await happened(msp, 'another customer', 3_000)
    expect(await costOf(0)).toBe(alone)
    await happened(msp, 'merged-away', 300)
    // Of the page and the one after: each is found in an index, and then looked up.
    expect(await costOf(10)).toBeLessThanOrEqual(alone + 4 * 11)
  })

  it('is refused for page markers and sizes that are none', async () => {
    const { path, technician } = await newScene()
    for (const query of [
      'cursor=rubbish',
      'limit=0',
      'limit=201',
      'limit=ten',
      'customer=all',
      'kind=gossip',
      'from=yesterday',
      'from=2026-02-30',
      'from=2026-03-02&to=2026-03-01',
    ])
      expect((await call(ADMIN, 'GET', `${path}/activity?${query}`, { as: technician })).status, query).toBe(422)
  })

  it('cannot be written, changed or taken away over the API', async () => {
    const { msp, path, list, rename } = await newScene()
    await rename('Fabrikam Dental')
    const before = await list()
    const owner = await newStaff(msp, 'owner')
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect((await call(ADMIN, method, `${path}/activity`, { as: owner, body: {} })).status, method).toBe(405)
    expect(await list()).toEqual(before)
  })
})

describe('The activity, filtered', () => {
  let scene: Awaited<ReturnType<typeof newScene>>
  let colleague: Awaited<ReturnType<typeof newStaff>>
  beforeAll(async () => {
    scene = await newScene()
    colleague = await newStaff(scene.msp)
    // Days begin an hour before UTC's in London's summer, so that the last two are of the fourth of June there.
    const { technician } = scene
    await happens('2026-06-01T12:00:00Z', technician, 'customer.changed', 'Fabrikam One')
    await happens('2026-06-02T12:00:00Z', colleague, 'contact.added', 'Dana')
    await happens('2026-06-02T12:00:01Z', colleague, 'customer.changed', 'Fabrikam Two')
    await happens('2026-06-03T23:30:00Z', technician, 'customer.changed', 'Fabrikam Three')
    await happens('2026-06-03T23:30:01Z', technician, 'contacts.ordered', 'Elif')
  })

  const happens = async (at: string, by: { id: string; name: string }, action: Note['action'], name: string) => {
    moveClock(() => Date.parse(at))
    const { msp, customer } = scene
    const scope = scopeOf(msp.shard, msp.mspId, { kind: 'staff', id: by.id, name: by.name })
    const subject = { kind: 'customer', id: customer.customerId, name }
    await scope.tell({ action, subject, customerId: customer.customerId, changes: [] })
    moveClock(undefined)
  }

  const told = async (query: string, path = `${scene.path}/activity`) =>
    (await bodyOf<Listed>(await call(ADMIN, 'GET', `${path}?${query}`, { as: scene.technician }))).items
      .filter(({ action }) => !action.startsWith('stage.'))
      .map(({ action, subject }) => `${action} ${subject.name}`)

  const all = [
    'contacts.ordered Elif',
    'customer.changed Fabrikam Three',
    'customer.changed Fabrikam Two',
    'contact.added Dana',
    'customer.changed Fabrikam One',
  ]
  const picked = (...places: number[]) => places.map((place) => all[place])

  it.each([
    ['nothing', () => '', [0, 1, 2, 3, 4]],
    ['a person', () => `person=${colleague.id}`, [2, 3]],
    ['a kind', () => 'kind=contacts', [0, 3]],
    ['a person and a kind', () => `person=${colleague.id}&kind=contacts`, [3]],
    ['a first day, on the MSP’s clocks', () => 'from=2026-06-04', [0, 1]],
    ['a last day, which counts in', () => 'to=2026-06-02', [2, 3, 4]],
    ['a day', () => 'from=2026-06-02&to=2026-06-02', [2, 3]],
    ['everything at once', () => `person=${colleague.id}&kind=customer&from=2026-06-02&to=2026-06-03`, [2]],
    ['a kind of which nothing happened', () => 'kind=documents', []],
    ['a person who is nobody', () => 'person=made-up', []],
    ['what runs by itself, as though it were a person', () => 'person=stage', []],
  ])('by %s, of a customer and of the MSP', async (_, query, places) => {
    expect(await told(query())).toEqual(picked(...places))
    expect(await told(`${query()}&customerId=${scene.customer.customerId}`, '/api/msp-portal/activity')).toEqual(
      picked(...places),
    )
  })

  it('goes on page by page where a kind has several topics', async () => {
    const { list } = scene
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await list(`?kind=contacts&limit=1${cursor}`)
      seen.push(...page.items.map(({ subject }) => subject.name))
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
    } while (cursor !== '')
    expect(seen).toEqual(['Elif', 'Dana'])
  })

  it('reads an index from its end for every pair of filters, of a customer and of the MSP', async () => {
    const { msp, customer } = scene
    const filters = ['customer_id = ?2', `actor_id = ?3 and actor_kind <> 'system'`, 'topic = ?4']
    const combinations = Array.from({ length: 8 }, (_, bits) => filters.filter((__, at) => (bits >> at) % 2 === 1))
    for (const chosen of combinations) {
      const where = ['msp_id = ?1', ...chosen, 'likely(id < ?5)', 'likely(id >= ?6)'].join(' and ')
      const plan = await pastTheFence(async () =>
        environment.shards.get(msp.shard)?.read({
          sql: `explain query plan select * from activities where ${where} order by id desc limit 50`,
          params: [msp.mspId, customer.customerId, colleague.id, 'contact', 'z', 'a'],
        }),
      )
      const said = JSON.stringify(plan)
      // Every column that is asked for leads into the index, so no row is read that is not shown.
      expect(said.match(/=\?/g), where).toHaveLength(1 + where.split(/customer_id|actor_id|topic/).length - 1)
      expect(said, where).not.toMatch(/TEMP B-TREE|SCAN/)
    }
  })

  it('names whom it can be filtered by', async () => {
    const { technician, customer, msp, path } = scene
    await call(ADMIN, 'POST', `${path}/contacts`, { as: technician, body: { name: 'Dana' } })
    const namesAt = async (query: string) =>
      (
        await bodyOf<{ items: { kind: string; id: string; name: string }[] }>(
          await call(ADMIN, 'GET', `/api/msp-portal/activity-people${query}`, { as: technician }),
        )
      ).items
    const staffOnly = await namesAt('')
    expect(staffOnly).toContainEqual({ kind: 'staff', id: colleague.id, name: colleague.name })
    expect(staffOnly.map(({ kind }) => kind)).not.toContain('contact')
    const withContacts = await namesAt(`?customerId=${customer.customerId}`)
    expect(withContacts.filter(({ kind }) => kind === 'contact').map(({ name }) => name)).toContain('Dana')
    const stranger = await newStaff(await newMsp('Contoso', msp.shard))
    const theirs = await call(ADMIN, 'GET', `/api/msp-portal/activity-people?customerId=${customer.customerId}`, {
      as: stranger,
    })
    expect((await bodyOf<{ items: { id: string }[] }>(theirs)).items.map(({ id }) => id)).toEqual([stranger.id])
  })
})

describe('The activity of an MSP', () => {
  const ALL = '/api/msp-portal/activity'

  it('says who deleted a customer, when the customer is gone', async () => {
    const { msp, customer, path, rename } = await newScene()
    await rename('Fabrikam Dental')
    const admin = await newStaff(msp, 'admin')
    const deletion = await call(ADMIN, 'DELETE', path, { as: admin })
    expect(deletion.status, await deletion.clone().text()).toBe(204)
    const { items } = await bodyOf<Listed>(await call(ADMIN, 'GET', ALL, { as: admin }))
    expect(items.find(({ action }) => action === 'customer.deleted')).toMatchObject({
      actor: { id: admin.id, name: admin.name },
      subject: { name: 'Fabrikam Dental' },
      customer: { id: customer.customerId, name: null },
    })
    const own = await bodyOf<Listed>(
      await call(ADMIN, 'GET', `${ALL}?customerId=${customer.customerId}`, { as: admin }),
    )
    expect(own.items.map(({ action }) => action)).toEqual(['customer.deleted', 'customer.changed'])
    expect((await call(ADMIN, 'GET', `${path}/activity`, { as: admin })).status).toBe(404)
  })

  it('is of this MSP alone', async () => {
    const { msp, customer, rename } = await newScene()
    await rename('Fabrikam Dental')
    const stranger = await newStaff(await newMsp('Northwind IT', msp.shard))
    for (const query of ['', `?customerId=${customer.customerId}`, '?kind=customer']) {
      const { items } = await bodyOf<Listed>(await call(ADMIN, 'GET', `${ALL}${query}`, { as: stranger }))
      expect(items.map(({ action }) => action)).not.toContain('customer.changed')
    }
  })
})

describe('An export of the activity', () => {
  const PATH = '/api/msp-portal/activity-exports'

  it('holds what the log shows for the same question, and is written down', async () => {
    const { msp, customer, technician, list, rename } = await newScene()
    await rename('=Fabrikam')
    await rename('Fabrikam Dental')
    const question = { customerId: customer.customerId, kind: 'customer' }
    const shown = (await list('?kind=customer')).items.map(({ id }) => id)
    const workbook = await call(ADMIN, 'POST', PATH, { as: technician, body: { format: 'xlsx', ...question } })
    expect(workbook.status, workbook.status === 200 ? '' : await workbook.clone().text()).toBe(200)
    const [sheet] = (await readXlsx(new Uint8Array(await workbook.arrayBuffer()))).sheets
    const [heads, ...rows] = sheet?.rows ?? []
    expect(heads?.slice(0, 2)).toEqual(['When (Europe/London)', 'Who'])
    expect(rows.map((row) => row.at(-1))).toEqual(shown)
    expect(rows[0]?.slice(1, 7)).toEqual([
      technician.name,
      'Staff',
      'Fabrikam Dental',
      'Customer changed',
      'Fabrikam Dental',
      'Name: =Fabrikam → Fabrikam Dental',
    ])
    const csv = await call(ADMIN, 'POST', PATH, { as: technician, body: { format: 'csv', ...question } })
    const text = await csv.text()
    for (const id of shown) expect(text).toContain(id)
    expect(text).toContain("'=Fabrikam")
    const entries = await msp.scope.list(activities, { where: eq(activities.action, 'activity.exported') })
    expect(
      entries.map(({ customerId, changes }) => [customerId, changes.map(({ field, after }) => [field, after])]),
    ).toEqual(
      ['xlsx', 'csv'].map((format) => [
        customer.customerId,
        [
          ['format', format],
          ['kind', 'customer'],
        ],
      ]),
    )
  })

  it('goes through all pages', async () => {
    const { msp, customer, technician } = await newScene()
    const { customerId } = customer
    const note = (count: number) => ({
      action: 'stage.note' as const,
      subject: { kind: 'customer', id: customerId, name: `Note ${count}` },
      customerId,
      changes: [],
    })
    const notes = Array.from({ length: 450 }, (_, count) => note(count + 1))
    await msp.scope.commitEach([note(0), ...notes], msp.scope.onlyIf(sql`1`))
    const text = await (
      await call(ADMIN, 'POST', PATH, {
        as: technician,
        body: { format: 'csv', customerId: customer.customerId },
      })
    ).text()
    expect(new Set(text.match(/Note \d+/g)).size).toBe(451)
  })

  it('of a customer that nobody here ever had is missing', async () => {
    const { msp, technician } = await newScene()
    const { customerId } = await newCustomer(await newMsp('Contoso', msp.shard))
    for (const id of [customerId, 'made-up']) {
      const answer = await call(ADMIN, 'POST', PATH, { as: technician, body: { format: 'csv', customerId: id } })
      expect(answer.status).toBe(404)
    }
  })
})
