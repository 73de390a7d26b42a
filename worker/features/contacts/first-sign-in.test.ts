import { desc, eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, contacts, customerWords, invitations, sessions } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { newSecret } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { TEMPORARY_PASSWORD_MS } from '../../tenancy/temporary-password.ts'
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
import { mailFor } from '../mail/mail.jobs.ts'
import { INVITATION_MS, INVITATION_PAUSE_MS } from './contacts.ts'

holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })
afterEach(() => moveClock(undefined))
const letPauseGoBy = () => {
  const later = now() + INVITATION_PAUSE_MS
  moveClock(() => later)
}

type Policy = 'invitation' | 'temporary_password' | 'microsoft_only'
type Refusal = { code: string; detail: string; errors?: { pointer: string; detail: string }[] }
const OWN = 'copper-meadow-quarry-77'

/** An open portal with a policy of its own, a technician, and Tom, a contact who has no access yet. */
const newScene = async (policy: Policy | null = null) => {
  const msp = await newMsp()
  const technician = await newStaff(msp)
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const base = `/api/msp-portal/customers/${portal.customerId}`
  if (policy !== null) {
    const answer = await call(ADMIN, 'PUT', `${base}/portal/sign-in`, { as: technician, body: { policy } })
    expect(answer.status).toBe(204)
  }
  const tom = await newContact(portal, ['portal_user'], { access: 'none' })
  const customer = msp.scope.forCustomer(portal.customerId)
  await customer.commit(
    { action: 'stage.contact', subject: { kind: 'contact', id: tom.id, name: tom.name } },
    customer.changeAll(contacts, undefined, { confirmedAt: null }),
    customer.removeWhere(sessions, eq(sessions.contactId, tom.id)),
  )
  const at = `${base}/contacts/${tom.id}`
  const invite = () => call(ADMIN, 'POST', `${at}/invitation`, { as: technician })
  const row = () => msp.scope.find(contacts, tom.id, 'contact')
  /** What the newest mail to Tom says, and the secret in its link. */
  const mail = async () => {
    const [newest] = await msp.scope.list(invitations, { orderBy: [desc(invitations.id)], limit: 1 })
    const id = newest?.id ?? ''
    const asked = { about: 'invitation' as const, contactId: tom.id, invitationId: id }
    const message = await mailFor(environment, msp.scope, asked, 'job', now())
    const password = /\b[a-z]{5}(?:-[a-z]{5}){3}\b/.exec(message?.text ?? '')?.[0] ?? ''
    return { text: message?.text ?? '', password, token: await mailToken(environment, 'invitation', msp.mspId, id) }
  }
  // Attempts are counted by network, too: every scene has its own.
  const headers = { 'cf-connecting-ip': newSecret() }
  const signIn = (password: string, email = tom.email) =>
    call(portal.host, 'PUT', '/api/auth/session', { body: { email, password }, headers })
  const choose = (temporaryPassword: string, password = OWN) =>
    call(portal.host, 'POST', '/api/auth/temporary-password/replacement', {
      body: { email: tom.email, temporaryPassword, password },
      headers,
    })
  const post = (path: string, body: unknown) =>
    call(portal.host, 'POST', `/api/auth/invitation/${path}`, { body, headers })
  return { msp, technician, portal, tom, customer, base, at, invite, row, mail, signIn, choose, post }
}

const codeOf = async (answer: Response) => [answer.status, (await bodyOf<Refusal>(answer)).code]

