import { summaryOf } from './forms/summary.ts'
import type { SummaryPart } from './prepared.ts'
import type { RequestRow } from './request-reads.ts'

/** Whoever asked reads it, with all who watch it: who holds what, and addresses, stand in the request alone. */
export const inText = ({ subject, details, reason }: Pick<RequestRow, 'subject' | 'details' | 'reason'>): string =>
  [
    subject,
    ...summaryOf(details, { showsHoldings: false, showsAddresses: false }).map(partInText),
    ...(reason === '' ? [] : [reason]),
  ].join('\n\n')

const partInText = ({ heading, lines }: SummaryPart): string =>
  [...(heading === null ? [] : [heading]), ...lines.map(({ label, value }) => `${label}: ${value}`)].join('\n')

const characters = new Intl.Segmenter()

/** As much of a text as fits, through no character. */
export const cut = (text: string, lengthMax: number): string => {
  if (text.length <= lengthMax) return text
  const last = characters.segment(text).containing(lengthMax)
  return text.slice(0, last?.index ?? lengthMax)
}
