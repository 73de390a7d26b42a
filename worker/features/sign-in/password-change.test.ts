import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, contacts, jobs, msps, passwordResets, portals, staff } from '../../../db/shard/schema.ts'
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
  newMsp,
  newPortal,
  newStaff,
} from '../../test/stage.ts'
import { newSecret } from '../../tenancy/ids.ts'
import { mailFor, sendMail } from '../mail/mail.jobs.ts'
import { sendStaffMail, staffMailFor } from '../mail/staff-mail.jobs.ts'
import { freeFailureCount } from './attempts.ts'

const OLD = 'marble otter window seven'
const NEW = 'velvet anchor bridge nine'
const passwordHash = cheapHash(OLD)
const queue = holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })
afterEach(() => {
  moveClock(undefined)
  queue.take()
})

type Kind = 'staff' | 'contact'

/** Somebody who is signed in twice, with what was done to them and what their mail says. */
const newPerson = async (kind: Kind) => {
  const msp = await newMsp()
  const made =
    kind === 'staff'
      ? { host: ADMIN, customerId: undefined, person: await newStaff(msp, 'technician', passwordHash) }
      : await newPortal(await newCustomer(msp, 'Fabrikam')).then(async (portal) => ({
          host: portal.host,
          customerId: portal.customerId,
          person: await newContact(portal, ['portal_user'], { passwordHash }),
        }))
  const { host, customerId, person } = made
  const signIn = (password: string) =>
    call(host, 'PUT', '/api/auth/session', {
      body: { email: person.email, password },
      headers: { 'cf-connecting-ip': newSecret() },
    })
  const change = (body: object, more: { site?: string; address?: string; as?: { cookie: string } } = {}) =>
    call(host, 'PUT', '/api/auth/password', {
      as: more.as ?? person,
      body,
      headers: { 'cf-connecting-ip': more.address ?? newSecret() },
      ...(more.site === undefined ? {} : { site: more.site }),
    })
  const hash = async () =>
    kind === 'staff'
      ? (await msp.scope.find(staff, person.id, 'staff')).passwordHash
      : (await msp.scope.find(contacts, person.id, 'contact')).passwordHash
  const mails = async () => {
    const rows = await msp.scope.list(jobs, { where: eq(jobs.kind, kind === 'staff' ? 'mail.staff' : 'mail.send') })
    return Promise.all(
      rows.map(({ id, payload }) =>
        kind === 'staff'
          ? staffMailFor(environment, msp.scope, sendStaffMail.payload.parse(payload), id, now())
          : mailFor(environment, msp.scope, sendMail.payload.parse(payload), id, now()),
      ),
    )
  }
  return { msp, host, customerId, person, signIn, change, hash, mails }
}

const faultsOf = async (answer: Response) => {
  expect(answer.status, await answer.clone().text()).toBe(422)
  return (await bodyOf<{ errors: { pointer: string; detail: string }[] }>(answer)).errors
}

