import { folded } from '../../../db/customer-words.ts'
import type { TicketCategory } from '../../../db/shard/schema.ts'
import type { FieldError } from '../../http/problem.ts'

type Given = { id?: string | undefined; name: string; isRetired: boolean }

/**
 * What becomes of the categories: those that are given, in their order, a new one under an id of its own; behind them, retired,
 * those that were left out and that tickets have. One that comes without an id under a name that is there is that one, so that the
 * same form sent twice changes nothing. Pure but for `newId`.
 */
export const categoriesAfter = (
  before: readonly TicketCategory[],
  given: readonly Given[],
  areInUse: ReadonlySet<string>,
  offeredCountMax: number,
  newId: () => string,
): { categories: TicketCategory[] } | { errors: FieldError[] } => {
  const errors: FieldError[] = []
  const refuse = (position: number, field: 'id' | 'name', detail: string) =>
    errors.push({ pointer: `/categories/${position}/${field}`, detail })
  const named = new Set(given.flatMap(({ id }) => (id === undefined ? [] : [id])))
  const alike = (name: string) => before.find((one) => !named.has(one.id) && folded(one.name) === folded(name))
  const categories = given.map(({ id, name, isRetired }) => ({ id: id ?? alike(name)?.id ?? newId(), name, isRetired }))
  given.forEach(({ id, name }, position) => {
    if (id !== undefined && !before.some((one) => one.id === id)) refuse(position, 'id', 'There is no such category.')
    if (given.findIndex((one) => folded(one.name) === folded(name)) < position)
      refuse(position, 'name', 'Another category is called the same.')
    if (id !== undefined && given.findIndex((one) => one.id === id) < position)
      refuse(position, 'id', 'This category is named twice.')
  })
  const offeredCount = categories.filter(({ isRetired }) => !isRetired).length
  if (offeredCount === 0) errors.push({ pointer: '/categories', detail: 'Offer at least one category.' })
  if (offeredCount > offeredCountMax)
    errors.push({ pointer: '/categories', detail: `At most ${offeredCountMax} categories are offered.` })
  const kept = new Set(categories.map(({ id }) => id))
  const leftOut = before.filter(({ id }) => !kept.has(id) && areInUse.has(id))
  return errors.length > 0
    ? { errors }
    : { categories: [...categories, ...leftOut.map((one) => ({ ...one, isRetired: true }))] }
}
