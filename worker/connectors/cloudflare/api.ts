import type { z } from 'zod'
import { ConnectorFault } from '../connector.ts'
import { exchange, jsonOf, parsed } from '../exchange.ts'
import type { Caller, Exchanged } from '../exchange.ts'
import { vendor, wireErrors } from './mapping.ts'

export type CloudflareConfig = Pick<Caller, 'fetch' | 'now' | 'beforeEach'> & {
  /** Such as `https://api.cloudflare.com/client/v4`. */
  apiUrl: string
  /** The zone whose custom hostnames these are. */
  zoneId: string
  /** An API token that may edit them ("SSL and Certificates: Edit"). */
  token: string
}

/** A refusal with Cloudflare's own error numbers, for readers that know them. */
export class CloudflareFault extends ConnectorFault {
  readonly codes: number[]

  constructor(kind: ConnectorFault['kind'], message: string, codes: number[], retryAfterSeconds?: number) {
    super(kind, vendor, message, retryAfterSeconds)
    this.name = 'CloudflareFault'
    this.codes = codes
  }
}

export const cloudflareApi = ({ apiUrl, zoneId, token, ...asking }: CloudflareConfig) => {
  const caller: Caller = { ...asking, vendor, called: 'Cloudflare' }
  const base = `${apiUrl}/zones/${encodeURIComponent(zoneId)}`

  return {
    /** One request below the zone. Every failure is a ConnectorFault. */
    async call<Shape extends z.ZodType>(
      method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
      path: string,
      shape: Shape,
      body?: object,
    ): Promise<z.output<Shape>> {
      const answer = await exchange(caller, `${base}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (answer.status < 200 || answer.status > 299) throw refusalOf(answer)
      return parsed(caller, answer.body, shape)
    },
  }
}

const refusalOf = ({ status, body, retryAfterSeconds }: Exchanged): CloudflareFault => {
  const told = wireErrors.safeParse(jsonOf(body))
  const codes = told.success ? told.data.errors.map(({ code }) => code) : []
  const named = codes.length === 0 ? ` (${status})` : ` (${status}: ${codes.join(', ')})`
  const fault = (kind: ConnectorFault['kind'], words: string) =>
    new CloudflareFault(kind, `${words}.${named}`, codes, retryAfterSeconds)
  if (status === 401 || status === 403)
    return fault(
      'unauthorized',
      'Cloudflare does not accept the token of this deployment. Whoever runs it has to renew it',
    )
  if (status === 404) return fault('missing', 'Cloudflare does not know this host name any more')
  if (status === 429) return fault('throttled', 'Cloudflare asked to slow down')
  if (status >= 500 || status === 408) return fault('down', 'Cloudflare is out of order')
  return fault('rejected', 'Cloudflare refused this host name')
}
