import type { Environment } from '../../env.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import { hashOf } from '../../tenancy/ids.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TOKEN_BYTE_COUNT = 16
const REPLY_LOCAL_PART = /^([0-9a-z]{1,37})\.([0-9a-hjkmnp-tv-z]{26})$/

/**
 * Where answers to a ticket's mails go: its MSP, a dot, and a secret of this ticket's (128 bits). Mail servers take 64 characters
 * before the @ (RFC 5321, 4.5.3.1.1), and may change their case: 36 + 1 + 26, all small.
 */
export const replyAddress = async (
  environment: Pick<Environment, 'TOKEN_KEY' | 'REPLY_DOMAIN'>,
  mspId: string,
  ticketId: string,
): Promise<string> => `${mspId}.${await replyToken(environment, mspId, ticketId)}@${environment.REPLY_DOMAIN}`

/** What a ticket keeps of its reply address, to be found by it: a ticket is given it when it is written down. */
export const replyHashOf = async (
  environment: Pick<Environment, 'TOKEN_KEY'>,
  mspId: string,
  ticketId: string,
): Promise<string> => hashOf(await replyToken(environment, mspId, ticketId))

/** Whose ticket an address leads to, by the hash it keeps; undefined for any that is no reply address of this deployment. */
export const readReplyAddress = async (
  environment: Pick<Environment, 'REPLY_DOMAIN'>,
  address: string,
): Promise<{ mspId: string; replyHash: string } | undefined> => {
  const at = address.lastIndexOf('@')
  if (address.slice(at + 1).toLowerCase() !== environment.REPLY_DOMAIN) return undefined
  const [, mspId, token] = REPLY_LOCAL_PART.exec(address.slice(0, at).toLowerCase()) ?? []
  return mspId === undefined || token === undefined ? undefined : { mspId, replyHash: await hashOf(token) }
}

const replyToken = async (
  environment: Pick<Environment, 'TOKEN_KEY'>,
  mspId: string,
  ticketId: string,
): Promise<string> => {
  const secret = await mailToken(environment, 'ticket_reply', mspId, ticketId)
  const bytes = Uint8Array.from(
    atob(secret.replaceAll('-', '+').replaceAll('_', '/')),
    (character) => character.codePointAt(0) ?? 0,
  )
  return base32(bytes.subarray(0, TOKEN_BYTE_COUNT))
}

/** Five bits to a character, those left over filled up with zeros. */
const base32 = (bytes: Uint8Array): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '').join('')
}
