import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root, stateRoot } from './paths.mjs'

/**
 * One hash over the names and contents of the given files and folders, so that a build runs only when its sources changed.
 * Contents, not times: a fresh clone and a branch switch touch every file.
 * @param {string[]} paths relative to the repository
 * @param {(path: string) => boolean} [wanted]
 */
export function hashOf(paths, wanted = () => true) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap((path) => filesUnder(join(root, path)))) {
    const name = relative(root, file).replaceAll('\\', '/')
    if (wanted(name)) hash.update(name).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

/**
 * Every file under a folder in a stable order, without node_modules and hidden folders.
 * @param {string} path
 * @returns {string[]}
 */
export function filesUnder(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]))
}

/** @param {string} name */
export function readStamp(name) {
  const file = join(stateRoot, `${name}.stamp`)
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

/**
 * @param {string} name
 * @param {string} value
 */
export function writeStamp(name, value) {
  const file = join(stateRoot, `${name}.stamp`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, value)
}
