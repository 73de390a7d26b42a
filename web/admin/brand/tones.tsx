import { createEffect, For, Show, type JSX } from 'solid-js'
import { admin } from '../../words/admin.ts'
import type { Tone } from './brand.data.ts'
import './brand.css'

const words = admin.portal

/** What became of two colours: a sample of each tone, what it is for, and the contrast it reaches. */
export function Tones(props: { tones: Tone[] }): JSX.Element {
  return (
    <table class="tones">
      <caption class="sr">{words.tones}</caption>
      <tbody>
        <For each={props.tones}>
          {(tone) => (
            <tr>
              <td>
                <Sample tone={tone} />
              </td>
              <th scope="row">
                {words.tone(tone.key)}
                <Show when={tone.theme === 'dark'}>
                  , <span class="quiet">{words.themeOf[tone.theme]}</span>
                </Show>
                <Show when={tone.adjusted && tone.theme === 'light'}>
                  <span class="quiet"> · {words.adjusted}</span>
                </Show>
              </th>
              <td class="quiet">{words.contrast(tone.contrast)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  )
}

function Sample(props: { tone: Tone }): JSX.Element {
  let box: HTMLSpanElement | undefined
  // The colours are data; they reach the page through CSSOM, which the CSP allows.
  createEffect(() => {
    box?.style.setProperty('--tone', props.tone.foreground)
    box?.style.setProperty('--ground', props.tone.background)
  })
  return (
    <span class="tone" ref={box} aria-hidden="true">
      <Show when={areas.has(props.tone.key)} fallback="Aa">
        <span class="tone-area" />
      </Show>
    </span>
  )
}

// Tones that are never text: they need 3 : 1, and are shown as what they are.
const areas = new Set(['tone.marks', 'tone.accent_areas'])
