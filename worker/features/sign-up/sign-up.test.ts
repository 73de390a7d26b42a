import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { jobs, msps, staff, staffInvitations } from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { moveClock, now } from '../../clock.ts'
import { fakeAssets } from '../../test/fake-assets.ts'
import { holdQueue } from '../../test/held-queue.ts'
import {
  ADMIN,
  bodyOf,
  call,
  environment,
  newCustomer,
  newMsp,
  newPortal,
  newStaff,
  scopeOf,
} from '../../test/stage.ts'
import { hashOf, newId, newSecret } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { freeFailureCount } from '../sign-in/attempts.ts'
import { signUpMail } from './sign-up.mail.ts'
import { LEFT_MS, SIGN_UP_MS } from './sign-up.ts'

const PASSWORD = 'marble otter window seven'
const PATH = '/api/auth/sign-up'
const queue = holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })
beforeEach(() => {
  environment.SIGN_UP = 'open'
})
afterEach(() => {
  moveClock(undefined)
  queue.take()
  vi.restoreAllMocks()
})

const newEmail = () => `${newId(now())}@sign-up.example`
const signUp = (email: string, more: object = {}, host = ADMIN) =>
  call(host, 'POST', PATH, {
    body: { mspName: 'Tailspin IT', name: 'Ada Quinn', email, ...more },
    headers: { 'cf-connecting-ip': newSecret() },
  })
const lookUp = (token: string, host = ADMIN) => call(host, 'POST', `${PATH}/lookup`, { body: { token } })
const confirm = (token: string, password = PASSWORD, host = ADMIN) =>
  call(host, 'POST', `${PATH}/confirmation`, {
    body: { token, password },
    headers: { 'cf-connecting-ip': newSecret() },
  })

type Row = {
  id: string
  state: string
  mspId: string | null
  shard: string
  mailedAt: number | null
}
const rowOf = (email: string) =>
  environment.directory
    .prepare(
      `select id, state, msp_id as mspId, shard, mailed_at as mailedAt from sign_ups where email = ? order by id desc`,
    )
    .bind(email)
    .first<Row>()
const tokenOf = async (email: string) => mailToken(environment, 'sign_up', '', (await rowOf(email))?.id ?? '')
const placeOf = (email: string) =>
  environment.directory.prepare(`select state from staff_emails where email = ?`).bind(email).first<{ state: string }>()
const signedUp = async (email = newEmail()) => {
  expect((await signUp(email)).status).toBe(202)
  return { email, token: await tokenOf(email) }
}
const signIn = async (email: string, password = PASSWORD) =>
  (
    await call(ADMIN, 'PUT', '/api/auth/session', {
      body: { email, password },
      headers: { 'cf-connecting-ip': newSecret() },
    })
  ).status

