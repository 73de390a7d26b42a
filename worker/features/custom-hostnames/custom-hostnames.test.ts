import { and, eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, customHostnames, customers, jobs, portals } from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { moveClock, now } from '../../clock.ts'
import { LEASE_MS } from '../../jobs/job.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { dropped, startOutsideNames } from '../../test/outside-names.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newContact,
  newCustomer,
  newMsp,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'
import { newId } from '../../tenancy/ids.ts'
import { sendMail } from '../mail/index.ts'
import { mailFor } from '../mail/mail.jobs.ts'
import { HOSTNAME_COUNT_MAX } from './custom-hostnames.ts'
import { activateName, reserveName } from './names.ts'
import { GRACE_MS } from './standing.ts'

const queue = holdQueue()
const outside = startOutsideNames()
const DAY = 24 * 3_600_000

afterEach(() => {
  moveClock(undefined)
  queue.take()
})

type Shown = {
  id: string
  hostname: string
  state: string
  answers: boolean
  isPrimary: boolean
  records: { type: string; name: string; value: string }[]
  steps: { name: string; reason: string }[]
  troubleSince: string | null
  givenUpAt: string | null
  version: number
}

/** A name that no other test uses. */
const newName = () => `portal.f${newId(now()).slice(-12)}.example`

const wait = (ms: number) => {
  const at = now() + ms
  moveClock(() => at)
}

/** Whether a portal opens at the name, asked past what is remembered of it for a few seconds. */
const answers = async (host: string): Promise<boolean> => {
  wait(60_000)
  return (await call(host, 'GET', '/api/auth/session')).status === 401
}

const placeOfName = (hostname: string) =>
  environment.directory
    .prepare(`select state, msp_id as mspId, customer_id as customerId from hostnames where hostname = ?`)
    .bind(hostname)
    .first<{ state: string; mspId: string; customerId: string }>()

/** A customer with an open portal of a fresh MSP (or of a given one), and a technician who looks after its names. */
const newOwner = async (of?: StagedMsp) => {
  const msp = of ?? (await newMsp())
  const customer = await newCustomer(msp)
  const portal = await newPortal(customer)
  let technician = await newStaff(msp)
  let signedInAt = now()
  const { customerId } = customer
  const scope = msp.scope.forCustomer(customerId)
  const base = `/api/msp-portal/customers/${customerId}/hostnames`
  const ask = async (method: string, path = '', body?: unknown, headers: Record<string, string> = {}) => {
    // A staged session lasts an hour, and here days pass.
    if (now() - signedInAt > 1_800_000) {
      technician = await newStaff(msp)
      signedInAt = now()
    }
    return call(ADMIN, method, `${base}${path}`, { as: technician, headers, ...(body === undefined ? {} : { body }) })
  }
  const add = (hostname: string) => ask('POST', '', { hostname })
  const list = async () => (await bodyOf<{ items: Shown[]; linkedHost: string }>(await ask('GET'))).items
  const named = async (hostname: string) => {
    const found = (await list()).find((one) => one.hostname === hostname)
    if (found === undefined) throw new Error(`${hostname} is not in the list.`)
    return found
  }
  const proofOf = async (hostname: string) =>
    (await named(hostname)).records.find(({ type }) => type === 'TXT')?.value ?? ''
  /** Adds a name and sets its records, without a look at them. */
  const addWithRecords = async (hostname = newName()) => {
    expect((await add(hostname)).status).toBe(201)
    outside.prove(hostname, await proofOf(hostname))
    outside.lead(hostname)
    return hostname
  }
  /** A name under which the portal opens. */
  const open = async (hostname?: string) => {
    const name = await addWithRecords(hostname)
    await queue.deliver()
    expect((await named(name)).state).toBe('active')
    return name
  }
  /** Looks again, once it is allowed. */
  const check = async (hostname: string) => {
    wait(60_000)
    const { id } = await named(hostname)
    expect((await ask('POST', `/${id}/check`)).status).toBe(202)
    await queue.deliver()
    return named(hostname)
  }
  return { ...customer, portal, technician, scope, ask, add, list, named, proofOf, addWithRecords, open, check }
}

