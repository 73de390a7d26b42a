import { z } from '@hono/zod-openapi'
import { keyed } from '../../../http/keyed.ts'
import { requiredLine } from '../../../http/text.ts'

/** How a field is filled in: what a page draws for it, and where what can be chosen comes from. */
export const fieldKinds = [
  'text',
  'long_text',
  'email',
  'phone',
  'number',
  'date',
  'choice',
  'yes_no',
  'tenant',
  'user',
  'licence',
  'licences',
  'group',
  'groups',
  /** What becomes of each licence, group, person or shared mailbox that somebody has. */
  'held_licences',
  'held_groups',
  'held_people',
  'held_mailboxes',
  /** A choice, and with some of its options a person. */
  'fate',
] as const

/** `needsUser`: with this option goes a person. */
export type Option = { value: string; label: string; needsUser?: boolean }

type Told = {
  kind: (typeof fieldKinds)[number]
  label: string
  help?: string
  /** Whether another answer cannot be given without it, so that it is never left out. */
  isNeeded?: true
  options?: readonly Option[]
  lengthMax?: number
  min?: number
  max?: number
}

export type Field = {
  key: string
  kind: (typeof fieldKinds)[number]
  label: string
  help: string
  isRequired: boolean
  isNeeded: boolean
  options: readonly Option[]
  lengthMax: number | null
  min: number | null
  max: number | null
}

export type Shape = Record<string, z.ZodType>

const told = new WeakMap<z.ZodType, Told>()

/** A shape of the input that somebody fills in: what it is called and how, beside what it takes. */
export const field = <S extends z.ZodType>(shape: S, about: Told): S => {
  const described = shape.describe(about.help === undefined ? `${about.label}.` : `${about.label}. ${about.help}`)
  told.set(described, about)
  return described
}

/** The fields of a form, or of each person in it, in the order in which they are asked for. */
export const fieldsOf = (shape: Shape): Field[] =>
  Object.entries(shape).flatMap(([key, one]) => {
    const about = told.get(one)
    if (about === undefined) return []
    const { kind, label, help = '', isNeeded = false, options = [], lengthMax = null, min = null, max = null } = about
    const isRequired = !one.safeParse(undefined).success
    return [{ key, kind, label, help, isRequired, isNeeded, options, lengthMax, min, max }]
  })

/** What a field is called, so that a summary says it as the form does. */
export const labelIn = (shape: Shape, key: string): string => {
  const one = shape[key]
  const about = one === undefined ? undefined : told.get(one)
  if (about === undefined) throw new Error(`There is no field "${key}".`)
  return about.label
}

/** What an option of a field is called. */
export const optionIn = (shape: Shape, key: string, value: string): string => {
  const one = shape[key]
  const option = (one === undefined ? undefined : told.get(one))?.options?.find((each) => each.value === value)
  if (option === undefined) throw new Error(`"${key}" has no option "${value}".`)
  return option.label
}

/** So many people in one request; more are a list, which is sent in parts. */
export const PEOPLE_MAX = 50
const CHOSEN_MAX = 50
/** More than anybody has of groups, or of people below them. */
const HELD_MAX = 500
/** More than anybody buys at once: more is a slip of the keyboard. */
export const MORE_SEATS_MAX = 1_000

export const day = z.iso.date('Enter a day such as 2026-11-20.')

/** Ids are Microsoft's or ours; what is behind them is looked for among what the company has. */
export const chosen = (ask: string) => z.string().trim().min(1, ask).max(100, 'This is not an id of anything here.')

/** No id where nothing was chosen: an empty choice is none. */
export const maybeChosen = () =>
  z
    .string()
    .trim()
    .max(100, 'This is not an id of anything here.')
    .transform((id) => (id === '' ? null : id))
    .nullable()
    .default(null)

export const maybeDay = () => day.nullable().default(null)

export const manyChosen = () =>
  z.array(chosen('Choose one, or take this line away.')).max(CHOSEN_MAX, `At most ${CHOSEN_MAX}.`).default([])

export const held = <Item extends z.ZodType>(item: Item) =>
  z.array(item).max(HELD_MAX, `At most ${HELD_MAX}.`).default([])

/** As many questions of its own as an MSP may ask of all customers, and of one of them beside. */
export const OWN_FIELDS_MAX = 20
export const ANSWERS_MAX = 2 * OWN_FIELDS_MAX
export const NOT_ASKED = 'This is not asked here.'

/** Answers to the MSP's own questions, by their ids. */
export const answers = keyed(z.string(), z.string().max(2_000), { max: ANSWERS_MAX, unknown: NOT_ASKED })
  .default({})
  .describe('Answers to the MSP’s own questions, by their ids: a text, an option, a day (2026-11-20) or a person’s id.')

export const people = <Person extends z.ZodType>(person: Person) =>
  z
    .array(person)
    .min(1, 'Name somebody.')
    .max(PEOPLE_MAX, `At most ${PEOPLE_MAX} people in one request. Send the others in another one.`)

export const nameOfPerson = (ask: string) => requiredLine(100, ask)

export const tenantField = () =>
  field(z.string().trim().max(60, 'This is not an id of anything here.').optional(), {
    kind: 'tenant',
    label: 'Environment',
    help: 'Licences, groups and people are of one environment.',
  })
