import { api, body } from '../api/client.ts'
import type { OpenSession, TicketMails } from '../api/shapes.ts'

export type { OpenSession }

/** One's own open sessions, this one first. */
export async function listSessions(): Promise<OpenSession[]> {
  return body(await api.GET('/api/auth/sessions')).items
}

/** Throws 404 for one that has ended meanwhile. */
export async function endSession(sessionId: string): Promise<void> {
  await api.DELETE('/api/auth/sessions/{sessionId}', { params: { path: { sessionId } } })
}

export async function endOtherSessions(): Promise<void> {
  await api.DELETE('/api/auth/sessions')
}

export type TicketMailsChoice = TicketMails['mails']

export async function readTicketMails(): Promise<TicketMails> {
  return body(await api.GET('/api/auth/ticket-mails'))
}

/** Throws 422 for what this person cannot choose. */
export async function changeTicketMails(mails: TicketMailsChoice): Promise<TicketMails> {
  return body(await api.PUT('/api/auth/ticket-mails', { body: { mails } }))
}

/** Throws 422 at /currentPassword or /newPassword, 429 after too many tries. */
export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  await api.PUT('/api/auth/password', { body: { currentPassword, newPassword } })
}
