import { OpenAPIHono } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { Refused } from '../db/connect.ts'
import { accessGrantRoutes, runGrant } from './features/access-grants/index.ts'
import { activityRoutes } from './features/activity/index.ts'
import { apiKeyRoutes } from './features/api-keys/index.ts'
import { contactRoutes, renewalRoutes } from './features/contacts/index.ts'
import { customerExportRoutes } from './features/customer-exports/index.ts'
import { customerRoutes } from './features/customers/index.ts'
import { mergeRoutes } from './features/customer-merges/index.ts'
import {
  checkImport,
  customerImportRoutes,
  forgetImport,
  runImport,
  undoImport,
} from './features/customer-imports/index.ts'
import {
  checkHostnameJob,
  checkOf,
  forgetReservedNames,
  hostnameRoutes,
  removeHostnameJob,
} from './features/custom-hostnames/index.ts'
import { dashboardRoutes } from './features/dashboard/index.ts'
import { documentObjects, documentRoutes, expiredDocuments, sharedDocumentRoutes } from './features/documents/index.ts'
import { jobRoutesWith } from './features/jobs/index.ts'
import { sendMail, sendStaffMail, sendVerification } from './features/mail/index.ts'
import { noticeRoutes } from './features/notices/index.ts'
import { mailSenderRoutes, microsoftSettingsRoutes, organisationRoutes } from './features/organisation/index.ts'
import { pageRoutes } from './features/pages/index.ts'
import { peopleRoutes } from './features/people/index.ts'
import { portalAdminRoutes } from './features/portal-admins/index.ts'
import {
  activateAddress,
  logoObjects,
  logosSetAside,
  portalRoutes,
  reconcileHosts,
  settleAddresses,
} from './features/portals/index.ts'
import { reconcileStaffEmails, settleStaffEmail, staffRoutes } from './features/staff/index.ts'
import { previewDoor, previewRoutes } from './features/previews/index.ts'
import { sessionRoutes } from './features/sessions/index.ts'
import {
  forgetOldAttempts,
  microsoftLinkRoutes,
  microsoftRoutes,
  passwordRoutes,
  provenRoutes,
  signInRoutes,
} from './features/sign-in/index.ts'
import {
  ageHealth,
  callbackRoutes,
  healthOf,
  syncOf,
  syncTenant,
  tellAppRemoved,
  tenantRoutes,
} from './features/tenants/index.ts'
import { workspaceRoutes } from './features/workspace/index.ts'
import { reconcileSignUps, signUpRoutes } from './features/sign-up/index.ts'
import { twoStepRoutes } from './features/two-step/index.ts'
import type { OpenEnv } from './http/app.ts'
import { docsPage } from './http/docs.ts'
import type { ApiDocument } from './http/docs.ts'
import { withExamples } from './http/examples.ts'
import { withParameters } from './http/parameters.ts'
import type { Known } from './http/methods.ts'
import { knownOperations, methodsAt, otherMethod } from './http/methods.ts'
import { Problem, bugResponse, missing, problemResponse } from './http/problem.ts'
import { htmlResponse, newNonce } from './http/shell.ts'
import { SESSION_COOKIE } from './http/session.ts'
import { consumerOf } from './jobs/consumer.ts'
import { walkOf } from './jobs/objects.ts'
import { sweepOf } from './jobs/schedule.ts'
import { described } from './log.ts'

const DESCRIPTION = '/api/openapi.json'
const DOCS = '/api/docs'
const HEALTH = '/healthz'

/** Every kind of job there is. */
const knownJobs = [
  sendMail,
  sendStaffMail,
  sendVerification,
  settleStaffEmail,
  activateAddress,
  settleAddresses,
  checkHostnameJob,
  removeHostnameJob,
  syncTenant,
  ageHealth,
  tellAppRemoved,
  checkImport,
  runImport,
  undoImport,
  runGrant,
]

/** The table of contents: every feature's routes, and what is said when something fails. */
export const api = new OpenAPIHono<OpenEnv>()

api.use('*', async (c, next) => {
  // What index.ts worked out about this request, put where routes find it.
  for (const [name, value] of Object.entries((c.env as { variables: OpenEnv['Variables'] }).variables))
    c.set(name as keyof OpenEnv['Variables'], value as never)
  await next()
})

