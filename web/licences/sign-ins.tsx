import { For, Show, type JSX } from 'solid-js'
import type { PortalLicences } from '../api/shapes.ts'
import { words } from '../words/licences.ts'

/** As of when it is known who signed in, tenant by tenant, or that it is not. */
export function SignIns(props: { tenants: PortalLicences['tenants'] }): JSX.Element {
  const read = () => props.tenants.filter(({ state }) => state !== 'syncing')
  return (
    <For each={read()}>
      {(tenant) => (
        <p class="quiet small">
          <Show when={tenant.signInsAsOf} fallback={words.signInsUnknown(tenant.name, tenant.signInsUnknown)}>
            {(at) => words.signInsAsOf(read().length > 1 ? tenant.name : null, at())}
          </Show>
          <Show when={tenant.signInsAsOf !== null && tenant.signInsUnknown !== null}>
            {' '}
            {words.signInsUnknown(tenant.name, tenant.signInsUnknown)}
          </Show>
        </p>
      )}
    </For>
  )
}
