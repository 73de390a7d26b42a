import { and, asc, desc, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import {
  accessGrantPeople,
  accessGrants,
  apiKeys,
  contacts,
  customers,
  msps,
  portals,
  staff,
} from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { Problem } from '../../http/problem.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { Work } from '../../jobs/job.ts'
import { newId } from '../../tenancy/ids.ts'
import { keyMay, staffMay } from '../../tenancy/permissions.ts'
import type { Answer, MspScope, ToldNote, Write } from '../../tenancy/scope.ts'
import { invitationTo } from '../contacts/index.ts'
import { among } from '../../tenancy/among.ts'
import { policyOf } from '../portal-face/index.ts'
import { accessObstacleOf } from './decide-access.ts'

export type GrantRow = typeof accessGrants.$inferSelect

const BATCH = 25
const BATCHES_PER_TURN = 20
/** How often a batch is decided again at once because somebody changed one of its people meanwhile. */
const TRIES = 5

/** Gives many contacts access as portal users, one after the other and whoever watches: each is decided again when it is their turn, and so is whether whoever began still may. */
export const startGrant = async (
  msp: MspScope,
  contactIds: string[],
  answer: (row: GrantRow) => Answer,
): Promise<GrantRow> => {
  const ids = [...new Set(contactIds)]
  const given = {
    id: newId(now()),
    state: 'running' as const,
    totalCount: ids.length,
    outcomes: {},
    actorKind: msp.actor.kind,
    actorId: msp.actor.id,
    actorName: msp.actor.name,
    createdAt: now(),
  }
  const row: GrantRow = { mspId: msp.mspId, version: 1, trouble: null, finishedAt: null, ...given }
  const subjectName = ids.length === 1 ? '1 contact' : `${ids.length} contacts`
  await msp.commit(
    {
      action: 'contacts.access_granted',
      subject: { kind: 'access_grant', id: row.id, name: subjectName },
      answer: answer(row),
    },
    msp.add(accessGrants, given),
    msp.putAll(
      accessGrantPeople,
      ids.map((id) => ({ id, grantId: row.id })),
    ),
    msp.later(runGrant.described({ grantId: row.id }, { naturalKey: `access-grant:${row.id}`, subjectName })),
  )
  return row
}

/** The newest ones first. */
export const listGrants = (msp: MspScope): Promise<GrantRow[]> =>
  msp.list(accessGrants, { orderBy: [desc(accessGrants.id)], limit: 10 })

export const runGrant = defineJob({
  kind: 'access_grant.run',
  title: 'Give access to the portal',
  payload: z.object({ grantId: z.string() }),
  async run(msp, { grantId }, work) {
    let tried = 0
    for (let done = 0; done < BATCHES_PER_TURN;) {
      const grant = await running(msp, grantId)
      if (grant === undefined) return finished
      try {
        await runBatch(work.environment, msp, grant, work)
        done += 1
        tried = 0
      } catch (error) {
        tried += 1
        if (!(error instanceof Problem) || error.code !== 'stale' || tried === TRIES) throw error
      }
    }
    return { kind: 'again', at: work.now() }
  },
  async parked(msp, { grantId }, trouble) {
    const grant = await running(msp, grantId)
    if (grant !== undefined) await msp.record(msp.change(accessGrants, grant, { trouble }))
  },
})

const running = (msp: MspScope, grantId: string): Promise<GrantRow | undefined> =>
  msp.first(accessGrants, and(eq(accessGrants.id, grantId), eq(accessGrants.state, 'running')))

const runBatch = async (environment: Environment, msp: MspScope, grant: GrantRow, work: Work): Promise<void> => {
  const people = await nextPeople(msp, grant.id)
  if (people.length === 0) {
    const set = { state: 'done' as const, finishedAt: work.now(), trouble: null }
    await msp.record(msp.change(accessGrants, grant, set), work.stillMine())
    return
  }
  const starterMay = await mayStill(msp, grant)
  const outcomes = { ...grant.outcomes }
  const notes: ToldNote[] = []
  const writes: Write[] = []
  const starter = work.onBehalfOf({ kind: grant.actorKind, id: grant.actorId, name: grant.actorName })
  for (const { contact, customer, portal, msp: house } of people) {
    const count = (outcome: string) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1)
    if (!starterMay) {
      count('starter_may_not')
      continue
    }
    if (contact === null || customer === null) {
      count('missing')
      continue
    }
    const told = { ...contact, customerState: customer.state, portalState: customer.portalState }
    const obstacle = accessObstacleOf(told) ?? (portal === null ? 'no_portal' : undefined)
    count(obstacle ?? 'granted')
    if (obstacle !== undefined || portal === null) continue
    const scope = starter.forCustomer(contact.customerId)
    const { set, writes: inviting } = await invitationTo(environment, scope, contact, policyOf(house, portal))
    writes.push(scope.change(contacts, contact, { isPortalUser: true, ...set }), ...inviting)
    notes.push({
      action: 'contact.invited',
      subject: { kind: 'contact', id: contact.id, name: contact.name },
      customerId: contact.customerId,
      changes: [{ table: 'contacts', field: 'access', before: contact.access, after: 'invited' }],
    })
  }
  const kept = [
    msp.change(accessGrants, grant, { outcomes, trouble: null }),
    // Who was named is nothing to keep.
    msp.removeWhere(
      accessGrantPeople,
      and(
        eq(accessGrantPeople.grantId, grant.id),
        among(
          accessGrantPeople.id,
          people.map(({ id }) => id),
        ),
      ),
    ),
    work.stillMine(),
  ] as const
  const [first, ...others] = notes
  if (first === undefined) return msp.record(...kept)
  return starter.commitEach([first, ...others], ...kept, ...writes)
}

