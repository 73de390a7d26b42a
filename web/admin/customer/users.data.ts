import { api, body } from '../../api/client.ts'
import type { CustomerUserEntry, CustomerUserList, DirectoryQuery } from '../../api/shapes.ts'

export async function listUsers(customerId: string, query: DirectoryQuery): Promise<CustomerUserList> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/users', { params: { path: { customerId }, query } }),
  )
}

export async function readUser(customerId: string, userId: string): Promise<CustomerUserEntry> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/users/{userId}', {
      params: { path: { customerId, userId } },
    }),
  )
}
