import { createMemo, createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { Costs } from '../../licences/costs.tsx'
import { LicenceRows } from '../../licences/licence-rows.tsx'
import { RefreshButton } from '../../licences/refresh.tsx'
import { Renewals } from '../../licences/renewals.tsx'
import { SignIns } from '../../licences/sign-ins.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { file } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { AsOf } from '../../ui/time.tsx'
import { words } from '../../words/licences.ts'
import { licenceSettings } from '../../words/licence-settings.ts'
import { useCustomer } from '../customer/customer-context.ts'
import { Unreadable } from '../customer/unreadable.tsx'
import { useStaff } from '../staff.tsx'
import {
  askForRefresh,
  readLicences,
  readRefresh,
  readTerms,
  sourceOf,
  type CustomerLicences,
} from './licences.data.ts'
import { TermsDialog } from './terms-dialog.tsx'
import './licences.css'

/** A customer's licences as its people see them, with what staff see and decide beside that. */
export function Licences(): JSX.Element {
  const { customer } = useCustomer()
  const [free, setFree] = createSignal(false)
  const [licences, { refetch }] = createResource(
    () => ({ id: customer().id, free: free() }),
    (asked) => readLicences(asked.id, asked.free),
  )
  return (
    <Loaded of={licences} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(value) => <Shown licences={value()} free={free()} onFree={setFree} reload={() => void refetch()} />}
    </Loaded>
  )
}

function Shown(props: {
  licences: CustomerLicences
  free: boolean
  onFree: (free: boolean) => void
  reload: () => void
}): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const staff = useStaff()
  const tenantNames = createMemo(() => new Map(props.licences.tenants.map(({ id, name }) => [id, name])))
  return (
    <div class="licence-cards">
      <Unreadable
        tenants={props.licences.tenants.map((tenant) => ({ ...tenant, unreadableSince: tenant.stateSince }))}
        customerId={customer().id}
      />
      <For each={props.licences.tenants.filter(({ state }) => state === 'syncing')}>
        {(tenant) => <Notice>{words.syncing(tenant.name)}</Notice>}
      </For>
      <div class="licence-wide">
        <Panel
          title={words.list}
          end={
            <span class="refresh">
              <AsOf at={props.licences.asOf} source={words.microsoft} />
              <Show when={staff.mayWrite && mayChange()}>
                <RefreshButton
                  ask={() => askForRefresh(customer().id)}
                  read={() => readRefresh(customer().id)}
                  onDone={() => props.reload()}
                />
              </Show>
            </span>
          }
        >
          <Show
            when={props.licences.items.length > 0}
            fallback={
              <Empty icon={file} title={props.licences.hiddenCount > 0 ? words.onlyFreeTitle : words.emptyTitle}>
                {props.licences.hiddenCount > 0 ? words.onlyFreeText : words.emptyText}
              </Empty>
            }
          >
            <LicenceRows
              items={props.licences.items}
              tenantNames={tenantNames()}
              source={sourceOf(customer().id)}
              seesHolders
              currency={props.licences.costs.currency}
            />
          </Show>
          <Show when={props.licences.items.length > 0}>
            <div class="sign-ins">
              <SignIns tenants={props.licences.tenants} />
            </div>
          </Show>
          <Show when={props.free || props.licences.hiddenCount > 0}>
            <div class="licence-end">
              <Button look="plain" onClick={() => props.onFree(!props.free)}>
                {props.free ? words.hideFree : words.showFree(props.licences.hiddenCount)}
              </Button>
            </div>
          </Show>
        </Panel>
        <div class="licence-cards">
          <Panel title={words.renewals} padded>
            <Renewals items={props.licences.renewals} hasSeveral={tenantNames().size > 1} />
          </Panel>
          <Panel title={words.costs} padded>
            <Costs costs={props.licences.costs} />
          </Panel>
          <Terms licences={props.licences} reload={() => props.reload()} />
        </div>
      </div>
    </div>
  )
}

function Terms(props: { licences: CustomerLicences; reload: () => void }): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const staff = useStaff()
  const [terms, { refetch, mutate }] = createResource(() => customer().id, readTerms)
  const [changing, setChanging] = createSignal(false)
  const yesNo = (yes: boolean) => (yes ? licenceSettings.yes : licenceSettings.no)
  return (
    <Panel
      title={licenceSettings.terms}
      padded
      end={
        <Show when={staff.mayManage && mayChange() && terms.state === 'ready'}>
          <Button look="plain" label={licenceSettings.termsTitle(customer().name)} onClick={() => setChanging(true)}>
            {licenceSettings.change}
          </Button>
        </Show>
      }
    >
      <Loaded
        of={terms}
        waiting={<Bone shape="long" />}
        failedTitle={licenceSettings.termsFailed}
        retry={() => void refetch()}
      >
        {(value) => (
          <>
            <Facts
              of={[
                { name: licenceSettings.costsShown, value: yesNo(value().costsShown) },
                {
                  name: licenceSettings.ownPrices,
                  value:
                    value().prices.length === 0
                      ? licenceSettings.none
                      : licenceSettings.priceCount(value().prices.length),
                },
              ]}
            />
            <Show when={changing()}>
              <TermsDialog
                customer={customer()}
                terms={value()}
                licences={props.licences.items}
                onClose={() => setChanging(false)}
                onDone={(next) => {
                  setChanging(false)
                  mutate(next)
                  say(licenceSettings.termsSaved)
                  props.reload()
                }}
              />
            </Show>
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack">
        <Bone shape="half tall" />
        <Bone shape="long" />
        <Bone shape="long tall" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
