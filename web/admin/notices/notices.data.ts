import type { Notice, NoticeInput, NoticeSummary } from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'

export type { Notice, NoticeInput, NoticeSummary } from '../../api/shapes.ts'

export async function listNotices(query: {
  cursor?: string
  limit?: number
}): Promise<{ items: NoticeSummary[]; nextCursor: string | null }> {
  return body(await api.GET('/api/msp-portal/notices', { params: { query } }))
}

export async function readNotice(noticeId: string): Promise<Notice> {
  return body(await api.GET('/api/msp-portal/notices/{noticeId}', { params: { path: { noticeId } } }))
}

export async function addNotice(input: NoticeInput): Promise<Notice> {
  return body(await api.POST('/api/msp-portal/notices', { body: input }))
}

export async function saveNotice(notice: Notice, input: NoticeInput): Promise<Notice> {
  return body(
    await api.PUT('/api/msp-portal/notices/{noticeId}', {
      params: { path: { noticeId: notice.id } },
      headers: ifMatch(notice.version),
      body: input,
    }),
  )
}

export async function deleteNotice(noticeId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/notices/{noticeId}', { params: { path: { noticeId } } })
}
