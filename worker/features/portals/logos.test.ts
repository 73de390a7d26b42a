import { afterEach, describe, expect, it, vi } from 'vitest'
import { activities, logos, msps, portals } from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { walkOf } from '../../jobs/objects.ts'
import { logoObjects } from './logos.ts'
import { moveClock } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, environment, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedPortal } from '../../test/stage.ts'
import { ascii, jpeg, png } from './pictures.stage.ts'

holdQueue()

type Shown = { url: string; width: number; height: number; byteCount: number }
type Staff = { cookie: string }

const logoPath = ({ customerId }: StagedPortal) => `/api/msp-portal/customers/${customerId}/portal/logo`
const DEFAULT = '/api/msp-portal/settings/brand/logo'

const put = (path: string, as: Staff, picture: Uint8Array, headers: Record<string, string> = {}) =>
  call(ADMIN, 'PUT', path, {
    as,
    raw: picture,
    headers: { 'content-type': 'image/png', 'content-length': String(picture.byteLength), ...headers },
  })

const newScene = async () => {
  const msp = await newMsp()
  const admin = await newStaff(msp, 'admin')
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam'))
  const setLogo = async (path = logoPath(portal), picture = png(200, 60)) => {
    const response = await put(path, admin, picture)
    expect(response.status, await response.clone().text()).toBe(200)
    return bodyOf<Shown>(response)
  }
  return { msp, admin, portal, setLogo }
}

