import type { Environment } from '../env.ts'
import { now } from '../clock.ts'
import type { MspScope } from '../tenancy/scope.ts'

/**
 * A feature that keeps files. It stores the object under `<MSP>/<kind>/<id>` first and commits its row after, so that
 * no row points at nothing; and it removes the row first and the object after, for the same reason.
 */
export type ObjectKind = {
  kind: string
  /** Those of these ids that have a row. */
  known: (msp: MspScope, ids: string[]) => Promise<readonly string[]>
}

/** Long past the end of any request: what has no row by then was left by a Worker that died. */
const GRACE_MS = 86_400_000
/** Where the walk is. R2 itself keeps it: it belongs to no shard, and losing it only means beginning again. */
const BOOKMARK = 'walk/bookmark'

/**
 * One step of an endless walk through everything that is stored: objects whose row never came, or went without them,
 * are deleted. What belongs to no MSP or kind that is known is left alone.
 */
export const walkOf =
  (kinds: readonly ObjectKind[], stepCount = 200) =>
  async (environment: Environment, scopeOf: (shard: string, mspId: string) => MspScope): Promise<void> => {
    const { files } = environment
    const startAfter = (await (await files.get(BOOKMARK))?.text()) ?? ''
    const page = await files.list({ limit: stepCount, ...(startAfter === '' ? {} : { startAfter }) })
    const old = page.objects
      .filter(({ uploaded }) => uploaded.getTime() < now() - GRACE_MS)
      .flatMap(({ key }) => {
        const [mspId = '', kind = '', id = ''] = key.split('/')
        return [{ mspId, kind, id, key }]
      })
    const places = await placesOf(environment, [...new Set(old.map(({ mspId }) => mspId))])
    for (const { mspId, shard } of places) {
      for (const { kind, known } of kinds) {
        const found = old.filter((object) => object.mspId === mspId && object.kind === kind)
        if (found.length === 0) continue
        const ids = found.map(({ id }) => id)
        const kept = new Set(await known(scopeOf(shard, mspId), ids))
        const orphans = found.filter(({ id }) => !kept.has(id))
        if (orphans.length > 0) await files.delete(orphans.map(({ key }) => key))
      }
    }
    await files.put(BOOKMARK, page.truncated ? (page.objects.at(-1)?.key ?? '') : '')
  }

const placesOf = async (environment: Environment, mspIds: string[]): Promise<{ mspId: string; shard: string }[]> => {
  if (mspIds.length === 0) return []
  const { results } = await environment.directory
    .prepare(`select msp_id as mspId, shard from msp_places where msp_id in (select value from json_each(?))`)
    .bind(JSON.stringify(mspIds))
    .all<{ mspId: string; shard: string }>()
  return results
}
