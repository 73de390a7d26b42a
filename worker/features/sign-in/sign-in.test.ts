import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { activities, contacts, customers, pendingSignIns, portals, sessions, staff } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { lifeOf } from '../../http/session.ts'
import { cheapHash } from '../../test/cheap-hash.ts'
import { fakeAssets } from '../../test/fake-assets.ts'
import { holdQueue } from '../../test/held-queue.ts'
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
import type { StagedMsp, StagedPortal } from '../../test/stage.ts'
import { hashOf, newSecret } from '../../tenancy/ids.ts'
import { attemptKeys, countAttempt } from './attempts.ts'
import { dummyHash, hashPassword } from './password.ts'

const PASSWORD = 'marble otter window seven'
/** The password's hash at a fraction of what one of ours costs: the cost travels with the hash, and tests verify many. */
const passwordHash = cheapHash(PASSWORD)
const path = '/api/auth/session'
const HOUR = 3_600_000
holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })

afterEach(() => moveClock(undefined))

/** From an address of its own, unless it is given one. */
const signIn = (host: string, email: string, password = PASSWORD, address = newSecret()) =>
  call(host, 'PUT', path, { body: { email, password }, headers: { 'cf-connecting-ip': address } })

/** The cookie a browser sends back after a response. */
const cookieFrom = (response: Response) => ({ cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '' })
const secretIn = ({ cookie }: { cookie: string }) => cookie.split('.').at(-1) ?? ''

const signedInContact = async (portal: StagedPortal) => {
  const contact = await newContact(portal, ['portal_user'], { passwordHash })
  const response = await signIn(portal.host, contact.email)
  expect(response.status).toBe(200)
  return { ...contact, ...cookieFrom(response) }
}

const signedInStaff = async (msp: StagedMsp) => {
  const person = await newStaff(msp, 'technician', passwordHash)
  const response = await signIn(ADMIN, person.email)
  expect(response.status).toBe(200)
  return { ...person, ...cookieFrom(response) }
}

const isIn = async (host: string, as: { cookie: string }) => (await call(host, 'GET', path, { as })).status

const withoutRequestId = async (response: Response) => {
  const { requestId, ...rest } = await bodyOf(response)
  expect(requestId).toBe(response.headers.get('x-request-id'))
  return rest
}

describe('Staff', () => {
  it('sign in at the admin host, with a cookie that only that host’s pages carry and no script reads', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp, 'technician', passwordHash)
    const response = await signIn(ADMIN, technician.email)
    expect(response.status).toBe(200)
    const [nameAndValue, ...attributes] = (response.headers.get('set-cookie') ?? '').split('; ')
    expect(nameAndValue).toMatch(new RegExp(`^__Host-session=${msp.shard}\\.${msp.mspId}\\.[\\w-]{43}$`))
    expect(attributes).toEqual(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax', 'Max-Age=604800'])
    const person = { id: technician.id, name: technician.name, email: technician.email, kind: 'staff' }
    expect(await bodyOf(response)).toEqual({ ...person, roles: ['technician'] })
    const as = cookieFrom(response)
    expect(await bodyOf(await call(ADMIN, 'GET', path, { as }))).toEqual({ ...person, roles: ['technician'] })
    expect((await call(ADMIN, 'GET', '/api/msp-portal/customers', { as })).status).toBe(200)
  })

  it('leave only the hash of their cookie in the database, and an entry of having signed in', async () => {
    const msp = await newMsp()
    const technician = await signedInStaff(msp)
    const secret = secretIn(technician)
    const rows = await msp.scope.list(sessions, { where: eq(sessions.id, await hashOf(secret)) })
    expect(rows).toMatchObject([{ host: ADMIN, staffId: technician.id, contactId: null }])
    const entries = await msp.scope.list(activities, { where: eq(activities.action, 'staff.signed_in') })
    expect(entries).toMatchObject([{ actorKind: 'staff', actorId: technician.id }])
    expect(JSON.stringify([rows, entries])).not.toContain(secret)
    expect(JSON.stringify([rows, entries])).not.toContain(PASSWORD)
    expect((await msp.scope.find(staff, technician.id, 'staff')).lastSignInAt).toBeGreaterThan(0)
  })

  it('are not known at a portal, nor contacts at the admin host', async () => {
    const msp = await newMsp()
    const portal = await newPortal(await newCustomer(msp))
    const technician = await newStaff(msp, 'technician', passwordHash)
    const contact = await newContact(portal, ['portal_admin'], { passwordHash })
    expect((await signIn(portal.host, technician.email)).status).toBe(401)
    expect((await signIn(ADMIN, contact.email)).status).toBe(401)
    expect((await signIn('auth.portal.test', technician.email)).status).toBe(404)
  })

  it('whose sign-in fails are told nothing about why, after the same work', async () => {
    const msp = await newMsp()
    const right = await newStaff(msp, 'admin', passwordHash)
    const disabled = await newStaff(msp, 'admin', passwordHash)
    await msp.scope.commit(
      { action: 'stage.staff', subject: { kind: 'staff', id: disabled.id, name: disabled.name } },
      msp.scope.changeAll(staff, eq(staff.id, disabled.id), { disabled: true }),
    )
    const passwordless = await newStaff(msp, 'admin')
    const answers = []
    for (const [email, password] of [
      [right.email, `${PASSWORD}!`],
      [`nobody-${newSecret()}@staff.example`, PASSWORD],
      [disabled.email, PASSWORD],
      [passwordless.email, PASSWORD],
    ] as const) {
      const { response, derivationCount } = await counting(password, () => signIn(ADMIN, email, password))
      expect([response.status, response.headers.get('set-cookie'), derivationCount], email).toEqual([401, null, 1])
      answers.push(await withoutRequestId(response))
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveLength(1)
    expect((await signIn(ADMIN, right.email)).status).toBe(200)
  })
})

