import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, requestEvents, tickets } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { dayOf } from '../../days.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { eventTypes, requestScene, toldIn } from '../../test/requests.ts'
import type { StaffWhole, Whole } from '../../test/requests.ts'
import { ADMIN, bodyOf, call } from '../../test/stage.ts'

const queue = holdQueue()
afterEach(() => void queue.take())

/** Tom's request for a seat for two people, approved: several steps, and a ticket. */
const approvedScene = async () => {
  const scene = await requestScene()
  const { id } = await scene.asked(scene.tom)
  expect((await scene.byStaff(scene.technician, id, 'approval', {})).status).toBe(200)
  const { checklist, ticket } = await scene.staffRead(scene.technician, id)
  const [step] = checklist
  if (step === undefined || ticket === null) throw new Error('There is nothing to do.')
  const allDone = async () => {
    for (const { id: stepId } of checklist)
      expect((await scene.byStaff(scene.technician, id, `steps/${stepId}/completion`)).status).toBe(200)
  }
  return { ...scene, id, step, stepCount: checklist.length, ticketId: ticket.id, allDone }
}

describe('The checklist of a request', () => {
  it('is ticked off by staff, and whoever asked sees how far it is', async () => {
    const { id, tom, technician, byStaff, read, step, stepCount, scope } = await approvedScene()
    const done = await byStaff(technician, id, `steps/${step.id}/completion`)
    expect(done.status, await done.clone().text()).toBe(200)
    expect((await byStaff(technician, id, `steps/${step.id}/completion`)).status).toBe(200)
    expect(await read(tom, id)).toMatchObject({ state: 'in_progress', steps: { done: 1, total: stepCount } })
    expect((await scope.list(tickets)).map(({ state }) => state)).toEqual(['in_progress'])
    const types = eventTypes(await read(tom, id))
    expect(types).toEqual(['submitted', 'approved', 'ticket_raised', 'started', 'step_done'])
    const back = await byStaff(technician, id, `steps/${step.id}/completion`, undefined, 'DELETE')
    expect((await bodyOf<StaffWhole>(back)).steps).toEqual({ done: 0, total: stepCount })
    const entries = await scope.list(activities, { where: eq(activities.subjectId, id), orderBy: [activities.id] })
    expect(entries.map(({ action }) => action)).toEqual([
      'request.submitted',
      'request.approved',
      'request.started',
      'request.step_done',
      'request.step_undone',
    ])
  })

  it('that is ticked off twenty times at once is ticked off once', async () => {
    const { id, technician, byStaff, step, scope } = await approvedScene()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => byStaff(technician, id, `steps/${step.id}/completion`)),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(await scope.list(requestEvents, { where: eq(requestEvents.type, 'step_done') })).toHaveLength(1)
  })

  it('is counted for nobody who may not know what its number tells of what somebody holds', async () => {
    const { portal, path, tom, dana, technician, byStaff, staffRead, list, read } = await requestScene()
    const people = [
      { givenName: 'Lena', familyName: 'Fisk', startsOn: dayOf(now() + 30 * 86_400_000, 'Europe/London') },
    ]
    const asked = await call(portal.host, 'POST', path, { as: tom, body: { type: 'new_user', people } })
    expect(asked.status, await asked.clone().text()).toBe(202)
    const { id, steps: atFirst } = await bodyOf<Whole>(asked)
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(200)
    const { checklist, ticket } = await staffRead(technician, id)
    expect((await byStaff(technician, id, `steps/${checklist[0]?.id}/completion`)).status).toBe(200)

    const ofTicket = async (as: typeof tom) =>
      (
        await bodyOf<{ request: { steps: Whole['steps'] } }>(
          await call(portal.host, 'GET', `${path.replace(/requests$/, 'tickets')}/${ticket?.id}`, { as }),
        )
      ).request.steps
    const toldTo = async (as: typeof tom) => [
      (await read(as, id)).steps,
      (await list(as)).items[0]?.steps,
      await ofTicket(as),
    ]
    const [all, none] = [
      { total: checklist.length, done: 1 },
      { total: 0, done: 0 },
    ]
    expect(await toldTo(dana), 'on its page and in the list').toEqual([all, all, none])
    expect([atFirst, ...(await toldTo(tom))]).toEqual([none, none, none, none])
    expect(eventTypes(await read(tom, id))).toEqual(['submitted', 'approved', 'ticket_raised', 'started'])
    expect(eventTypes(await read(dana, id))).toContain('step_done')
  })

  it('is not begun before its request is approved, nor by who may only read', async () => {
    const { asked, tom, technician, viewer, byStaff, staffRead } = await requestScene()
    const { id } = await asked(tom)
    const [step] = (await staffRead(technician, id)).checklist
    const at = `steps/${step?.id ?? ''}/completion`
    expect((await byStaff(technician, id, at)).status).toBe(409)
    expect((await byStaff(viewer, id, at)).status).toBe(403)
    expect((await byStaff(technician, id, 'steps/made-up/completion')).status).toBe(404)
    expect((await byStaff(technician, id, 'completion', {})).status).toBe(409)
  })
})

