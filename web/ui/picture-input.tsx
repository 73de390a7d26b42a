import { createSignal, createUniqueId, Show, type JSX } from 'solid-js'
import { Button } from './button.tsx'
import { Icon, picture as pictureShape } from './icon.tsx'
import { fitPicture, type Picture, type PictureLimits, type PictureTrouble } from './picture.ts'
import './colour-input.css'
import './field.css'

/** A picture to choose or drop, shown as it will be kept, with its size before and after. */
export function PictureInput(props: {
  limits: PictureLimits
  /** What is kept now, or was just chosen. */
  shown: { url: string; title: string; detail: string } | null
  words: {
    none: string
    drop: string
    choose: string
    replace: string
    remove: string
    help: string
    trouble: (what: PictureTrouble) => string
  }
  error?: string | undefined
  /** It is shown, and nothing can be chosen. */
  readOnly?: boolean
  onPick: (picture: Picture) => void
  onRemove: () => void
}): JSX.Element {
  const id = createUniqueId()
  const [over, setOver] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  let input: HTMLInputElement | undefined
  const take = async (file: File | undefined) => {
    if (!file || props.readOnly) return
    const fitted = await fitPicture(file, props.limits)
    if ('reason' in fitted) {
      setTrouble(props.words.trouble(fitted))
      return
    }
    setTrouble(undefined)
    props.onPick(fitted)
  }
  return (
    <div class="field">
      <div
        class="picture"
        classList={{ over: over() }}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(!props.readOnly)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          void take(event.dataTransfer?.files[0])
        }}
      >
        <Show
          when={props.shown}
          fallback={
            <>
              <Icon of={pictureShape} />
              <span>
                <b>{props.words.none}</b>
                <Show when={!props.readOnly}>
                  <br />
                  <span class="quiet">{props.words.drop}</span>
                </Show>
              </span>
            </>
          }
        >
          {(shown) => (
            <>
              <img src={shown().url} alt="" />
              <span>
                <b>{shown().title}</b>
                <br />
                <span class="quiet">{shown().detail}</span>
              </span>
            </>
          )}
        </Show>
        <Show when={!props.readOnly}>
          <span class="picture-acts">
            <Button onClick={() => input?.click()} describedBy={`${id}-help`}>
              {props.shown ? props.words.replace : props.words.choose}
            </Button>
            <Show when={props.shown}>
              <Button look="ghost" onClick={() => props.onRemove()}>
                {props.words.remove}
              </Button>
            </Show>
          </span>
          <input
            ref={input}
            type="file"
            accept="image/png,image/jpeg"
            hidden
            onChange={(event) => {
              void take(event.currentTarget.files?.[0])
              event.currentTarget.value = ''
            }}
          />
        </Show>
      </div>
      <Show when={trouble() ?? props.error}>
        {(text) => (
          <p class="field-error" role="alert">
            {text()}
          </p>
        )}
      </Show>
      <Show when={!props.readOnly}>
        <p class="field-help" id={`${id}-help`}>
          {props.words.help}
        </p>
      </Show>
    </div>
  )
}
