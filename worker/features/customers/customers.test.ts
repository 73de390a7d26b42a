import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { folded, wordsOfCustomer } from '../../../db/customer-words.ts'
import { customers, customerWords } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { newId } from '../../tenancy/ids.ts'
import { ADMIN, bodyOf, call, newContact, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedCustomer } from '../../test/stage.ts'

type Summary = { id: string; name: string; state: string }
type Listed = { items: Summary[]; nextCursor: string | null; truncated: boolean }
type Refusal = { errors: { pointer: string; detail: string }[] }

const all = '/api/msp-portal/customers'

/** Every page of a list, as one. */
const everyPage = async (as: { cookie: string }, query: string): Promise<string[]> => {
  const names: string[] = []
  let cursor: string | null = null
  do {
    const page: Listed = await bodyOf<Listed>(
      await call(ADMIN, 'GET', `${all}?${query}${cursor === null ? '' : `&cursor=${cursor}`}`, { as }),
    )
    names.push(...page.items.map(({ name }) => name))
    cursor = page.nextCursor
  } while (cursor !== null)
  return names
}

/** Sets the columns of a customer's row, behind the product's back. */
const change = ({ msp, customerId }: StagedCustomer, set: Partial<typeof customers.$inferInsert>) =>
  msp.scope.commit(
    { action: 'stage.customer', subject: { kind: 'customer', id: customerId, name: '' } },
    msp.scope.changeAll(customers, eq(customers.id, customerId), set),
  )

