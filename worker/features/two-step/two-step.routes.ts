import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { etag, json, ok, problem, route, staff } from '../../http/route.ts'
import {
  RecoveryCodes,
  TwoStep,
  TwoStepCode,
  TwoStepRequirement,
  TwoStepRequirementInput,
  presentTwoStep,
} from './two-step.schema.ts'
import { confirmTwoStep, readRequirement, readTwoStep, saveRequirement } from './two-step.ts'

const tags = ['Sign-in']
const own = '/api/auth/two-step' as const
const requirement = '/api/msp-portal/settings/two-step' as const

const read = route(staff('be signed in'), {
  method: 'get',
  path: own,
  operationId: 'readTwoStep',
  tags,
  summary: 'How one’s own two-step verification stands',
  responses: { 200: ok(TwoStep) },
})

const confirm = route(staff('be signed in'), {
  method: 'put',
  path: own,
  operationId: 'confirmTwoStep',
  tags,
  summary: 'Turn two-step verification on, with a code of the app',
  description: 'The answer holds ten recovery codes, this once. Each signs in once in place of the app.',
  request: { body: json(TwoStepCode) },
  responses: { 200: ok(RecoveryCodes), 409: problem('It is on already, or was not begun') },
})

const readRule = route(staff('staff.read'), {
  method: 'get',
  path: requirement,
  operationId: 'readTwoStepRequirement',
  tags: ['Settings'],
  summary: 'Whether owners and admins must use two-step verification',
  responses: { 200: ok(TwoStepRequirement) },
})

const saveRule = route(staff('staff.manage'), {
  method: 'put',
  path: requirement,
  operationId: 'saveTwoStepRequirement',
  tags: ['Settings'],
  summary: 'Require two-step verification of owners and admins, or no longer',
  description: 'Who has none is signed out, and sets it up at the next sign-in before anything else.',
  ifMatch: true,
  request: { body: json(TwoStepRequirementInput) },
  responses: { 200: ok(TwoStepRequirement), 409: problem('Who requires it must use it') },
})

export const twoStepRoutes = routes<StaffEnv>()

twoStepRoutes.openapi(read, async (c) => c.json(presentTwoStep(await readTwoStep(c.var.msp, c.var.staff)), 200))

twoStepRoutes.openapi(confirm, async (c) => {
  const { environment, msp, staff: person } = c.var
  return c.json({ recoveryCodes: await confirmTwoStep(environment, msp, person, c.req.valid('json').code) }, 200)
})

twoStepRoutes.openapi(readRule, async (c) => {
  const rule = await readRequirement(c.var.msp)
  return c.json(rule, 200, etag(rule))
})

twoStepRoutes.openapi(saveRule, async (c) => {
  const { twoStepRequired } = c.req.valid('json')
  const rule = await saveRequirement(c.var.msp, c.var.staff, twoStepRequired, expected(c))
  return c.json(rule, 200, etag(rule))
})
