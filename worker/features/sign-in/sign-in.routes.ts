import type { Context } from 'hono'
import { eq } from 'drizzle-orm'
import { sessions } from '../../../db/shard/schema.ts'
import { routes } from '../../http/app.ts'
import type { OpenEnv, SelfEnv, StaffEnv } from '../../http/app.ts'
import { Problem } from '../../http/problem.ts'
import { anyone, done, json, ok, oneself, problem, problemForNow, route, staff, withCookie } from '../../http/route.ts'
import { contactSession, cookieOf, endedCookie, groundFor, nobody, staffSession, tokenIn } from '../../http/session.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { rolesOf } from '../../tenancy/permissions.ts'
import { forMsp } from '../../tenancy/scope.ts'
import {
  OwnPassword,
  RecoveryCodes,
  TwoStepSetup,
  beginTwoStep,
  renewRecoveryCodes,
  turnOffTwoStep,
} from '../two-step/index.ts'
import { addressOf, callerOf } from './caller.ts'
import { changePassword, provePassword } from './password-change.ts'
import { signInByCode } from './second-step.ts'
import { requestReset } from './password-reset-request.ts'
import { acceptReset, lookUpReset } from './password-reset.ts'
import {
  CodeNeeded,
  Invitation,
  InvitationAcceptance,
  InvitationLookup,
  PasswordChange,
  PasswordReset,
  PasswordResetAcceptance,
  PasswordResetLookup,
  PasswordResetRequest,
  Person,
  SignIn,
  TemporaryPasswordReplacement,
  SignInCode,
} from './sign-in.schema.ts'
import { acceptInvitation, lookUpInvitation, replaceTemporaryPassword, signIn } from './sign-in.ts'
import { acceptStaffInvitation, lookUpStaffInvitation } from './staff-invitations.ts'
import type { CodeNeeded as CodeStillNeeded, SignedIn } from './sign-in.ts'

const start = route(anyone(['admin', 'portal'], 'It is how one stops being a stranger.'), {
  method: 'put',
  path: '/api/auth/session',
  operationId: 'signIn',
  tags: ['Sign-in'],
  summary: 'Sign in with e-mail and password',
  description: 'On the admin host staff, on a portal host that customer’s contacts. Sets the session cookie.',
  request: { body: json(SignIn) },
  responses: {
    200: withCookie(ok(Person, 'Signed in'), 'The session'),
    202: ok(CodeNeeded, 'The password is right; a code is needed beside it'),
    401: problem('E-mail and password do not fit together'),
    429: problemForNow('Too many attempts'),
  },
})

const replaceTemporary = route(anyone(['portal'], 'The mailed password is what lets the person in, once.'), {
  method: 'post',
  path: '/api/auth/temporary-password/replacement',
  operationId: 'replaceTemporaryPassword',
  tags: ['Sign-in'],
  summary: 'Choose a password in place of a temporary one, and sign in',
  description: 'The only thing a temporary password is good for. It works for 72 hours and cannot be kept.',
  request: { body: json(TemporaryPasswordReplacement) },
  responses: {
    200: withCookie(ok(Person, 'Replaced and signed in'), 'The session'),
    401: problem('E-mail and temporary password do not fit together, or it is over'),
    429: problemForNow('Too many attempts'),
  },
})

const byCode = route(anyone(['admin'], 'It is the second step of signing in.'), {
  method: 'put',
  path: '/api/auth/session/code',
  operationId: 'signInByCode',
  tags: ['Sign-in'],
  summary: 'Sign in with a code, once the password was right',
  description: 'A code of one’s authenticator app, or one of one’s recovery codes. Each is taken once.',
  request: { body: json(SignInCode) },
  responses: {
    200: withCookie(ok(Person, 'Signed in'), 'The session'),
    410: problem('It took too long: begin with the password again'),
    429: problemForNow('Too many attempts'),
  },
})

const beginSettingUp = route(staff('be signed in'), {
  method: 'put',
  path: '/api/auth/two-step/setup',
  operationId: 'beginTwoStep',
  tags: ['Sign-in'],
  summary: 'Begin to set up two-step verification',
  description: 'The answer holds a new secret, this once. Nothing is asked of anybody before a code of it was given.',
  request: { body: json(OwnPassword) },
  responses: {
    200: ok(TwoStepSetup),
    409: problem('It is on already, or one has no password'),
    429: problemForNow('Too many attempts'),
  },
})

const turnOff = route(staff('be signed in'), {
  method: 'put',
  path: '/api/auth/two-step/removal',
  operationId: 'turnOffTwoStep',
  tags: ['Sign-in'],
  summary: 'Turn one’s own two-step verification off',
  request: { body: json(OwnPassword) },
  responses: {
    204: done('Off'),
    409: problem('The MSP requires it, or one has no password'),
    429: problemForNow('Too many attempts'),
  },
})