describe('A logo', () => {
  it.each([
    ['a PNG', png(200, 60), 'image/png'],
    ['a JPEG', jpeg(300, 80), 'image/jpeg'],
  ])(
    'that is %s is kept as what its bytes are and served at its portal, to mails read in a browser, too',
    async (_, picture, mediaType) => {
      const { portal, setLogo } = await newScene()
      const shown = await setLogo(logoPath(portal), picture)
      expect(shown).toMatchObject({ byteCount: picture.byteLength })
      const response = await call(portal.host, 'GET', shown.url)
      expect(response.status).toBe(200)
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(picture)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': mediaType,
        'content-length': String(picture.byteLength),
        'cache-control': 'private, max-age=31536000, immutable',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'cross-origin',
      })
      expect(response.headers.get('set-cookie')).toBeNull()
    },
  )

  it('is believed to be what its bytes say, whatever its sender calls it', async () => {
    const { admin, portal } = await newScene()
    const response = await put(logoPath(portal), admin, jpeg(300, 80), { 'content-type': 'image/png' })
    const { url } = await bodyOf<Shown>(response)
    expect((await call(portal.host, 'GET', url)).headers.get('content-type')).toBe('image/jpeg')
  })

  it.each([
    ['a GIF', ascii('GIF89a\x01\0\x01\0'), 'This is a GIF picture. A logo is a PNG or JPEG picture.'],
    [
      'an SVG',
      ascii('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      'This is an SVG file. A logo is a PNG or JPEG picture.',
    ],
    ['a page', ascii('<!doctype html><script>alert(1)</script>'), 'A logo is a PNG or JPEG picture.'],
    ['nothing', new Uint8Array(), 'This is an empty file. A logo is a PNG or JPEG picture.'],
    ['too wide', png(503, 81), 'This picture is 503 × 81 px; at most 502 × 81 px fits.'],
    ['too high', jpeg(502, 82), 'This picture is 502 × 82 px; at most 502 × 81 px fits.'],
    ['half a PNG', png(200, 60).subarray(0, 40), 'This is a PNG picture that ends too early.'],
    ['300 KB', new Uint8Array(300 * 1024), 'This file is larger than 256 KB, which is the most a logo may have.'],
  ])('that is %s, called a PNG, is refused saying what was found', async (_, picture, detail) => {
    const { msp, admin, portal } = await newScene()
    const response = await put(logoPath(portal), admin, picture, { 'content-type': 'image/png' })
    expect(response.status).toBe(422)
    expect((await bodyOf<{ detail: string }>(response)).detail).toContain(detail)
    expect(await msp.scope.list(logos)).toEqual([])
  })

  it('that is set while its customer is deleted is refused as one of nobody', async () => {
    const { msp, admin, portal } = await newScene()
    const shard = shardNamed(environment, msp.shard)
    const batch = shard.batch.bind(shard)
    vi.spyOn(shard, 'batch').mockImplementation(async (statements) => {
      if (statements.some(({ sql }) => sql.startsWith('insert into "logos"'))) {
        vi.restoreAllMocks()
        const path = `/api/msp-portal/customers/${portal.customerId}`
        expect((await call(ADMIN, 'DELETE', path, { as: admin })).status).toBe(204)
      }
      return batch(statements)
    })
    expect((await put(logoPath(portal), admin, png(200, 60))).status).toBe(404)
  })

  it('must say how long it is', async () => {
    const { msp, admin, portal } = await newScene()
    const streamed = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(png(9, 9))
          controller.close()
        },
      })
    const send = (headers: Record<string, string>) =>
      call(ADMIN, 'PUT', logoPath(portal), {
        as: admin,
        raw: streamed(),
        headers: { 'content-type': 'image/png', ...headers },
      })
    expect((await send({})).status).toBe(411)
    expect((await send({ 'content-length': 'many' })).status).toBe(411)
    expect(await msp.scope.list(logos)).toEqual([])
  })

  it('is refused once more has come than was said', async () => {
    const { msp, admin, portal } = await newScene()
    const response = await put(logoPath(portal), admin, new Uint8Array(300 * 1024), { 'content-length': '10' })
    expect(response.status).toBe(422)
    expect(await msp.scope.list(logos)).toEqual([])
  })

  it('has a new address when it changes, so that no browser shows the old one', async () => {
    const { portal, setLogo } = await newScene()
    const [first, second] = [await setLogo(), await setLogo(logoPath(portal), png(100, 30))]
    expect(first.url).not.toBe(second.url)
  })

  it('is shown at no other portal, of this MSP or of another, and not at the admin host to strangers', async () => {
    const { msp, admin, portal, setLogo } = await newScene()
    const { url } = await setLogo()
    const sibling = await newPortal(await newCustomer(msp))
    const elsewhere = await newPortal(await newCustomer(await newMsp()))
    const [, , neighbour] = [await newMsp(), await newMsp(), await newMsp()]
    const made = await call(sibling.host, 'GET', `/logo/${'0'.repeat(36)}`)
    for (const host of [sibling.host, elsewhere.host]) {
      const response = await call(host, 'GET', url)
      expect(response.status, host).toBe(404)
      expect({ ...(await bodyOf(response)), requestId: '' }).toEqual({ ...(await bodyOf(made.clone())), requestId: '' })
    }
    expect((await call(ADMIN, 'GET', url)).status).toBe(404)
    expect((await call(ADMIN, 'GET', url, { as: await newStaff(neighbour, 'owner') })).status).toBe(404)
    expect((await call(ADMIN, 'GET', url, { as: admin })).status).toBe(200)
    expect((await call(portal.host, 'GET', url)).status).toBe(200)
  })

  it('is not shown while its portal is closed', async () => {
    const { admin, portal, setLogo } = await newScene()
    const { url } = await setLogo()
    const closure = `/api/msp-portal/customers/${portal.customerId}/portal/closure`
    await call(ADMIN, 'PUT', closure, { as: admin })
    expect((await call(portal.host, 'GET', url)).status).toBe(404)
    await call(ADMIN, 'DELETE', closure, { as: admin })
    expect((await call(portal.host, 'GET', url)).status).toBe(200)
  })

  it('of the MSP is shown at each of its portals and at none of another MSP', async () => {
    const { msp, portal, setLogo } = await newScene()
    const sibling = await newPortal(await newCustomer(msp))
    const [, neighbour] = [await newMsp(), await newMsp()]
    const elsewhere = await newPortal(await newCustomer(neighbour))
    const { url } = await setLogo(DEFAULT)
    const shown = await Promise.all(
      [portal, sibling, elsewhere].map(async ({ host }) => (await call(host, 'GET', url)).status),
    )
    expect(shown).toEqual([200, 200, 404])
  })

  it('is taken off again, which is done when it is off already', async () => {
    const { admin, portal, setLogo } = await newScene()
    const portalPath = logoPath(portal).replace('/logo', '')
    const { url } = await setLogo()
    expect(await bodyOf(await call(ADMIN, 'GET', portalPath, { as: admin }))).toMatchObject({ logo: { url } })
    for (let count = 0; count < 2; count += 1)
      expect((await call(ADMIN, 'DELETE', logoPath(portal), { as: admin })).status).toBe(204)
    expect(await bodyOf(await call(ADMIN, 'GET', portalPath, { as: admin }))).toMatchObject({ logo: null })
  })

  it('stays when the portal’s settings are saved', async () => {
    const { admin, portal, setLogo } = await newScene()
    const { url } = await setLogo()
    const portalPath = logoPath(portal).replace('/logo', '')
    const prefix = portal.host.split('.')[0]
    const saved = await call(ADMIN, 'PUT', portalPath, { as: admin, body: { prefix, displayName: 'Fabrikam' } })
    expect(await bodyOf(saved)).toMatchObject({ displayName: 'Fabrikam', logo: { url } })
  })

  it('is set for a portal by technicians, for the MSP by admins, by nobody elsewhere', async () => {
    const { msp, portal } = await newScene()
    const technician = await newStaff(msp, 'technician')
    const viewer = await newStaff(msp, 'viewer')
    const [, neighbour] = [await newMsp(), await newMsp()]
    const stranger = await newStaff(neighbour, 'owner')
    const statuses = []
    for (const [path, as] of [
      [logoPath(portal), viewer],
      [logoPath(portal), technician],
      [logoPath(portal), stranger],
      [DEFAULT, technician],
    ] as const)
      statuses.push((await put(path, as, png(20, 20))).status)
    expect(statuses).toEqual([403, 200, 404, 403])
  })

  it('is kept under its MSP’s own name in storage, with an entry of who set it', async () => {
    const { msp, admin, portal, setLogo } = await newScene()
    await setLogo()
    const [row] = await msp.scope.list(logos)
    expect(row?.objectKey.startsWith(`${msp.mspId}/`)).toBe(true)
    expect(await environment.files.head(row?.objectKey ?? '')).not.toBeNull()
    const entries = await msp.scope.list(activities)
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'logo.changed', actorName: admin.name, customerId: portal.customerId }),
    )
  })
})

