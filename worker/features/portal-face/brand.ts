export const roles = [
  '--brand',
  '--brand-hover',
  '--on-brand',
  '--brand-text',
  '--brand-mark',
  '--brand-quiet',
  '--brand-border',
  '--brand-panel',
  '--on-brand-panel',
  '--accent',
  '--accent-text',
  '--accent-quiet',
  '--surface-page',
  '--surface',
  '--surface-raised',
  '--surface-sunken',
  '--border',
  '--border-control',
  '--text',
  '--text-quiet',
  '--track',
] as const

export type Role = (typeof roles)[number]
export type Theme = 'light' | 'dark'
export type BrandSource = 'primary' | 'accent'
/** Both `#rrggbb`. */
export type BrandColours = { primary: string; accent: string }
export type Tones = Record<Role, string>

/** One pair of tones that must read, as measured on the finished values. */
export type ContrastCheck = {
  /** `foreground/background`, by role and without the leading dashes. */
  pair: string
  foreground: Role
  background: Role
  theme: Theme
  contrast: number
  /** 4.5 for text (WCAG 2.2, 1.4.3), 3 for marks and control edges (1.4.11). */
  required: number
  /** Which of the two given colours this pair carries; null for neutral pairs. */
  source: BrandSource | null
  /** The tone is not the colour as given. */
  adjusted: boolean
  /** What the colour as given would have reached in this place; null for neutral pairs. */
  givenContrast: number | null
}

/** What became of a given colour in the light theme, for the settings page to say in words. */
export type BrandNote = {
  code:
    | 'fill_darkened' // white text would not read on it
    | 'fill_set_off' // as given, the fill could not be told from the page
    | 'fill_dark_text' // the colour is bright: kept, with dark text on it
    | 'text_darkened'
    | 'mark_darkened'
  source: BrandSource
  givenContrast: number
  contrast: number
}

export type DerivedBrand = {
  given: BrandColours
  light: Tones
  dark: Tones
  checks: ContrastCheck[]
  notes: BrandNote[]
}

/**
 * Every brand tone from two colours, as finished sRGB hex. Same input, same output.
 * Lightness moves, in OKLCH, until each pair of `pairs` holds WCAG 2.2 AA; hue stays, chroma stays where sRGB has it.
 * Throws a RangeError when a colour is not canonical `#rrggbb`: parse what people type with `parseHexColour` first.
 */
export function deriveBrand(given: BrandColours): DerivedBrand {
  const primary = colourOf(given.primary)
  const accent = colourOf(given.accent)
  const light = lightTones(primary, accent)
  const dark = darkTones(primary, accent)
  const colours = { primary: primary.hex, accent: accent.hex }
  const checks = [...measure('light', light, colours), ...measure('dark', dark, colours)]
  return { given: colours, light, dark, checks, notes: notesOn(light, colours) }
}

/** The brand as one CSS rule, for the first byte of HTML. Holds nothing but role names and hex digits. */
export function brandStyle(brand: Pick<DerivedBrand, 'light' | 'dark'>): string {
  return `:root{${roles.map((role) => `${role}:light-dark(${brand.light[role]},${brand.dark[role]})`).join(';')}}`
}

/** One line of the settings page: a sample in its own colours, what it is for, and whether it is the colour as given. */
export type ToneDescription = {
  label: 'tone.buttons' | 'tone.links' | 'tone.quiet' | 'tone.marks' | 'tone.accent_text' | 'tone.accent_areas'
  source: BrandSource
  theme: Theme
  foreground: string
  background: string
  contrast: number
  required: number
  adjusted: boolean
  /** What the colour as given would have reached there. */
  givenContrast: number
}

export function describeTones(derived: DerivedBrand): ToneDescription[] {
  return (['light', 'dark'] as const).flatMap((theme) =>
    described.flatMap(({ label, foreground, background }) => {
      const check = derived.checks.find(
        (one) => one.theme === theme && one.foreground === foreground && one.background === background,
      )
      if (check === undefined || check.source === null || check.givenContrast === null) return []
      return [
        {
          label,
          source: check.source,
          theme,
          foreground: derived[theme][foreground],
          background: derived[theme][background],
          contrast: check.contrast,
          required: check.required,
          adjusted: check.adjusted,
          givenContrast: check.givenContrast,
        },
      ]
    }),
  )
}

/** Contrast of two hex colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastOf(a: string, b: string): number {
  return ratioOf(luminanceOf(a), luminanceOf(b))
}

/** `#rgb` or `#rrggbb`, with or without `#`, in any case → canonical `#rrggbb`; undefined when it is not a colour. */
export function parseHexColour(text: string): string | undefined {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]?.toLowerCase()
  if (digits === undefined) return undefined
  return digits.length === 6 ? `#${digits}` : `#${digits.replaceAll(/./g, '$&$&')}`
}

