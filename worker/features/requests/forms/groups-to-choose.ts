import { and, asc, eq, isNull, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { groupMembers, tenantGroups, tenants } from '../../../../db/shard/schema.ts'
import type { PortalPerson } from '../../../http/app.ts'
import { decodeCursor, foreignMarker } from '../../../http/paging.ts'
import type { Cursor } from '../../../http/paging.ts'
import type { ContactScope, CustomerScope } from '../../../tenancy/scope.ts'
import { shows } from '../../../tenancy/shown-directory.ts'
import { askedKinds, asksForGroups } from './asked-kinds.ts'
import { masterRead, overlayRead } from './found.ts'
import type { RequestGroupsQuery } from './portal-forms.schema.ts'

type Place = { name: string; id: string }
type Wanted = { tenantId: string | undefined; q?: string | undefined; after?: Place; limit: number; seesMail: boolean }

/** Groups by name, a page of them; members are counted of these alone. */
export const groupsRead = (customer: CustomerScope, { tenantId, q = '', after, limit, seesMail }: Wanted) => {
  const page = customer
    .select({
      id: tenantGroups.id,
      tenantId: tenantGroups.tenantId,
      name: tenantGroups.displayName,
      kind: tenantGroups.kind,
      mail: tenantGroups.mail,
    })
    .from(tenants)
    .crossJoin(tenantGroups)
    .where(
      and(
        customer.mine(
          tenants,
          and(isNull(tenants.removedAt), tenantId === undefined ? undefined : eq(tenants.id, tenantId)),
        ),
        customer.mine(
          tenantGroups,
          and(
            eq(tenantGroups.tenantId, tenants.id),
            after && sql`(${tenantGroups.displayName}, ${tenantGroups.id}) > (${after.name}, ${after.id})`,
            q === ''
              ? undefined
              : or(holds(tenantGroups.displayName, q), seesMail ? holds(tenantGroups.mail, q) : undefined),
          ),
        ),
      ),
    )
    .orderBy(asc(tenantGroups.displayName), asc(tenantGroups.id))
    .limit(limit)
    .as('page')
  return customer
    .select({
      id: page.id,
      tenantId: page.tenantId,
      name: page.name,
      kind: page.kind,
      mail: seesMail ? page.mail : sql<string | null>`null`.as('no_mail'),
      memberCount: sql<number>`(select count(*) from ${groupMembers} where ${customer.mine(
        groupMembers,
        and(eq(groupMembers.tenantId, page.tenantId), eq(groupMembers.groupId, page.id)),
      )})`.as('member_count'),
    })
    .from(page)
    .orderBy(asc(page.name), asc(page.id))
}

/** SQLite tells small letters from capitals but in ASCII: an accented one is looked for as both. */
const holds = (column: typeof tenantGroups.displayName | typeof tenantGroups.mail, q: string): SQL =>
  sql`(instr(lower(${column}), ${q.toLowerCase()}) > 0 or instr(upper(${column}), ${q.toUpperCase()}) > 0)`

const SORT = 'name'

/** Groups that a request may name; none for whoever may ask by no form for any. One round trip. */
export const listGroupsToChoose = async (
  contact: ContactScope,
  { policy, directory }: Pick<PortalPerson, 'policy' | 'directory'>,
  { q, tenantId, cursor, limit }: z.infer<typeof RequestGroupsQuery>,
) => {
  const customer = contact.ofCustomer
  const [[master], [overlay], rows] = await customer.readAll([
    masterRead(customer),
    overlayRead(customer),
    groupsRead(customer, {
      tenantId,
      q: q?.trim(),
      limit: limit + 1,
      seesMail: shows(directory, 'mail'),
      ...(cursor === undefined ? {} : { after: placeOf(decodeCursor(cursor, SORT)) }),
    }),
  ])
  const asked = { forms: master?.forms ?? {}, overlays: overlay?.forms ?? {} }
  const { isPortalAdmin } = contact.person
  return asksForGroups(askedKinds({ isPortalAdmin, policy }, asked)) ? rows : []
}

export const groupCursor = ({ name, id }: Place): Cursor => ({ sort: SORT, key: name, id })

const placeOf = ({ key, id }: Cursor): Place => {
  if (typeof key !== 'string') throw foreignMarker()
  return { name: key, id }
}
