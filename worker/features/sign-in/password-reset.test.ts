import { and, eq, isNull } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  activities,
  contacts,
  customers,
  invitations,
  jobs,
  passwordResets,
  portals,
  sessions,
  staff,
} from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { moveClock, now } from '../../clock.ts'
import { cheapHash } from '../../test/cheap-hash.ts'
import { fakeAssets } from '../../test/fake-assets.ts'
import { usedTwentyTimes } from '../../test/held-commits.ts'
import { deliverOne, holdQueue } from '../../test/held-queue.ts'
import { sentBy } from '../../test/sent-statements.ts'
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
import type { CallOptions } from '../../test/stage.ts'
import { hashOf, newSecret } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { mailFor, sendMail } from '../mail/mail.jobs.ts'
import { sendStaffMail, staffMailFor } from '../mail/staff-mail.jobs.ts'
import { freeFailureCount } from './attempts.ts'
import { REQUEST_MS, RESET_COUNT_MAX, RESET_MS } from './password-reset-request.ts'

const OLD = 'marble otter window seven'
const NEW = 'velvet anchor bridge nine'
const passwordHash = cheapHash(OLD)
const PATH = '/api/auth/password-reset'
const queue = holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })
afterEach(() => {
  moveClock(undefined)
  queue.take()
  queue.takeErrands()
})

type Kind = 'staff' | 'contact'
const kinds = ['staff', 'contact'] as const

const ask = (host: string, email: string, headers: Record<string, string> = {}) =>
  call(host, 'POST', PATH, { body: { email }, headers: { 'cf-connecting-ip': newSecret(), ...headers } })
const lookUp = (host: string, token: string) => call(host, 'POST', `${PATH}/lookup`, { body: { token } })
const accept = (host: string, token: string, password = NEW, more: CallOptions = {}) =>
  call(host, 'POST', `${PATH}/acceptance`, {
    body: { token, password },
    headers: { 'cf-connecting-ip': newSecret() },
    ...more,
  })

/** Somebody with a password who is signed in and forgot it; what was asked for and mailed for them. */
const newForgetful = async (kind: Kind) => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const person =
    kind === 'staff'
      ? await newStaff(msp, 'technician', passwordHash)
      : await newContact(portal, ['portal_user'], { passwordHash })
  const host = kind === 'staff' ? ADMIN : portal.host
  const { scope } = msp
  const resets = () => scope.list(passwordResets, { orderBy: [passwordResets.id] })
  const tokenOf = async (id: string) => {
    const secret = await mailToken(environment, 'password_reset', msp.mspId, id)
    return kind === 'staff' ? `${msp.shard}.${msp.mspId}.${secret}` : secret
  }
  /** Asks, and has the link once the request was answered. */
  const newLink = async () => {
    const before = (await resets()).length
    expect((await ask(host, person.email)).status).toBe(202)
    await queue.deliverErrands()
    expect(await resets()).toHaveLength(before + 1)
    return tokenOf((await resets()).at(-1)?.id ?? '')
  }
  const mail = async () => {
    const rows = await scope.list(jobs, { where: eq(jobs.kind, kind === 'staff' ? 'mail.staff' : 'mail.send') })
    const { id = '', payload } = rows.find(({ subjectName }) => subjectName.startsWith('New password for')) ?? {}
    return kind === 'staff'
      ? staffMailFor(environment, scope, sendStaffMail.payload.parse(payload), id, now())
      : mailFor(environment, scope, sendMail.payload.parse(payload), id, now())
  }
  const signIn = async (password: string) =>
    (
      await call(host, 'PUT', '/api/auth/session', {
        body: { email: person.email, password },
        headers: { 'cf-connecting-ip': newSecret() },
      })
    ).status
  /** Their access is taken back. */
  const disable = () =>
    scope.commit(
      { action: 'stage.change', subject: { kind, id: person.id, name: person.name } },
      kind === 'staff'
        ? scope.changeAll(staff, eq(staff.id, person.id), { disabled: true })
        : scope.changeAll(contacts, eq(contacts.id, person.id), { access: 'disabled' }),
    )
  return { msp, portal, person, host, scope, resets, tokenOf, newLink, mail, signIn, disable }
}

