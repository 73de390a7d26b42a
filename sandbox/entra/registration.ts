/** An app registration that the sandbox knows. */
export type Registration = {
  clientId: string
  secrets: { value: string; expired: boolean }[]
  /** What Microsoft's pages call it. */
  appName: string
  publisher: string
  /** The tenant it is registered in, where it is part of from the start; undefined for Portico's own. */
  directoryId: string | undefined
  /** Matched against the host name of a redirect address. */
  redirectHosts: RegExp
}

/** Every app there is: Portico's neutral one, and those of MSPs. All are multi-tenant. */
export class Registrations {
  readonly neutral: Registration
  readonly #known: Map<string, Registration>

  constructor(neutral: Registration, ...more: Registration[]) {
    this.neutral = neutral
    this.#known = new Map([neutral, ...more].map((one) => [one.clientId, one]))
  }

  all(): Registration[] {
    return [...this.#known.values()]
  }

  find(clientId: string | undefined): Registration | undefined {
    return this.#known.get(clientId?.toLowerCase() ?? '')
  }
}

export function mayRedirectTo(
  registration: Registration | undefined,
  redirectUri: string | undefined,
): redirectUri is string {
  if (registration === undefined || redirectUri === undefined || !URL.canParse(redirectUri)) return false
  const url = new URL(redirectUri)
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  return isWeb && url.hash === '' && registration.redirectHosts.test(url.hostname)
}
