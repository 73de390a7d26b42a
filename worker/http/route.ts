import { createRoute, z } from '@hono/zod-openapi'
import type { RouteConfig } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { eq } from 'drizzle-orm'
import { idempotencyKeys } from '../../db/shard/schema.ts'
import { scopeFor, staffMay } from '../tenancy/permissions.ts'
import type { ApiScope, ContactPermission, StaffPermission } from '../tenancy/permissions.ts'
import { hashOf } from '../tenancy/ids.ts'
import { ANSWER_WITH_SECRET, idempotencyKeyOf } from '../tenancy/scope.ts'
import type { Asides, ContactScope, IdempotencyClaim, MspScope } from '../tenancy/scope.ts'
import { ALONGSIDE } from './alongside.ts'
import type { Reads } from './alongside.ts'
import { keyAtPortal, keySession } from './api-key.ts'
import type { House, OpenEnv, PortalPerson, Self, StaffPerson } from './app.ts'
import { checkKind, readJsonBody } from './body.ts'
import { comesFromHere, isNotForeign } from './csrf.ts'
import { previewSession, previewTokenIn } from './preview.ts'
import type { Preview } from './preview.ts'
import { Problem, invalidField, missing } from './problem.ts'
import { bearerIn, contactSession, selfAt, selfOfStaff, staffSession, tokenIn } from './session.ts'
import type { Setting } from './session.ts'

/** Who may call a route. Spelled out on every route; anyone needs a reason. */
export type Access =
  | { who: 'staff'; may: StaffPermission | 'be signed in' }
  | { who: 'contact'; may: ContactPermission }
  | { who: 'oneself' }
  | { who: 'anyone'; on: ('admin' | 'portal' | 'sign-in')[]; why: string }

/** The same as the contract tells it: with the scope that opens the route to API keys, if one does. */
export type Told =
  | (Exclude<Access, { who: 'anyone' }> & { scope: ApiScope | null })
  | Extract<Access, { who: 'anyone' }>

export const staff = (may: StaffPermission | 'be signed in'): Access => ({ who: 'staff', may })
export const contact = (may: ContactPermission): Access => ({ who: 'contact', may })
/** Whoever is signed in, staff at the admin host and contacts at their portal, for what is their own: password, sessions. */
export const oneself: Access = { who: 'oneself' }
export const anyone = (on: ('admin' | 'portal' | 'sign-in')[], why: string): Access => ({ who: 'anyone', on, why })

const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem')

const header = (description: string) => ({ description, schema: { type: 'string' as const } })
const requestIdHeader = {
  'X-Request-Id': { ...header('Names this request in our log; a problem’s `requestId` is the same'), required: true },
}
const etagHeader = { ETag: { ...header('The version that If-Match names, such as `"v3"`'), required: true } }
const retryAfterHeader = { 'Retry-After': { ...header('How many seconds to wait'), required: true } }

/** A failure as a route's own responses name it, beside those that every route of its kind has. */
export const problem = (description: string) => ({
  description,
  headers: requestIdHeader,
  content: { 'application/problem+json': { schema: ProblemBody } },
})

/** A failure that says when to come back. */
export const problemForNow = (description: string) => {
  const said = problem(description)
  return { ...said, headers: { ...said.headers, ...retryAfterHeader } }
}

const unauthenticated = {
  ...problem('Nobody is signed in, or the API key is unknown, expired or revoked'),
  headers: { ...requestIdHeader, 'WWW-Authenticate': header('`Bearer`, where a key was sent that is not taken') },
}

type Config = Omit<RouteConfig, 'middleware' | 'security'> & {
  /** Whether the row that is changed carries a version that If-Match may name; read it with `expected(c)`. */
  ifMatch?: true
  /** A POST that works something out, or reads much at once, and changes nothing: repeating it needs no Idempotency-Key. */
  readsOnly?: true
  /** For people alone: no scope opens it to API keys, whatever it takes of whom. */
  onlyPeople?: true
  /** A change that staff may make who view a portal as somebody, where all others are refused. */
  whilePreviewing?: true
  /** A page asks it by itself, again and again: that keeps no session open which nobody uses. */
  unattended?: true
  /** What is read together with the session of staff, or with their key; the handler has it from the same `alongside(…)`. */
  alongside?: { reads: Reads }
}

