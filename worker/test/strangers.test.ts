import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { partAt } from '../app.ts'
import { apiDocument, apiSurfaces } from '../contract/document.ts'
import contract from '../contract/openapi.json'
import { ADMIN, environment } from './stage.ts'
import { everyOperation, expectRefused, refusalsOf, seenBy, send, strangers, strangersCast } from './strangers.ts'
import type { Operation, StrangersCast } from './strangers.ts'

const operations = everyOperation()

describe('Every operation of the contract', () => {
  strangers(operations)
})

describe('The list of operations', () => {
  it('is that of the Worker that runs, none left out', () => {
    expect(Object.keys(contract.paths).toSorted()).toEqual(Object.keys(apiDocument().paths ?? {}).toSorted())
    const served = apiSurfaces
      .flatMap(({ routes }) => routes)
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    const listed = operations.map(({ method, path }) => `${method} ${path}`)
    expect([...new Set(served)].toSorted()).toEqual(listed.toSorted())
  })

  it('is answered by the part of the API that each path leads to', async () => {
    for (const { id, method, path } of operations) {
      const { surface } = (await partAt(path)?.load()) ?? {}
      const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1')
      expect(
        surface?.routes.some((route) => route.method === method && route.path === pattern),
        id,
      ).toBe(true)
    }
  })

  it('refuses one that nobody has thought of', () => {
    const access = { who: 'staff', may: 'customers.read', scope: 'customers:read' }
    const path = '/api/msp-portal/assets/{assetId}'
    expect(() => everyOperation({ [path]: { get: { operationId: 'readAsset', 'x-access': access } } })).toThrow(
      /has an id that strangers have none of/,
    )
    expect(() => everyOperation({ '/api/x': { get: { operationId: 'x' } } })).toThrow(/does not say who may call it/)
    const post = { operationId: 'addAsset', 'x-access': access, requestBody: { content: {} } }
    expect(() => everyOperation({ '/api/assets': { post } })).toThrow(/takes a body/)
  })

  it('refuses every operation at least at a host where it is not', () => {
    for (const operation of operations) {
      const statuses = refusalsOf(operation).map(({ status }) => status)
      expect(statuses, operation.id).toContain(404)
      if (operation.access.who !== 'anyone') expect(statuses, operation.id).toContain(401)
      if (operation.names.length > 0) expect(refusalsOf(operation).length, operation.id).toBeGreaterThan(5)
    }
  })
})

describe('The common refusals', () => {
  const leaky = (changes: Partial<Operation>): Operation => ({
    id: 'leaky',
    method: 'GET',
    path: '/api/msp-portal/customers/{customerId}',
    access: { who: 'staff', may: 'customers.read', scope: 'customers:read' },
    names: ['customerId'],
    body: undefined,
    takes: [],
    answers: undefined,
    ...changes,
  })
  const refused = async (operation: Operation, name: string, cast: StrangersCast) => {
    const refusal = refusalsOf(operation).find((one) => one.name === name)
    if (refusal === undefined) throw new Error(`There is no refusal "${name}".`)
    await expectRefused(operation, refusal, cast)
  }

  it('see a route that shows what is another MSP’s, lets in a role it should not, or anybody at all', async () => {
    const cast = await strangersCast()
    const foreign = 'for what belongs to another MSP of the same shard'
    await expect(refused(leaky({}), foreign, cast)).resolves.toBeUndefined()
    // A sign of life is given to anybody, whatever id stands in its query.
    const open = leaky({ path: '/healthz?of={customerId}' })
    await expect(refused(open, foreign, cast)).rejects.toThrow(/to be 404/)
    await expect(refused(open, 'from nobody', cast)).rejects.toThrow(/to be 401/)
    const tooWide = leaky({ access: { who: 'staff', may: 'settings.write', scope: null } })
    await expect(refused(tooWide, 'from a viewer', cast)).rejects.toThrow(/to be 403/)
  })

  it('see when what is somebody else’s is answered otherwise than what does not exist', async () => {
    const answer = (detail: string, headers: Record<string, string> = {}) =>
      seenBy(Response.json({ detail, requestId: 'r' }, { status: 404, headers: { 'x-request-id': 'r', ...headers } }))
    expect(await answer('There is no such customer.')).toEqual(await answer('There is no such customer.'))
    expect(await answer('There is no such customer.')).not.toEqual(await answer('This customer is not yours.'))
    expect(await answer('There is no such customer.')).not.toEqual(
      await answer('There is no such customer.', { etag: 'x' }),
    )
  })
})

