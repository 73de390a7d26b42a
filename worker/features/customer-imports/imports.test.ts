import { eq, sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import {
  activities,
  contacts,
  customerImportKeys,
  customerImportRows,
  customerImports,
  customers,
  customerWords,
  jobs,
} from '../../../db/shard/schema.ts'
import { consume, sweep } from '../../work.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, environment, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import { newId } from '../../tenancy/ids.ts'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import { forgetImport } from './forget.ts'
import { called, tablesBelow } from './undo.job.ts'
import { filesOf } from './imports.ts'
import { environmentWith, newScene, path, work } from '../../test/imports.ts'
import type { Scene, Shown } from '../../test/imports.ts'

holdQueue()
afterEach(() => moveClock(undefined))

const DAY_MS = 86_400_000
const api = '/api/msp-portal/customers'
const add = async ({ admin }: Scene, input: Record<string, unknown>) => {
  const answer = await call(ADMIN, 'POST', api, { as: admin, body: input })
  return bodyOf<{ id: string; version: number }>(answer)
}
const change = async ({ admin }: Scene, id: string, input: Record<string, unknown>) =>
  expect((await call(ADMIN, 'PUT', `${api}/${id}`, { as: admin, body: input })).status).toBe(200)
const list = async ({ admin }: Scene, q: string) =>
  (await bodyOf<{ items: { name: string }[] }>(await call(ADMIN, 'GET', `${api}?q=${q}`, { as: admin }))).items.map(
    ({ name }) => name,
  )

describe('A file', () => {
  it('is taken with its columns guessed, and says which are left out', async () => {
    const scene = await newScene()
    const shown = await scene.uploaded('Firma;Telefon;Lieblingsfarbe;Health\nFabrikam;1;blau;Good\n')
    expect(shown).toMatchObject({ state: 'uploaded', delimiter: ';', encoding: 'UTF-8' })
    expect(shown.columns).toEqual([
      { heading: 'Firma', kind: 'taken', field: 'name', samples: ['Fabrikam'] },
      { heading: 'Telefon', kind: 'taken', field: 'phone', samples: ['1'] },
      { heading: 'Lieblingsfarbe', kind: 'unknown', field: null, samples: ['blau'] },
      { heading: 'Health', kind: 'ours', field: null, samples: ['Good'] },
    ])
  })

  it('of 200 MB is refused at once, before any of it is read', async () => {
    const { begin, admin } = await newScene()
    const read = { chunkCount: 0 }
    const raw = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          read.chunkCount += 1
          controller.enqueue(new Uint8Array(1024))
        },
      },
      { highWaterMark: 0 },
    )
    const answer = await call(ADMIN, 'PUT', `${path}/${await begin()}/file`, {
      as: admin,
      raw,
      headers: { 'content-type': 'text/csv', 'content-length': String(200 * 1024 * 1024) },
    })
    expect([answer.status, (await bodyOf(answer))['detail']]).toEqual([
      413,
      'A file may be at most 10 MB. Split it into several files.',
    ])
    // What was on its way already when the answer came.
    expect(read.chunkCount).toBeLessThan(100)
  })

  it('must say how long it is', async () => {
    const { begin, admin } = await newScene()
    const answer = await call(ADMIN, 'PUT', `${path}/${await begin()}/file`, {
      as: admin,
      raw: new ReadableStream({ start: (controller) => controller.close() }),
      headers: { 'content-type': 'text/csv' },
    })
    expect(answer.status).toBe(411)
  })

  it.each([
    [
      'This is an Excel workbook (.xlsx), not a CSV file. Save it as CSV and upload that.',
      'PK\u0003\u0004..xl/workbook.xml',
    ],
    ['This is a ZIP archive, not a CSV file. Save it as CSV and upload that.', 'PK\u0003\u0004..customers.csv'],
    ['This is a PDF document, not a CSV file. Save it as CSV and upload that.', '%PDF-1.4'],
    ['This is a binary file, not a CSV file. Save it as CSV and upload that.', '\u0001\u0002\u0003\u0004\u0005'],
    ['This file is empty.', ''],
    ['This file is empty.', '\n\n \n'],
  ])('is refused by its bytes, whatever it is called: %s', async (detail, file) => {
    const { begin, send, read, refusal, msp } = await newScene()
    const id = await begin()
    expect(await refusal(await send(id, file))).toEqual({ status: 422, detail })
    expect((await read(id)).state).toBe('waiting')
    expect((await environment.files.list({ prefix: filesOf(msp.mspId, id) })).objects).toEqual([])
  })

  it('larger than what is looked at first arrives whole', async () => {
    const scene = await newScene()
    const file = `Name,Notes\n${Array.from({ length: 3_000 }, (_, at) => `Customer ${at},${'n'.repeat(60)}`).join('\n')}\n`
    const { id } = await scene.uploaded(file)
    const { objects } = await environment.files.list({ prefix: filesOf(scene.msp.mspId, id) })
    expect(objects.map(({ size }) => size)).toEqual([file.length])
  })

  it('comes once, and needs the column of names', async () => {
    const { uploaded, send, ask, refusal } = await newScene()
    const { id } = await uploaded('Name,Phone\nA,1\n')
    expect((await send(id, 'Name\nB\n')).status).toBe(409)
    const choose = async (columns: unknown) => refusal(await ask('PUT', `/${id}/columns`, { columns }))
    expect(await choose([null, 'phone'])).toEqual({
      status: 422,
      detail: 'Choose the column that holds the customers’ names.',
    })
    expect(await choose(['name', 'name'])).toEqual({ status: 422, detail: 'Name is taken from “Name” already.' })
    expect(await choose(['name'])).toEqual({ status: 422, detail: 'This file has 2 columns; 1 were given.' })
  })

  it('with a quotation mark that is never closed is not read, saying where', async () => {
    const { checked } = await newScene()
    expect(await checked('Name\nA\n"B\n')).toMatchObject({
      state: 'failed',
      trouble: 'The quotation mark that opens in line 3 is never closed. Put it right and upload the file again.',
    })
  })

  it('with headings alone has nothing to import', async () => {
    const { checked, ask, refusal } = await newScene()
    const { id, state, rowCount } = await checked('Name,Phone\n')
    expect([state, rowCount]).toEqual(['checked', 0])
    expect(await refusal(await ask('POST', `/${id}/run`))).toEqual({
      status: 409,
      detail: 'There is nothing to import: no row would add or change a customer.',
    })
  })

  it('to fill in can be had, and is taken as it is', async () => {
    const { ask, checked } = await newScene()
    const answer = await ask('GET', '/sample')
    expect(answer.headers.get('content-disposition')).toContain('attachment; filename="customers.csv"')
    const file = new Uint8Array(await answer.arrayBuffer())
    expect((await checked(file)).counts).toEqual({ create: 2, update: 0, unchanged: 0, skip: 0, error: 0 })
  })
})

