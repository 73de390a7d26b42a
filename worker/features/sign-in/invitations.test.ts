import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, contacts, customers, invitations, jobs, portals, sessions } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { fakeAssets } from '../../test/fake-assets.ts'
import { usedTwentyTimes } from '../../test/held-commits.ts'
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
import type { StagedContact, StagedPortal } from '../../test/stage.ts'
import { hashOf, newSecret } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { INVITATION_MS, INVITATION_PAUSE_MS } from '../contacts/contacts.ts'
import { freeFailureCount } from './attempts.ts'

const PASSWORD = 'marble otter window seven'
const queue = holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })

afterEach(() => {
  moveClock(undefined)
  queue.take()
})

const lookUp = (host: string, token: string) => call(host, 'POST', '/api/auth/invitation/lookup', { body: { token } })

const accept = (host: string, token: string, password = PASSWORD) =>
  call(host, 'POST', '/api/auth/invitation/acceptance', {
    body: { token, password },
    headers: { 'cf-connecting-ip': newSecret() },
  })

const scopeOf = ({ portal }: { portal: StagedPortal }) => portal.msp.scope.forCustomer(portal.customerId)
const rowOf = (contact: StagedContact) => scopeOf(contact).find(contacts, contact.id, 'contact')
const pathOf = (contact: StagedContact) =>
  `/api/msp-portal/customers/${contact.portal.customerId}/contacts/${contact.id}`

/** The secret that the newest invitation's mail carries. */
const tokenOf = async (contact: StagedContact): Promise<string> => {
  const rows = await scopeOf(contact).list(invitations, { where: eq(invitations.contactId, contact.id) })
  const newest = rows.toSorted((one, other) => (one.id < other.id ? 1 : -1))[0]
  return mailToken(environment, 'invitation', contact.portal.msp.mspId, newest?.id ?? '')
}

/** A contact without access, at a customer with a portal, and a technician who can invite them. */
const newGuest = async () => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam'))
  const technician = await newStaff(msp, 'technician')
  const contact = await newContact(portal, ['portal_user'], { access: 'none' })
  const scope = scopeOf(contact)
  await scope.record(scope.removeWhere(sessions, undefined))
  await scope.commit(
    { action: 'stage.contact', subject: { kind: 'contact', id: contact.id, name: contact.name } },
    scope.changeAll(contacts, eq(contacts.id, contact.id), { confirmedAt: null, name: 'Dana Reyes' }),
  )
  const invite = () => call(ADMIN, 'POST', `${pathOf(contact)}/invitation`, { as: technician })
  return { msp, portal, technician, contact, invite, host: portal.host }
}

/** The same, with the invitation's link in hand. */
const newInvitee = async () => {
  const guest = await newGuest()
  expect((await guest.invite()).status).toBe(202)
  return { ...guest, token: await tokenOf(guest.contact) }
}