describe('Those who may', () => {
  let cast: StrangersCast
  beforeAll(async () => {
    // Microsoft is down today: what is asked of it fails as it should, and nothing leaves this machine.
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 503 })))
    cast = await strangersCast()
  })
  afterAll(() => {
    vi.unstubAllGlobals()
  })

  // Deletions and what closes doors come last, so that the stage still stands for the others: what contacts do before what
  // staff do, which may end their sessions, and what is deleted below something before that itself.
  const order = (method: string) => ['GET', 'POST', 'PUT', 'DELETE'].indexOf(method)
  const place = ({ access, id, method, path }: Operation) =>
    (access.who === 'contact' ? 0 : 1_000) +
    order(method) * 100 +
    (id === 'endSession' ? 1 : 0) -
    (method === 'DELETE' && access.who === 'staff' ? path.split('/').length : 0)
  const allowed = operations
    .filter(({ access }) => access.who !== 'anyone')
    .toSorted((one, other) => place(one) - place(other))

  it.each(allowed.map((operation) => [operation.id, operation] as const))(
    'are not refused: %s',
    async (_, operation) => {
      const { fabrikam, staff, twin } = cast.northwind
      // What its people asked for a moment ago is not asked for again.
      const customer = operation.id === 'askForCustomerRefresh' ? twin : fabrikam
      // Whoever ends sessions of their own does nothing else here.
      const asked = {
        staff: { host: ADMIN, as: staff.owner, ids: { ...customer.ids, staffId: staff.technician.id } },
        contact: { host: fabrikam.portal.host, as: fabrikam.people.admin, ids: fabrikam.ids },
        oneself: { host: ADMIN, as: staff.viewer, ids: { ...fabrikam.ids, sessionId: staff.viewer.sessionId } },
      }
      if (operation.access.who === 'anyone') throw new Error('This is for anyone.')
      const answer = await send(operation, asked[operation.access.who])
      // Nobody was sent the secret that is asked for, the file was sent, and a portal admin has removed the watcher: it is what
      // is not found.
      const isProof = [
        'verifyMailAddress',
        'removeTicketFile',
        'discardStaffTicketFile',
        'removeStaffTicketWatcher',
      ].includes(operation.id)
      // What one asked for oneself one does not decide: it is told so, and not of a role.
      const isOwn = ['approveRequest', 'declineRequest'].includes(operation.id)
      // A conflict or a picture that is none is an answer, too: the caller was let in, and the thing was found.
      const answers = [200, 201, 202, 204, 409, 422, 503, ...(isProof ? [404] : []), ...(isOwn ? [403] : [])]
      expect(answers, await answer.clone().text()).toContain(answer.status)
    },
  )

  const open = operations.filter(
    ({ access, method }) => access.who !== 'anyone' && access.scope !== null && method === 'GET',
  )
  it.each(open.map((operation) => [operation.id, operation] as const))(
    'include a key with the scope and no other: %s',
    async (_, operation) => {
      const { northwind } = cast
      const scope = operation.access.who === 'anyone' ? null : operation.access.scope
      const key = scope === null ? undefined : northwind.keys.only.get(scope)
      if (key === undefined) throw new Error('There is no such key on the stage.')
      const answer = await send(operation, { host: ADMIN, bearer: key.bearer, ids: northwind.twin.ids })
      expect(answer.status, await answer.clone().text()).toBe(200)
    },
  )

  it('find the sign-in host empty', async () => {
    for (const operation of operations) {
      const answer = await send(operation, { host: environment.SIGN_IN_HOST, ids: cast.northwind.fabrikam.ids })
      expect(answer.status, operation.id).toBe(404)
    }
  })
})
