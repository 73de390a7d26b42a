/** A first idea for the address: the first word of the name, as a DNS label. */
export function suggestPrefix(name: string): string {
  const plain = name
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
  return (
    plain
      .split(/[^a-z0-9]+/)
      .find((word) => word.length > 2)
      ?.slice(0, 40) ?? ''
  )
}
