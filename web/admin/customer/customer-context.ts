import { createContext, useContext, type Accessor } from 'solid-js'
import type { Customer } from '../customers/customers.data.ts'

type Shown = {
  customer: Accessor<Customer>
  /** Reads it again, after something changed that its summary counts. */
  refresh: () => void
  replace: (customer: Customer) => void
}

export const CustomerContext = createContext<Shown>()

export function useCustomer(): Shown {
  const shown = useContext(CustomerContext)
  if (!shown) throw new Error('Used outside a customer’s page.')
  return shown
}
