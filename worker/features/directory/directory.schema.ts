import { z } from '@hono/zod-openapi'
import { directoryAttributes } from '../../../db/shard/schema.ts'
import type { UnreadablePart } from '../../../db/shard/schema.ts'
import { listQuery } from '../../http/paging.ts'
import { isoMoment } from '../../http/text.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'
import { isUnreadable } from '../microsoft-apps/index.ts'
import type { TenantRead, UserPage, UserRead } from './directory.ts'
import { shownUser } from './shown-user.ts'
import type { ListedRow } from './user-list.ts'

export const DirectoryAttribute = z.enum(directoryAttributes)

/** What a customer sees of its own directory. */
export const PortalDirectory = z
  .strictObject({
    guestsShown: z.boolean().describe('Whether guests are listed among the others.'),
    attributes: z
      .array(DirectoryAttribute)
      .max(directoryAttributes.length)
      .describe('What is shown of each person beside their name.'),
  })
  .openapi('PortalDirectory')

const flagInQuery = z.enum(['true', 'false']).transform((text) => text === 'true')

export const DirectoryQuery = listQuery(['name', '-name']).extend({
  q: z
    .string()
    .max(100)
    .optional()
    .describe(
      'At least two letters or digits: the beginnings of words in names and, where they are shown, in addresses and departments. Whom it means best comes first, in place of `sort`.',
    ),
  licensed: flagInQuery.optional().describe('With, or without, a seat of a licence that counts.'),
  blocked: flagInQuery
    .optional()
    .describe('Whose sign-in is blocked, or is not. A mailbox that is nobody’s own is not called blocked.'),
  mailbox: flagInQuery
    .optional()
    .describe('Mailboxes that are nobody’s own (shared ones, rooms, equipment), or everybody without them.'),
  guest: flagInQuery.optional().describe('Guests, or everybody else.'),
  department: z.string().max(1_000).optional().describe('Exactly as it is written there.'),
  tenantId: z.string().max(60).optional().describe('The people of one Microsoft 365 environment alone.'),
})

const text = z.string().nullable().optional()

const user = {
  id: z.string().describe('As Microsoft has it.'),
  tenantId: z.string(),
  name: z.string(),
  isGuest: z.boolean(),
  mailbox: z
    .enum(['shared', 'room', 'equipment'])
    .optional()
    .describe('A mailbox that is nobody’s own, as far as Microsoft told; not there for people.'),
  mail: text,
  jobTitle: text,
  department: text,
  businessPhone: text,
  mobilePhone: text,
  licences: z.array(z.string()).optional().describe('By the names people know them by; free and trial ones left out.'),
  signInAllowed: z.boolean().optional(),
  lastSignIn: z
    .object({
      isKnown: z.boolean().describe('Whether Microsoft tells it.'),
      at: z.iso.datetime().nullable().describe('Null, where it is known: never, as far as Microsoft knows.'),
    })
    .optional(),
}

export const TenantOfDirectory = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum(['syncing', 'connected', 'consent_lost']).describe('`consent_lost`: nothing new can be read.'),
    asOf: z.iso.datetime().nullable(),
    unreadableSince: z.iso.datetime().nullable(),
  })
  .openapi('TenantOfDirectory')

const about = {
  asOf: z.iso.datetime().nullable().describe('The oldest of what is shown; null while nothing was read yet.'),
  shows: z.array(DirectoryAttribute).describe('Which attributes each person comes with.'),
}

const list = {
  ...about,
  showsGuests: z.boolean(),
  hasMailboxes: z.boolean().describe('Whether any mailbox is known that is nobody’s own.'),
  tenants: z.array(TenantOfDirectory).describe('Where the people are from, whichever of them are asked for.'),
  departments: z
    .array(z.string())
    .nullable()
    .describe('What can be asked for as `department`, at most 500; null beyond the first page.'),
  truncated: z
    .boolean()
    .describe('A search reads at most 200 words; when there are more matches than it read, it says so.'),
}

const groups = z
  .object({
    isKnown: z.boolean().describe('Whether Microsoft tells of groups.'),
    asOf: z.iso.datetime().nullable(),
    items: z
      .array(
        z.object({
          name: z.string(),
          mail: z.string().nullable(),
          kind: z.enum(['distribution', 'microsoft_365']),
        }),
      )
      .describe('By name, the first 12.'),
    count: z.number().int().describe('How many there are.'),
  })
  .optional()
  .describe('Distribution lists and Microsoft 365 groups that they are in.')

const namedUser = z.object({ id: z.string().describe('As Microsoft has it.'), name: z.string() })

const manager = z
  .object({
    isKnown: z.boolean().describe('Whether Microsoft told it, and was asked since they came.'),
    asOf: z.iso.datetime().nullable(),
    isNamed: z.boolean().describe('Whether anybody is said to be their manager.'),
    person: namedUser
      .nullable()
      .describe('Null where that is nobody, somebody who is not shown, or somebody who is not, or no longer, there.'),
  })
  .optional()
  .describe('Who manages them, of the same environment.')

