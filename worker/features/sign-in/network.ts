/**
 * What an address is counted as: an IPv4 address itself; of IPv6 the first 64 bits, since whoever has one such address
 * has all of its network (RFC 4291, section 2.5.4). What is no address stands for itself.
 */
export const networkOf = (address: string): string => {
  const groups = groupsIn(address)
  if (groups === undefined) return address
  const [high = 0, low = 0] = groups.slice(6)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight groups of an IPv6 address, or undefined for anything else. */
const groupsIn = (address: string): number[] | undefined => {
  const [text = ''] = address.toLowerCase().split('%')
  const dotted = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  const bytes = dotted?.slice(2).map(Number) ?? []
  if (bytes.some((byte) => byte > 255)) return undefined
  const [one = 0, two = 0, three = 0, four = 0] = bytes
  const plain =
    dotted === null ? text : `${dotted[1]}${(one * 256 + two).toString(16)}:${(three * 256 + four).toString(16)}`
  const [before = '', after, ...more] = plain.split('::')
  if (more.length > 0 || !plain.includes(':')) return undefined
  const [head, tail] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':')))
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (after === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  return groups.every((group) => /^[0-9a-f]{1,4}$/.test(group)) ? groups.map((group) => parseInt(group, 16)) : undefined
}
