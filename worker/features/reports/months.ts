import { dayOf, startOfDay } from '../../days.ts'

/** In the morning, so that mails of the night's syncs are told of and it lies on top. */
const HOUR_OF_DAY = 6
const HOUR_MS = 3_600_000

/** The last day that every month has. */
export const REPORT_DAY_MAX = 28

/** When the next monthly reports leave after a moment: on a day of the month, in the morning of a time zone. */
export const nextReportAt = (after: number, timeZone: string, day: number): number => {
  const thisMonth = onDay(after, timeZone, day)
  return thisMonth > after ? thisMonth : leavesIn(monthAfter(monthOf(after, timeZone), 1), timeZone, day)
}

/** When what is due at a moment leaves instead, on another day of its month: so that a month is told once, whatever is changed. */
export const onDay = (dueAt: number, timeZone: string, day: number): number =>
  leavesIn(monthOf(dueAt, timeZone), timeZone, day)

/** The month of a moment and the one after it, each with when it begins, when it is over, and when its reports leave. */
export const monthsToCome = (at: number, timeZone: string, day: number) => {
  const month = monthOf(at, timeZone)
  return [month, monthAfter(month, 1)].map((one) => ({
    begins: startOfDay(`${one}-01`, timeZone),
    ends: startOfDay(`${monthAfter(one, 1)}-01`, timeZone),
    leavesAt: leavesIn(one, timeZone, day),
  }))
}

const leavesIn = (month: string, timeZone: string, day: number): number =>
  startOfDay(`${month}-${String(day).padStart(2, '0')}`, timeZone) + HOUR_OF_DAY * HOUR_MS

const monthOf = (at: number, timeZone: string): string => dayOf(at, timeZone).slice(0, 7)

/** The month that a report which is due at a moment tells of, as YYYY-MM: the one before. */
export const monthTold = (dueAt: number, timeZone: string): string => monthAfter(monthOf(dueAt, timeZone), -1)

/** The first day of a month, and that of the one after it. */
export const daysOfMonth = (month: string): { from: string; until: string } => ({
  from: `${month}-01`,
  until: `${monthAfter(month, 1)}-01`,
})

const monthAfter = (month: string, count: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}
