import { createRoute, z } from '@hono/zod-openapi'
import type { RouteConfig } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { eq } from 'drizzle-orm'
import { idempotencyKeys } from '../../db/shard/schema.ts'
import type { ContactPermission, StaffPermission } from '../tenancy/permissions.ts'
import { hashOf } from '../tenancy/ids.ts'
import { ANSWER_WITH_SECRET, idempotencyKeyOf } from '../tenancy/scope.ts'
import type { Actor, ContactScope, IdempotencyClaim, MspScope } from '../tenancy/scope.ts'
import type { OpenEnv } from './app.ts'
import { readJsonBody } from './body.ts'
import { comesFromHere, isNotForeign } from './csrf.ts'
import { Problem, invalidField, missing } from './problem.ts'
import { contactSession, staffSession, tokenIn } from './session.ts'

/** Who may call a route. Spelled out on every route; anyone needs a reason. */
export type Access =
  | { who: 'staff'; may: StaffPermission | 'be signed in' }
  | { who: 'contact'; may: ContactPermission }
  | { who: 'anyone'; on: ('admin' | 'portal' | 'sign-in')[]; why: string }

export const staff = (may: StaffPermission | 'be signed in'): Access => ({ who: 'staff', may })
export const contact = (may: ContactPermission): Access => ({ who: 'contact', may })
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

/** A failure as a route's own responses name it, beside those that every route of its kind has. */
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemBody } },
})

const problemsOf = (access: Access, config: Omit<RouteConfig, 'middleware'>) => {
  const takesBody = config.request?.body !== undefined
  const changes = config.method !== 'get'
  return {
    400: problem('The request cannot be read'),
    404: problem('There is no such thing here, or none that the caller may know of'),
    500: problem('Something went wrong on our side; the log has it under the request id'),
    ...(access.who === 'anyone'
      ? {}
      : {
          401: problem('Nobody is signed in'),
          403: problem('Signed in, but not allowed; or the change came from another site'),
        }),
    ...(access.who === 'anyone' || !changes
      ? {}
      : {
          409: problem('It clashes with what is there'),
          412: problem('It has changed since it was read (If-Match), or while this was done'),
        }),
    ...(takesBody ? { 413: problem('Too large'), 415: problem('Not a kind of content taken here') } : {}),
    ...(takesBody || config.request?.query !== undefined
      ? { 422: problem('Some of it is not valid; see `errors`') }
      : {}),
  }
}

/** createRoute with what nobody may forget: who may call it, and how it fails. Does not compile without the access. */
export const route = <const R extends Omit<RouteConfig, 'middleware' | 'security'>>(access: Access, config: R) => {
  const made = createRoute({
    ...config,
    ...(access.who === 'anyone' ? { security: [] } : { security: [{ session: [] }] }),
    middleware: [admit(access, config)] as const,
    responses: { ...problemsOf(access, config), ...config.responses },
    'x-access': access,
  })
  return made as typeof made & { 'x-access': Access }
}

export const json = <S extends z.ZodType>(schema: S) => ({
  required: true as const,
  content: { 'application/json': { schema } },
})
export const ok = <S extends z.ZodType>(schema: S, description = 'As asked') => ({
  description,
  content: { 'application/json': { schema } },
})
export const done = (description: string) => ({ description })

const isSafe = (method: string) => method === 'GET' || method === 'HEAD'

/** Adds nothing to what a handler's types know: those come from the feature's `routes<…>()`. */
type Neutral = { Variables: Record<never, never> }

const admit = (access: Access, config: Omit<RouteConfig, 'middleware'>) =>
  createMiddleware<OpenEnv>(async (c, next) => {
    const { environment, place, requestId, later } = c.var
    const origin = environment.originOf(place.host)
    const spoken = { origin: c.req.header('origin'), secFetchSite: c.req.header('sec-fetch-site') }
    const claim: IdempotencyClaim = { key: '', bodyHash: '', settled: true }
    const setting = { environment, requestId, later, idempotency: claim }

    if (access.who === 'anyone') {
      if (!access.on.includes(place.kind)) throw missing('page')
      if (!isSafe(c.req.method) && !isNotForeign(spoken, origin)) throw foreign()
      await readDeclaredBody(c, config)
      return next()
    }

    if (place.kind !== (access.who === 'staff' ? 'admin' : 'portal')) throw missing('page')
    let scope: MspScope | ContactScope['ofCustomer']
    let actor: Actor
    if (access.who === 'staff') {
      const session = await staffSession(setting, place, tokenIn(c, environment))
      if (session === undefined) throw signInFirst()
      if (!isSafe(c.req.method) && !comesFromHere(spoken, origin)) throw foreign()
      if (access.may !== 'be signed in' && !session.staff.permissions.has(access.may)) throw notAllowed()
      c.set('msp' as never, session.msp as never)
      c.set('staff' as never, session.staff as never)
      c.set('sessionId' as never, session.sessionId as never)
      scope = session.msp
      actor = session.msp.actor
    } else {
      const session = await contactSession(setting, place, tokenIn(c, environment))
      if (session === undefined) throw signInFirst()
      if (!isSafe(c.req.method) && !comesFromHere(spoken, origin)) throw foreign()
      const customerId = c.req.param('id')
      if (customerId !== undefined && customerId !== session.contact.customerId) throw missing('customer')
      if (!session.person.permissions.has(access.may)) throw notAllowed()
      c.set('contact' as never, session.contact as never)
      c.set('person' as never, session.person as never)
      c.set('sessionId' as never, session.sessionId as never)
      scope = session.contact.ofCustomer
      actor = session.contact.actor
    }
    const text = await readDeclaredBody(c, config)
    const key = c.req.method === 'POST' ? c.req.header('idempotency-key') : undefined
    if (key === undefined) return next()
    if (!/^[\x21-\x7e]{1,200}$/.test(key))
      throw invalidField('', 'An Idempotency-Key is 1 to 200 visible ASCII characters.')
    claim.key = await idempotencyKeyOf(actor, `${c.req.method} ${c.req.path}`, key)
    claim.bodyHash = await hashOf(text)
    claim.settled = false
    await next()
    // Whatever failed, or found nothing left to do, may have because this very request has been carried out before: then
    // it is answered as then.
    if (c.error !== undefined || !claim.settled) {
      const replayed = await replay(scope as MspScope, claim)
      if (replayed !== undefined) c.res = replayed
    }
    return undefined
  }) as unknown as MiddlewareHandler<Neutral>

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
  const headers = { 'idempotency-replayed': 'true' }
  return row.answer === null
    ? new Response(null, { status: row.status, headers })
    : Response.json(row.answer, { status: row.status, headers })
}

const readDeclaredBody = async (c: Context, config: Omit<RouteConfig, 'middleware'>): Promise<string> =>
  config.request?.body?.content['application/json'] === undefined ? '' : readJsonBody(c)

const signInFirst = () =>
  new Problem('unauthenticated', 'Nobody is signed in here, or the session has ended. Sign in and try again.')
const notAllowed = () => new Problem('forbidden', 'Your role does not allow this.')
const foreign = () => new Problem('forbidden', 'This change did not come from a page of this site.')

/** The version named by If-Match, or undefined when the caller did not say. A tag that is not ours never matches. */
export const expectedVersion = (c: Context): number | undefined => {
  const header = c.req.header('if-match')
  if (header === undefined || header.trim() === '*') return undefined
  const version = /^(?:W\/)?"v(\d+)"$/.exec(header.trim())?.[1]
  return version === undefined ? -1 : Number(version)
}

export const etag = (row: { version: number }) => ({ etag: `"v${row.version}"` })
