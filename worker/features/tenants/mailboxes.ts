import { and, asc, inArray, lt, not, sql } from 'drizzle-orm'
import { tenantUsers } from '../../../db/shard/schema.ts'
import { ConnectorFault, NotTold } from '../../connectors/connector.ts'
import type { MailboxPurpose } from '../../connectors/directory.ts'
import { among } from '../../tenancy/among.ts'
import type { TenantScope, Write } from '../../tenancy/scope.ts'
import { COMMITS_PER_TURN, told } from './part-read.ts'
import type { PartGround } from './part-read.ts'

const ASKED_PER_COMMIT = 20
const TRIED_TO_TELL_APART = 20
/** Nothing about a person need change when their mailbox is turned into a shared one, or back. */
const ASK_AGAIN_MS = 30 * 86_400_000

/**
 * Asks what the mailboxes of those are for who cannot sign in: a shared mailbox is an account of that kind. One request each, so
 * a pass asks about 500 of them and leaves the others to the next ones: the sync has most of the hour's requests.
 */
export const readMailboxes = async (ground: PartGround): Promise<'done'> => {
  const { customer, tenant, work } = ground
  let mayRead = false
  try {
    for (let commits = 0; commits < COMMITS_PER_TURN; commits += 1) {
      const ids = await idsToAsk(tenant, work.now())
      if (ids.length === 0) {
        const known = { mailboxesAsOf: work.now(), mailboxesUnknownSince: null }
        await customer.record(work.stillMine(), told(ground, known))
        return 'done'
      }
      const { purposes, refused, fault } = await askAbout(ground, ids)
      mayRead ||= purposes.size > 0
      if (!mayRead && refused.length > 0) mayRead = await mayReadAnother(ground, refused)
      if (mayRead) for (const id of refused) purposes.set(id, 'unknown')
      if (purposes.size > 0) {
        const known = told(ground, { mailboxesUnknownSince: null })
        await tenant.record(work.stillMine(), remember(tenant, purposes, work.now()), known)
      }
      if (fault !== undefined) throw fault
      if (!mayRead) return await notTold(ground)
    }
  } catch (error) {
    if (!(error instanceof NotTold)) throw error
    return notTold(ground)
  }
  return 'done'
}

const notTold = async (ground: PartGround): Promise<'done'> => {
  const { customer, tenantRow, work } = ground
  const since = tenantRow.mailboxesUnknownSince ?? work.now()
  await customer.record(work.stillMine(), told(ground, { mailboxesUnknownSince: since }))
  return 'done'
}

/**
 * Some mailboxes were refused and none was told of: whether that is theirs or the permission's, one shows that was told of
 * before; without any, some of the others, from another place among them each time, since a policy may refuse the first ones for good.
 */
const mayReadAnother = async ({ tenant, directory }: PartGround, refused: string[]): Promise<boolean> => {
  const wasTold = inArray(tenantUsers.mailboxPurpose, ['user', 'shared', 'room', 'equipment', 'other'])
  const others = await tenant
    .select({ id: tenantUsers.id, wasTold: sql<number>`${wasTold}`.as('was_told') })
    .from(tenantUsers)
    .where(
      tenant.mine(
        tenantUsers,
        and(sql`sign_in_allowed = 0 and is_guest = 0 and mail is not null`, not(among(tenantUsers.id, refused))),
      ),
    )
    .orderBy(sql`was_told desc`, sql`${tenantUsers.id} > ${crypto.randomUUID()} desc`, asc(tenantUsers.id))
    .limit(TRIED_TO_TELL_APART)
  for (const { id } of others[0]?.wasTold === 1 ? others.slice(0, 1) : others)
    if ((await directory.mailboxPurpose(id)) !== 'refused') return true
  return false
}

/** Whoever was never asked about comes first, then who was asked longest ago. */
const idsToAsk = async (tenant: TenantScope, now: number): Promise<string[]> => {
  const rows = await tenant
    .select({ id: tenantUsers.id })
    .from(tenantUsers)
    .where(
      tenant.mine(
        tenantUsers,
        // Literally as the index has it, or it is not used.
        and(
          sql`sign_in_allowed = 0 and is_guest = 0 and mail is not null`,
          lt(tenantUsers.mailboxAskedAt, now - ASK_AGAIN_MS),
        ),
      ),
    )
    .orderBy(asc(tenantUsers.mailboxAskedAt), asc(tenantUsers.id))
    .limit(ASKED_PER_COMMIT)
  return rows.map(({ id }) => id)
}

/** What came before a fault is to be remembered first. */
const askAbout = async (
  { directory }: PartGround,
  ids: string[],
): Promise<{ purposes: Map<string, MailboxPurpose>; refused: string[]; fault?: ConnectorFault }> => {
  const purposes = new Map<string, MailboxPurpose>()
  const refused: string[] = []
  for (const id of ids) {
    const purpose = await directory.mailboxPurpose(id).catch((error: unknown) => {
      if (error instanceof ConnectorFault) return error
      throw error
    })
    if (purpose instanceof ConnectorFault) return { purposes, refused, fault: purpose }
    if (purpose === 'refused') refused.push(id)
    else purposes.set(id, purpose)
  }
  return { purposes, refused }
}

/** Only of those who still cannot sign in: a sync may have been at work meanwhile. */
const remember = (tenant: TenantScope, purposes: Map<string, MailboxPurpose>, now: number): Write => {
  const byId = JSON.stringify(Object.fromEntries(purposes))
  return tenant.changeAll(
    tenantUsers,
    and(among(tenantUsers.id, [...purposes.keys()]), sql`sign_in_allowed = 0 and is_guest = 0 and mail is not null`),
    { mailboxPurpose: sql`${byId} ->> ${tenantUsers.id}`, mailboxAskedAt: now },
  )
}
