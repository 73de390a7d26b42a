import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { merges as words } from '../../words/merges.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import { listMerges, undoMerge, type Merge } from './merges.data.ts'
import './merges.css'

/** What was merged into this customer and can still be taken apart. */
export function PastMerges(props: { customerId: string; isArchived: boolean; refresh: () => void }): JSX.Element {
  const staff = useStaff()
  const [past, { refetch }] = createResource(() => props.customerId, listMerges)
  const [undoing, setUndoing] = createSignal<Merge>()
  const [left, setLeft] = createSignal<Merge>()
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const shown = () =>
    (past.state === 'ready' || past.state === 'refreshing' ? past.latest : []).filter((one) => one.canUndo)
  const go = async (merge: Merge) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const undone = await undoMerge(merge)
      setUndoing(undefined)
      say(words.undone(merge.merged.name))
      if (undone.leftBehind.length > 0) setLeft(undone)
      props.refresh()
      await refetch()
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <For each={shown()}>
        {(merge) => (
          <Notice
            end={
              <Show when={staff.mayManage && !props.isArchived}>
                <Button onClick={() => setUndoing(merge)}>{words.undo}</Button>
              </Show>
            }
          >
            {words.past(merge.merged.name, merge.mergedAt, merge.mergedBy)}{' '}
            <span class="quiet">{words.until(merge.undoUntil)}</span>
          </Notice>
        )}
      </For>
      <Confirm
        open={undoing() !== undefined}
        title={words.undoTitle(undoing()?.merged.name ?? '')}
        verb={words.undo}
        busy={busy()}
        trouble={trouble()}
        onClose={() => setUndoing(undefined)}
        onConfirm={() => {
          const merge = undoing()
          if (merge) void go(merge)
        }}
      >
        <p>{words.undoText(undoing()?.merged.name ?? '')}</p>
      </Confirm>
      <Dialog
        open={left() !== undefined}
        title={words.leftTitle}
        onClose={() => setLeft(undefined)}
        foot={
          <Button look="primary" onClick={() => setLeft(undefined)}>
            {words.ok}
          </Button>
        }
      >
        <p>{words.leftText(left()?.merged.name ?? '')}</p>
        <ul class="goes">
          <For each={left()?.leftBehind}>{(one) => <li>{words.left(one)}</li>}</For>
        </ul>
      </Dialog>
    </>
  )
}
