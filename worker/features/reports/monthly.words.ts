import type { MonthlyPart, userChangeKinds } from '../../../db/shard/schema.ts'
import { counted, inFigures } from '../../figures.ts'
import type { MailContent } from '../mail/index.ts'

type ChangeKind = (typeof userChangeKinds)[number]

/** What a reader may be told; undefined for what they may not see, or of which nothing was read. */
export type MonthlyFigures = {
  /** When the oldest of it was read. */
  asOf: number
  people?: { activeCount: number; changes: Partial<Record<ChangeKind, number>> } | undefined
  licences?: { name: string; boughtCount: number; availableCount: number; overCount: number }[] | undefined
  /** Of the next 90 days, soonest first. */
  renewals?: { name: string; seatCount: number; at: number }[] | undefined
  security?:
    | {
        /** Null where Microsoft gives none. */
        score: {
          current: number
          max: number
          /** In percent. */
          comparison: number | null
          /** In points, since the month began; null where that is not known. */
          change: number | null
        } | null
        openAlertCount: number
        /** Whether Microsoft tells of all alerts. */
        isTold: boolean
      }
    | undefined
}

export type MonthlyFacts = {
  name: string
  companyName: string
  mspName: string
  /** YYYY-MM */
  month: string
  timeZone: string
  locale: string
  parts: readonly MonthlyPart[]
  action: { label: string; url: string }
}

/** The names of this many licences stand in a line; of the others there is a count. */
const NAME_COUNT_MAX = 5

/** The mail of a month; undefined where there is nothing to tell. */
export const monthlyText = (facts: MonthlyFacts, figures: MonthlyFigures): MailContent | undefined => {
  const told = toldByPart(facts, figures)
  const lines = facts.parts.flatMap((part) => told[part] ?? [])
  if (lines.length === 0) return undefined
  const month = monthName(facts)
  return {
    subject: `${facts.companyName} in ${month}`,
    content: {
      heading: `${facts.companyName} in ${month}`,
      paragraphs: [
        `Hello ${facts.name}, this is how your Microsoft 365 is doing. Figures as of ${moment(figures.asOf, facts)}.`,
        ...lines,
      ],
      action: facts.action,
      footer: [`${facts.mspName} sends this once a month. Tell them if you want it no longer.`],
    },
  }
}

/** Whom the example of a settings page is for, and what it tells: nobody's figures. */
export const exampleReader = { name: 'Alex Example', companyName: 'Example Company' }
export const exampleFigures = (nowMs: number): MonthlyFigures => ({
  asOf: nowMs,
  people: { activeCount: 48, changes: { joined: 3, left: 1, licence_given: 4 } },
  licences: [
    { name: 'Microsoft 365 Business Premium', boughtCount: 50, availableCount: 2, overCount: 0 },
    { name: 'Exchange Online (Plan 1)', boughtCount: 10, availableCount: 0, overCount: 2 },
  ],
  renewals: [{ name: 'Microsoft 365 Business Premium', seatCount: 50, at: nowMs + 30 * 86_400_000 }],
  security: { score: { current: 54, max: 100, comparison: 48, change: 3 }, openAlertCount: 0, isTold: true },
})

/** What each part tells; undefined for what there is nothing to tell of. */
export const toldByPart = (facts: Clock, figures: MonthlyFigures): Record<MonthlyPart, string | undefined> => ({
  people: figures.people && peopleLine(figures.people),
  licences: figures.licences && licencesLine(figures.licences),
  renewals: figures.renewals && renewalsLine(figures.renewals, facts),
  security: figures.security && securityLine(figures.security),
})

