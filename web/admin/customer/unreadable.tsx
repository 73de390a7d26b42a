import { For, type JSX } from 'solid-js'
import { ButtonLink } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { directory, usersOfCustomer as words } from '../../words/directory.ts'

/** Of which tenants nothing new can be read, and where that is mended. */
export function Unreadable(props: {
  tenants: readonly { name: string; state: string; unreadableSince: string | null }[]
  customerId: string
}): JSX.Element {
  return (
    <For each={props.tenants.filter(({ state }) => state === 'consent_lost')}>
      {(tenant) => (
        <Notice
          kind="warn"
          end={<ButtonLink href={`/customers/${props.customerId}/tenants`}>{words.toTenants}</ButtonLink>}
        >
          <b>{directory.unreadable(tenant.name, tenant.unreadableSince)}</b> {words.unreadableText}
        </Notice>
      )}
    </For>
  )
}
