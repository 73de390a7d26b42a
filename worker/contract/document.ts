import { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiDocument } from '../http/docs.ts'
import { withExamples } from '../http/examples.ts'
import { withParameters } from '../http/parameters.ts'
import { SESSION_COOKIE } from '../http/session.ts'
import { surface as customers } from '../surfaces/customers.ts'
import { surface as desk } from '../surfaces/desk.ts'
import { surface as many } from '../surfaces/many.ts'
import { surface as office } from '../surfaces/office.ts'
import { surface as portal } from '../surfaces/portal.ts'
import { surface as portalRequests } from '../surfaces/portal-requests.ts'
import { surface as portalTickets } from '../surfaces/portal-tickets.ts'
import { surface as requests } from '../surfaces/requests.ts'
import { surface as signIn } from '../surfaces/sign-in.ts'

/** Every part of the API. */
export const apiSurfaces = [signIn, customers, desk, many, office, requests, portal, portalTickets, portalRequests]

let made: ApiDocument | undefined

/** The contract of the whole API, as emitted to worker/contract/openapi.json. Made once. */
export const apiDocument = (): ApiDocument => (made ??= makeApiDocument())

const makeApiDocument = (): ApiDocument => {
  const api = new OpenAPIHono()
  for (const surface of apiSurfaces) api.route('/', surface)
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
