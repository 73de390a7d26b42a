import { z } from '@hono/zod-openapi'
import { TenantOfDirectory } from '../directory/index.ts'

const moment = z.iso.datetime().nullable()

export const OneTenantQuery = z.strictObject({
  tenantId: z.string().max(60).optional().describe('One Microsoft 365 environment alone; all of them without it.'),
})

const points = {
  current: z.number().describe('Points reached.'),
  max: z.number().describe('Points that can be reached.'),
  percent: z.number().describe('The one of the other, in per cent.'),
  comparison: z
    .number()
    .nullable()
    .describe('What similar organisations reach, in per cent; null where Microsoft does not say.'),
}

const Score = z
  .object({
    asOf: moment,
    ...points,
    days: z
      .array(z.object({ day: z.iso.date(), ...points }))
      .describe('One figure a day over all tenants, oldest first; at most 365.'),
    tenants: z.array(z.object({ tenantId: z.string(), asOf: moment, ...points })).describe('The same in each tenant.'),
  })
  .openapi('SecurityScore')

const ScoreControl = z
  .object({
    id: z.string().describe('Microsoft’s name of it.'),
    title: z.string(),
    category: z.string().nullable(),
    remediation: z.string().describe('What to do, in Microsoft’s words; may be empty.'),
    gain: z.number().describe('How many points it would add, over all tenants.'),
    tenantIds: z.array(z.string()).describe('Where it is still to be done.'),
  })
  .openapi('ScoreControl')

const SecurityAlert = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    category: z.string().nullable(),
    severity: z.enum(['informational', 'low', 'medium', 'high', 'unknown']),
    isInProgress: z.boolean().describe('Somebody looks into it.'),
    raisedAt: moment,
  })
  .openapi('SecurityAlert')

/** What Microsoft does not tell of a tenant. */
export const notToldOf = <const Parts extends readonly [string, ...string[]]>(parts: Parts) =>
  z
    .array(
      z.object({
        tenantId: z.string(),
        part: z.enum(parts),
        why: z.enum(['permission', 'trouble']).describe('Microsoft refuses it, or was asked and gave no answer.'),
        since: z.iso.datetime(),
      }),
    )
    .describe('What Microsoft does not tell now. What it told before is shown all the same, as old as it is.')

export const Security = z
  .object({
    tenants: z.array(TenantOfDirectory).describe('All of the company’s, whichever of them is asked for.'),
    score: Score.nullable().describe('Null while Microsoft gives none.'),
    controls: z.object({
      asOf: moment,
      items: z.array(ScoreControl).describe('What would raise the score most comes first; at most 20.'),
    }),
    alerts: z.object({
      asOf: moment.describe('The oldest of the tenants whose alerts are told; null where none are.'),
      items: z
        .array(SecurityAlert)
        .describe('Open ones of the last 90 days: the gravest first, then the newest; at most 100.'),
      truncated: z.boolean().describe('There are more than are listed.'),
    }),
    notTold: notToldOf(['score', 'controls', 'alerts']),
  })
  .openapi('Security')
