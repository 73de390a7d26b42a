import { eq, like } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  activities,
  contacts,
  customers,
  handOvers,
  invitations,
  jobs,
  passwordResets,
  portals,
  sessions,
  staff,
} from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { contactSession, tokenIn } from '../../http/session.ts'
import { newId, newSecret, hashOf } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { cheapHash } from '../../test/cheap-hash.ts'
import { fakeAssets } from '../../test/fake-assets.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { startMicrosoft, unavailable } from '../../test/microsoft.ts'
import type { SignIn } from '../../test/microsoft.ts'
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
import { follow, standingClock, whereTo } from '../../test/tenants.ts'
import { mailFor, sendMail } from '../mail/mail.jobs.ts'
import { sendStaffMail, staffMailFor } from '../mail/staff-mail.jobs.ts'
import { freeFailureCount } from './attempts.ts'

const PASSWORD = 'marble otter window seven'
const passwordHash = cheapHash(PASSWORD)
const microsoft = startMicrosoft()
const queue = holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })

beforeEach(() => microsoft.calm())
afterEach(() => moveClock(undefined))

/** An account of a work tenant that we know nothing else of. */
const newAccount = () => {
  const { tenantId } = microsoft.tenant()
  const oid = crypto.randomUUID()
  const signIn = (more: SignIn = {}): SignIn => ({
    tenantId,
    ...more,
    claims: { oid, preferred_username: 'dana@work.example', name: 'Dana Reyes', ...more.claims },
  })
  return { tenantId, oid, signIn }
}
type Account = ReturnType<typeof newAccount>

const newDoor = async () => newPortal(await newCustomer(await newMsp(), 'Fabrikam'))
const scopeOf = ({ msp, customerId }: StagedPortal) => msp.scope.forCustomer(customerId)
const rowOf = (contact: StagedContact) => scopeOf(contact.portal).find(contacts, contact.id, 'contact')

const change = async (portal: StagedPortal, contact: StagedContact, set: Partial<typeof contacts.$inferInsert>) => {
  const scope = scopeOf(portal)
  await scope.commit(
    { action: 'stage.contact', subject: { kind: 'contact', id: contact.id, name: contact.name } },
    scope.changeAll(contacts, eq(contacts.id, contact.id), set),
  )
}

