/** Licences, groups and people are of one Microsoft 365 environment: which one a form means, and what is not of it. */
import type { RequestField } from '../api/shapes.ts'
import { emptyValue, isFate, type Value, type Values } from './values.ts'

/** Where there are several and none that there is was chosen, the first is meant; of one alone nothing has to be said. */
export const environmentOf = (values: Values, tenants: readonly { id: string }[]): string => {
  const [first, second] = tenants
  const chosen = values['tenantId']
  if (first === undefined || second === undefined) return ''
  return tenants.find(({ id }) => id === chosen)?.id ?? first.id
}

/** The same with nothing in it that is of one environment: in another there is none of it. */
export const cleared = (
  form: { fields: readonly RequestField[]; personFields: readonly RequestField[] },
  values: Values,
): Values =>
  Object.fromEntries(
    Object.entries(values).map(([path, value]) => {
      const key = /^people\/\d+\/(.+)$/.exec(path)?.[1]
      const field = (key === undefined ? form.fields : form.personFields).find((each) => each.key === (key ?? path))
      return [path, field === undefined ? value : withoutOthers(field, value)]
    }),
  )

const withoutOthers = (field: RequestField, value: Value): Value => {
  switch (field.kind) {
    case 'licence':
    case 'licences':
    case 'group':
    case 'groups':
    case 'user':
    case 'held_licences':
    case 'held_groups':
    case 'held_people':
    case 'held_mailboxes':
      return emptyValue(field)
    case 'fate':
      return isFate(value) ? { ...value, to: null } : value
    default:
      return value
  }
}

/** What was chosen and is not, or no longer, among what can be chosen. */
export const goneOf = (chosen: readonly string[], options: readonly string[]): string[] =>
  chosen.filter((id) => id !== '' && !options.includes(id))
