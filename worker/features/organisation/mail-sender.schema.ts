import { z } from '@hono/zod-openapi'
import { mailSecurities } from '../../../db/shard/schema.ts'
import { isoMoment, optionalEmail, optionalLine, requiredEmail, requiredLine } from '../../http/text.ts'
import type { Environment } from '../../env.ts'
import { fromAddressOf } from '../mail/index.ts'
import type { MailAddressRow, MailServerRow } from '../mail/index.ts'
import type { MailSenderRows, Trial } from './mail-sender.ts'

export const MailSenderInput = z
  .strictObject({
    fromName: requiredLine(80, 'Enter the name that mails come from.').describe(
      'The name that mails to customers come from.',
    ),
    replyTo: optionalEmail.describe('Where answers to those mails go; null for nowhere.'),
  })
  .openapi('MailSenderInput')

export const MailAddressInput = z
  .strictObject({
    address: requiredEmail.describe('An address of the MSP’s own, to which a link is mailed that verifies it.'),
  })
  .openapi('MailAddressInput')

export const MailServerInput = z
  .strictObject({
    host: requiredLine(253, 'Enter the name of the server, such as smtp.company.com.').describe(
      'The name of the server.',
    ),
    port: z
      .number()
      .int()
      .min(1, 'Enter a port, such as 587.')
      .max(65_535, 'Enter a port, such as 587.')
      .describe('The port it listens at.'),
    security: z.enum(mailSecurities).describe('How the connection is kept from being read.'),
    userName: optionalLine(254).describe('Who signs in to the server; null where nobody has to.'),
    password: z.string().min(1).max(500).nullable().default(null).describe('Null leaves the one that is kept.'),
  })
  .openapi('MailServerInput')

export const MailAddress = z
  .object({
    address: z.string(),
    verifiedAt: z.iso
      .datetime()
      .nullable()
      .describe('Null until the link that was mailed there is followed; until then mails come from `neutralAddress`.'),
    expiresAt: z.iso.datetime().describe('When that link stops working.'),
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
    fromAddress: z.string().describe('The address mails come from now.'),
    neutralAddress: z.string().describe("The deployment's, which mails come from without an own one."),
    address: MailAddress.nullable(),
    server: MailServer.nullable(),
    securities: z.array(z.enum(mailSecurities)).describe('How a server may be spoken to here.'),
    version: z.number().int(),
  })
  .openapi('MailSender')

export const MailTrial = z
  .object({ delivered: z.boolean(), to: z.string(), from: z.string(), words: z.string() })
  .openapi('MailTrial')

export const MailAddressVerification = z
  .strictObject({ token: z.string().max(200).describe('The secret at the end of the link in the mail; works once.') })
  .openapi('MailAddressVerification')

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