describe('A temporary password', { timeout: 60_000 }, () => {
  it('is mailed, leads to choosing another and nowhere else, and is gone once that is done', async () => {
    const { invite, mail, signIn, choose, row } = await newScene('temporary_password')
    const invited = await invite()
    expect(invited.status, await invited.clone().text()).toBe(202)
    const { text, password } = await mail()
    expect(password).not.toBe('')
    expect(text).not.toContain('#token=')
    const refused = await signIn(password)
    expect(refused.headers.get('set-cookie')).toBeNull()
    expect(await codeOf(refused)).toEqual([403, 'password_change_needed'])

    const chosen = await choose(password)
    expect(chosen.status, await chosen.clone().text()).toBe(200)
    expect(chosen.headers.get('set-cookie')).toContain('__Host-session=')
    expect(await row()).toMatchObject({ access: 'active', temporaryUntil: null })
    expect((await signIn(OWN)).status).toBe(200)
    expect((await signIn(password)).status).toBe(401)
    expect((await choose(password, 'another-meadow-quarry-78')).status).toBe(401)
  })

  it('cannot be kept, nor a weak one be put in its place', async () => {
    const { invite, mail, choose, row } = await newScene('temporary_password')
    await invite()
    const { password } = await mail()
    for (const next of [password, 'short', 'unbreakable77']) {
      const answer = await choose(password, next)
      expect(answer.status, next).toBe(422)
      expect((await bodyOf<Refusal>(answer)).errors).toMatchObject([{ pointer: '/password' }])
    }
    expect(await row()).toMatchObject({ access: 'invited' })
  })

  it('expires after 72 hours, and is answered from then on like any wrong one', async () => {
    const { invite, mail, signIn, choose } = await newScene('temporary_password')
    await invite()
    const { password } = await mail()
    const wrong = await bodyOf<Refusal>(await signIn('babab-babab-babab-babab'))
    moveClock(() => Date.now() + TEMPORARY_PASSWORD_MS)
    const late = await bodyOf<Refusal>(await signIn(password))
    expect({ ...late, requestId: '' }).toEqual({ ...wrong, requestId: '' })
    expect((await choose(password)).status).toBe(401)
  })

  it('is worth nothing once another was sent, it was revoked, or the person blocked', async () => {
    const { invite, mail, signIn, at, technician } = await newScene('temporary_password')
    await invite()
    const first = (await mail()).password
    letPauseGoBy()
    await invite()
    const second = (await mail()).password
    expect(second).not.toBe(first)
    expect((await signIn(first)).status).toBe(401)
    expect((await signIn(second)).status).toBe(403)
    await call(ADMIN, 'DELETE', `${at}/invitation`, { as: technician })
    expect((await signIn(second)).status).toBe(401)
    letPauseGoBy()
    await invite()
    const third = (await mail()).password
    await call(ADMIN, 'PUT', `${at}/block`, { as: technician })
    await call(ADMIN, 'DELETE', `${at}/block`, { as: technician })
    expect((await signIn(third)).status).toBe(401)
  })

  it('used twenty times at once lets one in', async () => {
    const { invite, mail, choose, customer } = await newScene('temporary_password')
    await invite()
    const { password } = await mail()
    // Attempts are counted before anything else, so not all of them come through.
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => choose(password, `${OWN}-${n}`)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(new Set(statuses)).toEqual(new Set([200, 401, 429]))
    expect(await customer.list(sessions)).toHaveLength(1)
  })
})

describe('A portal that is signed in to with Microsoft', { timeout: 60_000 }, () => {
  it('tells everybody the same of passwords, whoever they are and whatever they know', async () => {
    const { signIn, choose, portal } = await newScene('microsoft_only')
    const known = await newContact(portal)
    const answers = await Promise.all([
      signIn('anything'),
      signIn('anything', known.email),
      signIn('anything', 'nobody@customer.example'),
      choose('babab-babab-babab-babab'),
    ])
    const told = await Promise.all(answers.map((answer) => bodyOf<Refusal>(answer)))
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403])
    expect(new Set(told.map(({ code, detail }) => `${code} ${detail}`)).size).toBe(1)
    expect(told[0]?.code).toBe('microsoft_only')
  })

  it('invites with a link that says so and takes no password', async () => {
    const { invite, mail, post, row } = await newScene('microsoft_only')
    await invite()
    const { text, token } = await mail()
    expect(text).toContain('Microsoft account')
    expect(text).toContain('#token=')
    expect(await bodyOf(await post('lookup', { token }))).toMatchObject({ signInWith: 'microsoft' })
    expect(await codeOf(await post('acceptance', { token, password: OWN }))).toEqual([403, 'microsoft_only'])
    expect(await row()).toMatchObject({ access: 'invited', passwordHash: null })
  })
})

describe('How people first sign in', () => {
  it('is what the MSP chose, unless the customer has it otherwise', async () => {
    const { msp, technician, base, invite, mail } = await newScene()
    const admin = await newStaff(msp, 'admin')
    const settings = '/api/msp-portal/settings/sign-in'
    expect(await bodyOf(await call(ADMIN, 'GET', settings, { as: technician }))).toMatchObject({ policy: 'invitation' })
    const put = (as: { cookie: string }, headers = {}) =>
      call(ADMIN, 'PUT', settings, { as, body: { policy: 'temporary_password' }, headers })
    expect((await put(technician)).status).toBe(403)
    expect((await put(admin, { 'if-match': '"v9"' })).status).toBe(412)
    expect((await put(admin)).status).toBe(200)
    await invite()
    expect((await mail()).password).not.toBe('')
    const own = (policy: Policy | null) =>
      call(ADMIN, 'PUT', `${base}/portal/sign-in`, { as: technician, body: { policy } })
    await own('invitation')
    letPauseGoBy()
    await invite()
    expect((await mail()).text).toContain('#token=')
    await own(null)
    letPauseGoBy()
    await invite()
    expect((await mail()).password).not.toBe('')
  })
})

