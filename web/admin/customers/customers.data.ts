import type { Customer, CustomerInput, CustomerList, CustomerSort } from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'

export type { Customer, CustomerInput, CustomerList, CustomerSort, CustomerSummary, Health } from '../../api/shapes.ts'

export type CustomerQuery = {
  q?: string
  sort?: CustomerSort
  state?: 'active' | 'archived'
  cursor?: string
  limit?: number
}

export async function listCustomers(query: CustomerQuery): Promise<CustomerList> {
  return body(await api.GET('/api/msp-portal/customers', { params: { query } }))
}

export async function addCustomer(input: CustomerInput): Promise<Customer> {
  return body(await api.POST('/api/msp-portal/customers', { body: input }))
}

export async function readCustomer(customerId: string): Promise<Customer> {
  return body(await api.GET('/api/msp-portal/customers/{customerId}', { params: { path: { customerId } } }))
}

export async function saveCustomer(customer: Customer, input: CustomerInput): Promise<Customer> {
  return body(
    await api.PUT('/api/msp-portal/customers/{customerId}', {
      params: { path: { customerId: customer.id } },
      headers: ifMatch(customer.version),
      body: input,
    }),
  )
}