const errorsOf = async (response: Response) =>
  (await bodyOf<{ errors?: { pointer: string; detail: string }[] }>(response)).errors

describe('A host name of a customer’s own', () => {
  it('opens the portal once both records are found, and not before', async () => {
    const owner = await newOwner()
    const name = newName()
    const made = await owner.add(name)
    expect(made.status).toBe(201)
    const shown = await bodyOf<Shown>(made)
    expect(made.headers.get('location')).toContain(shown.id)
    expect(shown).toMatchObject({ hostname: name, state: 'pending', answers: false, isPrimary: false, version: 1 })
    expect(shown.records).toEqual([
      { type: 'TXT', name: `_portal-proof.${name}`, value: expect.stringMatching(/^[\w-]{43}$/) },
      { type: 'CNAME', name, value: environment.CUSTOM_HOSTNAME_TARGET },
    ])
    await queue.deliver()
    expect((await owner.named(name)).steps.map(({ reason }) => reason)).toEqual([
      'txt_missing',
      'cname_missing',
      'after_the_others',
    ])
    expect([await placeOfName(name), outside.edge.has(name)]).toEqual([null, false])

    outside.prove(name, await owner.proofOf(name))
    expect(await owner.check(name)).toMatchObject({ state: 'pending', answers: false })
    expect(await answers(name)).toBe(false)
    outside.lead(name)
    expect(await owner.check(name)).toMatchObject({ state: 'active', answers: true })
    expect(await answers(name)).toBe(true)
    expect(await answers(owner.portal.host)).toBe(true)
    const entries = await owner.scope.list(activities, { where: eq(activities.subjectKind, 'hostname') })
    expect(entries.map(({ action, actorKind }) => `${action} by ${actorKind}`).toSorted()).toEqual([
      'hostname.active by system',
      'hostname.added by staff',
      'hostname.check_requested by staff',
      'hostname.check_requested by staff',
    ])
  })

  it('is looked at by itself, without anybody asking', async () => {
    const owner = await newOwner()
    const name = await owner.addWithRecords()
    outside.leadNowhere(name)
    await queue.deliver()
    outside.lead(name)
    wait(3 * 60_000)
    await sweep(environment)
    await sweep(environment)
    await queue.deliver()
    expect((await owner.named(name)).state).toBe('active')
  })

  it('speaks for itself alone: what lies below it may go without encryption', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    const [own, ours] = [
      await call(name, 'GET', '/api/auth/session'),
      await call(owner.portal.host, 'GET', '/api/auth/session'),
    ]
    expect(own.headers.get('strict-transport-security')).toBe('max-age=63072000')
    expect(ours.headers.get('strict-transport-security')).toContain('includeSubDomains')
  })

  it('has sessions of its own', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    const contact = await newContact(owner.portal)
    expect((await call(owner.portal.host, 'GET', '/api/auth/session', { as: contact })).status).toBe(200)
    expect((await call(name, 'GET', '/api/auth/session', { as: contact })).status).toBe(401)
  })

  it.each([
    ['fabrikam', 'Enter the whole name'],
    ['https://portal.fabrikam.example', 'without https://'],
    ['10.0.0.1', 'This is an IP address'],
    ['portal.test', 'belongs to the service itself'],
    ['sales.portal.test', 'belongs to the service itself'],
    ['custom.portal.test', 'belongs to the service itself'],
  ])('%j is refused at the field', async (hostname, words) => {
    const owner = await newOwner()
    const refused = await owner.add(hostname)
    expect(refused.status).toBe(422)
    expect(await errorsOf(refused)).toEqual([{ pointer: '/hostname', detail: expect.stringContaining(words) }])
    expect(await owner.list()).toEqual([])
  })

  it('is refused when it is in a list of this MSP already, naming the customer', async () => {
    const msp = await newMsp()
    const [one, other] = [await newOwner(msp), await newOwner(msp)]
    const name = newName()
    await one.add(name)
    expect(await errorsOf(await one.add(name.toUpperCase()))).toEqual([
      { pointer: '/hostname', detail: `${name} is in this list already.` },
    ])
    expect(await errorsOf(await other.add(name))).toEqual([
      { pointer: '/hostname', detail: `${name} belongs to your customer ${one.name}. Remove it there first.` },
    ])
  })

  it('that is another MSP’s is refused once it is active, without saying whose', async () => {
    const [one, other] = [await newOwner(), await newOwner()]
    const name = await one.addWithRecords()
    expect((await other.add(name)).status).toBe(201)
    await queue.deliver()
    const third = await newOwner()
    const [error] = (await errorsOf(await third.add(name))) ?? []
    expect(error?.detail).toContain(`${name} is in use already`)
    expect(error?.detail).not.toContain(one.name)
  })

  it('needs a portal, and a customer who is not archived', async () => {
    const owner = await newOwner()
    const bare = await newCustomer(owner.msp)
    const path = `/api/msp-portal/customers/${bare.customerId}/hostnames`
    expect((await call(ADMIN, 'POST', path, { as: owner.technician, body: { hostname: newName() } })).status).toBe(409)
    await call(ADMIN, 'PUT', `/api/msp-portal/customers/${owner.customerId}/archival`, { as: owner.technician })
    expect((await owner.add(newName())).status).toBe(409)
  })

  it('is one of ten at most, also when twenty are added at once', async () => {
    const owner = await newOwner()
    const responses = await Promise.all(Array.from({ length: 20 }, () => owner.add(newName())))
    const statuses = responses.map(({ status }) => status)
    expect((await owner.list()).length).toBe(statuses.filter((status) => status === 201).length)
    expect((await owner.list()).length).toBeLessThanOrEqual(HOSTNAME_COUNT_MAX)
    while ((await owner.list()).length < HOSTNAME_COUNT_MAX) await owner.add(newName())
    expect((await owner.add(newName())).status).toBe(409)
  })

  it('added twenty times at once is there once', async () => {
    const owner = await newOwner()
    const name = newName()
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => owner.add(name)))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(new Set(statuses)).toEqual(new Set([201, 422]))
  })
})

