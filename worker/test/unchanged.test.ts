import { describe, expect, it } from 'vitest'
import { activities, msps, staff } from '../../db/shard/schema.ts'
import { now } from '../clock.ts'
import { png } from '../features/portals/pictures.stage.ts'
import { holdQueue } from './held-queue.ts'
import {
  ADMIN,
  bodyOf,
  call,
  newCannedReply,
  newContact,
  newCustomer,
  newLicence,
  newMsp,
  newNotice,
  newPortal,
  newRequest,
  newStaff,
  newTenant,
  newTicket,
} from './stage.ts'
import { everyOperation, newFormerApp, selfService } from './strangers.ts'
import type { StagedMsp, StagedPortal } from './stage.ts'

holdQueue()

type Stage = { msp: StagedMsp; portal: StagedPortal; admin: { cookie: string } }
type Saving = {
  path: string
  body?: object
  file?: Uint8Array
  /** Where and by whom, if not by the admin of the MSP at the admin host. */
  at?: { host: string; as: { cookie: string } }
  /** What somebody arranges for themselves is nobody's news. */
  isQuiet?: true
  /** How many entries tell of it, where not one. */
  entryCount?: number
}

const API = '/api/msp-portal'
const colours = { primaryColour: '#0b7a75', accentColour: '#b3261e' }
const ofCustomer = ({ portal }: Stage, rest = '') => `${API}/customers/${portal.customerId}${rest}`

const made = async ({ admin }: Stage, path: string, body: object): Promise<string> => {
  const answer = await call(ADMIN, 'POST', path, { as: admin, body })
  expect(answer.status, await answer.clone().text()).toBe(201)
  return (await bodyOf<{ id: string }>(answer)).id
}

const requestPath = async (portal: StagedPortal) =>
  `${API}/requests/${(await newRequest(await newContact(portal))).requestId}`

const approved = async (admin: { cookie: string }, path: string) => {
  const answer = await call(ADMIN, 'PUT', `${path}/approval`, { as: admin, body: {} })
  expect(answer.status, await answer.clone().text()).toBe(200)
}

/** A portal admin decides about what a colleague asked for. */
const decided = async ({ portal }: Stage, deed: string): Promise<Saving> => {
  const tom = await newContact(portal, ['portal_user'])
  const { requestId } = await newRequest(tom, { state: 'awaiting_customer', needsCustomer: true })
  return {
    path: `/api/portal/customers/${portal.customerId}/requests/${requestId}/${deed}`,
    body: { reason: 'In the budget.' },
    at: { host: portal.host, as: await newContact(portal, ['portal_admin']) },
  }
}