describe('Customers', () => {
  it('are added by a technician and then stand in the list', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp, 'technician')
    const added = await call(ADMIN, 'POST', '/api/msp-portal/customers', {
      as: technician,
      body: { name: 'Fabrikam Dental', email: 'Dana@Fabrikam.example', notes: 'Ask first.' },
    })
    expect(added.status, await added.clone().text()).toBe(201)
    expect(added.headers.get('etag')).toBe('"v1"')
    const customer = await bodyOf<{ id: string; email: string }>(added)
    expect(customer.email).toBe('dana@fabrikam.example')
    const list = await bodyOf<{ items: { id: string }[] }>(
      await call(ADMIN, 'GET', '/api/msp-portal/customers', { as: technician }),
    )
    expect(list.items.map(({ id }) => id)).toEqual([customer.id])
  })

  it('are found by the beginning of any word, whatever its accents', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp, 'technician')
    for (const name of ['Käserei Müller', 'Fourth Coffee']) {
      await call(ADMIN, 'POST', '/api/msp-portal/customers', { as: technician, body: { name } })
    }
    const find = async (q: string) =>
      (
        await bodyOf<{ items: { name: string }[] }>(
          await call(ADMIN, 'GET', `/api/msp-portal/customers?q=${encodeURIComponent(q)}`, { as: technician }),
        )
      ).items.map(({ name }) => name)
    expect(await find('mull')).toEqual(['Käserei Müller'])
    expect(await find('coffee fourth')).toEqual(['Fourth Coffee'])
    expect(await find('zz')).toEqual([])
    await call(ADMIN, 'POST', '/api/msp-portal/customers', { as: technician, body: { name: 'Łódź Straßenbau Søn' } })
    for (const q of ['lodz', 'łódź', 'strassen', 'straßen', 'son', 'SØN'])
      expect(await find(q), q).toEqual(['Łódź Straßenbau Søn'])
  })

  it('page by keyset in both directions of a sort', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    for (const name of ['C', 'A', 'B', 'D', 'E']) await newCustomer(msp, name)
    for (const [sort, expected] of [
      ['name', 'ABCDE'],
      ['-name', 'EDCBA'],
    ] as const) {
      let cursor: string | null = null
      let seen = ''
      do {
        const query: string = `sort=${sort}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`
        const page: { items: { name: string }[]; nextCursor: string | null } = await bodyOf(
          await call(ADMIN, 'GET', `/api/msp-portal/customers?${query}`, { as: viewer }),
        )
        seen += page.items.map(({ name }) => name).join('')
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seen).toBe(expected)
    }
  })

  it('sorted by health stand by name within a level, on every page', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    for (const name of ['B', 'A', 'C']) await newCustomer(msp, name)
    for (const [sort, expected] of [
      ['health', 'ABC'],
      ['-health', 'CBA'],
    ] as const) {
      let cursor: string | null = null
      let seen = ''
      do {
        const query: string = `sort=${sort}&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`
        const page: { items: { name: string }[]; nextCursor: string | null } = await bodyOf(
          await call(ADMIN, 'GET', `/api/msp-portal/customers?${query}`, { as: viewer }),
        )
        seen += page.items.map(({ name }) => name).join('')
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seen).toBe(expected)
    }
  })

  it('refuse a page marker of another list', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    for (const name of ['Ann', 'Bo', 'Cy']) await newCustomer(msp, name)
    const lists = [
      '',
      'sort=-name',
      'sort=health',
      'sort=contact',
      'state=archived',
      'health=grey',
      'portal=none',
      'q=an',
    ]
    const { nextCursor } = await bodyOf<Listed>(await call(ADMIN, 'GET', `${all}?limit=1`, { as: viewer }))
    const statusOf = async (list: string, cursor: string) =>
      (await call(ADMIN, 'GET', `${all}?${list}&cursor=${cursor}`, { as: viewer })).status
    for (const list of lists) expect(await statusOf(list, nextCursor ?? ''), list).toBe(list === '' ? 200 : 422)
    const [name] = JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString()) as [string]
    const withKey = (key: unknown) => Buffer.from(JSON.stringify([name, key, 'id'])).toString('base64url')
    expect(await statusOf('', withKey(['ann']))).toBe(200)
    for (const key of [[], ['a', 'b'], [null], { $gt: '' }]) expect(await statusOf('', withKey(key))).toBe(422)
  })

  it('are not overwritten by somebody who read an older version', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp, 'Fourth Coffee')
    const path = `/api/msp-portal/customers/${customerId}`
    const put = (name: string, version: string) =>
      call(ADMIN, 'PUT', path, { as: technician, body: { name }, headers: { 'if-match': version } })
    expect((await put('Fourth Coffee Ltd', '"v1"')).status).toBe(200)
    expect((await put('Fifth Coffee', '"v1"')).status).toBe(412)
    expect((await bodyOf(await call(ADMIN, 'GET', path, { as: technician }))).name).toBe('Fourth Coffee Ltd')
  })

  it('are added once when the same request comes twice', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const post = (name: string) =>
      call(ADMIN, 'POST', '/api/msp-portal/customers', {
        as: technician,
        body: { name },
        headers: { 'idempotency-key': 'once' },
      })
    const [one, other] = await Promise.all([post('Proseware'), post('Proseware')])
    expect([one.status, other.status]).toEqual([201, 201])
    expect(await bodyOf(one)).toEqual(await bodyOf(other))
    expect((await post('Another')).status).toBe(422)
    const list = await bodyOf<{ items: unknown[] }>(
      await call(ADMIN, 'GET', '/api/msp-portal/customers', { as: technician }),
    )
    expect(list.items).toHaveLength(1)
  })
})

