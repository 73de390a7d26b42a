import { createSignal, Show, type JSX } from 'solid-js'
import type { Request } from '../api/shapes.ts'
import { Button } from '../ui/button.tsx'
import { createForm } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { TextAreaField } from '../ui/form-inputs.tsx'

type DecisionWords = {
  note: string
  noteHelp: string
  approve: string
  approving: string
  decline: string
  declining: string
  declineTitle: string
  declineText: (who: string) => string
  declineVerb: string
  whyDeclined: string
  enterWhy: string
}
/** Does it; throws the problem where what was written is not taken, so that it stays where it was written. */
type Decide = (reason: string) => Promise<void>

/** Approving with a word about it, or declining with a reason. */
export function DecisionForm(props: {
  request: Pick<Request, 'may' | 'requestedBy'>
  words: DecisionWords
  class: string
  heading?: JSX.Element
  onApprove: Decide
  onDecline: Decide
}): JSX.Element {
  const [declining, setDeclining] = createSignal(false)
  const form = createForm({ initial: { reason: '' }, save: ({ reason }) => props.onApprove(reason.trim()) })
  return (
    <>
      <form class={props.class} novalidate onSubmit={form.submit}>
        {props.heading}
        <TextAreaField
          of={form.field('reason')}
          label={props.words.note}
          help={props.words.noteHelp}
          rows={2}
          optional
          full
        />
        <div class="row wrap">
          <Show when={props.request.may.approve}>
            <Button look="primary" type="submit" busy={form.busy()} busyLabel={props.words.approving}>
              {props.words.approve}
            </Button>
          </Show>
          <Show when={props.request.may.decline}>
            <Button onClick={() => setDeclining(true)}>{props.words.decline}</Button>
          </Show>
        </div>
      </form>
      <Show when={declining()}>
        <Decline
          who={props.request.requestedBy.name}
          words={props.words}
          onClose={() => setDeclining(false)}
          onDecline={async (reason) => {
            await props.onDecline(reason)
            setDeclining(false)
          }}
        />
      </Show>
    </>
  )
}

function Decline(props: { who: string; words: DecisionWords; onClose: () => void; onDecline: Decide }): JSX.Element {
  const form = createForm({
    initial: { reason: '' },
    check: ({ reason }) => (reason.trim() === '' ? { reason: props.words.enterWhy } : {}),
    save: ({ reason }) => props.onDecline(reason.trim()),
  })
  return (
    <FormDialog
      of={form}
      title={props.words.declineTitle}
      verb={props.words.declineVerb}
      busyVerb={props.words.declining}
      onClose={props.onClose}
    >
      <p>{props.words.declineText(props.who)}</p>
      <TextAreaField of={form.field('reason')} label={props.words.whyDeclined} rows={3} />
    </FormDialog>
  )
}
