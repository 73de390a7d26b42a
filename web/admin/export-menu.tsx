import { createSignal, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { download, Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { say } from '../ui/messages.tsx'
import { exports as words } from '../words/exports.ts'
import { explain } from '../words/problem.ts'

export type ExportFormat = keyof typeof words.format

/** A button that saves a table as a file, in one of the formats there are; `note` says what goes into it. */
export function ExportMenu(props: { note: string; save: (format: ExportFormat) => Promise<void> }): JSX.Element {
  const [busy, setBusy] = createSignal(false)
  const save = async (format: ExportFormat) => {
    if (busy()) return
    setBusy(true)
    try {
      await props.save(format)
      say(words.saved)
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu
      buttonClass="button outlined"
      button={
        <>
          <Icon of={download} />
          {busy() ? words.busy : words.verb}
        </>
      }
      note={props.note}
      side="end"
      groups={[
        [
          { label: words.format.csv, onSelect: () => void save('csv') },
          { label: words.format.xlsx, onSelect: () => void save('xlsx') },
        ],
      ]}
    />
  )
}
