import type { Customer, CustomerInput, CustomerList, CustomerSort } from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'
import { early } from '../../api/early.ts'

export type { Customer, CustomerInput, CustomerList, CustomerSort, CustomerSummary, Health } from '../../api/shapes.ts'

export type CustomerQuery = {
  q?: string
  sort?: CustomerSort
  state?: 'active' | 'archived'
  cursor?: string
  limit?: number
}

const sorts = new Set<string>(['name', 'createdAt', 'users', 'tenants', 'health'].flatMap((key) => [key, `-${key}`]))
// A value from the address counts only when it is one of the sorts the server offers.
const isSort = (text: unknown): text is CustomerSort => typeof text === 'string' && sorts.has(text)

/** What the list's address asks for. */
export const customerQueryOf = (address: { q?: string; sort?: string; state?: string }): CustomerQuery => ({
  sort: isSort(address.sort) ? address.sort : 'name',
  state: address.state === 'archived' ? 'archived' : 'active',
  ...(address.q && address.q.length > 1 && { q: address.q }),
})

const start = early<CustomerList>()

/** Asks for the list's first page at start, before the page's code has arrived; the page takes that answer, once. */
export const askForCustomers = (query: CustomerQuery): void => start.ask(JSON.stringify(query), listCustomers(query))

export const takeCustomers = (query: CustomerQuery): CustomerList | Promise<CustomerList> =>
  start.take(JSON.stringify(query)) ?? listCustomers(query)

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
