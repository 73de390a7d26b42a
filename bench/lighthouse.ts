import { atLeast, told } from './budget.ts'
import type { Part } from './budget.ts'
import { withBrowser } from './browser.ts'
import type { Place, Places } from './browser.ts'
import { median } from './client.ts'

const performanceMin = { mobile: 98, desktop: 100 } as const
const accessibilityMin = 100

type Form = keyof typeof performanceMin
type Score = { performance: number; accessibility: number; misses: string[] }
type Report = {
  runtimeError?: { message: string }
  finalDisplayedUrl: string
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>
  audits: Record<string, { id: string; title: string; score: number | null; displayValue?: string }>
}
type Lighthouse = (url: string, flags: object, config?: object) => Promise<{ lhr: Report } | undefined>

/** Lighthouse's own settings for either form, on four pages: the median of several runs. */
export const lighthouseScores = async (places: Places, times: number, say: (line: string) => void): Promise<Part> => {
  const { default: lighthouse } = (await import('lighthouse')) as unknown as { default: Lighthouse }
  const { default: desktop } = await import('lighthouse/core/config/desktop-config.js')
  const lines: Part['lines'] = []
  const figures: Record<string, Score[]> = {}
  for (const place of Object.values(places)) {
    const accessibility: number[] = []
    for (const form of ['mobile', 'desktop'] as const) {
      const scores: Score[] = []
      for (let turn = 0; turn < times; turn += 1)
        scores.push(
          await withBrowser((_, port) => score(lighthouse, place, port, form === 'desktop' ? desktop : undefined)),
        )
      figures[`${place.what}, ${form}`] = scores
      accessibility.push(...scores.map((each) => each.accessibility))
      const found = median(scores.map(({ performance }) => performance))
      say(`${place.what}, ${form}: ${scores.map(({ performance }) => performance).join(' ')}`)
      lines.push(performanceLine(place, form, found, scores))
    }
    const misses = [...new Set(Object.values(figures).flatMap((scores) => scores.flatMap((each) => each.misses)))]
    const line = atLeast(`${place.what}: accessibility`, median(accessibility), accessibilityMin, '')
    lines.push(median(accessibility) < accessibilityMin ? { ...line, note: misses.join('; ') } : line)
  }
  lines.push(told('runs per page and form', String(times)))
  return { lines, figures }
}

const performanceLine = (place: Place, form: Form, found: number, scores: Score[]) =>
  atLeast(
    `${place.what}: performance, ${form}`,
    found,
    performanceMin[form],
    '',
    scores.map(({ performance }) => performance).join(' '),
  )

const score = async (
  lighthouse: Lighthouse,
  { url, cookie }: Place,
  port: number,
  config: object | undefined,
): Promise<Score> => {
  const flags = {
    port,
    logLevel: 'silent',
    onlyCategories: ['performance', 'accessibility'],
    ...(cookie === undefined ? {} : { extraHeaders: { Cookie: cookie } }),
  }
  const report = (await lighthouse(url, flags, config))?.lhr
  if (report === undefined) throw new Error(`Lighthouse said nothing of ${url}.`)
  if (report.runtimeError !== undefined) throw new Error(`Lighthouse on ${url}: ${report.runtimeError.message}`)
  const of = (name: string): number => {
    const found = report.categories[name]?.score
    if (found === null || found === undefined) throw new Error(`Lighthouse gave ${url} no score for ${name}.`)
    return Math.round(found * 100)
  }
  const misses = (report.categories['accessibility']?.auditRefs ?? []).flatMap(({ id, weight }) => {
    const audit = report.audits[id]
    return weight > 0 && audit?.score !== null && (audit?.score ?? 1) < 1 ? [`${id}: ${audit?.title ?? ''}`] : []
  })
  return { performance: of('performance'), accessibility: of('accessibility'), misses }
}
