import { afterEach, describe, expect, it } from 'vitest'
import { activities, documents } from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newDocument,
  newMsp,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import type { CallOptions, StagedCustomer } from '../../test/stage.ts'
import { pastTheFence } from '../../test/tripwire.ts'
import { keepFile } from '../../http/keep-file.ts'

holdQueue()
afterEach(() => moveClock(undefined))

type Shown = {
  id: string
  name: string
  category: string
  mediaType: string
  byteCount: number
  sharedWithCustomer: boolean
  canBeViewed: boolean
  addedBy: string
  deletedAt: string | null
  version: number
}
type Page = { items: Shown[]; nextCursor: string | null }

const MB = 1024 * 1024
const DAY_MS = 24 * 3_600_000
const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
const pdf = bytesOf('%PDF-1.7\nA contract\n%%EOF')
const page = bytesOf('<!doctype html><script>alert(document.cookie)</script>')

let uploadCount = 0
const newScene = async () => {
  const msp = await newMsp()
  const technician = await newStaff(msp, 'technician')
  const customer = await newCustomer(msp, 'Fabrikam')
  const portal = await newPortal(customer)
  const dana = await newContact(portal, ['portal_admin'])
  const tom = await newContact(portal, ['portal_user'])
  const at = pathOf(customer)
  const ask = (method: string, path: string, options: CallOptions = {}) =>
    call(ADMIN, method, `${at}${path}`, { as: technician, ...options })
  const put = (bytes: BodyInit, byteCount: number | string, more: { key?: string; query?: string } = {}) =>
    ask('PUT', `/uploads/${more.key ?? `upload-${(uploadCount += 1)}`}?${more.query ?? 'name=Contract.pdf'}`, {
      raw: bytes,
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(byteCount) },
    })
  const upload = async (query = 'name=Contract.pdf', bytes: Uint8Array<ArrayBuffer> = pdf) => {
    const response = await put(bytes, bytes.byteLength, { query })
    expect(response.status, await response.clone().text()).toBe(201)
    return bodyOf<Shown>(response)
  }
  const change = (id: string, body: object, version?: number) =>
    ask('PUT', `/${id}`, {
      body: { name: 'Contract.pdf', category: 'other', sharedWithCustomer: false, ...body },
      ...(version === undefined ? {} : { headers: { 'if-match': `"v${version}"` } }),
    })
  const list = async (query = '') => (await bodyOf<Page>(await ask('GET', query))).items
  const share = (id: string) => change(id, { sharedWithCustomer: true })
  const asContact = (who: { cookie: string }, path = '') =>
    call(portal.host, 'GET', `/api/portal/customers/${customer.customerId}/documents${path}`, { as: who })
  const rows = () => customer.msp.scope.forCustomer(customer.customerId).list(documents)
  const objects = async () => (await environment.files.list({ prefix: `${msp.mspId}/` })).objects
  return {
    msp,
    technician,
    customer,
    portal,
    dana,
    tom,
    ask,
    put,
    upload,
    change,
    list,
    share,
    asContact,
    rows,
    objects,
  }
}

const pathOf = ({ customerId }: StagedCustomer) => `/api/msp-portal/customers/${customerId}/documents`

const streamOf = (...pieces: Uint8Array[]) =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })

