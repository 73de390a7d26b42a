import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type SmtpTransport from 'nodemailer/lib/smtp-transport'
import type { Mailer } from '../mailer.ts'
import { mailFault, replyCodesOf, type SmtpFailure } from './faults.ts'
import { refuseUnsafe } from './message.ts'

export { renderMail, type MailBrand, type MailContent } from './render.ts'

export type SmtpTimeouts = { connectMs: number; idleMs: number; totalMs: number }

const usualTimeouts: SmtpTimeouts = { connectMs: 10_000, idleMs: 30_000, totalMs: 40_000 }

/**
 * A Mailer that speaks SMTP.
 * @param to a server, or its address: `smtp://user:password@host:port` (STARTTLS when offered; port 587 unless given) or `smtps://…` (TLS from the first
 *   byte; port 465). User name and password are percent-encoded, and are given only over TLS or to this machine itself, unless
 *   `?tls=optional` allows otherwise.
 * @throws TypeError when the address cannot be read; the message does not repeat it, since it holds the password
 */
export function smtpMailer(to: string | SmtpServer, timeouts: SmtpTimeouts = usualTimeouts): Mailer {
  const server = typeof to === 'string' ? readAddress(to) : to
  return {
    async send(message) {
      refuseUnsafe(message)
      const deliver = await clientOf(server, timeouts)
      const { messageId, from, to: recipient, replyTo, subject, text, html, headers = {} } = message
      try {
        const sent = await deliver({
          messageId,
          from,
          to: { name: recipient.name ?? '', address: recipient.address },
          ...(replyTo === undefined ? {} : { replyTo }),
          subject,
          text,
          html,
          headers,
        })
        return { reply: replyCodesOf(responseIn(sent)) }
      } catch (error) {
        throw mailFault(failureOf(error))
      }
    },
  }
}

/**
 * The SMTP client is large and most isolates send no mail: it is evaluated with the first one. Its parts are put together here, since
 * the module that does so brings pools, other ways of sending and signing along, which nothing here uses and which made the
 * Worker a fiftieth larger.
 */
const clientOf = async (server: SmtpServer, timeouts: SmtpTimeouts) => {
  const [{ default: MailComposer }, { default: Transport }] = await Promise.all([
    import('nodemailer/lib/mail-composer'),
    import('nodemailer/lib/smtp-transport'),
  ])
  const transport = new Transport({
    ...server,
    getSocket: (_: unknown, done: Dialled) =>
      void dialled(server, timeouts.connectMs).then(
        (connection) => done(null, { connection, secured: server.secure }),
        (error: Error) => done(error),
      ),
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.connectMs,
    socketTimeout: timeouts.idleMs,
    socketCloseTimeout: 1000,
  })
  return (mail: ConstructorParameters<typeof MailComposer>[0]): Promise<unknown> => {
    const message = new MailComposer({
      ...mail,
      // Mail is made of what people typed: nothing in it may make the client read a file or fetch an address.
      disableFileAccess: true,
      disableUrlAccess: true,
    }).compile()
    const data = { signal: AbortSignal.timeout(timeouts.totalMs) }
    return new Promise((resolve, reject) =>
      transport.send(asSent({ data, message }), (error, sent) => (error === null ? resolve(sent) : reject(error))),
    )
  }
}

/** What the transport reads of a mail: its message, and of its data the signal and what is not set here. */
const asSent = (mail: object): Parameters<SmtpTransport['send']>[0] => mail as Parameters<SmtpTransport['send']>[0]

type Dialled = (error: Error | null, found?: { connection: Socket; secured: boolean }) => void

/**
 * A connection to the server by its name, under TLS where that begins with the first byte. Left to itself, the client looks the name up and
 * dials the address; but Cloudflare's sockets hold the certificate against what was dialled (cloudflare/workerd issue 6903).
 */
const dialled = ({ host, port, secure }: SmtpServer, timeoutMs: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const named = isIP(host) === 0 ? { servername: host } : {}
    const socket = secure ? connectSecurely({ host, port, ...named }) : connect({ host, port })
    const late = setTimeout(() => {
      socket.destroy(Object.assign(new Error('The connection took too long.'), { code: 'ETIMEDOUT' }))
    }, timeoutMs)
    socket.on('error', reject)
    socket.once('close', () => {
      clearTimeout(late)
      reject(new Error('The connection was closed before it was there.'))
    })
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(late)
      resolve(socket)
    })
  })

export type SmtpServer = {
  host: string
  port: number
  secure: boolean
  requireTLS: boolean
  auth?: { user: string; pass: string }
}

export function readAddress(address: string): SmtpServer {
  if (!URL.canParse(address)) throw new TypeError('The mail server address is not a URL.')
  const url = new URL(address)
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')
    throw new TypeError('The mail server address begins with neither smtp:// nor smtps://.')
  if (url.hostname === '') throw new TypeError('The mail server address names no host.')
  const secure = url.protocol === 'smtps:'
  // workerd may not resolve the name of the machine itself.
  const host = url.hostname === 'localhost' ? '127.0.0.1' : url.hostname.replace(/^\[|\]$/g, '')
  const isThisMachine = host === '127.0.0.1' || host === '::1'
  const hasUser = url.username !== ''
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: hasUser && !secure && !isThisMachine && url.searchParams.get('tls') !== 'optional',
    ...(hasUser ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } } : {}),
  }
}

/** The server's last reply, as the client hands it on. */
function responseIn(sent: unknown): string | undefined {
  return typeof sent === 'object' && sent !== null && 'response' in sent && typeof sent.response === 'string'
    ? sent.response
    : undefined
}

function failureOf(error: unknown): SmtpFailure {
  if (!(error instanceof Error)) return { code: undefined, replyCode: undefined, reply: undefined }
  return {
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    replyCode: 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined,
    reply: 'response' in error && typeof error.response === 'string' ? error.response : undefined,
  }
}
