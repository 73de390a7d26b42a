import { z } from 'zod'
import { d1Shard } from '../db/connect.ts'
import type { Shard } from '../db/connect.ts'
import type { LibsqlAddress } from '../db/libsql.ts'
import type { JobHint } from './tenancy/scope.ts'

/**
 * A key's id stands before a dot in what it sealed, so it holds none. It begins with a letter, since JavaScript puts ids
 * that are numbers first, whatever their order, and the last key is the one that seals.
 */
const KEY_ID = /^[a-z][a-z0-9_-]{0,31}$/i
const KEY_BYTE_COUNT = 32

/** What is wrong with sealing keys, in words that do not say them. Zod's record would leave out an id such as __proto__. */
const troublesWith = (keys: [id: string, key: unknown][]): string[] => [
  ...(keys.length === 0 ? ['Name at least one key, as in {id: 32 bytes in base64}.'] : []),
  ...keys.flatMap(([id, key]) => [
    ...(KEY_ID.test(id) ? [] : [`The key id “${id}” is not a letter followed by at most 31 letters, digits, - or _.`]),
    ...(z.base64().safeParse(key).success && atob(String(key)).length === KEY_BYTE_COUNT
      ? []
      : [`The key “${id}” is not ${KEY_BYTE_COUNT} bytes in base64.`]),
  ]),
]

const entriesIn = (text: string): [string, unknown][] => {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
  } catch {
    return []
  }
}

const Variables = z
  .object({
    ENVIRONMENT: z.enum(['local', 'test', 'production']),
    PUBLIC_SCHEME: z.enum(['http', 'https']),
    /** Empty where the scheme's own port is used. */
    PUBLIC_PORT: z.string().regex(/^\d*$/),
    ADMIN_HOST: z.string().min(1),
    SIGN_IN_HOST: z.string().min(1),
    PORTAL_SUFFIX: z.string().min(1),
    ENTRA_URL: z.url(),
    GRAPH_URL: z.url(),
    /** Where Microsoft publishes the names of its licences, as CSV. */
    SKU_NAMES_URL: z.url(),
    /** Custom host names: Cloudflare's API, the zone they are added to, and a token that may. */
    CLOUDFLARE_API_URL: z.url(),
    CLOUDFLARE_ZONE_ID: z.string().min(1),
    CLOUDFLARE_TOKEN: z.string().min(1),
    /** What customers' own host names are to be a CNAME of: a name in that zone. */
    CUSTOM_HOSTNAME_TARGET: z.string().min(3),
    /** DNS over HTTPS, answering in JSON. */
    DNS_URL: z.url(),
    MICROSOFT_CLIENT_ID: z.string().min(1),
    MICROSOFT_CLIENT_SECRET: z.string().min(1),
    SMTP_URL: z.url(),
    MAIL_FROM: z.string().min(3),
    /** The domain that answers to mails about tickets are sent to; whatever arrives there is handed to this Worker. */
    REPLY_DOMAIN: z.string().min(3).toLowerCase(),
    /** Which servers of their own MSPs may send through: those on the internet, or (on a laptop) any. */
    OWN_MAIL_SERVERS: z.enum(['public', 'any']),
    /** `{ "<key id>": "<32 bytes, base64>" }`; the last one seals, all of them open. */
    SEALING_KEYS: z.string().transform((text, context) => {
      const keys = entriesIn(text)
      const troubles = troublesWith(keys)
      for (const message of troubles) context.addIssue({ code: 'custom', message })
      return troubles.length === 0 ? Object.fromEntries(keys.map(([id, key]) => [id, String(key)])) : z.NEVER
    }),
    /** Whether new MSPs may sign up by themselves: all, those with the operator's code, or none. */
    SIGN_UP: z.enum(['open', 'invite', 'closed']).default('closed'),
    /** What lets a new MSP sign up while it is by invitation. */
    SIGN_UP_CODE: z.string().min(12).optional(),
    /** 32 bytes, base64: keys the hashes that attempt limits are counted under. */
    TOKEN_KEY: z.base64(),
  })
  .refine(
    ({ SIGN_UP, SIGN_UP_CODE }) => SIGN_UP !== 'invite' || SIGN_UP_CODE !== undefined,
    'SIGN_UP is “invite”, so SIGN_UP_CODE must hold the code, at least 12 characters.',
  )

