import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { PortalEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { contact, done, etag, json, ok, problem, problemForNow, route } from '../../http/route.ts'
import type { ShownContact } from '../contacts/index.ts'
import { Colleague, ColleagueInput, ColleagueList, ColleagueRoles, presentColleague } from './people.schema.ts'
import { blockPerson, changeRoles, invitePerson, invitePersonAgain, listPeople, unblockPerson } from './people.ts'

const tags = ['People']
const ofCustomer = z.object({ id: z.string() })
const ofPerson = z.object({ id: z.string(), contactId: z.string() })
const all = '/api/portal/customers/{id}/people' as const
const one = `${all}/{contactId}` as const

const index = route(contact('portal.people'), {
  method: 'get',
  path: all,
  operationId: 'listColleagues',
  tags,
  summary: 'Who of the company has, or was offered, access to its portal',
  request: { params: ofCustomer },
  responses: { 200: ok(ColleagueList) },
})

const invite = route(contact('portal.people'), {
  method: 'post',
  path: all,
  operationId: 'inviteColleague',
  tags,
  summary: 'Invite somebody of the company',
  request: { params: ofCustomer, body: json(ColleagueInput) },
  responses: {
    202: ok(Colleague, 'The invitation is on its way'),
    409: problem('There are as many people as may be'),
    429: problemForNow('An invitation to them has just left'),
  },
})

const again = route(contact('portal.people'), {
  method: 'post',
  path: `${one}/invitation`,
  operationId: 'inviteColleagueAgain',
  tags,
  summary: 'Send somebody their invitation again',
  description: 'Links of earlier invitations stop working.',
  request: { params: ofPerson },
  responses: {
    202: ok(Colleague, 'The invitation is on its way'),
    409: problem('They have access, or are disabled'),
    429: problemForNow('An invitation to them has just left'),
  },
})

const roles = route(contact('portal.people'), {
  method: 'put',
  path: `${one}/roles`,
  operationId: 'changeColleagueRoles',
  tags,
  summary: 'Say what somebody sees in the portal',
  ifMatch: true,
  request: { params: ofPerson, body: json(ColleagueRoles) },
  responses: { 200: ok(Colleague), 409: problem('They are the main portal admin, or the last one who can sign in') },
})

const block = route(contact('portal.people'), {
  method: 'put',
  path: `${one}/block`,
  operationId: 'blockColleague',
  tags,
  summary: 'Keep somebody out, at their next click',
  ifMatch: true,
  request: { params: ofPerson },
  responses: { 204: done('Kept out'), 409: problem('They are the main portal admin, or the last one who can sign in') },
})

const unblock = route(contact('portal.people'), {
  method: 'delete',
  path: `${one}/block`,
  operationId: 'unblockColleague',
  tags,
  summary: 'Let somebody in again whom the company kept out',
  ifMatch: true,
  request: { params: ofPerson },
  responses: { 204: done('Let in'), 409: problem('The MSP keeps them out') },
})

const answerFor = (viewerId: string) => (row: ShownContact) => ({
  status: 202 as const,
  body: presentColleague(row, viewerId),
  headers: etag(row),
})

export const peopleRoutes = routes<PortalEnv>()

peopleRoutes.openapi(index, async (c) => {
  const rows = await listPeople(c.var.contact)
  return c.json({ items: rows.map((row) => presentColleague(row, c.var.person.contactId)), nextCursor: null }, 200)
})

peopleRoutes.openapi(invite, async (c) => {
  const answer = answerFor(c.var.person.contactId)
  const { status, body, headers } = answer(
    await invitePerson(c.var.environment, c.var.contact, c.req.valid('json'), answer),
  )
  return c.json(body, status, headers)
})

peopleRoutes.openapi(again, async (c) => {
  const answer = answerFor(c.var.person.contactId)
  const { contactId } = c.req.valid('param')
  const { status, body, headers } = answer(await invitePersonAgain(c.var.environment, c.var.contact, contactId, answer))
  return c.json(body, status, headers)
})

peopleRoutes.openapi(roles, async (c) => {
  const row = await changeRoles(c.var.contact, c.req.valid('param').contactId, c.req.valid('json').roles, expected(c))
  return c.json(presentColleague(row, c.var.person.contactId), 200, etag(row))
})

peopleRoutes.openapi(block, async (c) => {
  await blockPerson(c.var.contact, c.req.valid('param').contactId, expected(c))
  return c.body(null, 204)
})

peopleRoutes.openapi(unblock, async (c) => {
  await unblockPerson(c.var.contact, c.req.valid('param').contactId, expected(c))
  return c.body(null, 204)
})
