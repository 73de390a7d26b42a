import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, msps, passwordResets, pendingSignIns, recoveryCodes, staff } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
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
  newKey,
  newMsp,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'
import { newSecret } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import type { StaffRole } from '../../tenancy/permissions.ts'
import { freeFailureCount } from '../sign-in/attempts.ts'
import { codeAt, fromBase32, stepAt } from './totp.ts'
import { RECOVERY_CODE_COUNT } from './two-step.ts'

const PASSWORD = 'marble otter window seven'
const OWN = '/api/auth/two-step'
const RULE = '/api/msp-portal/settings/two-step'
const noon = Date.parse('2026-11-20T12:00:00Z')
const queue = holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })
afterEach(() => moveClock(undefined))

const at = (ms: number) => moveClock(() => ms)
const cookieIn = (answer: Response) => ({ cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' })
const isIn = async (as: { cookie: string }) => (await call(ADMIN, 'GET', '/api/auth/session', { as })).status

/** Somebody of the staff with a password, and what they do; `on` has them use an app. */
const newPerson = async (role: StaffRole = 'technician', of?: StagedMsp) => {
  const msp = of ?? (await newMsp())
  const person = await newStaff(msp, role, cheapHash(PASSWORD))
  const ask = (method: string, path: string, body?: object, as: { cookie: string } = person) =>
    call(ADMIN, method, path, {
      as,
      headers: { 'cf-connecting-ip': newSecret() },
      ...(body === undefined ? {} : { body }),
    })
  const begin = async () =>
    (await bodyOf<{ secret: string; uri: string }>(await ask('PUT', `${OWN}/setup`, { password: PASSWORD }))).secret
  const codeFor = (secret: string, step = stepAt(now())) => codeAt(fromBase32(secret), step)
  const on = async () => {
    const secret = await begin()
    const answer = await ask('PUT', OWN, { code: await codeFor(secret) })
    expect(answer.status, await answer.clone().text()).toBe(200)
    const { recoveryCodes: codes } = await bodyOf<{ recoveryCodes: string[] }>(answer)
    return { secret, codes }
  }
  const signIn = (address = newSecret()) =>
    call(ADMIN, 'PUT', '/api/auth/session', {
      body: { email: person.email, password: PASSWORD },
      headers: { 'cf-connecting-ip': address },
    })
  /** The password is right; what is held until a code comes. */
  const pend = async () => {
    const answer = await signIn()
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([202, null])
    return (await bodyOf<{ token: string }>(answer)).token
  }
  const finish = (token: string, code: string, host = ADMIN) =>
    call(host, 'PUT', '/api/auth/session/code', {
      body: { token, code },
      headers: { 'cf-connecting-ip': newSecret() },
    })
  const row = () => msp.scope.find(staff, person.id, 'staff')
  return { msp, person, ask, begin, codeFor, on, signIn, pend, finish, row }
}

describe('Two-step verification', () => {
  it('is turned on by a code that proves the app has the secret, which is kept sealed', async () => {
    at(noon)
    const { msp, person, ask, begin, codeFor, row } = await newPerson()
    const begun = await bodyOf<{ secret: string; uri: string }>(
      await ask('PUT', `${OWN}/setup`, { password: PASSWORD }),
    )
    expect(begun.uri).toContain(`otpauth://totp/Northwind%20IT:${encodeURIComponent(person.email)}`)
    expect(begun.uri).not.toMatch(/portico/i)
    expect((await ask('PUT', OWN, { code: '000000' })).status).toBe(422)
    expect((await row()).twoStepSince).toBeNull()
    const secret = await begin()
    expect((await ask('PUT', OWN, { code: await codeFor(begun.secret) })).status).toBe(422)
    const answer = await ask('PUT', OWN, { code: await codeFor(secret) })
    const { recoveryCodes: codes } = await bodyOf<{ recoveryCodes: string[] }>(answer)
    expect(new Set(codes).size).toBe(RECOVERY_CODE_COUNT)
    for (const code of codes) expect(code).toMatch(/^([2-9a-z]{4}-){3}[2-9a-z]{4}$/)
    expect(await bodyOf(await ask('GET', OWN))).toEqual({
      since: new Date(noon).toISOString(),
      recoveryCodeCount: RECOVERY_CODE_COUNT,
      isRequired: false,
    })
    const everything = JSON.stringify([
      await msp.scope.list(staff),
      await msp.scope.list(recoveryCodes),
      await msp.scope.list(activities),
    ])
    for (const hidden of [secret, begun.secret, ...codes.flatMap((code) => [code, code.replaceAll('-', '')])])
      expect(everything).not.toContain(hidden)
    expect((await ask('PUT', `${OWN}/setup`, { password: PASSWORD })).status).toBe(409)
    expect((await ask('PUT', OWN, { code: await codeFor(secret) })).status).toBe(409)
  })

  it('is not set up by who has a session and not the password, and less and less quickly', async () => {
    at(noon)
    const { ask, row } = await newPerson()
    const tries = [(await ask('PUT', `${OWN}/setup`, {})).status]
    for (let count = 0; count <= freeFailureCount.account; count += 1)
      tries.push((await ask('PUT', `${OWN}/setup`, { password: `guess ${count}` })).status)
    expect(tries).toEqual([422, ...Array.from({ length: freeFailureCount.account }, () => 422), 429])
    expect((await row()).totpPendingSealed).toBeNull()
  })

  it('asks for a code once the password was right, and is no session before', async () => {
    at(noon)
    const { msp, on, pend, finish, codeFor } = await newPerson()
    const { secret } = await on()
    at(noon + 60_000)
    const token = await pend()
    const [, , held] = token.split('.')
    const forged = { cookie: `__Host-session=${msp.shard}.${msp.mspId}.${held}` }
    expect(await isIn(forged)).toBe(401)
    const answer = await finish(token, await codeFor(secret))
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect(await isIn(cookieIn(answer))).toBe(200)
    const entries = await msp.scope.list(activities, { where: eq(activities.action, 'staff.signed_in_by_code') })
    expect(entries).toHaveLength(1)
  })

  it('takes a code once, also of the step next to it, and never one that was used to turn it on', async () => {
    at(noon)
    const { on, pend, finish, codeFor } = await newPerson()
    const { secret } = await on()
    expect((await finish(await pend(), await codeFor(secret))).status).toBe(422)
    at(noon + 30_000)
    const code = await codeFor(secret)
    expect((await finish(await pend(), code)).status).toBe(200)
    expect((await finish(await pend(), code)).status).toBe(422)
    at(noon + 60_000)
    expect((await finish(await pend(), code)).status).toBe(422)
    expect((await finish(await pend(), await codeFor(secret, stepAt(now()) - 2))).status).toBe(422)
    expect((await finish(await pend(), await codeFor(secret, stepAt(now()) + 1))).status).toBe(200)
  })

  it('lets one in of several who use the same code at once, each with a sign-in of their own', async () => {
    at(noon)
    const { on, pend, finish, codeFor } = await newPerson()
    const { secret } = await on()
    at(noon + 60_000)
    const tokens: string[] = []
    for (let count = 0; count < 4; count += 1) tokens.push(await pend())
    const code = await codeFor(secret)
    const answers = await Promise.all(tokens.map((token) => finish(token, code)))
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 422, 422, 422])
  })

  it('lets one in of several who use the same sign-in at once', async () => {
    at(noon)
    const { on, pend, finish } = await newPerson()
    const { codes } = await on()
    const token = await pend()
    const answers = await Promise.all(codes.slice(0, 4).map((code) => finish(token, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await finish(token, codes[9] ?? '')).status).toBe(410)
  })

  it('is sealed with the newest key at the next sign-in, and works on once the older one is gone', async () => {
    at(noon)
    const { on, pend, finish, codeFor, row } = await newPerson()
    const { secret } = await on()
    const before = environment.SEALING_KEYS
    environment.SEALING_KEYS = { ...before, newer: btoa('a'.repeat(32)) }
    try {
      at(noon + 60_000)
      expect((await finish(await pend(), await codeFor(secret))).status).toBe(200)
      expect((await row()).totpSealed).toMatch(/^newer\./)
      environment.SEALING_KEYS = { newer: btoa('a'.repeat(32)) }
      at(noon + 120_000)
      expect((await finish(await pend(), await codeFor(secret))).status).toBe(200)
    } finally {
      environment.SEALING_KEYS = before
    }
  })

  it('takes a recovery code once, however it is typed', async () => {
    const { ask, on, pend, finish } = await newPerson()
    const { codes } = await on()
    const [first = '', second = ''] = codes
    expect((await finish(await pend(), first)).status).toBe(200)
    expect((await finish(await pend(), first)).status).toBe(422)
    expect((await finish(await pend(), ` ${second.toUpperCase().replaceAll('-', ' ')} `)).status).toBe(200)
    expect(await bodyOf(await ask('GET', OWN))).toMatchObject({ recoveryCodeCount: RECOVERY_CODE_COUNT - 2 })
  })

  it('has its recovery codes replaced by who knows the password', async () => {
    const { ask, on, pend, finish } = await newPerson()
    const path = `${OWN}/recovery-codes`
    expect((await ask('PUT', path, { password: PASSWORD })).status).toBe(409)
    const { codes } = await on()
    expect((await ask('PUT', path, { password: 'not the password' })).status).toBe(422)
    const renewed = await ask('PUT', path, { password: PASSWORD })
    const { recoveryCodes: fresh } = await bodyOf<{ recoveryCodes: string[] }>(renewed)
    expect(fresh).toHaveLength(RECOVERY_CODE_COUNT)
    expect((await finish(await pend(), codes[0] ?? '')).status).toBe(422)
    expect((await finish(await pend(), fresh[0] ?? '')).status).toBe(200)
  })

  it('makes who guesses codes wait, however often the password is right', async () => {
    const { on, pend, finish } = await newPerson()
    const { codes } = await on()
    for (let count = 0; count < freeFailureCount.account; count += 1)
      expect((await finish(await pend(), '000000')).status).toBe(422)
    expect((await finish(await pend(), '000000')).status).toBe(429)
    expect((await finish(await pend(), codes[0] ?? '')).status).toBe(429)
  })

  it('waits five minutes for the code, at its own host, of somebody who still may', async () => {
    at(noon)
    const { msp, person, on, pend, finish } = await newPerson()
    const { codes } = await on()
    const [first = '', second = ''] = codes
    const late = await pend()
    at(noon + 5 * 60_000)
    expect((await finish(late, first)).status).toBe(410)
    const token = await pend()
    const portal = await newPortal(await newCustomer(msp))
    expect((await finish(token, first, portal.host)).status).toBe(404)
    const other = await newMsp()
    expect((await finish(token.replace(msp.mspId, other.mspId).replace(msp.shard, other.shard), first)).status).toBe(
      410,
    )
    await msp.scope.commit(
      { action: 'stage.staff', subject: { kind: 'staff', id: person.id, name: person.name } },
      msp.scope.changeAll(staff, eq(staff.id, person.id), { disabled: true }),
    )
    expect((await finish(token, second)).status).toBe(410)
  })

  it('is asked for after a forgotten password was set anew, too', async () => {
    const { msp, person, on, finish } = await newPerson()
    const { codes } = await on()
    const asked = await call(ADMIN, 'POST', '/api/auth/password-reset', { body: { email: person.email } })
    expect(asked.status).toBe(202)
    await queue.deliverErrands()
    const [reset] = await msp.scope.list(passwordResets)
    const secret = await mailToken(environment, 'password_reset', msp.mspId, reset?.id ?? '')
    const token = [msp.shard, msp.mspId, secret].join('.')
    const accept = () =>
      call(ADMIN, 'POST', '/api/auth/password-reset/acceptance', {
        body: { token, password: 'velvet anchor bridge nine' },
        headers: { 'cf-connecting-ip': newSecret() },
      })
    const answer = await accept()
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([202, null])
    expect(await isIn(person)).toBe(401)
    expect((await accept()).status).toBe(410)
    const pending = (await bodyOf<{ token: string }>(answer)).token
    expect((await finish(pending, codes[0] ?? '')).status).toBe(200)
  })

  it('is not waited for any more once the password is another one: changed, set anew, or the person blocked', async () => {
    at(noon)
    const { msp, person, ask, on, pend, finish } = await newPerson()
    const { codes } = await on()
    const [ofOld, ofReset, ofBlocked, ofAll] = codes
    const beforeChange = await pend()
    const other = 'velvet anchor bridge nine'
    expect((await ask('PUT', '/api/auth/password', { currentPassword: PASSWORD, newPassword: other })).status).toBe(204)
    expect((await finish(beforeChange, ofOld ?? '')).status).toBe(410)

    const from = () => ({ 'cf-connecting-ip': newSecret() })
    const begin = async () => {
      const body = { email: person.email, password: other }
      const answer = await call(ADMIN, 'PUT', '/api/auth/session', { body, headers: from() })
      return (await bodyOf<{ token: string }>(answer)).token
    }
    const beforeReset = await begin()
    expect((await ask('POST', '/api/auth/password-reset', { email: person.email })).status).toBe(202)
    await queue.deliverErrands()
    const [reset] = await msp.scope.list(passwordResets)
    const secret = await mailToken(environment, 'password_reset', msp.mspId, reset?.id ?? '')
    const body = { token: [msp.shard, msp.mspId, secret].join('.'), password: PASSWORD }
    const answer = await call(ADMIN, 'POST', '/api/auth/password-reset/acceptance', { body, headers: from() })
    expect(answer.status).toBe(202)
    expect((await finish(beforeReset, ofReset ?? '')).status).toBe(410)
    const afterReset = (await bodyOf<{ token: string }>(answer)).token

    const owner = await newStaff(msp, 'owner')
    for (const method of ['PUT', 'DELETE'])
      expect((await call(ADMIN, method, `/api/msp-portal/staff/${person.id}/block`, { as: owner })).ok).toBe(true)
    expect((await finish(afterReset, ofBlocked ?? '')).status).toBe(410)
    expect((await finish(await pend(), ofAll ?? '')).status).toBe(200)
  })

  it('is turned off by who knows the password, and leaves nothing behind', async () => {
    const { msp, ask, on, signIn, row } = await newPerson()
    await on()
    expect((await ask('PUT', `${OWN}/removal`, { password: 'not the password' })).status).toBe(422)
    expect((await row()).twoStepSince).not.toBeNull()
    expect((await ask('PUT', `${OWN}/removal`, { password: PASSWORD })).status).toBe(204)
    expect(await row()).toMatchObject({ totpSealed: null, totpPendingSealed: null, twoStepSince: null })
    expect(await msp.scope.list(recoveryCodes)).toEqual([])
    expect(await msp.scope.list(pendingSignIns)).toEqual([])
    expect((await signIn()).status).toBe(200)
    expect((await ask('PUT', `${OWN}/removal`, { password: PASSWORD })).status).toBe(204)
  })

  it('is nothing for contacts', async () => {
    const portal = await newPortal(await newCustomer(await newMsp()))
    const as = await newContact(portal, ['portal_admin'])
    expect((await call(portal.host, 'GET', OWN, { as })).status).toBe(404)
  })
})

describe('Two-step verification that an MSP requires', () => {
  const require = (person: Awaited<ReturnType<typeof newPerson>>, twoStepRequired = true) =>
    person.ask('PUT', RULE, { twoStepRequired })

  it('is required only by who uses it, and leads the other owners and admins to set it up first', async () => {
    const owner = await newPerson('owner')
    const admin = await newPerson('admin', owner.msp)
    const technician = await newPerson('technician', owner.msp)
    expect((await require(owner)).status).toBe(409)
    await owner.on()
    expect((await require(owner)).status).toBe(200)
    expect([await isIn(owner.person), await isIn(admin.person), await isIn(technician.person)]).toEqual([200, 401, 200])

    const signedIn = await admin.signIn()
    expect(signedIn.status).toBe(200)
    const as = cookieIn(signedIn)
    const customers = () => call(ADMIN, 'GET', '/api/msp-portal/customers', { as })
    const refused = await customers()
    expect([refused.status, (await bodyOf(refused))['detail']]).toEqual([
      403,
      'Set up two-step verification first: your team requires it of owners and admins.',
    ])
    expect(await bodyOf(await admin.ask('GET', OWN, undefined, as))).toMatchObject({ since: null, isRequired: true })
    const { secret } = await bodyOf<{ secret: string }>(
      await admin.ask('PUT', `${OWN}/setup`, { password: PASSWORD }, as),
    )
    expect((await admin.ask('PUT', OWN, { code: await admin.codeFor(secret) }, as)).status).toBe(200)
    expect((await customers()).status).toBe(200)
    expect((await technician.ask('GET', '/api/msp-portal/customers')).status).toBe(200)
  })

  it('is waited for by the API keys of who must set it up, and by nobody else’s', async () => {
    const owner = await newPerson('owner')
    const admin = await newPerson('admin', owner.msp)
    const technician = await newPerson('technician', owner.msp)
    const portal = await newPortal(await newCustomer(owner.msp))
    const [key, ownersKey, techniciansKey] = [
      await newKey(owner.msp, admin.person),
      await newKey(owner.msp, owner.person),
      await newKey(owner.msp, technician.person),
    ]
    const asked = async ({ bearer }: { bearer: string }) => {
      const paths = ['/api/msp-portal/customers', `/api/portal/customers/${portal.customerId}/dashboard`]
      const answers = await Promise.all(paths.map((path) => call(ADMIN, 'GET', path, { bearer, site: null })))
      return answers.map(({ status }) => status)
    }
    expect(await asked(key)).toEqual([200, 200])
    await owner.on()
    expect((await require(owner)).status).toBe(200)
    expect(await asked(key)).toEqual([403, 403])
    expect(await asked(ownersKey)).toEqual([200, 200])
    expect(await asked(techniciansKey)).toEqual([200, 200])
    const refused = await call(ADMIN, 'GET', '/api/msp-portal/customers', { bearer: key.bearer, site: null })
    expect((await bodyOf(refused))['detail']).toBe(
      'This API key waits until whoever made it has set up two-step verification, which their team requires.',
    )
    const as = cookieIn(await admin.signIn())
    const { secret } = await bodyOf<{ secret: string }>(
      await admin.ask('PUT', `${OWN}/setup`, { password: PASSWORD }, as),
    )
    expect((await admin.ask('PUT', OWN, { code: await admin.codeFor(secret) }, as)).status).toBe(200)
    expect(await asked(key)).toEqual([200, 200])
  })

  it('is not turned off by whom it is required of', async () => {
    const owner = await newPerson('owner')
    const technician = await newPerson('technician', owner.msp)
    await owner.on()
    await technician.on()
    expect((await require(owner)).status).toBe(200)
    expect((await owner.ask('PUT', `${OWN}/removal`, { password: PASSWORD })).status).toBe(409)
    expect((await owner.row()).twoStepSince).not.toBeNull()
    expect((await technician.ask('PUT', `${OWN}/removal`, { password: PASSWORD })).status).toBe(204)
    expect((await require(owner, false)).status).toBe(200)
    expect((await owner.ask('PUT', `${OWN}/removal`, { password: PASSWORD })).status).toBe(204)
  })

  it('is told in the activity, and saved once by two at once', async () => {
    const owner = await newPerson('owner')
    await owner.on()
    const { version } = await bodyOf<{ version: number }>(await owner.ask('GET', RULE))
    const save = () =>
      call(ADMIN, 'PUT', RULE, {
        as: owner.person,
        body: { twoStepRequired: true },
        headers: { 'if-match': `"v${version}"` },
      })
    const answers = await Promise.all([save(), save()])
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412])
    const entries = await owner.msp.scope.list(activities, {
      where: eq(activities.action, 'settings.two_step_changed'),
    })
    expect(entries.map(({ changes }) => changes)).toEqual([
      [{ table: 'msps', field: 'twoStepRequired', before: false, after: true }],
    ])
    expect((await owner.msp.scope.find(msps, owner.msp.mspId, 'organisation')).twoStepRequired).toBe(true)
  })
})
