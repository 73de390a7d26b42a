import { api, body } from '../../api/client.ts'
import type { HealthSource } from '../../health/health.data.ts'

export const sourceOf = (customerId: string, seesSecurity: boolean): HealthSource => {
  const path = { id: customerId }
  return {
    security: seesSecurity
      ? async (query) => body(await api.GET('/api/portal/customers/{id}/security', { params: { path, query } }))
      : undefined,
    services: async (query) =>
      body(await api.GET('/api/portal/customers/{id}/service-health', { params: { path, query } })),
    issues: async (query) =>
      body(await api.GET('/api/portal/customers/{id}/service-issues', { params: { path, query } })),
  }
}
