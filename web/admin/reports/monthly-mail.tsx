import { createEffect, createResource, For, Show, type JSX } from 'solid-js'
import type { MonthlyPart, MonthlyPreview } from '../../api/shapes.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/inputs.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { monthlyReport as words } from '../../words/reports.ts'
import '../brand/brand.css'

export const monthlyParts = Object.keys(words.part) as MonthlyPart[]

/** What a monthly report tells, to choose from. */
export function PartsField(props: {
  chosen: readonly MonthlyPart[]
  onChange: (parts: MonthlyPart[]) => void
}): JSX.Element {
  return (
    <div class="stack tight">
      <For each={monthlyParts}>
        {(part) => (
          <Checkbox
            label={words.part[part]}
            checked={props.chosen.includes(part)}
            onChange={(isOn) =>
              props.onChange(monthlyParts.filter((one) => (one === part ? isOn : props.chosen.includes(one))))
            }
          />
        )}
      </For>
    </div>
  )
}

/** The monthly mail as it would be read, with the parts that are chosen. Nothing in it can be used. */
export function MonthlyMail(props: {
  read: () => Promise<MonthlyPreview>
  parts: readonly MonthlyPart[]
}): JSX.Element {
  const [preview, { refetch }] = createResource(() => props.read())
  return (
    <section class="stack tight" aria-label={words.preview}>
      <p class="field-label">{words.preview}</p>
      <Loaded of={preview} waiting={<Waiting />} failedTitle={words.previewFailed} retry={() => void refetch()}>
        {(found) => (
          <>
            <p class="quiet small">{words.previewOf(found())}</p>
            <Show when={found().mail}>{(mail) => <Mail of={mail()} parts={props.parts} />}</Show>
          </>
        )}
      </Loaded>
    </section>
  )
}

type Mail = NonNullable<MonthlyPreview['mail']>

function Mail(props: { of: Mail; parts: readonly MonthlyPart[] }): JSX.Element {
  let frame: HTMLDivElement | undefined
  // The colours are data; they reach the page through CSSOM, which the CSP allows.
  createEffect(() => {
    frame?.style.setProperty('--brand', props.of.brand.primaryColour)
    frame?.style.setProperty('--on-brand', props.of.brand.onPrimaryColour)
  })
  const told = () => props.of.parts.filter(({ part }) => props.parts.includes(part))
  return (
    <div class="preview roomy" ref={frame} inert>
      <div class="preview-bar">{words.mailHead(props.of.from, props.of.subject)}</div>
      <div class="preview-ground">
        <div class="preview-mail">
          <span class="preview-sign">
            <Show when={props.of.brand.logoUrl} fallback={props.of.brand.name}>
              {(url) => <img src={url()} alt={props.of.brand.name} />}
            </Show>
          </span>
          <Show when={told().length > 0} fallback={<p class="quiet">{words.nothingChosen}</p>}>
            <p class="preview-title">{props.of.heading}</p>
            <p>{props.of.opening}</p>
            <For each={told()}>{({ text }) => <p class="preview-lines">{text}</p>}</For>
            <Show when={props.of.actionLabel}>
              {(label) => (
                <p>
                  <Button look="primary">{label()}</Button>
                </p>
              )}
            </Show>
            <p class="preview-end preview-lines">{[props.of.helpLine, ...props.of.footer].join('\n')}</p>
          </Show>
        </div>
      </div>
    </div>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.previewLoading}>
      <div class="stack">
        <Bone shape="half" />
        <Bone shape="long tall" />
        <Bone shape="long tall" />
      </div>
    </Skeleton>
  )
}