describe('A new MSP', () => {
  it('is nothing but a reservation until its address is confirmed, and then is there with its owner signed in', async () => {
    const { email, token } = await signedUp()
    expect(await rowOf(email)).toMatchObject({ state: 'asked', mspId: null })
    expect(await placeOf(email)).toBeNull()
    const message = await signUpMail(environment, (await rowOf(email))?.id ?? '', email)
    expect(message.text).toContain(`https://${ADMIN}/sign-up#token=${token}`)
    // Nothing that a stranger typed.
    expect(JSON.stringify(message)).not.toMatch(/Tailspin|Ada|portico/i)

    const said = await lookUp(token)
    expect(said.status, await said.clone().text()).toBe(200)
    const { expiresAt, ...about } = await bodyOf<{ expiresAt: string }>(said)
    expect(about).toEqual({ mspName: 'Tailspin IT', name: 'Ada Quinn', email })
    expect(Date.parse(expiresAt)).toBeGreaterThan(now())
    expect(await rowOf(email)).toMatchObject({ state: 'asked', mspId: null })

    const answer = await confirm(token)
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect(await bodyOf(answer)).toMatchObject({ name: 'Ada Quinn', email, roles: ['owner'] })
    const as = { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
    expect((await call(ADMIN, 'GET', '/api/msp-portal/customers', { as })).status).toBe(200)
    const organisation = await call(ADMIN, 'GET', '/api/msp-portal/settings/organisation', { as })
    expect(await bodyOf(organisation)).toMatchObject({ name: 'Tailspin IT' })
    await expect.poll(async () => (await rowOf(email))?.state).toBe('done')
    await queue.deliver()
    expect((await placeOf(email))?.state).toBe('active')
    expect(await signIn(email)).toBe(200)
  })

  it('comes to be once, also when its link is used by twenty at once, and leaves its secret nowhere', async () => {
    const { email, token } = await signedUp()
    const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(token)))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused).toHaveLength(19)
    // Most of them before their password was hashed.
    expect(refused.filter(({ status }) => status === 410).length).toBeLessThan(freeFailureCount.account)
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([410, 429]))
    expect((await lookUp(token)).status).toBe(410)
    const { mspId = '', shard = '' } = (await rowOf(email)) ?? {}
    expect(await scopeOf(shard, mspId ?? '').list(staff)).toHaveLength(1)
    const rows = await environment.directory.prepare(`select * from sign_ups where email = ?`).bind(email).all()
    expect(JSON.stringify(rows.results)).not.toContain(token)
    expect(JSON.stringify(rows.results)).toContain(await hashOf(token))
  })

  it('lives on the shard with the fewest', async () => {
    const counts = async () => {
      const { results } = await environment.directory
        .prepare(`select shard, count(*) as count from msp_places group by shard`)
        .all<{ shard: string; count: number }>()
      return new Map(results.map(({ shard, count }) => [shard, count]))
    }
    for (let count = 0; count < 3; count += 1) await newMsp('Filler', 'shard-1')
    const before = await counts()
    const fewest = [...environment.shards.keys()].toSorted(
      (one, other) => (before.get(one) ?? 0) - (before.get(other) ?? 0) || one.localeCompare(other),
    )[0]
    const { email, token } = await signedUp()
    expect((await confirm(token)).status).toBe(200)
    expect((await rowOf(email))?.shard).toBe(fewest)
  })

  it('is not made by a link that ran out, is made up, or is used at a portal', async () => {
    const { token, email } = await signedUp()
    const portal = await newPortal(await newCustomer(await newMsp()))
    for (const use of [lookUp(token, portal.host), confirm(token, PASSWORD, portal.host)])
      expect((await use).status).toBe(404)
    for (const use of [lookUp(newSecret()), confirm(newSecret())]) expect((await use).status).toBe(404)
    const late = now() + SIGN_UP_MS
    moveClock(() => late)
    for (const use of [lookUp(token), confirm(token)]) expect((await use).status).toBe(410)
    expect(await placeOf(email)).toBeNull()
    moveClock(() => late + 1)
    await sweep(environment)
    expect(await rowOf(email)).toBeNull()
  })

  it.each([
    ['name of nothing', { mspName: ' ' }, '/mspName'],
    ['address that is none', { email: 'ada' }, '/email'],
  ])('is not kept with a %s', async (_, more, pointer) => {
    const email = newEmail()
    const answer = await signUp(email, more)
    expect(answer.status).toBe(422)
    const { errors } = await bodyOf<{ errors: { pointer: string }[] }>(answer)
    expect(errors.map((error) => error.pointer)).toEqual([pointer])
    expect(await rowOf(email)).toBeNull()
  })

  it.each([
    ['is too short', 'otter'],
    ['holds its own name', 'tailspin-tailspin'],
    ['many people use', 'unbreakable77'],
  ])('does not come to be with a password that %s, and its link goes on working', async (_, password) => {
    const { email, token } = await signedUp()
    const answer = await confirm(token, password)
    expect(answer.status).toBe(422)
    const { errors } = await bodyOf<{ errors: { pointer: string }[] }>(answer)
    expect(errors.map((error) => error.pointer)).toEqual(['/password'])
    expect(await rowOf(email)).toMatchObject({ state: 'asked', mspId: null })
    expect((await confirm(token)).status).toBe(200)
  })

  it('belongs to whoever has the mailbox: who signed up with it chooses no password for it', async () => {
    const email = newEmail()
    const thiefs = 'thief otter window seven'
    expect((await signUp(email, { password: thiefs })).status).toBe(422)
    expect((await signUp(email, { mspName: 'Thief IT' })).status).toBe(202)
    const first = await tokenOf(email)
    expect((await signUp(email)).status).toBe(202)
    expect((await call(ADMIN, 'POST', `${PATH}/confirmation`, { body: { token: first } })).status).toBe(422)
    expect(await bodyOf(await lookUp(first))).toMatchObject({ mspName: 'Thief IT' })
    expect((await confirm(first)).status).toBe(200)
    await queue.deliver()
    expect([await signIn(email, thiefs), await signIn(email)]).toEqual([401, 200])
    // The other link is of no use any more.
    expect((await confirm(await tokenOf(email))).status).toBe(409)
  })

  it('leaves no password in the directory, at no time', async () => {
    const kept = async () => {
      const { results } = await environment.directory.prepare(`select * from sign_ups`).all()
      return JSON.stringify(results)
    }
    const { token } = await signedUp()
    expect(await kept()).not.toContain('scrypt')
    for (const shard of environment.shards.values()) vi.spyOn(shard, 'batch').mockRejectedValueOnce(new Error('killed'))
    expect((await confirm(token)).status).toBe(500)
    expect(await kept()).not.toContain('scrypt')
  })
})

