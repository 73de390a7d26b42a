import type { Hono } from 'hono'
import { getPath } from 'hono/utils/url'
import type { OpenEnv } from './http/app.ts'
import { keepMade } from './made.ts'
import type { Part } from './made.ts'
import { surface as pages } from './surfaces/pages.ts'
import type { SurfaceEnv } from './surfaces/surface.ts'

type Surface = Hono<SurfaceEnv>
/** In a prefix a star stands for one part of the path, such as an id. */
type PartAt = Part<Surface> & { prefixes: string[] }

const customers: PartAt = { prefixes: ['/api/msp-portal/'], load: () => import('./surfaces/customers.ts') }
const portal: PartAt = { prefixes: ['/api/portal/'], load: () => import('./surfaces/portal.ts') }

/**
 * The table of contents: which part of the product answers what begins how; the first that fits. A part is made when it
 * is first asked for, so that nobody waits for shapes and routes of what they do not use. Pages, which come first, and
 * all that they share with the rest are there from the start.
 */
const parts: PartAt[] = [
  { prefixes: ['/api/auth/'], load: () => import('./surfaces/sign-in.ts') },
  { prefixes: ['/api/portal/customers/*/ticket'], load: () => import('./surfaces/portal-tickets.ts') },
  { prefixes: ['/api/portal/customers/*/request'], load: () => import('./surfaces/portal-requests.ts') },
  portal,
  {
    prefixes: ['settings/', 'self-service', 'staff', 'notices', 'jobs'].map((noun) => `/api/msp-portal/${noun}`),
    load: () => import('./surfaces/office.ts'),
  },
  {
    prefixes: ['customer-imports', 'customer-exports', 'contacts', 'access-'].map((noun) => `/api/msp-portal/${noun}`),
    load: () => import('./surfaces/many.ts'),
  },
  {
    prefixes: ['tickets', 'ticket-', 'canned-replies', 'customers/*/ticket'].map((noun) => `/api/msp-portal/${noun}`),
    load: () => import('./surfaces/desk.ts'),
  },
  {
    prefixes: ['request', 'customers/*/request'].map((noun) => `/api/msp-portal/${noun}`),
    load: () => import('./surfaces/requests.ts'),
  },
  customers,
  { prefixes: ['/microsoft/', '/preview'], load: () => import('./surfaces/arrivals.ts') },
]

/** What a page of a kind of host asks for as soon as it is there. */
const afterPage = { admin: customers, portal, 'sign-in': undefined }

/** Answers a request with whatever part of the product it is for. */
export const answerTo = async (
  request: Request,
  variables: OpenEnv['Variables'],
  context: ExecutionContext,
): Promise<Response> => {
  const part = partAt(getPath(request))
  if (part !== undefined) return (await made.surfaceOf(part)).fetch(request, { variables }, context)
  const response = await pages.fetch(request, { variables }, context)
  const next = afterPage[variables.place.kind]
  if (next !== undefined && !made.has(next) && isPage(response)) variables.later(() => made.surfaceOf(next))
  return response
}

const made = keepMade<Surface>()

/** The part of the product that a path leads to; undefined where that is the pages. */
export const partAt = (path: string): PartAt | undefined =>
  parts.find(({ prefixes }) => prefixes.some((prefix) => beginsAs(path, prefix)))

const beginsAs = (path: string, prefix: string): boolean => {
  const [before = '', after] = prefix.split('*')
  if (!path.startsWith(before)) return false
  if (after === undefined) return true
  const rest = path.slice(before.length)
  return rest.includes('/') && rest.startsWith(after, rest.indexOf('/'))
}

const isPage = ({ status, headers }: Response): boolean =>
  status === 200 && headers.get('content-type')?.startsWith('text/html') === true
