import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { mailAddresses } from '../../db/shard/schema.ts'
import { moveClock, now } from '../clock.ts'
import contract from '../contract/openapi.json'
import { EXAMPLE_MOMENT } from '../http/examples.ts'
import { hashOf, newId, newSecret } from '../tenancy/ids.ts'
import { staffMay } from '../tenancy/permissions.ts'
import { ADMIN, bodyOf, newContact, newCustomer, newPortal, newRequest, newTenant } from './stage.ts'
import type { StagedMsp } from './stage.ts'
import { everyOperation, importOf, send, strangersCast, undeclaredIn } from './strangers.ts'
import type { Ids, Operation, Raw, StrangersCast } from './strangers.ts'

const operations = everyOperation()
const named = (list: Operation[]) => list.map((operation) => [operation.id, operation] as const)
const taking = (header: string) => operations.filter(({ takes }) => takes.includes(header))

const json = { 'content-type': 'application/json' }

let cast: StrangersCast
beforeAll(async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 503 })))
  cast = await strangersCast()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

/** Sends an operation as somebody who may, where it is. */
const sendAllowed = (operation: Operation, more: { headers?: Record<string, string>; raw?: Raw; ids?: Ids } = {}) => {
  const { fabrikam, staff } = cast.northwind
  const { access } = operation
  const isAtAdmin =
    access.who === 'staff' || access.who === 'oneself' || (access.who === 'anyone' && access.on.includes('admin'))
  return send(operation, {
    host: isAtAdmin ? ADMIN : fabrikam.portal.host,
    ids: fabrikam.ids,
    ...(access.who === 'staff' || access.who === 'oneself'
      ? { as: staff.owner }
      : access.who === 'contact'
        ? { as: fabrikam.people.admin }
        : {}),
    ...more,
  })
}

describe('The contract', () => {
  type Described = { description?: string }
  const described = Object.values(contract.paths).flatMap((methods) =>
    Object.values(methods as Record<string, Described>),
  )

  it('says of every operation who may call it, in words', () => {
    for (const { description } of described) expect(description).toMatch(/For (staff|contacts|anyone)/)
    const roles = Object.keys(staffMay)
    const write = contract.paths['/api/msp-portal/customers'].post.description
    expect(roles.filter((role) => write.includes(role))).toEqual(['technician', 'admin', 'owner'])
  })

  it('sees an answer with a status, a header or a kind of content that is not declared, or without one that is', () => {
    const answers = { 200: { headers: { ETag: { required: true } }, content: { 'application/json': {} } } }
    const answer = (status: number, headers: Record<string, string>) =>
      undeclaredIn(
        { answers },
        new Response('x', { status, headers: { 'content-type': 'application/json', ...headers } }),
      )
    expect(answer(200, { etag: '"v1"' })).toEqual([])
    expect(answer(201, { etag: '"v1"' })).toEqual(['status 201'])
    expect(answer(200, { etag: '"v1"', location: '/' })).toEqual(['location'])
    expect(answer(200, {})).toEqual(['no etag'])
    expect(answer(200, { etag: '"v1"', 'content-type': 'text/html' })).toEqual(['text/html'])
  })
})

const merging = (survivorId: string, mergedId: string) => ({
  json: { survivorId, mergedId, survivorVersion: 1, mergedVersion: 1 },
})
const archiving = (customerId: string) => ({ json: { customerIds: [customerId], archived: true } })

describe('The example of a body', () => {
  beforeAll(() => moveClock(() => Date.parse(EXAMPLE_MOMENT)))
  afterAll(() => moveClock(undefined))

  type Taking = {
    operationId: string
    requestBody?: { content: { 'application/json'?: { schema: { $ref: string } } } }
  }
  const shapes = contract.components.schemas as Record<string, { example?: unknown }>
  const exampleOf = new Map(
    Object.values(contract.paths)
      .flatMap((methods) => Object.values(methods as Record<string, Taking>))
      .flatMap(({ operationId, requestBody }) => {
        const shape = requestBody?.content['application/json']?.schema.$ref.split('/').at(-1)
        return shape === undefined ? [] : [[operationId, shapes[shape]?.example] as const]
      }),
  )

  it.each(named(operations.filter(({ id }) => exampleOf.has(id))))(
    'is one that is taken: %s',
    async (id, operation) => {
      // What it is about is not there, which is found out only once the body is read.
      const raw = { raw: JSON.stringify(exampleOf.get(id)), headers: json }
      const answer = await sendAllowed(operation, { raw, ids: cast.madeUp })
      expect([400, 413, 415, 422], await answer.clone().text()).not.toContain(answer.status)
    },
  )
})