describe('A request that is done', () => {
  it('resolves its ticket, once all steps are done or said to stay', async () => {
    const { id, tom, technician, byStaff, read, scope } = await approvedScene()
    const early = await byStaff(technician, id, 'completion', {})
    expect([early.status, (await toldIn(early)).code]).toEqual([409, 'conflict'])
    const done = await byStaff(technician, id, 'completion', { leaveOpen: true })
    expect((await bodyOf<StaffWhole>(done)).state).toBe('done')
    expect((await byStaff(technician, id, 'completion', {})).status).toBe(200)
    expect((await scope.list(tickets)).map(({ state }) => state)).toEqual(['resolved'])
    const whole = await read(tom, id)
    expect([whole.state, whole.events.at(-1)]).toMatchObject(['done', { type: 'done', by: { name: technician.name } }])
    expect(whole.endedAt).not.toBeNull()
  })

  it('is done with its ticket, and goes on, with the seats it plans, when that is opened again', async () => {
    const { id, tom, technician, read, ticketId, plannedCount, allDone } = await approvedScene()
    const planned = await plannedCount()
    expect(planned).toBeGreaterThan(0)
    const move = (deed: string, method = 'PUT') =>
      call(ADMIN, method, `/api/msp-portal/tickets/${ticketId}/${deed}`, { as: technician })
    await allDone()
    expect((await move('resolution')).status).toBe(200)
    expect([(await read(tom, id)).state, await plannedCount()]).toEqual(['done', 0])
    expect((await move('closure', 'DELETE')).status).toBeLessThan(300)
    const whole = await read(tom, id)
    expect([whole.state, whole.endedAt, eventTypes(whole).slice(-2)]).toEqual([
      'in_progress',
      null,
      ['done', 'reopened'],
    ])
    expect(await plannedCount()).toBe(planned)
  })

  it('has no step left that somebody took back in the same moment', async () => {
    const { id, technician, owner, byStaff, staffRead, step, allDone } = await approvedScene()
    await allDone()
    const [done, undone] = await Promise.all([
      byStaff(technician, id, 'completion', {}),
      byStaff(owner, id, `steps/${step.id}/completion`, undefined, 'DELETE'),
    ])
    expect([done.status, undone.status].filter((status) => status === 200)).toHaveLength(1)
    const { state, steps } = await staffRead(technician, id)
    expect(state === 'done').toBe(steps.done === steps.total)
  })

  it('cannot be taken back', async () => {
    const { id, tom, technician, byStaff, inPortal, step } = await approvedScene()
    expect((await byStaff(technician, id, `steps/${step.id}/completion`)).status).toBe(200)
    expect((await inPortal(tom, id, 'withdrawal')).status).toBe(409)
    await byStaff(technician, id, 'completion', { leaveOpen: true })
    expect((await inPortal(tom, id, 'withdrawal')).status).toBe(409)
  })

  it('keeps its ticket from being merged into another one as long as it is not', async () => {
    const { technician, portal, ticketId, id, byStaff } = await approvedScene()
    const other = await bodyOf<{ id: string }>(
      await call(ADMIN, 'POST', `/api/msp-portal/customers/${portal.customerId}/tickets`, {
        as: technician,
        body: { subject: 'Another', description: 'One.', category: 'network', priority: 'normal' },
      }),
    )
    const merge = () =>
      call(ADMIN, 'PUT', `/api/msp-portal/tickets/${ticketId}/merger`, { as: technician, body: { into: other.id } })
    expect((await merge()).status).toBe(409)
    await byStaff(technician, id, 'completion', { leaveOpen: true })
    expect((await merge()).status).toBe(200)
  })
})

