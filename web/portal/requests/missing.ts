import type { RequestField } from '../../api/shapes.ts'
import { fieldAt, type Fields } from '../../requests/beginning.ts'
import type { Value, Values } from '../../requests/values.ts'
import { words } from '../../words/portal-requests.ts'

/** What has to be filled in and is not, by its places. */
export const missingIn = (form: Fields, values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([path, value]) => {
      const field = fieldAt(form, path)
      return field !== undefined && field.isRequired && isEmpty(value) ? [[path, askFor(field)]] : []
    }),
  )

const isEmpty = (value: Value): boolean =>
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && value !== null && 'does' in value && value.does === '')

const askFor = (field: RequestField): string => {
  switch (field.kind) {
    case 'date':
      return words.needsDay(field.label)
    case 'choice':
    case 'user':
    case 'licence':
    case 'group':
    case 'fate':
      return words.chooseOne(field.label)
    default:
      return words.enter(field.label)
  }
}
