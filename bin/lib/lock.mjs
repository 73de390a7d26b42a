import { readFileSync } from 'node:fs'
import { inRoot } from './paths.mjs'

/** @typedef {Record<string, Partial<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>>>} Packages */

/**
 * Platform packages that the lock file leaves out. A locked install refuses such a file, and npm leaves them out by itself
 * when a registry lacks the build of some other system at that version.
 * @param {Packages} packages the lock file's own
 */
export function gapsIn(packages) {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter(([name]) => !resolves(packages, path, name))
      .map(
        ([name, version]) =>
          `package-lock.json lacks ${name}@${version}, which ${path === '' ? 'package.json' : path} wants.`,
      ),
  )
}

export function lockBreaches() {
  /** @type {{ packages: Packages }} */
  const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'))
  /** @type {Packages[string]} */
  const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  const stale = /** @type {const} */ (['dependencies', 'devDependencies', 'optionalDependencies'])
    .filter((kind) => JSON.stringify(sorted(manifest[kind])) !== JSON.stringify(sorted(lock.packages['']?.[kind])))
    .map((kind) => `package.json and package-lock.json disagree about ${kind}. Run npm install.`)
  return [...stale, ...gapsIn(lock.packages)]
}

/** @param {Record<string, string>} [entries] */
function sorted(entries = {}) {
  return Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * @param {Packages} packages
 * @param {string} from
 * @param {string} name
 * @returns {boolean}
 */
function resolves(packages, from, name) {
  if (packages[from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`] !== undefined) return true
  if (from === '') return false
  const parent = from.includes('/node_modules/') ? from.slice(0, from.lastIndexOf('/node_modules/')) : ''
  return resolves(packages, parent, name)
}
