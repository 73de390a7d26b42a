/** What forms of requests are filled in with, and how it is sent: fields and their kinds come from the server. */
import type { RequestField, RequestForm } from '../api/shapes.ts'

export type Chosen = { id: string; name: string }
/** What becomes of something, and whom it goes to. */
export type Fate = { does: string; to: Chosen | null }
/** The same for each thing that somebody has; `id` names it. */
export type Held = { id: string } & Fate
export type Value = string | boolean | string[] | Chosen | null | Fate | Held[]
/** By their places in what is sent, as in a JSON pointer: `reason`, `people/0/startsOn`, `people/0/answers/desk`. */
export type Values = Record<string, Value>

const ANSWERS = 'answers/'

export const pathOf = (place: number, key: string): string => `people/${place}/${key}`

/** What a field holds before anything was filled in. */
export const emptyValue = (field: RequestField): Value => {
  switch (field.kind) {
    case 'yes_no':
      return false
    case 'user':
      return null
    case 'licences':
    case 'groups':
      return []
    case 'fate':
      return { does: '', to: null }
    case 'held_licences':
    case 'held_groups':
    case 'held_people':
    case 'held_mailboxes':
      return []
    default:
      return ''
  }
}

export const emptyPerson = (fields: readonly RequestField[], place: number): Values =>
  Object.fromEntries(fields.map((field) => [pathOf(place, field.key), emptyValue(field)]))

/** What has to be known before anybody is named; what may be said beside it comes last. */
export const isFirst = ({ kind, key }: RequestField): boolean => kind !== 'long_text' && !key.startsWith(ANSWERS)

/** The same, in the order in which it stands on the page: what is wrong is told in that order, too. */
export const inOrder = (
  form: { fields: readonly RequestField[]; personFields: readonly RequestField[] },
  values: Values,
): Values => {
  const paths = [
    ...form.fields.filter(isFirst).map(({ key }) => key),
    ...Array.from({ length: personCountIn(values) }, (_, place) =>
      form.personFields.map(({ key }) => pathOf(place, key)),
    ).flat(),
    ...form.fields.filter((field) => !isFirst(field)).map(({ key }) => key),
  ]
  return Object.fromEntries(
    paths.flatMap((path) => {
      const value = values[path]
      return value === undefined ? [] : [[path, value]]
    }),
  )
}

/** How many people are named in it. */
export const personCountIn = (values: Values): number =>
  1 + Math.max(-1, ...Object.keys(values).map((path) => Number(/^people\/(\d+)\//.exec(path)?.[1] ?? -1)))

/** The same without one of its people; those after it move up. */
export const withoutPerson = (values: Values, place: number): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([path, value]) => {
      const at = /^people\/(\d+)\/(.+)$/.exec(path)
      const [, own, key] = at ?? []
      if (own === undefined || key === undefined) return [[path, value]]
      const here = Number(own)
      return here === place ? [] : [[here > place ? pathOf(here - 1, key) : path, value]]
    }),
  )

/** What each kind of thing that somebody has is called in what is sent. */
const heldKeys = {
  held_licences: 'skuId',
  held_groups: 'groupId',
  held_people: 'userId',
  held_mailboxes: 'userId',
} as const

/** A field as it is sent; undefined where nothing was filled in that needs to be. */
const sentOf = (field: RequestField, value: Value | undefined): unknown => {
  switch (field.kind) {
    case 'yes_no':
      return value === true
    case 'user':
      return isChosen(value) ? value.id : undefined
    case 'number':
      return value === '' || value === undefined ? undefined : Number(value)
    case 'licences':
    case 'groups':
      return value
    case 'fate':
      return isFate(value) && value.does !== '' ? { does: value.does, ...toOf(value) } : undefined
    case 'held_licences':
    case 'held_groups':
    case 'held_people':
    case 'held_mailboxes': {
      const key = heldKeys[field.kind]
      return isHeldList(value)
        ? value.map((each) => ({
            [key]: each.id,
            ...(field.kind === 'held_licences' && { does: each.does }),
            ...toOf(each),
          }))
        : undefined
    }
    default:
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }
}

const toOf = ({ to }: Fate) => (to === null ? {} : { toUserId: to.id })

export const isChosen = (value: Value | undefined): value is Chosen =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'name' in value
export const isFate = (value: Value | undefined): value is Fate =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'does' in value
export const isHeldList = (value: Value | undefined): value is Held[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'object')
export const isList = (value: Value | undefined): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** Within fields, the places that tell for themselves what is wrong: each line of a list, and whom something goes to. */
export const placesWithin = (form: { personFields: readonly RequestField[] }, values: Values): string[] =>
  Array.from({ length: personCountIn(values) }, (_, place) =>
    form.personFields.flatMap(({ key, kind }) => {
      const path = pathOf(place, key)
      const value = values[path]
      if (kind === 'fate') return [`${path}/toUserId`]
      return kind.startsWith('held_') && isHeldList(value) ? value.map((_each, at) => `${path}/${at}`) : []
    }),
  ).flat()

const placed = (field: RequestField): RequestField =>
  field.isOwn ? { ...field, key: `${ANSWERS}${field.key}` } : field

/** The form with each field by its place in what is sent: the MSP's own questions are among the answers. */
export const inPlace = <Form extends Pick<RequestForm, 'fields' | 'personFields'>>(form: Form): Form => ({
  ...form,
  fields: form.fields.map(placed),
  personFields: form.personFields.map(placed),
})

/** Fields as an object, with the answers to the MSP's own questions in one of its own. */
const objectOf = (fields: readonly RequestField[], values: Values, pathTo: (key: string) => string): object => {
  const answers: Record<string, unknown> = {}
  const own: Record<string, unknown> = {}
  for (const field of fields) {
    const sent = sentOf(field, values[pathTo(field.key)])
    if (sent === undefined) continue
    if (field.key.startsWith(ANSWERS)) answers[field.key.slice(ANSWERS.length)] = sent
    else own[field.key] = sent
  }
  return { ...own, ...(Object.keys(answers).length > 0 && { answers }) }
}

/** All of it as the API takes it. */
export const inputOf = <Type extends string>(
  form: { type: Type; fields: readonly RequestField[]; personFields: readonly RequestField[] },
  values: Values,
): { type: Type } & Record<string, unknown> => ({
  type: form.type,
  ...objectOf(form.fields, values, (key) => key),
  people: Array.from({ length: personCountIn(values) }, (_, place) =>
    objectOf(form.personFields, values, (key) => pathOf(place, key)),
  ),
})
