// Arrows point one way: index → app → surfaces → features → { http, tenancy, jobs, connectors } → db. The web knows the server only through
// the generated types. A linter's path patterns cannot say this (they see `../../x`, not where it leads), so it is said here.
// Type-only imports obey the same laws: a type that travels upwards is the same knot.
import { readFileSync } from 'node:fs'
import { posix, relative } from 'node:path'
import { inRoot, root } from './paths.mjs'
import { filesUnder } from './stamp.mjs'

const sourceFolders = ['worker', 'db', 'web', 'sandbox', 'e2e', 'bench']

/**
 * @typedef {object} Law
 * @property {string} says what the reader is told
 * @property {(importer: string, imported: string, isLater: boolean) => boolean} breaks both are paths in the repository, or a
 *   package's name; it is later where it is loaded by import(), when it is first needed
 */

/** @param {string} path */
const isTest = (path) => /\.(test|spec)\.[a-z]+$/.test(path) || path.startsWith('worker/test/')

/** @param {string} path */
const featureOf = (path) => /^worker\/features\/([^/]+)\//.exec(path)?.[1] ?? null

/**
 * @param {string} path
 * @param {string[]} folders
 */
const isIn = (path, ...folders) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`))

/** @param {string} path */
const isRoutes = (path) => path.endsWith('.routes.ts')

/** What surfaces are made with. */
const wiring = ['worker/surfaces/surface.ts', 'worker/surfaces/api.ts']

const groundFloor = ['worker/http', 'worker/tenancy', 'worker/jobs', 'worker/connectors']

/** @type {Law[]} */
const laws = [
  {
    says: 'worker/index.ts is the top: only tests and the contract may import it.',
    breaks: (importer, imported) =>
      imported === 'worker/index.ts' && !isTest(importer) && !isIn(importer, 'worker/contract'),
  },
  {
    says: 'worker/app.ts is imported by worker/index.ts and tests alone.',
    breaks: (importer, imported) => imported === 'worker/app.ts' && importer !== 'worker/index.ts' && !isTest(importer),
  },
  {
    // Whatever is imported at once is evaluated when the Worker starts, before anybody is answered.
    says: 'Surfaces, the contract and work.ts are loaded by import() when they are needed, all but the pages; tests and the contract may have them at once.',
    breaks: (importer, imported, isLater) =>
      (isIn(imported, 'worker/surfaces', 'worker/contract') || imported === 'worker/work.ts') &&
      !isIn(importer, 'worker/contract') &&
      !isTest(importer) &&
      !(isLater
        ? ['worker/index.ts', 'worker/app.ts'].includes(importer) || isIn(importer, 'worker/surfaces')
        : (importer === 'worker/app.ts' && [...wiring, 'worker/surfaces/pages.ts'].includes(imported)) ||
          (isIn(importer, 'worker/surfaces') && wiring.includes(imported))),
  },
  {
    says: 'Routes are for surfaces alone; what other features use stands in index.ts, without its routes.',
    breaks: (importer, imported) =>
      featureOf(imported) !== null && isRoutes(imported) && !isIn(importer, 'worker/surfaces') && !isTest(importer),
  },
  {
    says: 'http, tenancy, jobs and connectors know no feature: pass in what they need.',
    breaks: (importer, imported) =>
      isIn(importer, ...groundFloor) && isIn(imported, 'worker/features') && !isTest(importer),
  },
  {
    says: 'A feature is used through its index.ts only.',
    breaks: (importer, imported) => {
      const feature = featureOf(imported)
      return (
        feature !== null &&
        feature !== featureOf(importer) &&
        !(isIn(importer, 'worker/surfaces') && isRoutes(imported)) &&
        !/^worker\/features\/[^/]+\/index\.ts$/.test(imported) &&
        !isTest(importer)
      )
    },
  },
  {
    says: 'worker/test is for tests.',
    breaks: (importer, imported) => isIn(imported, 'worker/test') && !isTest(importer),
  },
  {
    says: 'db is the ground: it imports nothing of ours.',
    breaks: (importer, imported) => isIn(importer, 'db') && isIn(imported, 'worker', 'web', 'sandbox', 'e2e', 'bench'),
  },
  {
    says: 'The Worker never imports the demo seed, the web or the sandbox.',
    breaks: (importer, imported) =>
      isIn(importer, 'worker') && isIn(imported, 'db/seed', 'web', 'sandbox', 'e2e', 'bench'),
  },
  {
    says: 'The web knows the server only through web/api.',
    breaks: (importer, imported) => isIn(importer, 'web') && isIn(imported, 'worker', 'db', 'sandbox', 'e2e', 'bench'),
  },
  {
    says: 'The kit (web/ui) knows no product: nothing of portal, admin or api but the shape of a problem.',
    breaks: (importer, imported) =>
      isIn(importer, 'web/ui') &&
      isIn(imported, 'web/portal', 'web/admin', 'web/api') &&
      imported !== 'web/api/problem.ts',
  },
  {
    says: 'Portal and admin are two products: what they share belongs in web/ui or web/api.',
    breaks: (importer, imported) =>
      (isIn(importer, 'web/portal') && isIn(imported, 'web/admin')) ||
      (isIn(importer, 'web/admin') && isIn(imported, 'web/portal')),
  },
  {
    says: 'The sandbox is the outside world: it shares no code with the product, only the demo cast.',
    breaks: (importer, imported) =>
      isIn(importer, 'sandbox') &&
      (isIn(imported, 'worker', 'web') || (isIn(imported, 'db') && !isIn(imported, 'db/seed'))),
  },
  {
    says: 'Browser tests see what a browser sees: no server or web code.',
    breaks: (importer, imported) =>
      isIn(importer, 'e2e') &&
      (isIn(imported, 'worker', 'web') || (isIn(imported, 'db') && !isIn(imported, 'db/seed'))),
  },
  {
    // The seed only writes SQL down with them; it never holds a connection.
    says: 'Database drivers belong to db/connect.ts, and that of libSQL servers to db/libsql.ts.',
    breaks: (importer, imported) =>
      isIn(importer, 'worker', 'db') &&
      !isIn(importer, 'db/seed') &&
      !['db/connect.ts', 'db/libsql.ts'].includes(importer) &&
      !isTest(importer) &&
      /^(drizzle-orm\/(d1|libsql|sqlite-proxy|bun-sqlite|better-sqlite3|durable-sqlite|node-sqlite)|@libsql\/client)(\/|$)/.test(
        imported,
      ),
  },
]

/** Naming D1's types is as good as holding a database: only where bindings are parsed and connected, and at the directory's one door. */
const d1Types = /\bD1(Database|DatabaseSession|PreparedStatement)\b/
const d1Places = ['db/connect.ts', 'worker/env.ts', 'worker/tenancy/directory.ts']

/**
 * The sentences one file breaks.
 * @param {string} importer its path in the repository
 * @param {string} source
 * @returns {string[]}
 */
export function breachesOf(importer, source) {
  const found = importsIn(source).flatMap(({ specifier, isLater }) => {
    const imported = specifier.startsWith('.') ? posix.join(posix.dirname(importer), specifier) : specifier
    return laws
      .filter((law) => law.breaks(importer, imported, isLater))
      .map((law) => `${importer} imports ${imported}. ${law.says}`)
  })
  if (
    isIn(importer, 'worker', 'db') &&
    !d1Places.includes(importer) &&
    !isTest(importer) &&
    d1Types.test(withoutComments(source))
  ) {
    found.push(`${importer} names a D1 type. Only ${d1Places.join(', ')} may.`)
  }
  return found
}

/** @returns {string[]} every breach in the repository */
export function allBreaches() {
  return sourceFolders.flatMap((folder) =>
    filesUnder(inRoot(folder))
      .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
      .flatMap((file) => breachesOf(relative(root, file).replaceAll('\\', '/'), readFileSync(file, 'utf8'))),
  )
}

/**
 * @param {string} source
 * @returns {{ specifier: string, isLater: boolean }[]} what the file imports, re-exports, or loads later
 */
export function importsIn(source) {
  const patterns = [
    { pattern: /^\s*(?:import|export)\s[^'"`;]*?\sfrom\s*['"]([^'"]+)['"]/gm, isLater: false },
    { pattern: /^\s*import\s*['"]([^'"]+)['"]/gm, isLater: false },
    { pattern: /\bimport\s*\(\s*['"]([^'"]+)['"]/g, isLater: true },
  ]
  const code = withoutComments(source)
  return patterns.flatMap(({ pattern, isLater }) =>
    [...code.matchAll(pattern)].map((match) => ({ specifier: match[1] ?? '', isLater })),
  )
}

/** @param {string} source */
function withoutComments(source) {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
