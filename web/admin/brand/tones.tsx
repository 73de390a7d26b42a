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

/** The portal in small, in the tones as they would be; nothing in it can be used. */
export function Preview(props: {
  tones: Tone[]
  theme: 'light' | 'dark'
  name: string
  logoUrl: string | null
  host: string
}): JSX.Element {
  let frame: HTMLDivElement | undefined
  createEffect(() => {
    if (!frame) return
    for (const tone of props.tones.filter((one) => one.theme === props.theme)) {
      const [foreground, background] = roles[tone.key] ?? []
      if (foreground) frame.style.setProperty(foreground, tone.foreground)
      if (background) frame.style.setProperty(background, tone.background)
    }
  })
  return (
    <div class="preview" data-theme={props.theme} ref={frame} inert aria-hidden="true">
      <div class="preview-bar">{props.host}</div>
      <div class="preview-entry">
        <div class="preview-form">
          <Show when={props.logoUrl} fallback={<b>{props.name}</b>}>
            {(url) => <img src={url()} alt="" />}
          </Show>
          <p class="preview-title">
            {words.sample.signIn} {props.name}
          </p>
          <span class="preview-input" />
          <span class="preview-input" />
          <span class="preview-button">{admin.signInTitlePlain}</span>
        </div>
        <div class="preview-panel" />
      </div>
      <div class="preview-home">
        <p class="preview-title">
          <span>{words.sample.hello}</span> {words.sample.answer}
        </p>
        <div class="preview-card">
          <span class="preview-quiet">{words.sample.seats}</span>
          <svg height="8" width="100%">
            <rect class="c-track" width="100%" height="8" rx="2" />
            <rect class="c-used" width="68%" height="8" rx="2" />
          </svg>
          <span class="preview-link">{words.sample.link}</span>
        </div>
      </div>
    </div>
  )
}

// Tones that are never text: they need 3 : 1, and are shown as what they are.
const areas = new Set(['tone.marks', 'tone.accent_areas'])

// Which tone fills which role of the kit inside the preview.
const roles: Record<string, [string, string]> = {
  'tone.buttons': ['--on-brand', '--brand'],
  'tone.links': ['--brand-text', '--surface'],
  'tone.quiet': ['--brand-text', '--brand-quiet'],
  'tone.marks': ['--brand-mark', '--surface'],
  'tone.accent_text': ['--accent-text', '--surface'],
  'tone.accent_areas': ['--accent', '--surface'],
}