describe('The check', () => {
  it('says per row what is to become of it, and why not, at its column and line, and changes nobody', async () => {
    const scene = await newScene()
    const fabrikam = await add(scene, { name: 'Fabrikam Ltd', phone: '1' })
    await add(scene, { name: 'Tailspin' })
    const { id, counts } = await scene.checked(
      [
        'Name,E-mail,Phone',
        'Fabrikam,,2',
        '"Tailspin",,',
        'Contoso,hello@contoso.example,',
        `${'x'.repeat(10_000)},,`,
        'CONTOSO LTD,,',
        'Litware,nobody,',
        '',
      ].join('\n'),
    )
    expect(counts).toEqual({ create: 1, update: 1, unchanged: 1, skip: 0, error: 3 })
    const rows = await scene.rows(id)
    expect(
      rows.map(({ line, decision, errors }) => [
        line,
        decision,
        errors.map(({ column, reason }) => `${column}: ${reason}`),
      ]),
    ).toEqual([
      [2, 'update', []],
      [3, 'unchanged', []],
      [4, 'create', []],
      [5, 'error', ['Name: At most 120 characters.']],
      [6, 'error', ['null: This is the same customer as in line 4. Leave one of the two out.']],
      [7, 'error', ['E-mail: Enter an e-mail address such as name@company.com.']],
    ])
    expect(rows[0]).toMatchObject({
      customer: { id: fabrikam.id, name: 'Fabrikam Ltd' },
      changes: [
        { field: 'name', before: 'Fabrikam Ltd', after: 'Fabrikam' },
        { field: 'phone', before: '1', after: '2' },
      ],
    })
    expect(await scene.names()).toEqual(['Fabrikam Ltd', 'Tailspin'])
    expect((await scene.rows(id, '&decision=error')).map(({ line }) => line)).toEqual([5, 6, 7])
  })

  it('takes businesses whose PSA ids differ for two, also in one file, and knows a PSA id in any case', async () => {
    const scene = await newScene()
    await add(scene, { name: 'Müller GmbH', psaId: '100' })
    const { id: acmeId } = await add(scene, { name: 'Acme', psaId: 'C-7' })
    const { id } = await scene.checked(
      'Name,PSA id,Phone\nMüller AG,200,1\nNeu GmbH,300,1\nNeu AG,400,1\nNeu,,1\nAcme Holding,c-7,1\n',
    )
    expect((await scene.rows(id)).map(({ decision, customer }) => [decision, customer?.id])).toEqual([
      ['create', undefined],
      ['create', undefined],
      ['create', undefined],
      ['error', undefined],
      ['update', acmeId],
    ])
    expect((await scene.run(id)).counts).toMatchObject({ create: 3, update: 1, error: 1 })
    expect((await scene.names()).filter((name) => name.startsWith('Müller'))).toEqual(['Müller AG', 'Müller GmbH'])
  })

  it('finds the same customer twice also when many rows lie between them', async () => {
    const scene = await newScene()
    const names = Array.from({ length: 900 }, (_, at) => `Customer number ${at}`)
    const { id, counts } = await scene.checked(['Name', ...names, 'CUSTOMER number 3', ''].join('\n'))
    expect(counts).toMatchObject({ create: 900, error: 1 })
    const [row] = await scene.rows(id, '&decision=error')
    expect(row?.errors[0]?.reason).toBe('This is the same customer as in line 5. Leave one of the two out.')
  })

  it('keeps names in any letters', async () => {
    const scene = await newScene()
    await scene.imported('Name\nشركة الأسنان\n🦷 Fabrikam\n"Müller, Söhne"\n🚀🚀\n')
    expect((await scene.names()).toSorted()).toEqual(['Müller, Söhne', 'شركة الأسنان', '🚀🚀', '🦷 Fabrikam'].toSorted())
  })

  it('reads what people’s programs write: UTF-16, Windows-1252, tabs', async () => {
    const scene = await newScene()
    const utf16 = Uint8Array.from([
      0xff,
      0xfe,
      ...Array.from('Name\tPhone\r\nMüller\t1\r\n', (letter) => [letter.charCodeAt(0), 0]).flat(),
    ])
    const ansi = Uint8Array.from(Array.from('Name;Phone\r\nSöhne;1\r\n', (letter) => letter.charCodeAt(0)))
    expect(await scene.checked(utf16)).toMatchObject({ encoding: 'UTF-16LE', delimiter: '\t' })
    const { id, encoding } = await scene.checked(ansi)
    expect([encoding, (await scene.rows(id))[0]?.values['name']]).toEqual(['Windows-1252', 'Söhne'])
  })

  it('can be made anew with other columns, forgetting what it said', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name,Other\nA,B\nC,D\n')
    await scene.ask('PUT', `/${id}/columns`, { columns: [null, 'name'] })
    await work(scene.msp)
    expect((await scene.rows(id)).map(({ values }) => values['name'])).toEqual(['B', 'D'])
    expect((await scene.read(id)).counts.create).toBe(2)
  })

  it('lists nothing of an earlier import, wherever a page marker points', async () => {
    const scene = await newScene()
    await scene.checked('Name\nEarlier\n')
    const { id } = await scene.checked(['Name', 'One', 'Two', ''].join('\n'))
    type Page = { items: { line: number }[]; nextCursor: string }
    const first: Page = await bodyOf(await scene.ask('GET', `/${id}/rows?limit=1`))
    const [sort, , ...rest] = JSON.parse(atob(first.nextCursor.replaceAll('-', '+').replaceAll('_', '/'))) as string[]
    const forged = btoa(JSON.stringify([sort, '', ...rest.slice(0, -1), '0']))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
    const answer = await scene.ask('GET', `/${id}/rows?limit=9&cursor=${forged}`)
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect((await bodyOf<Page>(answer)).items.map(({ line }) => line)).toEqual([2, 3])
  })

  it('lists its rows page by page, each once', async () => {
    const scene = await newScene()
    const { id } = await scene.checked(['Name', ...Array.from({ length: 7 }, (_, at) => `N${at}`), ''].join('\n'))
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: { line: number }[]; nextCursor: string | null } = await bodyOf(
        await scene.ask('GET', `/${id}/rows?limit=3&decision=create${cursor === '' ? '' : `&cursor=${cursor}`}`),
      )
      seen.push(...page.items.map(({ line }) => line))
      cursor = page.nextCursor
    }
    expect(seen).toEqual([2, 3, 4, 5, 6, 7, 8])
  })

  it('knows nothing of customers of another MSP', async () => {
    const [one, other] = [await newScene(await newMsp('A', 'shard-1')), await newScene(await newMsp('B', 'shard-1'))]
    const { id } = await add(one, { name: 'Fabrikam', psaId: '7' })
    const { counts } = await other.checked(`Customer id,Name,PSA id\n,Fabrikam,7\n${id},X,\n`)
    expect(counts).toMatchObject({ create: 1, update: 0, error: 1 })
  })
})

