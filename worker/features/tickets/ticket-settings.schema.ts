import { z } from '@hono/zod-openapi'
import { ticketPriorities } from '../../../db/shard/schema.ts'
import { inFigures } from '../../figures.ts'
import { requiredLine } from '../../http/text.ts'
import { Priority } from './conversation.schema.ts'
import { usualSettings } from './settings.ts'
import type { TicketSettingsFound } from './ticket-settings.ts'

/** So many are chosen from at once; those that are retired may be more. */
export const OFFERED_COUNT_MAX = 30
const CATEGORY_COUNT_MAX = 200
/** Half a year of working hours is no target any more. */
const HOURS_MAX = 2_000

const hours = z
  .number()
  .positive('Enter more than 0 hours, or leave it empty.')
  .max(HOURS_MAX, `At most ${inFigures(HOURS_MAX)} hours.`)
  .nullable()
const name = requiredLine(60, 'Enter a name.')

export const TicketSettingsInput = z
  .strictObject({
    categories: z
      .array(
        z.strictObject({
          id: z.string().max(60).optional().describe('The one that is renamed or retired; left out for a new one.'),
          name: name.describe('What it is called, in customers’ portals too.'),
          isRetired: z.boolean().default(false).describe('No longer offered; tickets that have it keep it.'),
        }),
      )
      .max(CATEGORY_COUNT_MAX)
      .describe(
        'In the order in which they are offered. One that is left out goes, or, where tickets have it, is retired.',
      ),
    priorities: z
      .array(
        z.strictObject({
          priority: Priority.describe('Which one.'),
          name: name.describe('What staff call it.'),
          customerName: name.describe('What customers choose, in their words.'),
          firstAnswerHours: hours.describe('Within how many hours it is to be answered first; null for no target.'),
          resolutionHours: hours.describe('Within how many hours it is to be resolved; null for no target.'),
        }),
      )
      .refine(
        (given) =>
          given.length === ticketPriorities.length &&
          new Set(given.map(({ priority }) => priority)).size === ticketPriorities.length,
        'Name each priority once.',
      )
      .describe('All of them, each once.')
      .openapi({ example: usualSettings.priorities }),
    reopenDays: z
      .number()
      .int('Enter a whole number.')
      .min(0, 'Enter 0 days or more.')
      .max(90, 'At most 90 days.')
      .describe('How many days after a ticket ended its customer may open it again.'),
  })
  .openapi('TicketSettingsInput')

export const TicketSettings = z
  .object({
    categories: z.array(z.object({ id: z.string(), name: z.string(), isRetired: z.boolean() })),
    priorities: z.array(
      z.object({
        priority: Priority,
        name: z.string(),
        customerName: z.string(),
        firstAnswerHours: z.number().nullable(),
        resolutionHours: z.number().nullable(),
      }),
    ),
    reopenDays: z.number().int(),
    version: z.number().int().describe('0 as long as nothing was ever changed.'),
  })
  .openapi('TicketSettings')

export const presentSettings = ({ settings, version }: TicketSettingsFound): z.infer<typeof TicketSettings> => ({
  categories: settings.categories,
  priorities: settings.priorities,
  reopenDays: settings.reopenDays,
  version,
})
