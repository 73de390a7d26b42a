// The contract: the OpenAPI document the Worker's routes add up to, and the types the web is written against. Both are committed,
// so that a change of the API shows in its diff and a stale copy fails the check.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inRoot, stateRoot } from './paths.mjs'
import { mustRun } from './tool.mjs'
import { Refusal } from './words.mjs'

const emitter = inRoot('worker', 'contract', 'emit.ts')
const documentFile = inRoot('worker', 'contract', 'openapi.json')
const typesFile = inRoot('web', 'api', 'schema.d.ts')

/** Writes both files anew. */
export async function writeContract() {
  const { document, types } = await currentContract()
  writeFileSync(documentFile, document)
  writeFileSync(typesFile, types)
}

/** @returns {Promise<string>} what is stale, or nothing */
export async function checkContract() {
  const { document, types } = await currentContract()
  const stale = [
    ...(contentOf(documentFile) === document ? [] : ['worker/contract/openapi.json']),
    ...(contentOf(typesFile) === types ? [] : ['web/api/schema.d.ts']),
  ]
  return stale.length === 0 ? '' : `${stale.join(' and ')} no longer says what the routes do. Run npm run contract.`
}

/** @returns {Promise<{ document: string, types: string }>} */
async function currentContract() {
  if (!existsSync(emitter)) throw new Refusal('worker/contract/emit.ts is missing, so there is no contract.')
  /** @type {{ emitContract: () => string }} */
  const { emitContract } = await import(pathToFileURL(emitter).href)
  const document = emitContract()

  const folder = join(stateRoot, 'contract')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'openapi.json'), document)
  // It lives in web/api, beside the older TypeScript it needs; npm may put it there or further up.
  const generator = join(
    dirname(createRequire(inRoot('web', 'api', 'package.json')).resolve('openapi-typescript/package.json')),
    'bin',
    'cli.js',
  )
  await mustRun('Generating the types of the contract', generator, [
    join(folder, 'openapi.json'),
    '--output',
    join(folder, 'schema.d.ts'),
  ])
  return { document, types: readFileSync(join(folder, 'schema.d.ts'), 'utf8') }
}

/** @param {string} file */
function contentOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : ''
}
