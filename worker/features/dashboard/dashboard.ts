import { and, asc, desc, eq, gte, inArray, isNull, lte, ne, or } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import {
  seatCounts,
  securityAlerts,
  securityScores,
  serviceHealth,
  skus,
  subscriptions,
  tenantDays,
  tenants,
  userChanges,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { dayOf } from '../../days.ts'
import { ALERTS_TOLD_MS } from '../../connectors/directory.ts'
import type { PortalPerson } from '../../http/app.ts'
import { plan } from '../../tenancy/plan.ts'
import type { Asked } from '../../tenancy/plan.ts'
import type { ContactReads, ContactScope } from '../../tenancy/scope.ts'
import { RENEWALS_AHEAD_MS, bySku, idleTogether, inOrder, namesAmong, seatsIn, together } from '../licences/index.ts'
import { isUnreadable } from '../microsoft-apps/index.ts'
import { noticesNow, presentInPortal } from '../notices/index.ts'
import { oldest, sumByDay, worstOfServices } from './combine.ts'
import { serviceName } from './service-names.ts'
import { openRequestReads, presentRequestsNow } from '../requests/index.ts'
import { scoreOf } from '../security/index.ts'
import { openTicketReads, presentTicketsNow } from '../tickets/index.ts'
import { namedTo, toldOf } from '../user-changes/index.ts'
import type { Nameable } from '../user-changes/index.ts'
import type { Dashboard } from './dashboard.schema.ts'

const DAY_MS = 86_400_000
const CHANGE_COUNT_MAX = 100
const TREND_DAY_COUNT = 30

/** The columns that are shown: naming and sending all of them costs more than reading the rows. */
const shown = {
  tenants: {
    id: tenants.id,
    name: tenants.name,
    state: tenants.state,
    consentLostAt: tenants.consentLostAt,
    lastGoodSyncAt: tenants.lastGoodSyncAt,
    activeUserCount: tenants.activeUserCount,
    guestCount: tenants.guestCount,
    blockedUserCount: tenants.blockedUserCount,
    mailboxCount: tenants.mailboxCount,
  },
  seatCounts: {
    tenantId: seatCounts.tenantId,
    id: seatCounts.id,
    skuPartNumber: seatCounts.skuPartNumber,
    boughtCount: seatCounts.boughtCount,
    assignedCount: seatCounts.assignedCount,
    suspendedCount: seatCounts.suspendedCount,
    microsoftName: seatCounts.microsoftName,
    ownName: skus.ownName,
    asOf: seatCounts.asOf,
    idle30Count: seatCounts.idle30Count,
    idle60Count: seatCounts.idle60Count,
    idle90Count: seatCounts.idle90Count,
    blockedHolderCount: seatCounts.blockedHolderCount,
    signInUnknownCount: seatCounts.signInUnknownCount,
    idleAsOf: seatCounts.idleAsOf,
  },
  subscriptions: {
    tenantId: subscriptions.tenantId,
    skuId: subscriptions.skuId,
    skuPartNumber: subscriptions.skuPartNumber,
    seatCount: subscriptions.seatCount,
    nextLifecycleAt: subscriptions.nextLifecycleAt,
    ownName: skus.ownName,
    microsoftName: skus.microsoftName,
  },
  tenantDays: {
    tenantId: tenantDays.tenantId,
    id: tenantDays.id,
    activeUserCount: tenantDays.activeUserCount,
  },
  userChanges: {
    tenantId: userChanges.tenantId,
    day: userChanges.day,
    kind: userChanges.kind,
    name: userChanges.name,
    detail: userChanges.detail,
    skuId: userChanges.skuId,
  },
  securityScores: {
    tenantId: securityScores.tenantId,
    id: securityScores.id,
    currentHundredths: securityScores.currentHundredths,
    maxHundredths: securityScores.maxHundredths,
    comparisonHundredths: securityScores.comparisonHundredths,
    asOf: securityScores.asOf,
  },
  securityAlerts: {
    tenantId: securityAlerts.tenantId,
    title: securityAlerts.title,
    severity: securityAlerts.severity,
    raisedAt: securityAlerts.raisedAt,
  },
  serviceHealth: {
    tenantId: serviceHealth.tenantId,
    service: serviceHealth.service,
    state: serviceHealth.state,
    issueTitle: serviceHealth.issueTitle,
    since: serviceHealth.since,
    asOf: serviceHealth.asOf,
  },
}

/** A row as far as it was read. */
type Shown<T extends { $inferSelect: object }, K extends keyof typeof shown> = Pick<
  T['$inferSelect'],
  keyof (typeof shown)[K] & keyof T['$inferSelect']
>

/** What a licence is called beside its row; null where neither the MSP nor Microsoft said. */
type SeatRow = Shown<typeof seatCounts, 'seatCounts'> & Pick<SkuRow, 'ownName'>
type SkuRow = Pick<typeof skus.$inferSelect, 'ownName' | 'microsoftName'>

type Moment = 'at' | 'renewalsUntil' | 'trendFrom' | 'changesFrom' | 'scoresFrom' | 'alertsFrom'

/** A portal admin's tickets are read from another list than a portal user's. */
const dashboardPlanFor = (isPortalAdmin: boolean) =>
  plan((contact: ContactReads, asked: Asked<Moment | 'contactId'>) => {
    /** A removed tenant's rows are kept; lists with a limit must not be filled with them. */
    const present = contact
      .select({ id: tenants.id })
      .from(tenants)
      .where(contact.mine(tenants, isNull(tenants.removedAt)))
    return [
      contact
        .select(shown.tenants)
        .from(tenants)
        .where(contact.mine(tenants, isNull(tenants.removedAt)))
        .orderBy(asc(tenants.connectedAt))
        .limit(50),
      contact
        .select(shown.seatCounts)
        .from(seatCounts)
        .leftJoin(skus, and(eq(skus.mspId, seatCounts.mspId), eq(skus.id, seatCounts.id)))
        .where(contact.mine(seatCounts, eq(seatCounts.hidden, false))),
      contact
        .select(shown.subscriptions)
        .from(subscriptions)
        .leftJoin(skus, and(eq(skus.mspId, subscriptions.mspId), eq(skus.id, subscriptions.skuId)))
        .where(
          contact.mine(
            subscriptions,
            and(
              eq(subscriptions.isTrial, false),
              gte(subscriptions.nextLifecycleAt, asked('at')),
              lte(subscriptions.nextLifecycleAt, asked('renewalsUntil')),
              inArray(subscriptions.tenantId, present),
            ),
          ),
        )
        .orderBy(asc(subscriptions.nextLifecycleAt))
        .limit(50),
      contact
        .select(shown.tenantDays)
        .from(tenantDays)
        .where(contact.mine(tenantDays, gte(tenantDays.id, asked('trendFrom'))))
        .orderBy(asc(tenantDays.id)),
      contact
        .select(shown.userChanges)
        .from(userChanges)
        .where(
          contact.mine(
            userChanges,
            and(gte(userChanges.at, asked('changesFrom')), inArray(userChanges.tenantId, present)),
          ),
        )
        .orderBy(desc(userChanges.at), asc(userChanges.id))
        .limit(CHANGE_COUNT_MAX + 1),
      contact
        .select(shown.securityScores)
        .from(securityScores)
        .where(contact.mine(securityScores, gte(securityScores.id, asked('scoresFrom'))))
        .orderBy(asc(securityScores.id)),
      contact
        .select(shown.securityAlerts)
        .from(securityAlerts)
        .where(
          contact.mine(
            securityAlerts,
            and(
              ne(securityAlerts.status, 'resolved'),
              ne(securityAlerts.severity, 'informational'),
              or(isNull(securityAlerts.raisedAt), gte(securityAlerts.raisedAt, asked('alertsFrom'))),
              inArray(securityAlerts.tenantId, present),
            ),
          ),
        )
        .orderBy(desc(securityAlerts.raisedAt))
        .limit(20),
      contact.select(shown.serviceHealth).from(serviceHealth).where(contact.mine(serviceHealth)),
      noticesNow(contact, asked('at')),
      ...openTicketReads(contact, isPortalAdmin, asked('contactId')),
      ...openRequestReads(contact, asked('contactId')),
    ]
  })

const plans = { ofAdmin: dashboardPlanFor(true), ofUser: dashboardPlanFor(false) }

/**
 * What a contact sees of their company first, over all its tenants. One round trip; its cost depends on the company's
 * licences, services and the last days, never on how many people or customers there are.
 */
export const readDashboard = async (
  contact: ContactScope,
  person: Pick<PortalPerson, 'directory' | 'permissions' | 'timeZone'>,
): Promise<z.infer<typeof Dashboard>> => {
  const at = now()
  const day = (before: number) => new Date(at - before * DAY_MS).toISOString().slice(0, 10)
  const isAdmin = contact.person.isPortalAdmin
  const { contactId } = contact.person
  const [held, seats, renewals, days, changes, scores, alerts, services, told, open, counts, ...asked] =
    await contact.follow(isAdmin ? plans.ofAdmin : plans.ofUser, {
      contactId,
      at,
      renewalsUntil: at + RENEWALS_AHEAD_MS,
      trendFrom: day(TREND_DAY_COUNT),
      changesFrom: at - 30 * DAY_MS,
      scoresFrom: day(91),
      alertsFrom: at - ALERTS_TOLD_MS,
    })
  const presentIds = new Set(held.map(({ id }) => id))
  const current = <R extends { tenantId: string }>(rows: R[]): R[] =>
    rows.filter(({ tenantId }) => presentIds.has(tenantId))
  const synced = held.filter(({ lastGoodSyncAt }) => lastGoodSyncAt !== null)
  const nameOf = namesAmong(current(seats).map((row) => ({ ...row, skuId: row.id })))
  return {
    asOf: oldest(synced.map(({ lastGoodSyncAt }) => lastGoodSyncAt)),
    tenants: held.map((row) => ({
      name: row.name,
      state: isUnreadable(row.state) ? 'consent_lost' : row.lastGoodSyncAt === null ? 'syncing' : 'connected',
      asOf: oldest([row.lastGoodSyncAt]),
      stateSince: isUnreadable(row.state) ? oldest([row.consentLostAt]) : null,
    })),
    people: peopleOf(synced, dayOf(at, person.timeZone), current(days), changes, namedTo(person), nameOf),
    licences: licencesOf(current(seats), isAdmin ? renewals : undefined, nameOf),
    security: isAdmin ? securityOf(synced, current(scores), alerts) : null,
    health: healthOf(current(services)),
    notices: told.map(presentInPortal),
    tickets: presentTicketsNow(open, counts, contactId),
    requests: presentRequestsNow(...asked, contactId),
  }
}

const peopleOf = (
  synced: Shown<typeof tenants, 'tenants'>[],
  today: string,
  days: Shown<typeof tenantDays, 'tenantDays'>[],
  changes: Shown<typeof userChanges, 'userChanges'>[],
  nameable: Nameable,
  nameOf: ReturnType<typeof namesAmong>,
): z.infer<typeof Dashboard>['people'] =>
  synced.length === 0
    ? null
    : {
        asOf: oldest(synced.map(({ lastGoodSyncAt }) => lastGoodSyncAt)),
        today,
        activeCount: sumOf(synced, (row) => row.activeUserCount),
        guestCount: sumOf(synced, (row) => row.guestCount),
        blockedCount: sumOf(synced, (row) => Math.max(0, row.blockedUserCount - row.mailboxCount)),
        trend: sumByDay(
          days.map(({ tenantId, id, activeUserCount }) => ({ tenantId, day: id, count: activeUserCount })),
        ).slice(-TREND_DAY_COUNT),
        changes: changes.slice(0, CHANGE_COUNT_MAX).map(({ day, kind, name, detail, skuId }) => ({
          day,
          kind,
          ...toldOf({ kind, name, detail }, nameable),
          licence: skuId === null ? null : nameOf({ skuId }),
        })),
        changesTruncated: changes.length > CHANGE_COUNT_MAX,
      }

/** Without `renewals`, for those who may not see them, they are null, and so is what is told of who holds seats. */
const licencesOf = (
  seats: SeatRow[],
  renewals: (Shown<typeof subscriptions, 'subscriptions'> & SkuRow)[] | undefined,
  nameOf: ReturnType<typeof namesAmong>,
): z.infer<typeof Dashboard>['licences'] =>
  seats.length === 0
    ? null
    : {
        asOf: oldest(seats.map(({ asOf }) => asOf)),
        items: inOrder(licencesIn(seats, nameOf)).map(
          ({ name, boughtCount, assignedCount, overCount, availableCount }) => ({
            name,
            boughtCount,
            assignedCount,
            overCount,
            freeCount: availableCount,
          }),
        ),
        idle: renewals === undefined ? null : idleIn(seats),
        renewals:
          renewals?.flatMap((row) => {
            const at = oldest([row.nextLifecycleAt])
            return at === null ? [] : [{ name: nameOf(row), at, seatCount: row.seatCount }]
          }) ?? null,
      }

/** Seats of each licence over all tenants. */
const licencesIn = (seats: SeatRow[], nameOf: ReturnType<typeof namesAmong>) =>
  [...bySku(seats.map((row) => ({ ...row, skuId: row.id })))].map(([skuId, rows]) => ({
    ...together(rows.map(seatsIn)),
    name: nameOf({ skuId }),
  }))

const idleIn = (seats: SeatRow[]) => {
  const { days30Count, blockedCount, unknownCount } = idleTogether(seats)
  return { days30Count, blockedCount, unknownCount }
}

const healthOf = (services: Shown<typeof serviceHealth, 'serviceHealth'>[]): z.infer<typeof Dashboard>['health'] =>
  services.length === 0
    ? null
    : {
        asOf: oldest(services.map(({ asOf }) => asOf)),
        services: worstOfServices(services).map(({ service, state, issueTitle, since }) => ({
          service,
          name: serviceName(service),
          state,
          issueTitle,
          since: oldest([since]),
        })),
      }

/** Alerts stand without any score. */
const securityOf = (
  synced: Shown<typeof tenants, 'tenants'>[],
  scores: Shown<typeof securityScores, 'securityScores'>[],
  alerts: Shown<typeof securityAlerts, 'securityAlerts'>[],
): z.infer<typeof Dashboard>['security'] => {
  const score = scoreOf(scores.map(({ id, ...row }) => ({ ...row, day: id })))
  const open = alerts.map(({ title, severity, raisedAt }) => ({ title, severity, raisedAt: oldest([raisedAt]) }))
  if (score === null && open.length === 0) return null
  return {
    asOf: score === null ? oldest(synced.map(({ lastGoodSyncAt }) => lastGoodSyncAt)) : score.asOf,
    current: score?.current ?? null,
    max: score?.max ?? null,
    comparison: score?.comparison ?? null,
    trend: score?.days.map(({ day, percent }) => ({ day, percent })) ?? [],
    alerts: open,
  }
}

const sumOf = <R>(rows: readonly R[], pick: (row: R) => number): number => rows.reduce((sum, row) => sum + pick(row), 0)
