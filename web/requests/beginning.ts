/** What a form of a request holds when it is opened. */
import type { RequestField } from '../api/shapes.ts'
import { cleared } from './environment.ts'
import { emptyPerson, emptyValue, inOrder, personCountIn, type Values } from './values.ts'

export type Fields = {
  fields: readonly RequestField[]
  personFields: readonly RequestField[]
  peopleMin: number
}

/** What a link to the form says of it: another page knows what is to be asked for. */
export type Asked = { tenantId?: string | undefined; skuId?: string | undefined }

/** Of a draft from before the form changed there is what it has of the form as it is now; what the link says is meant now. */
export const beginningOf = (form: Fields, asked: Asked, kept?: Values): Values => {
  const draft = Object.entries(kept ?? {}).filter(([path]) => fieldAt(form, path) !== undefined)
  const count = kept === undefined ? Math.min(form.peopleMin, 1) : personCountIn(kept)
  const begun: Values = {
    ...Object.fromEntries(form.fields.map((field) => [field.key, emptyValue(field)])),
    ...emptyPeople(form, count),
    ...Object.fromEntries(draft),
  }
  const isElsewhere = asked.tenantId !== undefined && asked.tenantId !== begun['tenantId']
  const told = Object.entries(asked).flatMap(([key, value]) =>
    value !== undefined && form.fields.some((field) => field.key === key) ? [[key, value] as const] : [],
  )
  return inOrder(form, { ...(isElsewhere ? cleared(form, begun) : begun), ...Object.fromEntries(told) })
}

const emptyPeople = (form: Fields, count: number): Values =>
  Object.fromEntries(
    Array.from({ length: count }, (_, place) => Object.entries(emptyPerson(form.personFields, place))).flat(),
  )

export const fieldAt = (form: Pick<Fields, 'fields' | 'personFields'>, path: string): RequestField | undefined => {
  const key = /^people\/\d+\/(.+)$/.exec(path)?.[1]
  return key === undefined
    ? form.fields.find((field) => field.key === path)
    : form.personFields.find((field) => field.key === key)
}

/** What a draft was filled in with, as it was kept. */
export function keptValues(filled: string | string[] | undefined): Values | undefined {
  if (typeof filled !== 'string') return undefined
  try {
    const values: unknown = JSON.parse(filled)
    return typeof values === 'object' && values !== null ? (values as Values) : undefined
  } catch {
    return undefined
  }
}
