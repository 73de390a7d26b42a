import type { Activity } from '../../api/shapes.ts'
import { api, body } from '../../api/client.ts'

export type { Activity } from '../../api/shapes.ts'

export async function listActivity(
  customerId: string,
  query: { cursor?: string; limit?: number },
): Promise<{ items: Activity[]; nextCursor: string | null }> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/activity', { params: { path: { customerId }, query } }),
  )
}