describe('An invitation', () => {
  it('is a mail that must leave, beside a row that works for a week', async () => {
    const noon = Date.parse('2026-11-20T12:00:00Z')
    moveClock(() => noon)
    const { contact, invite } = await newGuest()
    const { access, invitedAt } = await bodyOf(await invite())
    expect([access, invitedAt]).toEqual(['invited', '2026-11-20T12:00:00.000Z'])
    const [invitation] = await scopeOf(contact).list(invitations)
    expect(invitation).toMatchObject({ contactId: contact.id, expiresAt: noon + INVITATION_MS, consumedAt: null })
    const rows = await scopeOf(contact).list(jobs)
    expect(rows).toMatchObject([
      { kind: 'mail.send', state: 'waiting', dueAt: noon, subjectName: 'Invitation to Dana Reyes' },
    ])
    // Of this MSP: what another test put off may arrive here.
    const { mspId } = contact.portal.msp
    const hinted = queue.take().filter(({ hint }) => hint.mspId === mspId)
    expect(hinted.map(({ hint }) => hint.jobId)).toEqual([rows[0]?.id])
  })

  it('leaves its secret nowhere but in the mail: the database has the hash', async () => {
    const { msp, contact, token } = await newInvitee()
    expect(token).toMatch(/^[\w-]{43}$/)
    const [row] = await scopeOf(contact).list(invitations)
    expect(row?.tokenHash).toBe(await hashOf(token))
    const everything = JSON.stringify([
      await msp.scope.list(jobs),
      await msp.scope.list(activities),
      await msp.scope.list(invitations),
      await msp.scope.list(contacts),
      queue.take(),
    ])
    expect(everything).not.toContain(token)
    const entries = JSON.stringify(await msp.scope.list(activities))
    expect(entries).not.toContain(await hashOf(token))
  })

  it('says to its holder whom it is for and until when, as often as they ask', async () => {
    const { contact, host, token } = await newInvitee()
    const first = await lookUp(host, token)
    expect(first.status).toBe(200)
    const [row] = await scopeOf(contact).list(invitations)
    expect(await bodyOf(first)).toEqual({
      name: 'Dana Reyes',
      email: contact.email,
      companyName: 'Fabrikam',
      signInWith: 'password',
      expiresAt: new Date(row?.expiresAt ?? 0).toISOString(),
    })
    expect((await lookUp(host, token)).status).toBe(200)
    expect(await rowOf(contact)).toMatchObject({ access: 'invited', passwordHash: null })
  })

  it('lets its holder set a password, signs them in, and has a welcome mail sent', async () => {
    const { msp, contact, host, token } = await newInvitee()
    const response = await accept(host, token)
    expect(response.status).toBe(200)
    expect(await bodyOf(response)).toMatchObject({ id: contact.id, kind: 'contact', roles: ['portal_user'] })
    const as = { cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
    expect((await call(host, 'GET', '/api/auth/session', { as })).status).toBe(200)
    const row = await rowOf(contact)
    expect(row.access).toBe('active')
    expect(row.passwordHash).toMatch(/^scrypt\$/)
    expect(row.confirmedAt).toBeGreaterThan(0)
    const mails = (await scopeOf(contact).list(jobs)).map(({ subjectName }) => subjectName)
    expect(mails.toSorted()).toEqual(['Invitation to Dana Reyes', 'Welcome to Dana Reyes'])
    const entries = JSON.stringify(await msp.scope.list(activities))
    expect(entries).toContain('contact.accepted_invitation')
    expect(entries).not.toContain('scrypt$')
    const again = await call(host, 'PUT', '/api/auth/session', {
      body: { email: contact.email, password: PASSWORD },
      headers: { 'cf-connecting-ip': newSecret() },
    })
    expect(again.status).toBe(200)
  })

  it('works once', async () => {
    const { contact, host, token } = await newInvitee()
    expect((await accept(host, token)).status).toBe(200)
    const { passwordHash } = await rowOf(contact)
    const second = await accept(host, token, 'another otter window eight')
    expect([second.status, (await bodyOf(second))['detail']]).toEqual([
      410,
      'This invitation has been used. Sign in with the password that was set then.',
    ])
    expect((await lookUp(host, token)).status).toBe(410)
    expect((await rowOf(contact)).passwordHash).toBe(passwordHash)
  })

  it('accepted twice at once is accepted by one of the two', async () => {
    const { contact, host, token } = await newInvitee()
    const responses = await Promise.all([
      accept(host, token, 'marble otter window seven'),
      accept(host, token, 'velvet anchor bridge nine'),
    ])
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 410]))
    expect(await scopeOf(contact).list(sessions)).toHaveLength(1)
    const welcomes = await scopeOf(contact).list(jobs, { where: eq(jobs.subjectName, 'Welcome to Dana Reyes') })
    expect(welcomes).toHaveLength(1)
    const winner = responses[0]?.status === 200 ? 'marble otter window seven' : 'velvet anchor bridge nine'
    const signIn = await call(host, 'PUT', '/api/auth/session', {
      body: { email: contact.email, password: winner },
      headers: { 'cf-connecting-ip': newSecret() },
    })
    expect(signIn.status).toBe(200)
  })

  it('accepted twenty times at once has few passwords hashed', async () => {
    const { msp, host, token } = await newInvitee()
    const hashed = freeFailureCount.account
    const answers = await usedTwentyTimes(msp.shard, 20 - hashed, () => accept(host, token))
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200,
      ...Array.from({ length: hashed - 1 }, () => 410),
      ...Array.from({ length: 20 - hashed }, () => 429),
    ])
  }, 60_000)

  it('has run out after its week', async () => {
    const { contact, host, token } = await newInvitee()
    const [row] = await scopeOf(contact).list(invitations)
    const expiresAt = row?.expiresAt ?? 0
    moveClock(() => expiresAt - 1)
    expect((await lookUp(host, token)).status).toBe(200)
    moveClock(() => expiresAt)
    expect((await lookUp(host, token)).status).toBe(410)
    const late = await accept(host, token)
    expect([late.status, (await bodyOf(late))['detail']]).toEqual([
      410,
      'This invitation has expired. You can have a new one mailed to you.',
    ])
    expect((await rowOf(contact)).passwordHash).toBeNull()
  })

  it('stops working when a newer one is sent', async () => {
    const { contact, host, token, invite } = await newInvitee()
    const later = now() + INVITATION_PAUSE_MS
    moveClock(() => later)
    expect((await invite()).status).toBe(202)
    const newer = await tokenOf(contact)
    expect(newer).not.toBe(token)
    expect([(await accept(host, token)).status, (await accept(host, newer)).status]).toEqual([410, 200])
  })

  it('stops working when the address it was sent to is not the person’s any more', async () => {
    const { contact, host, token, technician } = await newInvitee()
    const put = (email: string) =>
      call(ADMIN, 'PUT', pathOf(contact), {
        as: technician,
        body: { name: 'Dana Reyes', email, roles: ['portal_user'], phone: '01632 960 101' },
      })
    expect((await put(contact.email)).status).toBe(200)
    expect((await lookUp(host, token)).status).toBe(200)
    expect((await put('dana@fabrikam.example')).status).toBe(200)
    expect((await accept(host, token)).status).toBe(410)
    expect((await rowOf(contact)).passwordHash).toBeNull()
  })

  it('stops working when the person is blocked, and does not come back with them', async () => {
    const { contact, host, token, technician } = await newInvitee()
    expect((await call(ADMIN, 'PUT', `${pathOf(contact)}/block`, { as: technician })).status).toBe(204)
    expect((await lookUp(host, token)).status).toBe(410)
    expect((await accept(host, token)).status).toBe(410)
    expect((await call(ADMIN, 'DELETE', `${pathOf(contact)}/block`, { as: technician })).status).toBe(204)
    expect((await accept(host, token)).status).toBe(410)
    expect(await rowOf(contact)).toMatchObject({ access: 'none', passwordHash: null })
  })

  it.each([
    ['portal is closed', portals, { state: 'disabled' }],
    ['customer is archived', customers, { state: 'archived' }],
  ] as const)('opens nothing while the %s', async (_, table, set) => {
    const { contact, host, token } = await newInvitee()
    const scope = scopeOf(contact)
    await scope.commit(
      { action: 'stage.change', subject: { kind: 'customer', id: contact.portal.customerId, name: 'Fabrikam' } },
      scope.changeAll(table as typeof portals, undefined, set as Partial<typeof portals.$inferInsert>),
    )
    expect([(await lookUp(host, token)).status, (await accept(host, token)).status]).toEqual([410, 410])
    expect((await rowOf(contact)).passwordHash).toBeNull()
  })

  it('opens no other portal, of this MSP or of another', async () => {
    const { msp, contact, host, token } = await newInvitee()
    const sibling = await newPortal(await newCustomer(msp))
    const elsewhere = await newPortal(await newCustomer(await newMsp()))
    for (const other of [sibling.host, elsewhere.host, ADMIN]) {
      expect((await lookUp(other, token)).status, other).toBe(404)
      expect((await accept(other, token)).status, other).toBe(404)
    }
    expect((await rowOf(contact)).access).toBe('invited')
    expect((await accept(host, token)).status).toBe(200)
  })

  it.each([
    ['made up', newSecret(), 404],
    ['the hash from the database', 'the hash', 404],
    ['cut short', 'abc', 422],
    ['empty', '', 422],
    ['endless', 'a'.repeat(201), 422],
    ['no text', 7, 422],
    ['SQL', `' or token_hash is not null --`, 404],
    ['a NUL and an emoji', '\u0000🙂'.repeat(10), 400],
    ['a lone surrogate', '\ud800'.repeat(30), 400],
  ])('whose secret is %s opens nothing', async (_, given, status) => {
    const { contact, host } = await newInvitee()
    const token = given === 'the hash' ? await hashOf(await tokenOf(contact)) : given
    for (const [path, body] of [
      ['lookup', { token }],
      ['acceptance', { token, password: PASSWORD }],
    ] as const)
      expect((await call(host, 'POST', `/api/auth/invitation/${path}`, { body })).status, path).toBe(status)
    expect((await rowOf(contact)).passwordHash).toBeNull()
  })

  it.each([
    ['short', 'otter', 'Use at least 12 characters. This has 5.'],
    ['empty', '', 'Use at least 12 characters. This has 0.'],
    ['endless', 'otter window '.repeat(12), 'Use at most 128 characters. This has 156.'],
    ['the person’s own name', 'dana reyes 2026', 'This is mostly your own name'],
    ['the company’s name', 'fabrikam-fabrikam', 'This is mostly your own name'],
    ['guessable', 'Summer2026!!', 'This is easy to guess'],
    ['common', 'unbreakable77', 'This is one of the passwords that are tried first'],
  ])('is not spent by a password that is %s', async (_, password, detail) => {
    const { contact, host, token } = await newInvitee()
    const response = await accept(host, token, password)
    expect(response.status).toBe(422)
    const { errors } = await bodyOf<{ errors: { pointer: string; detail: string }[] }>(response)
    expect(errors).toHaveLength(1)
    expect(errors[0]?.pointer).toBe('/password')
    expect(errors[0]?.detail).toContain(detail)
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await rowOf(contact)).toMatchObject({ access: 'invited', passwordHash: null })
    expect((await lookUp(host, token)).status).toBe(200)
  })

  it('is not accepted by a page of another site', async () => {
    const { host, token } = await newInvitee()
    const body = { token, password: PASSWORD }
    const response = await call(host, 'POST', '/api/auth/invitation/acceptance', { body, site: 'same-site' })
    expect(response.status).toBe(403)
    expect((await lookUp(host, token)).status).toBe(200)
  })

  it('ends what sessions the person had before', async () => {
    const { contact, host, token } = await newInvitee()
    const scope = scopeOf(contact)
    const times = { createdAt: now(), seenAt: now(), expiresAt: now() + 60_000 }
    await scope.record(scope.add(sessions, { id: 'left over', host, contactId: contact.id, ...times }))
    expect((await accept(host, token)).status).toBe(200)
    expect((await scope.list(sessions)).map(({ id }) => id)).not.toContain('left over')
  })
})
