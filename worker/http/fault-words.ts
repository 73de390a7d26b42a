import { z } from '@hono/zod-openapi'
import { counted, inFigures } from '../figures.ts'

type Fault = z.core.$ZodRawIssue

/** What a field has to be, by the kind that its shape names. */
const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

/**
 * What is wrong with a field, in our words, for whatever its shape has no words of its own for: a number where a text
 * belongs, too much of something. Pure.
 */
export const faultInWords = (fault: Fault): string => {
  switch (fault.code) {
    case 'invalid_type': {
      if (fault.input === undefined) return 'This is needed.'
      const kind = kinds[fault.expected]
      return kind === undefined ? NOT_TAKEN : `This has to be ${kind}.`
    }
    case 'too_big':
      return `At most ${limited(Number(fault.maximum), fault.origin)}.`
    case 'too_small':
      if (fault.origin === 'string' && Number(fault.minimum) === 1) return 'This is needed.'
      return `At least ${limited(Number(fault.minimum), fault.origin)}.`
    case 'invalid_value': {
      if (fault.input === undefined) return 'This is needed.'
      const [only, ...others] = fault.values.map(String)
      return others.length === 0 ? `This can only be ${only}.` : `One of these: ${[only, ...others].join(', ')}.`
    }
    case 'invalid_format':
      return formats[fault.format] ?? 'This is not in the form that is taken here.'
    case 'unrecognized_keys':
      return 'This field is not known here.'
    case 'not_multiple_of':
      return `A multiple of ${fault.divisor}.`
    case 'invalid_key':
      return 'One of the names in it is not taken here.'
    case 'invalid_union':
    case 'invalid_element':
    case 'custom':
      return NOT_TAKEN
  }
}

const NOT_TAKEN = 'This is not taken here.'

const formats: Record<string, string> = {
  datetime: 'Enter a moment such as 2026-11-20T08:42:00Z.',
  date: 'Enter a day such as 2026-11-20.',
  email: 'Enter an e-mail address such as name@company.com.',
  url: 'Enter a web address that begins with https://',
}

const limited = (count: number, of: string): string => {
  switch (of) {
    case 'string':
      return counted(count, 'character', 'characters')
    case 'array':
      return counted(count, 'entry', 'entries')
    default:
      return inFigures(count)
  }
}

z.config({ customError: faultInWords })