describe('Who proves a name has it', () => {
  it('and a claim alone keeps nobody from it', async () => {
    const [idle, real] = [await newOwner(), await newOwner()]
    const name = newName()
    await idle.add(name)
    await queue.deliver()
    await real.open(name)
    expect(await placeOfName(name)).toMatchObject({ state: 'active', customerId: real.customerId })
    expect((await idle.check(name)).state).toBe('pending')
  })

  it('while somebody else’s records are left over: they prove nothing for the next', async () => {
    const [former, next] = [await newOwner(), await newOwner()]
    const name = await former.open()
    const { id } = await former.named(name)
    await former.ask('DELETE', `/${id}`)
    await queue.deliver()
    expect([await placeOfName(name), outside.edge.has(name)]).toEqual([null, false])
    // CNAME and TXT still stand in the DNS, as customers leave them.
    await next.add(name)
    await queue.deliver()
    expect(await next.named(name)).toMatchObject({ state: 'pending', answers: false })
    expect((await next.named(name)).steps[0]).toMatchObject({ reason: 'txt_differs' })
    expect([await placeOfName(name), outside.edge.has(name)]).toEqual([null, false])
    expect(await answers(name)).toBe(false)
  })

  it('also within one MSP, and when the next claims it before the former one is cleared away', async () => {
    const msp = await newMsp()
    const [former, next] = [await newOwner(msp), await newOwner(msp)]
    const name = await former.open()
    await former.ask('DELETE', `/${(await former.named(name)).id}`)
    await next.add(name)
    await queue.deliver()
    expect(await next.named(name)).toMatchObject({ state: 'pending', answers: false })
    expect([await placeOfName(name), await answers(name)]).toEqual([null, false])
  })

  it('and whoever proves it second is told, until it is let go', async () => {
    const [first, second] = [await newOwner(), await newOwner()]
    const name = newName()
    await first.add(name)
    await second.add(name)
    outside.prove(name, await first.proofOf(name), await second.proofOf(name))
    outside.lead(name)
    await queue.deliver()
    const [one, other] = [await first.named(name), await second.named(name)]
    expect([one.state, other.state].toSorted()).toEqual(['active', 'problem'])
    const [winner, loser] = one.state === 'active' ? [first, second] : [second, first]
    expect((await loser.named(name)).steps[0]).toMatchObject({ reason: 'name_taken' })
    await winner.ask('DELETE', `/${(await winner.named(name)).id}`)
    await queue.deliver()
    expect((await loser.check(name)).state).toBe('active')
    expect(await placeOfName(name)).toMatchObject({ customerId: loser.customerId })
  })
})