describe('Contacts', () => {
  it('sign in at their portal, however they write their address', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const contact = await newContact(portal, ['portal_user', 'portal_admin'], { passwordHash })
    const response = await signIn(portal.host, `  ${contact.email.toUpperCase()} `)
    expect(response.status).toBe(200)
    expect(response.headers.get('set-cookie')).toContain(
      `; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${60 * 24 * 3600}`,
    )
    expect(await bodyOf(response)).toEqual({
      id: contact.id,
      name: contact.name,
      email: contact.email,
      kind: 'contact',
      roles: ['portal_user', 'portal_admin'],
    })
    expect(await isIn(portal.host, cookieFrom(response))).toBe(200)
  })

  it('are not known at the portal of another customer', async () => {
    const msp = await newMsp()
    const [own, sibling] = [await newPortal(await newCustomer(msp)), await newPortal(await newCustomer(msp))]
    const elsewhere = await newPortal(await newCustomer(await newMsp()))
    const { email } = await newContact(own, ['portal_admin'], { passwordHash })
    expect((await signIn(sibling.host, email)).status).toBe(401)
    expect((await signIn(elsewhere.host, email)).status).toBe(401)
    expect((await signIn(own.host, email)).status).toBe(200)
  })

  it('whose sign-in fails are told nothing about why, after the same work', async () => {
    const msp = await newMsp()
    const newDoor = async () => newPortal(await newCustomer(msp))
    const open = await newDoor()
    const closed = await newDoor()
    await change(closed, portals, { state: 'disabled' })
    const archived = await newDoor()
    await change(archived, customers, { state: 'archived' })
    const suspended = await newDoor()
    await change(suspended, customers, { state: 'disabled' })
    const with_ = (portal: StagedPortal, access: 'none' | 'invited' | 'active' | 'disabled', hash?: string) =>
      newContact(portal, ['portal_user'], { access, ...(hash === undefined ? {} : { passwordHash: hash }) })

    const answers = []
    for (const [why, portal, email, password] of [
      ['wrong password', open, (await with_(open, 'active', passwordHash)).email, `${PASSWORD}!`],
      ['unknown e-mail', open, 'nobody@customer.example', PASSWORD],
      ['blocked', open, (await with_(open, 'disabled', passwordHash)).email, PASSWORD],
      ['invited', open, (await with_(open, 'invited')).email, PASSWORD],
      ['no access', open, (await with_(open, 'none')).email, PASSWORD],
      ['closed portal', closed, (await with_(closed, 'active', passwordHash)).email, PASSWORD],
      ['archived customer', archived, (await with_(archived, 'active', passwordHash)).email, PASSWORD],
      ['disabled customer', suspended, (await with_(suspended, 'active', passwordHash)).email, PASSWORD],
    ] as const) {
      const { response, derivationCount } = await counting(password, () => signIn(portal.host, email, password))
      expect([response.status, response.headers.get('set-cookie'), derivationCount], why).toEqual([401, null, 1])
      answers.push(await withoutRequestId(response))
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveLength(1)
  })

  it('without a password are compared with a hash that costs as much as a real one', async () => {
    expect(dummyHash.split('$').slice(0, 4)).toEqual((await hashPassword(PASSWORD)).split('$').slice(0, 4))
  })

  it('get a session of its own at each sign-in, also from two devices at once', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const contact = await newContact(portal, ['portal_user'], { passwordHash })
    const responses = await Promise.all([signIn(portal.host, contact.email), signIn(portal.host, contact.email)])
    expect(responses.map(({ status }) => status)).toEqual([200, 200])
    const [one, other] = responses.map(cookieFrom)
    expect(one?.cookie).not.toBe(other?.cookie)
    expect(await Promise.all([isIn(portal.host, one ?? contact), isIn(portal.host, other ?? contact)])).toEqual([
      200, 200,
    ])
  })

  it('do not by signing in spoil what staff are about to save of them', async () => {
    const msp = await newMsp()
    const portal = await newPortal(await newCustomer(msp))
    const contact = await newContact(portal, ['portal_user'], { passwordHash })
    const scope = msp.scope.forCustomer(portal.customerId)
    const { version } = await scope.find(contacts, contact.id, 'contact')
    expect((await signIn(portal.host, contact.email)).status).toBe(200)
    const after = await scope.find(contacts, contact.id, 'contact')
    expect([after.version, after.lastSignInAt === null]).toEqual([version, false])
  })
})

