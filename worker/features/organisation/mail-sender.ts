import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import { mailAddresses, mailServers, msps } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import type { Environment } from '../../env.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, invalidField, missing, stale } from '../../http/problem.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { hashOf, newId } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import type { AnswersOf } from '../../tenancy/plan.ts'
import { revised } from '../../tenancy/revised.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { seal } from '../../tenancy/seal.ts'
import {
  MAIL_PORTS,
  hostTrouble,
  refusePrivate,
  sealedFor,
  senderReads,
  sendThrough,
  trialMail,
  verificationOf,
} from '../mail/index.ts'
import type { MailAddressRow, MailServerRow, SenderRows } from '../mail/index.ts'
import { attemptKeys, countAttempt } from '../sign-in/index.ts'
import type { MailServerInput } from './mail-sender.schema.ts'

/** How long the link in the mail to a new sender works. */
export const VERIFICATION_MS = 24 * 3_600_000

/** From where a mail is asked for that leaves at once: how many may, is counted for the MSP and for the address. */
export type MailCaller = { environment: Environment; host: string; address: string }

export type MailSenderRows = SenderRows & { house: typeof msps.$inferSelect }

/** Whom mails come from: the MSP's own row, and its own address and server if it has them. */
export const mailSenderOf = async (msp: MspScope): Promise<MailSenderRows> => {
  const [[house], [address], [server]] = await msp.readAll([
    msp.select().from(msps).where(msp.mine(msps)),
    ...senderReads(msp),
  ])
  if (house === undefined) throw missing('organisation')
  return { house, address, server }
}

/** What naming an address starts from. */
export const mailAddressBefore = (msp: MspScope) =>
  [msp.select().from(mailAddresses).where(msp.mine(mailAddresses))] as const

/**
 * Names the address that mails are to come from, and mails a link to it: until that was followed, they come from the
 * neutral one. The same address again is mailed a new link, and the old one works no more. Problems: `stale`; `throttled`,
 * since the address may be anybody's.
 */
export const nameMailAddress = async (
  { environment, ...caller }: MailCaller,
  msp: MspScope,
  [[before]]: AnswersOf<typeof mailAddressBefore>,
  address: string,
  wanted: Expected,
): Promise<MailAddressRow> => {
  await countAttempt(
    environment,
    await attemptKeys(environment, caller.host, msp.mspId, caller.address, 'mail address'),
  )
  refuseUnexpected(before, wanted)
  const id = newId(now())
  const created = {
    id,
    version: (before?.version ?? 0) + 1,
    address,
    tokenHash: await hashOf(await mailToken(environment, 'mail_address', msp.mspId, id)),
    createdAt: now(),
    expiresAt: now() + VERIFICATION_MS,
  }
  const row: MailAddressRow = { mspId: msp.mspId, verifiedAt: null, ...created }
  await onlyOne(
    msp.commit(
      { action: 'settings.mail_address_named', subject: subjectOf(row) },
      // What there is of an address goes with its link.
      msp.removeWhere(mailAddresses, before === undefined ? sql`false` : eq(mailAddresses.id, before.id)),
      msp.add(mailAddresses, created),
      msp.later(verificationOf(row)),
    ),
  )
  return row
}

/** Mails come from the neutral address again. Problem `stale`. */
export const dropMailAddress = async (msp: MspScope, wanted: Expected): Promise<void> => {
  const before = await msp.first(mailAddresses, undefined)
  refuseUnexpected(before, wanted)
  if (before === undefined) return
  await msp.commit(
    { action: 'settings.mail_address_dropped', subject: subjectOf(before) },
    msp.remove(mailAddresses, before),
  )
}

/**
 * Whoever holds the link reads the mail of that address: mails come from it from now on. The link works once.
 * Problems: `missing` for one that is not this MSP's, or was replaced; `gone` for one that was used or is too old.
 */
