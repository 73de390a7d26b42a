import type { Tenant } from '../../api/shapes.ts'
import { api, body } from '../../api/client.ts'

export type { Tenant } from '../../api/shapes.ts'

export async function listTenants(customerId: string): Promise<Tenant[]> {
  const answer = await api.GET('/api/msp-portal/customers/{customerId}/tenants', { params: { path: { customerId } } })
  // A tenant that was disconnected stays in the history, not among what is connected.
  return body(answer).items.filter((tenant) => tenant.state !== 'removed')
}

/** Begins a connection: the answer is the address at Microsoft where an administrator gives permission. */
export async function startConnection(customerId: string, tenant: string): Promise<string> {
  const answer = await api.POST('/api/msp-portal/customers/{customerId}/tenants', {
    params: { path: { customerId } },
    body: { tenant },
  })
  return body(answer).url
}

export async function syncNow(customerId: string, tenantId: string): Promise<void> {
  await api.POST('/api/msp-portal/customers/{customerId}/tenants/{tenantId}/sync', {
    params: { path: { customerId, tenantId } },
  })
}

export async function disconnect(customerId: string, tenantId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/tenants/{tenantId}', {
    params: { path: { customerId, tenantId } },
  })
}
