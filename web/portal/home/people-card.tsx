import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import { ChangeLine } from '../../changes/change-line.tsx'
import { together } from '../../changes/together.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Segments } from '../../ui/states.tsx'
import { AsOf } from '../../ui/time.tsx'
import { day } from '../../words/format.ts'
import { words } from '../../words/portal-home.ts'
import { changesIn, netOfWeek, type Period } from './answers.ts'
import type { Dashboard } from './home.data.ts'

const shownAtFirst = 4

export function PeopleCard(props: { people: NonNullable<Dashboard['people']> }): JSX.Element {
  const [period, setPeriod] = createSignal<Period>(
    // A quiet week opens on the month, so that the card says something when there is something to say.
    changesIn(props.people.changes, 'days7', props.people.today).length > 0 || props.people.changes.length === 0
      ? 'days7'
      : 'days30',
  )
  const [all, setAll] = createSignal(false)
  const trend = () => {
    const first = props.people.trend[0]
    const last = props.people.trend.at(-1)
    return first && last && first !== last ? words.peopleTrend(first.count, first.day, last.count, last.day) : null
  }
  const changes = createMemo(() => together(changesIn(props.people.changes, period(), props.people.today)))
  return (
    <Card
      topic={words.people}
      answer={words.peopleAnswer(props.people.activeCount, netOfWeek(props.people))}
      links={<a href="/changes">{words.toChanges}</a>}
      asOf={<AsOf at={props.people.asOf} source={words.microsoft} />}
    >
      <Segments
        label={words.changesIn}
        value={period()}
        options={[
          { value: 'yesterday', label: words.yesterday },
          { value: 'days7', label: words.days7 },
          { value: 'days30', label: words.days30 },
        ]}
        onChange={(next) => {
          setPeriod(next)
          setAll(false)
        }}
      />
      <Show when={changes().length > 0} fallback={<p class="quiet small">{words.noChanges[period()]}</p>}>
        <ul class="lines">
          <For each={all() ? changes() : changes().slice(0, shownAtFirst)}>
            {(told) => <ChangeLine of={told} end={<time dateTime={told.change.day}>{day(told.change.day)}</time>} />}
          </For>
        </ul>
      </Show>
      <Show when={changes().length > shownAtFirst}>
        <div>
          <Button look="plain" class="to-edge" onClick={() => setAll(!all())}>
            {all() ? words.showFewer : words.showAllChanges(changes().length)}
          </Button>
        </div>
      </Show>
      <Show when={all() && period() === 'days30' && props.people.changesTruncated}>
        <p class="quiet smaller">{words.newestOnly}</p>
      </Show>
      <Show when={trend()}>
        {(label) => (
          <Sparkline
            points={props.people.trend.map((point) => ({ at: point.day, value: point.count }))}
            name={day}
            label={label()}
          />
        )}
      </Show>
      <Show when={words.notCounted(props.people.guestCount, props.people.blockedCount)}>
        {(text) => <p class="quiet smaller">{text()}</p>}
      </Show>
    </Card>
  )
}
