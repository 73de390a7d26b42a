import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { activities, contacts, serviceRequests, tickets } from '../../../db/shard/schema.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { eventTypes, requestScene, toldIn } from '../../test/requests.ts'
import type { Asked } from '../../test/requests.ts'
import { ADMIN, bodyOf, call, newKey } from '../../test/stage.ts'
import type { CallOptions } from '../../test/stage.ts'

const queue = holdQueue()
afterEach(() => void queue.take())

const ownScene = async () => {
  const scene = await requestScene()
  const { portal, asking, tom, scope } = scene
  /** Written down for Tom by staff, or by a program. */
  const writtenDown = async (by: Pick<CallOptions, 'as'> | { bearer: string }) => {
    const path = `/api/msp-portal/customers/${portal.customerId}/requests`
    const answer = await call(ADMIN, 'POST', path, { ...by, body: { ...asking, requestedBy: tom.id } })
    expect(answer.status, await answer.clone().text()).toBe(202)
    return bodyOf<Asked>(answer)
  }
  /** Tom has the same address as somebody of the staff. */
  const tomIs = (email: string) =>
    scope.commit(
      { action: 'stage.contact', subject: { kind: 'contact', id: tom.id, name: '' } },
      scope.changeAll(contacts, eq(contacts.id, tom.id), { email }),
    )
  return { ...scene, writtenDown, tomIs }
}

describe('What staff wrote down for a contact', () => {
  it('is approved by a colleague, not by who wrote it down, who may decline it', async () => {
    const { owner, technician, writtenDown, byStaff, staffRead, scope } = await ownScene()
    const { id, awaiting } = await writtenDown({ as: technician })
    expect(awaiting?.names).toEqual([owner.name])
    const read = await staffRead(technician, id)
    expect([read.may, read.awaiting?.names]).toEqual([{ approve: false, decline: true, withdraw: false }, [owner.name]])
    const own = await byStaff(technician, id, 'approval', {})
    expect([own.status, (await toldIn(own)).detail]).toEqual([403, expect.stringContaining('wrote this down')])
    expect(await scope.list(tickets)).toEqual([])
    expect((await staffRead(owner, id)).may.approve).toBe(true)
    expect((await byStaff(owner, id, 'approval', {})).status).toBe(200)
    const other = await writtenDown({ as: technician })
    expect((await byStaff(technician, other.id, 'refusal', { reason: 'A slip.' })).status).toBe(200)
  })

  it('with a key is not approved by that key, nor by who made the key', async () => {
    const { msp, owner, technician, writtenDown, byStaff, desk } = await ownScene()
    const { bearer } = await newKey(msp, technician, ['requests:write'])
    const { id } = await writtenDown({ bearer })
    expect((await call(ADMIN, 'PUT', `${desk}/${id}/approval`, { bearer, body: {} })).status).toBe(403)
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(403)
    expect((await byStaff(owner, id, 'approval', {})).status).toBe(200)
  })

  it('is approved by who wrote it down where nobody else may, and its history and the activity say so', async () => {
    const { owner, technician, writtenDown, byStaff, staffRead, defaults, scope } = await ownScene()
    await defaults({ approverRole: 'owner' })
    const { id, awaiting } = await writtenDown({ as: owner })
    expect(awaiting?.names).toEqual([owner.name])
    expect((await byStaff(technician, id, 'approval', {})).status).toBe(403)
    expect((await staffRead(owner, id)).may.approve).toBe(true)
    expect((await byStaff(owner, id, 'approval', {})).status).toBe(200)
    expect((await byStaff(owner, id, 'approval', {})).status).toBe(200)
    expect(eventTypes(await staffRead(owner, id))).toEqual(['submitted', 'nobody_else', 'approved', 'ticket_raised'])
    const entries = await scope.list(activities, { where: eq(activities.subjectId, id), orderBy: [activities.id] })
    expect(entries.map(({ action }) => action)).toEqual([
      'request.submitted',
      'request.approved',
      'request.nobody_else',
    ])
  })
})

describe('A request of a contact who is on the staff, too', () => {
  it('is not approved by them, however their address is written', async () => {
    const { tom, owner, technician, tomIs, asked, byStaff, staffRead } = await ownScene()
    await tomIs(technician.email.toUpperCase())
    const { id } = await asked(tom)
    const read = await staffRead(technician, id)
    expect([read.may.approve, read.awaiting?.names]).toEqual([false, [owner.name]])
    const own = await byStaff(technician, id, 'approval', {})
    expect([own.status, (await toldIn(own)).detail]).toEqual([403, expect.stringContaining('your own request')])
    expect((await byStaff(owner, id, 'approval', {})).status).toBe(200)
  })

  it('is approved by them where nobody else may', async () => {
    const { tom, owner, tomIs, asked, byStaff, staffRead, defaults } = await ownScene()
    await defaults({ approverRole: 'owner' })
    await tomIs(owner.email)
    const { id } = await asked(tom)
    expect((await byStaff(owner, id, 'approval', {})).status).toBe(200)
    expect(eventTypes(await staffRead(owner, id))).toContain('nobody_else')
  })
})

describe('Requests that staff write down', () => {
  it('count for nobody’s twenty, however many of that person wait', async () => {
    const { tom, technician, writtenDown, ask, scope } = await ownScene()
    for (let sent = 0; sent < 19; sent += 1) expect((await ask(tom)).status).toBe(202)
    await writtenDown({ as: technician })
    expect((await ask(tom)).status).toBe(202)
    expect((await ask(tom)).status).toBe(409)
    await writtenDown({ as: technician })
    expect(await scope.list(serviceRequests)).toHaveLength(22)
  })
})
