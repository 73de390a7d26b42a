import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  alpine,
  contoso,
  control,
  fabrikam,
  graphCaller,
  jsonOf,
  readDelta,
  rowsOf,
  stage,
  type Json,
  type Stage,
} from '../testing.ts'

const select = '$select=displayName,userPrincipalName,accountEnabled,assignedLicenses,jobTitle'

test('a full read shows everybody exactly once but for a repeated one, in pages of at most 200, one of them empty', async () => {
  await using sandbox = await stage()
  const { pages, rows } = await readDelta(await graphCaller(sandbox, contoso), `/users/delta?${select}`)
  assert.equal(new Set(idsOf(rows)).size, 900)
  assert.equal(rows.length, 901)
  assert.ok(pages.every((page) => page.length <= 200))
  assert.deepEqual(pages[3], [])
})

for (const userCount of [2, 199, 200, 201, 1_601]) {
  test(`a tenant of ${userCount} people is read whole`, async () => {
    await using sandbox = await stage()
    const tenant = await control(sandbox, '/tenants', {
      domain: 'woodgrove.example',
      name: 'Woodgrove',
      userCount,
      consented: true,
    })
    const graph = await graphCaller(sandbox, String(tenant['tenantId']))
    const { rows } = await readDelta(graph, '/users/delta()')
    assert.equal(new Set(idsOf(rows)).size, userCount)
    const listed = new Set<unknown>()
    for (let link: unknown = '/users?$top=150&$select=id'; typeof link === 'string';) {
      const body = await jsonOf(await graph(link))
      for (const id of idsOf(rowsOf(body))) listed.add(id)
      link = body['@odata.nextLink']
    }
    assert.equal(listed.size, userCount)
  })
}

test('a tenant of 100,000 people begins to answer at once', async () => {
  await using sandbox = await stage()
  const tenant = await control(sandbox, '/tenants', {
    domain: 'huge.example',
    name: 'Huge',
    userCount: 100_000,
    consented: true,
  })
  const graph = await graphCaller(sandbox, String(tenant['tenantId']))
  const startedAt = performance.now()
  assert.equal(rowsOf(await jsonOf(await graph(`/users/delta?${select}`))).length, 200)
  assert.ok(performance.now() - startedAt < 500)
  const skus = rowsOf(await jsonOf(await graph('/subscribedSkus')))
  const e3 = skus.find((sku) => sku['skuPartNumber'] === 'SPE_E3')
  assert.ok(Number(e3?.['consumedUnits']) > 50_000)
})

test('the next delta shows exactly what was changed, and the one after it nothing', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, contoso)
  const first = await readDelta(graph, `/users/delta?${select}`)
  const { users } = await change(sandbox, contoso, {
    add: 2,
    remove: { count: 3, reason: 'deleted' },
    block: 1,
    rename: 1,
    assign: { skuPartNumber: 'POWER_BI_PRO', count: 4 },
  })
  const second = await readDelta(graph, first.deltaLink)
  assert.deepEqual(new Set(idsOf(second.rows)), new Set(idsOf(users)))
  for (const removed of users.filter((user) => user['change'] === 'removed')) {
    const row = second.rows.find((candidate) => candidate['id'] === removed['id'])
    assert.deepEqual(row, { id: removed['id'], '@removed': { reason: 'deleted' } })
  }
  for (const assigned of users.filter((user) => user['change'] === 'assigned')) {
    const row = second.rows.find((candidate) => candidate['id'] === assigned['id'])
    assert.ok(row)
    const held = (row['assignedLicenses'] as { skuId: string }[]).map(({ skuId }) => skuId)
    assert.deepEqual(held, assigned['skuIds'])
  }
  const third = await readDelta(graph, second.deltaLink)
  assert.deepEqual(third.rows, [])
})

test('what changes during a full read is shown in the delta after it', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, contoso)
  const page = await jsonOf(await graph(`/users/delta?${select}`))
  const { users } = await change(sandbox, contoso, { block: 1, remove: 1, add: 1 })
  const rest = await readDelta(graph, String(page['@odata.nextLink']))
  const delta = await readDelta(graph, rest.deltaLink)
  assert.deepEqual(new Set(idsOf(delta.rows)), new Set(idsOf(users)))
})

test('assigned seats follow the people', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, fabrikam)
  const before = await consumed(graph, 'SPB')
  await change(sandbox, fabrikam, { assign: { skuPartNumber: 'SPB', count: 2 } })
  assert.equal(await consumed(graph, 'SPB'), before + 2)
  const { rows } = await readDelta(graph, '/users/delta?$select=assignedLicenses')
  const held = rows.flatMap((row) => row['assignedLicenses'] as { skuId: string }[])
  const premium = held.filter(({ skuId }) => skuId === 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46')
  assert.equal(premium.length, before + 2)
})