describe('An expired invitation', { timeout: 60_000 }, () => {
  const expire = () => moveClock(() => Date.now() + INVITATION_MS + 1)

  it('says so, and sends a fresh one to the same address, once', async () => {
    const { invite, mail, post, msp, tom } = await newScene()
    await invite()
    const { token } = await mail()
    expire()
    expect(await codeOf(await post('lookup', { token }))).toEqual([410, 'expired'])
    expect(await codeOf(await post('acceptance', { token, password: OWN }))).toEqual([410, 'expired'])
    const answers = await Promise.all(Array.from({ length: 4 }, () => post('renewal', { token })))
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204])
    expect(await msp.scope.list(invitations)).toHaveLength(2)
    const fresh = await mail()
    expect(fresh.token).not.toBe(token)
    expect((await post('acceptance', { token: fresh.token, password: OWN })).status).toBe(200)
    expect(
      await msp.scope.list(activities, { where: eq(activities.action, 'contact.renewed_invitation') }),
    ).toMatchObject([{ actorId: tom.id }])
  })

  it('tells strangers nothing: every link is answered alike, and those that still work, were used or revoked send nothing', async () => {
    const { invite, mail, post, msp, at, technician } = await newScene()
    const renew = async (token: string) => {
      const answer = await post('renewal', { token })
      return [answer.status, await answer.text()]
    }
    expect(await renew('a-token-that-nobody-was-ever-sent-1234567890')).toEqual([204, ''])
    await invite()
    const { token } = await mail()
    expect(await renew(token)).toEqual([204, ''])
    expect((await call(ADMIN, 'DELETE', `${at}/invitation`, { as: technician })).status).toBe(204)
    expire()
    expect(await renew(token)).toEqual([204, ''])
    expect(await msp.scope.list(invitations)).toHaveLength(1)
    expect(await codeOf(await post('lookup', { token }))).toEqual([410, 'gone'])
  })

  it('is not renewed for a portal that is closed, nor asked for without end', async () => {
    const { invite, mail, post, msp, base, technician } = await newScene()
    await invite()
    const { token } = await mail()
    expect((await call(ADMIN, 'PUT', `${base}/portal/closure`, { as: technician })).status).toBe(204)
    expire()
    const statuses: number[] = []
    for (let count = 0; count < 8; count += 1) statuses.push((await post('renewal', { token })).status)
    expect(statuses.slice(0, 5)).toEqual([204, 204, 204, 204, 204])
    expect(statuses.at(-1)).toBe(429)
    expect(await msp.scope.list(invitations)).toHaveLength(1)
  })
})

describe('Inviting again', { timeout: 60_000 }, () => {
  it('waits for who may look into their mailbox first, and not where they are to sign in another way by now', async () => {
    const { base, technician, invite, mail } = await newScene()
    expect((await invite()).status).toBe(202)
    expect(await codeOf(await invite())).toEqual([429, 'throttled'])
    const policy = (to: Policy) =>
      call(ADMIN, 'PUT', `${base}/portal/sign-in`, { as: technician, body: { policy: to } })
    expect((await policy('temporary_password')).status).toBe(204)
    expect((await invite()).status).toBe(202)
    expect((await mail()).password).not.toBe('')
    expect((await invite()).status).toBe(429)
    expect((await policy('invitation')).status).toBe(204)
    expect((await invite()).status).toBe(202)
  })
})

describe('Revoking an invitation', () => {
  it('takes the link back, and they can be invited anew', async () => {
    const { invite, mail, post, at, technician, row } = await newScene()
    await invite()
    const { token } = await mail()
    for (let count = 0; count < 2; count += 1)
      expect((await call(ADMIN, 'DELETE', `${at}/invitation`, { as: technician })).status).toBe(204)
    expect(await row()).toMatchObject({ access: 'none' })
    expect(await codeOf(await post('lookup', { token }))).toEqual([410, 'gone'])
    expect((await invite()).status, 'not yet').toBe(429)
    letPauseGoBy()
    expect((await invite()).status).toBe(202)
  })
})

