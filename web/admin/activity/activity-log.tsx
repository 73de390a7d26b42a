import { useSearchParams } from '@solidjs/router'
import { createResource, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { DateInput, Select } from '../../ui/inputs.tsx'
import { list, search } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { activity as words } from '../../words/activity.ts'
import { exports } from '../../words/exports.ts'
import { ExportMenu } from '../export-menu.tsx'
import { useStaff } from '../staff.tsx'
import {
  listPeople,
  saveActivity,
  type Activity,
  type ActivityKind,
  type ActivityPage,
  type ActivityPerson,
  type ActivityQuestion,
} from './activity.data.ts'
import { Log } from './feed.tsx'

const kinds = Object.keys(words.kinds)
const isKind = (text: string | undefined): text is ActivityKind => text !== undefined && kinds.includes(text)
const isDay = (text: string | undefined): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? '')

/** What was done, with filters that stand in the address; `customerId` is whose log it is, if it is one customer's. */
export function ActivityLog(props: {
  customerId: string | undefined
  read: (query: ActivityQuestion & { cursor?: string; limit: number }) => Promise<ActivityPage>
  emptyText: string
  customerOf?: (entry: Activity) => JSX.Element
}): JSX.Element {
  const staff = useStaff()
  const [params, setParams] = useSearchParams<{ person?: string; kind?: string; from?: string; to?: string }>()
  const filters = (): ActivityQuestion => ({
    ...(params.person && { person: params.person }),
    ...(isKind(params.kind) && { kind: params.kind }),
    ...(isDay(params.from) && { from: params.from }),
    ...(isDay(params.to) && { to: params.to }),
  })
  const isFiltered = () => Object.keys(filters()).length > 0
  const question = () => JSON.stringify([props.customerId, filters()])
  const [page, { refetch }] = createResource(question, () => props.read({ ...filters(), limit: 50 }))
  const later = createLaterPages(question, (cursor) => props.read({ ...filters(), cursor, limit: 50 }))
  const [people] = createResource(
    () => props.customerId ?? 'all',
    () => listPeople(props.customerId),
  )
  // `latest` would hold up the page until the first answer, and throw when there is none.
  const known = () => (people.state === 'ready' || people.state === 'refreshing' ? people.latest : [])
  const clear = () => setParams({ person: undefined, kind: undefined, from: undefined, to: undefined })
  return (
    <>
      <div class="log-filters" role="search" aria-label={words.filters}>
        <Field label={words.person}>
          <Select
            value={params.person ?? ''}
            options={[{ value: '', label: words.anybody }, ...optionsOf(known(), params.person)]}
            onChange={(person) => setParams({ person: person || undefined })}
          />
        </Field>
        <Field label={words.kind}>
          <Select
            value={params.kind ?? ''}
            options={[
              { value: '', label: words.anything },
              ...Object.entries(words.kinds).map(([value, label]) => ({ value, label })),
            ]}
            onChange={(kind) => setParams({ kind: kind || undefined })}
          />
        </Field>
        <Field label={words.from}>
          <DateInput
            value={params.from ?? ''}
            max={params.to}
            onChange={(from) => setParams({ from: from || undefined })}
          />
        </Field>
        <Field label={words.to}>
          <DateInput value={params.to ?? ''} min={params.from} onChange={(to) => setParams({ to: to || undefined })} />
        </Field>
        <div class="push">
          <Show when={isFiltered()}>
            <Button look="ghost" onClick={clear}>
              {words.clear}
            </Button>
          </Show>
          <Show when={staff.mayWrite}>
            <ExportMenu
              note={isFiltered() ? exports.matchingActivity : exports.allActivity}
              save={(format) =>
                saveActivity(format, { ...filters(), ...(props.customerId && { customerId: props.customerId }) })
              }
            />
          </Show>
        </div>
      </div>
      <Loaded of={page} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(first) => (
          <Show
            when={first().items.length > 0}
            fallback={
              <div class="card">
                <Show
                  when={isFiltered()}
                  fallback={
                    <Empty icon={list} title={words.emptyTitle}>
                      {props.emptyText}
                    </Empty>
                  }
                >
                  <Empty icon={search} title={words.noMatchTitle} act={<Button onClick={clear}>{words.clear}</Button>}>
                    {words.noMatchText}
                  </Empty>
                </Show>
              </div>
            }
          >
            <section class="panel" aria-label={words.title}>
              <Log
                entries={later.rows(first())}
                onPerson={(person) => setParams({ person })}
                {...(props.customerOf && { customerOf: props.customerOf })}
              />
            </section>
            <Show when={later.cursor(first())}>
              {(at) => (
                <div class="table-foot">
                  <Button busy={later.busy()} onClick={() => void later.more(at())}>
                    {words.more}
                  </Button>
                </div>
              )}
            </Show>
          </Show>
        )}
      </Loaded>
    </>
  )
}

/** Whoever is chosen stands among them, also somebody who is gone by now. */
function optionsOf(people: ActivityPerson[] | undefined, chosen: string | undefined) {
  const options = (people ?? []).map(({ kind, id, name }) => ({ value: id, label: words.personAs(kind, name) }))
  return chosen && !options.some(({ value }) => value === chosen)
    ? [...options, { value: chosen, label: words.somebody }]
    : options
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel panel-body stack">
        <Bone shape="long" />
        <Bone shape="half" />
        <Bone shape="long" />
        <Bone shape="half" />
      </div>
    </Skeleton>
  )
}