/** Lets something happen right before a batch with this statement reaches the database, once. */
const beforeBatchWith = ({ msp }: StagedPortal, beginning: string, happens: () => Promise<unknown>): void => {
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

/** A contact who has linked an account before. */
const newLinked = async (given: { portal?: StagedPortal; account?: Account } = {}) => {
  const portal = given.portal ?? (await newDoor())
  const account = given.account ?? newAccount()
  const contact = await newContact(portal)
  await change(portal, contact, {
    microsoftTenantId: account.tenantId,
    microsoftObjectId: account.oid,
    microsoftAccount: 'dana@work.example',
    microsoftLinkedAt: now(),
  })
  return { portal, contact, account }
}

/** An invited contact with the secret of their link. */
const newInvitee = async (portal?: StagedPortal) => {
  const door = portal ?? (await newDoor())
  const contact = await newContact(door, ['portal_user'], { access: 'invited' })
  const scope = scopeOf(door)
  const [token, id] = [newSecret(), newId(now())]
  await scope.commit(
    { action: 'stage.invitation', subject: { kind: 'contact', id: contact.id, name: contact.name } },
    scope.add(invitations, {
      id,
      contactId: contact.id,
      tokenHash: await hashOf(token),
      createdAt: now(),
      expiresAt: now() + 86_400_000,
    }),
  )
  return { portal: door, contact, token, invitationId: id }
}

const begin = (host: string, body: object = {}) => call(host, 'POST', '/api/auth/microsoft', { body })

/** Begins, and keeps what the browser keeps: where to go, and the flow cookie. */
const begun = async (host: string, body: object = {}) => {
  const response = await begin(host, body)
  if (response.status !== 200) throw new Error(`Not begun: ${await response.text()}`)
  const { url } = await bodyOf<{ url: string }>(response)
  return { url, flow: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

/** As far as the address with the one-time code, or the page that says why not. */
const upToTheCode = async (host: string, signIn: SignIn, body: object = {}) => {
  const { url, flow } = await begun(host, body)
  const answer = await follow(microsoft.signIn(url, signIn))
  return { address: whereTo(answer), flow, answer, url }
}

const redeem = (address: string, cookie: string) => follow(address, { cookie })

/** The whole way; answers where the browser ends up and with what cookie. */
const walk = async (host: string, signIn: SignIn, body: object = {}) => {
  const { address, flow } = await upToTheCode(host, signIn, body)
  if (reasonIn(address) !== null) return { to: address.slice(`https://${host}`.length), cookie: undefined }
  const answer = await redeem(address, flow)
  const session = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('__Host-session='))
  return { to: whereTo(answer), cookie: session?.split(';')[0] }
}

const whoIs = async (host: string, cookie: string | undefined) => {
  const answer = await call(host, 'GET', '/api/auth/session', { as: { cookie: cookie ?? '' } })
  return answer.status === 200 ? bodyOf<{ id: string }>(answer) : undefined
}
const reasonIn = (address: string) => new URL(address, 'https://x.test').searchParams.get('microsoft')
const handOversOf = ({ msp }: StagedPortal) => msp.scope.list(handOvers)
const at20 = <T>(run: (number: number) => Promise<T>) => Promise.all(Array.from({ length: 20 }, (_, n) => run(n)))

describe('Beginning to sign in with Microsoft', () => {
  it('sends the browser to Microsoft, any work account and PKCE, and writes nothing', async () => {
    const portal = await newDoor()
    const before = (await portal.msp.scope.list(activities)).length
    const { url, flow } = await begun(portal.host)
    const { origin, pathname, searchParams } = new URL(url)
    expect(origin + pathname).toBe(`${environment.ENTRA_URL}/organizations/oauth2/v2.0/authorize`)
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      prompt: 'select_account',
      redirect_uri: `https://${environment.SIGN_IN_HOST}/microsoft/callback`,
    })
    expect(flow).toMatch(/^__Host-microsoft=[\w-]{43}$/)
    expect(await handOversOf(portal)).toEqual([])
    expect((await portal.msp.scope.list(activities)).length).toBe(before)
  })

  it('keeps its secrets out of the address', async () => {
    const { url, flow } = await begun((await newDoor()).host)
    expect(url).not.toContain(flow.split('=')[1])
    const state = new URL(url).searchParams.get('state') ?? ''
    expect(atob((state.split('.')[2] ?? '').replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('verifier')
  })

  it('is not taken from a page of another portal', async () => {
    const portal = await newDoor()
    const answer = await call(portal.host, 'POST', '/api/auth/microsoft', { body: {}, site: 'same-site' })
    expect(answer.status).toBe(403)
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)'])(
    'goes back nowhere but to this host: not to %j',
    async (returnTo) => {
      const answer = await begin((await newDoor()).host, { returnTo })
      expect(answer.status).toBe(422)
      expect(await bodyOf(answer)).toMatchObject({ errors: [{ pointer: '/returnTo' }] })
    },
  )

  it('tells a stranger’s invitation from a used one', async () => {
    const { portal, token, contact } = await newInvitee()
    expect((await begin(portal.host, { invitation: newSecret() })).status).toBe(404)
    expect((await begin((await newDoor()).host, { invitation: token })).status).toBe(404)
    await walk(portal.host, newAccount().signIn(), { invitation: token })
    expect((await rowOf(contact)).access).toBe('active')
    expect((await begin(portal.host, { invitation: token })).status).toBe(410)
  })
})

describe('Signing in with Microsoft', () => {
  it('lets in the contact who linked the account, and goes where they wanted to', async () => {
    const { portal, contact, account } = await newLinked()
    const { to, cookie } = await walk(portal.host, account.signIn(), { returnTo: '/documents?q=plan' })
    expect(to).toBe('/documents?q=plan')
    expect((await whoIs(portal.host, cookie))?.id).toBe(contact.id)
    const entries = await scopeOf(portal).list(activities, { where: eq(activities.actorId, contact.id) })
    expect(entries.map(({ action }) => action)).toEqual(['contact.signed_in_with_microsoft'])
  })

  it('knows nobody by an address: an account with the very e-mail of a contact gets one answer that names nobody', async () => {
    const portal = await newDoor()
    const contact = await newContact(portal)
    const claims = { email: contact.email, preferred_username: contact.email, name: contact.name, upn: contact.email }
    const { to, cookie } = await walk(portal.host, newAccount().signIn({ claims }))
    expect([to, cookie]).toEqual(['/?microsoft=not_known', undefined])
    expect(await rowOf(contact)).toMatchObject({ microsoftObjectId: null })
  })

  it('tells the same id in another tenant apart, and another id in the same one', async () => {
    const { portal, account } = await newLinked()
    const elsewhere = newAccount()
    const sameId = await walk(portal.host, { ...elsewhere.signIn(), claims: { oid: account.oid } })
    const sameTenant = await walk(portal.host, account.signIn({ claims: { oid: crypto.randomUUID() } }))
    expect([sameId.to, sameTenant.to]).toEqual(['/?microsoft=not_known', '/?microsoft=not_known'])
    expect([sameId.cookie, sameTenant.cookie]).toEqual([undefined, undefined])
  })

  it.each([
    ['blocked', (portal: StagedPortal, contact: StagedContact) => change(portal, contact, { access: 'disabled' })],
    [
      'of a closed portal',
      (portal: StagedPortal) => {
        const scope = scopeOf(portal)
        return scope.commit(
          { action: 'stage.close', subject: { kind: 'portal', id: '1', name: '' } },
          scope.changeAll(portals, undefined, { state: 'disabled' }),
        )
      },
    ],
    [
      'of a disabled customer',
      (portal: StagedPortal) => {
        const scope = scopeOf(portal)
        return scope.commit(
          { action: 'stage.disable', subject: { kind: 'customer', id: '1', name: '' } },
          scope.changeAll(customers, undefined, { state: 'disabled' }),
        )
      },
    ],
  ] as const)('keeps out somebody %s, in the same words', async (_, shut) => {
    const { portal, contact, account } = await newLinked()
    await shut(portal, contact)
    const { to, cookie } = await walk(portal.host, account.signIn())
    expect([to, cookie]).toEqual(['/?microsoft=not_known', undefined])
  })

  it.each([
    ['blocked', { access: 'disabled' }],
    ['unlinked from the account', { microsoftObjectId: null }],
  ] as const)('does not let in somebody who was %s while they came back', async (_, set) => {
    const { portal, contact, account } = await newLinked()
    const { address, flow } = await upToTheCode(portal.host, account.signIn())
    beforeBatchWith(portal, 'insert into "sessions"', () => change(portal, contact, set))
    const answer = await redeem(address, flow)
    expect([
      whereTo(answer),
      answer.headers.getSetCookie().some((cookie) => cookie.startsWith('__Host-session=')),
    ]).toEqual(['/?microsoft=out_of_date', false])
  })

  it('works side by side at several portals with different accounts, in one browser', async () => {
    const [one, other] = [await newLinked(), await newLinked()]
    const first = await upToTheCode(one.portal.host, one.account.signIn())
    const second = await upToTheCode(other.portal.host, other.account.signIn())
    // A browser sends each host only its own cookies.
    const there = await redeem(second.address, second.flow)
    const here = await redeem(first.address, first.flow)
    expect([whereTo(here), whereTo(there)]).toEqual(['/', '/'])
  })

  it('refuses a personal account, in words of its own', async () => {
    const personal = '9188040d-6c67-4c5b-b112-36a304b66dad'
    const { address } = await upToTheCode((await newDoor()).host, { tenantId: personal })
    expect(reasonIn(address)).toBe('personal')
  })

  it('says that somebody declined, and that Microsoft did not answer', async () => {
    const { portal, account } = await newLinked()
    const { url } = await begun(portal.host)
    const state = new URL(url).searchParams.get('state') ?? ''
    const query = new URLSearchParams({ error: 'access_denied', state }).toString()
    const declined = await call(environment.SIGN_IN_HOST, 'GET', `/microsoft/callback?${query}`)
    expect(whereTo(declined)).toBe(`https://${portal.host}/?microsoft=declined`)
    microsoft.interrupt('/oauth2/v2.0/token', unavailable)
    expect(reasonIn((await upToTheCode(portal.host, account.signIn())).address)).toBe('unreachable')
  })
})

describe('A licence permission', () => {
  const permissionIn = async (portal: StagedPortal, cookie: string) => {
    const { host, msp, customerId } = portal
    const place = { kind: 'portal', host, mspId: msp.mspId, customerId, shard: msp.shard, isCustom: false } as const
    const [, value = ''] = cookie.split('=')
    const request = { req: { header: () => undefined, raw: new Request('https://x', { headers: { cookie } }) } }
    const token = tokenIn(request as never, environment)
    expect(value).not.toBe('')
    const setting = { environment, requestId: 'test', later: () => undefined }
    return (await contactSession(setting, place, token))?.person.licencePermission
  }

  it('counts in a session begun with Microsoft, in no other, and no longer once the account is unlinked', async () => {
    const { portal, contact, account } = await newLinked()
    await change(portal, contact, { licencePermission: 'modify' })
    expect(await permissionIn(portal, contact.cookie)).toBe('none')
    const { cookie = '' } = await walk(portal.host, account.signIn())
    expect(await permissionIn(portal, cookie)).toBe('modify')
    await change(portal, contact, { microsoftObjectId: null })
    expect(await permissionIn(portal, cookie)).toBe('none')
  })
})

describe('An invitation accepted with Microsoft', () => {
  it('ties the account to the contact in the commit that spends it, and welcomes them', async () => {
    const { portal, contact, token, invitationId } = await newInvitee()
    const account = newAccount()
    const { to, cookie } = await walk(portal.host, account.signIn(), { invitation: token })
    expect(to).toBe('/')
    expect((await whoIs(portal.host, cookie))?.id).toBe(contact.id)
    expect(await rowOf(contact)).toMatchObject({
      access: 'active',
      passwordHash: null,
      microsoftTenantId: account.tenantId,
      microsoftObjectId: account.oid,
      microsoftAccount: 'dana@work.example',
    })
    const [invitation] = await scopeOf(portal).list(invitations)
    expect([invitation?.id, invitation?.consumedAt === null]).toEqual([invitationId, false])
    const mails = await portal.msp.scope.list(jobs, { where: eq(jobs.kind, 'mail.send') })
    expect(mails.map(({ payload }) => payload)).toEqual([{ about: 'welcome', contactId: contact.id }])
    const again = await walk(portal.host, account.signIn())
    expect((await whoIs(portal.host, again.cookie))?.id).toBe(contact.id)
  })

  it('is won by one of 20 who hold the link at once', async () => {
    const { portal, contact, token } = await newInvitee()
    const ways = await at20(() => upToTheCode(portal.host, newAccount().signIn(), { invitation: token }))
    const answers = await Promise.all(ways.map(({ address, flow }) => redeem(address, flow)))
    const outcomes = answers.map(whereTo)
    expect(outcomes.filter((to) => to === '/')).toHaveLength(1)
    expect(outcomes.filter((to) => to === '/invitation?microsoft=used')).toHaveLength(19)
    const begunSessions = await portal.msp.scope.list(sessions, { where: eq(sessions.contactId, contact.id) })
    expect(begunSessions).toHaveLength(1)
  })

  it('is not accepted once it was withdrawn meanwhile', async () => {
    const { portal, contact, token, invitationId } = await newInvitee()
    const { address, flow } = await upToTheCode(portal.host, newAccount().signIn(), { invitation: token })
    const scope = scopeOf(portal)
    await scope.commit(
      { action: 'stage.revoke', subject: { kind: 'contact', id: contact.id, name: '' } },
      scope.changeAll(invitations, eq(invitations.id, invitationId), { revokedAt: now() }),
    )
    expect(whereTo(await redeem(address, flow))).toBe('/invitation?microsoft=used')
    expect(await rowOf(contact)).toMatchObject({ access: 'invited', microsoftObjectId: null })
  })
})

describe('A one-time code', () => {
  it('works once', async () => {
    const { portal, account } = await newLinked()
    const { address, flow } = await upToTheCode(portal.host, account.signIn())
    expect(whereTo(await redeem(address, flow))).toBe('/')
    const again = await redeem(address, flow)
    expect(whereTo(again)).toBe('/?microsoft=out_of_date')
    expect(again.headers.getSetCookie().some((cookie) => cookie.startsWith('__Host-session='))).toBe(false)
  })

  it('works once for 20 at once', async () => {
    const { portal, contact, account } = await newLinked()
    const { address, flow } = await upToTheCode(portal.host, account.signIn())
    const outcomes = (await at20(() => redeem(address, flow))).map(whereTo)
    expect(outcomes.filter((to) => to === '/')).toHaveLength(1)
    expect(outcomes.filter((to) => to === '/?microsoft=out_of_date')).toHaveLength(19)
    const rows = await portal.msp.scope.list(sessions, { where: eq(sessions.contactId, contact.id) })
    expect(rows.filter(({ method }) => method === 'microsoft')).toHaveLength(1)
  })

  it('works at no other host, not even of the same MSP, whatever cookie comes along', async () => {
    const { portal, account } = await newLinked()
    const sibling = await newPortal(await newCustomer(portal.msp))
    const { address, flow } = await upToTheCode(portal.host, account.signIn())
    const { pathname, search } = new URL(address)
    for (const host of [sibling.host, ADMIN, (await newDoor()).host]) {
      const answer = await call(host, 'GET', pathname + search, { as: { cookie: flow } })
      expect(whereTo(answer), host).toBe('/?microsoft=out_of_date')
    }
    expect(whereTo(await redeem(address, flow))).toBe('/')
  })

  it('works for no other browser: without the flow cookie, or with that of another', async () => {
    const { portal, account } = await newLinked()
    const { address, flow } = await upToTheCode(portal.host, account.signIn())
    const theirs = await begun(portal.host)
    for (const cookie of ['', theirs.flow, `__Host-microsoft=${newSecret()}`, '__Host-microsoft='])
      expect(whereTo(await redeem(address, cookie)), cookie).toBe('/?microsoft=out_of_date')
    expect(whereTo(await redeem(address, flow))).toBe('/')
  })

  it('works for a minute', async () => {
    const clock = standingClock()
    const { portal, account } = await newLinked()
    // Tokens of this test's Microsoft carry the real time, which the code's minute has nothing to do with.
    const { address, flow } = await upToTheCode(portal.host, account.signIn())
    clock.forward(60_000)
    expect(whereTo(await redeem(address, flow))).toBe('/?microsoft=out_of_date')
  })

  it('is not used up by a HEAD, as of a program that checks links', async () => {
    const { portal, account } = await newLinked()
    const { address, flow } = await upToTheCode(portal.host, account.signIn())
    const { pathname, search } = new URL(address)
    expect((await call(portal.host, 'HEAD', pathname + search, { as: { cookie: flow } })).status).toBe(405)
    expect(whereTo(await redeem(address, flow))).toBe('/')
  })

  it('is worth nothing to whoever reads the database', async () => {
    const { portal, account } = await newLinked()
    const { address, flow } = await upToTheCode(portal.host, account.signIn())
    const rows = JSON.stringify(await handOversOf(portal))
    const code = new URL(address).searchParams.get('code') ?? ''
    expect(rows).not.toContain(code.split('.')[2])
    expect(rows).not.toContain(flow.split('=')[1])
  })
})

describe('A state', () => {
  const callback = (query: Record<string, string>) =>
    call(environment.SIGN_IN_HOST, 'GET', `/microsoft/callback?${new URLSearchParams(query).toString()}`)

  it('that was made up, changed, or is of another key leads nowhere', async () => {
    const { url } = await begun((await newDoor()).host)
    const state = new URL(url).searchParams.get('state') ?? ''
    const [key = '', iv = '', text = ''] = state.split('.')
    const flipped = `${text.slice(0, 10)}${text[10] === 'A' ? 'B' : 'A'}${text.slice(11)}`
    for (const bad of [
      'a.b.c',
      `${key}.${iv}.${flipped}`,
      `other.${iv}.${text}`,
      `${key}.${text}`,
      `${state}.more`,
      '.',
    ])
      expect((await callback({ state: bad, code: 'any' })).status, bad).toBe(410)
  })

  it('works for a quarter of an hour', async () => {
    const clock = standingClock()
    const { portal, account } = await newLinked()
    const { url } = await begun(portal.host)
    clock.forward(15 * 60_000)
    expect((await follow(microsoft.signIn(url, account.signIn()))).status).toBe(410)
  })

  it('given to somebody else signs them in to nothing: what they prove waits for the browser that began', async () => {
    const { portal, account } = await newLinked()
    const attacker = await begun(portal.host)
    const proven = await follow(microsoft.signIn(attacker.url, account.signIn()))
    const victims = await begun(portal.host)
    expect(whereTo(await redeem(whereTo(proven), victims.flow))).toBe('/?microsoft=out_of_date')
    expect(whereTo(await redeem(whereTo(proven), ''))).toBe('/?microsoft=out_of_date')
  })

  it('does not take the code that another state was given', async () => {
    const { portal, account } = await newLinked()
    const [one, other] = [await begun(portal.host), await begun(portal.host)]
    const code = new URL(microsoft.signIn(one.url, account.signIn())).searchParams.get('code') ?? ''
    const state = new URL(other.url).searchParams.get('state') ?? ''
    expect(reasonIn(whereTo(await callback({ code, state })))).toBe('unverified')
  })

  it('takes each code of Microsoft once', async () => {
    const { portal, account } = await newLinked()
    const { url } = await begun(portal.host)
    const back = microsoft.signIn(url, account.signIn())
    expect(reasonIn(whereTo(await follow(back)))).toBeNull()
    expect(reasonIn(whereTo(await follow(back)))).toBe('unverified')
    expect(await handOversOf(portal)).toHaveLength(1)
  })
})

describe('A token', () => {
  it.each<[string, (account: Account) => SignIn]>([
    ['of another issuer', ({ signIn }) => signIn({ claims: { iss: 'https://evil.example/v2.0' } })],
    [
      'whose issuer is another tenant than it says',
      ({ signIn }) => signIn({ claims: { tid: microsoft.tenant().tenantId } }),
    ],
    ['for another application', ({ signIn }) => signIn({ claims: { aud: crypto.randomUUID() } })],
    ['for several applications', ({ signIn }) => signIn({ claims: { aud: ['one', 'two'] } })],
    ['with another nonce', ({ signIn }) => signIn({ claims: { nonce: 'another' } })],
    ['without a nonce', ({ signIn }) => signIn({ claims: { nonce: undefined } })],
    ['that has expired', ({ signIn }) => signIn({ lifetimeSeconds: -3600 })],
    ['without an end', ({ signIn }) => signIn({ claims: { exp: undefined } })],
    ['without a tenant', ({ signIn }) => signIn({ claims: { tid: undefined } })],
    ['whose tenant is a path', ({ signIn }) => signIn({ claims: { tid: '../evil' } })],
    ['without an account', ({ signIn }) => signIn({ claims: { oid: undefined } })],
    ['whose account is no id', ({ signIn }) => signIn({ claims: { oid: "x' or 1=1" } })],
    ['that is not signed', ({ signIn }) => signIn({ alg: 'none' })],
    ['signed with the published key, as a password', ({ signIn }) => signIn({ alg: 'HS256' })],
    ['signed by somebody else', ({ signIn }) => signIn({ signedBy: 'somebody else' })],
  ])('%s proves nothing', async (_, signInAs) => {
    const { portal, account } = await newLinked()
    const { address } = await upToTheCode(portal.host, signInAs(account))
    expect(reasonIn(address)).toBe('unverified')
    expect(await handOversOf(portal)).toEqual([])
  })
})

describe('At the admin host', () => {
  it('an account that nobody of the staff has linked gets one answer that names nobody', async () => {
    const marcus = await newStaff(await newMsp())
    const claims = { email: marcus.email, preferred_username: marcus.email }
    const { address } = await upToTheCode(ADMIN, newAccount().signIn({ claims }))
    expect(address).toBe(`https://${ADMIN}/?microsoft=not_known`)
  })

  it('a contact’s account opens nothing', async () => {
    const { account } = await newLinked()
    expect((await upToTheCode(ADMIN, account.signIn())).address).toBe(`https://${ADMIN}/?microsoft=not_known`)
  })
})

describe('Linking one’s own account', () => {
  const LINK = '/api/auth/microsoft/link'
  const from = () => ({ 'cf-connecting-ip': newSecret() })
  type Who = { host: string; cookie: string }

  const beginLink = async ({ host, cookie }: Who, returnTo = '/') => {
    const response = await call(host, 'POST', LINK, {
      as: { cookie },
      body: { returnTo, password: PASSWORD },
      headers: from(),
    })
    if (response.status !== 200) throw new Error(`Not begun: ${await response.text()}`)
    const { url } = await bodyOf<{ url: string }>(response)
    return { url, flow: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  }
  const proveLink = async (who: Who, account: Account, returnTo = '/') => {
    const { url, flow } = await beginLink(who, returnTo)
    return { address: whereTo(await follow(microsoft.signIn(url, account.signIn()))), flow }
  }
  const linkAs = async (who: Who, account: Account, returnTo = '/') => {
    const { address, flow } = await proveLink(who, account, returnTo)
    return whereTo(await redeem(address, `${who.cookie}; ${flow}`))
  }
  const linkOf = async ({ host, cookie }: Who) =>
    bodyOf<{ account: string | null; mayUnlink: boolean }>(await call(host, 'GET', LINK, { as: { cookie } }))

  const newColleague = async (hash: string | null = passwordHash) => {
    const msp = await newMsp()
    const { cookie, id, email } = await newStaff(msp, 'technician', hash)
    return { msp, id, email, host: ADMIN, cookie }
  }
  const newPerson = async () => {
    const portal = await newDoor()
    const contact = await newContact(portal, ['portal_user'], { passwordHash })
    const { msp, host } = portal
    const { id, email, cookie } = contact
    return { msp, portal, contact, id, email, host, cookie }
  }

  it.each([
    ['staff', newColleague],
    ['a contact', newPerson],
  ] as const)('lets %s sign in with it from then on, until they unlink it', async (_, someone) => {
    const who = await someone()
    const account = newAccount()
    expect(await linkOf(who)).toMatchObject({ account: null, mayUnlink: true })
    expect(await linkAs(who, account, '/profile?tab=1#microsoft')).toBe('/profile?tab=1&microsoft=linked#microsoft')
    expect(await linkOf(who)).toMatchObject({ account: 'dana@work.example', mayUnlink: true })
    const there = await walk(who.host, account.signIn())
    expect((await whoIs(who.host, there.cookie))?.id).toBe(who.id)

    expect((await call(who.host, 'DELETE', LINK, { as: who })).status).toBe(204)
    expect(await linkOf(who)).toMatchObject({ account: null })
    // What the account began elsewhere has ended; where it was unlinked, one is still signed in.
    expect(await whoIs(who.host, there.cookie)).toBeUndefined()
    expect((await whoIs(who.host, who.cookie))?.id).toBe(who.id)
    expect((await walk(who.host, account.signIn())).to).toBe('/?microsoft=not_known')
  })

  it.each([
    ['staff', newColleague],
    ['a contact', newPerson],
  ] as const)('asks %s for their password, and tells them by mail when it is done and undone', async (_, someone) => {
    const who = await someone()
    const told = async () => {
      const rows = await who.msp.scope.list(jobs, { where: like(jobs.kind, 'mail.%'), orderBy: [jobs.id] })
      const mails = await Promise.all(
        rows.map(({ kind, id, payload }) =>
          kind === 'mail.staff'
            ? staffMailFor(environment, who.msp.scope, sendStaffMail.payload.parse(payload), id, now())
            : mailFor(environment, who.msp.scope, sendMail.payload.parse(payload), id, now()),
        ),
      )
      for (const mail of mails) expect(mail?.text).not.toContain('work.example')
      return mails.map((mail) => [mail?.to.address, mail?.subject.replace(/ (to|for) .*/, '')])
    }
    expect(await linkOf(who)).toMatchObject({ asksPassword: true })
    for (const body of [{}, { password: 'not the password' }]) {
      const answer = await call(who.host, 'POST', LINK, { as: who, body, headers: from() })
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([422, []])
      expect(await bodyOf(answer)).toMatchObject({ errors: [{ pointer: '/password' }] })
    }
    expect(await told()).toEqual([])
    await linkAs(who, newAccount())
    expect(await told()).toEqual([[who.email, 'A Microsoft account can sign in']])
    await call(who.host, 'DELETE', LINK, { as: who })
    expect((await told()).at(-1)).toEqual([who.email, 'Your Microsoft account'])
  })

  it('makes who guesses the password wait', async () => {
    const who = await newPerson()
    const tries = []
    for (let count = 0; count <= freeFailureCount.account; count += 1)
      tries.push(
        (await call(who.host, 'POST', LINK, { as: who, body: { password: `guess ${count}` }, headers: from() })).status,
      )
    expect(tries).toEqual([...Array.from({ length: freeFailureCount.account }, () => 422), 429])
  })

  it('asks nobody for a password who has none', async () => {
    const portal = await newDoor()
    const { cookie } = await newContact(portal)
    const who = { host: portal.host, cookie }
    expect(await linkOf(who)).toMatchObject({ asksPassword: false })
    expect((await call(who.host, 'POST', LINK, { as: who, body: {} })).status).toBe(200)
  })

  it('is not finished with a password that was set anew meanwhile', async () => {
    const who = await newPerson()
    const { address, flow } = await proveLink(who, newAccount())
    beforeBatchWith(who.portal, 'update "contacts" set "microsoft', () =>
      change(who.portal, who.contact, { passwordHash: 'another' }),
    )
    expect(reasonIn(whereTo(await redeem(address, `${who.cookie}; ${flow}`)))).toBe('taken')
    expect(await rowOf(who.contact)).toMatchObject({ microsoftObjectId: null })
  })

  it.each([
    ['staff', newColleague],
    ['a contact', newPerson],
  ] as const)('is undone for %s by a forgotten password that is set anew', async (_, someone) => {
    const who = await someone()
    const account = newAccount()
    await linkAs(who, account)
    await call(who.host, 'POST', '/api/auth/password-reset', { body: { email: who.email }, headers: from() })
    await queue.deliverErrands()
    const [reset] = await who.msp.scope.list(passwordResets)
    const secret = await mailToken(environment, 'password_reset', who.msp.mspId, reset?.id ?? '')
    const token = who.host === ADMIN ? `${who.msp.shard}.${who.msp.mspId}.${secret}` : secret
    const body = { token, password: 'velvet anchor bridge nine' }
    expect(
      (await call(who.host, 'POST', '/api/auth/password-reset/acceptance', { body, headers: from() })).status,
    ).toBe(200)
    expect((await walk(who.host, account.signIn())).to).toBe('/?microsoft=not_known')
    const mails = await who.msp.scope.list(jobs, { where: like(jobs.naturalKey, 'mail:microsoft_unlinked:%') })
    expect(mails).toHaveLength(1)
  })

  it('is not finished by a browser where somebody else is signed in, or nobody', async () => {
    const [marcus, vera] = [await newColleague(), await newColleague()]
    const { address, flow } = await proveLink(marcus, newAccount())
    for (const cookie of [flow, `${vera.cookie}; ${flow}`])
      expect(whereTo(await redeem(address, cookie))).toBe('/?microsoft=out_of_date')
    expect(await linkOf(marcus)).toMatchObject({ account: null })
    expect(await linkOf(vera)).toMatchObject({ account: null })
  })

  it('links nobody to an attacker’s account: the victim’s browser holds no flow cookie of that way', async () => {
    const [attacker, victim] = [await newPerson(), await newPerson()]
    const { address } = await proveLink(attacker, newAccount())
    const own = await beginLink(victim)
    expect(whereTo(await redeem(address, `${victim.cookie}; ${own.flow}`))).toBe('/?microsoft=out_of_date')
    expect(await linkOf(victim)).toMatchObject({ account: null })
  })

  it.each([
    [
      'of the same company',
      async () => {
        const one = await newPerson()
        const contact = await newContact(one.portal, ['portal_user'], { passwordHash })
        return [one, { ...one, id: contact.id, cookie: contact.cookie }] as const
      },
    ],
    [
      'of the same MSP',
      async () => {
        const one = await newColleague()
        const colleague = await newStaff(one.msp, 'viewer', passwordHash)
        return [one, { ...one, id: colleague.id, cookie: colleague.cookie }] as const
      },
    ],
    ['of another MSP', async () => [await newColleague(), await newColleague()] as const],
  ] as const)('refuses an account that somebody %s signs in with', async (_, two) => {
    const [one, other] = await two()
    const account = newAccount()
    expect(reasonIn(await linkAs(one, account))).toBe('linked')
    expect(reasonIn(await linkAs(other, account))).toBe('taken')
    expect(await linkOf(other)).toMatchObject({ account: null })
    const there = await walk(one.host, account.signIn())
    expect((await whoIs(one.host, there.cookie))?.id).toBe(one.id)
  })

  it('gives an account to one of 20 who link it at once', async () => {
    const account = newAccount()
    const portal = await newDoor()
    const people = await at20(() => newContact(portal, ['portal_user'], { passwordHash }))
    const ways = await Promise.all(
      people.map(async ({ cookie }) => ({ cookie, ...(await proveLink({ host: portal.host, cookie }, account)) })),
    )
    const outcomes = await Promise.all(
      ways.map(async ({ address, cookie, flow }) => reasonIn(whereTo(await redeem(address, `${cookie}; ${flow}`)))),
    )
    expect(outcomes.filter((outcome) => outcome === 'linked')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(19)
  })

  it('takes over what the directory remembers of somebody who has unlinked it since', async () => {
    const [one, other] = [await newColleague(), await newColleague()]
    const account = newAccount()
    await environment.directory
      .prepare(`insert into microsoft_staff (tenant_id, object_id, msp_id, shard, staff_id) values (?, ?, ?, ?, ?)`)
      .bind(account.tenantId, account.oid, one.msp.mspId, one.msp.shard, one.id)
      .run()
    expect(reasonIn(await linkAs(other, account))).toBe('linked')
    const there = await walk(ADMIN, account.signIn())
    expect((await whoIs(ADMIN, there.cookie))?.id).toBe(other.id)
  })

  it('is refused to who has linked one, and keeps the one that nobody could sign in without', async () => {
    const linkedBefore = await newLinked()
    const who = { host: linkedBefore.portal.host, cookie: linkedBefore.contact.cookie }
    expect((await call(who.host, 'POST', LINK, { as: who, body: {} })).status).toBe(409)
    expect(await linkOf(who)).toMatchObject({ mayUnlink: false })
    const kept = await call(who.host, 'DELETE', LINK, { as: who })
    expect(kept.status).toBe(409)
    expect((await bodyOf<{ detail: string }>(kept)).detail).toContain('could not sign in')
  })

  it('is no way around the second step of who has set one up', async () => {
    const who = await newColleague()
    const account = newAccount()
    await linkAs(who, account)
    await who.msp.scope.commit(
      { action: 'stage.two_step', subject: { kind: 'staff', id: who.id, name: '' } },
      who.msp.scope.changeAll(staff, eq(staff.id, who.id), { totpSealed: 'sealed', twoStepSince: 1 }),
    )
    const { to, cookie } = await walk(ADMIN, account.signIn())
    expect([to, cookie]).toEqual(['/?microsoft=two_step', undefined])
  })

  it('does not let in somebody of the staff who was disabled since', async () => {
    const who = await newColleague()
    const account = newAccount()
    await linkAs(who, account)
    await who.msp.scope.commit(
      { action: 'stage.disable', subject: { kind: 'staff', id: who.id, name: '' } },
      who.msp.scope.changeAll(staff, eq(staff.id, who.id), { disabled: true }),
    )
    expect((await walk(ADMIN, account.signIn())).to).toBe('/?microsoft=not_known')
  })
})
