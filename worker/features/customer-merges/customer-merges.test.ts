import { and, asc, desc, eq, isNull } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  activities,
  contacts,
  customerImports,
  customerMerges,
  customers,
  customerWords,
  documents,
  invitations,
  jobs,
  logos,
  noticeRecipients,
  passwordResets,
  portals,
  requestEvents,
  requestSeats,
  requestSteps,
  serviceRequests,
  ticketPeople,
  tickets,
  ticketWords,
  tenants,
  tenantUsers,
} from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { now } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { hashOf, newId } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { tablesBelowCustomer } from '../../tenancy/ownership.ts'
import { rowsReadBy } from '../../test/meter.ts'
import { people } from '../../test/microsoft.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newDocument,
  newMsp,
  newNotice,
  newPortal,
  newStaff,
  newTenant,
} from '../../test/stage.ts'
import type { StagedCustomer, StagedMsp, StagedPortal } from '../../test/stage.ts'
import { connectedTenant, deliver, queueSync, stageMicrosoft, sync, syncJob } from '../../test/tenants.ts'

const MERGES = '/api/msp-portal/customer-merges'
const DAY = 86_400_000

const { microsoft, queue, clock } = stageMicrosoft()

afterEach(() => void queue.take())

type Merge = {
  id: string
  version: number
  canUndo: boolean
  undoneAt: string | null
  moved: { tenants: number; contacts: number; documents: number; portal: boolean }
  leftBehind: { kind: string; name: string; reason: string }[]
}
type Refusal = { errors: { pointer: string }[]; detail: string }

const rowOf = ({ msp, customerId }: StagedCustomer) => msp.scope.find(customers, customerId, 'customer')

/** Sets columns of a customer's row, behind the product's back. */
const change = ({ msp, customerId }: StagedCustomer, set: Partial<typeof customers.$inferInsert>) =>
  msp.scope.commit(
    { action: 'stage.customer', subject: { kind: 'customer', id: customerId, name: '' } },
    msp.scope.changeAll(customers, eq(customers.id, customerId), set),
  )

const ask = async (survivor: StagedCustomer, merged: StagedCustomer, more: object = {}, headers = {}) =>
  call(ADMIN, 'POST', MERGES, {
    as: await newStaff(survivor.msp, 'admin'),
    headers,
    body: {
      survivorId: survivor.customerId,
      mergedId: merged.customerId,
      survivorVersion: (await rowOf(survivor)).version,
      mergedVersion: merged.msp === survivor.msp ? (await rowOf(merged)).version : 1,
      ...more,
    },
  })

const merge = async (survivor: StagedCustomer, merged: StagedCustomer, more: object = {}): Promise<Merge> => {
  const answer = await ask(survivor, merged, more)
  expect(answer.status, await answer.clone().text()).toBe(201)
  return bodyOf<Merge>(answer)
}

const undo = async ({ msp }: StagedCustomer, { id }: { id: string }, headers = {}) =>
  call(ADMIN, 'PUT', `${MERGES}/${id}/reversal`, { as: await newStaff(msp, 'admin'), headers })

const undone = async (survivor: StagedCustomer, merged: { id: string }): Promise<Merge> => {
  const answer = await undo(survivor, merged)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return bodyOf<Merge>(answer)
}

const nameOf = async (host: string) => {
  const row = await environment.directory
    .prepare(`select state, customer_id as customerId from hostnames where hostname = ?`)
    .bind(host)
    .first<{ state: string; customerId: string }>()
  return row === null ? 'nobody’s' : `${row.state} ${row.customerId}`
}

/** Past what is remembered of a host for a few seconds. */
const later = () => clock.forward(60_000)

const pair = async (msp?: StagedMsp) => {
  const of = msp ?? (await newMsp())
  return { msp: of, survivor: await newCustomer(of, 'Fabrikam'), merged: await newCustomer(of, 'Fabrikam Ltd') }
}

const contactsOf = async ({ msp, customerId }: StagedCustomer) =>
  msp.scope.forCustomer(customerId).list(contacts, { orderBy: [asc(contacts.escalationPosition), asc(contacts.id)] })

/** A contact without a session, at a place in the order. */
const addContact = async (
  { msp, customerId }: StagedCustomer,
  name: string,
  more: Partial<typeof contacts.$inferInsert> = {},
) => {
  const id = newId(now())
  const scope = msp.scope.forCustomer(customerId)
  await scope.commit(
    { action: 'stage.contact', subject: { kind: 'contact', id, name } },
    scope.add(contacts, { id, name, escalationPosition: 0, createdAt: now(), ...more }),
    scope.putAll(customerWords, [{ id, word: name.toLowerCase() }]),
  )
  return id
}

/** Rows alone: their bytes are nowhere. */
const newDocuments = async ({ msp, customerId }: StagedCustomer, count: number): Promise<void> => {
  const scope = msp.scope.forCustomer(customerId)
  const [first, ...others] = Array.from({ length: count }, (_, at) => {
    const id = newId(now())
    return scope.add(documents, {
      id,
      name: `Contract ${at}.pdf`,
      sortName: `contract ${at}.pdf`,
      category: 'contract',
      mediaType: 'application/pdf',
      byteCount: 1,
      objectKey: id,
      uploadHash: id,
      addedByKind: 'staff',
      addedById: 'stage',
      addedByName: 'Stage',
      createdAt: now(),
    })
  })
  if (first === undefined) return
  await scope.commit(
    { action: 'stage.documents', subject: { kind: 'customer', id: customerId, name: '' } },
    first,
    ...others,
  )
}

const found = async ({ msp }: StagedCustomer, q: string) => {
  const answer = await call(ADMIN, 'GET', `/api/msp-portal/customers?q=${q}`, { as: await newStaff(msp) })
  return (await bodyOf<{ items: { id: string }[] }>(answer)).items.map(({ id }) => id)
}

/** Lets something happen right before a batch with this statement reaches the database, once. */
const beforeBatchWith = (msp: StagedMsp, beginning: string, happens: () => Promise<unknown>): void => {
  const shard = shardNamed(environment, msp.shard)
  const batch = shard.batch.bind(shard)
  const spy = vi.spyOn(shard, 'batch').mockImplementation(async (statements) => {
    if (statements.some(({ sql }) => sql.startsWith(beginning))) {
      spy.mockRestore()
      await happens()
    }
    return batch(statements)
  })
}