api.route('/', signInRoutes)
api.route('/', passwordRoutes)
api.route('/', sessionRoutes)
api.route('/', signUpRoutes)
api.route('/', twoStepRoutes)
api.route('/', provenRoutes)
api.route('/', microsoftRoutes)
api.route('/', microsoftLinkRoutes)
api.route('/', previewRoutes)
api.route('/', previewDoor)
api.route('/', customerRoutes)
api.route('/', portalAdminRoutes)
api.route('/', mergeRoutes)
api.route('/', customerImportRoutes)
api.route('/', customerExportRoutes)
api.route('/', contactRoutes)
api.route('/', renewalRoutes)
api.route('/', accessGrantRoutes)
api.route('/', workspaceRoutes)
api.route('/', portalRoutes)
api.route('/', hostnameRoutes)
api.route('/', tenantRoutes)
api.route('/', documentRoutes)
api.route('/', activityRoutes)
api.route('/', jobRoutesWith(new Map(knownJobs.map(({ kind, title }) => [kind, title]))))
api.route('/', organisationRoutes)
api.route('/', mailSenderRoutes)
api.route('/', microsoftSettingsRoutes)
api.route('/', apiKeyRoutes)
api.route('/', staffRoutes)
api.route('/', noticeRoutes)
api.route('/', dashboardRoutes)
api.route('/', peopleRoutes)
api.route('/', sharedDocumentRoutes)
api.route('/', callbackRoutes)

api.get(DESCRIPTION, (c) => {
  if (c.var.place.kind !== 'admin') throw missing('page')
  return c.json(apiDocument())
})

api.get(DOCS, (c) => {
  if (c.var.place.kind !== 'admin') throw missing('page')
  const nonce = newNonce()
  return htmlResponse(docsPage(apiDocument(), nonce), 200, nonce)
})

api.get(HEALTH, (c) => c.json({ ok: true }))

// Whatever of the API was not answered so far: there is no such path, or it does not take this method.
api.on('ALL', [HEALTH, '/api/*'], (c) => otherMethod(c.req.method, methodsAt(known(), c.var.place.kind, c.req.path)))

api.route('/', pageRoutes)

let operations: Known[] | undefined

const known = (): Known[] =>
  (operations ??= [
    ...knownOperations(api.openAPIRegistry.definitions),
    { kinds: ['admin'], path: DESCRIPTION, method: 'GET' },
    { kinds: ['admin'], path: DOCS, method: 'GET' },
    { kinds: ['admin', 'portal', 'sign-in'], path: HEALTH, method: 'GET' },
  ])

let made: ApiDocument | undefined

/** The contract of everything above, as emitted to worker/contract/openapi.json. Made once. */
export const apiDocument = (): ApiDocument => (made ??= makeApiDocument())

const makeApiDocument = (): ApiDocument => {
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
    description:
      'Set by signing in, bound to its host. A change that carries it must come from a page of the same host: `Origin` names it, or `Sec-Fetch-Site` is `same-origin`; else it is answered with 403.',
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API key of the MSP, at the admin host: `Authorization: Bearer key_…`. Cookies beside it are ignored, and no `Origin` is asked for. Each operation names the scope that opens it; what no scope opens is for people.',
  })
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Portal API',
      version: '1',
      description:
        'Staff use /api/msp-portal on the admin host, contacts /api/portal on their portal’s host. Failures are application/problem+json (RFC 9457). Lists page with `limit` and `cursor`. JSON bodies are UTF-8, at most 256 KB, name nothing twice and hold no field that is not described. A path that does not take a method answers 405 with `Allow`; HEAD is taken wherever GET is. Every operation says in `x-access` who may call it, and in `security` the scope an API key needs for it.',
    },
  }) as unknown as ApiDocument
  return withExamples(withParameters(document))
}

api.notFound((c) => problemResponse(missing('page'), c.var.requestId))

api.onError((error, c) => {
  const { requestId } = c.var
  if (error instanceof Problem) return problemResponse(error, requestId)
  if (error instanceof HTTPException) return problemResponse(meaningOf(error), requestId)
  // The loser of two requests with one Idempotency-Key: answered by what the winner was answered.
  const isReplay = error instanceof Refused && error.columns.includes('idempotency_keys.id')
  if (!isReplay) console.error({ requestId, method: c.req.method, path: c.req.path, error: described(error) })
  return bugResponse(requestId)
})

export const sweep = sweepOf({
  syncOf,
  healthOf,
  hostnameCheckOf: checkOf,
  forgetReservedNames,
  reconcileHosts,
  reconcileStaffEmails,
  reconcileSignUps,
  forgetOldAttempts,
  expiredDocuments,
  logosSetAside,
  forgetImport,
  walkObjects: walkOf([logoObjects, documentObjects]),
})

export const consume = consumerOf(knownJobs as never)

/** What Hono itself refuses, in our words. */
const meaningOf = (error: HTTPException): Problem => {
  switch (error.status) {
    case 400:
      return new Problem('malformed', 'The body is not valid JSON.')
    case 413:
      return new Problem('too_large', 'The request body is too large.')
    case 415:
      return new Problem('unsupported_media_type', 'Send the body as application/json.')
    default:
      return new Problem('malformed', 'This request cannot be read.')
  }
}
