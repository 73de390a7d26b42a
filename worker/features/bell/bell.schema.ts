import { z } from '@hono/zod-openapi'
import type { News, Unread } from './bell.ts'

export const Bell = z
  .object({
    unreadCount: z.number().int().describe('How many tickets hold something one has not read; at most 99.'),
    more: z.boolean().describe('Whether there are more than that.'),
  })
  .openapi('Bell')

const BellItem = z
  .object({
    ticketId: z.string(),
    number: z.number().int(),
    subject: z.string(),
    customer: z.object({ id: z.string(), name: z.string() }).nullable().describe('Whose it is; null in a portal.'),
    unreadCount: z.number().int().describe('How much of it is new; 0 once it was read.'),
    latestByName: z.string().describe('Who wrote or did the latest of it.'),
    at: z.iso.datetime().describe('When that was.'),
  })
  .openapi('BellItem')

export const BellItems = z.object({ items: z.array(BellItem), nextCursor: z.null() }).openapi('BellItems')

export const BellReading = z
  .strictObject({
    ticketId: z.string().max(64).nullable().describe('The ticket that was read; null for all of them.'),
  })
  .openapi('BellReading')

export const presentBell = ({ count, more }: Unread): z.infer<typeof Bell> => ({ unreadCount: count, more })

export const presentNews = (news: News): z.infer<typeof BellItem> => ({
  ticketId: news.ticketId,
  number: news.number,
  subject: news.subject,
  customer: news.customer,
  unreadCount: news.unreadCount,
  latestByName: news.latestByName,
  at: new Date(news.at).toISOString(),
})
