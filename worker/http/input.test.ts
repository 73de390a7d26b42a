import { beforeAll, describe, expect, it } from 'vitest'
import { base64url } from '../tenancy/ids.ts'
import { ADMIN, bodyOf, call, newCustomer, newMsp, newStaff } from '../test/stage.ts'
import type { CallOptions } from '../test/stage.ts'
import { decodeCursor, encodeCursor, pageOf } from './paging.ts'

type Problem = { code: string; status: number; detail: string; errors?: { pointer: string; detail: string }[] }

let technician: { cookie: string }
beforeAll(async () => {
  const msp = await newMsp()
  technician = await newStaff(msp)
  for (const name of ['A', 'B', 'C']) await newCustomer(msp, name)
})

const CUSTOMERS = '/api/msp-portal/customers'
const post = (options: CallOptions) => call(ADMIN, 'POST', CUSTOMERS, { as: technician, ...options })
const asJson = { 'content-type': 'application/json' }
const raw = (text: BodyInit, headers: Record<string, string> = asJson) => post({ raw: text, headers })
const problemOf = async (answer: Response, status: number): Promise<Problem> => {
  expect(answer.status, await answer.clone().text()).toBe(status)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  return bodyOf<Problem>(answer)
}
const countOf = async () =>
  (await bodyOf<{ items: unknown[] }>(await call(ADMIN, 'GET', CUSTOMERS, { as: technician }))).items.length

describe('A body', () => {
  it.each([
    ['nothing', ''],
    ['half an object', '{"name": "Half'],
    ['an object and more', '{"name": "A"} {"name": "B"}'],
    ['a word', 'name'],
    ['single quotes', `{'name': 'A'}`],
    ['a comma too many', '{"name": "A",}'],
    ['a number that is none', '{"name": NaN}'],
  ])('of %s is no JSON', async (_, text) => {
    expect(await problemOf(await raw(text), 400)).toMatchObject({
      code: 'malformed',
      detail: 'The body is not valid JSON.',
    })
  })

  it.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['a cut character', [0x22, 0xe2, 0x82, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('with %s is not UTF-8', async (_, bytes) => {
    expect(await problemOf(await raw(Uint8Array.from(bytes)), 400)).toMatchObject({
      code: 'malformed',
      detail: 'The body is not valid UTF-8.',
    })
  })

  it.each([
    ['a list', '[]'],
    ['a text', '"name"'],
    ['null', 'null'],
    ['a number', '7'],
    ['an empty object', '{}'],
    ['a number for a name', '{"name": 7}'],
    ['null for a name', '{"name": null}'],
    ['a list for a name', '{"name": ["A"]}'],
    ['an object for a name', '{"name": {"$ne": ""}}'],
    ['a name of spaces', '{"name": "   "}'],
  ])('of the wrong type is not valid: %s', async (_, text) => {
    const { code, errors } = await problemOf(await raw(text), 422)
    expect(code).toBe('invalid')
    expect(errors?.length).toBeGreaterThan(0)
  })

  it('with an unknown key is not valid, and says which by a JSON pointer', async () => {
    const { errors } = await problemOf(await post({ body: { name: 'A', 'no/such~key': 1, mspId: 'x' } }), 422)
    expect(errors).toEqual([
      { pointer: '/no~1such~0key', detail: 'This field is not known here.' },
      { pointer: '/mspId', detail: 'This field is not known here.' },
    ])
  })

  it('with several wrong fields names each', async () => {
    const { errors, detail } = await problemOf(await post({ body: { name: '', email: 'nobody', phone: 7 } }), 422)
    expect(errors?.map(({ pointer }) => pointer).toSorted()).toEqual(['/email', '/name', '/phone'])
    expect(detail).toBe('3 fields need another look.')
  })

  it.each([
    ['__proto__', '{"name": "A", "__proto__": {"isAdmin": true}}'],
    ['constructor', '{"name": "A", "constructor": {"prototype": {"isAdmin": true}}}'],
    ['prototype', '{"name": "A", "prototype": {"isAdmin": true}}'],
  ])('cannot reach the prototype of objects by %s', async (key, text) => {
    const { errors } = await problemOf(await raw(text), 422)
    expect(errors?.map(({ pointer }) => pointer)).toEqual([`/${key}`])
    expect({}).not.toHaveProperty('isAdmin')
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'name=A'],
    ['a form with files', 'multipart/form-data; boundary=x', '--x--'],
    ['plain text, as another site’s form may send it', 'text/plain', '{"name": "A"}'],
    ['something that begins like JSON', 'application/jsonp', '{"name": "A"}'],
    ['XML', 'application/xml', '<name>A</name>'],
  ])('of another kind is not taken: %s', async (_, type, text) => {
    const before = await countOf()
    const { code } = await problemOf(await raw(text, { 'content-type': type }), 415)
    expect(code).toBe('unsupported_media_type')
    expect(await countOf()).toBe(before)
  })

  it('without a kind is not taken', async () => {
    expect((await problemOf(await raw(new TextEncoder().encode('{"name": "A"}'), {}), 415)).code).toBe(
      'unsupported_media_type',
    )
  })

  it('of JSON is taken in any spelling of its kind', async () => {
    for (const type of ['application/json', 'Application/JSON; charset=utf-8'])
      expect((await raw('{"name": "Spelled"}', { 'content-type': type })).status).toBe(201)
  })

  it('that says it is 10 MB is refused before it is read', async () => {
    let pulledCount = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulledCount += 1
        controller.enqueue(new Uint8Array(64 * 1024))
      },
    })
    const { code } = await problemOf(await raw(endless, { ...asJson, 'content-length': String(10 * 1024 * 1024) }), 413)
    expect(code).toBe('too_large')
    expect(pulledCount).toBeLessThan(20)
  })

  it('that never ends is refused as soon as it is too long', async () => {
    let pulledCount = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulledCount += 1
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20))
      },
    })
    const { code } = await problemOf(await raw(endless), 413)
    expect(code).toBe('too_large')
    expect(pulledCount).toBeLessThan(40)
  })

  it('of 10 MB is refused, and the Worker lives on', async () => {
    const { code } = await problemOf(await raw(`{"name": "${'a'.repeat(10 * 1024 * 1024)}"}`), 413)
    expect(code).toBe('too_large')
    expect((await post({ body: { name: 'After' } })).status).toBe(201)
  })

  it('of a hundred thousand brackets is refused like any other wrong one', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    expect([400, 422]).toContain((await raw(deep)).status)
  })

  it('from nobody is not looked at', async () => {
    const answer = await call(ADMIN, 'POST', CUSTOMERS, { raw: '{', headers: asJson })
    expect((await problemOf(answer, 401)).code).toBe('unauthenticated')
  })
})