describe('Too many wrong passwords', () => {
  it('make the next attempt wait, even with the right one, and are forgotten once it was right', async () => {
    const noon = Date.parse('2026-11-20T12:00:00Z')
    moveClock(() => noon)
    const portal = await newPortal(await newCustomer(await newMsp()))
    const { email } = await newContact(portal, ['portal_user'], { passwordHash })
    for (let count = 0; count < 5; count += 1) expect((await signIn(portal.host, email, 'wrong')).status).toBe(401)
    const { response: throttled, derivationCount } = await counting(PASSWORD, () => signIn(portal.host, email))
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '15'])
    expect((await bodyOf(throttled))['detail']).toBe('Too many attempts. Try again in 15 seconds.')
    expect(derivationCount).toBe(0)

    moveClock(() => noon + 15_000)
    expect((await signIn(portal.host, email, 'wrong')).status).toBe(401)
    expect((await signIn(portal.host, email)).headers.get('retry-after')).toBe('30')

    moveClock(() => noon + 45_000)
    expect((await signIn(portal.host, email)).status).toBe(200)
    for (let count = 0; count < 4; count += 1) expect((await signIn(portal.host, email, 'wrong')).status).toBe(401)
    expect((await signIn(portal.host, email)).status).toBe(200)
  })

  it('count for a portal by whatever name it is reached', async () => {
    moveClock(() => Date.parse('2026-11-20T12:00:00Z'))
    const portal = await newPortal(await newCustomer(await newMsp()))
    const { email } = await newContact(portal, ['portal_user'], { passwordHash })
    const otherName = `other-${portal.host}`
    await environment.directory
      .prepare(
        `insert into hostnames (hostname, state, msp_id, customer_id, shard, changed_at) values (?, 'active', ?, ?, ?, 1)`,
      )
      .bind(otherName, portal.msp.mspId, portal.customerId, portal.msp.shard)
      .run()
    for (let count = 0; count < 4; count += 1) expect((await signIn(portal.host, email, 'wrong')).status).toBe(401)
    expect((await signIn(otherName, email, 'wrong')).status).toBe(401)
    expect((await signIn(otherName, email)).status).toBe(429)
  })

  it('are answered alike for somebody who does not exist', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const known = await newContact(portal, ['portal_user'], { passwordHash })
    const storyOf = async (email: string) => {
      const story = []
      for (let count = 0; count < 6; count += 1) {
        const response = await signIn(portal.host, email, 'wrong')
        story.push([response.status, response.headers.get('retry-after'), await withoutRequestId(response)])
      }
      return story
    }
    moveClock(() => Date.parse('2026-11-20T12:00:00Z'))
    expect(await storyOf('nobody@customer.example')).toEqual(await storyOf(known.email))
  })

  it('from one address make that address wait, whoever it names next', async () => {
    moveClock(() => Date.parse('2026-11-20T12:00:00Z'))
    const portal = await newPortal(await newCustomer(await newMsp()))
    const contact = await newContact(portal, ['portal_user'], { passwordHash })
    const address = newSecret()
    for (let count = 0; count < 39; count += 1)
      await countAttempt(
        environment,
        await attemptKeys(environment, portal.host, `nobody${count}@customer.example`, address),
      )
    expect((await signIn(portal.host, 'nobody@customer.example', 'wrong', address)).status).toBe(401)
    expect((await signIn(portal.host, contact.email, PASSWORD, address)).status).toBe(429)
    expect((await signIn(portal.host, contact.email)).status).toBe(200)
  })
})

