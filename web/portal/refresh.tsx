import { Show, type JSX } from 'solid-js'
import { api, body } from '../api/client.ts'
import type { PortalBoot, PortalPerson } from '../boot.ts'
import { RefreshButton } from '../licences/refresh.tsx'

/** For those who may have the company's figures read anew; whoever looks on in a preview may not. */
export function PortalRefresh(props: { boot: PortalBoot; person: PortalPerson; onDone: () => void }): JSX.Element {
  const its = () => ({ params: { path: { id: props.boot.customerId } } })
  return (
    <Show when={props.person.canSee.includes('portal.refresh') && props.boot.preview === null}>
      <RefreshButton
        ask={async () => body(await api.POST('/api/portal/customers/{id}/refresh', its()))}
        read={async () => body(await api.GET('/api/portal/customers/{id}/refresh', its()))}
        onDone={() => props.onDone()}
      />
    </Show>
  )
}
