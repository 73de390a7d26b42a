import { z } from '@hono/zod-openapi'

/**
 * Values by keys that the input chooses: so many at most, which is told once and not at each. `__proto__`, which a record would leave
 * out without a word, is a key that nobody knows.
 */
export const keyed = <Key extends z.ZodString, Value extends z.ZodType>(
  key: Key,
  value: Value,
  { max, unknown }: { max: number; unknown: string },
) =>
  z.preprocess(
    (given, context) => {
      if (typeof given !== 'object' || given === null) return given
      const keys = Object.keys(given)
      if (keys.length > max) context.addIssue({ code: 'custom', message: `At most ${max}.` })
      else if (keys.includes('__proto__')) context.addIssue({ code: 'custom', path: ['__proto__'], message: unknown })
      return given
    },
    z.record(key, value),
  )