describe('A sign-in under way', () => {
  it.each([
    ['once their password is another one', { passwordHash: 'another' }],
    ['once they are blocked', { disabled: true }],
    ['once they have set up a second step', { totpSealed: 'sealed' }],
  ] as const)('does not let somebody of the staff in %s', async (_, set) => {
    const msp = await newMsp()
    const person = await newStaff(msp, 'technician', passwordHash)
    await msp.scope.record(msp.scope.removeWhere(sessions, eq(sessions.staffId, person.id)))
    beforeBatchWith(msp, 'insert into "sessions"', () => changeStaff(msp, person, set))
    const answer = await signIn(ADMIN, person.email)
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null])
    expect(await msp.scope.list(sessions)).toEqual([])
    expect(await msp.scope.list(activities, { where: eq(activities.action, 'staff.signed_in') })).toEqual([])
  })

  it('asks nobody for a code whose password is another one by now', async () => {
    const msp = await newMsp()
    const person = await newStaff(msp, 'technician', passwordHash)
    await changeStaff(msp, person, { totpSealed: 'sealed', twoStepSince: 1 })
    beforeBatchWith(msp, 'insert into "pending_sign_ins"', () => changeStaff(msp, person, { passwordHash: 'another' }))
    expect((await signIn(ADMIN, person.email)).status).toBe(401)
    expect(await msp.scope.list(pendingSignIns)).toEqual([])
  })

  it.each([
    ['once their password is another one', { passwordHash: 'another' }],
    ['once they are blocked', { access: 'disabled' }],
  ] as const)('does not let a contact in %s', async (_, set) => {
    const msp = await newMsp()
    const portal = await newPortal(await newCustomer(msp))
    const { email } = await newContact(portal, ['portal_user'], { passwordHash })
    await msp.scope.record(msp.scope.removeWhere(sessions, undefined))
    beforeBatchWith(msp, 'insert into "sessions"', () => change(portal, contacts, set))
    const answer = await signIn(portal.host, email)
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null])
    expect(await msp.scope.list(sessions)).toEqual([])
  })

  it('spends no temporary password that was taken back meanwhile', async () => {
    const msp = await newMsp()
    const portal = await newPortal(await newCustomer(msp))
    const { email } = await newContact(portal, ['portal_user'], { passwordHash, access: 'invited' })
    await change(portal, contacts, { temporaryUntil: now() + HOUR })
    beforeBatchWith(msp, 'insert into "sessions"', () => change(portal, contacts, { passwordHash: null }))
    const body = { email, temporaryPassword: PASSWORD, password: 'velvet anchor bridge nine' }
    expect((await call(portal.host, 'POST', '/api/auth/temporary-password/replacement', { body })).status).toBe(401)
    expect((await signIn(portal.host, email, body.password)).status).toBe(401)
  })
})

