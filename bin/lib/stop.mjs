/**
 * Calls `stop` once, on whatever asks this process to end: Ctrl-C, a signal, or the death of the process that started it.
 * A second Ctrl-C, at least a second after the first, does not wait any longer; the gap is there because one Ctrl-C
 * reaches us twice when an older Node started us (from the terminal, and passed on by it).
 * @param {(reason: string) => Promise<void>} stop
 */
export function onStop(stop) {
  let askedAt = 0
  const ask = (/** @type {string} */ reason) => {
    if (askedAt !== 0) {
      if (reason === 'SIGINT' && Date.now() - askedAt > 1000) process.exit(130)
      return
    }
    askedAt = Date.now()
    stop(reason).then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => ask(signal))
  if (process.channel !== undefined) {
    process.on('disconnect', () => ask('disconnect'))
    process.channel?.unref()
  }
}
