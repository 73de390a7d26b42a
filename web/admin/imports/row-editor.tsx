import { createSignal, createUniqueId, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { TextArea } from '../../ui/inputs.tsx'
import { Icon, stop } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { imports as words } from '../../words/imports.ts'
import { explain } from '../../words/problem.ts'
import { importFields, saveRow, type CustomerImportRow, type ImportField } from './imports.data.ts'

const texts = words.check

/** One row to be put right in place: the cells of the columns that are taken, with what is wrong at each. */
export function RowEditor(props: {
  importId: string
  row: CustomerImportRow
  taken: ImportField[]
  onSaved: (row: CustomerImportRow) => void
  /** Whatever it stands in says which row it is. */
  titled?: boolean
}): JSX.Element {
  const id = createUniqueId()
  const [values, setValues] = createSignal(props.row.values)
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  // A customer is told apart by these, also when the file has no column for them.
  const shown = () =>
    importFields.filter((field) => props.taken.includes(field) || field === 'psaId' || props.row.values[field] !== '')
  const reason = (field: ImportField) => props.row.errors.find((error) => error.field === field)?.reason
  const general = () => props.row.errors.filter((error) => error.field === null)

  const send = async (skip: boolean, customerId = values().customerId) => {
    if (busy()) return
    setBusy(true)
    setTrouble(undefined)
    try {
      const saved = await saveRow(props.importId, props.row, { ...values(), customerId, skip })
      if (saved.decision !== 'error') say(texts.nowWill(saved.line, saved.decision))
      props.onSaved(saved)
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      class="import-editor"
      aria-labelledby={props.titled ? undefined : id}
      novalidate
      onSubmit={(event) => {
        event.preventDefault()
        void send(false)
      }}
    >
      <Show when={!props.titled}>
        <h2 id={id}>
          {texts.editOf(props.row.line)}
          <Show when={props.row.values.name}>
            {' '}
            <span class="quiet" dir="auto">
              {props.row.values.name.slice(0, 80)}
            </span>
          </Show>
        </h2>
      </Show>
      <For each={general()}>
        {(error) => (
          <p class="field-error">
            <Icon of={stop} />
            {error.reason}
          </p>
        )}
      </For>
      <Show when={props.row.candidates.length > 0}>
        <fieldset class="import-choices">
          <legend>{texts.whichOne}</legend>
          <ul>
            <For each={props.row.candidates}>
              {(candidate) => (
                <li>
                  <span>
                    <b dir="auto">{candidate.name}</b>{' '}
                    <span class="quiet small" dir="auto">
                      {texts.toldApart(candidate)}
                    </span>
                  </span>
                  <Button class="in-row" busy={busy()} onClick={() => void send(false, candidate.id)}>
                    {texts.thisOne}
                    <span class="sr">: {candidate.name}</span>
                  </Button>
                </li>
              )}
            </For>
            <li>
              <span class="quiet">{texts.noneOfThem}</span>
              <Button class="in-row" busy={busy()} onClick={() => void send(false, 'new')}>
                {texts.asNew}
              </Button>
            </li>
          </ul>
        </fieldset>
      </Show>
      <div class="import-cells">
        <For each={shown()}>
          {(field) => (
            <Field label={words.field[field]} error={reason(field)}>
              <Show
                when={field === 'notes' || field === 'address'}
                fallback={
                  <TextInput
                    value={values()[field]}
                    onInput={(text) => setValues((before) => ({ ...before, [field]: text }))}
                  />
                }
              >
                <TextArea
                  rows={2}
                  value={values()[field]}
                  onInput={(text) => setValues((before) => ({ ...before, [field]: text }))}
                />
              </Show>
            </Field>
          )}
        </For>
      </div>
      <Show when={trouble()}>
        {(text) => (
          <p class="field-error" role="alert">
            <Icon of={stop} />
            {text()}
          </p>
        )}
      </Show>
      <div class="row wrap">
        <Button type="submit" busy={busy()} busyLabel={texts.saving}>
          {texts.save}
        </Button>
        <Show when={!props.row.skip}>
          <Button look="ghost" onClick={() => void send(true)}>
            {texts.leaveOut}
          </Button>
        </Show>
      </div>
    </form>
  )
}
