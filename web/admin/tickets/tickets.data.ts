import { api, body, ifMatch } from '../../api/client.ts'
import type {
  FilledCannedReply,
  StaffTicket,
  StaffTicketInput,
  StaffTicketList,
  StaffTicketOptions,
  StaffTicketQuery,
  TicketAnswerInput,
  TicketChangeInput,
  TicketEntry,
  TicketFile,
  TicketView,
} from '../../api/shapes.ts'
import { canSearch } from '../../ui/searching.ts'
import { uploadFile } from '../../api/upload.ts'
import type { FileStore } from '../../tickets/attachments.ts'
import type { FileUrls } from '../../tickets/files.tsx'

export type {
  FilledCannedReply,
  StaffTicket,
  StaffTicketList,
  StaffTicketOptions,
  StaffTicketQuery,
  StaffTicketSummary,
  TicketChangeInput,
  TicketView,
} from '../../api/shapes.ts'

export const ticketViews = [
  'open',
  'mine',
  'unassigned',
  'waiting',
  'due',
  'overdue',
  'ended',
  'all',
] as const satisfies TicketView[]
/** Of one customer there are these. */
export const viewsOfCustomer: readonly TicketView[] = ['open', 'ended', 'all']

/** A number is looked for as it is, however short. */
export const canLookFor = (text: string): boolean => /^#?\d+$/.test(text.trim()) || canSearch(text)

const at = (ticketId: string) => ({ params: { path: { ticketId } } })

export async function listTickets(query: StaffTicketQuery): Promise<StaffTicketList> {
  return body(await api.GET('/api/msp-portal/tickets', { params: { query } }))
}

/** What tickets are chosen from, and who works on them. */
export async function readTicketOptions(): Promise<StaffTicketOptions> {
  return body(await api.GET('/api/msp-portal/ticket-options'))
}

export async function addTicket(customerId: string, input: StaffTicketInput): Promise<StaffTicket> {
  return body(
    await api.POST('/api/msp-portal/customers/{customerId}/tickets', { params: { path: { customerId } }, body: input }),
  )
}

export async function readTicket(ticketId: string): Promise<StaffTicket> {
  return body(await api.GET('/api/msp-portal/tickets/{ticketId}', at(ticketId)))
}

/** Throws 412 when somebody else changed the ticket meanwhile; so do the others below. */
export async function saveTicket({ id, version }: StaffTicket, input: TicketChangeInput): Promise<StaffTicket> {
  return body(
    await api.PUT('/api/msp-portal/tickets/{ticketId}', { ...at(id), headers: ifMatch(version), body: input }),
  )
}

/** A page of what was said, the newest first. */
export async function readEntries(
  ticketId: string,
  cursor: string | undefined,
): Promise<{ items: TicketEntry[]; nextCursor: string | null }> {
  return body(
    await api.GET('/api/msp-portal/tickets/{ticketId}/entries', {
      params: { path: { ticketId }, query: { limit: 50, ...(cursor && { cursor }) } },
    }),
  )
}

/** Under the same key it is said once. Throws 409 where the ticket is closed. */
export async function answerTicket(ticketId: string, said: TicketAnswerInput, key: string): Promise<void> {
  await api.POST('/api/msp-portal/tickets/{ticketId}/answers', {
    ...at(ticketId),
    body: said,
    headers: { 'idempotency-key': key },
  })
}

export async function noteInTicket(
  ticketId: string,
  said: { text: string; files: string[] },
  key: string,
): Promise<void> {
  await api.POST('/api/msp-portal/tickets/{ticketId}/notes', {
    ...at(ticketId),
    body: said,
    headers: { 'idempotency-key': key },
  })
}

/** What a ticket can be brought to; `reopened` is a closure taken back. */
export type Deed = 'progress' | 'waiting' | 'resolution' | 'closure' | 'reopened'

export async function moveTicket({ id, version }: StaffTicket, deed: Deed): Promise<StaffTicket> {
  const asked = { ...at(id), headers: ifMatch(version) }
  switch (deed) {
    case 'progress':
      return body(await api.PUT('/api/msp-portal/tickets/{ticketId}/progress', asked))
    case 'waiting':
      return body(await api.PUT('/api/msp-portal/tickets/{ticketId}/waiting', asked))
    case 'resolution':
      return body(await api.PUT('/api/msp-portal/tickets/{ticketId}/resolution', asked))
    case 'closure':
      return body(await api.PUT('/api/msp-portal/tickets/{ticketId}/closure', asked))
    case 'reopened':
      return body(await api.DELETE('/api/msp-portal/tickets/{ticketId}/closure', asked))
  }
}

export async function addWatcher({ id, version }: StaffTicket, contactId: string): Promise<void> {
  await api.PUT('/api/msp-portal/tickets/{ticketId}/watchers/{contactId}', {
    params: { path: { ticketId: id, contactId } },
    headers: ifMatch(version),
  })
}

export async function removeWatcher({ id, version }: StaffTicket, contactId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/tickets/{ticketId}/watchers/{contactId}', {
    params: { path: { ticketId: id, contactId } },
    headers: ifMatch(version),
  })
}

export async function mergeTicket({ id, version }: StaffTicket, into: string): Promise<StaffTicket> {
  return body(
    await api.PUT('/api/msp-portal/tickets/{ticketId}/merger', {
      ...at(id),
      headers: ifMatch(version),
      body: { into },
    }),
  )
}

/** The canned replies as they read for this ticket. */
export async function readCanned(ticketId: string): Promise<FilledCannedReply[]> {
  return body(await api.GET('/api/msp-portal/tickets/{ticketId}/canned-replies', at(ticketId))).items
}

/** Where files wait until they are sent with something. */
export const ticketFiles = (customerId: string): FileStore => ({
  upload: (key, file, onShare, signal) =>
    uploadFile<TicketFile>(
      `/api/msp-portal/customers/${customerId}/ticket-files/uploads/${key}?${new URLSearchParams({ name: file.name }).toString()}`,
      file,
      onShare,
      signal,
    ),
  remove: async (fileId) => {
    await api.DELETE('/api/msp-portal/customers/{customerId}/ticket-files/{fileId}', {
      params: { path: { customerId, fileId } },
    })
  },
})

export const ticketFileUrls =
  (ticketId: string): FileUrls =>
  (fileId) => {
    const path = `/api/msp-portal/tickets/${ticketId}/files/${fileId}`
    return { view: `${path}/view`, content: `${path}/content` }
  }