describe('The list of customers', () => {
  it.each([
    ['name', ['Ann', 'Bo', 'Cy', 'Di', 'Ed']],
    ['createdAt', ['Bo', 'Ed', 'Ann', 'Cy', 'Di']],
    ['users', ['Di', 'Ann', 'Cy', 'Ed', 'Bo']],
    ['tenants', ['Cy', 'Ann', 'Bo', 'Di', 'Ed']],
    ['health', ['Ed', 'Ann', 'Bo', 'Cy', 'Di']],
  ] as const)('sorts by %s and back again, page by page, ties and all', async (sort, expected) => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    // By each column several are alike, so that every page break falls between two of them.
    const facts: Record<string, [number, number, number, number]> = {
      Ann: [2, 3, 1, 1],
      Bo: [1, 9, 1, 1],
      Cy: [2, 3, 0, 1],
      Di: [2, 0, 1, 1],
      Ed: [1, 3, 1, 0],
    }
    for (const [name, [createdAt, licensedUserCount, tenantCount, healthRank]] of Object.entries(facts))
      await change(await newCustomer(msp, name), { createdAt, licensedUserCount, tenantCount, healthRank })
    const keyOf = { name: undefined, createdAt: 0, users: 1, tenants: 2, health: 3 }[sort]
    const groups = (names: readonly string[]) =>
      names.map((name) => (keyOf === undefined ? name : (facts[name]?.[keyOf] ?? name)))
    for (const limit of [1, 2, 3, 200]) {
      const up = await everyPage(viewer, `sort=${sort}&limit=${limit}`)
      const down = await everyPage(viewer, `sort=-${sort}&limit=${limit}`)
      expect(groups(up)).toEqual(groups(expected))
      expect(down).toEqual(up.toReversed())
      expect(new Set(up)).toEqual(new Set(expected))
    }
  })

  it.each([
    ['contact', 'primaryContactName'],
    ['psaId', 'psaId'],
  ] as const)(
    'sorts by %s whatever its case, with those who have none last, in either direction',
    async (sort, field) => {
      const msp = await newMsp()
      const viewer = await newStaff(msp, 'viewer')
      const facts = { Ann: 'beta', Bo: null, Cy: 'Alpha', Di: 'Beta', Ed: null, Flo: 'gamma', Gus: 'alpha' }
      for (const [name, value] of Object.entries(facts))
        await change(await newCustomer(msp, name), { [field]: value, state: 'active' })
      for (const limit of [1, 2, 3, 200]) {
        expect(await everyPage(viewer, `sort=${sort}&limit=${limit}`)).toEqual([
          'Cy',
          'Gus',
          'Ann',
          'Di',
          'Flo',
          'Bo',
          'Ed',
        ])
        const back = await everyPage(viewer, `sort=-${sort}&limit=${limit}`)
        expect(back).toEqual(['Flo', 'Di', 'Ann', 'Gus', 'Cy', 'Ed', 'Bo'])
      }
    },
  )

  it('pages past a customer with the longest of names', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    // Each of these letters is folded into eighteen.
    const name = '\u{fdfa}'.repeat(120)
    for (const each of [name, `${name.slice(1)}\u{10ffff}`]) await newCustomer(msp, each)
    expect(await everyPage(viewer, 'limit=1')).toHaveLength(2)
  })

  it('puts customers of one health in the order of their names', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    for (const [name, healthRank] of [
      ['Cy', 0],
      ['Bo', 1],
      ['Ann', 1],
      ['Di', 0],
    ] as const)
      await change(await newCustomer(msp, name), { healthRank })
    expect(await everyPage(viewer, 'sort=health&limit=1')).toEqual(['Cy', 'Di', 'Ann', 'Bo'])
  })

  it('leaves nobody out who was there all the time, though others come and go', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    for (const name of ['Ann', 'Cy', 'Ed']) await newCustomer(msp, name)
    const first = await bodyOf<Listed>(await call(ADMIN, 'GET', `${all}?limit=2`, { as: viewer }))
    for (const name of ['Bo', 'Di']) await newCustomer(msp, name)
    const second = await bodyOf<Listed>(
      await call(ADMIN, 'GET', `${all}?limit=2&cursor=${first.nextCursor}`, { as: viewer }),
    )
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['Ann', 'Cy', 'Di', 'Ed'])
  })

  it('shows the archived apart from the others', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    await newCustomer(msp, 'Ann')
    await change(await newCustomer(msp, 'Bo'), { state: 'archived' })
    expect(await everyPage(viewer, '')).toEqual(['Ann'])
    expect(await everyPage(viewer, 'state=archived')).toEqual(['Bo'])
  })

  it('shows nobody of another MSP, searched for or not', async () => {
    const [msp, , neighbour] = [await newMsp(), await newMsp(), await newMsp()]
    const [ours, theirs] = [await newStaff(msp), await newStaff(neighbour)]
    for (const [as, name] of [
      [ours, 'Fabrikam Dental'],
      [theirs, 'Fabrikam Dental East'],
    ] as const)
      expect((await call(ADMIN, 'POST', all, { as, body: { name } })).status).toBe(201)
    expect(await everyPage(ours, '')).toEqual(['Fabrikam Dental'])
    expect(await everyPage(ours, 'q=fabrikam')).toEqual(['Fabrikam Dental'])
    expect(await everyPage(ours, 'q=east')).toEqual([])
  })

  it('refuses what is no search, sort or page of it', async () => {
    const viewer = await newStaff(await newMsp(), 'viewer')
    const marker = (value: unknown) =>
      btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    for (const query of [
      'q=a',
      'q=%20-%20',
      'q=O%27',
      'q=%F0%9F%8E%89',
      `q=${'a'.repeat(101)}`,
      'sort=notes',
      'sort=--name',
      'limit=0',
      'limit=201',
      'limit=1.5',
      'state=lost',
      'mspId=another',
      'cursor=rubbish',
      `cursor=${marker(['-name', 'a', 'b'])}`,
      `cursor=${marker(['name', { $gt: '' }, 'b'])}`,
      `cursor=${marker(['name', ['a', 'b'], 'c'])}`,
      `sort=health&cursor=${marker(['health', 1, 'c'])}`,
    ])
      expect((await call(ADMIN, 'GET', `${all}?${query}`, { as: viewer })).status, query).toBe(422)
  })

  it('is the whole list when nothing is searched for', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    await newCustomer(msp, 'Ann')
    expect(await everyPage(viewer, 'q=')).toEqual(['Ann'])
    expect(await everyPage(viewer, 'q=%20')).toEqual(['Ann'])
  })

  it('says when a search finds more than it reads', async () => {
    const msp = await newMsp()
    const viewer = await newStaff(msp, 'viewer')
    const customer = await newCustomer(msp, 'Fabrikam')
    const { scope } = msp
    const words = Array.from({ length: 200 }, (_, count) => ({ id: 'word', word: `fab${count}` }))
    const read = async () => bodyOf<Listed>(await call(ADMIN, 'GET', `${all}?q=fab`, { as: viewer }))
    await scope.forCustomer(customer.customerId).commit(
      { action: 'stage.words', subject: { kind: 'customer', id: customer.customerId, name: '' } },
      scope.forCustomer(customer.customerId).putAll(customerWords, words),
      scope.forCustomer(customer.customerId).putAll(
        customerWords,
        words.map(({ word }) => ({ id: 'somebody who has the same', word })),
      ),
    )
    expect(await read()).toMatchObject({ items: [{ name: 'Fabrikam' }], truncated: false })
    await scope
      .forCustomer(customer.customerId)
      .commit(
        { action: 'stage.words', subject: { kind: 'customer', id: customer.customerId, name: '' } },
        scope.forCustomer(customer.customerId).putAll(customerWords, [{ id: 'word', word: 'fabrikam' }]),
      )
    expect(await read()).toMatchObject({ items: [{ name: 'Fabrikam' }], truncated: true })
  })

  describe('in which every word is common', () => {
    let viewer: { cookie: string }
    const find = async (q: string) =>
      bodyOf<Listed>(await call(ADMIN, 'GET', `${all}?q=${encodeURIComponent(q)}&limit=200`, { as: viewer }))
    const namesFor = async (q: string) => (await find(q)).items.map(({ name }) => name)
    beforeAll(async () => {
      const msp = await newMsp()
      viewer = await newStaff(msp, 'viewer')
      const names = [
        ...Array.from({ length: 260 }, (_, at) => `Bulk ${at} GmbH`),
        ...Array.from({ length: 260 }, (_, at) => `Ott ${at} Ltd`),
        'Ott GmbH',
        'A & B GmbH',
        'A & C',
        'Bulk 1 Office',
      ]
      const rows = names.map((name) => ({ id: newId(now()), name, sortName: folded(name), createdAt: now() }))
      await msp.scope.commit(
        { action: 'stage.customers', subject: { kind: 'customer', id: 'many', name: 'Many' } },
        msp.scope.putAll(customers, rows),
        msp.scope.putAll(
          customerWords,
          rows.flatMap(({ id, name }) =>
            wordsOfCustomer({ name, email: null, psaId: null }).map((word) => ({ id, customerId: id, word })),
          ),
        ),
      )
    })

    it('finds one by its exact name, and denies nobody it has not looked at', async () => {
      expect(await find('Bulk 259 GmbH')).toMatchObject({ items: [{ name: 'Bulk 259 GmbH' }], truncated: false })
      expect(await find('gmbh office bulk')).toMatchObject({ items: [], truncated: false })
      expect(await find('bulk gmbh')).toMatchObject({ truncated: true })
      expect(await find('bulk gmbh ltd')).toMatchObject({ items: [], truncated: true })
    })

    it('finds one that is called just so, though no word of its name is rare', async () =>
      expect(await namesFor('ott gmbh')).toEqual(['Ott GmbH']))

    it('finds a single letter as a word, and the last one as a beginning', async () => {
      expect(await namesFor('A & B GmbH')).toEqual(['A & B GmbH'])
      expect(await namesFor('A & B')).toEqual(['A & B GmbH'])
      expect(await namesFor('b gmbh a')).toEqual(['A & B GmbH'])
      expect(await namesFor('bulk 1 o')).toEqual(['Bulk 1 Office'])
      expect(await namesFor('o bulk 1')).toEqual([])
    })
  })

  it('finds a customer by what it is called now', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const added = await call(ADMIN, 'POST', all, {
      as: technician,
      body: { name: 'Proseware', email: 'office@proseware.example' },
    })
    const { id } = await bodyOf<Summary>(added)
    expect(await everyPage(technician, 'q=office')).toEqual(['Proseware'])
    await call(ADMIN, 'PUT', `${all}/${id}`, { as: technician, body: { name: 'Lamna Healthcare' } })
    expect(await everyPage(technician, 'q=lamna')).toEqual(['Lamna Healthcare'])
    expect(await everyPage(technician, 'q=office')).toEqual([])
    expect(await everyPage(technician, 'q=proseware')).toEqual([])
  })
})

