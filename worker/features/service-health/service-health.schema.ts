import { z } from '@hono/zod-openapi'
import { listQuery } from '../../http/paging.ts'
import { TenantOfDirectory } from '../directory/index.ts'
import { notToldOf } from '../security/index.ts'

const moment = z.iso.datetime().nullable()
const state = z.enum(['works', 'degraded', 'interrupted', 'recovering', 'unknown'])

const ServiceState = z
  .object({
    service: z.string().describe('Microsoft’s own name of it.'),
    name: z.string().describe('What people call it.'),
    state: state.describe('The worst that it is in any tenant.'),
    issueTitle: z.string().nullable(),
    since: moment,
    tenantIds: z.array(z.string()).describe('Where it is like that.'),
  })
  .openapi('ServiceState')

export const ServiceIssue = z
  .object({
    id: z.string().describe('Microsoft’s, which is the same in every tenant.'),
    service: z.string().describe('Microsoft’s own name of it.'),
    serviceName: z.string().describe('What people call it.'),
    title: z.string(),
    classification: z.enum(['incident', 'advisory', 'unknown']),
    state,
    isResolved: z.boolean(),
    startedAt: moment,
    endedAt: moment,
    latestPost: z.string().nullable().describe('What Microsoft wrote last.'),
    latestPostAt: moment,
    tenantIds: z.array(z.string()).describe('Whom it concerns, each issue once.'),
  })
  .openapi('ServiceIssue')

export const ServiceHealth = z
  .object({
    tenants: z.array(TenantOfDirectory).describe('All of the company’s, whichever of them is asked for.'),
    asOf: moment.describe('The oldest of what is shown; null while nothing was read.'),
    services: z.array(ServiceState).describe('What needs attention first.'),
    issues: z.array(ServiceIssue).describe('What is not over, the newest first; at most 100.'),
    truncated: z.boolean().describe('There are more issues than are listed.'),
    notTold: notToldOf(['services', 'issues']),
  })
  .openapi('ServiceHealth')

export const IssueQuery = listQuery(['-startedAt'])
  .extend({
    tenantId: z.string().max(60).optional().describe('One Microsoft 365 environment alone; all of them without it.'),
  })
  .openapi('IssueQuery')

export const IssueList = z
  .object({ items: z.array(ServiceIssue), nextCursor: z.string().nullable() })
  .openapi('ServiceIssueList')
