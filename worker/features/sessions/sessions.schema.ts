import { z } from '@hono/zod-openapi'
import { deviceOf } from './device.ts'
import type { OwnSession } from './sessions.ts'

export const OpenSession = z
  .object({
    id: z.string(),
    browser: z
      .string()
      .nullable()
      .describe('As the browser called itself when it signed in; null where it said nothing that is known.'),
    system: z.string().nullable(),
    startedAt: z.iso.datetime(),
    seenAt: z.iso.datetime().describe('To within a few minutes.'),
    isThisOne: z.boolean().describe('Whether this is the one that asks.'),
  })
  .openapi('OpenSession')

export const OpenSessionList = z
  .object({ items: z.array(OpenSession), nextCursor: z.null() })
  .openapi('OpenSessionList')

export const presentSession = ({ row, isThisOne }: OwnSession): z.infer<typeof OpenSession> => ({
  id: row.id,
  ...deviceOf(row.userAgent),
  startedAt: new Date(row.createdAt).toISOString(),
  seenAt: new Date(row.seenAt).toISOString(),
  isThisOne,
})