/** Somebody whose invitation has been mailed, and the secret of its link. */
const invite = async (portal: StagedPortal, name: string) => {
  const { msp, customerId } = portal
  const id = await addContact(portal, name, { email: `${name}@fabrikam.example`, isPortalUser: true })
  const path = `/api/msp-portal/customers/${customerId}/contacts/${id}/invitation`
  expect((await call(ADMIN, 'POST', path, { as: await newStaff(msp) })).status).toBe(202)
  return id
}

/** The secrets of somebody's links that were not withdrawn, newest first. */
const linksOf = async ({ msp }: StagedCustomer, contactId: string): Promise<string[]> => {
  const rows = await msp.scope.list(invitations, {
    where: and(eq(invitations.contactId, contactId), isNull(invitations.revokedAt)),
    orderBy: [desc(invitations.id)],
  })
  return Promise.all(rows.map(({ id }) => mailToken(environment, 'invitation', msp.mspId, id)))
}

const lookUp = async (portal: StagedPortal, token: string) =>
  (await call(portal.host, 'POST', '/api/auth/invitation/lookup', { body: { token } })).status

const mailJobs = async ({ msp }: StagedCustomer) =>
  (await msp.scope.list(jobs, { where: eq(jobs.kind, 'mail.send'), orderBy: [asc(jobs.id)] })).map(
    ({ subjectName, customerId }) => [subjectName, customerId],
  )

