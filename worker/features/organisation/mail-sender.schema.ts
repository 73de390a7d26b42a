import { z } from '@hono/zod-openapi'
import { mailSecurities } from '../../../db/shard/schema.ts'
import { isoMoment, optionalEmail, optionalLine, requiredEmail, requiredLine } from '../../http/text.ts'
import type { Environment } from '../../env.ts'
import { fromAddressOf } from '../mail/index.ts'
import type { MailAddressRow, MailServerRow } from '../mail/index.ts'
import type { MailSenderRows, Trial } from './mail-sender.ts'

export const MailSenderInput = z
  .strictObject({
    fromName: requiredLine(80, 'Enter the name that mails come from.'),
    replyTo: optionalEmail,
  })
  .openapi('MailSenderInput')

export const MailAddressInput = z.strictObject({ address: requiredEmail }).openapi('MailAddressInput')

export const MailServerInput = z
  .strictObject({
    host: requiredLine(253, 'Enter the name of the server, such as smtp.company.com.'),
    port: z.number().int().min(1, 'Enter a port, such as 587.').max(65_535, 'Enter a port, such as 587.'),
    security: z.enum(mailSecurities),
    userName: optionalLine(254),
    /** Null leaves the one that is kept. */
    password: z.string().min(1).max(500).nullable().default(null),
  })
  .openapi('MailServerInput')

export const MailAddress = z
  .object({
    address: z.string(),
    /** Null until the link that was mailed there is followed; until then mails come from `neutralAddress`. */
    verifiedAt: z.iso.datetime().nullable(),
    /** When that link stops working. */
    expiresAt: z.iso.datetime(),
    version: z.number().int(),
  })
  .openapi('MailAddress')

export const MailServer = z
  .object({
    host: z.string(),
    port: z.number().int(),
    security: z.enum(mailSecurities),
    userName: z.string().nullable(),
    hasPassword: z.boolean(),
    version: z.number().int(),
  })
  .openapi('MailServer')

export const MailSender = z
  .object({
    fromName: z.string(),
    replyTo: z.string().nullable(),
    /** The address mails come from now. */
    fromAddress: z.string(),
    /** The deployment's, which mails come from without an own one. */
    neutralAddress: z.string(),
    address: MailAddress.nullable(),
    server: MailServer.nullable(),
    /** How a server may be spoken to here. */
    securities: z.array(z.enum(mailSecurities)),
    version: z.number().int(),
  })
  .openapi('MailSender')

export const MailTrial = z
  .object({ delivered: z.boolean(), to: z.string(), from: z.string(), words: z.string() })
  .openapi('MailTrial')

export const MailAddressVerification = z.strictObject({ token: z.string().max(200) }).openapi('MailAddressVerification')

export const presentMailAddress = (row: MailAddressRow): z.infer<typeof MailAddress> => ({
  address: row.address,
  verifiedAt: isoMoment(row.verifiedAt),
  expiresAt: new Date(row.expiresAt).toISOString(),
  version: row.version,
})

export const presentMailServer = (row: MailServerRow): z.infer<typeof MailServer> => ({
  host: row.host,
  port: row.port,
  security: row.security,
  userName: row.userName,
  hasPassword: row.passwordSealed !== null,
  version: row.version,
})

export const presentMailSender = (
  { house, address, server }: MailSenderRows,
  environment: Environment,
): z.infer<typeof MailSender> => ({
  fromName: house.mailFromName,
  replyTo: house.mailReplyTo,
  fromAddress: fromAddressOf(environment, { address }),
  neutralAddress: environment.MAIL_FROM,
  address: address === undefined ? null : presentMailAddress(address),
  server: server === undefined ? null : presentMailServer(server),
  securities: mailSecurities.filter((one) => one !== 'none' || environment.OWN_MAIL_SERVERS === 'any'),
  version: house.version,
})

export const presentTrial = ({ delivered, to, from, words }: Trial): z.infer<typeof MailTrial> => ({
  delivered,
  to,
  from,
  words,
})
