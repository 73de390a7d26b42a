import { z } from '@hono/zod-openapi'
import type { RequestDetails } from '../../../../db/shard/schema.ts'
import { counted, inFigures } from '../../../figures.ts'
import { requiredText } from '../../../http/text.ts'
import { MORE_SEATS_MAX, PEOPLE_MAX, answers, chosen, field, labelIn, maybeDay, tenantField } from './fields.ts'
import type { Form } from './form.ts'
import { accountLine, answerLines, inWords, line } from './words.ts'

const person = {
  userId: field(chosen('Choose somebody.'), { kind: 'user', label: 'Who' }),
  does: field(z.enum(['give', 'take']), {
    kind: 'choice',
    label: 'What happens',
    options: [
      { value: 'give', label: 'Give them a seat' },
      { value: 'take', label: 'Take their seat away' },
    ],
  }),
}

const whole = {
  skuId: field(chosen('Choose a licence.'), { kind: 'licence', label: 'Licence' }),
  tenantId: tenantField(),
  moreSeats: field(
    z
      .number()
      .int('Enter a whole number.')
      .min(0, 'Ask for one seat or more.')
      .max(MORE_SEATS_MAX, `At most ${inFigures(MORE_SEATS_MAX)} at once.`)
      .default(0),
    {
      kind: 'number',
      label: 'More seats',
      help: 'How many more than there are now.',
      isNeeded: true,
      min: 0,
      max: MORE_SEATS_MAX,
    },
  ),
  startsOn: field(maybeDay(), { kind: 'date', label: 'From', help: 'Leave it empty for as soon as possible.' }),
  endsOn: field(maybeDay(), { kind: 'date', label: 'Until', help: 'Leave it empty for good.' }),
  reason: field(requiredText(1_000, 'Say in a sentence what they are for.'), {
    kind: 'long_text',
    label: 'What they are for',
    lengthMax: 1_000,
  }),
}

export const LicenceChangeInput = z.strictObject({
  type: z.literal('licence_change').describe('More seats of a licence, or other people who hold one.'),
  ...whole,
  answers,
  people: z
    .array(z.strictObject({ ...person, answers }))
    .max(PEOPLE_MAX, `At most ${PEOPLE_MAX} people in one request. Send the others in another one.`)
    .default([])
    .describe('Who is given a seat, or loses theirs.'),
})

type Details = Extract<RequestDetails, { type: 'licence_change' }>

export const licenceChangeForm: Form<z.infer<typeof LicenceChangeInput>, Details> = {
  title: 'Licence change',
  intro: 'More seats of a licence, or a seat for somebody.',
  whole,
  person,
  peopleMin: 0,

  asksAfter: ({ people: all, skuId }) => ({
    subjects: all.map(({ userId }) => userId),
    users: [],
    holders: all.map(({ userId }) => userId),
    groups: [],
    skus: [skuId],
    addresses: [],
  }),

  detailsOf: (input, look) => {
    const { boughtCount, ...licence } = look.licence('/skuId', input.skuId)
    look.period('', input.startsOn, input.endsOn)
    if (input.moreSeats === 0 && input.people.length === 0)
      look.fault('/moreSeats', 'Ask for one seat or more, or name who is given one.')
    look.once(
      input.people.map(({ userId }) => userId),
      (place) => `/people/${place}/userId`,
    )
    return {
      type: 'licence_change',
      tenant: look.tenant,
      answers: look.answers('', input.answers, false),
      licence,
      moreSeats: input.moreSeats,
      boughtCount,
      startsOn: input.startsOn,
      endsOn: input.endsOn,
      people: input.people.map(({ userId, does, answers: given }, place) => {
        const at = `/people/${place}`
        const holds = look.holdings(userId).licences.some(({ id }) => id === licence.id)
        const user = look.user(`${at}/userId`, userId)
        if (look.seesHolders && does === 'give' && holds) look.fault(`${at}/userId`, 'They have a seat of it already.')
        if (look.seesHolders && does === 'take' && !holds && user.name !== '')
          look.fault(`${at}/userId`, 'They have no seat of it.')
        return { user, does, answers: look.answers(at, given, true) }
      }),
    }
  },

  namesOf: ({ people: all }) => all.map(({ user }) => user.name),
  subjectOf: ({ licence, moreSeats, people: all }) =>
    moreSeats === 0
      ? `${licence.name} for ${counted(all.length, 'person', 'people')}`
      : `${counted(moreSeats, 'more seat', 'more seats')} of ${licence.name}`,
  firstOn: ({ startsOn }) => [startsOn],

  dependsOn: ({ licence, people: all }) => ({
    users: all.map(({ user }) => user),
    groups: [],
    licences: [licence],
    addresses: [],
  }),

  linesOf: ({ licence, moreSeats, boughtCount, startsOn, endsOn }) =>
    [
      line(labelIn(whole, 'skuId'), licence.name),
      line(
        labelIn(whole, 'moreSeats'),
        moreSeats === 0 ? null : `${moreSeats}, beside ${boughtCount} that were bought when it was asked for`,
      ),
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
          !showing.showsHoldings ? null : does === 'give' ? 'Is given a seat' : 'Loses their seat',
        ),
        answerLines(given),
      ].flat(),
    })),

  stepsOf: ({ licence, moreSeats, people: all, startsOn, endsOn }) => {
    const from = startsOn === null ? '' : `, from ${inWords(startsOn)}`
    const seats = (takenCount: number) => ({
      skuId: licence.id,
      takenCount,
      fromOn: startsOn,
      untilOn: endsOn,
      isOfHoldings: false,
    })
    return [
      ...(moreSeats === 0
        ? []
        : [
            {
              title: `Buy ${counted(moreSeats, 'more seat', 'more seats')} of ${licence.name}${from}`,
              seats: seats(-moreSeats),
            },
          ]),
      ...all.map(({ user, does }) =>
        does === 'give'
          ? { title: `Give ${user.name} a seat of ${licence.name}${from}`, seats: seats(1) }
          : { title: `Take the seat of ${licence.name} from ${user.name}${from}`, seats: seats(-1) },
      ),
      ...(endsOn === null ? [] : [{ title: `Take all of it back after ${inWords(endsOn)}` }]),
    ]
  },
}
