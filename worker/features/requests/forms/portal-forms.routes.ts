import { z } from '@hono/zod-openapi'
import { now } from '../../../clock.ts'
import { dayOf } from '../../../days.ts'
import { routes } from '../../../http/app.ts'
import type { PortalEnv } from '../../../http/app.ts'
import { pageOf } from '../../../http/paging.ts'
import { contact, json, ok, route } from '../../../http/route.ts'
import { groupCursor, listGroupsToChoose } from './groups-to-choose.ts'
import {
  RequestCheck,
  RequestDraft,
  RequestForms,
  RequestGroups,
  RequestGroupsQuery,
  RequestHoldings,
  RequestOptions,
  RequestOptionsQuery,
  RequestPeople,
  RequestPeopleQuery,
  presentForm,
} from './portal-forms.schema.ts'
import { checkRequest, findHoldings, listForms, listOptions, listPeopleToName } from './portal-forms.ts'

const tags = ['Requests']
const ofPortal = z.object({ id: z.string() })
const portal = '/api/portal/customers/{id}' as const

const forms = route(contact('portal.requests'), {
  method: 'get',
  path: `${portal}/request-forms`,
  operationId: 'listRequestForms',
  tags,
  summary: 'What can be asked for by a form: its fields, and who checks it first',
  request: { params: ofPortal },
  responses: { 200: ok(RequestForms) },
})

const people = route(contact('portal.requests'), {
  method: 'get',
  path: `${portal}/request-people`,
  operationId: 'listRequestPeople',
  tags,
  summary: 'Whom of the company a request can name, by name',
  request: { params: ofPortal, query: RequestPeopleQuery },
  responses: { 200: ok(RequestPeople) },
})

const holdings = route(contact('portal.requests'), {
  method: 'get',
  path: `${portal}/request-people/{userId}`,
  operationId: 'readRequestHoldings',
  tags,
  summary: 'What somebody of the company holds, of which a request may say what becomes of it',
  request: { params: z.object({ id: z.string(), userId: z.string() }) },
  responses: { 200: ok(RequestHoldings) },
})

const groups = route(contact('portal.requests'), {
  method: 'get',
  path: `${portal}/request-groups`,
  operationId: 'listRequestGroups',
  tags,
  summary: 'Which groups of the company a request can name, by name',
  request: { params: ofPortal, query: RequestGroupsQuery },
  responses: { 200: ok(RequestGroups) },
})

const options = route(contact('portal.requests'), {
  method: 'get',
  path: `${portal}/request-options`,
  operationId: 'readRequestOptions',
  tags,
  summary: 'What can be chosen in requests: environments, licences with their free seats on a day, groups',
  request: { params: ofPortal, query: RequestOptionsQuery },
  responses: { 200: ok(RequestOptions) },
})

const check = route(contact('portal.requests'), {
  method: 'post',
  path: `${portal}/request-checks`,
  operationId: 'checkRequest',
  tags,
  summary: 'What would become of a request as it is filled in so far; nothing is kept',
  readsOnly: true,
  whilePreviewing: true,
  request: { params: ofPortal, body: json(RequestDraft) },
  responses: { 200: ok(RequestCheck) },
})

export const portalFormRoutes = routes<PortalEnv>()

portalFormRoutes.openapi(forms, async (c) => {
  const { contact: reader, person } = c.var
  const found = await listForms(reader, person)
  const today = dayOf(now(), person.timeZone)
  const items = found.map(({ type, inForce, check: by }) => presentForm(type, inForce, by, today))
  return c.json({ items }, 200)
})

portalFormRoutes.openapi(people, async (c) => {
  const query = c.req.valid('query')
  const { rows, cursorOf, truncated } = await listPeopleToName(c.var.contact, c.var.person, query)
  return c.json(
    {
      ...pageOf(
        rows,
        query.limit,
        ({ row }) => cursorOf(row),
        ({ person }) => person,
      ),
      truncated,
    },
    200,
  )
})

portalFormRoutes.openapi(holdings, async (c) =>
  c.json(await findHoldings(c.var.contact, c.var.person, c.req.valid('param').userId), 200),
)

portalFormRoutes.openapi(groups, async (c) => {
  const query = c.req.valid('query')
  const rows = await listGroupsToChoose(c.var.contact, c.var.person, query)
  return c.json(
    pageOf(rows, query.limit, groupCursor, (group) => group),
    200,
  )
})

portalFormRoutes.openapi(options, async (c) =>
  c.json(await listOptions(c.var.contact, c.var.person, c.req.valid('query')), 200),
)

portalFormRoutes.openapi(check, async (c) =>
  c.json(await checkRequest(c.var.contact, c.var.person, c.req.valid('json')), 200),
)
