import { and, eq } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { afterEach, describe, expect, it } from 'vitest'
import {
  activities,
  customerImportKeys,
  customerImportRows,
  customerImports,
  customerWords,
  jobs,
  logos,
  seatCounts,
  tenants,
  tenantUsers,
} from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { moveClock, now } from '../../clock.ts'
import { newId } from '../../tenancy/ids.ts'
import { tablesBelowCustomer } from '../../tenancy/ownership.ts'
import { walkOf } from '../../jobs/objects.ts'
import { documentObjects } from '../documents/index.ts'
import { logoObjects } from '../portals/index.ts'
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
  newTenant,
} from '../../test/stage.ts'
import type { StagedCustomer, StagedMsp } from '../../test/stage.ts'
import { everyOperation, send } from '../../test/strangers.ts'
import type { Ids } from '../../test/strangers.ts'

const queue = holdQueue()

afterEach(() => {
  moveClock(undefined)
  queue.take()
})

const pathOf = ({ customerId }: StagedCustomer) => `/api/msp-portal/customers/${customerId}`

const remove = async ({ msp, customerId }: StagedCustomer, headers: Record<string, string> = {}) =>
  call(ADMIN, 'DELETE', pathOf({ msp, customerId, name: '' }), { as: await newStaff(msp, 'admin'), headers })

const nameOf = (host: string) =>
  environment.directory
    .prepare(`select state, customer_id as customerId from hostnames where hostname = ?`)
    .bind(host)
    .first<{ state: string; customerId: string }>()

/** How many rows name this customer, in each table below customers that has any. */
const rowsBelow = async (scope: StagedMsp['scope'], customerId: string): Promise<string[]> => {
  const found: string[] = []
  for (const { table, name, by } of tablesBelowCustomer()) {
    if (by === 'tenant_id') continue
    const owned = table as SQLiteTable & { id: SQLiteColumn; mspId: SQLiteColumn; customerId: SQLiteColumn }
    if ((await scope.list(owned, { where: eq(owned.customerId, customerId), limit: 1 })).length > 0) found.push(name)
  }
  return found
}

/** A customer with something of everything: portal, people, a removed tenant that was read, a logo, a waiting job. */
const newFullCustomer = async (msp: StagedMsp) => {
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam'))
  const person = await newContact(portal)
  const tenant = await newTenant(portal, { state: 'removed', removedAt: now(), name: 'Old tenant' })
  const customer = msp.scope.forCustomer(portal.customerId)
  const logoId = newId(now())
  const objectKey = `${msp.mspId}/logos/${logoId}`
  await environment.files.put(objectKey, 'picture')
  await customer.commit(
    { action: 'stage.rows', subject: { kind: 'customer', id: portal.customerId, name: '' } },
    customer.putAll(customerWords, [{ id: portal.customerId, word: 'fabrikam' }]),
    customer.add(logos, {
      id: logoId,
      objectKey,
      mediaType: 'image/png',
      width: 1,
      height: 1,
      byteCount: 7,
      createdAt: now(),
    }),
    customer.later({
      kind: 'test',
      payload: {},
      naturalKey: `test:${portal.customerId}`,
      subjectName: 'x',
      dueAt: now() + 3_600_000,
    }),
  )
  const documentId = await newDocument(portal)
  const rows = customer.forTenant(tenant.id)
  await rows.record(
    rows.putAll(tenantUsers, [
      {
        id: 'dana',
        displayName: 'Dana',
        userPrincipalName: 'dana',
        isGuest: false,
        signInAllowed: true,
        isLicensed: true,
        skuIds: [],
        seenInRun: 'run',
      },
    ]),
    rows.putAll(seatCounts, [
      {
        id: 'sku',
        skuPartNumber: 'SPB',
        boughtCount: 1,
        assignedCount: 1,
        suspendedCount: 0,
        status: 'Enabled',
        hidden: false,
        asOf: 1,
      },
    ]),
  )
  return { portal, person, tenant, objectKey, documentId }
}

