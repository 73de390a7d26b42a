import type { JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorSummary } from './error-summary.tsx'
import type { Form } from './form.tsx'

/** A form in a window: what is wrong on top, cancel and the verb below. */
export function FormDialog(props: {
  of: Pick<Form<object>, 'errors' | 'trouble' | 'attachSummary' | 'busy' | 'dirty' | 'submit'>
  title: string
  verb: string
  busyVerb: string
  onClose: () => void
  children: JSX.Element
}): JSX.Element {
  return (
    <Dialog
      open
      title={props.title}
      onClose={props.onClose}
      dirty={props.of.dirty()}
      onSubmit={props.of.submit}
      foot={
        <>
          <Button onClick={() => props.onClose()}>{common.cancel}</Button>
          <Button look="primary" type="submit" busy={props.of.busy()} busyLabel={props.busyVerb}>
            {props.verb}
          </Button>
        </>
      }
    >
      <ErrorSummary of={props.of} />
      {props.children}
    </Dialog>
  )
}
