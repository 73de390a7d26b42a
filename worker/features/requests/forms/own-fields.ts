import type { FormMaster, FormOverlay, OwnAnswer, OwnField } from '../../../../db/shard/schema.ts'
import { pointerOf } from '../../../http/pointer.ts'
import { optionalText } from '../../../http/text.ts'
import { lastDayFrom } from './dates.ts'
import { NOT_ASKED, day as anyDay, fieldsOf } from './fields.ts'
import type { Shape } from './fields.ts'
import { inWords } from './words.ts'

/** A form as it is asked of a customer: the MSP's own questions, what is left out, and help of its own. */
export type FormInForce = {
  fields: OwnField[]
  hidden: ReadonlySet<string>
  helps: Readonly<Record<string, string>>
  category: string | null
}

/** The master, and over it what the customer has otherwise: one edit of the master reaches everybody who did not differ. Pure. */
export const formInForce = (master: FormMaster | undefined, overlay: FormOverlay | undefined): FormInForce => {
  const differs = overlay?.hidden ?? {}
  const hidden = new Set([
    ...(master?.hidden ?? []).filter((key) => differs[key] !== false),
    ...Object.keys(differs).filter((key) => differs[key] === true),
  ])
  return {
    fields: [
      ...(master?.fields ?? []).map((field) => ({ ...field, help: overlay?.helps[field.id] ?? field.help })),
      ...(overlay?.fields ?? []),
    ].filter(({ id }) => !hidden.has(id)),
    hidden,
    helps: { ...master?.helps, ...overlay?.helps },
    category: master?.category ?? null,
  }
}

/** The fields that an MSP may leave out of a form: those that need not be filled in, but for where it is. */
export const hideableIn = (...shapes: Shape[]): string[] =>
  shapes.flatMap((shape) =>
    fieldsOf(shape).flatMap(({ key, isRequired, isNeeded, kind }) =>
      isRequired || isNeeded || kind === 'tenant' ? [] : [key],
    ),
  )

const isGiven = (value: unknown): boolean =>
  !(value === undefined || value === null || value === '' || value === false || value === 0) &&
  !(Array.isArray(value) && value.length === 0)

/** What was filled in of what this customer's form does not have, by its keys. */
export const hiddenButGiven = (
  given: Readonly<Record<string, unknown>>,
  shape: Shape,
  { hidden }: FormInForce,
): string[] => Object.keys(shape).filter((key) => hidden.has(key) && isGiven(given[key]))

/** Before anybody’s day of birth. */
export const EARLIEST_DAY = '1900-01-01'
const answerText = optionalText(2_000)

type AnswerWays = {
  fault: (pointer: string, detail: string) => void
  /** Their name; a fault at the pointer for nobody of the company. */
  nameOfUser: (pointer: string, id: string) => string
  today: string
}

/** The answers to the MSP's own questions, in the order in which they are asked; each that cannot be is a fault at its place. */
export const answersTo = (
  asked: readonly OwnField[],
  given: Readonly<Record<string, string>>,
  at: string,
  ways: AnswerWays,
): OwnAnswer[] => {
  const known = new Set(asked.map(({ id }) => id))
  for (const id of Object.keys(given)) if (!known.has(id)) ways.fault(`${at}${pointerOf('answers', id)}`, NOT_ASKED)
  return asked.flatMap((one) => {
    const pointer = `${at}${pointerOf('answers', one.id)}`
    const read = answerText.safeParse(Object.hasOwn(given, one.id) ? given[one.id] : null)
    if (!read.success) {
      ways.fault(pointer, read.error.issues[0]?.message ?? '')
      return []
    }
    if (read.data === null) {
      if (one.isRequired) ways.fault(pointer, 'This is needed.')
      return []
    }
    const value = valueOf(one, read.data, pointer, ways)
    return value === undefined ? [] : [{ id: one.id, label: one.label, value }]
  })
}

const valueOf = (one: OwnField, text: string, pointer: string, ways: AnswerWays): string | undefined => {
  switch (one.kind) {
    case 'text':
      return text
    case 'choice':
      if (one.options.includes(text)) return text
      ways.fault(pointer, 'Choose one of the options.')
      return undefined
    case 'date':
      if (anyDay.safeParse(text).success && text >= EARLIEST_DAY && text <= lastDayFrom(ways.today))
        return inWords(text)
      ways.fault(pointer, `Enter a day from ${EARLIEST_DAY} to ${lastDayFrom(ways.today)}.`)
      return undefined
    case 'person':
      return ways.nameOfUser(pointer, text)
  }
}
