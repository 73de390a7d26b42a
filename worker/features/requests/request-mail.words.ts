import type { RequestState } from './standing.ts'
import type { SummaryPart } from './prepared.ts'
import type { MailContent } from '../mail/index.ts'

/** So many lines of what was asked for are told in a mail; the page tells all. */
const LINE_COUNT_MAX = 20

type Facts = {
  subject: string
  reason: string
  summary: SummaryPart[]
  companyName: string
  mspName: string
  requesterName: string
  url: string
}

/** To whoever is to approve it: of the customer's own people, or of the MSP. */
export const approvalWantedText = (
  facts: Facts,
  { isReminder, isOfMsp, why }: { isReminder: boolean; isOfMsp: boolean; why: 'portal_admin' | 'approver' | 'desk' },
): MailContent => ({
  subject: `${isReminder ? 'Reminder: ' : ''}${isOfMsp ? `${facts.companyName}: ` : ''}${facts.subject} (waits for approval)`,
  content: {
    heading: isReminder ? 'A request still waits for approval' : 'A request waits for approval',
    paragraphs: [
      `${facts.requesterName}${isOfMsp ? ` of ${facts.companyName}` : ''} asks for: ${facts.subject}.`,
      ...asked(facts),
      ...(facts.reason === '' ? [] : [`Their reason: ${facts.reason}`]),
    ],
    action: { label: 'Look at the request', url: facts.url },
    footer: [
      'Nothing is decided by this mail or its link: you approve or decline on the page, signed in.',
      {
        portal_admin: `You get this mail because you are a portal admin of ${facts.companyName}.`,
        approver: 'You get this mail because you may approve requests of this customer.',
        desk: 'You get this mail because requests of your customers come to this address.',
      }[why],
    ],
  },
})

/** To whoever asked: what became of it. */
export const outcomeText = (
  facts: Facts,
  outcome: {
    state: RequestState
    byName: string | null
    reason: string | null
    ticket: { number: number; url: string } | null
  },
): MailContent => ({
  subject: `${outcomeWords(outcome.state)}: ${facts.subject}`,
  content: {
    heading: `${outcomeWords(outcome.state)}: ${facts.subject}`,
    paragraphs: [
      outcomeSentence(facts, outcome),
      ...(outcome.ticket === null
        ? []
        : [
            `It is ticket #${outcome.ticket.number} now. Questions and answers about it are there: ${outcome.ticket.url}`,
          ]),
      ...(outcome.reason === null ? [] : [`The reason: ${outcome.reason}`]),
      ...asked(facts),
    ],
    action: { label: 'Look at your request', url: facts.url },
    footer: ['You get this mail because you asked for this.'],
  },
})

const asked = ({ summary }: Facts): string[] => {
  const lines = summary.flatMap(({ heading, lines: each }) => [
    ...(heading === null ? [] : [heading]),
    ...each.map(({ label, value }) => `${label}: ${value}`),
  ])
  return lines.length <= LINE_COUNT_MAX ? lines : [...lines.slice(0, LINE_COUNT_MAX), 'And more, which the page shows.']
}

const outcomeWords = (state: RequestState): string => {
  switch (state) {
    case 'approved':
      return 'Approved'
    case 'declined':
      return 'Declined'
    case 'expired':
      return 'Expired'
    case 'submitted':
    case 'awaiting_customer':
    case 'awaiting_msp':
    case 'in_progress':
    case 'done':
    case 'withdrawn':
      throw new Error(`Nobody is mailed that a request is ${state}.`)
  }
}

const outcomeSentence = (
  { mspName }: Facts,
  { state, byName }: { state: RequestState; byName: string | null },
): string => {
  if (state === 'approved') return `${byName ?? mspName} has approved what you asked for. ${mspName} sees to it now.`
  if (state === 'declined') return `${byName ?? mspName} has declined what you asked for. Nothing was changed.`
  return 'Nobody decided about what you asked for in time, so nothing was changed. Ask again if you still need it.'
}
