import { now } from '../clock.ts'
import type { Environment } from '../env.ts'
import { hintQueue } from '../http/session.ts'
import { described } from '../log.ts'
import { acrossMsps, forgetExpired, forgetHistory } from '../tenancy/across.ts'
import type { DueTenant } from '../tenancy/across.ts'
import { forMsp } from '../tenancy/scope.ts'
import type { CustomerScope, DescribedJob, MspScope } from '../tenancy/scope.ts'

/** What the minute's sweep needs from features. */
export type Sweeps = {
  /** The job that syncs a tenant whose time has come. */
  syncOf: (customerId: string, tenantId: string) => DescribedJob
  /** The job that reads what is read beside the sync. */
  partsOf: (customerId: string, tenantId: string) => DescribedJob
  /** The job that looks at the health of a tenant which time alone has changed. */
  healthOf: (customerId: string, tenantId: string) => DescribedJob
  /** The job that looks at a customer's own host name once more. */
  hostnameCheckOf: (hostname: { id: string; hostname: string }) => DescribedJob
  /** The job that makes people searchable who were read before there was a search. */
  indexUsersOf: () => DescribedJob
  /** The job that queues the monthly reports that are due. */
  monthlyReportsOf: () => DescribedJob
  /** Forgets host names that were reserved and never came to be. */
  forgetReservedNames: (environment: Environment) => Promise<unknown>
  /** Reconciles names that were reserved and neither taken nor given back. */
  reconcileHosts: (environment: Environment, scopeOf: (shard: string, mspId: string) => MspScope) => Promise<void>
  /** The same for e-mail addresses of staff. */
  reconcileStaffEmails: (environment: Environment, scopeOf: (shard: string, mspId: string) => MspScope) => Promise<void>
  /** New MSPs left half made, and mails to them that did not leave. */
  reconcileSignUps: (environment: Environment, scopeOf: (shard: string, mspId: string) => MspScope) => Promise<void>
  /** Requests for new passwords whose hint was lost, and those that have had their time. */
  resumeResetRequests: (environment: Environment) => Promise<void>
  forgetOldAttempts: (environment: Environment) => Promise<unknown>
  /** Reads Microsoft's names of licences anew, once a day. */
  refreshWhenDue: (environment: Environment) => Promise<void>
  /** Deleted documents that nobody can have back any more. */
  expiredDocuments: {
    keptMs: number
    forget: (environment: Environment, customer: CustomerScope, documentId: string) => Promise<void>
  }
  /** Logos that were replaced or taken off a while ago. */
  logosSetAside: {
    keptMs: number
    forget: (environment: Environment, msp: MspScope, logoId: string) => Promise<void>
  }
  /** Closes a resolved ticket that can be opened again no longer. */
  closeByTime: (customer: CustomerScope, ticketId: string) => Promise<void>
  /** Reminds whoever is to approve a request, or lets it expire. */
  attendTo: (customer: CustomerScope, requestId: string) => Promise<void>
  /** Files that were uploaded for a ticket and not sent in time. */
  unsentFiles: { forget: (environment: Environment, customer: CustomerScope, fileId: string) => Promise<void> }
  /** Deletes stored objects whose row never came, a few at a time. */
  walkObjects: (environment: Environment, scopeOf: (shard: string, mspId: string) => MspScope) => Promise<void>
  /** Forgets an import of customers whose time is over, a part at a time. */
  forgetImport: (environment: Environment, msp: MspScope, importId: string) => Promise<void>
}

