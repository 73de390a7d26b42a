import { useSearchParams } from '@solidjs/router'
import { createMemo, createResource, For, Show, type JSX } from 'solid-js'
import type { TenantOfDirectory } from '../api/shapes.ts'
import { Choice } from '../ui/choice.tsx'
import { pulse } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../ui/states.tsx'
import { health as words } from '../words/health.ts'
import { Alerts } from './alerts.tsx'
import { Controls } from './controls.tsx'
import type { HealthSource } from './health.data.ts'
import { History } from './history.tsx'
import { Score } from './score.tsx'
import { OpenIssues, Services } from './services.tsx'
import './health.css'

/** How safe a customer's Microsoft 365 is and how its services do, over its tenants or in the one that stands in the address. */
export function Health(props: {
  from: HealthSource
  /** What the score's own line is called. */
  scoreLine: string
  notices: (tenants: TenantOfDirectory[]) => JSX.Element
}): JSX.Element {
  const [params, setParams] = useSearchParams<{ tenant?: string }>()
  const asked = createMemo(() => (params.tenant ? { tenantId: params.tenant } : {}))
  const [services, { refetch }] = createResource(asked, (query) => props.from.services(query))
  const [security, { refetch: readSecurityAgain }] = createResource(
    () => props.from.security && { read: props.from.security, query: asked() },
    ({ read, query }) => read(query),
  )
  const knownSecurity = () =>
    security.state === 'ready' || security.state === 'refreshing' ? security.latest : undefined
  return (
    <div class="health">
      <Loaded
        of={services}
        waiting={<Waiting what={words.loadingServices} />}
        failedTitle={words.servicesFailed}
        retry={() => void refetch()}
      >
        {(known) => (
          <Show
            when={known().tenants.length > 0}
            fallback={
              <div class="card">
                <Empty icon={pulse} title={words.noTenantTitle}>
                  {words.noTenantText}
                </Empty>
              </div>
            }
          >
            <Above
              tenants={known().tenants}
              chosen={params.tenant}
              onChoose={(tenant) => setParams({ tenant }, { replace: true })}
              notices={props.notices}
            />
            <Show when={props.from.security}>
              <Loaded
                of={security}
                waiting={<Waiting what={words.loadingSecurity} />}
                failedTitle={words.securityFailed}
                retry={() => void readSecurityAgain()}
              >
                {(value) => (
                  <div class="health-pair">
                    <Score security={value()} scoreLine={props.scoreLine} />
                    <Controls security={value()} />
                  </div>
                )}
              </Loaded>
            </Show>
            <div class="health-pair">
              <Show when={knownSecurity()}>{(value) => <Alerts security={value()} />}</Show>
              <OpenIssues health={known()} />
              <Services health={known()} />
              <History from={props.from} asked={asked()} tenants={known().tenants} />
            </div>
          </Show>
        )}
      </Loaded>
    </div>
  )
}

function Above(props: {
  tenants: TenantOfDirectory[]
  chosen: string | undefined
  onChoose: (tenant: string | undefined) => void
  notices: (tenants: TenantOfDirectory[]) => JSX.Element
}): JSX.Element {
  return (
    <>
      {props.notices(props.tenants)}
      <For each={props.tenants.filter(({ state }) => state === 'syncing')}>
        {(tenant) => <Notice kind="info">{words.syncing(tenant.name)}</Notice>}
      </For>
      <Show when={props.tenants.length > 1}>
        <div>
          <Choice
            title={words.tenant}
            any={words.anyTenant}
            value={props.chosen}
            options={props.tenants.map(({ id, name }) => ({ value: id, label: name }))}
            onChoose={props.onChoose}
          />
        </div>
      </Show>
    </>
  )
}

function Waiting(props: { what: string }): JSX.Element {
  return (
    <Skeleton what={props.what}>
      <div class="health-pair">
        <For each={[1, 2]}>
          {() => (
            <div class="card">
              <div class="card-body">
                <Bone shape="short" />
                <Bone shape="long tall" />
                <For each={[1, 2, 3, 4]}>{() => <Bone />}</For>
              </div>
            </div>
          )}
        </For>
      </div>
    </Skeleton>
  )
}