describe.each(kinds)('A forgotten password of %s', (kind) => {
  it('is set anew by the link in a mail, which signs in here and out everywhere else', async () => {
    const { person, host, newLink, signIn } = await newForgetful(kind)
    const token = await newLink()
    const looked = await lookUp(host, token)
    expect(looked.status).toBe(200)
    expect(await bodyOf(looked)).toMatchObject({ name: person.name, email: person.email })
    const answer = await accept(host, token)
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect(await bodyOf(answer)).toMatchObject({ id: person.id, kind })
    const as = { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
    const isIn = async (who: { cookie: string }) => (await call(host, 'GET', '/api/auth/session', { as: who })).status
    expect([await isIn(as), await isIn(person)]).toEqual([200, 401])
    expect([await signIn(OLD), await signIn(NEW)]).toEqual([401, 200])
  })

  it('is mailed from the MSP, to its own host and behind the number sign, whatever host the request claims', async () => {
    const { person, host, portal, resets, tokenOf, mail } = await newForgetful(kind)
    const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', forwarded: 'host=evil.example' }
    expect((await ask(host, `  ${person.email.toUpperCase()} `, forged)).status).toBe(202)
    await queue.deliverErrands()
    expect(await resets()).toHaveLength(1)
    const token = await tokenOf((await resets())[0]?.id ?? '')
    const message = await mail()
    expect(message?.to.address).toBe(person.email)
    expect(message?.from.name).toBe('Northwind IT')
    for (const text of [message?.text ?? '', message?.html ?? '']) {
      expect(text).toContain(`https://${host}/password-reset#token=${token}`)
      expect(text).not.toMatch(/evil|portico/i)
    }
    if (kind === 'contact') {
      expect(message?.subject).toBe('Set a new password for the Fabrikam Dental portal')
      expect(message?.text).not.toContain(ADMIN)
    } else expect(message?.text).not.toContain(portal.host)
  })

  it('leaves its secret nowhere but in the mail', async () => {
    const { scope, resets, newLink } = await newForgetful(kind)
    const token = await newLink()
    const secret = token.split('.').at(-1) ?? ''
    expect((await resets())[0]?.tokenHash).toBe(await hashOf(secret))
    expect(secret).toMatch(/^[\w-]{43}$/)
    const everything = [await scope.list(jobs), await scope.list(activities), await resets(), queue.take()]
    expect(JSON.stringify(everything)).not.toContain(secret)
  })

  it('is set by one of twenty who use its link at once, and few of them have a password hashed', async () => {
    const { msp, person, host, scope, newLink, signIn } = await newForgetful(kind)
    const token = await newLink()
    const hashed = freeFailureCount.account
    const answers = await usedTwentyTimes(msp.shard, 20 - hashed, (number) =>
      accept(host, token, `velvet anchor bridge ${number}`),
    )
    const won = answers.findIndex(({ status }) => status === 200)
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200,
      ...Array.from({ length: hashed - 1 }, () => 410),
      ...Array.from({ length: 20 - hashed }, () => 429),
    ])
    const of = kind === 'staff' ? sessions.staffId : sessions.contactId
    expect(await scope.list(sessions, { where: eq(of, person.id) })).toHaveLength(1)
    expect(await signIn(`velvet anchor bridge ${won}`)).toBe(200)
  }, 60_000)

  it('is set once, also by another link of the same hour', async () => {
    const { host, newLink } = await newForgetful(kind)
    const [first, second] = [await newLink(), await newLink()]
    expect((await lookUp(host, first)).status).toBe(200)
    expect((await accept(host, second)).status).toBe(200)
    for (const token of [first, second]) {
      expect((await lookUp(host, token)).status).toBe(410)
      expect((await accept(host, token)).status).toBe(410)
    }
  })

  it('is not set after an hour', async () => {
    const { host, newLink, resets, signIn } = await newForgetful(kind)
    const token = await newLink()
    const until = (await resets())[0]?.expiresAt ?? 0
    expect(until - ((await resets())[0]?.createdAt ?? 0)).toBe(RESET_MS)
    moveClock(() => until - 1)
    expect((await lookUp(host, token)).status).toBe(200)
    moveClock(() => until)
    expect([(await lookUp(host, token)).status, (await accept(host, token)).status]).toEqual([410, 410])
    expect(await signIn(NEW)).toBe(401)
  })

  it('is not set for somebody who was shut out meanwhile, and no mail leaves any more', async () => {
    const { host, newLink, disable, mail } = await newForgetful(kind)
    const token = await newLink()
    await disable()
    expect([(await lookUp(host, token)).status, (await accept(host, token)).status]).toEqual([410, 410])
    expect(await mail()).toBeUndefined()
  })

  if (kind === 'contact')
    it('is not mailed to where nobody signs in with a password any more', async () => {
      const { scope, portal, newLink, mail } = await newForgetful(kind)
      await newLink()
      await scope.commit(
        { action: 'stage.change', subject: { kind: 'portal', id: portal.customerId, name: 'Portal' } },
        scope.changeAll(portals, eq(portals.customerId, portal.customerId), { signInPolicy: 'microsoft_only' }),
      )
      expect(await mail()).toBeUndefined()
    })

  it('keeps its link when the new one is too weak', async () => {
    const { host, newLink } = await newForgetful(kind)
    const token = await newLink()
    for (const weak of ['otter', 'unbreakable77', 'Summer2026!!'])
      expect((await accept(host, token, weak)).status, weak).toBe(422)
    expect((await accept(host, token)).status).toBe(200)
  })

  it('is not set by a page of another site', async () => {
    const { host, newLink } = await newForgetful(kind)
    const token = await newLink()
    expect((await accept(host, token, NEW, { site: 'same-site' })).status).toBe(403)
    expect((await lookUp(host, token)).status).toBe(200)
  })

  it('has a link that opens no other host and nothing of another MSP', async () => {
    const { msp, host, newLink } = await newForgetful(kind)
    const token = await newLink()
    const sibling = await newPortal(await newCustomer(msp))
    const elsewhere = await newPortal(await newCustomer(await newMsp()))
    for (const other of [ADMIN, sibling.host, elsewhere.host, 'auth.portal.test'].filter((name) => name !== host))
      expect([(await lookUp(other, token)).status, (await accept(other, token)).status], other).toEqual([404, 404])
    if (kind === 'staff') {
      const other = await newMsp()
      const moved = token.replace(msp.mspId, other.mspId).replace(msp.shard, other.shard)
      for (const forged of [moved, token.replace(msp.shard, 'shard-9'), token.slice(0, -1), `${token}.more`])
        expect((await accept(host, forged)).status, forged).toBe(404)
    }
    expect((await accept(host, token)).status).toBe(200)
  })

  it('is asked for at most three times an hour, however many ask at once', async () => {
    const { person, host, resets } = await newForgetful(kind)
    const answers = await Promise.all(Array.from({ length: freeFailureCount.account }, () => ask(host, person.email)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
    await queue.deliverErrands()
    expect(await resets()).toHaveLength(RESET_COUNT_MAX)
    const after = now() + RESET_MS
    moveClock(() => after)
    expect((await ask(host, person.email)).status).toBe(202)
    await queue.deliverErrands()
    expect(await resets()).toHaveLength(RESET_COUNT_MAX + 1)
  })
})

describe('A link to a new password', () => {
  /** A contact and the link they asked for, and what a technician does with them. */
  const newScene = async () => {
    const scene = await newForgetful('contact')
    const { msp, portal, person } = scene
    const technician = await newStaff(msp)
    const path = `/api/msp-portal/customers/${portal.customerId}/contacts/${person.id}`
    const does = async (method: string, at: string, body?: object) => {
      const answer = await call(ADMIN, method, path + at, { as: technician, ...(body === undefined ? {} : { body }) })
      expect(answer.ok, await answer.clone().text()).toBe(true)
    }
    const moveTo = (email: string) => does('PUT', '', { name: person.name, email, roles: ['portal_user'] })
    const isAccepted = async () => {
      const open = and(isNull(invitations.consumedAt), isNull(invitations.revokedAt))
      const [invitation] = await msp.scope.list(invitations, { where: open })
      const body = { token: await mailToken(environment, 'invitation', msp.mspId, invitation?.id ?? ''), password: NEW }
      expect((await call(portal.host, 'POST', '/api/auth/invitation/acceptance', { body })).status).toBe(200)
    }
    return { ...scene, does, moveTo, isAccepted }
  }

  it('that went to an earlier address of somebody is worth nothing from their next address on', async () => {
    const { host, newLink, does, moveTo, isAccepted, signIn, person } = await newScene()
    const token = await newLink()
    await moveTo(`next-${person.email}`)
    expect((await lookUp(host, token)).status).toBe(404)
    await does('POST', '/invitation')
    await isAccepted()
    expect((await accept(host, token, 'copper lantern puzzle eleven')).status).toBe(404)
    await moveTo(person.email)
    await does('POST', '/invitation')
    await isAccepted()
    expect(await signIn(NEW)).toBe(200)
  })

  it('does not outlive an invitation that was accepted after it was asked for', async () => {
    const { scope, portal, person, host, newLink, does, isAccepted } = await newScene()
    const token = await newLink()
    const customer = scope.forCustomer(portal.customerId)
    await customer.commit(
      { action: 'stage.change', subject: { kind: 'contact', id: person.id, name: person.name } },
      customer.changeAll(contacts, eq(contacts.id, person.id), { access: 'none', passwordHash: null }),
    )
    await does('POST', '/invitation')
    await isAccepted()
    expect((await accept(host, token)).status).toBe(404)
  })

  it('does not come back to life with a contact who was blocked and is let in again', async () => {
    const { host, newLink, does, signIn } = await newScene()
    const token = await newLink()
    await does('PUT', '/block')
    await does('DELETE', '/block')
    expect((await accept(host, token)).status).toBe(404)
    expect([await signIn(OLD), await signIn(NEW)]).toEqual([200, 401])
  })

  it('does not come back to life with somebody of the staff who was blocked and is let in again', async () => {
    const { msp, host, person, newLink, signIn } = await newForgetful('staff')
    const owner = await newStaff(msp, 'owner')
    const token = await newLink()
    for (const method of ['PUT', 'DELETE'])
      expect((await call(ADMIN, method, `/api/msp-portal/staff/${person.id}/block`, { as: owner })).ok).toBe(true)
    expect((await accept(host, token)).status).toBe(404)
    expect([await signIn(OLD), await signIn(NEW)]).toEqual([200, 401])
  })
})

describe('Asking for a new password', () => {
  it.each(kinds)(
    'is always taken from %s, however often others ask for them or guess at their password',
    async (kind) => {
      const { person, host, resets } = await newForgetful(kind)
      const at = now()
      moveClock(() => at)
      for (let count = 0; count < freeFailureCount.account + 3; count += 1) {
        expect((await ask(host, person.email)).status).toBe(202)
        await call(host, 'PUT', '/api/auth/session', {
          body: { email: person.email, password: 'wrong' },
          headers: { 'cf-connecting-ip': newSecret() },
        })
      }
      await queue.deliverErrands()
      expect(await resets()).toHaveLength(RESET_COUNT_MAX)
    },
  )

  it.each(kinds)(
    'is answered alike at the host of %s whether or not the address is known, also when too often',
    async (kind) => {
      const { person, host, disable, resets } = await newForgetful(kind)
      const stranger = `${newSecret().toLowerCase()}@customer.example`
      const told = async (answer: Response) => ({
        status: answer.status,
        headers: Object.fromEntries([...answer.headers].filter(([name]) => name !== 'x-request-id')),
        body: (await answer.text()).replaceAll(answer.headers.get('x-request-id') ?? '', ''),
      })
      const at = now()
      moveClock(() => at)
      const [knowing, guessing] = [newSecret(), newSecret()]
      for (let count = 0; count <= freeFailureCount.address; count += 1) {
        const known = await told(await ask(host, person.email, { 'cf-connecting-ip': knowing }))
        expect(known.status).toBe(count < freeFailureCount.address ? 202 : 429)
        expect(await told(await ask(host, stranger, { 'cf-connecting-ip': guessing }))).toEqual(known)
      }
      await queue.deliverErrands()
      expect(await resets()).toHaveLength(RESET_COUNT_MAX)
      await disable()
      moveClock(() => at + 60_000)
      expect((await ask(host, person.email)).status).toBe(202)
    },
  )

  it.each([
    ['a member of staff who is disabled', 'staff', async ({ disable }: Forgetful) => disable()],
    ['a contact who is shut out', 'contact', async ({ disable }: Forgetful) => disable()],
    ['a contact of a closed portal', 'contact', async (scene: Forgetful) => close(scene, 'portal')],
    ['a contact of an archived customer', 'contact', async (scene: Forgetful) => close(scene, 'customer')],
    ['staff who have no password yet', 'staff', async (scene: Forgetful) => withoutPassword(scene, 'staff')],
    ['a contact who has no password yet', 'contact', async (scene: Forgetful) => withoutPassword(scene, 'contact')],
  ] as const)('has nothing sent to %s', async (_, kind, happens) => {
    const scene = await newForgetful(kind)
    await happens(scene)
    expect((await ask(scene.host, scene.person.email)).status).toBe(202)
    // Somebody beside them who is sent one: by then theirs would have been, too.
    const other = await newForgetful(kind)
    await other.newLink()
    expect(await scene.resets()).toEqual([])
    expect(await scene.scope.list(jobs)).toEqual([])
  })

  it('for a contact at the portal of another customer, or for staff at a portal, sends nothing', async () => {
    const contact = await newForgetful('contact')
    const staffer = await newForgetful('staff')
    const sibling = await newPortal(await newCustomer(contact.msp))
    expect((await ask(sibling.host, contact.person.email)).status).toBe(202)
    expect((await ask(ADMIN, contact.person.email)).status).toBe(202)
    expect((await ask(staffer.portal.host, staffer.person.email)).status).toBe(202)
    await (await newForgetful('contact')).newLink()
    expect([...(await contact.resets()), ...(await staffer.resets())]).toEqual([])
  })
})

describe.each(kinds)('A request for a new password of %s', (kind) => {
  const requestsLeft = async (id: string) =>
    (await environment.directory.prepare('select * from password_reset_requests where id = ?').bind(id).all()).results

  /** Asks, and answers what the queue was told of it. */
  const asked = async (host: string, email: string) => {
    expect((await ask(host, email)).status).toBe(202)
    const [hint, ...more] = await vi.waitUntil(() => {
      const hints = queue.takeErrands()
      return hints.length > 0 ? hints : undefined
    })
    expect(more).toEqual([])
    return hint ?? { errand: '', id: '' }
  }

  it('sends the same statements and the same hint whether or not the address is known', async () => {
    const { person, host, scope } = await newForgetful(kind)
    const stranger = `${newSecret().toLowerCase()}@customer.example`
    const cost = async (email: string) => {
      const hints: string[] = []
      const sent = await sentBy(async () => hints.push((await asked(host, email)).errand))
      return { sent, hints, jobs: queue.take() }
    }
    await cost(person.email)
    const known = await cost(person.email)
    expect(known.sent.some((text) => text.includes('password_reset_requests'))).toBe(true)
    expect(known.sent.every((text) => text.startsWith('directory: '))).toBe(true)
    expect(await cost(stranger)).toEqual(known)
    expect(await scope.list(jobs)).toEqual([])
  })

  it('is answered behind the queue: the known address is mailed, the unknown one is not, and neither is kept', async () => {
    const { person, host, resets, scope } = await newForgetful(kind)
    const known = await asked(host, person.email)
    const unknown = await asked(host, `${newSecret().toLowerCase()}@customer.example`)
    expect(JSON.stringify(await requestsLeft(known.id))).not.toContain(person.email)
    for (const hint of [known, unknown]) {
      expect(await requestsLeft(hint.id)).toHaveLength(1)
      await deliverOne(hint)
      expect(await requestsLeft(hint.id)).toEqual([])
    }
    expect((await resets()).map(({ id }) => id)).toEqual([known.id])
    expect((await scope.list(jobs)).map(({ naturalKey }) => naturalKey)).toEqual([`mail:password_reset:${known.id}`])
  })

  it('whose hint is lost is taken up by the sweep', async () => {
    const { person, host, resets } = await newForgetful(kind)
    const lost = await asked(host, person.email)
    const at = now() + 60_000
    moveClock(() => at)
    await sweep(environment)
    expect(queue.takeErrands()).toContainEqual(lost)
    await deliverOne(lost)
    expect(await resets()).toHaveLength(1)
  })

  it('that comes twice, or whose Worker died before it said so, is mailed once', async () => {
    const { person, host, resets, scope } = await newForgetful(kind)
    const hint = await asked(host, person.email)
    const { directory } = environment
    const prepare = directory.prepare.bind(directory)
    const dying = vi.spyOn(directory, 'prepare').mockImplementation((text) => {
      if (text.startsWith('delete from password_reset_requests')) throw new Error('The Worker died.')
      return prepare(text)
    })
    await expect(deliverOne(hint)).rejects.toThrow('The Worker died.')
    dying.mockRestore()
    expect(await resets()).toHaveLength(1)
    await deliverOne(hint)
    expect(await requestsLeft(hint.id)).toHaveLength(1)
    const at = now() + 60_000
    moveClock(() => at)
    await deliverOne(hint)
    expect(await requestsLeft(hint.id)).toEqual([])
    expect([(await resets()).length, (await scope.list(jobs)).length]).toEqual([1, 1])
  })

  it('is forgotten once nobody waits for its mail any more', async () => {
    const { person, host, resets } = await newForgetful(kind)
    const hint = await asked(host, person.email)
    const at = now() + REQUEST_MS
    moveClock(() => at)
    await deliverOne(hint)
    expect(await resets()).toEqual([])
    await sweep(environment)
    expect(await requestsLeft(hint.id)).toEqual([])
  })
})

describe('Requests for new passwords that nobody takes up', () => {
  it('keep none that came later from its turn, however many they are', async () => {
    const { person, host } = await newForgetful('contact')
    const { directory } = environment
    await directory
      .prepare(
        `insert into password_reset_requests (id, host, email_sealed, request_id, due_at, expires_at)
         select 'stuck-' || key, 'nowhere.portal.test', 'sealed', 'stuck', ?1, ?2 from json_each(?3)`,
      )
      .bind(now() - 60_000, now() + REQUEST_MS, JSON.stringify(Array.from({ length: 1200 }, () => 0)))
      .run()
    expect((await ask(host, person.email)).status).toBe(202)
    const [lost] = await vi.waitUntil(() => {
      const hints = queue.takeErrands()
      return hints.length > 0 ? hints : undefined
    })
    const hinted: unknown[] = []
    for (const minute of [1, 2]) {
      const at = now() + minute * 60_000
      moveClock(() => at)
      await sweep(environment)
      hinted.push(...queue.takeErrands())
    }
    expect(hinted.length, 'the stage').toBeGreaterThan(1200)
    expect(hinted).toContainEqual(lost)
    await directory.prepare(`delete from password_reset_requests where request_id = 'stuck'`).run()
  })
})

type Forgetful = Awaited<ReturnType<typeof newForgetful>>

const close = async ({ scope, portal }: Forgetful, what: 'portal' | 'customer') => {
  const customer = scope.forCustomer(portal.customerId)
  await customer.commit(
    { action: 'stage.change', subject: { kind: 'customer', id: portal.customerId, name: portal.name } },
    what === 'portal'
      ? customer.changeAll(portals, undefined, { state: 'disabled' })
      : customer.changeAll(customers, undefined, { state: 'archived' }),
  )
}

const withoutPassword = async ({ scope, person }: Forgetful, kind: Kind) => {
  await scope.commit(
    { action: 'stage.change', subject: { kind, id: person.id, name: person.name } },
    kind === 'staff'
      ? scope.changeAll(staff, eq(staff.id, person.id), { passwordHash: null })
      : scope.changeAll(contacts, eq(contacts.id, person.id), { passwordHash: null }),
  )
}
