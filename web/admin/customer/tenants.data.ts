import type { EarlierTenant, Tenant } from '../../api/shapes.ts'
import { api, body } from '../../api/client.ts'

export type { EarlierTenant, Tenant } from '../../api/shapes.ts'

/** What is connected, and what was: the last removed first. */
export type TenantList = { items: Tenant[]; earlier: EarlierTenant[] }

export async function listTenants(customerId: string): Promise<TenantList> {
  const answer = await api.GET('/api/msp-portal/customers/{customerId}/tenants', { params: { path: { customerId } } })
  return body(answer)
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

/** Confirms that as many people as are missing have left. */
export async function confirmDepartures(customerId: string, tenantId: string, missingCount: number): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/tenants/{tenantId}/departures-confirmation', {
    params: { path: { customerId, tenantId } },
    body: { departures: { missingCount } },
  })
}
