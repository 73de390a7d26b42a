import { createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { download, Icon, list } from '../ui/icon.tsx'
import { say } from '../ui/messages.tsx'
import { explain } from '../words/problem.ts'
import { reports as words } from '../words/reports.ts'
import type { ReportFormat, ReportKind, ReportSource } from './reports.data.ts'
import '../ui/acting-list.css'

/** The reports there are: each to open and, for who may, to take along. */
export function ReportList(props: {
  reports: readonly ReportKind[]
  base: string
  source: ReportSource
  mayTake: boolean
}): JSX.Element {
  const [busy, setBusy] = createSignal<string>()
  const save = async (report: ReportKind, format: ReportFormat) => {
    if (busy() !== undefined) return
    setBusy(`${report} ${format}`)
    try {
      await props.source.save(report, format, {})
      say(words.saved(words.name[report]))
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setBusy()
    }
  }
  return (
    <ul class="acting-list">
      <For each={props.reports}>
        {(report) => (
          <li>
            <Icon of={list} />
            <div>
              <p class="acting-name">{words.name[report]}</p>
              <p class="quiet small">{words.text[report]}</p>
            </div>
            <div class="acting-acts">
              <ButtonLink look="outlined" href={`${props.base}/${report}`}>
                {words.open}
                <span class="sr">{words.of(words.name[report])}</span>
              </ButtonLink>
              <Show when={props.mayTake}>
                <For each={['csv', 'xlsx'] as const}>
                  {(format) => (
                    <Button
                      look="plain"
                      icon={download}
                      busy={busy() === `${report} ${format}`}
                      onClick={() => void save(report, format)}
                    >
                      {format === 'csv' ? words.csv : words.excel}
                      <span class="sr">{words.of(words.name[report])}</span>
                    </Button>
                  )}
                </For>
              </Show>
            </div>
          </li>
        )}
      </For>
    </ul>
  )
}
