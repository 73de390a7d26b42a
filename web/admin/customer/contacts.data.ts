import type { Contact, ContactInput } from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'

export type { Contact, ContactInput, PortalRole } from '../../api/shapes.ts'
/** In the order one calls them; the version names who is there in which order. */
export type ContactList = { items: Contact[]; version: number }

const at = (customerId: string, contactId: string) => ({ params: { path: { customerId, contactId } } })

export async function listContacts(customerId: string): Promise<ContactList> {
  const answer = await api.GET('/api/msp-portal/customers/{customerId}/contacts', { params: { path: { customerId } } })
  return body(answer)
}

/** Says in which order they are called, as changed from a list that was read. */
export async function saveOrder(customerId: string, contactIds: string[], version: number): Promise<ContactList> {
  return body(
    await api.PUT('/api/msp-portal/customers/{customerId}/escalation', {
      params: { path: { customerId } },
      headers: ifMatch(version),
      body: { contactIds },
    }),
  )
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

/** Says what somebody may do with licences. */
export async function grantLicences(
  customerId: string,
  contact: Contact,
  permission: Contact['licencePermission'],
): Promise<Contact> {
  return body(
    await api.PUT('/api/msp-portal/customers/{customerId}/contacts/{contactId}/licence-permission', {
      ...at(customerId, contact.id),
      headers: ifMatch(contact.version),
      body: { permission },
    }),
  )
}

/** Takes an invitation back that was not accepted. */
export async function revoke(customerId: string, contactId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/contacts/{contactId}/invitation', at(customerId, contactId))
}

export async function deleteContact(customerId: string, contact: Contact): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/contacts/{contactId}', {
    ...at(customerId, contact.id),
    headers: ifMatch(contact.version),
  })
}

export async function block(customerId: string, contactId: string): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/contacts/{contactId}/block', at(customerId, contactId))
}

export async function unblock(customerId: string, contactId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/contacts/{contactId}/block', at(customerId, contactId))
}

/** Where to view the portal as this contact; the address works once, for a minute. */
export async function beginPreview(customerId: string, contactId: string): Promise<string> {
  return body(
    await api.POST('/api/msp-portal/customers/{customerId}/contacts/{contactId}/preview', at(customerId, contactId)),
  ).url
}
