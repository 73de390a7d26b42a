import type { Environment } from '../../env.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { hashOf } from '../../tenancy/ids.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** 60 bits lead to the ticket, and 70 prove for whom the address was made. */
const TICKET_CHARACTERS = 12
const READER_CHARACTERS = 14
const SECRET_BYTE_COUNT = 16
const REPLY_LOCAL_PART = /^([0-9a-z]{1,37})([-.])([0-9a-hjkmnp-tv-z]{26})$/

type Key = Pick<Environment, 'TOKEN_KEY'>

/**
 * What an address holds. One that was made for a single reader is of nobody else; one from before addresses were made so is of
 * every reader of its ticket, and proves nothing of who writes to it.
 */
export type ReplyAddress = { mspId: string; isOfOneReader: boolean; token: string; replyHashes: string[] }

/**
 * Where a reader's answers to a ticket's mails go: its MSP, a hyphen, and a secret of this ticket's and this reader's (130 bits).
 * Mail servers take 64 characters before the @ (RFC 5321, 4.5.3.1.1), and may change their case: 36 + 1 + 26, all small.
 */
export const replyAddress = async (
  environment: Pick<Environment, 'TOKEN_KEY' | 'REPLY_DOMAIN'>,
  mspId: string,
  ticketId: string,
  readerId: string,
): Promise<string> => `${mspId}-${await tokenOf(environment, mspId, ticketId, readerId)}@${environment.REPLY_DOMAIN}`

/** What a ticket keeps of its reply addresses, to be found by them: a ticket is given it when it is written down. */
export const replyHashOf = async (environment: Key, mspId: string, ticketId: string): Promise<string> =>
  hashOf(ticketPartOf(await secretOf(environment, mspId, ticketId)))

/** What an address holds, with what its ticket may keep of it; undefined for any that is no reply address of this deployment. */
export const readReplyAddress = async (
  environment: Pick<Environment, 'REPLY_DOMAIN'>,
  address: string,
): Promise<ReplyAddress | undefined> => {
  const at = address.lastIndexOf('@')
  if (address.slice(at + 1).toLowerCase() !== environment.REPLY_DOMAIN) return undefined
  const [, mspId, sign, token] = REPLY_LOCAL_PART.exec(address.slice(0, at).toLowerCase()) ?? []
  if (mspId === undefined || token === undefined) return undefined
  const isOfOneReader = sign === '-'
  const kept = isOfOneReader ? [ticketPartOf(token)] : [ticketPartOf(token), token]
  return { mspId, isOfOneReader, token, replyHashes: await Promise.all(kept.map(hashOf)) }
}

/** Whether an address was made for this reader of this ticket. One of every reader was, if it is this ticket's. */
export const isMadeFor = async (
  environment: Key,
  { mspId, isOfOneReader, token }: ReplyAddress,
  ticketId: string,
  readerId: string,
): Promise<boolean> =>
  token ===
  (isOfOneReader ? await tokenOf(environment, mspId, ticketId, readerId) : await secretOf(environment, mspId, ticketId))

const tokenOf = async (environment: Key, mspId: string, ticketId: string, readerId: string): Promise<string> => {
  const [ofTicket, ofReader] = await Promise.all([
    secretOf(environment, mspId, ticketId),
    secretOf(environment, mspId, `${ticketId}\n${readerId}`),
  ])
  return `${ticketPartOf(ofTicket)}${ofReader.slice(0, READER_CHARACTERS)}`
}

const ticketPartOf = (token: string): string => token.slice(0, TICKET_CHARACTERS)

const secretOf = async (environment: Key, mspId: string, of: string): Promise<string> => {
  const secret = await mailToken(environment, 'ticket_reply', mspId, of)
  const bytes = Uint8Array.from(
    atob(secret.replaceAll('-', '+').replaceAll('_', '/')),
    (character) => character.codePointAt(0) ?? 0,
  )
  return base32(bytes.subarray(0, SECRET_BYTE_COUNT))
}

/** Five bits to a character, those left over filled up with zeros. */
const base32 = (bytes: Uint8Array): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '').join('')
}
