/**
 * Work that nobody waits for, done one piece at a time between what the browser has to do. Returns what takes it back.
 */
export function whenIdle(work: () => void): () => void {
  waiting.add(work)
  if (!asked) next()
  return () => waiting.delete(work)
}

const waiting = new Set<() => void>()
let asked = false

function next(): void {
  asked = true
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in window) requestIdleCallback(run)
  else setTimeout(run)
}

function run(): void {
  asked = false
  const [work] = waiting
  if (!work) return
  waiting.delete(work)
  work()
  if (waiting.size > 0) next()
}

/** The rest of a long piece of work, once the browser has seen to what came meanwhile. */
export const nextTask = (): Promise<void> => new Promise((go) => setTimeout(go))