describe('The query of a list', () => {
  const list = (query: string) => call(ADMIN, 'GET', `${CUSTOMERS}?${query}`, { as: technician })

  it.each([
    ['no row at all', 'limit=0', '/limit'],
    ['fewer than none', 'limit=-1', '/limit'],
    ['more rows than one may', 'limit=201', '/limit'],
    ['half a row', 'limit=1.5', '/limit'],
    ['a word of rows', 'limit=all', '/limit'],
    ['an order that is not offered', 'sort=notes', '/sort'],
    ['an order by SQL', 'sort=name;drop%20table%20customers', '/sort'],
    ['what nobody knows', 'colour=red', '/colour'],
    ['an owner', 'mspId=x', '/mspId'],
    ['a state there is not', 'state=any', '/state'],
    ['a cursor that is noise', 'cursor=%00%ff', '/cursor'],
    ['a cursor that is no base64', 'cursor=!!!', '/cursor'],
    ['a cursor that is no JSON', `cursor=${base64url(new TextEncoder().encode('name'))}`, '/cursor'],
    ['a cursor of another shape', `cursor=${base64url(new TextEncoder().encode('{"sort":"name"}'))}`, '/cursor'],
    ['a cursor of another order', `cursor=${encodeCursor({ sort: '-name', key: 'A', id: 'x' })}`, '/cursor'],
    ['a cursor that is too long', `cursor=${'a'.repeat(501)}`, '/cursor'],
  ])('is refused when it asks for %s', async (_, query, pointer) => {
    const { errors } = await problemOf(await list(query), 422)
    expect(errors?.map((error) => error.pointer)).toEqual([pointer])
  })

  it.each([
    ['a list in place of a key', { sort: 'name', key: ['A', 'B'], id: 'x' }],
    ['a number in place of a text', { sort: 'name', key: 7, id: 'x' }],
    ['quotes', { sort: 'name', key: `' or 1 = 1 --`, id: `'` }],
    ['an empty list', { sort: 'name', key: [], id: 'x' }],
  ])('is never a bug, even with a cursor that somebody wrote themselves: %s', async (_, cursor) => {
    expect([200, 422]).toContain((await list(`cursor=${encodeCursor(cursor)}`)).status)
  })

  it('takes 1 and 200', async () => {
    for (const limit of [1, 200]) expect((await list(`limit=${limit}`)).status).toBe(200)
  })
})

describe('A cursor', () => {
  it('leads back to where it was made', () => {
    const cursor = { sort: '-name', key: 'Ångström & Søn', id: 'x' }
    expect(decodeCursor(encodeCursor(cursor), '-name')).toEqual(cursor)
    expect(encodeCursor(cursor)).toMatch(/^[\w-]+$/)
  })

  it('is given only when there is another page', () => {
    const cut = (count: number) =>
      pageOf([1, 2, 3].slice(0, count), 2, (row) => ({ sort: 's', key: row, id: String(row) }), String)
    expect(cut(0)).toEqual({ items: [], nextCursor: null })
    expect(cut(2)).toEqual({ items: ['1', '2'], nextCursor: null })
    const { items, nextCursor } = cut(3)
    expect(items).toEqual(['1', '2'])
    expect(decodeCursor(nextCursor ?? '', 's')).toEqual({ sort: 's', key: 2, id: '2' })
  })
})
