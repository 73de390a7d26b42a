import { english } from './english.ts'
import type { CalendarDay } from './english.ts'

/**
 * Numbers, dates and plurals the way the reader writes them. Times are in the reader's own zone;
 * calendar days that come as "2026-11-20" are already days and are never shifted.
 */

let locale = 'en-GB'
/** The reader's region where it is one whose ways are known without `Intl`. */
let region = english(locale)
const made = new Map<string, unknown>()

/** Sets the language and region of every formatter; called once, before the first paint. */
export function useLocale(next: string): void {
  locale = next
  region = english(next)
  made.clear()
}

// The key names the constructor and its options, so a hit is always of the type asked for.
function once<T>(key: string, make: () => T): T {
  if (!made.has(key)) made.set(key, make())
  return made.get(key) as T
}

const dates = (key: string, options: Intl.DateTimeFormatOptions) =>
  once(key, () => new Intl.DateTimeFormat(locale, options))
const calendar = (at: Date): CalendarDay => ({ year: at.getFullYear(), month: at.getMonth(), day: at.getDate() })
const calendarOf = (value: string): CalendarDay => {
  const [year = 0, month = 0, day = 0] = value.split('-').map(Number)
  return { year, month: month - 1, day }
}
const utc = (value: string) => new Date(`${value}T00:00:00Z`)

/** "1,234" */
export const number = (value: number): string =>
  region !== undefined && Number.isSafeInteger(value) && value >= 0
    ? region.whole(value)
    : once('n', () => new Intl.NumberFormat(locale)).format(value)
/** "1,234.50": with just so many decimals. */
export const decimal = (value: number, decimals: number): string =>
  once(
    `n ${decimals}`,
    () => new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  ).format(value)
const currencies = (currency: string) =>
  once(`money ${currency}`, () => new Intl.NumberFormat(locale, { style: 'currency', currency }))

/** How many decimals a currency has: pence are two, yen are none. */
export const decimalsOf = (currency: string): number =>
  currencies(currency).resolvedOptions().maximumFractionDigits ?? 2

/** "£18.90", of an amount in the currency's smallest unit. */
export const money = (minor: number, currency: string): string =>
  currencies(currency).format(minor / 10 ** decimalsOf(currency))

export const percent = (part: number): string =>
  region !== undefined && part >= 0 && part <= 1
    ? `${Math.round(part * 100)}%`
    : once('%', () => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })).format(part)

/** "1 seat", "12 seats": picks the form for a count and puts the formatted count in front. */
export function count(value: number, one: string, other: string): string {
  return `${number(value)} ${form(value, one, other)}`
}

/** "seat" or "seats", without the count. */
export const form = (value: number, one: string, other: string): string => (value === 1 ? one : other)

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** Small counts read better as words inside a sentence. */
export const inWords = (value: number): string => small[value] ?? number(value)
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
export const list = (items: string[]): string =>
  region === undefined ? once('list', () => new Intl.ListFormat(locale)).format(items) : region.list(items)

/** "20 November 2026 at 08:42": the whole truth, for hover and focus. */
export function fullTime(at: string): string {
  const date = new Date(at)
  return region === undefined
    ? dates('full', { dateStyle: 'long', timeStyle: 'short' }).format(date)
    : region.full(calendar(date), date.getHours(), date.getMinutes())
}

/** "08:42" today, "20 Nov" this year, "20 Nov 2025" before that. */
export function shortTime(at: string, now = new Date()): string {
  const date = new Date(at)
  if (date.toDateString() === now.toDateString()) return timeOf(date)
  return date.getFullYear() === now.getFullYear() ? dayAndMonth(date) : dateOf(date)
}

/** "3 Sept 2025" */
export const date = (at: string): string => dateOf(new Date(at))

/** "08:42" */
export const clock = (at: string): string => timeOf(new Date(at))

