import { z } from '@hono/zod-openapi'
import type { RequestDetails } from '../../../../db/shard/schema.ts'
import { optionalText } from '../../../http/text.ts'
import { answers, chosen, field, labelIn, maybeDay, people, tenantField } from './fields.ts'
import type { Form } from './form.ts'
import { accountLine, answerLines, inWords, line } from './words.ts'

const person = {
  userId: field(chosen('Choose somebody.'), { kind: 'user', label: 'Who' }),
  does: field(z.enum(['add', 'remove']), {
    kind: 'choice',
    label: 'What happens',
    options: [
      { value: 'add', label: 'Add them' },
      { value: 'remove', label: 'Take them out' },
    ],
  }),
}

const whole = {
  groupId: field(chosen('Choose a group.'), { kind: 'group', label: 'Group' }),
  tenantId: tenantField(),
  startsOn: field(maybeDay(), { kind: 'date', label: 'From', help: 'Leave it empty for as soon as possible.' }),
  endsOn: field(maybeDay(), { kind: 'date', label: 'Until', help: 'Leave it empty for good.' }),
  reason: field(optionalText(1_000), { kind: 'long_text', label: 'Anything else', lengthMax: 1_000 }),
}

export const GroupChangeInput = z.strictObject({
  type: z.literal('group_change').describe('Who is in a distribution list or a Microsoft 365 group.'),
  ...whole,
  answers,
  people: people(z.strictObject({ ...person, answers })).describe('Who comes into it, and who leaves it.'),
})

type Details = Extract<RequestDetails, { type: 'group_change' }>

export const groupChangeForm: Form<z.infer<typeof GroupChangeInput>, Details> = {
  title: 'Group change',
  intro: 'Somebody is to get the mail of a group, or no longer.',
  whole,
  person,
  peopleMin: 1,

  asksAfter: ({ people: all, groupId }) => ({
    subjects: all.map(({ userId }) => userId),
    users: [],
    holders: all.map(({ userId }) => userId),
    groups: [groupId],
    skus: [],
    addresses: [],
  }),

  detailsOf: (input, look) => {
    const group = look.group('/groupId', input.groupId)
    look.period('', input.startsOn, input.endsOn)
    look.once(
      input.people.map(({ userId }) => userId),
      (place) => `/people/${place}/userId`,
    )
    return {
      type: 'group_change',
      tenant: look.tenant,
      answers: look.answers('', input.answers, false),
      group,
      startsOn: input.startsOn,
      endsOn: input.endsOn,
      people: input.people.map(({ userId, does, answers: given }, place) => {
        const at = `/people/${place}`
        const isIn = look.holdings(userId).groups.some(({ id }) => id === group.id)
        const user = look.user(`${at}/userId`, userId)
        if (look.seesHolders && does === 'add' && isIn) look.fault(`${at}/userId`, 'They are in this group already.')
        if (look.seesHolders && does === 'remove' && !isIn && user.name !== '')
          look.fault(`${at}/userId`, 'They are not in this group.')
        return { user, does, answers: look.answers(at, given, true) }
      }),
    }
  },

  namesOf: ({ people: all }) => all.map(({ user }) => user.name),
  subjectOf: ({ group }) => group.name,
  firstOn: ({ startsOn }) => [startsOn],
  dependsOn: ({ group, people: all }) => ({
    users: all.map(({ user }) => user),
    groups: [group],
    licences: [],
    addresses: [],
  }),

  linesOf: ({ group, startsOn, endsOn }) =>
    [
      line(labelIn(whole, 'groupId'), group.name),
      line(labelIn(whole, 'startsOn'), startsOn === null ? null : inWords(startsOn)),
      line(labelIn(whole, 'endsOn'), endsOn === null ? null : inWords(endsOn)),
    ].flat(),

  partsOf: ({ people: all }, showing) =>
    all.map(({ user, does, answers: given }) => ({
      heading: user.name,
      lines: [
        accountLine(user, showing),
        line(
          labelIn(person, 'does'),
          !showing.showsHoldings ? null : does === 'add' ? 'Comes into the group' : 'Leaves the group',
        ),
        answerLines(given),
      ].flat(),
    })),

  stepsOf: ({ group, people: all, startsOn, endsOn }) => {
    const from = startsOn === null ? '' : `, from ${inWords(startsOn)}`
    return [
      ...all.map(({ user, does }) => ({
        title:
          does === 'add' ? `Add ${user.name} to ${group.name}${from}` : `Take ${user.name} out of ${group.name}${from}`,
      })),
      ...(endsOn === null ? [] : [{ title: `Undo this after ${inWords(endsOn)}` }]),
    ]
  },
}