describe('Merging two customers', () => {
  it('gives the survivor everything of the other, whose row goes, and keeps its figures right', async () => {
    const { msp, survivor, merged } = await pair()
    const portal = await newPortal(merged)
    const dana = await newContact(portal)
    await addContact(survivor, 'Olga')
    const own = await newTenant(survivor, { licensedUserCount: 3, healthRank: 2 })
    const moved = await newTenant(merged, { licensedUserCount: 4, healthRank: 0 })
    const ended = await newTenant(merged, { state: 'removed', removedAt: now(), licensedUserCount: 9 })
    const rows = msp.scope.forCustomer(merged.customerId).forTenant(moved.id)
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
    )
    const documentId = await newDocument(merged)
    const result = await merge(survivor, merged, { collisions: { escalation: 'survivor_first' } })
    expect(result).toMatchObject({ canUndo: true, moved: { tenants: 1, contacts: 1, documents: 1, portal: true } })

    expect(await rowOf(survivor)).toMatchObject({
      name: 'Fabrikam',
      tenantCount: 2,
      contactCount: 2,
      licensedUserCount: 7,
      healthRank: 0,
      primaryContactName: 'Olga',
      portalState: 'enabled',
      portalHost: portal.host,
    })
    const of = msp.scope.forCustomer(survivor.customerId)
    expect((await of.list(tenants)).map(({ id }) => id).toSorted()).toEqual([own.id, moved.id, ended.id].toSorted())
    expect((await of.list(documents)).map(({ id }) => id)).toEqual([documentId])
    expect((await of.forTenant(moved.id).list(tenantUsers)).map(({ id }) => id)).toEqual(['dana'])
    expect((await contactsOf(survivor)).map(({ name }) => name)).toEqual(['Olga', dana.name])
    const gone = await call(ADMIN, 'GET', `/api/msp-portal/customers/${merged.customerId}`, { as: await newStaff(msp) })
    expect(gone.status).toBe(404)
  })

  it('leaves nothing of the merged one in any table below customers', async () => {
    const { msp, survivor, merged } = await pair()
    await newContact(await newPortal(merged))
    await newTenant(merged)
    await newDocument(merged)
    await merge(survivor, merged)
    for (const { table, name, by } of tablesBelowCustomer()) {
      if (by === 'tenant_id') continue
      const left = await msp.scope.list(table as typeof contacts, {
        where: eq((table as typeof contacts).customerId, merged.customerId),
      })
      expect(left, name).toEqual([])
    }
  })

  it('is found by what the other was found by, but for its name', async () => {
    const { survivor, merged } = await pair()
    await addContact(merged, 'Zenobia')
    await merge(survivor, merged)
    expect(await found(survivor, 'zenobia')).toEqual([survivor.customerId])
    expect(await found(survivor, 'ltd')).toEqual([])
  })

  it('takes the values that were chosen, and the other’s where the survivor has none', async () => {
    const { survivor, merged } = await pair()
    await change(survivor, { email: 'a@fabrikam.example', notes: 'Own', phone: null })
    await change(merged, { email: 'b@fabrikam.example', notes: 'Other', phone: '1' })
    await merge(survivor, merged, { fields: { name: 'merged', notes: 'both' } })
    expect(await rowOf(survivor)).toMatchObject({
      name: 'Fabrikam Ltd',
      email: 'a@fabrikam.example',
      notes: 'Own\n\nOther',
      phone: '1',
    })
  })

  it('is refused with a pointer for each choice still to be made, and then done', async () => {
    const { survivor, merged } = await pair()
    await change(survivor, { psaId: '1' })
    await change(merged, { psaId: '2' })
    await newPortal(survivor)
    await newPortal(merged)
    await addContact(survivor, 'Dana', { email: 'dana@fabrikam.example' })
    await addContact(merged, 'Dana D', { email: 'dana@fabrikam.example' })
    await addContact(merged, 'Tom')
    const answer = await ask(survivor, merged)
    expect(answer.status).toBe(422)
    expect((await bodyOf<Refusal>(answer)).errors.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/collisions/contacts/dana@fabrikam.example',
      '/collisions/escalation',
      '/collisions/portal',
      '/fields/psaId',
    ])
    await merge(survivor, merged, {
      fields: { psaId: 'merged' },
      collisions: {
        portal: 'survivor',
        escalation: 'merged_first',
        contacts: { 'dana@fabrikam.example': 'merged' },
      },
    })
    expect((await rowOf(survivor)).psaId).toBe('2')
    expect((await contactsOf(survivor)).map(({ name }) => name)).toEqual(['Dana D', 'Tom'])
  })

  it('is not in the way of a contact who goes and asked for a new password, lately or long ago', async () => {
    const { survivor, merged } = await pair()
    await newPortal(survivor)
    await addContact(survivor, 'Dana', { email: 'dana@fabrikam.example' })
    const goes = await addContact(merged, 'Dana D', { email: 'dana@fabrikam.example' })
    const scope = merged.msp.scope.forCustomer(merged.customerId)
    const asked = { contactId: goes, createdAt: 1, expiresAt: now() + DAY }
    await scope.record(
      scope.add(passwordResets, { id: newId(now()), tokenHash: newId(now()), ...asked }),
      scope.add(passwordResets, { id: newId(now()), tokenHash: newId(now()), ...asked, consumedAt: 1 }),
    )
    await merge(survivor, merged, {
      collisions: { escalation: 'survivor_first', contacts: { 'dana@fabrikam.example': 'survivor' } },
    })
    expect((await contactsOf(survivor)).map(({ name }) => name)).toEqual(['Dana'])
  })

  it('previews both sides, what moves and what clashes, and changes nothing', async () => {
    const { msp, survivor, merged } = await pair()
    await change(survivor, { psaId: '1' })
    await change(merged, { psaId: '2', phone: '7' })
    await newTenant(merged, { name: 'Fabrikam GmbH' })
    const path = `${MERGES}/preview?survivorId=${survivor.customerId}&mergedId=${merged.customerId}`
    const answer = await call(ADMIN, 'GET', path, { as: await newStaff(msp, 'admin') })
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect(await bodyOf(answer)).toMatchObject({
      survivor: { name: 'Fabrikam', version: 1, tenants: [] },
      merged: { name: 'Fabrikam Ltd', tenants: [{ name: 'Fabrikam GmbH' }], documentCount: 0 },
      collisions: { portal: false, escalation: false, contacts: [] },
    })
    expect((await call(ADMIN, 'GET', path, { as: await newStaff(msp, 'technician') })).status).toBe(403)
    expect(await msp.scope.list(customerMerges)).toEqual([])
  })

  it('is previewed at the same cost however many documents the MSP’s other customers have', async () => {
    const { msp, survivor, merged } = await pair()
    const admin = await newStaff(msp, 'admin')
    const path = `${MERGES}/preview?survivorId=${survivor.customerId}&mergedId=${merged.customerId}`
    const preview = async () => expect((await call(ADMIN, 'GET', path, { as: admin })).status).toBe(200)
    const before = await rowsReadBy(msp.shard, preview)
    await newDocuments(await newCustomer(msp), 500)
    // An index that has something behind the last row that is asked for is read one row further.
    expect(await rowsReadBy(msp.shard, preview)).toBeLessThanOrEqual(before + 2)
  })

  it('is refused into itself, with an archived one, for older versions and across MSPs', async () => {
    const { msp, survivor, merged } = await pair()
    expect((await ask(survivor, survivor)).status).toBe(422)
    const stranger = await newCustomer(await newMsp(undefined, msp.shard))
    expect((await ask(survivor, stranger)).status).toBe(404)
    expect((await ask(survivor, merged, { mergedVersion: 9 })).status).toBe(412)
    expect((await ask(survivor, merged, { survivorVersion: 9 })).status).toBe(412)
    await change(merged, { state: 'archived' })
    const archived = await ask(survivor, merged)
    expect([archived.status, (await bodyOf<Refusal>(archived)).detail]).toEqual([
      409,
      'Fabrikam Ltd is archived. Restore it first.',
    ])
    expect(await msp.scope.list(customerMerges)).toEqual([])
  })

  it('waits until an import is through', async () => {
    const { msp, survivor, merged } = await pair()
    const id = newId(now())
    const staged = { action: 'stage.import', subject: { kind: 'import', id, name: 'customers.csv' } } as const
    await msp.scope.commit(
      staged,
      msp.scope.add(customerImports, {
        id,
        fileName: 'customers.csv',
        state: 'running',
        createdByName: 'Stage',
        actorKind: 'staff',
        actorId: 'stage',
        actorName: 'Stage',
        createdAt: now(),
        expiresAt: now() + DAY,
      }),
    )
    const refused = await ask(survivor, merged)
    expect([refused.status, (await bodyOf<Refusal>(refused)).detail]).toEqual([
      409,
      'The import of customers.csv is at work on your customers. Wait until it is done.',
    ])
    await msp.scope.commit(staged, msp.scope.changeAll(customerImports, eq(customerImports.id, id), { state: 'done' }))
    await merge(survivor, merged)
  })

  it('is done once by twenty who ask at once, and nothing is half done', async () => {
    const { msp, survivor, merged } = await pair()
    await newTenant(merged)
    await addContact(merged, 'Dana')
    const admin = await newStaff(msp, 'admin')
    const body = { survivorId: survivor.customerId, mergedId: merged.customerId, survivorVersion: 1, mergedVersion: 1 }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(ADMIN, 'POST', MERGES, { as: admin, body })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(
      statuses.every((status) => [201, 404, 412].includes(status)),
      String(statuses),
    ).toBe(true)
    expect(await msp.scope.list(customerMerges)).toHaveLength(1)
    expect(await rowOf(survivor)).toMatchObject({ tenantCount: 1, contactCount: 1 })
  })

  it('ends sessions at the portal that goes, and keeps those at the one that stays', async () => {
    const { survivor, merged } = await pair()
    const [own, other] = [await newPortal(survivor), await newPortal(merged)]
    const [olga, dana] = [await newContact(own), await newContact(other)]
    const session = (portal: StagedPortal, as: { cookie: string }) =>
      call(portal.host, 'GET', '/api/auth/session', { as })
    await merge(survivor, merged, { collisions: { portal: 'merged', escalation: 'survivor_first' } })
    await queue.deliver()
    later()
    expect((await session(other, dana)).status).toBe(200)
    expect((await session(other, olga)).status).toBe(401)
    expect((await call(own.host, 'GET', '/api/auth/session', { as: olga })).status).toBe(404)
    expect(await nameOf(other.host)).toBe(`active ${survivor.customerId}`)
    expect(await nameOf(own.host)).toBe(`released ${survivor.customerId}`)
  })

  it('lets the name follow also when the Worker is killed between the commit and the directory', async () => {
    const { survivor, merged } = await pair()
    const portal = await newPortal(merged)
    await merge(survivor, merged)
    queue.take()
    expect(await nameOf(portal.host)).toBe(`active ${merged.customerId}`)
    await sweep(environment)
    await queue.deliver()
    later()
    expect(await nameOf(portal.host)).toBe(`active ${survivor.customerId}`)
    expect((await call(portal.host, 'GET', '/favicon.svg')).status).toBe(200)
  })

  it('lets a name follow that was only reserved when its portal moved', async () => {
    const { msp, survivor, merged } = await pair()
    const prefix = `p${newId(now()).slice(-10)}`
    const path = `/api/msp-portal/customers/${merged.customerId}/portal`
    await call(ADMIN, 'PUT', path, { as: await newStaff(msp), body: { prefix } })
    await merge(survivor, merged)
    await queue.deliver()
    expect(await nameOf(`${prefix}.portal.test`)).toBe(`active ${survivor.customerId}`)
    const portal = await msp.scope.first(portals, eq(portals.customerId, survivor.customerId))
    expect(portal).toMatchObject({ addressState: 'active' })
    expect(await msp.scope.list(jobs, { where: eq(jobs.state, 'parked') })).toEqual([])
  })

  it('lets an invitation be accepted at the portal that went over, and its mail still be sent', async () => {
    const { msp, survivor, merged } = await pair()
    const portal = await newPortal(merged)
    const invited = await newContact(portal, ['portal_user'], { access: 'invited' })
    const token = 'a-token-of-an-invitation-that-was-sent-12345'
    const scope = msp.scope.forCustomer(merged.customerId)
    await scope.commit(
      { action: 'stage.invitation', subject: { kind: 'contact', id: invited.id, name: '' } },
      scope.add(invitations, {
        id: newId(now()),
        contactId: invited.id,
        tokenHash: await hashOf(token),
        createdAt: now(),
        expiresAt: now() + DAY,
      }),
    )
    await merge(survivor, merged)
    await queue.deliver()
    later()
    const answer = await call(portal.host, 'POST', '/api/auth/invitation/lookup', { body: { token } })
    expect([answer.status, (await bodyOf(answer)).companyName]).toEqual([200, 'Fabrikam'])
  })

  it.each([
    ['survivor', 'merged'],
    ['merged', 'survivor'],
  ] as const)(
    'invites anew whose invitation led to the portal that goes: the one of the %s stays',
    async (stays, goes) => {
      const { survivor, merged } = await pair()
      const portal = { survivor: await newPortal(survivor), merged: await newPortal(merged) }
      const [dana, tom] = [await invite(portal[goes], 'dana'), await invite(portal[stays], 'tom')]
      await addContact(portal[goes], 'Never invited')
      const [old = ''] = await linksOf(merged, dana)
      const path = `${MERGES}/preview?survivorId=${survivor.customerId}&mergedId=${merged.customerId}`
      const preview = await call(ADMIN, 'GET', path, { as: await newStaff(survivor.msp, 'admin') })
      expect(await bodyOf(preview)).toMatchObject({
        survivor: { portalTakesPeopleIn: true },
        merged: { portalTakesPeopleIn: true },
        collisions: { invitations: { [goes]: [{ id: dana, name: 'dana' }], [stays]: [{ id: tom, name: 'tom' }] } },
      })
      const result = await merge(survivor, merged, { collisions: { portal: stays, escalation: 'survivor_first' } })
      await queue.deliver()
      later()
      const links = await linksOf(survivor, dana)
      expect(links).toHaveLength(1)
      expect(await lookUp(portal[stays], links[0] ?? '')).toBe(200)
      expect(await lookUp(portal[stays], old), 'the old link is no second way in').toBe(410)
      expect((await linksOf(survivor, tom)).length, 'whose link still leads there keeps it').toBe(1)
      expect((await mailJobs(survivor)).slice(-1)).toEqual([['Invitation to dana', survivor.customerId]])
      expect(await mailJobs(survivor)).toHaveLength(3)

      await undone(survivor, result)
      await queue.deliver()
      later()
      const [again = ''] = await linksOf(merged, dana)
      expect(await lookUp(portal[goes], again)).toBe(200)
      const [his = ''] = await linksOf(merged, tom)
      expect(await lookUp(portal[stays], his)).toBe(200)
    },
  )

  it('withdraws invitations where the portal that stays is closed, and makes them again when it is undone', async () => {
    const { msp, survivor, merged } = await pair()
    const [own, other] = [await newPortal(survivor), await newPortal(merged)]
    const dana = await invite(other, 'dana')
    const closure = `/api/msp-portal/customers/${survivor.customerId}/portal/closure`
    expect((await call(ADMIN, 'PUT', closure, { as: await newStaff(msp) })).status).toBe(204)
    const path = `${MERGES}/preview?survivorId=${survivor.customerId}&mergedId=${merged.customerId}`
    expect(await bodyOf(await call(ADMIN, 'GET', path, { as: await newStaff(msp, 'admin') }))).toMatchObject({
      survivor: { portalTakesPeopleIn: false, portalHost: own.host },
    })
    const result = await merge(survivor, merged, { collisions: { portal: 'survivor' } })
    expect(await linksOf(survivor, dana)).toEqual([])
    expect(await contactsOf(survivor)).toMatchObject([{ id: dana, access: 'none' }])
    const entries = await msp.scope.list(activities, { where: eq(activities.action, 'customer.merged') })
    expect(entries[0]?.changes).toContainEqual({
      table: 'customer_merges',
      field: 'invitationsWithdrawn',
      before: null,
      after: ['dana'],
    })
    await undone(survivor, result)
    await queue.deliver()
    later()
    const [again = ''] = await linksOf(merged, dana)
    expect(await lookUp(other, again)).toBe(200)
    expect(await contactsOf(merged)).toMatchObject([{ id: dana, access: 'invited' }])
  })

  it('lets a sync that runs go on under the survivor', async () => {
    const msp = await newMsp()
    const connected = await connectedTenant(microsoft.tenant({ people: people(3) }), { msp })
    const survivor = await newCustomer(msp, 'Survivor')
    await sync(connected)
    microsoft.interrupt('/users/delta', async (_asked, ordinary) => {
      await merge(survivor, connected.customer)
      return ordinary()
    })
    await queueSync(connected)
    await deliver(connected)
    expect((await syncJob(connected)).state).toBe('waiting')
    clock.forward(5_000)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done', customerId: survivor.customerId })
    const row = await msp.scope.find(tenants, connected.tenantId, 'tenant')
    expect(row).toMatchObject({ customerId: survivor.customerId, state: 'connected', activeUserCount: 3 })
    expect(await rowOf(survivor)).toMatchObject({ tenantCount: 1, licensedUserCount: 0 })
  })

  it.each([
    ['a contact', (merged: StagedCustomer) => addContact(merged, 'Late')],
    ['a document', (merged: StagedCustomer) => newDocument(merged)],
    ['a tenant', (merged: StagedCustomer) => newTenant(merged)],
    ['a portal', (merged: StagedCustomer) => newPortal(merged)],
  ])('is refused as a whole when %s came to the merged one right before it was written', async (_, comes) => {
    const { msp, survivor, merged } = await pair()
    await addContact(merged, 'Dana')
    await newTenant(merged)
    const everything = async () =>
      JSON.stringify([
        await msp.scope.list(customers),
        await msp.scope.list(contacts),
        await msp.scope.list(tenants),
        await msp.scope.list(documents),
        await msp.scope.list(portals),
        await msp.scope.list(customerWords),
      ])
    let meanwhile = ''
    beforeBatchWith(msp, 'insert into "customer_merges"', async () => {
      await comes(merged)
      meanwhile = await everything()
    })
    expect((await ask(survivor, merged)).status).toBe(412)
    expect(meanwhile).not.toBe('')
    expect(await everything()).toBe(meanwhile)
    expect(await msp.scope.list(customerMerges)).toEqual([])
    await merge(survivor, merged)
    expect((await contactsOf(survivor)).length).toBe((await msp.scope.list(contacts)).length)
  })

  it('moves at most a thousand documents, and says so before', async () => {
    const { msp, survivor, merged } = await pair()
    await newDocuments(merged, 501)
    await newDocuments(merged, 500)
    const admin = await newStaff(msp, 'admin')
    const preview = (stays: StagedCustomer, goes: StagedCustomer) =>
      call(ADMIN, 'GET', `${MERGES}/preview?survivorId=${stays.customerId}&mergedId=${goes.customerId}`, { as: admin })
    expect((await preview(survivor, merged)).status).toBe(409)
    const refused = await ask(survivor, merged)
    expect([refused.status, (await bodyOf<Refusal>(refused)).detail]).toEqual([
      409,
      'Fabrikam Ltd has more than 1,000 documents, counting those deleted lately, and a merge moves at most so many. Let the other one go instead, or delete what is no longer needed.',
    ])
    expect(await bodyOf(await preview(merged, survivor))).toMatchObject({ survivor: { documentCount: 1000 } })
    await merge(merged, survivor)
  })

  it('leaves a main contact there also when the chosen one goes, since its address stays', async () => {
    const { survivor, merged } = await pair()
    const [main, twin] = [
      await addContact(survivor, 'Dana', { email: 'dana@fabrikam.example', isTheAdmin: true }),
      await addContact(merged, 'Dana W', { email: 'dana@fabrikam.example' }),
    ]
    await addContact(merged, 'Tom', { isTheAdmin: true })
    const result = await merge(survivor, merged, {
      collisions: {
        escalation: 'survivor_first',
        mainContact: 'survivor',
        contacts: { 'dana@fabrikam.example': 'merged' },
      },
    })
    const mains = async (of: StagedCustomer) =>
      (await contactsOf(of)).filter(({ isTheAdmin }) => isTheAdmin).map(({ id, name }) => [id, name])
    expect(await mains(survivor)).toEqual([[twin, 'Dana W']])
    await undone(survivor, result)
    expect(await mains(survivor)).toEqual([[main, 'Dana']])
    expect((await mains(merged)).map(([, name]) => name)).toEqual(['Tom'])
  })

  it.each(['survivor', 'merged'] as const)(
    'leaves to each person what they asked for, also where the row of the %s stays, and undoing gives it back',
    async (stays) => {
      const { msp, survivor, merged } = await pair()
      const email = 'dana@fabrikam.example'
      const [dana, twin] = [
        await addContact(survivor, 'Dana', { email }),
        await addContact(merged, 'Dana W', { email }),
      ]
      const tom = await addContact(merged, 'Tom')
      const asked = async ({ customerId }: StagedCustomer, requestedBy: string, subject: string) => {
        const id = newId(now())
        const scope = msp.scope.forCustomer(customerId)
        const details = { type: 'password_reset' as const, tenant: null, people: [], answers: [] }
        const state = { type: details.type, state: 'awaiting_msp' as const, reason: 'Growth', subject }
        await scope.commit(
          { action: 'stage.request', subject: { kind: 'request', id, name: subject } },
          scope.add(serviceRequests, { id, requestedBy, details, createdAt: now(), changedAt: now(), ...state }),
        )
      }
      await asked(survivor, dana, 'of Dana')
      await asked(merged, twin, 'of her twin')
      await asked(merged, tom, 'of Tom')
      const requestsOf = async ({ customerId }: StagedCustomer) => {
        const rows = await msp.scope.forCustomer(customerId).list(serviceRequests)
        return rows.map(({ requestedBy, subject }) => `${requestedBy} ${subject}`).toSorted()
      }
      const before = [await requestsOf(survivor), await requestsOf(merged)]
      const result = await merge(survivor, merged, {
        collisions: { escalation: 'survivor_first', contacts: { [email]: stays } },
      })
      const one = stays === 'survivor' ? dana : twin
      expect(await requestsOf(survivor)).toEqual([`${one} of Dana`, `${one} of her twin`, `${tom} of Tom`].toSorted())
      await undone(survivor, result)
      expect([await requestsOf(survivor), await requestsOf(merged)]).toEqual(before)
    },
  )

  it('brings requests along with their history, their steps and the seats they take, and undoing gives them back', async () => {
    const { msp, survivor, merged } = await pair()
    const requestedBy = await addContact(merged, 'Tom')
    const scope = msp.scope.forCustomer(merged.customerId)
    const [id, requestId] = [newId(now()), newId(now())]
    const details = { type: 'password_reset' as const, tenant: null, people: [], answers: [] }
    const request = { requestedBy, details, type: details.type, reason: 'Growth', createdAt: now(), changedAt: now() }
    await scope.commit(
      { action: 'stage.request', subject: { kind: 'request', id: requestId, name: 'Password' } },
      scope.add(serviceRequests, { id: requestId, state: 'approved', ...request }),
      scope.add(requestEvents, {
        id,
        requestId,
        type: 'submitted',
        actorKind: 'contact',
        actorName: 'Tom',
        createdAt: now(),
      }),
      scope.add(requestSteps, { id, requestId, place: 0, title: 'Set a password' }),
      scope.add(requestSeats, { id, requestId, tenantId: 'tenant', skuId: 'sku', takenCount: 1 }),
    )
    const countsOf = ({ customerId }: StagedCustomer) =>
      Promise.all(
        [serviceRequests, requestEvents, requestSteps, requestSeats].map(
          async (table) => (await msp.scope.forCustomer(customerId).list(table)).length,
        ),
      )
    const result = await merge(survivor, merged)
    expect([await countsOf(survivor), await countsOf(merged)]).toEqual([
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ])
    await undone(survivor, result)
    expect([await countsOf(survivor), await countsOf(merged)]).toEqual([
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ])
  })

  it.each(['survivor', 'merged'] as const)(
    'leaves to each person what they approved, declined and did for requests, also where the row of the %s stays, and undoing gives it back',
    async (stays) => {
      const { msp, survivor, merged } = await pair()
      const email = 'dana@fabrikam.example'
      const [dana, twin] = [
        await addContact(survivor, 'Dana', { email }),
        await addContact(merged, 'Dana W', { email }),
      ]
      const decided = async ({ customerId }: StagedCustomer, by: string, name: string, subject: string) => {
        const [id, at] = [newId(now()), now()]
        const scope = msp.scope.forCustomer(customerId)
        const details = { type: 'password_reset' as const, tenant: null, people: [], answers: [] }
        const event = { requestId: id, actorKind: 'contact' as const, actorId: by, actorName: name, createdAt: at }
        await scope.commit(
          { action: 'stage.request', subject: { kind: 'request', id, name: subject } },
          scope.add(serviceRequests, {
            id,
            type: details.type,
            state: 'declined',
            reason: '',
            requestedBy: 'nobody',
            details,
            subject,
            createdAt: at,
            changedAt: at,
            customerApprovedBy: by,
            customerApprovedName: name,
            decidedBy: by,
            decidedByName: name,
          }),
          scope.addAll(requestEvents, [{ id: newId(at), type: 'declined' as const, ...event }]),
        )
      }
      await decided(survivor, dana, 'Dana', 'of Dana')
      await decided(merged, twin, 'Dana W', 'of her twin')
      const told = async ({ customerId }: StagedCustomer) => {
        const scope = msp.scope.forCustomer(customerId)
        const events = await scope.list(requestEvents)
        const rows = await scope.list(serviceRequests, { orderBy: [serviceRequests.subject] })
        return rows.map(({ id, subject, customerApprovedBy, customerApprovedName, decidedBy, decidedByName }) => [
          subject,
          customerApprovedBy,
          customerApprovedName,
          decidedBy,
          decidedByName,
          ...events.flatMap((one) => (one.requestId === id ? [one.actorId, one.actorName] : [])),
        ])
      }
      const before = [await told(survivor), await told(merged)]
      const result = await merge(survivor, merged, {
        collisions: { escalation: 'survivor_first', contacts: { [email]: stays } },
      })
      const one = stays === 'survivor' ? [dana, 'Dana'] : [twin, 'Dana W']
      expect(await told(survivor)).toEqual([
        ['of Dana', ...one, ...one, ...one],
        ['of her twin', ...one, ...one, ...one],
      ])
      await undone(survivor, result)
      expect([await told(survivor), await told(merged)]).toEqual(before)
    },
  )

  it.each(['survivor', 'merged'] as const)(
    'brings all tickets along with their people, also where the row of the %s stays, and undoing gives them back',
    async (stays) => {
      const { msp, survivor, merged } = await pair()
      const email = 'dana@fabrikam.example'
      const [dana, twin] = [
        await addContact(survivor, 'Dana', { email }),
        await addContact(merged, 'Dana W', { email }),
      ]
      const tom = await addContact(merged, 'Tom')
      const marcus = await newStaff(msp)
      const raise = async (
        { customerId }: StagedCustomer,
        subject: string,
        requester: string,
        watchers: string[] = [],
      ) => {
        const body = {
          subject,
          description: 'White pages.',
          category: 'other',
          priority: 'normal',
          requester,
          watchers,
        }
        const answer = await call(ADMIN, 'POST', `/api/msp-portal/customers/${customerId}/tickets`, {
          as: marcus,
          body,
        })
        expect(answer.status, await answer.clone().text()).toBe(201)
      }
      await raise(survivor, 'of Dana', dana)
      await raise(merged, 'of her twin', twin, [tom])
      await raise(merged, 'of Tom', tom, [twin])
      const ticketsOf = async ({ customerId }: StagedCustomer) => {
        const scope = msp.scope.forCustomer(customerId)
        const [rows, people, words] = [
          await scope.list(tickets),
          await scope.list(ticketPeople),
          await scope.list(ticketWords),
        ]
        return rows
          .map(({ id, subject, requester }) => {
            const theirs = people.filter(({ ticketId }) => ticketId === id).map((one) => `${one.role} ${one.id}`)
            const found = words.some((one) => one.id === id)
            return `${subject}: ${requester} | ${theirs.toSorted().join(', ')} | ${found}`
          })
          .toSorted()
      }
      const before = [await ticketsOf(survivor), await ticketsOf(merged)]
      const result = await merge(survivor, merged, {
        collisions: { escalation: 'survivor_first', contacts: { [email]: stays } },
      })
      expect(result).toMatchObject({ moved: { tickets: 2 } })
      const one = stays === 'survivor' ? dana : twin
      expect(await ticketsOf(survivor)).toEqual(
        [
          `of Dana: ${one} | requester ${one} | true`,
          `of her twin: ${one} | ${[`requester ${one}`, `watcher ${tom}`].toSorted().join(', ')} | true`,
          `of Tom: ${tom} | ${[`requester ${tom}`, `watcher ${one}`].toSorted().join(', ')} | true`,
        ].toSorted(),
      )
      await undone(survivor, result)
      expect([await ticketsOf(survivor), await ticketsOf(merged)]).toEqual(before)
    },
  )

  it('is told in the activity of both', async () => {
    const { msp, survivor, merged } = await pair()
    await call(ADMIN, 'PUT', `/api/msp-portal/customers/${merged.customerId}`, {
      as: await newStaff(msp),
      body: { name: 'Fabrikam Old' },
    })
    await merge(survivor, merged)
    const answer = await call(ADMIN, 'GET', `/api/msp-portal/customers/${survivor.customerId}/activity`, {
      as: await newStaff(msp),
    })
    const { items } = await bodyOf<{ items: { action: string; mergedFrom: string | null }[] }>(answer)
    expect(
      items.filter(({ action }) => !action.startsWith('stage')).map((one) => [one.action, one.mergedFrom]),
    ).toEqual([
      ['customer.merged', null],
      ['customer.changed', 'Fabrikam Old'],
    ])
  })
})

