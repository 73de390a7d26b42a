import { Navigate, useNavigate } from '@solidjs/router'
import { createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Select } from '../../ui/inputs.tsx'
import { file } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty } from '../../ui/states.tsx'
import { imports as words } from '../../words/imports.ts'
import { explain } from '../../words/problem.ts'
import { useImport } from './import-context.ts'
import { chooseColumns, importFields, stepOf, type ImportField } from './imports.data.ts'

const texts = words.columns
const isField = (text: string): text is ImportField => importFields.some((field) => field === text)

/** What each column of the file becomes: guessed, and corrected here. */
export function ColumnsStep(): JSX.Element {
  const { imported, replace } = useImport()
  const navigate = useNavigate()
  const [chosen, setChosen] = createSignal(imported().columns.map(({ field }) => field))
  const [trouble, setTrouble] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const [asking, setAsking] = createSignal(false)
  const base = () => `/customers/imports/${imported().id}`

  const choose = (position: number, value: string) => {
    setTrouble(undefined)
    setChosen((before) => before.map((field, at) => (at === position ? (isField(value) ? value : null) : field)))
  }
  const wrong = (): string | undefined => {
    const twice = chosen().find((field, position) => field !== null && chosen().indexOf(field) !== position)
    if (twice) return texts.twice(twice)
    return chosen().includes('name') ? undefined : texts.nameMissing
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const found = wrong()
    setTrouble(found)
    if (found) return
    // Rows that were checked may have been put right by hand since.
    if (imported().state === 'checked') setAsking(true)
    else void send()
  }
  const send = async () => {
    if (busy()) return
    setAsking(false)
    setBusy(true)
    try {
      replace(await chooseColumns(imported().id, chosen()))
      navigate(`${base()}/check`)
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  /** Why a column is left out, as long as nobody has chosen otherwise. */
  const note = (position: number): string | undefined => {
    const column = imported().columns[position]
    if (!column || chosen()[position] !== null) return undefined
    return column.kind === 'ours' ? texts.ours : column.kind === 'unknown' ? texts.unknown : undefined
  }
  const options = [
    { value: '', label: texts.leftOut },
    ...importFields.map((field) => ({ value: field, label: words.field[field] })),
  ]
  return (
    <Show
      when={imported().state !== 'waiting'}
      fallback={
        <div class="card">
          <Empty
            icon={file}
            title={words.waiting.title}
            act={<ButtonLink href="/customers/imports">{words.waiting.again}</ButtonLink>}
          >
            {words.waiting.text}
          </Empty>
        </div>
      }
    >
      <Show
        when={['uploaded', 'checked', 'failed'].includes(imported().state)}
        fallback={<Navigate href={`${base()}/${stepOf(imported())}`} />}
      >
        <form class="stack" novalidate onSubmit={submit}>
          <Show when={trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
          <Panel title={texts.title} end={<span class="quiet smaller import-lead">{texts.lead}</span>}>
            <ul class="import-columns">
              <li class="import-columns-head" aria-hidden="true">
                <span>{texts.heading}</span>
                <span>{texts.samples}</span>
                <span>{texts.field}</span>
              </li>
              <For each={imported().columns}>
                {(column, position) => {
                  const heading = () => column.heading || texts.unnamed(position() + 1)
                  return (
                    <li>
                      <b dir="auto">{heading()}</b>
                      <span class="quiet import-samples" dir="auto">
                        {column.samples.join(' · ')}
                      </span>
                      <div>
                        <label>
                          <span class="sr">{texts.fieldLabel(heading())}</span>
                          <Select
                            value={chosen()[position()] ?? ''}
                            options={options}
                            onChange={(value) => choose(position(), value)}
                          />
                        </label>
                        <Show when={note(position())}>{(text) => <p class="quiet smaller">{text()}</p>}</Show>
                      </div>
                    </li>
                  )
                }}
              </For>
            </ul>
          </Panel>
          <div class="stack tight quiet small">
            <p>{texts.empty}</p>
            <p>{texts.match}</p>
            <Show when={imported().encoding}>
              {(encoding) => <p>{texts.readAs(encoding(), texts.delimiter(imported().delimiter ?? ','))}</p>}
            </Show>
          </div>
          <div class="row">
            <Button look="primary" type="submit" busy={busy()} busyLabel={texts.checking}>
              {texts.check}
            </Button>
          </div>
        </form>
        <Confirm
          open={asking()}
          title={texts.againTitle}
          verb={texts.againVerb}
          onConfirm={() => void send()}
          onClose={() => setAsking(false)}
        >
          <p>{texts.againText}</p>
        </Confirm>
      </Show>
    </Show>
  )
}
