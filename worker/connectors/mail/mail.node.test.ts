import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import type { AddressInfo, TcpNetConnectOpts } from 'node:net'
import { after, describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { ConnectorFault } from '../connector.ts'
import type { MailMessage } from '../mailer.ts'
import { smtpMailer } from './index.ts'

/** The Mailer against a real SMTP server. In plain Node, since workerd cannot listen. */

const message: MailMessage = {
  messageId: '<0193f7@mail.portal.example>',
  from: { name: 'Fabrikam Dental', address: 'portal@mail.portal.example' },
  to: { name: 'Zoë "Z" Whitfield, 田中', address: 'dana@fabrikamdental.example' },
  subject: 'Ihre Anfrage wurde beantwortet – schön',
  text: 'Grüße aus der Praxis.\n.\nEnde',
  html: '<p>Grüße aus der Praxis.</p>',
  replyTo: 'help@northwind-it.example',
  headers: { 'Auto-Submitted': 'auto-generated' },
}

const closers: (() => Promise<void>)[] = []
after(async () => {
  await Promise.all(closers.map((close) => close()))
})

describe('a mail server', () => {
  it('gets the mail as text and HTML, under its own Message-ID, for its one recipient', async () => {
    const { address, mails } = await mailServer({})
    await smtpMailer(address).send(message)
    await smtpMailer(address).send(message)
    const [first, again] = mails
    assert.ok(first && again)
    assert.deepEqual(first.recipients, ['dana@fabrikamdental.example'])
    const mail = await PostalMime.parse(first.raw)
    assert.equal(mail.messageId, message.messageId)
    assert.equal((await PostalMime.parse(again.raw)).messageId, message.messageId)
    assert.equal(mail.subject, message.subject)
    assert.deepEqual(mail.from, { name: message.from.name, address: message.from.address })
    assert.deepEqual(mail.to, [{ name: message.to.name, address: message.to.address }])
    assert.deepEqual(mail.replyTo, [{ name: '', address: 'help@northwind-it.example' }])
    assert.equal(mail.text?.trim(), message.text)
    assert.equal(mail.html?.trim(), message.html)
    assert.match(first.raw, /^Content-Type: multipart\/alternative/m)
    assert.match(first.raw, /^Auto-Submitted: auto-generated\r$/m)
    assert.doesNotMatch(first.raw, /nodemailer|x-mailer|portico/i)
  })

  it('that asks for a password gets it', async () => {
    const seen: string[] = []
    const { address, mails } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => {
        seen.push(`${auth.username} ${auth.password}`)
        done(null, { user: auth.username })
      },
    })
    await smtpMailer(address.replace('smtp://', 'smtp://portal%40x:p%2Fw@')).send(message)
    assert.deepEqual(seen, ['portal@x p/w'])
    assert.equal(mails.length, 1)
  })

  it('that refuses the password is a matter for whoever set it', async () => {
    const { address } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(replyOf(535, '5.7.8 Authentication failed')),
    })
    const fault = await faultOf(smtpMailer(address.replace('smtp://', 'smtp://user:secret@')).send(message))
    assert.equal(fault.kind, 'unauthorized')
    assert.doesNotMatch(fault.message, /secret/)
  })

  it('that does not know the recipient rejects the mail for good', async () => {
    const { address } = await mailServer({
      onRcptTo: (_to, _session, done) => done(replyOf(550, '5.1.1 dana@fabrikamdental.example unknown')),
    })
    const fault = await faultOf(smtpMailer(address).send(message))
    assert.equal(fault.kind, 'rejected')
    assert.doesNotMatch(fault.message, /dana/)
  })

  it('that is busy is tried again later', async () => {
    const { address } = await mailServer({ onRcptTo: (_to, _session, done) => done(replyOf(451, '4.7.1 Greylisted')) })
    assert.equal((await faultOf(smtpMailer(address).send(message))).kind, 'down')
  })

  it('that turns every connection away is tried again later', async () => {
    const { address } = await mailServer({ onConnect: (_session, done) => done(replyOf(421, '4.3.2 Closing')) })
    assert.equal((await faultOf(smtpMailer(address).send(message))).kind, 'down')
  })

  it('that says nothing is given up on in time', async () => {
    const { address } = await mailServer({ onConnect: () => undefined })
    const hasty = smtpMailer(address, { connectMs: 200, idleMs: 200, totalMs: 400 })
    assert.equal((await faultOf(hasty.send(message))).kind, 'down')
  })

  for (const [when, secure] of [
    ['from the first byte', true],
    ['once it offers that', false],
  ] as const)
    it(`is dialled by its name, which its certificate must be for, ${when}`, async (test) => {
      const asked: string[] = []
      const { port } = await mailServer({
        secure,
        disabledCommands: [],
        SNICallback: (name, done) => {
          asked.push(name)
          done(null)
        },
      })
      const dialled = dialsInto(test, port)
      const server = { host: 'smtp.northwind.com', port: 587, secure, requireTLS: !secure }
      // What it shows is its own certificate, which is for no such name: nothing is sent.
      assert.equal((await faultOf(smtpMailer(server).send(message))).kind, 'down')
      assert.deepEqual(asked, ['smtp.northwind.com'])
      assert.deepEqual(dialled, ['smtp.northwind.com:587'])
    })

  it('that nobody picks up at is given up on in time', async (test) => {
    test.mock.method(Socket.prototype, 'connect', function (this: Socket) {
      return this
    })
    const hasty = smtpMailer('smtp://smtp.northwind.com', { connectMs: 100, idleMs: 60_000, totalMs: 60_000 })
    const fault = await faultOf(hasty.send(message))
    assert.equal(fault.kind, 'down')
    assert.match(fault.message, /in time/)
  })

  it('is never given a mail with a forged head', async () => {
    const { address, mails } = await mailServer({})
    const fault = await faultOf(smtpMailer(address).send({ ...message, subject: 'Hello\r\nBcc: everybody@x.example' }))
    assert.equal(fault.kind, 'rejected')
    assert.equal(mails.length, 0)
  })
})

type Received = { raw: string; recipients: string[] }

async function mailServer(options: SMTPServerOptions): Promise<{ address: string; port: number; mails: Received[] }> {
  const mails: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    ...options,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push({
          raw: Buffer.concat(chunks).toString('utf8'),
          recipients: session.envelope.rcptTo.map((to) => to.address),
        })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  closers.push(() => new Promise((closed) => server.close(() => closed())))
  const { port } = server.server.address() as AddressInfo
  return { address: `smtp://127.0.0.1:${port}`, port, mails }
}

/** Leads whatever is dialled meanwhile to a port of this machine, and answers what that was. */
function dialsInto({ mock }: TestContext, port: number): string[] {
  const dialled: string[] = []
  const connect: (this: Socket, to: TcpNetConnectOpts, then?: () => void) => Socket = Socket.prototype.connect
  mock.method(Socket.prototype, 'connect', function (this: Socket, ...given: unknown[]) {
    // Node hands on its own normalized arguments: options, then what is to happen once it is connected.
    const [options, then] = given.flat() as [{ host: string; port: number }, (() => void) | null]
    dialled.push(`${options.host}:${options.port}`)
    return connect.call(this, { host: '127.0.0.1', port }, then ?? undefined)
  })
  return dialled
}

function replyOf(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}

async function faultOf(sending: Promise<unknown>): Promise<ConnectorFault> {
  const outcome = await sending.then(
    () => 'sent',
    (error: unknown) => error,
  )
  if (outcome instanceof ConnectorFault) return outcome
  throw new Error('expected a ConnectorFault', { cause: outcome })
}