describe('Whoever has an account', () => {
  it('is told so by mail alone: the page answers as to anybody', async () => {
    const person = await newStaff(await newMsp())
    const told = async (answer: Response) => ({
      status: answer.status,
      headers: Object.fromEntries([...answer.headers].filter(([name]) => name !== 'x-request-id')),
      body: await answer.text(),
    })
    expect(await told(await signUp(person.email))).toEqual(await told(await signUp(newEmail())))
    const message = await signUpMail(environment, (await rowOf(person.email))?.id ?? '', person.email)
    expect(message.subject).toBe('You have an account already')
    expect(message.text).not.toContain('#token=')
  })

  it('gets no second one, even with the link in hand', async () => {
    const msp = await newMsp()
    const person = await newStaff(msp)
    const { token } = await signedUp(person.email)
    expect((await confirm(token)).status).toBe(409)
    expect(await rowOf(person.email)).toBeNull()
    expect(await msp.scope.list(staff)).toHaveLength(1)
  })

  it('cannot be signed up for by everybody all day', async () => {
    const email = newEmail()
    for (let count = 0; count < freeFailureCount.account; count += 1) expect((await signUp(email)).status).toBe(202)
    expect((await signUp(email)).status).toBe(429)
  })
})

describe('Whoever was invited by a team and never answered', () => {
  const newInvited = async () => {
    const msp = await newMsp()
    const as = await newStaff(msp, 'owner')
    const email = newEmail()
    const body = { name: 'Ada Quinn', email, role: 'viewer' }
    const answer = await call(ADMIN, 'POST', '/api/msp-portal/staff', { as, body })
    expect(answer.status).toBe(201)
    await queue.deliver()
    const [invitation] = await msp.scope.list(staffInvitations)
    const secret = await mailToken(environment, 'staff_invitation', msp.mspId, invitation?.id ?? '')
    const link = [msp.shard, msp.mspId, secret].join('.')
    const accept = () =>
      call(ADMIN, 'POST', '/api/auth/invitation/acceptance', { body: { token: link, password: PASSWORD } })
    return { msp, email, accept }
  }

  it('begins a team of their own all the same, as they read its mail; the invitation is over by that', async () => {
    const { msp, email, accept } = await newInvited()
    const { token } = await signedUp(email)
    const message = await signUpMail(environment, (await rowOf(email))?.id ?? '', email)
    expect(message.subject).toBe('Confirm your e-mail address')
    expect((await confirm(token)).status).toBe(200)
    await queue.deliver()
    expect((await accept()).status).toBe(410)
    expect(await msp.scope.list(staff, { where: eq(staff.email, email) })).toMatchObject([{ confirmedAt: null }])
    expect(await signIn(email)).toBe(200)
  })

  it('and joins it after all has their account there, and begins none', async () => {
    const { email, accept } = await newInvited()
    const { token } = await signedUp(email)
    expect((await accept()).status).toBe(200)
    expect((await confirm(token, 'another otter window seven')).status).toBe(409)
    expect(await signIn(email)).toBe(200)
  })
})

