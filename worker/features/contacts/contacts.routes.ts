import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { done, etag, json, ok, problem, problemForNow, route, staff } from '../../http/route.ts'
import {
  Contact,
  ContactInput,
  ContactList,
  ContactOrder,
  LicenceGrant,
  presentContact,
  presentContacts,
} from './contacts.schema.ts'
import {
  addContact,
  blockContact,
  deleteContact,
  grantLicencePermission,
  inviteContact,
  listContacts,
  orderContacts,
  replaceContact,
  revokeInvitation,
  unblockContact,
} from './contacts.ts'
import type { ShownContact } from './contacts.ts'

const tags = ['Contacts']
const ofCustomer = z.object({ customerId: z.string() })
const ofContact = z.object({ customerId: z.string(), contactId: z.string() })
const all = '/api/msp-portal/customers/{customerId}/contacts' as const
const one = `${all}/{contactId}` as const

const index = route(staff('contacts.read'), {
  method: 'get',
  path: all,
  operationId: 'listContacts',
  tags,
  summary: 'A customer’s contacts, in escalation order',
  request: { params: ofCustomer },
  responses: { 200: ok(ContactList) },
})

const add = route(staff('contacts.write'), {
  method: 'post',
  path: all,
  operationId: 'addContact',
  tags,
  summary: 'Add a contact',
  request: { params: ofCustomer, body: json(ContactInput) },
  responses: { 201: ok(Contact, 'Added'), 409: problem('The customer has as many contacts as it may') },
})

const order = route(staff('contacts.write'), {
  method: 'put',
  path: '/api/msp-portal/customers/{customerId}/escalation',
  operationId: 'orderContacts',
  tags,
  summary: 'Say in which order a customer’s contacts are called',
  ifMatch: true,
  request: { params: ofCustomer, body: json(ContactOrder) },
  responses: { 200: ok(ContactList) },
})

const replace = route(staff('contacts.write'), {
  method: 'put',
  path: one,
  operationId: 'replaceContact',
  tags,
  summary: 'Replace what is kept of a contact',
  ifMatch: true,
  request: { params: ofContact, body: json(ContactInput) },
  responses: { 200: ok(Contact) },
})

const invite = route(staff('contacts.write'), {
  method: 'post',
  path: `${one}/invitation`,
  operationId: 'inviteContact',
  tags,
  summary: 'Invite a contact to the portal, or invite them again',
  description: 'The mail leaves in a moment. Links of earlier invitations stop working.',
  request: { params: ofContact },
  responses: {
    202: ok(Contact, 'The invitation is on its way'),
    409: problem('Something is missing for it, or they have access already'),
    429: problemForNow('An invitation to them has just left'),
  },
})

const revoke = route(staff('contacts.write'), {
  method: 'delete',
  path: `${one}/invitation`,
  operationId: 'revokeInvitation',
  tags,
  summary: 'Take back an invitation that was not accepted yet',
  ifMatch: true,
  request: { params: ofContact },
  responses: { 204: done('Taken back') },
})

const remove = route(staff('contacts.write'), {
  method: 'delete',
  path: one,
  operationId: 'deleteContact',
  tags,
  summary: 'Delete a contact',
  ifMatch: true,
  description:
    'Their access ends at the next click. Of somebody who did things here the history keeps the name under which they did them; everything else of theirs goes. Cannot be undone.',
  request: { params: ofContact },
  responses: { 204: done('Deleted'), 409: problem('They are the portal admin') },
})

const grant = route(staff('contacts.write'), {
  method: 'put',
  path: `${one}/licence-permission`,
  operationId: 'grantLicencePermission',
  tags,
  summary: 'Say what a contact may do with licences',
  description: 'Counts in a session that began at Microsoft.',
  ifMatch: true,
  request: { params: ofContact, body: json(LicenceGrant) },
  responses: { 200: ok(Contact) },
})

const block = route(staff('contacts.write'), {
  method: 'put',
  path: `${one}/block`,
  operationId: 'blockContact',
  tags,
  summary: 'Keep a contact out of the portal, at their next click',
  ifMatch: true,
  request: { params: ofContact },
  responses: { 204: done('Blocked') },
})

const unblock = route(staff('contacts.write'), {
  method: 'delete',
  path: `${one}/block`,
  operationId: 'unblockContact',
  tags,
  summary: 'Let a blocked contact in again',
  ifMatch: true,
  request: { params: ofContact },
  responses: { 204: done('Let in') },
})

const answerOf =
  <S extends 201 | 202>(status: S) =>
  (row: ShownContact) => ({ status, body: presentContact(row), headers: etag(row) })

export const contactRoutes = routes<StaffEnv>()

contactRoutes.openapi(index, async (c) => {
  const list = await listContacts(c.var.msp, c.req.valid('param').customerId)
  return c.json(presentContacts(list), 200, etag(list))
})

contactRoutes.openapi(order, async (c) => {
  const { contactIds } = c.req.valid('json')
  const list = await orderContacts(c.var.msp, c.req.valid('param').customerId, contactIds, expected(c))
  return c.json(presentContacts(list), 200, etag(list))
})

contactRoutes.openapi(add, async (c) => {
  const answer = answerOf(201)
  const row = await addContact(c.var.msp, c.req.valid('param').customerId, c.req.valid('json'), answer)
  const { status, body, headers } = answer(row)
  return c.json(body, status, headers)
})

contactRoutes.openapi(replace, async (c) => {
  const { customerId, contactId } = c.req.valid('param')
  const row = await replaceContact(c.var.msp, customerId, contactId, c.req.valid('json'), expected(c))
  return c.json(presentContact(row), 200, etag(row))
})

contactRoutes.openapi(invite, async (c) => {
  const { customerId, contactId } = c.req.valid('param')
  const answer = answerOf(202)
  const row = await inviteContact(c.var.environment, c.var.msp.forCustomer(customerId), contactId, answer)
  const { status, body, headers } = answer(row)
  return c.json(body, status, headers)
})

contactRoutes.openapi(revoke, async (c) => {
  const { customerId, contactId } = c.req.valid('param')
  await revokeInvitation(c.var.msp.forCustomer(customerId), contactId, expected(c))
  return c.body(null, 204)
})

contactRoutes.openapi(remove, async (c) => {
  const { customerId, contactId } = c.req.valid('param')
  await deleteContact(c.var.msp.forCustomer(customerId), contactId, expected(c))
  return c.body(null, 204)
})

contactRoutes.openapi(grant, async (c) => {
  const { customerId, contactId } = c.req.valid('param')
  const { permission } = c.req.valid('json')
  const row = await grantLicencePermission(c.var.msp.forCustomer(customerId), contactId, permission, expected(c))
  return c.json(presentContact(row), 200, etag(row))
})

contactRoutes.openapi(block, async (c) => {
  const { customerId, contactId } = c.req.valid('param')
  await blockContact(c.var.msp.forCustomer(customerId), contactId, expected(c))
  return c.body(null, 204)
})

contactRoutes.openapi(unblock, async (c) => {
  const { customerId, contactId } = c.req.valid('param')
  await unblockContact(c.var.msp.forCustomer(customerId), contactId, expected(c))
  return c.body(null, 204)
})
