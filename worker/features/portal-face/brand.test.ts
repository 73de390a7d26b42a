import { describe, expect, it } from 'vitest'
import { brandStyle, contrastOf, deriveBrand, describeTones, parseHexColour, roles } from './brand.ts'
import type { BrandColours, DerivedBrand, Role, Theme } from './brand.ts'

/** The same numbers on every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const hex = (value: number) => `#${Math.floor(value).toString(16).padStart(6, '0')}`
const random = seeded(20261121)
const randomPairs: BrandColours[] = Array.from({ length: 10_000 }, () => ({
  primary: hex(random() * 0x1000000),
  accent: hex(random() * 0x1000000),
}))
const corners = ['#000000', '#ff0000', '#00ff00', '#0000ff', '#ffff00', '#00ffff', '#ff00ff', '#ffffff']
const greys = Array.from({ length: 52 }, (_, step) => `#${(step * 5).toString(16).padStart(2, '0').repeat(3)}`)
const awkwardPairs = [...corners, ...greys].flatMap((primary) =>
  [...corners, '#808080', '#777777'].map((accent) => ({ primary, accent })),
)

/** Derived once: several tests look at the same 5,000. */
const kept = new Map<BrandColours, DerivedBrand>()
function derivedFrom(colours: BrandColours): DerivedBrand {
  const derived = kept.get(colours) ?? deriveBrand(colours)
  kept.set(colours, derived)
  return derived
}

/** Every pair the brand must hold, written down apart from the code under test. */
const mustHold: [Role, Role, number][] = [
  ['--on-brand', '--brand', 4.5],
  ['--on-brand', '--brand-hover', 4.5],
  ['--on-brand-panel', '--brand-panel', 4.5],
  ['--brand-text', '--surface', 4.5],
  ['--brand-text', '--surface-page', 4.5],
  ['--brand-text', '--surface-raised', 4.5],
  ['--brand-text', '--surface-sunken', 4.5],
  ['--brand-text', '--brand-quiet', 4.5],
  ['--accent-text', '--surface', 4.5],
  ['--accent-text', '--accent-quiet', 4.5],
  ['--text', '--surface', 4.5],
  ['--text', '--surface-page', 4.5],
  ['--text', '--surface-raised', 4.5],
  ['--text', '--surface-sunken', 4.5],
  ['--text', '--brand-quiet', 4.5],
  ['--text-quiet', '--surface', 4.5],
  ['--text-quiet', '--surface-page', 4.5],
  ['--text-quiet', '--surface-raised', 4.5],
  ['--text-quiet', '--surface-sunken', 4.5],
  ['--text-quiet', '--brand-quiet', 4.5],
  ['--brand-mark', '--surface', 3],
  ['--accent', '--surface', 3],
  ['--border-control', '--surface', 3],
  ['--border-control', '--surface-page', 3],
]

function breaches(colours: BrandColours): string[] {
  const derived = derivedFrom(colours)
  const themes: Theme[] = ['light', 'dark']
  return themes.flatMap((theme) =>
    mustHold.flatMap(([foreground, background, required]) => {
      const contrast = contrastOf(derived[theme][foreground], derived[theme][background])
      return contrast >= required
        ? []
        : [`${colours.primary} ${colours.accent} ${theme} ${foreground} on ${background}: ${contrast}`]
    }),
  )
}

