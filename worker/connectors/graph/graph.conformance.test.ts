import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { Directory } from '../directory.ts'
import { fixtureGraph, graphWith, tenantId, type Asked } from './graph.stage.ts'

/** Holds the connector and its fixtures against the vendors' own descriptions. Runs in plain Node, since workerd sees no disk. */

const specsFolder = resolve(process.env['SPECS_DIR'] ?? join(import.meta.dirname, '../../../../shared/specs'))
const descriptionFile = join(specsFolder, 'graph/openapi.json')

if (existsSync(descriptionFile)) {
  conformance()
} else {
  console.log(
    `left out: Microsoft Graph against its description, which is not at ${specsFolder} (SPECS_DIR says where)`,
  )
}

function conformance() {
  const description: Description = readJson(descriptionFile)

  describe('every request to Graph is one that its description knows', () => {
    const readings: [string, (directory: Directory) => Promise<unknown>][] = [
      ['organisation', (directory) => directory.organisation()],
      ['users', readEverybody],
      ['seats', (directory) => directory.seats()],
      ['subscriptions', (directory) => directory.subscriptions()],
      ['securityScores', (directory) => directory.securityScores(90)],
      ['securityAlerts', (directory) => directory.securityAlerts()],
      ['serviceHealth', (directory) => directory.serviceHealth()],
      ['signIns', readSignIns],
      ['managers', readManagers],
      ['groups', readGroups],
      ['mailboxPurpose', (directory) => directory.mailboxPurpose('87d349ed-44d7-43e1-9a83-5f2406dee5bd')],
      ['scoreControls', (directory) => directory.scoreControls()],
      ['serviceIssues', (directory) => directory.serviceIssues(Date.parse('2026-11-01T00:00:00Z'))],
    ]
    for (const [name, read] of readings) {
      it(name, async () => {
        const { directory, askedOfGraph } = graphWith(fixtureGraph)
        await read(directory)
        assert.ok(askedOfGraph().length > 0)
        for (const asked of askedOfGraph()) assertKnown(asked, description)
      })
    }
  })

  describe('every fixture is an answer that Graph could give', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, logger: false })
    addFormats.default(ajv)
    ajv.addSchema(description, 'graph')
    const schemas: [fixture: string, schema: string, isList: boolean][] = [
      ['organization.json', 'microsoft.graph.organization', true],
      ['subscribed-skus.json', 'microsoft.graph.subscribedSku', true],
      ['directory-subscriptions-1.json', 'microsoft.graph.companySubscription', true],
      ['directory-subscriptions-2.json', 'microsoft.graph.companySubscription', true],
      ['users-delta-1.json', 'microsoft.graph.user', true],
      ['users-delta-2.json', 'microsoft.graph.user', true],
      ['users-delta-3.json', 'microsoft.graph.user', true],
      ['users-delta-changes.json', 'microsoft.graph.user', true],
      ['secure-scores.json', 'microsoft.graph.secureScore', true],
      ['alerts.json', 'microsoft.graph.security.alert', true],
      ['health-overviews.json', 'microsoft.graph.serviceHealth', true],
      ['sign-ins-1.json', 'microsoft.graph.user', true],
      ['sign-ins-2.json', 'microsoft.graph.user', true],
      ['managers-1.json', 'microsoft.graph.user', true],
      ['managers-2.json', 'microsoft.graph.user', true],
      ['groups-delta-1.json', 'microsoft.graph.group', true],
      ['groups-delta-2.json', 'microsoft.graph.group', true],
      ['groups-delta-changes.json', 'microsoft.graph.group', true],
      ['mailbox.json', 'microsoft.graph.user', false],
      ['score-controls.json', 'microsoft.graph.secureScoreControlProfile', true],
      ['service-issues.json', 'microsoft.graph.serviceHealthIssue', true],
      ['error-no-premium.json', 'microsoft.graph.ODataErrors.ODataError', false],
      ['error-expired.json', 'microsoft.graph.ODataErrors.ODataError', false],
      ['error-not-allowed.json', 'microsoft.graph.ODataErrors.ODataError', false],
      ['error-not-signed-in.json', 'microsoft.graph.ODataErrors.ODataError', false],
      ['error-throttled.json', 'microsoft.graph.ODataErrors.ODataError', false],
    ]
    for (const [fixture, schema, isList] of schemas) {
      it(fixture, () => {
        const body: { value?: unknown[] } = readJson(join(import.meta.dirname, 'fixtures', fixture))
        const validate = ajv.compile({ $ref: `graph#/components/schemas/${schema}` })
        for (const item of isList ? (body.value ?? []) : [body]) {
          assert.ok(validate(item), ajv.errorsText(validate.errors))
          assertNamed(item, schema, description)
        }
      })
    }

    it('and no fixture is left out of this list', () => {
      const listed = new Set([...schemas.map(([fixture]) => fixture), 'token.json', 'token-error-no-consent.json'])
      const found = readdirSync(join(import.meta.dirname, 'fixtures'))
      assert.deepEqual(
        found.filter((fixture) => !listed.has(fixture)),
        [],
      )
    })
  })

  describe('the sign-in', () => {
    it("goes to the tenant's own token address, by a grant that Entra names", async () => {
      const recorded: { response: { body: Discovery } } = readJson(
        join(specsFolder, 'entra-oidc/fixtures/discovery-tenant.json'),
      )
      const discovery = recorded.response.body
      const { directory, askedOfEntra } = graphWith(fixtureGraph)
      await directory.seats()
      const address = new URL(discovery.token_endpoint)
      const asked = askedOfEntra().at(0)
      assert.equal(asked?.url.pathname, address.pathname.replace(/^\/[^/]+/, `/${tenantId}`))
      assert.ok(discovery.token_endpoint_auth_methods_supported.includes('client_secret_post'))
      const grant: { request: { form: Record<string, string> } } = readJson(
        join(specsFolder, 'entra-oidc/fixtures/token-client-credentials.json'),
      )
      assert.deepEqual(
        [...new URLSearchParams(asked?.body).keys()].toSorted(),
        Object.keys(grant.request.form).toSorted(),
      )
    })
  })
}

