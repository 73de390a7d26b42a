// npm test: everything, in an order that fails fast. The last line is `N passed, N failed`.
//   npm test -- --only=workerd,browser   some of: check, workerd, node, conformance, browser; says what was left out
//   npm test -- --only=workerd customers what follows goes to the runner
import { ready } from './lib/ready.mjs'

await ready()
const { runTests } = await import('./lib/test.mjs')
const { command } = await import('./lib/words.mjs')
await command(runTests)
