import { z } from '@hono/zod-openapi'
import type { Named, NewUser, RequestDetails } from '../../../../db/shard/schema.ts'
import { optionalEmail, optionalLine, optionalText, personName } from '../../../http/text.ts'
import { answers, day, field, labelIn, manyChosen, maybeChosen, maybeDay, people, tenantField } from './fields.ts'
import type { Form } from './form.ts'
import { answerLines, inWords, line, listed, listedLine } from './words.ts'

const person = {
  givenName: field(personName(100, 'Enter the first name.'), { kind: 'text', label: 'First name', lengthMax: 100 }),
  familyName: field(personName(100, 'Enter the last name.'), { kind: 'text', label: 'Last name', lengthMax: 100 }),
  startsOn: field(day, { kind: 'date', label: 'First day' }),
  endsOn: field(maybeDay(), {
    kind: 'date',
    label: 'Last day',
    help: 'For somebody who stays for a while: their access ends with this day.',
  }),
  address: field(optionalEmail, {
    kind: 'email',
    label: 'E-mail address',
    help: 'Leave it empty and your IT provider chooses one.',
    lengthMax: 254,
  }),
  jobTitle: field(optionalLine(100), { kind: 'text', label: 'Job title', lengthMax: 100 }),
  department: field(optionalLine(100), { kind: 'text', label: 'Department', lengthMax: 100 }),
  phone: field(optionalLine(40), { kind: 'phone', label: 'Phone', lengthMax: 40 }),
  managerId: field(maybeChosen(), { kind: 'user', label: 'Manager' }),
  likeUserId: field(maybeChosen(), {
    kind: 'user',
    label: 'Same licences and groups as',
    help: 'They get what this person has now, beside what you choose.',
  }),
  skuIds: field(manyChosen(), { kind: 'licences', label: 'Licences' }),
  groupIds: field(manyChosen(), { kind: 'groups', label: 'Groups' }),
}

const whole = {
  tenantId: tenantField(),
  reason: field(optionalText(1_000), { kind: 'long_text', label: 'Anything else', lengthMax: 1_000 }),
}

export const NewUserInput = z.strictObject({
  type: z.literal('new_user').describe('Somebody new: an account, licences, groups.'),
  ...whole,
  answers,
  people: people(z.strictObject({ ...person, answers })).describe('Each of the new people.'),
})

type Details = Extract<RequestDetails, { type: 'new_user' }>

const nameOf = ({ givenName, familyName }: Pick<NewUser, 'givenName' | 'familyName'>) => `${givenName} ${familyName}`

export const newUserForm: Form<z.infer<typeof NewUserInput>, Details> = {
  title: 'New user',
  intro: 'Somebody starts: ask for their account, their licences and their groups.',
  whole,
  person,
  peopleMin: 1,

  asksAfter: ({ people: all }) => ({
    subjects: [],
    users: all.flatMap(({ managerId, likeUserId }) => [managerId, likeUserId]),
    holders: all.map(({ likeUserId }) => likeUserId),
    groups: all.flatMap(({ groupIds }) => groupIds),
    skus: all.flatMap(({ skuIds }) => skuIds),
    addresses: all.map(({ address }) => address),
  }),

  detailsOf: (input, look) => {
    const wished = new Map<string, number>()
    return {
      type: 'new_user',
      tenant: look.tenant,
      answers: look.answers('', input.answers, false),
      people: input.people.map((one, place) => {
        const at = `/people/${place}`
        look.period(at, one.startsOn, one.endsOn)
        if (one.address !== null) {
          const other = wished.get(one.address)
          if (other === undefined) wished.set(one.address, place)
          else look.fault(`${at}/address`, 'Somebody else in this request is to have this address.')
        }
        const like = look.maybeUser(`${at}/likeUserId`, one.likeUserId)
        const licences = look.licences(`${at}/skuIds`, one.skuIds)
        const groups = look.groups(`${at}/groupIds`, one.groupIds)
        const held = like === null ? { licences: [], groups: [] } : look.holdings(like.id)
        const isChosen = (among: readonly { id: string }[], id: string) => among.some((each) => each.id === id)
        return {
          givenName: one.givenName,
          familyName: one.familyName,
          address: one.address,
          jobTitle: one.jobTitle,
          department: one.department,
          phone: one.phone,
          manager: look.maybeUser(`${at}/managerId`, one.managerId),
          startsOn: one.startsOn,
          endsOn: one.endsOn,
          licences,
          groups,
          like,
          likeLicences: held.licences
            .filter(({ id, isFree }) => !isFree && !isChosen(licences, id))
            .map(({ id, name }) => ({ id, name })),
          likeGroups: held.groups.filter(({ id }) => !isChosen(groups, id)),
          answers: look.answers(at, one.answers, true),
        }
      }),
    }
  },

  namesOf: ({ people: all }) => all.map(nameOf),
  firstOn: ({ people: all }) => all.map(({ startsOn }) => startsOn),

  dependsOn: ({ people: all }) => ({
    users: all.flatMap(({ manager, like }) => [manager, like]),
    groups: all.flatMap(({ groups, likeGroups }) => [...groups, ...likeGroups]),
    licences: all.flatMap(({ licences, likeLicences }) => [...licences, ...likeLicences]),
    addresses: all.map(({ address }) => address),
  }),

  partsOf: ({ people: all }, { showsHoldings, showsAddresses }) =>
    all.map((one) => ({
      heading: nameOf(one),
      lines: [
        line(labelIn(person, 'startsOn'), inWords(one.startsOn)),
        line(labelIn(person, 'endsOn'), one.endsOn === null ? null : inWords(one.endsOn)),
        line(labelIn(person, 'address'), showsAddresses ? one.address : null),
        line(labelIn(person, 'jobTitle'), one.jobTitle),
        line(labelIn(person, 'department'), one.department),
        line(labelIn(person, 'phone'), one.phone),
        line(labelIn(person, 'managerId'), one.manager?.name),
        line(labelIn(person, 'likeUserId'), one.like?.name),
        listedLine(labelIn(person, 'skuIds'), one.licences),
        listedLine(labelIn(person, 'groupIds'), one.groups),
        ...(one.like === null || !showsHoldings
          ? []
          : [
              listedLine(`Licences of ${one.like.name}`, one.likeLicences),
              listedLine(`Groups of ${one.like.name}`, one.likeGroups),
            ]),
        ...answerLines(one.answers),
      ].flat(),
    })),

  stepsOf: ({ people: all }) =>
    all.flatMap((one) => {
      const name = nameOf(one)
      const groups = [...one.groups, ...one.likeGroups]
      const given = (licence: Named, isOfHoldings: boolean) => ({
        title: `Give ${name} a seat of ${licence.name}`,
        seats: { skuId: licence.id, takenCount: 1, fromOn: one.startsOn, untilOn: one.endsOn, isOfHoldings },
      })
      return [
        {
          title: `Create the account of ${name}${one.address === null ? '' : ` (${one.address})`}, ready on ${inWords(one.startsOn)}`,
        },
        ...one.licences.map((licence) => given(licence, false)),
        ...one.likeLicences.map((licence) => given(licence, true)),
        ...(groups.length === 0 ? [] : [{ title: `Add ${name} to ${listed(groups)}` }]),
        ...(one.manager === null ? [] : [{ title: `Set ${one.manager.name} as the manager of ${name}` }]),
        { title: `Tell ${name} how to sign in for the first time` },
        ...(one.endsOn === null ? [] : [{ title: `End the access of ${name} after ${inWords(one.endsOn)}` }]),
      ]
    }),
}