describe('Deleting a customer', () => {
  it('removes it with everything below it, and nothing of anybody else', async () => {
    const msp = await newMsp()
    const { portal, tenant, objectKey, documentId } = await newFullCustomer(msp)
    const sibling = await newFullCustomer(msp)
    const before = await rowsBelow(msp.scope, sibling.portal.customerId)
    expect(await rowsBelow(msp.scope, portal.customerId)).toEqual(before)
    expect(before.length).toBeGreaterThan(6)

    const answer = await remove(portal)
    expect(answer.status, await answer.text()).toBe(204)
    expect(await rowsBelow(msp.scope, portal.customerId)).toEqual([])
    const ofTenant = (table: typeof tenantUsers | typeof seatCounts) => eq(table.tenantId, tenant.id)
    expect(await msp.scope.list(tenantUsers, { where: ofTenant(tenantUsers) })).toEqual([])
    expect(await msp.scope.list(seatCounts, { where: ofTenant(seatCounts) })).toEqual([])
    expect(await rowsBelow(msp.scope, sibling.portal.customerId)).toEqual(before)

    await queue.deliver()
    expect(await nameOf(portal.host)).toMatchObject({ state: 'released' })
    expect(await nameOf(sibling.portal.host)).toMatchObject({ state: 'active' })
    const at = now() + 2 * 86_400_000
    moveClock(() => at)
    await walkOf([logoObjects, documentObjects])(environment, () => msp.scope)
    for (const key of [objectKey, `${msp.mspId}/documents/${documentId}`])
      expect(await environment.files.get(key)).toBeNull()
    expect(await environment.files.get(sibling.objectKey)).not.toBeNull()
    expect(await msp.scope.list(jobs, { where: eq(jobs.state, 'parked') })).toEqual([])
  })

  it('leaves what was done to it in the MSP’s activity', async () => {
    const msp = await newMsp()
    const customer = await newCustomer(msp, 'Fabrikam')
    await call(ADMIN, 'PUT', `${pathOf(customer)}/archival`, { as: await newStaff(msp) })
    await remove(customer)
    const told = await msp.scope.list(activities, { where: eq(activities.customerId, customer.customerId) })
    expect(told.map(({ action, subjectName }) => `${action} ${subjectName}`).toSorted()).toEqual([
      'customer.archived Fabrikam',
      'customer.deleted Fabrikam',
    ])
    expect(told.find(({ action }) => action === 'customer.deleted')?.changes).toContainEqual({
      table: 'customers',
      field: 'name',
      before: 'Fabrikam',
      after: null,
    })
  })

  it('is refused while tenants are associated, naming each, whatever was removed before', async () => {
    const msp = await newMsp()
    const customer = await newCustomer(msp, 'Fabrikam')
    await newTenant(customer, { name: 'One GmbH' })
    await newTenant(customer, { name: 'Two GmbH', state: 'consent_lost' })
    await newTenant(customer, { name: 'Gone GmbH', state: 'removed', removedAt: now() })
    const answer = await remove(customer)
    expect([answer.status, (await bodyOf(answer)).detail]).toEqual([
      409,
      'Fabrikam still has tenants: One GmbH, Two GmbH. Disconnect them first.',
    ])
    expect(await msp.scope.list(tenants)).toHaveLength(3)
  })

  it('is refused for who read an older version', async () => {
    const msp = await newMsp()
    const customer = await newCustomer(msp)
    expect((await remove(customer, { 'if-match': '"v2"' })).status).toBe(412)
    expect((await remove(customer, { 'if-match': '"v1"' })).status).toBe(204)
  })

  it('ends every session at its portal, and closes it', async () => {
    const msp = await newMsp()
    const { portal, person } = await newFullCustomer(msp)
    const session = () => call(portal.host, 'GET', '/api/auth/session', { as: person })
    expect((await session()).status).toBe(200)
    await remove(portal)
    expect((await session()).status).toBe(401)
    expect((await call(portal.host, 'GET', '/favicon.svg')).status).toBe(404)
  })

  it('makes every route answer as for a customer who never was', async () => {
    const msp = await newMsp()
    const { portal, person, tenant, documentId } = await newFullCustomer(msp)
    await remove(portal)
    const owner = await newStaff(msp, 'owner')
    const { customerId } = portal
    const known: Partial<Ids> = { contactId: person.id, tenantId: tenant.id, documentId }
    for (const operation of everyOperation()) {
      if (operation.access.who !== 'staff' || !operation.path.includes('{customerId}')) continue
      const of = (id: string) =>
        Object.fromEntries(
          operation.names.map((name) => [name, name === 'customerId' ? id : (known[name] ?? 'x')]),
        ) as Ids
      const ask = async (id: string) => {
        const answer = await send(operation, { host: ADMIN, as: owner, ids: of(id) })
        return [answer.status, (await bodyOf(answer)).detail]
      }
      const asked = await ask(customerId)
      expect(asked, operation.id).toEqual(await ask(newId(now())))
      expect(asked[0], operation.id).toBe(404)
    }
  })

  it('lets the host name go to rest, also when the Worker is killed right after the commit', async () => {
    const msp = await newMsp()
    const { portal } = await newFullCustomer(msp)
    await remove(portal)
    // The hint is lost with the Worker; the sweep finds the row.
    queue.take()
    expect(await nameOf(portal.host)).toMatchObject({ state: 'active' })
    await sweep(environment)
    await queue.deliver()
    expect(await nameOf(portal.host)).toMatchObject({ state: 'released' })
    const other = await newCustomer(await newMsp())
    const taken = await call(ADMIN, 'PUT', `${pathOf(other)}/portal`, {
      as: await newStaff(other.msp),
      body: { prefix: portal.host.split('.')[0] },
    })
    expect(taken.status, 'a resting name is nobody’s').toBe(422)
  })

  it('settles the directory also when it is done twice', async () => {
    const msp = await newMsp()
    const { portal } = await newFullCustomer(msp)
    await remove(portal)
    const job = await msp.scope.first(jobs, and(eq(jobs.kind, 'portal.settle_addresses'), eq(jobs.state, 'waiting')))
    await queue.deliver()
    if (job === undefined) throw new Error('Nothing settles the directory.')
    await msp.scope.record(msp.scope.changeAll(jobs, eq(jobs.id, job.id), { state: 'waiting', dueAt: now() }))
    msp.scope.hintJob(job.id)
    await sweep(environment)
    await queue.deliver()
    expect(await nameOf(portal.host)).toMatchObject({ state: 'released' })
  })

  it('leaves no word of the customer in imports that were run, and their counts as they were', async () => {
    const msp = await newMsp()
    const [gone, stays] = [await newCustomer(msp, 'Fabrikam'), await newCustomer(msp, 'Tailspin')]
    const stageImport = async (state: 'done' | 'checked') => {
      const id = newId(now())
      const row = (line: number, { customerId, name }: StagedCustomer) => ({
        id: `${id}.00000${line}`,
        importId: id,
        line,
        cells: { name, email: `office@${name}.example` },
        decision: 'create' as const,
        customerId,
        customerName: name,
        changes: [{ table: 'customers', field: 'name', before: null, after: name }],
        faults: [],
        writtenVersion: state === 'done' ? 1 : null,
      })
      await msp.scope.record(
        msp.scope.add(customerImports, {
          id,
          fileName: 'customers.csv',
          state,
          rowCount: 2,
          createCount: 2,
          createdByName: 'Stage',
          actorKind: 'staff',
          actorId: 'stage',
          actorName: 'Stage',
          createdAt: now(),
          expiresAt: now() + 1_000_000,
        }),
        msp.scope.putAll(customerImportRows, [row(1, gone), row(2, stays)]),
        msp.scope.putAll(customerImportKeys, [
          { id: `${id}fabrikam`, importId: id, rowId: `${id}.000001`, line: 1 },
          { id: `${id}tailspin`, importId: id, rowId: `${id}.000002`, line: 2 },
        ]),
      )
      return id
    }
    const done = await stageImport('done')
    expect((await remove(gone)).status).toBe(204)
    const kept = JSON.stringify([await msp.scope.list(customerImportRows), await msp.scope.list(customerImportKeys)])
    expect(kept).not.toMatch(/fabrikam/i)
    expect(kept).toMatch(/tailspin/)
    const path = `/api/msp-portal/customer-imports/${done}`
    const as = await newStaff(msp, 'admin')
    expect(await bodyOf(await call(ADMIN, 'GET', path, { as }))).toMatchObject({ counts: { create: 2 } })
    const { items } = await bodyOf<{ items: object[] }>(await call(ADMIN, 'GET', `${path}/rows`, { as }))
    expect(items).toMatchObject([
      { line: 1, decision: 'create', customer: null, values: { name: '' } },
      { line: 2, decision: 'create', customer: { name: 'Tailspin' } },
    ])
    // One that is still to be run would bring it in again: it is the file's, not the customer's.
    await stageImport('checked')
    expect((await remove(stays)).status).toBe(204)
    expect(JSON.stringify(await msp.scope.list(customerImportRows))).toMatch(/tailspin/i)
  })

  it('is done once by many who ask at once', async () => {
    const msp = await newMsp()
    const customer = await newCustomer(msp)
    const admin = await newStaff(msp, 'admin')
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call(ADMIN, 'DELETE', pathOf(customer), { as: admin })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 204)).toHaveLength(1)
    expect(
      statuses.every((status) => [204, 404, 412].includes(status)),
      String(statuses),
    ).toBe(true)
  })

  it('is for admins and owners', async () => {
    const msp = await newMsp()
    const customer = await newCustomer(msp)
    for (const role of ['viewer', 'technician'] as const)
      expect((await call(ADMIN, 'DELETE', pathOf(customer), { as: await newStaff(msp, role) })).status).toBe(403)
    expect((await call(ADMIN, 'DELETE', pathOf(customer), { as: await newStaff(msp, 'owner') })).status).toBe(204)
  })
})
