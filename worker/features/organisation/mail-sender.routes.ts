import { alongside } from '../../http/alongside.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { expected } from '../../http/if-match.ts'
import { done, etag, json, ok, problem, problemForNow, route, staff } from '../../http/route.ts'
import { addressOf } from '../sign-in/index.ts'
import {
  MailAddress,
  MailAddressInput,
  MailAddressVerification,
  MailSender,
  MailSenderInput,
  MailServer,
  MailServerInput,
  MailTrial,
  presentMailAddress,
  presentMailSender,
  presentMailServer,
  presentTrial,
} from './mail-sender.schema.ts'
import {
  dropMailAddress,
  dropMailServer,
  mailAddressBefore,
  mailSenderOf,
  nameMailAddress,
  saveMailServer,
  tryMail,
  verifyMailAddress,
} from './mail-sender.ts'
import { saveMailSender } from './organisation.ts'

const tags = ['Settings']
const path = '/api/msp-portal/settings/mail' as const

const read = route(staff('settings.read'), {
  method: 'get',
  path,
  operationId: 'readMailSender',
  tags,
  summary: 'Whom mails come from',
  responses: { 200: ok(MailSender) },
})

const save = route(staff('settings.write'), {
  method: 'put',
  path,
  operationId: 'saveMailSender',
  tags,
  summary: 'Replace the name that mails come from, and where answers go',
  ifMatch: true,
  request: { body: json(MailSenderInput) },
  responses: { 200: ok(MailSender) },
})

const addressBefore = alongside(mailAddressBefore)

const nameAddress = route(staff('settings.write'), {
  method: 'put',
  path: `${path}/address`,
  operationId: 'nameMailAddress',
  tags,
  summary: 'Name the address that mails come from',
  description:
    'A link is mailed there, which works once and for a day. Until somebody who may change the settings follows it, mails come from the deployment’s neutral address.',
  ifMatch: true,
  alongside: addressBefore,
  request: { body: json(MailAddressInput) },
  responses: { 200: ok(MailAddress), 429: problemForNow('Links were mailed too often; wait a while') },
})

const dropAddress = route(staff('settings.write'), {
  method: 'delete',
  path: `${path}/address`,
  operationId: 'dropMailAddress',
  tags,
  summary: 'Let mails come from the neutral address again',
  ifMatch: true,
  responses: { 204: done('Dropped') },
})

const verify = route(staff('settings.write'), {
  method: 'post',
  path: `${path}/address/verification`,
  operationId: 'verifyMailAddress',
  tags,
  summary: 'Prove, with the secret that was mailed there, that the address is read',
  request: { body: json(MailAddressVerification) },
  responses: { 204: done('Mails come from it now'), 410: problem('The link was used, or is older than a day') },
})

const saveServer = route(staff('settings.write'), {
  method: 'put',
  path: `${path}/server`,
  operationId: 'saveMailServer',
  tags,
  summary: 'Name the mail server that mails go through',
  description:
    'The password is kept sealed and never shown. Left out, the one that is kept stays, for the same server and user.',
  ifMatch: true,
  request: { body: json(MailServerInput) },
  responses: { 200: ok(MailServer) },
})

const dropServer = route(staff('settings.write'), {
  method: 'delete',
  path: `${path}/server`,
  operationId: 'dropMailServer',
  tags,
  summary: 'Let mails go through the deployment’s server again',
  ifMatch: true,
  responses: { 204: done('Dropped') },
})

const test = route(staff('settings.write'), {
  method: 'post',
  path: `${path}/test`,
  operationId: 'tryMail',
  tags,
  summary: 'Send a mail to yourself, the way all mails go, and read what the server said',
  readsOnly: true,
  responses: { 200: ok(MailTrial), 429: problemForNow('Test mails were sent too often; wait a while') },
})

export const mailSenderRoutes = routes<StaffEnv>()

mailSenderRoutes.openapi(read, async (c) => {
  const rows = await mailSenderOf(c.var.msp)
  return c.json(presentMailSender(rows, c.var.environment), 200, etag(rows.house))
})

mailSenderRoutes.openapi(save, async (c) => {
  const rows = await saveMailSender(c.var.msp, c.req.valid('json'), expected(c))
  return c.json(presentMailSender(rows, c.var.environment), 200, etag(rows.house))
})

mailSenderRoutes.openapi(nameAddress, async (c) => {
  const { environment, place, msp } = c.var
  const caller = { environment, host: place.host, address: addressOf(c) }
  const row = await nameMailAddress(caller, msp, addressBefore.in(c), c.req.valid('json').address, expected(c))
  return c.json(presentMailAddress(row), 200, etag(row))
})

mailSenderRoutes.openapi(dropAddress, async (c) => {
  await dropMailAddress(c.var.msp, expected(c))
  return c.body(null, 204)
})

mailSenderRoutes.openapi(verify, async (c) => {
  await verifyMailAddress(c.var.msp, c.req.valid('json').token)
  return c.body(null, 204)
})

mailSenderRoutes.openapi(saveServer, async (c) => {
  const { environment, msp } = c.var
  const row = await saveMailServer(environment, msp, c.req.valid('json'), expected(c))
  return c.json(presentMailServer(row), 200, etag(row))
})

mailSenderRoutes.openapi(dropServer, async (c) => {
  await dropMailServer(c.var.msp, expected(c))
  return c.body(null, 204)
})

mailSenderRoutes.openapi(test, async (c) => {
  const { environment, place, msp, staff: person } = c.var
  const caller = { environment, host: place.host, address: addressOf(c) }
  return c.json(presentTrial(await tryMail(caller, msp, { name: person.name, email: person.email })), 200)
})
