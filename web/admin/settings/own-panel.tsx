import { createSignal, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useStaff } from '../staff.tsx'
import { createLeaving } from './leaving.ts'

type Acts = { enter: () => void; drop: () => void }

/**
 * What an MSP may put in place of what comes with the deployment: entered in a dialog, and taken away again after a question.
 * `children` and `form` are given what opens and closes these.
 */
export function OwnPanel(props: {
  words: { title: string; set: string; change: string; drop: string }
  isSet: boolean
  children: (acts: Acts) => JSX.Element
  form: (close: () => void) => JSX.Element
  drop: () => Promise<void>
  onDropped: () => Promise<void>
  dropTitle: string
  dropText: JSX.Element
}): JSX.Element {
  const staff = useStaff()
  const [entering, setEntering] = createSignal(false)
  const leaving = createLeaving(
    () => props.drop(),
    () => props.onDropped(),
  )
  const enter = () => setEntering(true)
  return (
    <Panel
      title={props.words.title}
      padded
      end={
        staff.mayManage ? (
          <Button onClick={enter}>{props.isSet ? props.words.change : props.words.set}</Button>
        ) : undefined
      }
    >
      <div class="stack">{props.children({ enter, drop: leaving.ask })}</div>
      <Show when={entering()}>{props.form(() => setEntering(false))}</Show>
      <Confirm
        open={leaving.asking()}
        title={props.dropTitle}
        verb={props.words.drop}
        busy={leaving.busy()}
        trouble={leaving.trouble()}
        onClose={leaving.close}
        onConfirm={leaving.confirm}
      >
        {props.dropText}
      </Confirm>
    </Panel>
  )
}