describe('A filtered list of customers', () => {
  const levels = ['red', 'amber', 'green', 'grey'] as const
  const portals = ['none', 'enabled', 'disabled'] as const
  type Fact = { name: string; health: (typeof levels)[number]; portal: (typeof portals)[number]; archived: boolean }

  /** One customer of each health, portal state and kind, twice, whose names are in another order than these. */
  const staged = async () => {
    const msp = await newMsp()
    const facts: Fact[] = []
    for (const [rank, health] of levels.entries())
      for (const portal of portals)
        for (const archived of [false, true])
          for (const turn of archived ? [7] : [7, 3]) {
            const number = (facts.length * turn + turn) % 64
            const name = `Customer ${String(number).padStart(2, '0')} ${facts.length}`
            await change(await newCustomer(msp, name), {
              healthRank: rank,
              portalState: portal,
              state: archived ? 'archived' : 'active',
              licensedUserCount: number % 5,
              createdAt: number % 7,
            })
            facts.push({ name, health, portal, archived })
          }
    return { viewer: await newStaff(msp, 'viewer'), facts }
  }

  it('holds what each filter, and any of them together, lets through, in every order that is offered', async () => {
    const { viewer, facts } = await staged()
    const asked: [string, (fact: Fact) => boolean][] = [
      ['health=red', ({ health }) => health === 'red'],
      ['health=red&health=grey', ({ health }) => health === 'red' || health === 'grey'],
      ['problems=true', ({ health }) => health === 'red' || health === 'amber'],
      ['portal=disabled', ({ portal }) => portal === 'disabled'],
      ['problems=true&health=amber&health=green', ({ health }) => health === 'amber'],
      ['problems=true&health=green', () => false],
      ['health=green&portal=none', ({ health, portal }) => health === 'green' && portal === 'none'],
      ['problems=true&portal=enabled', ({ health, portal }) => /red|amber/.test(health) && portal === 'enabled'],
    ]
    for (const [query, lets] of asked)
      for (const archived of [false, true]) {
        const state = archived ? '&state=archived' : ''
        const wanted = facts.filter((fact) => lets(fact) && fact.archived === archived).map(({ name }) => name)
        const byName = await everyPage(viewer, `${query}${state}&limit=7`)
        expect(byName, query).toEqual(wanted.toSorted())
        expect(await everyPage(viewer, `${query}${state}&sort=-name&limit=5`), query).toEqual(byName.toReversed())
        for (const sort of ['users', 'createdAt', 'health']) {
          const up = await everyPage(viewer, `${query}${state}&sort=${sort}&limit=6`)
          expect(up.toSorted(), `${query} by ${sort}`).toEqual(wanted.toSorted())
          expect(await everyPage(viewer, `${query}${state}&sort=${sort}&limit=200`)).toEqual(up)
          expect(await everyPage(viewer, `${query}${state}&sort=-${sort}&limit=6`)).toEqual(up.toReversed())
        }
      }
  }, 60_000)

  it('is ordered by health, then by name, over all portals', async () => {
    const { viewer, facts } = await staged()
    const rank = new Map(facts.map(({ name, health }) => [name, levels.indexOf(health)]))
    const wanted = facts.filter(({ archived }) => !archived).map(({ name }) => name)
    const order = (one: string, other: string) =>
      (rank.get(one) ?? 0) - (rank.get(other) ?? 0) || (one < other ? -1 : 1)
    expect(await everyPage(viewer, 'sort=health&limit=5')).toEqual(wanted.toSorted(order))
  })

  it('is found in as a whole one is, in any order', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    for (const name of ['Fabrikam Dental', 'Fabrikam Legal', 'Contoso'])
      expect((await call(ADMIN, 'POST', all, { as: technician, body: { name, psaId: name.slice(-1) } })).status).toBe(
        201,
      )
    await msp.scope.commit(
      { action: 'stage.customer', subject: { kind: 'customer', id: '', name: '' } },
      msp.scope.changeAll(customers, eq(customers.name, 'Fabrikam Legal'), { portalState: 'enabled', healthRank: 0 }),
    )
    expect(await everyPage(technician, 'q=fabri&sort=-psaId&limit=1')).toEqual(['Fabrikam Legal', 'Fabrikam Dental'])
    expect(await everyPage(technician, 'q=fabri&sort=contact&problems=true')).toEqual(['Fabrikam Legal'])
    expect(await everyPage(technician, 'q=fabri&portal=none')).toEqual(['Fabrikam Dental'])
    expect(await everyPage(technician, 'q=fabri&health=grey&portal=enabled')).toEqual([])
  })

  it('refuses an order that no index has, saying which ones there are', async () => {
    const viewer = await newStaff(await newMsp(), 'viewer')
    for (const sort of ['contact', '-contact', 'tenants', 'psaId'])
      for (const filter of ['health=red', 'problems=true', 'portal=none']) {
        const answer = await call(ADMIN, 'GET', `${all}?${filter}&sort=${sort}`, { as: viewer })
        expect(answer.status, sort).toBe(422)
        const { errors } = await bodyOf<Refusal>(answer)
        expect(errors).toEqual([
          { pointer: '/sort', detail: 'A filtered list can be sorted by name, users, health, createdAt.' },
        ])
      }
    for (const query of ['health=blue', 'problems=false', 'portal=open', 'portal=none&portal=enabled'])
      expect((await call(ADMIN, 'GET', `${all}?${query}`, { as: viewer })).status, query).toBe(422)
  })
})

