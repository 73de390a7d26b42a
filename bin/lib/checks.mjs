import { checkContract } from './contract.mjs'
import { allBreaches } from './import-laws.mjs'
import { lockBreaches } from './lock.mjs'
import { allMigrationBreaches } from './migration-rules.mjs'
import { runNode, tool } from './tool.mjs'
import { complain, faint, green, say, seconds } from './words.mjs'

/**
 * What `npm run check` holds the repository to. Each returns what is wrong, as text for a reader; nothing means all is well.
 * @type {[name: string, check: () => Promise<string>][]}
 */
const checks = [
  ['Format', () => said(tool('oxfmt'), ['--list-different'], 'Run npm run format.')],
  ['Lint', () => said(tool('oxlint'), ['--deny-warnings'])],
  ['Types', () => said(tool('typescript', 'tsc'), ['-b', '--pretty', 'false'])],
  ['Contract', checkContract],
  ['Import laws', async () => allBreaches().join('\n')],
  ['Migration rules', async () => allMigrationBreaches().join('\n')],
  ['Lock file', async () => lockBreaches().join('\n')],
]

/**
 * Runs every check at once and prints them as they finish.
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runChecks() {
  const results = await Promise.all(
    checks.map(async ([name, check]) => {
      const startedAt = Date.now()
      const problem = await check().catch((error) => (error instanceof Error ? error.message : String(error)))
      const time = faint(seconds(Date.now() - startedAt))
      if (problem === '') say(`${green('✓')} ${name} ${time}`)
      else complain(`${name} ${time}\n${problem.trim().replaceAll(/^/gm, '    ')}`)
      return problem === ''
    }),
  )
  const passed = results.filter(Boolean).length
  return { passed, failed: results.length - passed, skipped: 0 }
}

/**
 * @param {string} script
 * @param {string[]} args
 * @param {string} [advice]
 */
async function said(script, args, advice) {
  const { code, output } = await runNode(script, args)
  if (code === 0) return ''
  return [output.trim() || `ended with code ${code}`, ...(advice === undefined ? [] : [advice])].join('\n')
}