/** For each operation that replaces something: what is saved, twice. */
const savings: Record<string, (stage: Stage) => Saving | Promise<Saving>> = {
  replaceCustomer: (stage) => ({
    path: ofCustomer(stage),
    body: { name: 'Fabrikam Dental', email: 'Office@Fabrikam.example', notes: 'Call first.' },
  }),
  replaceContact: async (stage) => {
    const id = await made(stage, ofCustomer(stage, '/contacts'), { name: 'Dana' })
    const body = { name: 'Dana Whitfield', email: 'dana@fabrikam.example', roles: ['portal_user'] }
    return { path: ofCustomer(stage, `/contacts/${id}`), body }
  },
  orderContacts: async (stage) => {
    const ids = [
      await made(stage, ofCustomer(stage, '/contacts'), { name: 'Dana' }),
      await made(stage, ofCustomer(stage, '/contacts'), { name: 'Tom' }),
    ]
    return { path: ofCustomer(stage, '/escalation'), body: { contactIds: ids.toReversed() } }
  },
  savePortal: (stage) => ({
    path: ofCustomer(stage, '/portal'),
    body: { prefix: `n${crypto.randomUUID().slice(0, 8)}`, displayName: 'Fabrikam', ...colours },
  }),
  setPortalLogo: (stage) => ({ path: ofCustomer(stage, '/portal/logo'), file: png(200, 60) }),
  replaceDocument: async (stage) => {
    const upload = ofCustomer(stage, '/documents/uploads/unchanged?name=Contract.pdf')
    const answer = await call(ADMIN, 'PUT', upload, {
      as: stage.admin,
      raw: '%PDF-1.7',
      headers: { 'content-type': 'application/octet-stream', 'content-length': '8' },
    })
    const { id } = await bodyOf<{ id: string }>(answer)
    const body = { name: 'Contract 2026.pdf', category: 'contract', sharedWithCustomer: true }
    return { path: ofCustomer(stage, `/documents/${id}`), body }
  },
  saveOrganisation: () => ({
    path: `${API}/settings/organisation`,
    body: {
      name: 'Northwind IT',
      helpPhone: '01632 960 200',
      timeZone: 'Australia/Sydney',
      locale: 'en-AU',
      currency: 'AUD',
    },
  }),
  saveBrand: () => ({ path: `${API}/settings/brand`, body: colours }),
  setDefaultLogo: () => ({ path: `${API}/settings/brand/logo`, file: png(200, 60) }),
  saveMailSender: () => ({ path: `${API}/settings/mail`, body: { fromName: 'Help desk', replyTo: null } }),
  changeStaffRole: async (stage) => {
    const input = { name: 'Ravi Shah', email: `${crypto.randomUUID()}@staff.example`, role: 'viewer' }
    const id = await made(stage, `${API}/staff`, input)
    return { path: `${API}/staff/${id}/role`, body: { role: 'technician' } }
  },
  saveTwoStepRequirement: async ({ msp: { scope, mspId, name } }) => {
    await scope.commit(
      { action: 'stage.two_step', subject: { kind: 'organisation', id: mspId, name } },
      scope.changeAll(msps, undefined, { twoStepRequired: true }),
      scope.changeAll(staff, undefined, { twoStepSince: now() }),
    )
    return { path: `${API}/settings/two-step`, body: { twoStepRequired: false } }
  },
  saveSignInSettings: () => ({ path: `${API}/settings/sign-in`, body: { policy: 'temporary_password' } }),
  savePortalSignIn: (stage) => ({ path: ofCustomer(stage, '/portal/sign-in'), body: { policy: 'microsoft_only' } }),
  savePortalDirectory: (stage) => ({
    path: ofCustomer(stage, '/portal/directory'),
    body: { guestsShown: true, attributes: ['licences', 'mail', 'licences'] },
  }),
  saveSelfService: async ({ msp }) => {
    const approver = await newStaff(msp, 'technician')
    return { path: `${API}/self-service`, body: { ...selfService, approverIds: [approver.id] } }
  },
  saveCustomerSelfService: (stage) => ({
    path: ofCustomer(stage, '/self-service'),
    body: {
      ...selfService,
      actions: { ...selfService.actions, see_licences: null, group_change: null },
      askers: { ...selfService.askers, new_user: null },
      approverRole: null,
      waitDays: null,
    },
  }),
  saveMonthlyDefaults: () => ({
    path: `${API}/settings/monthly-report`,
    body: { sent: false, parts: ['security', 'people'], day: 15 },
  }),
  saveReportSettings: async (stage) => {
    const id = await made(stage, ofCustomer(stage, '/contacts'), { name: 'Dana', email: 'dana@customer.example' })
    const body = { sent: true, parts: ['security', 'people'], day: 15, contactIds: [id] }
    return { path: ofCustomer(stage, '/portal/reports'), body }
  },
  grantLicencePermission: async (stage) => {
    const id = await made(stage, ofCustomer(stage, '/contacts'), { name: 'Dana' })
    return { path: ofCustomer(stage, `/contacts/${id}/licence-permission`), body: { permission: 'view' } }
  },
  changeColleagueRoles: async ({ portal }) => {
    const [admin, colleague] = [await newContact(portal, ['portal_admin']), await newContact(portal, ['portal_user'])]
    return {
      path: `/api/portal/customers/${portal.customerId}/people/${colleague.id}/roles`,
      body: { roles: ['portal_user', 'portal_admin'] },
      at: { host: portal.host, as: admin },
    }
  },
  saveMailServer: () => ({
    path: `${API}/settings/mail/server`,
    body: { host: 'smtp.northwind-it.example', port: 587, security: 'starttls' },
  }),
  saveMicrosoftApp: () => ({
    path: `${API}/settings/microsoft`,
    body: {
      clientId: '5d6a3c1e-0b7f-4f0e-9c5b-2f4f5a8e1d01',
      directoryId: '5d6a3c1e-0b7f-4f0e-9c5b-2f4f5a8e1d02',
      clientSecret: 'the~value~of~a~secret',
      secretExpiresOn: '2099-05-31',
    },
  }),
  renewFormerMicrosoftSecret: async ({ msp }) => ({
    path: `${API}/settings/microsoft/former-apps/${(await newFormerApp(msp)).id}/secret`,
    body: { clientSecret: 'the~value~of~a~secret', secretExpiresOn: '2099-05-31' },
  }),
  saveLicenceTerms: (stage) => ({
    path: ofCustomer(stage, '/licence-terms'),
    body: {
      costsShown: true,
      prices: [{ skuId: 'CBDC14AB-D96C-4C30-B9F4-6ADA7CDC1D46', amountMinor: 1890, per: 'month' }],
    },
  }),
  saveSku: async ({ portal }) => {
    const skuId = await newLicence(portal)
    const body = { name: 'Office for the practice', price: { amountMinor: 22_000, per: 'year' } }
    return { path: `${API}/settings/licences/${skuId}`, body }
  },
  confirmDepartures: async (stage) => {
    const { id } = await newTenant(stage.portal, {
      departures: { askedAt: now(), missingCount: 3, knownCount: 9, names: ['Ada', 'Bo', 'Cy'], confirmedAt: null },
    })
    return {
      path: ofCustomer(stage, `/tenants/${id}/departures-confirmation`),
      body: { departures: { missingCount: 3 } },
    }
  },
  replaceTicket: async (stage) => {
    const { id } = await newTicket(await newContact(stage.portal))
    return {
      path: `${API}/tickets/${id}`,
      body: {
        subject: ' Renamed ',
        category: 'other',
        priority: 'high',
        assignee: null,
        requester: null,
        about: null,
      },
    }
  },
  mergeTicket: async ({ portal }) => {
    const tom = await newContact(portal)
    const [one, other] = [await newTicket(tom), await newTicket(tom)]
    return { path: `${API}/tickets/${one.id}/merger`, body: { into: other.id } }
  },
  saveRequestForms: () => ({
    path: `${API}/request-forms`,
    body: {
      forms: {
        group_change: { helps: { reason: 'What it is for.' }, category: 'email' },
        new_user: {
          hidden: ['phone', 'jobTitle'],
          helps: { startsOn: 'A Monday, please.', address: 'As on the card.' },
        },
      },
    },
  }),
  saveCustomerRequestForms: (stage) => ({
    path: ofCustomer(stage, '/request-forms'),
    body: { forms: { new_user: { hidden: { phone: false, department: true }, helps: { startsOn: 'Any day.' } } } },
  }),
  saveTicketSettings: () => ({
    path: `${API}/settings/tickets`,
    body: {
      categories: [{ name: 'Printing' }, { id: 'email', name: 'Mail', isRetired: true }],
      priorities: (['urgent', 'high', 'normal', 'low'] as const).map((priority) => ({
        priority,
        name: priority,
        customerName: `It is ${priority}`,
        firstAnswerHours: 2,
        resolutionHours: null,
      })),
      reopenDays: 30,
    },
  }),
  replaceCannedReply: async ({ msp }) => ({
    path: `${API}/canned-replies/${await newCannedReply(msp)}`,
    body: { title: 'Done!', text: 'All done, {requester}.' },
  }),
  changeTicketMails: () => ({ path: '/api/auth/ticket-mails', body: { mails: 'all' } }),
  noteBellReading: () => ({ path: `${API}/bell/reading`, body: { ticketId: null }, isQuiet: true }),
  notePortalBellReading: async ({ portal }) => ({
    path: `/api/portal/customers/${portal.customerId}/bell/reading`,
    body: { ticketId: null },
    at: { host: portal.host, as: await newContact(portal) },
    isQuiet: true,
  }),
  rateTicket: async ({ portal }) => {
    const tom = await newContact(portal, ['portal_user'])
    const { id } = await newTicket(tom)
    const path = `/api/portal/customers/${portal.customerId}/tickets/${id}`
    expect((await call(portal.host, 'PUT', `${path}/closure`, { as: tom })).status).toBe(200)
    return {
      path: `${path}/rating`,
      body: { rating: 'satisfied', comment: ' Quick. ' },
      at: { host: portal.host, as: tom },
    }
  },
  approveRequest: (stage) => decided(stage, 'approval'),
  declineRequest: (stage) => decided(stage, 'refusal'),
  withdrawRequest: async ({ portal }) => {
    const tom = await newContact(portal, ['portal_user'])
    const { requestId } = await newRequest(tom)
    return {
      path: `/api/portal/customers/${portal.customerId}/requests/${requestId}/withdrawal`,
      body: { reason: 'Not needed.' },
      at: { host: portal.host, as: tom },
    }
  },
  approveStaffRequest: async ({ portal }) => ({
    path: `${await requestPath(portal)}/approval`,
    body: { reason: 'Yes.' },
    // And the ticket that it becomes.
    entryCount: 2,
  }),
  declineStaffRequest: async ({ portal }) => ({
    path: `${await requestPath(portal)}/refusal`,
    body: { reason: 'No.' },
  }),
  completeRequest: async ({ portal, admin }) => {
    const path = await requestPath(portal)
    await approved(admin, path)
    // And of the ticket that it is resolved.
    return { path: `${path}/completion`, body: { leaveOpen: true }, entryCount: 2 }
  },
  saveWorkspace: () => ({ path: `${API}/workspace`, body: { widgets: ['activity'] }, isQuiet: true }),
  replaceNotice: async (stage) => {
    const { id } = await newNotice(stage.msp)
    const body = {
      title: 'Maintenance',
      text: 'Mail may be slow.',
      startsAt: new Date(now()).toISOString(),
      endsAt: new Date(now() + 3_600_000).toISOString(),
      customerIds: [stage.portal.customerId],
    }
    return { path: `${API}/notices/${id}`, body }
  },
}