const renewCodes = route(staff('be signed in'), {
  method: 'put',
  path: '/api/auth/two-step/recovery-codes',
  operationId: 'renewRecoveryCodes',
  tags: ['Sign-in'],
  summary: 'New recovery codes in place of the earlier ones',
  description: 'The answer holds them, this once.',
  request: { body: json(OwnPassword) },
  responses: {
    200: ok(RecoveryCodes),
    409: problem('It is off, or one has no password'),
    429: problemForNow('Too many attempts'),
  },
})

const current = route(anyone(['admin', 'portal'], 'It says whether somebody is signed in.'), {
  method: 'get',
  path: '/api/auth/session',
  operationId: 'readSession',
  tags: ['Sign-in'],
  summary: 'Who is signed in',
  responses: { 200: ok(Person), 401: problem('Nobody is signed in') },
})

const end = route(anyone(['admin', 'portal'], 'Signing out works with a session that has ended, too.'), {
  method: 'delete',
  path: '/api/auth/session',
  operationId: 'signOut',
  tags: ['Sign-in'],
  summary: 'Sign out',
  responses: { 204: withCookie(done('Signed out'), 'Ends the session') },
})

const lookUp = route(anyone(['admin', 'portal'], 'The secret in the mail is what lets the person in.'), {
  method: 'post',
  path: '/api/auth/invitation/lookup',
  operationId: 'lookUpInvitation',
  tags: ['Sign-in'],
  summary: 'What an invitation says',
  description: 'Changes nothing. 404 for a link that is not ours, 410 for one that was used, withdrawn or has expired.',
  readsOnly: true,
  request: { body: json(InvitationLookup) },
  responses: { 200: ok(Invitation), 410: problem('Used, withdrawn or expired') },
})

const accept = route(anyone(['admin', 'portal'], 'The secret in the mail is what lets the person in.'), {
  method: 'post',
  path: '/api/auth/invitation/acceptance',
  operationId: 'acceptInvitation',
  tags: ['Sign-in'],
  summary: 'Accept an invitation: set a password and sign in',
  request: { body: json(InvitationAcceptance) },
  responses: {
    200: withCookie(ok(Person, 'Accepted and signed in'), 'The session'),
    410: problem('Used, withdrawn or expired'),
    429: problemForNow('Too many attempts'),
  },
})

const requestPasswordReset = route(anyone(['admin', 'portal'], 'Whoever forgot their password cannot sign in.'), {
  method: 'post',
  path: '/api/auth/password-reset',
  operationId: 'requestPasswordReset',
  tags: ['Sign-in'],
  summary: 'Ask for a link that sets a new password',
  description:
    'The answer is the same whether or not anybody signs in here with that address. If somebody does, a mail is on its way.',
  request: { body: json(PasswordResetRequest) },
  responses: { 202: done('Taken'), 429: problemForNow('Too many attempts') },
})

const lookUpPasswordReset = route(anyone(['admin', 'portal'], 'The secret in the mail is what lets the person in.'), {
  method: 'post',
  path: '/api/auth/password-reset/lookup',
  operationId: 'lookUpPasswordReset',
  tags: ['Sign-in'],
  summary: 'Whose password a link sets',
  description: 'Changes nothing. 404 for a link that is not ours, 410 for one that was used or has expired.',
  readsOnly: true,
  request: { body: json(PasswordResetLookup) },
  responses: { 200: ok(PasswordReset), 410: problem('Used or expired') },
})

const acceptPasswordReset = route(anyone(['admin', 'portal'], 'The secret in the mail is what lets the person in.'), {
  method: 'post',
  path: '/api/auth/password-reset/acceptance',
  operationId: 'acceptPasswordReset',
  tags: ['Sign-in'],
  summary: 'Set a new password by a link, and sign in',
  description: 'The link works once. Every other session of the person ends.',
  request: { body: json(PasswordResetAcceptance) },
  responses: {
    200: withCookie(ok(Person, 'Set and signed in'), 'The session'),
    202: ok(CodeNeeded, 'Set; a code is needed to sign in'),
    410: problem('Used or expired'),
    429: problemForNow('Too many attempts'),
  },
})

const change = route(oneself, {
  method: 'put',
  path: '/api/auth/password',
  operationId: 'changePassword',
  tags: ['Sign-in'],
  summary: 'Change one’s own password',
  description: 'Ends one’s other sessions, and tells oneself by mail.',
  request: { body: json(PasswordChange) },
  responses: {
    204: done('Changed'),
    409: problem('One signs in without a password, or only with Microsoft'),
    429: problemForNow('Too many attempts'),
  },
})

