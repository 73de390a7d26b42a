/**
 * What a piece of Microsoft's HTML says, as plain text with its paragraphs, at most so many characters long. Nothing of it is
 * ever shown as HTML, so this is for reading, not for safety.
 */
export function plainText(html: string | null | undefined, characterCountMax: number): string {
  const text = (html ?? '')
    .replaceAll(/<(script|style)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<li\b[^>]*>/gi, '\n- ')
    .replaceAll(/<(?:br|\/p|\/div|\/h[1-6]|\/ul|\/ol|\/tr|p|div|h[1-6]|ul|ol|tr)\b[^>]*>/gi, '\n')
    // Only what looks like a tag: "a < b" is text.
    .replaceAll(/<\/?[a-z][^>]*>/gi, '')
    .replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole: string, name: string) => entityOf(name) ?? whole)
    .replaceAll(/[ \t\u00a0]*\n[ \t\u00a0]*/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  const letters = [...text]
  return letters.length <= characterCountMax
    ? text
    : `${letters
        .slice(0, characterCountMax - 1)
        .join('')
        .trimEnd()}…`
}

const named: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  bull: '•',
}

const entityOf = (name: string): string | undefined => {
  if (!name.startsWith('#')) return named[name.toLowerCase()]
  const isHex = name[1]?.toLowerCase() === 'x'
  const point = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10)
  const isCharacter = point > 0x1f && point <= 0x10_ffff && !(point >= 0xd800 && point <= 0xdfff)
  return isCharacter ? String.fromCodePoint(point) : ' '
}
