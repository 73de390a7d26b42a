import { describe, expect, it } from 'vitest'
import { fileName, optionalLine, optionalText, personName, requiredLine, requiredText } from './text.ts'

const name = requiredLine(20, 'Enter a name.')

describe('A line that a person reads', () => {
  it.each([
    ['a line break', 'Line\nBreak'],
    ['a carriage return', 'Bcc:\r\nall@northwind.example'],
    ['a NUL', 'a\u0000b'],
    ['a line separator', 'a\u2028b'],
    ['an override of the writing direction', 'a\u202eb'],
    ['half a character', 'a\ud800'],
    ['nothing but a zero-width space', '\u200b'],
    ['a zero-width space', 'North\u200bwind'],
    ['a word joiner', 'North\u2060wind'],
    ['a byte order mark', 'North\ufeffwind'],
    ['a soft hyphen', 'North\u00adwind'],
    ['a mark of the writing direction', 'a\u200eb'],
    ['an Arabic mark of the writing direction', 'a\u061cb'],
    ['tags', 'a\u{e0041}\u{e0042}'],
    [
      'tags behind a flag that has its own',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}\u{e0041}\u{e0041}',
    ],
    ['nothing but a blank letter', '\u3164'],
    ['nothing but a blank sign', '\u2800 \u2800'],
    ['nothing but an accent', '\u0301'],
    ['only spaces', '   '],
    ['more than fits', 'a'.repeat(21)],
  ])('does not hold %s', (_, text) => {
    expect(name.safeParse(text).success).toBe(false)
  })

  it.each(['Käserei Müller', '東京', 'O’Neill & Söhne', '👩‍🚀 Space', '🏴󠁧󠁢󠁥󠁮󠁧󠁿 Kent', '⠓⠊', 'می\u200cخواهم', '  trimmed  '])(
    'may be %s',
    (text) => {
      expect(name.parse(text)).toBe(text.trim())
    },
  )

  it('that may be left out is null when it says nothing', () => {
    expect([optionalLine(9).parse('  '), optionalLine(9).parse(null), optionalLine(9).parse(undefined)]).toEqual([
      null,
      null,
      null,
    ])
  })
})

describe('The name of a person', () => {
  it.each([
    'http://prize.example',
    'Call 555, HTTPS://prize.example',
    'WWW.prize.example/login',
    'Call www.prize.example',
  ])('is not %s', (text) => {
    expect(personName(99, 'Enter a name.').safeParse(text).success).toBe(false)
  })

  it.each(['Ada Quinn', 'Müller / Söhne', 'Ada (sales: north)', 'Awww. Smith'])('may be %s', (text) => {
    expect(personName(99, 'Enter a name.').parse(text)).toBe(text)
  })
})

describe('Text of several lines', () => {
  it('keeps its lines and refuses what cannot be seen', () => {
    expect(optionalText(99).parse('One\r\n\tTwo')).toBe('One\r\n\tTwo')
    expect(optionalText(99).safeParse('a\u0007b').success).toBe(false)
  })
})

describe('What is longer than fits', () => {
  it.each([
    ['a line', requiredLine(1_000, 'Enter something.'), 1_001],
    ['a line that may be left out', optionalLine(1_000), 1_001],
    ['a text', requiredText(1_000, 'Write something.'), 1_001],
    ['a text that may be left out', optionalText(1_000), 1_001],
    ['the name of a file', fileName(1_000, 'Name it.'), 1_001],
    ['the name of a file beyond all measure', fileName(1_000, 'Name it.'), 4_001],
  ])('is told of %s with its figure as people read it', (_, shape, length) => {
    const messages = shape.safeParse('x'.repeat(length)).error?.issues.map(({ message }) => message)
    expect(messages).toEqual(['At most 1,000 characters.'])
  })
})
