import { api, body } from '../../api/client.ts'
import type { DirectoryEntry, DirectoryList, DirectoryQuery } from '../../api/shapes.ts'

export async function listDirectory(customerId: string, query: DirectoryQuery): Promise<DirectoryList> {
  return body(await api.GET('/api/portal/customers/{id}/users', { params: { path: { id: customerId }, query } }))
}

export async function readEntry(customerId: string, userId: string): Promise<DirectoryEntry> {
  return body(
    await api.GET('/api/portal/customers/{id}/users/{userId}', { params: { path: { id: customerId, userId } } }),
  )
}
