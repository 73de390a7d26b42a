import { createUniqueId, Show, type JSX } from 'solid-js'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Icon, lock } from '../ui/icon.tsx'
import { UnsavedGuard } from '../ui/unsaved.tsx'
import { tickets as words } from '../words/tickets.ts'
import { AttachButtons, AttachmentList } from './attach.tsx'
import { GrowingText } from './growing-text.tsx'
import type { Message } from './message.ts'
import './tickets.css'

/** Where something is written into a conversation: words, files, and the buttons that send it. */
export function Composer(props: {
  of: Message
  label: string
  help: JSX.Element
  verb: string
  busyVerb: string
  /** For staff among themselves: in other colours, with a word. */
  internal?: boolean
  /** The id of the text field, for links and keys that lead here. */
  id?: string
  /** Above the text: what is to be chosen before one writes. */
  before?: JSX.Element
  /** Beside the button that sends it: what else can be done. */
  acts?: JSX.Element
  onSent?: () => void
}): JSX.Element {
  const made = createUniqueId()
  const id = () => props.id ?? made
  let field: HTMLTextAreaElement | undefined
  const isBusy = () => props.of.state() !== 'writing'
  const send = async () => {
    if (await props.of.send()) props.onSent?.()
    else if (props.of.trouble() !== undefined) field?.focus()
  }
  return (
    <form
      class="composer"
      classList={{ internal: props.internal === true }}
      novalidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {props.before}
      <Show when={props.internal}>
        <p class="note-sign">
          <Icon of={lock} />
          <b>{words.note}</b> {words.noteText}
        </p>
      </Show>
      <Field id={id()} label={props.label} help={props.help} error={props.of.trouble()} full>
        <GrowingText
          ref={(element) => {
            field = element
          }}
          value={props.of.text()}
          readOnly={props.of.state() === 'sending'}
          onInput={props.of.setText}
          onFiles={props.of.attachments.add}
          onSend={() => void send()}
        />
      </Field>
      <AttachmentList of={props.of.attachments} />
      <div class="row wrap">
        <Button
          look="primary"
          type="submit"
          busy={isBusy()}
          busyLabel={props.of.state() === 'waiting' ? words.waitsForFiles : props.busyVerb}
        >
          {props.verb}
        </Button>
        <AttachButtons of={props.of.attachments} />
        {props.acts}
        <span class="by-keys quiet smaller">{words.sendsByKeys}</span>
      </div>
      <UnsavedGuard
        dirty={props.of.attachments.isBusy()}
        words={{ title: words.leaveTitle, text: words.leaveText, stay: words.stay, leave: words.leave }}
      />
    </form>
  )
}
