export type HostnameCheck = { ok: true; hostname: string } | { ok: false; detail: string }

/** What a name may not be here; from the environment. */
export type HostnameRules = {
  /** Hosts of the service itself: neither they nor anything below them. */
  ownHosts: readonly string[]
  /** Whether names that only this machine or a test resolves are taken. */
  isLocal: boolean
}

/** Names before which the proof still fits (RFC 1035, section 2.3.4: 253 characters to be read). */
export const PROOF_LABEL = '_portal-proof'
const LENGTH_MAX = 253 - PROOF_LABEL.length - 1

/** Last labels that no public name server knows (RFC 6761, RFC 6762, RFC 7686, RFC 9476, and what networks use by themselves). */
const PRIVATE_ENDINGS = new Set(
  'localhost local test invalid example internal intranet lan home corp private onion alt arpa'.split(' '),
)

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * May this be a portal's own host name? Names of other scripts become what name servers know them by (A-labels). Whether
 * somebody has it already is not known here.
 */
export const checkHostname = (text: string, { ownHosts, isLocal }: HostnameRules): HostnameCheck => {
  const typed = text.trim().replace(/\.$/, '')
  if (typed === '') return refuse('Enter a host name, such as portal.fabrikam.com.')
  if (/[/:@?#\\\s]/.test(typed))
    return refuse(
      'Enter only the host name, such as portal.fabrikam.com, without https:// and without anything after it.',
    )
  if (typed.startsWith('*')) return refuse('Enter one host name. A * for many names cannot be used.')
  const hostname = asciiOf(typed)
  if (hostname === undefined || !hostname.split('.').every((label) => LABEL.test(label)))
    return isAddress(hostname ?? typed)
      ? refuse(ADDRESS_REFUSED)
      : refuse('This is no host name. Use letters, digits and hyphens, with dots between: portal.fabrikam.com.')
  if (isAddress(hostname)) return refuse(ADDRESS_REFUSED)
  if (hostname.length > LENGTH_MAX)
    return refuse(`This is too long. A host name has at most ${LENGTH_MAX} characters here.`)
  const labels = hostname.split('.')
  if (labels.length < 2) return refuse('Enter the whole name, such as portal.fabrikam.com.')
  if (ownHosts.some((own) => isAtOrBelow(hostname, own, isLocal)))
    return refuse('This name belongs to the service itself. A portal’s own address there is its URL prefix.')
  const ending = labels.at(-1) ?? ''
  if (!/^(?:[a-z]{2,63}|xn--[a-z0-9-]+)$/.test(ending) || (!isLocal && PRIVATE_ENDINGS.has(ending)))
    return refuse(`Names ending in “.${ending}” cannot be reached on the internet. Use one like portal.fabrikam.com.`)
  return { ok: true, hostname }
}

const ADDRESS_REFUSED = 'This is an IP address. Enter a host name, such as portal.fabrikam.com.'
const refuse = (detail: string): HostnameCheck => ({ ok: false, detail })

/** As a browser would put it: in lower case, other scripts as A-labels; undefined for what no browser takes. */
const asciiOf = (typed: string): string | undefined => {
  if (!URL.canParse(`http://${typed}/`)) return undefined
  const { hostname, port, username } = new URL(`http://${typed}/`)
  return port === '' && username === '' ? hostname : undefined
}

/** Browsers read whatever ends in a number as an IPv4 address (URL Standard, "ends in a number checker"). */
const isAddress = (hostname: string): boolean => /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/i.test(hostname)

/** On this machine `localhost` is the ending of everything, so only the first label below it is a prefix of ours. */
const isAtOrBelow = (hostname: string, own: string, isLocal: boolean): boolean => {
  if (hostname === own) return true
  if (!hostname.endsWith(`.${own}`)) return false
  return !(isLocal && own === 'localhost' && hostname.split('.').length > 2)
}
