import { ConnectorFault } from '../../connectors/connector.ts'

type Page = { kind: 'page'; next: { kind: 'more'; cursor: string } | { kind: 'done' } | { kind: 'broken_off' } }
type Gathered<P extends Page> = { pages: P[]; next: P['next'] | { kind: 'broken_off' }; fault?: ConnectorFault }

/**
 * Pages until there are enough for a commit, or the list ends. When it expires or fails on the way, what came before is
 * to be committed first: an expired one says so again when it is asked again, a `fault` must not be asked again at once.
 */
export const gatherPages = async <P extends Page>(
  read: (cursor: string | undefined) => Promise<P | { kind: 'expired' }>,
  from: string | undefined,
  pageCountMax: number,
): Promise<'expired' | Gathered<P>> => {
  const pages: P[] = []
  let cursor = from
  for (;;) {
    const last = pages.at(-1)
    const page = await read(cursor).catch((error: unknown) => {
      if (last !== undefined && error instanceof ConnectorFault) return error
      throw error
    })
    if (page instanceof ConnectorFault) return { pages, next: last?.next ?? { kind: 'broken_off' }, fault: page }
    if (page.kind === 'expired') return last === undefined ? 'expired' : { pages, next: last.next }
    pages.push(page)
    if (page.next.kind !== 'more' || pages.length >= pageCountMax) return { pages, next: page.next }
    cursor = page.next.cursor
  }
}