const peopleLine = ({ activeCount, changes }: NonNullable<MonthlyFigures['people']>): string => {
  const happened = [
    [changes.joined, 'joined'],
    [changes.left, 'left'],
    [changes.blocked, 'blocked'],
    [changes.unblocked, 'allowed again'],
  ] as const
  const parts = happened.flatMap(([count, word]) =>
    count === undefined || count === 0 ? [] : [`${inFigures(count)} ${word}`],
  )
  const given = changes.licence_given ?? 0
  const taken = changes.licence_taken ?? 0
  return [
    `People: ${counted(activeCount, 'person', 'people')} can sign in.`,
    parts.length === 0 ? 'Nobody joined or left in this month.' : `In this month: ${parts.join(', ')}.`,
    ...(given === 0 ? [] : [`${counted(given, 'licence was', 'licences were')} given.`]),
    ...(taken === 0 ? [] : [`${counted(taken, 'licence was', 'licences were')} taken back.`]),
  ].join('\n')
}

const licencesLine = (licences: NonNullable<MonthlyFigures['licences']>): string | undefined => {
  if (licences.length === 0) return undefined
  const over = licences.filter(({ overCount }) => overCount > 0)
  const free = licences.reduce((sum, { availableCount }) => sum + availableCount, 0)
  return [
    `Licences: ${free === 0 ? 'every seat you bought is in use.' : `${counted(free, 'seat is', 'seats are')} free.`}`,
    ...over
      .slice(0, NAME_COUNT_MAX)
      .map(
        ({ name, overCount }) =>
          `${counted(overCount, 'more person uses', 'more people use')} ${name} than you bought.`,
      ),
    ...(over.length > NAME_COUNT_MAX
      ? [`${counted(over.length - NAME_COUNT_MAX, 'more licence is', 'more licences are')} over-used.`]
      : []),
  ].join('\n')
}

const renewalsLine = (renewals: NonNullable<MonthlyFigures['renewals']>, facts: Clock): string =>
  renewals.length === 0
    ? 'Renewals: none in the next 90 days.'
    : [
        `Renewals: ${counted(renewals.length, 'subscription ends or renews', 'subscriptions end or renew')} in the next 90 days.`,
        ...renewals
          .slice(0, NAME_COUNT_MAX)
          .map(({ name, seatCount, at }) => `${day(at, facts)}: ${name}, ${counted(seatCount, 'seat', 'seats')}`),
        ...(renewals.length > NAME_COUNT_MAX ? [`and ${renewals.length - NAME_COUNT_MAX} more`] : []),
      ].join('\n')

const securityLine = ({ score, openAlertCount, isTold }: NonNullable<MonthlyFigures['security']>): string =>
  [
    ...(score === null ? ['Security: Microsoft gives no score.'] : scoreLines(score)),
    openAlertCount > 0
      ? `${counted(openAlertCount, 'alert is', 'alerts are')} open${isTold ? '' : ', and Microsoft does not tell of all'}.`
      : isTold
        ? 'No alert is open.'
        : 'Microsoft does not tell whether alerts are open.',
  ].join('\n')

type Score = NonNullable<NonNullable<MonthlyFigures['security']>['score']>

const scoreLines = ({ current, max, comparison, change }: Score): string[] => {
  const percent = max === 0 ? undefined : Math.round((current / max) * 100)
  const rounded = change === null ? 0 : Math.round(change * 10) / 10
  const moved =
    change === null
      ? ''
      : rounded === 0
        ? ', as a month ago'
        : `, ${Math.abs(rounded)} ${rounded > 0 ? 'more' : 'fewer'} than a month ago`
  return [
    `Security score: ${round(current)} of ${round(max)} points${percent === undefined ? '' : ` (${percent}%)`}${moved}.`,
    ...(comparison === null ? [] : [`Similar organisations reach ${comparison}%.`]),
  ]
}

const round = (value: number): number => Math.round(value * 10) / 10
type Clock = Pick<MonthlyFacts, 'locale' | 'timeZone'>

const monthName = ({ month, locale }: Pick<MonthlyFacts, 'month' | 'locale'>): string =>
  new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${month}-01`))
const day = (at: number, { locale, timeZone }: Clock): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }).format(at)
const moment = (at: number, { locale, timeZone }: Clock): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(at)
