import { eq } from 'drizzle-orm'
import { partReads, tenants } from '../../../db/shard/schema.ts'
import type { readParts } from '../../../db/shard/schema.ts'
import type { Directory } from '../../connectors/directory.ts'
import type { Work } from '../../jobs/job.ts'
import { newId } from '../../tenancy/ids.ts'
import type { CustomerScope, TenantScope, Write } from '../../tenancy/scope.ts'
import type { TenantRow } from './sync-run.ts'

/** A Worker's turn at a part ends after so many commits, well before the quarter of an hour that a queue gives it. */
export const COMMITS_PER_TURN = 25

export type Part = (typeof readParts)[number]
export type PartRow = typeof partReads.$inferSelect

/** One pass over a part of a tenant that is read beside the sync. */
export type PartRead = {
  customer: CustomerScope
  tenant: TenantScope
  tenantRow: TenantRow
  directory: Directory
  work: Work
  pass: PartRow
}

/** What every part is read with. */
export type PartGround = Omit<PartRead, 'pass'>

export const passOf = (tenant: TenantScope, part: Part): Promise<PartRow | undefined> =>
  tenant.first(partReads, eq(partReads.id, part))

/** A pass that begins: from `cursor`, or with everything. */
export const newPass = ({ tenantRow, work }: PartGround, part: Part, cursor: string | null): PartRow => ({
  mspId: tenantRow.mspId,
  tenantId: tenantRow.id,
  id: part,
  cursor,
  isOver: false,
  isFull: cursor === null,
  mark: newId(work.now()),
  foundCount: 0,
  startedAt: work.now(),
})

/** Saves where the pass stands, together with the rows that took it there; only while this Worker still holds the job. */
export const advancePass = async (read: PartRead, set: Partial<PartRow>, ...writes: Write[]): Promise<void> => {
  const { tenant, work } = read
  const { mspId: _, tenantId: __, ...pass } = { ...read.pass, ...set }
  await tenant.record(work.stillMine(), tenant.putAll(partReads, [pass]), ...writes)
  read.pass = { ...read.pass, ...set }
}

type Known = Partial<
  Pick<
    TenantRow,
    | 'signInsAsOf'
    | 'signInsUnknownSince'
    | 'signInsUnknownWhy'
    | 'groupsAsOf'
    | 'groupsUnknownSince'
    | 'mailboxesAsOf'
    | 'mailboxesUnknownSince'
    | 'managersAsOf'
    | 'managersUnknownSince'
    | 'partsDueAt'
  >
>

/** What the tenant says of a part. */
export const told = ({ customer, tenantRow }: Pick<PartGround, 'customer' | 'tenantRow'>, set: Known): Write =>
  customer.changeAll(tenants, eq(tenants.id, tenantRow.id), set)
