import { z } from '@hono/zod-openapi'
import { resetReaches } from '../../../../db/shard/schema.ts'
import type { RequestDetails } from '../../../../db/shard/schema.ts'
import { optionalLine, optionalText } from '../../../http/text.ts'
import { answers, chosen, field, labelIn, optionIn, people, tenantField } from './fields.ts'
import type { Form } from './form.ts'
import { accountLine, answerLines, line } from './words.ts'

const person = {
  userId: field(chosen('Choose whose password it is.'), { kind: 'user', label: 'Whose password' }),
  reachedBy: field(z.enum(resetReaches), {
    kind: 'choice',
    label: 'How we reach them',
    help: 'They choose the new password themselves. Never write a password here.',
    options: [
      { value: 'phone', label: 'By phone' },
      { value: 'in_person', label: 'In person' },
      { value: 'manager', label: 'Through their manager' },
    ],
  }),
  phone: field(optionalLine(40), {
    kind: 'phone',
    label: 'Phone',
    help: 'Needed to reach them by phone.',
    isNeeded: true,
    lengthMax: 40,
  }),
  alsoSecondStep: field(z.boolean().default(false), {
    kind: 'yes_no',
    label: 'Also reset their multi-factor sign-in',
    help: 'Where they have a new phone, or lost it.',
  }),
}

const whole = {
  tenantId: tenantField(),
  reason: field(optionalText(1_000), {
    kind: 'long_text',
    label: 'Anything else',
    help: 'Never write a password here.',
    lengthMax: 1_000,
  }),
}

export const PasswordResetInput = z.strictObject({
  type: z.literal('password_reset').describe('Somebody needs a new password. It is never part of a request.'),
  ...whole,
  answers,
  people: people(z.strictObject({ ...person, answers })).describe('Each of those who need a new one.'),
})

type Details = Extract<RequestDetails, { type: 'password_reset' }>

const reachOf = (value: string) => optionIn(person, 'reachedBy', value)

export const passwordResetForm: Form<z.infer<typeof PasswordResetInput>, Details> = {
  title: 'Password reset',
  intro: 'Somebody cannot sign in any more and needs a new password.',
  whole,
  person,
  peopleMin: 1,

  asksAfter: ({ people: all }) => ({
    subjects: all.map(({ userId }) => userId),
    users: [],
    holders: [],
    groups: [],
    skus: [],
    addresses: [],
  }),

  detailsOf: (input, look) => {
    look.once(
      input.people.map(({ userId }) => userId),
      (place) => `/people/${place}/userId`,
    )
    return {
      type: 'password_reset',
      tenant: look.tenant,
      answers: look.answers('', input.answers, false),
      people: input.people.map(({ userId, reachedBy, phone, alsoSecondStep, answers: given }, place) => {
        const at = `/people/${place}`
        if (look.isGuest(userId))
          look.fault(`${at}/userId`, 'This is a guest: their own company looks after their password.')
        if (reachedBy === 'phone' && phone === null)
          look.fault(`${at}/phone`, 'Enter the number at which they are reached.')
        return {
          user: look.user(`${at}/userId`, userId),
          reachedBy,
          phone,
          alsoSecondStep,
          answers: look.answers(at, given, true),
        }
      }),
    }
  },

  namesOf: ({ people: all }) => all.map(({ user }) => user.name),
  firstOn: () => [null],
  dependsOn: ({ people: all }) => ({ users: all.map(({ user }) => user), groups: [], licences: [], addresses: [] }),

  partsOf: ({ people: all }, showing) =>
    all.map(({ user, reachedBy, phone, alsoSecondStep, answers: given }) => ({
      heading: user.name,
      lines: [
        accountLine(user, showing),
        line(labelIn(person, 'reachedBy'), reachOf(reachedBy)),
        line(labelIn(person, 'phone'), phone),
        line(labelIn(person, 'alsoSecondStep'), alsoSecondStep ? 'Yes' : null),
        answerLines(given),
      ].flat(),
    })),

  stepsOf: ({ people: all }) =>
    all.flatMap(({ user, reachedBy, phone, alsoSecondStep }) => [
      { title: `Reach ${user.name} ${reachWords(reachedBy, phone)} and make sure that it is them` },
      { title: `Let ${user.name} choose a new password` },
      ...(alsoSecondStep ? [{ title: `Reset the multi-factor sign-in of ${user.name}` }] : []),
    ]),
}

const reachWords = (reachedBy: (typeof resetReaches)[number], phone: string | null): string => {
  switch (reachedBy) {
    case 'phone':
      return `by phone (${phone ?? ''})`
    case 'in_person':
      return 'in person'
    case 'manager':
      return 'through their manager'
  }
}