/** Deeds rather than how something is: an address is mailed a link each time, an import's columns and rows are checked anew. */
const deeds = new Set([
  'signIn',
  'signInByCode',
  'changePassword',
  'beginTwoStep',
  'confirmTwoStep',
  'renewRecoveryCodes',
  'turnOffTwoStep',
  'nameMailAddress',
  'uploadDocument',
  'uploadTicketFile',
  'uploadStaffTicketFile',
  'uploadCustomerImport',
  'chooseCustomerImportColumns',
  'replaceCustomerImportRow',
])

const save = ({ admin }: Stage, { path, body, file, at = { host: ADMIN, as: admin } }: Saving) =>
  call(at.host, 'PUT', path, {
    as: at.as,
    ...(body === undefined ? {} : { body }),
    ...(file === undefined
      ? {}
      : { raw: file, headers: { 'content-type': 'image/png', 'content-length': String(file.byteLength) } }),
  })

describe('Saving what is there already', () => {
  it.each(Object.entries(savings))('changes nothing and is written down nowhere: %s', async (_, saving) => {
    const msp = await newMsp()
    const stage = {
      msp,
      portal: await newPortal(await newCustomer(msp, 'Fabrikam')),
      admin: await newStaff(msp, 'admin'),
    }
    const saved = await saving(stage)
    const count = async () => (await msp.scope.list(activities)).length
    const before = await count()
    const first = await save(stage, saved)
    expect([200, 204], await first.clone().text()).toContain(first.status)
    const between = await count()
    expect(between, 'and the first time it is written down').toBe(
      before + (saved.isQuiet ? 0 : (saved.entryCount ?? 1)),
    )
    const second = await save(stage, saved)
    expect(second.status).toBe(first.status)
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'))
    expect(await second.text()).toBe(await first.text())
    expect(await count()).toBe(between)
  })

  it('is looked at for every operation that replaces something', () => {
    const replacing = everyOperation()
      .filter(({ method, body }) => method === 'PUT' && body !== undefined)
      .map(({ id }) => id)
      .filter((id) => !deeds.has(id))
    expect(replacing.toSorted()).toEqual(Object.keys(savings).toSorted())
  })
})
