import type { ApiKey, ApiKeyInput, NewApiKey } from '../../api/shapes.ts'
import { api, body } from '../../api/client.ts'

export type { ApiKey, ApiScope, NewApiKey } from '../../api/shapes.ts'

export async function listApiKeys(query: {
  cursor?: string
  limit?: number
}): Promise<{ items: ApiKey[]; nextCursor: string | null }> {
  return body(await api.GET('/api/msp-portal/settings/api-keys', { params: { query } }))
}

export async function createApiKey(input: ApiKeyInput): Promise<NewApiKey> {
  return body(await api.POST('/api/msp-portal/settings/api-keys', { body: input }))
}

export async function revokeApiKey(keyId: string): Promise<void> {
  await api.PUT('/api/msp-portal/settings/api-keys/{keyId}/revocation', { params: { path: { keyId } } })
}