describe('In storage', () => {
  const DAY = 86_400_000
  const sweepIn = async (days: number) => {
    moveClock(() => Date.now() + days * DAY)
    await sweep(environment)
    moveClock(undefined)
  }
  const idIn = ({ url }: Shown) => url.split('/').at(-1) ?? ''
  const isStored = async (mspId: string, id: string) => (await environment.files.head(`${mspId}/logos/${id}`)) !== null

  afterEach(() => {
    moveClock(undefined)
    vi.restoreAllMocks()
  })

  it.each([
    ['a portal’s', (portal: StagedPortal) => logoPath(portal)],
    ['the MSP’s', () => DEFAULT],
  ])(
    '%s logo that was replaced or taken off is kept for a week and then collected, the one that is worn never',
    async (_name, pathOf) => {
      const { msp, portal, setLogo } = await newScene()
      // Whoever signed in before a sweep in some days is signed out by it.
      const path = pathOf(portal)
      const [first, second] = [idIn(await setLogo(path)), idIn(await setLogo(path, png(100, 30)))]
      const stored = async () => [await isStored(msp.mspId, first), await isStored(msp.mspId, second)]
      await sweepIn(6)
      expect(await stored()).toEqual([true, true])
      expect((await call(ADMIN, 'GET', `/logo/${first}`, { as: await newStaff(msp) })).status).toBe(200)
      await sweepIn(8)
      expect(await stored()).toEqual([false, true])
      expect((await msp.scope.list(logos)).map(({ id }) => id)).toEqual([second])
      await sweepIn(1_000)
      expect(await stored(), 'it is worn').toEqual([false, true])
      const removed = await call(ADMIN, 'DELETE', path, { as: await newStaff(msp, 'admin') })
      expect(removed.status).toBe(204)
      await sweepIn(8)
      expect(await stored()).toEqual([false, false])
      expect(await msp.scope.list(logos)).toEqual([])
    },
  )

  it('a picture whose row never came is come by after a day and deleted', async () => {
    const { msp, portal, admin } = await newScene()
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { put: usual } = environment.files
    let key = ''
    // Somebody saves the portal between the picture's being stored and its row.
    vi.spyOn(environment.files, 'put').mockImplementation(async (name: string, ...rest: unknown[]) => {
      key = name
      const [row] = await msp.scope.list(portals)
      if (row === undefined) throw new Error('The stage has no portal.')
      const subject = { kind: 'portal', id: row.id, name: row.host }
      await msp.scope.commit(
        { action: 'test.raced', subject },
        msp.scope.change(portals, row, { displayName: 'Other' }),
      )
      return (usual as (...all: unknown[]) => Promise<R2Object>).call(environment.files, name, ...rest)
    })
    expect((await put(logoPath(portal), admin, png(20, 20))).status).toBe(412)
    vi.restoreAllMocks()
    expect(await environment.files.head(key)).not.toBeNull()
    await sweepIn(0.9)
    expect(await environment.files.head(key)).not.toBeNull()
    await sweepIn(1.1)
    expect(await environment.files.head(key)).toBeNull()
  })

  it('what is worn after all is not collected, even where it is written down as set aside', async () => {
    const { msp, setLogo } = await newScene()
    const [ofPortal, ofMsp] = [idIn(await setLogo()), idIn(await setLogo(DEFAULT))]
    await msp.scope.record(msp.scope.changeAll(logos, undefined, { setAsideAt: 1 }))
    await sweepIn(1)
    expect(await Promise.all([ofPortal, ofMsp].map((id) => isStored(msp.mspId, id)))).toEqual([true, true])
    expect(await msp.scope.list(logos)).toHaveLength(2)
    expect((await msp.scope.list(msps))[0]?.logoKey).toBe(ofMsp)
  })

  it('everything is come by, a few at a time, and nothing that has a row or is nobody’s known kind is touched', async () => {
    const { msp, setLogo } = await newScene()
    const worn = `${msp.mspId}/logos/${idIn(await setLogo())}`
    const orphans = Array.from({ length: 7 }, (_, position) => `${msp.mspId}/logos/orphan-${position}`)
    const others = [`${msp.mspId}/else/x`, 'nobody/logos/x', 'loose']
    for (const key of [...orphans, ...others]) await environment.files.put(key, 'x')
    const left = async () =>
      (await Promise.all([worn, ...orphans, ...others].map((key) => environment.files.head(key)))).filter(
        (object) => object !== null,
      ).length
    const walk = walkOf([logoObjects], 3)
    const step = () => walk(environment, () => msp.scope)
    for (let count = 0; count < 20; count += 1) await step()
    expect(await left(), 'within their grace').toBe(11)
    moveClock(() => Date.now() + 2 * DAY)
    await step()
    await step()
    expect(await left()).toBeGreaterThan(4)
    for (let count = 0; count < 40; count += 1) await step()
    expect(await left()).toBe(4)
    expect(await environment.files.head(worn)).not.toBeNull()
  })

  it('an MSP’s objects are collected when another’s cannot be', async () => {
    const [one, other] = [await newScene(), await newScene()]
    const ids = new Map<string, string>()
    for (const { msp, setLogo } of [one, other]) {
      ids.set(msp.mspId, idIn(await setLogo()))
      await setLogo(undefined, png(100, 30))
    }
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { delete: usual } = environment.files
    vi.spyOn(environment.files, 'delete').mockImplementation(async (keys) => {
      if ([keys].flat().some((key) => key.startsWith(one.msp.mspId))) throw new Error('R2 is down.')
      await usual.call(environment.files, keys)
    })
    await expect(sweepIn(8)).rejects.toThrow('steps of the sweep failed')
    vi.restoreAllMocks()
    expect(await isStored(one.msp.mspId, ids.get(one.msp.mspId) ?? '')).toBe(true)
    expect(await isStored(other.msp.mspId, ids.get(other.msp.mspId) ?? '')).toBe(false)
    await sweepIn(8)
    expect(await isStored(one.msp.mspId, ids.get(one.msp.mspId) ?? ''), 'the next one mends it').toBe(false)
  })
})