/** Once a minute: hints at due jobs, queues due syncs, mends what a killed process left, forgets what has expired. */
export const sweepOf =
  ({
    syncOf,
    partsOf,
    healthOf,
    hostnameCheckOf,
    indexUsersOf,
    monthlyReportsOf,
    forgetReservedNames,
    reconcileHosts,
    reconcileStaffEmails,
    reconcileSignUps,
    resumeResetRequests,
    forgetOldAttempts,
    refreshWhenDue,
    expiredDocuments,
    logosSetAside,
    closeByTime,
    attendTo,
    unsentFiles,
    forgetImport,
    walkObjects,
  }: Sweeps) =>
  async (environment: Environment): Promise<void> => {
    const scopeOf = (shardName: string, mspId: string): MspScope => {
      const shard = environment.shards.get(shardName)
      if (shard === undefined) throw new Error(`There is no shard "${shardName}".`)
      return forMsp({ shard, actor: { kind: 'system', id: 'schedule', name: 'Portal' }, now, hint: () => {} }, mspId)
    }
    const troubles: unknown[] = []
    /** One shard, tenant or step in trouble is no reason for the others to wait. */
    const apart = async (what: string, work: () => Promise<unknown>): Promise<void> => {
      try {
        await work()
      } catch (error) {
        troubles.push(error)
        console.error({ sweep: what, error: described(error) })
      }
    }
    for (const shard of environment.shards.values()) {
      const queue = (what: string, found: () => Promise<DueTenant[]>, jobOf: Sweeps['syncOf']) =>
        apart(`due ${what} of ${shard.name}`, async () => {
          for (const { mspId, customerId, tenantId } of await found()) {
            await apart(`${what} of ${tenantId}`, async () => {
              const customer = scopeOf(shard.name, mspId).forCustomer(customerId)
              await customer.record(customer.later(jobOf(customerId, tenantId)))
            })
          }
        })
      await queue('sync', () => acrossMsps.dueTenants(shard, now()), syncOf)
      await queue('parts', () => acrossMsps.dueParts(shard, now()), partsOf)
      await queue('health', () => acrossMsps.dueHealth(shard, now()), healthOf)
      await apart(`due host names of ${shard.name}`, async () => {
        for (const { mspId, customerId, hostnameId, hostname } of await acrossMsps.dueHostnames(shard, now())) {
          await apart(`host name ${hostnameId}`, async () => {
            const customer = scopeOf(shard.name, mspId).forCustomer(customerId)
            await customer.record(customer.later(hostnameCheckOf({ id: hostnameId, hostname })))
          })
        }
      })
      await apart(`people not searchable of ${shard.name}`, async () => {
        for (const { mspId } of await acrossMsps.mspsNotIndexed(shard)) {
          await apart(`people of ${mspId}`, async () => {
            const msp = scopeOf(shard.name, mspId)
            await msp.record(msp.later(indexUsersOf()))
          })
        }
      })
      await apart(`monthly reports of ${shard.name}`, async () => {
        for (const { mspId } of await acrossMsps.mspsWithReportsDue(shard, now())) {
          await apart(`monthly reports of ${mspId}`, async () => {
            const msp = scopeOf(shard.name, mspId)
            await msp.record(msp.later(monthlyReportsOf()))
          })
        }
      })
      await apart(`due jobs of ${shard.name}`, async () => {
        const due = await acrossMsps.dueJobs(shard, now())
        for (let at = 0; at < due.length; at += 100) {
          await hintQueue(
            environment,
            due.slice(at, at + 100).map((job) => ({ shard: shard.name, ...job })),
          )
        }
      })
      await apart(`deleted documents of ${shard.name}`, async () => {
        for (const found of await acrossMsps.expiredDocuments(shard, now() - expiredDocuments.keptMs)) {
          const customer = scopeOf(shard.name, found.mspId).forCustomer(found.customerId)
          await apart(`document ${found.documentId}`, () =>
            expiredDocuments.forget(environment, customer, found.documentId),
          )
        }
      })
      await apart(`logos set aside of ${shard.name}`, async () => {
        for (const { mspId, logoId } of await acrossMsps.logosSetAside(shard, now() - logosSetAside.keptMs)) {
          await apart(`logo ${logoId}`, () => logosSetAside.forget(environment, scopeOf(shard.name, mspId), logoId))
        }
      })
      await apart(`tickets to close of ${shard.name}`, async () => {
        for (const { mspId, customerId, ticketId } of await acrossMsps.ticketsToClose(shard, now())) {
          const customer = scopeOf(shard.name, mspId).forCustomer(customerId)
          await apart(`ticket ${ticketId}`, () => closeByTime(customer, ticketId))
        }
      })
      await apart(`requests that wait of ${shard.name}`, async () => {
        for (const { mspId, customerId, requestId } of await acrossMsps.requestsToAttend(shard, now())) {
          const customer = scopeOf(shard.name, mspId).forCustomer(customerId)
          await apart(`request ${requestId}`, () => attendTo(customer, requestId))
        }
      })
      await apart(`files not sent of ${shard.name}`, async () => {
        for (const { mspId, customerId, fileId } of await acrossMsps.unsentFiles(shard, now())) {
          const customer = scopeOf(shard.name, mspId).forCustomer(customerId)
          await apart(`file ${fileId}`, () => unsentFiles.forget(environment, customer, fileId))
        }
      })
      await apart(`old imports of ${shard.name}`, async () => {
        for (const { mspId, importId } of await acrossMsps.oldImports(shard, now())) {
          await apart(`import ${importId}`, () => forgetImport(environment, scopeOf(shard.name, mspId), importId))
        }
      })
      await apart(`housekeeping of ${shard.name}`, () => forgetExpired(shard, now()))
      await apart(`history of ${shard.name}`, () => forgetHistory(shard, now()))
    }
    await apart('stored objects', () => walkObjects(environment, scopeOf))
    await apart('host names', () => reconcileHosts(environment, scopeOf))
    await apart('e-mail addresses of staff', () => reconcileStaffEmails(environment, scopeOf))
    await apart('sign-ups', () => reconcileSignUps(environment, scopeOf))
    await apart('reserved host names', () => forgetReservedNames(environment))
    await apart('requests for new passwords', () => resumeResetRequests(environment))
    await apart('sign-in attempts', () => forgetOldAttempts(environment))
    await apart('names of licences', () => refreshWhenDue(environment))
    await apart('states of connections', () =>
      environment.directory.prepare(`delete from microsoft_states where expires_at < ?`).bind(now()).run(),
    )
    // Cron shows red when anything failed, after everything else was done.
    if (troubles.length > 0) throw new AggregateError(troubles, `${troubles.length} steps of the sweep failed.`)
  }
