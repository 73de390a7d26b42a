/**
 * Whether a state change that carries a cookie comes from a page of this very host. Sibling portals are same-site,
 * so SameSite does not tell them apart; the browser's own word on the origin does.
 */
export const comesFromHere = (
  headers: { origin: string | undefined; secFetchSite: string | undefined },
  ownOrigin: string,
): boolean => {
  if (headers.origin !== undefined) return headers.origin === ownOrigin
  return headers.secFetchSite === 'same-origin'
}

/** A change without a cookie (signing in) may come from a program; when a browser speaks, the page must be ours. */
export const isNotForeign = (
  headers: { origin: string | undefined; secFetchSite: string | undefined },
  ownOrigin: string,
): boolean => {
  if (headers.origin !== undefined) return headers.origin === ownOrigin
  return headers.secFetchSite === undefined || headers.secFetchSite === 'same-origin' || headers.secFetchSite === 'none'
}
