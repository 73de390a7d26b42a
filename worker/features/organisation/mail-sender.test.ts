import { and, eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, jobs, mailAddresses, mailServers } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
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
import { open } from '../../tenancy/seal.ts'
import { freeFailureCount } from '../sign-in/attempts.ts'
import { newSecret } from '../../tenancy/ids.ts'
import { mailFor, welcomeMail } from '../mail/mail.jobs.ts'
import { isPublicAddress, hostTrouble } from '../mail/public-server.ts'
import { connectionOf, sealedFor, sendThrough } from '../mail/sender.ts'
import { trialMail } from '../mail/trial.ts'
import { verificationMail } from '../mail/verification.job.ts'
import { mailSenderOf, VERIFICATION_MS } from './mail-sender.ts'

const queue = holdQueue()
// As in production.
environment.OWN_MAIL_SERVERS = 'public'
const base = '/api/msp-portal/settings/mail'
const PUBLIC = '93.184.215.14'
/** What the DNS says of mail servers here; nothing else leaves the test. */
const addresses = new Map<string, string[]>([
  ['smtp.northwind.com', [PUBLIC]],
  ['smtp.other.com', [PUBLIC]],
])

globalThis.fetch = async (input) => {
  const url = new URL(new Request(input).url)
  if (url.origin !== new URL(environment.DNS_URL).origin) throw new Error(`A test reached for ${url.origin}.`)
  const name = url.searchParams.get('name') ?? ''
  const isV6 = url.searchParams.get('type') === 'AAAA'
  const found = (addresses.get(name) ?? []).filter((address) => address.includes(':') === isV6)
  return Response.json({
    Status: addresses.has(name) ? 0 : 3,
    Answer: found.map((data) => ({ name, type: isV6 ? 28 : 1, data })),
  })
}

afterEach(() => {
  moveClock(undefined)
  queue.take()
})

type Sender = {
  fromAddress: string
  neutralAddress: string
  address: { address: string; verifiedAt: string | null; version: number } | null
  server: Record<string, unknown> | null
  securities: string[]
}
const server = { host: 'smtp.northwind.com', port: 587, security: 'starttls', userName: 'portal', password: 'harbour' }

const newScene = async () => {
  const msp = await newMsp()
  const admin = await newStaff(msp, 'admin')
  const ask = (method: string, path = '', body?: unknown, headers: Record<string, string> = {}) =>
    call(ADMIN, method, `${base}${path}`, { as: admin, headers, ...(body === undefined ? {} : { body }) })
  const read = async () => bodyOf<Sender>(await ask('GET'))
  const name = (address = 'Help@Northwind.example') => ask('PUT', '/address', { address })
  const mailed = async () => {
    const [row] = await msp.scope.list(mailAddresses)
    return verificationMail(environment, msp.scope, row?.id ?? '', 'job', now())
  }
  /** The secret of the link in the mail. */
  const secretOf = async () => /#token=([\w-]+)/.exec((await mailed())?.text ?? '')?.[1] ?? ''
  const verify = (token: string, as = admin) =>
    call(ADMIN, 'POST', `${base}/address/verification`, { as, body: { token } })
  return { msp, admin, ask, read, name, mailed, secretOf, verify }
}

const refusedAt = async (response: Response) =>
  (await bodyOf<{ errors?: { pointer: string; detail: string }[] }>(response)).errors?.map(({ pointer }) => pointer)

