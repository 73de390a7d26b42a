import { folded, soughtIn, wordsIn } from '../../../db/customer-words.ts'
import type { Sought } from '../../../db/customer-words.ts'
import { wordSources } from '../../../db/shard/schema.ts'
import type { tenantUserWords } from '../../../db/shard/schema.ts'
import { invalidField } from '../../http/problem.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'

/** Of somebody whose name is a whole sentence, more words find nobody that these do not. */
const WORDS_PER_SOURCE_MAX = 12
const MAIL_LENGTH_MAX = 120
const SOUGHT_COUNT_MAX = 4

type Found = { displayName: string; mail: string | null; department: string | null }
type Source = (typeof tenantUserWords.$inferSelect)['source']
export type UserWord = [source: Source, word: string]

/** A name as lists order it and as searches begin with it. */
export const sortNameOf = (displayName: string): string => folded(displayName).trim().replaceAll(/\s+/g, ' ')

/**
 * What somebody is found by. A word that the name has already is not kept for anything else: names are always shown.
 * The whole address stands behind an `@`, which no word begins with.
 */
export const wordsOfUser = ({ displayName, mail, department }: Found): UserWord[] => {
  const name = wordsIn(displayName)
  const beside = (words: string[]) => words.filter((word) => !name.includes(word)).slice(0, WORDS_PER_SOURCE_MAX)
  return [
    ...wordsFrom(wordSources.name, name.slice(0, WORDS_PER_SOURCE_MAX)),
    ...wordsFrom(wordSources.mail, [...beside(wordsIn(mail?.split('@')[0])), ...wholeMailOf(mail)]),
    ...wordsFrom(wordSources.department, beside(wordsIn(department))),
  ]
}

const wordsFrom = (source: Source, words: string[]): UserWord[] => words.map((word) => [source, word])

const wholeMailOf = (mail: string | null): string[] =>
  mail === null ? [] : [`@${folded(mail).slice(0, MAIL_LENGTH_MAX)}`]

/**
 * The words that are typed, at most four: what looks like an address is looked for whole, everything else word by word.
 * None when nothing is typed; Problem `invalid` below two letters or digits in all.
 */
export const soughtOf = (typed: string | undefined): Sought[] => {
  if (typed === undefined || typed.trim() === '') return []
  if (soughtIn(typed).length === 0) throw invalidField('/q', 'Type at least two letters or digits.')
  const tokens = folded(typed).trim().split(/\s+/)
  const isAddress = (token: string) => token.includes('@')
  const addresses = tokens
    .filter(isAddress)
    .map((token) => ({ text: `@${token.slice(0, MAIL_LENGTH_MAX)}`, isWhole: false }))
  return [...addresses, ...soughtIn(tokens.filter((token) => !isAddress(token)).join(' '))].slice(0, SOUGHT_COUNT_MAX)
}

/** What a search may look into: only what is shown, so that no match tells what is hidden. */
export const sourcesShown = ({ attributes }: ShownDirectory): Source[] => [
  wordSources.name,
  ...(attributes.includes('mail') ? [wordSources.mail] : []),
  ...(attributes.includes('department') ? [wordSources.department] : []),
]

/**
 * How well somebody is meant, 0 being best; undefined when one of the words is none of theirs. Whose name begins as it is
 * typed comes first, then a whole word of the name before the beginning of one, then addresses, then departments.
 */
export const rankOf = (
  user: Found,
  typed: string,
  sought: readonly Sought[],
  sources: readonly Source[],
): number | undefined => {
  if (sortNameOf(user.displayName).startsWith(sortNameOf(typed))) return 0
  const words = wordsOfUser(user).filter(([source]) => sources.includes(source))
  const ranks = sought.map((one) => Math.min(...words.map((word) => rankOfWord(word, one))))
  return ranks.some((rank) => !Number.isFinite(rank)) ? undefined : ranks.reduce((sum, rank) => sum + rank, 0)
}

const rankOfWord = ([source, word]: UserWord, { text, isWhole }: Sought): number => {
  if (word === text) return 1 + 2 * source
  return !isWhole && word.startsWith(text) ? 2 + 2 * source : Number.POSITIVE_INFINITY
}