describe('A session', () => {
  it('of one host opens no other', async () => {
    const msp = await newMsp()
    const [own, sibling] = [await newPortal(await newCustomer(msp)), await newPortal(await newCustomer(msp))]
    const elsewhere = await newPortal(await newCustomer(await newMsp()))
    const contact = await signedInContact(own)
    const technician = await signedInStaff(msp)
    expect(await isIn(own.host, contact)).toBe(200)
    expect(await isIn(ADMIN, technician)).toBe(200)
    for (const host of [sibling.host, elsewhere.host, ADMIN]) expect(await isIn(host, contact), host).toBe(401)
    for (const host of [own.host, sibling.host, elsewhere.host]) expect(await isIn(host, technician), host).toBe(401)
  })

  it.each([
    ['their portal closed', async (portal: StagedPortal) => change(portal, portals, { state: 'disabled' })],
    ['their company disabled', async (portal: StagedPortal) => change(portal, customers, { state: 'disabled' })],
    ['their company archived', async (portal: StagedPortal) => change(portal, customers, { state: 'archived' })],
    ['their access blocked', async (portal: StagedPortal) => change(portal, contacts, { access: 'disabled' })],
    ['their access taken back', async (portal: StagedPortal) => change(portal, contacts, { access: 'none' })],
  ])('ends for a contact at the next click after they found %s', async (_, happen) => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const contact = await newContact(portal)
    const dashboard = `/api/portal/customers/${portal.customerId}/dashboard`
    expect((await call(portal.host, 'GET', dashboard, { as: contact })).status).toBe(200)
    await happen(portal)
    expect((await call(portal.host, 'GET', dashboard, { as: contact })).status).toBe(401)
    expect(await isIn(portal.host, contact)).toBe(401)
  })

  it('ends for staff at the next click after they were disabled', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp)
    expect((await call(ADMIN, 'GET', '/api/msp-portal/customers', { as: technician })).status).toBe(200)
    await msp.scope.commit(
      { action: 'stage.staff', subject: { kind: 'staff', id: technician.id, name: technician.name } },
      msp.scope.changeAll(staff, eq(staff.id, technician.id), { disabled: true }),
    )
    expect((await call(ADMIN, 'GET', '/api/msp-portal/customers', { as: technician })).status).toBe(401)
  })

  it('counts the role somebody has now, not the one they signed in with', async () => {
    const msp = await newMsp()
    const technician = await newStaff(msp, 'technician')
    const add = () => call(ADMIN, 'POST', '/api/msp-portal/customers', { as: technician, body: { name: 'Proseware' } })
    expect((await add()).status).toBe(201)
    await msp.scope.commit(
      { action: 'stage.staff', subject: { kind: 'staff', id: technician.id, name: technician.name } },
      msp.scope.changeAll(staff, eq(staff.id, technician.id), { role: 'viewer' }),
    )
    expect((await add()).status).toBe(403)
  })

  it.each([
    ['staff', 12 * HOUR, 7 * 24 * HOUR],
    ['contact', 14 * 24 * HOUR, 60 * 24 * HOUR],
  ] as const)(
    'of %s ends after its quiet time, and in any case after its whole life',
    async (kind, idleMs, wholeMs) => {
      expect(lifeOf[kind]).toEqual({ idleMs, wholeMs })
      const start = Date.parse('2026-11-20T12:00:00Z')
      moveClock(() => start)
      const msp = await newMsp()
      const portal = await newPortal(await newCustomer(msp))
      const host = kind === 'staff' ? ADMIN : portal.host
      const enter = () => (kind === 'staff' ? signedInStaff(msp) : signedInContact(portal))

      const quiet = await enter()
      moveClock(() => start + idleMs - 1)
      const almost = await isIn(host, quiet)
      const other = await enter()
      moveClock(() => start + idleMs - 1 + idleMs)
      expect([almost, await isIn(host, other)]).toEqual([200, 401])

      moveClock(() => start)
      const busy = await enter()
      for (let at = start; at < start + wholeMs; at += idleMs / 2) {
        const moment = at
        moveClock(() => moment)
        expect(await isIn(host, busy)).toBe(200)
      }
      moveClock(() => start + wholeMs)
      expect(await isIn(host, busy)).toBe(401)
    },
  )

  it('is over once signed out, in the database too, and leaves the person’s other ones alone', async () => {
    const msp = await newMsp()
    const portal = await newPortal(await newCustomer(msp))
    const contact = await newContact(portal, ['portal_user'], { passwordHash })
    const phone = cookieFrom(await signIn(portal.host, contact.email))
    const laptop = cookieFrom(await signIn(portal.host, contact.email))
    const response = await call(portal.host, 'DELETE', path, { as: phone })
    expect(response.status).toBe(204)
    expect(response.headers.get('set-cookie')).toBe(
      '__Host-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0',
    )
    expect([await isIn(portal.host, phone), await isIn(portal.host, laptop)]).toEqual([401, 200])
    const ids = (await msp.scope.list(sessions)).map(({ id }) => id)
    expect(ids).not.toContain(await hashOf(secretIn(phone)))
    expect(ids).toContain(await hashOf(secretIn(laptop)))
    expect((await call(portal.host, 'DELETE', path, { as: phone })).status).toBe(204)
    expect((await call(portal.host, 'DELETE', path)).status).toBe(204)
  })

  it('is not ended, begun or used by a page of another site', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const contact = await newContact(portal, ['portal_user'], { passwordHash })
    const body = { email: contact.email, password: PASSWORD }
    for (const site of ['same-site', 'cross-site']) {
      expect((await call(portal.host, 'DELETE', path, { as: contact, site })).status).toBe(403)
      expect((await call(portal.host, 'PUT', path, { body, site })).status).toBe(403)
    }
    const headers = { origin: 'https://beta.portal.test' }
    expect((await call(portal.host, 'DELETE', path, { as: contact, headers })).status).toBe(403)
    expect(await isIn(portal.host, contact)).toBe(200)
  })

  it.each([
    ['nothing', ''],
    ['dots', '...'],
    ['a text', 'rubbish'],
    ['an unknown shard', `shard-9.msp.${'a'.repeat(43)}`],
    ['a shard by an inherited name', `__proto__.msp.${'a'.repeat(43)}`],
    ['an unknown MSP', `shard-1.nobody.${'a'.repeat(43)}`],
    ['no MSP', `shard-1..${'a'.repeat(43)}`],
    ['a short secret', 'shard-1.msp.abc'],
    ['a long secret', `shard-1.msp.${'a'.repeat(4000)}`],
    ['a fourth part', `shard-1.msp.${'a'.repeat(43)}.more`],
    ['SQL', `shard-1.' or 1=1 --.${'a'.repeat(43)}`],
    ['broken percent signs', `shard-1.%E0%A4%A.${'a'.repeat(43)}`],
    ['a lone surrogate', `shard-1.%ED%A0%80.${'a'.repeat(43)}`],
    ['a NUL', `shard-1.%00.${'a'.repeat(43)}`],
  ])('with %s for a cookie is nobody’s', async (_, value) => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const as = { cookie: `__Host-session=${value}` }
    expect((await call(ADMIN, 'GET', '/api/msp-portal/customers', { as })).status).toBe(401)
    expect((await call(ADMIN, 'GET', path, { as })).status).toBe(401)
    expect((await call(portal.host, 'GET', path, { as })).status).toBe(401)
    expect((await call(ADMIN, 'DELETE', path, { as })).status).toBe(204)
  })

  it('is opened neither by its id from the database nor by another MSP’s name in the cookie', async () => {
    const [msp, , neighbour] = [await newMsp(), await newMsp(), await newMsp()]
    const technician = await newStaff(msp)
    const [, , secret] = technician.cookie.split('=')[1]?.split('.') ?? []
    const forged = (shard: string, mspId: string, part: string) => ({
      cookie: `__Host-session=${shard}.${mspId}.${part}`,
    })
    expect(await isIn(ADMIN, forged(msp.shard, msp.mspId, secret ?? ''))).toBe(200)
    expect(await isIn(ADMIN, forged(msp.shard, neighbour.mspId, secret ?? ''))).toBe(401)
    expect(await isIn(ADMIN, forged(msp.shard, msp.mspId, await hashOf(secret ?? '')))).toBe(401)
  })
})

