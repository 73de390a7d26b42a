import { atLeast, told } from './budget.ts'
import type { Part } from './budget.ts'
import { withBrowser } from './browser.ts'
import type { Place, Places } from './browser.ts'
import { median } from './client.ts'

const performanceMin = { mobile: 98, desktop: 100 } as const
const accessibilityMin = 100
const lostTracesMax = 2
const lostTraceCodes = new Set(['NO_NAVSTART', 'NO_TRACING_STARTED', 'NO_SPEEDLINE_FRAMES'])

type Form = keyof typeof performanceMin
/** What performance is made of, in Lighthouse's own units: milliseconds, and a plain number for the shift of layout. */
const metrics = {
  'first-contentful-paint': 'FCP',
  'largest-contentful-paint': 'LCP',
  'total-blocking-time': 'TBT',
  'speed-index': 'SI',
  'cumulative-layout-shift': 'CLS',
} as const
type Metric = keyof typeof metrics
type Score = {
  performance: number
  accessibility: number
  misses: string[]
  metrics: Record<Metric, number>
  speed: number
}
type Report = {
  runtimeError?: { code: string; message: string }
  environment: { benchmarkIndex: number }
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>
  audits: Record<string, { id: string; title: string; score: number | null; numericValue?: number }>
}
type Lighthouse = (url: string, flags: object, config?: object) => Promise<{ lhr: Report } | undefined>

/** Lighthouse's own settings for either form, on four pages: the median of several runs. */
export const lighthouseScores = async (places: Places, times: number, say: (line: string) => void): Promise<Part> => {
  const { default: lighthouse } = (await import('lighthouse')) as unknown as { default: Lighthouse }
  const { default: desktop } = await import('lighthouse/core/config/desktop-config.js')
  const lines: Part['lines'] = []
  const figures: Record<string, Score[]> = {}
  for (const place of Object.values(places)) {
    const scores: Record<Form, Score[]> = { mobile: [], desktop: [] }
    await withBrowser(async (_, port) => {
      for (let turn = 0; turn < times; turn += 1) {
        scores.mobile.push(await scoreOf(lighthouse, place, port, undefined))
        scores.desktop.push(await scoreOf(lighthouse, place, port, desktop))
      }
    })
    for (const form of ['mobile', 'desktop'] as const) {
      figures[`${place.what}, ${form}`] = scores[form]
      lines.push(performanceLine(place, form, scores[form]))
      say(`${place.what}, ${form}: ${scores[form].map(({ performance }) => performance).join(' ')}`)
    }
    const both = [...scores.mobile, ...scores.desktop]
    const found = median(both.map(({ accessibility }) => accessibility))
    const line = atLeast(`${place.what}: accessibility`, found, accessibilityMin, '')
    const misses = [...new Set(both.flatMap((each) => each.misses))]
    lines.push(misses.length === 0 ? line : { ...line, note: misses.join('; ') })
  }
  const speeds = Object.values(figures).flatMap((scores) => scores.map(({ speed }) => speed))
  lines.push(
    told('runs per page and form', String(times)),
    told(
      'speed of this machine meanwhile',
      median(speeds).toFixed(0),
      'Lighthouse’s benchmark index; idle desktops reach 1500',
    ),
  )
  return { lines, figures }
}

const performanceLine = (place: Place, form: Form, scores: Score[]) => {
  const typical = (Object.keys(metrics) as Metric[]).map((name) => {
    const value = median(scores.map((each) => each.metrics[name]))
    return name === 'cumulative-layout-shift' ? `CLS ${value.toFixed(3)}` : `${metrics[name]} ${value.toFixed(0)} ms`
  })
  const each = scores.map(({ performance }) => performance)
  return atLeast(
    `${place.what}: performance, ${form}`,
    median(each),
    performanceMin[form],
    '',
    `${each.join(' ')}; ${typical.join(', ')}`,
  )
}

/** On a busy machine Chromium now and then loses the trace of a run. Such a run has no score, so it is made again. */
const scoreOf = async (...[lighthouse, place, port, config]: Parameters<typeof score>): Promise<Score> => {
  for (let lost = 0; ; lost += 1) {
    try {
      return await score(lighthouse, place, port, config)
    } catch (error) {
      if (!(error instanceof LostTrace) || lost === lostTracesMax) throw error
    }
  }
}

class LostTrace extends Error {}

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
  if (report.runtimeError !== undefined) {
    const message = `Lighthouse on ${url}: ${report.runtimeError.message}`
    throw lostTraceCodes.has(report.runtimeError.code) ? new LostTrace(message) : new Error(message)
  }
  const of = (name: string): number => {
    const found = report.categories[name]?.score
    if (found === null || found === undefined) throw new Error(`Lighthouse gave ${url} no score for ${name}.`)
    return Math.round(found * 100)
  }
  const misses = (report.categories['accessibility']?.auditRefs ?? []).flatMap(({ id, weight }) => {
    const audit = report.audits[id]
    return weight > 0 && audit?.score !== null && (audit?.score ?? 1) < 1 ? [`${id}: ${audit?.title ?? ''}`] : []
  })
  const measured = Object.fromEntries(
    Object.keys(metrics).map((name) => [name, report.audits[name]?.numericValue ?? Number.NaN]),
  ) as Record<Metric, number>
  const speed = report.environment.benchmarkIndex
  return { performance: of('performance'), accessibility: of('accessibility'), misses, metrics: measured, speed }
}
