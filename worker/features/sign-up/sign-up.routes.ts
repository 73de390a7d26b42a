import { routes } from '../../http/app.ts'
import type { OpenEnv } from '../../http/app.ts'
import { anyone, done, json, ok, problem, problemForNow, route, withCookie } from '../../http/route.ts'
import { cookieOf } from '../../http/session.ts'
import { Person, callerOf } from '../sign-in/index.ts'
import { AskedSignUp, SignUpConfirmation, SignUpInput, SignUpLookup } from './sign-up.schema.ts'
import { confirmSignUp, lookUpSignUp, signUp } from './sign-up.ts'

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

const lookUp = route(anyone(['admin'], why), {
  method: 'post',
  path: '/api/auth/sign-up/lookup',
  operationId: 'lookUpSignUp',
  tags,
  summary: 'What was signed up with the e-mail address that a link was mailed to',
  description: 'Changes nothing. 404 for a link that is not ours, 410 for one that was used or has expired.',
  readsOnly: true,
  request: { body: json(SignUpLookup) },
  responses: { 200: ok(AskedSignUp), 410: problem('Used or expired') },
})

const confirm = route(anyone(['admin'], why), {
  method: 'post',
  path: '/api/auth/sign-up/confirmation',
  operationId: 'confirmSignUp',
  tags,
  summary: 'Choose the password of a new MSP’s owner: the MSP comes to be, and its owner is signed in',
  description: 'The link shows that the e-mail address is theirs. It works once.',
  request: { body: json(SignUpConfirmation) },
  responses: {
    200: withCookie(ok(Person, 'Made and signed in'), 'The session'),
    409: problem('The address belongs to a team already'),
    410: problem('Used or expired'),
    429: problemForNow('Too many attempts'),
  },
})

export const signUpRoutes = routes<OpenEnv>()

signUpRoutes.openapi(begin, async (c) => {
  await signUp(callerOf(c), c.req.valid('json'))
  return c.body(null, 202)
})

signUpRoutes.openapi(lookUp, async (c) => c.json(await lookUpSignUp(callerOf(c), c.req.valid('json').token), 200))

signUpRoutes.openapi(confirm, async (c) => {
  const { token: link, password } = c.req.valid('json')
  const { token, maxAgeSeconds, person } = await confirmSignUp(callerOf(c), link, password)
  return c.json(person, 200, { 'set-cookie': cookieOf(token, maxAgeSeconds) })
})