describe('Deleting a contact', { timeout: 60_000 }, () => {
  const remove = ({ at, technician }: Awaited<ReturnType<typeof newScene>>, headers = {}) =>
    call(ADMIN, 'DELETE', at, { as: technician, headers })

  it('leaves nothing of somebody who never did anything here', async () => {
    const scene = await newScene()
    await scene.invite()
    expect((await remove(scene, { 'if-match': '"v9"' })).status).toBe(412)
    expect((await remove(scene)).status).toBe(204)
    expect((await remove(scene)).status).toBe(404)
    for (const table of [contacts, invitations, sessions, customerWords])
      expect(await scene.customer.list(table)).toEqual([])
    const [told] = await scene.msp.scope.list(activities, { where: eq(activities.action, 'contact.deleted') })
    expect(JSON.stringify(told)).not.toContain(scene.tom.name)
  })

  it('anonymises somebody whom the history names: signed out, not listed, found, invited or signed in any more', async () => {
    const scene = await newScene()
    const { invite, mail, post, base, technician, signIn, row, tom, msp } = scene
    await invite()
    const accepted = await post('acceptance', { token: (await mail()).token, password: OWN })
    const cookie = (accepted.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const inside = () => call(scene.portal.host, 'GET', '/api/auth/session', { as: { cookie } })
    expect((await inside()).status).toBe(200)
    expect((await remove(scene)).status).toBe(204)
    expect([(await inside()).status, (await signIn(OWN)).status]).toEqual([401, 401])
    expect(await row()).toMatchObject({
      name: 'Removed person',
      email: null,
      phone: null,
      jobTitle: null,
      passwordHash: null,
      licencePermission: 'none',
      isPortalUser: false,
    })
    const list = await bodyOf<{ items: unknown[] }>(await call(ADMIN, 'GET', `${base}/contacts`, { as: technician }))
    expect(list.items).toEqual([])
    expect((await invite()).status).toBe(404)
    expect(await scene.customer.list(customerWords)).toEqual([])
    const read = await bodyOf<{ contactCount: number; primaryContactName: string | null }>(
      await call(ADMIN, 'GET', base, { as: technician }),
    )
    expect(read).toMatchObject({ contactCount: 0, primaryContactName: null })
    // What remains: the name under which they acted, in entries that nobody can change.
    const acted = await msp.scope.list(activities, { where: eq(activities.actorId, tom.id) })
    expect(acted.map(({ actorName }) => actorName)).toEqual([tom.name])
  })

  it('is refused for the portal admin', async () => {
    const scene = await newScene()
    await scene.customer.commit(
      { action: 'stage.admin', subject: { kind: 'contact', id: scene.tom.id, name: scene.tom.name } },
      scene.customer.changeAll(contacts, undefined, { isTheAdmin: true }),
    )
    expect((await remove(scene)).status).toBe(409)
  })
})

describe('A licence permission', () => {
  it('is granted by staff with the contact, and told', async () => {
    const { at, technician, tom, msp } = await newScene()
    const body = { name: tom.name, email: tom.email, roles: ['portal_user'], licencePermission: 'modify' }
    const answer = await call(ADMIN, 'PUT', at, { as: technician, body })
    expect(await bodyOf(answer)).toMatchObject({ licencePermission: 'modify' })
    const [told] = await msp.scope.list(activities, { where: eq(activities.action, 'contact.changed') })
    expect(told?.changes).toContainEqual({
      table: 'contacts',
      field: 'licencePermission',
      before: 'none',
      after: 'modify',
    })
    expect((await call(ADMIN, 'PUT', at, { as: technician, body: { ...body, licencePermission: 'all' } })).status).toBe(
      422,
    )
  })

  it('is granted by itself, guarded, and not by a viewer', async () => {
    const { at, technician, msp } = await newScene()
    const grant = (as: { cookie: string }, permission: string, headers = {}) =>
      call(ADMIN, 'PUT', `${at}/licence-permission`, { as, body: { permission }, headers })
    expect((await grant(await newStaff(msp, 'viewer'), 'admin')).status).toBe(403)
    expect((await grant(technician, 'owner')).status).toBe(422)
    expect((await grant(technician, 'admin', { 'if-match': '"v9"' })).status).toBe(412)
    expect(await bodyOf(await grant(technician, 'admin'))).toMatchObject({ licencePermission: 'admin' })
  })
})
