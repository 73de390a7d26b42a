import { For, Show, type JSX } from 'solid-js'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/badge.tsx'
import { Time } from '../../ui/time.tsx'
import { alsoRead as words } from '../../words/also-read.ts'
import type { WatchedTenants } from './tenant-table.tsx'
import type { Tenant } from './tenants.data.ts'

type Part = keyof typeof words.part
type Standing = { part: Part; asOf: string | null; unknownSince: string | null; why: 'permission' | 'licence' | null }

/** What of each tenant is read beside its syncs: how old it is, or since when and why it is not known and how that is mended. */
export function AlsoRead(props: { of: WatchedTenants }): JSX.Element {
  const tenants = (): Tenant[] =>
    props.of.tenants.state === 'ready' || props.of.tenants.state === 'refreshing'
      ? props.of.tenants.latest.items.filter(({ state, lastGoodSyncAt }) => state === 'connected' && lastGoodSyncAt)
      : []
  return (
    <Show when={tenants().length > 0}>
      <Panel title={words.title}>
        <div class="panel-body stack">
          <p class="quiet small">{words.lead}</p>
          <For each={tenants()}>
            {(tenant) => (
              <section>
                <Show when={tenants().length > 1}>
                  <h3 class="field-label" dir="auto">
                    {tenant.name}
                  </h3>
                </Show>
                <ul class="also-read">
                  <For each={standingsOf(tenant)}>
                    {(standing) => (
                      <li>
                        <span>{words.part[standing.part]}</span>
                        <Told of={standing} />
                      </li>
                    )}
                  </For>
                </ul>
              </section>
            )}
          </For>
        </div>
      </Panel>
    </Show>
  )
}

function Told(props: { of: Standing }): JSX.Element {
  return (
    <Show
      when={props.of.unknownSince}
      fallback={
        <span class="quiet">
          <Show when={props.of.asOf} fallback={words.notYet}>
            {(at) => (
              <>
                {words.asOf} <Time at={at()} relative plain />
              </>
            )}
          </Show>
        </span>
      }
    >
      {(since) => (
        <div>
          <State mood="warn">{words.unknownSince(since())}</State>
          <p class="quiet small">
            {words.mend(props.of.part, props.of.why)} {props.of.asOf === null ? '' : words.older(props.of.asOf)}
          </p>
        </div>
      )}
    </Show>
  )
}

const standingsOf = ({ groups, signIns, mailboxes, managers }: Tenant): Standing[] => [
  { part: 'groups', asOf: groups.asOf, unknownSince: groups.unknownSince, why: 'permission' },
  { part: 'signIns', asOf: signIns.asOf, unknownSince: signIns.unknownSince, why: signIns.unknownWhy },
  { part: 'mailboxes', asOf: mailboxes.asOf, unknownSince: mailboxes.unknownSince, why: 'permission' },
  { part: 'managers', asOf: managers.asOf, unknownSince: managers.unknownSince, why: 'permission' },
]