/**
 * The scope with which an API key may call a route, at the admin host; null where only people may. What is read in a
 * portal, a key reads for any customer of its MSP.
 */
const scopeOf = (access: Access, config: Config): ApiScope | null => {
  if (config.onlyPeople === true) return null
  switch (access.who) {
    case 'staff':
      return access.may === 'be signed in' ? null : scopeFor[access.may]
    case 'contact':
      return config.method === 'get' && config.path.startsWith(`${PORTAL}/`) ? scopeFor['portals.preview'] : null
    case 'oneself':
    case 'anyone':
      return null
  }
}

const PORTAL = '/api/portal/customers/{id}'

const isChange = (config: Config) => config.method !== 'get' && config.readsOnly !== true
const isOfCustomer = (config: Config) => config.path.startsWith('/api/msp-portal/customers/{customerId}')
const takesKey = (access: Access, config: Config) =>
  access.who !== 'anyone' && config.method === 'post' && isChange(config)
const kindsOf = (config: Config) => Object.keys(config.request?.body?.content ?? {})
const takesJson = (config: Config) => kindsOf(config).includes('application/json')
const takesFile = (config: Config) => kindsOf(config).length > 0 && !takesJson(config)

const problemsOf = (access: Access, config: Config) => ({
  404: problem('There is no such thing here, or none that the caller may know of'),
  500: problem('Something went wrong on our side; the log has it under the request id'),
  ...(access.who === 'anyone' ? {} : { 401: unauthenticated }),
  // A role or a key may lack the permission, a change may be foreign.
  ...(access.who !== 'anyone' || config.method !== 'get'
    ? { 403: problem('Signed in, but not allowed; or the change came from another site') }
    : {}),
  ...(access.who !== 'anyone' && isChange(config)
    ? { 412: problem('It has changed since it was read (If-Match), or while this was done') }
    : {}),
  ...(access.who === 'staff' && isChange(config) && isOfCustomer(config)
    ? { 409: problem('The customer is archived: what is archived is restored first') }
    : {}),
  ...(takesJson(config) ? { 400: problem('The body is not JSON'), 413: problem('The body is too large') } : {}),
  ...(takesFile(config) ? { 411: problem('The length must be stated (Content-Length)') } : {}),
  ...(kindsOf(config).length > 0 ? { 415: problem('Not a kind of content taken here') } : {}),
  ...(kindsOf(config).length > 0 || config.request?.query !== undefined || takesKey(access, config)
    ? { 422: problem('Some of it is not valid; see `errors`') }
    : {}),
})

const parametersOf = (access: Access, config: Config) => [
  ...(config.ifMatch === true
    ? [
        {
          name: 'If-Match',
          in: 'header' as const,
          description: 'The ETag that was read, or `*`: answered with 412 when it has changed since (RFC 9110, 13.1.1)',
          schema: { type: 'string' as const },
          example: '"v3"',
        },
      ]
    : []),
  ...(takesKey(access, config)
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header' as const,
          description: 'Makes the request safe to repeat: it is carried out once, and answered as the first time',
          schema: { type: 'string' as const, pattern: KEY.source, maxLength: 200 },
          example: '0d5c6d0e-6f0b-4a58-9f0e-3a52a7c1b8f4',
        },
      ]
    : []),
]

const KEY = /^[\x21-\x7e]{1,200}$/
const replayedHeader = { 'Idempotency-Replayed': header('`true` when this is the answer of an earlier request') }

/** A route's own answers, with the headers that every answer of its kind carries. */
const answersOf = (access: Access, config: Config): RouteConfig['responses'] =>
  Object.fromEntries(
    Object.entries(config.responses).map(([status, answer]) => [
      status,
      {
        ...answer,
        headers: {
          ...requestIdHeader,
          ...(answer as { headers?: object }).headers,
          ...(takesKey(access, config) && status.startsWith('2') ? replayedHeader : {}),
        },
      },
    ]),
  )