type Discovery = { token_endpoint: string; token_endpoint_auth_methods_supported: string[] }

type Schema = {
  $ref?: string
  allOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
}
type Parameter = { $ref?: string; name?: string; in?: string }
type Description = {
  paths: Record<string, Record<string, { parameters?: Parameter[] } | undefined> | undefined>
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> }
}

/** Tokens of Graph's own making inside the links that it gives; no description names them. */
const opaqueParameters = new Set(['$skiptoken', '$deltatoken'])

const schemaOfPath: Record<string, string> = {
  '/organization': 'microsoft.graph.organization',
  '/users/delta': 'microsoft.graph.user',
  '/subscribedSkus': 'microsoft.graph.subscribedSku',
  '/directory/subscriptions': 'microsoft.graph.companySubscription',
  '/security/secureScores': 'microsoft.graph.secureScore',
  '/security/alerts_v2': 'microsoft.graph.security.alert',
  '/admin/serviceAnnouncement/healthOverviews': 'microsoft.graph.serviceHealth',
  '/admin/serviceAnnouncement/issues': 'microsoft.graph.serviceHealthIssue',
  '/users': 'microsoft.graph.user',
  '/users/{user-id}': 'microsoft.graph.user',
  '/groups/delta': 'microsoft.graph.group',
  '/security/secureScoreControlProfiles': 'microsoft.graph.secureScoreControlProfile',
}

/**
 * Relationships that the part of the description that is here leaves out; "group: delta", section Optional query parameters, and
 * "List manager" name them.
 */
const relationships: Record<string, Record<string, Schema>> = {
  'microsoft.graph.group': { members: { $ref: '#/components/schemas/microsoft.graph.directoryObject' } },
  'microsoft.graph.user': { manager: { $ref: '#/components/schemas/microsoft.graph.directoryObject' } },
}

function assertKnown(asked: Asked, description: Description) {
  const path = describedPath(asked.url.pathname.replace(/^\/v1\.0/, ''), description)
  const operation = description.paths[path]?.[asked.method.toLowerCase()]
  assert.ok(operation, `${asked.method} ${path} is not in the description`)
  const known = new Set((operation.parameters ?? []).map((parameter) => resolveParameter(parameter, description).name))
  const properties = propertiesOf({ $ref: `#/components/schemas/${schemaOfPath[path]}` }, description)
  for (const [name, value] of asked.url.searchParams) {
    if (opaqueParameters.has(name)) continue
    assert.ok(known.has(name), `${path} does not take ${name}`)
    if (name === '$select' || name === '$expand') {
      for (const [property, inside] of selectionsIn(value)) {
        assert.ok(properties.has(property), `${path} has no ${property}`)
        const inner = propertiesOf(properties.get(property), description)
        for (const one of inside) assert.ok(inner.has(one), `${property} of ${path} has no ${one}`)
      }
    }
    if (name === '$filter')
      assert.ok(properties.has(value.split(' ')[0] ?? ''), `${path} has nothing to filter by in ${value}`)
  }
}