const textRatio = 4.5
const markRatio = 3
/** Dark text on a saturated mid tone reads worse than its ratio says: a fill is left bright only from here on. */
const darkTextRatio = 5.5
/** OKLab distance below which a fill cannot be told from the surface it lies on. */
const standOutDistance = 0.1

const white = '#ffffff'

const grounds = ['--surface', '--surface-page', '--surface-raised', '--surface-sunken'] as const
const pairs: { foreground: Role; background: Role; required: number }[] = [
  ...pairsOf('--on-brand', ['--brand', '--brand-hover'], textRatio),
  ...pairsOf('--on-brand-panel', ['--brand-panel'], textRatio),
  ...pairsOf('--brand-text', [...grounds, '--brand-quiet'], textRatio),
  ...pairsOf('--accent-text', [...grounds, '--accent-quiet'], textRatio),
  ...pairsOf('--text', [...grounds, '--brand-quiet', '--accent-quiet'], textRatio),
  ...pairsOf('--text-quiet', [...grounds, '--brand-quiet', '--accent-quiet'], textRatio),
  ...pairsOf('--brand-mark', ['--surface', '--surface-page', '--surface-raised'], markRatio),
  ...pairsOf('--accent', ['--surface', '--surface-page', '--surface-raised'], markRatio),
  ...pairsOf('--border-control', grounds, markRatio),
]

const described: { label: ToneDescription['label']; foreground: Role; background: Role }[] = [
  { label: 'tone.buttons', foreground: '--on-brand', background: '--brand' },
  { label: 'tone.links', foreground: '--brand-text', background: '--surface' },
  { label: 'tone.quiet', foreground: '--brand-text', background: '--brand-quiet' },
  { label: 'tone.marks', foreground: '--brand-mark', background: '--surface' },
  { label: 'tone.accent_text', foreground: '--accent-text', background: '--surface' },
  { label: 'tone.accent_areas', foreground: '--accent', background: '--surface' },
]

/** The roles that show a given colour itself; every other role only leans toward its hue. */
const carriers: Partial<Record<Role, BrandSource>> = {
  '--brand': 'primary',
  '--brand-panel': 'primary',
  '--brand-text': 'primary',
  '--brand-mark': 'primary',
  '--accent': 'accent',
  '--accent-text': 'accent',
}

function pairsOf(foreground: Role, backgrounds: readonly Role[], required: number) {
  return backgrounds.map((background) => ({ foreground, background, required }))
}

/** `a` and `b` are the hue: a direction of length 1, or nothing for a grey. */
type Colour = { hex: string; l: number; c: number; a: number; b: number }

function lightTones(primary: Colour, accent: Colour): Tones {
  const ground = {
    '--surface-page': shade(primary, 0.977, 0.004),
    '--surface': white,
    '--surface-raised': white,
    '--surface-sunken': shade(primary, 0.962, 0.005),
    '--brand-quiet': shade(primary, 0.962, 0.02),
    '--accent-quiet': shade(accent, 0.962, 0.024),
  }
  const surfaces = grounds.map((role) => ground[role])
  const open = [ground['--surface'], ground['--surface-page'], ground['--surface-raised']]
  const all = [...surfaces, ground['--brand-quiet'], ground['--accent-quiet']]
  const { fill, hover, on } = lightFill(primary, ground['--surface'])
  return {
    ...ground,
    '--brand': fill,
    '--brand-hover': hover,
    '--on-brand': on,
    '--brand-panel': fill,
    '--on-brand-panel': on,
    '--brand-text': reach(primary, primary.l, 0, readsOn([...surfaces, ground['--brand-quiet']], textRatio)),
    '--brand-mark': reach(primary, primary.l, 0, readsOn(open, markRatio)),
    '--brand-border': shade(primary, 0.86, 0.06),
    '--accent': reach(accent, accent.l, 0, readsOn(open, markRatio)),
    '--accent-text': reach(accent, accent.l, 0, readsOn([...surfaces, ground['--accent-quiet']], textRatio)),
    '--border': shade(primary, 0.905, 0.006),
    '--border-control': reach(primary, 0.64, 0, readsOn(surfaces, markRatio), 0.012),
    '--text': reach(primary, 0.235, 0, readsOn(all, textRatio), 0.014),
    '--text-quiet': reach(primary, 0.475, 0, readsOn(all, textRatio), 0.014),
    '--track': shade(primary, 0.9, 0.012),
  }
}

