import type { JSX } from 'solid-js'
import { api, body } from '../../api/client.ts'
import { Health } from '../../health/health.tsx'
import type { HealthSource } from '../../health/health.data.ts'
import { health as words } from '../../words/health.ts'
import { useCustomer } from './customer-context.ts'
import { Unreadable } from './unreadable.tsx'

/** The security of a customer, and how Microsoft's services do for it. */
export function HealthOfCustomer(): JSX.Element {
  const { customer } = useCustomer()
  return (
    <Health
      from={sourceOf(customer().id)}
      scoreLine={words.scoreLine}
      notices={(tenants) => <Unreadable tenants={tenants} customerId={customer().id} />}
    />
  )
}

const sourceOf = (customerId: string): HealthSource => {
  const path = { customerId }
  return {
    security: async (query) =>
      body(await api.GET('/api/msp-portal/customers/{customerId}/security', { params: { path, query } })),
    services: async (query) =>
      body(await api.GET('/api/msp-portal/customers/{customerId}/service-health', { params: { path, query } })),
    issues: async (query) =>
      body(await api.GET('/api/msp-portal/customers/{customerId}/service-issues', { params: { path, query } })),
  }
}
