import type { NamedUser, OwnAnswer } from '../../../../db/shard/schema.ts'
import { inFigures } from '../../../figures.ts'
import type { SummaryPart } from '../prepared.ts'
import type { Showing } from './form.ts'

type Line = SummaryPart['lines'][number]

/** So many names are read in one line; of the others it is told how many they are. */
const LISTED_MAX = 20

const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** A day (ISO 8601) as it is read: 1 March 2027. */
export const inWords = (day: string): string => days.format(Date.parse(day))

/** Names in one line: A, B and C. */
export const listed = (names: readonly { name: string }[]): string => {
  const shown = names.slice(0, LISTED_MAX).map(({ name }) => name)
  const rest = names.length - shown.length
  const parts = rest === 0 ? shown : [...shown, `${inFigures(rest)} more`]
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`
}

/** A line of a summary; none for what was left out. */
export const line = (label: string, value: string | null | undefined): Line[] =>
  value === null || value === undefined || value === '' ? [] : [{ label, value }]

export const listedLine = (label: string, named: readonly { name: string }[]): Line[] =>
  named.length === 0 ? [] : [{ label, value: listed(named) }]

export const accountLine = ({ address }: NamedUser, { showsAddresses }: Showing): Line[] =>
  line('Account', showsAddresses ? address : null)

export const answerLines = (answers: readonly OwnAnswer[]): Line[] =>
  answers.map(({ label, value }) => ({ label, value }))
