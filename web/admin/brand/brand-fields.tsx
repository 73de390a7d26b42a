import { createResource, createSignal, onCleanup, Show, type Accessor, type JSX, type Resource } from 'solid-js'
import { ColourInput, hexOf } from '../../ui/colour-input.tsx'
import { Field } from '../../ui/field.tsx'
import type { FieldOf } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Block } from '../../ui/panel.tsx'
import type { Picture } from '../../ui/picture.ts'
import { PictureInput } from '../../ui/picture-input.tsx'
import { Segments } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { deriveTones, type Logo, type Tone } from './brand.data.ts'
import { Preview, Tones } from './tones.tsx'

const words = admin.portal
const logoLimits = { widthMax: 502, heightMax: 81, bytesMax: 256 * 1024 }

export type PendingLogo = { kind: 'keep' } | { kind: 'remove' } | { kind: 'set'; picture: Picture }

/** The two colours with the tones they become. */
export function ColourFields(props: {
  primary: FieldOf<string>
  accent: FieldOf<string>
  fallback: { primary: string; accent: string }
  optional?: boolean
  tones: Resource<Tone[]>
}): JSX.Element {
  const of = (keys: string[]) =>
    props.tones.state === 'errored'
      ? []
      : (props.tones.latest ?? []).filter(
          (tone) => keys.includes(tone.key) && (tone.theme === 'light' || tone.key === 'tone.links'),
        )
  return (
    <Block title={words.colours}>
      <Field
        id={props.primary.id}
        label={words.primary}
        help={words.primaryHelp}
        error={props.primary.error()}
        optional={props.optional === true}
      >
        <ColourInput
          value={props.primary.value()}
          fallback={props.fallback.primary}
          pickLabel={words.pickPrimary}
          onInput={props.primary.set}
        />
      </Field>
      <Show when={of(['tone.buttons']).length > 0}>
        <Tones tones={of(['tone.buttons', 'tone.links', 'tone.quiet', 'tone.marks'])} />
      </Show>
      <Field
        id={props.accent.id}
        label={words.accent}
        help={words.accentHelp}
        error={props.accent.error()}
        optional={props.optional === true}
      >
        <ColourInput
          value={props.accent.value()}
          fallback={props.fallback.accent}
          pickLabel={words.pickAccent}
          onInput={props.accent.set}
        />
      </Field>
      <Show when={of(['tone.accent_text']).length > 0}>
        <Tones tones={of(['tone.accent_text', 'tone.accent_areas'])} />
      </Show>
      <Show when={props.tones.state === 'errored'}>
        <Notice kind="info">{words.tonesFailed}</Notice>
      </Show>
    </Block>
  )
}

export function LogoField(props: {
  kept: Logo | null
  pending: PendingLogo
  error: string | undefined
  onChange: (pending: PendingLogo) => void
}): JSX.Element {
  // An object URL holds the picture in memory until it is released.
  onCleanup(() => release(props.pending))
  const change = (next: PendingLogo) => {
    release(props.pending)
    props.onChange(next)
  }
  const shown = () => {
    const pending = props.pending
    if (pending.kind === 'set') {
      const { url, name, width, height, givenWidth, givenHeight } = pending.picture
      return {
        url,
        title: name,
        detail:
          width === givenWidth
            ? words.logoSize(width, height)
            : words.logoScaled(width, height, givenWidth, givenHeight),
      }
    }
    if (pending.kind === 'remove' || !props.kept) return null
    return { url: props.kept.url, title: words.logoSaved, detail: words.logoSize(props.kept.width, props.kept.height) }
  }
  return (
    <Block title={words.logo}>
      <PictureInput
        limits={logoLimits}
        shown={shown()}
        words={words.logoWords}
        error={props.error}
        onPick={(picture) => change({ kind: 'set', picture })}
        onRemove={() => change(props.kept ? { kind: 'remove' } : { kind: 'keep' })}
      />
    </Block>
  )
}

const release = (pending: PendingLogo) => {
  if (pending.kind === 'set') URL.revokeObjectURL(pending.picture.url)
}

export function PreviewBox(props: {
  tones: Resource<Tone[]>
  name: string
  logoUrl: string | null
  host: string
  dirty: boolean
}): JSX.Element {
  const [theme, setTheme] = createSignal<'light' | 'dark'>('light')
  return (
    <section class="preview-box" aria-label={words.preview}>
      <div class="row">
        <h2 class="field-label">{words.preview}</h2>
        <span class="quiet smaller">{props.dirty ? words.previewNote : words.previewSaved}</span>
        <span class="push">
          <Segments
            label={words.previewTheme}
            value={theme()}
            options={[
              { value: 'light', label: common.themeLight },
              { value: 'dark', label: common.themeDark },
            ]}
            onChange={setTheme}
          />
        </span>
      </div>
      <Preview
        tones={props.tones.state === 'errored' ? [] : (props.tones.latest ?? [])}
        theme={theme()}
        name={props.name}
        logoUrl={props.logoUrl}
        host={props.host}
      />
    </section>
  )
}

/** The tones of two colours, asked for again once typing pauses; colours that are none yet are skipped. */
export function useTones(primary: Accessor<string>, accent: Accessor<string>): Resource<Tone[]> {
  const wanted = () => {
    const primaryColour = hexOf(primary())
    const accentColour = hexOf(accent())
    return primaryColour && accentColour ? { primaryColour, accentColour } : false
  }
  const pause = (ms: number) => new Promise((go) => setTimeout(go, ms))
  let asked = 0
  const [tones] = createResource(wanted, async (colours, info: { value: Tone[] | undefined }) => {
    const mine = ++asked
    await pause(info.value ? 150 : 0)
    // Overtaken by a newer colour: that call brings the answer.
    if (mine !== asked && info.value) return info.value
    return deriveTones(colours)
  })
  return tones
}

/** Empty means "from the defaults"; anything else must be a colour. */
export const colourTrouble = (value: string, optional: boolean): string | undefined =>
  (optional && value.trim() === '') || hexOf(value) ? undefined : words.colourWrong

export const homepageTrouble = (value: string): string | undefined =>
  value.trim() === '' || (URL.canParse(value.trim()) && /^https?:/.test(value.trim())) ? undefined : words.homepageWrong
