// npm start: the whole product on this machine, with a demo cast and no account anywhere.
//   npm start -- --fresh     forgets the data first
//   npm start -- --verbose   shows what the Worker says (otherwise .portico/logs)
//   PORT, SANDBOX_PORT       move it (8787, 8788)
import { ready } from './lib/ready.mjs'

await ready()
const { run } = await import('./lib/start.mjs')
await run({ watch: false })
