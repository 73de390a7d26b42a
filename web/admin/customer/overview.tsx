import { createResource, For, Show, type JSX } from 'solid-js'
import { Facts } from '../../ui/facts.tsx'
import { alert, Icon, lock, stop } from '../../ui/icon.tsx'
import { Panel, Strip, type StripItem } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { AsOf, Time } from '../../ui/time.tsx'
import { Tip } from '../../ui/tip.tsx'
import { activity } from '../../words/activity.ts'
import { admin } from '../../words/admin.ts'
import { date, fullTime, number, percent } from '../../words/format.ts'
import { PortalAddress } from '../customers/customers.tsx'
import type { Customer } from '../customers/customers.data.ts'
import { PastMerges } from '../merges/past-merges.tsx'
import { useCustomer } from './customer-context.ts'
import { listActivity } from '../activity/activity.data.ts'
import type { Tenant } from './tenants.data.ts'
import { Feed } from '../activity/feed.tsx'
import { TenantTable, watchTenants } from './tenant-table.tsx'

const words = admin.customer

export function Overview(): JSX.Element {
  const { customer, refresh, mayChange } = useCustomer()
  const base = () => `/customers/${customer().id}`
  const tenants = watchTenants(() => customer().tenantCount > 0 && customer().id)
  // `latest` would suspend the page before the first answer.
  const read = () =>
    tenants.tenants.state === 'ready' || tenants.tenants.state === 'refreshing' ? tenants.tenants.latest.items : []
  return (
    <div class="columns">
      <div class="stack">
        <PastMerges customerId={customer().id} isArchived={customer().state === 'archived'} refresh={refresh} />
        <Strip
          items={[
            {
              label: words.users,
              value: number(customer().licensedUserCount),
              note: words.usersNote(customer().tenantCount),
            },
            licencesItem(read()),
            scoreItem(read()),
          ]}
        />
        <Show when={mayChange()}>
          <Next customer={customer()} base={base()} />
        </Show>
        <Why customer={customer()} />
        <Show when={customer().tenantCount > 0}>
          <Panel title={words.tenants} end={<a href={`${base()}/tenants`}>{words.allTenants}</a>}>
            <TenantTable brief of={tenants} customerId={customer().id} />
          </Panel>
        </Show>
        <Recent customerId={customer().id} version={customer().version} base={base()} />
      </div>
      <aside class="stack" aria-label={words.facts}>
        <section class="panel panel-body">
          <Facts of={facts(customer())} />
        </section>
        <Panel title={words.notes} padded>
          <div class="stack tight smaller">
            <p class="multi-line">{customer().notes ?? words.noNotes}</p>
            <p class="note-line">
              <Icon of={lock} />
              {words.neverShown}
            </p>
          </div>
        </Panel>
      </aside>
    </div>
  )
}

function licencesItem(tenants: Tenant[]): StripItem {
  const bought = sumOf(tenants, ({ seats }) => seats.boughtCount)
  const assigned = sumOf(tenants, ({ seats }) => seats.assignedCount)
  return bought === 0 && assigned === 0
    ? { label: words.licences, value: '–', note: words.licencesNone }
    : {
        label: words.licences,
        value: number(assigned),
        of: words.licencesOf(bought),
        note: words.licencesNote(bought - assigned),
        warn: assigned > bought,
      }
}

function scoreItem(tenants: Tenant[]): StripItem {
  const scores = tenants.flatMap(({ securityScore }) => (securityScore ? [securityScore] : []))
  const max = sumOf(scores, (score) => score.max)
  const oldest = scores.map(({ day }) => day).toSorted()[0]
  return oldest === undefined || max === 0
    ? { label: words.score, value: '–', note: words.scoreNone }
    : { label: words.score, value: percent(sumOf(scores, ({ current }) => current) / max), note: words.scoreOf(oldest) }
}

const sumOf = <T,>(items: T[], pick: (item: T) => number): number => items.reduce((sum, item) => sum + pick(item), 0)

