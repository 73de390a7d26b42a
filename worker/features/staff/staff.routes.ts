import { z } from '@hono/zod-openapi'
import { alongside } from '../../http/alongside.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { done, etag, json, ok, problem, problemForNow, route, staff } from '../../http/route.ts'
import { StaffInput, StaffList, StaffMember, StaffRoleInput, presentStaff } from './staff.schema.ts'
import {
  blockStaff,
  changeStaffRole,
  inviteStaff,
  inviteStaffAgain,
  invitedBefore,
  listStaff,
  unblockStaff,
  withdrawStaffInvitation,
} from './staff.ts'
import type { StaffRow } from './staff.ts'

const tags = ['Staff']
const params = z.object({ staffId: z.string() })
const all = '/api/msp-portal/staff' as const
const one = `${all}/{staffId}` as const
const inTheWay = problem('Something is in the way, such as that nobody else is an owner')

const index = route(staff('staff.read'), {
  method: 'get',
  path: all,
  operationId: 'listStaff',
  tags,
  summary: 'The MSP’s staff, by name',
  responses: { 200: ok(StaffList) },
})

const invite = route(staff('staff.manage'), {
  method: 'post',
  path: all,
  operationId: 'inviteStaff',
  tags,
  summary: 'Invite somebody to the staff',
  description: 'A mail with a link leaves in a moment. Only owners name owners.',
  request: { body: json(StaffInput) },
  responses: {
    201: ok(StaffMember, 'The invitation is on its way'),
    409: problem('There are as many as there may be'),
    429: problemForNow('As many were invited today as may be in a day'),
  },
})

const alongsideInvitation = alongside((msp, { staffId = '' }) => invitedBefore(msp, staffId))

const inviteAgain = route(staff('staff.manage'), {
  method: 'post',
  path: `${one}/invitation`,
  operationId: 'inviteStaffAgain',
  tags,
  summary: 'Invite somebody again who has not joined yet',
  description: 'Links of earlier mails stop working.',
  alongside: alongsideInvitation,
  request: { params },
  responses: {
    202: ok(StaffMember, 'The invitation is on its way'),
    409: problem('They have joined already, or are of another team by now'),
    429: problemForNow('An invitation to them has just left, or as many did today as may in a day'),
  },
})

const withdraw = route(staff('staff.manage'), {
  method: 'delete',
  path: `${one}/invitation`,
  operationId: 'withdrawStaffInvitation',
  tags,
  summary: 'Take the invitation of somebody back who has not joined yet',
  ifMatch: true,
  request: { params },
  responses: { 204: done('Taken back'), 409: problem('They have joined already') },
})

const changeRole = route(staff('staff.manage'), {
  method: 'put',
  path: `${one}/role`,
  operationId: 'changeStaffRole',
  tags,
  summary: 'Give somebody of the staff another role',
  description: 'They sign in anew. Admins change whoever is below owner; an owner who can sign in is always left.',
  ifMatch: true,
  request: { params, body: json(StaffRoleInput) },
  responses: { 200: ok(StaffMember), 409: inTheWay },
})

const block = route(staff('staff.manage'), {
  method: 'put',
  path: `${one}/block`,
  operationId: 'blockStaff',
  tags,
  summary: 'Keep somebody of the staff out, at their next click',
  description: 'Nobody blocks themselves, and an owner who can sign in is always left.',
  ifMatch: true,
  request: { params },
  responses: { 204: done('Blocked'), 409: inTheWay },
})

const unblock = route(staff('staff.manage'), {
  method: 'delete',
  path: `${one}/block`,
  operationId: 'unblockStaff',
  tags,
  summary: 'Let somebody of the staff in again',
  ifMatch: true,
  request: { params },
  responses: { 204: done('Let in') },
})

const answerOf =
  <S extends 201 | 202>(status: S) =>
  (row: StaffRow) => ({ status, body: presentStaff(row), headers: etag(row) })

export const staffRoutes = routes<StaffEnv>()

staffRoutes.openapi(index, async (c) =>
  c.json({ items: (await listStaff(c.var.msp)).map(presentStaff), nextCursor: null }, 200),
)

staffRoutes.openapi(invite, async (c) => {
  const answer = answerOf(201)
  const row = await inviteStaff(c.var.environment, c.var.msp, c.var.staff, c.req.valid('json'), answer)
  const { status, body, headers } = answer(row)
  return c.json(body, status, headers)
})

staffRoutes.openapi(inviteAgain, async (c) => {
  const answer = answerOf(202)
  const { staffId } = c.req.valid('param')
  const row = await inviteStaffAgain(
    c.var.environment,
    c.var.msp,
    c.var.staff,
    staffId,
    alongsideInvitation.in(c),
    answer,
  )
  const { status, body, headers } = answer(row)
  return c.json(body, status, headers)
})

staffRoutes.openapi(withdraw, async (c) => {
  await withdrawStaffInvitation(c.var.msp, c.var.staff, c.req.valid('param').staffId, expected(c))
  return c.body(null, 204)
})

staffRoutes.openapi(changeRole, async (c) => {
  const { role } = c.req.valid('json')
  const row = await changeStaffRole(c.var.msp, c.var.staff, c.req.valid('param').staffId, role, expected(c))
  return c.json(presentStaff(row), 200, etag(row))
})

staffRoutes.openapi(block, async (c) => {
  await blockStaff(c.var.msp, c.var.staff, c.req.valid('param').staffId, expected(c))
  return c.body(null, 204)
})

staffRoutes.openapi(unblock, async (c) => {
  await unblockStaff(c.var.msp, c.var.staff, c.req.valid('param').staffId, expected(c))
  return c.body(null, 204)
})
