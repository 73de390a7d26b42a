import type { z } from '@hono/zod-openapi'
import { eq, isNull } from 'drizzle-orm'
import { expect } from 'vitest'
import { requestSeats, selfServiceDefaults, selfServiceOverrides } from '../../db/shard/schema.ts'
import type { PolicyRow } from '../tenancy/policy.ts'
import type {
  RequestList,
  RequestSummary,
  ServiceRequest,
  StaffRequestList,
  StaffServiceRequest,
} from '../features/requests/requests.schema.ts'
import {
  ADMIN,
  bodyOf,
  call,
  newContact,
  newCustomer,
  newLicence,
  newMsp,
  newPortal,
  newStaff,
  newTenant,
} from './stage.ts'
import type { Session, StagedContact } from './stage.ts'

export type Asked = z.infer<typeof RequestSummary>
export type Whole = z.infer<typeof ServiceRequest>
export type StaffWhole = z.infer<typeof StaffServiceRequest>
export type List = z.infer<typeof RequestList>
export type StaffList = z.infer<typeof StaffRequestList>
export type Told = { code: string; detail: string; errors?: { pointer: string; detail: string }[] }

type Choices = Partial<PolicyRow>

const nothingChosen = {
  choices: { reads: {}, modes: {}, askers: {} },
  customerApproves: null,
  approverRole: null,
  approverIds: null,
  waitDays: null,
}

/**
 * Fabrikam with a licence in one tenant, 12 seats of it; Dana and Pam are portal admins, Tom a portal user. Northwind's owner,
 * technician and viewer.
 */
export const requestScene = async () => {
  const msp = await newMsp()
  const [owner, technician, viewer] = [
    await newStaff(msp, 'owner'),
    await newStaff(msp, 'technician'),
    await newStaff(msp, 'viewer'),
  ]
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const dana = await newContact(portal, ['portal_admin'])
  const pam = await newContact(portal, ['portal_admin'])
  const tom = await newContact(portal, ['portal_user'])
  const tenantId = (await newTenant(portal, { name: 'Fabrikam' })).id
  const skuId = await newLicence(portal, { tenantId, boughtCount: 12 })
  const scope = msp.scope.forCustomer(portal.customerId)

  const path = `/api/portal/customers/${portal.customerId}/requests`
  const asking = { type: 'licence_change', skuId, moreSeats: 5, reason: 'Five people start in May.' }
  const ask = (as: StagedContact, more: object = {}, headers: Record<string, string> = {}) =>
    call(portal.host, 'POST', path, { as, body: { ...asking, ...more }, headers })
  /** Asked for, and taken. */
  const asked = async (as: StagedContact, more: object = {}): Promise<Asked> => {
    const answer = await ask(as, more)
    expect(answer.status, await answer.clone().text()).toBe(202)
    return bodyOf<Asked>(answer)
  }
  const list = async (as: StagedContact, query = '') =>
    bodyOf<List>(await call(portal.host, 'GET', `${path}${query}`, { as }))
  const read = async (as: StagedContact, id: string) =>
    bodyOf<Whole>(await call(portal.host, 'GET', `${path}/${id}`, { as }))
  const inPortal = (as: StagedContact, id: string, deed: string, body: object = {}, headers = {}) =>
    call(portal.host, 'PUT', `${path}/${id}/${deed}`, { as, body, headers })

  const desk = '/api/msp-portal/requests'
  const byStaff = (
    as: Session | { cookie: string },
    id: string,
    deed: string,
    body?: object,
    method = 'PUT',
    headers: Record<string, string> = {},
  ) => call(ADMIN, method, `${desk}/${id}/${deed}`, { as, headers, ...(body === undefined ? {} : { body }) })
  const staffRead = async (as: { cookie: string }, id: string) =>
    bodyOf<StaffWhole>(await call(ADMIN, 'GET', `${desk}/${id}`, { as }))
  const queue = async (as: { cookie: string }, query = '') =>
    bodyOf<StaffList>(await call(ADMIN, 'GET', `${desk}${query}`, { as }))

  /** What the MSP says by default of self-service. */
  const defaults = (choices: Choices) =>
    msp.scope.commit(
      { action: 'stage.policy', subject: { kind: 'settings', id: msp.mspId, name: '' } },
      msp.scope.removeWhere(selfServiceDefaults, eq(selfServiceDefaults.id, msp.mspId)),
      msp.scope.add(selfServiceDefaults, { id: msp.mspId, ...nothingChosen, ...choices }),
    )
  /** What Fabrikam has otherwise. */
  const own = (choices: Choices) =>
    scope.commit(
      { action: 'stage.policy', subject: { kind: 'settings', id: portal.customerId, name: '' } },
      scope.removeWhere(selfServiceOverrides, eq(selfServiceOverrides.id, portal.customerId)),
      scope.add(selfServiceOverrides, { id: portal.customerId, ...nothingChosen, ...choices }),
    )
  const mode = (licence_change: 'off' | 'direct' | 'approval') =>
    defaults({ choices: { reads: {}, modes: { licence_change }, askers: {} } })
  /** How many plans of seats count. */
  const plannedCount = async () => (await scope.list(requestSeats, { where: isNull(requestSeats.releasedAt) })).length
  return {
    msp,
    owner,
    technician,
    viewer,
    portal,
    dana,
    pam,
    tom,
    tenantId,
    skuId,
    scope,
    path,
    desk,
    asking,
    ask,
    asked,
    list,
    read,
    inPortal,
    byStaff,
    staffRead,
    queue,
    defaults,
    own,
    mode,
    plannedCount,
  }
}

export const toldIn = (answer: Response): Promise<Told> => bodyOf<Told>(answer)

/** What is told of a request, in order. */
export const eventTypes = ({ events }: Pick<Whole, 'events'>): string[] => events.map(({ type }) => type)
