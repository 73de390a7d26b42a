import type {
  Customer,
  CustomerCreation,
  CustomerInput,
  CustomerList,
  CustomerSort,
  CustomersAlike,
  CustomerSummary,
  HealthLevel,
} from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'
import { early } from '../../api/early.ts'
import { canSearch, searchLengthMax } from '../../ui/searching.ts'

export type {
  Customer,
  CustomerCreation,
  CustomerInput,
  CustomerList,
  CustomersAlike,
  CustomerSort,
  CustomerSummary,
  Health,
  HealthLevel,
} from '../../api/shapes.ts'

export type CustomerQuery = {
  q?: string
  sort?: CustomerSort
  state?: 'active' | 'archived'
  health?: HealthLevel
  problems?: 'true'
  portal?: PortalState
  cursor?: string
  limit?: number
}

/** What of the list stands in its address. */
export type CustomerAddress = {
  q?: string | undefined
  sort?: string | undefined
  state?: string | undefined
  health?: string | undefined
  problems?: string | undefined
  portal?: string | undefined
}

export const healthLevels = ['red', 'amber', 'green', 'grey'] as const satisfies HealthLevel[]
export const portalStates = ['enabled', 'disabled', 'none'] as const satisfies PortalState[]

// A value from the address counts only when it is one that the server offers.
const oneOf =
  <V extends string>(values: readonly V[]) =>
  (text: string | undefined): V | undefined =>
    values.find((value) => value === text)
const columns = ['name', 'contact', 'tenants', 'users', 'health', 'psaId', 'createdAt'] as const
const sortIn = oneOf<CustomerSort>(columns.flatMap((column) => [column, `-${column}` as const]))
const healthIn = oneOf(healthLevels)
const portalIn = oneOf(portalStates)
const filteredSorts = new Set<string>(['name', 'users', 'health', 'createdAt'])

export const isFiltered = (query: CustomerQuery): boolean =>
  query.health !== undefined || query.problems !== undefined || query.portal !== undefined

/** Whether the list can be in this order: with a filter and no search, the server has an index for some of them only. */
export const canSortBy = (query: CustomerQuery, column: string): boolean =>
  query.q !== undefined || !isFiltered(query) || filteredSorts.has(column.replace('-', ''))

/** What the list's address asks for. */
export const customerQueryOf = (address: CustomerAddress): CustomerQuery => {
  const [sort, health, portal] = [sortIn(address.sort), healthIn(address.health), portalIn(address.portal)]
  const q = (address.q ?? '').slice(0, searchLengthMax)
  const query: CustomerQuery = {
    state: address.state === 'archived' ? 'archived' : 'active',
    ...(canSearch(q) && { q: q.toWellFormed() }),
    ...(health && { health }),
    ...(address.problems === 'true' && { problems: 'true' }),
    ...(portal && { portal }),
  }
  return { sort: sort && canSortBy(query, sort) ? sort : 'name', ...query }
}

type PortalState = CustomerSummary['portal']['state']

const start = early<CustomerList>()

/** Asks for the list's first page at start, before the page's code has arrived; the page takes that answer, once. */
export const askForCustomers = (query: CustomerQuery): void => start.ask(JSON.stringify(query), listCustomers(query))

export const takeCustomers = (query: CustomerQuery): CustomerList | Promise<CustomerList> =>
  start.take(JSON.stringify(query)) ?? listCustomers(query)

const pageRowCount = 100
const rowsRestoredMax = 2_000

/** What comes after a page. */
export const laterCustomers = (query: CustomerQuery, cursor: string): Promise<CustomerList> =>
  listCustomers({ ...query, cursor, limit: pageRowCount })

/** The list as it was when somebody was at a row further down: as many pages as it takes, within reason. */
export async function customersDownTo(query: CustomerQuery, row: number): Promise<CustomerList> {
  let list = await takeCustomers(query)
  while (list.items.length <= Math.min(row, rowsRestoredMax) && list.nextCursor !== null) {
    // One page begins where the one before it ends.
    const next = await listCustomers({ ...query, cursor: list.nextCursor, limit: 200 })
    list = { ...next, items: [...list.items, ...next.items] }
  }
  return list
}

export async function listCustomers(query: CustomerQuery): Promise<CustomerList> {
  return body(await api.GET('/api/msp-portal/customers', { params: { query } }))
}

export async function addCustomer(input: CustomerCreation): Promise<Customer> {
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

/** Gives a customer that never had one its portal; its e-mail names the admin, who is invited. */
export async function enablePortal(
  customerId: string,
  input: { portalPrefix: string; portalAdminName: string | null },
): Promise<Customer> {
  return body(
    await api.POST('/api/msp-portal/customers/{customerId}/portal', {
      params: { path: { customerId } },
      body: input,
    }),
  )
}

export async function disableCustomer(customerId: string): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/disablement', { params: { path: { customerId } } })
}

export async function enableCustomer(customerId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/disablement', { params: { path: { customerId } } })
}

/** Customers that may be the one being typed. */
export async function findAlike(asked: {
  name: string
  email: string
  except?: string
}): Promise<CustomersAlike['items']> {
  return body(await api.GET('/api/msp-portal/customer-duplicates', { params: { query: asked } })).items
}

const atOnceMax = 200

/** Puts customers away or brings them back; answers the ids of those that changed. */
export async function setArchived(customerIds: string[], archived: boolean): Promise<string[]> {
  const changed: string[] = []
  for (let from = 0; from < customerIds.length; from += atOnceMax) {
    const part = customerIds.slice(from, from + atOnceMax)
    const { items } = body(
      await api.POST('/api/msp-portal/customer-archivals', { body: { customerIds: part, archived } }),
    )
    changed.push(
      ...items.flatMap(({ customerId, result }) => (result === (archived ? 'archived' : 'restored') ? customerId : [])),
    )
  }
  return changed
}
