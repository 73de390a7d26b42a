import { describe, expect, it } from 'vitest'
import { filledIn, unknownPlaceholders } from './canned-text.ts'

const values = {
  requester: 'Dana Whitfield',
  number: '#1042',
  subject: 'Printer',
  customer: 'Fabrikam Dental',
  me: 'Marcus Bell',
}

describe('A canned reply', () => {
  it.each([
    ['Hello {requester}, {number} is done. {me}', 'Hello Dana Whitfield, #1042 is done. Marcus Bell'],
    ['{customer}: {subject}, {subject}', 'Fabrikam Dental: Printer, Printer'],
    ['Nothing to fill in', 'Nothing to fill in'],
    ['{Requester} {unknown} {} { me }', '{Requester} {unknown} {} { me }'],
    ['{{me}}', '{Marcus Bell}'],
  ])('%j becomes %j', (text, filled) => {
    expect(filledIn(text, values)).toBe(filled)
  })

  it('does not fill in what a name brings with it', () => {
    expect(filledIn('{subject}', { ...values, subject: '{me} $& $1' })).toBe('{me} $& $1')
  })

  it('names what it does not know', () => {
    expect(unknownPlaceholders('{requester} {surname} {number} {Me}')).toEqual(['surname', 'Me'])
    expect(unknownPlaceholders('if (a) { b }')).toEqual([' b '])
    expect(unknownPlaceholders('no braces')).toEqual([])
  })
})
