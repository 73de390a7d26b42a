import { describe, expect, it } from 'vitest'
import type { z } from '@hono/zod-openapi'
import { holdQueue } from '../../test/held-queue.ts'
import { requestScene } from '../../test/requests.ts'
import { bodyOf, call } from '../../test/stage.ts'
import type { StagedContact } from '../../test/stage.ts'
import type { Dashboard } from '../dashboard/dashboard.schema.ts'

holdQueue()

const homeOf = async (as: StagedContact) => {
  const path = `/api/portal/customers/${as.portal.customerId}/dashboard`
  return (await bodyOf<z.infer<typeof Dashboard>>(await call(as.portal.host, 'GET', path, { as }))).requests
}

describe('The requests of a home page', () => {
  it('begin with what waits for the reader’s approval, which nothing does that they asked for themselves', async () => {
    const { dana, pam, tom, asked, own } = await requestScene()
    await own({ customerApproves: true })
    const first = await asked(tom)
    const dans = await asked(dana)
    const second = await asked(tom)
    const ofDana = await homeOf(dana)
    expect(ofDana).toMatchObject({ awaitingYouCount: 2, openCount: 3 })
    expect(ofDana.items.map(({ id, awaitsYou, isMine }) => ({ id, awaitsYou, isMine }))).toEqual([
      { id: second.id, awaitsYou: true, isMine: false },
      { id: first.id, awaitsYou: true, isMine: false },
      { id: dans.id, awaitsYou: false, isMine: true },
    ])
    expect(await homeOf(pam)).toMatchObject({ awaitingYouCount: 3, openCount: 3 })
  })

  it('of a portal user are what they asked for, and wait for nobody there', async () => {
    const { dana, tom, asked, own } = await requestScene()
    await own({ customerApproves: true })
    const toms = await asked(tom)
    await asked(dana)
    const { awaitingYouCount, openCount, items } = await homeOf(tom)
    expect({ awaitingYouCount, openCount }).toEqual({ awaitingYouCount: 0, openCount: 1 })
    expect(items).toEqual([
      {
        id: toms.id,
        subject: toms.subject,
        state: 'awaiting_customer',
        awaitsYou: false,
        isMine: true,
        requesterName: tom.name,
        createdAt: toms.createdAt,
      },
    ])
  })

  it('are no more than three, and none that have ended', async () => {
    const { technician, tom, asked, byStaff } = await requestScene()
    const all = [await asked(tom), await asked(tom), await asked(tom), await asked(tom), await asked(tom)]
    const newest = all.at(-1)
    expect((await byStaff(technician, newest?.id ?? '', 'refusal', { reason: 'No.' })).status).toBe(200)
    const { openCount, items } = await homeOf(tom)
    expect(openCount).toBe(4)
    expect(items.map(({ id }) => id)).toEqual([all[3]?.id, all[2]?.id, all[1]?.id])
  })
})
