// npm run deploy: check, build, migrate, deploy, in this order; the first that fails ends it.
import { ready } from './lib/ready.mjs'

await ready()
const { deploy } = await import('./lib/deploy.mjs')
const { command } = await import('./lib/words.mjs')
await command(deploy)
