import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breachesOf, importsIn } from './import-laws.mjs'

test('every way of importing is seen, and comments are not', () => {
  const source = `
    import a, { type B } from './a.ts'
    import type { C } from "../c.ts"
    import './side-effect.ts'
    export * from './d.ts'
    export {
      e,
    } from './e.ts'
    const f = await import('./f.tsx')
    type G = import('./g.ts').G
    // import x from './commented.ts'
    /* export * from './commented.ts' */
  `
  const found = importsIn(source)
  /** @param {boolean} isLater */
  const named = (isLater) => found.filter((one) => one.isLater === isLater).map(({ specifier }) => specifier)
  assert.deepEqual(named(false).toSorted(), ['../c.ts', './a.ts', './d.ts', './e.ts', './side-effect.ts'])
  assert.deepEqual(named(true).toSorted(), ['./f.tsx', './g.ts'])
})

/** @type {[importer: string, imported: string][]} */
const forbidden = [
  ['worker/http/host.ts', '../features/customers/index.ts'],
  ['worker/jobs/consumer.ts', '../app.ts'],
  ['worker/features/customers/customers.ts', '../tenants/tenants.ts'],
  ['worker/features/customers/customers.ts', '../../app.ts'],
  ['worker/features/customers/customers.ts', '../../surfaces/customers.ts'],
  ['worker/features/customers/customers.ts', './customers.routes.ts'],
  ['worker/features/customers/index.ts', './customers.routes.ts'],
  ['worker/features/customers/customers.ts', '../tenants/tenants.routes.ts'],
  ['worker/surfaces/customers.ts', '../features/customers/customers.ts'],
  ['worker/surfaces/customers.ts', '../work.ts'],
  ['worker/index.ts', './work.ts'],
  ['worker/app.ts', './surfaces/customers.ts'],
  ['worker/app.ts', './contract/document.ts'],
  ['worker/features/customers/customers.ts', 'drizzle-orm/d1'],
  ['worker/features/customers/customers.ts', '@libsql/client'],
  ['worker/features/customers/customers.ts', '../../test/stage.ts'],
  ['worker/features/customers/customers.ts', '../../../db/seed/seed.ts'],
  ['worker/connectors/graph/api.ts', '../../../sandbox/graph/users.ts'],
  ['db/shard/customers.ts', '../../worker/http/problem.ts'],
  ['web/portal/dashboard.tsx', '../../worker/features/customers/customers.schema.ts'],
  ['web/portal/dashboard.tsx', '../admin/nav.tsx'],
  ['web/ui/table.tsx', '../api/client.ts'],
  ['sandbox/graph/users.ts', '../../worker/connectors/graph/mapping.ts'],
  ['e2e/story.spec.ts', '../worker/app.ts'],
]
for (const [importer, imported] of forbidden) {
  test(`${importer} may not import ${imported}`, () => {
    assert.notDeepEqual(breachesOf(importer, `import { x } from '${imported}'`), [])
    assert.notDeepEqual(breachesOf(importer, `import type { X } from '${imported}'`), [])
  })
}

/** @type {[importer: string, imported: string][]} */
const allowed = [
  ['worker/index.ts', './app.ts'],
  ['worker/app.ts', './surfaces/pages.ts'],
  ['worker/surfaces/customers.ts', './api.ts'],
  ['worker/surfaces/customers.ts', '../features/customers/customers.routes.ts'],
  ['worker/contract/document.ts', '../surfaces/customers.ts'],
  ['worker/work.ts', './features/customers/index.ts'],
  ['worker/features/customers/customers.ts', '../tenants/index.ts'],
  ['worker/features/customers/customers.routes.ts', './customers.ts'],
  ['worker/features/customers/customers.ts', '../../tenancy/scope.ts'],
  ['worker/features/customers/customers.ts', 'drizzle-orm'],
  ['worker/features/customers/customers.test.ts', '../../test/stage.ts'],
  ['worker/tenancy/scope.ts', '../../db/owned.ts'],
  ['db/connect.ts', 'drizzle-orm/sqlite-proxy'],
  ['sandbox/cast.ts', '../db/seed/cast.json'],
  ['web/portal/dashboard.data.ts', '../api/client.ts'],
  ['web/ui/states.tsx', '../api/problem.ts'],
]
for (const [importer, imported] of allowed) {
  test(`${importer} may import ${imported}`, () => {
    assert.deepEqual(breachesOf(importer, `import { x } from '${imported}'`), [])
  })
}

test('what is not needed by everybody is loaded when it is needed', () => {
  const loads = (/** @type {string} */ importer, /** @type {string} */ path) =>
    breachesOf(importer, `await import('${path}')`)
  assert.deepEqual(loads('worker/app.ts', './surfaces/customers.ts'), [])
  assert.deepEqual(loads('worker/index.ts', './work.ts'), [])
  assert.deepEqual(loads('worker/surfaces/pages.ts', '../contract/document.ts'), [])
  assert.notDeepEqual(loads('worker/features/customers/customers.ts', '../../work.ts'), [])
  assert.notDeepEqual(loads('worker/features/customers/customers.ts', './customers.routes.ts'), [])
})

test('naming a D1 type is a breach outside the two places that connect databases', () => {
  assert.equal(breachesOf('worker/features/customers/customers.ts', 'function f(d1: D1Database) {}').length, 1)
  assert.deepEqual(breachesOf('worker/env.ts', 'interface Bindings { SHARD_1: D1Database }'), [])
})
