import { For, type JSX } from 'solid-js'
import { Notice } from '../ui/notice.tsx'
import { words } from '../words/portal-home.ts'

/** Of which tenants nothing new can be read, in one polite line each. */
export function Unreadable(props: {
  tenants: readonly { name: string; state: string; unreadableSince: string | null }[]
  provider: string
}): JSX.Element {
  return (
    <For each={props.tenants.filter(({ state }) => state === 'consent_lost')}>
      {(tenant) => (
        <Notice kind="warn">{words.consentLost(tenant.name, tenant.unreadableSince, props.provider)}</Notice>
      )}
    </For>
  )
}
