import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { json, ok, problem, route, staff } from '../../http/route.ts'
import { RecoveryCodes, TwoStep, TwoStepCode, presentTwoStep } from './two-step.schema.ts'
import { confirmTwoStep, readTwoStep } from './two-step.ts'

const tags = ['Sign-in']
const own = '/api/auth/two-step' as const

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

export const twoStepRoutes = routes<StaffEnv>()

twoStepRoutes.openapi(read, async (c) => c.json(presentTwoStep(await readTwoStep(c.var.msp, c.var.staff)), 200))

twoStepRoutes.openapi(confirm, async (c) => {
  const { environment, msp, staff: person } = c.var
  return c.json({ recoveryCodes: await confirmTwoStep(environment, msp, person, c.req.valid('json').code) }, 200)
})
