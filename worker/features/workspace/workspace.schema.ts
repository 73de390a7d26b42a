import { z } from '@hono/zod-openapi'
import { widgetKinds } from '../../../db/shard/schema.ts'

const Widget = z.enum(widgetKinds)

export const WorkspaceInput = z
  .strictObject({
    widgets: z
      .array(Widget)
      .max(widgetKinds.length)
      .refine((widgets) => new Set(widgets).size === widgets.length, 'Name each of them once.')
      .describe('Which stand there, in this order, each once.'),
  })
  .openapi('WorkspaceInput')

export const Workspace = z
  .object({
    widgets: z.array(Widget),
    version: z.number().int().describe('0 as long as nothing was ever changed.'),
  })
  .openapi('Workspace')

export const presentWorkspace = ({ widgets, version }: z.infer<typeof Workspace>): z.infer<typeof Workspace> => ({
  widgets,
  version,
})
