import { z } from 'zod'
import { jobs } from '../../../db/shard/schema.ts'
import { ConnectorFault } from '../../connectors/connector.ts'
import { saysConsentIsGone } from '../../connectors/graph/index.ts'
import { Problem } from '../../http/problem.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { Outcome, Work } from '../../jobs/job.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { appOf } from '../microsoft-apps/index.ts'
import { requestBudget } from './request-budget.ts'
import { failSync, finishSync, loseApp, loseConsent } from './sync-end.ts'
import { readLicences, readSecurityAndHealth } from './sync-parts.ts'
import { readPeople } from './sync-people.ts'
import { dayFor, newRun, runsBefore } from './sync-run.ts'
import { directoryOf, soonAgain, syncableRow } from './tenant-reading.ts'
import type { Sync, TenantRow } from './sync-run.ts'

/** How often Microsoft has to refuse us before we believe that consent is gone: a single refusal may be a hiccup. */
const REFUSAL_COUNT_BELIEVED = 3
/** Right after consent, refusals are usual until all of Microsoft has heard of it. */
const REFUSAL_COUNT_BELIEVED_AT_FIRST = 6
/** How long it has to refuse us when it does not say that consent is gone. */
const REFUSAL_MS_BELIEVED = 3_600_000

/**
 * Reads one Microsoft 365 tenant: licences, people, security, service health. Each step's rows are committed with the
 * place it has reached, so a Worker that dies leaves nothing to redo but the last pages; nothing is removed because
 * an answer was empty or broken off.
 */
export const syncTenant = defineJob({
  kind: 'tenant.sync',
  title: 'Sync Microsoft 365',
  payload: z.object({ tenantId: z.string() }),
  async run(msp, { tenantId }, work) {
    const tenantRow = await syncableRow(msp, tenantId)
    if (tenantRow === undefined) return finished
    // A merge took the tenant and this job elsewhere since the job was claimed: it is claimed anew, as it is now.
    if (work.customerId !== tenantRow.customerId) return soonAgain(work)
    const customer = msp.forCustomer(tenantRow.customerId)
    const tenant = customer.forTenant(tenantId)
    const app = await appOf(work.environment, msp, tenantRow.clientId)
    if (app === undefined) {
      await loseApp(customer, tenantRow, work.now(), work.stillMine())
      return finished
    }
    const { left, last } = await runsBefore(tenant)
    if (left === undefined && (await isDoneAlready(msp, tenantRow, work))) return finished
    const requests = requestBudget(tenantRow, work.now)
    const sync: Sync = {
      customer,
      tenant,
      tenantRow,
      run: left ?? (await newRun(tenant, tenantRow, work)),
      lastRun: last,
      work,
      directory: directoryOf(tenantRow, app, work, requests),
      day: await dayFor(tenant, work.now()),
    }
    try {
      return await goOn(sync).finally(() => customer.record(requests.counted(customer)))
    } catch (error) {
      if (isConsentLost(error, sync)) return loseConsent(sync, error.message)
      if (!isStale(error)) throw error
      // Removing a tenant or archiving its customer ends its run, a merge gives it to another customer: the next commit
      // of ours then runs into that.
      const after = await syncableRow(msp, tenantId)
      if (after === undefined) return finished
      if (after.customerId !== tenantRow.customerId) return soonAgain(work)
      throw error
    }
  },
  async parked(msp, { tenantId }, trouble, work) {
    const row = await syncableRow(msp, tenantId)
    if (row === undefined) return
    try {
      await failSync(msp.forCustomer(row.customerId), row, trouble, work.now())
    } catch (error) {
      if (!isStale(error) || (await syncableRow(msp, tenantId)) !== undefined) throw error
    }
  },
})

/** The job that syncs one tenant; while one is alive there is no second. */
export const syncOf = (customerId: string, tenantId: string, subjectName = 'Microsoft 365') =>
  syncTenant.described({ tenantId }, { naturalKey: syncKeyOf(tenantId), subjectName, customerId })

export const syncKeyOf = (tenantId: string): string => `sync:${tenantId}`

/** A Worker may die between a run's last commit and the end of its job: then nothing is left to do. */
const isDoneAlready = async (msp: MspScope, { lastGoodSyncAt }: TenantRow, work: Work): Promise<boolean> =>
  work.attempt > 1 && lastGoodSyncAt !== null && lastGoodSyncAt >= (await msp.find(jobs, work.jobId, 'job')).createdAt

const goOn = async (sync: Sync): Promise<Outcome> => {
  for (;;) {
    switch (sync.run.step) {
      case 'licences':
        await readLicences(sync)
        break
      case 'people':
        if ((await readPeople(sync)) === 'turn over') return { kind: 'again', at: sync.work.now() }
        break
      case 'security':
        await readSecurityAndHealth(sync)
        break
      case 'finishing':
        await finishSync(sync)
        return finished
    }
  }
}

/**
 * Refused again on what every sync needs: the administrator has withdrawn consent, or never gave all of it. A refusal
 * that does not say so is believed only once it has gone on for long: giving consent again costs the customer a call.
 */
const isConsentLost = (error: unknown, { run, tenantRow, work }: Sync): error is ConnectorFault =>
  error instanceof ConnectorFault &&
  error.kind === 'unauthorized' &&
  (run.step === 'licences' || run.step === 'people') &&
  work.attempt >= (tenantRow.lastGoodSyncAt === null ? REFUSAL_COUNT_BELIEVED_AT_FIRST : REFUSAL_COUNT_BELIEVED) &&
  (saysConsentIsGone(error) || work.now() - run.startedAt >= REFUSAL_MS_BELIEVED)

const isStale = (error: unknown): boolean => error instanceof Problem && error.code === 'stale'
