import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, sessions } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { lifeOf } from '../../http/session.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, newContact, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'
import { cheapHash } from '../../test/cheap-hash.ts'
import { newSecret } from '../../tenancy/ids.ts'

const PASSWORD = 'marble otter window seven'
const passwordHash = cheapHash(PASSWORD)
const PATH = '/api/auth/sessions'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0'
holdQueue()
afterEach(() => moveClock(undefined))

type Shown = { id: string; browser: string | null; system: string | null; isThisOne: boolean; seenAt: string }

/** Signs in as a browser does that may have a session already; answers the cookie it has then. */
const signIn = async (host: string, email: string, headers: Record<string, string> = {}, as?: { cookie: string }) => {
  const answer = await call(host, 'PUT', '/api/auth/session', {
    body: { email, password: PASSWORD },
    headers: { 'cf-connecting-ip': newSecret(), ...headers },
    ...(as === undefined ? {} : { as }),
  })
  expect(answer.status, await answer.clone().text()).toBe(200)
  return { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
}
const isIn = async (host: string, as: { cookie: string }) =>
  (await call(host, 'GET', '/api/auth/session', { as })).status
const listed = async (host: string, as: { cookie: string }) => {
  const answer = await call(host, 'GET', PATH, { as })
  expect(answer.status, await answer.clone().text()).toBe(200)
  return (await bodyOf<{ items: Shown[] }>(answer)).items
}

/** Somebody of either kind with a password, where they sign in, and their history. */
const newPerson = async (kind: 'staff' | 'contact') => {
  const msp = await newMsp()
  const histories = (id: string) => msp.scope.list(activities, { where: eq(activities.subjectId, id) })
  if (kind === 'staff') {
    const person = await newStaff(msp, 'technician', passwordHash)
    return { msp, host: ADMIN, person, history: () => histories(person.id) }
  }
  const portal = await newPortal(await newCustomer(msp))
  const person = await newContact(portal, ['portal_user'], { passwordHash })
  return { msp, host: portal.host, person, history: () => histories(person.id) }
}

describe.each(['staff', 'contact'] as const)('The sessions of %s', (kind) => {
  it('are told to their person, in words, this one first, then those seen last', async () => {
    const start = now()
    moveClock(() => start)
    const { host, person } = await newPerson(kind)
    moveClock(() => start + 60_000)
    const desk = await signIn(host, person.email, { 'user-agent': FIREFOX })
    moveClock(() => start + 120_000)
    await signIn(host, person.email, { 'user-agent': 'curl/8.14.1' })
    const list = await listed(host, desk)
    expect(list.map(({ browser, system, isThisOne }) => [browser, system, isThisOne])).toEqual([
      ['Firefox', 'Linux', true],
      [null, null, false],
      [null, null, false],
    ])
    expect(list.map(({ seenAt }) => Date.parse(seenAt) - start)).toEqual([60_000, 120_000, 0])
    expect(JSON.stringify(list)).not.toContain(desk.cookie.split('.').at(-1))
  })

  it('are not those of a colleague', async () => {
    const { msp, host, person } = await newPerson(kind)
    const colleague =
      kind === 'staff'
        ? await newStaff(msp)
        : await newContact((person as Awaited<ReturnType<typeof newContact>>).portal)
    const seen = (await listed(host, colleague)).map(({ id }) => id)
    expect(seen).toEqual([colleague.sessionId])
    expect((await call(host, 'DELETE', `${PATH}/${person.sessionId}`, { as: colleague })).status).toBe(404)
    expect((await call(host, 'DELETE', PATH, { as: colleague })).status).toBe(204)
    expect(await isIn(host, person)).toBe(200)
  })

  it('end one by one, at their next click, and leave a word', async () => {
    const { host, person, history } = await newPerson(kind)
    const [desk, phone] = [await signIn(host, person.email), await signIn(host, person.email)]
    const lost = (await listed(host, phone)).find(({ isThisOne }) => isThisOne)?.id ?? ''
    expect((await call(host, 'DELETE', `${PATH}/${lost}`, { as: desk })).status).toBe(204)
    expect([await isIn(host, phone), await isIn(host, desk), await isIn(host, person)]).toEqual([401, 200, 200])
    expect((await call(host, 'DELETE', `${PATH}/${lost}`, { as: desk })).status).toBe(404)
    const words = (await history()).filter(({ action }) => action.endsWith('.signed_out_elsewhere'))
    expect(words).toMatchObject([{ actorId: person.id, topic: 'sign_in' }])
  })

  it('asked to end by twenty at once end once', async () => {
    const { host, person } = await newPerson(kind)
    const desk = await signIn(host, person.email)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(host, 'DELETE', `${PATH}/${person.sessionId}`, { as: desk })),
    )
    const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other)
    expect(statuses).toEqual([204, ...Array.from({ length: 19 }, () => 404)])
  })

  it('end all but this one', async () => {
    const { host, person } = await newPerson(kind)
    const [desk, phone] = [await signIn(host, person.email), await signIn(host, person.email)]
    expect((await call(host, 'DELETE', PATH, { as: desk })).status).toBe(204)
    expect([await isIn(host, phone), await isIn(host, desk), await isIn(host, person)]).toEqual([401, 200, 401])
    expect(await listed(host, desk)).toMatchObject([{ isThisOne: true }])
  })

  it('are not told any more once they are over, by quiet or by age', async () => {
    const start = now()
    moveClock(() => start)
    const { msp, host, person } = await newPerson(kind)
    const { idleMs } = lifeOf[kind]
    const quiet = await signIn(host, person.email)
    moveClock(() => start + idleMs)
    const desk = await signIn(host, person.email)
    expect(await listed(host, desk)).toHaveLength(1)
    expect(await isIn(host, quiet)).toBe(401)
    expect((await call(host, 'DELETE', `${PATH}/${person.sessionId}`, { as: quiet })).status).toBe(401)
    await agedTo(msp, now())
    expect(await isIn(host, desk)).toBe(401)
  })

  it('last no longer than their whole life, however busy they are', async () => {
    const start = now()
    moveClock(() => start)
    const { msp, host, person } = await newPerson(kind)
    const { idleMs, wholeMs } = lifeOf[kind]
    const desk = await signIn(host, person.email)
    for (let at = start; at < start + wholeMs; at += idleMs - 1) {
      moveClock(() => at)
      expect(await isIn(host, desk), String(at - start)).toBe(200)
      await expect.poll(async () => (await msp.scope.list(sessions)).some(({ seenAt }) => seenAt === at)).toBe(true)
    }
    moveClock(() => start + wholeMs)
    expect(await isIn(host, desk)).toBe(401)
  })

  it('do not outlive the one that takes their place in the same browser, whose cookie is a new one', async () => {
    const { host, person } = await newPerson(kind)
    const before = await signIn(host, person.email)
    const after = await signIn(host, person.email, {}, before)
    expect(after.cookie).not.toBe(before.cookie)
    expect([await isIn(host, before), await isIn(host, after)]).toEqual([401, 200])
  })

  it('are not begun by a cookie that somebody planted', async () => {
    const { msp, host, person } = await newPerson(kind)
    const planted = { cookie: `__Host-session=${msp.shard}.${msp.mspId}.${newSecret()}` }
    const mine = await signIn(host, person.email, {}, planted)
    expect([await isIn(host, planted), await isIn(host, mine)]).toEqual([401, 200])
  })
})