describe('A document', () => {
  it('is kept as it came, by whoever added it, and downloads under its name', async () => {
    const { technician, ask, upload, list } = await newScene()
    const shown = await upload('name=Contract%202026.pdf&category=contract')
    expect(shown).toMatchObject({
      name: 'Contract 2026.pdf',
      category: 'contract',
      mediaType: 'application/pdf',
      byteCount: pdf.byteLength,
      sharedWithCustomer: false,
      addedBy: technician.name,
      version: 1,
    })
    expect(await list()).toEqual([shown])
    const response = await ask('GET', `/${shown.id}/content`)
    expect(response.status).toBe(200)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(pdf)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="Contract 2026.pdf"; filename*=UTF-8''Contract%202026.pdf`,
      'content-length': String(pdf.byteLength),
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })

  it('that browsers can show opens in a tab, as what its bytes are', async () => {
    const { ask, upload } = await newScene()
    const { id } = await upload('name=Wrong.html')
    const response = await ask('GET', `/${id}/view`)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="Wrong.html.pdf"; filename*=UTF-8''Wrong.html.pdf`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })

  it.each([
    ['a page called a PDF', 'name=Contract.pdf', page],
    ['a picture that can run, called a PNG', 'name=Logo.png', bytesOf('<svg onload="alert(1)" xmlns="x"/>')],
  ])('that lies is kept and only ever downloads: %s', async (_, query, bytes) => {
    const { ask, upload } = await newScene()
    const shown = await upload(query, bytes)
    expect(shown).toMatchObject({ mediaType: 'application/octet-stream', canBeViewed: false })
    expect((await ask('GET', `/${shown.id}/view`)).status).toBe(404)
    const response = await ask('GET', `/${shown.id}/content`)
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;/)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
  })

  it('is sent in part to whoever asks for a part', async () => {
    const { ask, upload } = await newScene()
    const { id } = await upload()
    const part = await ask('GET', `/${id}/content`, { headers: { range: 'bytes=0-4' } })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 0-4/${pdf.byteLength}`)
    expect(part.headers.get('content-length')).toBe('5')
    expect(await part.text()).toBe('%PDF-')
    expect((await ask('GET', `/${id}/content`, { headers: { range: 'bytes=5000-' } })).status).toBe(416)
    const other = await ask('GET', `/${id}/content`, { headers: { range: 'bytes=0-4', 'if-range': '"another"' } })
    expect(other.status).toBe(200)
  })

  it.each([
    ['what cannot be seen is left out', '%E2%80%AEfdp.tcartnoC%0A.pdf', 'fdp.tcartnoC.pdf'],
    ['right-to-left and emoji stay', '%D7%97%D7%95%D7%96%D7%94%20%F0%9F%98%80.pdf', 'חוזה 😀.pdf'],
    ['a path is no place', '..%2F..%2Fetc%2Fpasswd', '../../etc/passwd'],
  ])('has a name of whatever letters: %s', async (_, name, expected) => {
    const { ask, upload } = await newScene()
    const { id, name: kept } = await upload(`name=${name}`)
    expect(kept).toBe(expected)
    const { headers } = await ask('GET', `/${id}/content`)
    expect(headers.get('content-disposition')).not.toMatch(/[/\\\n\u202e]/)
  })

  it.each([
    ['without a name', '', '/name'],
    ['with a name of spaces', 'name=%20%20', '/name'],
    ['with a name that cannot be seen', 'name=%E2%80%AE', '/name'],
    ['with a name of 256 letters', `name=${'x'.repeat(256)}`, '/name'],
    ['of an unknown category', 'name=a&category=secret', '/category'],
  ])('%s is refused at its field', async (_, query, pointer) => {
    const { put, rows } = await newScene()
    const response = await put(pdf, pdf.byteLength, { query })
    expect(response.status).toBe(422)
    expect(await bodyOf(response)).toMatchObject({ errors: [{ pointer }] })
    expect(await rows()).toEqual([])
  })

  it('may have a name of 255 letters', async () => {
    const { upload } = await newScene()
    expect((await upload(`name=${'x'.repeat(255)}`)).name).toHaveLength(255)
  })
})

describe('An upload', () => {
  it('of 50 MB is taken, of one byte more refused before it is read', async () => {
    const { put, rows, objects } = await newScene()
    const whole = new Uint8Array(50 * MB)
    whole.set(pdf)
    const taken = await put(whole, 50 * MB)
    expect(taken.status, await taken.clone().text()).toBe(201)
    expect(await bodyOf(taken)).toMatchObject({ mediaType: 'application/pdf', byteCount: 50 * MB })
    const refused = await put(streamOf(), 50 * MB + 1)
    expect(refused.status).toBe(413)
    expect(await bodyOf(refused)).toMatchObject({ detail: 'A document has at most 50 MB.' })
    expect(await rows()).toHaveLength(1)
    expect((await objects()).map(({ size }) => size)).toEqual([50 * MB])
  }, 60_000)

  it('must say how long it is', async () => {
    const { ask, put, rows } = await newScene()
    const silent = await ask('PUT', '/uploads/silent?name=a', {
      raw: streamOf(pdf),
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(silent.status).toBe(411)
    for (const length of ['many', '-1', '1e3']) expect((await put(pdf, length)).status, length).toBe(411)
    expect(await rows()).toEqual([])
  })

  it.each([
    ['more than it said', streamOf(pdf, pdf), pdf.byteLength, 'More came'],
    ['less than it said', streamOf(pdf), 2 * pdf.byteLength, 'Less came'],
  ])('that sends %s leaves nothing', async (_, stream, byteCount, detail) => {
    const { put, rows, objects } = await newScene()
    const response = await put(stream, byteCount)
    expect(response.status).toBe(400)
    expect(await bodyOf(response)).toMatchObject({ detail: expect.stringContaining(detail) as string })
    expect(await rows()).toEqual([])
    expect(await objects()).toEqual([])
  })

  it('that is cut off half-way leaves nothing', async () => {
    const bytes = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(pdf),
      pull: (controller) => controller.error(new Error('The line is dead.')),
    })
    await expect(keepFile(environment.files, 'half', { byteCount: 3 * MB, bytes }, 16)).rejects.toMatchObject({
      code: 'malformed',
      message: 'The file was cut off on its way. Send it again.',
    })
    expect(await environment.files.head('half')).toBeNull()
  })

  it('of an empty file is refused', async () => {
    const { put, rows } = await newScene()
    const response = await put(new Uint8Array(), 0)
    expect(response.status).toBe(422)
    expect(await bodyOf(response)).toMatchObject({ detail: 'This file is empty.' })
    expect(await rows()).toEqual([])
  })

  it('that is sent again under its key is not kept twice, nor under another customer’s', async () => {
    const { msp, technician, put, rows, objects } = await newScene()
    const first = await put(pdf, pdf.byteLength, { key: 'mine' })
    const again = await put(pdf, pdf.byteLength, { key: 'mine', query: 'name=Another.pdf' })
    expect([first.status, again.status]).toEqual([201, 200])
    expect(await bodyOf(again)).toEqual(await bodyOf(first))
    expect((await put(page, page.byteLength, { key: 'mine' })).status).toBe(409)
    expect(await rows()).toHaveLength(1)
    expect(await objects()).toHaveLength(1)
    const elsewhere = await call(ADMIN, 'PUT', `${pathOf(await newCustomer(msp))}/uploads/mine?name=a`, {
      as: technician,
      raw: pdf,
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(pdf.byteLength) },
    })
    expect(elsewhere.status).toBe(201)
  })

  it('that is sent ten times at once is kept once', async () => {
    const { put, rows, objects } = await newScene()
    const answers = await Promise.all(Array.from({ length: 10 }, () => put(pdf, pdf.byteLength, { key: 'eager' })))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9)
    const ids = await Promise.all(answers.map(async (answer) => (await bodyOf<Shown>(answer)).id))
    expect(new Set(ids).size).toBe(1)
    expect(await rows()).toHaveLength(1)
    expect(await objects()).toHaveLength(1)
  })
})

describe('A change of a document', () => {
  it('writes what was and what is, under the name of what was done', async () => {
    const { customer, upload, change } = await newScene()
    const { id } = await upload()
    await change(id, { name: 'Contract 2026.pdf', category: 'contract' })
    await change(id, { name: 'Contract 2026.pdf', category: 'contract', sharedWithCustomer: true })
    await change(id, { name: 'Contract 2026.pdf', category: 'contract' })
    const entries = await customer.msp.scope.list(activities, { orderBy: [activities.id] })
    const ours = entries.filter(({ subjectId }) => subjectId === id)
    expect(
      ours.map(({ action, changes }) => [action, changes.map(({ field, before, after }) => [field, before, after])]),
    ).toEqual([
      [
        'document.added',
        [
          ['name', null, 'Contract.pdf'],
          ['category', null, 'other'],
          ['mediaType', null, 'application/pdf'],
          ['byteCount', null, pdf.byteLength],
          ['sharedWithCustomer', null, false],
        ],
      ],
      [
        'document.changed',
        [
          ['name', 'Contract.pdf', 'Contract 2026.pdf'],
          ['category', 'other', 'contract'],
        ],
      ],
      ['document.shared', [['sharedWithCustomer', false, true]]],
      ['document.unshared', [['sharedWithCustomer', true, false]]],
    ])
    expect(ours.every(({ customerId }) => customerId === customer.customerId)).toBe(true)
  })

  it('to what it is already changes nothing', async () => {
    const { customer, upload, change } = await newScene()
    const { id } = await upload()
    const before = (await customer.msp.scope.list(activities)).length
    expect(await bodyOf(await change(id, {}))).toMatchObject({ version: 1 })
    expect(await customer.msp.scope.list(activities)).toHaveLength(before)
  })

  it('by twenty people at once is won by one of each version', async () => {
    const { upload, change, list } = await newScene()
    const { id } = await upload()
    for (const version of [1, 2]) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, number) => change(id, { name: `Name ${version}.${number}` }, version)),
      )
      const statuses = answers.map(({ status }) => status)
      expect(statuses.filter((status) => status === 200)).toHaveLength(1)
      expect(statuses.filter((status) => status === 412)).toHaveLength(19)
      expect(await list()).toMatchObject([{ name: `Name ${version}.${statuses.indexOf(200)}`, version: version + 1 }])
    }
  })

  it('refuses a name with characters that turn the writing round, or none', async () => {
    const { upload, change } = await newScene()
    const { id } = await upload()
    for (const name of ['exe\u202efdp', 'two\nlines', '  ', '']) expect((await change(id, { name })).status).toBe(422)
  })
})

describe('A deleted document', () => {
  it('is nowhere to be had, and stands among the deleted ones', async () => {
    const { customer, ask, upload, share, list, dana, asContact } = await newScene()
    const { id } = await upload()
    await share(id)
    expect((await ask('DELETE', `/${id}`)).status).toBe(204)
    expect(await list()).toEqual([])
    for (const path of ['', '/content', '/view']) {
      expect((await ask('GET', `/${id}${path}`)).status, path).toBe(404)
      if (path !== '') expect((await asContact(dana, `/${id}${path}`)).status, path).toBe(404)
    }
    expect(await bodyOf(await asContact(dana))).toMatchObject({ items: [] })
    const bin = await call(ADMIN, 'GET', pathOf(customer).replace(/documents$/, 'deleted-documents'), {
      as: await newStaff(customer.msp, 'viewer'),
    })
    expect((await bodyOf<Page>(bin)).items).toMatchObject([{ id, deletedAt: expect.any(String) as string }])
    expect((await ask('DELETE', `/${id}`)).status).toBe(404)
  })

  it('comes back as it was, from either of two tabs and from both', async () => {
    const { ask, upload, change, list } = await newScene()
    const { id } = await upload()
    await change(id, { name: 'Shared.pdf', sharedWithCustomer: true })
    // Both tabs show version 2. One deletes it, so the other's deletion is of what is no longer there.
    expect((await ask('DELETE', `/${id}`, { headers: { 'if-match': '"v2"' } })).status).toBe(204)
    expect((await ask('DELETE', `/${id}`, { headers: { 'if-match': '"v2"' } })).status).toBe(404)
    const undone = await Promise.all([ask('PUT', `/${id}/restoration`), ask('PUT', `/${id}/restoration`)])
    expect(undone.every(({ status }) => status === 200 || status === 412)).toBe(true)
    expect(undone.some(({ status }) => status === 200)).toBe(true)
    expect((await ask('PUT', `/${id}/restoration`)).status).toBe(200)
    expect(await list()).toMatchObject([{ id, name: 'Shared.pdf', sharedWithCustomer: true, version: 4 }])
    // The tab that still shows version 2 does not delete what it has not seen.
    expect((await ask('DELETE', `/${id}`, { headers: { 'if-match': '"v2"' } })).status).toBe(412)
    expect((await ask('GET', `/${id}/content`)).status).toBe(200)
  })

  it('can be restored for 30 days; then the sweep ends it, its bytes and all', async () => {
    const { ask, upload, rows, objects } = await newScene()
    const [kept, gone] = [await upload('name=Kept.pdf'), await upload('name=Gone.pdf')]
    await ask('DELETE', `/${kept.id}`)
    await ask('DELETE', `/${gone.id}`)
    const deletedAt = now()
    moveClock(() => deletedAt + 29 * DAY_MS)
    await sweep(environment)
    expect(await rows()).toHaveLength(2)
    moveClock(() => deletedAt + 31 * DAY_MS)
    await sweep(environment)
    expect(await rows()).toEqual([])
    expect(await objects()).toEqual([])
  })
})

describe('The bytes of a document', () => {
  it('that were stored when their row never came are collected a day later, and no others', async () => {
    const { msp, upload, objects } = await newScene()
    const { id } = await upload()
    const orphan = `${msp.mspId}/documents/${'0'.repeat(36)}`
    await environment.files.put(orphan, pdf)
    const storedAt = now()
    const walk = async (at: number) => {
      moveClock(() => at)
      await sweep(environment)
      return (await objects()).map(({ key }) => key).filter((key) => key.startsWith(msp.mspId))
    }
    expect(await walk(storedAt)).toHaveLength(2)
    expect(await walk(storedAt + 2 * DAY_MS)).toEqual([`${msp.mspId}/documents/${id}`])
  })
})

describe('The list of documents', () => {
  it('is sorted by name as people read, or by when they were added, and pages through all of them', async () => {
    const { customer, ask, list } = await newScene()
    const names = ['Ärzte', 'apple', 'Zebra', 'apple', 'Über', 'beta', 'Øre']
    for (const name of names) {
      const sortName = { Ärzte: 'arzte', Über: 'uber', Øre: 'ore' }[name] ?? name.toLowerCase()
      await newDocument(customer, { name, sortName })
    }
    const inOrder = ['apple', 'apple', 'Ärzte', 'beta', 'Øre', 'Über', 'Zebra']
    expect((await list('?sort=name')).map(({ name }) => name)).toEqual(inOrder)
    expect((await list('?sort=-added')).map(({ name }) => name)).toEqual(names.toReversed())
    for (const [sort, expected] of [
      ['name', inOrder],
      ['-name', inOrder.toReversed()],
      ['added', names],
      ['-added', names.toReversed()],
    ] as const) {
      const seen: Shown[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const answer: Page = await bodyOf<Page>(
          await ask('GET', `?sort=${sort}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`),
        )
        seen.push(...answer.items)
        cursor = answer.nextCursor
      }
      expect(
        seen.map(({ name }) => name),
        sort,
      ).toEqual(expected)
      expect(new Set(seen.map(({ id }) => id)).size).toBe(names.length)
    }
  })

  it('is filtered by category, by sharing and by both', async () => {
    const { customer, list } = await newScene()
    await newDocument(customer, { name: 'a', category: 'contract', sharedWithCustomer: true })
    await newDocument(customer, { name: 'b', category: 'contract', sharedWithCustomer: false })
    await newDocument(customer, { name: 'c', category: 'runbook', sharedWithCustomer: true })
    const named = async (query: string) => (await list(query)).map(({ name }) => name)
    expect(await named('?category=contract')).toEqual(['a', 'b'])
    expect(await named('?shared=true')).toEqual(['a', 'c'])
    expect(await named('?shared=false')).toEqual(['b'])
    expect(await named('?category=contract&shared=true&sort=-added')).toEqual(['a'])
  })

  it('reads rows by an index for every filter and sort', async () => {
    const { customer } = await newScene()
    const shard = environment.shards.get(customer.msp.shard)
    for (const filter of [
      '',
      'and category = ?3',
      'and shared_with_customer = ?3',
      'and category = ?3 and shared_with_customer = ?3',
    ])
      for (const order of ['sort_name, id', 'id']) {
        const plan = await pastTheFence(async () =>
          shard?.read({
            sql: `explain query plan select * from documents where msp_id = ?1 and customer_id = ?2 and deleted_at is null ${filter} order by ${order}`,
            params: [customer.msp.mspId, customer.customerId, ...(filter === '' ? [] : [1])],
          }),
        )
        expect(JSON.stringify(plan), `${filter} ${order}`).toMatch(/USING INDEX documents_by_/)
        expect(JSON.stringify(plan), `${filter} ${order}`).not.toMatch(/TEMP B-TREE/)
      }
  })
})

describe('A contact', () => {
  it.each(['dana', 'tom'] as const)('sees what is shared and nothing of who keeps it: %s', async (who) => {
    const scene = await newScene()
    const [shared, secret] = [await scene.upload('name=Shared.pdf'), await scene.upload('name=Secret.pdf')]
    await scene.share(shared.id)
    const { items } = await bodyOf<{ items: object[] }>(await scene.asContact(scene[who]))
    expect(items).toEqual([
      {
        id: shared.id,
        name: 'Contract.pdf',
        category: 'other',
        mediaType: 'application/pdf',
        byteCount: pdf.byteLength,
        canBeViewed: true,
        addedAt: expect.any(String) as string,
      },
    ])
    const response = await scene.asContact(scene[who], `/${shared.id}/content`)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(pdf)
    expect((await scene.asContact(scene[who], `/${shared.id}/view`)).headers.get('content-type')).toBe(
      'application/pdf',
    )
    // One that is not shared is answered like one that never was.
    for (const path of ['content', 'view']) {
      const [hidden, madeUp] = await Promise.all([
        scene.asContact(scene[who], `/${secret.id}/${path}`),
        scene.asContact(scene[who], `/${'0'.repeat(36)}/${path}`),
      ])
      expect(hidden.status).toBe(404)
      expect({ ...(await bodyOf(hidden)), requestId: '' }).toEqual({ ...(await bodyOf(madeUp)), requestId: '' })
    }
  })

  it('no longer gets at what is no longer shared, at the next click', async () => {
    const { upload, share, change, dana, asContact } = await newScene()
    const { id } = await upload()
    await share(id)
    expect((await asContact(dana, `/${id}/content`)).status).toBe(200)
    await change(id, {})
    expect((await asContact(dana, `/${id}/content`)).status).toBe(404)
    expect(await bodyOf(await asContact(dana))).toEqual({ items: [], nextCursor: null })
  })

  it('of another customer does not get at it, shared or not', async () => {
    const { msp, customer, upload, share } = await newScene()
    const { id } = await upload()
    await share(id)
    const elsewhere = await newPortal(await newCustomer(msp))
    const stranger = await newContact(elsewhere, ['portal_admin'])
    for (const customerId of [customer.customerId, elsewhere.customerId]) {
      const path = `/api/portal/customers/${customerId}/documents/${id}/content`
      expect((await call(elsewhere.host, 'GET', path, { as: stranger })).status).toBe(404)
    }
  })
})

describe('Staff', () => {
  it('who only look may read documents, but neither add, change, delete nor restore them', async () => {
    const { msp, customer, ask, upload } = await newScene()
    const { id } = await upload()
    const viewer = await newStaff(msp, 'viewer')
    const statuses = []
    for (const [method, path, more] of [
      ['GET', '', {}],
      ['GET', `/${id}/content`, {}],
      [
        'PUT',
        '/uploads/x?name=a',
        { raw: pdf, headers: { 'content-type': 'application/octet-stream', 'content-length': String(pdf.byteLength) } },
      ],
      ['PUT', `/${id}`, { body: { name: 'a', category: 'other', sharedWithCustomer: true } }],
      ['DELETE', `/${id}`, {}],
      ['PUT', `/${id}/restoration`, {}],
    ] as const)
      statuses.push((await ask(method, path, { as: viewer, ...more })).status)
    expect(statuses).toEqual([200, 200, 403, 403, 403, 403])
    expect(customer.msp).toBe(msp)
  })

  it('find no document of one customer at another', async () => {
    const { msp, technician, upload, objects } = await newScene()
    const { id } = await upload()
    const other = pathOf(await newCustomer(msp))
    for (const [method, path] of [
      ['GET', `/${id}`],
      ['GET', `/${id}/content`],
      ['DELETE', `/${id}`],
      ['PUT', `/${id}/restoration`],
    ] as const)
      expect((await call(ADMIN, method, other + path, { as: technician })).status).toBe(404)
    expect(await objects()).toHaveLength(1)
  })
})
