import { api, body, ifMatch } from '../../api/client.ts'
import type { CustomerSelfService, CustomerSelfServiceInput, SelfService, SelfServiceInput } from '../../api/shapes.ts'

export async function readSelfService(): Promise<SelfService> {
  return body(await api.GET('/api/msp-portal/self-service'))
}

export async function saveSelfService(before: SelfService, input: SelfServiceInput): Promise<SelfService> {
  return body(await api.PUT('/api/msp-portal/self-service', { headers: ifMatch(before.version), body: input }))
}

export async function readCustomerSelfService(customerId: string): Promise<CustomerSelfService> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/self-service', { params: { path: { customerId } } }),
  )
}

export async function saveCustomerSelfService(
  customerId: string,
  before: CustomerSelfService,
  input: CustomerSelfServiceInput,
): Promise<CustomerSelfService> {
  return body(
    await api.PUT('/api/msp-portal/customers/{customerId}/self-service', {
      params: { path: { customerId } },
      headers: ifMatch(before.version),
      body: input,
    }),
  )
}
