/** The one app registration that the sandbox knows: Portico's multi-tenant app. */
export type Registration = {
  clientId: string
  clientSecret: string
  appName: string
  publisher: string
  /** Matched against the host name of a redirect address. */
  redirectHosts: RegExp
}

export function mayRedirectTo(registration: Registration, redirectUri: string | undefined): redirectUri is string {
  if (redirectUri === undefined || !URL.canParse(redirectUri)) return false
  const url = new URL(redirectUri)
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  return isWeb && url.hash === '' && registration.redirectHosts.test(url.hostname)
}