describe('Killed', () => {
  it('after reserving: the next look goes on', async () => {
    const owner = await newOwner()
    const name = await owner.addWithRecords()
    queue.take()
    await reserveName(environment, name, {
      mspId: owner.msp.mspId,
      customerId: owner.customerId,
      shard: owner.msp.shard,
    })
    expect(await answers(name)).toBe(false)
    await sweep(environment)
    await queue.deliver()
    expect([(await owner.named(name)).state, await answers(name)]).toEqual(['active', true])
  })

  it('after reserving, and never come back: the name is nobody’s after a day', async () => {
    const [dead, other] = [await newOwner(), await newOwner()]
    const name = newName()
    await reserveName(environment, name, { mspId: dead.msp.mspId, customerId: dead.customerId, shard: dead.msp.shard })
    await other.addWithRecords(name)
    await queue.deliver()
    expect((await other.named(name)).state).toBe('problem')
    wait(DAY + 1)
    await sweep(environment)
    await queue.deliver()
    expect((await other.named(name)).state).toBe('active')
  })

  it.each([
    ['while the DNS was asked', 'dns', 'GET'],
    ['while the edge was asked', 'edge', 'GET'],
    ['while the edge was told', 'edge', 'POST'],
  ] as const)('%s: the job tries again', async (_, where, method) => {
    const owner = await newOwner()
    const name = await owner.addWithRecords()
    outside.interrupt(where, method, dropped)
    await queue.deliver()
    expect((await owner.named(name)).state).toBe('pending')
    wait(3_600_000)
    await sweep(environment)
    await queue.deliver()
    expect([(await owner.named(name)).state, outside.edge.has(name)]).toEqual(['active', true])
  })

  it('after the edge took the name, before that was known here: it is found there by its name', async () => {
    const owner = await newOwner()
    const name = await owner.addWithRecords()
    outside.edge.set(name, {
      id: 'there-already',
      hostname: name,
      status: 'active',
      sslStatus: 'active',
      refreshCount: 0,
    })
    await queue.deliver()
    expect((await owner.named(name)).state).toBe('active')
    expect(outside.edge.get(name)?.id).toBe('there-already')
  })

  it('after the directory had it active, before it was so here: the next look finishes', async () => {
    const owner = await newOwner()
    const name = await owner.addWithRecords()
    queue.take()
    await activateName(environment, name, {
      mspId: owner.msp.mspId,
      customerId: owner.customerId,
      shard: owner.msp.shard,
    })
    wait(LEASE_MS)
    await sweep(environment)
    await queue.deliver()
    expect((await owner.named(name)).state).toBe('active')
  })

  it('after everything but the job’s own end: doing it again tells nothing anew', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    const before = await owner.scope.list(activities)
    await owner.scope.record(owner.scope.changeAll(jobs, undefined, { state: 'running', leaseUntil: now() }))
    wait(LEASE_MS)
    await sweep(environment)
    await queue.deliver()
    expect((await owner.scope.list(activities)).length).toBe(before.length)
    expect((await owner.named(name)).state).toBe('active')
  })

  it('while a name was taken away: the minute’s sweep takes it away', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    outside.interrupt('edge', 'DELETE', dropped)
    expect((await owner.ask('DELETE', `/${(await owner.named(name)).id}`)).status).toBe(204)
    await queue.deliver()
    wait(3_600_000)
    await sweep(environment)
    await queue.deliver()
    expect([await placeOfName(name), outside.edge.has(name)]).toEqual([null, false])
  })

  it('no: removed while it was looked at, and nothing of it stays behind', async () => {
    const owner = await newOwner()
    const name = await owner.addWithRecords()
    const { id } = await owner.named(name)
    const [look] = queue.take()
    outside.interrupt('edge', 'POST', async () => {
      await owner.ask('DELETE', `/${id}`)
      const made = { id: 'late', hostname: name, status: 'active', sslStatus: 'active', refreshCount: 0 }
      outside.edge.set(name, made)
      return Response.json({
        success: true,
        result: { id: 'late', hostname: name, status: 'active', ssl: { status: 'active' } },
      })
    })
    expect(look).toBeDefined()
    await sweep(environment)
    await queue.deliver()
    await queue.deliver()
    expect([await owner.list(), await placeOfName(name), outside.edge.has(name)]).toEqual([[], null, false])
  })
})