/** The secret that was mailed to an address mails are to come from. */
const mailedToken = async ({ scope }: StagedMsp): Promise<string> => {
  const secret = newSecret()
  const id = newId(now())
  await scope.commit(
    { action: 'stage.mail_address', subject: { kind: 'mail_address', id, name: '' } },
    scope.removeWhere(mailAddresses, undefined),
    scope.add(mailAddresses, {
      id,
      address: 'help@staff.example',
      tokenHash: await hashOf(secret),
      createdAt: now(),
      expiresAt: now() + 60_000,
    }),
  )
  return secret
}

/** A customer with a tenant whose figures nobody asked for yet. */
const withTenant = async (msp: StagedMsp): Promise<string> => {
  const customer = await newCustomer(msp)
  await newTenant(customer)
  return customer.customerId
}

const asking = (skuId: string) => ({ type: 'licence_change', skuId, moreSeats: 5, reason: 'Five people start.' })

describe('Idempotency-Key', () => {
  it('is taken by every POST that changes something for somebody signed in, and by nothing else', () => {
    const readers = [
      'deriveTones',
      'exportCustomers',
      'exportActivity',
      'downloadReport',
      'downloadCustomerReport',
      'downloadAccountMatters',
      'beginMicrosoftLink',
      'tryMail',
      'tryMicrosoftApp',
      'tryFormerMicrosoftApp',
      'checkRequest',
    ]
    const posts = operations.filter(
      ({ id, method, access }) => method === 'POST' && access.who !== 'anyone' && !readers.includes(id),
    )
    expect(taking('idempotency-key').map(({ id }) => id)).toEqual(posts.map(({ id }) => id))
  })

  it.each(named(taking('idempotency-key')))(
    'gives the first answer again, to the letter: %s',
    async (id, operation) => {
      const { northwind } = cast
      const portal = await newPortal(await newCustomer(northwind.msp))
      const invited = await newContact(portal, ['portal_user'], { access: 'none' })
      const ids = {
        ...northwind.fabrikam.ids,
        ...(id === 'inviteContact' ? { customerId: portal.customerId, contactId: invited.id } : {}),
        ...(id === 'enablePortal' ? { customerId: (await newCustomer(northwind.msp)).customerId } : {}),
        ...(id === 'inviteColleagueAgain'
          ? { contactId: (await newContact(northwind.fabrikam.portal, ['portal_user'], { access: 'invited' })).id }
          : {}),
        ...(id === 'askForCustomerRefresh' ? { customerId: await withTenant(northwind.msp) } : {}),
        ...(id === 'runCustomerImport' ? await importOf(northwind.msp) : {}),
        ...(id === 'recheckCustomerImport' ? await importOf(northwind.msp) : {}),
      }
      const headers = { 'idempotency-key': `key-of-${id}` }
      // Archiving nobody changes nothing, and what changed nothing is not kept.
      const body =
        id === 'archiveCustomers'
          ? archiving(portal.customerId)
          : id === 'mergeCustomers'
            ? merging((await newCustomer(northwind.msp)).customerId, (await newCustomer(northwind.msp)).customerId)
            : id === 'verifyMailAddress'
              ? { json: { token: await mailedToken(northwind.msp) } }
              : id === 'inviteStaff'
                ? { json: { name: 'Invited', email: `${newId(now())}@staff.example`, role: 'viewer' } }
                : id === 'submitRequest'
                  ? { json: asking(ids.skuId) }
                  : id === 'createRequest'
                    ? { json: { ...asking(ids.skuId), requestedBy: ids.contactId } }
                    : operation.body
      const first = await sendAllowed({ ...operation, body }, { headers, ids })
      const again = await sendAllowed({ ...operation, body }, { headers, ids })
      // Microsoft is down, so a connection is not begun: what failed was not carried out, and is not kept.
      if (id === 'beginConnection') {
        expect([first.status, again.status]).toEqual([503, 503])
        return
      }
      // A key, or a code, is shown once: whoever repeats the request is told that it was carried out.
      if (id === 'createApiKey' || id === 'beginPreview') {
        expect([first.status, again.status]).toEqual([201, 409])
        return
      }
      expect(first.status).toBeGreaterThanOrEqual(200)
      expect(first.status, await first.clone().text()).toBeLessThan(300)
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      const told = async (answer: Response) => ({
        status: answer.status,
        body: await answer.text(),
        headers: [...answer.headers].filter(([name]) => !['x-request-id', 'idempotency-replayed'].includes(name)),
      })
      expect(await told(again)).toEqual(await told(first))
    },
  )
})

