import { createSignal, For, Show, type JSX } from 'solid-js'
import type { Security } from '../api/shapes.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { AsOf } from '../ui/time.tsx'
import { health as words } from '../words/health.ts'
import { Fold } from './fold.tsx'
import { namesIn } from './health.data.ts'
import { isUnknown, NotTold } from './not-told.tsx'

const shownAtFirst = 5
/** Read once a day. */
const staleAfterHours = 50

/** What would raise the score most, in Microsoft's words. */
export function Controls(props: { security: Security }): JSX.Element {
  const [all, setAll] = createSignal(false)
  const items = () => props.security.controls.items
  const answer = () =>
    items().length > 0
      ? words.controlsAnswer(items().length)
      : isUnknown(props.security.notTold, 'controls') || isUnknown(props.security.notTold, 'score')
        ? words.notKnown
        : words.noControls
  return (
    <Card
      topic={words.controls}
      answer={answer()}
      asOf={<AsOf at={props.security.controls.asOf} source={words.microsoft} staleAfterHours={staleAfterHours} />}
    >
      <Show when={items().length > 0}>
        <ul class="lines">
          <For each={all() ? items() : items().slice(0, shownAtFirst)}>
            {(control) => (
              <li class="line">
                <span class="name">{control.title}</span>
                <span class="gain">{words.gain(control.gain)}</span>
                <Show when={namesIn(props.security.tenants, control.tenantIds)[0]}>
                  <span class="sub">{words.inTenants(namesIn(props.security.tenants, control.tenantIds))}</span>
                </Show>
                <Show when={control.remediation}>
                  {(text) => (
                    <span class="sub">
                      <Fold summary={words.how} label={words.howOf(control.title)}>
                        <p class="health-words">{text()}</p>
                      </Fold>
                    </span>
                  )}
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={items().length > shownAtFirst}>
        <div>
          <Button look="plain" class="to-edge" onClick={() => setAll(!all())}>
            {all() ? words.showFewer : words.showAll(items().length)}
          </Button>
        </div>
      </Show>
      <NotTold
        of={props.security.notTold}
        part="controls"
        tenants={props.security.tenants}
        older={items().flatMap(({ tenantIds }) => tenantIds)}
      />
    </Card>
  )
}
