import { z } from '@hono/zod-openapi'
import { healthLevels } from '../../../db/shard/schema.ts'
import type { jobs, syncRuns, tenants } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { levelOf, presentReasons } from '../health/index.ts'
import { isoMoment } from '../../http/text.ts'
import { REQUESTS_PER_HOUR_MAX, requestsUsed } from './request-budget.ts'

export const ConnectionInput = z
  .strictObject({
    tenant: z
      .string()
      .trim()
      .min(1, 'Enter one of the customer’s Microsoft 365 domains, such as company.com.')
      .max(253)
      .describe('A domain of the tenant, such as company.com, or its id.'),
  })
  .openapi('ConnectionInput')

export const Connection = z
  .object({
    url: z
      .url()
      .describe(
        'Where an administrator of the tenant consents and signs in. The same browser has to come back from there.',
      ),
    domain: z.string(),
  })
  .openapi('Connection')

export const Sync = z
  .object({
    state: z.enum(['running', 'done', 'failed']),
    step: z.enum(['licences', 'people', 'security', 'finishing']),
    userCount: z.number().int(),
    userCountExpected: z
      .number()
      .int()
      .nullable()
      .describe('How many people are to be expected; null before the first sync.'),
    changeCount: z.number().int(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    trouble: z
      .array(z.object({ part: z.string(), message: z.string() }))
      .describe('What did not go as it should, in words.'),
  })
  .openapi('Sync')

export const Tenant = z
  .object({
    id: z.string(),
    name: z.string(),
    domain: z.string(),
    state: z
      .enum(['connected', 'consent_lost', 'app_removed', 'removed'])
      .describe('`app_removed`: it was connected with an app registration that has been removed from the settings.'),
    isWithAppInForce: z
      .boolean()
      .describe('Whether it was connected with the app registration that new tenants are connected with now.'),
    connectedAt: z.iso.datetime(),
    connectedBy: z.string(),
    consentLostAt: z.iso.datetime().nullable(),
    lastGoodSyncAt: z.iso.datetime().nullable(),
    nextSyncAt: z.iso.datetime().nullable(),
    activeUserCount: z.number().int(),
    guestCount: z.number().int(),
    licensedUserCount: z.number().int(),
    seats: z.object({ boughtCount: z.number().int(), assignedCount: z.number().int() }),
    securityScore: z
      .object({ day: z.iso.date(), current: z.number(), max: z.number() })
      .nullable()
      .describe(
        "Points of Microsoft's security score, of those that can be reached, on the newest day it gave one; null without.",
      ),
    health: z.object({
      level: z.enum(healthLevels),
      since: z.iso.datetime().nullable(),
      reasons: z.array(
        z.object({
          level: z.enum(healthLevels),
          since: z.iso.datetime().nullable(),
          text: z.string(),
          detail: z.string(),
          remedy: z.string(),
        }),
      ),
    }),
    sync: Sync.nullable().describe('The newest sync; null when there was none yet.'),
    job: z
      .object({
        id: z.string(),
        state: z.enum(['waiting', 'running', 'done', 'parked']),
        dueAt: z.iso.datetime(),
        trouble: z.string().nullable(),
      })
      .nullable()
      .describe('The job that does the syncing, while it waits, tries again or has given up.'),
    departures: z
      .object({
        askedAt: z.iso.datetime(),
        missingCount: z.number().int(),
        knownCount: z.number().int(),
        names: z.array(z.string()).describe('The first of those who are missing, by name; at most 20.'),
        confirmedAt: z.iso.datetime().nullable(),
      })
      .nullable()
      .describe(
        'More than a fifth of the people were missing from Microsoft’s list, so nobody was removed: see `confirmDepartures`. Null when nothing is to be confirmed.',
      ),
    signIns: z
      .object({
        asOf: z.iso.datetime().nullable(),
        unknownSince: z.iso.datetime().nullable(),
        unknownWhy: z.enum(['permission', 'licence']).nullable(),
      })
      .describe(
        'When it was last read who signed in when; `unknownSince` when Microsoft does not tell, for want of a permission or of a licence (Entra ID P1).',
      ),
    groups: z
      .object({ asOf: z.iso.datetime().nullable(), unknownSince: z.iso.datetime().nullable() })
      .describe('The same for groups; `unknownSince` while the permission to read them is missing.'),
    mailboxes: z
      .object({ asOf: z.iso.datetime().nullable(), unknownSince: z.iso.datetime().nullable() })
      .describe(
        'The same for what mailboxes are for, which is asked of those who cannot sign in; `asOf` null while that is not known of all of them.',
      ),
    managers: z
      .object({ asOf: z.iso.datetime().nullable(), unknownSince: z.iso.datetime().nullable() })
      .describe('The same for who is whose manager.'),
    requests: z
      .object({ usedCount: z.number().int(), perHourMax: z.number().int() })
      .describe(
        'How often Microsoft was asked about this tenant in this hour, and may be: what needs more waits for the next.',
      ),
    version: z.number().int(),
  })
  .openapi('Tenant')

export const DeparturesConfirmation = z
  .strictObject({
    departures: z
      .strictObject({
        missingCount: z.number().int().min(1).describe('How many people are missing, as the tenant says.'),
      })
      .describe('What is confirmed: that so many people, and no more, have left.'),
  })
  .openapi('DeparturesConfirmation')

/** A tenant that was this customer's: what was read of it then stays with this customer. */
export const EarlierTenant = z
  .object({
    id: z.string(),
    name: z.string(),
    domain: z.string(),
    connectedAt: z.iso.datetime(),
    removedAt: z.iso.datetime(),
  })
  .openapi('EarlierTenant')

export const TenantList = z
  .object({ items: z.array(Tenant), earlier: z.array(EarlierTenant), nextCursor: z.null() })
  .openapi('TenantList')

export type TenantView = {
  tenant: typeof tenants.$inferSelect
  isWithAppInForce: boolean
  run: typeof syncRuns.$inferSelect | undefined
  job: typeof jobs.$inferSelect | undefined
  seats: { boughtCount: number; assignedCount: number }
  score: { day: string; currentHundredths: number; maxHundredths: number } | undefined
}

export const presentEarlierTenant = (row: typeof tenants.$inferSelect): z.infer<typeof EarlierTenant> => ({
  id: row.id,
  name: row.name,
  domain: row.domain,
  connectedAt: new Date(row.connectedAt).toISOString(),
  removedAt: new Date(row.removedAt ?? row.connectedAt).toISOString(),
})

export const presentTenant = ({
  tenant,
  isWithAppInForce,
  run,
  job,
  seats,
  score,
}: TenantView): z.infer<typeof Tenant> => ({
  id: tenant.id,
  name: tenant.name,
  domain: tenant.domain,
  state: tenant.state,
  isWithAppInForce,
  connectedAt: new Date(tenant.connectedAt).toISOString(),
  connectedBy: tenant.connectedBy,
  consentLostAt: isoMoment(tenant.consentLostAt),
  lastGoodSyncAt: isoMoment(tenant.lastGoodSyncAt),
  nextSyncAt: isoMoment(tenant.nextSyncAt),
  activeUserCount: tenant.activeUserCount,
  guestCount: tenant.guestCount,
  licensedUserCount: tenant.licensedUserCount,
  seats: { boughtCount: seats.boughtCount, assignedCount: seats.assignedCount },
  securityScore:
    score === undefined
      ? null
      : { day: score.day, current: score.currentHundredths / 100, max: score.maxHundredths / 100 },
  health: {
    level: levelOf(tenant.healthRank),
    since: isoMoment(tenant.healthSince),
    reasons: presentReasons(tenant.healthReasons, now()).map(({ level, since, text, detail, remedy }) => ({
      level,
      since,
      text,
      detail,
      remedy,
    })),
  },
  sync: run === undefined ? null : presentSync(run),
  job:
    job === undefined
      ? null
      : { id: job.id, state: job.state, dueAt: new Date(job.dueAt).toISOString(), trouble: job.trouble },
  departures:
    tenant.departures === null
      ? null
      : {
          askedAt: new Date(tenant.departures.askedAt).toISOString(),
          missingCount: tenant.departures.missingCount,
          knownCount: tenant.departures.knownCount,
          names: tenant.departures.names,
          confirmedAt: isoMoment(tenant.departures.confirmedAt),
        },
  signIns: {
    asOf: isoMoment(tenant.signInsAsOf),
    unknownSince: isoMoment(tenant.signInsUnknownSince),
    unknownWhy: tenant.signInsUnknownWhy,
  },
  groups: { asOf: isoMoment(tenant.groupsAsOf), unknownSince: isoMoment(tenant.groupsUnknownSince) },
  mailboxes: { asOf: isoMoment(tenant.mailboxesAsOf), unknownSince: isoMoment(tenant.mailboxesUnknownSince) },
  managers: { asOf: isoMoment(tenant.managersAsOf), unknownSince: isoMoment(tenant.managersUnknownSince) },
  requests: { usedCount: requestsUsed(tenant, now()), perHourMax: REQUESTS_PER_HOUR_MAX },
  version: tenant.version,
})

const presentSync = (run: typeof syncRuns.$inferSelect): z.infer<typeof Sync> => ({
  state: run.state,
  step: run.step,
  userCount: run.userCount,
  userCountExpected: run.userCountExpected,
  changeCount: run.changeCount,
  startedAt: new Date(run.startedAt).toISOString(),
  finishedAt: isoMoment(run.finishedAt),
  trouble: run.trouble,
})
