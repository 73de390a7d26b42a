import { and, asc, desc, gte, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { scoreControls, securityAlerts, securityScores, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { ALERTS_TOLD_MS } from '../../connectors/directory.ts'
import { missing } from '../../http/problem.ts'
import { isoMoment } from '../../http/text.ts'
import { oldest } from '../dashboard/index.ts'
import { itself, notToldBy, present, presentTenant, tenantsRead } from '../directory/index.ts'
import type { DirectoryReads } from '../directory/index.ts'
import type { OneTenantQuery, Security } from './security.schema.ts'
import { controlsTogether, scoreOf } from './score.ts'

const DAY_MS = 86_400_000
/** As long as days of scores are kept. */
const SCORE_DAY_COUNT = 365
const ALERT_COUNT_MAX = 100
const CONTROL_COUNT_MAX = 20

const graveness = sql`case ${securityAlerts.severity} when 'high' then 0 when 'medium' then 1 when 'unknown' then 2 when 'low' then 3 else 4 end`

/**
 * The security of a customer, over its tenants or in one of them, for whoever may see it. One round trip; costs what its
 * tenants have of a year's scores and of open alerts. Problem `missing`.
 */
export const readSecurity = async (
  reads: DirectoryReads,
  { tenantId }: z.infer<typeof OneTenantQuery>,
): Promise<z.infer<typeof Security>> => {
  const at = now()
  const [known, held, scores, controls, alerts] = await reads.readAll([
    itself(reads),
    tenantsRead(reads),
    scoresRead(reads, new Date(at - (SCORE_DAY_COUNT - 1) * DAY_MS).toISOString().slice(0, 10), tenantId),
    controlsRead(reads, tenantId),
    alertsRead(reads, at, ALERT_COUNT_MAX, tenantId),
  ])
  if (known.length === 0) throw missing('customer')
  const asked = held.filter(({ id }) => tenantId === undefined || id === tenantId)
  return {
    tenants: held.map(presentTenant),
    score: scoreOf(scores),
    controls: {
      asOf: oldest(controls.map(({ asOf }) => asOf)),
      items: controlsTogether(controls)
        .slice(0, CONTROL_COUNT_MAX)
        .map(({ points: _, max: __, ...control }) => control),
    },
    alerts: {
      asOf: oldest(asked.flatMap((row) => (row.partsUnread.alerts === undefined ? [row.lastGoodSyncAt] : []))),
      items: alerts.slice(0, ALERT_COUNT_MAX).map(({ status, raisedAt, ...alert }) => ({
        ...alert,
        isInProgress: status === 'in_progress',
        raisedAt: isoMoment(raisedAt),
      })),
      truncated: alerts.length > ALERT_COUNT_MAX,
    },
    notTold: notToldBy(asked, ['score', 'controls', 'alerts']),
  }
}

const presentIn = (reads: DirectoryReads, tenantId: string | undefined) =>
  reads
    .select({ id: tenants.id })
    .from(tenants)
    .where(reads.mine(tenants, present(tenantId)))

/** Scores from a day on, oldest first, as `scoreOf` takes them. */
export const scoresRead = (reads: DirectoryReads, from: string, tenantId?: string) =>
  reads
    .select({
      tenantId: securityScores.tenantId,
      day: securityScores.id,
      currentHundredths: securityScores.currentHundredths,
      maxHundredths: securityScores.maxHundredths,
      comparisonHundredths: securityScores.comparisonHundredths,
      asOf: securityScores.asOf,
    })
    .from(securityScores)
    .where(
      reads.mine(
        securityScores,
        and(inArray(securityScores.tenantId, presentIn(reads, tenantId)), gte(securityScores.id, from)),
      ),
    )
    .orderBy(asc(securityScores.id))

/** What would raise the score, as `controlsTogether` takes it. */
export const controlsRead = (reads: DirectoryReads, tenantId?: string) =>
  reads
    .select({
      tenantId: scoreControls.tenantId,
      id: scoreControls.id,
      title: scoreControls.title,
      category: scoreControls.category,
      pointsHundredths: scoreControls.pointsHundredths,
      maxHundredths: scoreControls.maxHundredths,
      remediation: scoreControls.remediation,
      asOf: scoreControls.asOf,
    })
    .from(scoreControls)
    .where(reads.mine(scoreControls, inArray(scoreControls.tenantId, presentIn(reads, tenantId))))

/** Alerts that are open at a moment, as far as Microsoft is believed to tell of them still. */
export const openAlerts = (reads: DirectoryReads, at: number, tenantId?: string): SQL | undefined =>
  and(
    inArray(securityAlerts.tenantId, presentIn(reads, tenantId)),
    ne(securityAlerts.status, 'resolved'),
    or(isNull(securityAlerts.raisedAt), gte(securityAlerts.raisedAt, at - ALERTS_TOLD_MS)),
  )

/** The same, the gravest first, then the newest; one more than `count` where there are more. */
export const alertsRead = (reads: DirectoryReads, at: number, count: number, tenantId?: string) =>
  reads
    .select({
      id: securityAlerts.id,
      tenantId: securityAlerts.tenantId,
      title: securityAlerts.title,
      description: securityAlerts.description,
      category: securityAlerts.category,
      severity: securityAlerts.severity,
      status: securityAlerts.status,
      raisedAt: securityAlerts.raisedAt,
    })
    .from(securityAlerts)
    .where(reads.mine(securityAlerts, openAlerts(reads, at, tenantId)))
    .orderBy(asc(graveness), desc(securityAlerts.raisedAt), asc(securityAlerts.id))
    .limit(count + 1)