describe.each(['staff', 'contact'] as const)('The password of %s', (kind) => {
  it('is changed by who knows it, here goes on, and signs out everywhere else', async () => {
    const { host, person, signIn, change } = await newPerson(kind)
    const elsewhere = { cookie: ((await signIn(OLD)).headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
    expect((await change({ currentPassword: OLD, newPassword: NEW })).status).toBe(204)
    const isIn = async (as: { cookie: string }) => (await call(host, 'GET', '/api/auth/session', { as })).status
    expect([await isIn(person), await isIn(elsewhere)]).toEqual([200, 401])
    expect([(await signIn(OLD)).status, (await signIn(NEW)).status]).toEqual([401, 200])
  })

  it('when it was changed is told to them by mail and in the activity, which hold no password', async () => {
    const { msp, person, change, mails } = await newPerson(kind)
    moveClock(() => Date.parse('2026-11-20T12:00:00Z'))
    expect((await change({ currentPassword: OLD, newPassword: NEW })).status).toBe(204)
    const [mail] = await mails()
    expect(mail?.to.address).toBe(person.email)
    expect(mail?.subject).toContain('was changed')
    expect(mail?.text).toMatch(/Friday,? 20 November 2026 at 12:00/)
    expect(mail?.text).not.toMatch(/portico/i)
    const entries = JSON.stringify(await msp.scope.list(activities))
    expect(entries).toContain(`${kind}.changed_password`)
    for (const secret of [OLD, NEW, 'scrypt$']) expect(entries + JSON.stringify(mail)).not.toContain(secret)
  })

  it('is not changed by who does not know it, and then less and less quickly', async () => {
    const { change, hash } = await newPerson(kind)
    const address = newSecret()
    const before = await hash()
    const guess = () => change({ currentPassword: 'not the password', newPassword: NEW }, { address: newSecret() })
    for (let count = 0; count < freeFailureCount.account; count += 1)
      expect((await faultsOf(await guess()))[0]?.pointer).toBe('/currentPassword')
    const last = await guess()
    expect([last.status, Number(last.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect((await change({ currentPassword: OLD, newPassword: NEW }, { address })).status).toBe(429)
    expect(await hash()).toBe(before)
  })

  it.each([
    ['short', 'otter', 'Use at least 12 characters. This has 5.'],
    ['the same', OLD, 'This is the password you have already.'],
    ['common', 'unbreakable77', 'This is one of the passwords that are tried first'],
    ['guessable', 'Summer2026!!', 'This is easy to guess'],
  ])('is not replaced by one that is %s', async (_, newPassword, detail) => {
    const { change, hash } = await newPerson(kind)
    const before = await hash()
    const [fault, ...more] = await faultsOf(await change({ currentPassword: OLD, newPassword }))
    expect([fault?.pointer, more]).toEqual(['/newPassword', []])
    expect(fault?.detail).toContain(detail)
    expect(await hash()).toBe(before)
  })

  it('changed by two devices at once is changed by one of them', async () => {
    const { change, signIn } = await newPerson(kind)
    const [one, other] = await Promise.all([
      change({ currentPassword: OLD, newPassword: NEW }),
      change({ currentPassword: OLD, newPassword: `${NEW} again` }),
    ])
    expect([one.status, other.status].toSorted((first, second) => first - second)).toEqual([204, 412])
    expect((await signIn(one.status === 204 ? NEW : `${NEW} again`)).status).toBe(200)
  })

  it('once changed makes a link of no use that was asked for before', async () => {
    const { msp, customerId, person, change } = await newPerson(kind)
    const of = kind === 'staff' ? { staffId: person.id } : { contactId: person.id }
    const { scope } = msp
    const whose = customerId === undefined ? {} : { customerId }
    const row = { id: newSecret(), tokenHash: newSecret(), createdAt: now(), expiresAt: now() + 60_000 }
    await scope.record(scope.add(passwordResets, { ...row, ...of, ...whose }))
    expect((await change({ currentPassword: OLD, newPassword: NEW })).status).toBe(204)
    expect(await scope.list(passwordResets)).toEqual([])
  })

  it('is not there to be changed for who has none', async () => {
    const msp = await newMsp()
    const portal = await newPortal(await newCustomer(msp))
    const [host, as] = kind === 'staff' ? [ADMIN, await newStaff(msp)] : [portal.host, await newContact(portal)]
    const body = { currentPassword: OLD, newPassword: NEW }
    expect((await call(host, 'PUT', '/api/auth/password', { as, body })).status).toBe(409)
  })
})

describe('A contact’s password', () => {
  it('is not changed in a portal that is signed in to with Microsoft only', async () => {
    const { change, hash, msp } = await newPerson('contact')
    const before = await hash()
    await msp.scope.commit(
      { action: 'stage.policy', subject: { kind: 'msp', id: msp.mspId, name: msp.name } },
      msp.scope.changeAll(msps, undefined, { signInPolicy: 'microsoft_only' }),
    )
    const refused = await change({ currentPassword: OLD, newPassword: NEW })
    expect([refused.status, (await bodyOf(refused))['detail']]).toEqual([
      409,
      'This portal is signed in to with Microsoft, so there is no password to change.',
    ])
    expect(await hash()).toBe(before)
    await msp.scope.commit(
      { action: 'stage.policy', subject: { kind: 'msp', id: msp.mspId, name: msp.name } },
      msp.scope.changeAll(portals, undefined, { signInPolicy: 'invitation' }),
    )
    expect((await change({ currentPassword: OLD, newPassword: NEW })).status, 'the portal’s own rule goes first').toBe(
      204,
    )
  })
})
