import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inRoot } from './paths.mjs'
import { Refusal, step } from './words.mjs'

/** SQLite in workerd takes 100,000 bytes at a time. */
const textLengthMax = 50_000

/** @typedef {{ database: import('./migrations.mjs').DatabaseName, sql: string }} SeedStatement */

/**
 * Plants the demo cast where no MSP lives yet. While it runs, the file `seeding` stands in the state folder: a run that finds it
 * starts over with empty databases, because half a cast is worse than none.
 * @param {{ database: import('./system.mjs').System['database'], folder: string, quiet: boolean, portalSuffix: string, tokenKey: string }} options
 */
export async function plantSeed({ database, folder, quiet, portalSuffix, tokenKey }) {
  if (!(await isEmpty(database))) return
  const file = inRoot('db', 'seed', 'seed.ts')
  if (!existsSync(file)) throw new Refusal('db/seed/seed.ts is missing, so there is no demo cast to plant.')
  /** @type {{ seedStatements: (options: { now: Date, portalSuffix: string, ticketRules: object, requestRules: object }) => Promise<SeedStatement[]> }} */
  const { seedStatements } = await import(pathToFileURL(file).href)
  const marker = join(folder, 'seeding')
  writeFileSync(marker, '')
  await step(
    'Demo cast planted',
    async () => {
      for (const batch of inBatches(
        await seedStatements({
          now: new Date(),
          portalSuffix,
          ticketRules: await ticketRules(tokenKey),
          requestRules: await requestRules(),
        }),
      )) {
        const target = await database(batch.database)
        await target.batch([target.prepare(batch.sql)])
      }
    },
    { quiet },
  )
  rmSync(marker)
}

/**
 * How tickets stand by the Worker's own rules, and where answers to their mails go.
 * @param {string} tokenKey
 */
async function ticketRules(tokenKey) {
  const read = (/** @type {string} */ name) =>
    import(pathToFileURL(inRoot('worker', 'features', 'tickets', `${name}.ts`)).href)
  const [standing, settings, replies] = await Promise.all([read('standing'), read('settings'), read('reply-address')])
  const { usualSettings, targetsOf } = settings
  return {
    beginning: (/** @type {string} */ priority, /** @type {number} */ at) =>
      standing.standingOfNew(priority, targetsOf(usualSettings, priority), at),
    after: (
      /** @type {{ priority: string }} */ before,
      /** @type {{ does: string }} */ deed,
      /** @type {number} */ at,
    ) =>
      standing.standingAfter(before, {
        ...standing.stateAfter(before, deed, at),
        at,
        answers: deed.does === 'answer',
        targets: targetsOf(usualSettings, before.priority),
        reopenDays: usualSettings.reopenDays,
      }),
    replyHashOf: (/** @type {string} */ mspId, /** @type {string} */ ticketId) =>
      replies.replyHashOf({ TOKEN_KEY: tokenKey }, mspId, ticketId),
  }
}

/** What requests are called, what is done for them and how long they wait, by the Worker's own rules. */
async function requestRules() {
  const read = (/** @type {string} */ name) =>
    import(pathToFileURL(inRoot('worker', 'features', 'requests', `${name}.ts`)).href)
  const [forms, summary, standing, text, policy] = await Promise.all([
    read('forms/any-form'),
    read('forms/summary'),
    read('standing'),
    read('request-text'),
    import(pathToFileURL(inRoot('worker', 'tenancy', 'policy.ts')).href),
  ])
  return {
    subjectOf: summary.subjectOf,
    stepsOf: (/** @type {{ type: string }} */ details) => forms.formOf(details.type).stepsOf(details),
    textOf: text.inText,
    waitingFrom: (/** @type {number} */ at) => standing.waitingFrom(at, policy.usualPolicy.waitDays),
  }
}

/** @param {import('./system.mjs').System['database']} database */
async function isEmpty(database) {
  const directory = await database('DIRECTORY')
  const { results } = await directory.prepare('select 1 from msp_places limit 1').all()
  return results.length === 0
}

/**
 * The statements in their order, as few texts as may be: Miniflare blocks for each one that is prepared. A text is cut where the
 * database changes or it grows too long.
 * @param {SeedStatement[]} statements
 */
export function inBatches(statements) {
  /** @type {SeedStatement[]} */
  const batches = []
  for (const { database, sql } of statements) {
    const last = batches.at(-1)
    if (last?.database === database && last.sql.length + sql.length < textLengthMax) last.sql += `;\n${sql}`
    else batches.push({ database, sql })
  }
  return batches
}
