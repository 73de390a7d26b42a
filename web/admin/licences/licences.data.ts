import { api, body, ifMatch } from '../../api/client.ts'
import type {
  CustomerLicences,
  LicenceTerms,
  LicenceTermsInput,
  Refresh,
  StaffServiceRequestSummary,
} from '../../api/shapes.ts'
import type { LicenceSource } from '../../licences/licences.data.ts'

export type { CustomerLicences, LicenceTerms, StaffServiceRequestSummary } from '../../api/shapes.ts'

const of = (customerId: string) => ({ path: { customerId } })

export async function readLicences(customerId: string, free: boolean): Promise<CustomerLicences> {
  const query = free ? { free: 'true' as const } : {}
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/licences', { params: { ...of(customerId), query } }),
  )
}

export const sourceOf = (customerId: string): LicenceSource => ({
  holders: async (skuId, idleDays, cursor) =>
    body(
      await api.GET('/api/msp-portal/customers/{customerId}/licences/{skuId}/holders', {
        params: {
          path: { customerId, skuId },
          query: { limit: 100, ...(idleDays && { idleDays }), ...(cursor === null ? {} : { cursor }) },
        },
      }),
    ),
  usage: async (skuId) =>
    body(
      await api.GET('/api/msp-portal/customers/{customerId}/licences/{skuId}/usage', {
        params: { path: { customerId, skuId } },
      }),
    ),
})

/** Has all of a customer's tenants read now. */
export async function askForRefresh(customerId: string): Promise<Refresh> {
  return body(await api.POST('/api/msp-portal/customers/{customerId}/refresh', { params: of(customerId) }))
}

export async function readRefresh(customerId: string): Promise<Refresh> {
  return body(await api.GET('/api/msp-portal/customers/{customerId}/refresh', { params: of(customerId) }))
}

export async function readTerms(customerId: string): Promise<LicenceTerms> {
  return body(await api.GET('/api/msp-portal/customers/{customerId}/licence-terms', { params: of(customerId) }))
}

export async function saveTerms(
  customerId: string,
  before: LicenceTerms,
  input: LicenceTermsInput,
): Promise<LicenceTerms> {
  return body(
    await api.PUT('/api/msp-portal/customers/{customerId}/licence-terms', {
      params: of(customerId),
      headers: ifMatch(before.version),
      body: input,
    }),
  )
}

/** The newest requests of a customer's people. */
export async function listRequests(customerId: string): Promise<StaffServiceRequestSummary[]> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/requests', {
      params: { ...of(customerId), query: { type: 'licence_change', limit: 50 } },
    }),
  ).items
}
