import { For, type JSX } from 'solid-js'
import type { Security, ServiceHealth, TenantOfDirectory } from '../api/shapes.ts'
import { health as words } from '../words/health.ts'

type NotToldPart = (Security['notTold'] | ServiceHealth['notTold'])[number]

/** What Microsoft does not tell of one part, tenant by tenant. */
export function NotTold(props: {
  of: readonly NotToldPart[]
  part: NotToldPart['part']
  tenants: readonly TenantOfDirectory[]
  /** Of which tenants something older is shown. */
  older: readonly string[]
}): JSX.Element {
  return (
    <For each={props.of.filter(({ part }) => part === props.part)}>
      {(one) => (
        <p class="quiet small">
          {words.notTold(
            one.part,
            props.tenants.find(({ id }) => id === one.tenantId)?.name ?? '',
            one,
            props.older.includes(one.tenantId),
          )}
        </p>
      )}
    </For>
  )
}

export const isUnknown = (of: readonly NotToldPart[], wanted: NotToldPart['part']): boolean =>
  of.some(({ part }) => part === wanted)
