import { api, body, ifMatch } from '../../api/client.ts'
import type { Document, DocumentCategory, DocumentInput, DocumentQuery } from '../../api/shapes.ts'
import { uploadFile } from '../../api/upload.ts'

export type { Document, DocumentCategory, DocumentInput, DocumentQuery, DocumentSort } from '../../api/shapes.ts'
export type DocumentPage = { items: Document[]; nextCursor: string | null }

const at = (customerId: string, documentId: string) => ({ params: { path: { customerId, documentId } } })
const path = (customerId: string) => `/api/msp-portal/customers/${customerId}/documents`

export async function listDocuments(customerId: string, query: DocumentQuery): Promise<DocumentPage> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/documents', { params: { path: { customerId }, query } }),
  )
}

/** What can still be restored, newest deletion first. */
export async function listDeleted(customerId: string): Promise<DocumentPage> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/deleted-documents', {
      params: { path: { customerId }, query: { limit: 100 } },
    }),
  )
}

/** Sends a file; under the same key it is kept once, however often it is sent. */
export function uploadDocument(
  customerId: string,
  uploadKey: string,
  file: File,
  category: DocumentCategory,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Document> {
  const query = new URLSearchParams({ name: file.name, category }).toString()
  return uploadFile<Document>(`${path(customerId)}/uploads/${uploadKey}?${query}`, file, onShare, signal)
}

export async function saveDocument(customerId: string, document: Document, input: DocumentInput): Promise<Document> {
  return body(
    await api.PUT('/api/msp-portal/customers/{customerId}/documents/{documentId}', {
      ...at(customerId, document.id),
      headers: ifMatch(document.version),
      body: input,
    }),
  )
}

export async function deleteDocument(customerId: string, document: Document): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/documents/{documentId}', {
    ...at(customerId, document.id),
    headers: ifMatch(document.version),
  })
}

export async function restoreDocument(customerId: string, documentId: string): Promise<Document> {
  return body(
    await api.PUT(
      '/api/msp-portal/customers/{customerId}/documents/{documentId}/restoration',
      at(customerId, documentId),
    ),
  )
}

export const contentUrl = (customerId: string, documentId: string) => `${path(customerId)}/${documentId}/content`
export const viewUrl = (customerId: string, documentId: string) => `${path(customerId)}/${documentId}/view`
