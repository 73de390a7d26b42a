import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { etag, json, ok, problem, route, staff } from '../../http/route.ts'
import { TwoStepRequirement, TwoStepRequirementInput } from './two-step.schema.ts'
import { readRequirement, saveRequirement } from './two-step.ts'

const tags = ['Settings']
const path = '/api/msp-portal/settings/two-step' as const

const read = route(staff('staff.read'), {
  method: 'get',
  path,
  operationId: 'readTwoStepRequirement',
  tags,
  summary: 'Whether owners and admins must use two-step verification',
  responses: { 200: ok(TwoStepRequirement) },
})

const save = route(staff('staff.manage'), {
  method: 'put',
  path,
  operationId: 'saveTwoStepRequirement',
  tags,
  summary: 'Require two-step verification of owners and admins, or no longer',
  description: 'Who has none is signed out, and sets it up at the next sign-in before anything else.',
  ifMatch: true,
  request: { body: json(TwoStepRequirementInput) },
  responses: { 200: ok(TwoStepRequirement), 409: problem('Who requires it must use it') },
})

export const twoStepRequirementRoutes = routes<StaffEnv>()

twoStepRequirementRoutes.openapi(read, async (c) => {
  const rule = await readRequirement(c.var.msp)
  return c.json(rule, 200, etag(rule))
})

twoStepRequirementRoutes.openapi(save, async (c) => {
  const { twoStepRequired } = c.req.valid('json')
  const rule = await saveRequirement(c.var.msp, c.var.staff, twoStepRequired, expected(c))
  return c.json(rule, 200, etag(rule))
})
