import { Index, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import type { FieldOf } from '../../ui/form.tsx'
import { Icon, plus, stop } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ReorderHandle } from '../../ui/reorder.tsx'
import { requestForms as words } from '../../words/request-forms.ts'
import type { Question } from './values.ts'

const QUESTION_COUNT_MAX = 20

/** Questions of an MSP's own, in the order in which they are asked. `onEdit`: the one at a place, or a new one. */
export function Questions(props: {
  of: FieldOf<Question[]>
  title: string
  lead: string
  onEdit: (place: number | 'new') => void
}): JSX.Element {
  let list: HTMLOListElement | undefined
  const all = () => props.of.value()
  const keptCount = () => all().filter(({ isGone }) => isGone !== true).length
  const isFull = () => keptCount() >= QUESTION_COUNT_MAX
  const put = (place: number, question: Question) => props.of.set(all().with(place, question))
  const move = (from: number, to: number) => {
    const moved = all()[from]
    if (moved === undefined) return
    props.of.set(all().toSpliced(from, 1).toSpliced(to, 0, moved))
    // The focus goes with it, so that the next arrow moves it further.
    list?.querySelectorAll<HTMLElement>('.reorder')[to]?.focus()
  }
  return (
    <Panel
      title={props.title}
      end={
        <Show when={!props.of.readOnly}>
          <Button icon={plus} disabled={isFull()} onClick={() => props.onEdit('new')}>
            {words.add}
          </Button>
        </Show>
      }
    >
      <div class="panel-body stack" id={props.of.id} tabindex="-1">
        <p class="quiet small">
          {props.lead} <Show when={isFull()}>{words.addFull(QUESTION_COUNT_MAX)}</Show>
        </p>
        <Show when={props.of.error()}>
          {(text) => (
            <p class="field-error">
              <Icon of={stop} />
              {text()}
            </p>
          )}
        </Show>
        <Show when={all().length > 0} fallback={<p class="quiet">{words.noQuestions}</p>}>
          <ol class="own-questions" ref={list}>
            <Index each={all()}>
              {(question, place) => (
                <li data-movable classList={{ 'is-gone': question().isGone === true }}>
                  <Show when={!props.of.readOnly && all().length > 1}>
                    <ReorderHandle
                      label={words.move(question().label, place + 1, all().length)}
                      index={place}
                      count={all().length}
                      onMove={(to) => move(place, to)}
                    />
                  </Show>
                  <div class="own-question">
                    <b dir="auto">{question().label}</b>
                    <p class="quiet small" dir="auto">
                      {question().isGone === true ? words.removed : about(question())}
                    </p>
                    <Show when={question().help !== '' && question().isGone !== true}>
                      <p class="quiet small" dir="auto">
                        {question().help}
                      </p>
                    </Show>
                  </div>
                  <Show when={!props.of.readOnly}>
                    <div class="row">
                      <Show when={question().isGone !== true}>
                        <Button label={words.editOf(question().label)} onClick={() => props.onEdit(place)}>
                          {words.edit}
                        </Button>
                      </Show>
                      <Button
                        look="plain"
                        label={(question().isGone === true ? words.keepOf : words.removeOf)(question().label)}
                        onClick={() =>
                          put(place, { ...question(), isGone: question().isGone === true ? undefined : true })
                        }
                      >
                        {question().isGone === true ? words.keep : words.remove}
                      </Button>
                    </div>
                  </Show>
                </li>
              )}
            </Index>
          </ol>
        </Show>
      </div>
    </Panel>
  )
}

const about = ({ kind, options, isRequired, isEach }: Question): string =>
  [
    kind === 'choice' ? words.choiceOf(options) : words.kinds[kind],
    ...(isRequired ? [words.required] : []),
    isEach ? words.ofEach : words.once,
  ].join(' · ')
