import { watch } from 'node:fs'
import { buildWeb, bundleWorker } from './build.mjs'
import { migrateAll } from './system.mjs'
import { inRoot, stateRoot } from './paths.mjs'
import { complain, step } from './words.mjs'

/** An editor saves in several strokes; one rebuild is enough. */
const settleMilliseconds = 120

/**
 * Rebuilds what changed: the web, or the Worker with its new migrations. A broken build is told and the old one keeps running.
 * @param {import('./system.mjs').System} system
 */
export function watchSources(system) {
  const web = settled(async () => {
    // The runtime lists the assets once, when it starts.
    if (await step('Web built', buildWeb)) await step('Worker reloaded', system.reload)
  })
  const worker = settled(async () => {
    const isNew = await step('Worker bundled', bundleWorker)
    if (isNew) await step('Worker reloaded', system.reload)
    await migrateAll(system.database, stateRoot)
  })
  const watchers = [
    ...['web'].map((folder) => watch(inRoot(folder), { recursive: true }, web)),
    ...['worker', 'db', 'migrations'].map((folder) => watch(inRoot(folder), { recursive: true }, worker)),
  ]
  return async () => watchers.forEach((watcher) => watcher.close())
}

/**
 * Runs the work once things are quiet; what changes meanwhile runs it once more afterwards.
 * @param {() => Promise<void>} work
 */
function settled(work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  let isWorking = false
  let isDirty = false
  const go = async () => {
    if (isWorking) {
      isDirty = true
      return
    }
    isWorking = true
    do {
      isDirty = false
      await work().catch((error) => complain(error instanceof Error ? error.message : String(error)))
    } while (isDirty)
    isWorking = false
  }
  return () => {
    clearTimeout(timer)
    timer = setTimeout(go, settleMilliseconds)
  }
}
