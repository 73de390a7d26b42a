import type { z } from '@hono/zod-openapi'
import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { jobs } from '../../../db/shard/schema.ts'
import { unavailable } from '../../test/microsoft.ts'
import { ADMIN, bodyOf, call, newCompany, newContact, newStaff } from '../../test/stage.ts'
import type { Session } from '../../test/stage.ts'
import { connectedTenant, deliver, loseConsent, runUntilOver, stageMicrosoft, sync } from '../../test/tenants.ts'
import type { Refresh } from './refresh.schema.ts'

type Shown = z.infer<typeof Refresh>
const MINUTE = 60_000
const { microsoft, clock } = stageMicrosoft({ troubled: true })

const newCast = async () => {
  const { msp, portal, admin } = await newCompany()
  const tenant = await connectedTenant(microsoft.tenant({ name: 'North' }), { customer: portal })
  await sync(tenant)
  clock.forward(MINUTE)
  const technician = await newStaff(msp, 'technician')
  const inPortal = (method: 'GET' | 'POST', more: { as: Session } = { as: admin }) =>
    call(portal.host, method, `/api/portal/customers/${portal.customerId}/refresh`, more)
  const ofStaff = (method: 'GET' | 'POST', as: Session = technician) =>
    call(ADMIN, method, `/api/msp-portal/customers/${portal.customerId}/refresh`, { as })
  const waiting = () => msp.scope.list(jobs, { where: and(eq(jobs.kind, 'tenant.sync'), eq(jobs.state, 'waiting')) })
  return { msp, portal, tenant, admin, technician, inPortal, ofStaff, waiting }
}

describe('Figures that are asked for anew', () => {
  it('are read by the tenant’s own job, and it is told how that goes and when they may be asked for again', async () => {
    const { tenant, inPortal, waiting } = await newCast()
    expect(await bodyOf<Shown>(await inPortal('GET'))).toMatchObject({ state: 'idle', askedAt: null, againAt: null })
    const answer = await inPortal('POST')
    expect(answer.status).toBe(202)
    const asked = await bodyOf<Shown>(answer)
    expect(asked.state).toBe('reading')
    expect(Math.round((Date.parse(asked.againAt ?? '') - Date.parse(asked.askedAt ?? '')) / MINUTE)).toBe(15)
    expect(await waiting()).toHaveLength(1)
    await deliver(tenant)
    expect(await bodyOf<Shown>(await inPortal('GET'))).toMatchObject({ state: 'done', failed: [] })
  })

  it('are not asked for again within a quarter of an hour, by whoever asked, and it is said when', async () => {
    const { tenant, inPortal, ofStaff } = await newCast()
    expect((await ofStaff('POST')).status).toBe(202)
    await deliver(tenant)
    clock.forward(5 * MINUTE)
    const refused = await inPortal('POST')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(9 * 60)
    expect((await bodyOf<{ detail: string }>(refused)).detail).toContain('in 10 minutes')
    expect((await ofStaff('POST')).status, 'staff wait a minute').toBe(202)
    expect((await ofStaff('POST')).status).toBe(429)
    clock.forward(15 * MINUTE)
    expect((await inPortal('POST')).status).toBe(202)
  })

  it('are asked for once by twenty at once', async () => {
    const { inPortal, waiting } = await newCast()
    const answers = await Promise.all(Array.from({ length: 20 }, () => inPortal('POST')))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    expect(statuses.filter((status) => status === 429)).toHaveLength(19)
    expect(await waiting()).toHaveLength(1)
  })

  it('are said to have failed where Microsoft could not be read, by the name of the tenant and no word of what went wrong', async () => {
    const { tenant, portal, inPortal } = await newCast()
    await inPortal('POST')
    microsoft.interrupt('/users/delta', unavailable, 100)
    expect(await runUntilOver(tenant, clock)).toMatchObject({ state: 'parked' })
    const as = await newContact(portal, ['portal_admin'])
    expect(await bodyOf<Shown>(await inPortal('GET', { as }))).toMatchObject({ state: 'failed', failed: ['North'] })
  })

  it('are nothing that a tenant tells which lost its consent', async () => {
    const { tenant, inPortal, ofStaff } = await newCast()
    tenant.microsoftTenant.consented = false
    await loseConsent(tenant, clock)
    expect((await inPortal('POST')).status).toBe(409)
    expect((await ofStaff('POST')).status).toBe(409)
  })

  it('are for portal admins and staff who may change something, and of customers who are served', async () => {
    const { msp, portal, inPortal, ofStaff } = await newCast()
    const user = await newContact(portal, ['portal_user'])
    expect((await inPortal('POST', { as: user })).status).toBe(403)
    expect((await inPortal('GET', { as: user })).status).toBe(403)
    const viewer = await newStaff(msp, 'viewer')
    expect((await ofStaff('POST', viewer)).status).toBe(403)
    expect((await ofStaff('GET', viewer)).status).toBe(200)
    const owner = await newStaff(msp, 'owner')
    const archival = `/api/msp-portal/customers/${portal.customerId}/archival`
    expect((await call(ADMIN, 'PUT', archival, { as: owner })).status).toBeLessThan(300)
    expect((await ofStaff('POST')).status).toBe(409)
    expect((await inPortal('POST')).status, 'nobody is let in').toBe(401)
  })
})
