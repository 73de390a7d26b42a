import { desc } from 'drizzle-orm'
import { mailAddresses, mailServers } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import { dnsOverHttps } from '../../connectors/dns/index.ts'
import { smtpMailer } from '../../connectors/mail/index.ts'
import type { SmtpServer } from '../../connectors/mail/index.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { open } from '../../tenancy/seal.ts'
import { isPublicAddress } from './public-server.ts'

export type MailAddressRow = typeof mailAddresses.$inferSelect
export type MailServerRow = typeof mailServers.$inferSelect
export type SenderRows = { address: MailAddressRow | undefined; server: MailServerRow | undefined }

/** The MSP's own address and server for its mails, as far as it has them. */
export const senderRowsOf = async (msp: MspScope): Promise<SenderRows> => {
  const [[address], [server]] = await msp.readAll(senderReads(msp))
  return { address, server }
}

/** The same, to be read together with something else. */
export const senderReads = (msp: MspScope) =>
  [
    msp.select().from(mailAddresses).where(msp.mine(mailAddresses)).orderBy(desc(mailAddresses.id)).limit(1),
    msp.select().from(mailServers).where(msp.mine(mailServers)).orderBy(desc(mailServers.id)).limit(1),
  ] as const

/** The address mails leave from: the MSP's own once it is verified, else one that names nobody. */
export const fromAddressOf = (
  environment: Pick<Environment, 'MAIL_FROM'>,
  { address }: Pick<SenderRows, 'address'>,
): string => (address?.verifiedAt == null ? environment.MAIL_FROM : address.address)

/**
 * Hands a mail to the MSP's own server, or to the deployment's where it has none. An own server that does not work is
 * told and mended; no mail goes another way behind the MSP's back. Throws ConnectorFault, or HopelessJob for what waiting
 * does not mend, both in words.
 */
export const sendThrough = async (
  environment: Environment,
  server: MailServerRow | undefined,
  message: MailMessage,
): Promise<{ reply: string }> => {
  if (server === undefined) return smtpMailer(environment.SMTP_URL).send(message)
  const name = `${server.host}:${server.port}`
  try {
    return await smtpMailer(await connectionOf(environment, server)).send(message)
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error
    const words = `Your own mail server ${name} did not take it: ${error.message}`
    if (error.kind === 'unauthorized' || error.kind === 'rejected') throw new HopelessJob(words)
    throw new ConnectorFault(error.kind, error.vendor, words, error.retryAfterSeconds)
  }
}

/**
 * How an own server is spoken to: by its name, which is what its certificate is held against. Should the name lead into a private
 * network only when it is dialled, Cloudflare's sockets refuse to. Throws as refusePrivate() does.
 */
export const connectionOf = async (environment: Environment, server: MailServerRow): Promise<SmtpServer> => {
  if (environment.OWN_MAIL_SERVERS === 'public') await refusePrivate(environment, server.host)
  const { userName, passwordSealed } = server
  return {
    host: server.host === 'localhost' ? '127.0.0.1' : server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ...(userName === null
      ? {}
      : {
          auth: {
            user: userName,
            pass: passwordSealed === null ? '' : await open(environment, passwordSealed, sealedFor(server)),
          },
        }),
  }
}

export const sealedFor = ({ mspId, id }: Pick<MailServerRow, 'mspId' | 'id'>) => ({
  mspId,
  rowId: id,
  field: 'mail_servers.password',
})

/**
 * Whether all that a name leads to is on the internet. It may lead to another place tomorrow, so it is asked before every mail. Throws the
 * faults `down` and `rejected`.
 */
export const refusePrivate = async (environment: Environment, host: string): Promise<void> => {
  const dns = dnsOverHttps({ dnsUrl: environment.DNS_URL, fetch: (address, request) => fetch(address, request), now })
  const answer = await dns.addresses(host)
  if (answer.kind === 'unreadable' || answer.value.length === 0)
    throw new ConnectorFault('down', 'Mail', 'The name of the server is not known on the internet.')
  if (!answer.value.every(isPublicAddress))
    throw new ConnectorFault('rejected', 'Mail', 'The name leads to a private network, where nothing is sent.')
}
