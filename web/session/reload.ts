const key = 'reloaded-at'

/**
 * Loads the page again, so that a session that ended shows the sign-in page at the same address. Only once in a
 * while: if page and API ever disagreed about the session, the browser must not spin.
 */
export function reloadOnce(): void {
  const last = Number(sessionStorage.getItem(key) ?? 0)
  if (Date.now() - last < 30_000) return
  sessionStorage.setItem(key, String(Date.now()))
  location.reload()
}
