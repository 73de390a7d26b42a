import { useSearchParams } from '@solidjs/router'
import { createMemo, createResource, For, Show, type JSX } from 'solid-js'
import type { TenantOfDirectory, UserChange, UserChangeList } from '../api/shapes.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { people } from '../ui/icon.tsx'
import { createLaterPages } from '../ui/later-pages.ts'
import { Bone, Empty, Loaded, Segments, Skeleton } from '../ui/states.tsx'
import { AsOf } from '../ui/time.tsx'
import { changes as words } from '../words/changes.ts'
import { ChangeLine } from './change-line.tsx'
import { together } from './together.ts'
import type { ToldChange } from './together.ts'
import './changes.css'

type Period = keyof typeof words.periods
const periods = Object.entries(words.periods).map(([value, label]) => ({ value: value as Period, label }))
const isPeriod = (text: string | undefined): text is Period => text !== undefined && text in words.periods

/** Where changes are read from: the portal and the admin area ask at addresses of their own. */
export type ChangeSource = (query: {
  days: number
  tenantId?: string
  limit: number
  cursor?: string
}) => Promise<UserChangeList>

/** What happened to a customer's people, day by day. Period and tenant stand in the address. */
export function Changes(props: {
  from: ChangeSource
  /** What is known of the tenants, above the list. */
  notices: (tenants: TenantOfDirectory[]) => JSX.Element
}): JSX.Element {
  const [params, setParams] = useSearchParams<{ days?: string; tenant?: string }>()
  const period = (): Period => (isPeriod(params.days) ? params.days : '30')
  const query = createMemo(
    () => ({ days: Number(period()), limit: 100, ...(params.tenant && { tenantId: params.tenant }) }),
    undefined,
    { equals: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  )
  const [list, { refetch }] = createResource(query, (asked) => props.from(asked))
  const later = createLaterPages(
    () => JSON.stringify(query()),
    (cursor) => props.from({ ...query(), cursor }),
  )
  const look = (set: { days?: string | undefined; tenant?: string | undefined }) => setParams(set, { replace: true })
  return (
    <Loaded of={list} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(first) => {
        const rows = createMemo(() => later.rows(first()))
        const days = createMemo(() => [...Map.groupBy(rows(), ({ day }) => day)])
        const nameOf = (tenantId: string) => first().tenants.find(({ id }) => id === tenantId)?.name
        const hasSeveral = () => first().tenants.length > 1
        // Of the last day that is read more may come with the next page: until then its counts are no whole ones.
        const isWhole = (day: string) => later.cursor(first()) === null || day !== rows().at(-1)?.day
        const endOf = ({ change }: ToldChange<UserChange>, day: string) => {
          if (change.name === null) return isWhole(day) ? undefined : words.soFar
          return hasSeveral() ? nameOf(change.tenantId) : undefined
        }
        return (
          <div class="changes">
            {props.notices(first().tenants)}
            <div class="tools">
              <Segments
                label={words.period}
                value={period()}
                options={periods}
                onChange={(days) => look({ days: days === '30' ? undefined : days })}
              />
              <Show when={hasSeveral()}>
                <Choice
                  title={words.tenant}
                  any={words.anyTenant}
                  value={params.tenant}
                  options={first().tenants.map(({ id, name }) => ({ value: id, label: name }))}
                  onChoose={(tenant) => look({ tenant })}
                />
              </Show>
            </div>
            <div class="card">
              <Show
                when={rows().length > 0}
                fallback={
                  <Show
                    when={first().tenants.length > 0}
                    fallback={
                      <Empty icon={people} title={words.noTenantTitle}>
                        {words.noTenantText}
                      </Empty>
                    }
                  >
                    <Empty icon={people} title={words.noneTitle}>
                      {words.noneText[period()]}
                    </Empty>
                  </Show>
                }
              >
                <div class="card-body">
                  <For each={days()}>
                    {([day, ofDay]) => (
                      <section>
                        <h2>
                          <time dateTime={day}>{words.day(day)}</time>
                        </h2>
                        <ul class="lines">
                          <For each={together(ofDay)}>{(told) => <ChangeLine of={told} end={endOf(told, day)} />}</For>
                        </ul>
                      </section>
                    )}
                  </For>
                </div>
              </Show>
              <div class="card-end">
                <span class="row">
                  <span class="quiet" role="status">
                    {rows().length > 0 ? words.shown(rows().length) : ''}
                  </span>
                  <Show when={later.cursor(first())}>
                    {(cursor) => (
                      <Button busy={later.busy()} onClick={() => void later.more(cursor())}>
                        {words.more}
                      </Button>
                    )}
                  </Show>
                </span>
                <AsOf at={first().asOf} source={words.microsoft} />
              </div>
            </div>
          </div>
        )
      }}
    </Loaded>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack">
        <Bone shape="half tall" />
        <For each={[1, 2, 3, 4, 5, 6]}>{() => <Bone shape="long" />}</For>
      </div>
    </Skeleton>
  )
}
