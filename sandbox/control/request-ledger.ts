/** Whose requests are counted, and can be made to fail. */
export type Surface = 'graph' | 'token' | 'cloudflare' | 'dns'

export type Observation = {
  tenantId: string | undefined
  surface: Surface
  method: string
  path: string
  query: string
  headers: Record<string, string>
  status: number
}

type Entry = {
  tenantId: string | undefined
  surface: Surface
  method: string
  path: string
  count: number
  statuses: Record<string, number>
  headers: Record<string, string[]>
  lastQuery: string
}

/** Request headers worth asserting on; the rest are noise or secrets. */
const headersKept = [
  'x-ms-throttle-priority',
  'prefer',
  'consistencylevel',
  'user-agent',
  'accept',
  'client-request-id',
]
const valuesMax = 5

/** Counts who asked Graph, the token endpoint, Cloudflare and the DNS for what. */
export class RequestLedger {
  readonly #entries = new Map<string, Entry>()

  note(observation: Observation): void {
    const { tenantId, surface, method, path } = observation
    const key = `${tenantId ?? ''} ${surface} ${method} ${path}`
    const entry = this.#entries.get(key) ?? {
      tenantId,
      surface,
      method,
      path,
      count: 0,
      statuses: {},
      headers: {},
      lastQuery: '',
    }
    entry.count += 1
    entry.statuses[observation.status] = (entry.statuses[observation.status] ?? 0) + 1
    entry.lastQuery = observation.query
    for (const name of headersKept) {
      const value = observation.headers[name]
      const values = (entry.headers[name] ??= [])
      if (value !== undefined && !values.includes(value) && values.length < valuesMax) values.push(value)
      if (values.length === 0) delete entry.headers[name]
    }
    this.#entries.set(key, entry)
  }

  list(tenantId: string | undefined): { total: number; requests: Entry[] } {
    const requests = [...this.#entries.values()].filter(
      (entry) => tenantId === undefined || entry.tenantId === tenantId.toLowerCase(),
    )
    return { total: requests.reduce((sum, entry) => sum + entry.count, 0), requests }
  }

  clear(): void {
    this.#entries.clear()
  }
}
