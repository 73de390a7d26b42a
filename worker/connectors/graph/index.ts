import type { z } from 'zod'
import { ALERTS_TOLD_MS } from '../directory.ts'
import type { Directory, NextPage } from '../directory.ts'
import { circularLink, graphApi, isOwnAddress, ownLink, requestToken, type GraphConfig } from './api.ts'
import { asNotTold, GraphFault, isExpiredCursor, isOfOneMailbox } from './faults.ts'
import {
  groupsOf,
  mailboxPurposeOf,
  managersOf,
  organisationOf,
  scoreControlsOf,
  seatsOf,
  securityAlertsOf,
  securityScoresOf,
  serviceHealthOf,
  serviceIssuesOf,
  signInsOf,
  subscriptionsOf,
  usersOf,
  type UserRead,
} from './mapping.ts'
import {
  pageOf,
  wireAlert,
  wireGroup,
  wireHealth,
  wireMailbox,
  wireManaged,
  wireOrganisation,
  wireScoreControl,
  wireSeats,
  wireSecureScore,
  wireServiceIssue,
  wireSignIn,
  wireSubscription,
  wireUser,
} from './wire.ts'

export type { AppToken, GraphConfig, TokenCache } from './api.ts'
export { GraphFault, saysConsentIsGone } from './faults.ts'

/** What an administrator has to allow the application in a tenant, or parts of it stay unread (Graph's application permissions). */
export const GRAPH_PERMISSIONS = [
  'User.Read.All',
  'Organization.Read.All',
  'SecurityEvents.Read.All',
  'SecurityAlert.Read.All',
  'ServiceHealth.Read.All',
  'GroupMember.Read.All',
  'AuditLog.Read.All',
  'MailboxSettings.Read',
] as const

/** Whether Entra takes an application's credentials in a tenant: asks for an app-only token, and forgets it. Throws ConnectorFault. */
export const tryCredentials = async (config: Omit<GraphConfig, 'graphUrl' | 'tokenCache'>): Promise<void> => {
  await requestToken(config)
}

const userProperties = [
  'id',
  'displayName',
  'userPrincipalName',
  'mail',
  'jobTitle',
  'department',
  'businessPhones',
  'mobilePhone',
  'userType',
  'accountEnabled',
  'createdDateTime',
  'assignedLicenses',
].join(',')

const groupProperties = [
  'id',
  'displayName',
  'description',
  'mail',
  'mailEnabled',
  'securityEnabled',
  'groupTypes',
  'members',
].join(',')

