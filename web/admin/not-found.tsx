import type { JSX } from 'solid-js'
import { ButtonLink } from '../ui/button.tsx'
import { search } from '../ui/icon.tsx'
import { Empty } from '../ui/states.tsx'
import { admin } from '../words/admin.ts'

/** What an address shows that is no page's. */
export function NotFound(): JSX.Element {
  return (
    <Empty
      alone
      icon={search}
      title={admin.notFoundTitle}
      act={<ButtonLink href="/customers">{admin.toCustomers}</ButtonLink>}
    >
      {admin.notFoundText}
    </Empty>
  )
}
