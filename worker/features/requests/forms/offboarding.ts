import { z } from '@hono/zod-openapi'
import { fileFates, licenceFates, mailboxFates } from '../../../../db/shard/schema.ts'
import type { Leaver, NamedUser, RequestDetails } from '../../../../db/shard/schema.ts'
import { daysAfter } from '../../../days.ts'
import { optionalText } from '../../../http/text.ts'
import { answers, chosen, day, field, held, labelIn, maybeChosen, optionIn, people, tenantField } from './fields.ts'
import type { Form, Look, Step } from './form.ts'
import { accountLine, answerLines, inWords, line, listed, listedLine } from './words.ts'

const to = maybeChosen().describe('To whom, by their id.')

const person = {
  userId: field(chosen('Choose who leaves.'), { kind: 'user', label: 'Who leaves' }),
  lastDay: field(day, { kind: 'date', label: 'Last day', help: 'Their access ends with this day.' }),
  licences: field(
    held(
      z.strictObject({
        skuId: chosen('Choose a licence.').describe('A licence that they hold.'),
        does: z.enum(licenceFates).describe('Keep the seat free, give it to somebody, or give it back.'),
        toUserId: to,
      }),
    ),
    {
      kind: 'held_licences',
      label: 'Licences',
      help: 'What is not named stays free for somebody else.',
      options: [
        { value: 'keep', label: 'Keep the seat free' },
        { value: 'give', label: 'Give it to somebody', needsUser: true },
        { value: 'return', label: 'Give it back' },
      ],
    },
  ),
  groups: field(
    held(z.strictObject({ groupId: chosen('Choose a group.').describe('A group that they are in.'), toUserId: to })),
    {
      kind: 'held_groups',
      label: 'Groups',
      help: 'They leave all of them; name who is to be in one in their place.',
    },
  ),
  manages: field(
    held(z.strictObject({ userId: chosen('Choose somebody.').describe('Whose manager they are.'), toUserId: to })),
    { kind: 'held_people', label: 'Manager of', help: 'Name who is their manager from then on.' },
  ),
  sharedMailboxes: field(
    held(
      z.strictObject({
        userId: chosen('Choose a mailbox.').describe('A shared mailbox of the company that they open.'),
        toUserId: to,
      }),
    ),
    {
      kind: 'held_mailboxes',
      label: 'Shared mailboxes',
      help: 'Microsoft does not tell who opens one: choose those that they look after, and who does from then on.',
    },
  ),
  mailbox: field(
    z.strictObject({
      does: z.enum(mailboxFates).describe('Colleagues read it, its mail goes to somebody, or it is closed.'),
      toUserId: to,
    }),
    {
      kind: 'fate',
      label: 'Mailbox',
      options: [
        { value: 'share', label: 'Somebody goes on reading it', needsUser: true },
        { value: 'forward', label: 'New mail goes to somebody', needsUser: true },
        { value: 'close', label: 'Close it' },
      ],
    },
  ),
  files: field(
    z.strictObject({
      does: z.enum(fileFates).describe('Somebody is given them, they are kept, or deleted.'),
      toUserId: to,
    }),
    {
      kind: 'fate',
      label: 'Files',
      options: [
        { value: 'give', label: 'Somebody is given them', needsUser: true },
        { value: 'keep', label: 'Keep them' },
        { value: 'delete', label: 'Delete them' },
      ],
    },
  ),
}

const whole = {
  tenantId: tenantField(),
  reason: field(optionalText(1_000), { kind: 'long_text', label: 'Anything else', lengthMax: 1_000 }),
}

export const OffboardingInput = z.strictObject({
  type: z.literal('offboarding').describe('Somebody leaves: what becomes of all that they have.'),
  ...whole,
  answers,
  people: people(z.strictObject({ ...person, answers })).describe('Each of those who leave.'),
})

type Input = z.infer<typeof OffboardingInput>
type Details = Extract<RequestDetails, { type: 'offboarding' }>

const successorsOf = (one: Input['people'][number]) => [
  ...[...one.licences, ...one.groups, ...one.manages, ...one.sharedMailboxes].map(({ toUserId }) => toUserId),
  one.mailbox.toUserId,
  one.files.toUserId,
]