describe('A row that is wrong', () => {
  it('is put right in place and checked again', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name,E-mail\nA,nobody\nB,b@b.example\n')
    const [row] = await scene.rows(id, '&decision=error')
    const put = (body: unknown, version = row?.version) =>
      scene.ask('PUT', `/${id}/rows/${row?.id}`, body, { 'if-match': `"v${version}"` })
    expect(await bodyOf(await put({ name: 'B', email: 'a@a.example' }))).toMatchObject({
      decision: 'error',
      errors: [{ reason: 'This is the same customer as in line 3. Leave one of the two out.' }],
    })
    expect((await put({ name: 'A', email: 'a@a.example' })).status).toBe(412)
    const right = await bodyOf(await put({ name: 'A', email: 'a@a.example' }, 2))
    expect(right).toMatchObject({ decision: 'create', errors: [], version: 3 })
    expect((await scene.read(id)).counts).toMatchObject({ create: 2, error: 0 })
    await scene.run(id)
    expect(await scene.names()).toEqual(['A', 'B'])
  })

  it('can be left out', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name\nA\nB\n')
    const [row] = await scene.rows(id)
    expect(await bodyOf(await scene.ask('PUT', `/${id}/rows/${row?.id}`, { name: 'A', skip: true }))).toMatchObject({
      decision: 'skip',
    })
    expect((await scene.run(id)).counts).toMatchObject({ create: 1, skip: 1 })
    expect(await scene.names()).toEqual(['B'])
  })

  it('frees what it said of a customer when it says something else', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name\nA\na\n')
    const [first, second] = await scene.rows(id)
    await scene.ask('PUT', `/${id}/rows/${first?.id}`, { name: 'C' })
    const again = await scene.ask('PUT', `/${id}/rows/${second?.id}`, { name: 'a' })
    expect(await bodyOf(again)).toMatchObject({ decision: 'create' })
  })

  it('that may mean several customers names them, and is one of them or a new one as is chosen', async () => {
    const scene = await newScene()
    const { id: firstId } = await add(scene, { name: 'Ott GmbH', email: 'a@ott.example' })
    await add(scene, { name: 'Ott AG' })
    const { id } = await scene.checked('Name,Phone\nOtt,1\nOTT,2\n')
    const [one, other] = await scene.rows(id)
    expect(one?.candidates.map(({ name }) => name).toSorted()).toEqual(['Ott AG', 'Ott GmbH'])
    const choose = (row: typeof one, customerId: string) =>
      scene.ask('PUT', `/${id}/rows/${row?.id}`, { ...row?.values, customerId })
    expect(await bodyOf(await choose(one, firstId))).toMatchObject({ decision: 'update', candidates: [] })
    expect(await bodyOf(await choose(other, 'new'))).toMatchObject({ decision: 'create', candidates: [], errors: [] })
    expect((await scene.run(id)).counts).toMatchObject({ create: 1, update: 1 })
    expect((await scene.names()).toSorted()).toEqual(['OTT', 'Ott', 'Ott AG'])
  })

  it('stays as it was put right, or left out, when the rows are checked again, and knows who came meanwhile', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name,E-mail\nA,nobody\nB,\nC,\nc,\n')
    const [one, other] = await scene.rows(id)
    await scene.ask('PUT', `/${id}/rows/${one?.id}`, { name: 'A', email: 'a@a.example' })
    await scene.ask('PUT', `/${id}/rows/${other?.id}`, { name: 'B', skip: true })
    await add(scene, { name: 'C' })
    expect((await scene.ask('POST', `/${id}/recheck`)).status).toBe(202)
    expect(await scene.read(id)).toMatchObject({ state: 'checking', isRecheck: true, progress: { done: 0, total: 4 } })
    await work(scene.msp)
    expect(await scene.read(id)).toMatchObject({
      state: 'checked',
      isRecheck: false,
      counts: { create: 1, update: 0, unchanged: 1, skip: 1, error: 1 },
    })
    expect((await scene.rows(id)).map(({ decision, values }) => [decision, values['name'], values['email']])).toEqual([
      ['create', 'A', 'a@a.example'],
      ['skip', 'B', ''],
      ['unchanged', 'C', ''],
      ['error', 'c', ''],
    ])
    await scene.run(id)
    expect((await scene.ask('POST', `/${id}/recheck`)).status).toBe(409)
  })

  it('that took in the rows behind a stray quotation mark is not right by being checked again as it is', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name,Notes\n"B" x,2\nC,"4"\nE,5\n')
    const [row] = await scene.rows(id)
    expect(row?.errors[0]?.reason).toContain('lines 2 to 3')
    const put = async (body: unknown) => bodyOf(await scene.ask('PUT', `/${id}/rows/${row?.id}`, body))
    expect(await put(row?.values)).toMatchObject({ decision: 'error' })
    expect(await put({ name: 'B', notes: '2' })).toMatchObject({ decision: 'create' })
  })

  it('that is left out lets the other one of the two go, which kept its refusal', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name,Phone\nA,1\nB,1\na,2\nA,3\n')
    const [first, , second, third] = await scene.rows(id)
    expect(second?.errors).toMatchObject([{ sameAsLine: 2 }])
    await scene.ask('PUT', `/${id}/rows/${first?.id}`, { name: 'A', skip: true })
    expect((await scene.rows(id)).map(({ decision }) => decision)).toEqual(['skip', 'create', 'create', 'error'])
    expect((await scene.rows(id)).at(-1)?.errors).toMatchObject([{ sameAsLine: 4 }])
    expect((await scene.read(id)).counts).toMatchObject({ create: 2, skip: 1, error: 1 })
    await scene.ask('PUT', `/${id}/rows/${second?.id}`, { name: 'Something else' })
    expect((await scene.rows(id)).find((row) => row.id === third?.id)).toMatchObject({ decision: 'create', errors: [] })
    expect((await scene.run(id)).counts).toMatchObject({ create: 3, skip: 1, error: 0 })
    expect(await scene.names()).toEqual(['A', 'B', 'Something else'])
  })

  it('that is left out decides all of very many anew that it was in the way of', async () => {
    const scene = await newScene()
    const { id } = await scene.checked(`Name\n${'A\n'.repeat(251)}`)
    const [first] = await scene.rows(id)
    await scene.ask('PUT', `/${id}/rows/${first?.id}`, { name: 'A', skip: true })
    const stale = await scene.msp.scope.list(customerImportRows, {
      where: sql`json_extract(${customerImportRows.faults}, '$[0].sameAsLine') = 2`,
    })
    expect(stale).toEqual([])
    expect((await scene.read(id)).counts).toMatchObject({ create: 1, skip: 1, error: 249 })
  })

  it('is put right by many at once without a count being lost', async () => {
    const scene = await newScene()
    const { id } = await scene.checked(
      ['Name,E-mail', ...Array.from({ length: 10 }, (_, at) => `N${at},wrong`), ''].join('\n'),
    )
    const rows = await scene.rows(id)
    await Promise.all(rows.map((row, at) => scene.ask('PUT', `/${id}/rows/${row.id}`, { name: `N${at}` })))
    expect((await scene.read(id)).counts).toMatchObject({ create: 10, error: 0 })
  })

  it('is in that file however many there are', async () => {
    const scene = await newScene()
    const { id } = await scene.checked(
      ['Name,E-mail', ...Array.from({ length: 1_200 }, (_, at) => `N${at},no`), ''].join('\n'),
    )
    const lines = (await (await scene.ask('GET', `/${id}/bad-rows`)).text()).trim().split('\r\n')
    expect(new Set(lines.slice(1).map((line) => line.split(',')[0])).size).toBe(1_200)
  })

  it('comes with all the others as a file that says why, which is taken again once it is right', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Firma;Mail\nA;=cmd|x\nB;b@b.example\n')
    const answer = await scene.ask('GET', `/${id}/bad-rows`)
    const file = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(await answer.arrayBuffer())
    expect(file).toBe(
      "\ufeffFirma,Mail,Line,What is wrong\r\nA,'=cmd|x,2,Mail: Enter an e-mail address such as name@company.com.\r\n",
    )
    const again = await scene.uploaded(file.replace(`'=cmd|x`, 'a@a.example'))
    expect(again.columns.map(({ kind }) => kind)).toEqual(['taken', 'taken', 'ours', 'ours'])
  })
})

