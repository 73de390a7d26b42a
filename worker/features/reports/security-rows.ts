import type { scoreControls, securityAlerts, securityScores, serviceHealth } from '../../../db/shard/schema.ts'
import type { Cell } from '../../http/cells.ts'
import { worstOfServices } from '../dashboard/index.ts'

export type ScoreRow = Pick<
  typeof securityScores.$inferSelect,
  'tenantId' | 'currentHundredths' | 'maxHundredths' | 'comparisonHundredths'
> & { day: string }

export type Security = {
  /** Oldest first. */
  scores: ScoreRow[]
  alerts: Pick<typeof securityAlerts.$inferSelect, 'title' | 'severity' | 'raisedAt'>[]
  controls: Pick<typeof scoreControls.$inferSelect, 'title' | 'category' | 'pointsHundredths' | 'maxHundredths'>[]
  services: Pick<typeof serviceHealth.$inferSelect, 'service' | 'state' | 'since'>[]
}

const severityWords: Record<Security['alerts'][number]['severity'], string> = {
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'For information',
  unknown: 'Severity not known',
}
const severities = Object.keys(severityWords)

const stateWords: Record<Security['services'][number]['state'], string> = {
  interrupted: 'Interrupted',
  degraded: 'Degraded',
  recovering: 'Recovering',
  unknown: 'Not known',
  works: 'Works',
}

/** The points of several tenants added up, of each its newest; the comparison, in percent, weighed by what each could reach. Undefined without any. */
export const scoreTogether = (
  scores: readonly ScoreRow[],
): { current: number; max: number; comparison: number | null; day: string } | undefined => {
  const newest = [...new Map(scores.map((row) => [row.tenantId, row])).values()]
  const [first] = newest.toSorted((one, other) => (one.day < other.day ? -1 : 1))
  if (first === undefined) return undefined
  const sum = (rows: readonly ScoreRow[], pick: (row: ScoreRow) => number) =>
    rows.reduce((total, row) => total + pick(row), 0)
  const compared = newest.filter(({ comparisonHundredths }) => comparisonHundredths !== null)
  const weight = sum(compared, ({ maxHundredths }) => maxHundredths)
  const weighed = sum(compared, (row) => (row.comparisonHundredths ?? 0) * row.maxHundredths)
  return {
    current: sum(newest, ({ currentHundredths }) => currentHundredths) / 100,
    max: sum(newest, ({ maxHundredths }) => maxHundredths) / 100,
    comparison: weight === 0 ? null : Math.round(weighed / weight / 10) / 10,
    day: first.day,
  }
}

/** The summary as rows: score, open alerts (the worst first), what would raise the score most, services (likewise). */
export const securityCells = (
  { scores, alerts, controls, services }: Security,
  dayOf: (at: number | null) => Cell,
): Cell[][] => {
  const score = scoreTogether(scores)
  const gain = (row: Security['controls'][number]) => row.maxHundredths - row.pointsHundredths
  return [
    ...(score === undefined
      ? [['Security score', 'Microsoft gives no score', null, null, null, null]]
      : [['Security score', 'Reached', percentOf(score.current, score.max), score.current, score.max, score.day]]),
    ...(score?.comparison === undefined || score.comparison === null
      ? []
      : [['Security score', 'Similar organisations', `${score.comparison} %`, null, null, score.day]]),
    ...(alerts.length === 0 ? [['Open alerts', 'None', null, null, null, null]] : []),
    ...alerts
      .toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity))
      .map(({ title, severity, raisedAt }) => [
        'Open alerts',
        title === '' ? 'Without a title' : title,
        severityWords[severity],
        null,
        null,
        dayOf(raisedAt),
      ]),
    ...controls
      .filter((row) => gain(row) > 0)
      .toSorted((one, other) => gain(other) - gain(one))
      .map((row) => [
        'What would raise the score',
        row.title,
        row.category,
        row.pointsHundredths / 100,
        row.maxHundredths / 100,
        null,
      ]),
    ...worstOfServices(services).map(({ service, state, since }) => [
      'Microsoft services',
      service,
      stateWords[state],
      null,
      null,
      state === 'works' ? null : dayOf(since),
    ]),
  ]
}

const percentOf = (current: number, max: number): string | null =>
  max === 0 ? null : `${Math.round((current / max) * 1_000) / 10} %`
