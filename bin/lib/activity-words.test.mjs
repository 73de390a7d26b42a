import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { inRoot, root } from './paths.mjs'
import { filesUnder } from './stamp.mjs'

/** @param {string[]} path @returns {Promise<any>} */
const load = (...path) => import(pathToFileURL(inRoot(...path)).href)

const { sentences } = await load('web', 'words', 'activity.ts')
const { activityKinds } = await load('worker', 'features', 'activity', 'kinds.ts')
const { scopeFor, contactMay } = await load('worker', 'tenancy', 'permissions.ts')
const { usualPolicy } = await load('worker', 'tenancy', 'policy.ts')
const ofContacts = contactMay({ isPortalUser: true, isPortalAdmin: true }, usualPolicy)
const permissions = new Set([...Object.keys(scopeFor), ...ofContacts])
/** A column that a constraint names, and files. */
const others = new Set(['contacts.email', 'staff.email', 'customers.csv', 'portal.html'])

const sources = ['features', 'jobs']
  .flatMap((folder) => filesUnder(inRoot('worker', folder)))
  .filter((file) => file.endsWith('.ts') && !/\.(test|stage)\.ts$/.test(file))
  .map((file) => ({ file: relative(root, file), text: readFileSync(file, 'utf8') }))

/** Every text of the shape `noun.verb` that is neither a permission nor a job's kind: what is left is an action. */
const actions = new Set(
  sources.flatMap(({ text }) => {
    const kinds = new Set([...text.matchAll(/\bkind(?:: string)?(?::| =) '([\w.]+)'/g)].map(([, kind]) => kind))
    return [...text.matchAll(/'([a-z_]+\.[a-z_]+)'/g)]
      .map(([, name = '']) => name)
      .filter((name) => nouns().has(name.split('.')[0] ?? ''))
      .filter((name) => !permissions.has(name) && !kinds.has(name) && !others.has(name))
  }),
)

function nouns() {
  const given = sources.flatMap(({ text }) => [...text.matchAll(/\baction: [^\n]*?'([a-z_]+)\.[a-z_]+'/g)])
  return new Set(given.map(([, noun]) => noun).concat('settings'))
}

/** As the database makes it, in db/shard/work.ts. @param {string} action */
const topicOf = (action) =>
  action.includes('.signed_') ? 'sign_in' : action.startsWith('tenant.sync') ? 'sync' : action.split('.')[0]

test('Actions are found in the source', () => {
  assert.ok(actions.size > 40, [...actions].join(' '))
  for (const known of [
    'customer.restored',
    'settings.mail_changed',
    'contact.accepted_invitation',
    'document.unshared',
  ])
    assert.ok(actions.has(known), known)
})

test('Every action has a sentence in the words of the activity', () => {
  assert.deepEqual([...actions].filter((action) => !(action in sentences)).sort(), [])
})

test('Every action is of a kind that the activity can be filtered by', () => {
  const topics = Object.values(activityKinds).flat()
  assert.deepEqual([...actions].filter((action) => !topics.includes(topicOf(action))).sort(), [])
})

test('No topic is of two kinds', () => {
  const topics = Object.values(activityKinds).flat()
  assert.equal(new Set(topics).size, topics.length)
})
