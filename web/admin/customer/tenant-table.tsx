import { createEffect, createResource, createSignal, For, on, onCleanup, Show, type JSX, type Resource } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { State } from '../../ui/badge.tsx'
import { Progress } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { cloud, Icon, more, sync } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Tip } from '../../ui/tip.tsx'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { number } from '../../words/format.ts'
import { explain } from '../../words/problem.ts'
import { HealthState } from '../customers/health.tsx'
import { useStaff } from '../staff.tsx'
import { useCustomer } from './customer-context.ts'
import {
  confirmDepartures,
  disconnect,
  listTenants,
  startConnection,
  syncNow,
  type EarlierTenant,
  type Tenant,
  type TenantList,
} from './tenants.data.ts'

const words = admin.tenants
const pollMs = 2_000

export type WatchedTenants = { tenants: Resource<TenantList>; refetch: () => Promise<void> }

/** A customer's tenants, asked for again every two seconds while one of them syncs; none while `customerId` says so. */
export function watchTenants(customerId: () => string | false): WatchedTenants {
  const shown = useCustomer()
  const [tenants, { refetch }] = createResource(customerId, listTenants)
  const syncing = () => tenants.state !== 'errored' && (tenants.latest?.items ?? []).some(isSyncing)
  createEffect(
    on(syncing, (now, before) => {
      // The customer's own figures change when a sync ends.
      if (before && !now) shown.refresh()
      if (!now) return
      const timer = setInterval(() => void refetch(), pollMs)
      onCleanup(() => clearInterval(timer))
    }),
  )
  return { tenants, refetch: async () => void (await refetch()) }
}

