import { createResource, createSignal, onCleanup, Show, type Accessor, type JSX, type Resource } from 'solid-js'
import { ColourInput, hexOf } from '../../ui/colour-input.tsx'
import { Field, Kept } from '../../ui/field.tsx'
import type { FieldOf } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Block } from '../../ui/panel.tsx'
import type { Picture } from '../../ui/picture.ts'
import { PictureInput } from '../../ui/picture-input.tsx'
import { Segments } from '../../ui/states.tsx'
import { asProblem } from '../../api/problem.ts'
import type { SignInPolicy } from '../../api/shapes.ts'
import { explain } from '../../words/problem.ts'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { deriveTones, type Logo, type Tones as DerivedTones } from './brand.data.ts'
import { Preview, samplePages, type SamplePage } from './preview.tsx'
import { Tones } from './tones.tsx'

const words = admin.portal
const logoLimits = { widthMax: 502, heightMax: 81, bytesMax: 256 * 1024 }

type PendingLogo = { kind: 'keep' } | { kind: 'remove' } | { kind: 'set'; picture: Picture }

/** The two colours with the tones they become. */
export function ColourFields(props: {
  primary: FieldOf<string>
  accent: FieldOf<string>
  fallback: { primary: string; accent: string }
  optional?: boolean
  tones: Resource<DerivedTones>
}): JSX.Element {
  const of = (keys: string[]) =>
    props.tones.state === 'errored'
      ? []
      : (props.tones.latest?.tones ?? []).filter(
          (tone) => keys.includes(tone.key) && (tone.theme === 'light' || tone.key === 'tone.links'),
        )
  return (
    <Block title={words.colours}>
      <ColourField
        of={props.primary}
        label={words.primary}
        help={words.primaryHelp}
        optional={props.optional === true}
        fallback={props.fallback.primary}
        pickLabel={words.pickPrimary}
      />
      <Show when={of(['tone.buttons']).length > 0}>
        <Tones tones={of(['tone.buttons', 'tone.links', 'tone.quiet', 'tone.marks'])} />
      </Show>
      <ColourField
        of={props.accent}
        label={words.accent}
        help={words.accentHelp}
        optional={props.optional === true}
        fallback={props.fallback.accent}
        pickLabel={words.pickAccent}
      />
      <Show when={of(['tone.accent_text']).length > 0}>
        <Tones tones={of(['tone.accent_text', 'tone.accent_areas'])} />
      </Show>
      <Show when={props.tones.state === 'errored'}>
        <Notice kind="info">{words.tonesFailed}</Notice>
      </Show>
    </Block>
  )
}

function ColourField(props: {
  of: FieldOf<string>
  label: string
  help: string
  optional: boolean
  fallback: string
  pickLabel: string
}): JSX.Element {
  return (
    <Show when={!props.of.readOnly} fallback={<Kept label={props.label}>{props.of.value() || props.fallback}</Kept>}>
      <Field id={props.of.id} label={props.label} help={props.help} error={props.of.error()} optional={props.optional}>
        <ColourInput
          value={props.of.value()}
          fallback={props.fallback}
          pickLabel={props.pickLabel}
          onInput={props.of.set}
        />
      </Field>
    </Show>
  )
}

type LogoChange<Saved> = {
  kept: () => Logo | null
  pending: () => PendingLogo
  error: () => string | undefined
  change: (next: PendingLogo) => void
  discard: () => void
  changeCount: () => number
  /** What is seen once it is saved: the picture itself, or the one below it. */
  url: () => string | null
  /** Throws what the server said, after keeping it for the field. */
  save: (saved: Saved) => Promise<void>
}

/** A logo that is kept, replaced or removed when the form around it is saved. */
export function createLogoChange<Saved>(given: {
  kept: () => Logo | null
  below: () => Logo | null
  put: (saved: Saved, blob: Blob) => Promise<unknown>
  remove: (saved: Saved) => Promise<unknown>
}): LogoChange<Saved> {
  const [pending, setPending] = createSignal<PendingLogo>({ kind: 'keep' })
  const [error, setError] = createSignal<string>()
  // An object URL holds the picture in memory until it is released.
  const change = (next: PendingLogo) => {
    release(pending())
    setPending(next)
  }
  onCleanup(() => release(pending()))
  return {
    kept: given.kept,
    pending,
    error,
    change,
    discard: () => {
      change({ kind: 'keep' })
      setError(undefined)
    },
    changeCount: () => (pending().kind === 'keep' ? 0 : 1),
    url: () => {
      const next = pending()
      if (next.kind === 'set') return next.picture.url
      return ((next.kind === 'keep' ? given.kept() : null) ?? given.below())?.url ?? null
    },
    save: async (saved) => {
      const next = pending()
      try {
        if (next.kind === 'set') await given.put(saved, next.picture.blob)
        if (next.kind === 'remove') await given.remove(saved)
      } catch (trouble) {
        setError(explain(asProblem(trouble)))
        throw trouble
      }
      change({ kind: 'keep' })
    },
  }
}