/** Takes what nobody waits for: with a request, it is begun once that has its answer. */
export type Later = (work: () => Promise<unknown>) => void

/** A row of the directory that says what is to be done before it is known whose it is. */
export type ErrandHint = { errand: string; id: string }
export type QueueMessage = JobHint | ErrandHint

export type Bindings = {
  DIRECTORY: D1Database
  FILES: R2Bucket
  JOBS: Queue<QueueMessage>
  ASSETS?: Fetcher
  [shardOrVariable: string]: unknown
}

export type Environment = z.infer<typeof Variables> & {
  directory: D1Database
  files: R2Bucket
  queue: Queue<QueueMessage>
  /** The built web; absent only in tests, which do not build it. */
  assets: Fetcher | undefined
  shards: ReadonlyMap<string, Shard>
  /** `http://admin.localhost:8787` for `admin.localhost`. */
  originOf: (host: string) => string
}

const parsed = new WeakMap<Bindings, Environment>()

/** The bindings, checked once per isolate: a missing one stops the Worker with its name. */
export const environmentOf = (bindings: Bindings): Environment => {
  const known = parsed.get(bindings)
  if (known !== undefined) return known
  const variables = Variables.parse(bindings)
  const shards = new Map<string, Shard>()
  for (const [name, binding] of Object.entries(bindings)) {
    const key = /^SHARD_(\w+)$/.exec(name)?.[1]
    if (key === undefined) continue
    const shard = `shard-${key.toLowerCase()}`
    shards.set(
      shard,
      typeof binding === 'string'
        ? libsqlShardAt(shard, addressIn(name, binding, bindings[`LIBSQL_TOKEN_${key}`], variables.ENVIRONMENT))
        : d1Shard(shard, binding as D1Database),
    )
  }
  const environment: Environment = {
    ...variables,
    directory: bindings.DIRECTORY,
    files: bindings.FILES,
    queue: bindings.JOBS,
    assets: bindings.ASSETS,
    shards,
    originOf: (host) =>
      `${variables.PUBLIC_SCHEME}://${host}${variables.PUBLIC_PORT === '' ? '' : `:${variables.PUBLIC_PORT}`}`,
  }
  parsed.set(bindings, environment)
  return environment
}

/** The address of a shard that is a libSQL server: over TLS, but on this machine. Throws for any other, naming the variable. */
const addressIn = (
  name: string,
  text: string,
  token: unknown,
  environment: Environment['ENVIRONMENT'],
): LibsqlAddress => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSealed = url?.protocol === 'libsql:' || url?.protocol === 'https:'
  if (url === undefined || !(isSealed || (url.protocol === 'http:' && environment !== 'production')))
    throw new Error(`${name} is neither a D1 database nor the address of a libSQL server (libsql://… or https://…).`)
  return { url: text, authToken: typeof token === 'string' && token !== '' ? token : undefined }
}

/** The driver is loaded with the first statement: who has no such shard never waits for it. */
const libsqlShardAt = (name: string, address: LibsqlAddress): Shard => {
  const opened = async () => (await import('../db/libsql.ts')).remoteShard(name, address)
  return {
    name,
    read: async (statement) => (await opened()).read(statement),
    batch: async (statements) => (await opened()).batch(statements),
  }
}

export const shardNamed = (environment: Environment, name: string): Shard => {
  const shard = environment.shards.get(name)
  if (shard === undefined) throw new Error(`There is no shard "${name}".`)
  return shard
}