/** White text where white reads; dark text on a bright colour; anything between is darkened until white reads. */
function lightFill(primary: Colour, surface: string): { fill: string; hover: string; on: string } {
  const ink = shade(primary, 0.22, 0)
  if (contrastOf(white, primary.hex) < textRatio && contrastOf(ink, primary.hex) >= darkTextRatio) {
    const reads = readsOn([ink], textRatio)
    const standsOut = distanceOf(primary.hex, surface) >= standOutDistance
    const fill = reach(primary, standsOut ? primary.l : 0.9, 0, reads)
    const { l } = colourOf(fill)
    const darker = shade(primary, l - 0.05)
    return { fill, hover: reads(darker) ? darker : shade(primary, l + 0.05), on: ink }
  }
  const reads = readsOn([white], textRatio)
  const fill = reach(primary, primary.l, 0, reads)
  const { l } = colourOf(fill)
  // A nearly black fill has no room below it to show the pointer.
  const hover = shade(primary, l < 0.22 ? Math.max(l + 0.12, 0.28) : l - 0.06)
  return { fill, hover, on: white }
}

function darkTones(primary: Colour, accent: Colour): Tones {
  const ground = {
    '--surface-page': shade(primary, 0.165, 0.006),
    '--surface': shade(primary, 0.205, 0.007),
    '--surface-raised': shade(primary, 0.25, 0.008),
    '--surface-sunken': shade(primary, 0.25, 0.007),
    '--brand-quiet': shade(primary, 0.285, 0.04),
    '--accent-quiet': shade(accent, 0.285, 0.04),
  }
  const surfaces = grounds.map((role) => ground[role])
  const open = [ground['--surface'], ground['--surface-page'], ground['--surface-raised']]
  const all = [...surfaces, ground['--brand-quiet'], ground['--accent-quiet']]
  const on = shade(primary, 0.2, 0.03)
  const panel = shade(primary, 0.29, 0.06)
  const brand = reach(primary, Math.max(primary.l, 0.74), 1, readsOn([on], textRatio), 0.15)
  const hoverLightness = colourOf(brand).l > 0.94 ? 0.88 : Math.min(colourOf(brand).l + 0.06, 1)
  return {
    ...ground,
    '--brand': brand,
    '--brand-hover': shade(primary, hoverLightness, 0.15),
    '--on-brand': on,
    '--brand-panel': panel,
    '--on-brand-panel': reach(primary, 0.95, 1, readsOn([panel], textRatio), 0.02),
    '--brand-text': reach(
      primary,
      Math.max(primary.l, 0.8),
      1,
      readsOn([...surfaces, ground['--brand-quiet']], textRatio),
      0.13,
    ),
    '--brand-mark': reach(primary, clamp(primary.l, 0.64, 0.82), 1, readsOn(open, markRatio), 0.14),
    '--brand-border': shade(primary, 0.42, 0.06),
    '--accent': reach(accent, clamp(accent.l, 0.66, 0.82), 1, readsOn(open, markRatio), 0.16),
    '--accent-text': reach(
      accent,
      Math.max(accent.l, 0.8),
      1,
      readsOn([...surfaces, ground['--accent-quiet']], textRatio),
      0.12,
    ),
    '--border': shade(primary, 0.32, 0.008),
    '--border-control': reach(primary, 0.56, 1, readsOn(surfaces, markRatio), 0.01),
    '--text': reach(primary, 0.94, 1, readsOn(all, textRatio), 0.006),
    '--text-quiet': reach(primary, 0.735, 1, readsOn(all, textRatio), 0.008),
    '--track': shade(primary, 0.35, 0.01),
  }
}

function measure(theme: Theme, tones: Tones, given: BrandColours): ContrastCheck[] {
  return pairs.map(({ foreground, background, required }) => {
    const carrier = carriers[foreground] === undefined ? background : foreground
    const source = carriers[carrier] ?? null
    const other = carrier === foreground ? background : foreground
    return {
      pair: `${foreground.slice(2)}/${background.slice(2)}`,
      foreground,
      background,
      theme,
      contrast: contrastOf(tones[foreground], tones[background]),
      required,
      source,
      adjusted: source !== null && tones[carrier] !== given[source],
      givenContrast: source === null ? null : contrastOf(given[source], tones[other]),
    }
  })
}

