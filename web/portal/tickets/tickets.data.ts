import { api, body, ifMatch } from '../../api/client.ts'
import type {
  PortalTicket,
  PortalTicketList,
  PortalTicketQuery,
  RaiseTicketInput,
  TicketEntry,
  TicketFile,
  TicketOptions,
  TicketRating,
} from '../../api/shapes.ts'
import { uploadFile } from '../../api/upload.ts'
import type { FileStore } from '../../tickets/attachments.ts'
import type { FileUrls } from '../../tickets/files.tsx'

export type {
  PortalTicket,
  PortalTicketEntry,
  PortalTicketList,
  PortalTicketQuery,
  RaiseTicketInput,
  TicketOptions,
  TicketRating,
} from '../../api/shapes.ts'

const base = (customerId: string) => `/api/portal/customers/${customerId}`
const ofPortal = (id: string) => ({ path: { id } })
const ofTicket = (id: string, ticketId: string) => ({ path: { id, ticketId } })

export async function listTickets(customerId: string, query: PortalTicketQuery): Promise<PortalTicketList> {
  return body(await api.GET('/api/portal/customers/{id}/tickets', { params: { ...ofPortal(customerId), query } }))
}

/** What can be chosen for a ticket, and who could follow it. */
export async function readTicketOptions(customerId: string): Promise<TicketOptions> {
  return body(await api.GET('/api/portal/customers/{id}/ticket-options', { params: ofPortal(customerId) }))
}

/** Writes a ticket. Under the same key it is written once. Throws 422 at what is wrong. */
export async function raiseTicket(customerId: string, input: RaiseTicketInput, key: string): Promise<PortalTicket> {
  return body(
    await api.POST('/api/portal/customers/{id}/tickets', {
      params: ofPortal(customerId),
      body: input,
      headers: { 'idempotency-key': key },
    }),
  )
}

export async function readTicket(customerId: string, ticketId: string): Promise<PortalTicket> {
  return body(
    await api.GET('/api/portal/customers/{id}/tickets/{ticketId}', { params: ofTicket(customerId, ticketId) }),
  )
}

/** A page of what was said and what happened, the newest first. */
export async function readEntries(
  customerId: string,
  ticketId: string,
  cursor: string | undefined,
): Promise<{ items: TicketEntry[]; nextCursor: string | null }> {
  return body(
    await api.GET('/api/portal/customers/{id}/tickets/{ticketId}/entries', {
      params: { ...ofTicket(customerId, ticketId), query: { limit: 30, ...(cursor && { cursor }) } },
    }),
  )
}

/** Says something. Under the same key it is said once. Throws 409 where the ticket is closed. */
export async function commentTicket(
  customerId: string,
  ticketId: string,
  said: { text: string; files: string[] },
  key: string,
): Promise<void> {
  await api.POST('/api/portal/customers/{id}/tickets/{ticketId}/comments', {
    params: ofTicket(customerId, ticketId),
    body: said,
    headers: { 'idempotency-key': key },
  })
}

/** Throws 412 when somebody else changed the ticket meanwhile; so do the others below. */
export async function closeTicket(customerId: string, { id, version }: PortalTicket): Promise<PortalTicket> {
  return body(
    await api.PUT('/api/portal/customers/{id}/tickets/{ticketId}/closure', {
      params: ofTicket(customerId, id),
      headers: ifMatch(version),
    }),
  )
}

export async function reopenTicket(customerId: string, { id, version }: PortalTicket): Promise<PortalTicket> {
  return body(
    await api.DELETE('/api/portal/customers/{id}/tickets/{ticketId}/closure', {
      params: ofTicket(customerId, id),
      headers: ifMatch(version),
    }),
  )
}

export async function rateTicket(
  customerId: string,
  { id, version }: PortalTicket,
  rating: TicketRating,
  comment: string,
): Promise<PortalTicket> {
  return body(
    await api.PUT('/api/portal/customers/{id}/tickets/{ticketId}/rating', {
      params: ofTicket(customerId, id),
      headers: ifMatch(version),
      body: { rating, comment },
    }),
  )
}

export async function addWatcher(customerId: string, { id, version }: PortalTicket, contactId: string): Promise<void> {
  await api.PUT('/api/portal/customers/{id}/tickets/{ticketId}/watchers/{contactId}', {
    params: { path: { id: customerId, ticketId: id, contactId } },
    headers: ifMatch(version),
  })
}

export async function removeWatcher(
  customerId: string,
  { id, version }: PortalTicket,
  contactId: string,
): Promise<void> {
  await api.DELETE('/api/portal/customers/{id}/tickets/{ticketId}/watchers/{contactId}', {
    params: { path: { id: customerId, ticketId: id, contactId } },
    headers: ifMatch(version),
  })
}

/** Where files wait until they are sent with something. */
export const ticketFiles = (customerId: string): FileStore => ({
  upload: (key, file, onShare, signal) =>
    uploadFile<TicketFile>(
      `${base(customerId)}/ticket-files/uploads/${key}?${new URLSearchParams({ name: file.name }).toString()}`,
      file,
      onShare,
      signal,
    ),
  remove: async (fileId) => {
    await api.DELETE('/api/portal/customers/{id}/ticket-files/{fileId}', {
      params: { path: { id: customerId, fileId } },
    })
  },
})

export const ticketFileUrls =
  (customerId: string, ticketId: string): FileUrls =>
  (fileId) => {
    const path = `${base(customerId)}/tickets/${ticketId}/files/${fileId}`
    return { view: `${path}/view`, content: `${path}/content` }
  }
