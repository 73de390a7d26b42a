import type { RequestDetails } from '../../../../db/shard/schema.ts'
import { counted } from '../../../figures.ts'
import type { SummaryPart } from '../prepared.ts'
import { formOf, formTitles } from './any-form.ts'
import type { Showing } from './form.ts'
import { answerLines, line } from './words.ts'

const everything: Showing = { showsHoldings: true, showsAddresses: true }

/**
 * What was asked for, in lines: of the whole first, if there are any, then of each person. Whoever may not see who holds which
 * licence, or addresses, is not told them here either: `showing` says what they may. Pure.
 */
export const summaryOf = (details: RequestDetails, showing: Showing = everything): SummaryPart[] => {
  const form = formOf(details.type)
  const lines = [
    ...(form.linesOf?.(details) ?? []),
    ...line('Environment', details.tenant?.name),
    ...answerLines(details.answers),
  ]
  return [...(lines.length === 0 ? [] : [{ heading: null, lines }]), ...form.partsOf(details, showing)]
}

/** By what lists, mails and the activity name it, such as "New user: Anna Meyer and 2 more". */
export const subjectOf = (details: RequestDetails): string => {
  const form = formOf(details.type)
  const own = form.subjectOf?.(details)
  if (own !== undefined) return `${formTitles[details.type]}: ${own}`
  const [first = '', ...others] = form.namesOf(details)
  return `${formTitles[details.type]}: ${others.length === 0 ? first : `${first} and ${counted(others.length, 'more', 'more')}`}`
}
