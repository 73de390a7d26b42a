const CONTROL_OR_BACKSLASH = /[\p{Cc}\\]/u
const LENGTH_MAX = 1000
/** No host of ours: whatever a path resolves to here, it has left. */
const HERE = 'https://here.invalid'

/**
 * Where a browser may go back to on the same host, as an address bar would show it; undefined for what is no path, or leads
 * elsewhere. Browsers drop control characters and read `\` as `/` (WHATWG URL, "basic URL parser"), so neither may stand there.
 */
export const ownPath = (text: string): string | undefined => {
  if (text.length > LENGTH_MAX || CONTROL_OR_BACKSLASH.test(text) || !/^\/(?!\/)/.test(text)) return undefined
  if (!URL.canParse(text, HERE)) return undefined
  const { origin, pathname, search, hash } = new URL(text, HERE)
  // Dots that lead above the root may leave two slashes behind.
  return origin === HERE && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : undefined
}
