import type { JSX } from 'solid-js'
import { api, body } from '../../api/client.ts'
import { Changes } from '../../changes/changes.tsx'
import { useCustomer } from './customer-context.ts'
import { Unreadable } from './unreadable.tsx'

/** What happened to a customer's people. */
export function ChangesOfCustomer(): JSX.Element {
  const { customer } = useCustomer()
  return (
    <Changes
      from={async (query) =>
        body(
          await api.GET('/api/msp-portal/customers/{customerId}/changes', {
            params: { path: { customerId: customer().id }, query },
          }),
        )
      }
      notices={(tenants) => <Unreadable tenants={tenants} customerId={customer().id} />}
    />
  )
}
