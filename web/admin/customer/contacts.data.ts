import type { Contact, ContactInput } from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'

export type { Contact, ContactInput, PortalRole } from '../../api/shapes.ts'

const at = (customerId: string, contactId: string) => ({ params: { path: { customerId, contactId } } })

/** In the order one calls them. */
export async function listContacts(customerId: string): Promise<Contact[]> {
  const answer = await api.GET('/api/msp-portal/customers/{customerId}/contacts', { params: { path: { customerId } } })
  return body(answer).items
}

export async function addContact(customerId: string, input: ContactInput): Promise<Contact> {
  return body(
    await api.POST('/api/msp-portal/customers/{customerId}/contacts', {
      params: { path: { customerId } },
      body: input,
    }),
  )
}

export async function saveContact(customerId: string, contact: Contact, input: ContactInput): Promise<Contact> {
  return body(
    await api.PUT('/api/msp-portal/customers/{customerId}/contacts/{contactId}', {
      ...at(customerId, contact.id),
      headers: ifMatch(contact.version),
      body: input,
    }),
  )
}

/** Sends the invitation; an earlier one stops working. */
export async function invite(customerId: string, contactId: string): Promise<void> {
  await api.POST('/api/msp-portal/customers/{customerId}/contacts/{contactId}/invitation', at(customerId, contactId))
}

export async function block(customerId: string, contactId: string): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/contacts/{contactId}/block', at(customerId, contactId))
}

export async function unblock(customerId: string, contactId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/contacts/{contactId}/block', at(customerId, contactId))
}