it('A notice to both of two merged customers is told to one, and to both again when the merge is undone', async () => {
  const { msp, survivor, merged } = await pair()
  const both = [survivor.customerId, merged.customerId]
  const [shared, own] = [await newNotice(msp, both), await newNotice(msp, [merged.customerId])]
  const toldTo = async (customerId: string) =>
    (await msp.scope.forCustomer(customerId).list(noticeRecipients)).map(({ id }) => id).toSorted()
  const result = await merge(survivor, merged)
  expect(await toldTo(survivor.customerId)).toEqual([shared.id, own.id].toSorted())
  await undone(survivor, result)
  expect(await toldTo(survivor.customerId)).toEqual([shared.id])
  expect(await toldTo(merged.customerId)).toEqual([shared.id, own.id].toSorted())
})

describe('Undoing a merge', () => {
  it('brings the merged one back as it was, with all that nobody touched', async () => {
    const { msp, survivor, merged } = await pair()
    await change(survivor, { phone: null })
    await change(merged, { phone: '7' })
    const portal = await newPortal(merged)
    const dana = await newContact(portal)
    await addContact(survivor, 'Olga')
    const tenant = await newTenant(merged, { licensedUserCount: 4 })
    const documentId = await newDocument(merged)
    const result = await merge(survivor, merged, { collisions: { escalation: 'survivor_first' } })
    await queue.deliver()
    const back = await undone(survivor, result)
    expect(back).toMatchObject({ canUndo: false, leftBehind: [] })
    expect(back.undoneAt).not.toBeNull()
    await queue.deliver()
    later()
    expect(await rowOf(merged)).toMatchObject({
      name: 'Fabrikam Ltd',
      phone: '7',
      tenantCount: 1,
      contactCount: 1,
      licensedUserCount: 4,
      primaryContactName: dana.name,
      portalHost: portal.host,
    })
    expect(await rowOf(survivor)).toMatchObject({
      phone: null,
      tenantCount: 0,
      contactCount: 1,
      licensedUserCount: 0,
      primaryContactName: 'Olga',
      portalState: 'none',
      portalHost: null,
    })
    const of = msp.scope.forCustomer(merged.customerId)
    expect((await of.list(tenants)).map(({ id }) => id)).toEqual([tenant.id])
    expect((await of.list(documents)).map(({ id }) => id)).toEqual([documentId])
    expect(await nameOf(portal.host)).toBe(`active ${merged.customerId}`)
    expect((await call(portal.host, 'GET', '/api/auth/session', { as: dana })).status).toBe(200)
    expect(await found(survivor, 'ltd')).toEqual([merged.customerId])
    expect((await undone(survivor, result)).undoneAt).toBe(back.undoneAt)
  })

  it('leaves what was edited, and what came later, with the survivor, and says so', async () => {
    const { msp, survivor, merged } = await pair()
    const edited = await addContact(merged, 'Edited')
    await addContact(merged, 'Left alone')
    const result = await merge(survivor, merged, { fields: { name: 'merged' } })
    const technician = await newStaff(msp)
    const path = `/api/msp-portal/customers/${survivor.customerId}`
    await call(ADMIN, 'PUT', `${path}/contacts/${edited}`, { as: technician, body: { name: 'Edited since' } })
    await call(ADMIN, 'POST', `${path}/contacts`, { as: technician, body: { name: 'Newcomer' } })
    await call(ADMIN, 'PUT', path, { as: technician, body: { name: 'Third name' } })
    const { leftBehind } = await undone(survivor, result)
    expect(leftBehind).toEqual([
      { kind: 'contact', name: 'Edited since', reason: 'changed' },
      { kind: 'field', name: 'name', reason: 'changed' },
    ])
    expect((await contactsOf(survivor)).map(({ name }) => name).toSorted()).toEqual(['Edited since', 'Newcomer'])
    expect((await contactsOf(merged)).map(({ name }) => name)).toEqual(['Left alone'])
    expect(await rowOf(survivor)).toMatchObject({ name: 'Third name', contactCount: 2 })
  })

  it('brings back both portals, and the contact who had made room', async () => {
    const { survivor, merged } = await pair()
    const [own, other] = [await newPortal(survivor), await newPortal(merged)]
    await addContact(survivor, 'Dana', { email: 'dana@fabrikam.example', passwordHash: 'kept' })
    await addContact(merged, 'Dana D', { email: 'dana@fabrikam.example' })
    const result = await merge(survivor, merged, {
      collisions: { portal: 'merged', contacts: { 'dana@fabrikam.example': 'merged' } },
    })
    await queue.deliver()
    expect((await undone(survivor, result)).leftBehind).toEqual([])
    await queue.deliver()
    expect(await nameOf(own.host)).toBe(`active ${survivor.customerId}`)
    expect(await nameOf(other.host)).toBe(`active ${merged.customerId}`)
    expect(await contactsOf(survivor)).toMatchObject([{ name: 'Dana', passwordHash: 'kept' }])
    expect(await contactsOf(merged)).toMatchObject([{ name: 'Dana D' }])
    expect(await rowOf(survivor)).toMatchObject({ portalHost: own.host, portalState: 'enabled' })
  })

  it('says so when the name of a portal is somebody else’s by now', async () => {
    const { survivor, merged } = await pair()
    const [, other] = [await newPortal(survivor), await newPortal(merged)]
    const result = await merge(survivor, merged, { collisions: { portal: 'survivor' } })
    await queue.deliver()
    await environment.directory
      .prepare(`update hostnames set state = 'active', msp_id = 'x', customer_id = 'x' where hostname = ?`)
      .bind(other.host)
      .run()
    expect((await undone(survivor, result)).leftBehind).toEqual([{ kind: 'portal', name: other.host, reason: 'taken' }])
    expect(await rowOf(merged)).toMatchObject({ portalState: 'none', portalHost: null })
  })

  it('lets a sync that waits go on under the one who has the tenant again', async () => {
    const msp = await newMsp()
    const connected = await connectedTenant(microsoft.tenant({ people: people(2) }), { msp })
    const survivor = await newCustomer(msp, 'Survivor')
    const result = await merge(survivor, connected.customer)
    const scope = msp.scope.forCustomer(survivor.customerId)
    await scope.record(
      scope.later({
        kind: 'tenant.sync',
        payload: { tenantId: connected.tenantId },
        naturalKey: `sync:${connected.tenantId}`,
        subjectName: 'x',
      }),
    )
    await undone(survivor, result)
    await deliver(connected)
    expect(await syncJob(connected)).toMatchObject({ state: 'done', customerId: connected.customer.customerId })
    expect((await msp.scope.find(tenants, connected.tenantId, 'tenant')).activeUserCount).toBe(2)
  })

  it('does not end without a word when the survivor is deleted: that is refused, naming it, until it is undone or meant', async () => {
    const msp = await newMsp()
    const [survivor, merged] = [await newCustomer(msp, 'Fabrikam'), await newCustomer(msp, 'Fabrikam Dental')]
    const done = await merge(survivor, merged)
    const admin = await newStaff(msp, 'admin')
    const remove = (query = '') =>
      call(ADMIN, 'DELETE', `/api/msp-portal/customers/${survivor.customerId}${query}`, { as: admin })
    const refused = await remove()
    expect(refused.status).toBe(409)
    expect((await bodyOf<Refusal>(refused)).detail).toBe(
      'Fabrikam Dental was merged into Fabrikam and would be deleted with it, though that can still be undone. Undo the merge first, or confirm that it goes too.',
    )
    await undone(survivor, done)
    expect((await remove()).status, 'nothing hangs on it any more').toBe(204)
    expect((await rowOf(merged)).name).toBe('Fabrikam Dental')

    const [kept, gone] = [await newCustomer(msp, 'Tailspin'), await newCustomer(msp, 'Tailspin Toys')]
    await merge(kept, gone)
    const meant = `/api/msp-portal/customers/${kept.customerId}?endsMerges=true`
    expect((await call(ADMIN, 'DELETE', meant, { as: admin })).status).toBe(204)

    const [old, older] = [await newCustomer(msp, 'Wingtip'), await newCustomer(msp, 'Wingtip Ltd')]
    await merge(old, older)
    clock.forward(30 * DAY)
    const later = await newStaff(msp, 'admin')
    const over = `/api/msp-portal/customers/${old.customerId}`
    expect((await call(ADMIN, 'DELETE', over, { as: later })).status, 'the 30 days are over').toBe(204)
  })

  it('is refused after 30 days, for an older version, and once the survivor was merged away itself', async () => {
    const { msp, survivor, merged } = await pair()
    const first = await merge(survivor, merged)
    expect((await undo(survivor, first, { 'if-match': '"v9"' })).status).toBe(412)
    const third = await newCustomer(msp, 'Third')
    const second = await merge(third, survivor)
    expect((await undo(third, first)).status).toBe(409)
    await undone(third, second)
    clock.forward(31 * DAY)
    expect((await undo(third, first)).status).toBe(410)
    await sweep(environment)
    const kept = await msp.scope.first(customerMerges, eq(customerMerges.id, first.id))
    expect(kept, 'and nothing is kept for it any more').toMatchObject({ kept: null })
    expect(await msp.scope.list(jobs, { where: and(eq(jobs.state, 'parked')) })).toEqual([])
    expect(await msp.scope.list(logos)).toEqual([])
  })

  it('waits until an archived survivor is restored', async () => {
    const { survivor, merged } = await pair()
    const { id } = await merge(survivor, merged)
    await change(survivor, { state: 'archived' })
    const refused = await undo(survivor, { id })
    expect([refused.status, (await bodyOf<Refusal>(refused)).detail]).toEqual([
      409,
      `${survivor.name} is archived. Restore it first.`,
    ])
    await change(survivor, { state: 'active' })
    expect((await undo(survivor, { id })).status).toBe(200)
  })

  it('killed after a name was reserved for it leaves nothing behind, and is done when it is asked again', async () => {
    const { msp, survivor, merged } = await pair()
    const [, other] = [await newPortal(survivor), await newPortal(merged)]
    const result = await merge(survivor, merged, { collisions: { portal: 'survivor' } })
    await queue.deliver()
    const shard = shardNamed(environment, msp.shard)
    const [read, batch] = [shard.read.bind(shard), shard.batch.bind(shard)]
    let isDead = false
    const unlessDead = <T>(run: () => Promise<T>) => (isDead ? Promise.reject(new Error('Killed.')) : run())
    const spies = [
      vi.spyOn(console, 'error').mockImplementation(() => {}),
      vi.spyOn(shard, 'read').mockImplementation((statement) => unlessDead(() => read(statement))),
      vi.spyOn(shard, 'batch').mockImplementation((statements) => {
        isDead ||= statements.some(({ sql }) => sql.startsWith('insert into "customers"'))
        return unlessDead(() => batch(statements))
      }),
    ]
    expect((await undo(survivor, result)).status).toBe(500)
    for (const spy of spies) spy.mockRestore()
    expect(isDead).toBe(true)
    expect(await nameOf(other.host)).toBe(`reserved ${merged.customerId}`)
    expect(await msp.scope.first(customers, eq(customers.id, merged.customerId))).toBeUndefined()

    clock.forward(DAY)
    await sweep(environment)
    await queue.deliver()
    expect(await nameOf(other.host), 'it rests for whoever had it').toMatch(/^released/)
    expect((await undone(survivor, result)).leftBehind).toEqual([])
    await queue.deliver()
    expect(await nameOf(other.host)).toBe(`active ${merged.customerId}`)
  })

  it('killed before the directory heard of it is finished by the sweep', async () => {
    const { survivor, merged } = await pair()
    const portal = await newPortal(merged)
    const result = await merge(survivor, merged)
    await queue.deliver()
    await undone(survivor, result)
    queue.take()
    expect(await nameOf(portal.host)).toBe(`active ${survivor.customerId}`)
    await sweep(environment)
    await queue.deliver()
    expect(await nameOf(portal.host)).toBe(`active ${merged.customerId}`)
  })

  it('is done once by ten who ask at once', async () => {
    const { msp, survivor, merged } = await pair()
    await addContact(merged, 'Dana')
    const result = await merge(survivor, merged)
    const answers = await Promise.all(Array.from({ length: 10 }, () => undo(survivor, result)))
    expect(
      answers.every(({ status }) => [200, 412].includes(status)),
      answers.map(({ status }) => status).join(),
    ).toBe(true)
    expect(await contactsOf(merged)).toHaveLength(1)
    expect(await msp.scope.list(customers)).toHaveLength(2)
  })

  it('is for admins and owners', async () => {
    const { msp, survivor, merged } = await pair()
    const { id } = await merge(survivor, merged)
    const path = `${MERGES}/${id}`
    expect((await call(ADMIN, 'PUT', `${path}/reversal`, { as: await newStaff(msp, 'technician') })).status).toBe(403)
    expect((await call(ADMIN, 'GET', path, { as: await newStaff(msp, 'viewer') })).status).toBe(200)
    const list = await call(ADMIN, 'GET', `/api/msp-portal/customers/${survivor.customerId}/merges`, {
      as: await newStaff(msp, 'viewer'),
    })
    expect((await bodyOf<{ items: Merge[] }>(list)).items.map((one) => one.id)).toEqual([id])
  })
})