describe('If-Match', () => {
  it.each(named(taking('if-match')))('is honoured: %s', async (id, operation) => {
    const { ids, people } = cast.northwind.fabrikam
    // What one asked for oneself one does not decide.
    const isDecision = id === 'approveRequest' || id === 'declineRequest'
    const theirs = isDecision ? await newRequest(people.user, { state: 'awaiting_customer', needsCustomer: true }) : {}
    for (const tag of ['"v999"', 'W/"v1"', 'v1', '"v998", "v999"']) {
      const answer = await sendAllowed(operation, { headers: { 'if-match': tag }, ids: { ...ids, ...theirs } })
      expect(answer.status, `${tag}: ${await answer.clone().text()}`).toBe(412)
      expect((await bodyOf(answer)).code).toBe('stale')
    }
  })

  it('stands with every change of a row that has a version', () => {
    // Sessions, passwords, jobs and API keys have none, an upload adds a row, and an import goes from state to state by itself.
    const ofImports = [
      'discardCustomerImport',
      'uploadCustomerImport',
      'chooseCustomerImportColumns',
      'undoCustomerImport',
    ]
    const ofTwoStep = ['beginTwoStep', 'confirmTwoStep', 'turnOffTwoStep', 'renewRecoveryCodes']
    const ofOneself = [
      'signIn',
      'signOut',
      'endSession',
      'endOtherSessions',
      'changePassword',
      'signInByCode',
      ...ofTwoStep,
      'removeMicrosoftLink',
      'endPreview',
      'changeTicketMails',
      'notePortalBellReading',
      'noteBellReading',
    ]
    // What waits to be sent is its uploader's own, and has no version either.
    const ofUnsent = ['uploadTicketFile', 'removeTicketFile', 'uploadStaffTicketFile', 'discardStaffTicketFile']
    // A step is ticked off or not, whatever else became of its request.
    const ofSteps = ['completeRequestStep', 'reopenRequestStep']
    const without = [...ofOneself, ...ofSteps, 'retryJob', 'uploadDocument', 'revokeApiKey', ...ofImports, ...ofUnsent]
    const changes = operations.filter(
      ({ id, method }) => ['PUT', 'PATCH', 'DELETE'].includes(method) && !without.includes(id),
    )
    expect(taking('if-match').map(({ id }) => id)).toEqual(changes.map(({ id }) => id))
  })
})

const text = (body: Operation['body']) => JSON.stringify(body !== undefined && 'json' in body ? body.json : {})
const firstKey = (body: Operation['body']) => Object.keys(JSON.parse(text(body)) as object)[0] ?? ''
/** The operation's own body with one more member. */
const withMember = (member: string) => (body: Operation['body']) => `${text(body).slice(0, -1)},${member}}`
/** The operation's own body with something else in its first field. */
const withFirst = (value: string) => (body: Operation['body']) => {
  const { [firstKey(body)]: _, ...rest } = JSON.parse(text(body)) as Record<string, unknown>
  return `{${JSON.stringify(firstKey(body))}:${value},${JSON.stringify(rest).slice(1)}`.replace(',}', '}')
}
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
const chunked = (bytes: Uint8Array, count: number) => {
  let sent = 0
  return new ReadableStream<Uint8Array>({
    pull: (controller) => (sent++ < count ? controller.enqueue(bytes) : controller.close()),
  })
}

