import { z } from '@hono/zod-openapi'
import { requestStates, requestTypes } from '../../../db/shard/schema.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { requiredText } from '../../http/text.ts'
import type { RequestDetails } from '../../../db/shard/schema.ts'
import type { RequestRow } from './requests.ts'

/** More than anybody buys at once: more is a slip of the keyboard. */
const MORE_SEATS_MAX = 1_000

/** What is asked for by a form; each type has fields of its own. */
export const RequestInput = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('licence_change').describe('More seats of a licence that the company has.'),
      skuId: z.string().min(1, 'Choose a licence.').max(60).describe('A licence of the company, by its id.'),
      tenantId: z
        .string()
        .max(60)
        .optional()
        .describe('In which tenant; it may be left out where only one has the licence.'),
      moreSeats: z
        .number()
        .int('Enter a whole number.')
        .min(1, 'Ask for one seat or more.')
        .max(MORE_SEATS_MAX, `At most ${MORE_SEATS_MAX} at once.`)
        .describe('How many more than there are now.'),
      reason: requiredText(1_000, 'Say in a sentence what they are for.').describe('What they are for.'),
    }),
  ])
  .openapi('ServiceRequestInput')

export const ServiceRequest = z
  .object({
    id: z.string(),
    type: z.enum(requestTypes),
    state: z.enum(requestStates),
    requestedBy: z.object({
      id: z.string(),
      name: z.string().nullable().describe('Null for somebody whose row went in a merge.'),
    }),
    licence: z.object({ skuId: z.string(), name: z.string() }),
    tenant: z.object({ id: z.string(), name: z.string() }),
    moreSeats: z.number().int(),
    boughtCount: z.number().int().describe('How many seats there were when it was asked for.'),
    reason: z.string(),
    createdAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
    version: z.number().int(),
  })
  .openapi('ServiceRequest')

export const RequestQuery = listQuery(['-createdAt'])
export const RequestList = listOf(ServiceRequest, 'ServiceRequestList')

export const presentRequest = (row: RequestRow): z.infer<typeof ServiceRequest> => ({
  ...licenceIn(row.details),
  id: row.id,
  type: row.type,
  state: row.state,
  requestedBy: { id: row.requestedBy, name: row.requesterName },
  reason: row.reason,
  createdAt: new Date(row.createdAt).toISOString(),
  changedAt: new Date(row.changedAt).toISOString(),
  version: row.version,
})

const licenceIn = (details: RequestDetails) => {
  if (details.type !== 'licence_change' || details.tenant === null) throw new Error('No change of a licence.')
  const { licence, tenant, moreSeats, boughtCount } = details
  return { licence: { skuId: licence.id, name: licence.name }, tenant, moreSeats, boughtCount }
}
