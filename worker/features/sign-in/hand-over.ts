import { and, eq, gt, isNull } from 'drizzle-orm'
import { handOvers } from '../../../db/shard/schema.ts'
import type { Proven } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { hashOf, newSecret } from '../../tenancy/ids.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { placedToken } from './placed-token.ts'

/** A browser redeems its code at once. */
export const HAND_OVER_MS = 60_000

export type HandOver = typeof handOvers.$inferSelect

/** What was proven, to be kept for one host and one browser, and its one-time code, of which only the hash is stored. */
export const newHandOver = async <P extends Proven>(
  msp: MspScope,
  given: { host: string; flowHash: string; returnTo: string; proven: P },
) => {
  const secret = newSecret()
  const row = { id: await hashOf(secret), ...given, createdAt: now(), expiresAt: now() + HAND_OVER_MS }
  return { code: placedToken({ shard: msp.shardName, mspId: msp.mspId, secret }), row }
}

/** Keeps it. Answers the code. */
export const handOver = async (
  msp: MspScope,
  { customerId, ...to }: { host: string; customerId: string | null; flowHash: string; returnTo: string },
  proven: Proven,
): Promise<string> => {
  const { code, row } = await newHandOver(msp, { ...to, proven })
  await msp.record(msp.add(handOvers, { ...row, customerId }))
  return code
}

/** What waits under a code for this very host and browser; undefined for anybody else, too late, or a second time. */
export const waitingFor = async (
  msp: MspScope,
  secret: string,
  at: { host: string; flowSecret: string },
): Promise<HandOver | undefined> => {
  const row = await msp.first(handOvers, and(eq(handOvers.id, await hashOf(secret)), isOpen()))
  if (row === undefined || row.host !== at.host) return undefined
  return row.flowHash === (await hashOf(at.flowSecret)) ? row : undefined
}

/** The same for a preview, which begins at another host and so is tied to no browser. */
export const waitingPreview = async (
  msp: MspScope,
  secret: string,
  host: string,
): Promise<(HandOver & { proven: Extract<Proven, { purpose: 'preview' }> }) | undefined> => {
  const row = await msp.first(handOvers, and(eq(handOvers.id, await hashOf(secret)), isOpen()))
  if (row === undefined || row.host !== host || row.proven.purpose !== 'preview') return undefined
  return { ...row, proven: row.proven }
}

/** Uses it up, in the commit with what it is used for: of several at once, all but one fail as stale. */
export const spent = () => ({ where: isOpen(), set: { consumedAt: now() } })

const isOpen = () => and(isNull(handOvers.consumedAt), gt(handOvers.expiresAt, now()))