export const offboardingForm: Form<Input, Details> = {
  title: 'Offboarding',
  intro: 'Somebody leaves: say when, and what becomes of their mailbox, files and licences.',
  whole,
  person,
  peopleMin: 1,

  asksAfter: ({ people: all }) => ({
    subjects: all.map(({ userId }) => userId),
    users: all.flatMap((one) => [
      ...successorsOf(one),
      ...one.manages.map(({ userId }) => userId),
      ...one.sharedMailboxes.map(({ userId }) => userId),
    ]),
    holders: all.map(({ userId }) => userId),
    groups: [],
    skus: [],
    addresses: [],
  }),

  detailsOf: (input, look) => {
    const leaving = new Set(input.people.map(({ userId }) => userId))
    look.once(
      input.people.map(({ userId }) => userId),
      (place) => `/people/${place}/userId`,
    )
    return {
      type: 'offboarding',
      tenant: look.tenant,
      answers: look.answers('', input.answers, false),
      people: input.people.map((one, place) => leaverOf(one, `/people/${place}`, leaving, look)),
    }
  },

  namesOf: ({ people: all }) => all.map(({ user }) => user.name),
  firstOn: ({ people: all }) => all.map(({ lastDay }) => lastDay),

  dependsOn: ({ people: all }) => ({
    users: all.flatMap((one) => [
      one.user,
      ...[...one.licences, ...one.groups, ...one.manages, ...one.sharedMailboxes].map((each) => each.to),
      ...one.sharedMailboxes.map(({ mailbox }) => mailbox),
      one.mailbox.to,
      one.files.to,
    ]),
    groups: all.flatMap((one) => one.groups.flatMap((each) => (each.to === null ? [] : [each.group]))),
    licences: [],
    addresses: [],
  }),

  partsOf: ({ people: all }, showing) =>
    all.map((one) => ({
      heading: one.user.name,
      lines: [
        accountLine(one.user, showing),
        line(labelIn(person, 'lastDay'), inWords(one.lastDay)),
        line(labelIn(person, 'mailbox'), fateLine('mailbox', one.mailbox)),
        line(labelIn(person, 'files'), fateLine('files', one.files)),
        ...(showing.showsHoldings
          ? [
              ...one.licences.map(({ licence, does, to: next }) =>
                line(licence.name, next === null ? optionIn(person, 'licences', does) : `Goes to ${next.name}`),
              ),
              listedLine(
                'Groups they leave',
                one.groups.map(({ group }) => group),
              ),
              ...one.groups.map(({ group, to: next }) => line(`In their place in ${group.name}`, next?.name)),
            ]
          : []),
        ...one.manages.map(({ user, to: next }) => line(`Manager of ${user.name}`, next?.name ?? 'To be decided')),
        ...one.sharedMailboxes.map(({ mailbox, to: next }) =>
          line(
            `Shared mailbox ${mailbox.name}`,
            next === null ? 'Nobody in their place' : `${next.name} looks after it`,
          ),
        ),
        ...answerLines(one.answers),
      ].flat(),
    })),

  stepsOf: ({ people: all }) => all.flatMap(stepsFor),
}

type Fate = { does: string; to: NamedUser | null }

const fateLine = (key: 'mailbox' | 'files', { does, to: next }: Fate): string =>
  next === null ? optionIn(person, key, does) : `${optionIn(person, key, does)}: ${next.name}`

const leaverOf = (one: Input['people'][number], at: string, leaving: ReadonlySet<string>, look: Look): Leaver => {
  const user = look.user(`${at}/userId`, one.userId)
  look.day(`${at}/lastDay`, one.lastDay)
  const has = look.holdings(one.userId)
  const successor = (pointer: string, id: string | null): NamedUser | null => {
    if (id !== null && leaving.has(id)) {
      look.fault(pointer, 'Choose somebody who stays.')
      return null
    }
    return look.maybeUser(pointer, id)
  }
  /** With some fates goes a person, and with the others none. */
  const fate = <Does extends string>(
    pointer: string,
    given: { does: Does; toUserId: string | null },
    ask: string,
    needs: readonly Does[],
  ) => {
    if (!needs.includes(given.does)) return { does: given.does, to: null }
    if (given.toUserId === null) look.fault(`${pointer}/toUserId`, ask)
    return { does: given.does, to: successor(`${pointer}/toUserId`, given.toUserId) }
  }
  const among = (pointer: string, id: string, having: readonly { id: string }[], words: string) => {
    if (!having.some((each) => each.id === id)) look.fault(pointer, words)
  }
  const { licences, groups } = look.seesHolders ? one : { licences: [], groups: [] }
  if (!look.seesHolders)
    for (const key of ['licences', 'groups'] as const)
      if (one[key].length > 0)
        look.fault(
          `${at}/${key}`,
          'What they hold is not shown to you: leave this out. Your IT provider looks after it.',
        )
  look.once(
    licences.map(({ skuId }) => skuId.toLowerCase()),
    (place) => `${at}/licences/${place}/skuId`,
  )
  const fates = new Map(
    licences.map((given, place) => {
      const pointer = `${at}/licences/${place}`
      const skuId = given.skuId.toLowerCase()
      among(`${pointer}/skuId`, skuId, has.licences, 'They do not hold this licence.')
      return [skuId, fate(pointer, given, 'Choose who is given the seat.', ['give'])] as const
    }),
  )
  const placesOf = <Given extends { toUserId: string | null }>(
    name: 'groups' | 'manages' | 'sharedMailboxes',
    given: readonly Given[],
    key: keyof Given & string,
    check: (pointer: string, id: string) => void,
  ) => {
    const idOf = (each: Given) => String(each[key])
    look.once(given.map(idOf), (place) => `${at}/${name}/${place}/${key}`)
    return given.map((each, place) => {
      const pointer = `${at}/${name}/${place}`
      check(`${pointer}/${key}`, idOf(each))
      return { id: idOf(each), to: successor(`${pointer}/toUserId`, each.toUserId) }
    })
  }
  const inGroups = placesOf('groups', groups, 'groupId', (pointer, id) =>
    among(pointer, id, has.groups, 'They are not in this group.'),
  )
  const manages = placesOf('manages', one.manages, 'userId', (pointer, id) =>
    among(pointer, id, has.manages, 'They are not this person’s manager.'),
  )
  const mailboxes = placesOf('sharedMailboxes', one.sharedMailboxes, 'userId', () => {})
  const successorIn = (places: { id: string; to: NamedUser | null }[], id: string) =>
    places.find((place) => place.id === id)?.to ?? null
  return {
    user,
    lastDay: one.lastDay,
    licences: has.licences
      .filter(({ id, isFree }) => !isFree || fates.has(id))
      .map(({ id, name }) => ({
        licence: { id, name },
        ...(fates.get(id) ?? { does: 'keep' as const, to: null }),
      })),
    groups: has.groups.map((group) => ({ group, to: successorIn(inGroups, group.id) })),
    manages: has.manages.map((managed) => ({ user: managed, to: successorIn(manages, managed.id) })),
    sharedMailboxes: mailboxes.map(({ id, to: next }, place) => ({
      mailbox: look.sharedMailbox(`${at}/sharedMailboxes/${place}/userId`, id),
      to: next,
    })),
    mailbox: fate(`${at}/mailbox`, one.mailbox, 'Choose who it goes to.', ['share', 'forward']),
    files: fate(`${at}/files`, one.files, 'Choose who is given them.', ['give']),
    answers: look.answers(at, one.answers, true),
  }
}

