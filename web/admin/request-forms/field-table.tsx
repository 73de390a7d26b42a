import { For, Show, type JSX } from 'solid-js'
import { Field, TextInput } from '../../ui/field.tsx'
import type { FieldOf } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { requestForms as words } from '../../words/request-forms.ts'

/** One line of the table: a field that the form comes with, or a question that all customers are asked. */
export type Line = {
  key: string
  label: string
  /** What stands below its name. */
  note: string
  isEach: boolean
  /** Whether it is asked: what is chosen, or how it is. */
  asked: JSX.Element
  /** Help of one's own. */
  help: FieldOf<string>
}

/** What a form asks beside questions of one's own, in the order of the form: what of it is asked, and what helps there. */
export function FieldTable(props: { title: string; lead: string; lines: Line[]; asBefore: string }): JSX.Element {
  const groups = () =>
    [false, true]
      .map((isEach) => ({ isEach, lines: props.lines.filter((line) => line.isEach === isEach) }))
      .filter(({ lines }) => lines.length > 0)
  return (
    <Panel title={props.title}>
      <p class="quiet small form-fields-lead">{props.lead}</p>
      <table class="form-fields">
        <thead>
          <tr>
            <th scope="col">{words.field}</th>
            <th scope="col">{words.isAsked}</th>
            <th scope="col">{words.helpOfYours}</th>
          </tr>
        </thead>
        <For each={groups()}>
          {(group) => (
            <tbody>
              <tr class="form-fields-group">
                <th colspan="3" scope="rowgroup">
                  {group.isEach ? words.ofEach : words.once}
                </th>
              </tr>
              <For each={group.lines}>
                {(line) => (
                  <tr>
                    <th scope="row">
                      <span dir="auto">{line.label}</span>
                      <Show when={line.note !== ''}>
                        <p class="quiet small" dir="auto">
                          {line.note}
                        </p>
                      </Show>
                    </th>
                    <td>{line.asked}</td>
                    <td>
                      <Help of={line.help} label={line.label} asBefore={props.asBefore} />
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          )}
        </For>
      </table>
    </Panel>
  )
}

function Help(props: { of: FieldOf<string>; label: string; asBefore: string }): JSX.Element {
  return (
    <Show
      when={!props.of.readOnly}
      fallback={<span dir="auto">{props.of.value() || <span class="quiet">{props.asBefore}</span>}</span>}
    >
      <Field id={props.of.id} label={words.helpOf(props.label)} error={props.of.error()} full>
        <TextInput value={props.of.value()} placeholder={props.asBefore} onInput={props.of.set} />
      </Field>
    </Show>
  )
}