describe('The run', () => {
  it('adds and changes what the check said, in the name of who ran it, and the search knows them', async () => {
    const scene = await newScene()
    const { id: fabrikamId } = await add(scene, { name: 'Fabrikam', notes: 'Keep this' })
    const shown = await scene.imported('Name,PSA id,Phone\nFabrikam,7,2\n"Contoso Ltd","8",3\n')
    expect(shown).toMatchObject({ state: 'done', counts: { create: 1, update: 1, error: 0 } })
    const [contoso, fabrikam] = await scene.msp.scope.list(customers, { orderBy: [customers.sortName] })
    expect(contoso).toMatchObject({ name: 'Contoso Ltd', psaId: '8', phone: '3', version: 1, state: 'active' })
    expect(fabrikam).toMatchObject({ id: fabrikamId, psaId: '7', phone: '2', notes: 'Keep this', version: 2 })
    expect([await list(scene, 'conto'), await list(scene, 'fabri')]).toEqual([['Contoso Ltd'], ['Fabrikam']])
    const entries = await scene.msp.scope.list(activities, {
      where: eq(activities.customerId, fabrikamId),
      orderBy: [activities.id],
    })
    expect(entries.at(-1)).toMatchObject({
      action: 'imported_customer.changed',
      actorKind: 'staff',
      actorName: scene.admin.name,
      changes: [
        { table: 'customers', field: 'phone', before: null, after: '2' },
        { table: 'customers', field: 'psaId', before: null, after: '7' },
      ],
    })
  })

  it('gives way to other jobs after a few batches, and goes on where it was', async () => {
    const scene = await newScene()
    const names = Array.from({ length: 1_100 }, (_, at) => `Customer ${at}`)
    const { id } = await scene.checked(`Name\n${names.join('\n')}\n`)
    expect((await scene.ask('POST', `/${id}/run`)).status).toBe(202)
    const [job] = await scene.msp.scope.list(jobs, { where: eq(jobs.naturalKey, `import-run:${id}`) })
    if (job === undefined) throw new Error('There is no job.')
    await consume(environment, { shard: scene.msp.shard, mspId: scene.msp.mspId, jobId: job.id }, () => undefined)
    expect(await scene.read(id)).toMatchObject({ state: 'running', progress: { done: 1_000, total: 1_100 } })
    await work(scene.msp)
    expect(await scene.read(id)).toMatchObject({ state: 'done', counts: { create: 1_100 } })
    const told = await bodyOf<{ items: { action: string }[] }>(
      await call(ADMIN, 'GET', '/api/msp-portal/activity?kind=imports&limit=200', { as: scene.admin }),
    )
    expect(new Set(told.items.map(({ action }) => action))).toEqual(new Set(['imported_customer.created']))
  })

  it('forgets the words of a name that changed', async () => {
    const scene = await newScene()
    const { id } = await add(scene, { name: 'Fabrikam' })
    await scene.imported(`Customer id,Name\n${id},Contoso\n`)
    expect([await list(scene, 'fabrikam'), await list(scene, 'contoso')]).toEqual([[], ['Contoso']])
  })

  it('of the same file a second time changes nothing', async () => {
    const scene = await newScene()
    const file =
      'Name,E-mail,Phone,Address,Notes,PSA id\n"A, Ltd",A@A.example,\'+44 1,"1 Lane\r\nTown",n,1\nB,,,,,\n🚀,,,,,\n'
    expect((await scene.imported(file)).counts).toMatchObject({ create: 3 })
    const before = await scene.msp.scope.list(customers, { orderBy: [customers.id] })
    const { counts } = await scene.checked(file)
    expect(counts).toEqual({ create: 0, update: 0, unchanged: 3, skip: 0, error: 0 })
    expect(await scene.msp.scope.list(customers, { orderBy: [customers.id] })).toEqual(before)
  })

  it('of our own export, taken while another import runs, changes nobody who was in it', async () => {
    const scene = await newScene()
    await scene.imported(
      `Name,E-mail,Phone,Address,Notes,PSA id\n"=cmd|x",a@a.example,'+44 1,"1 Lane\nTown",'=n,-1\nB,,,,,\n🚀,,,,,\n`,
    )
    const { id } = await scene.checked('Name\nC\nD\n')
    const [exported] = await Promise.all([
      call(ADMIN, 'POST', '/api/msp-portal/customer-exports', { as: scene.admin, body: { format: 'csv' } }),
      scene.run(id),
    ])
    const file = new Uint8Array(await exported.arrayBuffer())
    const { counts, rowCount } = await scene.checked(file)
    expect(rowCount).toBeGreaterThanOrEqual(3)
    expect(counts).toEqual({ create: 0, update: 0, unchanged: rowCount, skip: 0, error: 0 })
  })

  it('of a file checked before the same was imported changes nothing either', async () => {
    const scene = await newScene()
    const [one, two] = [await scene.checked('Name\nA\nB\n'), await scene.checked('Name\nA\nB\nC\n')]
    await scene.run(one.id)
    expect((await scene.run(two.id)).counts).toEqual({ create: 1, update: 0, unchanged: 2, skip: 0, error: 0 })
    expect(await scene.names()).toEqual(['A', 'B', 'C'])
  })

  it('decides a row again whose customer changed since the check', async () => {
    const scene = await newScene()
    const { id: same } = await add(scene, { name: 'A', phone: '1' })
    const { id: renamed } = await add(scene, { name: 'B', phone: '1' })
    const { id } = await scene.checked(`Customer id,Name,Phone\n${same},A,2\n${renamed},,2\n`)
    await change(scene, same, { name: 'A', phone: '2' })
    await change(scene, renamed, { name: 'B again', phone: '1' })
    expect((await scene.run(id)).counts).toMatchObject({ update: 1, unchanged: 1 })
    expect((await scene.msp.scope.list(customers)).map(({ name, phone }) => `${name} ${phone}`).toSorted()).toEqual([
      'A 2',
      'B again 2',
    ])
  })

  it('overwrites no value that was set between check and run and that nobody was shown', async () => {
    const scene = await newScene()
    const { id: customerId } = await add(scene, { name: 'A', phone: '1' })
    const { id: goneId } = await add(scene, { name: 'B' })
    const { id } = await scene.checked('Name,Phone\nA,2\nB,2\nC,2\nD,2\n')
    await change(scene, customerId, { name: 'A', phone: '9' })
    await change(scene, goneId, { name: 'Another name' })
    await add(scene, { name: 'C', phone: '7' })
    expect((await scene.run(id)).counts).toMatchObject({ create: 1, update: 0, error: 3 })
    expect((await scene.rows(id, '&decision=error')).map(({ errors }) => errors.map(({ reason }) => reason))).toEqual([
      ['Somebody changed this to “9” after the check, so it was not overwritten.'],
      [
        'The customer that it was to change is no longer known by this row: it was changed after the check. Import this row again.',
      ],
      ['“C” came after the check, and may be the same customer. Import this row again.'],
    ])
    const kept = await scene.msp.scope.list(customers, { orderBy: [customers.sortName] })
    expect(kept.map(({ name, phone }) => [name, phone])).toEqual([
      ['A', '9'],
      ['Another name', null],
      ['C', '7'],
      ['D', '2'],
    ])
  })

  it('overwrites nobody who changes a customer in the very moment before it is written', async () => {
    const scene = await newScene()
    const { id: customerId } = await add(scene, { name: 'A', phone: '1' })
    const { id } = await scene.checked('Name,Phone\nA,2\nB,2\n')
    expect((await scene.ask('POST', `/${id}/run`)).status).toBe(202)
    let isFirst = true
    const overtaken = environmentWith(scene.msp, (shard) => ({
      ...shard,
      batch: async (statements) => {
        if (isFirst && statements.some(({ sql }) => sql.startsWith('insert into "customers"'))) {
          isFirst = false
          await change(scene, customerId, { name: 'A', phone: '1', notes: 'Written meanwhile' })
        }
        return shard.batch(statements)
      },
    }))
    await work(scene.msp, overtaken)
    expect(isFirst).toBe(false)
    expect(await scene.msp.scope.list(customers, { orderBy: [customers.sortName] })).toMatchObject([
      { name: 'A', phone: '2', notes: 'Written meanwhile', version: 3 },
      { name: 'B', phone: '2', version: 1 },
    ])
    expect(await scene.read(id)).toMatchObject({ state: 'done', trouble: null, counts: { create: 1, update: 1 } })
  })

  it('asked for fifty times at once happens once', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name\nA\nB\n')
    const statuses = (await Promise.all(Array.from({ length: 50 }, () => scene.ask('POST', `/${id}/run`)))).map(
      ({ status }) => status,
    )
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    for (const status of statuses) expect([202, 409, 412]).toContain(status)
    expect(await scene.msp.scope.list(jobs, { where: eq(jobs.naturalKey, `import-run:${id}`) })).toHaveLength(1)
    await Promise.all([work(scene.msp), work(scene.msp), work(scene.msp)])
    expect(await scene.names()).toEqual(['A', 'B'])
    const entries = await scene.msp.scope.list(activities, {
      where: eq(activities.action, 'imported_customer.created'),
    })
    expect(entries).toHaveLength(2)
  })

  it('waits for another import of the same MSP', async () => {
    const scene = await newScene()
    const [one, two] = [await scene.checked('Name\nA\n'), await scene.checked('Name\nB\n')]
    expect((await scene.ask('POST', `/${one.id}/run`)).status).toBe(202)
    expect(await scene.refusal(await scene.ask('POST', `/${two.id}/run`))).toEqual({
      status: 409,
      detail: 'Another import is at work. Try again when it has ended.',
    })
    await work(scene.msp)
    await scene.run(two.id)
    expect(await scene.names()).toEqual(['A', 'B'])
  })

  it('is answered as before when it is asked for again with its key', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name\nA\n')
    const ask = () => scene.ask('POST', `/${id}/run`, undefined, { 'idempotency-key': 'once' })
    const [first, second] = [await ask(), await ask()]
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([202, 202, 'true'])
    expect(await bodyOf<Shown>(second)).toEqual(await bodyOf<Shown>(first))
  })

  it('takes very long notes, and never more in one parameter than D1 takes', async () => {
    const scene = await newScene()
    const file = ['Name,Notes', ...Array.from({ length: 150 }, (_, at) => `N${at},"${'"" ö'.repeat(1_600)}"`), ''].join(
      '\n',
    )
    const shown = await scene.uploaded(file)
    await scene.check(shown)
    const seen = { byteCountMax: 0 }
    const measured = environmentWith(scene.msp, (shard) => ({
      ...shard,
      batch: (statements) => {
        for (const param of statements.flatMap(({ params }) => params))
          seen.byteCountMax = Math.max(seen.byteCountMax, new TextEncoder().encode(String(param)).byteLength)
        return shard.batch(statements)
      },
    }))
    await work(scene.msp, measured)
    expect((await scene.ask('POST', `/${shown.id}/run`)).status).toBe(202)
    await work(scene.msp, measured)
    expect((await scene.read(shown.id)).counts).toMatchObject({ create: 150 })
    expect(seen.byteCountMax).toBeGreaterThan(500_000)
    expect(seen.byteCountMax).toBeLessThan(2_000_000)
  }, 60_000)
})

