import type { portals } from '../../../db/shard/schema.ts'

/** What everything that leads to a portal is built from: its primary host name while that leads here, else its prefix address. */
export const canonicalHost = ({
  host,
  primaryHost,
  primaryHostLeadsHere,
}: Pick<typeof portals.$inferSelect, 'host' | 'primaryHost' | 'primaryHostLeadsHere'>): string =>
  primaryHostLeadsHere ? (primaryHost ?? host) : host