function notesOn(light: Tones, given: BrandColours): BrandNote[] {
  const notes: BrandNote[] = []
  const on = light['--on-brand']
  const fill = { source: 'primary' as const, givenContrast: contrastOf(given.primary, on) }
  const fillContrast = contrastOf(light['--brand'], on)
  if (on !== white) notes.push({ code: 'fill_dark_text', ...fill, contrast: fillContrast })
  if (light['--brand'] !== given.primary) {
    notes.push({ code: on === white ? 'fill_darkened' : 'fill_set_off', ...fill, contrast: fillContrast })
  }
  for (const [role, code] of [
    ['--brand-text', 'text_darkened'],
    ['--brand-mark', 'mark_darkened'],
    ['--accent-text', 'text_darkened'],
    ['--accent', 'mark_darkened'],
  ] as const) {
    const source = role.startsWith('--brand') ? 'primary' : 'accent'
    if (light[role] === given[source]) continue
    notes.push({
      code,
      source,
      givenContrast: contrastOf(given[source], light['--surface']),
      contrast: contrastOf(light[role], light['--surface']),
    })
  }
  return notes
}

function readsOn(others: readonly string[], ratio: number): (tone: string) => boolean {
  const luminances = others.map(luminanceOf)
  return (tone) => {
    const own = luminanceOf(tone)
    return luminances.every((other) => ratioOf(own, other) >= ratio)
  }
}

/**
 * The tone of this hue nearest to lightness `from`, on the way to black (0) or white (1), that `holds`.
 * The colour itself is tried before any tone made from it, so what already reads stays exactly as given.
 */
function reach(
  colour: Colour,
  from: number,
  toward: 0 | 1,
  holds: (tone: string) => boolean,
  chromaMax = Infinity,
): string {
  const first = from === colour.l && colour.c <= chromaMax ? colour.hex : shade(colour, from, chromaMax)
  if (holds(first)) return first
  let failing = from
  let holding = toward as number
  let found = shade(colour, toward, chromaMax)
  for (let step = 0; step < 10; step++) {
    const middle = (failing + holding) / 2
    const tone = shade(colour, middle, chromaMax)
    if (holds(tone)) {
      holding = middle
      found = tone
    } else {
      failing = middle
    }
  }
  return found
}

/** This hue at another lightness, with as much of its chroma as sRGB can show there. */
function shade(colour: Colour, lightness: number, chromaMax = Infinity): string {
  const l = clamp(lightness, 0, 1)
  const chroma = Math.min(colour.c, chromaMax)
  const wanted = linearOf(l, chroma * colour.a, chroma * colour.b)
  if (isInGamut(wanted)) return hexOf(wanted)
  let inside = 0
  let outside = chroma
  for (let step = 0; step < 14; step++) {
    const middle = (inside + outside) / 2
    if (isInGamut(linearOf(l, middle * colour.a, middle * colour.b))) inside = middle
    else outside = middle
  }
  return hexOf(linearOf(l, inside * colour.a, inside * colour.b))
}

type Triple = readonly [number, number, number]

function colourOf(hex: string): Colour {
  if (!/^#[0-9a-f]{6}$/.test(hex)) throw new RangeError(`not a canonical #rrggbb colour: ${hex.slice(0, 16)}`)
  const [l, a, b] = oklabOf(channelsOf(hex))
  const c = Math.hypot(a, b)
  // Rounding gives a grey a chroma of 1e-8 and a random hue; cleared, so that greys stay grey.
  return c < 1e-4 ? { hex, l, c: 0, a: 0, b: 0 } : { hex, l, c, a: a / c, b: b / c }
}

function channelsOf(hex: string): Triple {
  const bits = Number.parseInt(hex.slice(1), 16)
  return [expand((bits >> 16) & 255), expand((bits >> 8) & 255), expand(bits & 255)]
}

const ratioOf = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)

const luminanceOf = (hex: string): number => {
  const [red, green, blue] = channelsOf(hex)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** sRGB byte → linear light (IEC 61966-2-1). */
const linearBytes = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})
const expand = (byte: number): number => linearBytes[byte] ?? 0

const compress = (value: number): number => {
  const bounded = clamp(value, 0, 1)
  return Math.round(255 * (bounded <= 0.0031308 ? bounded * 12.92 : 1.055 * bounded ** (1 / 2.4) - 0.055))
}

const hexOf = (linear: Triple): string =>
  `#${linear.map((value) => compress(value).toString(16).padStart(2, '0')).join('')}`

/** Half a byte of slack: what rounds into sRGB is in sRGB. */
const isInGamut = (linear: Triple): boolean => linear.every((value) => value >= -0.0002 && value <= 1.002)

/** Linear sRGB ↔ OKLab: the matrices of Björn Ottosson, "A perceptual color space for image processing" (2020). */
function oklabOf([red, green, blue]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function linearOf(lightness: number, a: number, b: number): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

function distanceOf(a: string, b: string): number {
  const [l1, a1, b1] = oklabOf(channelsOf(a))
  const [l2, a2, b2] = oklabOf(channelsOf(b))
  return Math.hypot(l1 - l2, a1 - a2, b1 - b2)
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)