describe('Customers alike', () => {
  type AlikeBody = { items: { id: string; name: string; state: string; because: string[] }[] }
  const path = '/api/msp-portal/customer-duplicates'
  const find = async (as: { cookie: string }, query: Record<string, string>) =>
    (await bodyOf<AlikeBody>(await call(ADMIN, 'GET', `${path}?${new URLSearchParams(query).toString()}`, { as })))
      .items
  const add = async (as: { cookie: string }, body: object) =>
    (await bodyOf<Summary>(await call(ADMIN, 'POST', all, { as, body }))).id

  it('are those of the same name but for case, punctuation and legal form, or of the same domain', async () => {
    const technician = await newStaff(await newMsp())
    const fabrikam = await add(technician, { name: 'Fabrikam Ltd', email: 'office@fabrikam.example' })
    await add(technician, { name: 'Contoso', email: 'someone@gmail.com' })
    const because = async (query: Record<string, string>) =>
      (await find(technician, query)).map((one) => [one.name, ...one.because])
    expect(await because({ name: 'FABRIKAM, Limited' })).toEqual([['Fabrikam Ltd', 'name']])
    expect(await because({ name: 'Other', email: 'dana@Fabrikam.example' })).toEqual([['Fabrikam Ltd', 'domain']])
    expect(await because({ name: 'fabrikam', email: 'dana@fabrikam.example' })).toEqual([
      ['Fabrikam Ltd', 'name', 'domain'],
    ])
    for (const query of [{}, { name: '' }, { name: '!?' }, { name: 'Fabri' }, { email: 'x@gmail.com' }, { email: 'x' }])
      expect(await because(query), JSON.stringify(query)).toEqual([])
    expect(await because({ name: 'Fabrikam', except: fabrikam })).toEqual([])
  })

  it('are shown when archived, of this MSP only, and ten at most', async () => {
    const [msp, , neighbour] = [await newMsp(), await newMsp(), await newMsp()]
    const [ours, theirs] = [await newStaff(msp), await newStaff(neighbour)]
    await add(theirs, { name: 'Fabrikam' })
    expect(await find(ours, { name: 'Fabrikam' })).toEqual([])
    const id = await add(ours, { name: 'Fabrikam' })
    await call(ADMIN, 'PUT', `${all}/${id}/archival`, { as: ours })
    expect(await find(ours, { name: 'Fabrikam' })).toEqual([
      { id, name: 'Fabrikam', state: 'archived', because: ['name'] },
    ])
    for (let number = 0; number < 11; number += 1) await add(ours, { name: `Other ${number}`, email: 'a@same.example' })
    expect(await find(ours, { name: 'Fabrikam', email: 'b@same.example' })).toHaveLength(10)
  })
})

