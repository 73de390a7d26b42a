import { api, ifMatch } from '../../api/client.ts'
import type { Customer } from '../customers/customers.data.ts'

export async function archive(customerId: string): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/archival', { params: { path: { customerId } } })
}

export async function restore(customerId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/archival', { params: { path: { customerId } } })
}

/** `endsMerges` says that whoever deletes it was told what was merged into it, and goes with it. */
export async function deleteCustomer({ id, version }: Customer, endsMerges: boolean): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}', {
    params: { path: { customerId: id }, query: endsMerges ? { endsMerges: 'true' } : {} },
    headers: ifMatch(version),
  })
}

/** Takes back a change of the portal admin that was not confirmed. */
export async function undoAdminChange(customerId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/portal/admin-change', { params: { path: { customerId } } })
}
