import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import { UtilisationBar } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { AsOf } from '../../ui/time.tsx'
import { common } from '../../words/common.ts'
import { words } from '../../words/portal-home.ts'
import { idleNote, licencesAnswer, licencesInOrder } from './answers.ts'
import type { Dashboard } from './home.data.ts'

const shownAtFirst = 5

export function LicencesCard(props: { licences: NonNullable<Dashboard['licences']> }): JSX.Element {
  const [all, setAll] = createSignal(false)
  const items = createMemo(() => licencesInOrder(props.licences))
  const note = (item: { overCount: number; freeCount: number }) =>
    item.overCount > 0 ? words.overNote(item.overCount) : item.freeCount > 0 ? words.freeNote(item.freeCount) : ''
  return (
    <Card
      topic={words.licences}
      answer={licencesAnswer(props.licences)}
      asOf={<AsOf at={props.licences.asOf} source={words.microsoft} />}
      links={<a href="/licences">{words.toLicences}</a>}
    >
      <ul class="stack">
        <For each={all() ? items() : items().slice(0, shownAtFirst)}>
          {(item) => (
            <li>
              <UtilisationBar
                name={item.name}
                used={item.assignedCount}
                of={item.boughtCount}
                label={common.seatsLabel(item.assignedCount, item.boughtCount, item.overCount, 0)}
                note={note(item)}
              />
            </li>
          )}
        </For>
      </ul>
      <Show when={items().length > shownAtFirst}>
        <div>
          <Button look="plain" class="to-edge" onClick={() => setAll(!all())}>
            {all() ? words.showFewer : words.showAllLicences(items().length)}
          </Button>
        </div>
      </Show>
      <Show when={props.licences.idle && idleNote(props.licences.idle)}>
        {(note) => <p class="small quiet">{note()}</p>}
      </Show>
      <Show when={(props.licences.renewals ?? []).length > 0}>
        <div class="stack tight">
          <h3 class="card-topic">{words.renewals}</h3>
          <ul class="stack tight small">
            <For each={(props.licences.renewals ?? []).slice(0, 3)}>
              {(renewal) => <li>{words.renews(renewal.name, renewal.seatCount, renewal.at)}</li>}
            </For>
          </ul>
        </div>
      </Show>
    </Card>
  )
}