describe('Undoing an import', () => {
  const story = async () => {
    const scene = await newScene()
    const { id: fabrikamId } = await add(scene, { name: 'Fabrikam', phone: '1' })
    const shown = await scene.imported('Name,Phone\nFabrikam Ltd,2\nContoso,3\nTailspin,4\n')
    return { scene, fabrikamId, id: shown.id }
  }
  const idOf = async ({ msp }: Scene, name: string) =>
    (await msp.scope.first(customers, eq(customers.name, name)))?.id ?? ''

  it('removes what it added and restores what it changed, words and all, and tells so', async () => {
    const { scene, fabrikamId, id } = await story()
    const contosoId = await idOf(scene, 'Contoso')
    expect(await scene.undo(id)).toMatchObject({ state: 'undone', undoLeftCount: 0 })
    expect(await scene.msp.scope.list(customers)).toMatchObject([
      { id: fabrikamId, name: 'Fabrikam', phone: '1', version: 3 },
    ])
    expect([await list(scene, 'contoso'), await list(scene, 'ltd'), await list(scene, 'fabrikam')]).toEqual([
      [],
      [],
      ['Fabrikam'],
    ])
    expect(new Set((await scene.msp.scope.list(customerWords)).map(({ customerId }) => customerId))).toEqual(
      new Set([fabrikamId]),
    )
    const told = (await scene.msp.scope.list(activities)).filter(({ action }) =>
      ['imported_customer.removed', 'imported_customer.restored'].includes(action),
    )
    expect(told.map(({ action, customerId }) => [action, customerId])).toEqual(
      expect.arrayContaining([
        ['imported_customer.removed', contosoId],
        ['imported_customer.restored', fabrikamId],
      ]),
    )
    expect((await scene.rows(id, '&undoing=removed')).map(({ line }) => line)).toEqual([3, 4])
  })

  it('leaves those that changed since, and those with something below them, and lists them', async () => {
    const { scene, fabrikamId, id } = await story()
    await change(scene, fabrikamId, { name: 'Fabrikam Ltd', phone: '9' })
    const customerId = await idOf(scene, 'Contoso')
    const customer = { msp: scene.msp, customerId, name: 'Contoso' }
    await newPortal(customer)
    const below = scene.msp.scope.forCustomer(customerId)
    await below.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: 'x', name: 'Dana' } },
      below.add(contacts, { id: newId(now()), name: 'Dana', escalationPosition: 0, createdAt: now() }),
    )
    expect(await scene.undo(id)).toMatchObject({ state: 'undone', undoLeftCount: 2 })
    expect(await scene.names()).toEqual(['Contoso', 'Fabrikam Ltd'])
    expect((await scene.rows(id, '&undoing=left')).map(({ line, undoReason }) => [line, undoReason])).toEqual([
      [2, 'It was changed after the import.'],
      [3, 'It has contacts, a portal by now.'],
    ])
  })

  it('has a word for everything that may stand below a customer', () => {
    expect(tablesBelow.length).toBeGreaterThan(5)
    expect(Object.keys(called).toSorted()).toEqual(tablesBelow.map((table) => getTableConfig(table).name).toSorted())
  })

  it('tells those that are gone from those that changed', async () => {
    const { scene, fabrikamId, id } = await story()
    await change(scene, fabrikamId, { name: 'Fabrikam Ltd', phone: '9' })
    const gone = await call(ADMIN, 'DELETE', `${api}/${await idOf(scene, 'Contoso')}`, { as: scene.admin })
    expect(gone.status, await gone.clone().text()).toBe(204)
    expect(await scene.undo(id)).toMatchObject({ undoLeftCount: 2, undoGoneCount: 1 })
  })

  it('is possible on the seventh day, and refused after it, saying so', async () => {
    const { scene, id } = await story()
    const at = now()
    const { undoableUntil } = await scene.read(id)
    moveClock(() => at + 7 * 86_400_000 + 60_000)
    // Sessions have ended by then: somebody else of the MSP signs in.
    const later = await newScene(scene.msp)
    expect(await later.refusal(await later.ask('PUT', `/${id}/reversal`))).toEqual({
      status: 410,
      detail: 'This import ran more than 7 days ago. It can no longer be undone.',
    })
    moveClock(() => Date.parse(undoableUntil ?? '') - 1)
    const inTime = await newScene(scene.msp)
    await inTime.undo(id)
    expect(await inTime.names()).toEqual(['Fabrikam'])
  })

  it('happens once, and the same file can then be imported again', async () => {
    const { scene, id } = await story()
    await scene.undo(id)
    const before = await scene.read(id)
    const again = await scene.ask('PUT', `/${id}/reversal`)
    expect([again.status, await bodyOf(again)]).toEqual([202, before])
    expect((await scene.imported('Name,Phone\nFabrikam Ltd,2\nContoso,3\nTailspin,4\n')).counts).toMatchObject({
      create: 2,
      update: 1,
    })
  })
})

