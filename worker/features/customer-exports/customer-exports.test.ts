import { eq } from 'drizzle-orm'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { activities, customerWords, customers } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { restore } from '../../http/cells.ts'
import { newId } from '../../tenancy/ids.ts'
import { ADMIN, bodyOf, call, newCustomer, newMsp, newStaff } from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'
import { customerSorts } from '../customers/customer-order.ts'
import { guessColumns } from '../customer-imports/columns.ts'
import { decode } from '../customer-imports/decode.ts'
import { readCsv } from '../customer-imports/read-csv.ts'
import { folded } from '../customers/index.ts'

const PATH = '/api/msp-portal/customer-exports'
const LIST = '/api/msp-portal/customers'
afterEach(() => moveClock(undefined))

type Staff = { cookie: string; name: string }

const exported = async (as: Staff, body: object) => {
  const answer = await call(ADMIN, 'POST', PATH, { as, body: { format: 'csv', ...body } })
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer
}

/** The rows of an exported CSV below its heads, as they were before they were neutralised. */
const rowsOf = async (answer: Response): Promise<Record<string, string>[]> => {
  const [heads = [], ...rows] = parsed(await answer.text())
  return rows.map((row) => Object.fromEntries(heads.map((head, at) => [head, restore(row[at] ?? '')])))
}

const parsed = (text: string): string[][] => {
  const rows: string[][] = [[]]
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (quoted === undefined && bare === '' && end === '' && rows.at(-1)?.length === 0) break
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? '')
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

const namesIn = async (answer: Response) => (await rowsOf(answer)).map((row) => row['Customer name'])

/** Many customers at once, named by their number. */
const newCustomers = async (msp: StagedMsp, count: number, more: Partial<typeof customers.$inferInsert> = {}) => {
  const rows = Array.from({ length: count }, (_, at) => {
    const name = `Customer ${String(at).padStart(5, '0')}`
    return { id: newId(now()), name, sortName: folded(name), createdAt: now(), ...more }
  })
  await msp.scope.commit(
    { action: 'stage.customers', subject: { kind: 'customer', id: 'many', name: 'Many' } },
    msp.scope.putAll(customers, rows),
  )
  return rows
}

