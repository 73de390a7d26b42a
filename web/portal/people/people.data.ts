import { api, body, ifMatch } from '../../api/client.ts'
import type { Colleague, ColleagueInput } from '../../api/shapes.ts'

export type { Colleague, ColleagueInput } from '../../api/shapes.ts'

const of = (customerId: string, contactId: string) => ({ params: { path: { id: customerId, contactId } } })

/** Who of the company has, or was offered, access to its portal. */
export async function listPeople(customerId: string): Promise<Colleague[]> {
  return body(await api.GET('/api/portal/customers/{id}/people', { params: { path: { id: customerId } } })).items
}

export async function invite(customerId: string, input: ColleagueInput): Promise<Colleague> {
  return body(
    await api.POST('/api/portal/customers/{id}/people', { params: { path: { id: customerId } }, body: input }),
  )
}

/** Sends the invitation again; an earlier one stops working. */
export async function inviteAgain(customerId: string, contactId: string): Promise<void> {
  await api.POST('/api/portal/customers/{id}/people/{contactId}/invitation', of(customerId, contactId))
}

export async function changeRoles(
  customerId: string,
  person: Colleague,
  roles: Colleague['roles'],
): Promise<Colleague> {
  return body(
    await api.PUT('/api/portal/customers/{id}/people/{contactId}/roles', {
      ...of(customerId, person.id),
      headers: ifMatch(person.version),
      body: { roles },
    }),
  )
}

export async function block(customerId: string, contactId: string): Promise<void> {
  await api.PUT('/api/portal/customers/{id}/people/{contactId}/block', of(customerId, contactId))
}

export async function unblock(customerId: string, contactId: string): Promise<void> {
  await api.DELETE('/api/portal/customers/{id}/people/{contactId}/block', of(customerId, contactId))
}