export function LogoField(props: { of: Omit<LogoChange<never>, 'save'>; readOnly: boolean }): JSX.Element {
  const shown = () => {
    const pending = props.of.pending()
    const kept = props.of.kept()
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
    if (pending.kind === 'remove' || !kept) return null
    return { url: kept.url, title: words.logoSaved, detail: words.logoSize(kept.width, kept.height) }
  }
  return (
    <Block title={words.logo}>
      <PictureInput
        limits={logoLimits}
        shown={shown()}
        readOnly={props.readOnly}
        words={words.logoWords}
        error={props.of.error()}
        onPick={(picture) => props.of.change({ kind: 'set', picture })}
        onRemove={() => props.of.change(props.of.kept() ? { kind: 'remove' } : { kind: 'keep' })}
      />
    </Block>
  )
}

const release = (pending: PendingLogo) => {
  if (pending.kind === 'set') URL.revokeObjectURL(pending.picture.url)
}

export function PreviewBox(props: {
  tones: Resource<DerivedTones>
  name: string
  logoUrl: string | null
  host: string
  policy: SignInPolicy
  dirty: boolean
}): JSX.Element {
  const [theme, setTheme] = createSignal<'light' | 'dark'>('light')
  const [page, setPage] = createSignal<SamplePage>('signIn')
  return (
    <section class="preview-box" aria-label={words.preview}>
      <div class="row wrap">
        <h2 class="field-label">{words.preview}</h2>
        <span class="quiet smaller">{props.dirty ? words.previewNote : words.previewSaved}</span>
        <span class="push row wrap">
          <Segments
            label={words.previewPage}
            value={page()}
            options={samplePages.map((value) => ({ value, label: words.samplePage[value] }))}
            onChange={setPage}
          />
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
        palette={props.tones.state === 'errored' ? undefined : props.tones.latest?.palettes[theme()]}
        theme={theme()}
        page={page()}
        name={props.name}
        logoUrl={props.logoUrl}
        host={props.host}
        policy={props.policy}
      />
    </section>
  )
}

/** The tones of two colours, asked for again once typing pauses; colours that are none yet are skipped. */
export function useTones(primary: Accessor<string>, accent: Accessor<string>): Resource<DerivedTones> {
  const wanted = () => {
    const primaryColour = hexOf(primary())
    const accentColour = hexOf(accent())
    return primaryColour && accentColour ? { primaryColour, accentColour } : false
  }
  const pause = (ms: number) => new Promise((go) => setTimeout(go, ms))
  let asked = 0
  const [tones] = createResource(wanted, async (colours, info: { value: DerivedTones | undefined }) => {
    const mine = ++asked
    await pause(info.value ? 150 : 0)
    // Overtaken by a newer colour: that call brings the answer.
    if (mine !== asked && info.value) return info.value
    return deriveTones(colours)
  })
  return tones
}

/** Empty means "from the defaults"; anything else must be a colour. */
const colourTrouble = (value: string, optional: boolean): string | undefined =>
  (optional && value.trim() === '') || hexOf(value) ? undefined : words.colourWrong

const homepageTrouble = (value: string): string | undefined =>
  value.trim() === '' || (URL.canParse(value.trim()) && /^https?:/.test(value.trim())) ? undefined : words.homepageWrong

/** What is wrong with a homepage and two colours; with `optional`, a colour may be left to the defaults. */
export function brandTroubles(
  values: { homepage: string; primaryColour: string; accentColour: string },
  optional: boolean,
): { homepage?: string; primaryColour?: string; accentColour?: string } {
  const homepage = homepageTrouble(values.homepage)
  const primaryColour = colourTrouble(values.primaryColour, optional)
  const accentColour = colourTrouble(values.accentColour, optional)
  return {
    ...(homepage && { homepage }),
    ...(primaryColour && { primaryColour }),
    ...(accentColour && { accentColour }),
  }
}
