import { Refused } from './connect.ts'
import type { Shard, Statement } from './connect.ts'

/** What a test runner gives this suite: it runs under two of them, against two drivers. */
export type SuiteRunner = {
  it: (name: string, run: () => Promise<void>) => void
  /** Throws unless both are deeply equal. */
  equal: (actual: unknown, expected: unknown) => void
}

const statement = (sql: string, ...params: unknown[]): Statement => ({ sql, params })

/** A guard as every guarded write has it: fails the batch unless the statement before it changed one row. */
const guard = statement(`select case when changes() = 1 then 1 else json('stale') end`)

/** What every shard promises, whichever driver stands behind it. `open` answers one that holds the migrated tables. */
export const shardSuite = ({ it, equal }: SuiteRunner, open: () => Promise<Shard>): void => {
  /** A fresh MSP with two customers, in whichever shard this is. */
  const stage = async () => {
    const shard = await open()
    const mspId = `msp-${crypto.randomUUID()}`
    const msp = statement(
      `insert into msps (msp_id, id, name, time_zone, primary_colour, accent_colour, mail_from_name, created_at) values (?, ?, ?, 'Europe/London', '#000', '#fff', 'x', 1)`,
      mspId,
      mspId,
      'Northwind IT',
    )
    await shard.batch([msp, addCustomer(mspId, 'a', 'Fabrikam'), addCustomer(mspId, 'b', 'Fourth Coffee')])
    const names = async () =>
      (await shard.read(statement(`select name from customers where msp_id = ? order by id`, mspId))).flat()
    return { shard, mspId, names }
  }

  const addCustomer = (mspId: string, id: string, name: string) =>
    statement(
      `insert into customers (msp_id, id, name, sort_name, created_at) values (?, ?, ?, ?, 1)`,
      mspId,
      id,
      name,
      name,
    )
  const rename = (mspId: string, id: string, name: string, version: number) =>
    statement(
      `update customers set name = ?, version = version + 1 where msp_id = ? and id = ? and version = ?`,
      name,
      mspId,
      id,
      version,
    )

  /** How a refusal looks; anything else is thrown on. */
  const refusalOf = async (work: Promise<unknown>): Promise<{ kind: Refused['kind']; columns: string[] } | 'none'> => {
    try {
      await work
    } catch (error) {
      if (error instanceof Refused) return { kind: error.kind, columns: error.columns }
      throw error
    }
    return 'none'
  }

  it('reads rows as lists in the order of the columns, also when two columns have one name', async () => {
    const { shard, mspId } = await stage()
    const rows = await shard.read(
      statement(
        `select c.id, c.name, m.name, c.email, c.version from customers c join msps m on m.msp_id = c.msp_id where c.msp_id = ? order by c.id`,
        mspId,
      ),
    )
    equal(rows, [
      ['a', 'Fabrikam', 'Northwind IT', null, 1],
      ['b', 'Fourth Coffee', 'Northwind IT', null, 1],
    ])
    equal(await shard.read(statement(`select name from customers where msp_id = ?`, 'nobody')), [])
  })

  it('keeps texts, whole numbers and nothing as they are', async () => {
    const { shard } = await stage()
    const given = ['Käse 田中 🧀 \' " ? --', Number.MAX_SAFE_INTEGER, -1, 0, 1.5, null, '']
    equal(await shard.read(statement(`select ?, ?, ?, ?, ?, ?, ?`, ...given)), [given])
  })

  it('says of each statement of a batch what it read and how many rows it changed', async () => {
    const { shard, mspId } = await stage()
    const results = await shard.batch([
      addCustomer(mspId, 'c', 'Litware'),
      statement(`update customers set phone = '1' where msp_id = ?`, mspId),
      statement(`update customers set phone = '2' where msp_id = ? and id = 'nobody'`, mspId),
      statement(`select id, phone from customers where msp_id = ? order by id`, mspId),
      statement(`delete from customers where msp_id = ? and id in ('b', 'c')`, mspId),
    ])
    equal(
      results.map(({ rows }) => rows),
      [
        [],
        [],
        [],
        [
          ['a', '1'],
          ['b', '1'],
          ['c', '1'],
        ],
        [],
      ],
    )
    const changed = results.map(({ changedRowCount }) => changedRowCount)
    equal(changed, [1, 3, 0, 0, 2])
  })

  it('answers what a write returns', async () => {
    const { shard, mspId } = await stage()
    const [result] = await shard.batch([
      statement(`update customers set phone = '1' where msp_id = ? and id = 'a' returning id, phone`, mspId),
    ])
    equal(result, { rows: [['a', '1']], changedRowCount: 1 })
  })

  it('guards a write that returns what it wrote like any other', async () => {
    const { shard, mspId, names } = await stage()
    const renamed = (name: string, version: number) => {
      const { sql, params } = rename(mspId, 'a', name, version)
      return statement(`${sql} returning id`, ...params)
    }
    await shard.batch([renamed('Renamed', 1), guard])
    equal(await refusalOf(shard.batch([renamed('Late', 1), guard])), { kind: 'guard', columns: [] })
    equal(await names(), ['Renamed', 'Fourth Coffee'])
  })

  it('makes all of a batch or none of it', async () => {
    const { shard, mspId, names } = await stage()
    const work = shard.batch([
      rename(mspId, 'a', 'Renamed', 1),
      addCustomer(mspId, 'c', 'Litware'),
      addCustomer(mspId, 'b', 'Again'),
    ])
    equal(await refusalOf(work), { kind: 'unique', columns: ['customers.msp_id', 'customers.id'] })
    equal(await names(), ['Fabrikam', 'Fourth Coffee'])
  })

  it('rolls a batch back when a guarded write changed no row, and says so', async () => {
    const { shard, mspId, names } = await stage()
    const late = shard.batch([addCustomer(mspId, 'c', 'Litware'), rename(mspId, 'a', 'Renamed', 7), guard])
    equal(await refusalOf(late), { kind: 'guard', columns: [] })
    equal(await names(), ['Fabrikam', 'Fourth Coffee'])
  })

  it('rolls a batch back when a guarded write changed several rows', async () => {
    const { shard, mspId, names } = await stage()
    const wide = shard.batch([statement(`update customers set name = 'X' where msp_id = ?`, mspId), guard])
    equal(await refusalOf(wide), { kind: 'guard', columns: [] })
    equal(await names(), ['Fabrikam', 'Fourth Coffee'])
  })

  it('lets a guarded write through that changed its one row, and each guard looks at the write before it', async () => {
    const { shard, mspId, names } = await stage()
    await shard.batch([rename(mspId, 'a', 'First', 1), guard, rename(mspId, 'b', 'Second', 1), guard])
    equal(await names(), ['First', 'Second'])
    const half = shard.batch([rename(mspId, 'a', 'Third', 2), guard, rename(mspId, 'b', 'Fourth', 1), guard])
    equal(await refusalOf(half), { kind: 'guard', columns: [] })
    equal(await names(), ['First', 'Second'])
  })

  it('lets one of two guarded writes at once through', async () => {
    const { shard, mspId, names } = await stage()
    const outcomes = await Promise.all(
      ['One', 'Other'].map((name) => refusalOf(shard.batch([rename(mspId, 'a', name, 1), guard]))),
    )
    equal(outcomes.filter((outcome) => outcome === 'none').length, 1)
    equal(
      outcomes.filter((outcome) => outcome !== 'none'),
      [{ kind: 'guard', columns: [] }],
    )
    equal(['One', 'Other'].includes(String((await names())[0])), true)
  })

  it('refuses a pointer at nothing, and at what belongs to another MSP', async () => {
    const [one, other] = [await stage(), await stage()]
    const contact = (mspId: string, customerId: string) =>
      statement(
        `insert into contacts (msp_id, id, customer_id, name, escalation_position, created_at) values (?, 'x', ?, 'Dana', 0, 1)`,
        mspId,
        customerId,
      )
    equal(await refusalOf(one.shard.batch([contact(one.mspId, 'nobody')])), { kind: 'foreign_key', columns: [] })
    await one.shard.batch([addCustomer(one.mspId, 'own', 'Own')])
    equal(await refusalOf(other.shard.batch([contact(other.mspId, 'own')])), { kind: 'foreign_key', columns: [] })
    equal(await refusalOf(one.shard.batch([contact(one.mspId, 'own')])), 'none')
  })

  it('refuses to remove a row that others hang on, and lets them follow it to another id', async () => {
    const { shard, mspId } = await stage()
    const tenant = statement(
      `insert into tenants (msp_id, id, customer_id, entra_tenant_id, name, domain, state, connected_at, connected_by) values (?, 't', 'a', 'e', 'T', 'd', 'connected', 1, 'x')`,
      mspId,
    )
    await shard.batch([tenant])
    const removal = shard.batch([statement(`delete from customers where msp_id = ? and id = 'a'`, mspId)])
    equal(await refusalOf(removal), { kind: 'foreign_key', columns: [] })
    await shard.batch([statement(`update customers set id = 'z' where msp_id = ? and id = 'a'`, mspId)])
    equal(await shard.read(statement(`select customer_id from tenants where msp_id = ?`, mspId)), [['z']])
  })

  it('refuses to change an activity, and to remove one that is younger than seven years', async () => {
    const { shard, mspId } = await stage()
    const DAY = 86_400_000
    const done = (id: string, daysAgo: number) =>
      statement(
        `insert into activities (msp_id, id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, subject_name, changes) values (?, ?, ?, 'system', 'x', 'X', 'a.b', 'x', 'x', 'X', '[]')`,
        mspId,
        id,
        Date.now() - daysAgo * DAY,
      )
    await shard.batch([done('old', 7 * 366), done('kept', 7 * 365)])
    await shard.batch([statement(`delete from activities where msp_id = ? and id = 'old'`, mspId)])
    for (const sql of [
      `update activities set action = 'c.d' where msp_id = ?`,
      `delete from activities where msp_id = ?`,
    ])
      equal(await refusalOf(shard.batch([statement(sql, mspId)])), { kind: 'append_only', columns: [] })
    equal(await shard.read(statement(`select id, action from activities where msp_id = ?`, mspId)), [['kept', 'a.b']])
  })

  it('names what must be unique, also among some rows only', async () => {
    const { shard, mspId } = await stage()
    const job = (id: string, state: string) =>
      statement(
        `insert into jobs (msp_id, id, kind, payload, natural_key, subject_name, state, due_at, created_at) values (?, ?, 'k', '{}', 'one', 's', ?, 1, 1)`,
        mspId,
        id,
        state,
      )
    await shard.batch([job('1', 'done'), job('2', 'waiting')])
    equal(await refusalOf(shard.batch([job('3', 'running')])), {
      kind: 'unique',
      columns: ['jobs.msp_id', 'jobs.natural_key'],
    })
    equal(await refusalOf(shard.batch([job('3', 'done')])), 'none')
  })

  it('refuses an empty place where something must stand', async () => {
    const { shard, mspId } = await stage()
    const nameless = statement(`update customers set name = null where msp_id = ? and id = 'a'`, mspId)
    equal(await refusalOf(shard.batch([nameless])), { kind: 'check', columns: [] })
  })

  it('says of a statement that makes no sense nothing that could be taken for a refusal', async () => {
    const { shard } = await stage()
    let thrown: unknown
    await shard.read(statement(`select nothing from nowhere`)).catch((error: unknown) => (thrown = error))
    equal(thrown instanceof Error && !(thrown instanceof Refused), true)
  })

  it('takes thousands of rows as one parameter, and overwrites by their whole key', async () => {
    const { shard, mspId } = await stage()
    const put = (word: (at: number) => string) =>
      statement(
        `insert into customer_words (msp_id, customer_id, id, word) select ?, 'a', json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(?) where true on conflict (msp_id, word, customer_id, id) do nothing`,
        mspId,
        JSON.stringify(Array.from({ length: 3000 }, (_, at) => ['word', word(at)])),
      )
    const counts = (await shard.batch([put((at) => `w${at}`), put((at) => `w${at + 1}`)])).map(
      ({ changedRowCount }) => changedRowCount,
    )
    equal(counts, [3000, 1])
  })
}
