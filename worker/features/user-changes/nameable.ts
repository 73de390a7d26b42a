import type { UserChangeKind } from '../../../db/shard/schema.ts'
import type { PortalPerson } from '../../http/app.ts'
import { shows } from '../../tenancy/shown-directory.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'

/** What somebody may read of a change beside that it happened. */
export type Nameable = { name: (kind: UserChangeKind) => boolean; detail: boolean }

/** Staff read everything. */
export const everythingNamed: Nameable = { name: () => true, detail: true }

/**
 * A change names somebody as far as the directory would show the same of them: whoever sees no directory learns how many, and
 * who is blocked is named where the directory shows it. Who holds licences is no affair of the directory's attributes: whoever
 * reads of them at all may see the holders. A detail may be a job title or a department, and does not say which.
 */
export const nameableIn = (directory: ShownDirectory, mayReadDirectory: boolean): Nameable => {
  const isShown = directory.isShown && mayReadDirectory
  const shown = { ...directory, isShown }
  const names: Record<UserChangeKind, boolean> = {
    joined: isShown,
    left: isShown,
    blocked: shows(shown, 'signInAllowed'),
    unblocked: shows(shown, 'signInAllowed'),
    licence_given: isShown,
    licence_taken: isShown,
  }
  return { name: (kind) => names[kind], detail: shows(shown, 'jobTitle') && shows(shown, 'department') }
}

/** What one of a portal's people may read. */
export const namedTo = ({ directory, permissions }: Pick<PortalPerson, 'directory' | 'permissions'>): Nameable =>
  nameableIn(directory, permissions.has('portal.directory'))

type Change = { kind: UserChangeKind; name: string; detail: string | null }

/** Of a change what may be read of it; null is what is not told. */
export const toldOf = ({ kind, name, detail }: Change, nameable: Nameable) =>
  nameable.name(kind) ? { name, detail: nameable.detail ? detail : null } : { name: null, detail: null }
