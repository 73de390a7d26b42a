/**
 * Dates, times and numbers as English-speaking regions write them (Unicode CLDR). `Intl` says the same, and a test holds
 * these words against it; but making its formatters takes a phone a third of a second before a page answers, and these
 * take none. Regions that are not named here go through `Intl`.
 */

type Region = {
  /** "Sep 3, 2026" rather than "3 Sept 2026". */
  monthFirst: boolean
  /** What stands after a weekday, in "Sunday, 13 September". */
  afterWeekday: ',' | ''
  /** Morning and afternoon where the clock has twelve hours; undefined where it has twenty-four. */
  halves: readonly [am: string, pm: string] | undefined
  september: 'Sep' | 'Sept'
  /** Whether June and July are written out in short dates. */
  longSummer?: true
  /** What stands before "and" in a list of three or more. */
  beforeAnd: ',' | ''
}

const regions = new Map<string, Region>(
  Object.entries({
    'en-GB': { monthFirst: false, afterWeekday: '', halves: undefined, september: 'Sept', beforeAnd: '' },
    'en-IE': { monthFirst: false, afterWeekday: ',', halves: undefined, september: 'Sept', beforeAnd: '' },
    'en-AU': {
      monthFirst: false,
      afterWeekday: '',
      halves: ['am', 'pm'],
      september: 'Sept',
      longSummer: true,
      beforeAnd: '',
    },
    'en-NZ': { monthFirst: false, afterWeekday: ',', halves: ['am', 'pm'], september: 'Sept', beforeAnd: '' },
    'en-CA': { monthFirst: true, afterWeekday: ',', halves: ['a.m.', 'p.m.'], september: 'Sep', beforeAnd: '' },
    'en-US': { monthFirst: true, afterWeekday: ',', halves: ['AM', 'PM'], september: 'Sep', beforeAnd: ',' },
  }),
)

const months = 'January February March April May June July August September October November December'.split(' ')
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
/** A calendar day: months count from 0. */
export type CalendarDay = { year: number; month: number; day: number }

/** How a region writes; undefined for one that is not known here. */
export const english = (locale: string) => {
  const region = regions.get(locale)
  if (region === undefined) return undefined
  const { monthFirst, halves } = region
  const short = (month: number) => {
    if (month === 8) return region.september
    return region.longSummer === true && (month === 5 || month === 6) ? months[month] : months[month]?.slice(0, 3)
  }
  const ordered = (day: number, month: string | undefined) => (monthFirst ? `${month} ${day}` : `${day} ${month}`)
  const clock = (hour: number, minute: number) => {
    const minutes = String(minute).padStart(2, '0')
    return halves === undefined
      ? `${String(hour).padStart(2, '0')}:${minutes}`
      : `${hour % 12 === 0 ? 12 : hour % 12}:${minutes} ${halves[hour < 12 ? 0 : 1]}`
  }
  const withYear = (text: string, year: number) => (monthFirst ? `${text}, ${year}` : `${text} ${year}`)
  return {
    /** "3 Sept" */
    dayAndMonth: ({ month, day }: CalendarDay) => ordered(day, short(month)),
    /** "3 Sept 2026" */
    date: ({ year, month, day }: CalendarDay) => withYear(ordered(day, short(month)), year),
    /** "08:05" */
    clock,
    /** "3 September 2026 at 08:05" */
    full: ({ year, month, day }: CalendarDay, hour: number, minute: number) =>
      `${withYear(ordered(day, months[month]), year)} at ${clock(hour, minute)}`,
    /** "Thursday 3 September" */
    weekday: ({ month, day }: CalendarDay, weekday: number) =>
      `${weekdays[weekday]}${region.afterWeekday} ${ordered(day, months[month])}`,
    /** "a, b and c" */
    list: (items: string[]) => {
      const last = items.at(-1)
      if (items.length < 2 || last === undefined) return items.join('')
      const before = items.slice(0, -1).join(', ')
      return `${before}${items.length > 2 ? region.beforeAnd : ''} and ${last}`
    },
    /** "1,234,567": of whole numbers. */
    whole: (value: number) => String(value).replaceAll(/\B(?=(?:\d{3})+$)/gu, ','),
    /** "in 3 days", "yesterday" */
    relative: (value: number, unit: 'minute' | 'hour' | 'day') => {
      if (unit === 'day' && value === 1) return 'tomorrow'
      if (unit === 'day' && value === -1) return 'yesterday'
      const size = Math.abs(value)
      const words = `${String(size)} ${unit}${size === 1 ? '' : 's'}`
      return value < 0 ? `${words} ago` : `in ${words}`
    },
  }
}
