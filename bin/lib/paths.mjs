import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

/** The repository's folder, wherever a command was called from. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '')

/** Everything a command leaves behind locally: data, logs, bundles. Never committed; deleting it loses only demo data. */
export const stateRoot = join(root, '.portico')

/** @param {string[]} parts */
export function inRoot(...parts) {
  return join(root, ...parts)
}
