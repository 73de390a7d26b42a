import { api, body, ifMatch } from '../../api/client.ts'
import type { AccessGrant, ContactOfAll, WidgetKind, Workspace } from '../../api/shapes.ts'

export type { AccessGrant, ContactOfAll, WidgetKind, Workspace } from '../../api/shapes.ts'
export type ContactPage = { items: ContactOfAll[]; nextCursor: string | null; truncated: boolean }

export const widgetKinds = ['contacts', 'attention', 'activity'] as const satisfies WidgetKind[]
/** At most as many are given access in one go. */
export const grantCountMax = 5_000

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

/** Every contact that a search finds, page by page and telling how many so far; at most as many as one grant takes. */
export async function everyContact(
  q: string,
  told: (count: number) => void,
): Promise<{ items: ContactOfAll[]; isCut: boolean }> {
  const items: ContactOfAll[] = []
  let cursor: string | null | undefined
  do {
    // One page begins where the one before it ends.
    const page: ContactPage = await listContactsOfAll(q, cursor ?? undefined, 200)
    items.push(...page.items)
    told(items.length)
    cursor = page.nextCursor
  } while (cursor !== null && items.length < grantCountMax)
  return { items: items.slice(0, grantCountMax), isCut: cursor !== null || items.length > grantCountMax }
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