export const signInRoutes = routes<OpenEnv>()
export const passwordRoutes = routes<SelfEnv>()
export const provenRoutes = routes<StaffEnv & SelfEnv>()

signInRoutes.openapi(start, async (c) => signedIn(c, await signIn(callerOf(c), c.req.valid('json'))))

signInRoutes.openapi(replaceTemporary, async (c) =>
  letIn(c, await replaceTemporaryPassword(callerOf(c), c.req.valid('json'))),
)

signInRoutes.openapi(current, async (c) => {
  const { place, environment } = c.var
  const token = tokenIn(c, environment)
  if (place.kind === 'admin') {
    const session = await staffSession(c.var, place, token)
    if (session !== undefined) {
      const { staffId, name, email, role } = session.staff
      return c.json({ id: staffId, name, email, kind: 'staff' as const, roles: [role] }, 200)
    }
  }
  const session = await contactSession(c.var, place, token)
  if (session === undefined) throw new Problem('unauthenticated', 'Nobody is signed in here.')
  const { person, contact } = session
  const roles = rolesOf(contact.person)
  return c.json({ id: person.contactId, name: person.name, email: person.email, kind: 'contact' as const, roles }, 200)
})

signInRoutes.openapi(end, async (c) => {
  const token = tokenIn(c, c.var.environment)
  if (token !== undefined) {
    const msp = forMsp(groundFor(c.var, token.shard, nobody), token.mspId)
    await msp.record(msp.removeWhere(sessions, eq(sessions.id, await hashOf(token.secret))))
  }
  return c.body(null, 204, { 'set-cookie': endedCookie })
})

signInRoutes.openapi(lookUp, async (c) => {
  const lookUpHere = c.var.place.kind === 'admin' ? lookUpStaffInvitation : lookUpInvitation
  return c.json(await lookUpHere(callerOf(c), c.req.valid('json').token), 200)
})

signInRoutes.openapi(accept, async (c) => {
  const { token, password } = c.req.valid('json')
  const acceptHere = c.var.place.kind === 'admin' ? acceptStaffInvitation : acceptInvitation
  return letIn(c, await acceptHere(callerOf(c), token, password))
})

signInRoutes.openapi(requestPasswordReset, async (c) => {
  await requestReset(callerOf(c), c.req.valid('json').email)
  return c.body(null, 202)
})

signInRoutes.openapi(lookUpPasswordReset, async (c) =>
  c.json(await lookUpReset(callerOf(c), c.req.valid('json').token), 200),
)

signInRoutes.openapi(acceptPasswordReset, async (c) => {
  const { token, password } = c.req.valid('json')
  return signedIn(c, await acceptReset(callerOf(c), token, password))
})

passwordRoutes.openapi(change, async (c) => {
  const { environment, place, later } = c.var
  await changePassword(c.var.self, { environment, host: place.host, address: addressOf(c), later }, c.req.valid('json'))
  return c.body(null, 204)
})

signInRoutes.openapi(byCode, async (c) => {
  const { token, code } = c.req.valid('json')
  return letIn(c, await signInByCode(callerOf(c), token, code))
})

provenRoutes.openapi(beginSettingUp, async (c) => {
  const { environment, place, later, self, msp, house, staff: person } = c.var
  await provePassword(
    self,
    { environment, host: place.host, address: addressOf(c), later },
    c.req.valid('json').password,
  )
  return c.json(await beginTwoStep(environment, msp, house, person), 200)
})

provenRoutes.openapi(turnOff, async (c) => {
  const { environment, place, later, self } = c.var
  await provePassword(
    self,
    { environment, host: place.host, address: addressOf(c), later },
    c.req.valid('json').password,
  )
  await turnOffTwoStep(c.var.msp, c.var.staff)
  return c.body(null, 204)
})

provenRoutes.openapi(renewCodes, async (c) => {
  const { environment, place, later, self } = c.var
  await provePassword(
    self,
    { environment, host: place.host, address: addressOf(c), later },
    c.req.valid('json').password,
  )
  return c.json({ recoveryCodes: await renewRecoveryCodes(c.var.msp, c.var.staff) }, 200)
})

/** Signed in, or asked for a code first. */
const signedIn = (c: Context<OpenEnv>, outcome: SignedIn | CodeStillNeeded) => {
  if ('codeNeeded' in outcome) {
    const expiresAt = new Date(outcome.expiresAt).toISOString()
    return c.json({ codeNeeded: true as const, token: outcome.token, expiresAt }, 202)
  }
  return letIn(c, outcome)
}

const letIn = (c: Context<OpenEnv>, { token, maxAgeSeconds, person }: SignedIn) =>
  c.json(person, 200, { 'set-cookie': cookieOf(token, maxAgeSeconds) })