describe('A customer', () => {
  it('that fifty people change at once is changed by exactly one of them, at each of its versions', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp, 'Fourth Coffee')
    for (const version of [1, 2, 3]) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, person) =>
          call(ADMIN, 'PUT', `${all}/${customerId}`, {
            as: technician,
            body: { name: `Coffee ${version} of ${person}` },
            headers: { 'if-match': `"v${version}"` },
          }),
        ),
      )
      const won = answers.filter(({ status }) => status === 200)
      expect(won).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(49)
      const [winner] = won
      if (winner === undefined) throw new Error('Nobody won.')
      const { name } = await bodyOf<Summary>(winner)
      const read = await bodyOf<Summary & { version: number }>(
        await call(ADMIN, 'GET', `${all}/${customerId}`, { as: technician }),
      )
      expect(read).toMatchObject({ name, version: version + 1 })
    }
  }, 60_000)

  it.each([
    [{ name: '' }, '/name', 'Enter the customer’s name.'],
    [{ name: '   ' }, '/name', 'Enter the customer’s name.'],
    [{}, '/name', ''],
    [{ name: 7 }, '/name', ''],
    [{ name: 'a'.repeat(121) }, '/name', 'At most 120 characters.'],
    [{ name: 'Ann', email: 'ann' }, '/email', 'Enter an e-mail address such as name@company.com.'],
    [{ name: 'Ann', email: 'ann@' }, '/email', 'Enter an e-mail address such as name@company.com.'],
    [{ name: 'Ann', phone: '1'.repeat(41) }, '/phone', 'At most 40 characters.'],
    [{ name: 'Ann', address: 'a'.repeat(301) }, '/address', 'At most 300 characters.'],
    [{ name: 'Ann', notes: 'a'.repeat(5001) }, '/notes', 'At most 5,000 characters.'],
    [{ name: 'Ann', state: 'archived' }, '/state', 'This field is not known here.'],
    [{ name: 'Ann', tenantCount: 9 }, '/tenantCount', 'This field is not known here.'],
    [{ name: 'Ann', mspId: 'another' }, '/mspId', 'This field is not known here.'],
  ])('is refused as %j, at %s, when added and when changed', async (body, pointer, detail) => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    for (const [method, path] of [
      ['POST', all],
      ['PUT', `${all}/${customerId}`],
    ] as const) {
      const response = await call(ADMIN, method, path, { as: technician, body })
      expect(response.status, method).toBe(422)
      const { errors } = await bodyOf<Refusal>(response)
      expect(errors.map((error) => error.pointer)).toEqual([pointer])
      expect(errors[0]?.detail).toContain(detail)
    }
    expect(await everyPage(technician, '')).toEqual(['Fabrikam'])
  })

  it('says all that is wrong at once', async () => {
    const technician = await newStaff(await newMsp())
    const response = await call(ADMIN, 'POST', all, { as: technician, body: { name: '', email: 'x', colour: 'red' } })
    const { errors } = await bodyOf<Refusal>(response)
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual(['/colour', '/email', '/name'])
  })

  it('may be called what another is called', async () => {
    const technician = await newStaff(await newMsp())
    for (let count = 0; count < 2; count += 1)
      expect((await call(ADMIN, 'POST', all, { as: technician, body: { name: 'Fabrikam' } })).status).toBe(201)
    expect(await everyPage(technician, '')).toEqual(['Fabrikam', 'Fabrikam'])
  })

  it('keeps what was written of it, as it was written', async () => {
    const technician = await newStaff(await newMsp())
    const body = {
      name: ' O’Brien & Søn <b>“GmbH”</b> 日本 🦷 ',
      email: ' Office@OBrien.example ',
      phone: '+44 1632 960 100',
      address: 'Line one\nLine two',
      notes: `'; drop table customers; --`,
    }
    const { id } = await bodyOf<Summary>(await call(ADMIN, 'POST', all, { as: technician, body }))
    expect(await bodyOf(await call(ADMIN, 'GET', `${all}/${id}`, { as: technician }))).toMatchObject({
      name: 'O’Brien & Søn <b>“GmbH”</b> 日本 🦷',
      email: 'office@obrien.example',
      phone: '+44 1632 960 100',
      address: 'Line one\nLine two',
      notes: `'; drop table customers; --`,
      tenantCount: 0,
      licensedUserCount: 0,
      health: { level: 'grey', reasons: [] },
      portal: { state: 'none', host: null, url: null },
      version: 1,
    })
    for (const q of ['brien', 'son', '日本'])
      expect(await everyPage(technician, `q=${encodeURIComponent(q)}`), q).toHaveLength(1)
  })

  it('is emptied of what a replacement leaves out', async () => {
    const technician = await newStaff(await newMsp())
    const body = { name: 'Fabrikam', email: 'office@fabrikam.example', phone: '1', address: 'a', notes: 'n' }
    const { id } = await bodyOf<Summary>(await call(ADMIN, 'POST', all, { as: technician, body }))
    const response = await call(ADMIN, 'PUT', `${all}/${id}`, { as: technician, body: { name: 'Fabrikam', email: '' } })
    expect(await bodyOf(response)).toMatchObject({ email: null, phone: null, address: null, notes: null, version: 2 })
  })

  it('replaced twice by the same words is the same customer', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    const put = async () =>
      bodyOf(await call(ADMIN, 'PUT', `${all}/${customerId}`, { as: technician, body: { name: 'Fabrikam Dental' } }))
    const [{ version: first, ...one }, { version: second, ...other }] = [await put(), await put()]
    expect([first, second, other]).toEqual([2, 2, one])
  })

  it('is changed by one of two who save the same version at once', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const { customerId } = await newCustomer(msp, 'Fabrikam')
    const responses = await Promise.all(
      ['One', 'Other'].map((name) =>
        call(ADMIN, 'PUT', `${all}/${customerId}`, { as: technician, body: { name }, headers: { 'if-match': '"v1"' } }),
      ),
    )
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 412]))
  })

  it('keeps its notes to staff: nothing a contact is sent has them', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    const portal = await newPortal(await newCustomer(msp, 'Fabrikam'))
    const notes = 'Pays late; ask for Dana.'
    const body = { name: 'Fabrikam', notes }
    expect((await call(ADMIN, 'PUT', `${all}/${portal.customerId}`, { as: technician, body })).status).toBe(200)
    const contact = await newContact(portal, ['portal_user', 'portal_admin'])
    for (const path of ['/api/auth/session', `/api/portal/customers/${portal.customerId}/dashboard`])
      expect(await (await call(portal.host, 'GET', path, { as: contact })).text(), path).not.toContain('Pays late')
    expect((await call(portal.host, 'GET', `${all}/${portal.customerId}`, { as: contact })).status).toBe(404)
  })

  it('is written by technicians and above', async () => {
    const msp = await newMsp()
    const { customerId } = await newCustomer(msp)
    for (const [role, created, replaced] of [
      ['viewer', 403, 403],
      ['technician', 201, 200],
      ['admin', 201, 200],
      ['owner', 201, 200],
    ] as const) {
      const as = await newStaff(msp, role)
      const body = { name: `By ${role}` }
      expect((await call(ADMIN, 'POST', all, { as, body })).status, role).toBe(created)
      expect((await call(ADMIN, 'PUT', `${all}/${customerId}`, { as, body })).status, role).toBe(replaced)
    }
  })
})