describe('The edge and the DNS', () => {
  it('that ask to slow down are asked again when they said', async () => {
    const owner = await newOwner()
    const name = await owner.addWithRecords()
    outside.interrupt('edge', 'GET', () => new Response('{}', { status: 429, headers: { 'retry-after': '120' } }))
    await queue.deliver()
    const [job] = await owner.scope.list(jobs)
    expect(job).toMatchObject({ state: 'waiting', trouble: expect.stringContaining('asked to slow down') })
    expect((job?.dueAt ?? 0) - now()).toBeGreaterThanOrEqual(119_000)
    expect((await owner.named(name)).state).toBe('pending')
  })

  it('that say what nobody knows leave the name as it is', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    const one = outside.edge.get(name)
    if (one !== undefined) one.status = 'levitating'
    await owner.check(name)
    expect((await owner.named(name)).state).toBe('active')
    expect((await owner.scope.list(jobs)).filter(({ state }) => state !== 'done')).toMatchObject([
      { trouble: 'Cloudflare named a state that is not known here: levitating.' },
    ])
  })

  it('are told once that a name leads here now, since they stop looking by themselves', async () => {
    const owner = await newOwner()
    const name = await owner.addWithRecords()
    outside.leadNowhere(name)
    await queue.deliver()
    const one = outside.edge.get(name)
    if (one === undefined) throw new Error('The edge was not told.')
    Object.assign(one, { status: 'pending', sslStatus: 'pending_validation' })
    outside.lead(name)
    expect((await owner.check(name)).state).toBe('pending')
    expect((await owner.check(name)).state).toBe('pending')
    expect(one.refreshCount).toBe(1)
  })
})

