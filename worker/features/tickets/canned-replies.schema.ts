import { z } from '@hono/zod-openapi'
import { listOf, listQuery } from '../../http/paging.ts'
import { requiredLine, requiredText } from '../../http/text.ts'
import { placeholders, unknownPlaceholders } from './canned-text.ts'
import type { CannedReplyRow } from './canned-replies.ts'

const BODY_CHARACTERS_MAX = 10_000

export const CannedReplyInput = z
  .strictObject({
    title: requiredLine(100, 'Give it a name by which it is found.').describe('By what staff find it.'),
    text: requiredText(BODY_CHARACTERS_MAX, 'Write the answer.')
      .refine(
        (text) => unknownPlaceholders(text).length === 0,
        `Only ${placeholders.map((name) => `{${name}}`).join(', ')} are filled in.`,
      )
      .describe(`Plain text; ${placeholders.map((name) => `\`{${name}}\``).join(', ')} are filled in.`),
  })
  .openapi('CannedReplyInput')

export const CannedReply = z
  .object({ id: z.string(), title: z.string(), text: z.string(), version: z.number().int() })
  .openapi('CannedReply')

export const CannedReplyQuery = listQuery(['title'])
export const CannedReplyList = listOf(CannedReply, 'CannedReplyList')

export const FilledReplies = z
  .object({ items: z.array(z.object({ id: z.string(), title: z.string(), text: z.string() })) })
  .openapi('FilledCannedReplies')

export const presentCannedReply = (row: CannedReplyRow): z.infer<typeof CannedReply> => ({
  id: row.id,
  title: row.title,
  text: row.body,
  version: row.version,
})
