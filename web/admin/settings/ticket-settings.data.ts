import { api, body, ifMatch } from '../../api/client.ts'
import type { CannedReply, CannedReplyInput, TicketSettings, TicketSettingsInput } from '../../api/shapes.ts'

export type { CannedReply, TicketSettings, TicketSettingsInput } from '../../api/shapes.ts'

export async function readTicketSettings(): Promise<TicketSettings> {
  return body(await api.GET('/api/msp-portal/settings/tickets'))
}

export async function saveTicketSettings(version: number, input: TicketSettingsInput): Promise<TicketSettings> {
  return body(await api.PUT('/api/msp-portal/settings/tickets', { headers: ifMatch(version), body: input }))
}

/** All of them: there are never more than a page holds. */
export async function listCannedReplies(): Promise<CannedReply[]> {
  return body(await api.GET('/api/msp-portal/canned-replies', { params: { query: { limit: 200 } } })).items
}

export async function saveCannedReply(before: CannedReply | undefined, input: CannedReplyInput): Promise<CannedReply> {
  if (before === undefined) return body(await api.POST('/api/msp-portal/canned-replies', { body: input }))
  return body(
    await api.PUT('/api/msp-portal/canned-replies/{replyId}', {
      params: { path: { replyId: before.id } },
      headers: ifMatch(before.version),
      body: input,
    }),
  )
}

export async function deleteCannedReply({ id, version }: CannedReply): Promise<void> {
  await api.DELETE('/api/msp-portal/canned-replies/{replyId}', {
    params: { path: { replyId: id } },
    headers: ifMatch(version),
  })
}
