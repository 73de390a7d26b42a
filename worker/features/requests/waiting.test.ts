import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import {
  contacts,
  jobs,
  msps,
  requestEvents,
  requestSeats,
  requestSteps,
  seatCounts,
  serviceRequests,
  staff,
} from '../../../db/shard/schema.ts'
import { moveClock } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { eventTypes, requestScene } from '../../test/requests.ts'
import { ADMIN, call, environment, newStaff } from '../../test/stage.ts'
import { requestMails } from './tell.job.ts'
import { attendTo } from './waiting.ts'

const queue = holdQueue()
afterEach(() => {
  moveClock(undefined)
  queue.take()
})

const DAY_MS = 86_400_000

type Payload = Parameters<typeof requestMails>[2]

/** Tom's request, with the mails of the job that was queued last for it. */
const waitingScene = async (choices: Parameters<Awaited<ReturnType<typeof requestScene>>['defaults']>[0] = {}) => {
  const scene = await requestScene()
  await scene.defaults(choices)
  const { id } = await scene.asked(scene.tom)
  const startedAt = Date.now()
  /** So many days later, as the sweep would look at it. */
  const after = async (days: number) => {
    moveClock(() => startedAt + days * DAY_MS + 60_000)
    await attendTo(scene.scope, id)
    // Who looks at it is signed in now, and would not be by then.
    moveClock(undefined)
  }
  const leaves = ({ id: contactId }: { id: string }, set: Partial<typeof contacts.$inferInsert>) =>
    scene.scope.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: contactId, name: '' } },
      scene.scope.changeAll(contacts, eq(contacts.id, contactId), set),
    )
  const dueAt = async () =>
    (await scene.scope.list(serviceRequests, { where: eq(serviceRequests.id, id) }))[0]?.attendAt ?? 0
  const house = (helpEmail: string | null) =>
    scene.msp.scope.commit(
      { action: 'stage.house', subject: { kind: 'organisation', id: scene.msp.mspId, name: '' } },
      scene.msp.scope.changeAll(msps, undefined, { helpEmail }),
    )
  const jobsOfIt = () => scene.msp.scope.list(jobs, { where: eq(jobs.kind, 'request.tell'), orderBy: [jobs.id] })
  const mails = async () => {
    const last = (await jobsOfIt()).at(-1)
    const payload = last?.payload as Payload
    const sent = await requestMails(environment, scene.msp.scope, payload, last?.id ?? '')
    return sent.map(({ message }) => message)
  }
  return { ...scene, id, after, leaves, dueAt, house, mails, jobsOfIt }
}

describe('A request that waits', () => {
  it('reminds whoever is to approve it after two, five and nine days, and expires', async () => {
    const { id, tom, after, read, mails, house, jobsOfIt } = await waitingScene()
    await house('help@northwind.example')
    await after(1)
    expect(eventTypes(await read(tom, id))).toEqual(['submitted'])
    await after(2)
    await after(2)
    expect(eventTypes(await read(tom, id))).toEqual(['submitted', 'reminded'])
    const [reminder] = await mails()
    expect(reminder?.subject).toMatch(/^Reminder: Fabrikam Dental: Licence change/)
    await after(5)
    await after(9)
    await after(14)
    const whole = await read(tom, id)
    expect([whole.state, whole.awaiting, eventTypes(whole).at(-1)]).toEqual(['expired', null, 'expired'])
    expect(await jobsOfIt()).toHaveLength(5)
    const [outcome, ...others] = await mails()
    expect([outcome?.to.address, others]).toEqual([tom.email, []])
    expect(outcome?.subject).toMatch(/^Expired: /)
  })

  it('waits for as many days as the policy says', async () => {
    const { id, tom, after, read } = await waitingScene({ waitDays: 3 })
    await after(3)
    expect((await read(tom, id)).state).toBe('expired')
  })

  it.each([
    ['is blocked', { access: 'disabled' as const }],
    ['is no portal admin any more', { isPortalAdmin: false }],
    ['is removed', { removedAt: 1 }],
  ])('goes to the MSP at once where the last who could approve it %s, and the trail says so', async (_, gone) => {
    const { id, tom, dana, pam, after, read, leaves, dueAt } = await waitingScene({
      customerApproves: true,
      waitDays: 1,
    })
    expect((await read(tom, id)).state).toBe('awaiting_customer')
    await leaves(dana, gone)
    expect(await dueAt()).toBeGreaterThan(Date.now())
    await leaves(pam, gone)
    expect(await dueAt()).toBeLessThan(Date.now())
    await after(0)
    const whole = await read(tom, id)
    expect([whole.state, eventTypes(whole).at(-1)]).toEqual(['awaiting_msp', 'customer_skipped'])
  })

  it('is asked of the MSP, not ended, where nobody of the company could approve it by the day it would have expired', async () => {
    const { id, tom, dana, pam, after, read, leaves } = await waitingScene({ customerApproves: true, waitDays: 2 })
    for (const admin of [dana, pam]) await leaves(admin, { access: 'disabled' })
    await after(3)
    expect((await read(tom, id)).state).toBe('awaiting_msp')
  })

  it('is asked of the MSP again, when facts change, where nobody of the company can approve it any more', async () => {
    const { id, tom, dana, pam, technician, byStaff, inPortal, read, leaves, scope, tenantId } = await waitingScene({
      customerApproves: true,
    })
    expect((await inPortal(dana, id, 'approval')).status).toBe(200)
    for (const admin of [dana, pam]) await leaves(admin, { access: 'disabled' })
    const tenant = scope.forTenant(tenantId)
    await tenant.record(tenant.removeWhere(seatCounts, undefined))
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(409)
    const whole = await read(tom, id)
    expect(whole.state).toBe('awaiting_msp')
    expect(eventTypes(whole).slice(-2)).toEqual(['asked_again', 'customer_skipped'])
  })

  it('reminds once after days on which nothing ran, and then at the next time that is still to come', async () => {
    const { id, tom, after, read } = await waitingScene()
    await after(5.5)
    await after(5.5)
    await after(6)
    expect(eventTypes(await read(tom, id))).toEqual(['submitted', 'reminded'])
    await after(9)
    expect(eventTypes(await read(tom, id))).toEqual(['submitted', 'reminded', 'reminded'])
  })
})

