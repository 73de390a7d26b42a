import { and, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import { customHostnames, customers, portals } from '../../../db/shard/schema.ts'
import type { HostnameFindings } from '../../../db/shard/schema.ts'
import type { EdgeHostname } from '../../connectors/custom-hostnames.ts'
import type { Environment } from '../../env.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { Work } from '../../jobs/job.ts'
import type { DescribedJob, MspScope, Write } from '../../tenancy/scope.ts'
import type { HostnameRow } from './custom-hostnames.ts'
import { activateName, holderOf, leadNames, releaseName, reserveName } from './names.ts'
import type { NameOwner } from './names.ts'
import { edgeFindings, lookUp, outsideOf } from './outside.ts'
import { standingOf } from './standing.ts'
import type { Standing } from './standing.ts'

const PARKED_AGAIN_MS = 6 * 3_600_000

/**
 * Looks at a claimed name and takes it one step after the other as far as it goes: proven by its TXT record, reserved in
 * the directory, told to the edge, active in the directory, active here. Each step may be taken again, so that a killed
 * look is simply taken anew; how the name stands then is worked out from what was found.
 */
export const checkHostnameJob = defineJob({
  kind: 'hostname.check',
  title: 'Check host name',
  payload: z.object({ hostnameId: z.string(), hostname: z.string() }),
  async run(msp, { hostnameId, hostname }, work) {
    const read = () => msp.first(customHostnames, eq(customHostnames.id, hostnameId))
    const row = await read()
    if (row === undefined) {
      await letGo(msp, hostname, work)
      return finished
    }
    const found = await findOut(msp, row, work)
    const standing = standingOf(row, found, work.now())
    if (standing.state === 'active' && !(await activateName(work.environment, hostname, ownerOf(msp, row))))
      await settle(msp, row, { ...found, isTaken: true }, work)
    else {
      if (row.activeSince !== null && !standing.answers) await giveUp(msp, row, work)
      await settle(msp, row, found, work, standing)
    }
    // Removed while it was looked at: nothing of it may stay behind.
    if ((await read()) === undefined) await letGo(msp, hostname, work)
    return finished
  },
  async parked(msp, { hostnameId }, _trouble, { now }) {
    await msp.record(
      msp.changeAll(customHostnames, eq(customHostnames.id, hostnameId), { nextCheckAt: now() + PARKED_AGAIN_MS }),
    )
  },
})

/** Takes a name that nobody of this MSP claims any more away from the edge and out of the directory. */
export const removeHostnameJob = defineJob({
  kind: 'hostname.remove',
  title: 'Take host name away',
  payload: z.object({ hostname: z.string() }),
  async run(msp, { hostname }, work) {
    await letGo(msp, hostname, work)
    return finished
  },
})

export const checkOf = ({ id, hostname }: Pick<HostnameRow, 'id' | 'hostname'>): DescribedJob =>
  checkHostnameJob.described(
    { hostnameId: id, hostname },
    { naturalKey: `hostname:check:${id}`, subjectName: hostname },
  )

export const removalOf = ({ id, hostname }: Pick<HostnameRow, 'id' | 'hostname'>): DescribedJob =>
  removeHostnameJob.described({ hostname }, { naturalKey: `hostname:remove:${id}`, subjectName: hostname })

/** After customers were merged or taken apart: their names lead to whoever of them claims them now. */
export const followHostnames = async (
  environment: Environment,
  msp: MspScope,
  customerIds: string[],
): Promise<void> => {
  const claims = await msp.list(customHostnames, { where: inArray(customHostnames.customerId, customerIds) })
  await leadNames(environment, msp.mspId, claims)
}

const ownerOf = (msp: MspScope, { customerId }: HostnameRow): NameOwner => ({
  mspId: msp.mspId,
  customerId,
  shard: msp.shardName,
})

const findOut = async (msp: MspScope, row: HostnameRow, work: Work): Promise<HostnameFindings> => {
  const { environment } = work
  const { edge, dns, target } = outsideOf(environment, work.keep)
  const seen = await lookUp(dns, row.hostname, row.proofText, target)
  const isMine = seen.proof === 'ours' && (await reserveName(environment, row.hostname, ownerOf(msp, row)))
  const before = row.found?.edge ?? null
  if (isMine) {
    const there = await edge.ensure(row.hostname)
    // The edge looks by itself only for a while: it is told when a name has come to lead here.
    const isNews = seen.address === 'here' && (row.found?.address !== 'here' || hasGivenUp(there))
    const told = isNews && !isDone(there) ? await edge.refresh(there.externalId) : there
    return { ...seen, isTaken: false, edge: edgeFindings(told) }
  }
  // Unproven, it may still be ours from before: the edge is asked, and told nothing.
  const there = row.activeSince === null ? undefined : await edge.find(row.hostname)
  return {
    ...seen,
    isTaken: seen.proof === 'ours',
    edge:
      row.activeSince === null
        ? null
        : there === undefined
          ? before && { ...before, state: 'gone' }
          : edgeFindings(there),
  }
}

const isDone = ({ state, certificate }: EdgeHostname) => state === 'active' && certificate === 'active'
const hasGivenUp = ({ state, certificate }: EdgeHostname) => state === 'moved' || certificate === 'failed'

/** A name that was in trouble for too long stops answering, at the edge first so that nobody else's is taken away there. */
const giveUp = async (msp: MspScope, { hostname }: HostnameRow, work: Work): Promise<void> => {
  const { edge } = outsideOf(work.environment, work.keep)
  const there = await edge.find(hostname)
  if (there !== undefined) await edge.remove(there.externalId)
  await releaseName(work.environment, hostname, msp.mspId)
}

/** Writes down what was found and how the name stands by it; a change of its state is news, another look is none. */
const settle = async (
  msp: MspScope,
  row: HostnameRow,
  found: HostnameFindings,
  work: Work,
  standing: Standing = standingOf(row, found, work.now()),
): Promise<void> => {
  const at = work.now()
  const isGivenUp = row.activeSince !== null && !standing.answers
  const [noted, become] = [
    { found, checkedAt: at, nextCheckAt: standing.nextCheckAt },
    {
      state: standing.state,
      activeSince: standing.answers ? (row.activeSince ?? at) : null,
      troubleSince: standing.troubleSince,
      givenUpAt: isGivenUp ? at : standing.answers ? null : row.givenUpAt,
    },
  ]
  const isRow = eq(customHostnames.id, row.id)
  if (row.state === standing.state && !isGivenUp) {
    await msp.record(msp.changeAll(customHostnames, isRow, noted), work.stillMine())
    return
  }
  await msp.commit(
    { action: newsOf(standing, isGivenUp), subject: subjectOf(row), customerId: row.customerId },
    // No change that anybody made: whoever has the name open may still remove it.
    msp.changeAll(customHostnames, isRow, { ...noted, ...become }),
    ...primaryFollows(msp, row, isGivenUp ? 'given_up' : standing.state),
    work.stillMine(),
  )
}

const newsOf = ({ state }: Standing, isGivenUp: boolean) => {
  if (isGivenUp) return 'hostname.given_up' as const
  switch (state) {
    case 'active':
      return 'hostname.active' as const
    case 'problem':
      return 'hostname.in_trouble' as const
    case 'pending':
      return 'hostname.waiting' as const
  }
}

export const subjectOf = ({ id, hostname }: HostnameRow) => ({ kind: 'hostname', id, name: hostname })

/** Mails and links are built from a name only while it leads here; one that was given up is nobody's primary any more. */
const primaryFollows = (msp: MspScope, row: HostnameRow, become: Standing['state'] | 'given_up'): Write[] => {
  const isPrimary = and(eq(portals.customerId, row.customerId), eq(portals.primaryHost, row.hostname))
  return [
    msp.changeAll(portals, isPrimary, {
      primaryHost: become === 'given_up' ? null : row.hostname,
      primaryHostLeadsHere: become === 'given_up' || become === 'active',
    }),
    linkedHostFollows(msp, row.customerId),
  ]
}

/** The address that lists show of a customer is the one that links are built from. */
export const linkedHostFollows = (msp: MspScope, customerId: string): Write =>
  msp.changeAll(customers, eq(customers.id, customerId), { portalHost: linkedHost(msp, customerId) })

const linkedHost = (msp: MspScope, customerId: string) => {
  const portal = msp
    .select({
      host: sql`case when primary_host_leads_here then coalesce(primary_host, host) else host end`.as('linked'),
    })
    .from(portals)
    .where(msp.mine(portals, eq(portals.customerId, customerId)))
  return sql`${portal}`
}

/**
 * Nothing of a name stays behind that nobody of this MSP has proven; what another MSP has proven since is left alone.
 * Whoever claims it here by now is looked at once more, since their proof may have come in between.
 */
const letGo = async (msp: MspScope, hostname: string, { environment, keep, now }: Work): Promise<void> => {
  const isNamed = eq(customHostnames.hostname, hostname)
  const claim = await msp.first(customHostnames, isNamed)
  if (claim?.activeSince != null) return
  const holder = await holderOf(environment, hostname)
  if (holder !== undefined && holder.mspId !== msp.mspId) return
  const { edge } = outsideOf(environment, keep)
  const there = await edge.find(hostname)
  if (there !== undefined) await edge.remove(there.externalId)
  if (holder !== undefined) await releaseName(environment, hostname, msp.mspId)
  if (claim !== undefined) await msp.record(msp.changeAll(customHostnames, isNamed, { nextCheckAt: now() }))
}
