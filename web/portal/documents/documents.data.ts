import { api, body } from '../../api/client.ts'
import type { SharedDocument } from '../../api/shapes.ts'

export type { SharedDocument } from '../../api/shapes.ts'
export type SharedPage = { items: SharedDocument[]; nextCursor: string | null }

export async function listShared(customerId: string, cursor?: string): Promise<SharedPage> {
  return body(
    await api.GET('/api/portal/customers/{id}/documents', {
      params: { path: { id: customerId }, query: { sort: 'name', limit: 50, ...(cursor && { cursor }) } },
    }),
  )
}

const path = (customerId: string, documentId: string) => `/api/portal/customers/${customerId}/documents/${documentId}`
export const contentUrl = (customerId: string, documentId: string) => `${path(customerId, documentId)}/content`
export const viewUrl = (customerId: string, documentId: string) => `${path(customerId, documentId)}/view`