describe('An import', () => {
  it('is listed newest first, and one that was not run can be discarded', async () => {
    const scene = await newScene()
    const one = await scene.checked('Name\nA\n')
    const two = await scene.imported('Name\nB\n')
    const ids = async () => (await bodyOf<{ items: Shown[] }>(await scene.ask('GET'))).items.map(({ id }) => id)
    expect(await ids()).toEqual([two.id, one.id])
    expect((await scene.ask('DELETE', `/${one.id}`)).status).toBe(204)
    expect((await scene.ask('DELETE', `/${two.id}`)).status).toBe(409)
    expect(await ids()).toEqual([two.id])
    expect((await scene.ask('GET', `/${one.id}`)).status).toBe(404)
    expect((await scene.ask('POST', `/${one.id}/run`)).status).toBe(404)
  })

  it('is for admins: a technician is refused', async () => {
    const { msp } = await newScene()
    const technician = await newStaff(msp, 'technician')
    expect((await call(ADMIN, 'GET', path, { as: technician })).status).toBe(403)
    expect((await call(ADMIN, 'POST', path, { as: technician, body: { fileName: 'a' } })).status).toBe(403)
  })

  it('is forgotten after thirty days, its file and rows with it; what it did stays', async () => {
    const scene = await newScene()
    const [{ id }, kept] = [await scene.imported('Name\nA\n'), await scene.checked('Name\nX\n')]
    const { scope, mspId } = scene.msp
    await scope.record(
      scope.changeAll(customerImports, eq(customerImports.id, kept.id), { expiresAt: now() + 99 * DAY_MS }),
    )
    const left = async () => ({
      imports: (await scope.list(customerImports)).map((row) => row.id),
      rows: (await scope.list(customerImportRows)).map(({ importId }) => importId),
      keys: (await scope.list(customerImportKeys)).map(({ importId }) => importId),
      files: (await environment.files.list({ prefix: filesOf(mspId, id) })).objects.length,
    })
    const at = now()
    moveClock(() => at + 30 * DAY_MS - 60_000)
    await sweep(environment)
    expect((await left()).imports).toEqual([id, kept.id])
    moveClock(() => at + 30 * DAY_MS + 60_000)
    // Other imports of this file's tests have had their time, too, and each sweep takes a few.
    for (let turn = 0; turn < 30 && (await left()).imports.includes(id); turn += 1) await sweep(environment)
    expect(await left()).toEqual({ imports: [kept.id], rows: [kept.id], keys: [kept.id], files: 0 })
    expect(await scene.names()).toEqual(['A'])
  })

  it('of very many rows is forgotten a part at a time', async () => {
    const scene = await newScene()
    const { id } = await scene.checked(['Name', ...Array.from({ length: 2_100 }, (_, at) => `N${at}`), ''].join('\n'))
    await forgetImport(environment, scene.msp.scope, id)
    expect((await scene.msp.scope.list(customerImportRows)).length).toBe(100)
    await forgetImport(environment, scene.msp.scope, id)
    expect(await scene.msp.scope.list(customerImports)).toEqual([])
  })

  it('that was discarded is gone with the next sweep', async () => {
    const scene = await newScene()
    const { id } = await scene.checked('Name\nA\n')
    await scene.ask('DELETE', `/${id}`)
    await sweep(environment)
    expect(await scene.msp.scope.list(customerImports)).toEqual([])
    expect((await environment.files.list({ prefix: filesOf(scene.msp.mspId, id) })).objects).toEqual([])
  })
})
