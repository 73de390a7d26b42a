import { createMemo, createResource, type Accessor } from 'solid-js'
import type { RequestForm } from '../../api/shapes.ts'
import type { Choices } from '../../requests/choices.ts'
import { environmentOf } from '../../requests/environment.ts'
import { pathOf, type Values } from '../../requests/values.ts'
import { requests as shared } from '../../words/requests.ts'
import { findPeople, readOptions } from './requests.data.ts'

/** What can be chosen in a form as it is filled in: of its environment, with the seats that are free on its first day. */
export function createChoices(
  customerId: string,
  type: RequestForm['type'],
  values: Accessor<Values>,
): Accessor<Choices> {
  const firstDay = createMemo(() => {
    const days = ['startsOn', pathOf(0, 'startsOn')].map((path) => values()[path])
    return days.find((day): day is string => typeof day === 'string' && day !== '')
  })
  const [options, { refetch }] = createResource(
    () => ({ on: firstDay() }),
    async ({ on }) => ({ on, ...(await readOptions(customerId, on === undefined ? {} : { on })) }),
  )
  const known = () => (options.state === 'ready' || options.state === 'refreshing' ? options.latest : undefined)
  const tenantId = createMemo(() => environmentOf(values(), known()?.tenants ?? []))
  const isMeant = (one: { tenantId: string }) => tenantId() === '' || one.tenantId === tenantId()
  return createMemo<Choices>(() => ({
    state: known() !== undefined ? 'ready' : options.state === 'errored' ? 'failed' : 'loading',
    retry: () => void refetch(),
    tenantId: tenantId(),
    tenants: known()?.tenants ?? [],
    // What is free of charge is nothing that anybody has to ask for.
    licences: known()?.licences.filter((licence) => !licence.isFree && isMeant(licence)) ?? [],
    groups: known()?.groups.filter(isMeant) ?? [],
    firstDay: known()?.today,
    lastDay: known()?.lastDay,
    seatsOn: known()?.on,
    areGuestsMeant: type === 'offboarding' || type === 'group_change',
    findPeople: async (text, guests = false) => {
      const { items, nextCursor, truncated } = await findPeople(customerId, {
        ...(text.length > 1 && { q: text }),
        ...(tenantId() !== '' && { tenantId: tenantId() }),
        ...(guests && { guests: 'true' }),
        limit: 20,
      })
      return {
        found: items.map(({ id, name, address, department, isGuest }) => ({
          id,
          name,
          note: [isGuest && shared.guest, address, department].filter(Boolean).join(' · '),
        })),
        hasMore: nextCursor !== null || truncated,
      }
    },
  }))
}