describe('the tones of a brand', () => {
  it('read in both themes for 10,000 random pairs of colours', () => {
    expect(randomPairs.flatMap(breaches)).toEqual([])
  }, 30_000)

  it('read in both themes for black, white, greys and the pure primaries', () => {
    expect(awkwardPairs.flatMap(breaches)).toEqual([])
  })

  it('pass every check they report, and report every required pair in both themes', () => {
    for (const colours of [...awkwardPairs, ...randomPairs.slice(0, 200)]) {
      const { checks } = derivedFrom(colours)
      expect(checks.filter((check) => check.contrast < check.required)).toEqual([])
      for (const [foreground, background, required] of mustHold) {
        const found = checks.filter((check) => check.foreground === foreground && check.background === background)
        expect(found.map((check) => [check.theme, check.required])).toEqual([
          ['light', required],
          ['dark', required],
        ])
      }
    }
  })

  it('are the same for the same colours', () => {
    for (const colours of randomPairs.slice(0, 50)) expect(derivedFrom(colours)).toEqual(deriveBrand({ ...colours }))
  })

  it('are finished hex values, one for each role', () => {
    for (const colours of randomPairs.slice(0, 200)) {
      const { light, dark } = derivedFrom(colours)
      for (const tones of [light, dark]) {
        expect(Object.keys(tones).toSorted()).toEqual([...roles].toSorted())
        for (const tone of Object.values(tones)) expect(tone).toMatch(/^#[0-9a-f]{6}$/)
      }
    }
  })

  it('leave a fill on which white reads exactly as given', () => {
    const readable = randomPairs.filter(({ primary }) => contrastOf(primary, '#ffffff') >= 4.5)
    expect(readable.length).toBeGreaterThan(500)
    for (const colours of readable) {
      const { light } = derivedFrom(colours)
      expect(light['--brand']).toBe(colours.primary)
      expect(light['--on-brand']).toBe('#ffffff')
    }
  })

  it('leave text and marks exactly as given where they already read', () => {
    const { light } = deriveBrand({ primary: '#0b5a56', accent: '#5a2a82' })
    expect(light['--brand-text']).toBe('#0b5a56')
    expect(light['--brand-mark']).toBe('#0b5a56')
    expect(light['--accent']).toBe('#5a2a82')
    expect(light['--accent-text']).toBe('#5a2a82')
  })

  it.each(['#ffc220', '#ffff00', '#00ffff', '#8ee53f', '#ff9f43', '#f7a8b8'])(
    'keep the bright fill %s, with dark text',
    (primary) => {
      const { light, notes } = deriveBrand({ primary, accent: '#5a2a82' })
      expect(light['--brand']).toBe(primary)
      expect(contrastOf(light['--on-brand'], '#000000')).toBeLessThan(1.5)
      expect(notes.map((note) => note.code)).toContain('fill_dark_text')
    },
  )

  it.each(['#e4572e', '#d9534f', '#7a8b99'])('darken the mid tone %s only until white reads on it', (primary) => {
    const { light, notes } = deriveBrand({ primary, accent: '#5a2a82' })
    expect(light['--on-brand']).toBe('#ffffff')
    expect(contrastOf(light['--brand'], '#ffffff')).toBeLessThan(4.6)
    expect(notes.map((note) => note.code)).toContain('fill_darkened')
  })

  it.each(['#ffffff', '#fefefe', '#fffdf5'])('set the nearly white fill %s off from the page', (primary) => {
    const { light, notes } = deriveBrand({ primary, accent: '#5a2a82' })
    expect(contrastOf(light['--brand'], light['--surface'])).toBeGreaterThan(1.2)
    expect(notes.map((note) => note.code)).toContain('fill_set_off')
  })

  it('show the pointer on every fill', () => {
    const same: BrandColours[] = []
    for (const colours of [...awkwardPairs, ...randomPairs]) {
      const { light, dark } = derivedFrom(colours)
      if (light['--brand-hover'] === light['--brand'] || dark['--brand-hover'] === dark['--brand']) same.push(colours)
    }
    expect(same).toEqual([])
  })

  it('keep the hue: a moved green is still green, a grey stays grey', () => {
    const green = deriveBrand({ primary: '#30c060', accent: '#30c060' }).light['--brand-text']
    const [red, mid, blue] = [green.slice(1, 3), green.slice(3, 5), green.slice(5, 7)].map((part) =>
      Number.parseInt(part, 16),
    )
    expect(mid).toBeGreaterThan((red ?? 0) + 40)
    expect(mid).toBeGreaterThan((blue ?? 0) + 20)
    const grey = deriveBrand({ primary: '#999999', accent: '#999999' })
    for (const tone of [...Object.values(grey.light), ...Object.values(grey.dark)]) {
      expect(tone.slice(1, 3) === tone.slice(3, 5) && tone.slice(3, 5) === tone.slice(5, 7)).toBe(true)
    }
  })

  it.each(['red', '#fff', '#GG0000', '#FF0000', '', '#0000000', 'url(x)'])(
    'refuse %j, which is not canonical',
    (primary) => {
      expect(() => deriveBrand({ primary, accent: '#000000' })).toThrow(RangeError)
    },
  )
})

describe('what the settings page shows', () => {
  it('says that an accent which does not read as text was darkened, and what it had reached', () => {
    const derived = deriveBrand({ primary: '#0b7a75', accent: '#e4572e' })
    const text = describeTones(derived).find((tone) => tone.label === 'tone.accent_text' && tone.theme === 'light')
    expect(text).toMatchObject({ source: 'accent', adjusted: true, background: '#ffffff', required: 4.5 })
    expect(text?.givenContrast).toBeCloseTo(3.7, 1)
    expect(text?.contrast).toBeGreaterThanOrEqual(4.5)
    const area = describeTones(derived).find((tone) => tone.label === 'tone.accent_areas' && tone.theme === 'light')
    expect(area).toMatchObject({ adjusted: false, foreground: '#e4572e', required: 3 })
    expect(derived.notes).toEqual([
      expect.objectContaining({ code: 'text_darkened', source: 'accent', givenContrast: text?.givenContrast }),
    ])
  })

  it('shows each tone once in each theme, with the ratio of the very colours it shows', () => {
    const tones = describeTones(deriveBrand({ primary: '#ffc220', accent: '#5a2a82' }))
    expect(tones).toHaveLength(12)
    expect(new Set(tones.map((tone) => `${tone.label} ${tone.theme}`)).size).toBe(12)
    for (const tone of tones) expect(tone.contrast).toBe(contrastOf(tone.foreground, tone.background))
  })

  it('says of a brand that reads everywhere in the light theme that nothing was adjusted there', () => {
    const derived = deriveBrand({ primary: '#0b5a56', accent: '#5a2a82' })
    expect(describeTones(derived).filter((tone) => tone.theme === 'light' && tone.adjusted)).toEqual([])
    expect(derived.notes).toEqual([])
  })
})

describe('the style of a brand', () => {
  it('is one rule with every role and nothing a page could be broken with', () => {
    for (const colours of randomPairs.slice(0, 100)) {
      const style = brandStyle(deriveBrand(colours))
      expect(style).toMatch(/^:root\{(--[a-z-]+:light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\);?){21}\}$/)
    }
  })
})

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4.0],
    ['#0000ff', '#ffffff', 8.59],
  ])('of %s and %s is %d', (a, b, ratio) => {
    expect(contrastOf(a, b)).toBeCloseTo(ratio, 2)
    expect(contrastOf(b, a)).toBe(contrastOf(a, b))
  })
})

describe('a colour as people type it', () => {
  it.each([
    ['#0B7A75', '#0b7a75'],
    ['0b7a75', '#0b7a75'],
    ['#fff', '#ffffff'],
    ['fC2', '#ffcc22'],
    [' #123456 ', '#123456'],
  ])('%j is %s', (text, colour) => {
    expect(parseHexColour(text)).toBe(colour)
  })

  it.each([
    '',
    '#',
    '#12',
    '#1234',
    '#12345',
    '#1234567',
    '#12345678',
    'teal',
    '##123456',
    '#12 456',
    '#ggg',
    '١٢٣',
    '#fff;}',
  ])('%j is none', (text) => {
    expect(parseHexColour(text)).toBeUndefined()
  })
})