test('an expired or made-up delta token answers 410 and where to begin again', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, fabrikam)
  const { deltaLink } = await readDelta(graph, `/users/delta?${select}`)
  await control(sandbox, `/tenants/${fabrikam}/expire-delta-tokens`, {})
  for (const link of [deltaLink, '/users/delta?$deltatoken=made-up']) {
    const response = await graph(link)
    assert.equal(response.status, 410)
    assert.equal(response.headers.get('location'), `${sandbox.http}/graph/v1.0/users/delta?$deltatoken=`)
    assert.equal(((await jsonOf(response))['error'] as Json)['code'], 'syncStateNotFound')
  }
  const again = await readDelta(graph, `${sandbox.http}/graph/v1.0/users/delta?$deltatoken=`)
  assert.equal(again.rows.length, 40)
})

test('a delta token is good for a week', async () => {
  let now = new Date('2026-05-01T10:00:00Z')
  await using sandbox = await stage({ now: () => now })
  const { deltaLink } = await readDelta(await graphCaller(sandbox, fabrikam), '/users/delta')
  now = new Date('2026-05-08T09:59:00Z')
  assert.equal((await (await graphCaller(sandbox, fabrikam))(deltaLink)).status, 200)
  now = new Date('2026-05-08T10:01:00Z')
  assert.equal((await (await graphCaller(sandbox, fabrikam))(deltaLink)).status, 410)
})

test('changes and delta tokens outlive a restart', async () => {
  const first = await stage()
  const { deltaLink } = await readDelta(await graphCaller(first, fabrikam), '/users/delta')
  const { users } = await change(first, fabrikam, { remove: 1 })
  await first.close()
  await using second = await stage({ stateFolder: first.stateFolder })
  const link = `${second.http}${new URL(deltaLink).pathname}${new URL(deltaLink).search}`
  const delta = await readDelta(await graphCaller(second, fabrikam), link)
  assert.deepEqual(idsOf(delta.rows), idsOf(users))
})

test('sign-in activity is refused in a delta, and where there is no Entra ID P1', async () => {
  await using sandbox = await stage()
  await control(sandbox, `/tenants/${alpine}/consent`, { granted: true })
  const graph = await graphCaller(sandbox, fabrikam)
  assert.equal((await graph('/users/delta?$select=id,signInActivity')).status, 400)
  assert.equal((await graph('/users?$select=id,signInActivity&$top=500')).status, 200)
  assert.equal((await graph('/users?$select=id,signInActivity&$top=501')).status, 400)
  assert.equal((await (await graphCaller(sandbox, alpine))('/users?$select=signInActivity')).status, 403)
})

test('managers come with people, no more than 100 at once however many are asked for, and follow who is led by whom', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, contoso)
  const readAll = async (): Promise<Json[]> => {
    const rows: Json[] = []
    let address: string | undefined = '/users?$select=id&$expand=manager($select=id)&$top=999'
    while (address !== undefined) {
      const page: Json = await jsonOf(await graph(address))
      assert.ok(rowsOf(page).length <= 100)
      rows.push(...rowsOf(page))
      address = page['@odata.nextLink'] as string | undefined
    }
    return rows
  }
  const managerOf = (rows: Json[], id: unknown) =>
    (rows.find((row) => row['id'] === id)?.['manager'] as Json | undefined)?.['id']
  const before = await readAll()
  const [boss] = before.filter(({ id }) => before.some((row) => managerOf([row], row['id']) === id))
  assert.ok(boss)
  const led = before.filter((row) => managerOf([row], row['id']) === boss['id']).map(({ id }) => id)
  const [one, other] = led
  await change(sandbox, contoso, { manager: { user: String(one), manager: String(other) } })
  await change(sandbox, contoso, { manager: { user: String(other), manager: null } })
  const after = await readAll()
  assert.equal(managerOf(after, one), other)
  assert.equal(managerOf(after, other), undefined)
  assert.equal((await graph('/users?$expand=directReports')).status, 400)
})

test('groups are read whole with their members, a large one over several pages, and then as they change', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, contoso)
  const first = await readDelta(graph, '/groups/delta')
  const everyone = first.rows.find((row) => row['displayName'] === 'Everyone')
  assert.ok(everyone)
  const members = (rows: Json[]) =>
    rows.filter(({ id }) => id === everyone['id']).flatMap((row) => (row['members@delta'] as Json[] | undefined) ?? [])
  assert.equal(new Set(idsOf(members(first.rows))).size, 900)
  assert.ok(first.pages.length > 2)
  assert.ok(first.pages.every((page) => page.flatMap((row) => row['members@delta'] ?? []).length <= 500))
  const { users } = await change(sandbox, contoso, { remove: 1, add: 1, block: 1 })
  const second = await readDelta(graph, first.deltaLink)
  const changed = members(second.rows)
  assert.deepEqual(
    new Set(changed.map((member) => `${String(member['id'])} ${'@removed' in member ? 'removed' : 'added'}`)),
    new Set(
      users
        .filter((user) => user['change'] !== 'blocked')
        .map((user) => `${String(user['id'])} ${String(user['change'])}`),
    ),
  )
  await change(sandbox, contoso, { group: { name: 'Board', create: 'distribution', join: 3 } })
  const third = await readDelta(graph, second.deltaLink)
  assert.deepEqual(
    third.rows.map((row) => [row['displayName'], (row['members@delta'] as Json[]).length]),
    [['Board', 3]],
  )
  await change(sandbox, contoso, { group: { name: 'Board', delete: true } })
  assert.deepEqual(Object.keys((await readDelta(graph, third.deltaLink)).rows[0] ?? {}), ['id', '@removed'])
})