describe('The mail about a request', () => {
  it('goes to portal admins but who asked, where the company approves first, and leads to the page at their portal', async () => {
    const { id, dana, pam, portal, asked, mails } = await waitingScene({ customerApproves: true })
    expect((await mails()).map(({ to }) => to.address).toSorted()).toEqual([dana.email, pam.email].toSorted())
    const [mail] = await mails()
    expect(mail?.text).toContain(`https://${portal.host}/requests/${id}`)
    expect(mail?.text).toContain('Five people start in May.')
    expect(await mails()).toEqual(await mails())
    await asked(dana)
    expect((await mails()).map(({ to }) => to.address)).toEqual([pam.email])
  })

  it('goes to the MSP’s help address, and answers go to who asked', async () => {
    const { id, tom, house, mails } = await waitingScene()
    await house('help@northwind.example')
    const [mail, ...others] = await mails()
    expect(others).toEqual([])
    expect(mail).toMatchObject({ to: { address: 'help@northwind.example' }, replyTo: tom.email })
    for (const words of [tom.name, 'Five people start in May.', `/requests/${id}`]) expect(mail?.text).toContain(words)
  })

  it('goes to those who may approve where there is no help address', async () => {
    const { msp, owner, technician, viewer, house, mails } = await waitingScene({ approverRole: 'admin' })
    await house(null)
    const admin = await newStaff(msp, 'admin')
    const sent = await mails()
    expect(sent.map(({ to }) => to.address).toSorted()).toEqual([owner.email, admin.email].toSorted())
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(2)
    expect(sent.map(({ to }) => to.address)).not.toContain(technician.email)
    expect(await msp.scope.find(staff, viewer.id, 'person')).toBeDefined()
  })

  it('tells who asked how it was decided and why, and comes to nobody once it has moved on', async () => {
    const { id, tom, technician, byStaff, jobsOfIt, msp, mails, portal } = await waitingScene()
    expect((await byStaff(technician, id, 'refusal', { reason: 'Two are free.' })).status).toBe(200)
    const [mail] = await mails()
    expect(mail).toMatchObject({ to: { address: tom.email }, subject: expect.stringMatching(/^Declined: /) })
    for (const words of ['Two are free.', technician.name, `https://${portal.host}/requests/${id}`])
      expect(mail?.text).toContain(words)
    const [first] = await jobsOfIt()
    expect(
      await requestMails(environment, msp.scope, { requestId: id, what: 'asked', version: 1 }, first?.id ?? ''),
    ).toEqual([])
  })

  it('comes once where it was held up until the company had approved and the MSP was asked', async () => {
    const { id, dana, inPortal, house, jobsOfIt, msp } = await waitingScene({ customerApproves: true })
    await house('help@northwind.example')
    expect((await inPortal(dana, id, 'approval')).status).toBe(200)
    const sent = await Promise.all(
      (await jobsOfIt()).map(({ id: jobId, payload }) =>
        requestMails(environment, msp.scope, payload as Payload, jobId),
      ),
    )
    expect(sent.map((mails) => mails.length)).toEqual([0, 1])
  })

  it('tells who asked that it was approved, also where somebody works on it by the time it is sent', async () => {
    const { id, tom, technician, byStaff, staffRead, mails } = await waitingScene()
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(200)
    const [step] = (await staffRead(technician, id)).checklist
    expect((await byStaff(technician, id, `steps/${step?.id}/completion`)).status).toBe(200)
    expect(await staffRead(technician, id)).toMatchObject({ state: 'in_progress' })
    expect(await mails()).toMatchObject([{ to: { address: tom.email }, subject: expect.stringMatching(/^Approved: /) }])
  })

  it('asks nobody while the customer is archived, when nobody can decide', async () => {
    const { owner, portal, after, mails } = await waitingScene()
    const path = `/api/msp-portal/customers/${portal.customerId}/archival`
    expect((await call(ADMIN, 'PUT', path, { as: owner })).status).toBe(204)
    await after(2)
    expect(await mails()).toEqual([])
  })

  it('is none once the request went with its customer', async () => {
    const { id, scope, mails } = await waitingScene()
    await scope.commit(
      { action: 'stage.request', subject: { kind: 'request', id, name: '' } },
      ...withoutRequest(scope),
    )
    expect(await mails()).toEqual([])
  })
})

const withoutRequest = (scope: Awaited<ReturnType<typeof requestScene>>['scope']) =>
  [
    scope.removeWhere(requestSeats, undefined),
    scope.removeWhere(requestSteps, undefined),
    scope.removeWhere(requestEvents, undefined),
    scope.removeWhere(serviceRequests, undefined),
  ] as const