/** `brief`: beside other things, where a lost consent is told by health alone. */
export function TenantTable(props: {
  of: WatchedTenants
  customerId: string
  act?: JSX.Element
  brief?: boolean
}): JSX.Element {
  const staff = useStaff()
  const shown = useCustomer()
  const tenants = () => props.of.tenants
  const refetch = () => props.of.refetch()
  const syncing = () => tenants().state !== 'errored' && (tenants().latest?.items ?? []).some(isSyncing)
  const [leaving, setLeaving] = createSignal<Tenant>()
  const [missing, setMissing] = createSignal<Tenant>()
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()

  const act = async (run: () => Promise<void>, done: string) => {
    try {
      await run()
      say(done)
      await refetch()
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  const askAgain = async (tenant: Tenant) => {
    try {
      location.assign(await startConnection(props.customerId, tenant.domain))
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  const leave = async (tenant: Tenant) => {
    setBusy(true)
    try {
      await disconnect(props.customerId, tenant.id)
      setLeaving(undefined)
      say(words.disconnected(tenant.name))
      shown.refresh()
      await refetch()
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  const believe = async (tenant: Tenant) => {
    setBusy(true)
    try {
      await confirmDepartures(props.customerId, tenant.id, tenant.departures?.missingCount ?? 0)
      setMissing(undefined)
      say(words.departuresBelieved(tenant.name))
      await refetch()
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }

  const menu = (tenant: Tenant) => (
    <Menu
      buttonClass="icon-button"
      buttonLabel={common.more(tenant.name)}
      button={<Icon of={more} />}
      side="end"
      groups={[
        // Disconnecting is all that is done to an archived customer's tenants.
        shown.mayChange()
          ? [
              {
                label: words.syncNow,
                icon: sync,
                onSelect: () => void act(() => syncNow(props.customerId, tenant.id), words.syncStarted(tenant.name)),
              },
            ]
          : [],
        ...(shown.mayChange() && tenant.state === 'connected' && !tenant.isWithAppInForce
          ? [[{ label: words.moveToApp, icon: cloud, onSelect: () => void askAgain(tenant) }]]
          : []),
        [
          {
            label: words.disconnect,
            danger: true,
            onSelect: () => {
              setTrouble(undefined)
              setLeaving(tenant)
            },
          },
        ],
      ].filter((group) => group.length > 0)}
    />
  )

  return (
    <Loaded of={tenants()} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(list) => (
        <Show
          when={list().items.length > 0}
          fallback={
            <Empty icon={cloud} title={words.emptyTitle} act={props.act}>
              {words.emptyText}
            </Empty>
          }
        >
          <For each={list().items.filter(({ state }) => state === 'consent_lost' || state === 'app_removed')}>
            {(tenant) => (
              <div class="panel-body">
                <Notice
                  kind="bad"
                  end={
                    <Show when={shown.mayChange()}>
                      <Button onClick={() => void askAgain(tenant)}>
                        {tenant.state === 'app_removed' ? words.connectAgain : words.giveAgain}
                      </Button>
                    </Show>
                  }
                >
                  <Show
                    when={tenant.state === 'app_removed'}
                    fallback={
                      <>
                        <b>{words.consentLostTitle(tenant.name, tenant.consentLostAt)}</b> {words.consentLostText}
                      </>
                    }
                  >
                    <b>{words.appRemovedTitle(tenant.name)}</b> {words.appRemovedText}
                  </Show>
                </Notice>
              </div>
            )}
          </For>
          <For each={list().items.filter(({ departures }) => departures !== null)}>
            {(tenant) => (
              <Show when={tenant.departures}>
                {(asked) => (
                  <div class="panel-body">
                    <Notice
                      kind="warn"
                      end={
                        <Show when={shown.mayChange() && staff.mayWrite && asked().confirmedAt === null}>
                          <Button
                            onClick={() => {
                              setTrouble(undefined)
                              setMissing(tenant)
                            }}
                          >
                            {words.haveLeft}
                          </Button>
                        </Show>
                      }
                    >
                      <b>{words.departuresTitle(asked().missingCount, asked().knownCount, tenant.name)}</b>{' '}
                      {asked().confirmedAt === null
                        ? words.departuresText(asked().names, asked().missingCount)
                        : words.departuresConfirmed}
                    </Notice>
                  </div>
                )}
              </Show>
            )}
          </For>
          <Table
            label={words.title}
            rows={list().items}
            id={(tenant) => tenant.id}
            columns={[
              {
                key: 'tenant',
                title: words.columns.tenant,
                phone: 'title',
                cell: (tenant) => (
                  <span
                    class="name"
                    dir="auto"
                    tabindex="-1"
                    title={words.since(tenant.connectedAt, tenant.connectedBy)}
                  >
                    {labelOf(tenant)}
                  </span>
                ),
              },
              ...(props.brief
                ? []
                : [
                    {
                      key: 'state',
                      title: words.columns.state,
                      wide: true,
                      cell: (tenant: Tenant) => (
                        <State mood={tenant.state === 'connected' ? 'good' : 'bad'}>{words.state[tenant.state]}</State>
                      ),
                    },
                  ]),
              {
                key: 'users',
                title: words.columns.users,
                numeric: true,
                phone: 'line',
                cell: (tenant) => (
                  <>
                    <span class="on-phone-only">{words.columns.users}: </span>
                    {tenant.lastGoodSyncAt ? number(tenant.licensedUserCount) : '–'}
                  </>
                ),
              },
              {
                key: 'seats',
                title: words.columns.seats,
                numeric: true,
                wide: 'desk',
                cell: (tenant) =>
                  tenant.lastGoodSyncAt && tenant.seats
                    ? common.of(tenant.seats.assignedCount, tenant.seats.boughtCount)
                    : '–',
              },
              {
                key: 'health',
                title: words.columns.health,
                phone: 'line',
                cell: (tenant) => <HealthState health={tenant.health} tenantCount={1} />,
              },
              { key: 'sync', title: words.columns.sync, phone: 'line', cell: (tenant) => <SyncCell tenant={tenant} /> },
              ...(staff.mayWrite
                ? [
                    {
                      key: 'more',
                      title: words.columns.more,
                      quiet: true,
                      numeric: true,
                      phone: 'end' as const,
                      cell: menu,
                    },
                  ]
                : []),
            ]}
          />
          <Show when={syncing()}>
            <p class="panel-body quiet smaller">{words.goesOn}</p>
          </Show>
          <Confirm
            open={leaving() !== undefined}
            title={words.disconnectTitle(leaving()?.name ?? '')}
            verb={words.disconnect}
            busy={busy()}
            trouble={trouble()}
            onClose={() => setLeaving(undefined)}
            onConfirm={() => {
              const tenant = leaving()
              if (tenant) void leave(tenant)
            }}
          >
            <p>{words.disconnectText}</p>
          </Confirm>
          <Confirm
            open={missing() !== undefined}
            title={words.haveLeftTitle(missing()?.departures?.missingCount ?? 0)}
            verb={words.haveLeft}
            busy={busy()}
            trouble={trouble()}
            onClose={() => setMissing(undefined)}
            onConfirm={() => {
              const tenant = missing()
              if (tenant) void believe(tenant)
            }}
          >
            <p>{words.haveLeftText(missing()?.name ?? '')}</p>
          </Confirm>
        </Show>
      )}
    </Loaded>
  )
}

/** The tenants that a customer had: what was read of them stays with it, and nothing new comes. */
export function EarlierTenants(props: { of: WatchedTenants }): JSX.Element {
  const earlier = (): EarlierTenant[] =>
    props.of.tenants.state === 'ready' || props.of.tenants.state === 'refreshing' ? props.of.tenants.latest.earlier : []
  return (
    <Show when={earlier().length > 0}>
      <Panel title={words.earlier}>
        <p class="panel-body quiet small">{words.earlierText}</p>
        <ul class="earlier">
          <For each={earlier()}>
            {(tenant) => (
              <li>
                <span dir="auto">{labelOf(tenant)}</span>
                <span class="quiet">{words.earlierSpan(tenant.connectedAt, tenant.removedAt)}</span>
              </li>
            )}
          </For>
        </ul>
      </Panel>
    </Show>
  )
}

/** Connected by its id, a tenant has no domain to show: then its name does. */
const labelOf = (tenant: Pick<Tenant, 'domain' | 'name'>): string =>
  /^[0-9a-f-]{36}$/i.test(tenant.domain) ? tenant.name : tenant.domain

/** Also between the press of a button and the first step, and between two tries: there is something to wait for. */
const isSyncing = (tenant: Tenant): boolean =>
  tenant.sync?.state === 'running' ||
  tenant.job?.state === 'waiting' ||
  tenant.job?.state === 'running' ||
  (tenant.state === 'connected' && tenant.lastGoodSyncAt === null && tenant.sync?.state !== 'failed')

function SyncCell(props: { tenant: Tenant }): JSX.Element {
  const running = () => (props.tenant.sync?.state === 'running' ? props.tenant.sync : undefined)
  return (
    <div class="sync-cell">
      <Show
        when={running()}
        fallback={
          <Show when={props.tenant.lastGoodSyncAt} fallback={<span class="quiet">{words.neverSynced}</span>}>
            {(at) => (
              <>
                <span>
                  <span class="on-phone-only">{words.columns.sync}: </span>
                  <Time at={at()} relative plain />
                </span>
                <Show when={props.tenant.nextSyncAt}>
                  {(next) => <span class="quiet">{words.nextSync(next())}</span>}
                </Show>
              </>
            )}
          </Show>
        }
      >
        {(run) => (
          <Progress
            what={words.step[run().step]}
            done={run().userCount}
            of={run().userCountExpected}
            label={words.progressOf(labelOf(props.tenant))}
          />
        )}
      </Show>
      <Show when={props.tenant.job?.trouble ?? (props.tenant.sync?.state === 'failed' ? words.syncFailed : null)}>
        {(trouble) => (
          <Tip text={trouble()}>
            <State mood="warn">
              {props.tenant.job?.state === 'waiting'
                ? words.willRetry(props.tenant.job.dueAt)
                : props.tenant.job?.state === 'running'
                  ? words.tryingAgain
                  : words.syncFailed}
            </State>
          </Tip>
        )}
      </Show>
    </div>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel-body stack">
        <Bone shape="long" />
        <Bone shape="half" />
      </div>
    </Skeleton>
  )
}
