import { z } from '@hono/zod-openapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, bodyOf, call, newMsp, newStaff } from '../test/stage.ts'
import './fault-words.ts'

const shape = z.strictObject({
  text: z.string().max(1_200),
  short: z.string().min(1).max(1),
  long: z.string().min(20),
  count: z.number().int().min(1).max(200),
  flag: z.boolean(),
  list: z.array(z.string()).min(2).max(3),
  object: z.object({}),
  kind: z.enum(['info', 'warning']),
  only: z.literal('true'),
  moment: z.iso.datetime(),
  day: z.iso.date(),
  code: z.string().regex(/^[a-z]$/),
  either: z.union([z.string(), z.boolean()]),
  own: z.string().max(3, 'At most three letters, please.'),
})

const said = (field: keyof z.infer<typeof shape>, value: unknown): string | undefined =>
  shape.shape[field].safeParse(value).error?.issues[0]?.message

it.each([
  ['text', 7, 'This has to be a text.'],
  ['text', undefined, 'This is needed.'],
  ['text', null, 'This has to be a text.'],
  ['text', 'x'.repeat(1_201), 'At most 1,200 characters.'],
  ['short', '', 'This is needed.'],
  ['short', 'xx', 'At most 1 character.'],
  ['long', 'x', 'At least 20 characters.'],
  ['count', 'seven', 'This has to be a number.'],
  ['count', 1.5, 'This has to be a whole number.'],
  ['count', 201, 'At most 200.'],
  ['count', 0, 'At least 1.'],
  ['flag', 'true', 'This has to be true or false.'],
  ['list', 'a', 'This has to be a list.'],
  ['list', ['a'], 'At least 2 entries.'],
  ['list', ['a', 'b', 'c', 'd'], 'At most 3 entries.'],
  ['object', [], 'This has to be an object.'],
  ['kind', 'loud', 'One of these: info, warning.'],
  ['kind', undefined, 'This is needed.'],
  ['only', 'false', 'This can only be true.'],
  ['moment', 'soon', 'Enter a moment such as 2026-11-20T08:42:00Z.'],
  ['day', '20.11.', 'Enter a day such as 2026-11-20.'],
  ['code', '1', 'This is not in the form that is taken here.'],
  ['either', 7, 'This is not taken here.'],
  ['own', 'more', 'At most three letters, please.'],
] as const)('A fault is told in our words: %s of %j', (field, value, words) => {
  expect(said(field, value)).toBe(words)
})

describe('What people are told of a wrong field', () => {
  let technician: { cookie: string }
  beforeAll(async () => {
    technician = await newStaff(await newMsp())
  })
  const told = async (method: string, path: string, body?: unknown) => {
    const answer = await call(ADMIN, method, path, { as: technician, ...(body === undefined ? {} : { body }) })
    expect(answer.status).toBe(422)
    const { errors } = await bodyOf<{ errors: { pointer: string; detail: string }[] }>(answer)
    return errors.map(({ pointer, detail }) => `${pointer}: ${detail}`)
  }

  it('is never the parser’s own English, in a body or in a query', async () => {
    expect(await told('POST', '/api/msp-portal/customers', { name: 7, phone: ['a'] })).toEqual([
      '/name: This has to be a text.',
      '/phone: This has to be a text.',
    ])
    expect(await told('GET', `/api/msp-portal/customers?limit=201&q=${'x'.repeat(101)}`)).toEqual([
      '/limit: At most 200.',
      '/q: At most 100 characters.',
    ])
  })
})
