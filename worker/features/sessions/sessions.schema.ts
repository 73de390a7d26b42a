import { z } from '@hono/zod-openapi'
import { deviceOf } from './device.ts'
import type { OwnSession } from './sessions.ts'

export const OpenSession = z
  .object({
    id: z.string(),
    /** As the browser called itself when it signed in; null where it said nothing that is known. */
    browser: z.string().nullable(),
    system: z.string().nullable(),
    startedAt: z.iso.datetime(),
    /** To within a few minutes. */
    seenAt: z.iso.datetime(),
    /** Whether this is the one that asks. */
    isThisOne: z.boolean(),
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