describe('A sender’s address', () => {
  it('is used once the link that was mailed to it was followed, and not before', async () => {
    const { msp, ask, read, name, mailed, secretOf, verify } = await newScene()
    expect(await read()).toMatchObject({ fromAddress: environment.MAIL_FROM, address: null, server: null })
    expect((await name()).status).toBe(200)
    const mail = await mailed()
    expect(mail).toMatchObject({ to: { address: 'help@northwind.example' }, from: { address: environment.MAIL_FROM } })
    expect(await read()).toMatchObject({ fromAddress: environment.MAIL_FROM, address: { verifiedAt: null } })
    expect((await msp.scope.list(jobs)).map(({ kind }) => kind)).toEqual(['mail.verify_address'])

    expect((await verify(await secretOf())).status).toBe(204)
    expect(await read()).toMatchObject({ fromAddress: 'help@northwind.example' })
    expect(await mailed()).toBeUndefined()
    const portal = await newPortal(await newCustomer(msp))
    const contact = await newContact(portal)
    const payload = { about: 'welcome', contactId: contact.id } as const
    expect(welcomeMail).toBeDefined()
    const sent = await mailFor(environment, msp.scope, payload, 'job', now())
    expect(sent).toMatchObject({ from: { address: 'help@northwind.example' }, messageId: '<job@northwind.example>' })

    expect((await ask('DELETE', '/address')).status).toBe(204)
    expect(await read()).toMatchObject({ fromAddress: environment.MAIL_FROM, address: null })
  })

  it('is confirmed by one of twenty who follow the link at once', async () => {
    const { msp, name, secretOf, verify } = await newScene()
    await name()
    const secret = await secretOf()
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => verify(secret)))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 204)).toHaveLength(1)
    expect(statuses.filter((status) => status === 410)).toHaveLength(19)
    const isVerified = and(eq(activities.action, 'settings.mail_address_verified'))
    expect(await msp.scope.list(activities, { where: isVerified })).toHaveLength(1)
  })

  it('is confirmed anew when it changes, and an old link confirms nothing', async () => {
    const { read, name, secretOf, verify } = await newScene()
    await name()
    const old = await secretOf()
    await verify(old)
    await name('sales@northwind.example')
    expect(await read()).toMatchObject({
      fromAddress: environment.MAIL_FROM,
      address: { address: 'sales@northwind.example' },
    })
    expect((await verify(old)).status).toBe(404)
    expect((await verify(await secretOf())).status).toBe(204)
    expect(await read()).toMatchObject({ fromAddress: 'sales@northwind.example' })
  })

  it('that waits is mailed a new link, and the former works no more', async () => {
    const { name, secretOf, verify } = await newScene()
    await name()
    const first = await secretOf()
    await name()
    expect((await verify(first)).status).toBe(404)
    expect((await verify(await secretOf())).status).toBe(204)
  })

  it('has a day to be confirmed', async () => {
    const { msp, read, name, secretOf, verify } = await newScene()
    await name()
    const secret = await secretOf()
    const at = now() + VERIFICATION_MS
    moveClock(() => at)
    const late = await verify(secret, await newStaff(msp, 'admin'))
    expect(late.status).toBe(410)
    expect(await bodyOf(late)).toMatchObject({ detail: expect.stringContaining('older than a day') })
    moveClock(undefined)
    expect(await read()).toMatchObject({ fromAddress: environment.MAIL_FROM })
  })

  it('is confirmed by its own MSP alone', async () => {
    const [one, other] = [await newScene(), await newScene()]
    await one.name()
    const secret = await one.secretOf()
    expect((await one.verify(secret, other.admin)).status).toBe(404)
    expect((await one.verify(secret, await newStaff(one.msp, 'technician'))).status).toBe(403)
    expect((await one.verify('made-up')).status).toBe(404)
    expect((await one.verify(secret)).status).toBe(204)
  })

  it('is kept with the hash of its secret alone', async () => {
    const { msp, name, secretOf } = await newScene()
    await name()
    const secret = await secretOf()
    expect(secret.length).toBeGreaterThanOrEqual(22)
    expect(
      JSON.stringify([
        await msp.scope.list(mailAddresses),
        await msp.scope.list(jobs),
        await msp.scope.list(activities),
      ]),
    ).not.toContain(secret)
  })

  it('of somebody who read an older version is not taken', async () => {
    const { ask, name } = await newScene()
    expect((await name()).headers.get('etag')).toBe('"v1"')
    expect((await ask('PUT', '/address', { address: 'a@northwind.example' }, { 'if-match': '"v1"' })).status).toBe(200)
    expect((await ask('PUT', '/address', { address: 'b@northwind.example' }, { 'if-match': '"v1"' })).status).toBe(412)
    const both = await Promise.all(
      ['c', 'd'].map((local) => ask('PUT', '/address', { address: `${local}@northwind.example` })),
    )
    for (const { status } of both) expect([200, 412]).toContain(status)
  })

  it.each(['', 'help', 'help@', 'a@b.example\r\nBcc: all@c.example', 'a@b.example, c@d.example'])(
    '%j is refused',
    async (address) => {
      const { name } = await newScene()
      const refused = await name(address)
      expect([refused.status, await refusedAt(refused)]).toEqual([422, ['/address']])
    },
  )
})