describe('A name that opened the portal and whose records are gone', () => {
  it('is in trouble, opens it for a week all the same, and is then given up', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    expect((await owner.ask('PUT', `/${(await owner.named(name)).id}/primary`)).status).toBe(204)
    outside.unprove(name)
    wait(DAY + 1)
    await sweep(environment)
    await sweep(environment)
    await queue.deliver()
    expect(await owner.named(name)).toMatchObject({ state: 'problem', answers: true, isPrimary: true })
    expect(await answers(name)).toBe(true)
    const list = await bodyOf<{ linkedHost: string }>(await owner.ask('GET'))
    expect(list.linkedHost).toBe(owner.portal.host)

    wait(GRACE_MS + 1)
    await sweep(environment)
    await sweep(environment)
    await queue.deliver()
    expect(await owner.named(name)).toMatchObject({ state: 'problem', answers: false, isPrimary: false })
    expect((await owner.named(name)).givenUpAt).not.toBeNull()
    expect([await placeOfName(name), outside.edge.has(name), await answers(name)]).toEqual([null, false, false])
    expect(await answers(owner.portal.host)).toBe(true)

    outside.prove(name, await owner.proofOf(name))
    expect(await owner.check(name)).toMatchObject({
      state: 'active',
      answers: true,
      givenUpAt: null,
      troubleSince: null,
    })
  })

  it('is fine again within the week, and in mails and links again', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    await owner.ask('PUT', `/${(await owner.named(name)).id}/primary`)
    outside.lead(name, 'www.elsewhere.example')
    expect(await owner.check(name)).toMatchObject({ state: 'problem', answers: true })
    expect((await owner.named(name)).steps[1]).toMatchObject({ reason: 'cname_elsewhere' })
    outside.lead(name)
    expect(await owner.check(name)).toMatchObject({ state: 'active', isPrimary: true })
    expect(await bodyOf(await owner.ask('GET'))).toMatchObject({ linkedHost: name })
  })

  it('while its name servers fail, is in trouble too', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    outside.broken.add(name)
    expect((await owner.check(name)).steps.map(({ reason }) => reason)).toEqual([
      'name_servers_fail',
      'name_servers_fail',
      'done',
    ])
  })
})

describe('The primary host name', () => {
  it('is what mails are built from and lists show', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    const { id } = await owner.named(name)
    const contact = await newContact(owner.portal)
    const mail = async () => {
      const payload = { about: 'welcome', contactId: contact.id } as const
      return (await mailFor(environment, owner.msp.scope, payload, 'job', now()))?.text ?? ''
    }
    expect(sendMail.kind).toBe('mail.send')
    expect(await mail()).toContain(`https://${owner.portal.host}`)
    expect((await owner.ask('PUT', `/${id}/primary`)).status).toBe(204)
    expect((await owner.ask('PUT', `/${id}/primary`)).status).toBe(204)
    expect(await mail()).toContain(`https://${name}`)
    const [row] = await owner.scope.list(customers)
    expect(row?.portalHost).toBe(name)
    expect((await owner.ask('DELETE', `/${id}/primary`)).status).toBe(204)
    expect(await mail()).toContain(`https://${owner.portal.host}`)
    expect((await owner.scope.list(customers))[0]?.portalHost).toBe(owner.portal.host)
  })

  it('stays when something else of the portal is saved', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    await owner.ask('PUT', `/${(await owner.named(name)).id}/primary`)
    const path = `/api/msp-portal/customers/${owner.customerId}/portal`
    const prefix = owner.portal.host.split('.')[0]
    expect(
      (await call(ADMIN, 'PUT', path, { as: owner.technician, body: { prefix, displayName: 'New' } })).status,
    ).toBe(200)
    expect((await owner.scope.list(portals))[0]?.primaryHost).toBe(name)
    expect((await owner.scope.list(customers))[0]?.portalHost).toBe(name)
  })

  it('can only be an active one', async () => {
    const owner = await newOwner()
    const name = newName()
    await owner.add(name)
    const { id } = await owner.named(name)
    expect((await owner.ask('PUT', `/${id}/primary`)).status).toBe(409)
  })

  it('ends with its name', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    const { id, version } = await owner.named(name)
    await owner.ask('PUT', `/${id}/primary`)
    expect((await owner.ask('DELETE', `/${id}`, undefined, { 'if-match': '"v9"' })).status).toBe(412)
    expect((await owner.ask('DELETE', `/${id}`, undefined, { 'if-match': `"v${version}"` })).status).toBe(204)
    expect((await owner.scope.list(portals))[0]?.primaryHost).toBeNull()
    expect((await owner.scope.list(customers))[0]?.portalHost).toBe(owner.portal.host)
    await queue.deliver()
    expect(await answers(name)).toBe(false)
  })
})

