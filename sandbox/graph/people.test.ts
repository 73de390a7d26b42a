import assert from 'node:assert/strict'
import { test } from 'node:test'
import { licencePlan } from './licence-plan.ts'
import { managerPlace, personAt, personId, personIndex, type Population } from './people.ts'

const bornAt = new Date('2026-03-01T08:00:00Z')
const population = (userCount: number, tenantId = 'aaaaaaaa-0000-4000-8000-000000000001'): Population => ({
  tenantId,
  domain: 'woodgrove.example',
  userCount,
  accounts: [
    {
      name: 'Woodgrove Admin',
      email: 'admin@woodgrove.example',
      password: 'x',
      isAdmin: true,
      jobTitle: 'Administrator',
    },
  ],
  bornAt,
})

test('the same place in the same tenant is always the same person', () => {
  for (const index of [0, 1, 17, 99_999]) {
    assert.deepEqual(personAt(population(100_000), index), personAt(population(100_000), index))
  }
  const elsewhere = population(100_000, 'aaaaaaaa-0000-4000-8000-000000000002')
  assert.notEqual(personAt(population(100_000), 17).id, personAt(elsewhere, 17).id)
})

test('a directory id leads back to its place, and a made-up id leads nowhere', () => {
  const { tenantId } = population(10)
  for (const index of [0, 1, 500, 99_999]) assert.equal(personIndex(tenantId, personId(tenantId, index)), index)
  assert.equal(personIndex(tenantId, '00000000-0000-4000-8000-000000000000'), undefined)
  assert.equal(personIndex(tenantId, 'not an id'), undefined)
})

test('ids and user names are unique among 60,000 people', () => {
  const ids = new Set<string>()
  const names = new Set<string>()
  for (let index = 0; index < 60_000; index += 1) {
    const person = personAt(population(60_000), index)
    ids.add(person.id)
    names.add(person.userPrincipalName)
  }
  assert.equal(ids.size, 60_000)
  assert.equal(names.size, 60_000)
})

test('about one in twenty is a guest without licences, and about one in thirty is blocked', () => {
  const people = Array.from({ length: 10_000 }, (_, index) => personAt(population(10_000), index))
  const guests = people.filter((person) => person.userType === 'Guest')
  const blocked = people.filter((person) => !person.accountEnabled)
  assert.ok(guests.length > 400 && guests.length < 600, String(guests.length))
  assert.ok(blocked.length > 220 && blocked.length < 380, String(blocked.length))
  assert.ok(guests.every((guest) => guest.skuIds.length === 0))
})

test('people are led as a tree: nobody leads themselves or by a circle, and no guest or blocked person leads', () => {
  const all = population(2_000)
  const managers = Array.from({ length: 2_000 }, (_, index) => managerPlace(all, index))
  const heads = managers.flatMap((place, index) => (place === undefined ? [personAt(all, index)] : []))
  assert.ok(heads.filter(({ userType }) => userType === 'Member').length < 100, 'few have nobody')
  for (const [index, place] of managers.entries()) {
    if (place === undefined) continue
    const { userType, accountEnabled, department } = personAt(all, place)
    assert.ok(userType === 'Member' && accountEnabled)
    const seen = new Set([index])
    for (let at: number | undefined = place; at !== undefined; at = managers[at]) {
      assert.ok(!seen.has(at))
      seen.add(at)
    }
    if (managers[place] !== undefined && index > 0) assert.equal(department, personAt(all, index).department)
  }
})

test('nobody holds a SKU that their tenant has not bought', () => {
  for (const userCount of [12, 200, 5_000]) {
    const bought = new Set(licencePlan(population(userCount)).map(({ sku }) => sku.skuId))
    for (let index = 0; index < userCount; index += 1) {
      for (const skuId of personAt(population(userCount), index).skuIds) assert.ok(bought.has(skuId))
    }
  }
})