function facts(customer: Customer): { name: string; value: JSX.Element }[] {
  const or = (value: string | null) => value ?? <span class="quiet">{words.notGiven}</span>
  return [
    {
      name: words.portalAddress,
      value: (
        <Show when={customer.portal.url} fallback={<span class="quiet">{words.portalNone}</span>}>
          <PortalAddress portal={customer.portal} isShut={customer.state !== 'active'} />
        </Show>
      ),
    },
    {
      name: words.primaryContact,
      value: customer.email ? <a href={`mailto:${customer.email}`}>{customer.email}</a> : or(null),
    },
    { name: words.phone, value: or(customer.phone) },
    { name: words.address, value: or(customer.address) },
    ...(customer.psaId ? [{ name: words.psaId, value: customer.psaId }] : []),
    { name: words.created, value: <Tip text={fullTime(customer.createdAt)}>{date(customer.createdAt)}</Tip> },
  ]
}

/** The steps that make a customer complete, as long as one is missing. */
function Next(props: { customer: Customer; base: string }): JSX.Element {
  const steps = () => [
    ...(props.customer.tenantCount === 0
      ? [{ text: words.nextTenant, act: words.nextTenantAct, href: `${props.base}/tenants` }]
      : []),
    ...(props.customer.portal.state === 'none'
      ? [{ text: words.nextPortal, act: words.nextPortalAct, href: `${props.base}/portal` }]
      : []),
    ...(props.customer.contactCount === 0
      ? [{ text: words.nextContact, act: words.nextContactAct, href: `${props.base}/contacts` }]
      : []),
  ]
  return (
    <Show when={steps().length > 0}>
      <Panel title={words.nextTitle}>
        <ul class="next">
          <For each={steps()}>
            {(step) => (
              <li>
                <span>{step.text}</span>
                <a href={step.href}>{step.act}</a>
              </li>
            )}
          </For>
        </ul>
      </Panel>
    </Show>
  )
}

function Why(props: { customer: Customer }): JSX.Element {
  const health = () => props.customer.health
  return (
    <Show when={health().reasons.length > 0}>
      <Panel
        title={admin.health.why(health().level)}
        end={<Show when={health().asOf}>{(at) => <AsOf at={at()} />}</Show>}
      >
        <ul class="why">
          <For each={health().reasons}>
            {(reason) => (
              <li>
                <Icon
                  of={reason.level === 'red' ? stop : alert}
                  class={reason.level === 'red' ? 'bad' : reason.level === 'amber' ? 'warn' : ''}
                />
                <span>
                  <b>{reason.text}.</b> {reason.detail} <span class="quiet">{reason.remedy}</span>
                </span>
                <Show when={reason.since}>
                  {(since) => (
                    <span class="quiet">
                      <Time at={since()} plain />
                    </span>
                  )}
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Panel>
    </Show>
  )
}

function Recent(props: { customerId: string; version: number; base: string }): JSX.Element {
  const [page, { refetch }] = createResource(
    // Whatever changed the customer is what happened last.
    () => ({ customerId: props.customerId, version: props.version }),
    ({ customerId }) => listActivity(customerId, { limit: 6 }),
  )
  return (
    <Panel title={words.recentActivity} end={<a href={`${props.base}/activity`}>{words.allActivity}</a>}>
      <Loaded
        of={page}
        waiting={
          <Skeleton what={activity.loading}>
            <div class="panel-body stack">
              <Bone shape="long" />
              <Bone shape="half" />
            </div>
          </Skeleton>
        }
        failedTitle={activity.failed}
        retry={() => void refetch()}
      >
        {(value) => (
          <Show when={value().items.length > 0} fallback={<p class="panel-body quiet small">{activity.emptyTitle}.</p>}>
            <Feed entries={value().items} />
          </Show>
        )}
      </Loaded>
    </Panel>
  )
}