/** How many keys were derived from a password meanwhile: each derivation begins by normalising what was typed. */
const counting = async (password: string, request: () => Promise<Response>) => {
  const normalise = vi.spyOn(String.prototype, 'normalize')
  const response = await request()
  const derivationCount = normalise.mock.contexts.filter(
    (text, position) => String(text) === password && normalise.mock.calls[position]?.[0] === 'NFKC',
  ).length
  normalise.mockRestore()
  return { response, derivationCount }
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

const changeStaff = (
  { scope }: StagedMsp,
  { id, name }: { id: string; name: string },
  set: Partial<typeof staff.$inferInsert>,
) =>
  scope.commit(
    { action: 'stage.staff', subject: { kind: 'staff', id, name } },
    scope.changeAll(staff, eq(staff.id, id), set),
  )

/** Sets columns of what belongs to one customer, behind the product's back. */
const change = async <T extends typeof portals | typeof customers | typeof contacts>(
  { msp, customerId }: StagedPortal,
  table: T,
  set: Partial<T['$inferInsert']>,
) => {
  const scope = msp.scope.forCustomer(customerId)
  await scope.commit(
    { action: 'stage.change', subject: { kind: 'customer', id: customerId, name: `at ${now()}` } },
    scope.changeAll(table, undefined, set),
  )
}