/** A calendar day such as "2026-11-20", shown as "20 Nov"; with its year where that is not this one. */
export const day = (value: string, now = new Date()): string => {
  if (calendarOf(value).year !== now.getFullYear()) return calendarDay(value)
  return region === undefined
    ? dates('utcday', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(utc(value))
    : region.dayAndMonth(calendarOf(value))
}

/** The same with its year: "20 Nov 2026". */
export const calendarDay = (value: string): string =>
  region === undefined
    ? dates('utcdate', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(utc(value))
    : region.date(calendarOf(value))

/** "Friday 20 November" */
export const today = (now: Date): string =>
  region === undefined
    ? dates('today', { weekday: 'long', day: 'numeric', month: 'long' }).format(now)
    : region.weekday(calendar(now), now.getDay())

const timeOf = (at: Date): string =>
  region === undefined
    ? dates('clock', { timeStyle: 'short' }).format(at)
    : region.clock(at.getHours(), at.getMinutes())
const dayAndMonth = (at: Date): string =>
  region === undefined ? dates('day', { day: 'numeric', month: 'short' }).format(at) : region.dayAndMonth(calendar(at))
const dateOf = (at: Date): string =>
  region === undefined
    ? dates('date', { day: 'numeric', month: 'short', year: 'numeric' }).format(at)
    : region.date(calendar(at))

/** "Fri 20 November", with its year when it is another than this. */
export function dayWithWeekday(at: string, now = new Date()): string {
  const date = new Date(at)
  return date.getFullYear() === now.getFullYear()
    ? dates('weekday', { weekday: 'short', day: 'numeric', month: 'long' }).format(date)
    : dates('weekday year', { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' }).format(date)
}

/** "in 3 days", "2 hours ago", "just now": the largest unit that fits. */
export function relative(at: string, now = new Date()): string {
  const seconds = (new Date(at).getTime() - now.getTime()) / 1000
  const size = Math.abs(seconds)
  if (size < 45) return seconds > 0 ? 'now' : 'just now'
  if (size < 3_600) return inUnits(Math.round(seconds / 60), 'minute')
  if (size < 86_400) return inUnits(Math.round(seconds / 3_600), 'hour')
  return inUnits(daysBetween(now, new Date(at)), 'day')
}

/** From midnight to midnight, so that "in 28 days" is the same all day, and agrees with the date beside it. */
const daysBetween = (from: Date, to: Date): number => {
  const midnight = (at: Date) => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate())
  return (midnight(to) - midnight(from)) / 86_400_000
}

const inUnits = (value: number, unit: 'minute' | 'hour' | 'day'): string =>
  region === undefined
    ? once('rel', () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(value, unit)
    : region.relative(value, unit)

/** An instant as a clock in a named zone shows it, as `<input type="datetime-local">` writes it: "2026-11-20T08:42". */
export function clockIn(timeZone: string, at: Date): string {
  const formatter = once(
    `clock ${timeZone}`,
    () =>
      new Intl.DateTimeFormat('en-CA', {
        timeZone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
      }),
  )
  const part = Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}`
}

/**
 * The instant at which a clock in a named zone shows this. Of an hour that comes twice, one of both; an hour that is
 * left out when clocks go forward is that much later.
 */
export function instantIn(timeZone: string, shown: string): Date {
  const wanted = Date.parse(`${shown}Z`)
  const offsetAt = (at: number) => Date.parse(`${clockIn(timeZone, new Date(at))}Z`) - at
  const first = wanted - offsetAt(wanted)
  return new Date(wanted - offsetAt(first))
}

/** Rounds a wait up to words a person can act on: "40 seconds", "3 minutes". */
export function wait(seconds: number): string {
  return seconds < 60 ? count(seconds, 'second', 'seconds') : count(Math.ceil(seconds / 60), 'minute', 'minutes')
}

export const bytes = (value: number): string =>
  value < 1024 * 1024
    ? `${number(Math.max(1, Math.round(value / 1024)))} KB`
    : `${number(Math.round((value / 1024 / 1024) * 10) / 10)} MB`