test('groups are refused without their permission', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, fabrikam)
  await control(sandbox, `/tenants/${fabrikam}/consent`, { granted: true, without: ['GroupMember.Read.All'] })
  assert.equal((await graph('/groups/delta')).status, 403)
})

test('what a mailbox is for is told of one person at a time, with its permission, and of guests as of others', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, contoso)
  const people = rowsOf(await jsonOf(await graph('/users?$top=999&$filter=accountEnabled eq false')))
  const purposeOf = async ({ id }: Json): Promise<unknown> =>
    (await jsonOf(await graph(`/users/${String(id)}?$select=mailboxSettings`)))['mailboxSettings']
  const purposes = await Promise.all(people.map(purposeOf))
  assert.deepEqual(new Set(purposes.map((one) => (one as Json)['userPurpose'])), new Set(['user', 'shared']))
  assert.equal((await graph('/users?$select=mailboxSettings')).status, 400)
  await control(sandbox, `/tenants/${contoso}/consent`, { granted: true, without: ['MailboxSettings.Read'] })
  const address = `/users/${String(people[0]?.['id'])}`
  assert.equal((await graph(`${address}?$select=mailboxSettings`)).status, 403)
  assert.equal((await graph(address)).status, 200)
})

test('scores come one a day, newest first, and stay what they were', async () => {
  let now = new Date('2026-05-01T10:00:00Z')
  await using sandbox = await stage({ now: () => now })
  const read = async (): Promise<Json[]> =>
    rowsOf(await jsonOf(await (await graphCaller(sandbox, fabrikam))('/security/secureScores?$top=90')))
  const before = await read()
  assert.equal(before.length, 90)
  assert.equal(before[0]?.['createdDateTime'], '2026-05-01T00:00:00Z')
  assert.equal(before[89]?.['createdDateTime'], '2026-02-01T00:00:00Z')
  now = new Date('2026-05-02T10:00:00Z')
  assert.deepEqual((await read())[1], before[0])
})

test('withdrawn consent ends tokens that were issued before, and a missing permission closes its part only', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, fabrikam)
  await control(sandbox, `/tenants/${fabrikam}/consent`, { granted: true, without: ['SecurityAlert.Read.All'] })
  assert.equal((await graph('/security/alerts_v2')).status, 403)
  assert.equal((await graph('/organization')).status, 200)
  await control(sandbox, `/tenants/${fabrikam}/consent`, { granted: false })
  assert.equal((await graph('/organization')).status, 401)
  const unsigned = await fetch(`${sandbox.http}/graph/v1.0/users`, { headers: { authorization: 'Bearer x.y.z' } })
  assert.equal(unsigned.status, 401)
  assert.equal(((await jsonOf(unsigned))['error'] as Json)['code'], 'InvalidAuthenticationToken')
})

test('service health and alerts follow what was switched', async () => {
  await using sandbox = await stage()
  const graph = await graphCaller(sandbox, contoso)
  await change(sandbox, contoso, {
    health: { serviceId: 'Exchange', status: 'serviceInterruption', title: 'Mail is not delivered' },
    alert: { title: 'Someone forwards all mail', severity: 'high' },
  })
  const overviews = rowsOf(await jsonOf(await graph('/admin/serviceAnnouncement/healthOverviews?$expand=issues')))
  const exchange = overviews.find((overview) => overview['id'] === 'Exchange')
  assert.equal(exchange?.['status'], 'serviceInterruption')
  assert.equal((exchange['issues'] as Json[])[0]?.['title'], 'Mail is not delivered')
  const alerts = rowsOf(await jsonOf(await graph("/security/alerts_v2?$filter=severity eq 'high'")))
  assert.ok(alerts.some((alert) => alert['title'] === 'Someone forwards all mail'))
})

async function change(sandbox: Stage, tenantId: string, changes: object): Promise<{ users: Json[] }> {
  const answer = await control(sandbox, `/tenants/${tenantId}/changes`, changes)
  return { users: answer['users'] as Json[] }
}

async function consumed(graph: Awaited<ReturnType<typeof graphCaller>>, partNumber: string): Promise<number> {
  const skus = rowsOf(await jsonOf(await graph('/subscribedSkus')))
  return Number(skus.find((sku) => sku['skuPartNumber'] === partNumber)?.['consumedUnits'])
}

function idsOf(rows: Json[]): unknown[] {
  return rows.map((row) => row['id'])
}