describe('A sign-up whose process is killed', () => {
  it('before the shard has committed is given back its link by the sweep, since only its owner knows the password', async () => {
    const { email, token } = await signedUp()
    for (const shard of environment.shards.values()) vi.spyOn(shard, 'batch').mockRejectedValueOnce(new Error('killed'))
    expect((await confirm(token)).status).toBe(500)
    vi.restoreAllMocks()
    const { mspId = '', shard = '', state } = (await rowOf(email)) ?? {}
    expect(state).toBe('building')
    const msp = scopeOf(shard, mspId ?? '')
    expect(await msp.list(msps)).toEqual([])
    const soon = await confirm(token)
    expect([soon.status, (await bodyOf<{ detail: string }>(soon)).detail]).toEqual([
      410,
      expect.stringContaining('once more'),
    ])
    const later = now() + LEFT_MS + 1
    moveClock(() => later)
    await sweep(environment)
    expect(await rowOf(email)).toMatchObject({ state: 'asked', mspId, shard })
    expect((await lookUp(token)).status).toBe(200)
    expect((await confirm(token)).status).toBe(200)
    expect(await rowOf(email)).toMatchObject({ mspId, shard })
    expect(await msp.list(staff)).toMatchObject([{ email, role: 'owner' }])
    await sweep(environment)
    await queue.deliver()
    expect(await signIn(email)).toBe(200)
  })

  it('and whose commit arrives after all is made once, with the password of that commit', async () => {
    const { email, token } = await signedUp()
    expect((await confirm(token)).status).toBe(200)
    await expect.poll(async () => (await rowOf(email))?.state).toBe('done')
    const { mspId = '', shard = '', id = '' } = (await rowOf(email)) ?? {}
    // As though the sweep had looked before that commit arrived.
    await environment.directory.batch([
      environment.directory.prepare(`update sign_ups set state = 'asked' where id = ?`).bind(id),
      environment.directory.prepare(`delete from msp_places where msp_id = ?`).bind(mspId),
    ])
    expect((await confirm(token, 'another otter window seven')).status).toBe(410)
    const later = now() + LEFT_MS + 1
    moveClock(() => later)
    await sweep(environment)
    expect((await rowOf(email))?.state).toBe('done')
    const msp = scopeOf(shard, mspId ?? '')
    expect([(await msp.list(msps)).length, (await msp.list(staff)).length]).toEqual([1, 1])
    await queue.deliver()
    expect(await signIn(email)).toBe(200)
  })

  it('after the shard has committed is finished by the sweep, and made once', async () => {
    const { email, token } = await signedUp()
    expect((await confirm(token)).status).toBe(200)
    await expect.poll(async () => (await rowOf(email))?.state).toBe('done')
    const { mspId = '', shard = '', id = '' } = (await rowOf(email)) ?? {}
    // As though it had been killed before the directory followed.
    await environment.directory.batch([
      environment.directory.prepare(`update sign_ups set state = 'building' where id = ?`).bind(id),
      environment.directory.prepare(`delete from msp_places where msp_id = ?`).bind(mspId),
    ])
    const later = now() + LEFT_MS + 1
    moveClock(() => later)
    await sweep(environment)
    const place = environment.directory.prepare(`select shard from msp_places where msp_id = ?`).bind(mspId)
    expect(await place.first()).toEqual({ shard })
    const msp = scopeOf(shard, mspId ?? '')
    expect([(await msp.list(msps)).length, (await msp.list(staff)).length]).toEqual([1, 1])
    expect(await msp.list(jobs, { where: eq(jobs.kind, 'staff.settle_email') })).toHaveLength(1)
  })
})

describe('A deployment', () => {
  it('that is closed has no such path, not even for a link from before', async () => {
    const { token } = await signedUp()
    environment.SIGN_UP = 'closed'
    expect([(await signUp(newEmail())).status, (await lookUp(token)).status, (await confirm(token)).status]).toEqual([
      404, 404, 404,
    ])
  })

  it('by invitation asks for the operator’s code', async () => {
    environment.SIGN_UP = 'invite'
    environment.SIGN_UP_CODE = 'the-operators-code'
    for (const code of [null, '', 'the-operators-cod', 'another code'])
      expect((await signUp(newEmail(), { code })).status, String(code)).toBe(422)
    const email = newEmail()
    expect((await signUp(email, { code: ' the-operators-code ' })).status).toBe(202)
    expect((await confirm(await tokenOf(email))).status).toBe(200)
  })
})