describe('An export of customers', () => {
  let msp: StagedMsp
  let technician: Staff
  beforeAll(async () => {
    msp = await newMsp('Northwind IT')
    technician = await newStaff(msp)
    for (const [name, more] of [
      ['Fabrikam Dental', { email: 'dana@fabrikam.example', phone: '+44 1632 960 144', psaId: '-17' }],
      ['Álpine Ski', { address: '1 High St\nLondon', notes: 'He said "no", twice' }],
      ['=cmd|/C calc!A0', { notes: '\ttab', phone: '@here' }],
      ["'s-Hertogenbosch", { notes: "'=1" }],
      ['شركة الأسنان', { notes: '👩‍👩‍👧' }],
    ] as const)
      expect((await call(ADMIN, 'POST', LIST, { as: technician, body: { name, ...more } })).status).toBe(201)
    const [archived] = [await newCustomer(msp, 'Tailspin Toys')]
    await call(ADMIN, 'PUT', `${LIST}/${archived.customerId}/archival`, { as: technician })
    const other = await newMsp('Northwind IT', msp.shard)
    await newCustomer(other, 'Fabrikam of another MSP')
  })

  const questions = [
    {},
    { state: 'archived' },
    { q: 'fabri' },
    { q: 'alpine' },
    { q: 'nobody' },
    { health: 'grey' },
    { health: 'red' },
    { problems: 'true' },
    { portal: 'none', q: 'fabri' },
    { portal: 'enabled' },
    ...customerSorts.map((sort) => ({ sort })),
  ]

  it.each(questions.map((question) => [JSON.stringify(question), question] as const))(
    'holds what the list shows, in its order: %s',
    async (_, question) => {
      const listed = await bodyOf<{ items: { name: string }[] }>(
        await call(ADMIN, 'GET', `${LIST}?${new URLSearchParams(question).toString()}`, { as: technician }),
      )
      // An address says as text what a body says as what it is.
      const asked = 'problems' in question ? { problems: true } : question
      expect(await namesIn(await exported(technician, asked))).toEqual(listed.items.map(({ name }) => name))
    },
  )

  it('takes true and false for a yes and a no, and no text', async () => {
    const all = await namesIn(await exported(technician, {}))
    expect(await namesIn(await exported(technician, { problems: false }))).toEqual(all)
    const body = { format: 'csv', problems: 'true' }
    const refused = await call(ADMIN, 'POST', PATH, { as: technician, body })
    expect([refused.status, (await bodyOf<{ errors: { pointer: string }[] }>(refused)).errors[0]?.pointer]).toEqual([
      422,
      '/problems',
    ])
  })

  it('holds whatever people type, so that it can be read back', async () => {
    const rows = await rowsOf(await exported(technician, {}))
    const of = (name: string) => rows.find((row) => row['Customer name'] === name)
    expect(of('Fabrikam Dental')).toMatchObject({
      'E-mail': 'dana@fabrikam.example',
      Phone: '+44 1632 960 144',
      'PSA id': '-17',
      Tenants: '0',
      'Total users': '0',
      Health: 'Not known yet',
      'Portal address': '',
      State: 'Active',
    })
    expect(of('Fabrikam Dental')?.Created).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(of('Álpine Ski')).toMatchObject({ Address: '1 High St\nLondon', Notes: 'He said "no", twice' })
    expect(of('=cmd|/C calc!A0')).toMatchObject({ Phone: '@here' })
    expect(of("'s-Hertogenbosch")).toMatchObject({ Notes: "'=1" })
    expect(of('شركة الأسنان')).toMatchObject({ Notes: '👩‍👩‍👧' })
  })

  it('is read by an import as it was', async () => {
    const bytes = new Uint8Array(await (await exported(technician, {})).arrayBuffer())
    const { headings, rows } = readCsv(decode(bytes).text, ',')
    const fields = guessColumns(headings).map(({ field }) => field)
    const read = rows.map(({ cells }) => Object.fromEntries(fields.map((field, at) => [field, cells[at] || null])))
    const kept = await msp.scope.list(customers, {
      where: eq(customers.state, 'active'),
      orderBy: [customers.sortName],
    })
    expect(kept.length).toBeGreaterThan(4)
    expect(read).toEqual(
      kept.map(({ id, name, email, phone, address, notes, psaId }) =>
        expect.objectContaining({ customerId: id, name, email, phone, address, notes, psaId }),
      ),
    )
  })

  it('has no cell that a spreadsheet would calculate', async () => {
    const cells = parsed(await (await exported(technician, {})).text()).flat()
    expect(cells.length).toBeGreaterThan(14)
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  })

  it('is the same as a workbook', async () => {
    const answer = await exported(technician, { format: 'xlsx' })
    expect(answer.headers.get('content-type')).toContain('spreadsheetml')
    const [sheet] = (await readXlsx(new Uint8Array(await answer.arrayBuffer()))).sheets
    const [heads = [], ...rows] = sheet?.rows ?? []
    const said = rows.map((row) => Object.fromEntries(heads.map((head, at) => [String(head), String(row[at] ?? '')])))
    expect(said).toEqual(await rowsOf(await exported(technician, {})))
    expect(rows[0]?.[7]).toBe(0)
  })

  it('is saved under the MSP’s name and its day, and kept by nobody on the way', async () => {
    const zoned = await newMsp('Dök & Co')
    moveClock(() => Date.parse('2026-07-03T23:30:00Z'))
    const answer = await exported(await newStaff(zoned), {})
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="d_k-co-customers-2026-07-04.csv"; filename*=UTF-8''d%C3%B6k-co-customers-2026-07-04.csv`,
    )
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('can be of a selection, in its order, of this MSP’s alone', async () => {
    const mine = await Promise.all(['Zeta', 'Eta'].map((name) => newCustomer(msp, name)))
    const theirs = await newCustomer(await newMsp('Contoso', msp.shard), 'Theirs')
    const ids = [...mine, theirs].map(({ customerId }) => customerId)
    const answer = await exported(technician, { ids: [...ids, ids[0], 'made-up'] })
    expect(await namesIn(answer)).toEqual(['Zeta', 'Eta'])
  })

  it('is written down before it is given: who, what was asked for, and how many', async () => {
    const fresh = await newMsp()
    const admin = await newStaff(fresh, 'admin')
    await newCustomers(fresh, 3)
    await exported(admin, { sort: '-name' })
    const [entry, ...more] = (await fresh.scope.list(activities)).filter(
      ({ action }) => action === 'customers.exported',
    )
    expect(more).toEqual([])
    expect(entry).toMatchObject({ actorName: admin.name, customerId: null })
    expect(entry?.subjectName).toMatch(/\.csv$/)
    expect(entry?.changes.map(({ field, after }) => [field, after])).toEqual([
      ['format', 'csv'],
      ['sort', '-name'],
      ['state', 'active'],
      ['rows', 3],
    ])
  })

  it.each([
    ['no format', {}],
    ['a format there is not', { format: 'pdf' }],
    ['a page', { format: 'csv', limit: 3 }],
    ['a sort there is not', { format: 'csv', sort: 'nothing' }],
    ['nobody selected', { format: 'csv', ids: [] }],
    ['too many selected', { format: 'csv', ids: Array.from({ length: 201 }, String) }],
    ['a search for one letter', { format: 'csv', q: 'x' }],
  ])('is refused for %s, and then not written down', async (_, body) => {
    const fresh = await newMsp()
    const answer = await call(ADMIN, 'POST', PATH, { as: await newStaff(fresh), body })
    expect(answer.status).toBe(422)
    expect((await fresh.scope.list(activities)).map(({ action }) => action)).not.toContain('customers.exported')
  })
})

describe('A long export', () => {
  it('of a search holds all matches in the order of the list, which shows some and says so', async () => {
    const msp = await newMsp()
    const named = await newCustomers(msp, 1_250)
    const others = await newCustomers(msp, 30, { name: 'Tailspin', sortName: 'tailspin' })
    const some = named.filter((_, at) => at % 2 === 0)
    await msp.scope.commit(
      { action: 'stage.words', subject: { kind: 'customer', id: 'many', name: 'Many' } },
      msp.scope.putAll(
        customers,
        named.map((row, at) => ({
          ...row,
          psaId: at % 3 === 0 ? `P${at}` : null,
          healthRank: at % 4,
          // The list has those who are disabled, too.
          state: at === 7 ? ('disabled' as const) : ('active' as const),
        })),
      ),
      msp.scope.putAll(
        customerWords,
        [...named, ...others].flatMap(({ id, sortName }) => [
          { customerId: id, id, word: sortName.split(' ')[0] ?? '' },
          { customerId: id, id: `${id}-contact`, word: 'customary' },
        ]),
      ),
      msp.scope.putAll(
        customerWords,
        some.map(({ id }) => ({ customerId: id, id, word: 'dental' })),
      ),
    )
    const technician = await newStaff(msp)
    const listed = await call(ADMIN, 'GET', `${LIST}?q=custom&limit=200`, { as: technician })
    expect(await bodyOf(listed)).toMatchObject({ truncated: true })
    const idsOf = async (question: object) =>
      (await rowsOf(await exported(technician, question))).map((row) => row['Customer id'])
    for (const sort of ['name', '-psaId', 'health']) {
      const all = await idsOf({ sort })
      expect(all).toHaveLength(1_280)
      expect(await idsOf({ sort, q: 'custom' }), sort).toEqual(all)
    }
    const isNamed = new Set(some.map(({ id }) => id))
    const byName = await idsOf({ sort: 'name' })
    expect(await idsOf({ q: 'customar dent' })).toEqual(byName.filter((id) => isNamed.has(id ?? '')))
    const red = await idsOf({ q: 'custom', health: 'red' })
    expect(red).toHaveLength(313)
    const entries = (await msp.scope.list(activities)).filter(({ action }) => action === 'customers.exported')
    const counts = entries.flatMap(({ changes }) => changes.filter(({ field }) => field === 'rows'))
    expect(new Set(counts.map(({ after }) => after))).toEqual(new Set(['more than 200']))
  })

  it('gives each customer once, also one that is renamed while it goes on', async () => {
    const msp = await newMsp()
    const [first] = await newCustomers(msp, 450)
    const answer = await exported(await newStaff(msp), {})
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    let renamed = false
    for (;;) {
      const part = await reader?.read()
      if (part === undefined || part.done) break
      text += part.value
      if (!renamed && text.includes('Customer 00000')) {
        renamed = true
        const [row] = await msp.scope.list(customers, { limit: 1, orderBy: [customers.sortName] })
        if (row === undefined) throw new Error('There is nobody to rename.')
        await msp.scope.commit(
          { action: 'stage.rename', subject: { kind: 'customer', id: row.id, name: 'Zulu' } },
          msp.scope.change(customers, row, { name: 'Zulu', sortName: 'zulu' }),
        )
      }
    }
    const ids = parsed(text)
      .slice(1)
      .map((row) => row.at(-1))
    expect(renamed).toBe(true)
    expect(ids).toHaveLength(450)
    expect(new Set(ids).size).toBe(450)
    expect(ids).toContain(first?.id)
  })
})
