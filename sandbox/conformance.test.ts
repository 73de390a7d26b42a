import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Ajv, type ErrorObject } from 'ajv'
import formats from 'ajv-formats'
import {
  contoso,
  control,
  fabrikam,
  graphCaller,
  jsonOf,
  stage,
  type GraphCaller,
  type Json,
  type Stage,
} from './testing.ts'

const folder = resolve(process.env['SPECS_DIR'] ?? join(import.meta.dirname, '../../shared/specs'))
const path = join(folder, 'graph/openapi.json')

if (existsSync(path)) describe('every answer fits Microsoft’s own description of Graph', conformance)
else test(`left out: the vendors' descriptions are not at ${folder}`, { skip: true }, () => undefined)

type OpenApi = { paths: Record<string, { get: { responses: Record<string, Json> } }>; components: Json }

function conformance(): void {
  const description = JSON.parse(readFileSync(path, 'utf8')) as OpenApi
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true })
  formats.default(ajv)
  ajv.addSchema(lenient(description) as Json, 'graph')
  let sandbox: Stage
  let callers: GraphCaller[] = []

  before(async () => {
    sandbox = await stage()
    await control(sandbox, `/tenants/${fabrikam}/changes`, {
      health: { serviceId: 'microsoftteams', status: 'serviceInterruption' },
      alert: { title: 'A test', severity: 'low' },
    })
    const tenant = await control(sandbox, '/tenants', {
      domain: 'tiny.example',
      name: 'Tiny',
      userCount: 12,
      consented: true,
    })
    callers = await Promise.all([fabrikam, contoso, String(tenant['tenantId'])].map((id) => graphCaller(sandbox, id)))
  })
  after(async () => sandbox[Symbol.asyncDispose]())

  const everyProperty = [
    'id,displayName,givenName,surname,userPrincipalName,mail,mailNickname,jobTitle,department,officeLocation',
    'businessPhones,mobilePhone,preferredLanguage,usageLocation,userType,accountEnabled,createdDateTime',
    'assignedLicenses,onPremisesSyncEnabled,companyName,employeeId,otherMails,proxyAddresses',
  ].join(',')

  const reads: [string, string][] = [
    ['/organization', '/organization'],
    ['/users/delta', '/users/delta'],
    ['/users/delta()', `/users/delta()?$select=${everyProperty}`],
    ['/users', `/users?$top=999&$select=${everyProperty}`],
    ['/users', '/users?$top=5'],
    ['/subscribedSkus', '/subscribedSkus'],
    ['/directory/subscriptions', '/directory/subscriptions'],
    ['/security/secureScores', '/security/secureScores'],
    ['/security/secureScores', '/security/secureScores?$top=1'],
    ['/security/alerts_v2', '/security/alerts_v2'],
    ['/admin/serviceAnnouncement/healthOverviews', '/admin/serviceAnnouncement/healthOverviews'],
    ['/admin/serviceAnnouncement/healthOverviews', '/admin/serviceAnnouncement/healthOverviews?$expand=issues'],
    ['/admin/serviceAnnouncement/issues', '/admin/serviceAnnouncement/issues'],
    [
      '/admin/serviceAnnouncement/issues',
      '/admin/serviceAnnouncement/issues?$top=100&$filter=lastModifiedDateTime ge 2020-01-01T00:00:00.000Z',
    ],
    ['/security/secureScoreControlProfiles', '/security/secureScoreControlProfiles?$top=500'],
    ['/groups/delta', '/groups/delta'],
    ['/groups/delta()', '/groups/delta()?$select=id,displayName,mail,mailEnabled,securityEnabled,groupTypes,members'],
  ]

  for (const [operation, address] of reads) {
    test(`GET ${address}`, async () => {
      for (const graph of callers) {
        const response = await graph(address)
        assert.equal(response.status, 200)
        assert.match(response.headers.get('content-type') ?? '', /^application\/json;odata\.metadata=minimal/)
        fits(operation, '200', await jsonOf(response))
      }
    })
  }

  test('GET /users with sign-in activity', async () => {
    const [graph] = callers
    assert.ok(graph)
    fits('/users', '200', await jsonOf(await graph('/users?$select=id,signInActivity&$top=500')))
  })

  test('GET /users with managers', async () => {
    for (const graph of callers) {
      const answer = await jsonOf(await graph('/users?$select=id&$expand=manager($select=id)&$top=100'))
      assert.ok((answer['value'] as Json[]).some((row) => 'manager' in row))
      fits('/users', '200', answer)
    }
  })

  test('GET /users/{user-id}', async () => {
    for (const graph of callers) {
      const [first] = (await jsonOf(await graph('/users?$top=1')))['value'] as Json[]
      fits(
        '/users/{user-id}',
        '200',
        await jsonOf(await graph(`/users/${String(first?.['id'])}?$select=${everyProperty}`)),
      )
    }
  })

  test('GET /users/{user-id} with what the mailbox is for', async () => {
    for (const graph of callers) {
      const [first] = (await jsonOf(await graph('/users?$top=1')))['value'] as Json[]
      const answer = await jsonOf(await graph(`/users/${String(first?.['id'])}?$select=id,mailboxSettings`))
      assert.equal((answer['mailboxSettings'] as Json)['userPurpose'], 'user')
      fits('/users/{user-id}', '200', answer)
    }
  })

  test('a delta with removed people', async () => {
    const [graph] = callers
    assert.ok(graph)
    const first = await jsonOf(await graph(`/users/delta?$select=${everyProperty}`))
    await control(sandbox, `/tenants/${fabrikam}/changes`, { remove: 2, rename: 1, add: 1, block: 1 })
    const delta = await jsonOf(await graph(String(first['@odata.deltaLink'])))
    assert.ok((delta['value'] as Json[]).some((row) => '@removed' in row))
    fits('/users/delta', '200', delta)
  })

  test('a delta of groups with members who joined and left, and with a group that is gone', async () => {
    const [graph] = callers
    assert.ok(graph)
    const first = await jsonOf(await graph('/groups/delta'))
    await control(sandbox, `/tenants/${fabrikam}/changes`, { remove: 1, add: 1, group: { name: 'Sales', join: 1 } })
    await control(sandbox, `/tenants/${fabrikam}/changes`, { group: { name: 'Newsletter', delete: true } })
    const delta = await jsonOf(await graph(String(first['@odata.deltaLink'])))
    assert.ok((delta['value'] as Json[]).some((row) => '@removed' in row))
    fits('/groups/delta', '200', delta)
  })

  test('refusals', async () => {
    const [graph] = callers
    assert.ok(graph)
    await control(sandbox, '/faults', { match: '/organization', status: 429, retryAfterSeconds: 1 })
    fits('/organization', '429', await jsonOf(await graph('/organization')))
    for (const address of ['/users/nobody@tiny.example', '/users/delta?$deltatoken=old', '/users?$select=shoeSize']) {
      const response = await graph(address)
      assert.ok(response.status >= 400)
      fits('/users', 'default', await jsonOf(response))
    }
    fits('/users', 'default', await jsonOf(await fetch(`${sandbox.http}/graph/v1.0/users`)))
  })

  test('the comparison itself notices a wrong type, a wrong word and a made-up property', () => {
    const users = '/users'
    assert.throws(() => fits(users, '200', { value: [{ id: 'x', accountEnabled: 'yes' }] }), /must be boolean/)
    assert.throws(() => fits(users, '200', { value: [{ id: 'x', shoeSize: 41 }] }), /shoeSize/)
    const health = '/admin/serviceAnnouncement/healthOverviews'
    assert.throws(() => fits(health, '200', { value: [{ id: 'x', status: 'fine' }] }), /must match pattern/)
    fits(health, '200', { value: [{ id: 'x', status: 'ServiceOperational' }] })
  })

  /** Checks a body against an operation's answer; also refuses properties that the description does not know. */
  function fits(operation: string, status: string, body: Json): void {
    const response = description.paths[operation]?.get.responses[status]
    assert.ok(response, `the description has no ${status} for ${operation}`)
    const start = `#/paths/${pointer(operation)}/get/responses/${status}`
    const base = typeof response['$ref'] === 'string' ? response['$ref'] : start
    const reference = `${base}/content/application~1json/schema`
    const validate = ajv.getSchema(`graph${reference}`)
    assert.ok(validate, `no schema at ${base}`)
    assert.ok(validate(body), explain(validate.errors ?? []))
    assert.deepEqual(strangers(description, { $ref: reference }, body, ''), [])
  }
}