const manages = z
  .object({
    items: z.array(namedUser).describe('By name, the first 12.'),
    count: z.number().int().describe('How many there are of those who are shown.'),
  })
  .optional()
  .describe('Whom they manage; comes with `manager`.')

export const DirectoryUser = z.object(user).openapi('DirectoryUser')
export const DirectoryList = z
  .object({ items: z.array(DirectoryUser), nextCursor: z.string().nullable(), ...list })
  .openapi('DirectoryList')
export const DirectoryEntry = z
  .object({ ...user, ...about, groups, manager, manages, tenantName: z.string() })
  .openapi('DirectoryEntry')

const forStaff = {
  ...user,
  userPrincipalName: z.string().describe('What they sign in to Microsoft 365 with; empty only when we were not told.'),
}
export const CustomerUser = z.object(forStaff).openapi('CustomerUser')
export const CustomerUserList = z
  .object({ items: z.array(CustomerUser), nextCursor: z.string().nullable(), ...list })
  .openapi('CustomerUserList')
export const CustomerUserEntry = z
  .object({
    ...forStaff,
    ...about,
    groups,
    manager,
    manages,
    tenantName: z.string(),
    accountCreatedAt: z.string().nullable().describe('ISO 8601, as Microsoft wrote it.'),
    otherLicences: z
      .array(z.string())
      .describe('Free and trial ones, and seats of licences that the tenant no longer lists.'),
  })
  .openapi('CustomerUserEntry')

export const presentDirectory = (shown: Omit<ShownDirectory, 'isShown'>): z.infer<typeof PortalDirectory> => ({
  guestsShown: shown.showsGuests,
  attributes: [...shown.attributes],
})

/** What is said of a list beside its people. */
export const presentAbout = ({ tenants, departments, truncated, shown, asOf }: UserPage) => ({
  asOf: isoMoment(asOf),
  shows: [...shown.attributes],
  showsGuests: shown.showsGuests,
  hasMailboxes: tenants.some(({ mailboxCount }) => mailboxCount > 0),
  tenants: tenants.map(presentTenant),
  departments,
  truncated,
})

export const presentColleague =
  ({ shown, licencesOf }: Pick<UserPage, 'shown' | 'licencesOf'>) =>
  (row: ListedRow): z.infer<typeof DirectoryUser> =>
    shownUser(row, shown, licencesOf)

export const presentUser =
  (about: Pick<UserPage, 'shown' | 'licencesOf'>) =>
  (row: ListedRow): z.infer<typeof CustomerUser> => ({
    ...presentColleague(about)(row),
    userPrincipalName: row.userPrincipalName,
  })

export const presentColleagueEntry = (read: UserRead): z.infer<typeof DirectoryEntry> => ({
  ...presentColleague(read)(read.row),
  ...presentSource(read),
})

export const presentUserEntry = (read: UserRead): z.infer<typeof CustomerUserEntry> => ({
  ...presentUser(read)(read.row),
  ...presentSource(read),
  accountCreatedAt: read.row.accountCreatedAt,
  otherLicences: read.otherLicencesOf(read.row),
})

const presentSource = (read: UserRead) => ({
  asOf: isoMoment(read.tenant.lastGoodSyncAt),
  shows: [...read.shown.attributes],
  tenantName: read.tenant.name,
  ...(read.shown.attributes.includes('groups') ? { groups: presentGroups(read) } : {}),
  ...(read.shown.attributes.includes('manager') ? presentManagers(read) : {}),
})

const presentManagers = ({ tenant, row, manager: found, hasManager, manages: items, managesCount }: UserRead) => {
  const isAskedSince = !(Date.parse(row.accountCreatedAt ?? '') > (tenant.managersAsOf ?? 0))
  return {
    manager: {
      isKnown: tenant.managersAsOf !== null && (hasManager || isAskedSince),
      asOf: isoMoment(tenant.managersAsOf),
      isNamed: hasManager,
      person: found ?? null,
    },
    manages: { items, count: managesCount },
  }
}

const presentGroups = ({ tenant, groups: items, groupCount }: UserRead) => ({
  isKnown: tenant.groupsAsOf !== null,
  asOf: isoMoment(tenant.groupsAsOf),
  items,
  count: groupCount,
})

/** What Microsoft does not tell now of these parts, tenant by tenant. */
export const notToldBy = <Part extends UnreadablePart>(tenants: readonly TenantRead[], parts: readonly Part[]) =>
  tenants.flatMap(({ id, partsUnread }) =>
    parts.flatMap((part) => {
      const unread = partsUnread[part]
      return unread === undefined
        ? []
        : [{ tenantId: id, part, why: unread.why, since: new Date(unread.since).toISOString() }]
    }),
  )

export const presentTenant = (row: TenantRead): z.infer<typeof TenantOfDirectory> => ({
  id: row.id,
  name: row.name,
  state: isUnreadable(row.state) ? 'consent_lost' : row.lastGoodSyncAt === null ? 'syncing' : 'connected',
  asOf: isoMoment(row.lastGoodSyncAt),
  unreadableSince: isUnreadable(row.state) ? isoMoment(row.consentLostAt) : null,
})
