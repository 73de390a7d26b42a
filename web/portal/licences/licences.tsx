import { createMemo, createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { ProblemError } from '../../api/problem.ts'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { Costs } from '../../licences/costs.tsx'
import { LicenceRows } from '../../licences/licence-rows.tsx'
import { Renewals } from '../../licences/renewals.tsx'
import { SignIns } from '../../licences/sign-ins.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { file, lock, plus } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { AsOf } from '../../ui/time.tsx'
import { words } from '../../words/licences.ts'
import { readLicences, sourceOf, type PortalLicences } from './licences.data.ts'
import { PortalRefresh } from '../refresh.tsx'
import { Unreadable } from '../unreadable.tsx'

/** What the company bought and uses, who has it, when it renews, and how to ask for more. */
export default function Licences(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const customerId = () => props.boot.customerId
  const [free, setFree] = createSignal(false)
  const [licences, { refetch }] = createResource(
    () => ({ id: customerId(), free: free() }),
    (asked) => readLicences(asked.id, asked.free),
  )
  const isRefused = () => licences.state === 'errored' && isForbidden(licences.error)
  return (
    <>
      <div class="greet">
        <div class="with-refresh">
          <h1>{words.title}</h1>
          <PortalRefresh boot={props.boot} person={props.person} onDone={() => void refetch()} />
        </div>
      </div>
      <Show when={!isRefused()} fallback={<NotShown />}>
        <Loaded of={licences} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
          {(value) => <Answers licences={value()} boot={props.boot} free={free()} onFree={setFree} />}
        </Loaded>
      </Show>
    </>
  )
}

function Answers(props: {
  licences: PortalLicences
  boot: PortalBoot
  free: boolean
  onFree: (free: boolean) => void
}): JSX.Element {
  const customerId = () => props.boot.customerId
  const tenantNames = createMemo(() => new Map(props.licences.tenants.map(({ id, name }) => [id, name])))
  const side = () => props.licences.renewals !== null || props.licences.costs !== undefined
  return (
    <div class="licence-cards">
      <Unreadable
        tenants={props.licences.tenants.map((tenant) => ({ ...tenant, unreadableSince: tenant.stateSince }))}
        provider={props.boot.help.name}
      />
      <For each={props.licences.tenants.filter(({ state }) => state === 'syncing')}>
        {(tenant) => <Notice>{words.syncing(tenant.name)}</Notice>}
      </For>
      <div classList={{ 'licence-wide': side() }}>
        <section class="card">
          <div class="card-body">
            <div>
              <h2 class="card-topic">{words.list}</h2>
              <p class="card-answer">{answerOf(props.licences)}</p>
            </div>
          </div>
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
              source={sourceOf(customerId())}
              seesHolders={props.licences.seesHolders}
              currency={props.licences.costs?.currency ?? null}
              act={(licence) => (
                <Show when={props.licences.mayRequest && !licence.isFree && props.boot.preview === null}>
                  <ButtonLink
                    look="plain"
                    icon={plus}
                    label={words.requestFor(licence.name)}
                    href={askForMore(licence)}
                  >
                    {words.request}
                  </ButtonLink>
                </Show>
              )}
            />
          </Show>
          <Show when={props.licences.seesHolders && props.licences.items.length > 0}>
            <div class="sign-ins">
              <SignIns tenants={props.licences.tenants} />
            </div>
          </Show>
          <div class="card-end">
            <span>
              <Show when={props.free || props.licences.hiddenCount > 0}>
                <Button look="plain" class="to-edge" onClick={() => props.onFree(!props.free)}>
                  {props.free ? words.hideFree : words.showFree(props.licences.hiddenCount)}
                </Button>
              </Show>
            </span>
            <AsOf at={props.licences.asOf} source={words.microsoft} />
          </div>
        </section>
        <Show when={side()}>
          <div class="licence-cards">
            <Show when={props.licences.costs}>
              {(costs) => (
                <Card
                  topic={words.costs}
                  answer={
                    costs().perYearMinor > 0
                      ? words.costsAnswer(costs().perMonthMinor, costs().currency)
                      : words.noPrices
                  }
                >
                  <Costs costs={costs()} />
                </Card>
              )}
            </Show>
            <Show when={props.licences.renewals}>
              {(renewals) => (
                <section class="card">
                  <div class="card-body">
                    <h2 class="card-topic">{words.renewals}</h2>
                    <Renewals items={renewals()} hasSeveral={tenantNames().size > 1} />
                  </div>
                </section>
              )}
            </Show>
          </div>
        </Show>
      </div>
    </div>
  )
}

/** The one sentence that answers the question: over-use before what is free. */
function answerOf(licences: PortalLicences): string {
  const paid = licences.items.filter(({ isFree }) => !isFree)
  const over = paid.reduce((sum, { overCount }) => sum + overCount, 0)
  const free = paid.reduce((sum, { availableCount }) => sum + availableCount, 0)
  if (paid.length === 0) return words.none
  if (over > 0) return words.over(over)
  return free > 0 ? words.free(free) : words.allUsed
}

const isForbidden = (error: unknown): boolean => error instanceof ProblemError && error.status === 403

function NotShown(): JSX.Element {
  return (
    <div class="card">
      <Empty icon={lock} title={words.notShownTitle}>
        {words.notShownText}
      </Empty>
    </div>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="card">
        <div class="card-body">
          <Bone shape="half tall" />
          <Bone shape="long" />
          <Bone shape="long tall" />
          <Bone shape="long" />
          <Bone shape="long tall" />
        </div>
      </div>
    </Skeleton>
  )
}

/** The first of the environments that have it is meant until another is chosen in the form. */
const askForMore = ({ skuId, tenants }: { skuId: string; tenants: { tenantId: string }[] }): string => {
  const [first] = tenants
  return `/requests/new/licence_change?${new URLSearchParams({ ...(first && { tenantId: first.tenantId }), skuId }).toString()}`
}