/** What is selected or expanded, and of what is expanded what is selected of it: `manager($select=id)`. */
function selectionsIn(value: string): [property: string, inside: string[]][] {
  return [...value.matchAll(/(\w+)(?:\(\$select=([\w,]+)\))?(?:,|$)/g)].map(([, property = '', inside]) => [
    property,
    inside?.split(',') ?? [],
  ])
}

/** The description's own name of a path: one that is written out comes before one with a place for an id. */
function describedPath(path: string, { paths }: Description): string {
  if (paths[path] !== undefined) return path
  const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path)
  return Object.keys(paths).find(fits) ?? path
}

/** Validation alone lets a misspelt property pass, since the description allows unknown ones. */
function assertNamed(value: unknown, schemaName: string, description: Description) {
  const walk = (item: unknown, schema: Schema | undefined, place: string) => {
    if (Array.isArray(item)) {
      for (const one of item) walk(one, dereferenced(schema, description)?.items, place)
    } else if (typeof item === 'object' && item !== null && schema !== undefined) {
      const properties = propertiesOf(schema, description)
      // Free-form objects, such as what Graph tells about an error's inside.
      if (properties.size === 0) return
      for (const [name, inner] of Object.entries(item)) {
        if (name.includes('@') || place.endsWith('.innerError')) continue
        assert.ok(properties.has(name), `${place}.${name} is not in the description`)
        walk(inner, properties.get(name), `${place}.${name}`)
      }
    }
  }
  walk(value, { $ref: `#/components/schemas/${schemaName}` }, schemaName)
}

function propertiesOf(schema: Schema | undefined, description: Description): Map<string, Schema> {
  const plain = dereferenced(schema, description)
  const inherited = (plain?.allOf ?? []).flatMap((part) => [...propertiesOf(part, description)])
  const related = Object.entries(relationships[nameOf(schema) ?? ''] ?? {})
  return new Map([...inherited, ...Object.entries(plain?.properties ?? {}), ...related])
}

function dereferenced(schema: Schema | undefined, description: Description): Schema | undefined {
  const name = nameOf(schema)
  return name === undefined ? schema : description.components.schemas[name]
}

function nameOf(schema: Schema | undefined): string | undefined {
  return schema?.$ref?.replace('#/components/schemas/', '')
}

function resolveParameter(parameter: Parameter, description: Description): Parameter {
  const name = parameter.$ref?.replace('#/components/parameters/', '')
  return (name === undefined ? parameter : description.components.parameters[name]) ?? parameter
}

async function readSignIns(directory: Directory) {
  const first = await directory.signIns(undefined)
  assert.ok(first.kind === 'page' && first.next.kind === 'more')
  const second = await directory.signIns(first.next.cursor)
  assert.ok(second.kind === 'page' && second.next.kind === 'done')
}

async function readManagers(directory: Directory) {
  const first = await directory.managers(undefined)
  assert.ok(first.kind === 'page' && first.next.kind === 'more')
  const second = await directory.managers(first.next.cursor)
  assert.ok(second.kind === 'page' && second.next.kind === 'done')
}

async function readGroups(directory: Directory) {
  const pages = [await directory.groups(undefined)]
  for (let round = 0; round < 2; round += 1) {
    const last = pages.at(-1)
    if (last?.kind !== 'page' || last.next.kind === 'broken_off') return assert.fail('the read broke off')
    pages.push(await directory.groups(last.next.cursor))
  }
}

async function readEverybody(directory: Directory) {
  let cursor: string | undefined
  let endCount = 0
  // To the end of the full read, and then once through the changes.
  while (endCount < 2) {
    const page = await directory.users(cursor)
    assert.equal(page.kind, 'page')
    if (page.kind !== 'page' || page.next.kind === 'broken_off') return assert.fail('the read broke off')
    cursor = page.next.cursor
    if (page.next.kind === 'done') endCount += 1
  }
}

/** The caller says what shape it expects; the assertions around it show whether that holds. */
function readJson<Shape>(file: string): Shape {
  return JSON.parse(readFileSync(file, 'utf8'))
}
