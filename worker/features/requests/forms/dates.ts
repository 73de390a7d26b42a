import { inWords } from './words.ts'

const YEARS_AHEAD_MAX = 2

/** The last day on which anything can be asked for: two years from today. Pure; days are ISO 8601. */
export const lastDayFrom = (today: string): string => {
  const year = Number(today.slice(0, 4)) + YEARS_AHEAD_MAX
  // The 29th of February is there every fourth year.
  return `${year}${today.slice(4).replace('-02-29', '-02-28')}`
}

/** Why nothing can be asked for on a day; undefined where it can. */
export const faultOfDay = (day: string, today: string): string | undefined => {
  if (day < today) return 'This day is over. Choose today or a later one.'
  return day > lastDayFrom(today) ? `At most ${YEARS_AHEAD_MAX} years ahead.` : undefined
}

export type PeriodFault = { field: 'startsOn' | 'endsOn'; detail: string }

/** What is wrong with a period: from a day on, or at once; until a day (it is part of it), or for good. */
export const faultsOfPeriod = (startsOn: string | null, endsOn: string | null, today: string): PeriodFault[] => {
  const starts = startsOn === null ? undefined : faultOfDay(startsOn, today)
  const ends = endsOn === null ? undefined : faultOfDay(endsOn, today)
  const isBackwards = startsOn !== null && endsOn !== null && endsOn < startsOn
  return [
    ...(starts === undefined ? [] : [{ field: 'startsOn' as const, detail: starts }]),
    ...(ends === undefined
      ? isBackwards
        ? [{ field: 'endsOn' as const, detail: `This is before it begins, on ${inWords(startsOn)}.` }]
        : []
      : [{ field: 'endsOn' as const, detail: ends }]),
  ]
}
