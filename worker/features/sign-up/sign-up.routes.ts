import { routes } from '../../http/app.ts'
import type { OpenEnv } from '../../http/app.ts'
import { anyone, done, json, ok, problem, problemForNow, route, withCookie } from '../../http/route.ts'
import { cookieOf } from '../../http/session.ts'
import { Person, callerOf } from '../sign-in/index.ts'
import { SignUpConfirmation, SignUpInput } from './sign-up.schema.ts'
import { confirmSignUp, signUp } from './sign-up.ts'

const tags = ['Sign-up']
const why = 'Whoever signs up is nobody yet. While this deployment is closed to new MSPs, there is no such path.'

const begin = route(anyone(['admin'], why), {
  method: 'post',
  path: '/api/auth/sign-up',
  operationId: 'signUp',
  tags,
  summary: 'Sign a new MSP up',
  description:
    'A mail with a link leaves in a moment; nothing exists before it is confirmed. Answers alike for every address.',
  request: { body: json(SignUpInput) },
  responses: { 202: done('Taken'), 429: problemForNow('Too many attempts') },
})

const confirm = route(anyone(['admin'], why), {
  method: 'post',
  path: '/api/auth/sign-up/confirmation',
  operationId: 'confirmSignUp',
  tags,
  summary: 'Confirm the e-mail address of a sign-up: the MSP comes to be, and its owner is signed in',
  request: { body: json(SignUpConfirmation) },
  responses: {
    200: withCookie(ok(Person, 'Made and signed in'), 'The session'),
    409: problem('The address belongs to a team already'),
    410: problem('Used or expired'),
  },
})

export const signUpRoutes = routes<OpenEnv>()

signUpRoutes.openapi(begin, async (c) => {
  await signUp(callerOf(c), c.req.valid('json'))
  return c.body(null, 202)
})

signUpRoutes.openapi(confirm, async (c) => {
  const { token, maxAgeSeconds, person } = await confirmSignUp(callerOf(c), c.req.valid('json').token)
  return c.json(person, 200, { 'set-cookie': cookieOf(token, maxAgeSeconds) })
})
