import type { RequestDetails, RequestType } from '../../../../db/shard/schema.ts'
import type { Form } from './form.ts'
import { forms } from './input.schema.ts'
import type { RequestInput } from './input.schema.ts'

export type { RequestType }
export type AnyForm = Form<RequestInput, RequestDetails>

/**
 * The form of a type, to be given inputs and details of that very type: what came through the union, or from a row, is one. The
 * compiler cannot follow a type that is only known by its name.
 */
export const formOf = (type: RequestType): AnyForm => forms[type] as unknown as AnyForm

export const formTitles = Object.fromEntries(Object.entries(forms).map(([type, { title }]) => [type, title])) as Record<
  RequestType,
  string
>
