// npm run dev: like npm start, and rebuilds what changes. The same options.
import { ready } from './lib/ready.mjs'

await ready()
const { run } = await import('./lib/start.mjs')
await run({ watch: true })
