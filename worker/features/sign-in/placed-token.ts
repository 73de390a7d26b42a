import type { Environment } from '../../env.ts'

/** A secret that says where its row is: at the admin host no MSP is known yet. */
export type PlacedToken = { shard: string; mspId: string; secret: string }

export const placedToken = ({ shard, mspId, secret }: PlacedToken): string => [shard, mspId, secret].join('.')

/** Undefined for what is not of that shape, or names no shard of ours. */
export const readPlacedToken = (environment: Environment, token: string): PlacedToken | undefined => {
  const [shard, mspId, secret, ...more] = token.split('.')
  if (shard === undefined || mspId === undefined || secret === undefined || more.length > 0) return undefined
  return environment.shards.has(shard) ? { shard, mspId, secret } : undefined
}