const stepsFor = (one: Leaver): Step[] => {
  const { name } = one.user
  const titles = [
    `Block the sign-in of ${name} and end their sessions after ${inWords(one.lastDay)}`,
    mailboxStep(name, one.mailbox),
    filesStep(name, one.files),
    ...one.manages.map(({ user, to: next }) =>
      next === null
        ? `Ask who is the manager of ${user.name} from then on`
        : `Set ${next.name} as the manager of ${user.name}`,
    ),
    ...one.sharedMailboxes.map(({ mailbox, to: next }) =>
      next === null
        ? `Take away the access of ${name} to the shared mailbox ${mailbox.name}`
        : `Give ${next.name} the shared mailbox ${mailbox.name} in the place of ${name}`,
    ),
    ...one.groups.flatMap(({ group, to: next }) =>
      next === null ? [] : [`Add ${next.name} to ${group.name} in the place of ${name}`],
    ),
    ...(one.groups.length === 0 ? [] : [`Take ${name} out of ${listed(one.groups.map(({ group }) => group))}`]),
  ]
  return [
    ...titles.map((title) => ({ title })),
    ...one.licences.map(({ licence, does, to: next }) => ({
      title: licenceStep(name, licence.name, does, next),
      // A seat that is given on or back frees none; what is kept is free from the day after.
      ...(does === 'keep' ? { seats: freed(licence.id, daysAfter(one.lastDay, 1)) } : {}),
    })),
  ]
}

const freed = (skuId: string, fromOn: string) => ({ skuId, takenCount: -1, fromOn, untilOn: null, isOfHoldings: true })

const licenceStep = (
  name: string,
  licence: string,
  does: (typeof licenceFates)[number],
  next: NamedUser | null,
): string => {
  switch (does) {
    case 'keep':
      return `Take the seat of ${licence} from ${name} and keep it free`
    case 'give':
      return `Take the seat of ${licence} from ${name} and give it to ${next?.name ?? ''}`
    case 'return':
      return `Take the seat of ${licence} from ${name} and give it back: one seat fewer`
  }
}

const mailboxStep = (name: string, { does, to: next }: Leaver['mailbox']): string => {
  switch (does) {
    case 'share':
      return `Turn the mailbox of ${name} into a shared one that ${next?.name ?? ''} reads`
    case 'forward':
      return `Send on what is mailed to ${name} to ${next?.name ?? ''}`
    case 'close':
      return `Close the mailbox of ${name}`
  }
}

const filesStep = (name: string, { does, to: next }: Leaver['files']): string => {
  switch (does) {
    case 'give':
      return `Give the files of ${name} to ${next?.name ?? ''}`
    case 'keep':
      return `Keep the files of ${name}`
    case 'delete':
      return `Delete the files of ${name}`
  }
}
