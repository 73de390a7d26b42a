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

const WORDS = /[\p{L}\p{N}]+/gu

/** The words a text can be found by: at least one letter or digit each, at most 40 characters, each once. */
export const wordsIn = (...texts: (string | null | undefined)[]): string[] => {
  const words = texts.flatMap((text) => folded(text ?? '').match(WORDS) ?? [])
  return [...new Set(words.map((word) => word.slice(0, 40)))]
}

/** A word searched for: the beginning of one, or one as it stands. */
export type Sought = { text: string; isWhole: boolean }

/**
 * The words of a search, the longest first, at most four; none below two letters or digits in all. A single letter is
 * a word as it stands ("A & B"), but for the last word, which may still be being typed.
 */
export const soughtIn = (query: string): Sought[] => {
  const words = folded(query).match(WORDS) ?? []
  if ([...words.join('')].length < 2) return []
  const last = words.at(-1)
  return wordsIn(query)
    .map((text) => ({ text, isWhole: [...text].length < 2 && text !== last }))
    .toSorted((one, other) => other.text.length - one.text.length)
    .slice(0, 4)
}

/** What follows a name without telling businesses apart, as it stands after folding. */
const LEGAL_SUFFIXES = new Set(
  'ab ag as aps bv bvba cc co company corp corporation cv doo eg ek eurl ev gbr ggmbh gmbh inc incorporated kft kg kgaa kk lda limited llc llp lp ltd ltda mbh nv ohg oy oyj plc pllc proprietary pte pty pvt sa sagl sarl sas sasu sc se sl slu snc sp spa spol srl sro ug zoo'.split(
    ' ',
  ),
)
const JOINING = new Set(['and', 'und', 'et', 'y', 'e', 'og', 'och', 'the'])

/**
 * A name as it is compared for likeness: without case, accents, punctuation, and the legal form at its end
 * ("Müller & Söhne GmbH & Co. KG" and "Muller Sohne" are alike). One without any letter or digit is alike to itself.
 */
export const likenessOf = (name: string): string => {
  const words =
    folded(name)
      .replaceAll(/(?<=\p{L})[.’'](?=\p{L})/gu, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  if (words.length === 0) return name.replaceAll(/\s/gu, '')
  const telling = words.filter((word) => !JOINING.has(word))
  const kept = telling.length === 0 ? [...words] : telling
  while (kept.length > 1 && LEGAL_SUFFIXES.has(kept.at(-1) ?? '')) kept.pop()
  return kept.join('')
}

/** Domains whose addresses anybody can have: two customers that share one are not alike. */
const PUBLIC_MAIL = new Set(
  'aol.com gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr icloud.com laposte.net libero.it live.com live.nl mac.com mail.com mail.ru me.com msn.com orange.fr outlook.com outlook.de outlook.fr pm.me proton.me protonmail.com qq.com t-online.de web.de yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com zoho.com'.split(
    ' ',
  ),
)

/** The part of an e-mail address that may name a business, or undefined. */
export const businessDomainOf = (email: string | null): string | undefined => {
  const domain = email?.split('@').at(-1)?.toLowerCase()
  return domain === undefined || domain === '' || PUBLIC_MAIL.has(domain) ? undefined : domain
}

/** A PSA id as it is compared: without the case of A to Z, as lists sort by it (SQLite's NOCASE). */
export const psaKeyOf = (psaId: string): string => psaId.trim().replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * What a customer is known again by, kept among the words it is found by: `=` its name's likeness, `@` a domain,
 * `#` its PSA id. No search begins with such a sign.
 */
export const marksOf = (known: {
  name?: string | undefined
  email?: string | null | undefined
  psaId?: string | null | undefined
  domains?: string[] | undefined
}): string[] => {
  const likeness = likenessOf(known.name ?? '')
  const domains = [
    businessDomainOf(known.email ?? null),
    ...(known.domains ?? []).map((domain) => domain.toLowerCase()),
  ]
  return [
    ...(likeness === '' ? [] : [`=${likeness}`]),
    ...new Set(domains.flatMap((domain) => (domain === undefined ? [] : [`@${domain}`]))),
    ...(known.psaId ? [`#${psaKeyOf(known.psaId)}`] : []),
  ]
}

type Text = string | null

/** What a customer is found and known again by on account of its own row. */
export const wordsOfCustomer = ({ name, email, psaId }: { name: string; email: Text; psaId: Text }): string[] => [
  ...wordsIn(name, email, psaId),
  ...marksOf({ name, email, psaId }),
]

export const wordsOfContact = ({ name, email }: { name: string; email: Text }): string[] => wordsIn(name, email)

export const wordsOfTenant = ({ name, domain }: { name: string; domain: string }): string[] => [
  ...wordsIn(name, domain),
  ...marksOf({ domains: [domain] }),
]
