import type { JSX } from 'solid-js'
import { activity as words } from '../../words/activity.ts'
import { listActivity } from '../activity/activity.data.ts'
import { ActivityLog } from '../activity/activity-log.tsx'
import { useCustomer } from './customer-context.ts'

export function ActivityPage(): JSX.Element {
  const { customer } = useCustomer()
  return (
    <ActivityLog
      customerId={customer().id}
      read={(query) => listActivity(customer().id, query)}
      emptyText={words.emptyText}
    />
  )
}
