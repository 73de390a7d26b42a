import { api, body, ifMatch } from '../../api/client.ts'
import type { AccessGrant, ContactOfAll, WidgetKind, Workspace } from '../../api/shapes.ts'

export type { AccessGrant, ContactOfAll, WidgetKind, Workspace } from '../../api/shapes.ts'
export type ContactPage = { items: ContactOfAll[]; nextCursor: string | null; truncated: boolean }

export const widgetKinds = ['tickets', 'requests', 'contacts', 'attention', 'activity'] as const satisfies WidgetKind[]

export async function readWorkspace(): Promise<Workspace> {
  return body(await api.GET('/api/msp-portal/workspace'))
}

export async function saveWorkspace(before: Workspace, widgets: WidgetKind[]): Promise<Workspace> {
  return body(await api.PUT('/api/msp-portal/workspace', { headers: ifMatch(before.version), body: { widgets } }))
}

export async function listContactsOfAll(q: string, cursor?: string, limit = 50): Promise<ContactPage> {
  const query = { limit, ...(q.length > 1 && { q }), ...(cursor && { cursor }) }
  return body(await api.GET('/api/msp-portal/contacts', { params: { query } }))
}

/** All contacts that a search finds, as many as one grant takes. */
export async function listAccessCandidates(q: string): Promise<{ items: ContactOfAll[]; truncated: boolean }> {
  const query = q.length > 1 ? { q } : {}
  return body(await api.GET('/api/msp-portal/access-candidates', { params: { query } }))
}

export async function grantAccess(contactIds: string[]): Promise<AccessGrant> {
  return body(await api.POST('/api/msp-portal/access-grants', { body: { contactIds } }))
}

export async function readGrant(grantId: string): Promise<AccessGrant> {
  return body(await api.GET('/api/msp-portal/access-grants/{grantId}', { params: { path: { grantId } } }))
}

/** The one that is at work, if one is. */
export async function runningGrant(): Promise<AccessGrant | undefined> {
  const { items } = body(await api.GET('/api/msp-portal/access-grants'))
  return items.find(({ state }) => state === 'running')
}
