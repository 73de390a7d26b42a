import { api, body } from '../../api/client.ts'
import type { PortalLicences, ServiceRequestSummary, ServiceRequestInput } from '../../api/shapes.ts'
import type { LicenceSource } from '../../licences/licences.data.ts'

export type { Licence, PortalLicences, ServiceRequestSummary } from '../../api/shapes.ts'

export async function readLicences(customerId: string, free: boolean): Promise<PortalLicences> {
  const query = free ? { free: 'true' as const } : {}
  return body(await api.GET('/api/portal/customers/{id}/licences', { params: { path: { id: customerId }, query } }))
}

export const sourceOf = (customerId: string): LicenceSource => ({
  holders: async (skuId, idleDays, cursor) =>
    body(
      await api.GET('/api/portal/customers/{id}/licences/{skuId}/holders', {
        params: {
          path: { id: customerId, skuId },
          query: { limit: 100, ...(idleDays && { idleDays }), ...(cursor === null ? {} : { cursor }) },
        },
      }),
    ),
  usage: async (skuId) =>
    body(
      await api.GET('/api/portal/customers/{id}/licences/{skuId}/usage', {
        params: { path: { id: customerId, skuId } },
      }),
    ),
})

/** The newest requests of this person, or of the whole company for who may see them. */
export async function listRequests(customerId: string): Promise<ServiceRequestSummary[]> {
  return body(
    await api.GET('/api/portal/customers/{id}/requests', {
      params: { path: { id: customerId }, query: { type: 'licence_change', limit: 10 } },
    }),
  ).items
}

export async function submitRequest(customerId: string, input: ServiceRequestInput): Promise<ServiceRequestSummary> {
  return body(
    await api.POST('/api/portal/customers/{id}/requests', { params: { path: { id: customerId } }, body: input }),
  )
}
