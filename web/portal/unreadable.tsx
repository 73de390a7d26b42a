import { For, type JSX } from 'solid-js'
import type { TenantOfDirectory } from '../api/shapes.ts'
import { Notice } from '../ui/notice.tsx'
import { directory as words } from '../words/directory.ts'

/** Of which tenants nothing new can be read, in one polite line each. */
export function Unreadable(props: { tenants: TenantOfDirectory[]; provider: string }): JSX.Element {
  return (
    <For each={props.tenants.filter(({ state }) => state === 'consent_lost')}>
      {(tenant) => (
        <Notice kind="warn">
          <b>{words.unreadable(tenant.name, tenant.unreadableSince)}</b> {words.unreadableText(props.provider)}
        </Notice>
      )}
    </For>
  )
}