describe('The ticket of a request', () => {
  it('is closed by nobody of the customer while that is under way, and by staff with no step left', async () => {
    const { id, tom, dana, technician, portal, ticketId, staffRead, allDone } = await approvedScene()
    const theirs = `/api/portal/customers/${portal.customerId}/tickets/${ticketId}`
    for (const as of [tom, dana]) {
      expect(await bodyOf(await call(portal.host, 'GET', theirs, { as }))).toMatchObject({ canClose: false })
      const closure = await call(portal.host, 'PUT', `${theirs}/closure`, { as })
      expect([closure.status, (await toldIn(closure)).detail]).toEqual([409, expect.stringContaining('worked off')])
    }
    const desk = `/api/msp-portal/tickets/${ticketId}`
    const resolving = { text: 'Here you are.', next: 'resolve' }
    const ending = [
      await call(ADMIN, 'PUT', `${desk}/resolution`, { as: technician }),
      await call(ADMIN, 'PUT', `${desk}/closure`, { as: technician }),
      await call(ADMIN, 'POST', `${desk}/answers`, { as: technician, body: resolving }),
    ]
    expect(ending.map(({ status }) => status)).toEqual([409, 409, 409])
    expect((await staffRead(technician, id)).state).toBe('approved')
    await allDone()
    expect((await call(ADMIN, 'POST', `${desk}/answers`, { as: technician, body: resolving })).status).toBe(201)
    expect((await staffRead(technician, id)).state).toBe('done')
    expect((await call(portal.host, 'PUT', `${theirs}/closure`, { as: tom })).status).toBe(200)
  })

  it('is not opened again where that was taken back', async () => {
    const { id, tom, technician, portal, ticketId, inPortal, read } = await approvedScene()
    expect((await inPortal(tom, id, 'withdrawal')).status).toBe(200)
    const theirs = `/api/portal/customers/${portal.customerId}/tickets/${ticketId}`
    expect(await bodyOf(await call(portal.host, 'GET', theirs, { as: tom }))).toMatchObject({ canReopen: false })
    const opening = await call(portal.host, 'DELETE', `${theirs}/closure`, { as: tom })
    expect([opening.status, (await toldIn(opening)).detail]).toEqual([409, expect.stringContaining('taken back')])
    const byStaff = await call(ADMIN, 'DELETE', `/api/msp-portal/tickets/${ticketId}/closure`, { as: technician })
    expect(byStaff.status).toBe(409)
    expect((await read(tom, id)).state).toBe('withdrawn')
  })

  it('tells which request it is of and how far that is, to staff and in the portal', async () => {
    const { id, tom, technician, portal, ticketId, stepCount } = await approvedScene()
    const request = { id, subject: expect.stringContaining('5 more seats'), steps: { done: 0, total: stepCount } }
    const staffs = await call(ADMIN, 'GET', `/api/msp-portal/tickets/${ticketId}`, { as: technician })
    expect(await bodyOf(staffs)).toMatchObject({ request })
    const theirs = `/api/portal/customers/${portal.customerId}/tickets/${ticketId}`
    expect(await bodyOf(await call(portal.host, 'GET', theirs, { as: tom }))).toMatchObject({ request })
  })
})