describe('A session of somebody of another MSP', () => {
  it('is not ended by signing in with its cookie beside one’s own password', async () => {
    const one = await newPerson('staff')
    const other = await newPerson('staff')
    await signIn(ADMIN, other.person.email, {}, one.person)
    expect(await isIn(ADMIN, one.person)).toBe(200)
  })
})

describe('A session of a contact', () => {
  it('ends when they are given another role', async () => {
    const msp = await newMsp()
    const portal = await newPortal(await newCustomer(msp))
    const technician = await newStaff(msp)
    const contact = await newContact(portal, ['portal_user'])
    const path = `/api/msp-portal/customers/${portal.customerId}/contacts/${contact.id}`
    const put = (roles: string[], phone: string) =>
      call(ADMIN, 'PUT', path, { as: technician, body: { name: contact.name, email: contact.email, roles, phone } })
    expect((await put(['portal_user'], '01632 960 101')).status).toBe(200)
    expect(await isIn(portal.host, contact)).toBe(200)
    expect((await put(['portal_user', 'portal_admin'], '01632 960 101')).status).toBe(200)
    expect(await isIn(portal.host, contact)).toBe(401)
  })
})

/** As though every session of an MSP ended at a moment. */
const agedTo = ({ scope }: StagedMsp, expiresAt: number) =>
  scope.record(scope.changeAll(sessions, undefined, { expiresAt }))