describe('Asking for a look', () => {
  it('twenty times at once looks once, and again only after a moment', async () => {
    const owner = await newOwner()
    const name = newName()
    await owner.add(name)
    await queue.deliver()
    const { id } = await owner.named(name)
    const tooSoon = await owner.ask('POST', `/${id}/check`)
    expect([tooSoon.status, Number(tooSoon.headers.get('retry-after')) > 0]).toEqual([429, true])
    wait(60_000)
    const before = (await owner.scope.list(jobs)).length
    const responses = await Promise.all(Array.from({ length: 20 }, () => owner.ask('POST', `/${id}/check`)))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([202]))
    expect((await owner.scope.list(jobs)).length).toBe(before + 1)
  })
})

describe('A customer’s names', () => {
  it('go with it when it is deleted', async () => {
    const owner = await newOwner()
    const admin = await newStaff(owner.msp, 'admin')
    const name = await owner.open()
    expect((await call(ADMIN, 'DELETE', `/api/msp-portal/customers/${owner.customerId}`, { as: admin })).status).toBe(
      204,
    )
    await queue.deliver()
    expect([await placeOfName(name), outside.edge.has(name)]).toEqual([null, false])
    expect(await owner.msp.scope.list(customHostnames)).toEqual([])
  })

  it('move to the survivor of a merge, and back when it is undone', async () => {
    const msp = await newMsp()
    const [survivor, merged] = [await newOwner(msp), await newOwner(msp)]
    const admin = await newStaff(msp, 'admin')
    const name = await merged.open()
    await merged.ask('PUT', `/${(await merged.named(name)).id}/primary`)
    const versionOf = async (customerId: string) =>
      (await msp.scope.first(customers, eq(customers.id, customerId)))?.version ?? 0
    const response = await call(ADMIN, 'POST', '/api/msp-portal/customer-merges', {
      as: admin,
      body: {
        survivorId: survivor.customerId,
        mergedId: merged.customerId,
        survivorVersion: await versionOf(survivor.customerId),
        mergedVersion: await versionOf(merged.customerId),
        fields: { name: 'survivor' },
        collisions: { portal: 'survivor' },
      },
    })
    expect(response.status, await response.clone().text()).toBe(201)
    await queue.deliver()
    expect(await placeOfName(name)).toMatchObject({ state: 'active', customerId: survivor.customerId })
    expect((await survivor.named(name)).isPrimary).toBe(false)
    expect(await answers(name)).toBe(true)

    const { id } = await bodyOf<{ id: string }>(response)
    const undone = await call(ADMIN, 'PUT', `/api/msp-portal/customer-merges/${id}/reversal`, { as: admin })
    expect(undone.status, await undone.clone().text()).toBe(200)
    await queue.deliver()
    expect(await placeOfName(name)).toMatchObject({ customerId: merged.customerId })
    const [portal] = await msp.scope.list(portals, { where: and(eq(portals.customerId, merged.customerId)) })
    expect(portal?.primaryHost).toBe(name)
  })

  it('stay while prefixes come and go', async () => {
    const owner = await newOwner()
    const name = await owner.open()
    const path = `/api/msp-portal/customers/${owner.customerId}/portal`
    const prefix = `q${newId(now()).slice(-12)}`
    expect((await call(ADMIN, 'PUT', path, { as: owner.technician, body: { prefix } })).status).toBe(200)
    await queue.deliver()
    expect(await placeOfName(name)).toMatchObject({ state: 'active', customerId: owner.customerId })
    expect(await answers(name)).toBe(true)
  })
})
