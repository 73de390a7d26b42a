import { z } from '@hono/zod-openapi'

const moment = z.iso.datetime().nullable()

export const Refresh = z
  .object({
    state: z
      .enum(['idle', 'reading', 'done', 'failed'])
      .describe('How it stands with what was asked for last; idle: nobody asked.'),
    askedAt: moment.describe('When it was asked for last.'),
    againAt: moment.describe('From when on it may be asked for again; null: at once.'),
    readCount: z.number().int().describe('How many people were read so far, while it goes on.'),
    expectedCount: z.number().int().nullable().describe('Of how many; null where that is not known.'),
    failed: z.array(z.string()).describe('Names of the tenants that could not be read.'),
  })
  .openapi('Refresh')
