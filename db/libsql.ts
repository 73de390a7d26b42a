import { createClient } from '@libsql/client/http'
import { libsqlShard } from './connect.ts'
import type { Shard } from './connect.ts'

/** Where a libSQL server answers: `libsql://` and `https://` over TLS, `http://` on this machine; and what opens it. */
export type LibsqlAddress = { url: string; authToken: string | undefined }

/**
 * A shard behind a libSQL server, spoken to over HTTP: each call is one request. There is a client for each, since what one
 * request of a Worker waits for must not be another's; it holds no connection, so that costs nothing.
 */
export const remoteShard = (name: string, { url, authToken }: LibsqlAddress): Shard => {
  const shard = () => libsqlShard(name, createClient(authToken === undefined ? { url } : { url, authToken }))
  return {
    name,
    read: (statement) => shard().read(statement),
    batch: (statements) => shard().batch(statements),
  }
}
