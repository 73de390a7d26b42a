// npm run check: format, lint, types, contract, import laws, migration rules, lock file. Seconds; nothing is changed.
import { ready } from './lib/ready.mjs'

await ready()
const { runChecks } = await import('./lib/checks.mjs')
const { command } = await import('./lib/words.mjs')
await command(async () => {
  const { failed } = await runChecks()
  if (failed > 0) process.exitCode = 1
})
