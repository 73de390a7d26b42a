import { A } from '@solidjs/router'
import { createResource, For, Show, type JSX } from 'solid-js'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { matters as words } from '../../words/matters.ts'
import { useTitle } from '../title.ts'
import { MatterRows } from './matter-rows.tsx'
import { readMatters, type MatterKind, type Matters } from './matters.data.ts'
import './matters.css'

const partOf: Record<MatterKind, keyof Matters> = {
  renewals: 'renewals',
  over_used: 'overUsed',
  lost_consents: 'lostConsents',
  idle: 'idle',
  idle_unpriced: 'idleUnpriced',
}

/** What an account manager starts the week with: the first of each, and the way to all of them. */
export function MattersPage(): JSX.Element {
  useTitle(() => words.title)
  const [read, { refetch }] = createResource(readMatters)
  return (
    <>
      <div class="head top">
        <h1>{words.title}</h1>
        <span class="quiet smaller">{words.lead}</span>
      </div>
      <Loaded of={read} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(value) => (
          <div class="matter-panels">
            <For each={shownIn(value())}>{(kind) => <One kind={kind} part={value()[partOf[kind]]} />}</For>
          </div>
        )}
      </Loaded>
    </>
  )
}

/** Seats without a price are worth a place only where there are some. */
const shownIn = (value: Matters): MatterKind[] => [
  'renewals',
  'over_used',
  'idle',
  'lost_consents',
  ...(value.idleUnpriced.items.length > 0 ? (['idle_unpriced'] as const) : []),
]

function One(props: { kind: MatterKind; part: Matters['idle'] }): JSX.Element {
  return (
    <Panel
      title={words.names[props.kind]}
      end={
        <Show when={props.part.hasMore}>
          <A href={`/licences/${props.kind}`} aria-label={words.allOf(words.names[props.kind])}>
            {words.all}
          </A>
        </Show>
      }
    >
      <Show when={props.part.items.length > 0} fallback={<p class="quiet matters-none">{words.none[props.kind]}</p>}>
        <MatterRows kind={props.kind} items={props.part.items} />
        <Show when={words.notes[props.kind]}>
          {(note) => (
            <p class="quiet small matters-note">
              {note()}
              <Show when={props.kind === 'idle_unpriced'}>
                {' '}
                <A href="/settings/licences">{words.toPrices}</A>
              </Show>
            </p>
          )}
        </Show>
      </Show>
    </Panel>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="matter-panels">
        <For each={[1, 2, 3, 4]}>
          {() => (
            <div class="panel panel-body stack">
              <Bone shape="half" />
              <Bone shape="long" />
              <Bone shape="long" />
              <Bone shape="long" />
            </div>
          )}
        </For>
      </div>
    </Skeleton>
  )
}