/** The Directory of one tenant, read from Microsoft Graph v1.0 as the application itself (no signed-in person). */
export function graphDirectory(config: GraphConfig): Directory {
  const api = graphApi(config)
  const { graphUrl, now } = config
  const wholeList = { pageCountMax: 100, beyond: 'fault' } as const

  /** A page of a list of everybody that is not told to every tenant. Its cursor is Microsoft's own link. */
  const pageOfEverybody = async <Item extends z.ZodType>(
    cursor: string | undefined,
    first: string,
    item: Item,
    permission: string,
  ) => {
    if (cursor !== undefined && !isOwnAddress(cursor, graphUrl)) return 'expired'
    const address = cursor ?? first
    try {
      const answer: z.output<ReturnType<typeof pageOf<Item>>> = await api.get(address, pageOf(item), permission)
      const nextLink = ownLink(answer['@odata.nextLink'], graphUrl)
      if (nextLink === address) throw circularLink()
      const next = nextLink === undefined ? { kind: 'done' as const } : { kind: 'more' as const, cursor: nextLink }
      return { rows: answer.value, next }
    } catch (error) {
      if (cursor !== undefined && error instanceof GraphFault && isExpiredCursor(error)) return 'expired'
      throw asNotTold(error)
    }
  }

  return {
    async organisation() {
      const page = await api.get(`${graphUrl}/organization`, pageOf(wireOrganisation), 'Organization.Read.All')
      return organisationOf(page.value.at(0) ?? {}, config.tenantId)
    },

    async users(cursor) {
      const position: Position | undefined =
        cursor === undefined
          ? { read: 'full', address: `${graphUrl}/users/delta?$select=${userProperties}` }
          : positionOf(cursor, graphUrl)
      if (position === undefined) return { kind: 'expired' }
      try {
        const answer = await api.get(position.address, pageOf(wireUser), 'User.Read.All')
        return { kind: 'page', ...usersOf(answer.value, position.read), next: nextOf(answer, position, graphUrl) }
      } catch (error) {
        if (cursor !== undefined && error instanceof GraphFault && isExpiredCursor(error)) return { kind: 'expired' }
        throw error
      }
    },

    async seats() {
      return seatsOf(await api.list(`${graphUrl}/subscribedSkus`, wireSeats, 'Organization.Read.All', wholeList))
    },

    async subscriptions() {
      return subscriptionsOf(
        await api.list(`${graphUrl}/directory/subscriptions`, wireSubscription, 'Organization.Read.All', wholeList),
      )
    },

    async securityScores(dayCountMax) {
      // Each day carries every control with its prose (tens of kilobytes), so they come in pages of a month.
      const address = `${graphUrl}/security/secureScores?$top=${Math.min(dayCountMax, 30)}`
      const limit = { pageCountMax: 10, beyond: 'stop', itemCountEnough: dayCountMax } as const
      return securityScoresOf(await api.list(address, wireSecureScore, 'SecurityEvents.Read.All', limit), dayCountMax)
    },

    async securityAlerts() {
      const since = new Date(now() - ALERTS_TOLD_MS).toISOString()
      const address = `${graphUrl}/security/alerts_v2?$top=100&$filter=createdDateTime%20ge%20${since}`
      const limit = { pageCountMax: 10, beyond: 'stop', itemCountEnough: 1000 } as const
      return securityAlertsOf(await api.list(address, wireAlert, 'SecurityAlert.Read.All', limit)).slice(0, 1000)
    },

    async serviceHealth() {
      const address = `${graphUrl}/admin/serviceAnnouncement/healthOverviews?$expand=issues`
      return serviceHealthOf(await api.list(address, wireHealth, 'ServiceHealth.Read.All', wholeList))
    },

    async signIns(cursor) {
      // More than 500 at once are refused where signInActivity is selected ("List users", section Optional query parameters).
      const first = `${graphUrl}/users?$select=id,signInActivity&$top=500`
      const page = await pageOfEverybody(cursor, first, wireSignIn, 'AuditLog.Read.All')
      return page === 'expired' ? { kind: 'expired' } : { kind: 'page', signIns: signInsOf(page.rows), next: page.next }
    },

    async managers(cursor) {
      // However many are asked for, no more than 100 come where a relationship is expanded ("Known issues with Microsoft Graph", 13635).
      const first = `${graphUrl}/users?$select=id&$expand=manager($select=id)&$top=100`
      const page = await pageOfEverybody(cursor, first, wireManaged, 'User.Read.All')
      return page === 'expired'
        ? { kind: 'expired' }
        : { kind: 'page', managed: managersOf(page.rows), next: page.next }
    },

    async groups(cursor) {
      const position: Position | undefined =
        cursor === undefined
          ? { read: 'full', address: `${graphUrl}/groups/delta?$select=${groupProperties}` }
          : positionOf(cursor, graphUrl)
      if (position === undefined) return { kind: 'expired' }
      try {
        const answer = await api.get(position.address, pageOf(wireGroup), 'GroupMember.Read.All')
        const { read } = position
        return { kind: 'page', read, ...groupsOf(answer.value, read), next: nextOf(answer, position, graphUrl) }
      } catch (error) {
        if (cursor !== undefined && error instanceof GraphFault && isExpiredCursor(error)) return { kind: 'expired' }
        throw asNotTold(error)
      }
    },

    async mailboxPurpose(userId) {
      const address = `${graphUrl}/users/${encodeURIComponent(userId)}?$select=id,mailboxSettings`
      try {
        return mailboxPurposeOf(await api.get(address, wireMailbox, 'MailboxSettings.Read'))
      } catch (error) {
        // Without a mailbox, or with one that is not in Exchange Online, there are no settings of it.
        if (error instanceof GraphFault && error.kind === 'missing') return 'none'
        if (isOfOneMailbox(error)) return 'refused'
        throw asNotTold(error)
      }
    },

    async scoreControls() {
      const address = `${graphUrl}/security/secureScoreControlProfiles?$top=500`
      return scoreControlsOf(await api.list(address, wireScoreControl, 'SecurityEvents.Read.All', wholeList))
    },

    async serviceIssues(sinceMs) {
      const since = new Date(sinceMs).toISOString()
      const address = `${graphUrl}/admin/serviceAnnouncement/issues?$top=100&$filter=lastModifiedDateTime%20ge%20${since}`
      const limit = { pageCountMax: 10, beyond: 'stop', itemCountEnough: 500 } as const
      return serviceIssuesOf(await api.list(address, wireServiceIssue, 'ServiceHealth.Read.All', limit)).slice(0, 500)
    },
  }
}

/**
 * Where a read stands. The address is Microsoft's own link, whole and opaque; which read it belongs to cannot be seen in it,
 * yet decides what a missing property means, so the cursor carries both: `full https://…` or `changes https://…`.
 */
type Position = { read: UserRead; address: string }

/** Undefined for a cursor that is not ours or leads elsewhere: such a one is unknown, and a full read heals it. */
function positionOf(cursor: string, graphUrl: string): Position | undefined {
  const space = cursor.indexOf(' ')
  const read = cursor.slice(0, space)
  const address = cursor.slice(space + 1)
  return (read === 'full' || read === 'changes') && isOwnAddress(address, graphUrl) ? { read, address } : undefined
}

function nextOf(
  answer: { '@odata.nextLink'?: string | null | undefined; '@odata.deltaLink'?: string | null | undefined },
  position: Position,
  graphUrl: string,
): NextPage {
  const nextLink = ownLink(answer['@odata.nextLink'], graphUrl)
  if (nextLink === position.address) throw circularLink()
  if (nextLink !== undefined) return { kind: 'more', cursor: `${position.read} ${nextLink}` }
  const deltaLink = ownLink(answer['@odata.deltaLink'], graphUrl)
  if (deltaLink !== undefined) return { kind: 'done', cursor: `changes ${deltaLink}` }
  return { kind: 'broken_off' }
}
