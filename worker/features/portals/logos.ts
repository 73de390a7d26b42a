import { and, eq, exists, inArray, isNotNull, not } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import { logos, msps, portals } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import { invalidField, missing } from '../../http/problem.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import type { ObjectKind } from '../../jobs/objects.ts'
import { among } from '../../tenancy/among.ts'
import { newId } from '../../tenancy/ids.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'
import { checkLogo, logoLimits } from './image.ts'
import type { LogoRow } from './portals.ts'

/** A file that cannot be a logo because of its size alone, known before it is read. */
export const logoTooLarge = () =>
  invalidField('', `This file is larger than ${logoLimits.bytes / 1024} KB, which is the most a logo may have.`)

/**
 * Keeps a picture as a portal's logo (or, without a customer, as the MSP's default). It is what its bytes say, not what
 * its sender says; what is worn already changes nothing. The object is stored first and the row committed after, so a row never points at nothing.
 * Problems: `missing`, `stale`, `invalid` saying what was found.
 */
export const setLogo = async (
  environment: Environment,
  msp: MspScope,
  customerId: string | null,
  bytes: Uint8Array,
  wanted: Expected,
): Promise<LogoRow> => {
  const wearer = await wearerOf(msp, customerId, wanted)
  const checked = checkLogo(bytes)
  if (!checked.ok) throw invalidField('', checked.detail)
  if (wearer.worn !== undefined && (await isSame(environment, wearer.worn, bytes))) return wearer.worn
  const id = newId(now())
  const row = {
    id,
    customerId,
    objectKey: `${msp.mspId}/logos/${id}`,
    mediaType: checked.contentType,
    width: checked.width,
    height: checked.height,
    byteCount: bytes.byteLength,
    createdAt: now(),
    setAsideAt: null,
  }
  await environment.files.put(row.objectKey, bytes, { httpMetadata: { contentType: row.mediaType } })
  try {
    await msp.commit(
      { action: 'logo.changed', subject: wearer.subject, customerId },
      msp.add(logos, row),
      ...wearer.wear(id),
    )
  } catch (error) {
    // The customer was deleted since it was read.
    if (error instanceof Refused && error.kind === 'foreign_key') throw missing('portal')
    throw error
  }
  return { mspId: msp.mspId, ...row }
}

/** Takes the logo off; without one the name stands alone. */
export const removeLogo = async (msp: MspScope, customerId: string | null, wanted: Expected): Promise<void> => {
  const wearer = await wearerOf(msp, customerId, wanted)
  if (wearer.worn === undefined) return
  await msp.commit({ action: 'logo.removed', subject: wearer.subject, customerId }, ...wearer.wear(null))
}

export const logoObjects: ObjectKind = {
  kind: 'logos',
  known: async (msp, ids) => {
    const rows = await msp.list(logos, {
      where: among(logos.id, ids),
    })
    return rows.map(({ id }) => id)
  },
}

/** What the minute's sweep ends: the row first, so that none points at nothing, then the bytes. What is worn stays. */
export const logosSetAside = {
  /** Pages that are open, and addresses that were handed out, go on showing it for so long. */
  keptMs: 7 * 86_400_000,
  forget: async (environment: Environment, msp: MspScope, logoId: string): Promise<void> => {
    const row = await msp.first(logos, and(eq(logos.id, logoId), isNotNull(logos.setAsideAt)))
    if (row === undefined) return
    const worn = [
      exists(
        msp
          .select({ id: portals.id })
          .from(portals)
          .where(msp.mine(portals, and(eq(portals.customerId, row.customerId ?? ''), eq(portals.logoKey, logoId)))),
      ),
      exists(
        msp
          .select({ id: msps.id })
          .from(msps)
          .where(msp.mine(msps, eq(msps.logoKey, logoId))),
      ),
    ]
    await msp.record(msp.removeWhere(logos, and(eq(logos.id, logoId), ...worn.map(not))))
    if ((await msp.first(logos, eq(logos.id, logoId))) === undefined) await environment.files.delete(row.objectKey)
  },
}

const wearerOf = async (
  msp: MspScope,
  customerId: string | null,
  wanted: Expected,
): Promise<{
  subject: { kind: string; id: string; name: string }
  worn: LogoRow | undefined
  wear: (logoKey: string | null) => [Write, ...Write[]]
}> => {
  const setAside = (logoKey: string | null) =>
    logoKey === null ? [] : [msp.changeAll(logos, eq(logos.id, logoKey), { setAsideAt: now() })]
  if (customerId === null) {
    const [[row], [worn]] = await msp.readAll([
      msp.select().from(msps).where(msp.mine(msps)),
      msp
        .select()
        .from(logos)
        .where(
          msp.mine(logos, inArray(logos.id, msp.select({ logoKey: msps.logoKey }).from(msps).where(msp.mine(msps)))),
        ),
    ])
    if (row === undefined) throw missing('organisation')
    refuseUnexpected(row, wanted)
    return {
      subject: { kind: 'organisation', id: row.id, name: row.name },
      worn,
      wear: (logoKey) => [msp.change(msps, row, { logoKey }), ...setAside(row.logoKey)],
    }
  }
  const ofCustomer = msp.mine(portals, eq(portals.customerId, customerId))
  const [[portal], [worn]] = await msp.readAll([
    msp.select().from(portals).where(ofCustomer),
    msp
      .select()
      .from(logos)
      .where(
        msp.mine(logos, inArray(logos.id, msp.select({ logoKey: portals.logoKey }).from(portals).where(ofCustomer))),
      ),
  ])
  if (portal === undefined) throw missing('portal')
  refuseUnexpected(portal, wanted)
  return {
    subject: { kind: 'portal', id: portal.id, name: portal.host },
    worn,
    wear: (logoKey) => [msp.change(portals, portal, { logoKey }), ...setAside(portal.logoKey)],
  }
}

const isSame = async (environment: Environment, logo: LogoRow, bytes: Uint8Array): Promise<boolean> => {
  if (logo.byteCount !== bytes.byteLength) return false
  const object = await environment.files.get(logo.objectKey)
  if (object === null) return false
  const kept = new Uint8Array(await object.arrayBuffer())
  return kept.every((byte, at) => byte === bytes[at])
}