describe('A mail server of an MSP’s own', () => {
  it('is kept with its password sealed for that very row, and never shows it', async () => {
    const { msp, ask, read } = await newScene()
    const saved = await ask('PUT', '/server', server)
    expect(saved.status, await saved.clone().text()).toBe(200)
    const [row] = await msp.scope.list(mailServers)
    if (row?.passwordSealed == null) throw new Error('No password was kept.')
    expect(await open(environment, row.passwordSealed, sealedFor(row))).toBe('harbour')
    await expect(open(environment, row.passwordSealed, { ...sealedFor(row), mspId: 'another' })).rejects.toThrow()
    await expect(open(environment, row.passwordSealed, { ...sealedFor(row), rowId: 'another' })).rejects.toThrow()
    const told = JSON.stringify([await read(), await msp.scope.list(activities), row])
    expect(told).not.toContain('harbour')
    expect((await read()).server).toEqual({
      host: 'smtp.northwind.com',
      port: 587,
      security: 'starttls',
      userName: 'portal',
      hasPassword: true,
      version: 1,
    })
    expect((await read()).securities).toEqual(['starttls', 'tls'])
  })

  it('keeps its password only while server, port and user stay the same', async () => {
    const { msp, ask } = await newScene()
    await ask('PUT', '/server', server)
    const { password: _, ...rest } = server
    expect((await ask('PUT', '/server', { ...rest, security: 'tls' })).status).toBe(200)
    expect((await msp.scope.list(mailServers))[0]?.passwordSealed).not.toBeNull()
    for (const change of [{ host: 'smtp.other.com' }, { port: 2525 }, { userName: 'somebody' }]) {
      const refused = await ask('PUT', '/server', { ...rest, security: 'tls', ...change })
      expect([refused.status, await refusedAt(refused)]).toEqual([422, ['/password']])
    }
    expect((await ask('PUT', '/server', { ...rest, userName: null })).status).toBe(200)
    expect((await msp.scope.list(mailServers))[0]).toMatchObject({ userName: null, passwordSealed: null })
  })

  it.each([
    ['host', 'localhost'],
    ['host', '127.0.0.1'],
    ['host', '10.0.0.1'],
    ['host', '[::1]'],
    ['host', '0x7f000001'],
    ['host', 'mail.internal'],
    ['host', 'smtp.unknown.com'],
    ['host', 'smtp.private.com'],
    ['host', 'smtp.private6.com'],
    ['host', 'smtp.half.com'],
    ['host', ''],
    ['port', 22],
    ['port', 0],
    ['port', 70_000],
    ['security', 'none'],
  ] as const)('with the %s %j is refused at that field', async (field, value) => {
    addresses.set('smtp.private.com', ['10.1.2.3'])
    addresses.set('smtp.private6.com', ['fd00::1'])
    addresses.set('smtp.half.com', [PUBLIC, '169.254.169.254'])
    const { msp, ask } = await newScene()
    const refused = await ask('PUT', '/server', { ...server, [field]: value })
    expect([refused.status, await refusedAt(refused)]).toEqual([422, [`/${field}`]])
    expect(await msp.scope.list(mailServers)).toEqual([])
  })

  it('that has come to lead to a private network is not spoken to, and the mail takes no other way', async () => {
    const { msp, ask, admin } = await newScene()
    addresses.set('smtp.turncoat.com', [PUBLIC])
    expect((await ask('PUT', '/server', { ...server, host: 'smtp.turncoat.com' })).status).toBe(200)
    addresses.set('smtp.turncoat.com', ['192.168.0.7'])
    const { house, ...sender } = await mailSenderOf(msp.scope)
    const message = trialMail(environment, house, sender, admin, 'trial')
    await expect(sendThrough(environment, sender.server, message)).rejects.toThrow(
      'Your own mail server smtp.turncoat.com:587 did not take it: The name leads to a private network',
    )
    const trial = await bodyOf(await ask('POST', '/test'))
    expect(trial).toMatchObject({
      delivered: false,
      to: admin.email,
      words: expect.stringContaining('private network'),
    })
  })

  it('is spoken to by its name, which its certificate must be for, once all that this leads to was found to be public', async () => {
    const { msp, ask } = await newScene()
    addresses.set('smtp.rebinding.com', [PUBLIC, '2606:4700::1111'])
    expect((await ask('PUT', '/server', { ...server, host: 'smtp.rebinding.com' })).status).toBe(200)
    const row = (await mailSenderOf(msp.scope)).server
    if (row === undefined) throw new Error('There is no server.')
    expect(await connectionOf(environment, row)).toMatchObject({ host: 'smtp.rebinding.com' })
    addresses.set('smtp.rebinding.com', [PUBLIC, '192.168.0.7'])
    await expect(connectionOf(environment, row)).rejects.toThrow('private network')
  })

  it('that does not take a mail parks it with words', async () => {
    const { msp, ask } = await newScene()
    addresses.set('smtp.turncoat.com', [PUBLIC])
    await ask('PUT', '/server', { ...server, host: 'smtp.turncoat.com' })
    addresses.set('smtp.turncoat.com', ['127.0.0.1'])
    const portal = await newPortal(await newCustomer(msp))
    const contact = await newContact(portal, ['portal_user'], { access: 'none' })
    const path = `/api/msp-portal/customers/${portal.customerId}/contacts/${contact.id}/invitation`
    expect((await call(ADMIN, 'POST', path, { as: await newStaff(msp) })).status).toBe(202)
    await queue.deliver()
    expect((await msp.scope.list(jobs)).filter(({ kind }) => kind === 'mail.send')).toMatchObject([
      { state: 'parked', trouble: expect.stringContaining('Your own mail server smtp.turncoat.com:587') },
    ])
  })

  it('is forgotten with its password', async () => {
    const { msp, ask, read } = await newScene()
    await ask('PUT', '/server', server)
    expect((await ask('DELETE', '/server', undefined, { 'if-match': '"v7"' })).status).toBe(412)
    expect((await ask('DELETE', '/server', undefined, { 'if-match': '"v1"' })).status).toBe(204)
    expect((await ask('DELETE', '/server')).status).toBe(204)
    expect([await msp.scope.list(mailServers), (await read()).server]).toEqual([[], null])
  })
})

