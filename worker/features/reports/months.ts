import { dayOf, startOfDay } from '../../days.ts'

/** In the morning, so that mails of the night's syncs are told of and it lies on top. */
const HOUR_OF_DAY = 6
const HOUR_MS = 3_600_000

/** When the next monthly reports leave after a moment: on the first of a month, in the morning of a time zone. */
export const nextReportAt = (after: number, timeZone: string): number => {
  const month = dayOf(after, timeZone).slice(0, 7)
  const leavesIn = (of: string) => startOfDay(`${of}-01`, timeZone) + HOUR_OF_DAY * HOUR_MS
  const thisMonth = leavesIn(month)
  return thisMonth > after ? thisMonth : leavesIn(monthAfter(month, 1))
}

/** The month that a report which is due at a moment tells of, as YYYY-MM: the one before. */
export const monthTold = (dueAt: number, timeZone: string): string => monthAfter(dayOf(dueAt, timeZone).slice(0, 7), -1)

/** The first day of a month, and that of the one after it. */
export const daysOfMonth = (month: string): { from: string; until: string } => ({
  from: `${month}-01`,
  until: `${monthAfter(month, 1)}-01`,
})

const monthAfter = (month: string, count: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}
