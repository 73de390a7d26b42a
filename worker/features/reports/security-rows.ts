import type { securityAlerts, serviceHealth } from '../../../db/shard/schema.ts'
import type { Cell } from '../../http/cells.ts'
import { serviceName, worstOfServices } from '../dashboard/index.ts'
import type { controlsTogether, Score } from '../security/index.ts'

type Part = 'score' | 'alerts' | 'controls' | 'services'

export type Security = {
  score: Score | null
  /** The gravest first. */
  alerts: Pick<typeof securityAlerts.$inferSelect, 'title' | 'severity' | 'raisedAt'>[]
  hasMoreAlerts: boolean
  controls: Pick<ReturnType<typeof controlsTogether>[number], 'title' | 'category' | 'points' | 'max'>[]
  services: Pick<typeof serviceHealth.$inferSelect, 'service' | 'state' | 'since'>[]
  /** What Microsoft does not tell of which tenant. */
  notTold: { part: Part; tenantName: string; since: number }[]
}

const partWords: Record<Part, string> = {
  score: 'Security score',
  alerts: 'Open alerts',
  controls: 'What would raise the score',
  services: 'Microsoft services',
}

const severityWords: Record<Security['alerts'][number]['severity'], string> = {
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'For information',
  unknown: 'Severity not known',
}

const stateWords: Record<Security['services'][number]['state'], string> = {
  interrupted: 'Down',
  degraded: 'Has problems',
  recovering: 'Coming back',
  unknown: 'Not known',
  works: 'Works',
}

/** The summary as rows: score, open alerts, what would raise the score most, services (the worst first). */
export const securityCells = (security: Security, dayOf: (at: number | null) => Cell): Cell[][] => {
  const { score, alerts, hasMoreAlerts, controls, services, notTold } = security
  const row = (part: Part, what: string, state: Cell = null, since: Cell = null): Cell[] => [
    partWords[part],
    what,
    state,
    null,
    null,
    since,
  ]
  const untold = (part: Part) => notTold.filter((one) => one.part === part)
  const untoldRows = (part: Part) =>
    untold(part).map(({ tenantName, since }) =>
      row(part, `Microsoft does not tell it of ${tenantName}`, null, dayOf(since)),
    )
  const isTold = (part: Part) => untold(part).length === 0
  return [
    ...scoreRows(score),
    ...(score === null && isTold('score') ? [row('score', 'Microsoft gives no score')] : []),
    ...untoldRows('score'),
    ...(alerts.length === 0 && isTold('alerts') ? [row('alerts', 'None')] : []),
    ...alerts.map(({ title, severity, raisedAt }) =>
      row('alerts', title === '' ? 'Without a title' : title, severityWords[severity], dayOf(raisedAt)),
    ),
    ...(hasMoreAlerts ? [row('alerts', 'There are more than are listed')] : []),
    ...untoldRows('alerts'),
    ...controls.map(({ title, category, points, max }) => [partWords.controls, title, category, points, max, null]),
    ...untoldRows('controls'),
    ...worstOfServices(services).map(({ service, state, since }) =>
      row('services', serviceName(service), stateWords[state], state === 'works' ? null : dayOf(since)),
    ),
    ...untoldRows('services'),
  ]
}

const scoreRows = (score: Score | null): Cell[][] => {
  if (score === null) return []
  const day = score.asOf?.slice(0, 10) ?? null
  const reached = score.max === 0 ? null : `${score.percent}%`
  return [
    [partWords.score, 'Reached', reached, score.current, score.max, day],
    ...(score.comparison === null
      ? []
      : [[partWords.score, 'Similar organisations', `${score.comparison}%`, null, null, day]]),
  ]
}