/** Paths of properties that no part of the schema names. Annotations (`@odata…`, `members@delta`) are never described. */
function strangers(description: unknown, schema: Json, value: unknown, at: string): string[] {
  if (Array.isArray(value)) {
    const items = knownParts(description, schema).find((part) => part['items'] !== undefined)?.['items'] as
      | Json
      | undefined
    return items === undefined
      ? []
      : value.flatMap((item, index) => strangers(description, items, item, `${at}/${index}`))
  }
  if (typeof value !== 'object' || value === null) return []
  const known: Json = Object.assign({}, ...knownParts(description, schema).map((part) => part['properties'] ?? {}))
  if (Object.keys(known).length === 0) return []
  return Object.entries(value)
    .filter(([name]) => !name.includes('@'))
    .flatMap(([name, inner]) => {
      const property = known[name] as Json | undefined
      return property === undefined ? [`${at}/${name}`] : strangers(description, property, inner, `${at}/${name}`)
    })
}

const personReference = '#/components/schemas/microsoft.graph.user'
/** The part of the description that is here leaves relationships out; "List manager" names this one. */
const relatedReference = '#/components/schemas/microsoft.graph.directoryObject'

/** A schema with its references followed and its `allOf` taken apart. */
function knownParts(description: unknown, schema: Json): Json[] {
  const target = schema['$ref']
  if (typeof target === 'string') {
    const parts = knownParts(description, follow(description, target))
    return target === personReference ? [...parts, { properties: { manager: { $ref: relatedReference } } }] : parts
  }
  return [schema, ...((schema['allOf'] as Json[] | undefined) ?? []).flatMap((part) => knownParts(description, part))]
}

function follow(description: unknown, reference: string): Json {
  const steps = reference.slice(2).split('/')
  const names = steps.map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
  return names.reduce((node, name) => (node as Json)[name], description) as Json
}

/**
 * OpenAPI 3.0 read as JSON Schema: `nullable` allows null; enums are compared without their casing, since Microsoft's
 * own documents write them both ways.
 */
function lenient(node: unknown): unknown {
  if (Array.isArray(node)) return node.map((item) => lenient(item))
  if (typeof node !== 'object' || node === null) return node
  const { nullable, enum: choices, ...rest } = node as Json
  const schema: Json = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, lenient(value)]))
  if (Array.isArray(choices)) schema['pattern'] = `^(${choices.map((choice) => anyCase(String(choice))).join('|')})$`
  if (nullable === true && typeof schema['type'] === 'string') schema['type'] = [schema['type'], 'null']
  return schema
}

function anyCase(word: string): string {
  return [...word].map((letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`).join('')
}

function pointer(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function explain(errors: ErrorObject[]): string {
  return errors
    .slice(0, 5)
    .map((error) => `${error.instancePath} ${error.message ?? ''}`)
    .join('\n')
}
