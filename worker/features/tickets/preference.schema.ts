import { z } from '@hono/zod-openapi'
import { ticketMails } from '../../../db/shard/schema.ts'

const mails = z
  .enum(ticketMails)
  .describe(
    '`mine`: of tickets one asked for, watches or looks after; `all`: of every ticket one may see; `none`: of none.',
  )

export const TicketMailsInput = z.strictObject({ mails }).openapi('TicketMailsInput')

export const TicketMails = z
  .object({ mails, choices: z.array(z.enum(ticketMails)).describe('What one may choose.') })
  .openapi('TicketMails')