/** Who may call an operation, as its description says it. */
const whoMay = (access: Access, scope: ApiScope | null): string => {
  switch (access.who) {
    case 'staff': {
      const { may } = access
      if (may === 'be signed in') return 'For staff, at the admin host; not for API keys.'
      const roles = Object.entries(staffMay).flatMap(([role, permissions]) => (permissions.has(may) ? [role] : []))
      const byKey = scope === null ? 'not for API keys' : `for API keys with \`${scope}\``
      return `For staff who may \`${may}\` (${roles.join(', ')}), at the admin host; ${byKey}.`
    }
    case 'contact':
      return `For contacts who may \`${access.may}\`, at their portal’s host${scope === null ? '' : `; for API keys with \`${scope}\`, as a portal admin of any customer, at the admin host`}.`
    case 'oneself':
      return 'For staff at the admin host and contacts at their portal’s host, each for themselves; not for API keys.'
    case 'anyone':
      return `For anyone, at ${access.on.map((kind) => `${kind} hosts`).join(' and ')}. ${access.why}`
  }
}

/** createRoute with what nobody may forget: who may call it, and how it fails. Does not compile without the access. */
export const route = <const R extends Config>(access: Access, config: R) => {
  const {
    ifMatch: _i,
    readsOnly: _r,
    onlyPeople: _o,
    whilePreviewing: _w,
    unattended: _u,
    alongside: _a,
    ...described
  } = config
  const parameters = parametersOf(access, config)
  const scope = scopeOf(access, config)
  const made = createRoute({
    // R but for six fields of ours, none of which createRoute's types read.
    ...(described as unknown as R),
    description: [config.description, whoMay(access, scope)].filter((text) => text !== undefined).join(' '),
    ...(parameters.length === 0 ? {} : { parameters }),
    security: access.who === 'anyone' ? [] : [{ session: [] }, ...(scope === null ? [] : [{ apiKey: [scope] }])],
    middleware: [admit(access, config)] as const,
    responses: { ...problemsOf(access, config), ...answersOf(access, config) },
    'x-access': access.who === 'anyone' ? access : { ...access, scope },
  })
  // Just put there; createRoute's type forgets what begins with x-.
  return made as typeof made & { 'x-access': Told }
}

export const json = <S extends z.ZodType>(schema: S) => ({
  required: true as const,
  content: { 'application/json': { schema } },
})
/** An answer of a shape. A row that carries its version is answered with the ETag that names it: see `etag`. */
export const ok = <S extends z.ZodType>(schema: S, description = 'As asked') => ({
  description,
  headers: carriesVersion(schema) ? etagHeader : {},
  content: { 'application/json': { schema } },
})
/** What was added, with the address where it is read. */
export const added = <S extends z.ZodType>(schema: S) => {
  const answer = ok(schema, 'Added')
  const location = { Location: { ...header('Where it is read'), required: true } }
  return { ...answer, headers: { ...answer.headers, ...location } }
}
/** The same answer, which also sets a cookie. */
export const withCookie = <A extends { headers?: object }>(answer: A, description: string) => ({
  ...answer,
  headers: { ...answer.headers, 'Set-Cookie': { ...header(description), required: true } },
})
export const done = (description: string) => ({ description, headers: {} })

const carriesVersion = (schema: z.ZodType): boolean => schema instanceof z.ZodObject && 'version' in schema.shape

const isSafe = (method: string) => method === 'GET' || method === 'HEAD'

/** Adds nothing to what a handler's types know: those come from the feature's `routes<…>()`. */
type Neutral = { Variables: Record<never, never> }

const admit = (access: Access, config: Config) =>
  createMiddleware<OpenEnv>(async (c, next) => {
    const { environment, place, requestId, later } = c.var
    const claim: IdempotencyClaim = { key: '', bodyHash: '', settled: true }
    const setting = { environment, requestId, later, idempotency: claim, isUnattended: config.unattended === true }

    const preview = await previewSession(setting, place, previewTokenIn(c, environment))
    if (preview !== undefined && !isSafe(c.req.method) && config.whilePreviewing !== true) throw onlyLooking(preview)

    if (access.who === 'anyone') {
      if (!access.on.includes(place.kind)) throw missing('page')
      if (!isSafe(c.req.method) && !isNotForeign(spokenBy(c), originOf(c))) throw foreign()
      await readDeclaredBody(c, config)
      return next()
    }

    const { scope, ...found } = await admitBy(c, setting, access, config, preview)
    // What admitBy answers for a kind of caller is what the Env of its handlers names: see app.ts.
    for (const [name, value] of Object.entries(found)) c.set(name as never, value as never)
    const text = await readDeclaredBody(c, config)
    const key = takesKey(access, config) ? c.req.header('idempotency-key') : undefined
    if (key === undefined) return next()
    if (!KEY.test(key)) throw invalidField('', 'An Idempotency-Key is 1 to 200 visible ASCII characters.')
    claim.key = await idempotencyKeyOf(scope.actor, `${c.req.method} ${c.req.path}`, key)
    claim.bodyHash = await hashOf(text)
    claim.settled = false
    await next()
    // Whatever failed, or found nothing left to do, may have because this very request has been carried out before: then
    // it is answered as then.
    if (c.error !== undefined || !claim.settled) {
      // A customer's scope reads these rows, too: those of its own people name it (`claimed` in scope.ts).
      const replayed = await replay(scope as MspScope, claim)
      if (replayed !== undefined) {
        // Hono hands on the headers of the answer that this one takes the place of.
        c.res.headers.delete('retry-after')
        c.res = replayed
      }
    }
    return undefined
    // It sets and reads only what every environment of ours has: the steps before it have put that there.
  }) as unknown as MiddlewareHandler<Neutral>

type Asking = Context<OpenEnv>
type AccessBy<Who> = Extract<Access, { who: Who }>

const admitBy = (
  c: Asking,
  setting: Setting,
  access: Exclude<Access, { who: 'anyone' }>,
  config: Config,
  preview: Preview | undefined,
) => {
  switch (access.who) {
    case 'staff':
      return admitStaff(c, setting, access, scopeOf(access, config), asidesOf(c, config))
    case 'contact':
      return admitContact(c, setting, access, scopeOf(access, config), preview)
    case 'oneself':
      // What is somebody's own, their sessions and how they sign in, nobody looks at in their place.
      if (preview !== undefined) throw onlyLooking(preview)
      return admitOneself(c, setting)
  }
}

/** What a route reads with the session; of a customer that the address names, nothing but that customer's. */
const asidesOf =
  (c: Asking, config: Config) =>
  (msp: MspScope): Asides => {
    const parameters = c.req.param()
    const selects = config.alongside?.reads(msp, parameters) ?? []
    return isOfCustomer(config) ? { selects, customerId: parameters['customerId'] ?? '' } : { selects }
  }

const admitStaff = async (
  c: Asking,
  setting: Setting,
  { may }: AccessBy<'staff'>,
  keyScope: ApiScope | null,
  asides: (msp: MspScope) => Asides,
): Promise<{
  scope: MspScope
  msp: MspScope
  house: House
  staff: StaffPerson
  sessionId: string | undefined
  self?: Self
  [ALONGSIDE]: unknown[]
}> => {
  const { place, environment } = c.var
  if (place.kind !== 'admin') throw missing('page')
  const key = bearerIn(c)
  if (key !== undefined) {
    const session = await keySession(setting, key, undefined, asides)
    if (session === undefined) throw keyRefused()
    if (session.mustSetUpTwoStep) throw makersTwoStepFirst()
    if (keyScope === null || may === 'be signed in' || !session.staff.permissions.has(may)) throw keyNotAllowed()
    const { msp, house, staff: maker, alongside } = session
    return { scope: msp, msp, house, staff: maker, sessionId: undefined, [ALONGSIDE]: alongside }
  }
  const token = tokenIn(c, environment)
  const session = await staffSession(setting, place, token, asides)
  if (token === undefined || session === undefined) throw signInFirst()
  refuseForeign(c)
  // What every signed-in member of staff may is what one sets it up with.
  if (may !== 'be signed in' && session.mustSetUpTwoStep) throw twoStepFirst()
  if (may !== 'be signed in' && !session.staff.permissions.has(may)) throw notAllowed()
  const { msp, house, staff: person, sessionId, alongside } = session
  const self = selfOfStaff(session, token)
  return { scope: msp, msp, house, staff: person, sessionId, self, [ALONGSIDE]: alongside }
}

const admitContact = async (
  c: Asking,
  setting: Setting,
  { may }: AccessBy<'contact'>,
  keyScope: ApiScope | null,
  preview: Preview | undefined,
): Promise<{
  scope: ContactScope['ofCustomer']
  contact: ContactScope
  person: PortalPerson
  sessionId: string | undefined
}> => {
  const { place, environment } = c.var
  const customerId = c.req.param('id')
  const key = bearerIn(c)
  if (place.kind === 'admin' && key !== undefined && keyScope !== null && customerId !== undefined) {
    const session = await keyAtPortal(setting, key, customerId)
    if (session === undefined) throw keyRefused()
    if (session.mustSetUpTwoStep) throw makersTwoStepFirst()
    if (!session.staff.permissions.has('portals.preview')) throw keyNotAllowed()
    const { contact: seen, person } = session
    if (seen === undefined) throw missing('customer')
    if (!person.permissions.has(may)) throw notOffered()
    return { scope: seen.ofCustomer, contact: seen, person, sessionId: undefined }
  }
  if (place.kind !== 'portal') throw missing('page')
  const session: { contact: ContactScope; person: PortalPerson; sessionId?: string } | undefined =
    preview ?? (await contactSession(setting, place, tokenIn(c, environment)))
  if (session === undefined) throw signInFirst()
  refuseForeign(c)
  if (customerId !== undefined && customerId !== session.contact.customerId) throw missing('customer')
  if (!session.person.permissions.has(may)) throw notAllowed()
  const { contact: seen, person, sessionId } = session
  return { scope: seen.ofCustomer, contact: seen, person, sessionId }
}

const admitOneself = async (c: Asking, setting: Setting): Promise<{ scope: Self['scope']; self: Self }> => {
  const { place, environment } = c.var
  if (place.kind === 'sign-in') throw missing('page')
  const found = await selfAt(setting, place, tokenIn(c, environment))
  if (found === undefined) throw signInFirst()
  refuseForeign(c)
  if (!found.isAllowed) throw notAllowed()
  return { scope: found.self.scope, self: found.self }
}

/** A change that a cookie vouches for must come from a page of this host. */
const refuseForeign = (c: Asking): void => {
  if (!isSafe(c.req.method) && !comesFromHere(spokenBy(c), originOf(c))) throw foreign()
}

const originOf = (c: Asking): string => c.var.environment.originOf(c.var.place.host)
const spokenBy = (c: Asking) => ({ origin: c.req.header('origin'), secFetchSite: c.req.header('sec-fetch-site') })

const replay = async (scope: MspScope, claim: IdempotencyClaim): Promise<Response | undefined> => {
  const row = await scope.first(idempotencyKeys, eq(idempotencyKeys.id, claim.key))
  if (row === undefined) return undefined
  if (row.bodyHash !== claim.bodyHash)
    throw invalidField('', 'This Idempotency-Key was used before, for another request.')
  if (row.status === ANSWER_WITH_SECRET.status) {
    throw new Problem(
      'conflict',
      'This was carried out before. Its answer held a secret, so it was not kept: start again with a new Idempotency-Key.',
    )
  }
  const headers = { ...row.headers, 'idempotency-replayed': 'true' }
  return row.answer === null
    ? new Response(null, { status: row.status, headers })
    : Response.json(row.answer, { status: row.status, headers })
}

const readDeclaredBody = async (c: Context, config: Config): Promise<string> => {
  const kinds = kindsOf(config)
  if (kinds.length > 0) checkKind(c, kinds)
  return takesJson(config) ? readJsonBody(c) : ''
}

const signInFirst = () =>
  new Problem('unauthenticated', 'Nobody is signed in here, or the session has ended. Sign in and try again.')
const twoStepFirst = () =>
  new Problem('forbidden', 'Set up two-step verification first: your team requires it of owners and admins.')
const makersTwoStepFirst = () =>
  new Problem(
    'forbidden',
    'This API key waits until whoever made it has set up two-step verification, which their team requires.',
  )
const onlyLooking = ({ contactName }: Preview) =>
  new Problem('forbidden', `You view this portal as ${contactName}. Nothing can be changed in their name.`)
const notAllowed = () => new Problem('forbidden', 'Your role does not allow this.')
const keyRefused = () =>
  new Problem('unauthenticated', 'This API key is not valid: it is unknown, has expired or was revoked.', {
    challenge: 'Bearer error="invalid_token"',
  })
const notOffered = () => new Problem('forbidden', 'This customer’s portal does not offer this.')
const keyNotAllowed = () => new Problem('forbidden', 'This API key does not allow this.')
const foreign = () => new Problem('forbidden', 'This change did not come from a page of this site.')

/** The version of what is answered. Nobody on the way may pack the answer, since that would make the tag a weak one. */
export const etag = (row: { version: number }) => ({
  etag: `"v${row.version}"`,
  'cache-control': 'no-store, no-transform',
})
