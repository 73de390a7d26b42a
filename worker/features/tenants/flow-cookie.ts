/** Proves that the browser which comes back from Microsoft is the one that left. Lives on the admin host only. */
export const FLOW_COOKIE = '__Host-flow'

export const flowCookieOf = (secret: string): string =>
  `${FLOW_COOKIE}=${secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=1800`

export const endedFlowCookie = `${FLOW_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`
