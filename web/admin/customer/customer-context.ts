import { createContext, createMemo, useContext, type Accessor } from 'solid-js'
import type { Customer } from '../customers/customers.data.ts'
import { useStaff } from '../staff.tsx'

type Shown = {
  customer: Accessor<Customer>
  /** Reads it again, after something changed that its summary counts. */
  refresh: () => void
  replace: (customer: Customer) => void
}

export const CustomerContext = createContext<Shown>()

/** `mayChange`: what is archived is restored first, which the notice on top of each of its pages does. */
export function useCustomer(): Shown & { mayChange: () => boolean } {
  const shown = useContext(CustomerContext)
  if (!shown) throw new Error('Used outside a customer’s page.')
  const staff = useStaff()
  // Of its own: lists that are made of it stay as they are, focus and all, when the customer is read again.
  const mayChange = createMemo(() => staff.mayWrite && shown.customer().state !== 'archived')
  return { ...shown, mayChange }
}
