import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { english } from './english.ts'

const regions = ['en-GB', 'en-IE', 'en-AU', 'en-NZ', 'en-CA', 'en-US']
const days = Array.from({ length: 400 }, (_, day) => new Date(2026, 0, 1 + day))
const calendar = (at: Date) => ({ year: at.getFullYear(), month: at.getMonth(), day: at.getDate() })

for (const locale of regions) {
  describe(`How ${locale} writes is how Intl has it:`, () => {
    const own = english(locale)
    assert(own !== undefined)
    const like = (options: Intl.DateTimeFormatOptions, ours: (at: Date) => string, moments = days) => {
      const formatter = new Intl.DateTimeFormat(locale, options)
      for (const at of moments) assert.equal(ours(at), formatter.format(at))
    }

    it('every day of a year, short, with its year, and with its weekday', () => {
      like({ day: 'numeric', month: 'short' }, (at) => own.dayAndMonth(calendar(at)))
      like({ day: 'numeric', month: 'short', year: 'numeric' }, (at) => own.date(calendar(at)))
      like({ weekday: 'long', day: 'numeric', month: 'long' }, (at) => own.weekday(calendar(at), at.getDay()))
    })

    it('every minute of a day, alone and with its date', () => {
      const minutes = Array.from({ length: 1440 }, (_, minute) => new Date(2026, 8, 3, 0, minute))
      like({ timeStyle: 'short' }, (at) => own.clock(at.getHours(), at.getMinutes()), minutes)
      const whole = (at: Date) => own.full(calendar(at), at.getHours(), at.getMinutes())
      like({ dateStyle: 'long', timeStyle: 'short' }, whole, minutes)
      like({ dateStyle: 'long', timeStyle: 'short' }, whole)
    })

    it('whole numbers, parts of a whole, and lists', () => {
      for (const value of [0, 9, 999, 1000, 9999, 10_000, 123_456, 1_234_567, Number.MAX_SAFE_INTEGER])
        assert.equal(own.whole(value), new Intl.NumberFormat(locale).format(value))
      for (let many = 1; many <= 5; many += 1) {
        const items = Array.from({ length: many }, (_, place) => `item ${place}`)
        assert.equal(own.list(items), new Intl.ListFormat(locale).format(items))
      }
      assert.equal(own.list([]), new Intl.ListFormat(locale).format([]))
    })

    it('how long ago, and how soon', () => {
      const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
      for (const unit of ['minute', 'hour', 'day'] as const)
        for (const value of [-400, -59, -24, -2, -1, 1, 2, 24, 59, 400])
          assert.equal(own.relative(value, unit), words.format(value, unit))
    })
  })
}

describe('How other regions write', () => {
  it('is left to Intl', () => {
    for (const locale of ['en', 'en-ZA', 'de-DE', 'constructor']) assert.equal(english(locale), undefined)
  })
})
