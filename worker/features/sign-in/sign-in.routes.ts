import type { Context } from 'hono'
import { eq } from 'drizzle-orm'
import { sessions } from '../../../db/shard/schema.ts'
import { routes } from '../../http/app.ts'
import type { OpenEnv } from '../../http/app.ts'
import { Problem } from '../../http/problem.ts'
import { anyone, done, json, ok, problem, problemForNow, route, withCookie } from '../../http/route.ts'
import { contactSession, cookieOf, endedCookie, groundFor, nobody, staffSession, tokenIn } from '../../http/session.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { rolesOf } from '../../tenancy/permissions.ts'
import { forMsp } from '../../tenancy/scope.ts'
import { Invitation, InvitationAcceptance, InvitationLookup, Person, SignIn } from './sign-in.schema.ts'
import { acceptInvitation, lookUpInvitation, signIn } from './sign-in.ts'
import type { Caller, SignedIn } from './sign-in.ts'

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
    401: problem('E-mail and password do not fit together'),
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

const lookUp = route(anyone(['portal'], 'The secret in the mail is what lets the person in.'), {
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

const accept = route(anyone(['portal'], 'The secret in the mail is what lets the person in.'), {
  method: 'post',
  path: '/api/auth/invitation/acceptance',
  operationId: 'acceptInvitation',
  tags: ['Sign-in'],
  summary: 'Accept an invitation: set a password and sign in',
  request: { body: json(InvitationAcceptance) },
  responses: {
    200: withCookie(ok(Person, 'Accepted and signed in'), 'The session'),
    410: problem('Used, withdrawn or expired'),
  },
})

export const signInRoutes = routes<OpenEnv>()

signInRoutes.openapi(start, async (c) => signedIn(c, await signIn(callerOf(c), c.req.valid('json'))))

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

signInRoutes.openapi(lookUp, async (c) => c.json(await lookUpInvitation(callerOf(c), c.req.valid('json').token), 200))

signInRoutes.openapi(accept, async (c) => {
  const { token, password } = c.req.valid('json')
  return signedIn(c, await acceptInvitation(callerOf(c), token, password))
})

const callerOf = (c: Context<OpenEnv>): Caller => ({
  environment: c.var.environment,
  place: c.var.place,
  requestId: c.var.requestId,
  later: c.var.later,
  address: c.req.header('cf-connecting-ip') ?? 'unknown',
})

const signedIn = (c: Context<OpenEnv>, { token, maxAgeSeconds, person }: SignedIn) =>
  c.json(person, 200, { 'set-cookie': cookieOf(token, maxAgeSeconds) })
