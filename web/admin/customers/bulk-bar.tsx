import { createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { say } from '../../ui/messages.tsx'
import { admin } from '../../words/admin.ts'
import { life } from '../../words/customer-life.ts'
import { merges } from '../../words/merges.ts'
import { explain } from '../../words/problem.ts'
import { mergeAddress } from '../merges/merges.data.ts'
import { useStaff } from '../staff.tsx'
import { setArchived } from './customers.data.ts'

const words = admin.customers

/** What can be done to all customers that are selected. */
export function BulkBar(props: {
  ids: string[]
  nameOf: (id: string) => string
  /** Whether the selected ones are archived. */
  archived: boolean
  onDone: () => void
  onClear: () => void
}): JSX.Element {
  const staff = useStaff()
  const [busy, setBusy] = createSignal(false)
  const move = async (ids: string[], archived: boolean, undoing: boolean) => {
    const name = props.nameOf(ids[0] ?? '')
    setBusy(true)
    try {
      const changed = await setArchived(ids, archived)
      const said =
        changed.length === 1 && name !== ''
          ? (archived ? life.archived : life.restored)(name)
          : (archived ? words.archivedMany : words.restoredMany)(changed.length)
      say(
        said,
        undoing || changed.length === 0
          ? {}
          : { act: { label: life.undo, do: () => void move(changed, !archived, true) } },
      )
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setBusy(false)
      props.onDone()
    }
  }
  return (
    <div class="bulk-bar" role="region" aria-label={words.selectedTitle}>
      <b role="status">{words.selected(props.ids.length)}</b>
      <Button busy={busy()} onClick={() => void move(props.ids, !props.archived, false)}>
        {props.archived ? life.restore : life.archive}
      </Button>
      <Show when={staff.mayManage && !props.archived && props.ids.length === 2}>
        <ButtonLink href={mergeAddress(props.ids[0] ?? '', props.ids[1] ?? '')}>{merges.merge}</ButtonLink>
      </Show>
      <Button look="ghost" onClick={() => props.onClear()}>
        {words.clearSelection}
        <span class="sr"> {words.clearSelectionWhat}</span>
      </Button>
    </div>
  )
}