export const verifyMailAddress = async (msp: MspScope, secret: string): Promise<MailAddressRow> => {
  const tokenHash = await hashOf(secret)
  const row = await msp.first(mailAddresses, eq(mailAddresses.tokenHash, tokenHash))
  if (row === undefined) throw missing('link')
  if (row.verifiedAt !== null) throw usedUp()
  if (row.expiresAt <= now())
    throw new Problem('gone', 'This link is older than a day. Enter the address again to get a new one.')
  const verifiedAt = now()
  try {
    await msp.commit(
      {
        action: 'settings.mail_address_verified',
        subject: subjectOf(row),
        answer: { status: 204, body: null },
      },
      msp.changeWhere(
        mailAddresses,
        row.id,
        and(
          eq(mailAddresses.tokenHash, tokenHash),
          isNull(mailAddresses.verifiedAt),
          gt(mailAddresses.expiresAt, now()),
        ),
        { verifiedAt, version: row.version + 1 },
      ),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') throw usedUp()
    throw error
  }
  return { ...row, verifiedAt, version: row.version + 1 }
}

const usedUp = () => new Problem('gone', 'This link was used already. Nothing more is to be done.')

/**
 * Names the MSP's own mail server. A password that is left out stays, but only for the very same server and user: else
 * it could be sent to a server of somebody else's choice. Problems: `stale`; `invalid` at /host, /port, /security, /password.
 */
export const saveMailServer = async (
  environment: Environment,
  msp: MspScope,
  input: z.infer<typeof MailServerInput>,
  wanted: Expected,
): Promise<MailServerRow> => {
  const host = input.host.toLowerCase()
  const before = await msp.first(mailServers, undefined)
  refuseUnexpected(before, wanted)
  await refuseServer(environment, { ...input, host })
  const isSame = before?.host === host && before.port === input.port && before.userName === input.userName
  if (input.userName !== null && input.password === null && !(isSame && before.passwordSealed !== null))
    throw invalidField(
      '/password',
      'Enter the password: it is kept only while server, port and user name stay the same.',
    )
  const id = before?.id ?? newId(now())
  const values = {
    host,
    port: input.port,
    security: input.security,
    userName: input.userName,
    passwordSealed:
      input.userName === null
        ? null
        : input.password === null
          ? (before?.passwordSealed ?? null)
          : await seal(environment, input.password, sealedFor({ mspId: msp.mspId, id })),
  }
  if (before !== undefined && revised(before, values) === before) return before
  const row: MailServerRow = {
    mspId: msp.mspId,
    id,
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? now(),
    ...values,
  }
  await onlyOne(
    msp.commit(
      { action: 'settings.mail_server_changed', subject: serverOf(row) },
      before === undefined
        ? msp.add(mailServers, { id, createdAt: row.createdAt, ...values })
        : msp.change(mailServers, before, values),
    ),
  )
  return row
}

const refuseServer = async (
  environment: Environment,
  { host, port, security }: Pick<MailServerRow, 'host' | 'port' | 'security'>,
): Promise<void> => {
  if (environment.OWN_MAIL_SERVERS === 'any') return
  const trouble = hostTrouble(host)
  if (trouble !== undefined) throw invalidField('/host', trouble)
  if (!MAIL_PORTS.includes(port))
    throw invalidField('/port', `Mail servers are reached at port ${MAIL_PORTS.join(', ')}.`)
  if (security === 'none')
    throw invalidField('/security', 'Mails are only handed over through an encrypted connection.')
  try {
    await refusePrivate(environment, host)
  } catch (error) {
    if (error instanceof ConnectorFault) throw invalidField('/host', error.message)
    throw error
  }
}

/** Mails go through the deployment's server again. Problem `stale`. */
export const dropMailServer = async (msp: MspScope, wanted: Expected): Promise<void> => {
  const before = await msp.first(mailServers, undefined)
  refuseUnexpected(before, wanted)
  if (before === undefined) return
  await msp.commit(
    { action: 'settings.mail_server_dropped', subject: serverOf(before) },
    msp.remove(mailServers, before),
  )
}

/** What became of a test: in words, with the codes of the server's reply if it came to one. */
export type Trial = { delivered: boolean; to: string; from: string; words: string }

/** Sends a mail to whoever asks, the way all mails of the MSP go, and tells what the server said. Problem `throttled`. */
export const tryMail = async (
  { environment, ...caller }: MailCaller,
  msp: MspScope,
  to: { name: string; email: string },
): Promise<Trial> => {
  await countAttempt(environment, await attemptKeys(environment, caller.host, msp.mspId, caller.address, 'test mail'))
  const { house, ...sender } = await mailSenderOf(msp)
  const message = trialMail(environment, house, sender, to, newId(now()))
  const about = { to: to.email, from: message.from.address }
  try {
    const { reply } = await sendThrough(environment, sender.server, message)
    return { ...about, delivered: true, words: `The mail server took the mail${reply === '' ? '.' : ` (${reply}).`}` }
  } catch (error) {
    if (error instanceof ConnectorFault || error instanceof HopelessJob)
      return { ...about, delivered: false, words: error.message }
    throw error
  }
}

/** Of two who add the first one at the same moment, one is told that somebody was quicker. */
const onlyOne = async (commit: Promise<void>): Promise<void> => {
  try {
    await commit
  } catch (error) {
    if (error instanceof Refused && error.kind === 'unique') throw stale()
    throw error
  }
}

const subjectOf = ({ id, address }: MailAddressRow) => ({ kind: 'mail_address', id, name: address })
const serverOf = ({ id, host, port }: MailServerRow) => ({ kind: 'mail_server', id, name: `${host}:${port}` })