/** Whether whoever began may give access now, too: nobody who was kept out since goes on by what they left running. */
const mayStill = async (msp: MspScope, { actorKind, actorId }: GrantRow): Promise<boolean> => {
  switch (actorKind) {
    case 'staff': {
      const person = await msp.first(staff, eq(staff.id, actorId))
      return person !== undefined && !person.disabled && staffMay[person.role].has('contacts.write')
    }
    case 'api_key': {
      const key = await msp.first(apiKeys, and(eq(apiKeys.id, actorId), isNull(apiKeys.revokedAt)))
      const maker = key && (await msp.first(staff, eq(staff.id, key.staffId)))
      return maker !== undefined && !maker.disabled && keyMay(key?.scopes ?? [], maker.role).has('contacts.write')
    }
    case 'contact':
    case 'system':
    case 'visitor':
      return false
  }
}

const nextPeople = (msp: MspScope, grantId: string) =>
  msp
    .select({
      id: accessGrantPeople.id,
      contact: contacts,
      customer: { state: customers.state, portalState: customers.portalState },
      // The id first: by the first column drizzle tells whether there is one at all.
      portal: { id: portals.id, signInPolicy: portals.signInPolicy },
      msp: { signInPolicy: msps.signInPolicy },
    })
    .from(accessGrantPeople)
    .innerJoin(msps, eq(msps.mspId, accessGrantPeople.mspId))
    .leftJoin(
      contacts,
      and(
        eq(contacts.mspId, accessGrantPeople.mspId),
        eq(contacts.id, accessGrantPeople.id),
        isNull(contacts.removedAt),
      ),
    )
    .leftJoin(customers, and(eq(customers.mspId, contacts.mspId), eq(customers.id, contacts.customerId)))
    .leftJoin(portals, and(eq(portals.mspId, contacts.mspId), eq(portals.customerId, contacts.customerId)))
    .where(msp.mine(accessGrantPeople, eq(accessGrantPeople.grantId, grantId)))
    .orderBy(asc(accessGrantPeople.id))
    .limit(BATCH)
