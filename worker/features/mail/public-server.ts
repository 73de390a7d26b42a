/** The ports that mail servers take mail at: between servers, and from programs with and without TLS from the first byte. */
export const MAIL_PORTS: readonly number[] = [25, 465, 587, 2525]

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** Endings that only a network's own name servers know. */
const PRIVATE_ENDINGS = new Set(
  'localhost local test invalid example internal intranet lan home corp private onion arpa'.split(' '),
)

/** What is wrong with a host as a mail server on the internet, by its name alone; undefined for nothing. */
export const hostTrouble = (host: string): string | undefined => {
  const labels = host.split('.')
  const ending = labels.at(-1) ?? ''
  if (/^[\d.]+$/.test(host) || host.includes(':') || ending.startsWith('0x') || /^\d+$/.test(ending))
    return 'Enter the name of the server, such as smtp.company.com, not an IP address.'
  if (labels.length < 2 || host.length > 253 || !labels.every((label) => LABEL.test(label)))
    return 'Enter the name of the server, such as smtp.company.com.'
  if (PRIVATE_ENDINGS.has(ending)) return 'This server cannot be reached on the internet.'
  return undefined
}

/** Whether an address is one of the internet's: neither this machine nor a private network, nor kept for anything special (RFC 6890). */
export const isPublicAddress = (address: string): boolean =>
  address.includes(':') ? isPublicV6(address.toLowerCase()) : isPublicV4(address)

const isPublicV4 = (address: string): boolean => {
  const parts = address.split('.').map(Number)
  const [a = -1, b = -1, c = -1] = parts
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return false
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false
  if (a === 100 && b >= 64 && b <= 127) return false
  if (a === 169 && b === 254) return false
  if (a === 172 && b >= 16 && b <= 31) return false
  if (a === 192 && b === 168) return false
  if (a === 192 && b === 0 && (c === 0 || c === 2)) return false
  if (a === 198 && (b === 18 || b === 19)) return false
  if ((a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113)) return false
  return true
}

/** Global unicast is 2000::/3; of it 2001::/23, 2001:db8::/32, 2002::/16 and 3fff::/20 (RFC 9637) lead elsewhere, or nowhere. */
const isPublicV6 = (address: string): boolean => {
  const [first = '', second = ''] = address.split(':')
  if (!/^[23][0-9a-f]{3}$/.test(first)) return false
  if (first === '2002') return false
  const next = Number.parseInt(second === '' ? '0' : second, 16)
  if (first === '3fff') return next >= 0x1000
  return !(first === '2001' && (next < 0x200 || next === 0xdb8))
}
