import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { etag, json, ok, route, staff } from '../../http/route.ts'
import { Workspace, WorkspaceInput, presentWorkspace } from './workspace.schema.ts'
import { readWorkspace, saveWorkspace } from './workspace.ts'

const tags = ['Workspace']
const path = '/api/msp-portal/workspace' as const

const read = route(staff('be signed in'), {
  method: 'get',
  path,
  operationId: 'readWorkspace',
  tags,
  summary: 'What the person who asks has on their workspace',
  responses: { 200: ok(Workspace) },
})

const save = route(staff('be signed in'), {
  method: 'put',
  path,
  operationId: 'saveWorkspace',
  tags,
  summary: 'Put widgets on one’s workspace, in an order',
  ifMatch: true,
  request: { body: json(WorkspaceInput) },
  responses: { 200: ok(Workspace) },
})

export const workspaceRoutes = routes<StaffEnv>()

workspaceRoutes.openapi(read, async (c) => {
  const workspace = await readWorkspace(c.var.msp, c.var.staff.staffId)
  return c.json(presentWorkspace(workspace), 200, etag(workspace))
})

workspaceRoutes.openapi(save, async (c) => {
  const { widgets } = c.req.valid('json')
  const saved = await saveWorkspace(c.var.msp, c.var.staff.staffId, widgets, expected(c))
  return c.json(presentWorkspace(saved), 200, etag(saved))
})