describe('A JSON body', () => {
  const takers = operations.filter(({ body }) => body !== undefined && 'json' in body)
  const wrong: [string, 400 | 413 | 415 | 422, (body: Operation['body']) => Raw][] = [
    ['cut short', 400, (body) => ({ raw: text(body).slice(0, -1), headers: json })],
    ['of nothing', 400, () => ({ raw: '', headers: json })],
    ['with an unknown field', 422, (body) => ({ raw: withMember('"noSuchField":1')(body), headers: json })],
    ['with __proto__', 422, (body) => ({ raw: withMember('"__proto__":{"isAdmin":true}')(body), headers: json })],
    ['with an object in place of a text', 422, (body) => ({ raw: withFirst('{"$ne":""}')(body), headers: json })],
    ['with a list in place of a text', 422, (body) => ({ raw: withFirst('[["a"]]')(body), headers: json })],
    ['with a number in place of a text', 422, (body) => ({ raw: withFirst('7')(body), headers: json })],
    ['with a field given twice', 400, (body) => ({ raw: withMember(`"${firstKey(body)}":"b"`)(body), headers: json })],
    ['with a number that is none', 400, (body) => ({ raw: withMember('"noSuchField":1e999')(body), headers: json })],
    ['with a NUL', 400, (body) => ({ raw: withFirst('"a\\u0000b"')(body), headers: json })],
    ['with half a character', 400, (body) => ({ raw: withFirst('"a\\ud800b"')(body), headers: json })],
    ['that is no UTF-8', 400, () => ({ raw: Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), headers: json })],
    ['of brackets that never close', 400, () => ({ raw: '['.repeat(100_000), headers: json })],
    ['of a hundred thousand brackets', 422, () => ({ raw: deep, headers: json })],
    ['with a hundred thousand brackets in a field', 422, (body) => ({ raw: withFirst(deep)(body), headers: json })],
    ['of 10 MB', 413, () => ({ raw: new Uint8Array(10 * 1024 * 1024).fill(0x20), headers: json })],
    ['of 10 MB in pieces', 413, () => ({ raw: chunked(new Uint8Array(65_536).fill(0x20), 160), headers: json })],
    ['in pieces, cut short', 400, () => ({ raw: chunked(Uint8Array.of(0x7b), 1), headers: json })],
    ['without a kind', 415, (body) => ({ raw: new TextEncoder().encode(text(body)), headers: {} })],
    ['of plain text', 415, (body) => ({ raw: text(body), headers: { 'content-type': 'text/plain' } })],
    ['of nearly JSON', 415, (body) => ({ raw: text(body), headers: { 'content-type': 'application/jsonp' } })],
    ['packed', 415, (body) => ({ raw: text(body), headers: { ...json, 'content-encoding': 'gzip' } })],
  ]

  it.each(named(takers))('that is not right is refused as such: %s', async (_, operation) => {
    for (const [name, status, raw] of wrong) {
      const answer = await sendAllowed(operation, { raw: raw(operation.body) })
      // What is wrong in a draft is what it is looked at for: the answer says so.
      if (operation.id === 'checkRequest' && (name === 'with an unknown field' || name === 'with __proto__')) {
        expect((await bodyOf<{ errors: object[] }>(answer)).errors.length, name).toBeGreaterThan(0)
        continue
      }
      expect(answer.status, `${name}: ${await answer.clone().text()}`).toBe(status)
      expect(answer.headers.get('content-type'), name).toBe('application/problem+json')
    }
    expect({}).not.toHaveProperty('isAdmin')
  })
})

describe('A file', () => {
  type File = { file: Uint8Array<ArrayBuffer>; type: string }
  const takers = operations.flatMap((operation) => {
    const { body } = operation
    return body !== undefined && 'file' in body ? [[operation.id, operation, body] as const] : []
  })
  const isPicture = ({ type }: File) => type.startsWith('image/')
  const wrong: [string, (of: File) => number | undefined, (kind: { 'content-type': string }) => Raw][] = [
    ['of nothing', () => 422, (kind) => ({ raw: new Uint8Array(), headers: { ...kind, 'content-length': '0' } })],
    [
      'that is no picture',
      (of) => (isPicture(of) ? 422 : undefined),
      (kind) => ({ raw: 'GIF89a', headers: { ...kind, 'content-length': '6' } }),
    ],
    ['in pieces, without its length', () => 411, (kind) => ({ raw: chunked(new Uint8Array(10), 1), headers: kind })],
    [
      'of 60 MB',
      (of) => (isPicture(of) ? 422 : 413),
      (kind) => ({ raw: 'the first of it', headers: { ...kind, 'content-length': String(60 * 1024 * 1024) } }),
    ],
    [
      'of another kind',
      () => 415,
      () => ({ raw: '<svg/>', headers: { 'content-type': 'image/svg+xml', 'content-length': '6' } }),
    ],
    ['without a kind', () => 415, () => ({ raw: new Uint8Array(6), headers: { 'content-length': '6' } })],
    [
      'packed',
      () => 415,
      (kind) => ({ raw: 'packed', headers: { ...kind, 'content-length': '6', 'content-encoding': 'gzip' } }),
    ],
  ]

  it.each(takers)('that is not right is refused as such: %s', async (_, operation, body) => {
    for (const [name, statusOf, raw] of wrong) {
      const status = statusOf(body)
      if (status === undefined) continue
      const answer = await sendAllowed(operation, { raw: raw({ 'content-type': body.type }) })
      expect(answer.status, `${name}: ${await answer.clone().text()}`).toBe(status)
      expect(answer.headers.get('content-type'), name).toBe('application/problem+json')
    }
  })
})
