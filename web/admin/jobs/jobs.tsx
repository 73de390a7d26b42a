import { A, useSearchParams } from '@solidjs/router'
import { createEffect, createResource, For, on, onCleanup, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { State, type Mood } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ok, pulse } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { say } from '../../ui/messages.tsx'
import { Bone, Empty, Loaded, Segments, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { admin } from '../../words/admin.ts'
import { number } from '../../words/format.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { listJobs, retryJob, type Job } from './jobs.data.ts'

const words = admin.jobs
const moods: Record<Job['state'], Mood> = { waiting: 'none', running: 'info', done: 'good', parked: 'bad' }
const states = ['parked', 'running', 'waiting', 'done'] as const
const isState = (text: unknown): text is Job['state'] => states.some((state) => state === text)
const pollMs = 3_000

/** What runs by itself for this MSP, what failed and why, and a second chance for it. */
export function Jobs(): JSX.Element {
  const staff = useStaff()
  const [params, setParams] = useSearchParams<{ state?: string }>()
  useTitle(() => words.title)
  const state = (): Job['state'] | 'all' => (isState(params.state) ? params.state : 'all')
  const read = (wanted: Job['state'] | 'all', cursor?: string) =>
    listJobs({ limit: 50, ...(wanted !== 'all' && { state: wanted }), ...(cursor && { cursor }) })
  const [page, { refetch }] = createResource(state, (wanted: Job['state'] | 'all') => read(wanted))
  const later = createLaterPages(state, (cursor) => read(state(), cursor))
  const alive = () =>
    page.state !== 'errored' &&
    (page.latest?.items ?? []).some((job) => job.state === 'running' || job.state === 'waiting')
  createEffect(
    on(alive, (now) => {
      if (!now) return
      const timer = setInterval(() => void refetch(), pollMs)
      onCleanup(() => clearInterval(timer))
    }),
  )
  const retry = async (job: Job) => {
    try {
      await retryJob(job.id)
      say(words.retried)
      await refetch()
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  return (
    <>
      <div class="head top">
        <h1>{words.title}</h1>
      </div>
      <div class="tools">
        <Segments
          label={words.filter}
          value={state()}
          options={[
            { value: 'all', label: words.all },
            ...states.map((value) => ({ value, label: words.state[value] })),
          ]}
          onChange={(next) => setParams({ state: next === 'all' ? undefined : next })}
        />
        <span class="quiet smaller">{words.lead}</span>
      </div>
      <Loaded of={page} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(first) => {
          return (
            <Show
              when={first().items.length > 0}
              fallback={
                <div class="card">
                  <Empty icon={state() === 'parked' ? ok : pulse} title={words.emptyTitle}>
                    {words.emptyText}
                  </Empty>
                </div>
              }
            >
              <Table
                label={words.title}
                fills
                rows={later.rows(first())}
                id={(job) => job.id}
                columns={[
                  {
                    key: 'job',
                    title: words.columns.job,
                    phone: 'title',
                    cell: (job) => (
                      <>
                        {job.title}{' '}
                        <Show when={job.customerId} fallback={<span class="quiet">{job.subjectName}</span>}>
                          {(customerId) => (
                            <A class="name" href={`/customers/${customerId()}`}>
                              {job.subjectName}
                            </A>
                          )}
                        </Show>
                      </>
                    ),
                  },
                  {
                    key: 'state',
                    title: words.columns.state,
                    phone: 'line',
                    cell: (job) => <State mood={moods[job.state]}>{words.state[job.state]}</State>,
                  },
                  {
                    key: 'trouble',
                    title: words.columns.trouble,
                    phone: 'line',
                    wraps: true,
                    cell: (job) =>
                      job.trouble === null ? (
                        ''
                      ) : (
                        <span class={job.state === 'done' ? 'quiet' : ''}>{job.trouble}</span>
                      ),
                  },
                  {
                    key: 'tries',
                    title: words.columns.tries,
                    numeric: true,
                    wide: true,
                    cell: (job) => number(job.attemptCount),
                  },
                  {
                    key: 'when',
                    title: words.columns.when,
                    phone: 'line',
                    numeric: true,
                    wide: true,
                    cell: (job) => <When job={job} />,
                  },
                  ...(staff.mayWrite
                    ? [
                        {
                          key: 'act',
                          title: words.columns.act,
                          quiet: true,
                          numeric: true,
                          phone: 'end' as const,
                          cell: (job: Job) => (
                            <Show when={job.state === 'parked'}>
                              <Button look="plain" class="in-row" onClick={() => void retry(job)}>
                                {words.retry}
                                <span class="sr">: {job.subjectName}</span>
                              </Button>
                            </Show>
                          ),
                        },
                      ]
                    : []),
                ]}
              />
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
          )
        }}
      </Loaded>
    </>
  )
}

function When(props: { job: Job }): JSX.Element {
  return (
    <Show
      when={props.job.state === 'waiting' && props.job.dueAt}
      fallback={<Time at={props.job.finishedAt ?? props.job.startedAt ?? props.job.createdAt} relative plain />}
    >
      {(at) => <span class="quiet">{words.due(at())}</span>}
    </Show>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel panel-body stack">
        <For each={[1, 2, 3, 4, 5]}>{(n) => <Bone shape={n % 2 ? 'long' : 'half'} />}</For>
      </div>
    </Skeleton>
  )
}
