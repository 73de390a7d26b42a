import { describe, expect, it } from 'vitest'
import { ADMIN, bodyOf, call, newMsp, newStaff } from '../../test/stage.ts'

const path = '/api/msp-portal/workspace'
type Shown = { widgets: string[]; version: number }

const newDesk = async () => {
  const msp = await newMsp()
  const viewer = await newStaff(msp, 'viewer')
  const read = async (as = viewer) => bodyOf<Shown>(await call(ADMIN, 'GET', path, { as }))
  const save = (widgets: unknown, headers = {}, as = viewer) =>
    call(ADMIN, 'PUT', path, { as, body: { widgets }, headers })
  return { msp, viewer, read, save }
}

describe('A workspace', () => {
  it('holds what its person put there, in their order, and nobody else’s', async () => {
    const { msp, read, save } = await newDesk()
    expect(await read()).toEqual({ widgets: ['attention', 'contacts', 'activity'], version: 0 })
    expect(await bodyOf(await save(['activity', 'contacts']))).toEqual({
      widgets: ['activity', 'contacts'],
      version: 1,
    })
    expect(await read()).toEqual({ widgets: ['activity', 'contacts'], version: 1 })
    expect((await read(await newStaff(msp, 'owner'))).version).toBe(0)
    expect(await bodyOf(await save([]))).toEqual({ widgets: [], version: 2 })
  })

  it('takes each widget once, and none that there is not', async () => {
    const { save } = await newDesk()
    for (const widgets of [['contacts', 'contacts'], ['weather'], 'contacts', null])
      expect((await save(widgets)).status).toBe(422)
  })

  it('is not overwritten from a window that has not seen the newest, also by twenty at once', async () => {
    const { save } = await newDesk()
    const first = await Promise.all(Array.from({ length: 20 }, () => save(['contacts'], { 'if-match': '"v0"' })))
    expect(first.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(first.filter(({ status }) => status === 412)).toHaveLength(19)
    expect((await save(['activity'], { 'if-match': '"v0"' })).status).toBe(412)
    expect((await save(['activity'], { 'if-match': '"v1"' })).status).toBe(200)
  })
})
