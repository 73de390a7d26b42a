import { For, Show, type JSX } from 'solid-js'
import { Button, IconButton } from '../ui/button.tsx'
import { DropArea } from '../ui/drop-area.tsx'
import { camera, clip, cross } from '../ui/icon.tsx'
import { say } from '../ui/messages.tsx'
import { Transfers } from '../ui/transfers.tsx'
import { tickets as words } from '../words/tickets.ts'
import type { Attachments } from './attachments.ts'
import { FileFace } from './files.tsx'
import './tickets.css'

/** What goes with what is being written: what is there, and what is on its way or did not arrive. Files may be dropped anywhere. */
export function AttachmentList(props: { of: Attachments }): JSX.Element {
  return (
    <>
      <Show when={props.of.files().length > 0}>
        <ul class="files" aria-label={words.attached}>
          <For each={props.of.files()}>
            {(file) => (
              <li class="file">
                <span class="file-open">
                  <FileFace file={file} picture={props.of.pictureOf(file.id)} />
                </span>
                <IconButton
                  icon={cross}
                  label={words.takeOff(file.name)}
                  onClick={() => {
                    void props.of.takeOff(file)
                    say(words.takenOff(file.name))
                  }}
                />
              </li>
            )}
          </For>
        </ul>
      </Show>
      <div class="files-coming">
        <Transfers
          label={words.sending}
          transfers={props.of.transfers()}
          onCancel={props.of.cancel}
          onRetry={props.of.retry}
        />
      </div>
      <DropArea title={words.dropTitle} text={words.dropText} icon={clip} onDrop={props.of.add} />
    </>
  )
}

/** The ways to add files for whoever drags and pastes none: a chooser, and on a phone its camera. */
export function AttachButtons(props: { of: Attachments; describedBy?: string }): JSX.Element {
  let chooser: HTMLInputElement | undefined
  let lens: HTMLInputElement | undefined
  const take = (input: HTMLInputElement) => {
    props.of.add([...(input.files ?? [])].map((file) => ({ file, isFolder: false })))
    // So that the same file can be chosen once more.
    input.value = ''
  }
  return (
    <>
      <Button
        icon={clip}
        {...(props.describedBy && { describedBy: props.describedBy })}
        onClick={() => chooser?.click()}
      >
        {words.attach}
      </Button>
      <Button class="by-touch" icon={camera} onClick={() => lens?.click()}>
        {words.photo}
      </Button>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={words.attach}
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={lens}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        aria-label={words.photo}
        onChange={(event) => take(event.currentTarget)}
      />
    </>
  )
}
