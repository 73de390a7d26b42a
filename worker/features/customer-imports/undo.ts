import type { FileRow } from './imports.schema.ts'

/** How long an import can be undone (product.md, decision 12). */
export const UNDO_MS = 7 * 24 * 3_600_000

export type Written = Pick<FileRow, 'decision' | 'writtenVersion'>
export type Undoing = { kind: 'removed' | 'restored' } | { kind: 'left'; reason: string }

/**
 * What undoing does with one customer that an import wrote: only one unchanged since is touched, and a created one is
 * removed only while there is nothing below it. `below` are words for what there is.
 */
export const undoingOf = (written: Written, now: { version: number } | undefined, below: string[]): Undoing => {
  if (now === undefined) return { kind: 'left', reason: 'It was deleted or merged into another customer.' }
  if (now.version !== written.writtenVersion) return { kind: 'left', reason: 'It was changed after the import.' }
  if (written.decision !== 'create') return { kind: 'restored' }
  if (below.length > 0) return { kind: 'left', reason: `It has ${below.join(', ')} by now.` }
  return { kind: 'removed' }
}