describe('A test mail', () => {
  it('goes to whoever asks, from the address that mails come from, and tells in words what came of it', async () => {
    const { ask, admin } = await newScene()
    // The deployment's server is not there in tests.
    const trial = await ask('POST', '/test')
    expect(trial.status).toBe(200)
    expect(await bodyOf(trial)).toEqual({
      delivered: false,
      to: admin.email,
      from: environment.MAIL_FROM,
      words: 'The mail server could not be reached.',
    })
  })
})

describe('An address of the internet', () => {
  it.each([PUBLIC, '8.8.8.8', '172.32.0.1', '100.128.0.1', '192.169.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    '%s is one',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )
  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '1.2.3',
    '1.2.3.4.5',
    '300.1.1.1',
    '',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    'fe80::1',
    'fd00::1',
    'fc00::1',
    'ff02::1',
    '2001:db8::1',
    '3fff::1',
    '3fff:fff::1',
    '2001:0:1::1',
    '2002:a00:1::1',
    '64:ff9b::a00:1',
  ])('%j is none', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

describe('The name of a server on the internet', () => {
  it.each(['smtp.northwind.com', 'a.b.c.example.org'])('%s is one', (host) => {
    expect(hostTrouble(host)).toBeUndefined()
  })
  it.each([
    'localhost',
    'smtp',
    '10.0.0.1',
    '::1',
    '0x7f.1',
    'smtp.local',
    'smtp.corp',
    'smtp..com',
    'smtp_x.com',
    'a b.com',
  ])('%j is none', (host) => {
    expect(hostTrouble(host)).toMatch(/^[A-Z].+\.$/)
  })
})

describe('Mails that settings send at once', () => {
  it('are few: further test mails wait, and so do further addresses that a link is mailed to, each by itself', async () => {
    const { ask, name, msp } = await newScene()
    const [neighbour] = [await newScene()]
    const address = { 'cf-connecting-ip': newSecret() }
    const trial = () => ask('POST', '/test', undefined, address)
    for (let count = 0; count < freeFailureCount.account; count += 1) expect((await trial()).status).toBe(200)
    const refused = await trial()
    expect([refused.status, (await bodyOf(refused))['detail']]).toEqual([
      429,
      'Many test mails were sent. Try again in 15 seconds.',
    ])
    expect(refused.headers.get('retry-after')).toBe('15')

    for (let count = 0; count < freeFailureCount.account; count += 1)
      expect((await ask('PUT', '/address', { address: `help${count}@northwind.example` }, address)).status).toBe(200)
    const [before] = await msp.scope.list(mailAddresses)
    const another = await ask('PUT', '/address', { address: 'stranger@elsewhere.example' }, address)
    expect([another.status, (await bodyOf(another))['detail']]).toEqual([
      429,
      'Many links were mailed. Try again in 15 seconds.',
    ])
    expect(await msp.scope.list(mailAddresses), 'and nobody is mailed').toEqual([before])
    expect((await neighbour.name()).status, 'nor does another MSP wait').toBe(200)

    const later = now() + 15_000
    moveClock(() => later)
    expect((await trial()).status).toBe(200)
    expect((await name()).status).toBe(200)
  })
})
