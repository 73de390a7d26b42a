import { z } from '@hono/zod-openapi'
import { and, eq } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { serviceRequests } from '../../../db/shard/schema.ts'
import type { ContactReads } from '../../tenancy/scope.ts'

/** The request that a ticket is of, with how much of it is done. */
export type RequestOfTicket = Pick<
  typeof serviceRequests.$inferSelect,
  'id' | 'subject' | 'stepCount' | 'doneStepCount' | 'endedAt'
>

/** `ofCustomer` is for reads of a whole MSP, whose index goes by customer. */
export const requestRead = (reads: Pick<ContactReads, 'select' | 'mine'>, ticketId: string, ofCustomer?: SQL) =>
  reads
    .select({
      id: serviceRequests.id,
      subject: serviceRequests.subject,
      stepCount: serviceRequests.stepCount,
      doneStepCount: serviceRequests.doneStepCount,
      endedAt: serviceRequests.endedAt,
    })
    .from(serviceRequests)
    .where(reads.mine(serviceRequests, and(ofCustomer, eq(serviceRequests.ticketId, ticketId))))

export const RequestShape = z
  .object({
    id: z.string(),
    subject: z.string(),
    steps: z.object({ total: z.number().int(), done: z.number().int() }),
  })
  .nullable()
  .describe('The request that it is of, where it was raised for one, and how much of that is done.')

export const presentRequestOf = (request: RequestOfTicket | null): z.infer<typeof RequestShape> =>
  request === null
    ? null
    : {
        id: request.id,
        subject: request.subject,
        steps: { total: request.stepCount, done: request.doneStepCount },
      }
