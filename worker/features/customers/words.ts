/** The letters a search compares: lower case, without accents, and foreign ones as people without the key type them. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[øłđðßæœþı]/gu, (letter) => typedFor[letter] ?? letter)

/** Letters that Unicode does not take apart (NFKD), as they are commonly written in English. */
const typedFor: Record<string, string> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ı: 'i',
}

/** The words a text can be found by: at least one letter or digit each, at most 40 characters, each once. */
export const wordsIn = (...texts: (string | null | undefined)[]): string[] => {
  const words = texts.flatMap((text) => folded(text ?? '').match(/[\p{L}\p{N}]+/gu) ?? [])
  return [...new Set(words.map((word) => word.slice(0, 40)))]
}

/** What is searched for, as word prefixes of at least two characters; the longest first, at most four. */
export const prefixesIn = (query: string): string[] =>
  wordsIn(query)
    .filter((word) => [...word].length >= 2)
    .toSorted((one, other) => other.length - one.length)
    .slice(0, 4)
