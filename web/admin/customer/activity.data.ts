import type { ActivityEntry } from '../../api/assumed.ts'
import { api, body } from '../../api/client.ts'

export type { ActivityEntry } from '../../api/assumed.ts'

export async function listActivity(
  customerId: string,
  query: { cursor?: string; limit?: number },
): Promise<{ items: ActivityEntry[]; nextCursor: string | null }> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/activity', { params: { path: { customerId }, query } }),
  )
}
